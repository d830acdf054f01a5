//! Volumes of containers that move to another storage.

use schema::{StorageId, Vmid};
use serde_json::json;
use storage::{Content, CopyWish, Format, Pace, VolumeId};

use super::{
    clone::moved,
    cts::{Ct, Cts},
    destroy::volumes,
    error::CtError,
    points::keep,
};
use crate::{
    config_file::GuestFile,
    qemu::progress::{Progress, show},
    snapshot,
};

/// A wish for a move.
#[derive(Debug, Clone)]
pub struct MoveWish {
    /// The option: `rootfs` or `mp0`, ….
    pub volume: String,
    /// Where to.
    pub storage: StorageId,
    /// Free the old volume instead of keeping it as unused.
    pub delete: bool,
    /// Limit, KiB a second.
    pub limit: Option<u64>,
    /// SHA-1 of the configuration that the caller has seen.
    pub digest: Option<String>,
}

/// The volume that an option mounts.
pub(super) fn mounted(ct: &Ct, key: &str) -> Result<VolumeId, CtError> {
    let found = snapshot::volumes(ct.file.dialect, &ct.file.main).into_iter().find(|attached| attached.key == key);
    let found = found.ok_or_else(|| CtError::parameter("volume", format!("the container has no volume '{key}'")))?;
    found.volume.parse().map_err(|_| {
        CtError::parameter("volume", format!("'{}' is no volume of a storage: it cannot be moved", found.volume))
    })
}

/// Whether a kept state of a container needs a volume.
pub(super) fn in_snapshot(file: &GuestFile, id: &VolumeId) -> bool {
    let mut kept = file.clone();
    (kept.main, kept.pending) = Default::default();
    volumes(&kept).contains(id)
}

impl Cts {
    /// Checks a move as far as that is possible without doing anything, and tells the storage that the volume lies on.
    ///
    /// # Errors
    /// When there is no such volume, it cannot be moved so, the container runs or is locked, or the storage does not take
    /// it.
    pub fn check_move(&self, vmid: Vmid, wish: &MoveWish) -> Result<StorageId, CtError> {
        self.planned(vmid, wish).map(|(source, _)| source.storage)
    }

    fn planned(&self, vmid: Vmid, wish: &MoveWish) -> Result<(VolumeId, Format), CtError> {
        let ct = self.get(vmid)?;
        if wish.digest.as_ref().is_some_and(|digest| *digest != ct.digest) {
            return Err(CtError::Digest);
        }
        ct.check_lock(false)?;
        if self.running(vmid).is_some() {
            return Err(CtError::Plan("cannot move volumes of a running container - stop it first".to_owned()));
        }
        if ct.config.template == Some(true) {
            return Err(CtError::parameter("volume", "the volumes of a template cannot be changed - clone it"));
        }
        let source = mounted(&ct, &wish.volume)?;
        if source.storage == wish.storage {
            return Err(CtError::parameter("storage", "you can't move to the same storage"));
        }
        if wish.delete && in_snapshot(&ct.file, &source) {
            let why = "you can't move a volume with snapshot and delete the source - delete the snapshots first";
            return Err(CtError::parameter("delete", why));
        }
        let format = self.inner.storages.volume(&source)?.format;
        let format: Format = format.parse().map_err(|why: String| CtError::parameter("volume", why))?;
        let config = self.inner.storages.usable_for(&wish.storage, Content::Rootdir);
        let config = config.map_err(|err| CtError::parameter("storage", err.to_string()))?;
        if !storage::plugin::of(&config)?.abilities(&config).formats.contains(&format) {
            let why = format!("storage '{}' takes no volumes of format '{format}', which '{source}' has", wish.storage);
            return Err(CtError::parameter("storage", why));
        }
        Ok((source, format))
    }

    /// Moves a volume of a container that does not run. When a step fails or the task is stopped, undoing the noted
    /// records leaves all as it was.
    ///
    /// # Errors
    /// As [`Cts::check_move`], when a storage refuses, or the task is stopped.
    pub async fn move_volume(&self, progress: &dyn Progress, vmid: Vmid, wish: &MoveWish) -> Result<(), CtError> {
        let _turn = self.turn(vmid).await?;
        let (source, format) = self.planned(vmid, wish)?;
        let storages = &self.inner.storages;
        let config = storages.usable_for(&wish.storage, Content::Rootdir)?;
        let name = storages.next_name(&wish.storage, vmid, format).await?;
        let id = VolumeId::new(&wish.storage, storage::plugin::of(&config)?.volname(vmid, &name));
        let record = json!({ "lxc": "volume", "volume": id.to_string() });
        progress.undo(record).await.map_err(CtError::Journal)?;
        progress.log(&format!("{}: moving '{source}' to '{id}'", wish.volume));
        let (pace, target) = (Pace { limit: wish.limit, in_use: false }, &wish.storage);
        let copy = CopyWish { source: &source, snapshot: None, target, vmid, format, name: &name, pace };
        // Dropping the copy ends its program.
        tokio::select! {
            copied = storages.copy_volume(copy, show(progress, &wish.volume)) => drop(copied?),
            () = progress.cancelled() => return Err(CtError::Cancelled),
        }
        let (mut freed, owned) = (false, self.inner.owns(vmid, &source));
        self.inner
            .edit(vmid, |ct, file| {
                if mounted(ct, &wish.volume)? != source {
                    return Err(CtError::Plan(format!("'{}' was changed meanwhile", wish.volume)));
                }
                let value = file.main.get(&wish.volume).unwrap_or_default().to_owned();
                file.main.set(&wish.volume, &moved(&wish.volume, &value, &id)?);
                freed = wish.delete && owned && !volumes(file).contains(&source);
                if freed || !owned || volumes(file).contains(&source) { Ok(()) } else { keep(file, &source) }
            })
            .await?;
        if freed && let Err(err) = storages.free(&source).await {
            // The container has the new one; the old one can be removed later.
            progress.warn(&format!("'{source}' could not be removed: {err}"));
            self.inner.edit(vmid, |_, file| keep(file, &source)).await?;
        }
        Ok(())
    }
}
