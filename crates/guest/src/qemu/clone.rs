//! Copies of VMs: whole ones, and linked clones of templates.

use schema::{StorageId, Vmid};
use serde_json::json;
use storage::{CopyWish, Format, Pace, Storages, VolumeId};

use super::{
    cloudinit,
    cmdline::{Bus, DriveId, TPM_STATE},
    config::device::NetDevice,
    create::uuid,
    disk::{Mirror, mirror_record, target_format},
    error::VmError,
    pending::{is_cdrom, volume, with_file},
    progress::{Progress, show},
    running::Running,
    vms::{Vm, Vms},
    volumes,
};
use crate::config_file::{Dialect, GuestFile, Section};

/// A wish for a copy.
#[derive(Debug, Clone)]
pub struct CloneWish {
    /// ID of the copy.
    pub newid: Vmid,
    /// Copy all disks, instead of standing on those of the template; for templates not, if nothing is said.
    pub full: Option<bool>,
    /// Its name.
    pub name: Option<String>,
    /// Its notes; those of the original if not given.
    pub description: Option<String>,
    /// Storage of the copied disks; each its own if not given.
    pub storage: Option<StorageId>,
    /// Format of the copied disks; each its own if not given.
    pub format: Option<Format>,
    /// Copy the state that this snapshot kept.
    pub snapname: Option<String>,
    /// Limit, KiB a second.
    pub limit: Option<u64>,
}

/// How a drive of the copy comes to be.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Way {
    /// As it is: a CD-ROM.
    Keep,
    /// On top of the template's volume.
    Link(VolumeId),
    /// A volume of its own with the same content.
    Copy(VolumeId),
    /// A new volume on this storage, for a cloud-init CD, which tells who the copy is.
    Seed(StorageId),
}

/// A drive of the original and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Planned {
    key: String,
    value: String,
    way: Way,
}

/// Options of one VM that its copy does not have.
const NOT_COPIED: &[&str] = &[
    "template",
    "lock",
    "parent",
    "snaptime",
    "snapstate",
    "vmstate",
    "runningmachine",
    "runningcpu",
    "running-nets-host-mtu",
];

/// Longest part of a host name.
const LABEL: usize = 63;

/// The options that are copied, with the identity of the original still in them, without drives.
fn options(section: &Section, vmid: Vmid, wish: &CloneWish) -> Section {
    let copied = section.iter().filter(|(key, _)| !NOT_COPIED.contains(key) && DriveId::parse(key).is_none());
    let mut options: Section = copied.collect();
    let name = wish.name.clone().unwrap_or_else(|| {
        let name = format!("Copy-of-VM-{}", section.get("name").map_or_else(|| vmid.to_string(), str::to_owned));
        let (label, rest) = name.split_at(name.find('.').unwrap_or(name.len()).min(LABEL));
        format!("{label}{}", rest.find('.').map_or("", |dot| &rest[dot..]))
    });
    options.set("name", &name);
    if let Some(description) = &wish.description {
        options.set("description", description);
    }
    options
}

/// What becomes of each drive.
fn drives(vm: &Vm, section: &Section, wish: &CloneWish, storages: &Storages) -> Result<Vec<Planned>, VmError> {
    let full = wish.full.unwrap_or(!vm.is_template());
    let named = section.iter().filter_map(|(key, value)| Some((DriveId::parse(key)?, key, value)));
    let mut planned = Vec::new();
    for (drive, key, value) in named.filter(|(drive, ..)| drive.bus != Bus::Unused) {
        let own = volume(value).map(|text| text.parse::<VolumeId>()).transpose().map_err(VmError::Volume)?;
        let way = match own {
            Some(id) if cloudinit::is_volume(&id.to_string()) => Way::Seed(wish.storage.clone().unwrap_or(id.storage)),
            _ if is_cdrom(value) => Way::Keep,
            None => {
                let why = format!("unable to clone drive '{key}' - it is no volume of a storage; remove it first");
                return Err(VmError::Volume(why));
            }
            // What is secret to one guest must not become another's as the writable top of a shared file.
            Some(id) if full || drive.bus == Bus::Tpmstate => Way::Copy(id),
            Some(id) => {
                let base = storages.volume(&id).map_err(|err| VmError::Volume(err.to_string()))?.is_base;
                if !base {
                    let why = format!(
                        "Linked clone feature is not available for drive '{drive}' ('{id}'): only template disks have it - \
                         use 'full' to copy everything"
                    );
                    return Err(VmError::parameter("full", why));
                }
                Way::Link(id)
            }
        };
        planned.push(Planned { key: key.to_owned(), value: value.to_owned(), way });
    }
    if !full {
        let odd = [("storage", wish.storage.is_some()), ("format", wish.format.is_some())];
        if let Some((name, _)) = odd.iter().find(|(_, given)| *given) {
            return Err(VmError::parameter(name, format!("parameter '{name}' not allowed for linked clones")));
        }
        if wish.snapname.is_some() {
            return Err(VmError::parameter("snapname", "linked clones of snapshots are not possible"));
        }
    }
    Ok(planned)
}

