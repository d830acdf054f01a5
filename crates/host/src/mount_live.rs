//! Volumes and directories that appear in, or vanish from, a container that runs; and a container's file systems that
//! are shown to the host while it does not.
//!
//! They are mounted in a namespace of ours first, as for a start; a detached copy of that mount is then put into the
//! container's namespace, at a directory that was opened without leaving its root. The container sees nothing before
//! it is complete, and what it does to names meanwhile leads nowhere.

use std::path::{Path, PathBuf};

use nix::{
    mount::{MntFlags, umount2},
    sched::{CloneFlags, setns},
};

use crate::{
    lxc::{Files, Lxc, LxcError},
    mount::{Inside, MountError, in_private_namespace},
    mount_point::MountPoint,
    mount_tree,
    process::Process,
    rootfs::Root,
};

/// Where a point is mounted before it is moved, below the empty root that stands for the container's.
const PLACE: &str = "/point";

impl Lxc {
    /// Mounts a point in a running container; new directories inside belong to `owner`.
    ///
    /// # Errors
    /// When it cannot be mounted, or the container ended; nothing is left then.
    pub async fn attach(
        &self,
        vmid: u32,
        init: Process,
        owner: Option<u32>,
        point: MountPoint,
    ) -> Result<(), LxcError> {
        attach(init, &self.home(vmid).join("hotplug"), owner, point).await
    }

    /// Mounts the file systems of a container that does not run where the host sees them. Answers where.
    ///
    /// # Errors
    /// When they are mounted already, or cannot be mounted; nothing is left then.
    pub async fn show(&self, vmid: u32, files: Files) -> Result<PathBuf, LxcError> {
        let place = self.home(vmid).join("rootfs");
        let told = |reason: String| MountError::Mount {
            source_path: format!("container {vmid}").into(),
            target: self.home(vmid).join("rootfs"),
            reason,
        };
        if is_mounted(&place).map_err(|err| told(err.to_string()))? {
            return Err(told("it is mounted already".to_owned()).into());
        }
        let (home, outside) = (self.home(vmid), place.clone());
        let shown = self.mounted(vmid, files, move |inside, target| {
            let failed = |err: std::io::Error| err.to_string();
            let root = Root::open(target, None).and_then(|root| root.directory("/")).map_err(failed)?;
            let tree = mount_tree::detached(&root, true).map_err(failed)?;
            inside.step_out().map_err(|err| err.to_string())?;
            // For root only: programs in there may run as their owner, and nodes stand for devices. A start opens it again.
            let closed = std::os::unix::fs::PermissionsExt::from_mode(0o700);
            std::fs::set_permissions(&home, closed).map_err(failed)?;
            let target = Root::open(&outside, None).and_then(|root| root.directory("/")).map_err(failed)?;
            mount_tree::put(&tree, &target).map_err(failed)
        });
        shown.await?.map_err(told)?;
        Ok(place)
    }

    /// Takes back what [`Lxc::show`] mounted; tells whether anything was.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn hide(&self, vmid: u32) -> Result<bool, LxcError> {
        let place = self.home(vmid).join("rootfs");
        let failed = |err: std::io::Error| LxcError::File(format!("cannot unmount '{}'", place.display()), err);
        if !is_mounted(&place).map_err(failed)? {
            return Ok(false);
        }
        // With all that is mounted below it; whoever still works there keeps it until he leaves.
        umount2(&place, MntFlags::MNT_DETACH).map_err(|err| failed(err.into()))?;
        Ok(true)
    }
}

/// Whether a directory is where something is mounted: its file system, or the mount, is another one than its parent's.
fn is_mounted(place: &Path) -> std::io::Result<bool> {
    let canonical = match place.canonicalize() {
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        other => other?,
    };
    let table = std::fs::read_to_string("/proc/self/mountinfo")?;
    Ok(crate::mount::mountinfo(&table).iter().any(|(mounted, _)| *mounted == canonical))
}

/// `place` is a directory of ours for the time of it.
async fn attach(init: Process, place: &Path, owner: Option<u32>, point: MountPoint) -> Result<(), LxcError> {
    let (stage, root) = (place.join("stage"), place.join("root"));
    for directory in [&stage, &root] {
        let failed = |err| LxcError::File(format!("cannot make '{}'", directory.display()), err);
        std::fs::create_dir_all(directory).map_err(failed)?;
    }
    let done = in_private_namespace(move |inside| {
        let ours = Root::open(&root, None).map_err(|err| failed(&point, &err.to_string()))?;
        let mounted =
            MountPoint { path: PLACE.to_owned(), keep_attributes: false, ..point.clone() }.mount(inside, &ours, &stage);
        mounted.map_err(|err| match err {
            MountError::Mount { source_path, reason, .. } => {
                MountError::Mount { source_path, target: Path::new(&point.path).to_owned(), reason }
            }
            other => other,
        })?;
        let failed = |err: std::io::Error| failed(&point, &err.to_string());
        let mounted = ours.directory(PLACE).map_err(failed)?;
        let theirs = root_of(&init, owner).map_err(failed)?;
        theirs.make_directories(&point.path).map_err(failed)?;
        let target = theirs.directory(&point.path).map_err(failed)?;
        if point.keep_attributes && !point.read_only {
            point.copy_attributes(&target, &mounted)?;
        }
        let tree = mount_tree::detached(&mounted, true).map_err(failed)?;
        enter(&init)?;
        mount_tree::put(&tree, &target).map_err(failed)
    });
    Ok(done.await??)
}

/// Takes a mount out of a running container. What still has files of it open keeps them.
///
/// # Errors
/// When nothing is mounted there, or the container ended.
pub async fn detach(init: Process, path: &str) -> Result<(), LxcError> {
    let path = path.to_owned();
    let done = in_private_namespace(move |_: &Inside| {
        let failed = |err: std::io::Error| LxcError::File(format!("cannot unmount '{path}'"), err);
        let target = root_of(&init, None).and_then(|root| root.directory(&path)).map_err(failed)?;
        enter(&init)?;
        // Not by the descriptor's name: what /proc shows in there knows nothing of us.
        nix::unistd::fchdir(&target).map_err(|err| failed(err.into()))?;
        umount2(".", MntFlags::MNT_DETACH).map_err(|err| failed(err.into()))
    });
    done.await?
}

/// The container's files as its first process sees them.
pub(crate) fn root_of(init: &Process, owner: Option<u32>) -> std::io::Result<Root> {
    let root = Root::open(Path::new(&format!("/proc/{}/root", init.pid)), owner)?;
    if init.alive() { Ok(root) } else { Err(std::io::Error::other("the container ended")) }
}

/// This thread sees the container's mounts from here on.
pub(crate) fn enter(init: &Process) -> Result<(), MountError> {
    let gone = |err: std::io::Error| MountError::Namespace(err);
    let namespace = std::fs::File::open(format!("/proc/{}/ns/mnt", init.pid)).map_err(gone)?;
    if !init.alive() {
        return Err(gone(std::io::Error::other("the container ended")));
    }
    setns(&namespace, CloneFlags::CLONE_NEWNS).map_err(|err| gone(err.into()))
}

fn failed(point: &MountPoint, reason: &str) -> MountError {
    MountError::Mount {
        source_path: Path::new(&point.name).to_owned(),
        target: Path::new(&point.path).to_owned(),
        reason: reason.to_owned(),
    }
}
