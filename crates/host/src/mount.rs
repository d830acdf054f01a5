//! Mounts in a mount namespace of their own.
//!
//! A container's volumes are mounted where only its own processes (and the work that prepares it) see them: in a
//! namespace that a thread of ours makes and leaves behind to the programs that it starts. When the last of them
//! ends, the kernel takes the mounts and loop devices away. So nothing stays mounted when a container stops, when
//! preparing it fails, or when this program is killed at any moment, and no other service holds a copy of a mount.

use std::{
    collections::BTreeMap,
    fs::File,
    io,
    os::{
        fd::AsRawFd as _,
        unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    },
    path::{Path, PathBuf},
};

use nix::{
    fcntl::OFlag,
    mount::{MntFlags, MsFlags, mount, umount2},
    sched::{CloneFlags, setns, unshare},
};
use tokio::{runtime::Runtime, sync::oneshot};

use crate::run::{Output, Run, RunError};

/// How often it is looked whether a program may go on.
const WATCH: std::time::Duration = std::time::Duration::from_millis(200);

/// How long mounting a file system may take.
const MOUNT: std::time::Duration = std::time::Duration::from_secs(120);

/// Why something could not be mounted.
#[derive(Debug, thiserror::Error)]
pub enum MountError {
    /// The namespace could not be made.
    #[error("cannot make a mount namespace (are we root?): {0}")]
    Namespace(io::Error),
    /// One mount failed.
    #[error("mounting '{}' on '{}' failed: {reason}", .source_path.display(), .target.display())]
    Mount {
        /// What was to be mounted.
        source_path: PathBuf,
        /// Where.
        target: PathBuf,
        /// The system's answer, or that of mount(8).
        reason: String,
    },
    /// The work was given up by its caller.
    #[error("interrupted")]
    Interrupted,
}

/// Inside of a private mount namespace; programs run from here see its mounts and keep them.
pub struct Inside {
    runtime: Runtime,
    outside: File,
    images: std::cell::RefCell<Vec<PathBuf>>,
    caller: std::cell::RefCell<Box<dyn CallerGone>>,
}

/// Completes when nobody waits for the work any more.
trait CallerGone {
    fn gone<'a>(&'a mut self) -> std::pin::Pin<Box<dyn Future<Output = ()> + 'a>>;
}

impl<T> CallerGone for oneshot::Sender<T> {
    fn gone<'a>(&'a mut self) -> std::pin::Pin<Box<dyn Future<Output = ()> + 'a>> {
        Box::pin(self.closed())
    }
}

/// Does `work` in a new mount namespace whose mounts nobody else sees. When the returned future is dropped, the
/// program that runs just then is killed and the work fails with an error there.
///
/// # Errors
/// When no namespace can be made.
pub async fn in_private_namespace<T, F>(work: F) -> Result<T, MountError>
where
    T: Send + 'static,
    F: FnOnce(&Inside) -> T + Send + 'static,
{
    let (answer, result) = oneshot::channel();
    let (alive, watched) = oneshot::channel::<()>();
    // A thread, not a task: a namespace belongs to a thread, and this one must never be used for anything else.
    let spawn = std::thread::Builder::new().name("mounts".into()).spawn(move || {
        let outcome = Inside::enter(Box::new(alive)).map(|inside| {
            let done = work(&inside);
            inside.leave();
            done
        });
        // Nobody waits any more: then nobody wants to know.
        let _ = answer.send(outcome);
    });
    spawn.map_err(MountError::Namespace)?;
    let outcome = result.await;
    drop(watched);
    outcome.unwrap_or(Err(MountError::Interrupted))
}

impl Inside {
    fn enter(caller: Box<dyn CallerGone>) -> Result<Self, MountError> {
        let outside = File::open("/proc/thread-self/ns/mnt").map_err(MountError::Namespace)?;
        unshare(CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_FS).map_err(|err| MountError::Namespace(err.into()))?;
        // What the host unmounts disappears here too; what is mounted here stays here.
        let flags = MsFlags::MS_REC | MsFlags::MS_SLAVE;
        mount(None::<&str>, "/", None::<&str>, flags, None::<&str>).map_err(|err| MountError::Namespace(err.into()))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(MountError::Namespace)?;
        let (images, caller) = (Default::default(), std::cell::RefCell::new(caller));
        Ok(Self { runtime, outside, images, caller })
    }

