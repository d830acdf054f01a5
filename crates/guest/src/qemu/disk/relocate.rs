//! Disks that move to another storage or into another format, while the VM is off or while it runs.

use schema::{StorageId, Vmid};
use serde_json::json;
use storage::{Content, CopyWish, Format, Pace, Storages, VolumeId};

use super::{
    graph, mirror,
    mirror::{Fate, Mirror},
    mirror_record,
};
use crate::{
    config_file::GuestFile,
    qemu::{
        cloudinit,
        cmdline::{Bus, DriveId, TPM_STATE, image_node},
        error::VmError,
        pending::{is_cdrom, owned_by, set, volume, with_file},
        progress::{Progress, show},
        running::Running,
        template::check_disks,
        vms::{Vm, Vms},
        volumes,
    },
};

/// A wish for a move.
#[derive(Debug, Clone)]
pub struct MoveWish {
    /// The drive.
    pub disk: String,
    /// Where to.
    pub storage: StorageId,
    /// Into which format; the one it has if the storage takes that.
    pub format: Option<Format>,
    /// Free the old volume instead of keeping it as unused.
    pub delete: bool,
    /// Limit, KiB a second.
    pub limit: Option<u64>,
    /// SHA-1 of the configuration that the caller has seen.
    pub digest: Option<String>,
}

/// A move that nothing forbids.
#[derive(Debug, Clone)]
struct Planned {
    drive: DriveId,
    source: VolumeId,
    format: Format,
    /// A snapshot needs the old volume.
    kept: bool,
}

/// The format of a copy of a volume on a storage.
///
/// # Errors
/// When the storage cannot be used for disks of VMs.
pub(in crate::qemu) fn target_format(
    storages: &Storages,
    target: &StorageId,
    source: &VolumeId,
    wish: Option<Format>,
) -> Result<Format, VmError> {
    let text = |err: storage::StorageError| VmError::Volume(err.to_string());
    let config = storages.usable_for(target, Content::Images).map_err(text)?;
    let plugin = storage::plugin::of(&config).map_err(text)?;
    let own = storages.volume(source).map_err(text)?.format.parse::<Format>().ok();
    let own = own.filter(|format| plugin.abilities(&config).formats.contains(format));
    Ok(wish.or(own).unwrap_or(config.default_format()))
}

fn in_snapshot(file: &GuestFile, volume_id: &str) -> bool {
    let names = |(key, value): (&str, &str)| DriveId::parse(key).is_some() && volume(value) == Some(volume_id);
    file.snapshots.values().any(|section| section.iter().any(names))
}

fn planned(vm: &Vm, wish: &MoveWish, storages: &Storages, running: bool) -> Result<Planned, VmError> {
    let disk = wish.disk.as_str();
    let wrong = |message: String| VmError::parameter("disk", message);
    if wish.digest.as_ref().is_some_and(|digest| *digest != vm.digest) {
        return Err(VmError::Digest);
    }
    vm.check_lock(false)?;
    let drive = DriveId::parse(disk).ok_or_else(|| wrong(format!("'{disk}' is no drive")))?;
    let value = vm.file.main.get(disk).ok_or_else(|| wrong(format!("disk '{disk}' does not exist")))?;
    if drive.bus == Bus::Unused {
        let why = format!("cannot move disk '{disk}', only configured disks can be moved to another storage");
        return Err(wrong(why));
    }
    check_disks(vm, [disk])?;
    let source = volume(value).ok_or_else(|| wrong(format!("disk '{disk}' has no associated volume")))?;
    if is_cdrom(value) && !cloudinit::is_volume(source) {
        return Err(wrong("you can't move a cdrom".to_owned()));
    }
    if running && (drive == TPM_STATE || is_cdrom(value)) {
        let what = if drive == TPM_STATE { "TPM state" } else { "the cloud-init drive" };
        return Err(wrong(format!("cannot move {what} while the VM is running - stop it first")));
    }
    let kept = in_snapshot(&vm.file, source);
    if kept && wish.delete {
        let why = "you can't move a disk with snapshot and delete the source - delete the snapshots first";
        return Err(VmError::parameter("delete", why));
    }
    let source: VolumeId = source.parse().map_err(VmError::Volume)?;
    let format = target_format(storages, &wish.storage, &source, wish.format)?;
    if drive == TPM_STATE && format != Format::Raw {
        return Err(VmError::parameter("format", "the state of a TPM must be raw"));
    }
    let has = storages.volume(&source).map_err(|err| VmError::Volume(err.to_string()))?.format;
    if source.storage == wish.storage && has == format.as_str() {
        return Err(VmError::parameter("storage", "you can't move to the same storage with same format"));
    }
    Ok(Planned { drive, source, format, kept })
}

