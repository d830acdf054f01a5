//! Kept states of containers: what the steps of [`crate::snapshot::steps`] mean to one.

use host::{lxc::Lxc, rootfs::Root};
use schema::Vmid;
use serde_json::json;
use storage::{Content, SnapshotChange, Storages, VolumeId};

use super::{config::GuestLock, cts::Cts, error::CtError};
use crate::{
    config_file::{Dialect, GuestFile, Section},
    qemu::progress::Progress,
    snapshot::{self, Attached, Memory, Refusal, SnapshotWish, steps, steps::Edge},
};

impl From<Refusal> for CtError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Name(why) => Self::parameter("snapname", why),
            other => Self::Plan(other.to_string()),
        }
    }
}

/// The volumes' IDs, if all of them can have snapshots.
pub(super) fn able(storages: &Storages, volumes: &[Attached]) -> Result<Vec<(String, VolumeId)>, CtError> {
    let able = |attached: &Attached| {
        let Attached { key, volume } = attached;
        let id = volume.parse::<VolumeId>().ok().filter(|id| storages.has_snapshots(id).unwrap_or(false));
        id.map(|id| (key.clone(), id)).ok_or_else(|| {
            CtError::Plan(format!(
                "snapshot feature is not available: '{volume}' ({key}) lies where no states can be kept - move it to a storage with snapshots, such as BTRFS"
            ))
        })
    };
    volumes.iter().map(able).collect()
}

/// One container, and who is told how it goes.
struct CtEdge<'a> {
    cts: &'a Cts,
    progress: &'a dyn Progress,
    vmid: Vmid,
}

impl CtEdge<'_> {
    fn storages(&self) -> &Storages {
        &self.cts.inner.storages
    }

    async fn change(&self, attached: &Attached, name: &str, change: SnapshotChange) -> Result<(), CtError> {
        let id: VolumeId = attached.volume.parse().map_err(CtError::Plan)?;
        Ok(self.storages().snapshot(&id, name, change).await?)
    }

    /// Brings what a running container wrote to its file systems, as it stands still.
    fn sync(&self) -> std::io::Result<()> {
        let Some(live) = self.cts.running(self.vmid) else { return Ok(()) };
        let root = Root::open(format!("/proc/{}/root", live.running().init.pid).as_ref(), None)?;
        let config = self.cts.get(self.vmid).map(|ct| ct.config.clone());
        let config = config.map_err(std::io::Error::other)?;
        let points = config.mp.values().map(|point| point.mp.as_str());
        for path in std::iter::once("/").chain(points) {
            root.sync(path)?;
        }
        Ok(())
    }
}

