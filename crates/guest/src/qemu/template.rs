//! VMs that serve for being copied.

use schema::Vmid;
use serde_json::json;
use storage::VolumeId;

use super::{
    cmdline::{Bus, DriveId},
    error::VmError,
    pending::{is_cdrom, volume, with_file},
    progress::Progress,
    vms::{Inner, Vm, Vms},
    volumes,
};
use crate::config_file::Section;

/// The drives whose volumes become a template's: key, value, volume.
fn disks(vmid: Vmid, section: &Section, owner: impl Fn(&str) -> Option<Vmid>) -> Vec<(String, String, VolumeId)> {
    let drives = section
        .iter()
        .filter(|(key, value)| DriveId::parse(key).is_some_and(|drive| drive.bus != Bus::Unused) && !is_cdrom(value));
    let own = drives.filter_map(|(key, value)| {
        let text = volume(value).filter(|text| owner(text) == Some(vmid))?;
        Some((key.to_owned(), value.to_owned(), text.parse().ok()?))
    });
    own.collect()
}

/// A drive's value with another volume, all else as it was.
fn moved(value: &str, volume: &VolumeId) -> String {
    let size = value.split(',').find(|part| part.starts_with("size="));
    let moved = with_file(value, &volume.to_string());
    size.map_or_else(|| moved.clone(), |size| format!("{moved},{size}"))
}

/// Refuses what would change a template's disks.
pub(crate) fn check_disks(vm: &Vm, keys: impl IntoIterator<Item = impl AsRef<str>>) -> Result<(), VmError> {
    let base = |value: &str| volume(value).is_some_and(|id| id.rsplit('/').next().unwrap_or(id).starts_with("base-"));
    let based = vm.file.main.iter().any(|(key, value)| DriveId::parse(key).is_some() && base(value));
    for key in keys {
        let key = key.as_ref();
        let disk = DriveId::parse(key).is_some_and(|drive| drive.bus != Bus::Unused);
        let cdrom = vm.file.main.get(key).is_some_and(is_cdrom);
        if vm.is_template() && disk && !cdrom {
            return Err(VmError::parameter(
                key,
                "the disks of a template cannot be changed - clone it and change those",
            ));
        }
        if based && key == "template" {
            return Err(VmError::parameter(key, "a template cannot become a VM again - clone it"));
        }
    }
    Ok(())
}

impl Vms {
    /// Checks that a VM can become a template.
    ///
    /// # Errors
    /// When it is one, runs, is locked, has snapshots, or has no such disk.
    pub fn check_template(&self, vmid: Vmid, disk: Option<&str>) -> Result<(), VmError> {
        let vm = self.get(vmid)?;
        vm.check_lock(false)?;
        let refuse = |why: &str| Err(VmError::parameter("vmid", why));
        if vm.is_template() && disk.is_none() {
            return refuse("you can't convert a template to a template");
        }
        if !vm.file.snapshots.is_empty() {
            return refuse("unable to create template, because VM contains snapshots");
        }
        if self.running(vmid).is_some() {
            return refuse("you can't convert a VM to template if VM is running");
        }
        let Some(disk) = disk else { return Ok(()) };
        let owner = |text: &str| volumes::owner(&self.inner.storages, text);
        let known = disks(vmid, &vm.file.main, owner).iter().any(|(key, ..)| key == disk);
        if known { Ok(()) } else { Err(VmError::parameter("disk", format!("the VM has no disk '{disk}' of its own"))) }
    }