/// Replaces the identity in `smbios1`.
fn with_uuid(smbios: Option<&str>, uuid: &str) -> String {
    let rest = smbios.into_iter().flat_map(|text| text.split(',')).filter(|part| !part.starts_with("uuid="));
    std::iter::once(format!("uuid={uuid}")).chain(rest.map(str::to_owned)).collect::<Vec<_>>().join(",")
}

impl Vms {
    /// Checks a wish as far as that is possible without doing anything, and tells the storages that it will use.
    ///
    /// # Errors
    /// When the original is locked or runs, the ID is taken, or a drive cannot be copied so.
    pub fn check_clone(&self, vmid: Vmid, wish: &CloneWish) -> Result<Vec<StorageId>, VmError> {
        let (_, planned) = self.planned(vmid, wish)?;
        let targets = planned.into_iter().filter_map(|drive| match drive.way {
            Way::Keep => None,
            Way::Link(base) => Some(base.storage),
            Way::Seed(storage) => Some(storage),
            Way::Copy(source) => Some(wish.storage.clone().unwrap_or(source.storage)),
        });
        Ok(targets.collect())
    }

    /// Whether linked clones of a VM can be made.
    ///
    /// # Errors
    /// When there is no such VM on this node.
    pub fn can_link(&self, vmid: Vmid) -> Result<bool, VmError> {
        let vm = self.get(vmid)?;
        let own = vm.file.main.iter().filter(|(key, value)| {
            DriveId::parse(key).is_some_and(|drive| drive.bus != Bus::Unused) && !is_cdrom(value)
        });
        let base = |value: &str| {
            let id = volume(value)?.parse::<VolumeId>().ok()?;
            Some(self.inner.storages.volume(&id).ok()?.is_base)
        };
        Ok(vm.is_template() && own.into_iter().all(|(_, value)| base(value) == Some(true)))
    }

    /// The new configuration without drives, and what becomes of the drives.
    fn planned(&self, vmid: Vmid, wish: &CloneWish) -> Result<(Section, Vec<Planned>), VmError> {
        let vm = self.get(vmid)?;
        vm.check_lock(false)?;
        if let Some((node, kind)) = store::guests::find_guest(&self.inner.store.tree(), wish.newid) {
            let (newid, label) = (wish.newid, kind.label());
            let why = format!("unable to create VM {newid} - {label} {newid} already exists on node '{node}'");
            return Err(VmError::Volume(why));
        }
        let section = match &wish.snapname {
            None => &vm.file.main,
            Some(name) => vm
                .file
                .snapshots
                .get(name)
                .ok_or_else(|| VmError::parameter("snapname", format!("snapshot '{name}' does not exist")))?,
        };
        let planned = drives(&vm, section, wish, &self.inner.storages)?;
        if self.running(vmid).is_some() && planned.iter().any(|drive| drive.key == "tpmstate0") {
            return Err(VmError::Volume("cannot clone TPM state while the VM is running - stop it first".to_owned()));
        }
        Ok((options(section, vmid, wish), planned))
    }

