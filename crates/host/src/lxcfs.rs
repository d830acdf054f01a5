//! lxcfs(1): shows programs in containers their limits where `/proc` shows the host's figures (`meminfo`, `cpuinfo`,
//! `stat`, `uptime`, `swaps`, `loadavg`).
//!
//! It is one file system of the machine; LXC's own hook mounts its files over those of a container that starts. Where
//! systemd rules it is a service like others. Elsewhere the daemon starts it, and again when it was killed.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use nix::mount::{MntFlags, umount2};

use crate::{
    cgroup::Cgroups,
    mount,
    process::Process,
    run::{Run, RunError},
    systemd,
};

/// Where LXC's hook looks for it.
pub const PLACE: &str = "/var/lib/lxcfs";

const PROGRAM: &str = "/usr/bin/lxcfs";

/// It answers at once, or somebody stopped it.
const ANSWER: Duration = Duration::from_secs(3);

/// How often it is looked after when another process started it.
const LOOK: Duration = Duration::from_secs(30);

/// How lxcfs is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not installed.
    Absent,
    /// Installed, but not running.
    Idle,
    /// It answers.
    Serving,
    /// Its file system is there, but it does not answer: it was killed, or hangs.
    Silent,
}

/// Whether its file system is mounted. That does not say that it answers.
#[must_use]
pub fn mounted() -> bool {
    let place = |(place, source): &(PathBuf, String)| place == Path::new(PLACE) && source == "lxcfs";
    mount::table().is_ok_and(|table| mount::sources(&table).iter().any(place))
}

/// Looks at it; takes no longer than a few seconds, whatever it does.
pub async fn state() -> State {
    if !Path::new(PROGRAM).exists() {
        return State::Absent;
    }
    if !mounted() {
        return State::Idle;
    }
    // Another process asks: it can be killed when there is no answer.
    match Run::new("cat").arg(Path::new(PLACE).join("proc/uptime")).deadline(ANSWER).output().await {
        Ok(_) => State::Serving,
        Err(_) => State::Silent,
    }
}

/// Where no systemd does: keeps it running. When this is dropped, it goes on for containers that run, and ends where none
/// does.
pub async fn serve(log: &Path, pid_file: &Path) {
    if systemd::rules() {
        return;
    }
    let _end = End(pid_file.to_owned());
    loop {
        match state().await {
            State::Absent => return,
            State::Serving => tokio::time::sleep(LOOK).await,
            State::Idle | State::Silent => match run(log, pid_file).await {
                Ok(()) => tokio::time::sleep(Duration::from_secs(1)).await,
                Err(err) => {
                    tracing::warn!("lxcfs: {err}");
                    tokio::time::sleep(LOOK).await;
                }
            },
        }
    }
}

/// Ends it when nobody needs it.
struct End(PathBuf);

impl Drop for End {
    fn drop(&mut self) {
        let needed = Cgroups::detect().is_ok_and(|groups| !groups.group("lxc").processes().is_empty());
        let pid = std::fs::read_to_string(&self.0).ok().and_then(|text| text.trim().parse().ok());
        // The file may be older than whoever has its number now.
        let ours =
            |process: &Process| process.cmdline().is_some_and(|line| line.iter().any(|word| Path::new(word) == self.0));
        if let Some(process) = pid.and_then(Process::find).filter(ours).filter(|_| !needed)
            && let Err(err) = process.terminate()
        {
            tracing::warn!("lxcfs cannot be ended: {err}");
        }
    }
}

/// Starts it and waits for its end. A file system that one before it left is taken away first.
async fn run(log: &Path, pid_file: &Path) -> Result<(), RunError> {
    let failed = |source: io::Error| RunError::Io { program: PROGRAM.into(), source };
    if mounted() {
        umount2(PLACE, MntFlags::MNT_DETACH).map_err(|err| failed(err.into()))?;
    }
    for directory in [Some(Path::new(PLACE)), log.parent(), pid_file.parent()].into_iter().flatten() {
        std::fs::create_dir_all(directory).map_err(failed)?;
    }
    let run = Run::new(PROGRAM).args(["-f", "-l", "-p"]).arg(pid_file).arg(PLACE);
    let ended = run.detached(log)?.wait().await;
    if let Err(err) = &ended {
        tracing::warn!("lxcfs ended: {err}");
    }
    Ok(())
}