    /// This thread sees the mounts of outside again; those inside stay as long as something has them open.
    pub(crate) fn step_out(&self) -> Result<(), MountError> {
        setns(&self.outside, CloneFlags::CLONE_NEWNS).map_err(|err| MountError::Namespace(err.into()))
    }

    /// Goes back outside. If no program keeps the namespace, its mounts are gone when this returns; the end of the
    /// thread would do the same, but some time later.
    fn leave(self) {
        if let Err(err) = setns(&self.outside, CloneFlags::CLONE_NEWNS) {
            tracing::warn!("cannot leave a mount namespace: {err}");
        }
    }

    /// Runs a program that sees this namespace.
    ///
    /// # Errors
    /// As [`Run::output`]; also when the caller gave up meanwhile.
    pub fn run(&self, program: Run) -> Result<Output, RunError> {
        let mut caller = self.caller.borrow_mut();
        self.runtime.block_on(async {
            tokio::select! {
                output = program.output() => output,
                () = caller.gone() => Err(RunError::Io {
                    program: "mounts".into(),
                    source: io::Error::new(io::ErrorKind::Interrupted, "interrupted"),
                }),
            }
        })
    }

    /// Waits for something on this thread; also given up when the caller gave up meanwhile.
    pub(crate) fn wait_for<T>(&self, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
        let mut caller = self.caller.borrow_mut();
        self.runtime.block_on(async {
            tokio::select! {
                done = work => done,
                () = caller.gone() => Err(io::Error::new(io::ErrorKind::Interrupted, "interrupted")),
            }
        })
    }

    /// Runs a program that sees this namespace and hands over the lines that it prints. It is killed when it
    /// must not go on: `goes_on` is asked a few times a second.
    ///
    /// # Errors
    /// As [`Inside::run`].
    pub fn run_lines_while(
        &self,
        program: Run,
        line: impl FnMut(&str),
        mut goes_on: impl FnMut() -> bool,
    ) -> Result<(), RunError> {
        let mut caller = self.caller.borrow_mut();
        let given_up = || RunError::Io {
            program: "mounts".into(),
            source: io::Error::new(io::ErrorKind::Interrupted, "interrupted"),
        };
        self.runtime.block_on(async {
            let watch = async {
                while goes_on() {
                    tokio::time::sleep(WATCH).await;
                }
            };
            tokio::select! {
                ended = program.lines(line) => ended,
                () = watch => Err(given_up()),
                () = caller.gone() => Err(given_up()),
            }
        })
    }

    /// As [`Inside::run_lines_while`], to its end.
    ///
    /// # Errors
    /// As [`Inside::run`].
    pub fn run_lines(&self, program: Run, line: impl FnMut(&str)) -> Result<(), RunError> {
        self.run_lines_while(program, line, || true)
    }

