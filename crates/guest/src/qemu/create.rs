//! Making a VM.

use schema::Vmid;
use serde_json::{Value, json};

use super::{
    cloudinit,
    cmdline::{EFI_DISK, TPM_STATE, default_order},
    config::VmConfig,
    error::VmError,
    facts, file,
    import::import_source,
    pending::with_file,
    progress::Progress,
    vms::Vms,
    volumes,
};
use crate::{
    config_file::{Dialect, GuestFile},
    datacenter,
};

/// What a new VM shall be.
#[derive(Debug, Clone, Default)]
pub struct Create {
    /// Its options as texts, checked by the table.
    pub options: Vec<(String, String)>,
    /// Storage for drives that do not name one.
    pub storage: Option<String>,
}

impl Vms {
    /// Makes a VM: its configuration, its disks. When a step fails, undoing the noted records removes all of it.
    ///
    /// # Errors
    /// When the ID is in use, an option is wrong, or a storage refuses.
    pub async fn create(&self, progress: &dyn Progress, vmid: Vmid, create: Create) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        let undo = |record: Value| async move { progress.undo(record).await.map_err(VmError::Journal) };
        let mut file = GuestFile::new(Dialect::Qemu);
        file.main.set("lock", "create");
        undo(json!({ "vm": { "created": vmid.get() } })).await?;
        self.inner.insert(vmid, &file).await?;

