//! What is alike of thick and thin logical volumes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use host::run::Run;
use schema::Vmid;

use super::command::{self, Logical, change, group};
use crate::location::{self, Located, Location};
use crate::plugin::{Entry, VolumeInfo};
use crate::{Content, StorageConfig, StorageError, Volume, VolumeId};

/// How long overwriting a volume with zeros may take.
const WIPE: Duration = Duration::from_secs(7 * 24 * 3600);

/// Begins the names of volumes that are being overwritten before they go.
const DYING: &str = "del-";

/// Which volumes of a group are a storage's.
pub(in crate::plugin) enum Kind<'a> {
    /// Those with blocks of their own.
    Thick,
    /// Those of this pool.
    Thin(&'a str),
}

/// `GROUP/VOLUME`, as LVM's programs want it.
pub(in crate::plugin) fn full(config: &StorageConfig, name: &str) -> Result<String, StorageError> {
    Ok(format!("{}/{name}", group(config)?))
}

/// Says in plain words that a name is taken or the group is full.
pub(in crate::plugin) fn explain(error: StorageError, config: &StorageConfig, name: &str) -> StorageError {
    let said = error.to_string();
    if said.contains("already exists in volume group") {
        return StorageError::Exists(name.to_owned());
    }
    if said.contains("insufficient free space") || said.contains("insufficient suitable") {
        return StorageError::Full { storage: config.id.to_string(), what: name.to_owned() };
    }
    error
}

/// A volume that is there.
pub(in crate::plugin) async fn located(config: &StorageConfig, name: &str) -> Result<Logical, StorageError> {
    let all = command::volumes(group(config)?).await?;
    all.into_iter().find(|volume| volume.name == name).ok_or_else(|| StorageError::NoVolume(name.to_owned()))
}

/// Makes a volume or snapshot a device of this node.
pub(in crate::plugin) async fn reach(
    config: &StorageConfig,
    volume: &Volume,
    snapshot: Option<&str>,
) -> Result<Located, StorageError> {
    let found = location::of_logical(config, &volume.name, snapshot)?;
    let Location::Path(path) = &found.location else { return Ok(found) };
    let there = path.clone();
    // It mostly is there already, and asking LVM costs tens of milliseconds.
    let known = tokio::task::spawn_blocking(move || there.exists()).await.unwrap_or(false);
    if !known {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        located(config, &name).await?;
        // Snapshots are made so that nothing but this activates them.
        change("lvchange", ["-aly", "-K", &full(config, &name)?]).await?;
    }
    Ok(found)
}

/// The volume that a device is.
pub(in crate::plugin) fn of_path(
    config: &StorageConfig,
    path: &Path,
    parse: impl Fn(&str) -> Result<Volume, StorageError>,
) -> Option<(Content, String)> {
    let below = path.strip_prefix(PathBuf::from("/dev").join(group(config).ok()?)).ok()?.to_str()?;
    parse(below).ok().map(|volume| (volume.content, below.to_owned()))
}

/// Guests' volumes.
pub(in crate::plugin) async fn list(
    config: &StorageConfig,
    kind: Kind<'_>,
    vmid: Option<Vmid>,
    parse: impl Fn(&str) -> Result<Volume, StorageError>,
) -> Result<Vec<Entry>, StorageError> {
    let tagged = config.options.foreign.0.tagged_only == Some(true);
    let ours = |volume: &Logical| match kind {
        Kind::Thick => volume.pool.is_none() && !volume.is_thin_pool(),
        Kind::Thin(pool) => volume.pool.as_deref() == Some(pool),
    };
    let mut entries = Vec::new();
    for volume in command::volumes(group(config)?).await?.iter().filter(|volume| ours(volume)) {
        let Ok(known) = parse(&volume.name) else { continue };
        let marked = volume.tags.iter().any(|tag| tag.starts_with("pve-vm-"));
        if vmid.is_some_and(|vmid| known.owner != Some(vmid)) || (tagged && !marked) {
            continue;
        }
        entries.push(Entry {
            volid: VolumeId::new(&config.id, volume.name.clone()).to_string(),
            content: Content::Images.to_string(),
            format: known.format,
            size: volume.size,
            used: None,
            vmid: known.owner,
            ctime: Some(volume.ctime),
            parent: None,
            notes: None,
            protected: None,
            subtype: None,
        });
    }
    Ok(entries)
}

