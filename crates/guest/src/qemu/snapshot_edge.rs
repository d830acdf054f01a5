//! What the steps of [`crate::snapshot::steps`] mean to a VM. Snapshots inside of images are kept by QEMU while it runs,
//! all others by their storages.

use std::time::Duration;

use schema::Vmid;
use serde_json::{Value, json};
use storage::{SnapshotChange, VolumeId};

use super::{
    cloudinit,
    cmdline::{Bus, DriveId},
    error::VmError,
    pending::{owned_by, volume},
    progress::Progress,
    running::Running,
    snapshot::able,
    snapshot_ram as ram,
    start::Hardware,
    vms::{Vm, Vms},
    volumes,
};
use crate::{
    config_file::{GuestFile, Section},
    snapshot::{self, Attached, Memory, Refusal, steps::Edge},
};

/// How long QEMU may take for snapshots of all disks; deleting walks through their metadata.
pub(super) const DISKS: Duration = Duration::from_secs(600);

/// How long QEMU may take to end before a rollback.
const END: Duration = Duration::from_secs(60);

/// One VM, and who is told how it goes.
pub(super) struct VmEdge<'a> {
    vms: &'a Vms,
    progress: &'a dyn Progress,
    vmid: Vmid,
}

impl<'a> VmEdge<'a> {
    /// The edge of one VM, whose turn the caller has.
    pub(super) fn new(vms: &'a Vms, progress: &'a dyn Progress, vmid: Vmid) -> Self {
        Self { vms, progress, vmid }
    }

    fn vm(&self) -> Result<std::sync::Arc<Vm>, VmError> {
        self.vms.get(self.vmid)
    }

    async fn change(&self, id: &VolumeId, name: &str, change: SnapshotChange) -> Result<(), VmError> {
        let done = self.vms.inner.storages.snapshot(id, name, change).await;
        done.map_err(|err| VmError::Volume(err.to_string()))
    }
}

fn id(attached: &Attached) -> Result<VolumeId, VmError> {
    attached.volume.parse().map_err(VmError::Volume)
}

impl Edge for VmEdge<'_> {
    type Error = VmError;

    fn file(&self) -> Result<GuestFile, VmError> {
        Ok(self.vm()?.file.clone())
    }

    async fn edit(&self, change: impl Fn(&mut GuestFile) -> Result<(), Refusal> + Send + Sync) -> Result<(), VmError> {
        self.vms.inner.edit(self.vmid, |_, file| Ok(change(file)?)).await
    }

    async fn activate(&self, volumes: &[Attached]) -> Result<(), VmError> {
        for attached in volumes {
            let checked = self.vms.inner.storages.usable_for(&id(attached)?.storage, storage::Content::Images);
            checked.map_err(|err| VmError::Volume(err.to_string()))?;
        }
        Ok(())
    }

    async fn check_new(&self, _: &[Attached], name: &str) -> Result<(), VmError> {
        self.vms.check_foreign(self.vmid, name).await
    }

    async fn memory(&self, name: &str) -> Result<Memory, VmError> {
        let Some(running) = self.vms.running(self.vmid) else { return Ok(Memory::new()) };
        let state = self.vms.state_volume(self.progress, self.vmid, &*self.vm()?, name).await?;
        Ok([("vmstate", state)].into_iter().chain(Hardware::of_process(&running)).collect())
    }

    async fn take(&self, volumes: &[Attached], name: &str, memory: &Memory) -> Result<(), VmError> {
        let disks = able(&self.vms.inner.storages, volumes)?;
        let Some(running) = self.vms.running(self.vmid) else {
            for (key, id) in &disks {
                self.progress.log(&format!("snapshotting '{key}' ({id})"));
                self.change(id, name, SnapshotChange::Create).await?;
            }
            return Ok(());
        };
        if let Some((_, state)) = memory.iter().find(|(key, _)| *key == "vmstate") {
            let found = volumes::find(&self.vms.inner.storages, state).await.map_err(VmError::Volume)?;
            return ram::save(self.progress, &running, &found.path, self.vms.take_disks(&running, &disks, name)).await;
        }
        let frozen = self.vms.freeze(self.progress, self.vmid, &*self.vm()?).await;
        let taken = self.vms.take_disks(&running, &disks, name).await;
        if frozen {
            self.vms.thaw(self.progress, self.vmid).await;
        }
        taken
    }

    async fn drop_volume(&self, attached: &Attached, name: &str) -> Result<(), VmError> {
        let id = id(attached)?;
        match (self.vms.running(self.vmid), node(&*self.vm()?, &id)) {
            (Some(running), Some(node)) if self.vms.inner.storages.snapshots_inside(&id).unwrap_or(false) => {
                if has(&known_to(&running).await?, &node, name) {
                    let which = json!({ "device": node, "name": name });
                    running.call("blockdev-snapshot-delete-internal-sync", which, DISKS).await?;
                }
                Ok(())
            }
            _ => self.change(&id, name, SnapshotChange::Delete).await,
        }
    }

    async fn drop_memory(&self, volume: &str) -> Result<(), VmError> {
        volumes::free(&self.vms.inner.storages, volume).await.map_err(VmError::Volume)
    }

    async fn check_back(&self, volume: &Attached, _: &str) -> Result<(), VmError> {
        able(&self.vms.inner.storages, std::slice::from_ref(volume)).map(drop)
    }

    async fn stop(&self) -> Result<(), VmError> {
        let Some(running) = self.vms.running(self.vmid) else { return Ok(()) };
        self.progress.log("stopping the VM");
        self.vms.quit(&running, END).await
    }

    async fn back(&self, attached: &Attached, name: &str) -> Result<(), VmError> {
        self.progress.log(&format!("rolling back '{}' ({})", attached.key, attached.volume));
        self.change(&id(attached)?, name, SnapshotChange::Apply).await
    }

    async fn apply(&self, name: &str) -> Result<(), VmError> {
        let fresh = super::create::uuid()?;
        let owned = owned_by(&self.vms.inner.storages, self.vmid);
        self.vms.inner.edit(self.vmid, |_, file| rolled_back(file, name, &owned, &fresh).map_err(VmError::from)).await
    }

    async fn go_on(&self, section: &Section, volume: &str) -> Result<(), VmError> {
        self.vms.start_from(self.progress, self.vmid, ram::Kept::of(section, volume)).await
    }

    fn warn(&self, error: VmError) {
        self.progress.warn(&error.to_string());
    }
}

