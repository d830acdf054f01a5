//! Copies of mounts that are mounted nowhere yet, and putting them in their place (open_tree(2), move_mount(2)).

use std::{io, os::fd::OwnedFd};

use rustix::mount::{MoveMountFlags, OpenTreeFlags, move_mount, open_tree};

/// A copy of the mount at a directory; `below`: with all that is mounted below it.
///
/// # Errors
/// When the system refuses.
pub(crate) fn detached(directory: &OwnedFd, below: bool) -> io::Result<OwnedFd> {
    let own = OpenTreeFlags::OPEN_TREE_CLONE | OpenTreeFlags::OPEN_TREE_CLOEXEC | OpenTreeFlags::AT_EMPTY_PATH;
    let deep = if below { OpenTreeFlags::AT_RECURSIVE } else { OpenTreeFlags::empty() };
    Ok(open_tree(directory, "", own | deep)?)
}

/// Mounts such a copy at a directory.
///
/// # Errors
/// When the system refuses.
pub(crate) fn put(tree: &OwnedFd, target: &OwnedFd) -> io::Result<()> {
    let ends = MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH | MoveMountFlags::MOVE_MOUNT_T_EMPTY_PATH;
    Ok(move_mount(tree, "", target, "", ends)?)
}
