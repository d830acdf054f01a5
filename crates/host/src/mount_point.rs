//! Volumes and directories that appear inside of a container's root file system.
//!
//! The tree inside belongs to somebody we do not trust, and a shared directory may change while we look: source and
//! target are opened once, without leaving their trees, and what is mounted is what was opened, whatever its name leads
//! to meanwhile.

use std::{
    fs::File,
    io,
    os::{
        fd::{AsRawFd as _, OwnedFd},
        unix::fs::MetadataExt as _,
    },
    path::{Path, PathBuf},
};

use nix::{
    fcntl::{OFlag, OpenHow, ResolveFlag, openat2},
    mount::{MntFlags, MsFlags, mount, umount2},
    sys::stat::{self, Mode},
    sys::statvfs::{FsFlags, fstatvfs},
    unistd::{Gid, Uid},
};

use crate::{
    idmapped::{self, Range},
    lxc::Volume,
    mount::{Inside, MountError, flags_of},
    mount_tree,
    rootfs::Root,
};

/// What is mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A volume of a storage.
    Volume(Volume),
    /// A directory of the host, with all that is mounted below it. No part of its path may be a link.
    Host(PathBuf),
}

/// One mount point of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MountPoint {
    /// Its name in the configuration, `mp0`.
    pub name: String,
    /// What is mounted.
    pub source: Source,
    /// Where, as the container sees it.
    pub path: String,
    /// Further mount options (mount(8)).
    pub options: Vec<String>,
    /// Nothing can be written there.
    pub read_only: bool,
    /// It takes over owner and mode of the directory that it covers.
    pub keep_attributes: bool,
    /// The owners of its files appear as others; those that are not named appear as nobody. Empty: all as they are.
    pub owners: Vec<Range>,
}

impl MountPoint {
    /// Mounts it below the root of a container, in this namespace. `stage` is an empty directory that images are mounted
    /// on first.
    ///
    /// # Errors
    /// When the source is not there or leads through a link, the target cannot be made, or the system refuses.
    pub fn mount(&self, inside: &Inside, root: &Root, stage: &Path) -> Result<(), MountError> {
        match &self.source {
            Source::Volume(Volume::Image(image)) => {
                let mut options: Vec<&str> = self.options.iter().map(String::as_str).collect();
                if self.read_only {
                    options.push("ro");
                }
                inside.image(image, stage, &options)?;
                let target = self.target(root)?;
                if !self.owners.is_empty() {
                    return self.mapped(inside, root, stage, &target);
                }
                let flags = MsFlags::MS_MOVE;
                mount(Some(stage), &by_descriptor(&target), None::<&str>, flags, None::<&str>)
                    .map_err(|err| self.failed(err.into()))?;
                self.keep(root, &target)
            }
            Source::Volume(Volume::Directory(path)) => {
                let source = nix::fcntl::open(path, DIRECTORY, Mode::empty()).map_err(|err| self.failed(err.into()))?;
                self.bind_mapped(inside, root, &source, false)?;
                self.check_read_only(root)
            }
            Source::Host(path) => {
                let source = self.open(path)?;
                self.bind_mapped(inside, root, &source, true)?;
                self.check_read_only(root)?;
                self.verify(root, path)
            }
        }
    }

    /// Moves what is mounted on the stage to its place, with other owners.
    fn mapped(&self, inside: &Inside, root: &Root, stage: &Path, target: &OwnedFd) -> Result<(), MountError> {
        let io = |err: nix::Error| self.failed(err.into());
        let source = nix::fcntl::open(stage, DIRECTORY, Mode::empty()).map_err(io)?;
        let tree = idmapped::copy(inside, &source, false, &self.owners).map_err(|err| self.failed(no_map(err)))?;
        drop(source);
        // The copy keeps the file system.
        umount2(stage, MntFlags::MNT_DETACH).map_err(io)?;
        mount_tree::put(&tree, target).map_err(|err| self.failed(err))?;
        self.keep(root, target)
    }

