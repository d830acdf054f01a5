//! Storages that are thin pools of LVM: volumes take blocks when they are written. Snapshots are volumes themselves,
//! `snap_VOLUME_SNAPSHOT`, that nobody can write; what is made of one or of a template depends on it no more.

use std::path::Path;

use schema::Vmid;
use store::BoxFuture;

use super::block::{self, Shape};
use super::lvm::command::{self, change, group, inactive};
use super::lvm::{self, Kind, explain, full, remove};
use super::{Abilities, Entry, KnownOptions, NewVolume, Plugin, SnapshotChange, Space, VolumeInfo};
use crate::location::{self, Located};
use crate::{Content, Format, StorageConfig, StorageError, Volume};

/// The plugin.
pub struct LvmThin;

const ABILITIES: Abilities = Abilities {
    formats: &[Format::Raw],
    snapshot: &[Format::Raw],
    internal: &[],
    clone: &[Format::Raw],
    resize: &[Format::Raw],
    thin: true,
    quota: false,
    zeroed: true,
};

const OPTIONS: KnownOptions = KnownOptions {
    required: &["thinpool", "vgname"],
    fixed: &[],
    optional: &["bwlimit", "content", "disable", "nodes"],
    contents: &[Content::Images, Content::Rootdir],
    content: &[Content::Images, Content::Rootdir],
};

/// Ends the name of what takes a volume's place when a snapshot is applied.
const COMING: &str = ".pleiad-new";

fn pool(config: &StorageConfig) -> Result<&str, StorageError> {
    let name = config.fixed.thinpool.as_deref();
    name.ok_or_else(|| StorageError::Invalid(format!("storage '{}' has no thin pool; add 'thinpool'", config.id)))
}

fn snapshot_name(volume: &Volume, name: &str) -> String {
    format!("snap_{}_{name}", volume.name)
}

/// Makes a writable volume with the content of another one.
async fn fork(config: &StorageConfig, source: &str, vmid: Vmid, name: &str) -> Result<(), StorageError> {
    let (origin, tag) = (full(config, source)?, format!("pve-vm-{vmid}"));
    let words = ["--permission", "rw", "-kn", "--addtag", &tag, "-n", name, "-s", &origin];
    change("lvcreate", words).await.map_err(|error| explain(error, config, name))?;
    only_when_asked(config, name).await
}

/// Lets the start of the host pass a new volume over: whoever uses it makes it a device. `lvcreate` cannot say so of
/// thin volumes. The volume goes when that fails.
async fn only_when_asked(config: &StorageConfig, name: &str) -> Result<(), StorageError> {
    let done = change("lvchange", ["--setautoactivation", "n", &full(config, name)?]).await;
    if done.is_err() {
        remove(config, name).await?;
    }
    done
}

async fn names_of_snapshots(config: &StorageConfig, volume: &Volume) -> Result<Vec<String>, StorageError> {
    let start = snapshot_name(volume, "");
    let all = command::volumes(group(config)?).await?;
    Ok(all.iter().filter_map(|known| known.name.strip_prefix(&start).map(str::to_owned)).collect())
}

async fn change_snapshot(
    config: &StorageConfig,
    volume: &Volume,
    name: &str,
    wanted: SnapshotChange,
) -> Result<(), StorageError> {
    schema::format::check("pve-configid", name).map_err(StorageError::Invalid)?;
    if volume.is_base {
        return Err(StorageError::Invalid("can't snapshot this image format".to_owned()));
    }
    let kept = snapshot_name(volume, name);
    let all = command::volumes(group(config)?).await?;
    let there = |name: &str| all.iter().any(|known| known.name == name);
    if wanted != SnapshotChange::Delete && !there(&volume.name) {
        return Err(StorageError::NoVolume(volume.name.clone()));
    }
    match (wanted, there(&kept)) {
        (SnapshotChange::Delete, false) => Ok(()),
        (SnapshotChange::Delete, true) => remove(config, &kept).await,
        (SnapshotChange::Create, true) => {
            Err(StorageError::Invalid(format!("volume '{}' has a snapshot '{name}' already", volume.name)))
        }
        (SnapshotChange::Create, false) => {
            let origin = full(config, &volume.name)?;
            let words = ["--permission", "r", "-n", &kept, "-s", &origin];
            change("lvcreate", words).await.map_err(|error| explain(error, config, &volume.name))
        }
        (SnapshotChange::Apply, false) => {
            Err(StorageError::Invalid(format!("volume '{}' has no snapshot '{name}'", volume.name)))
        }
        (SnapshotChange::Apply, true) => {
            let coming = format!("{}{COMING}", volume.name);
            if there(&coming) {
                remove(config, &coming).await?;
            }
            let owner = volume.owner.ok_or_else(|| StorageError::NoVolume(volume.name.clone()))?;
            fork(config, &kept, owner, &coming).await?;
            remove(config, &volume.name).await?;
            change("lvrename", [group(config)?, &coming, &volume.name]).await
        }
    }
}

