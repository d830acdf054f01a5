//! Template volumes, and what is linked to them.

use schema::{StorageId, Vmid};

use crate::plugin::{NewVolume, SnapshotChange};
use crate::storages::full_name;
use crate::{Content, Format, StorageError, Storages, VolumeId, plugin};

impl Storages {
    /// Turns a guest's volume into a template volume, under another name. Containers' directories keep theirs.
    ///
    /// # Errors
    /// When it is one already, or depends on what its name does not tell.
    pub async fn make_base(&self, id: &VolumeId) -> Result<VolumeId, StorageError> {
        let (config, plugin, volume) = self.parts(id)?;
        let _lock = self.lock(&id.storage).await?;
        let name = plugin.make_base(&config, &volume).await.map_err(|error| full_name(error, id))?;
        Ok(VolumeId::new(&id.storage, name))
    }

    /// Makes a template volume what it was before, and answers the ID that it has again; one that is not there any more
    /// is fine.
    ///
    /// # Errors
    /// When linked clones of it exist.
    pub async fn unmake_base(&self, id: &VolumeId) -> Result<VolumeId, StorageError> {
        let (config, plugin, volume) = self.parts(id)?;
        let _lock = self.lock(&id.storage).await?;
        Ok(VolumeId::new(&id.storage, plugin.unmake_base(&config, &volume).await?))
    }

    /// Gives a volume that no program uses to another guest, under a file name that is free there (see
    /// [`Self::next_name`]). Answers its new ID.
    ///
    /// # Errors
    /// When it is a template volume, is not there, or the name is taken.
    pub async fn rename(&self, id: &VolumeId, vmid: Vmid, name: &str) -> Result<VolumeId, StorageError> {
        let (config, plugin, volume) = self.parts(id)?;
        let _lock = self.lock(&id.storage).await?;
        let named = plugin.rename(&config, &volume, (vmid, name)).await.map_err(|error| full_name(error, id))?;
        Ok(VolumeId::new(&id.storage, named))
    }

    /// The ID that [`Self::rename`] will answer.
    ///
    /// # Errors
    /// When no volume can have this name.
    pub fn renamed(&self, id: &VolumeId, vmid: Vmid, name: &str) -> Result<VolumeId, StorageError> {
        let (_, plugin, volume) = self.parts(id)?;
        let own = plugin.volname(vmid, name);
        let kept = id.volname.strip_suffix(&plugin.volname(volume.owner.unwrap_or(vmid), &volume.name));
        Ok(VolumeId::new(&id.storage, format!("{}{own}", kept.unwrap_or_default())))
    }

    /// The ID that [`Self::make_base`] will answer.
    ///
    /// # Errors
    /// When no volume can have this name.
    pub fn base_name(&self, id: &VolumeId) -> Result<VolumeId, StorageError> {
        let volume = self.volume(id)?;
        let file = |name: &str| id.volname.strip_suffix(&volume.name).map(|before| format!("{before}{name}"));
        let disk = volume.format != "subvol" && volume.content == Content::Images;
        let name = volume.name.strip_prefix("vm-").filter(|_| disk).map(|rest| format!("base-{rest}"));
        let volname = name.and_then(|name| file(&name)).unwrap_or_else(|| id.volname.clone());
        Ok(VolumeId::new(&id.storage, volname))
    }

    /// Whether a volume can have snapshots.
    ///
    /// # Errors
    /// When no volume can have this name.
    pub fn has_snapshots(&self, id: &VolumeId) -> Result<bool, StorageError> {
        let (config, plugin, volume) = self.parts(id)?;
        let format = volume.format.parse::<Format>().ok();
        Ok(!volume.is_base && format.is_some_and(|format| plugin.abilities(&config).snapshot.contains(&format)))
    }

    /// Whether the snapshots of a volume lie inside of it, so that the program that has it open must make them.
    ///
    /// # Errors
    /// When no volume can have this name.
    pub fn snapshots_inside(&self, id: &VolumeId) -> Result<bool, StorageError> {
        let (config, plugin, volume) = self.parts(id)?;
        let format = volume.format.parse::<Format>().ok();
        Ok(format.is_some_and(|format| plugin.abilities(&config).internal.contains(&format)))
    }

