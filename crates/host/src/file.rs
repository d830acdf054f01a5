//! Files that are replaced whole, read with a limit, and locked with a deadline.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};
use tokio::time::Instant;

/// What went wrong with a file, and with which.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The system refused.
    #[error("unable to {doing} '{path}' - {source}")]
    Io {
        /// The verb: `open`, `write`, …
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A file is larger than its reader accepts.
    #[error("file '{path}' is larger than {limit} bytes")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Most bytes accepted.
        limit: u64,
    },
    /// A text file is not UTF-8.
    #[error("file '{path}' is not UTF-8 text")]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// What the path is mounted from does not answer.
    #[error("'{path}' does not answer - got timeout; check what it is mounted from")]
    Hangs {
        /// The file.
        path: PathBuf,
    },
    /// Somebody else kept the lock until the deadline.
    #[error("can't lock file '{path}' - got timeout")]
    LockTimeout {
        /// The lock file.
        path: PathBuf,
    },
}

impl FileError {
    /// Wraps an error of the system for `.map_err(FileError::io("open", path))`.
    pub fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { doing, path: path.to_path_buf(), source }
    }

    /// Whether the file simply is not there.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound)
    }
}

/// Replaces a file so that readers, and a machine that loses power, see the old text or the new one, whole.
///
/// `mode` is set before the first byte is written. The directory must exist.
///
/// # Errors
/// When the directory cannot be written; the old file is then untouched and nothing is left behind.
pub fn write_atomic(path: &Path, bytes: &[u8], mode: u32) -> Result<(), FileError> {
    replace(path, bytes, mode, true)
}

/// As [`write_atomic`], for files that may fall back to their old text when the machine loses power.
///
/// # Errors
/// As [`write_atomic`].
pub fn write_unsynced(path: &Path, bytes: &[u8], mode: u32) -> Result<(), FileError> {
    replace(path, bytes, mode, false)
}

fn replace(path: &Path, bytes: &[u8], mode: u32, sync: bool) -> Result<(), FileError> {
    let temporary = temporary_beside(path);
    let written = fill(&temporary, bytes, mode, sync)
        .map_err(FileError::io("write", path))
        .and_then(|()| std::fs::rename(&temporary, path).map_err(FileError::io("replace", path)));
    if written.is_err() {
        // The error of the write is what the caller must hear; the remains are ours alone.
        let _ = std::fs::remove_file(&temporary);
        return written;
    }
    if sync { sync_parent(path) } else { Ok(()) }
}

fn fill(path: &Path, bytes: &[u8], mode: u32, sync: bool) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    // The umask took bits away at creation.
    file.set_permissions(std::fs::Permissions::from_mode(mode))?;
    file.write_all(bytes)?;
    if sync { file.sync_all() } else { Ok(()) }
}

fn temporary_beside(path: &Path) -> PathBuf {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.tmp.{}.{number}", std::process::id()))
}

/// Makes the name of a file just created, renamed or removed survive a loss of power.
///
/// # Errors
/// When its directory cannot be opened or synced.
pub fn sync_parent(path: &Path) -> Result<(), FileError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(parent).and_then(|dir| dir.sync_all()).map_err(FileError::io("sync directory of", path))
}

/// Creates a directory and its parents; a directory made here gets `mode`, one that exists keeps its own.
///
/// # Errors
/// When it cannot be created or something else has its name.
pub fn create_dir(path: &Path, mode: u32) -> Result<(), FileError> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(mode).create(path).map_err(FileError::io("create directory", path))
}

/// Lets two things that exist on one file system change their names at once.
///
/// # Errors
/// When one of them is missing or the file system refuses.
pub fn exchange(one: &Path, other: &Path) -> std::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags};
    Ok(rustix::fs::renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

/// Renames to a name that is free; one that is taken stays what it is.
///
/// # Errors
/// When the name is taken (`AlreadyExists`) or the file system refuses.
pub fn rename_new(from: &Path, to: &Path) -> std::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags};
    Ok(rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}

