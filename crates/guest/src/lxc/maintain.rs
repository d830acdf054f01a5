//! Care for the file systems of a container: how full they are, checks, free blocks, and a look from outside.

use std::path::PathBuf;

use host::{ext4, lxc::Files, rootfs::Root};
use schema::{Reply, Vmid};
use storage::VolumeId;

use super::{
    config::{CtConfig, GuestLock},
    cts::{Ct, Cts},
    error::CtError,
    idmap,
    move_volume::mounted,
};
use crate::{qemu::progress::Progress, snapshot};

/// How full a file system of a container is.
#[derive(Reply, Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The option: `rootfs`, `mp0`, ….
    pub mp: String,
    /// The volume.
    pub volume: String,
    /// Where it appears inside.
    pub path: String,
    /// Size, bytes.
    pub size: u64,
    /// Bytes in use.
    pub used: u64,
    /// Bytes free for everybody.
    pub avail: u64,
}

/// The file systems of a container: option, volume and path inside.
fn places(ct: &Ct) -> Vec<(String, String, String)> {
    let path = |key: &str| match key.strip_prefix("mp").and_then(|index| index.parse().ok()) {
        Some(index) => ct.config.mp.get(&index).map(|point| point.mp.clone()),
        None => Some("/".to_owned()),
    };
    let known = snapshot::volumes(ct.file.dialect, &ct.file.main).into_iter();
    known
        .filter_map(|attached| Some((path(&attached.key)?, attached)))
        .map(|(path, a)| (a.key, a.volume, path))
        .collect()
}

fn fill(root: &Root, places: Vec<(String, String, String)>) -> std::io::Result<Vec<Filled>> {
    let one = |(mp, volume, path): (String, String, String)| {
        let space = host::space::of_open(&root.open_directory(&path)?)?;
        let (size, used, avail) = (space.total, space.used, space.avail);
        Ok(Filled { mp, volume, path, size, used, avail })
    };
    places.into_iter().map(one).collect()
}

fn trim(root: &Root, places: &[(String, String, String)], log: &mut dyn FnMut(String)) -> std::io::Result<()> {
    for (key, volume, path) in places {
        let told = match host::sys::trim(&root.open_directory(path)?) {
            Ok(bytes) => format!("{key} ({volume}): {bytes} bytes are free and the storage knows"),
            Err(err) => format!("{key} ({volume}): not trimmed: {err}"),
        };
        log(told);
    }
    Ok(())
}

impl Cts {
    async fn files(&self, config: &CtConfig, ct: &Ct) -> Result<Files, CtError> {
        let inner = &self.inner;
        let map = idmap::of(&ct.file.main.raw, config.is_unprivileged()).map_err(CtError::Plan)?;
        let (rootfs, points) = (inner.root_volume(config).await?, inner.points(config, &map, false).await?);
        Ok(Files { rootfs, points, map: ct.root_owner() })
    }

    /// Does `work` in the file systems of a container, whether it runs or not.
    async fn look<T: Send + 'static>(
        &self,
        vmid: Vmid,
        ct: &Ct,
        work: impl FnOnce(&Root) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T, CtError> {
        let failed = || CtError::io("unable to look into the container's file systems");
        if let Some(live) = self.running(vmid) {
            let path = PathBuf::from(format!("/proc/{}/root", live.running().init.pid));
            let looked = tokio::task::spawn_blocking(move || work(&Root::open(&path, None)?));
            return looked.await.map_err(std::io::Error::other).and_then(|done| done).map_err(failed());
        }
        if ct.config.template == Some(true) {
            // Mounting writes, and copies may share what is there.
            return Err(CtError::Plan("the volumes of a template are not mounted - clone it".to_owned()));
        }
        let files = self.files(&ct.config, ct).await?;
        let looked = self.inner.lxc.mounted(vmid.get(), files, move |_, target| work(&Root::open(target, None)?));
        looked.await?.map_err(failed())
    }

    /// How full a container's file systems are.
    ///
    /// # Errors
    /// When there is no such container, or one of them cannot be mounted.
    pub async fn filled(&self, vmid: Vmid) -> Result<Vec<Filled>, CtError> {
        let _turn = self.turn(vmid).await?;
        let ct = self.get(vmid)?;
        let places = places(&ct);
        self.look(vmid, &ct, move |root| fill(root, places)).await
    }