    /// The names of the snapshots of a volume that no program uses.
    ///
    /// # Errors
    /// When it is not there or not readable.
    pub async fn snapshots(&self, id: &VolumeId) -> Result<Vec<String>, StorageError> {
        let (config, plugin, volume) = self.parts(id)?;
        plugin.snapshots(&config, &volume).await.map_err(|error| full_name(error, id))
    }

    /// Makes, applies or deletes a snapshot of a volume. No program may use it while a snapshot is applied, and not at all
    /// where [`Self::snapshots_inside`]. Deleting one that is not there is fine.
    ///
    /// # Errors
    /// When its format has none, it has it already or has it not, or the medium fails.
    pub async fn snapshot(&self, id: &VolumeId, name: &str, change: SnapshotChange) -> Result<(), StorageError> {
        let (config, plugin, volume) = self.parts(id)?;
        let done = plugin.snapshot(&config, &volume, name, change).await;
        done.map_err(|error| full_name(error, id).explain_full(&id.storage, id))
    }

    /// Refuses when linked clones of a template volume exist. Other volumes have none.
    ///
    /// # Errors
    /// That, naming one of them.
    pub async fn check_unlinked(&self, id: &VolumeId) -> Result<(), StorageError> {
        let (config, plugin, volume) = self.parts(id)?;
        plugin.check_unlinked(&config, &volume).await
    }

    /// The format of the volume that [`Self::link`] makes.
    ///
    /// # Errors
    /// When the base cannot be one.
    pub fn link_format(&self, base: &VolumeId) -> Result<Format, StorageError> {
        let (_, plugin, volume) = self.parts(base)?;
        Ok(plugin.link_format(&volume))
    }

    /// Whether linked clones can be made of a template volume.
    ///
    /// # Errors
    /// When no volume can have this name.
    pub fn can_link(&self, base: &VolumeId) -> Result<bool, StorageError> {
        let (config, plugin, volume) = self.parts(base)?;
        let format = volume.format.parse::<Format>().ok();
        Ok(format.is_some_and(|format| plugin.abilities(&config).clone.contains(&format)))
    }

    /// The ID of the volume that [`Self::link`] makes.
    ///
    /// # Errors
    /// When the base cannot be one.
    pub fn link_name(&self, base: &VolumeId, vmid: Vmid, name: &str) -> Result<VolumeId, StorageError> {
        let (_, plugin, volume) = self.parts(base)?;
        Ok(VolumeId::new(&base.storage, plugin.link_name(&volume, vmid, name)))
    }

    /// A guest's volume of that name that begins as a template volume's content and keeps only what differs.
    ///
    /// # Errors
    /// When the base is no template volume, the name is taken or the medium is full. Nothing is left then.
    pub async fn link(&self, base: &VolumeId, vmid: Vmid, name: &str) -> Result<VolumeId, StorageError> {
        let (config, plugin, volume) = self.parts(base)?;
        let id = self.link_name(base, vmid, name)?;
        // Nobody removes the base from here on.
        let _lock = self.lock(&base.storage).await?;
        let new = NewVolume { vmid, name: name.to_owned(), format: plugin.link_format(&volume), size: 0 };
        let made = plugin.link(&config, &volume, &new).await;
        made.map_err(|error| full_name(error, &id).explain_full(&base.storage, &id))?;
        Ok(id)
    }

    /// The name that a guest's next volume on a storage will have.
    ///
    /// # Errors
    /// When the storage cannot be used or the guest has too many volumes there.
    pub async fn next_name(&self, storage: &StorageId, vmid: Vmid, format: Format) -> Result<String, StorageError> {
        let config = self.usable(storage)?;
        let plugin = plugin::of(&config)?;
        plugin.activate(&config).await?;
        let stem = crate::storages::next_stem(&plugin.names(&config, vmid).await?, vmid, format)?;
        Ok(plugin.file_name(&stem, format))
    }

    /// The file name of a volume whose name without an ending is `stem`: `vm-100-cloudinit`.
    ///
    /// # Errors
    /// When the storage cannot be used.
    pub fn file_name(&self, storage: &StorageId, stem: &str, format: Format) -> Result<String, StorageError> {
        Ok(plugin::of(&*self.usable(storage)?)?.file_name(stem, format))
    }
}
