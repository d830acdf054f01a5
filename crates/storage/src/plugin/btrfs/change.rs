//! What is done with volumes that are subvolumes. Each step is one that the file system does whole or not at all.

use std::path::{Path, PathBuf};

use host::run::Run;
use schema::Vmid;

use super::Btrfs;
use super::dir;
use super::subvolume::{self, Unfinished};
use crate::plugin::{NewVolume, Plugin as _, SnapshotChange};
use crate::{Content, Format, StorageConfig, StorageError, Volume};

/// The one file in a subvolume that is a raw disk.
const DISK: &str = "disk.raw";

/// The subvolume of a volume or of one of its snapshots.
fn place(config: &StorageConfig, volume: &Volume, snapshot: Option<&str>) -> Result<PathBuf, StorageError> {
    let path = subvolume::path(&Btrfs.locate(config, volume, snapshot)?)?;
    Ok(if volume.format == "raw" { path.parent().map(Path::to_path_buf).unwrap_or_default() } else { path })
}

/// The subvolume of a volume that is there, after a look that no link leads out.
async fn existing(config: &StorageConfig, volume: &Volume, snapshot: Option<&str>) -> Result<PathBuf, StorageError> {
    dir::inside_at(config, volume, place(config, volume, snapshot)?).await
}

fn named(volume: &NewVolume) -> Result<Volume, StorageError> {
    Btrfs.parse(&Btrfs.volname(volume.vmid, &volume.name))
}

/// The directory of a guest's volumes, made if need be. Answers the subvolume that a new volume shall be.
async fn prepare(config: &StorageConfig, volume: &NewVolume) -> Result<PathBuf, StorageError> {
    let target = place(config, &named(volume)?, None)?;
    let (own, directory) = (config.clone(), config.directory(Content::Images)?.join(volume.vmid.to_string()));
    dir::blocking(config, move || dir::guest_directory(&own, &directory)).await?;
    Ok(target)
}

/// Gives a finished subvolume its name.
fn settle(from: &Path, to: &Path) -> Result<(), StorageError> {
    host::file::rename_new(from, to).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => StorageError::Exists(to.display().to_string()),
        _ => StorageError::io("rename to", to)(error),
    })
}

/// Makes a guest's volume.
pub(super) async fn allocate(config: &StorageConfig, volume: &NewVolume) -> Result<(), StorageError> {
    if !matches!(volume.format, Format::Raw | Format::Subvol) {
        return Err(StorageError::Format { storage: config.id.clone(), format: volume.format.to_string() });
    }
    let target = prepare(config, volume).await?;
    if target.exists() {
        return Err(StorageError::Exists(target.display().to_string()));
    }
    let beside = Unfinished::beside(&target);
    let made = fill(config, volume, beside.path()).await.and_then(|()| settle(beside.path(), &target));
    if made.is_err() {
        // What is left besides goes by itself, if this fails.
        let _ = subvolume::remove(beside.path()).await;
        forget_empty(&target);
    }
    made.map_err(|error| error.explain_full(&config.id, &volume.name))
}

async fn fill(config: &StorageConfig, volume: &NewVolume, path: &Path) -> Result<(), StorageError> {
    subvolume::create(path).await?;
    if volume.format == Format::Subvol {
        return Ok(());
    }
    if config.options.foreign.0.nocow == Some(true) {
        Run::new("chattr").arg("+C").arg(path).output().await?;
    }
    dir::raw(config, &path.join(DISK), volume.size).await
}

/// Removes the directory that a volume is or was in if it is empty.
fn forget_empty(path: &Path) {
    // Fails when other volumes are there, as it shall.
    let _ = path.parent().map(std::fs::remove_dir);
}

/// Removes a volume with its snapshots; one that is gone already is fine.
pub(super) async fn free(config: &StorageConfig, volume: &Volume) -> Result<(), StorageError> {
    let path = match existing(config, volume, None).await {
        Err(StorageError::NoVolume(_)) => place(config, volume, None)?,
        found => found?,
    };
    // The volume goes last: as long as it is there, whoever was cut off can go on.
    for name in names(config, volume).await? {
        subvolume::remove(&place(config, volume, Some(&name))?).await?;
    }
    subvolume::remove(&path).await?;
    forget_empty(&path);
    Ok(())
}

/// Makes a volume with the content of another one or of its snapshot.
pub(super) async fn fork(
    config: &StorageConfig,
    (source, snapshot): (&Volume, Option<&str>),
    volume: &NewVolume,
) -> Result<(), StorageError> {
    let from = existing(config, source, snapshot).await?;
    let target = prepare(config, volume).await?;
    let made = subvolume::fork(&from, &target, false).await;
    if made.is_err() {
        forget_empty(&target);
    }
    made.map_err(|error| error.explain_full(&config.id, &volume.name))
}

