//! Disk images: plain files, and qcow2 by `qemu-img`.

use std::collections::HashMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use host::run::Run;
use serde_json::Value;

use super::{blocking, files};
use crate::config::Preallocation;
use crate::convert::opening;
use crate::location::Location;
use crate::plugin::{NewVolume, VolumeInfo};
use crate::{Content, Format, StorageConfig, StorageError, Volume, unpoisoned};

/// How long `qemu-img` may take to look at an image or to change its metadata.
const LOOK: Duration = Duration::from_secs(20);
/// How long it may take to write a whole image.
const WRITE: Duration = Duration::from_secs(24 * 3600);

/// Makes a guest's volume. Nothing is left when it fails or its future is dropped.
pub(super) async fn allocate(config: &StorageConfig, volume: &NewVolume) -> Result<(), StorageError> {
    let directory = config.directory(Content::Images)?.join(volume.vmid.to_string());
    let path = directory.join(&volume.name);
    let (own, place) = (config.clone(), directory.clone());
    blocking(config, move || files::guest_directory(&own, &place)).await?;
    let made = match volume.format {
        Format::Subvol => {
            let path = path.clone();
            blocking(config, move || files::create_subvol(&path)).await
        }
        Format::Raw => raw(config, &path, volume.size).await,
        Format::Qcow2 => qcow2(config, &path, volume.size).await,
        Format::Vmdk => Err(StorageError::Format { storage: config.id.clone(), format: volume.format.to_string() }),
    };
    if made.is_err() {
        // Fails when other volumes are there, as it shall.
        let _ = tokio::fs::remove_dir(&directory).await;
    }
    made.map_err(|error| error.explain_full(&config.id, &volume.name))
}

/// Makes a raw disk. Nothing is left when it fails or its future is dropped.
pub(crate) async fn raw(config: &StorageConfig, path: &Path, size: u64) -> Result<(), StorageError> {
    let owned = path.to_path_buf();
    let (file, guard) = blocking(config, move || create(&owned)).await?;
    let how = config.options.preallocation.unwrap_or(Preallocation::Metadata);
    let owned = path.to_path_buf();
    let filled = tokio::task::spawn_blocking(move || match how {
        Preallocation::Off | Preallocation::Metadata => file.set_len(size),
        Preallocation::Falloc => host::space::reserve(&file, size),
        Preallocation::Full => {
            std::io::copy(&mut std::io::Read::take(std::io::repeat(0), size), &mut &file).map(|_| ())
        }
    });
    let filled = filled.await.unwrap_or_else(|error| Err(std::io::Error::other(error)));
    filled.map_err(StorageError::io("allocate", &owned))?;
    guard.finished();
    Ok(())
}

async fn qcow2(config: &StorageConfig, path: &Path, size: u64) -> Result<(), StorageError> {
    let owned = path.to_path_buf();
    // The name is taken before the program starts: it would overwrite what somebody else made meanwhile.
    let (_, guard) = blocking(config, move || create(&owned)).await?;
    let how = config.options.preallocation.unwrap_or(Preallocation::Metadata);
    let options = format!("preallocation={how}");
    let deadline = if how == Preallocation::Full { WRITE } else { LOOK * 10 };
    Run::new("qemu-img")
        .args(["create", "-q", "-f", "qcow2", "-o", &options])
        .arg(path)
        .arg(size.to_string())
        .deadline(deadline)
        .output()
        .await?;
    guard.finished();
    Ok(())
}

/// Makes an empty file that did not exist. It goes away also when nobody waits for it any more.
pub(super) fn create(path: &Path) -> Result<(std::fs::File, Unfinished), StorageError> {
    Ok((files::create(path)?, Unfinished::new(path)))
}

/// A file that goes away unless it was finished.
pub(crate) struct Unfinished(Option<PathBuf>);

impl Unfinished {
    /// Watches over a file that is being written.
    pub(crate) fn new(path: &Path) -> Self {
        Self(Some(path.to_path_buf()))
    }

    /// Keeps it.
    pub(crate) fn finished(mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(path) = self.0.take() {
            // Both may fail: it may be a directory, or gone.
            let _ = std::fs::remove_file(&path).or_else(|_| std::fs::remove_dir_all(&path));
        }
    }
}

/// What is remembered of an image until it changes: (change time, size) of the file and what it told.
type Known = HashMap<PathBuf, ((i64, i64, u64), (u64, Option<String>))>;

