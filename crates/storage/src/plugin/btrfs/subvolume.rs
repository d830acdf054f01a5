//! Subvolumes as `btrfs` makes, copies and removes them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use host::run::Run;

use super::dir::{self, TEMPORARY};
use crate::location::{Located, Location};
use crate::{Content, StorageConfig, StorageError};

/// How long a change of a subvolume may take. A snapshot writes what is still in memory first.
const CHANGE: Duration = Duration::from_secs(300);

/// The file or directory that a located volume is.
pub(super) fn path(located: &Located) -> Result<PathBuf, StorageError> {
    match &located.location {
        Location::Path(path) => Ok(path.clone()),
        other => Err(StorageError::Invalid(format!("{other:?} is no file"))),
    }
}

/// Refuses a storage that does not lie on a BTRFS.
pub(super) async fn check(config: &StorageConfig) -> Result<(), StorageError> {
    let id = config.id.clone();
    let place = config.path.clone().unwrap_or_default();
    dir::blocking(config, move || match host::space::is_btrfs(&place) {
        Ok(true) => Ok(()),
        Ok(false) => Err(StorageError::Inactive {
            storage: id,
            reason: format!("'{}' does not lie on a BTRFS; use type 'dir'", place.display()),
        }),
        Err(error) => Err(StorageError::io("look at", &place)(error)),
    })
    .await
}

async fn btrfs(args: impl IntoIterator<Item = &OsStr>) -> Result<(), StorageError> {
    Run::new("btrfs").args(args).deadline(CHANGE).output().await?;
    Ok(())
}

fn word(text: &str) -> &OsStr {
    OsStr::new(text)
}

/// Makes an empty one.
pub(super) async fn create(path: &Path) -> Result<(), StorageError> {
    refuse_taken(path)?;
    btrfs([word("subvolume"), word("create"), word("--"), path.as_os_str()]).await
}

/// Makes one with the content of another one, which shares its blocks.
pub(super) async fn fork(source: &Path, target: &Path, read_only: bool) -> Result<(), StorageError> {
    refuse_taken(target)?;
    let flag = if read_only { &["-r"][..] } else { &[] };
    let words = ["subvolume", "snapshot"].iter().chain(flag).chain(&["--"]).map(|text| word(text));
    btrfs(words.chain([source.as_os_str(), target.as_os_str()])).await
}

/// With a directory of that name the program would make the subvolume inside of it.
fn refuse_taken(path: &Path) -> Result<(), StorageError> {
    match std::fs::symlink_metadata(path) {
        Ok(_) => Err(StorageError::Exists(path.display().to_string())),
        Err(_) => Ok(()),
    }
}

/// Lets nobody, or again whoever may, write into one.
pub(super) async fn set_read_only(path: &Path, read_only: bool) -> Result<(), StorageError> {
    let value = if read_only { "true" } else { "false" };
    btrfs([word("property"), word("set"), word("-t"), word("subvol"), path.as_os_str(), word("ro"), word(value)]).await
}

/// Removes one with those that were made inside of it; one that is gone already is fine.
pub(super) async fn remove(path: &Path) -> Result<(), StorageError> {
    if !path.exists() {
        return Ok(());
    }
    if delete(path).await.is_ok() {
        return Ok(());
    }
    // Mostly because others are inside; looking for them takes long.
    let owned = path.to_path_buf();
    for subvolume in background(move || nested(&owned)).await? {
        delete(&subvolume).await?;
    }
    Ok(())
}

async fn delete(path: &Path) -> Result<(), StorageError> {
    btrfs([word("subvolume"), word("delete"), word("--"), path.as_os_str()]).await
}

async fn background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StorageError> + Send + 'static,
) -> Result<T, StorageError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(StorageError::Invalid(format!("storage work was cut off - {error}"))))
}

/// A subvolume and those inside of it, the inner ones first. Programs in containers make some.
fn nested(top: &Path) -> Result<Vec<PathBuf>, StorageError> {
    use std::os::unix::fs::MetadataExt as _;
    let mut found = Vec::new();
    let mut waiting = vec![(top.to_path_buf(), None)];
    while let Some((path, above)) = waiting.pop() {
        // What is removed meanwhile needs no look.
        let Ok(meta) = std::fs::symlink_metadata(&path) else { continue };
        let own = above != Some(meta.dev());
        if own && !host::space::is_subvolume(&path).unwrap_or(false) {
            // Something else is mounted there.
            return Err(StorageError::InUse(format!("'{}' is no subvolume or is mounted; unmount it", path.display())));
        }
        if own {
            found.push(path.clone());
        }
        let entries = std::fs::read_dir(&path).map_err(StorageError::io("read", &path))?;
        let directories = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        waiting.extend(directories.map(|entry| (entry.path(), Some(meta.dev()))));
    }
    found.reverse();
    Ok(found)
}

/// A subvolume that goes away unless it got its name: when work on it fails or is dropped.
pub(super) struct Unfinished(PathBuf);

impl Unfinished {
    /// A name beside a volume that nobody else takes. Nothing is made yet.
    pub(super) fn beside(path: &Path) -> Self {
        use std::sync::atomic::{AtomicU64, Ordering};
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Self(path.with_file_name(format!("{TEMPORARY}{}-{number}-{name}", std::process::id())))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.0.exists() {
            return;
        }
        let (path, runtime) = (std::mem::take(&mut self.0), tokio::runtime::Handle::try_current());
        // Without a runtime the program ends, and its next start sweeps.
        let Ok(runtime) = runtime else { return };
        runtime.spawn(async move {
            if let Err(error) = remove(&path).await {
                tracing::warn!(path = %path.display(), "{error}");
            }
            // Fails when other volumes are there, as it shall.
            let _ = path.parent().map(std::fs::remove_dir);
        });
    }
}

/// Removes subvolumes that a daemon which was killed left behind.
pub(super) async fn sweep(config: &StorageConfig) -> Result<(), StorageError> {
    let top = config.directory(Content::Images)?;
    let left = background(move || {
        let below = |path: &Path| std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
        let ours = |path: &PathBuf| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(TEMPORARY))
                && host::space::is_subvolume(path).unwrap_or(false)
        };
        Ok(below(&top).flat_map(|guest| below(&guest).collect::<Vec<_>>()).filter(ours).collect::<Vec<_>>())
    });
    for path in left.await? {
        remove(&path).await?;
    }
    Ok(())
}
