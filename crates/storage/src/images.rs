//! Guest images that this node builds itself from the archives of Debian and Ubuntu, with the mirror that it uses for
//! its own packages: archives to make containers from, and disks with cloud-init to make virtual machines from.
//!
//! A built image is kept in a cache with its SHA-512, and copied from there into storages.

mod build;
mod container;
mod disk;
mod machine;
mod sources;

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use host::file::FileLock;
use host::paths::Paths;
use schema::{Choice, Reply, Returns, StorageId};

use crate::plugin::dir;
use crate::upload::{self, Algorithm, Checksum, UploadedFile};
use crate::{Content, StorageError, Storages, VolumeId};

pub use sources::Mirror;

/// An image older than this is built anew: it lacks security updates.
const STALE: Duration = Duration::from_secs(30 * 24 * 3600);
/// How long a task waits for another one that builds the same image.
const WAIT: Duration = Duration::from_secs(3600);
/// Begins the names of directories in which images are built.
const BUILDING: &str = ".build-";

/// Group of an image in the catalogue.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Containers.
    System,
    /// Virtual machines.
    Vm,
}

impl Reply for Section {
    const RETURNS: Returns = Returns::Text;
    fn value(self) -> serde_json::Value {
        self.as_str().into()
    }
}

/// Distributions whose archives have what an image needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Debian.
    Debian,
    /// Ubuntu.
    Ubuntu,
}

impl System {
    /// Its name as names of files have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Debian => "debian",
            Self::Ubuntu => "ubuntu",
        }
    }

    /// Its name as people know it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Debian => "Debian",
            Self::Ubuntu => "Ubuntu",
        }
    }
}

/// An image that can be built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Name of its file.
    pub name: String,
    /// What it is for.
    pub section: Section,
    /// What is in it.
    pub system: System,
    /// Version of that, such as `13`.
    pub release: &'static str,
    /// Version of the image, such as `13.0-1`.
    pub version: String,
    /// Its code name.
    pub suite: &'static str,
    /// One line about it.
    pub headline: String,
}

impl Image {
    /// The content type under which storages keep it.
    #[must_use]
    pub fn content(&self) -> Content {
        match self.section {
            Section::System => Content::Vztmpl,
            Section::Vm => Content::Import,
        }
    }
}

/// Releases of Debian that are built, newest first.
const RELEASES: [(&str, &str); 2] = [("13", "trixie"), ("12", "bookworm")];
/// Releases of Ubuntu that are built for containers.
const UBUNTU: [(&str, &str); 1] = [("24.04", "noble")];

/// Version of the recipes: it is part of the names.
const RECIPE: &str = "1";
/// The same for disks; 2: UEFI starts them, too.
const DISK_RECIPE: &str = "2";

/// Debian's name of this machine's architecture, if images for it can be built.
#[must_use]
pub fn architecture() -> Option<&'static str> {
    match std::env::consts::ARCH {
        "x86_64" => Some("amd64"),
        "aarch64" => Some("arm64"),
        _ => None,
    }
}

/// What can be built on this machine.
#[must_use]
pub fn catalogue() -> Vec<Image> {
    let Some(architecture) = architecture() else { return Vec::new() };
    let image = |system: System, (release, suite): (&'static str, &'static str), section: Section| {
        let (kind, ending, recipe, what) = match section {
            Section::System => ("standard", "tar.zst", RECIPE, "container template"),
            Section::Vm => ("cloud", "qcow2", DISK_RECIPE, "disk with cloud-init"),
        };
        let version = match system {
            System::Debian => format!("{release}.0-{recipe}"),
            System::Ubuntu => format!("{release}-{recipe}"),
        };
        Image {
            name: format!("{}-{release}-{kind}_{version}_{architecture}.{ending}", system.name()),
            headline: format!("{} {release} ({suite}), {what} built on this node", system.title()),
            section,
            system,
            release,
            version,
            suite,
        }
    };
    let mut images = Vec::new();
    for release in RELEASES {
        images.push(image(System::Debian, release, Section::System));
        // Its boot loader is one for PC firmware.
        if architecture == "amd64" {
            images.push(image(System::Debian, release, Section::Vm));
        }
    }
    images.extend(UBUNTU.map(|release| image(System::Ubuntu, release, Section::System)));
    images
}

/// The image of this name.
///
/// # Errors
/// When the catalogue does not have it.
pub fn find(name: &str) -> Result<Image, StorageError> {
    let found = catalogue().into_iter().find(|image| image.name == name);
    found.ok_or_else(|| StorageError::Parameter {
        name: "template".to_owned(),
        message: format!("no such template '{name}'"),
    })
}

/// Where built images are kept: `PLEIAD_IMAGE_CACHE`, or below the root.
#[must_use]
pub fn cache_directory(paths: &Paths) -> PathBuf {
    std::env::var_os("PLEIAD_IMAGE_CACHE").map_or_else(|| paths.join("var/cache/pleiad/images"), PathBuf::from)
}

