//! Removing a container with everything that belongs to it.

use schema::Vmid;
use storage::VolumeId;

use super::{
    config::{CtConfig, GuestLock},
    cts::{Cts, Inner},
    error::CtError,
};
use crate::{config_file::GuestFile, qemu::progress::Progress};

/// How a container is removed.
#[derive(Debug, Clone, Copy, Default)]
pub struct DestroyOptions {
    /// Stop it if it runs.
    pub force: bool,
    /// Also remove volumes that belong to it by name, though nothing mentions them.
    pub unreferenced: bool,
}

impl Cts {
    /// Tells why a container cannot be removed, before a task for it is begun.
    ///
    /// # Errors
    /// When there is none, it is protected, locked, or runs without `force`.
    pub fn check_destroy(&self, vmid: Vmid, options: DestroyOptions) -> Result<(), CtError> {
        let ct = self.get(vmid)?;
        if ct.config.protection == Some(true) {
            return Err(CtError::Protected(vmid));
        }
        // An interrupted removal is finished by another one.
        if !ct.has_lock(GuestLock::Destroyed) {
            ct.check_lock(false)?;
        }
        if self.running(vmid).is_some() && !options.force {
            return Err(CtError::MustStop { vmid, action: "destroy" });
        }
        Ok(())
    }

    /// Removes a container: its volumes, its generated files, at last its configuration.
    ///
    /// # Errors
    /// As [`Cts::check_destroy`]; when a volume cannot be removed. It can be tried again then.
    pub async fn destroy(&self, progress: &dyn Progress, vmid: Vmid, options: DestroyOptions) -> Result<(), CtError> {
        let turn = self.turn(vmid).await?;
        self.check_destroy(vmid, options)?;
        if self.running(vmid).is_some() {
            self.kill(vmid).await?;
        }
        self.inner
            .edit(vmid, |_, file| {
                file.main.set("lock", GuestLock::Destroyed.as_str());
                Ok(())
            })
            .await?;
        let ct = self.get(vmid)?;
        for volume in volumes(&ct.file) {
            self.inner.free_own(progress, vmid, &volume).await?;
        }
        if options.unreferenced {
            self.inner.free_unreferenced(progress, vmid).await?;
        }
        self.inner.lxc.remove(vmid.get())?;
        // Its log is of no use without it; it need not exist.
        let _ = std::fs::remove_file(self.inner.paths.lxc_log(vmid));
        self.inner.remove(vmid).await?;
        self.forget(vmid);
        drop(turn);
        Ok(())
    }
}

impl Inner {
    async fn free_own(&self, progress: &dyn Progress, vmid: Vmid, volume: &VolumeId) -> Result<(), CtError> {
        // One that belongs to another guest by its name is left to that.
        if self.storages.volume(volume)?.owner != Some(vmid) {
            return Ok(());
        }
        progress.log(&format!("removing volume '{volume}'"));
        Ok(self.storages.free(volume).await?)
    }

    async fn free_unreferenced(&self, progress: &dyn Progress, vmid: Vmid) -> Result<(), CtError> {
        let configs = self.storages.configs();
        for config in configs.iter() {
            let Ok(entries) = self.storages.list(&config.id, None, Some(vmid)).await else { continue };
            for entry in entries {
                let Ok(id) = entry.volid.parse::<VolumeId>() else { continue };
                let volume = self.storages.volume(&id)?;
                if volume.owner == Some(vmid) && volume.content == storage::Content::Images {
                    self.free_own(progress, vmid, &id).await?;
                }
            }
        }
        Ok(())
    }
}

/// The volumes that a container's file mentions, in any section.
pub(super) fn volumes(file: &GuestFile) -> Vec<VolumeId> {
    let sections = [&file.main, &file.pending].into_iter().chain(file.snapshots.values());
    let mut all: Vec<VolumeId> = sections
        .flat_map(|section| {
            let config = CtConfig::read(section);
            let root = config.rootfs.iter().map(|root| root.volume.clone()).collect::<Vec<_>>();
            let points = config.mp.values().map(|point| point.volume.clone()).collect::<Vec<_>>();
            let unused = config.unused.values().map(|unused| unused.volume.clone()).collect::<Vec<_>>();
            root.into_iter().chain(points).chain(unused)
        })
        .filter_map(|text| text.parse().ok())
        .collect();
    all.sort();
    all.dedup();
    all
}
