//! Disks that another VM gets.

use schema::{Params as _, Vmid};
use serde_json::{Value, json};
use storage::{Storages, VolumeId};
use store::edit_both;

use crate::{
    config_file::GuestFile,
    qemu::{
        cloudinit,
        cmdline::{Bus, DriveId, EFI_DISK, TPM_STATE},
        config::drive::DriveOptions,
        error::VmError,
        pending::{drop_from_boot, is_cdrom, volume, with_file},
        progress::Progress,
        template::check_disks,
        vms::{Vm, Vms},
        volumes,
    },
};

/// A wish to give a disk to another VM.
#[derive(Debug, Clone)]
pub struct ReassignWish {
    /// The drive, or unused volume.
    pub disk: String,
    /// Who gets it.
    pub target: Vmid,
    /// As what; the same as it is if nothing is said.
    pub target_disk: Option<String>,
    /// SHA-1 of the configuration that the caller has seen.
    pub digest: Option<String>,
    /// The same of the other VM's configuration.
    pub target_digest: Option<String>,
}

impl ReassignWish {
    fn key(&self) -> &str {
        self.target_disk.as_deref().unwrap_or(&self.disk)
    }
}

/// The volume that moves, where nothing forbids it.
fn checked(wish: &ReassignWish, from: (&Vm, bool), to: &Vm, vmid: Vmid) -> Result<String, VmError> {
    let (disk, key, (source, running)) = (wish.disk.as_str(), wish.key(), from);
    let wrong = |message: &str| Err(VmError::parameter("disk", message));
    for (seen, vm) in [(&wish.digest, source), (&wish.target_digest, to)] {
        if seen.as_ref().is_some_and(|digest| *digest != vm.digest) {
            return Err(VmError::Digest);
        }
        vm.check_lock(false)?;
    }
    let Some(value) = source.file.main.get(disk) else { return wrong(&format!("disk '{disk}' does not exist")) };
    let (Some(drive), Some(place)) = (DriveId::parse(disk), DriveId::parse(key)) else { return wrong("no drive") };
    check_disks(source, [disk])?;
    check_disks(to, [key])?;
    if source.config.protection == Some(true) {
        return wrong(&format!("can't remove drive '{disk}' - protection mode enabled"));
    }
    let Some(id) = volume(value) else { return wrong(&format!("disk '{disk}' has no associated volume")) };
    if is_cdrom(value) || cloudinit::is_volume(id) {
        return wrong("you can't move a cdrom");
    }
    if running && drive.bus != Bus::Unused {
        return wrong(&format!(
            "cannot move disk '{disk}' of running VM {vmid} - detach the disk or stop the VM first"
        ));
    }
    let uses = |(key, value): (&str, &str)| DriveId::parse(key).is_some() && volume(value) == Some(id);
    if source.file.snapshots.values().any(|section| section.iter().any(uses)) {
        return wrong("can't move disk used by a snapshot to another owner - delete the snapshot first");
    }
    if source.file.main.iter().filter(|pair| uses(*pair)).count() > 1 {
        return wrong(&format!("volume '{id}' is used by another drive of the VM, too"));
    }
    if to.file.main.contains(key) || to.file.pending.contains(key) {
        let why = format!("target disk key '{key}' is already in use for VM {}", wish.target);
        return Err(VmError::parameter("target-disk", why));
    }
    let special = |drive: DriveId| drive == EFI_DISK || drive == TPM_STATE;
    if (special(drive) || special(place)) && drive != place && drive.bus != Bus::Unused && place.bus != Bus::Unused {
        return Err(VmError::parameter("target-disk", format!("'{disk}' cannot become '{key}'")));
    }
    Ok(id.to_owned())
}

/// The drive's value at its new place: options that every bus has stay.
fn settled(wish: &ReassignWish, value: &str, new: &str, bytes: u64) -> String {
    let bus = |key: &str| DriveId::parse(key).map(|drive| drive.bus);
    if bus(wish.key()) == Some(Bus::Unused) {
        return new.to_owned();
    }
    let same = bus(wish.key()) == bus(&wish.disk);
    let common =
        |part: &&str| part.split_once('=').is_some_and(|(name, _)| same || DriveOptions::SPEC.find(name).is_some());
    let kept: Vec<&str> = value.split(',').filter(common).collect();
    let kept = std::iter::once(new).chain(kept).collect::<Vec<_>>().join(",");
    format!("{},size={}", with_file(&kept, new), schema::size::format_disk_size(bytes))
}