        let mut options = create.options;
        cloudinit::hash_password(&mut options, None)?;
        for (key, value) in &options {
            let value = self.settle(progress, vmid, key, value).await?;
            file.main.set(key, &value);
        }
        let config = file::view(&file.main);
        self.identify(&mut file, &config).await?;
        // The configuration is complete only now, so that a crash leaves one that is marked as being created.
        self.inner
            .edit(vmid, |_, stored| {
                *stored = file.clone();
                stored.main.remove("lock");
                Ok(())
            })
            .await
    }

    /// Brings one option's value into the form that is kept: new volumes are made, addresses and identities made up.
    pub(crate) async fn settle(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        key: &str,
        value: &str,
    ) -> Result<String, VmError> {
        if let Some(drive) = super::cmdline::DriveId::parse(key) {
            return self.settle_drive(progress, vmid, drive, value).await;
        }
        if key.starts_with("net") && key[3..].parse::<u32>().is_ok() {
            return self.settle_net(key, value);
        }
        match (key, value) {
            ("cicustom", _) => self.inner.check_custom(value).await.map(|()| value.to_owned()),
            ("vmgenid", "1") => uuid(),
            ("hookscript", volume) => {
                let found = crate::hook::find(&self.inner.storages, volume).await;
                found.map(|_| value.to_owned()).map_err(|err| VmError::parameter(key, err.to_string()))
            }
            _ => Ok(value.to_owned()),
        }
    }

    async fn settle_drive(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        drive: super::cmdline::DriveId,
        value: &str,
    ) -> Result<String, VmError> {
        let key = drive.to_string();
        if let Some(storage) = cloudinit::wished(value) {
            return self.settle_cloudinit(progress, vmid, (&key, value), storage).await;
        }
        if let Some(source) = import_source(value) {
            return self.import(progress, vmid, (&key, value), source).await;
        }
        let wrong = |message: String| VmError::parameter(&key, message);
        let file = value.split(',').next().unwrap_or_default();
        if matches!(file, "none" | "cdrom") || file.starts_with('/') {
            return Ok(value.to_owned());
        }
        let format = value.split(',').find_map(|part| part.strip_prefix("format="));
        let Some((storage, bytes)) = new_volume(file) else {
            let found = volumes::find(&self.inner.storages, file).await.map_err(wrong)?;
            let sized = with_file(value, file);
            let size = schema::size::format_disk_size(found.size);
            return Ok(if super::pending::is_cdrom(value) && found.size == 0 {
                sized
            } else {
                format!("{sized},size={size}")
            });
        };
        let efi = drive == EFI_DISK;
        let large = (efi && !facts::small_ovmf() && !value.contains("efitype=")).then(|| format!("{value},efitype=4m"));
        let value = large.as_deref().unwrap_or(value);
        let firmware = efi.then(|| self.efi_vars(value)).transpose()?;
        let (format, bytes) = match &firmware {
            Some((_, bytes)) => (Some(format.unwrap_or("raw")), *bytes),
            // Its program writes it itself, and knows no other form.
            None if drive == TPM_STATE && format.is_none_or(|format| format == "raw") => {
                (Some("raw"), host::swtpm::STATE_SIZE)
            }
            None if drive == TPM_STATE => return Err(wrong("the state of a TPM must be raw".to_owned())),
            None => (format, bytes),
        };
        let storages = &self.inner.storages;
        let wish = volumes::wish(storages, storage, vmid, format, bytes).await.map_err(wrong)?;
        let made = wish.id.to_string();
        progress.undo(json!({ "vm": { "volume": made } })).await.map_err(VmError::Journal)?;
        volumes::make(storages, vmid, &wish).await.map_err(wrong)?;
        progress.log(&format!("{key}: successfully created disk '{made}'"));
        if let Some((template, _)) = firmware {
            self.fill(&template, &made).await?;
        }
        let found = volumes::find(storages, &made).await.map_err(wrong)?;
        let size = schema::size::format_disk_size(found.size);
        Ok(format!("{},size={size}", with_file(value, &made)))
    }

    /// The fresh variables for a new store, and its size in bytes.
    fn efi_vars(&self, value: &str) -> Result<(std::path::PathBuf, u64), VmError> {
        let disk = schema::property::parse(value).map_err(|why| VmError::parameter("efidisk0", why))?;
        let firmware = super::cmdline::ovmf(Some(&disk), false, true);
        let template = std::path::Path::new(facts::FIRMWARE).join(firmware.vars);
        if !template.exists() {
            return Err(VmError::parameter(
                "efidisk0",
                format!("{} is missing; install package 'ovmf'", template.display()),
            ));
        }
        Ok((template, firmware.size))
    }

    /// Copies a raw file into a volume.
    async fn fill(&self, source: &std::path::Path, volume: &str) -> Result<(), VmError> {
        let target = volumes::find(&self.inner.storages, volume).await.map_err(VmError::Volume)?;
        let run = host::run::Run::new("qemu-img").args(["convert", "-n", "-f", "raw", "-O", &target.format]);
        run.arg(source).arg(&target.path).output().await?;
        Ok(())
    }

    /// Fills in a hardware address where there is none, and checks what only the host knows.
    fn settle_net(&self, key: &str, value: &str) -> Result<String, VmError> {
        let mut net: super::config::device::NetDevice =
            schema::property::parse(value).map_err(|why| VmError::parameter(key, why))?;
        if net.macaddr.is_none() {
            net.macaddr = Some(self.random_mac()?);
        }
        Ok(schema::property::print(&net))
    }

    pub(super) fn random_mac(&self) -> Result<String, VmError> {
        let tree = self.inner.store.tree();
        datacenter::random_mac(datacenter::text(&tree)).map_err(VmError::io("unable to get random numbers"))
    }

    /// Gives a new VM what tells it from all others.
    async fn identify(&self, file: &mut GuestFile, config: &VmConfig) -> Result<(), VmError> {
        if config.boot.is_none() && config.bootdisk.is_none() {
            file.main.set("boot", &format!("order={}", default_order(config)));
        }
        if config.vmgenid.is_none() {
            file.main.set("vmgenid", &uuid()?);
        }
        match file.main.get("smbios1").map(str::to_owned) {
            Some(smbios) if smbios.contains("uuid=") => {}
            Some(smbios) => file.main.set("smbios1", &format!("{smbios},uuid={}", uuid()?)),
            None => file.main.set("smbios1", &format!("uuid={}", uuid()?)),
        }
        let qemu = self.inner.facts.qemu().await?.version;
        file.main.set("meta", &format!("creation-qemu={qemu},ctime={}", host::clock::now()));
        Ok(())
    }

    /// Undoes one noted step of a create that failed or was cut off.
    ///
    /// # Errors
    /// What still stands in the way, for the administrator.
    pub async fn undo(&self, record: &Value) -> Result<(), String> {
        let record = &record["vm"];
        let snapshot = record["snapshot"].as_str().or(record["snapshot-delete"].as_str());
        if let (Some(name), Some(vmid)) = (snapshot, vmid(&record["vmid"])) {
            return self.undo_snapshot(vmid, name).await.map_err(|err| err.to_string());
        }
        if let Some(vmid) = vmid(&record["suspending"]) {
            return self.undo_suspend(vmid).await.map_err(|err| err.to_string());
        }
        if let Some(vmid) = vmid(&record["resuming"]) {
            return self.undo_resume(vmid).await.map_err(|err| err.to_string());
        }
        if let Some(vmid) = vmid(&record["template"]) {
            return self.inner.undo_template(vmid).await.map_err(|err| err.to_string());
        }
        if record["renamed"].is_object() {
            return self.undo_rename(&record["renamed"]).await;
        }
        let mirror = &record["mirror"];
        if let (Some(vmid), Some(drive), Some(copy)) =
            (vmid(&mirror["vmid"]), mirror["drive"].as_str(), mirror["volume"].as_str())
        {
            return self.undo_mirror(vmid, drive, copy).await.map_err(|err| err.to_string());
        }
        match (record["volume"].as_str(), vmid(&record["created"])) {
            (Some(volume), _) if self.uses(volume) => Ok(()),
            (Some(volume), _) => volumes::free(&self.inner.storages, volume).await,
            (_, Some(vmid)) => {
                // Somebody else's VM of that ID is not ours to remove.
                let ours = self.get(vmid).is_ok_and(|vm| vm.has_lock("create") || vm.has_lock("clone"));
                if ours {
                    self.inner.remove(vmid).await.map_err(|err| err.to_string())?;
                    self.forget(vmid);
                }
                Ok(())
            }
            _ => Err(format!("not an undo record of a VM: {record}")),
        }
    }
}