    /// Tells the storages which blocks of a container's file systems are free; `only_root`: of that alone.
    ///
    /// # Errors
    /// When it is locked or one of them cannot be mounted. One that cannot be trimmed is told.
    pub async fn trim(&self, progress: &dyn Progress, vmid: Vmid, only_root: bool) -> Result<(), CtError> {
        let _turn = self.turn(vmid).await?;
        let ct = self.get(vmid)?;
        ct.check_lock(false)?;
        let mut places = places(&ct);
        places.retain(|(key, volume, _)| volume.parse::<VolumeId>().is_ok() && (!only_root || key == "rootfs"));
        let work = move |root: &Root| {
            let mut told = Vec::new();
            trim(root, &places, &mut |line| told.push(line))?;
            Ok(told)
        };
        self.look(vmid, &ct, work).await?.iter().for_each(|line| progress.log(line));
        Ok(())
    }

    /// Checks that a volume's file system can be checked now.
    ///
    /// # Errors
    /// When the container runs or is locked, or has no such volume with a file system of its own.
    pub fn check_fsck(&self, vmid: Vmid, device: &str) -> Result<VolumeId, CtError> {
        let ct = self.get(vmid)?;
        ct.check_lock(false)?;
        if self.running(vmid).is_some() {
            return Err(CtError::Plan(format!("cannot run fsck on active container {vmid} - stop it first")));
        }
        let id = mounted(&ct, device)?;
        if self.inner.storages.volume(&id)?.format == "subvol" {
            return Err(CtError::parameter(
                "device",
                format!("'{id}' is a directory: there is no file system to check"),
            ));
        }
        Ok(id)
    }

    /// Checks the file system of a volume of a container that does not run, and repairs what can be repaired without
    /// asking.
    ///
    /// # Errors
    /// As [`Cts::check_fsck`], and when damage remains.
    pub async fn fsck(&self, progress: &dyn Progress, vmid: Vmid, device: &str, force: bool) -> Result<(), CtError> {
        let _turn = self.turn(vmid).await?;
        let id = self.check_fsck(vmid, device)?;
        let path = self.inner.storages.resolve(&id).await?;
        Ok(ext4::check(&path, force, |line| progress.log(line)).await?)
    }

    /// Mounts the file systems of a container that does not run where the host sees them, and locks it meanwhile.
    /// Answers where.
    ///
    /// # Errors
    /// When it runs, is locked, or cannot be mounted.
    pub async fn mount(&self, vmid: Vmid) -> Result<PathBuf, CtError> {
        let _turn = self.turn(vmid).await?;
        let ct = self.get(vmid)?;
        ct.check_lock(false)?;
        if self.running(vmid).is_some() {
            return Err(CtError::Plan(format!(
                "CT {vmid} is running: its files are below /proc/PID/root of its processes"
            )));
        }
        if ct.config.template == Some(true) {
            return Err(CtError::Plan("the volumes of a template cannot be changed - clone it".to_owned()));
        }
        let files = self.files(&ct.config, &ct).await?;
        self.inner
            .edit(vmid, |ct, file| {
                ct.check_lock(false)?;
                file.main.set("lock", GuestLock::Mounted.as_str());
                Ok(())
            })
            .await?;
        match self.inner.lxc.show(vmid.get(), files).await {
            Ok(place) => Ok(place),
            Err(err) => {
                self.unlock_mounted(vmid).await?;
                Err(err.into())
            }
        }
    }

    /// Takes back what [`Cts::mount`] did.
    ///
    /// # Errors
    /// When it is not mounted, or the system refuses.
    pub async fn unmount(&self, vmid: Vmid) -> Result<(), CtError> {
        let _turn = self.turn(vmid).await?;
        let locked = self.get(vmid)?.has_lock(GuestLock::Mounted);
        // The lock may have outlived the mount: the host was restarted.
        if !self.inner.lxc.hide(vmid.get())? && !locked {
            return Err(CtError::Plan(format!("CT {vmid} is not mounted")));
        }
        self.unlock_mounted(vmid).await
    }

    async fn unlock_mounted(&self, vmid: Vmid) -> Result<(), CtError> {
        self.inner
            .edit(vmid, |ct, file| {
                if ct.has_lock(GuestLock::Mounted) {
                    file.main.remove("lock");
                }
                Ok(())
            })
            .await
    }
}