/// Takes the disk out of one file and puts it into the other.
fn give(wish: &ReassignWish, from: &mut GuestFile, to: &mut GuestFile, value: &str, running: bool) {
    from.main.remove(&wish.disk);
    from.cancel_deletion(&wish.disk);
    from.pending.remove(&wish.disk);
    from.clean_pending();
    if let Some(drive) = DriveId::parse(&wish.disk) {
        drop_from_boot(from, drive);
    }
    let key = wish.key();
    if running && !key.starts_with("unused") {
        to.set_pending(key, value);
    } else {
        to.main.set(key, value);
    }
}

impl Vms {
    /// Checks the wish as far as that is possible without doing anything, and tells the volume that it is about.
    ///
    /// # Errors
    /// When the disk cannot be given away, or the other VM cannot take it.
    pub fn check_reassign(&self, vmid: Vmid, wish: &ReassignWish) -> Result<VolumeId, VmError> {
        if wish.target == vmid {
            return Err(VmError::parameter("target-vmid", "must be different than source VMID to reassign disk"));
        }
        let running = self.running(vmid).is_some();
        let id = checked(wish, (&*self.get(vmid)?, running), &*self.get(wish.target)?, vmid)?;
        let id: VolumeId = id.parse().map_err(VmError::Volume)?;
        let text = |err: storage::StorageError| VmError::Volume(err.to_string());
        self.inner.storages.usable(&id.storage).map_err(text)?;
        if self.inner.storages.volume(&id).map_err(text)?.owner != Some(vmid) {
            return Err(VmError::parameter("disk", format!("volume '{id}' does not belong to VM {vmid}")));
        }
        Ok(id)
    }

    /// Gives a disk to another VM of this node: its volume gets a name of that one. A running one gets it at its next
    /// start.
    ///
    /// # Errors
    /// As [`Vms::check_reassign`], and when the storage refuses. Nothing is changed then.
    pub async fn reassign(&self, progress: &dyn Progress, vmid: Vmid, wish: &ReassignWish) -> Result<(), VmError> {
        // Two that give each other disks must not wait for each other.
        let (first, second) = (vmid.min(wish.target), vmid.max(wish.target));
        let (_one, _other) = (self.turn(first).await?, self.turn(second).await?);
        let id = self.check_reassign(vmid, wish)?;
        let storages = &self.inner.storages;
        let text = |err: storage::StorageError| VmError::Volume(err.to_string());
        let format = storages.volume(&id).map_err(text)?.format.parse().map_err(VmError::Volume)?;
        let size = storages.info(&id).await.map_err(text)?.size;
        let name = storages.next_name(&id.storage, wish.target, format).await.map_err(text)?;
        let new = storages.renamed(&id, wish.target, &name).map_err(text)?;
        let record = json!({ "from": id.to_string(), "to": new.to_string() });
        progress.undo(json!({ "vm": { "renamed": record } })).await.map_err(VmError::Journal)?;
        storages.rename(&id, wish.target, &name).await.map_err(text)?;
        progress.log(&format!("renamed '{id}' to '{new}'"));
        self.write_both(vmid, wish, &new.to_string(), size).await?;
        progress.log(&format!("disk '{}' of VM {vmid} is '{}' of VM {} now", wish.disk, wish.key(), wish.target));
        Ok(())
    }

    /// Changes both files or none.
    async fn write_both(&self, vmid: Vmid, wish: &ReassignWish, new: &str, size: u64) -> Result<(), VmError> {
        let (from, to) = (self.inner.key(vmid), self.inner.key(wish.target));
        let change = || {
            let (from, to) = (self.get(vmid)?, self.get(wish.target)?);
            let (mut source, mut target) = (from.file.clone(), to.file.clone());
            let value = settled(wish, from.file.main.get(&wish.disk).unwrap_or_default(), new, size);
            give(wish, &mut source, &mut target, &value, self.running(wish.target).is_some());
            Ok([source.print(), target.print()])
        };
        edit_both(self.inner.store.as_ref(), [&from, &to], change).await.map(drop)
    }