/// Brings a VM's file back to a snapshot. `fresh` is a generation ID that nobody had yet.
fn rolled_back(file: &mut GuestFile, name: &str, owned: &dyn Fn(&str) -> bool, fresh: &str) -> Result<(), Refusal> {
    let before = file.main.clone();
    snapshot::apply(file, name, owned)?;
    // CDs are not brought back: what the one for cloud-init has, and the configuration has not any more, is noted, so
    // that it is made anew.
    cloudinit::note(&before, file);
    // The guest must notice that it has been here before.
    if file.main.get("vmgenid").is_some_and(|id| id != "0") {
        file.main.set("vmgenid", fresh);
    }
    Ok(())
}

/// QEMU's name of the drive that has this volume now.
fn node(vm: &Vm, id: &VolumeId) -> Option<String> {
    let text = id.to_string();
    let mut drives = vm.file.main.iter().filter(|(key, _)| DriveId::parse(key).is_some_and(|d| d.bus != Bus::Unused));
    drives.find(|(_, value)| volume(value) == Some(text.as_str())).map(|(key, _)| format!("drive-{key}"))
}

/// What a running VM knows of its disks.
pub(super) async fn known_to(running: &Running) -> Result<Value, VmError> {
    running.call("query-named-block-nodes", json!({ "flat": true }), super::running::COMMAND).await
}

pub(super) fn has(nodes: &Value, node: &str, name: &str) -> bool {
    let node = nodes.as_array().into_iter().flatten().find(|known| known["node-name"] == node);
    let kept = node.and_then(|node| node["image"]["snapshots"].as_array()).into_iter().flatten();
    kept.into_iter().any(|kept| kept["name"] == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config_file::Dialect;

    #[test]
    fn a_rollback_notes_what_the_cd_for_cloud_init_has() {
        let text = "ciuser: now\nide2: s:100/vm-100-cloudinit.qcow2,media=cdrom\nname: b\nvmgenid: old\n[a1]\n\
                    ciuser: then\nide2: s:100/vm-100-cloudinit.qcow2,media=cdrom\nname: b\nnameserver: 9.9.9.9\nsnaptime: 1\nvmgenid: older\n";
        let mut file = GuestFile::parse(Dialect::Qemu, text);
        rolled_back(&mut file, "a1", &|_| true, "new").unwrap();
        file.snapshots.clear();
        insta::assert_snapshot!(file.print(), @r"
        ciuser: then
        ide2: s:100/vm-100-cloudinit.qcow2,media=cdrom
        name: b
        nameserver: 9.9.9.9
        parent: a1
        vmgenid: new

        [special:cloudinit]
        added: nameserver
        ciuser: now
        ");
    }
}