/// Gives what should have taken a volume's place that place, if the volume went before the daemon was killed.
async fn sweep(config: &StorageConfig) -> Result<(), StorageError> {
    let all = command::volumes(group(config)?).await?;
    let there = |name: &str| all.iter().any(|known| known.name == name);
    for coming in all.iter().filter(|known| known.pool.as_deref() == config.fixed.thinpool.as_deref()) {
        let Some(name) = coming.name.strip_suffix(COMING) else { continue };
        if there(name) {
            remove(config, &coming.name).await?;
        } else {
            change("lvrename", [group(config)?, &coming.name, name]).await?;
        }
    }
    Ok(())
}

async fn rebase(config: &StorageConfig, volume: &Volume, to_base: bool) -> Result<String, StorageError> {
    let Some(name) = block::renamed(&volume.name, to_base) else { return Ok(volume.name.clone()) };
    match lvm::located(config, &volume.name).await {
        // It was cut off after the new name, or never got so far.
        Err(StorageError::NoVolume(_)) if !to_base => return Ok(name),
        found => found?,
    };
    let renamed = change("lvrename", [group(config)?, &volume.name, &name]).await;
    renamed.map_err(|error| explain(error, config, &name))?;
    let permission = if to_base { "r" } else { "rw" };
    change("lvchange", ["--permission", permission, &full(config, &name)?]).await?;
    Ok(name)
}