/// Running `qemu-img` for each of a thousand images in each list would cost more than all the rest.
static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);

/// What an image tells. `path` has been checked.
pub(crate) async fn info(config: &StorageConfig, path: &Path, format: &str) -> Result<VolumeInfo, StorageError> {
    let owned = path.to_path_buf();
    let meta = blocking(config, move || std::fs::metadata(&owned).map_err(StorageError::io("find", &owned))).await?;
    let used = Some(meta.blocks() * 512);
    let plain = VolumeInfo { size: meta.len(), used, format: format.to_owned(), parent: None, ctime: meta.ctime() };
    if meta.is_dir() {
        return Ok(VolumeInfo { size: 0, used: Some(0), format: "subvol".to_owned(), ..plain });
    }
    if !matches!(format, "qcow2" | "vmdk") {
        return Ok(plain);
    }
    let stamp = (meta.ctime(), meta.ctime_nsec(), meta.len());
    let found = unpoisoned(&KNOWN).get(path).filter(|(when, _)| *when == stamp).map(|(_, told)| told.clone());
    let (size, parent) = match found {
        Some(told) => told,
        None => {
            let told = probe(&Location::Path(path.to_path_buf()), format).await?;
            let mut known = unpoisoned(&KNOWN);
            // A bound that no node reaches in earnest; forgetting costs a program run each.
            if known.len() > 100_000 {
                known.clear();
            }
            known.insert(path.to_path_buf(), (stamp, told.clone()));
            told
        }
    };
    Ok(VolumeInfo { size, parent, ..plain })
}

/// Size (bytes) of an image of that format, and the file that holds the rest of its content if one does (its backing
/// file, mostly); a running guest may have it open.
///
/// # Errors
/// When it is not an image of that format.
pub async fn probe(image: &Location, format: &str) -> Result<(u64, Option<String>), StorageError> {
    // Without -f, a raw disk whose guest wrote a qcow2 header into it could name any file as its backing file.
    let (flags, name) = opening(image, Some(format));
    let run = Run::new("qemu-img").args(["info", "--output=json", "-U"]).args(flags).arg(&name);
    let output = run.deadline(LOOK).output().await?;
    let told: Value = serde_json::from_slice(&output.stdout)
        .map_err(|_| StorageError::Invalid(format!("qemu-img told nothing about '{}'", name.display())))?;
    let size = told.get("virtual-size").and_then(Value::as_u64).unwrap_or(0);
    Ok((size, elsewhere(&told, image)))
}

/// The other file that an image's content lies in: a backing file, a data file of qcow2, an extent of vmdk.
fn elsewhere(told: &Value, image: &Location) -> Option<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let data = &told["format-specific"]["data"];
    let mut extents = data["extents"].as_array().into_iter().flatten().filter_map(|extent| text(&extent["filename"]));
    text(&told["backing-filename"])
        .or_else(|| text(&data["data-file"]))
        .or_else(|| extents.find(|extent| told["filename"] != extent.as_str() && !is_part(extent, image)))
}

/// Whether QEMU's name of a file is that of the part which is looked at: `json:{…}` with its place.
fn is_part(name: &str, image: &Location) -> bool {
    let Location::Part { file, offset, .. } = image else { return false };
    let told = name.strip_prefix("json:").and_then(|json| serde_json::from_str::<Value>(json).ok());
    told.is_some_and(|told| {
        let same = told["file"]["filename"].as_str().is_some_and(|name| Path::new(name) == file);
        same && told["file"]["driver"] == "file" && told["offset"] == offset.to_string().as_str()
    })
}

/// Lets an image grow.
pub(crate) async fn resize(
    config: &StorageConfig,
    volume: &Volume,
    path: &Path,
    size: u64,
) -> Result<(), StorageError> {
    let info = info(config, path, &volume.format).await?;
    if size < info.size {
        return Err(StorageError::Invalid(format!("shrinking disks is not supported - '{}'", volume.name)));
    }
    match volume.format.as_str() {
        "raw" | "qcow2" => {
            let run = Run::new("qemu-img").args(["resize", "-q", "-f", &volume.format]).arg(path).arg(size.to_string());
            run.deadline(LOOK * 10).output().await.map_err(StorageError::from)?;
            Ok(())
        }
        format => Err(StorageError::Invalid(format!("can't resize volumes of format '{format}'"))),
    }
}
