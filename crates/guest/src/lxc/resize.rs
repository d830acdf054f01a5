//! Making a container's volumes larger.

use std::fs::File;

use host::{process::Process, rootfs::Root};
use schema::{Vmid, property::print};
use storage::VolumeId;

use super::{
    config::{CtConfig, MountPoint, RootFs},
    cts::{Ct, Cts},
    error::CtError,
};
use crate::qemu::progress::Progress;

/// What an option describes that has a size.
enum Part {
    Root(RootFs),
    Point(MountPoint),
}

impl Part {
    /// What the option `disk` describes.
    fn of(ct: &Ct, disk: &str) -> Result<Self, CtError> {
        let config: &CtConfig = &ct.config;
        let index = disk.strip_prefix("mp").and_then(|index| index.parse().ok());
        let found = match index {
            None if disk == "rootfs" => config.rootfs.as_ref().map(|root| Self::Root(root.0.clone())),
            None => None,
            Some(index) => config.mp.get(&index).map(|point| Self::Point(point.0.clone())),
        };
        found.ok_or_else(|| CtError::parameter("disk", format!("the container has no volume '{disk}'")))
    }

    fn volume(&self) -> Result<VolumeId, CtError> {
        let (Self::Root(RootFs { volume, .. }) | Self::Point(MountPoint { volume, .. })) = self;
        volume.parse().map_err(|_| CtError::parameter("disk", format!("'{volume}' is no volume of a storage")))
    }

    /// Where a running container has it, opened there.
    fn opened(&self, init: &Process) -> std::io::Result<File> {
        let root = Root::open(format!("/proc/{}/root", init.pid).as_ref(), None)?;
        let place = match self {
            Self::Root(_) => "/",
            Self::Point(point) => &point.mp,
        };
        root.open_directory(place)
    }

    /// The option's value with that size.
    fn sized(self, size: String) -> String {
        let size = Some(size);
        match self {
            Self::Root(root) => print(&RootFs { size, ..root }),
            Self::Point(point) => print(&MountPoint { size, ..point }),
        }
    }
}

impl Cts {
    /// Checks that a volume of a container can be made larger now.
    ///
    /// # Errors
    /// When it is locked or a template, or has no such volume.
    pub fn check_resize(&self, vmid: Vmid, disk: &str) -> Result<(), CtError> {
        let ct = self.get(vmid)?;
        ct.check_lock(false)?;
        if ct.config.template == Some(true) {
            return Err(CtError::parameter("disk", "the volumes of a template cannot be changed - clone it"));
        }
        if self.running(vmid).is_some() && !host::ext4::may_grow_mounted() {
            let why = "this host does not let file systems grow while they are mounted (CAP_SYS_RESOURCE is missing): stop the container first";
            return Err(CtError::Plan(why.to_owned()));
        }
        let id = Part::of(&ct, disk)?.volume()?;
        if self.inner.storages.volume(&id)?.format != "raw" {
            let why = format!("'{id}' is a directory: it has no size of its own");
            return Err(CtError::parameter("disk", why));
        }
        Ok(())
    }

    /// Makes a volume of a container larger, and the file system on it. `bytes` is the new size, or with `grow`
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
        let part = Part::of(&ct, disk)?;
        let id = part.volume()?;
        let now = self.inner.storages.info(&id).await?.size;
        let wanted = if grow { now.saturating_add(bytes) } else { bytes }.next_multiple_of(4096);
        if wanted < now {
            return Err(CtError::parameter("size", "unable to shrink disk size"));
        }
        if wanted > now {
            progress.log(&format!("resizing '{id}' from {now} to {wanted} bytes"));
            self.inner.storages.resize(&id, wanted).await?;
        }
        let path = self.inner.storages.resolve(&id).await?;
        let failed = || CtError::io(format!("the file system on '{id}' does not grow"));
        match self.running(vmid) {
            Some(live) => {
                let place = part.opened(&live.running().init).map_err(failed())?;
                host::ext4::grow_mounted(&path, &place, wanted).await.map_err(failed())?;
            }
            None => host::ext4::grow(&path).await?,
        }
        let value = part.sized(schema::size::format_disk_size(wanted));
        self.inner
            .edit(vmid, |_, file| {
                file.main.set(disk, &value);
                Ok(())
            })
            .await
    }
}