    /// Makes a copy of a VM: new identity, new hardware addresses, disks copied or linked. When a step fails, undoing
    /// the noted records removes all of it.
    ///
    /// # Errors
    /// As [`Vms::check_clone`], when a storage refuses, or the task is stopped.
    pub async fn clone_vm(&self, progress: &dyn Progress, vmid: Vmid, wish: CloneWish) -> Result<(), VmError> {
        // Others may copy it too meanwhile, but nobody starts or removes it.
        let source = self.shared_turn(vmid).await?;
        let running = self.running(vmid);
        // What a snapshot kept is read from the file, even while QEMU writes other parts of it.
        let live = running.as_ref().filter(|_| wish.snapname.is_none());
        let _turn = self.turn(wish.newid).await?;
        let (mut options, planned) = self.planned(vmid, &wish)?;
        self.renew(&mut options)?;
        let mut file = GuestFile::new(Dialect::Qemu);
        file.main = options;
        file.main.set("lock", "clone");
        let record = json!({ "vm": { "created": wish.newid.get() } });
        progress.undo(record).await.map_err(VmError::Journal)?;
        self.inner.insert(wish.newid, &file).await?;
        let (mut made, mut copies) = (Vec::new(), Vec::new());
        for drive in &planned {
            let value = match (&drive.way, live) {
                (Way::Keep, _) => drive.value.clone(),
                (Way::Link(base), _) => self.link_drive(progress, &wish, drive, base).await?,
                (Way::Copy(source), Some(running)) => {
                    let (value, copy) = self.mirror_drive(progress, &wish, drive, (source, running)).await?;
                    copies.push(copy);
                    value
                }
                (Way::Copy(source), None) => self.copy_drive(progress, &wish, drive, source).await?,
                (Way::Seed(storage), _) => {
                    let (drive, storage) = ((drive.key.as_str(), drive.value.as_str()), storage.to_string());
                    self.settle_cloudinit(progress, wish.newid, drive, &storage).await?
                }
            };
            made.push((drive.key.clone(), value));
        }
        if let Some(running) = live {
            // Whoever wants to stop or change the original need not wait for the copies.
            drop(source);
            self.finish_copies(progress, running, &copies).await?;
        }
        self.inner
            .edit(wish.newid, |_, file| {
                made.iter().for_each(|(key, value)| file.main.set(key, value));
                file.main.remove("lock");
                Ok(())
            })
            .await
    }

    /// Gives a copy what tells it from its original.
    fn renew(&self, options: &mut Section) -> Result<(), VmError> {
        let nets: Vec<(String, String)> = options
            .iter()
            .filter(|(key, _)| key.strip_prefix("net").is_some_and(|index| index.parse::<u32>().is_ok()))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        for (key, value) in nets {
            let mut net: NetDevice = schema::property::parse(&value).map_err(|why| VmError::parameter(&key, why))?;
            net.macaddr = Some(self.random_mac()?);
            options.set(&key, &schema::property::print(&net));
        }
        // `0` is the wish not to have one.
        if options.get("vmgenid").is_some_and(|id| id != "0") {
            options.set("vmgenid", &uuid()?);
        }
        let smbios = with_uuid(options.get("smbios1"), &uuid()?);
        options.set("smbios1", &smbios);
        let meta = options.get("meta").unwrap_or_default();
        let kept = meta.split(',').filter(|part| !part.is_empty() && !part.starts_with("ctime="));
        let ctime = format!("ctime={}", host::clock::now());
        let meta = kept.map(str::to_owned).chain([ctime]).collect::<Vec<_>>().join(",");
        options.set("meta", &meta);
        Ok(())
    }

    async fn link_drive(
        &self,
        progress: &dyn Progress,
        wish: &CloneWish,
        drive: &Planned,
        base: &VolumeId,
    ) -> Result<String, VmError> {
        let storages = &self.inner.storages;
        let text = |err: storage::StorageError| VmError::Volume(err.to_string());
        let format = storages.link_format(base).map_err(text)?;
        let name = storages.next_name(&base.storage, wish.newid, format).await.map_err(text)?;
        let id = storages.link_name(base, wish.newid, &name).map_err(text)?;
        progress.undo(json!({ "vm": { "volume": id.to_string() } })).await.map_err(VmError::Journal)?;
        storages.link(base, wish.newid, &name).await.map_err(text)?;
        progress.log(&format!("{}: linked clone '{id}' of base volume '{base}'", drive.key));
        self.with_size(&drive.value, &id.to_string()).await
    }

    /// Where the copy of a volume goes to: storage, format, file name and volume ID.
    async fn place_of_copy(
        &self,
        wish: &CloneWish,
        drive: &Planned,
        source: &VolumeId,
    ) -> Result<(StorageId, Format, String, String), VmError> {
        let target = wish.storage.clone().unwrap_or_else(|| source.storage.clone());
        // The state of a TPM has one form only.
        let wished = wish.format.filter(|_| DriveId::parse(&drive.key) != Some(TPM_STATE));
        let format = target_format(&self.inner.storages, &target, source, wished)?;
        let name = self.inner.storages.next_name(&target, wish.newid, format).await;
        let name = name.map_err(|err| VmError::Volume(err.to_string()))?;
        let id = self.volume_id(&target, wish.newid, &name)?.to_string();
        Ok((target, format, name, id))
    }

