//! Exchanging the image of an application: a new root file system, everything else as it was.

use host::lxc::Files;
use schema::Vmid;
use serde_json::json;
use storage::VolumeId;

use super::{
    application::Said,
    cts::{Cts, root_owner},
    error::CtError,
    setup::First,
    source::{Fill, Source},
};
use crate::qemu::progress::Progress;

impl Cts {
    /// Tells why an image cannot be exchanged, before a task for it is begun.
    ///
    /// # Errors
    /// When there is no such container, it runs or is locked, it has snapshots, or the template is no image.
    pub async fn check_exchange(&self, vmid: Vmid, template: &VolumeId) -> Result<(), CtError> {
        let ct = self.get(vmid)?;
        ct.check_lock(false)?;
        if ct.config.template == Some(true) {
            return Err(CtError::Template);
        }
        if self.running(vmid).is_some() {
            return Err(CtError::MustStop { vmid, action: "update its image" });
        }
        if !ct.file.snapshots.is_empty() {
            return Err(CtError::Plan("the container has snapshots of its root file system: remove them first".into()));
        }
        match self.inner.source(template).await? {
            Source::Image(_) => Ok(()),
            Source::Archive(_) => {
                Err(CtError::parameter("ostemplate", format!("'{template}' is no image of an application (OCI)")))
            }
        }
    }

    /// Makes the root file system anew from another image. Mount points, network and limits stay, and so do the program
    /// and variables that were changed since the container was made. What was written into the old root file system is
    /// lost. When a step fails, the container is as before.
    ///
    /// # Errors
    /// As [`Cts::check_exchange`], and when a step fails.
    pub async fn exchange(&self, progress: &dyn Progress, vmid: Vmid, template: &VolumeId) -> Result<(), CtError> {
        let turn = self.turn(vmid).await?;
        self.check_exchange(vmid, template).await?;
        let (ct, source) = (self.get(vmid)?, self.inner.source(template).await?);
        let mut root =
            ct.config.rootfs.clone().ok_or_else(|| CtError::parameter("rootfs", "the container has none"))?.0;
        let old: VolumeId = root.volume.parse().map_err(|why: String| CtError::parameter("rootfs", why))?;
        let size = root.size.as_deref().and_then(schema::size::parse_disk_size).unwrap_or(0);
        let owner = root_owner(&ct.config, &ct.file.main.raw);

        let fresh = self.inner.name_volume(vmid, &old.storage, size).await?;
        let record = json!({ "lxc": "volume", "volume": fresh.id.to_string() });
        progress.undo(record).await.map_err(CtError::Journal)?;
        let rootfs = self.inner.make_volume(vmid, &fresh, owner).await?;
        progress.log(&format!("created volume '{}'", fresh.id));
        // Without its mount points: an image must not write into what is kept.
        let files = Files { rootfs, points: Vec::new(), map: owner };
        let (config, first) = (ct.config.clone(), First::default());
        let filled =
            self.inner.fill(progress, vmid, Fill { source, files, config, first, ignore_errors: false }).await?;

        root.volume = fresh.id.to_string();
        let before = self.inner.remembered(vmid).unwrap_or_else(|| Said {
            entrypoint: ct.file.main.get("entrypoint").map(str::to_owned),
            env: ct.file.main.get("env").map(str::to_owned),
        });
        self.inner
            .edit(vmid, |_, file| {
                file.main.set("rootfs", &schema::property::print(&root));
                if let Some(application) = &filled.application {
                    application.exchange(&mut file.main, &before);
                }
                Ok(())
            })
            .await?;
        self.inner.remember(vmid, filled.application.as_ref())?;
        if self.inner.storages.volume(&old)?.owner == Some(vmid)
            && let Err(err) = self.inner.storages.free(&old).await
        {
            progress.warn(&format!("the old volume '{old}' could not be removed: {err}"));
        }
        drop(turn);
        Ok(())
    }
}