    /// Makes a VM a template: it does not start any more, and its disks (or one of them) are what linked clones stand
    /// on. When a step fails, undoing the noted record makes it a VM again.
    ///
    /// # Errors
    /// As [`Vms::check_template`], and when a storage refuses.
    pub async fn make_template(&self, progress: &dyn Progress, vmid: Vmid, disk: Option<&str>) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        self.check_template(vmid, disk)?;
        let was = self.get(vmid)?.is_template();
        if !was {
            progress.undo(json!({ "vm": { "template": vmid.get() } })).await.map_err(VmError::Journal)?;
        }
        // From here on nobody starts it.
        self.inner
            .edit(vmid, |_, file| {
                file.main.set("template", "1");
                Ok(())
            })
            .await?;
        let owner = |text: &str| volumes::owner(&self.inner.storages, text);
        let text = |err: storage::StorageError| VmError::Volume(err.to_string());
        for (key, value, id) in disks(vmid, &self.get(vmid)?.file.main, owner) {
            let wanted = disk.is_none_or(|disk| disk == key);
            if !wanted || self.inner.storages.volume(&id).map_err(text)?.is_base {
                continue;
            }
            let base = self.inner.storages.make_base(&id).await.map_err(text)?;
            progress.log(&format!("{key}: '{id}' is base volume '{base}' now"));
            self.inner.put(vmid, &key, &moved(&value, &base)).await?;
        }
        Ok(())
    }
}

impl Inner {
    async fn put(&self, vmid: Vmid, key: &str, value: &str) -> Result<(), VmError> {
        self.edit(vmid, |_, file| {
            file.main.set(key, value);
            Ok(())
        })
        .await
    }

    /// Makes a template that was not finished a VM again.
    pub(crate) async fn undo_template(&self, vmid: Vmid) -> Result<(), VmError> {
        let Ok(vm) = self.get(vmid) else { return Ok(()) };
        let owner = |text: &str| volumes::owner(&self.storages, text);
        let text = |err: storage::StorageError| VmError::Volume(err.to_string());
        for (key, value, id) in disks(vmid, &vm.file.main, owner) {
            let volume = self.storages.volume(&id).map_err(text)?;
            if !volume.is_base {
                // It may have been renamed without having been noted; else another's file of that name is not ours.
                let renamed = self.storages.unmake_base(&self.storages.base_name(&id).map_err(text)?).await;
                if renamed.is_err() && self.storages.resolve(&id).await.is_err() {
                    return renamed.map(|_| ()).map_err(text);
                }
                continue;
            }
            let plain = self.storages.unmake_base(&id).await.map_err(text)?;
            self.put(vmid, &key, &moved(&value, &plain)).await?;
        }
        self.edit(vmid, |_, file| {
            file.main.remove("template");
            Ok(())
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_disks_become_the_templates_and_nothing_else() {
        let section = Section::from_iter([
            ("scsi0", "local:100/vm-100-disk-0.raw,size=1G,ssd=1"),
            ("scsi1", "local:7/vm-7-disk-0.raw"),
            ("ide2", "local:iso/a.iso,media=cdrom"),
            ("efidisk0", "local:100/vm-100-disk-1.raw,size=128K"),
            ("unused0", "local:100/vm-100-disk-2.raw"),
        ]);
        let vmid = Vmid::new(100).unwrap();
        let owner = |text: &str| text.contains("vm-100-").then_some(vmid);
        let found: Vec<String> = disks(vmid, &section, owner).into_iter().map(|(key, ..)| key).collect();
        assert_eq!(found, ["efidisk0", "scsi0"]);
        let base = "local:100/base-100-disk-0.raw".parse().unwrap();
        assert_eq!(moved(section.get("scsi0").unwrap(), &base), "local:100/base-100-disk-0.raw,ssd=1,size=1G");
    }

    #[test]
    fn a_template_keeps_its_disks() {
        let vm = Vm::parse("ide2: none,media=cdrom\nscsi0: local:100/base-100-disk-0.raw\ntemplate: 1\n");
        for key in ["scsi0", "scsi1", "efidisk0", "template"] {
            assert!(check_disks(&vm, [key]).is_err(), "{key}");
        }
        assert!(check_disks(&vm, ["ide2", "name", "unused0"]).is_ok());
        assert!(check_disks(&Vm::parse("template: 1\n"), ["template"]).is_ok(), "it has no disks yet");
        assert!(check_disks(&Vm::parse("scsi0: local:100/vm-100-disk-0.raw\n"), ["scsi0", "template"]).is_ok());
    }
}