    /// As [`MountPoint::bind`], with other owners where that is asked for.
    fn bind_mapped(&self, inside: &Inside, root: &Root, source: &OwnedFd, below: bool) -> Result<(), MountError> {
        let target = self.target(root)?;
        if self.owners.is_empty() {
            self.bind(root, source, below)?;
            return self.keep(root, &target);
        }
        let tree = idmapped::copy(inside, source, below, &self.owners).map_err(|err| self.failed(no_map(err)))?;
        mount_tree::put(&tree, &target).map_err(|err| self.failed(err))?;
        self.flag(root)?;
        self.keep(root, &target)
    }

    /// Gives what is mounted owner and mode of the directory that it covers.
    fn keep(&self, root: &Root, covered: &OwnedFd) -> Result<(), MountError> {
        if !self.keep_attributes || self.read_only {
            return Ok(());
        }
        self.copy_attributes(covered, &self.opened(root)?)
    }

    /// Takes the mount away again and gives the directory below it owner and mode of what was mounted, which an archive
    /// has just set: at each start, [`MountPoint::keep_attributes`] goes by that directory.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn leave_attributes(&self, root: &Root) -> Result<(), MountError> {
        let io = |err: nix::Error| self.failed(err.into());
        let mounted = self.opened(root)?;
        umount2(&by_descriptor(&mounted), MntFlags::MNT_DETACH).map_err(io)?;
        self.copy_attributes(&mounted, &self.opened(root)?)
    }

    pub(crate) fn copy_attributes(&self, from: &OwnedFd, to: &OwnedFd) -> Result<(), MountError> {
        let io = |err: nix::Error| self.failed(err.into());
        let (before, to) = (stat::fstat(from).map_err(io)?, by_descriptor(to));
        let (user, group) = (Uid::from_raw(before.st_uid), Gid::from_raw(before.st_gid));
        nix::unistd::chown(&to, Some(user), Some(group)).map_err(io)?;
        // After the owner: a change of that may take bits away.
        let mode = Mode::from_bits_truncate(before.st_mode);
        stat::fchmodat(nix::fcntl::AT_FDCWD, &to, mode, stat::FchmodatFlags::FollowSymlink).map_err(io)
    }

    /// The first step of [`MountPoint::mount`] for a directory of the host: opens it.
    ///
    /// # Errors
    /// When it is not there, or a part of its path is a link.
    pub fn open(&self, source: &Path) -> Result<OwnedFd, MountError> {
        open_plainly(source).map_err(|err| self.failed(err))
    }

    /// The second step: binds a directory that is open already; `below`: with all that is mounted
    /// below it.
    ///
    /// # Errors
    /// When the target cannot be made, or the system refuses.
    pub fn bind(&self, root: &Root, source: &OwnedFd, below: bool) -> Result<(), MountError> {
        let refused = |err: nix::Error| self.failed(err.into());
        let target = self.target(root)?;
        let how = if below { MsFlags::MS_BIND | MsFlags::MS_REC } else { MsFlags::MS_BIND };
        mount(Some(&by_descriptor(source)), &by_descriptor(&target), None::<&str>, how, None::<&str>)
            .map_err(refused)?;
        self.flag(root)
    }

    /// Gives what is mounted the flags that it shall have.
    fn flag(&self, root: &Root) -> Result<(), MountError> {
        let flags = self.flags();
        if flags.is_empty() {
            return Ok(());
        }
        let mounted = self.opened(root)?;
        let flags = MsFlags::MS_BIND | MsFlags::MS_REMOUNT | flags;
        mount(None::<&str>, &by_descriptor(&mounted), None::<&str>, flags, None::<&str>)
            .map_err(|err| self.failed(err.into()))
    }

    /// The third step: makes sure that what shall be read-only is.
    ///
    /// # Errors
    /// When it is not; the mount is taken back then.
    pub fn check_read_only(&self, root: &Root) -> Result<(), MountError> {
        if !self.read_only {
            return Ok(());
        }
        let mounted = self.opened(root)?;
        let stat = fstatvfs(&mounted).map_err(|err| self.failed(err.into()))?;
        match stat.flags().contains(FsFlags::ST_RDONLY) {
            true => Ok(()),
            false => Err(self.undone(&mounted, "failed to mark bind mount read only")),
        }
    }

    /// The last step: makes sure that a directory's name still leads to what was mounted: it may have been exchanged on
    /// the way.
    ///
    /// # Errors
    /// When it leads elsewhere; the mount is taken back then.
    pub fn verify(&self, root: &Root, source: &Path) -> Result<(), MountError> {
        let mounted = self.opened(root)?;
        let identity = |fd: OwnedFd| File::from(fd).metadata().map(|metadata| (metadata.dev(), metadata.ino()));
        let copy = mounted.try_clone().map_err(|err| self.failed(err))?;
        let named = open_plainly(source).and_then(identity);
        match (named, identity(copy)) {
            (Ok(named), Ok(mounted)) if named == mounted => Ok(()),
            _ => Err(self.undone(&mounted, "bindmount verification failed")),
        }
    }

    fn undone(&self, mounted: &OwnedFd, why: &str) -> MountError {
        let flags = MntFlags::MNT_DETACH;
        if let Err(err) = umount2(&by_descriptor(mounted), flags) {
            tracing::warn!("{}: cannot take a mount back: {err}", self.name);
        }
        self.failed(io::Error::other(why))
    }

    /// The directory that it covers, made if it is not there.
    fn target(&self, root: &Root) -> Result<OwnedFd, MountError> {
        root.make_directories(&self.path).map_err(|err| self.failed(err))?;
        self.opened(root)
    }

    fn opened(&self, root: &Root) -> Result<OwnedFd, MountError> {
        root.directory(&self.path).map_err(|err| self.failed(err))
    }

    fn flags(&self) -> MsFlags {
        let read_only = if self.read_only { MsFlags::MS_RDONLY } else { MsFlags::empty() };
        read_only | flags_of(self.options.iter().map(String::as_str))
    }

    fn failed(&self, err: io::Error) -> MountError {
        let source_path = match &self.source {
            Source::Volume(Volume::Directory(path) | Volume::Image(path)) | Source::Host(path) => path.clone(),
        };
        let reason = match err.raw_os_error().map(nix::errno::Errno::from_raw) {
            Some(nix::errno::Errno::ELOOP) => "symlink encountered".to_owned(),
            _ => err.to_string(),
        };
        MountError::Mount { source_path, target: self.path.clone().into(), reason }
    }
}