impl Edge for CtEdge<'_> {
    type Error = CtError;

    fn file(&self) -> Result<GuestFile, CtError> {
        Ok(self.cts.get(self.vmid)?.file.clone())
    }

    async fn edit(&self, change: impl Fn(&mut GuestFile) -> Result<(), Refusal> + Send + Sync) -> Result<(), CtError> {
        self.cts.inner.edit(self.vmid, |_, file| Ok(change(file)?)).await
    }

    async fn activate(&self, volumes: &[Attached]) -> Result<(), CtError> {
        for attached in volumes {
            let id: VolumeId = attached.volume.parse().map_err(CtError::Plan)?;
            self.storages().usable_for(&id.storage, Content::Rootdir)?;
        }
        Ok(())
    }

    async fn check_new(&self, volumes: &[Attached], name: &str) -> Result<(), CtError> {
        for (key, id) in able(self.storages(), volumes)? {
            if self.storages().snapshots(&id).await?.iter().any(|known| known == name) {
                let why = format!("'{id}' ({key}) has a snapshot '{name}' already of which nobody knows - delete it");
                return Err(CtError::parameter("snapname", why));
            }
        }
        Ok(())
    }

    /// Processes cannot be kept.
    async fn memory(&self, _: &str) -> Result<Memory, CtError> {
        Ok(Memory::new())
    }

    async fn take(&self, volumes: &[Attached], name: &str, _: &Memory) -> Result<(), CtError> {
        let (group, _) = Lxc::groups(self.vmid.get());
        let group = self.cts.inner.cgroups.group(&group);
        // Standing still already is nobody's wish but that of whoever paused it.
        let freeze = self.cts.running(self.vmid).is_some() && !group.frozen();
        if freeze {
            group.freeze(true).map_err(CtError::io("unable to freeze"))?;
        }
        let taken = async {
            self.sync().map_err(CtError::io("unable to write out what the container wrote"))?;
            for attached in volumes {
                self.progress.log(&format!("snapshotting '{}' ({})", attached.key, attached.volume));
                self.change(attached, name, SnapshotChange::Create).await?;
            }
            Ok(())
        };
        let taken = taken.await;
        if freeze {
            group.freeze(false).map_err(CtError::io("unable to thaw"))?;
        }
        taken
    }

    async fn drop_volume(&self, volume: &Attached, name: &str) -> Result<(), CtError> {
        self.change(volume, name, SnapshotChange::Delete).await
    }

    async fn drop_memory(&self, _: &str) -> Result<(), CtError> {
        Ok(())
    }

    async fn check_back(&self, volume: &Attached, name: &str) -> Result<(), CtError> {
        for (key, id) in able(self.storages(), std::slice::from_ref(volume))? {
            if !self.storages().snapshots(&id).await?.iter().any(|known| known == name) {
                return Err(CtError::Plan(format!("'{id}' ({key}) has no snapshot '{name}'")));
            }
        }
        Ok(())
    }

    async fn stop(&self) -> Result<(), CtError> {
        if self.cts.running(self.vmid).is_none() {
            return Ok(());
        }
        self.progress.log("stopping the container");
        self.cts.kill(self.vmid).await
    }

    async fn back(&self, volume: &Attached, name: &str) -> Result<(), CtError> {
        self.progress.log(&format!("rolling back '{}' ({})", volume.key, volume.volume));
        self.change(volume, name, SnapshotChange::Apply).await?;
        self.cts.inner.release(&volume.volume.parse().map_err(CtError::Plan)?).await
    }

    async fn apply(&self, name: &str) -> Result<(), CtError> {
        let owned = |volume: &str| volume.parse().is_ok_and(|id| self.cts.inner.owns(self.vmid, &id));
        self.cts.inner.edit(self.vmid, |_, file| Ok(snapshot::apply(file, name, &owned)?)).await
    }

    async fn go_on(&self, _: &Section, _: &str) -> Result<(), CtError> {
        Ok(())
    }

    fn warn(&self, error: CtError) {
        self.progress.warn(&error.to_string());
    }
}

impl Cts {
    fn edge<'a>(&'a self, progress: &'a dyn Progress, vmid: Vmid) -> CtEdge<'a> {
        CtEdge { cts: self, progress, vmid }
    }

    /// Checks a wish as far as that is possible without doing anything.
    ///
    /// # Errors
    /// When the container is locked or a template, the name is taken, or a volume cannot have snapshots.
    pub fn check_snapshot(&self, vmid: Vmid, wish: &SnapshotWish) -> Result<(), CtError> {
        let ct = self.get(vmid)?;
        snapshot::check_begin(&ct.file, wish)?;
        able(&self.inner.storages, &snapshot::volumes(Dialect::Lxc, &ct.file.main)).map(drop)
    }

    /// Whether all volumes of a container can have snapshots.
    ///
    /// # Errors
    /// When there is no such container on this node.
    pub fn can_snapshot(&self, vmid: Vmid) -> Result<bool, CtError> {
        let ct = self.get(vmid)?;
        let volumes = snapshot::volumes(Dialect::Lxc, &ct.file.main);
        Ok(ct.config.template != Some(true) && able(&self.inner.storages, &volumes).is_ok())
    }