impl Vms {
    /// Whether the VM that a volume belongs to by its name is complete and has it in its configuration: then it is no
    /// leftover.
    pub(super) fn uses(&self, volume: &str) -> bool {
        let vm = volumes::owner(&self.inner.storages, volume).and_then(|vmid| self.get(vmid).ok());
        vm.filter(|vm| !vm.has_lock("create") && !vm.has_lock("clone")).is_some_and(|vm| {
            let sections = [&vm.file.main, &vm.file.pending].into_iter().chain(vm.file.snapshots.values());
            sections.flat_map(|section| section.iter()).any(|(_, value)| super::pending::volume(value) == Some(volume))
        })
    }
}

fn vmid(value: &Value) -> Option<Vmid> {
    Vmid::new(u32::try_from(value.as_u64()?).ok()?)
}

/// `storage:32` asks for a new volume of so many GiB: storage and bytes.
pub(crate) fn new_volume(file: &str) -> Option<(&str, u64)> {
    let (_, bytes) = storage::parse_new(file)?;
    Some((file.split_once(':')?.0, bytes))
}

pub(super) fn uuid() -> Result<String, VmError> {
    host::crypt::random_uuid().map_err(VmError::io("unable to get random numbers"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_for_new_volumes() {
        assert_eq!(new_volume("local:32"), Some(("local", 32 << 30)));
        assert_eq!(new_volume("local:0.5"), Some(("local", 512 << 20)));
        assert_eq!(new_volume("local:100/vm-100-disk-0.raw"), None);
        assert_eq!(new_volume("none"), None);
        assert_eq!(new_volume("local:0.001"), Some(("local", 263 * 4096)), "in whole sectors");
    }
}
