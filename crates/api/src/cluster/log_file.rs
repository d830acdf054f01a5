//! The lines of the cluster's log that are kept: in memory, and in a file of one JSON object a line for the next start.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use host::file::FileError;

use super::log::Row;

/// Lines that are kept.
const KEPT: usize = 2000;
/// Of these, lines about failed logins: whoever guesses passwords must not push everything else out.
const REFUSALS: usize = KEPT / 4;

/// The log.
pub(crate) struct ClusterLog {
    path: PathBuf,
    lines: Mutex<Lines>,
}

#[derive(Default)]
struct Lines {
    rows: VecDeque<Row>,
    last: u64,
    file: Option<File>,
    /// Lines in the file, kept or not.
    written: usize,
    /// One message about a full disk is enough.
    failed: bool,
}

impl ClusterLog {
    /// Reads what was kept; lines that cannot be read are left out.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub(crate) fn open(path: PathBuf) -> Result<Self, FileError> {
        if let Some(folder) = path.parent() {
            host::file::create_dir(folder, 0o750)?;
        }
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let mut lines = Lines { written: text.lines().count(), ..Lines::default() };
        for row in text.lines().filter_map(|line| serde_json::from_str::<Row>(line).ok()) {
            lines.keep(row);
        }
        Ok(Self { path, lines: Mutex::new(lines) })
    }

    /// Adds a line, made of its number.
    pub(crate) fn add(&self, make: impl FnOnce(u64) -> Row) -> Row {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let row = make(lines.last + 1);
        lines.keep(row.clone());
        if let Err(error) = lines.write(&self.path, &row)
            && !std::mem::replace(&mut lines.failed, true)
        {
            tracing::error!("the log of the cluster cannot be written: {error}");
        }
        row
    }

    /// At most so many of the lines that are wanted, newest first.
    pub(crate) fn newest(&self, most: usize, wanted: impl Fn(&Row) -> bool) -> Vec<Row> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.rows.iter().rev().filter(|row| wanted(row)).take(most).cloned().collect()
    }
}

impl Lines {
    fn keep(&mut self, row: Row) {
        self.last = self.last.max(row.uid);
        if row.is_refusal() && self.rows.iter().filter(|row| row.is_refusal()).count() >= REFUSALS {
            let oldest = self.rows.iter().position(Row::is_refusal);
            oldest.and_then(|at| self.rows.remove(at));
        }
        if self.rows.len() >= KEPT {
            self.rows.pop_front();
        }
        self.rows.push_back(row);
    }

    /// Appends a line; writes the file anew when most of it is not kept any more.
    fn write(&mut self, path: &std::path::Path, row: &Row) -> Result<(), FileError> {
        if self.written >= 2 * KEPT {
            self.file = None;
            let text: String = self.rows.iter().map(line).collect();
            host::file::write_atomic(path, text.as_bytes(), 0o640)?;
            self.written = self.rows.len();
            return Ok(());
        }
        if self.file.is_none() {
            let open = OpenOptions::new().append(true).create(true).mode(0o640).open(path);
            self.file = Some(open.map_err(FileError::io("open", path))?);
        }
        if let Some(file) = &mut self.file {
            file.write_all(line(row).as_bytes()).map_err(FileError::io("write", path))?;
            self.written += 1;
        }
        Ok(())
    }
}

fn line(row: &Row) -> String {
    // A row is texts and numbers: it can always be written.
    serde_json::to_string(row).map(|text| format!("{text}\n")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(uid: u64, pri: u64) -> Row {
        let text = |text: &str| text.to_owned();
        Row {
            uid,
            time: uid,
            pri,
            tag: text("t"),
            pid: 1,
            node: text("n1"),
            user: text("jo@pve"),
            msg: format!("line\u{2028}\"{uid}\""),
            id: uid.to_string(),
        }
    }

    fn numbers(log: &ClusterLog) -> Vec<u64> {
        log.newest(usize::MAX, |_| true).into_iter().map(|row| row.uid).collect()
    }

    #[test]
    fn lines_outlive_a_restart_and_stay_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/log");
        let open = || ClusterLog::open(path.clone()).unwrap();
        let log = open();
        for _ in 0..3 * KEPT {
            log.add(|uid| row(uid, 6));
        }
        let newest = 3 * KEPT as u64;
        let expected: Vec<u64> = (newest - KEPT as u64 + 1..=newest).rev().collect();
        assert_eq!(numbers(&log), expected);
        let again = open();
        assert_eq!(numbers(&again), expected);
        assert_eq!(again.add(|uid| row(uid, 6)).uid, newest + 1);
        assert!(std::fs::read_to_string(&path).unwrap().lines().count() <= 2 * KEPT);
        assert_eq!(log.newest(2, |row| row.uid % 2 == 1).len(), 2);
    }

    #[test]
    fn guesses_of_passwords_do_not_push_other_lines_out() {
        let folder = tempfile::tempdir().unwrap();
        let log = ClusterLog::open(folder.path().join("log")).unwrap();
        log.add(|uid| row(uid, 6));
        for _ in 0..KEPT {
            log.add(|uid| row(uid, 4));
        }
        assert_eq!(log.newest(usize::MAX, |row| row.pri == 6).len(), 1);
        assert_eq!(log.newest(usize::MAX, Row::is_refusal).len(), REFUSALS);
    }

    #[test]
    fn a_damaged_line_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        std::fs::write(&path, "{\"uid\":1}\nnonsense").unwrap();
        let log = ClusterLog::open(path).unwrap();
        assert_eq!(numbers(&log), Vec::<u64>::new());
    }
}