/// The names of all volumes of the group.
pub(in crate::plugin) async fn names(config: &StorageConfig) -> Result<Vec<String>, StorageError> {
    Ok(command::volumes(group(config)?).await?.into_iter().map(|volume| volume.name).collect())
}

/// A volume's own metadata.
pub(in crate::plugin) async fn info(config: &StorageConfig, volume: &Volume) -> Result<VolumeInfo, StorageError> {
    let found = located(config, &volume.name).await?;
    let used = found.pool.is_some().then(|| (found.size as f64 * found.filled / 100.0) as u64);
    Ok(VolumeInfo { size: found.size, used, format: volume.format.clone(), parent: None, ctime: found.ctime })
}

/// Lets a volume grow. LVM rounds up to whole extents.
pub(in crate::plugin) async fn grow(config: &StorageConfig, volume: &Volume, size: u64) -> Result<(), StorageError> {
    let found = located(config, &volume.name).await?;
    if size < found.size {
        return Err(StorageError::Invalid(format!("shrinking disks is not supported - '{}'", volume.name)));
    }
    if size == found.size {
        return Ok(());
    }
    let done = change("lvextend", ["-L", &format!("{size}b"), &full(config, &volume.name)?]).await;
    done.map_err(|error| explain(error, config, &volume.name))
}

/// Gives a volume to another guest.
pub(in crate::plugin) async fn given(
    config: &StorageConfig,
    volume: &Volume,
    (vmid, name): (Vmid, &str),
) -> Result<String, StorageError> {
    if volume.is_base {
        return Err(StorageError::Invalid(format!("'{}' cannot be given to another guest", volume.name)));
    }
    let all = command::volumes(group(config)?).await?;
    if !all.iter().any(|known| known.name == volume.name) {
        return Err(StorageError::NoVolume(volume.name.clone()));
    }
    if all.iter().any(|known| known.name.starts_with(&format!("snap_{}_", volume.name))) {
        return Err(StorageError::Invalid(format!("'{}' has snapshots; delete them first", volume.name)));
    }
    let renamed = change("lvrename", [group(config)?, &volume.name, name]).await;
    renamed.map_err(|error| explain(error, config, name))?;
    let owner = volume.owner.map(|owner| owner.to_string()).unwrap_or_default();
    let tags = [format!("pve-vm-{owner}"), format!("pve-vm-{vmid}")];
    change("lvchange", ["--deltag", &tags[0], "--addtag", &tags[1], &full(config, name)?]).await?;
    Ok(name.to_owned())
}

/// Removes a volume, overwritten with zeros before if the storage says so; one that is gone already is fine.
pub(in crate::plugin) async fn free(config: &StorageConfig, volume: &Volume) -> Result<(), StorageError> {
    let options = &config.options.foreign.0;
    let dying = format!("{DYING}{}", volume.name);
    let all = command::volumes(group(config)?).await?;
    let there = |name: &str| all.iter().any(|known| known.name == name);
    if options.saferemove != Some(true) {
        return if there(&volume.name) { remove(config, &volume.name).await } else { Ok(()) };
    }
    // Nobody can use it under that name, and whoever is cut off goes on with it.
    if there(&volume.name) && !there(&dying) {
        change("lvrename", [group(config)?, &volume.name, &dying]).await?;
    } else if !there(&dying) {
        return Ok(());
    }
    change("lvchange", ["-aly", &full(config, &dying)?]).await?;
    let step = format!("{}MiB", options.saferemove_stepsize.unwrap_or(32));
    let device = Path::new("/dev").join(group(config)?).join(&dying);
    Run::new("blkdiscard").args(["--zeroout", "--force", "--step", &step]).arg(device).deadline(WIPE).output().await?;
    remove(config, &dying).await
}

/// Removes a volume that is there.
pub(in crate::plugin) async fn remove(config: &StorageConfig, name: &str) -> Result<(), StorageError> {
    change("lvremove", ["-f", &full(config, name)?]).await
}
