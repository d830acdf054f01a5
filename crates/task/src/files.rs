//! Task logs and the index of ended tasks, in PVE's layout: `{hex digit}/{UPID}` and `index`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::{Outcome, Upid, unpoisoned};

/// The index is set aside beyond this size, bytes: what PVE's own tools expect.
const INDEX_LIMIT: u64 = 50_000;
/// Number of indexes set aside that are kept.
const OLD_INDEXES: u32 = 20;

/// An ended task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Its name.
    pub upid: Upid,
    /// When it ended, seconds since 1970.
    pub endtime: i64,
    /// How it ended.
    pub outcome: Outcome,
}

impl Ended {
    fn line(&self) -> String {
        format!("{} {:08X} {}\n", self.upid, self.endtime, self.outcome.to_string().replace('\n', " "))
    }

    fn parse(line: &str) -> Option<Self> {
        let mut parts = line.splitn(3, ' ');
        let upid = parts.next()?.parse().ok()?;
        let endtime = i64::from_str_radix(parts.next()?, 16).ok()?;
        Some(Self { upid, endtime, outcome: Outcome::parse(parts.next()?) })
    }
}

/// The folder of all task files.
pub(crate) struct TaskFiles {
    dir: PathBuf,
    index: Mutex<()>,
}

impl TaskFiles {
    pub(crate) fn open(dir: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&dir)?;
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o750))?;
        for digit in 0..16 {
            fs::create_dir_all(dir.join(format!("{digit:X}")))?;
        }
        Ok(Self { dir, index: Mutex::new(()) })
    }

    /// Where a task's log is.
    pub(crate) fn log_path(&self, upid: &Upid) -> PathBuf {
        self.dir.join(upid.shard()).join(upid.to_string())
    }

    pub(crate) fn create_log(&self, upid: &Upid) -> io::Result<File> {
        OpenOptions::new().create_new(true).append(true).mode(0o640).open(self.log_path(upid))
    }

    pub(crate) fn append_log(&self, upid: &Upid, line: &str) -> io::Result<()> {
        let mut log = OpenOptions::new().create(true).append(true).mode(0o640).open(self.log_path(upid))?;
        writeln!(log, "{line}")
    }

    /// The outcome that a log tells, of a task that is in no index.
    pub(crate) fn outcome(&self, upid: &Upid) -> Option<Outcome> {
        let text = fs::read_to_string(self.log_path(upid)).ok()?;
        Some(Outcome::of_log(&text))
    }

    /// Adds an ended task to the index.
    pub(crate) fn archive(&self, ended: &Ended) -> io::Result<()> {
        let _held = unpoisoned(&self.index);
        let path = self.dir.join("index");
        if fs::metadata(&path).is_ok_and(|meta| meta.len() > INDEX_LIMIT) {
            self.rotate()?;
        }
        let mut index = OpenOptions::new().create(true).append(true).mode(0o640).open(path)?;
        index.write_all(ended.line().as_bytes())
    }

    fn rotate(&self) -> io::Result<()> {
        let name = |number: u32| match number {
            0 => self.dir.join("index"),
            number => self.dir.join(format!("index.{number}")),
        };
        for line in fs::read_to_string(name(OLD_INDEXES)).unwrap_or_default().lines() {
            if let Some(ended) = Ended::parse(line) {
                // A log nobody can list any more is of no use; that it may be gone already is fine.
                let _ = fs::remove_file(self.log_path(&ended.upid));
            }
        }
        for number in (0..OLD_INDEXES).rev() {
            match fs::rename(name(number), name(number + 1)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Ended tasks, newest first, until `take` says it has enough.
    pub(crate) fn archived(&self, mut take: impl FnMut(Ended) -> bool) {
        for number in 0..=OLD_INDEXES {
            let path = if number == 0 { self.dir.join("index") } else { self.dir.join(format!("index.{number}")) };
            let Ok(text) = fs::read_to_string(path) else {
                if number == 0 {
                    continue;
                }
                return;
            };
            for ended in text.lines().rev().filter_map(Ended::parse) {
                if !take(ended) {
                    return;
                }
            }
        }
    }
}

/// A part of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogPart {
    /// Lines with their numbers, counted from 1.
    pub lines: Vec<(u64, String)>,
    /// Lines in the whole log.
    pub total: u64,
}

/// Reads lines of a log: from line `start` (counted from 0), at most `limit`; 0 means all.
pub(crate) fn read_log(path: &Path, start: u64, limit: u64) -> io::Result<LogPart> {
    let mut part = LogPart::default();
    let mut reader = BufReader::new(File::open(path)?);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        part.total += 1;
        if part.total > start && (limit == 0 || part.total <= start.saturating_add(limit)) {
            let text = String::from_utf8_lossy(&line);
            part.lines.push((part.total, text.trim_end_matches(['\n', '\r']).to_owned()));
        }
        line.clear();
    }
    Ok(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(number: i64) -> Ended {
        let upid = Upid {
            node: "n1".into(),
            pid: 1,
            pstart: 2,
            starttime: number,
            kind: "qmstart".into(),
            id: "100".into(),
            user: "root@pam".into(),
        };
        Ended { upid, endtime: number + 1, outcome: Outcome::Error("a\nb".into()) }
    }

    #[test]
    fn the_index_gives_the_newest_first_across_rotations() {
        let dir = tempfile::tempdir().unwrap();
        let files = TaskFiles::open(dir.path().join("tasks")).unwrap();
        for number in 0..2_000 {
            files.archive(&ended(number)).unwrap();
        }
        let mut seen = Vec::new();
        files.archived(|ended| {
            seen.push(ended.upid.starttime);
            seen.len() < 1_500
        });
        assert_eq!(seen, (500..2_000).rev().collect::<Vec<_>>());
        assert!(dir.path().join("tasks/index.1").exists());
    }

    #[test]
    fn a_log_is_read_in_parts() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        fs::write(&path, "a\nb\nc\nd").unwrap();
        let part = read_log(&path, 1, 2).unwrap();
        assert_eq!(part, LogPart { lines: vec![(2, "b".into()), (3, "c".into())], total: 4 });
        assert_eq!(read_log(&path, 3, 0).unwrap().lines, [(4, "d".into())]);
    }
}
