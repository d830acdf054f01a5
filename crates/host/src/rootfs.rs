//! Files of a container's root file system, seen as the container sees them.
//!
//! The tree belongs to somebody we do not trust: its links may point anywhere. Every path is resolved by the kernel
//! with the tree as its root (openat2(2), `RESOLVE_IN_ROOT`), so neither an absolute link nor `..` leads out of it,
//! not even when the tree changes meanwhile. A write replaces the name itself, never what a link there points to.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, Read as _, Write as _},
    os::fd::{AsFd as _, AsRawFd as _, BorrowedFd, OwnedFd},
    os::unix::fs::MetadataExt as _,
    path::{Component, Path, PathBuf},
};

use nix::{
    errno::Errno,
    fcntl::{AtFlags, OFlag, OpenHow, ResolveFlag, openat, openat2, readlinkat, renameat},
    sys::stat::{FchmodatFlags, Mode, fchmod, fchmodat, mkdirat},
    unistd::{Gid, Uid, UnlinkatFlags, fchown, fchownat, symlinkat, unlinkat},
};

/// A configuration file larger than this is not one.
const READ_LIMIT: u64 = 4 << 20;

/// A tree of files; every path is one inside of it, with or without a leading slash.
pub struct Root {
    directory: OwnedFd,
    owner: Option<(Uid, Gid)>,
}

impl Root {
    /// Opens the tree at `path`. What is created in it belongs to `owner` (user and group id on the host of the
    /// container's root); to ourselves when not given.
    ///
    /// # Errors
    /// When there is no such directory.
    pub fn open(path: &Path, owner: Option<u32>) -> io::Result<Self> {
        let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let directory = nix::fcntl::open(path, flags, Mode::empty())?;
        Ok(Self { directory, owner: owner.map(|id| (Uid::from_raw(id), Gid::from_raw(id))) })
    }

    /// Whether something is there (links followed).
    #[must_use]
    pub fn exists(&self, path: &str) -> bool {
        self.resolve(path, OFlag::O_PATH).is_ok()
    }

    /// Whether a regular file is there (links followed).
    #[must_use]
    pub fn is_file(&self, path: &str) -> bool {
        self.metadata(path).is_ok_and(|metadata| metadata.is_file())
    }

    /// Whether a directory is there (links followed).
    #[must_use]
    pub fn is_directory(&self, path: &str) -> bool {
        self.metadata(path).is_ok_and(|metadata| metadata.is_dir())
    }

    /// Whether a directory is there under that very name (a link at its end is none).
    #[must_use]
    pub fn is_own_directory(&self, path: &str) -> bool {
        let found = self.parent(path).and_then(|(parent, name)| stat_at(&parent, &name));
        found.is_ok_and(|metadata| metadata.is_dir())
    }

    /// Owner, mode and kind of what is there (links followed).
    ///
    /// # Errors
    /// When nothing is.
    pub fn metadata(&self, path: &str) -> io::Result<std::fs::Metadata> {
        File::from(self.resolve(path, OFlag::O_PATH)?).metadata()
    }

    /// What the link at `path` points to.
    ///
    /// # Errors
    /// When there is no link.
    pub fn link(&self, path: &str) -> io::Result<PathBuf> {
        let (parent, name) = self.parent(path)?;
        Ok(PathBuf::from(readlinkat(&parent, name.as_os_str())?))
    }

    /// Opens a directory (links followed) for use by its descriptor.
    ///
    /// # Errors
    /// When there is none.
    pub fn directory(&self, path: &str) -> io::Result<OwnedFd> {
        self.resolve(path, OFlag::O_PATH | OFlag::O_DIRECTORY)
    }

    /// Whether anything stands under that very name (a link at its end is not followed).
    #[must_use]
    pub(crate) fn is_there(&self, path: &str) -> bool {
        self.parent(path).and_then(|(parent, name)| stat_at(&parent, &name)).is_ok()
    }