/// The kernel's answer says nothing to somebody who asked for other owners.
fn no_map(err: io::Error) -> io::Error {
    io::Error::new(err.kind(), format!("its files cannot be shown with other owners ('idmap'): {err}"))
}

const DIRECTORY: OFlag = OFlag::O_PATH.union(OFlag::O_DIRECTORY).union(OFlag::O_CLOEXEC);

/// Opens a directory of the host no part of whose path is a link.
fn open_plainly(path: &Path) -> io::Result<OwnedFd> {
    let how = OpenHow::new().flags(DIRECTORY).resolve(ResolveFlag::RESOLVE_NO_SYMLINKS);
    Ok(openat2(nix::fcntl::AT_FDCWD, path, how)?)
}

/// A name that leads to what is open, and nowhere else.
fn by_descriptor(fd: &OwnedFd) -> PathBuf {
    PathBuf::from(format!("/proc/thread-self/fd/{}", fd.as_raw_fd()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mount::in_private_namespace;

    /// A root with `mnt`, a share with `a/b/c` and a link `sym` to `a/b`, and a secret.
    struct Place {
        directory: tempfile::TempDir,
    }

    impl Place {
        fn new() -> Option<Self> {
            if !nix::unistd::geteuid().is_root() {
                println!("skipped: needs root");
                return None;
            }
            let directory = tempfile::tempdir().unwrap();
            for path in ["root/mnt", "share/a/b/c", "secret"] {
                std::fs::create_dir_all(directory.path().join(path)).unwrap();
            }
            std::fs::write(directory.path().join("share/a/b/c/file"), "shared").unwrap();
            std::fs::write(directory.path().join("secret/file"), "secret").unwrap();
            std::os::unix::fs::symlink("a/b", directory.path().join("share/sym")).unwrap();
            Some(Self { directory })
        }

        fn point(&self, source: &str, path: &str, read_only: bool) -> MountPoint {
            let source = Source::Host(self.directory.path().join(source));
            MountPoint {
                name: "mp0".into(),
                source,
                path: path.into(),
                options: vec!["nosuid".into()],
                read_only,
                keep_attributes: false,
                owners: Vec::new(),
            }
        }

        /// Mounts it and says what the container reads there, and whether it can write.
        async fn try_it(&self, point: MountPoint) -> Result<(String, bool), String> {
            let base = self.directory.path().to_owned();
            let done = in_private_namespace(move |inside| {
                let root = Root::open(&base.join("root"), None).unwrap();
                point.mount(inside, &root, &base).map_err(|err| err.to_string())?;
                let text = root.read(&format!("{}/file", point.path)).unwrap();
                Ok((text, root.write(&format!("{}/new", point.path), "", 0o644).is_ok()))
            });
            done.await.unwrap()
        }
    }

    #[tokio::test]
    async fn a_directory_of_the_host_appears_inside() {
        let Some(place) = Place::new() else { return };
        assert_eq!(place.try_it(place.point("share/a/b/c", "/mnt", false)).await, Ok(("shared".into(), true)));
        assert_eq!(place.try_it(place.point("share/a/b/c", "/made/by/us", true)).await, Ok(("shared".into(), false)));
        assert!(place.directory.path().join("root/made/by/us").is_dir());
    }

    #[tokio::test]
    async fn links_lead_nowhere() {
        let Some(place) = Place::new() else { return };
        let err = place.try_it(place.point("share/sym/c", "/mnt", false)).await.unwrap_err();
        assert!(err.contains("symlink encountered"), "{err}");
        // A link inside leads to a place inside, however it is written.
        std::fs::create_dir(place.directory.path().join("root/secret")).unwrap();
        std::os::unix::fs::symlink("../../../secret", place.directory.path().join("root/out")).unwrap();
        assert_eq!(place.try_it(place.point("share/a/b/c", "/out/x", false)).await, Ok(("shared".into(), true)));
        assert!(!place.directory.path().join("secret/x").exists());
        assert!(place.directory.path().join("root/secret/x").is_dir());
    }

    #[tokio::test]
    async fn what_is_exchanged_meanwhile_is_not_shown() {
        let Some(place) = Place::new() else { return };
        let (point, base) = (place.point("share/a/b/c", "/mnt", false), place.directory.path().to_owned());
        let done = in_private_namespace(move |_| {
            let root = Root::open(&base.join("root"), None).unwrap();
            let Source::Host(path) = &point.source else { return };
            let source = open_plainly(path).unwrap();
            std::fs::rename(base.join("share/a/b"), base.join("share/a/old")).unwrap();
            std::os::unix::fs::symlink("../../secret", base.join("share/a/b")).unwrap();
            point.bind(&root, &source, false).unwrap();
            assert_eq!(std::fs::read_to_string(base.join("root/mnt/file")).unwrap(), "shared");
            let err = point.verify(&root, path).unwrap_err().to_string();
            assert!(err.contains("bindmount verification failed"), "{err}");
            assert!(!base.join("root/mnt/file").exists());
        });
        done.await.unwrap();
    }

    #[tokio::test]
    async fn a_mount_that_is_writable_after_all_is_taken_back() {
        let Some(place) = Place::new() else { return };
        let (point, base) = (place.point("share/a/b/c", "/mnt", true), place.directory.path().to_owned());
        let done = in_private_namespace(move |_| {
            let root = Root::open(&base.join("root"), None).unwrap();
            let writable = MountPoint { read_only: false, ..point.clone() };
            let Source::Host(path) = &point.source else { return };
            writable.bind(&root, &open_plainly(path).unwrap(), false).unwrap();
            let err = point.check_read_only(&root).unwrap_err().to_string();
            assert!(err.contains("failed to mark bind mount read only"), "{err}");
            assert!(!base.join("root/mnt/file").exists());
        });
        done.await.unwrap();
    }
}
