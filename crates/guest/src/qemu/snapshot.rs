//! States of VMs that are kept: inside qcow2 files, with the memory in a volume of its own if wanted. The steps are
//! those of [`crate::snapshot::steps`]; what they mean to a VM is in `snapshot_edge.rs`.

use schema::Vmid;
use serde_json::json;
use storage::{Storages, VolumeId};

pub use crate::snapshot::{SnapshotInfo, SnapshotWish, check_name, list};

use super::{
    error::VmError,
    progress::{Progress, Quiet},
    snapshot_edge::VmEdge,
    snapshot_ram as ram,
    start::{Hardware, StartOptions},
    vms::{Vm, Vms},
};
use crate::{
    config_file::{Dialect, Section},
    snapshot::{self, Attached, Refusal, steps},
};

impl From<Refusal> for VmError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Locked { lock, .. } => Self::Locked(lock),
            Refusal::Name(why) => Self::parameter("snapname", why),
            other => Self::Volume(other.to_string()),
        }
    }
}

/// The VM as it was at a snapshot, with the machine that a kept memory belongs to.
///
/// # Errors
/// When there is none of that name.
pub(super) fn as_it_was(vm: &Vm, name: &str) -> Result<Vm, VmError> {
    let section = snapshot::section(&vm.file, name)?;
    let mut file = vm.file.clone();
    file.main = snapshot::of_guest(section);
    let was = Vm::parse(&file.print());
    Ok(if section.contains("vmstate") { Hardware::of(section).configure(&was) } else { was })
}

/// The disks that a snapshot of this section is about: option and volume.
pub(super) fn disks(storages: &Storages, section: &Section) -> Result<Vec<(String, VolumeId)>, VmError> {
    able(storages, &snapshot::volumes(Dialect::Qemu, section))
}

/// The volumes' IDs, if all of them can have snapshots.
pub(super) fn able(storages: &Storages, volumes: &[Attached]) -> Result<Vec<(String, VolumeId)>, VmError> {
    let able = |attached: &Attached| {
        let id = attached.volume.parse::<VolumeId>().ok();
        let id = id.filter(|id| storages.has_snapshots(id).unwrap_or(false));
        // The program that is the TPM writes raw files only, in which nothing can be kept.
        let way_out = match attached.key.as_str() {
            "tpmstate0" => "is raw - move it to a storage that keeps states itself, of type btrfs for instance",
            _ => "is not of format qcow2 - copy the VM with format=qcow2",
        };
        let why = || format!("snapshot feature is not available: drive '{}' {way_out}", attached.key);
        id.map(|id| (attached.key.clone(), id)).ok_or_else(|| VmError::Volume(why()))
    };
    volumes.iter().map(able).collect()
}

impl Vms {
    /// The snapshots of a VM, by name.
    ///
    /// # Errors
    /// When there is no such VM on this node.
    pub fn snapshots(&self, vmid: Vmid) -> Result<Vec<SnapshotInfo>, VmError> {
        Ok(list(&self.get(vmid)?.file))
    }

    /// Checks a wish as far as that is possible without doing anything.
    ///
    /// # Errors
    /// When the VM is locked or a template, the name is taken, or a disk cannot have snapshots.
    pub fn check_snapshot(&self, vmid: Vmid, wish: &SnapshotWish) -> Result<(), VmError> {
        let vm = self.get(vmid)?;
        snapshot::check_begin(&vm.file, wish)?;
        disks(&self.inner.storages, &vm.file.main).map(drop)
    }

    /// Whether all disks of a VM can have snapshots.
    ///
    /// # Errors
    /// When there is no such VM on this node.
    pub fn can_snapshot(&self, vmid: Vmid) -> Result<bool, VmError> {
        let vm = self.get(vmid)?;
        Ok(!vm.is_template() && disks(&self.inner.storages, &vm.file.main).is_ok())
    }