    /// Shows the directory `source` at `target` as well, writable or not.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn bind(&self, source: &Path, target: &Path, read_only: bool) -> Result<(), MountError> {
        let failed = |err: nix::Error| MountError::Mount {
            source_path: source.to_owned(),
            target: target.to_owned(),
            reason: err.to_string(),
        };
        mount(Some(source), target, None::<&str>, MsFlags::MS_BIND, None::<&str>).map_err(failed)?;
        let flags = if read_only { MsFlags::MS_RDONLY } else { MsFlags::empty() };
        self.restrict(target, flags)
    }

    /// Takes away what is mounted at `target`, here only.
    ///
    /// # Errors
    /// When nothing is, or the system refuses.
    pub fn hide(&self, target: &Path) -> Result<(), MountError> {
        umount2(target, MntFlags::MNT_DETACH).map_err(|err| MountError::Mount {
            source_path: target.to_owned(),
            target: target.to_owned(),
            reason: format!("cannot take it away: {err}"),
        })
    }

    /// Gives the mount at `target` these flags, if there are any.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn restrict(&self, target: &Path, flags: MsFlags) -> Result<(), MountError> {
        if flags.is_empty() {
            return Ok(());
        }
        let flags = MsFlags::MS_BIND | MsFlags::MS_REMOUNT | flags;
        mount(None::<&str>, target, None::<&str>, flags, None::<&str>).map_err(|err| MountError::Mount {
            source_path: target.to_owned(),
            target: target.to_owned(),
            reason: err.to_string(),
        })
    }

    /// Mounts the file system in the image file or block device `source` at `target`; an image gets a loop device
    /// that goes away with the mount.
    ///
    /// # Errors
    /// When mount(8) refuses.
    pub fn image(&self, source: &Path, target: &Path, options: &[&str]) -> Result<(), MountError> {
        let mut all = options.to_vec();
        if source.metadata().is_ok_and(|metadata| metadata.is_file()) {
            all.push("loop");
            // The loop device keeps the image open for writing. By a mount of its own it does not hinder making the
            // mount around it read-only.
            self.bind(source, source, false)?;
            self.images.borrow_mut().push(source.to_owned());
        }
        let mut program = Run::new("mount");
        if !all.is_empty() {
            program = program.args(["-o", &all.join(",")]);
        }
        // What was in use when the host went down is mounted after a wait (multi-mount protection of ext4).
        let run = self.run(program.deadline(MOUNT).arg("--").arg(source).arg(target));
        run.map(drop).map_err(|err| MountError::Mount {
            source_path: source.to_owned(),
            target: target.to_owned(),
            reason: err.to_string(),
        })
    }

    /// Lets every user reach `directories` in this namespace. A folder above them that others may not pass (somebody's
    /// home, a temporary folder) is covered by an empty file system which has nothing but these directories.
    /// None of them may lie in another.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn let_pass(&self, directories: &[&Path]) -> Result<(), MountError> {
        let mut covered: BTreeMap<PathBuf, Vec<(PathBuf, File)>> = BTreeMap::new();
        for directory in directories {
            let failed = |err: io::Error| cannot_show(directory, &err);
            let real = directory.canonicalize().map_err(failed)?;
            if let Some(closed) = closed_above(&real).map_err(failed)? {
                // Held open: after the folder is covered its name leads nowhere.
                let open = std::fs::OpenOptions::new().read(true).custom_flags(OFlag::O_PATH.bits()).open(&real);
                covered.entry(closed).or_default().push((real, open.map_err(failed)?));
            }
        }
        for (closed, inner) in covered {
            let failed = |err: nix::Error| cannot_show(&closed, &err.into());
            let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
            mount(Some("none"), &closed, Some("tmpfs"), flags, Some("mode=755,size=64k")).map_err(failed)?;
            for (path, open) in inner {
                std::fs::create_dir_all(&path).map_err(|err| cannot_show(&path, &err))?;
                self.bind(&PathBuf::from(format!("/proc/thread-self/fd/{}", open.as_raw_fd())), &path, false)?;
            }
        }
        Ok(())
    }

    /// Makes every mount read-only in this namespace but those at `targets`, so that a program that is fed with
    /// hostile data can write there only.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn only_writable(&self, targets: &[&Path]) -> Result<(), MountError> {
        let table = std::fs::read_to_string("/proc/self/mountinfo").map_err(MountError::Namespace)?;
        for (place, flags) in mountinfo(&table) {
            if targets.contains(&place.as_path()) || self.images.borrow().contains(&place) {
                continue;
            }
            let all = flags | MsFlags::MS_BIND | MsFlags::MS_REMOUNT | MsFlags::MS_RDONLY;
            match mount(None::<&str>, &place, None::<&str>, all, None::<&str>) {
                // Hidden below another mount: nobody can reach it.
                Ok(()) | Err(nix::Error::EINVAL | nix::Error::ENOENT) => {}
                Err(err) => {
                    return Err(MountError::Mount {
                        source_path: place.clone(),
                        target: place,
                        reason: format!("cannot make it read-only: {err}"),
                    });
                }
            }
        }
        Ok(())
    }
}

