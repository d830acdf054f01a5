//! Where things lie: every path of the product is computed here, below one root.

use std::path::{Path, PathBuf};

/// Longest path the kernel takes for a Unix socket, without the closing NUL.
const SOCKET_PATH_LIMIT: usize = 107;

/// The longest socket name that any method below may make; a root is refused when this no longer fits.
const LONGEST_SOCKET: &str = "run/pleiad/qemu/999999999.virtiofs-99";

/// All places of one installation. Cheap to clone; knows names only, creates nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    root: PathBuf,
}

/// Why a root cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PathsError {
    /// Sockets below the root would be longer than the kernel allows.
    #[error(
        "root '{root}' is too long: Unix sockets below it would exceed {SOCKET_PATH_LIMIT} bytes; choose a directory of at most {max} bytes"
    )]
    TooLong {
        /// The root as asked for.
        root: PathBuf,
        /// Most bytes a root may have.
        max: usize,
    },
    /// Property strings of QEMU split at commas, task records at newlines: such a root would be misread.
    #[error(
        "root '{root}' contains a comma, a control character or bytes that are not UTF-8; choose a plainer directory"
    )]
    Charset {
        /// The root as asked for.
        root: PathBuf,
    },
    /// The working directory, to which a relative root belongs, is gone.
    #[error("root '{root}' cannot be made absolute: {source}")]
    Relative {
        /// The root as asked for.
        root: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl Paths {
    /// Places below `root`; a relative root counts from the working directory.
    ///
    /// # Errors
    /// When sockets below the root would have too long a path, or the root has characters that programs we start
    /// would misread.
    pub fn new(root: impl AsRef<Path>) -> Result<Self, PathsError> {
        let given = root.as_ref();
        let root = std::path::absolute(given)
            .map_err(|source| PathsError::Relative { root: given.to_path_buf(), source })?
            .components()
            .collect::<PathBuf>();
        let Some(text) = root.to_str().filter(|text| !text.chars().any(|c| c == ',' || c.is_control())) else {
            return Err(PathsError::Charset { root });
        };
        let max = SOCKET_PATH_LIMIT - LONGEST_SOCKET.len() - 1;
        if text.len() > max {
            return Err(PathsError::TooLong { root, max });
        }
        Ok(Self { root })
    }

    /// The root itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path of the host below the root, such as `etc/network/interfaces` (a leading slash is dropped).
    #[must_use]
    pub fn join(&self, relative: &str) -> PathBuf {
        self.root.join(relative.trim_start_matches('/'))
    }

    /// What must survive a restart; readable by root only.
    #[must_use]
    pub fn state_dir(&self) -> PathBuf {
        self.join("var/lib/pleiad")
    }

    /// The configuration tree.
    #[must_use]
    pub fn store_db(&self) -> PathBuf {
        self.join("var/lib/pleiad/store.db")
    }

    /// Undo records of running tasks.
    #[must_use]
    pub fn journal_dir(&self) -> PathBuf {
        self.join("var/lib/pleiad/journal")
    }

    /// Round-robin series.
    #[must_use]
    pub fn rrd_db(&self) -> PathBuf {
        self.join("var/lib/pleiad/rrd.db")
    }

    /// Certificate and key of the TLS listener.
    #[must_use]
    pub fn tls_dir(&self) -> PathBuf {
        self.join("var/lib/pleiad/tls")
    }

    /// All logs.
    #[must_use]
    pub fn log_dir(&self) -> PathBuf {
        self.join("var/log/pleiad")
    }

    /// Task logs in hashed directories, the index of ended tasks and the list of active ones.
    #[must_use]
    pub fn task_dir(&self) -> PathBuf {
        self.join("var/log/pleiad/tasks")
    }

    /// Sockets and pid files; empty after a restart of the machine.
    #[must_use]
    pub fn run_dir(&self) -> PathBuf {
        self.join("run/pleiad")
    }

    /// Where the daemon answers.
    #[must_use]
    pub fn daemon_socket(&self) -> PathBuf {
        self.join("run/pleiad/daemon.sock")
    }

    /// Held by the one daemon of this root while it runs.
    #[must_use]
    pub fn daemon_lock(&self) -> PathBuf {
        self.join("run/pleiad/daemon.lock")
    }

    /// Sockets and pid files of virtual machines.
    #[must_use]
    pub fn qemu_run_dir(&self) -> PathBuf {
        self.join("run/pleiad/qemu")
    }

    /// `{vmid}.{suffix}` in [`Self::qemu_run_dir`]: `qmp`, `vnc`, `pid`, `serial0`, `qga`, …
    #[must_use]
    pub fn qemu_run(&self, vmid: impl Into<u32>, suffix: &str) -> PathBuf {
        self.qemu_run_dir().join(format!("{}.{suffix}", vmid.into()))
    }

    /// Control socket of a virtual machine.
    #[must_use]
    pub fn qmp_socket(&self, vmid: impl Into<u32>) -> PathBuf {
        self.qemu_run(vmid, "qmp")
    }

    /// VNC socket of a virtual machine.
    #[must_use]
    pub fn vnc_socket(&self, vmid: impl Into<u32>) -> PathBuf {
        self.qemu_run(vmid, "vnc")
    }

    /// SPICE socket of a virtual machine.
    #[must_use]
    pub fn spice_socket(&self, vmid: impl Into<u32>) -> PathBuf {
        self.qemu_run(vmid, "spice")
    }

    /// Socket of the serial port with this number, 0 to 3.
    #[must_use]
    pub fn serial_socket(&self, vmid: impl Into<u32>, port: u32) -> PathBuf {
        self.qemu_run(vmid, &format!("serial{port}"))
    }

    /// Socket of the guest agent.
    #[must_use]
    pub fn agent_socket(&self, vmid: impl Into<u32>) -> PathBuf {
        self.qemu_run(vmid, "qga")
    }

    /// Where QEMU writes its process ID.
    #[must_use]
    pub fn qemu_pid_file(&self, vmid: impl Into<u32>) -> PathBuf {
        self.qemu_run(vmid, "pid")
    }

    /// What QEMU printed.
    #[must_use]
    pub fn qemu_log(&self, vmid: impl Into<u32>) -> PathBuf {
        self.join("var/log/pleiad/qemu").join(format!("{}.log", vmid.into()))
    }

    /// What `lxc-start` printed.
    #[must_use]
    pub fn lxc_log(&self, vmid: impl Into<u32>) -> PathBuf {
        self.join("var/log/pleiad/lxc").join(format!("{}.log", vmid.into()))
    }

    /// Generated configuration of all containers (`lxc.lxcpath`).
    #[must_use]
    pub fn lxc_dir(&self) -> PathBuf {
        self.join("var/lib/lxc")
    }

    /// Generated configuration and mount point of one container.
    #[must_use]
    pub fn lxc_container_dir(&self, vmid: impl Into<u32>) -> PathBuf {
        self.lxc_dir().join(vmid.into().to_string())
    }

    /// Locks, pid files and such of containers.
    #[must_use]
    pub fn lxc_run_dir(&self) -> PathBuf {
        self.join("run/pleiad/lxc")
    }

    /// The storage named `local`.
    #[must_use]
    pub fn local_storage(&self) -> PathBuf {
        self.join("var/lib/vz")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_lies_below_the_root() {
        let paths = Paths::new("/srv/a").unwrap();
        assert_eq!(paths.store_db(), Path::new("/srv/a/var/lib/pleiad/store.db"));
        assert_eq!(paths.qmp_socket(100u32), Path::new("/srv/a/run/pleiad/qemu/100.qmp"));
        assert_eq!(paths.join("/etc/hosts"), Path::new("/srv/a/etc/hosts"));
        assert_eq!(Paths::new("/").unwrap().daemon_socket(), Path::new("/run/pleiad/daemon.sock"));
        assert_eq!(Paths::new("/srv/./a//").unwrap(), paths);
    }

    #[test]
    fn a_root_that_makes_sockets_too_long_is_refused() {
        let longest = SOCKET_PATH_LIMIT - LONGEST_SOCKET.len() - 1;
        let fits = format!("/{}", "x".repeat(longest - 1));
        let paths = Paths::new(&fits).unwrap();
        assert!(paths.qemu_run(999_999_999u32, "virtiofs-99").as_os_str().len() <= SOCKET_PATH_LIMIT);
        let error = Paths::new(format!("{fits}x")).unwrap_err().to_string();
        assert!(error.contains("is too long") && error.contains(&format!("at most {longest} bytes")), "{error}");
    }

    #[test]
    fn a_root_that_programs_would_misread_is_refused() {
        assert!(matches!(Paths::new("/srv/a,b"), Err(PathsError::Charset { .. })));
        assert!(matches!(Paths::new("/srv/a\nb"), Err(PathsError::Charset { .. })));
    }
}
