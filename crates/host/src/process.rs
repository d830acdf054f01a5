//! Processes that we did not necessarily start ourselves: guests found again after a restart.
//!
//! A process is its id *and* its start time; an id alone may have been given to somebody else meanwhile.

use std::{io, os::fd::OwnedFd, time::Duration};

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use serde::{Deserialize, Serialize};

/// One process of this machine, now or gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Process {
    /// Its id.
    pub pid: u32,
    /// When it started, in clock ticks since boot (field 22 of `/proc/{pid}/stat`).
    pub start: u64,
}

/// What `/proc/{pid}/stat` tells about a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stat {
    /// The program's name, at most 15 bytes.
    pub name: String,
    /// `R` running, `S` sleeping, `Z` ended but not waited for, …
    pub state: char,
    /// Processor time used by it in user and kernel mode together, clock ticks.
    pub cpu_ticks: u64,
    /// When it started, clock ticks since boot.
    pub start: u64,
    /// Memory it occupies, bytes.
    pub rss: u64,
}

impl Process {
    /// The living process with this id; nothing if there is none, or only its remains.
    #[must_use]
    pub fn find(pid: u32) -> Option<Self> {
        let stat = stat(pid)?;
        (!matches!(stat.state, 'Z' | 'X')).then_some(Self { pid, start: stat.start })
    }

    /// The host's number of a user (`uid`) or group (`gid`) as the process's user namespace numbers it
    /// (user_namespaces(7)); none where it has no such one.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn outside(&self, kind: &str, inside: u32) -> io::Result<Option<u32>> {
        Ok(mapped(&std::fs::read_to_string(format!("/proc/{}/{kind}_map", self.pid))?, inside))
    }

    /// Whether it is still this very process and has not ended.
    #[must_use]
    pub fn alive(&self) -> bool {
        Self::find(self.pid) == Some(*self)
    }

    /// Its figures, while it lives.
    #[must_use]
    pub fn stat(&self) -> Option<Stat> {
        stat(self.pid).filter(|stat| stat.start == self.start && !matches!(stat.state, 'Z' | 'X'))
    }

    /// Its command line, while it lives.
    #[must_use]
    pub fn cmdline(&self) -> Option<Vec<String>> {
        let raw = std::fs::read(format!("/proc/{}/cmdline", self.pid)).ok()?;
        let parts = raw.split(|byte| *byte == 0).map(|part| String::from_utf8_lossy(part).into_owned());
        let mut parts: Vec<String> = parts.collect();
        parts.pop();
        self.alive().then_some(parts)
    }

    /// A handle that stays bound to this process whatever happens to its id; nothing if it ended.
    fn handle(&self) -> io::Result<Option<OwnedFd>> {
        let Some(pid) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) else { return Ok(None) };
        let handle = match pidfd_open(pid, PidfdFlags::empty()) {
            Ok(handle) => handle,
            Err(rustix::io::Errno::SRCH) => return Ok(None),
            Err(err) => return Err(err.into()),
        };
        // Asked after opening: if the id still names our process now, then so does the handle.
        Ok(self.alive().then_some(handle))
    }

    /// Waits until it ended (which may be already).
    ///
    /// # Errors
    /// When the system refuses to watch it.
    pub async fn ended(&self) -> io::Result<()> {
        let Some(handle) = self.handle()? else { return Ok(()) };
        // Deprecated for the sake of types that close their descriptor early; this one does not. The other constructor
        // is unsafe.
        #[allow(deprecated)]
        let handle = crate::sys::watched(handle)?;
        handle.readable().await?.retain_ready();
        Ok(())
    }

    /// Waits until it ended, at most for `limit`; tells whether it did.
    ///
    /// # Errors
    /// As [`Process::ended`].
    pub async fn ended_within(&self, limit: Duration) -> io::Result<bool> {
        match tokio::time::timeout(limit, self.ended()).await {
            Ok(ended) => ended.map(|()| true),
            Err(_) => Ok(false),
        }
    }

    /// Asks it to end (SIGTERM); no error if it ended before.
    ///
    /// # Errors
    /// When we may not.
    pub fn terminate(&self) -> io::Result<()> {
        self.signal(Signal::TERM)
    }

    /// Ends it without asking (SIGKILL); no error if it ended before.
    ///
    /// # Errors
    /// When we may not.
    pub fn kill(&self) -> io::Result<()> {
        self.signal(Signal::KILL)
    }

    /// Asks it to end and, when it has not within `patience`, kills it; returns once it is gone.
    ///
    /// # Errors
    /// When we may not, or it survives even that for ten seconds (blocked in the kernel).
    pub async fn end(&self, patience: Duration) -> io::Result<()> {
        self.terminate()?;
        if self.ended_within(patience).await? {
            return Ok(());
        }
        self.kill()?;
        if self.ended_within(Duration::from_secs(10)).await? {
            return Ok(());
        }
        Err(io::Error::new(
            io::ErrorKind::TimedOut,
            format!("process {} does not end (blocked in the kernel?)", self.pid),
        ))
    }

    fn signal(&self, signal: Signal) -> io::Result<()> {
        let Some(handle) = self.handle()? else { return Ok(()) };
        match pidfd_send_signal(handle, signal) {
            Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
            Err(err) => Err(err.into()),
        }
    }
}