/// Reads a whole file of at most `limit` bytes.
///
/// # Errors
/// When it cannot be read, or is larger: a file that another program writes must not fill our memory.
pub fn read_limited(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(FileError::io("open", path))?;
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(FileError::io("read", path))?;
    if bytes.len() as u64 > limit {
        return Err(FileError::TooLarge { path: path.to_path_buf(), limit });
    }
    Ok(bytes)
}

/// Reads a whole text file of at most `limit` bytes.
///
/// # Errors
/// As [`read_limited`], and when it is not UTF-8.
pub fn read_text_limited(path: &Path, limit: u64) -> Result<String, FileError> {
    String::from_utf8(read_limited(path, limit)?).map_err(|_| FileError::NotText { path: path.to_path_buf() })
}

/// An exclusive lock on a file, kept until dropped. It ends with its process, however that ends.
#[derive(Debug)]
pub struct FileLock {
    /// Held for its `Drop`.
    _held: Flock<File>,
}

impl FileLock {
    /// Waits until the lock is ours, at most `wait`, without keeping a runtime thread busy.
    ///
    /// The file is created (mode 0600) when missing and never removed: removing it would let two holders in.
    ///
    /// # Errors
    /// [`FileError::LockTimeout`] after the deadline; otherwise when the file cannot be opened.
    pub async fn acquire(path: &Path, wait: Duration) -> Result<Self, FileError> {
        let deadline = Instant::now() + wait;
        let mut pause = Duration::from_millis(2);
        let mut file = open_lock(path)?;
        loop {
            match try_flock(file, path)? {
                Ok(lock) => return Ok(lock),
                Err(returned) => file = returned,
            }
            let now = Instant::now();
            if now >= deadline {
                return Err(FileError::LockTimeout { path: path.to_path_buf() });
            }
            tokio::time::sleep(pause.min(deadline - now)).await;
            // The kernel tells nobody that a lock is free, unless a thread blocks for it: so ask, ever less often.
            pause = (pause * 2).min(Duration::from_millis(100));
        }
    }

    /// Takes the lock if it is free.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn try_acquire(path: &Path) -> Result<Option<Self>, FileError> {
        Ok(try_flock(open_lock(path)?, path)?.ok())
    }
}

fn open_lock(path: &Path) -> Result<File, FileError> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(FileError::io("open", path))
}

fn try_flock(file: File, path: &Path) -> Result<Result<FileLock, File>, FileError> {
    match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
        Ok(held) => Ok(Ok(FileLock { _held: held })),
        Err((file, Errno::EWOULDBLOCK | Errno::EINTR)) => Ok(Err(file)),
        Err((_, errno)) => Err(FileError::Io { doing: "lock", path: path.to_path_buf(), source: errno.into() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_with_its_mode() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        write_atomic(&path, b"one", 0o600).unwrap();
        write_atomic(&path, b"two", 0o640).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o640);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_failed_write_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        std::fs::create_dir(&path).unwrap();
        assert!(write_atomic(&path, b"x", 0o600).is_err());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn reading_stops_at_the_limit() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        std::fs::write(&path, b"12345").unwrap();
        assert_eq!(read_text_limited(&path, 5).unwrap(), "12345");
        assert!(matches!(read_limited(&path, 4), Err(FileError::TooLarge { limit: 4, .. })));
        assert!(read_limited(&dir.path().join("b"), 4).unwrap_err().is_not_found());
        std::fs::write(&path, b"\xff").unwrap();
        assert!(matches!(read_text_limited(&path, 4), Err(FileError::NotText { .. })));
    }

    #[tokio::test]
    async fn a_lock_has_one_holder_and_waiters_a_deadline() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let held = FileLock::acquire(&path, Duration::ZERO).await.unwrap();
        assert!(FileLock::try_acquire(&path).unwrap().is_none());
        let error = FileLock::acquire(&path, Duration::from_millis(5)).await.unwrap_err().to_string();
        assert_eq!(error, format!("can't lock file '{}' - got timeout", path.display()));
        let waiter = tokio::spawn({
            let path = path.clone();
            async move { FileLock::acquire(&path, Duration::from_secs(10)).await }
        });
        drop(held);
        assert!(waiter.await.unwrap().is_ok());
    }
}
