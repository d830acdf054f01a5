//! Mounts that show the owners of files as others (mount_setattr(2), `MOUNT_ATTR_IDMAP`).

use std::{
    fs::File,
    io,
    os::fd::{AsFd as _, OwnedFd},
    path::Path,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{mount::Inside, mount_tree, run::Run, sys};

/// How long the program that stands for the map may take to be there.
const DEADLINE: Duration = Duration::from_secs(10);

/// Ids of the files that appear as others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Of groups, not of users.
    pub group: bool,
    /// First id on the disk.
    pub disk: u64,
    /// First id that it appears as, as the host numbers them.
    pub host: u64,
    /// How many.
    pub count: u64,
}

/// A copy of the mount at `source`, mounted nowhere yet, whose files appear with other owners. `below`: with all that is
/// mounted below it.
///
/// # Errors
/// When the kernel or the file system cannot.
pub fn copy(inside: &Inside, source: &OwnedFd, below: bool, ranges: &[Range]) -> io::Result<OwnedFd> {
    let map = user_namespace(inside, ranges)?;
    let tree = mount_tree::detached(source, below)?;
    sys::map_mount(tree.as_fd(), map.as_fd(), below)?;
    Ok(tree)
}

/// A user namespace that nobody lives in: it only stands for the map. Ids on the disk are those inside of it.
fn user_namespace(inside: &Inside, ranges: &[Range]) -> io::Result<File> {
    inside.wait_for(async {
        let program = Run::new("unshare").args(["--user", "--", "sleep", "60"]);
        let mut program = program.detached(Path::new("/dev/null")).map_err(io::Error::other)?;
        let pid = program.pid().ok_or(io::ErrorKind::NotFound)?;
        let made = tokio::time::timeout(DEADLINE, mapped(pid, ranges)).await;
        // It is the leader of its session; `sleep` took its place.
        if let Some(pid) = i32::try_from(pid).ok().map(Pid::from_raw) {
            // It cannot be gone: we have not waited for it.
            let _ = kill(pid, Signal::SIGKILL);
        }
        // It ends by the signal, which is no news.
        let _ = program.wait().await;
        made.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    })
}

async fn mapped(pid: u32, ranges: &[Range]) -> io::Result<File> {
    let path = format!("/proc/{pid}/ns/user");
    let ours = std::fs::read_link("/proc/self/ns/user")?;
    // Nothing tells when it has entered its namespace.
    while std::fs::read_link(&path)? == ours {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    for (name, group) in [("uid_map", false), ("gid_map", true)] {
        let lines = ranges.iter().filter(|range| range.group == group);
        let text: String = lines.map(|range| format!("{} {} {}\n", range.disk, range.host, range.count)).collect();
        std::fs::write(format!("/proc/{pid}/{name}"), text)?;
    }
    File::open(path)
}
