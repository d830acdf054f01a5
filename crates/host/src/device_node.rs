//! Device nodes that a container gets from the host.
//!
//! They are made anew, with the owner and mode that the container wants, in a small file system of their own; its
//! configuration binds them from there. So the host's nodes keep theirs, and none is ever inside of a volume.

use std::{
    io,
    os::unix::fs::{FileTypeExt as _, MetadataExt as _, chown},
    path::{Path, PathBuf},
};

use nix::{
    mount::{MsFlags, mount},
    sys::stat::{self, Mode, SFlag},
};

use crate::mount::MountError;

/// What a device node stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    /// A block device, not a character device.
    pub block: bool,
    /// Main number.
    pub major: u64,
    /// Second number.
    pub minor: u64,
}

impl Device {
    /// What stands at a path of the host (links followed).
    ///
    /// # Errors
    /// As a message, when nothing does, or something that is no device.
    pub fn at(path: &Path) -> Result<Self, String> {
        let shown = path.display();
        let metadata = path.metadata().map_err(|err| match err.kind() {
            io::ErrorKind::NotFound => format!("Device {shown} does not exist"),
            _ => format!("Device {shown} cannot be examined: {err}"),
        })?;
        let kind = metadata.file_type();
        if !kind.is_char_device() && !kind.is_block_device() {
            return Err(format!("{shown} is not a device"));
        }
        let number = metadata.rdev();
        Ok(Self { block: kind.is_block_device(), major: stat::major(number), minor: stat::minor(number) })
    }
}

impl std::fmt::Display for Device {
    /// As rules of control groups name it: `c 1:3`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}:{}", if self.block { 'b' } else { 'c' }, self.major, self.minor)
    }
}

/// A device that a container gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its path, on the host as inside.
    pub path: PathBuf,
    /// What it stands for.
    pub device: Device,
    /// Owner, as the host numbers users.
    pub uid: u32,
    /// Owning group, as the host numbers groups.
    pub gid: u32,
    /// Permission bits.
    pub mode: u32,
}

/// Makes nodes below `place`, in a file system that only this mount namespace sees.
///
/// # Errors
/// When the system refuses.
pub fn make(place: &Path, nodes: &[Node]) -> Result<(), MountError> {
    let failed = |target: &Path, reason: io::Error| MountError::Mount {
        source_path: PathBuf::from("device nodes"),
        target: target.to_owned(),
        reason: reason.to_string(),
    };
    std::fs::create_dir_all(place).map_err(|err| failed(place, err))?;
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NOEXEC;
    mount(Some("none"), place, Some("tmpfs"), flags, Some("mode=755,size=64k"))
        .map_err(|err| failed(place, err.into()))?;
    for node in nodes {
        let target = place.join(node.path.strip_prefix("/").unwrap_or(&node.path));
        one(&target, node).map_err(|err| failed(&target, err))?;
    }
    Ok(())
}

fn one(target: &Path, node: &Node) -> io::Result<()> {
    if let Some(above) = target.parent() {
        std::fs::create_dir_all(above)?;
    }
    let kind = if node.device.block { SFlag::S_IFBLK } else { SFlag::S_IFCHR };
    stat::mknod(target, kind, Mode::empty(), stat::makedev(node.device.major, node.device.minor))?;
    chown(target, Some(node.uid), Some(node.gid))?;
    // After the owner: a change of that may take bits away.
    std::fs::set_permissions(target, std::os::unix::fs::PermissionsExt::from_mode(node.mode & 0o7777))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_told_from_other_things() {
        assert_eq!(Device::at(Path::new("/dev/null")).unwrap().to_string(), "c 1:3");
        assert_eq!(Device::at(Path::new("/dev/shm")).unwrap_err(), "/dev/shm is not a device");
        assert_eq!(Device::at(Path::new("/dev/absent")).unwrap_err(), "Device /dev/absent does not exist");
    }
}
