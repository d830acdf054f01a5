//! Making a container's volumes larger.

use schema::Vmid;
use storage::VolumeId;

use super::{
    config::{CtConfig, RootFs},
    cts::{Ct, Cts},
    error::CtError,
};
use crate::qemu::progress::Progress;

/// The root file system's volume.
fn root(ct: &Ct) -> Result<VolumeId, CtError> {
    let config: &CtConfig = &ct.config;
    let root = config.rootfs.as_ref().ok_or_else(|| CtError::parameter("disk", "the container has no 'rootfs'"))?;
    root.volume.parse().map_err(|why: String| CtError::parameter("disk", why))
}

impl Cts {
    /// Checks that a volume of a container can be made larger now.
    ///
    /// # Errors
    /// When it runs, is locked or a template, or has no such volume.
    pub fn check_resize(&self, vmid: Vmid, disk: &str) -> Result<(), CtError> {
        let ct = self.get(vmid)?;
        ct.check_lock(false)?;
        if disk != "rootfs" {
            return Err(CtError::parameter("disk", format!("the container has no volume '{disk}'")));
        }
        if ct.config.template == Some(true) {
            return Err(CtError::parameter("disk", "the volumes of a template cannot be changed - clone it"));
        }
        if self.running(vmid).is_some() {
            return Err(CtError::MustStop { vmid, action: "resize" });
        }
        let id = root(&ct)?;
        if self.inner.storages.volume(&id)?.format != "raw" {
            let why = format!("'{id}' is a directory: it has no size of its own");
            return Err(CtError::parameter("disk", why));
        }
        Ok(())
    }

    /// Makes a volume of a stopped container larger, and the file system on it. `bytes` is the new size, or with `grow`
    /// what is added. Cut off between the two, it can be called again.
    ///
    /// # Errors
    /// As [`Cts::check_resize`], when it would shrink, or a tool fails.
    pub async fn resize(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        disk: &str,
        bytes: u64,
        grow: bool,
    ) -> Result<(), CtError> {
        let _turn = self.turn(vmid).await?;
        self.check_resize(vmid, disk)?;
        let ct = self.get(vmid)?;
        let id = root(&ct)?;
        let now = self.inner.storages.info(&id).await?.size;
        let wanted = if grow { now.saturating_add(bytes) } else { bytes }.next_multiple_of(4096);
        if wanted < now {
            return Err(CtError::parameter("size", "unable to shrink disk size"));
        }
        if wanted > now {
            progress.log(&format!("resizing '{id}' from {now} to {wanted} bytes"));
            self.inner.storages.resize(&id, wanted).await?;
        }
        host::ext4::grow(&self.inner.storages.resolve(&id).await?).await?;
        let size = schema::size::format_disk_size(wanted);
        self.inner
            .edit(vmid, |ct, file| {
                if let Some(root) = &ct.config.rootfs {
                    let root = RootFs { size: Some(size.clone()), ..root.0.clone() };
                    file.main.set(disk, &schema::property::print(&root));
                }
                Ok(())
            })
            .await
    }
}
