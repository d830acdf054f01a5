//! What building any image needs: a place to work, a system in a directory, files in it.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use host::run::Run;

use super::Image;
use super::sources::Mirror;
use crate::StorageError;

/// How long making the system may take: a slow mirror, a slow disk.
const BOOTSTRAP: Duration = Duration::from_secs(3600);
/// How long packing it may take.
pub(super) const PACK: Duration = Duration::from_secs(3600);

/// The lines of a task's log.
pub(super) type Log<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// A directory in which an image is built. It goes away with this value.
pub(super) struct Workspace(Option<PathBuf>);

impl Workspace {
    /// An empty one; what was left at this place goes away.
    pub(super) async fn new(path: PathBuf) -> Result<Self, StorageError> {
        remove_tree(&path).await;
        host::file::create_dir(&path, 0o700)?;
        Ok(Self(Some(path)))
    }

    /// A place in it.
    pub(super) fn join(&self, name: &str) -> PathBuf {
        self.0.as_deref().unwrap_or(Path::new("/nonexistent")).join(name)
    }

    /// Removes it now.
    pub(super) async fn remove(mut self) {
        if let Some(path) = self.0.take() {
            remove_tree(&path).await;
        }
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let Some(path) = self.0.take() else { return };
        // The task was stopped: its programs were just killed, with the mounts of their own name space.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { remove_tree(&path).await });
        }
    }
}

/// Removes a tree, never anything that is mounted in it.
pub(super) async fn remove_tree(path: &Path) {
    let removed = Run::new("rm").args(["-rf", "--one-file-system", "--"]).arg(path).deadline(PACK).output().await;
    if let Err(error) = removed {
        tracing::warn!(path = %path.display(), "{error}");
    }
}

/// Makes a system in `target`.
pub(super) async fn bootstrap(
    image: &Image,
    target: &Path,
    packages: &[&str],
    log: Log<'_>,
) -> Result<(), StorageError> {
    let mirror = Mirror::of_host(Path::new("/etc/apt"), image.system);
    mirror.check_keys()?;
    log(&format!("building {} {} ({}) from {}", image.system.title(), image.release, image.suite, mirror.archive));
    let include = format!("--include={}", packages.join(","));
    // A name space of its own for mounts and processes: whatever ends it, nothing of it stays behind.
    let run = Run::new("unshare")
        .args(["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--"])
        .args(["mmdebstrap", "--mode=root", "--variant=minbase", "--format=directory", &include])
        .arg("--aptopt=APT::Install-Recommends \"false\"")
        .args(proxies().await)
        .arg(image.suite)
        .arg(target)
        .arg("-")
        .stdin(mirror.list(image.suite))
        .env("TMPDIR", target.parent().unwrap_or(Path::new("/tmp")))
        .deadline(BOOTSTRAP);
    run.lines(|line| log(line)).await?;
    Ok(())
}

/// The proxy settings of the host's apt, as options.
async fn proxies() -> Vec<String> {
    let Ok(output) = Run::new("apt-config").args(["dump", "Acquire"]).output().await else { return Vec::new() };
    let text = output.text();
    let lines = text.lines().filter_map(|line| line.split_once(' '));
    let set = lines.filter(|(key, value)| key.to_ascii_lowercase().contains("::proxy") && *value != "\"\";");
    set.map(|(key, value)| format!("--aptopt={key} {}", value.trim_end_matches(';'))).collect()
}

/// A directory with a system, to be changed. No path may lead out of it: the system is what packages made, so
/// a link in it is followed by hand only where it is known.
pub(super) struct Tree<'a>(pub(super) &'a Path);

impl Tree<'_> {
    /// Writes a file, its directories made if need be.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<(), StorageError> {
        let path = self.0.join(name);
        if let Some(parent) = path.parent() {
            host::file::create_dir(parent, 0o755)?;
        }
        // A link of this name would be written through, out of the tree if it is absolute.
        self.remove(name)?;
        std::fs::write(&path, text).map_err(StorageError::io("write", &path))?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644))
            .map_err(StorageError::io("change the mode of", &path))
    }

    /// Removes a file that may be there.
    pub(super) fn remove(&self, name: &str) -> Result<(), StorageError> {
        let path = self.0.join(name);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StorageError::io("remove", &path)(error)),
            _ => Ok(()),
        }
    }

    /// Lets a unit be started by a target.
    pub(super) fn enable(&self, unit: &str, target: &str) -> Result<(), StorageError> {
        let wants = self.0.join(format!("etc/systemd/system/{target}.wants"));
        host::file::create_dir(&wants, 0o755)?;
        let link = wants.join(unit);
        match symlink(format!("/usr/lib/systemd/system/{unit}"), &link) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                Err(StorageError::io("link", &link)(error))
            }
            _ => Ok(()),
        }
    }

    /// Takes out what must differ from guest to guest, and what only the build needed.
    pub(super) fn make_generic(&self, image: &Image) -> Result<(), StorageError> {
        let keys = std::fs::read_dir(self.0.join("etc/ssh")).into_iter().flatten().flatten();
        for name in keys.filter_map(|entry| entry.file_name().into_string().ok()) {
            if name.starts_with("ssh_host_") {
                self.remove(&format!("etc/ssh/{name}"))?;
            }
        }
        for name in ["etc/apt/apt.conf.d/99mmdebstrap", "etc/dpkg/dpkg.cfg.d/99mmdebstrap", "var/lib/dbus/machine-id"] {
            self.remove(name)?;
        }
        self.write("etc/machine-id", "")?;
        self.write("etc/hostname", &format!("{}\n", image.system.name()))?;
        // Made at the first start: every guest has its own.
        self.write(
            "etc/systemd/system/ssh.service.d/host-keys.conf",
            "[Service]\nExecStartPre=\nExecStartPre=/usr/bin/ssh-keygen -A\nExecStartPre=/usr/sbin/sshd -t\n",
        )
    }
}