impl Plugin for LvmThin {
    fn abilities(&self, _config: &StorageConfig) -> &'static Abilities {
        &ABILITIES
    }

    fn options(&self) -> &'static KnownOptions {
        &OPTIONS
    }

    fn parse(&self, volname: &str) -> Result<Volume, StorageError> {
        let volume = block::parse(volname, Shape::default())?;
        match volume.name.ends_with(COMING) {
            true => Err(StorageError::Name(format!("unable to parse volume name '{volname}'"))),
            false => Ok(volume),
        }
    }

    fn volname(&self, _vmid: Vmid, name: &str) -> String {
        name.to_owned()
    }

    fn file_name(&self, stem: &str, format: Format) -> String {
        lvm::Lvm.file_name(stem, format)
    }

    fn locate(&self, config: &StorageConfig, volume: &Volume, snapshot: Option<&str>) -> Result<Located, StorageError> {
        location::of_logical(config, &volume.name, snapshot)
    }

    fn find<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
        snapshot: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Located, StorageError>> {
        Box::pin(lvm::reach(config, volume, snapshot))
    }

    fn of_path(&self, config: &StorageConfig, path: &Path) -> Option<(Content, String)> {
        lvm::of_path(config, path, |name| self.parse(name))
    }

    fn sweep<'a>(&'a self, config: &'a StorageConfig) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(sweep(config))
    }

    fn activate<'a>(&'a self, config: &'a StorageConfig) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move { self.space(config).await.map(drop) })
    }

    fn space<'a>(&'a self, config: &'a StorageConfig) -> BoxFuture<'a, Result<Space, StorageError>> {
        Box::pin(async move {
            let (group, name) = (group(config)?, pool(config)?);
            let known = command::groups().await?.into_iter().any(|known| known.name == group);
            if !known {
                return Err(inactive(config, format!("no such volume group '{group}'")));
            }
            let all = command::volumes(group).await?;
            let found = all.iter().find(|volume| volume.name == name && volume.is_thin_pool());
            let found = found.ok_or_else(|| inactive(config, format!("no such thin pool '{group}/{name}'")))?;
            let used = (found.size as f64 * found.filled / 100.0) as u64;
            Ok(Space { total: found.size, used, avail: found.size.saturating_sub(used) })
        })
    }

    fn list<'a>(
        &'a self,
        config: &'a StorageConfig,
        _content: Content,
        vmid: Option<Vmid>,
    ) -> BoxFuture<'a, Result<Vec<Entry>, StorageError>> {
        Box::pin(async move { lvm::list(config, Kind::Thin(pool(config)?), vmid, |name| self.parse(name)).await })
    }

    fn names<'a>(&'a self, config: &'a StorageConfig, _vmid: Vmid) -> BoxFuture<'a, Result<Vec<String>, StorageError>> {
        Box::pin(lvm::names(config))
    }

    fn allocate<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a NewVolume,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move {
            let (size, pool) = (format!("{}b", volume.size), full(config, pool(config)?)?);
            let tag = format!("pve-vm-{}", volume.vmid);
            let words = ["-aly", "--yes", "-kn", "-V", &size, "--name", &volume.name];
            let words = words.into_iter().chain(["--addtag", &tag, "--thinpool", &pool]);
            change("lvcreate", words).await.map_err(|error| explain(error, config, &volume.name))?;
            only_when_asked(config, &volume.name).await
        })
    }

    fn free<'a>(&'a self, config: &'a StorageConfig, volume: &'a Volume) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move {
            // The volume goes last: as long as it is there, whoever was cut off can go on.
            for name in names_of_snapshots(config, volume).await? {
                remove(config, &snapshot_name(volume, &name)).await?;
            }
            match lvm::located(config, &volume.name).await {
                Err(StorageError::NoVolume(_)) => Ok(()),
                found => {
                    found?;
                    remove(config, &volume.name).await
                }
            }
        })
    }

    fn info<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<VolumeInfo, StorageError>> {
        Box::pin(lvm::info(config, volume))
    }

    fn make_base<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<String, StorageError>> {
        Box::pin(async move {
            if volume.is_base {
                return Err(StorageError::Invalid(format!("volume '{}' is a template volume already", volume.name)));
            }
            rebase(config, volume, true).await
        })
    }

    fn unmake_base<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<String, StorageError>> {
        Box::pin(rebase(config, volume, false))
    }

    fn rename<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
        to: (Vmid, &'a str),
    ) -> BoxFuture<'a, Result<String, StorageError>> {
        Box::pin(lvm::given(config, volume, to))
    }

    fn link_format(&self, _base: &Volume) -> Format {
        Format::Raw
    }

    fn link_name(&self, _base: &Volume, _vmid: Vmid, name: &str) -> String {
        name.to_owned()
    }

    fn link<'a>(
        &'a self,
        config: &'a StorageConfig,
        base: &'a Volume,
        volume: &'a NewVolume,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move {
            if !base.is_base {
                let why = format!("Linked clone feature is not available for '{}'", base.name);
                return Err(StorageError::Invalid(why));
            }
            fork(config, &base.name, volume.vmid, &volume.name).await
        })
    }

    fn duplicate<'a>(
        &'a self,
        config: &'a StorageConfig,
        (source, snapshot): (&'a Volume, Option<&'a str>),
        volume: &'a NewVolume,
    ) -> BoxFuture<'a, Result<bool, StorageError>> {
        Box::pin(async move {
            if volume.format != Format::Raw {
                return Ok(false);
            }
            let name = snapshot.map_or_else(|| source.name.clone(), |name| snapshot_name(source, name));
            lvm::located(config, &name).await?;
            fork(config, &name, volume.vmid, &volume.name).await.map(|()| true)
        })
    }

    fn snapshots<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<Vec<String>, StorageError>> {
        Box::pin(async move {
            lvm::located(config, &volume.name).await?;
            names_of_snapshots(config, volume).await
        })
    }

    fn snapshot<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
        name: &'a str,
        change: SnapshotChange,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(change_snapshot(config, volume, name, change))
    }

    fn check_unlinked<'a>(
        &'a self,
        _config: &'a StorageConfig,
        _volume: &'a Volume,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn resize<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
        size: u64,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(lvm::grow(config, volume, size))
    }
}
