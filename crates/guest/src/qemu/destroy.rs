//! Removing a VM.

use schema::Vmid;

use super::{error::VmError, pending::volume, progress::Progress, vms::Vms, volumes};

/// How a VM is removed.
#[derive(Debug, Clone, Copy, Default)]
pub struct DestroyOptions {
    /// Whatever it is locked for.
    pub skiplock: bool,
    /// Remove disks too that belong to it by name, but are in no configuration.
    pub unreferenced: bool,
}

impl Vms {
    /// Removes a VM and its disks. Cut off half-way, it leaves a configuration locked as `destroyed`, and can be
    /// called again.
    ///
    /// # Errors
    /// When it runs, is protected or locked, or a storage refuses.
    pub async fn destroy(&self, progress: &dyn Progress, vmid: Vmid, options: DestroyOptions) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        let vm = self.get(vmid)?;
        if vm.config.protection == Some(true) {
            return Err(VmError::Protected(vmid));
        }
        let again = vm.has_lock("destroyed") || vm.has_lock("suspended");
        vm.check_lock(options.skiplock || again)?;
        if self.running(vmid).is_some() {
            return Err(VmError::MustStop { vmid, action: "destroy" });
        }
        let sections = [&vm.file.main, &vm.file.pending].into_iter().chain(vm.file.snapshots.values());
        let mut doomed: Vec<String> = sections
            .flat_map(crate::config_file::Section::iter)
            .filter(|(key, _)| super::cmdline::DriveId::parse(key).is_some() || *key == "vmstate")
            .filter_map(|(_, value)| volume(value).map(str::to_owned))
            .collect();
        if options.unreferenced {
            doomed.extend(volumes::owned(&self.inner.storages, vmid).await);
        }
        doomed.sort();
        doomed.dedup();
        doomed.retain(|volume| volumes::owner(&self.inner.storages, volume) == Some(vmid));
        for volume in &doomed {
            volumes::check_unlinked(&self.inner.storages, volume).await.map_err(VmError::Volume)?;
        }
        self.inner
            .edit(vmid, |_, file| {
                file.main.set("lock", "destroyed");
                Ok(())
            })
            .await?;
        for volume in &doomed {
            progress.log(&format!("removing volume '{volume}'"));
            volumes::free(&self.inner.storages, volume).await.map_err(VmError::Volume)?;
        }
        self.inner.remove(vmid).await?;
        self.inner.sweep_user_data(vmid).await;
        // What QEMU printed last is of no use without the VM.
        self.inner.drop_huge_pages(vmid).await;
        super::start::companions::remove_logs(&self.inner.paths, vmid);
        self.forget(vmid);
        Ok(())
    }
}