    /// A handle on what stands under that very name: a link at its end is not followed but refused.
    ///
    /// # Errors
    /// When nothing does.
    pub(crate) fn handle(&self, path: &str) -> io::Result<OwnedFd> {
        let handle = self.resolve(path, OFlag::O_PATH | OFlag::O_NOFOLLOW)?;
        match File::from(handle.try_clone()?).metadata()?.is_symlink() {
            true => Err(io::Error::new(io::ErrorKind::InvalidInput, format!("'{path}' is a link"))),
            false => Ok(handle),
        }
    }

    /// Opens a directory (links followed) to ask its file system.
    ///
    /// # Errors
    /// When there is none.
    pub fn open_directory(&self, path: &str) -> io::Result<File> {
        self.resolve(path, OFlag::O_RDONLY | OFlag::O_DIRECTORY).map(File::from)
    }

    /// Writes out what the kernel still holds of the file system that a directory lies on.
    ///
    /// # Errors
    /// When there is none, or the medium fails.
    pub fn sync(&self, path: &str) -> io::Result<()> {
        Ok(nix::unistd::syncfs(self.open_directory(path)?)?)
    }

    /// The bytes of a regular file (links followed). Anything else, such as a device or a pipe, is an error and is not
    /// opened for reading.
    ///
    /// # Errors
    /// When there is no such file, or it is too large to be configuration.
    pub fn read_bytes(&self, path: &str) -> io::Result<Vec<u8>> {
        if !self.metadata(path)?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("'{path}' is not a regular file")));
        }
        // Between the two it may have become something else: O_NONBLOCK keeps a pipe from holding us.
        let file = File::from(self.resolve(path, OFlag::O_RDONLY | OFlag::O_NONBLOCK | OFlag::O_NOCTTY)?);
        let mut bytes = Vec::new();
        file.take(READ_LIMIT + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > READ_LIMIT {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("'{path}' is too large")));
        }
        Ok(bytes)
    }

    /// The text of a regular file (links followed).
    ///
    /// # Errors
    /// As [`Root::read_bytes`]; what is not UTF-8 becomes a replacement character.
    pub fn read(&self, path: &str) -> io::Result<String> {
        Ok(String::from_utf8_lossy(&self.read_bytes(path)?).into_owned())
    }

    /// The text of a regular file; nothing when there is none.
    ///
    /// # Errors
    /// When what is there cannot be read.
    pub fn read_if_there(&self, path: &str) -> io::Result<Option<String>> {
        match self.read(path) {
            Ok(text) => Ok(Some(text)),
            Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(err) => Err(err),
        }
    }

    /// Opens a regular file (links followed) for reading it in pieces. Anything else, such as a device or a pipe, is an
    /// error.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn open_file(&self, path: &str) -> io::Result<File> {
        let wrong = || io::Error::new(io::ErrorKind::InvalidInput, format!("'{path}' is not a regular file"));
        // Looked at before it is opened: opening a device may do something.
        if !self.metadata(path)?.is_file() {
            return Err(wrong());
        }
        let file = File::from(self.resolve(path, OFlag::O_RDONLY | OFlag::O_NONBLOCK | OFlag::O_NOCTTY)?);
        if file.metadata()?.is_file() { Ok(file) } else { Err(wrong()) }
    }

    /// Puts what `source` gives there as a file, whole or not at all, with these host ids and mode. A link there is
    /// replaced. Its directory must be there.
    ///
    /// # Errors
    /// When there is no such directory, a directory stands there, or the file system refuses.
    pub fn put(&self, path: &str, source: &mut dyn io::Read, owner: (u32, u32), mode: u32) -> io::Result<u64> {
        let (parent, name) = self.parent(path)?;
        self.replace(&parent, &name, (owner.0, owner.1, mode), |file| io::copy(source, file))
    }

    /// Puts a file there, whole or not at all. A regular file's owner and mode are kept; a link is replaced by the
    /// file. A new file has `mode`. Missing directories are made.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn write(&self, path: &str, text: &str, mode: u32) -> io::Result<()> {
        let (parent, name) = self.parent_made(path)?;
        let before = stat_at(&parent, &name).ok().filter(std::fs::Metadata::is_file);
        let (uid, gid, mode) = match &before {
            Some(before) => (before.uid(), before.gid(), before.mode() & 0o7777),
            None => {
                let (uid, gid) = self.owner.unwrap_or((Uid::effective(), Gid::effective()));
                (uid.as_raw(), gid.as_raw(), mode)
            }
        };
        self.replace(&parent, &name, (uid, gid, mode), |file| file.write_all(text.as_bytes()))
    }

    /// Writes a file beside the name, then gives it the name.
    fn replace<T>(
        &self,
        parent: &OwnedFd,
        name: &OsString,
        (uid, gid, mode): (u32, u32, u32),
        fill: impl FnOnce(&mut File) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut temporary = OsString::from(".pleiad-new.");
        temporary.push(name);
        // Left by a run that was killed.
        let _ = unlinkat(parent, temporary.as_os_str(), UnlinkatFlags::NoRemoveDir);
        let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let mut file = File::from(openat(parent, temporary.as_os_str(), flags, Mode::from_bits_truncate(0o600))?);
        let written = (|| {
            let filled = fill(&mut file)?;
            fchown(&file, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)))?;
            fchmod(&file, Mode::from_bits_truncate(mode))?;
            renameat(parent, temporary.as_os_str(), parent, name.as_os_str())?;
            Ok(filled)
        })();
        if written.is_err() {
            let _ = unlinkat(parent, temporary.as_os_str(), UnlinkatFlags::NoRemoveDir);
        }
        written
    }

    /// Makes a link at `path` that points to `target`, in place of a file or link that is there.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn symlink(&self, target: &str, path: &str) -> io::Result<()> {
        let (parent, name) = self.parent_made(path)?;
        match unlinkat(&parent, name.as_os_str(), UnlinkatFlags::NoRemoveDir) {
            Ok(()) | Err(Errno::ENOENT) => {}
            Err(err) => return Err(err.into()),
        }
        symlinkat(target, &parent, name.as_os_str())?;
        self.own(parent.as_fd(), &name)
    }

    /// Makes a directory and those above it.
    ///
    /// # Errors
    /// When something else stands there.
    pub fn make_directories(&self, path: &str) -> io::Result<()> {
        let mut so_far = PathBuf::new();
        for component in components(path)? {
            so_far.push(&component);
            let part = so_far.to_string_lossy().into_owned();
            match self.metadata(&part) {
                Ok(metadata) if metadata.is_dir() => {}
                Ok(_) => return Err(io::Error::from(io::ErrorKind::NotADirectory)),
                Err(err) if err.kind() == io::ErrorKind::NotFound => {
                    let (parent, name) = self.parent(&part)?;
                    mkdirat(&parent, name.as_os_str(), Mode::from_bits_truncate(0o755))?;
                    self.own(parent.as_fd(), &name)?;
                }
                Err(err) => return Err(err),
            }
        }
        Ok(())
    }

    /// Sets the permission bits of a regular file or directory (a link is not followed but refused).
    ///
    /// # Errors
    /// When it is not there.
    pub fn set_mode(&self, path: &str, mode: u32) -> io::Result<()> {
        let (parent, name) = self.parent(path)?;
        if stat_at(&parent, &name)?.is_symlink() {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        let mode = Mode::from_bits_truncate(mode);
        Ok(fchmodat(&parent, name.as_os_str(), mode, FchmodatFlags::FollowSymlink)?)
    }

    /// Removes a file or link, if it is there.
    ///
    /// # Errors
    /// When it is a directory, or the file system refuses.
    pub fn remove(&self, path: &str) -> io::Result<()> {
        let (parent, name) = match self.parent(path) {
            Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(()),
            other => other?,
        };
        match unlinkat(&parent, name.as_os_str(), UnlinkatFlags::NoRemoveDir) {
            Ok(()) | Err(Errno::ENOENT) => Ok(()),
            Err(err) => Err(err.into()),
        }
    }

    /// Removes what is there, a directory with all that is in it; nothing when nothing is. A link is removed, not
    /// followed.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn remove_tree(&self, path: &str) -> io::Result<()> {
        let (parent, name) = match self.parent(path) {
            Err(err) if matches!(err.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(()),
            other => other?,
        };
        let metadata = match stat_at(&parent, &name) {
            Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(()),
            other => other?,
        };
        if metadata.is_dir() {
            // By way of our own descriptor: what the path means cannot change any more. The library follows no link.
            return std::fs::remove_dir_all(Path::new(&format!("/proc/self/fd/{}", parent.as_raw_fd())).join(name));
        }
        Ok(unlinkat(&parent, name.as_os_str(), UnlinkatFlags::NoRemoveDir)?)
    }

    /// The names in a directory (links followed), sorted.
    ///
    /// # Errors
    /// When there is no such directory.
    pub fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let fd = self.resolve(path, OFlag::O_RDONLY | OFlag::O_DIRECTORY)?;
        // By way of our own descriptor: what the path means cannot change any more.
        let path = format!("/proc/self/fd/{}", fd.as_raw_fd());
        let mut names = Vec::new();
        for entry in std::fs::read_dir(path)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    fn own(&self, parent: BorrowedFd<'_>, name: &OsString) -> io::Result<()> {
        let Some((uid, gid)) = self.owner else { return Ok(()) };
        Ok(fchownat(parent, name.as_os_str(), Some(uid), Some(gid), AtFlags::AT_SYMLINK_NOFOLLOW)?)
    }

    fn resolve(&self, path: &str, flags: OFlag) -> io::Result<OwnedFd> {
        let path = path.trim_start_matches('/');
        let path = if path.is_empty() { "." } else { path };
        let how = OpenHow::new()
            .flags(flags | OFlag::O_CLOEXEC)
            .resolve(ResolveFlag::RESOLVE_IN_ROOT | ResolveFlag::RESOLVE_NO_MAGICLINKS);
        // EAGAIN: somebody renamed something while the kernel looked. It cannot tell, so it asks to look again.
        for _ in 0..16 {
            match openat2(&self.directory, path, how) {
                Err(Errno::EAGAIN) => {}
                other => return Ok(other?),
            }
        }
        Err(Errno::EAGAIN.into())
    }

    /// The directory that holds `path` (links followed), and the last name (not followed).
    fn parent(&self, path: &str) -> io::Result<(OwnedFd, OsString)> {
        let mut parts = components(path)?;
        let name = parts.pop().ok_or(io::ErrorKind::InvalidInput)?;
        let parent: PathBuf = parts.iter().collect();
        let parent = self.resolve(&parent.to_string_lossy(), OFlag::O_PATH | OFlag::O_DIRECTORY)?;
        Ok((parent, name))
    }

    fn parent_made(&self, path: &str) -> io::Result<(OwnedFd, OsString)> {
        match self.parent(path) {
            Err(err) if err.kind() == io::ErrorKind::NotFound => {
                let parent = Path::new(path).parent().map(|parent| parent.to_string_lossy().into_owned());
                self.make_directories(&parent.unwrap_or_default())?;
                self.parent(path)
            }
            other => other,
        }
    }
}