fn stat(pid: u32) -> Option<Stat> {
    parse_stat(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?, page_size())
}

fn page_size() -> u64 {
    rustix::param::page_size() as u64
}

/// What tells this start of the machine from all others.
#[must_use]
pub fn boot_id() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

/// Clock ticks a second, the unit of processor times and start times.
#[must_use]
pub fn ticks_per_second() -> u64 {
    rustix::param::clock_ticks_per_second()
}

/// Reads the line of `/proc/{pid}/stat` (proc_pid_stat(5)). The name stands in parentheses and may hold anything.
fn parse_stat(text: &str, page_size: u64) -> Option<Stat> {
    let (head, fields) = text.rsplit_once(") ")?;
    let name = head.split_once('(')?.1.to_owned();
    let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
    let number = |field: usize| fields.get(field - 3)?.parse::<u64>().ok();
    Some(Stat {
        name,
        state: fields.first()?.chars().next()?,
        cpu_ticks: number(14)? + number(15)?,
        start: number(22)?,
        rss: number(24)? * page_size,
    })
}

/// Looks an id up in lines of first id inside, first id outside, count.
fn mapped(map: &str, inside: u32) -> Option<u32> {
    map.lines().find_map(|line| {
        let mut numbers = line.split_ascii_whitespace().map(str::parse::<u32>);
        let (Some(Ok(first)), Some(Ok(outside)), Some(Ok(count))) = (numbers.next(), numbers.next(), numbers.next())
        else {
            return None;
        };
        let offset = inside.checked_sub(first).filter(|offset| *offset < count)?;
        outside.checked_add(offset)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_mapped() {
        let map = "         0     100000       1000\n      1000       1000          1\n";
        assert_eq!((mapped(map, 0), mapped(map, 999), mapped(map, 1000)), (Some(100_000), Some(100_999), Some(1000)));
        assert_eq!((mapped(map, 1001), mapped("", 0)), (None, None));
        assert_eq!(mapped("0 0 4294967295", 33), Some(33));
    }
    use crate::run::Run;

    #[test]
    fn a_name_may_hold_anything() {
        let text = "7 (a) R (b) S 1 7 7 0 -1 4194560 1 2 3 4 100 23 0 0 20 0 1 0 4242 5000 12 18446744073709551615\n";
        let stat = parse_stat(text, 4096).unwrap();
        assert_eq!(stat, Stat { name: "a) R (b".into(), state: 'S', cpu_ticks: 123, start: 4242, rss: 49152 });
    }

    #[test]
    fn we_are_alive_and_another_start_time_is_not_us() {
        let me = Process::find(std::process::id()).unwrap();
        assert!(me.alive());
        assert!(!Process { start: me.start + 1, ..me }.alive());
    }

    #[tokio::test]
    async fn ending_is_seen_even_of_one_that_ignores_the_request() {
        let directory = tempfile::tempdir().unwrap();
        let script = "trap '' TERM; echo ready > ready; while :; do sleep 1; done";
        nix::unistd::mkfifo(&directory.path().join("ready"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        let run = Run::new("sh").args(["-c", script]).directory(directory.path());
        let stubborn = run.detached(&directory.path().join("log")).unwrap();
        let ready = directory.path().join("ready");
        tokio::task::spawn_blocking(move || std::fs::read(ready)).await.unwrap().unwrap();

        let process = Process::find(stubborn.pid().unwrap()).unwrap();
        process.end(Duration::from_millis(50)).await.unwrap();
        assert!(!process.alive());
        process.ended().await.unwrap();
        process.kill().unwrap();
    }
}
