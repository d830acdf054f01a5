//! What VMs need of storages.

use std::{collections::BTreeMap, path::PathBuf};

use schema::{StorageId, Vmid};
use storage::{
    Content, Format, Pace, Storages, VolumeId,
    convert::Step,
    location::{Location, Surroundings},
};

use super::{
    cmdline::{DriveId, Image, Source},
    config::VmConfig,
    error::VmError,
    file, image,
};

/// A volume that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Its place on this host.
    pub(crate) path: PathBuf,
    /// `raw`, `qcow2`, …
    pub(crate) format: String,
    /// Bytes that the guest sees.
    pub(crate) size: u64,
}

impl Found {
    /// Whether it is a block device of this host.
    pub(crate) async fn is_device(&self) -> Result<bool, VmError> {
        let seen = host::look::metadata(&self.path).await.map_err(|error| VmError::Volume(error.to_string()))?;
        Ok(seen.is_some_and(|seen| std::os::unix::fs::FileTypeExt::is_block_device(&seen.file_type())))
    }
}

fn parse(volume: &str) -> Result<VolumeId, String> {
    volume.parse()
}

/// Looks a volume up.
pub(crate) async fn find(storages: &Storages, volume: &str) -> Result<Found, String> {
    let id = parse(volume)?;
    let known = storages.volume(&id).map_err(|err| err.to_string())?;
    let path = storages.resolve(&id).await.map_err(|err| err.to_string())?;
    if known.content == Content::Iso {
        let found = host::look::metadata(&path).await.map_err(|err| err.to_string())?;
        let size = found.map_or(0, |found| found.len());
        return Ok(Found { path, format: "raw".to_owned(), size });
    }
    let info = storages.info(&id).await.map_err(|err| err.to_string())?;
    Ok(Found { path, format: info.format, size: info.size })
}

/// The guest that a volume belongs to by its name.
pub(crate) fn owner(storages: &Storages, volume: &str) -> Option<Vmid> {
    let known = storages.volume(&parse(volume).ok()?).ok()?;
    known.owner.filter(|_| known.content == Content::Images)
}

/// Removes a volume; no error if it is gone already.
pub(crate) async fn free(storages: &Storages, volume: &str) -> Result<(), String> {
    storages.free(&parse(volume)?).await.map_err(|err| err.to_string())
}

/// Refuses a template's volume that others stand on.
pub(crate) async fn check_unlinked(storages: &Storages, volume: &str) -> Result<(), String> {
    storages.check_unlinked(&parse(volume)?).await.map_err(|err| err.to_string())
}

/// A volume that is to be made: its name is settled before, so that its making can be undone after a crash.
pub(crate) struct Wish {
    storage: StorageId,
    format: Format,
    size: u64,
    name: String,
    /// The ID that the volume will have.
    pub(crate) id: VolumeId,
}

/// Settles on a free name for a new disk of a guest.
pub(crate) async fn wish(
    storages: &Storages,
    storage: &str,
    vmid: Vmid,
    format: Option<&str>,
    size: u64,
) -> Result<Wish, String> {
    wish_named(storages, storage, vmid, (format, size), None).await
}

/// As [`wish`], for a volume whose name is given without its ending. It may be there.
pub(crate) async fn wish_named(
    storages: &Storages,
    storage: &str,
    vmid: Vmid,
    (format, size): (Option<&str>, u64),
    named: Option<String>,
) -> Result<Wish, String> {
    let text = |err: storage::StorageError| err.to_string();
    let storage: StorageId = storage.parse().map_err(|_| format!("'{storage}' is not a storage ID"))?;
    let config = storages.usable_for(&storage, Content::Images).map_err(text)?;
    let plugin = storage::plugin::of(&config).map_err(text)?;
    let format = match format {
        Some("raw") => Format::Raw,
        Some("qcow2") => Format::Qcow2,
        Some("vmdk") => Format::Vmdk,
        Some(other) => return Err(format!("format '{other}' cannot be made")),
        None => config.default_format(),
    };
    plugin.activate(&config).await.map_err(text)?;
    let stem = match named {
        Some(stem) => stem,
        None => {
            let taken = plugin.names(&config, vmid).await.map_err(text)?;
            let stem = |number: u32| format!("vm-{vmid}-disk-{number}");
            let used = |stem: &String| taken.iter().any(|name| name.split('.').next() == Some(stem.as_str()));
            let free = (0..10_000).map(stem).find(|stem| !used(stem));
            free.ok_or("the guest has too many disks on this storage")?
        }
    };
    let name = plugin.file_name(&stem, format);
    let id = VolumeId::new(&storage, plugin.volname(vmid, &name));
    Ok(Wish { storage, format, size, name, id })
}

/// Makes the volume.
pub(crate) async fn make(storages: &Storages, vmid: Vmid, wish: &Wish) -> Result<(), String> {
    let made = storages.allocate(&wish.storage, vmid, Some(wish.format), wish.size, Some(&wish.name)).await;
    made.map(|_| ()).map_err(|err| err.to_string())
}

/// Makes the volume as a copy of an image of that format, as large as that is.
pub(crate) async fn copy(
    storages: &Storages,
    vmid: Vmid,
    wish: &Wish,
    source: (&Location, &str),
    pace: Pace,
    log: impl FnMut(Step<'_>),
) -> Result<(), String> {
    let target = (wish.format, Some(wish.name.as_str()));
    let copied = storages.copy_image(source, &wish.storage, vmid, target, pace, log).await;
    copied.map(|_| ()).map_err(|err| err.to_string())
}

/// The disks that belong to a guest by name, on all storages of this node that can be listed.
pub(crate) async fn owned(storages: &Storages, vmid: Vmid) -> Vec<String> {
    let mut found = Vec::new();
    for config in storages.configs().iter().filter(|config| config.holds(Content::Images)) {
        if let Ok(entries) = storages.list(&config.id, Some(Content::Images), Some(vmid)).await {
            found.extend(entries.into_iter().map(|entry| entry.volid));
        }
    }
    found
}

/// Finds the images of all drives.
///
/// # Errors
/// The first volume that is not there, or that its storage is not configured for.
pub(crate) async fn images(storages: &Storages, config: &VmConfig) -> Result<BTreeMap<DriveId, Image>, VmError> {
    let mut images = BTreeMap::new();
    for (id, volume) in file::volumes(config) {
        images.insert(id, image(storages, &volume).await?);
    }
    Ok(images)
}

/// Finds what a drive's `file` names.
///
/// # Errors
/// As [`images`].
pub(crate) async fn image(storages: &Storages, file: &str) -> Result<Image, VmError> {
    let mut image = match file {
        "cdrom" => Image::of_source(Source::Cdrom("/dev/cdrom".into()), "raw"),
        path if path.starts_with('/') => Image::of_path(path.as_ref(), "raw"),
        volume => of_volume(storages, volume).await.map_err(VmError::Volume)?,
    };
    if let Source::Device(path) = &image.source {
        image.scsi_type = host::disks::scsi_type(path);
    }
    Ok(image)
}

/// How QEMU opens a volume that is there.
async fn of_volume(storages: &Storages, volume: &str) -> Result<Image, String> {
    let text = |err: storage::StorageError| err.to_string();
    let id = parse(volume)?;
    let config = storages.config(&id.storage).map_err(text)?;
    let mut image = image::of_volume(&config, &id.volname, &Surroundings::default()).map_err(text)?;
    let found = find(storages, volume).await?;
    if let Source::File(path) = &mut image.source {
        // No link is followed again after the look that it does not lead out of the storage.
        *path = found.path;
    }
    Ok(image)
}
