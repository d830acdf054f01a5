//! Changing a VM's configuration.

use std::time::Duration;

use schema::Vmid;
use serde_json::json;

use super::{
    cloudinit,
    cmdline::DriveId,
    error::VmError,
    hotplug::at_once,
    pending::{apply, note, owned_by, volume},
    progress::Progress,
    template::check_disks,
    vms::{Vm, Vms},
    volumes,
};

/// What shall change.
#[derive(Debug, Clone, Default)]
pub struct Update {
    /// Options to set, as texts checked by the table.
    pub set: Vec<(String, String)>,
    /// Options to remove.
    pub delete: Vec<String>,
    /// Pending changes to drop.
    pub revert: Vec<String>,
    /// SHA-1 of the configuration that the caller has seen.
    pub digest: Option<String>,
    /// Free the volumes of removed drives instead of keeping them as unused.
    pub force: bool,
    /// Whatever it is locked for.
    pub skiplock: bool,
}

impl Vms {
    /// Changes a VM's configuration. A running VM takes over what it can; the rest waits for its next start.
    ///
    /// # Errors
    /// When it is locked, the digest is old, an option is wrong, or a storage refuses: nothing is changed then. And what
    /// the running VM refused ([`VmError::Hotplug`]): that waits for the next start too.
    pub async fn update(&self, progress: &dyn Progress, vmid: Vmid, mut update: Update) -> Result<(), VmError> {
        let turn = self.turn(vmid).await?;
        let vm = self.get(vmid)?;
        check(&vm, &update)?;
        cloudinit::hash_password(&mut update.set, vm.config.ostype)?;
        let mut settled = Vec::new();
        for (key, value) in &update.set {
            settled.push((key.clone(), self.settle(progress, vmid, key, value).await?));
        }
        let running = self.running(vmid);
        let now = |key: &str| running.is_none() || at_once(key);
        let owned = owned_by(&self.inner.storages, vmid);
        let mut freed = Vec::new();
        self.inner
            .edit(vmid, |vm, file| {
                check_digest(vm, &update)?;
                for key in &update.delete {
                    if !file.main.contains(key) && !file.pending.contains(key) {
                        progress.warn(&format!("cannot delete '{key}' - not set in current configuration!"));
                    }
                }
                freed = note(file, &update, &settled, &owned)?;
                freed.extend(apply(file, &owned, &now)?);
                cloudinit::note(&vm.file.main, file);
                Ok(())
            })
            .await?;
        self.inner.free_all(&freed).await?;
        match &running {
            Some(running) => {
                let touched =
                    |key: &str| update.delete.iter().chain(update.set.iter().map(|(set, _)| set)).any(|one| one == key);
                let plugged = self.hotplug(progress, running, &touched, turn).await;
                self.hot_cloudinit(progress, vmid).await?;
                plugged
            }
            None => Ok(()),
        }
    }

    /// Makes a disk larger. `bytes` is the new size, or with `grow` what is added.
    ///
    /// # Errors
    /// When there is no such disk, it would shrink, or storage or QEMU refuse.
    pub async fn resize(&self, vmid: Vmid, disk: &str, bytes: u64, grow: bool, skiplock: bool) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        let vm = self.get(vmid)?;
        vm.check_lock(skiplock)?;
        check_disks(&vm, [disk])?;
        let value = vm
            .file
            .main
            .get(disk)
            .ok_or_else(|| VmError::parameter("disk", format!("disk '{disk}' does not exist")))?;
        let disk_volume = volume(value).filter(|_| !super::pending::is_cdrom(value));
        let disk_volume =
            disk_volume.ok_or_else(|| VmError::parameter("disk", "you can't resize a cdrom or a path"))?;
        let storages = &self.inner.storages;
        let found = volumes::find(storages, disk_volume).await.map_err(VmError::Volume)?;
        let wanted = if grow { found.size.saturating_add(bytes) } else { bytes };
        // Media with sectors of 4 KiB take nothing else.
        let wanted = wanted.next_multiple_of(4096);
        if wanted < found.size {
            return Err(VmError::parameter("size", "shrinking disks is not supported"));
        }
        if wanted > found.size {
            let running = self.running(vmid);
            // QEMU makes a file larger that it has open; a device grows before it, and QEMU takes note.
            if running.is_none() || found.is_device().await? {
                let id = disk_volume.parse().map_err(VmError::Volume)?;
                storages.resize(&id, wanted).await.map_err(|err| VmError::Volume(err.to_string()))?;
            }
            if let Some(running) = running {
                let node = json!({ "node-name": format!("drive-{disk}"), "size": wanted });
                running.call("block_resize", node, Duration::from_secs(60)).await?;
            }
        }
        let size = schema::size::format_disk_size(wanted);
        let resized = |value: &str| format!("{},size={size}", super::pending::with_file(value, disk_volume));
        self.inner
            .edit(vmid, |_, file| {
                file.main.set(disk, &resized(value));
                // A change of the same disk that waits for the next start must not bring the old size back.
                let waiting = file.pending.get(disk).filter(|text| volume(text) == Some(disk_volume)).map(resized);
                if let Some(waiting) = waiting {
                    file.pending.set(disk, &waiting);
                }
                Ok(())
            })
            .await
    }
}

fn check_digest(vm: &Vm, update: &Update) -> Result<(), VmError> {
    match &update.digest {
        Some(digest) if *digest != vm.digest => Err(VmError::Digest),
        _ => Ok(()),
    }
}

/// What forbids a change before anything is done.
fn check(vm: &Vm, update: &Update) -> Result<(), VmError> {
    check_digest(vm, update)?;
    vm.check_lock(update.skiplock)?;
    check_disks(vm, update.set.iter().map(|(key, _)| key).chain(&update.delete))?;
    let replaced =
        |key: &str| update.set.iter().any(|(set, _)| set == key) || update.delete.iter().any(|gone| gone == key);
    let kept = vm.file.main.iter().chain(vm.file.pending.iter().filter(|(key, _)| !vm.file.main.contains(key)));
    cloudinit::check_single(kept.filter(|(key, _)| !replaced(key)), &update.set)?;
    for key in &update.delete {
        if update.set.iter().any(|(set, _)| set == key) {
            return Err(VmError::parameter(key, format!("cannot set and delete '{key}' at the same time")));
        }
        if vm.config.protection == Some(true) && DriveId::parse(key).is_some() {
            return Err(VmError::parameter("delete", format!("can't remove drive '{key}' - protection mode enabled")));
        }
    }
    Ok(())
}
