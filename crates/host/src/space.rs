//! Room on mounted file systems. These calls block while the medium does not answer: run them off the runtime.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Room on a file system, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Space {
    /// What a user can fill altogether.
    pub total: u64,
    /// What is filled.
    pub used: u64,
    /// What is free for users; blocks reserved for root do not count.
    pub avail: u64,
}

/// Room on the file system that a path lies on.
///
/// # Errors
/// When the path does not exist or the medium fails.
pub fn of(path: &Path) -> io::Result<Space> {
    Ok(space(&nix::sys::statvfs::statvfs(path)?))
}

/// Room on the file system that an open file or directory lies on.
///
/// # Errors
/// When the medium fails.
pub fn of_open(open: &std::fs::File) -> io::Result<Space> {
    Ok(space(&nix::sys::statvfs::fstatvfs(open)?))
}

fn space(stat: &nix::sys::statvfs::Statvfs) -> Space {
    let bytes = |blocks: u64| blocks.saturating_mul(stat.fragment_size());
    let used = bytes(stat.blocks().saturating_sub(stat.blocks_free()));
    let avail = bytes(stat.blocks_available());
    Space { total: used + avail, used, avail }
}

/// Whether something is mounted at this directory.
///
/// # Errors
/// When the directory does not exist or the medium fails.
pub fn is_mount_point(path: &Path) -> io::Result<bool> {
    let Some(parent) = path.parent() else { return Ok(true) };
    let (here, above) = (std::fs::metadata(path)?, std::fs::metadata(parent)?);
    Ok(here.dev() != above.dev() || here.ino() == above.ino())
}

/// Whether a path lies on a BTRFS.
///
/// # Errors
/// When the path does not exist or the medium fails.
pub fn is_btrfs(path: &Path) -> io::Result<bool> {
    Ok(nix::sys::statfs::statfs(path)?.filesystem_type() == nix::sys::statfs::BTRFS_SUPER_MAGIC)
}

/// Whether a directory is the top of a subvolume of a BTRFS.
///
/// # Errors
/// When it does not exist or the medium fails.
pub fn is_subvolume(path: &Path) -> io::Result<bool> {
    /// The number that BTRFS gives to the top directory of every subvolume.
    const TOP: u64 = 256;
    let found = std::fs::symlink_metadata(path)?;
    Ok(found.is_dir() && found.ino() == TOP && is_btrfs(path)?)
}

/// Makes a file of this size at once, its blocks reserved but unwritten.
///
/// # Errors
/// When the medium is full or cannot reserve blocks.
pub fn reserve(file: &std::fs::File, size: u64) -> io::Result<()> {
    let size = i64::try_from(size).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
    Ok(nix::fcntl::fallocate(file, nix::fcntl::FallocateFlags::empty(), 0, size)?)
}

/// Makes a file's content the same blocks as another one's, which both then change apart from each other.
///
/// # Errors
/// When the file system cannot share blocks, or the files are on different ones. The target is unchanged then.
pub fn share(source: &std::fs::File, target: &std::fs::File) -> io::Result<()> {
    Ok(rustix::fs::ioctl_ficlone(target, source)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_adds_up_and_mounts_are_seen() {
        let space = of(Path::new("/")).unwrap();
        assert!(space.total > 0 && space.total == space.used + space.avail);
        assert!(is_mount_point(Path::new("/proc")).unwrap());
        let dir = tempfile::tempdir().unwrap();
        assert!(!is_mount_point(dir.path()).unwrap());
        assert!(of(&dir.path().join("missing")).is_err());
    }
}