async fn names(config: &StorageConfig, volume: &Volume) -> Result<Vec<String>, StorageError> {
    let path = place(config, volume, None)?;
    let start = format!("{}@", path.file_name().unwrap_or_default().to_string_lossy());
    let directory = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let all = dir::blocking(config, move || dir::file_names(&directory)).await?;
    Ok(all.iter().filter_map(|name| name.strip_prefix(&start).map(str::to_owned)).collect())
}

/// The names of a volume's snapshots.
pub(super) async fn snapshots(config: &StorageConfig, volume: &Volume) -> Result<Vec<String>, StorageError> {
    existing(config, volume, None).await?;
    names(config, volume).await
}

/// Makes, applies or deletes a snapshot.
pub(super) async fn snapshot(
    config: &StorageConfig,
    volume: &Volume,
    name: &str,
    change: SnapshotChange,
) -> Result<(), StorageError> {
    schema::format::check("pve-configid", name).map_err(StorageError::Invalid)?;
    let kept = place(config, volume, Some(name))?;
    if change == SnapshotChange::Delete {
        return subvolume::remove(&kept).await;
    }
    let path = existing(config, volume, None).await?;
    if change == SnapshotChange::Create {
        return match subvolume::fork(&path, &kept, true).await {
            Err(StorageError::Exists(_)) => {
                Err(StorageError::Invalid(format!("volume '{}' has a snapshot '{name}' already", volume.name)))
            }
            made => made.map_err(|error| error.explain_full(&config.id, &volume.name)),
        };
    }
    let kept = match existing(config, volume, Some(name)).await {
        Err(StorageError::NoVolume(_)) => {
            return Err(StorageError::Invalid(format!("volume '{}' has no snapshot '{name}'", volume.name)));
        }
        found => found?,
    };
    apply(&kept, &path).await
}

/// Makes the kept state that of now. Whenever this is cut off, the volume is the old one or the new one; the other one
/// has a name that [`subvolume::sweep`] removes.
async fn apply(kept: &Path, path: &Path) -> Result<(), StorageError> {
    let beside = Unfinished::beside(path);
    subvolume::fork(kept, beside.path(), false).await?;
    host::file::exchange(beside.path(), path).map_err(StorageError::io("replace", path))?;
    subvolume::remove(beside.path()).await
}

/// The other name of a disk.
fn renamed(volume: &Volume, from: &str, to: &str) -> Option<Volume> {
    let rest = volume.name.strip_prefix(from).filter(|_| volume.format == "raw")?;
    Some(Volume { name: format!("{to}{rest}"), is_base: to == "base-", ..volume.clone() })
}

fn volname(volume: &Volume) -> String {
    volume.owner.map_or_else(|| volume.name.clone(), |owner| Btrfs.volname(owner, &volume.name))
}

/// Makes a volume a template, which nobody can write. Directories keep their names.
pub(super) async fn make_base(config: &StorageConfig, volume: &Volume) -> Result<String, StorageError> {
    let path = existing(config, volume, None).await?;
    if volume.is_base {
        return Err(StorageError::Invalid(format!("volume '{}' is a template volume already", volume.name)));
    }
    let base = renamed(volume, "vm-", "base-");
    let target = match &base {
        Some(base) => place(config, base, None)?,
        None => path.clone(),
    };
    if target != path {
        settle(&path, &target)?;
    }
    subvolume::set_read_only(&target, true).await?;
    Ok(volname(base.as_ref().unwrap_or(volume)))
}

/// The reverse.
pub(super) async fn unmake_base(config: &StorageConfig, volume: &Volume) -> Result<String, StorageError> {
    let plain = renamed(volume, "base-", "vm-").unwrap_or_else(|| volume.clone());
    match existing(config, volume, None).await {
        Ok(path) => {
            subvolume::set_read_only(&path, false).await?;
            let target = place(config, &plain, None)?;
            if target.file_name() != path.file_name() {
                settle(&path, &path.with_file_name(target.file_name().unwrap_or_default()))?;
            }
        }
        // It was cut off after the new name, or never got so far.
        Err(StorageError::NoVolume(_)) => {}
        Err(error) => return Err(error),
    }
    Ok(volname(&plain))
}

/// Gives a disk to another guest.
pub(super) async fn give(
    config: &StorageConfig,
    volume: &Volume,
    (vmid, name): (Vmid, &str),
) -> Result<String, StorageError> {
    let path = existing(config, volume, None).await?;
    if volume.is_base || volume.format != "raw" {
        return Err(StorageError::Invalid(format!("'{}' cannot be given to another guest", volume.name)));
    }
    if !names(config, volume).await?.is_empty() {
        return Err(StorageError::Invalid(format!("'{}' has snapshots; delete them first", volume.name)));
    }
    let new = NewVolume { vmid, name: name.to_owned(), format: Format::Raw, size: 0 };
    let target = prepare(config, &new).await?;
    settle(&path, &target)?;
    forget_empty(&path);
    Ok(Btrfs.volname(vmid, name))
}