/// Those of mount(8)'s options that a single mount can have; the others belong to a file system as a whole.
pub(crate) fn flags_of<'a>(options: impl IntoIterator<Item = &'a str>) -> MsFlags {
    let known = |option: &str| match option {
        "ro" => MsFlags::MS_RDONLY,
        "nosuid" => MsFlags::MS_NOSUID,
        "nodev" => MsFlags::MS_NODEV,
        "noexec" => MsFlags::MS_NOEXEC,
        "noatime" => MsFlags::MS_NOATIME,
        _ => MsFlags::empty(),
    };
    options.into_iter().map(known).fold(MsFlags::empty(), |all, flag| all | flag)
}

fn cannot_show(path: &Path, err: &io::Error) -> MountError {
    let reason = format!("cannot open it to containers: {err}");
    MountError::Mount { source_path: path.to_owned(), target: path.to_owned(), reason }
}

/// The topmost folder above `path` that others may not pass.
fn closed_above(path: &Path) -> io::Result<Option<PathBuf>> {
    let mut above: Vec<&Path> = path.ancestors().skip(1).collect();
    above.reverse();
    for folder in above {
        if folder.metadata()?.permissions().mode() & 0o001 == 0 {
            return Ok(Some(folder.to_owned()));
        }
    }
    Ok(None)
}

/// The table of mounts of this process. Reading it waits for no server.
///
/// # Errors
/// When `/proc` is not there.
pub fn table() -> io::Result<String> {
    std::fs::read_to_string("/proc/self/mountinfo")
}

/// Mount points and what is mounted there, of `/proc/self/mountinfo` (proc_pid_mountinfo(5)).
#[must_use]
pub fn sources(table: &str) -> Vec<(PathBuf, String)> {
    let line = |line: &str| {
        let (before, after) = line.split_once(" - ")?;
        let place = before.split(' ').nth(4)?;
        let source = after.split(' ').nth(1)?;
        Some((unescape(place), unescape(source).to_string_lossy().into_owned()))
    };
    table.lines().filter_map(line).collect()
}

/// Mount points with their own flags, of `/proc/self/mountinfo` (proc_pid_mountinfo(5)).
pub(crate) fn mountinfo(table: &str) -> Vec<(PathBuf, MsFlags)> {
    let entry = |line: &str| {
        let mut fields = line.split(' ').skip(4);
        let place = unescape(fields.next()?);
        let flags = fields.next()?.split(',').fold(MsFlags::empty(), |flags, word| {
            flags
                | match word {
                    "nosuid" => MsFlags::MS_NOSUID,
                    "nodev" => MsFlags::MS_NODEV,
                    "noexec" => MsFlags::MS_NOEXEC,
                    "noatime" => MsFlags::MS_NOATIME,
                    "nodiratime" => MsFlags::MS_NODIRATIME,
                    "relatime" => MsFlags::MS_RELATIME,
                    _ => MsFlags::empty(),
                }
        });
        Some((place, flags))
    };
    table.lines().filter_map(entry).collect()
}