/// Removes what a killed daemon left of images that it was building.
pub async fn sweep(cache: &Path) {
    let Ok(entries) = std::fs::read_dir(cache) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let image = name.strip_prefix(BUILDING);
        // Another daemon with the same cache may be building it now; then it holds the lock.
        let idle = |image| matches!(FileLock::try_acquire(&lock_file(cache, image)), Ok(Some(_)));
        if image.is_some_and(idle) {
            build::remove_tree(&path).await;
        }
    }
}

fn lock_file(cache: &Path, name: &str) -> PathBuf {
    cache.join(format!(".lock-{name}"))
}

/// Brings an image into a storage: from the cache, or by building it, which takes minutes. `log` gets every line that
/// the programs print. Dropping the future ends the programs and removes what is unfinished.
///
/// # Errors
/// When the storage does not take it, programs are missing or fail, or a medium is full.
pub async fn fetch(
    storages: &Storages,
    image: &Image,
    storage: &StorageId,
    log: &(dyn Fn(&str) + Send + Sync),
) -> Result<VolumeId, StorageError> {
    storages.usable_for(storage, image.content())?;
    let cache = cache_directory(storages.paths());
    let (built, sum) = cached(&cache, image, log).await?;
    let temporary = storages.temporary(storage, image.content()).await?;
    let unfinished = dir::Unfinished::new(&temporary);
    log(&format!("copying to storage '{storage}'"));
    let copied = tokio::fs::copy(&built, &temporary).await;
    let size =
        copied.map_err(StorageError::io("copy to", &temporary)).map_err(|e| e.explain_full(storage, &image.name))?;
    let file = UploadedFile { path: temporary, size };
    let checksum = Checksum { algorithm: Algorithm::Sha512, expected: sum };
    let done =
        upload::finish(storages, file, (storage, image.content(), &image.name), Some(checksum), |line| log(line));
    let id = done.await?;
    unfinished.finished();
    Ok(id)
}

/// The image in the cache, built if need be, and its SHA-512 in hex.
///
/// # Errors
/// As [`fetch`].
pub async fn cached(
    cache: &Path,
    image: &Image,
    log: &(dyn Fn(&str) + Send + Sync),
) -> Result<(PathBuf, String), StorageError> {
    host::file::create_dir(cache, 0o755)?;
    let _lock = match FileLock::try_acquire(&lock_file(cache, &image.name))? {
        Some(lock) => lock,
        None => {
            log("waiting for another task that builds this image");
            FileLock::acquire(&lock_file(cache, &image.name), WAIT).await?
        }
    };
    let path = cache.join(&image.name);
    let sum_file = dir::beside(&path, ".sha512");
    if let (true, Ok(sum)) = (is_fresh(&path), host::file::read_text_limited(&sum_file, 4096)) {
        log(&format!("using '{}', built earlier", path.display()));
        let sum = sum.split_whitespace().next().unwrap_or_default().to_owned();
        return Ok((path, sum));
    }
    let workspace = build::Workspace::new(cache.join(format!("{BUILDING}{}", image.name))).await?;
    let built = match image.section {
        Section::System => container::build(&workspace, image, log).await,
        Section::Vm => machine::build(&workspace, image, log).await,
    };
    let built = built.map_err(|error| error.explain_full(cache.display(), &image.name));
    let sum = match &built {
        Ok(file) => upload::hash::<sha2::Sha512>(file).await,
        Err(_) => Ok(String::new()),
    };
    let kept = built.and_then(|file| {
        let sum = sum?;
        std::fs::rename(&file, &path).map_err(StorageError::io("rename to", &path))?;
        host::file::write_atomic(&sum_file, format!("{sum}  {}\n", image.name).as_bytes(), 0o644)?;
        Ok((path, sum))
    });
    workspace.remove().await;
    if kept.is_ok() {
        log(&format!("built '{}'", image.name));
    }
    kept
}

fn is_fresh(path: &Path) -> bool {
    let changed = std::fs::metadata(path).and_then(|meta| meta.modified());
    changed.is_ok_and(|when| SystemTime::now().duration_since(when).is_ok_and(|age| age < STALE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_image_has_a_name_that_its_storage_takes() {
        for image in catalogue() {
            assert_eq!(upload::check_name(image.content(), &image.name).unwrap(), image.name);
            assert_eq!(find(&image.name).unwrap(), image);
        }
        assert!(find("windows.iso").is_err());
    }

    #[tokio::test]
    async fn a_cached_image_is_used_and_old_work_swept() {
        let cache = tempfile::tempdir().unwrap();
        let Some(image) = catalogue().into_iter().next() else { return };
        std::fs::write(cache.path().join(&image.name), "x").unwrap();
        std::fs::write(cache.path().join(format!("{}.sha512", image.name)), "abc  name\n").unwrap();
        let (path, sum) = cached(cache.path(), &image, &|_| {}).await.unwrap();
        assert_eq!((path, sum.as_str()), (cache.path().join(&image.name), "abc"));
        let left = cache.path().join(format!("{BUILDING}x"));
        std::fs::create_dir(&left).unwrap();
        sweep(cache.path()).await;
        assert!(!left.exists());
    }
}