impl Vms {
    /// The storages that a VM's disks lie on.
    ///
    /// # Errors
    /// When there is no such VM on this node.
    pub fn disk_storages(&self, vmid: Vmid) -> Result<Vec<StorageId>, VmError> {
        let vm = self.get(vmid)?;
        let disks = vm.file.main.iter().filter(|(key, value)| DriveId::parse(key).is_some() && !is_cdrom(value));
        let mut found: Vec<StorageId> =
            disks.filter_map(|(_, value)| Some(volume(value)?.parse::<VolumeId>().ok()?.storage)).collect();
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// Checks a move as far as that is possible without doing anything, and tells the storage that the disk lies on.
    ///
    /// # Errors
    /// When there is no such disk, it cannot be moved so, the VM is locked, or the storage does not take it.
    pub fn check_move(&self, vmid: Vmid, wish: &MoveWish) -> Result<StorageId, VmError> {
        let running = self.running(vmid).is_some();
        Ok(planned(&*self.get(vmid)?, wish, &self.inner.storages, running)?.source.storage)
    }

    /// Moves a disk. When a step fails or the task is stopped, undoing the noted records leaves all as it was.
    ///
    /// # Errors
    /// As [`Vms::check_move`], when a storage or QEMU refuses, or the task is stopped.
    pub async fn move_disk(&self, progress: &dyn Progress, vmid: Vmid, wish: &MoveWish) -> Result<(), VmError> {
        let turn = self.turn(vmid).await?;
        let running = self.running(vmid);
        let plan = planned(&*self.get(vmid)?, wish, &self.inner.storages, running.is_some())?;
        let name = self.free_name(vmid, wish, &plan).await?;
        let id = self.volume_id(&wish.storage, vmid, &name)?;
        progress.log(&format!("{}: moving '{}' to '{id}'", wish.disk, plan.source));
        match &running {
            None => {
                self.copy_off(progress, vmid, wish, (&plan, &name, &id)).await?;
                self.stand_on(vmid, &wish.disk, (&plan.source, &id)).await?;
                drop(turn);
            }
            Some(running) => {
                let mirror = self.begin_mirror(progress, running, wish, (&plan, &name, &id)).await?;
                // Whoever wants to stop or change the VM need not wait for the copy.
                drop(turn);
                mirror.ready(progress, running).await?;
                mirror.tighten(progress, running).await?;
                let _turn = self.turn_between(progress, vmid).await?;
                self.check_unchanged(vmid, &wish.disk, &plan.source)?;
                mirror.complete(running).await?;
                self.stand_on(vmid, &wish.disk, (&plan.source, &id)).await?;
                progress.log(&format!("{}: the VM works with '{id}' now", wish.disk));
            }
        }
        if wish.delete && !plan.kept {
            self.drop_source(progress, vmid, &plan.source).await;
        }
        Ok(())
    }

    /// The file name of the new volume.
    async fn free_name(&self, vmid: Vmid, wish: &MoveWish, plan: &Planned) -> Result<String, VmError> {
        if cloudinit::is_volume(&plan.source.to_string()) {
            let named = self.inner.storages.file_name(&wish.storage, &format!("vm-{vmid}-cloudinit"), plan.format);
            return named.map_err(|err| VmError::Volume(err.to_string()));
        }
        let next = self.inner.storages.next_name(&wish.storage, vmid, plan.format).await;
        next.map_err(|err| VmError::Volume(err.to_string()))
    }

    /// The volume ID that a file name makes.
    pub(in crate::qemu) fn volume_id(&self, storage: &StorageId, vmid: Vmid, name: &str) -> Result<VolumeId, VmError> {
        let text = |err: storage::StorageError| VmError::Volume(err.to_string());
        let config = self.inner.storages.usable(storage).map_err(text)?;
        let plugin = storage::plugin::of(&config).map_err(text)?;
        Ok(VolumeId::new(storage, plugin.volname(vmid, name)))
    }

    async fn copy_off(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        wish: &MoveWish,
        (plan, name, id): (&Planned, &str, &VolumeId),
    ) -> Result<(), VmError> {
        progress.undo(json!({ "vm": { "volume": id.to_string() } })).await.map_err(VmError::Journal)?;
        let copy = CopyWish {
            source: &plan.source,
            snapshot: None,
            target: &wish.storage,
            vmid,
            format: plan.format,
            name,
            pace: Pace { limit: wish.limit, in_use: false },
        };
        // Dropping the copy ends its program.
        tokio::select! {
            copied = self.inner.storages.copy_volume(copy, show(progress, &wish.disk)) => {
                copied.map(|_| ()).map_err(|err| VmError::Volume(err.to_string()))
            }
            () = progress.cancelled() => Err(VmError::Cancelled),
        }
    }

    async fn begin_mirror(
        &self,
        progress: &dyn Progress,
        running: &Running,
        wish: &MoveWish,
        (plan, name, id): (&Planned, &str, &VolumeId),
    ) -> Result<Mirror, VmError> {
        let vmid = running.vmid;
        let target = (&wish.storage, vmid, plan.format, name);
        let record = mirror_record(vmid, &wish.disk, &id.to_string());
        self.mirror(progress, running, plan.drive, (target, record), wish.limit).await
    }

    /// Makes a volume and lets QEMU copy a drive to it.
    pub(in crate::qemu) async fn mirror(
        &self,
        progress: &dyn Progress,
        running: &Running,
        drive: DriveId,
        ((storage, owner, format, name), record): ((&StorageId, Vmid, Format, &str), serde_json::Value),
        limit: Option<u64>,
    ) -> Result<Mirror, VmError> {
        let vm = self.get(running.vmid)?;
        let key = drive.to_string();
        let images = graph::images(running, &key).await?;
        let [source] = images.as_slice() else {
            let why = format!("drive '{key}' is being copied already, or the VM was started without it - restart it");
            return Err(VmError::parameter("disk", why));
        };
        progress.undo(record).await.map_err(VmError::Journal)?;
        let made = self.inner.storages.allocate(storage, owner, Some(format), source.size, Some(name)).await;
        let id = made.map_err(|err| VmError::Volume(err.to_string()))?.to_string();
        let found = volumes::find(&self.inner.storages, &id).await.map_err(VmError::Volume)?;
        let facts = self.inner.facts.collect(self.inner.node.as_str(), &self.inner.paths, &vm.config).await?;
        let image = crate::qemu::cmdline::Image::of_path(&found.path, &found.format);
        let image = image_node(&vm.config, drive, &image, source.size, facts.io_uring)
            .ok_or_else(|| VmError::parameter("disk", format!("'{key}' is no drive that QEMU can copy")))?;
        Mirror::begin(running, (&key, source), (&id, image), limit).await
    }

    /// A turn at the end of something long, however long others take.
    pub(in crate::qemu) async fn turn_between(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
    ) -> Result<tokio::sync::OwnedRwLockWriteGuard<()>, VmError> {
        loop {
            tokio::select! {
                turn = self.turn(vmid) => match turn {
                    Err(VmError::Busy(_)) => {}
                    turn => return turn,
                },
                () = progress.cancelled() => return Err(VmError::Cancelled),
            }
        }
    }

    fn check_unchanged(&self, vmid: Vmid, disk: &str, source: &VolumeId) -> Result<(), VmError> {
        let vm = self.get(vmid)?;
        vm.check_lock(false)?;
        let now = vm.file.main.get(disk).and_then(volume);
        if now == Some(source.to_string().as_str()) {
            return Ok(());
        }
        Err(VmError::parameter("disk", format!("drive '{disk}' was changed by somebody else meanwhile - try again")))
    }

    /// Writes down that a drive stands on another volume now. The old one is kept as unused, where no snapshot needs it.
    async fn stand_on(&self, vmid: Vmid, disk: &str, (from, to): (&VolumeId, &VolumeId)) -> Result<(), VmError> {
        let (old, new) = (from.to_string(), to.to_string());
        let found = volumes::find(&self.inner.storages, &new).await.map_err(VmError::Volume)?;
        let size = schema::size::format_disk_size(found.size);
        let moved = |value: &str| format!("{},size={size}", with_file(value, &new));
        let owned = owned_by(&self.inner.storages, vmid);
        self.inner
            .edit(vmid, |vm, file| {
                let Some(value) = vm.file.main.get(disk) else { return Ok(()) };
                set(file, disk, &moved(value), &owned)?;
                // A change of the same drive that waits for the next start must not bring the old volume back.
                let waiting = file.pending.get(disk).filter(|value| volume(value) == Some(&old)).map(moved);
                if let Some(waiting) = waiting {
                    file.pending.set(disk, &waiting);
                }
                Ok(())
            })
            .await
    }

    /// Frees the volume that a disk has left; what cannot be freed stays as unused.
    async fn drop_source(&self, progress: &dyn Progress, vmid: Vmid, source: &VolumeId) {
        let source = source.to_string();
        if volumes::owner(&self.inner.storages, &source) != Some(vmid) {
            return;
        }
        if let Err(why) = volumes::free(&self.inner.storages, &source).await {
            progress.warn(&format!("the old volume '{source}' could not be removed: {why}"));
            return;
        }
        let forgotten = self.inner.edit(vmid, |vm, file| {
            let gone =
                |(key, value): &(&str, &str)| key.starts_with("unused") && volume(value) == Some(source.as_str());
            let keys: Vec<String> = vm.file.main.iter().filter(gone).map(|(key, _)| key.to_owned()).collect();
            keys.iter().for_each(|key| drop(file.main.remove(key)));
            Ok(())
        });
        match forgotten.await {
            Ok(()) => progress.log(&format!("removed the old volume '{source}'")),
            Err(error) => progress.warn(&format!("'{source}' is gone, but still listed as unused: {error}")),
        }
    }

    /// Takes back a copy that was to be made of a running VM's drive.
    pub(in crate::qemu) async fn undo_mirror(&self, vmid: Vmid, drive: &str, copy: &str) -> Result<(), VmError> {
        if let Some(running) = self.running(vmid)
            && mirror::take_back(&running, drive, copy).await? == Fate::Completed
        {
            // We were cut off after the change: the guest writes to the copy, so it is the disk.
            let vm = self.get(vmid)?;
            let old = vm.file.main.get(drive).and_then(volume).unwrap_or_default().to_owned();
            let parse = |id: &str| id.parse::<VolumeId>().map_err(VmError::Volume);
            return if old == copy { Ok(()) } else { self.stand_on(vmid, drive, (&parse(&old)?, &parse(copy)?)).await };
        }
        if self.uses(copy) {
            return Ok(());
        }
        volumes::free(&self.inner.storages, copy).await.map_err(VmError::Volume)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volume_of_a_snapshot_is_known() {
        let file = GuestFile::parse(
            crate::config_file::Dialect::Qemu,
            "scsi0: a:100/vm-100-disk-0.qcow2\nscsi1: a:100/vm-100-disk-1.raw\n[snap]\nscsi0: a:100/vm-100-disk-0.qcow2\n",
        );
        assert!(in_snapshot(&file, "a:100/vm-100-disk-0.qcow2"));
        assert!(!in_snapshot(&file, "a:100/vm-100-disk-1.raw"));
    }
}