fn components(path: &str) -> io::Result<Vec<OsString>> {
    let mut parts = Vec::new();
    for component in Path::new(path).components() {
        match component {
            Component::Normal(name) => parts.push(name.to_owned()),
            Component::RootDir | Component::CurDir => {}
            Component::ParentDir | Component::Prefix(_) => return Err(io::ErrorKind::InvalidInput.into()),
        }
    }
    Ok(parts)
}

/// What stands at the name itself (a link is not followed).
fn stat_at(parent: &OwnedFd, name: &OsString) -> io::Result<std::fs::Metadata> {
    let flags = OFlag::O_PATH | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    File::from(openat(parent, name.as_os_str(), flags, Mode::empty())?).metadata()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn tree() -> (tempfile::TempDir, Root) {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(directory.path().join("root/etc")).unwrap();
        std::fs::write(directory.path().join("secret"), "outside").unwrap();
        let root = Root::open(&directory.path().join("root"), None).unwrap();
        (directory, root)
    }

    #[test]
    fn links_never_lead_out() {
        let (directory, root) = tree();
        let base = directory.path();
        symlink(base.join("secret"), base.join("root/etc/absolute")).unwrap();
        symlink("../../../../../../../../secret", base.join("root/etc/up")).unwrap();
        symlink(base, base.join("root/out")).unwrap();
        for path in ["etc/absolute", "etc/up", "out/secret", "../secret"] {
            assert!(root.read(path).is_err(), "{path}");
        }
        root.write("etc/absolute", "inside", 0o644).unwrap();
        root.write("out2/../etc/x", "", 0o644).unwrap_err();
        assert_eq!(std::fs::read_to_string(base.join("secret")).unwrap(), "outside");
        assert_eq!(std::fs::read_to_string(base.join("root/etc/absolute")).unwrap(), "inside");
        assert!(root.write("out/secret", "x", 0o644).is_err(), "a dangling link above it is not followed out");
        assert_eq!(std::fs::read_to_string(base.join("secret")).unwrap(), "outside");
    }

    #[test]
    fn absolute_links_mean_the_tree() {
        let (directory, root) = tree();
        std::fs::create_dir(directory.path().join("root/run")).unwrap();
        symlink("/run", directory.path().join("root/var")).unwrap();
        root.write("/var/x", "1", 0o600).unwrap();
        assert_eq!(std::fs::read_to_string(directory.path().join("root/run/x")).unwrap(), "1");
        assert_eq!(root.link("var").unwrap(), Path::new("/run"));
    }

    #[test]
    fn a_write_keeps_the_mode_and_makes_directories() {
        let (directory, root) = tree();
        root.write("etc/shadow", "a", 0o640).unwrap();
        root.write("etc/shadow", "b", 0o644).unwrap();
        assert_eq!(root.metadata("etc/shadow").unwrap().mode() & 0o7777, 0o640);
        root.write("a/b/c", "x", 0o644).unwrap();
        assert!(directory.path().join("root/a/b/c").is_file());
        assert_eq!(root.list("etc").unwrap(), ["shadow"]);
        root.remove("etc/shadow").unwrap();
        root.remove("etc/shadow").unwrap();
        assert_eq!(root.read_if_there("etc/shadow").unwrap(), None);
    }

    #[test]
    fn files_go_in_and_come_out_without_leaving_the_tree() {
        let (directory, root) = tree();
        let base = directory.path();
        symlink(base.join("secret"), base.join("root/etc/link")).unwrap();
        symlink(base, base.join("root/out")).unwrap();
        let me = (Uid::effective().as_raw(), Gid::effective().as_raw());
        assert_eq!(root.put("etc/link", &mut "inside".as_bytes(), me, 0o640).unwrap(), 6);
        assert_eq!(std::fs::read_to_string(base.join("secret")).unwrap(), "outside");
        assert_eq!(root.metadata("etc/link").unwrap().mode() & 0o7777, 0o640);
        assert!(root.put("out/secret", &mut "x".as_bytes(), me, 0o600).is_err());
        assert!(root.put("etc", &mut "x".as_bytes(), me, 0o600).is_err(), "it is a directory");
        assert_eq!(std::fs::read_to_string(base.join("secret")).unwrap(), "outside");
        assert_eq!(io::read_to_string(root.open_file("etc/link").unwrap()).unwrap(), "inside");
        assert!(root.open_file("out/secret").is_err() && root.open_file("etc").is_err());
        assert_eq!(root.list("etc").unwrap(), ["link"], "nothing half-written is left");
    }

    #[test]
    fn a_pipe_is_not_read() {
        let (directory, root) = tree();
        nix::unistd::mkfifo(&directory.path().join("root/etc/fifo"), Mode::S_IRWXU).unwrap();
        assert!(root.read("etc/fifo").is_err());
    }
}