    /// Keeps the state of a container's volumes as of one moment; its processes stand still meanwhile. When a step
    /// fails, undoing the noted records removes what was kept.
    ///
    /// # Errors
    /// As [`Cts::check_snapshot`], and when a storage refuses.
    pub async fn snapshot(&self, progress: &dyn Progress, vmid: Vmid, wish: SnapshotWish) -> Result<(), CtError> {
        let _turn = self.turn(vmid).await?;
        self.check_snapshot(vmid, &wish)?;
        let edge = self.edge(progress, vmid);
        // A name that a volume knows already must be refused before this note: undoing it would remove that one.
        edge.check_new(&snapshot::volumes(Dialect::Lxc, &self.get(vmid)?.file.main), &wish.name).await?;
        let record = json!({ "lxc": "snapshot", "name": wish.name, "vmid": vmid.get() });
        progress.undo(record).await.map_err(CtError::Journal)?;
        steps::create(&edge, &wish, host::clock::now()).await
    }

    /// Takes a snapshot back that could not be made, or the lock of a removal that was cut off.
    pub(super) async fn undo_snapshot(&self, vmid: Vmid, name: &str) -> Result<(), CtError> {
        if self.get(vmid).is_err() {
            return Ok(());
        }
        let (group, _) = Lxc::groups(vmid.get());
        let group = self.inner.cgroups.group(&group);
        let cut_off = self.get(vmid)?.has_lock(GuestLock::Snapshot) && group.frozen();
        if cut_off && self.running(vmid).is_some() {
            group.freeze(false).map_err(CtError::io("unable to thaw"))?;
        }
        steps::abandon(&self.edge(&crate::qemu::progress::Quiet, vmid), name).await
    }

    /// Checks that a snapshot can be removed.
    ///
    /// # Errors
    /// When there is none of that name, or the container is locked.
    pub fn check_delete_snapshot(&self, vmid: Vmid, name: &str) -> Result<(), CtError> {
        Ok(snapshot::begin_delete(&mut self.get(vmid)?.file.clone(), name)?)
    }

    /// Removes a snapshot. Cut off half-way, it can be called again; `force` removes it from the configuration even
    /// if a storage refuses.
    ///
    /// # Errors
    /// As [`Cts::check_delete_snapshot`], and when a storage refuses.
    pub async fn delete_snapshot(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        name: &str,
        force: bool,
    ) -> Result<(), CtError> {
        let _turn = self.turn(vmid).await?;
        self.check_delete_snapshot(vmid, name)?;
        let record = json!({ "lxc": "snapshot", "name": name, "vmid": vmid.get() });
        progress.undo(record).await.map_err(CtError::Journal)?;
        steps::delete(&self.edge(progress, vmid), name, force).await
    }

    /// Checks that a container can go back to a snapshot.
    ///
    /// # Errors
    /// When there is none of that name, it is not complete, or the container is locked for something else or a template.
    pub fn check_rollback(&self, vmid: Vmid, name: &str) -> Result<(), CtError> {
        let ct = self.get(vmid)?;
        snapshot::check_rollback(&ct.file, name)?;
        let volumes = snapshot::volumes(Dialect::Lxc, snapshot::section(&ct.file, name)?);
        able(&self.inner.storages, &volumes).map(drop)
    }

    /// Brings a container back to a kept state; a running one is stopped. Cut off half-way, it stays locked as
    /// `rollback`, and this can be called again.
    ///
    /// # Errors
    /// As [`Cts::check_rollback`], and when a storage refuses.
    pub async fn rollback(&self, progress: &dyn Progress, vmid: Vmid, name: &str, start: bool) -> Result<(), CtError> {
        let _turn = self.turn(vmid).await?;
        self.check_rollback(vmid, name)?;
        steps::rollback(&self.edge(progress, vmid), name).await?;
        if start { self.start_in_turn(progress, vmid, false).await } else { Ok(()) }
    }

    /// Changes a snapshot's notes.
    ///
    /// # Errors
    /// When there is none of that name.
    pub async fn describe_snapshot(&self, vmid: Vmid, name: &str, description: &str) -> Result<(), CtError> {
        let _turn = self.turn(vmid).await?;
        self.inner
            .edit(vmid, |_, file| {
                snapshot::section(file, name)?;
                if let Some(section) = file.snapshots.get_mut(name) {
                    section.set("description", description);
                }
                Ok(())
            })
            .await
    }
}
