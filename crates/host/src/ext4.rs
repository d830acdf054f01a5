//! Growing file systems in files and devices.

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::Duration;

use crate::run::{Run, RunError};

/// How long checking and growing may take.
const LONG: Duration = Duration::from_secs(4 * 3600);

/// Lets an ext4 file system fill the file or device that it lies in. It is checked before, as the tool demands.
///
/// # Errors
/// When it is none, is damaged beyond repair without asking, or a tool fails.
pub async fn grow(path: &Path) -> Result<(), RunError> {
    let checked = Run::new("e2fsck").args(["-f", "-p"]).arg(path).deadline(LONG).output().await;
    match checked {
        // It has repaired something.
        Err(error) if error.code() == Some(1) => {}
        other => drop(other?),
    }
    Run::new("resize2fs").arg(path).deadline(LONG).output().await.map(drop)
}

/// Checks an ext4 file system that nothing has mounted, and repairs what can be repaired without asking; `force` also
/// looks into one that says it is clean.
///
/// # Errors
/// When it is none, damage remains, or the tool fails.
pub async fn check(path: &Path, force: bool, line: impl FnMut(&str)) -> Result<(), RunError> {
    let words = if force { ["-p", "-v", "-f"].as_slice() } else { &["-p", "-v"] };
    match Run::new("e2fsck").args(words).arg(path).deadline(LONG).lines(line).await {
        // It has repaired something.
        Err(error) if error.code() == Some(1) => Ok(()),
        other => other,
    }
}

/// Lets an ext4 file system that was put back or copied as it was in use be mounted at once. Its protection against
/// mounts by two hosts takes it for mounted elsewhere, and would wait for signs of life. Only for one that certainly
/// nothing has mounted.
///
/// # Errors
/// When it is none, or the tool fails.
pub async fn nobody_uses(path: &Path) -> Result<(), RunError> {
    Run::new("tune2fs").args(["-f", "-E", "clear_mmp"]).arg(path).output().await.map(drop)
}

/// Whether we may let mounted file systems grow: the kernel asks for `CAP_SYS_RESOURCE`, which a container host may lack.
#[must_use]
pub fn may_grow_mounted() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    has_capability(&status, 24)
}

/// Whether the effective set of proc_pid_status(5) has a capability.
fn has_capability(status: &str, number: u32) -> bool {
    let set = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("CapEff:")?.trim(), 16).ok());
    set.is_some_and(|set| set >> number & 1 == 1)
}

/// Lets an ext4 file system that is mounted fill the file or device that it lies in, `size` bytes. `place` is where it
/// is mounted, which may be in another mount namespace: `/proc/PID/root/...`.
///
/// # Errors
/// When it is no ext4, cannot grow so far, or the kernel refuses.
pub async fn grow_mounted(volume: &Path, place: &File, size: u64) -> io::Result<()> {
    let loops = Run::new("losetup").args(["--noheadings", "--output", "NAME", "--associated"]).arg(volume);
    for device in loops.output().await.map_err(io::Error::other)?.text().split_whitespace() {
        // It does not notice by itself that its file has grown.
        let told = Run::new("losetup").args(["--set-capacity", device]).output().await;
        told.map_err(io::Error::other)?;
    }
    let stat = rustix::fs::fstatvfs(place)?;
    let blocks = size / stat.f_frsize.max(1);
    let place = place.try_clone()?;
    // Not resize2fs(8): it looks for the mount in our namespace, where there is none.
    let grown = tokio::task::spawn_blocking(move || crate::sys::ext4_grow(&place, blocks));
    grown.await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capability_is_a_bit() {
        assert!(has_capability("CapPrm:\t0\nCapEff:\t000001ffffffffff\n", 24));
        assert!(!has_capability("CapPrm:\t1\nCapEff:\t000001fffeffffff\n", 24));
        assert!(!has_capability("", 0));
    }
}