    /// Keeps the state of a VM. When a step fails, undoing the noted records removes what was kept, and the VM goes on.
    ///
    /// # Errors
    /// As [`Vms::check_snapshot`], when a storage or QEMU refuse, or the task is stopped.
    pub async fn snapshot(&self, progress: &dyn Progress, vmid: Vmid, wish: SnapshotWish) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        self.check_snapshot(vmid, &wish)?;
        let record = json!({ "vm": { "snapshot": wish.name, "vmid": vmid.get() } });
        // A name that a disk knows already must be refused before this note: undoing it would remove that one.
        self.check_foreign(vmid, &wish.name).await?;
        progress.undo(record).await.map_err(VmError::Journal)?;
        steps::create(&VmEdge::new(self, progress, vmid), &wish, host::clock::now()).await
    }

    /// Makes the volume for a VM's memory.
    pub(super) async fn state_volume(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        vm: &Vm,
        name: &str,
    ) -> Result<String, VmError> {
        let storages = &self.inner.storages;
        let text = |err: storage::StorageError| VmError::Volume(err.to_string());
        let drives = snapshot::volumes(Dialect::Qemu, &vm.file.main).into_iter();
        let used = drives.filter_map(|attached| attached.volume.parse::<VolumeId>().ok()).map(|id| id.storage);
        let used: Vec<_> = used.filter_map(|id| storages.config(&id).ok()).collect();
        let chosen = used.iter().find(|config| config.shared()).or(used.first()).map(|config| config.id.to_string());
        let storage = vm.file.main.get("vmstatestorage").map(str::to_owned).or(chosen);
        let storage = storage.unwrap_or_else(|| "local".to_owned());
        let storage = storage.parse().map_err(|why: String| VmError::parameter("vmstatestorage", why))?;
        let config = storages.usable_for(&storage, storage::Content::Images).map_err(text)?;
        let stem = format!("vm-{vmid}-state-{name}");
        let file = storages.file_name(&storage, &stem, storage::Format::Raw).map_err(text)?;
        let id = VolumeId::new(&storage, storage::plugin::of(&config).map_err(text)?.volname(vmid, &file)).to_string();
        progress.undo(json!({ "vm": { "volume": id } })).await.map_err(VmError::Journal)?;
        let size = (2 * super::cmdline::memory_mib(&vm.config) + 500) << 20;
        let format = Some(storage::Format::Raw);
        storages.allocate(&storage, vmid, format, size, Some(&file)).await.map_err(text)?;
        progress.log(&format!("saving the memory to '{id}'"));
        Ok(id)
    }

    /// Checks that a snapshot can be removed.
    ///
    /// # Errors
    /// When there is none of that name, or the VM is locked.
    pub fn check_delete_snapshot(&self, vmid: Vmid, name: &str) -> Result<(), VmError> {
        Ok(snapshot::begin_delete(&mut self.get(vmid)?.file.clone(), name)?)
    }

    /// Removes a snapshot. Cut off half-way, it can be called again; `force` removes it from the configuration even
    /// if a disk refuses.
    ///
    /// # Errors
    /// As [`Vms::check_delete_snapshot`], and when a storage or QEMU refuse.
    pub async fn delete_snapshot(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        name: &str,
        force: bool,
    ) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        self.check_delete_snapshot(vmid, name)?;
        let record = json!({ "vm": { "snapshot-delete": name, "vmid": vmid.get() } });
        progress.undo(record).await.map_err(VmError::Journal)?;
        steps::delete(&VmEdge::new(self, progress, vmid), name, force).await
    }

    /// Checks that a VM can go back to a snapshot.
    ///
    /// # Errors
    /// When there is none of that name, it is not complete, or the VM is locked for something else or a template.
    pub fn check_rollback(&self, vmid: Vmid, name: &str) -> Result<(), VmError> {
        let vm = self.get(vmid)?;
        snapshot::check_rollback(&vm.file, name)?;
        disks(&self.inner.storages, snapshot::section(&vm.file, name)?).map(drop)
    }

    /// Brings a VM back to a kept state; a running one is stopped. One that was kept with its memory runs afterwards.
    /// Cut off half-way, the VM stays locked as `rollback`, and this can be called again.
    ///
    /// # Errors
    /// As [`Vms::check_rollback`], and when a storage or QEMU refuse.
    pub async fn rollback(&self, progress: &dyn Progress, vmid: Vmid, name: &str, start: bool) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        self.check_rollback(vmid, name)?;
        steps::rollback(&VmEdge::new(self, progress, vmid), name).await?;
        if start && self.running(vmid).is_none() {
            return self.start_in_turn(progress, vmid, StartOptions::default()).await;
        }
        Ok(())
    }

    /// Changes a snapshot's notes.
    ///
    /// # Errors
    /// When there is none of that name.
    pub async fn describe_snapshot(&self, vmid: Vmid, name: &str, description: &str) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        self.inner
            .edit(vmid, |_, file| {
                snapshot::section(file, name)?;
                if let Some(section) = file.snapshots.get_mut(name) {
                    section.set("description", description);
                }
                Ok(())
            })
            .await
    }

    /// Takes back a snapshot that was not finished; one whose removal was cut off can be removed again.
    pub(crate) async fn undo_snapshot(&self, vmid: Vmid, name: &str) -> Result<(), VmError> {
        let Ok(vm) = self.get(vmid) else { return Ok(()) };
        let unfinished = vm.file.snapshots.get(name).and_then(|section| section.get("snapstate")) == Some("prepare");
        if let (true, Some(running)) = (unfinished, self.running(vmid)) {
            ram::settle(&running).await?;
            self.thaw(&Quiet, vmid).await;
        }
        steps::abandon(&VmEdge::new(self, &Quiet, vmid), name).await
    }
}
