//! Changing a VM's configuration.

use std::time::Duration;

use schema::Vmid;
use serde_json::json;

use super::{
    cmdline::DriveId,
    error::VmError,
    pending::{apply, keep_dropped, owned_by, volume, waiting_drives},
    progress::Progress,
    running::{COMMAND, Running},
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

/// Options that mean nothing to a running QEMU, and so change at once.
const ALWAYS: &[&str] = &[
    "description",
    "hookscript",
    "lock",
    "migrate_downtime",
    "migrate_speed",
    "name",
    "onboot",
    "protection",
    "shares",
    "startup",
    "tags",
    "vmstatestorage",
    "hotplug",
    "template",
];

/// Whether an option of a running VM may change at once.
fn at_once(key: &str) -> bool {
    ALWAYS.contains(&key) || key.starts_with("unused")
}

impl Vms {
    /// Changes a VM's configuration. What a running VM cannot take over waits for its next start.
    ///
    /// # Errors
    /// When it is locked, the digest is old, an option is wrong, or a storage refuses. Nothing is changed then.
    pub async fn update(&self, progress: &dyn Progress, vmid: Vmid, update: Update) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        let vm = self.get(vmid)?;
        check(&vm, &update)?;
        let mut settled = Vec::new();
        for (key, value) in &update.set {
            settled.push((key.clone(), self.settle(progress, vmid, key, value).await?));
        }
        let running = self.running(vmid);
        let live = match &running {
            Some(running) => take_over(running, &vm, &settled).await?,
            None => Vec::new(),
        };
        let now = |key: &str| running.is_none() || at_once(key) || live.iter().any(|done| done == key);
        let owned = owned_by(&self.inner.storages, vmid);
        let mut freed = Vec::new();
        self.inner
            .edit(vmid, |vm, file| {
                check_digest(vm, &update)?;
                let waited = waiting_drives(file);
                for key in &update.revert {
                    file.revert_pending(key);
                }
                for key in &update.delete {
                    if !file.main.contains(key) && !file.pending.contains(key) {
                        progress.warn(&format!("cannot delete '{key}' - not set in current configuration!"));
                    }
                    file.delete_pending(key, update.force);
                }
                for (key, value) in &settled {
                    if value.is_empty() {
                        file.delete_pending(key, false);
                    } else {
                        file.set_pending(key, value);
                    }
                }
                keep_dropped(file, &waited, &owned)?;
                freed = apply(file, &owned, &now)?;
                Ok(())
            })
            .await?;
        self.inner.free_all(&freed).await
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
        let wanted = if grow { found.size.saturating_add(bytes) } else { bytes }.next_multiple_of(1024);
        if wanted < found.size {
            return Err(VmError::parameter("size", "shrinking disks is not supported"));
        }
        if wanted > found.size {
            match self.running(vmid) {
                Some(running) => {
                    let node = json!({ "node-name": format!("drive-{disk}"), "size": wanted });
                    running.call("block_resize", node, Duration::from_secs(60)).await?;
                }
                None => {
                    let id = disk_volume.parse().map_err(VmError::Volume)?;
                    storages.resize(&id, wanted).await.map_err(|err| VmError::Volume(err.to_string()))?;
                }
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

/// Takes changes over into a running VM, as far as that is possible. Returns the options that are in force now.
async fn take_over(running: &Running, vm: &Vm, set: &[(String, String)]) -> Result<Vec<String>, VmError> {
    let mut done = Vec::new();
    for (key, value) in set {
        let old = vm.file.main.get(key).unwrap_or_default();
        if link_only(key, old, value) {
            let up = !value.split(',').any(|part| part == "link_down=1");
            running.call("set_link", json!({ "name": key, "up": up }), COMMAND).await?;
            done.push(key.clone());
        }
        // Switching the balloon on or off would add or remove a device.
        if key == "balloon"
            && vm.config.balloon != Some(0)
            && let Some(mib) = value.parse::<u64>().ok().filter(|mib| *mib > 0)
        {
            running.call("balloon", json!({ "value": mib << 20 }), COMMAND).await?;
            done.push(key.clone());
        }
    }
    Ok(done)
}

/// Whether a card's change is only about its cable.
fn link_only(key: &str, old: &str, new: &str) -> bool {
    let rest = |value: &str| {
        let mut parts: Vec<String> = value
            .split(',')
            .filter(|part| !part.starts_with("link_down=") && !part.starts_with("firewall="))
            .map(str::to_owned)
            .collect();
        parts.sort();
        parts
    };
    key.starts_with("net") && !old.is_empty() && rest(old) == rest(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pulling_a_cable_is_told_from_changing_a_card() {
        let card = "virtio=BC:24:11:00:00:01,bridge=vmbr0";
        assert!(link_only("net0", card, &format!("{card},link_down=1")));
        assert!(!link_only("net0", card, "virtio=BC:24:11:00:00:01,bridge=vmbr1"));
        assert!(!link_only("net0", "", card));
        assert!(!link_only("name", card, card));
    }
}
