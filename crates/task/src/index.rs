//! The index of ended tasks and the list of active ones, as files and in memory.
//!
//! `index`: `{UPID} {end, hex} {status}`, oldest first, renamed to `index.1` beyond 50,000 bytes; the logs of those that
//! drop out of `index.1` are removed. `active`: `{UPID} 0` while running, else `{UPID} 1 {end, hex} {status}`.

use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::Arc;

use host::file::{FileError, read_limited, write_unsynced};

use crate::log::log_path;
use crate::{Outcome, Upid};

/// Size at which the index is rotated.
const ROTATE_BYTES: u64 = 50_000;

/// Ended tasks kept in `active`.
pub(crate) const KEPT_ACTIVE: usize = 25;

/// Most that is read of a file here.
const LIMIT: u64 = 4 << 20;

/// A task that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) upid: Upid,
    pub(crate) end: u64,
    pub(crate) outcome: Outcome,
}

/// All ended tasks, oldest end first.
#[derive(Debug)]
pub(crate) struct Index {
    dir: PathBuf,
    ended: VecDeque<Arc<Ended>>,
    by_upid: HashMap<String, Arc<Ended>>,
    /// How many of `ended` are in `index.1`.
    rotated: usize,
    bytes: u64,
}

impl Index {
    /// Reads both generations; lines that cannot be read are skipped.
    pub(crate) fn load(dir: PathBuf) -> Result<Self, FileError> {
        let mut index = Self { dir, ended: VecDeque::new(), by_upid: HashMap::new(), rotated: 0, bytes: 0 };
        for line in index.read("index.1")?.lines() {
            index.remember(parse_ended(line));
        }
        index.rotated = index.ended.len();
        let current = index.read("index")?;
        index.bytes = current.len() as u64;
        for line in current.lines() {
            index.remember(parse_ended(line));
        }
        Ok(index)
    }

    fn read(&self, name: &str) -> Result<String, FileError> {
        match read_limited(&self.dir.join(name), LIMIT) {
            Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) if error.is_not_found() => Ok(String::new()),
            Err(error) => Err(error),
        }
    }

    fn remember(&mut self, ended: Option<Ended>) {
        if let Some(ended) = ended.map(Arc::new) {
            self.by_upid.insert(ended.upid.to_string(), ended.clone());
            self.ended.push_back(ended);
        }
    }

    /// UPIDs that `active` says were running when it was last written.
    pub(crate) fn left_running(&self) -> Result<Vec<Upid>, FileError> {
        let text = self.read("active")?;
        let running = text.lines().filter_map(|line| line.strip_suffix(" 0")?.parse().ok());
        Ok(running.filter(|upid: &Upid| !self.by_upid.contains_key(&upid.to_string())).collect())
    }

    /// Newest end first.
    pub(crate) fn newest(&self) -> impl Iterator<Item = &Arc<Ended>> {
        self.ended.iter().rev()
    }

    pub(crate) fn get(&self, upid: &str) -> Option<&Arc<Ended>> {
        self.by_upid.get(upid)
    }

    /// Adds a task. It is known even when the file cannot be written.
    pub(crate) fn add(&mut self, ended: Ended) -> Result<(), FileError> {
        let line = format!("{} {:08X} {}\n", ended.upid, ended.end, ended.outcome);
        self.remember(Some(ended));
        let path = self.dir.join("index");
        OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o640)
            .open(&path)
            .and_then(|mut file| file.write_all(line.as_bytes()))
            .map_err(FileError::io("write", &path))?;
        self.bytes += line.len() as u64;
        if self.bytes > ROTATE_BYTES { self.rotate() } else { Ok(()) }
    }

    fn rotate(&mut self) -> Result<(), FileError> {
        let path = self.dir.join("index");
        std::fs::rename(&path, self.dir.join("index.1")).map_err(FileError::io("rotate", &path))?;
        for old in self.ended.drain(..self.rotated) {
            self.by_upid.remove(&old.upid.to_string());
            // A log that an administrator removed already is no loss.
            let _ = std::fs::remove_file(log_path(&self.dir, &old.upid));
        }
        self.rotated = self.ended.len();
        self.bytes = 0;
        Ok(())
    }

    /// Writes `active`.
    pub(crate) fn write_active(&self, running: &[Upid]) -> Result<(), FileError> {
        let mut text = String::new();
        for upid in running {
            let _ = writeln!(text, "{upid} 0");
        }
        for Ended { upid, end, outcome } in self.newest().take(KEPT_ACTIVE).map(|ended| &**ended) {
            let _ = writeln!(text, "{upid} 1 {end:08X} {outcome}");
        }
        write_unsynced(&self.dir.join("active"), text.as_bytes(), 0o640)
    }
}

fn parse_ended(line: &str) -> Option<Ended> {
    let (upid, rest) = line.split_once(' ')?;
    let (end, status) = rest.split_once(' ')?;
    let end = u64::from_str_radix(end, 16).ok()?;
    Some(Ended { upid: upid.parse().ok()?, end, outcome: Outcome::of_status(status) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(n: u64) -> Ended {
        let upid = format!("UPID:a:00000001:{n:08X}:65000000:qmstart:100:root@pam:").parse().unwrap();
        Ended {
            upid,
            end: 0x6500_0000 + n,
            outcome: Outcome::of_status(if n.is_multiple_of(2) { "OK" } else { "it failed" }),
        }
    }

    #[test]
    fn what_was_added_is_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let mut index = Index::load(dir.path().to_path_buf()).unwrap();
        (0..3).for_each(|n| index.add(ended(n)).unwrap());
        index.write_active(&[ended(3).upid]).unwrap();
        let again = Index::load(dir.path().to_path_buf()).unwrap();
        assert!(again.newest().eq(index.newest()));
        assert_eq!(again.left_running().unwrap(), [ended(3).upid]);
    }

    #[test]
    fn old_tasks_go_with_their_logs() {
        let dir = tempfile::tempdir().unwrap();
        let mut index = Index::load(dir.path().to_path_buf()).unwrap();
        let log = log_path(dir.path(), &ended(0).upid);
        crate::log::LogWriter::append_to(&log).unwrap().write("TASK OK");
        let mut n = 0;
        while log.exists() {
            index.add(ended(n)).unwrap();
            n += 1;
        }
        assert!(n > 1000 && index.newest().count() > 500, "{n}");
        assert!(index.get(&ended(0).upid.to_string()).is_none());
        let again = Index::load(dir.path().to_path_buf()).unwrap();
        assert!(again.newest().eq(index.newest()));
    }
}