    /// Gives a volume its old name back, unless the other VM has it in its configuration already.
    pub(in crate::qemu) async fn undo_rename(&self, record: &Value) -> Result<(), String> {
        let id = |key: &str| record[key].as_str().unwrap_or_default().parse::<VolumeId>();
        let (from, to) = (id("from")?, id("to")?);
        let storages: &Storages = &self.inner.storages;
        if self.uses(&to.to_string()) || storages.resolve(&to).await.is_err() {
            return Ok(());
        }
        let old = storages.volume(&from).map_err(|err| err.to_string())?;
        let owner = volumes::owner(storages, &from.to_string()).ok_or("the volume had no owner")?;
        storages.rename(&to, owner, &old.name).await.map(|_| ()).map_err(|err| err.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(disk: &str, target: Option<&str>) -> ReassignWish {
        ReassignWish {
            disk: disk.into(),
            target: Vmid::new(101).unwrap(),
            target_disk: target.map(Into::into),
            digest: None,
            target_digest: None,
        }
    }

    fn refused(source: &str, running: bool, target: &str, wish: &ReassignWish) -> String {
        let vmid = Vmid::new(100).unwrap();
        match checked(wish, (&Vm::parse(source), running), &Vm::parse(target), vmid) {
            Ok(id) => id,
            Err(error) => error.to_string(),
        }
    }

    const VM: &str = "scsi0: a:100/vm-100-disk-0.raw,iothread=1,size=1G\nunused0: a:100/vm-100-disk-1.raw\n";

    #[test]
    fn only_a_free_disk_goes_to_a_free_place() {
        assert_eq!(refused(VM, false, "", &wish("scsi0", None)), "a:100/vm-100-disk-0.raw");
        assert!(refused(VM, true, "", &wish("scsi0", None)).contains("of running VM 100"));
        assert_eq!(refused(VM, true, "", &wish("unused0", Some("scsi3"))), "a:100/vm-100-disk-1.raw");
        let taken = refused(VM, false, "scsi0: a:101/vm-101-disk-0.raw\n", &wish("scsi0", None));
        assert!(taken.contains("already in use"), "{taken}");
        let kept = format!("{VM}[snap]\nscsi0: a:100/vm-100-disk-0.raw\n");
        assert!(refused(&kept, false, "", &wish("scsi0", None)).contains("used by a snapshot"));
        assert!(refused("protection: 1\nscsi0: a:1\n", false, "", &wish("scsi0", None)).contains("protection mode"));
        assert!(refused("lock: backup\nscsi0: a:1\n", false, "", &wish("scsi0", None)).contains("locked"));
        assert!(refused("", false, "", &wish("scsi0", None)).contains("does not exist"));
        assert!(refused(VM, false, "", &wish("scsi0", Some("efidisk0"))).contains("cannot become"));
        assert!(refused("ide2: a:iso/x.iso,media=cdrom\n", false, "", &wish("ide2", None)).contains("cdrom"));
    }

    #[test]
    fn the_options_of_a_disk_go_with_it_where_its_new_place_knows_them() {
        let value = "a:100/vm-100-disk-0.raw,cache=writeback,iothread=1,size=1G";
        let at = |target| settled(&wish("scsi0", target), value, "a:101/vm-101-disk-0.raw", 2 << 30);
        assert_eq!(at(None), "a:101/vm-101-disk-0.raw,cache=writeback,iothread=1,size=2G");
        assert_eq!(at(Some("sata0")), "a:101/vm-101-disk-0.raw,cache=writeback,size=2G");
        assert_eq!(at(Some("unused0")), "a:101/vm-101-disk-0.raw");
    }

    #[test]
    fn both_files_change() {
        let (mut from, mut to) =
            (Vm::parse(&format!("boot: order=scsi0\n{VM}")).file.clone(), Vm::parse("").file.clone());
        give(&wish("scsi0", None), &mut from, &mut to, "v", false);
        assert_eq!(from.print(), "boot: order=\nunused0: a:100/vm-100-disk-1.raw\n");
        assert_eq!(to.print(), "scsi0: v\n");
        let mut running = Vm::parse("").file.clone();
        give(&wish("scsi0", None), &mut from, &mut running, "v", true);
        assert_eq!(running.print(), "\n[PENDING]\nscsi0: v\n");
    }
}