/// Undoes the octal escapes (`\040` a space) of mount tables.
fn unescape(text: &str) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    let (bytes, mut out, mut at) = (text.as_bytes(), Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        let code = bytes.get(at + 1..at + 4).and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 8).ok()).filter(|_| *byte == b'\\') {
            Some(code) => {
                out.push(code);
                at += 4;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    std::ffi::OsString::from_vec(out).into()
}

/// Writes an ext4 file system into an image whose root directory belongs to `owner` (user and group id).
///
/// # Errors
/// When mkfs.ext4(8) fails.
pub async fn make_ext4(image: &Path, owner: u32) -> Result<(), RunError> {
    let extended = format!("root_owner={owner}:{owner}");
    let program = Run::new("mkfs.ext4").args(["-q", "-F", "-O", "mmp", "-E", &extended]).arg("--").arg(image);
    program.deadline(std::time::Duration::from_secs(600)).output().await.map(drop)
}

/// Size and use of the file system that a path is on, bytes.
///
/// # Errors
/// When the path does not exist.
pub fn filesystem(path: &Path) -> io::Result<(u64, u64)> {
    let stat = nix::sys::statvfs::fstatvfs(&File::open(path)?)?;
    let unit = stat.fragment_size();
    Ok((stat.blocks() * unit, (stat.blocks() - stat.blocks_free()) * unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mount_tables_are_read() {
        let table = "22 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n\
                     23 22 0:21 / /a\\040b rw,nosuid,noexec - tmpfs tmpfs rw\n";
        let entries = mountinfo(table);
        assert_eq!(entries[0], (PathBuf::from("/"), MsFlags::MS_RELATIME));
        assert_eq!(entries[1], (PathBuf::from("/a b"), MsFlags::MS_NOSUID | MsFlags::MS_NOEXEC));
    }

    fn skip() -> bool {
        let skip = !nix::unistd::geteuid().is_root();
        if skip {
            println!("skipped: needs root");
        }
        skip
    }

    #[tokio::test]
    async fn mounts_are_private_and_vanish() {
        if skip() {
            return;
        }
        let directory = tempfile::tempdir().unwrap();
        let (image, target) = (directory.path().join("image"), directory.path().join("target"));
        std::fs::create_dir(&target).unwrap();
        File::create(&image).unwrap().set_len(16 << 20).unwrap();
        make_ext4(&image, 100_000).await.unwrap();
        let inner = (image.clone(), target.clone());
        let listed = in_private_namespace(move |inside| {
            inside.image(&inner.0, &inner.1, &[]).unwrap();
            inside.run(Run::new("stat").args(["-c", "%u"]).arg(&inner.1)).unwrap().text()
        });
        assert_eq!(listed.await.unwrap(), "100000\n");
        assert_eq!(std::fs::read_dir(&target).unwrap().count(), 0);
        let loops = Run::new("losetup").args(["-n", "-O", "NAME", "-j"]).arg(&image).output().await.unwrap();
        assert_eq!(loops.text(), "");
    }

    #[tokio::test]
    async fn one_place_stays_writable() {
        if skip() {
            return;
        }
        let directory = tempfile::tempdir().unwrap();
        let (open, closed) = (directory.path().join("open"), directory.path().join("closed"));
        std::fs::create_dir(&open).unwrap();
        std::fs::create_dir(&closed).unwrap();
        let inner = (open.clone(), closed.clone());
        in_private_namespace(move |inside| {
            inside.bind(&inner.0, &inner.0, false).unwrap();
            inside.only_writable(&[inner.0.as_path()]).unwrap();
            inside.run(Run::new("touch").arg(inner.0.join("a"))).unwrap();
            assert!(inside.run(Run::new("touch").arg(inner.1.join("a"))).is_err());
        })
        .await
        .unwrap();
        assert!(open.join("a").exists());
        std::fs::write(closed.join("b"), "").unwrap();
    }

    #[tokio::test]
    async fn closed_folders_open_inside_only() {
        if skip() {
            return;
        }
        let directory = tempfile::tempdir().unwrap();
        let closed = directory.path().join("closed");
        let (shown, hidden) = (closed.join("a/shown"), closed.join("hidden"));
        std::fs::create_dir_all(&shown).unwrap();
        std::fs::create_dir(&hidden).unwrap();
        std::fs::write(shown.join("file"), "text").unwrap();
        std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700)).unwrap();
        let inner = (shown.clone(), hidden.clone());
        let read = in_private_namespace(move |inside| {
            inside.let_pass(&[&inner.0]).unwrap();
            assert!(!inner.1.exists());
            std::fs::write(inner.0.join("written"), "").unwrap();
            let cat = ["--reuid=100000", "--regid=100000", "--clear-groups", "cat"];
            inside.run(Run::new("setpriv").args(cat).arg(inner.0.join("file"))).unwrap().text()
        });
        assert_eq!(read.await.unwrap(), "text");
        assert!(hidden.exists() && shown.join("written").exists());
    }
}
