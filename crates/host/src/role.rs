//! Starts this very program in another role, as a child that ends with its parent.
//!
//! The child's standard input is a pipe that the parent holds and never writes to: when it closes, for whatever reason
//! the parent ended, the child ends too. The child's first line of output tells that it is ready.

use std::{ffi::OsString, process::Stdio, time::Duration};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use crate::{pam::THIS_PROGRAM, run::RunError};

/// The C library's allocator keeps an arena a thread; two are enough for two workers and halve the idle memory.
const ALLOCATOR: [(&str, &str); 2] = [("MALLOC_ARENA_MAX", "2"), ("MALLOC_TRIM_THRESHOLD_", "131072")];

/// A running role.
pub struct RoleProcess {
    name: String,
    child: Child,
    // Held open for as long as the child shall live.
    _lifeline: Option<ChildStdin>,
    output: Option<BufReader<ChildStdout>>,
}

/// Starts the program again with these arguments, the first of which is the role. It keeps our environment and our
/// standard error, and gets a process group of its own, so that an interrupt at the terminal reaches only us.
///
/// # Errors
/// When the system starts no more processes.
#[allow(clippy::disallowed_methods)]
pub fn start(args: &[OsString]) -> Result<RoleProcess, RunError> {
    let name = args.first().map(|role| role.to_string_lossy().into_owned()).unwrap_or_default();
    // By its file, where that is still there, so that process lists show a name.
    let program = std::env::current_exe().ok().filter(|file| file.exists());
    let mut command = Command::new(program.unwrap_or_else(|| THIS_PROGRAM.into()));
    command.args(args).envs(ALLOCATOR).stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0);
    let mut child = command.spawn().map_err(|source| RunError::Start { program: name.clone(), source })?;
    let (lifeline, output) = (child.stdin.take(), child.stdout.take().map(BufReader::new));
    Ok(RoleProcess { name, child, _lifeline: lifeline, output })
}

impl RoleProcess {
    /// The role's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its process id; none after it ended.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Waits for the line by which it tells that it is ready.
    ///
    /// # Errors
    /// When it ends before that, or takes longer than `deadline`.
    pub async fn ready(&mut self, deadline: Duration) -> Result<String, RunError> {
        let program = self.name.clone();
        let failed = |status: String| RunError::Failed {
            program: program.clone(),
            status,
            code: None,
            stderr: "its messages are above".into(),
        };
        let Some(output) = self.output.as_mut() else { return Err(failed("was waited for already".into())) };
        let mut line = String::new();
        match tokio::time::timeout(deadline, output.read_line(&mut line)).await {
            Err(_) => Err(RunError::Timeout { program, seconds: deadline.as_secs(), stderr: String::new() }),
            Ok(Err(source)) => Err(RunError::Io { program, source }),
            Ok(Ok(0)) => {
                let status = self.child.wait().await.map_or_else(|error| error.to_string(), |end| end.to_string());
                Err(failed(status))
            }
            Ok(Ok(_)) => Ok(line.trim_end().to_owned()),
        }
    }

    /// Waits for its end and tells how it ended.
    pub async fn ended(&mut self) -> String {
        match self.child.wait().await {
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        }
    }

    /// Asks it to end (SIGTERM); kills it when it is still there after `grace`.
    pub async fn stop(&mut self, grace: Duration) {
        if let Some(pid) = self.child.id().and_then(|pid| i32::try_from(pid).ok()) {
            // It may have ended by itself a moment ago: the wait below settles that.
            kill(Pid::from_raw(pid), Signal::SIGTERM).ok();
        }
        if tokio::time::timeout(grace, self.child.wait()).await.is_err() {
            self.child.kill().await.ok();
        }
    }
}

/// Makes a daemon what it is whoever starts it.
///
/// The modes of new files are those that are asked for, whatever the starter's umask: others may read what is not private
/// (the socket, the authority, containers' files), and what is private says so. Files that the starter left open do not
/// pass on: a guest would hold them for as long as it runs, and LVM's tools complain of each.
pub fn independent() {
    nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(0o022));
    if let Err(error) = crate::sys::keep_descriptors() {
        tracing::warn!("guests may hold files that were open when this program was started: {error}");
    }
}

/// Tells whoever started this role (`pleiad up`, or systemd by its notification socket) that it is ready.
pub fn announce(line: &str) {
    println!("{line}");
    if let Some(socket) = std::env::var_os("NOTIFY_SOCKET") {
        // Nobody listening is no reason to fail: the notification serves ordering only.
        notify(&socket).ok();
    }
}

fn notify(socket: &std::ffi::OsStr) -> std::io::Result<()> {
    use std::os::{
        linux::net::SocketAddrExt,
        unix::{
            ffi::OsStrExt,
            net::{SocketAddr, UnixDatagram},
        },
    };
    let address = match socket.as_bytes().strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(socket)?,
    };
    UnixDatagram::unbound()?.send_to_addr(b"READY=1", &address).map(drop)
}