    /// Begins the copy of a drive that the guest goes on writing to.
    async fn mirror_drive(
        &self,
        progress: &dyn Progress,
        wish: &CloneWish,
        drive: &Planned,
        (source, running): (&VolumeId, &Running),
    ) -> Result<(String, Mirror), VmError> {
        let (target, format, name, id) = self.place_of_copy(wish, drive, source).await?;
        let bus = DriveId::parse(&drive.key).ok_or_else(|| VmError::Volume(format!("'{}' is no drive", drive.key)))?;
        progress.log(&format!("{}: copying '{source}' to '{id}' while the VM runs", drive.key));
        let record = mirror_record(running.vmid, &drive.key, &id);
        let place = (&target, wish.newid, format, name.as_str());
        let copy = self.mirror(progress, running, bus, (place, record), wish.limit).await?;
        Ok((self.with_size(&drive.value, &id).await?, copy))
    }

    async fn copy_drive(
        &self,
        progress: &dyn Progress,
        wish: &CloneWish,
        drive: &Planned,
        source: &VolumeId,
    ) -> Result<String, VmError> {
        let storages = &self.inner.storages;
        let text = |err: storage::StorageError| VmError::Volume(err.to_string());
        let (target, format, name, id) = self.place_of_copy(wish, drive, source).await?;
        progress.undo(json!({ "vm": { "volume": id } })).await.map_err(VmError::Journal)?;
        progress.log(&format!("{}: copying '{source}' to '{id}'", drive.key));
        let copy = CopyWish {
            source,
            snapshot: wish.snapname.as_deref(),
            target: &target,
            vmid: wish.newid,
            format,
            name: &name,
            pace: Pace { limit: wish.limit, in_use: wish.snapname.is_some() },
        };
        // Dropping the copy ends its program.
        tokio::select! {
            copied = storages.copy_volume(copy, show(progress, &drive.key)) => copied.map_err(text)?,
            () = progress.cancelled() => return Err(VmError::Cancelled),
        };
        self.with_size(&drive.value, &id).await
    }

    /// A drive's value for another volume, with that one's size.
    async fn with_size(&self, value: &str, id: &str) -> Result<String, VmError> {
        let found = volumes::find(&self.inner.storages, id).await.map_err(VmError::Volume)?;
        Ok(format!("{},size={}", with_file(value, id), schema::size::format_disk_size(found.size)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish() -> CloneWish {
        CloneWish {
            newid: Vmid::new(101).unwrap(),
            full: None,
            name: None,
            description: None,
            storage: None,
            format: None,
            snapname: None,
            limit: None,
        }
    }

    #[test]
    fn a_copy_is_no_template_and_has_no_past() {
        let file = GuestFile::parse(
            Dialect::Qemu,
            "#notes\ncores: 2\nname: web.example.org\nparent: a\nprotection: 1\nscsi0: local:100/base-100-disk-0.raw\n\
             template: 1\nunused0: local:100/vm-100-disk-1.raw\n\n[a]\ncores: 1\n",
        );
        let vmid = Vmid::new(100).unwrap();
        let copied = options(&file.main, vmid, &wish());
        let mut new = GuestFile::new(Dialect::Qemu);
        new.main = copied;
        assert_eq!(new.print(), "#notes\ncores: 2\nname: Copy-of-VM-web.example.org\nprotection: 1\n");
        let long = Section::from_iter([("name", "a".repeat(60) + ".org")]);
        let copied = options(&long, vmid, &wish());
        assert!(schema::format::check("dns-name", copied.get("name").unwrap()).is_ok());
        let named = CloneWish { name: Some("b".into()), description: Some("x".into()), ..wish() };
        let copied = options(&file.main, vmid, &named);
        assert_eq!((copied.get("name"), copied.get("description")), (Some("b"), Some("x\n")));
    }

    #[test]
    fn only_the_uuid_of_smbios_is_new() {
        assert_eq!(with_uuid(None, "u"), "uuid=u");
        assert_eq!(with_uuid(Some("uuid=old,base64=1,family=eA=="), "u"), "uuid=u,base64=1,family=eA==");
    }
}
