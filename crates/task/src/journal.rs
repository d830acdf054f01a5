//! Undo records of one task, on disk before the step that they undo.
//!
//! One file a task, one JSON value a line, used as a stack. A last line without its newline was never acknowledged, so
//! its step never began.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use host::file::{FileError, read_limited, sync_parent};
use serde_json::Value;

/// Most that a journal may hold.
const LIMIT: u64 = 16 << 20;

/// The records of one task.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: Option<File>,
    /// Records with their place in the file, oldest first.
    records: Vec<(u64, Value)>,
    end: u64,
}

impl Journal {
    /// For a new task; the file is made with the first record.
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, file: None, records: Vec::new(), end: 0 }
    }

    /// What a dead daemon left.
    pub(crate) fn load(path: PathBuf) -> Result<Self, FileError> {
        let bytes = match read_limited(&path, LIMIT) {
            Ok(bytes) => bytes,
            Err(error) if error.is_not_found() => return Ok(Self::new(path)),
            Err(error) => return Err(error),
        };
        let file = OpenOptions::new().write(true).open(&path).map_err(FileError::io("open", &path))?;
        let mut journal = Self { path, file: Some(file), records: Vec::new(), end: 0 };
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let Some(value) = line.strip_suffix(b"\n").and_then(|json| serde_json::from_slice(json).ok()) else {
                break;
            };
            journal.records.push((journal.end, value));
            journal.end += line.len() as u64;
        }
        Ok(journal)
    }

    pub(crate) fn last(&self) -> Option<&Value> {
        self.records.last().map(|(_, value)| value)
    }

    /// Adds a record; when this returns, it survives whatever happens next.
    pub(crate) fn push(&mut self, value: Value) -> Result<(), FileError> {
        let mut line = value.to_string().into_bytes();
        line.push(b'\n');
        let new = self.file.is_none();
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(
                OpenOptions::new()
                    .append(true)
                    .create_new(true)
                    .mode(0o600)
                    .open(&self.path)
                    .map_err(FileError::io("create", &self.path))?,
            ),
        };
        if let Err(error) = file.write_all(&line).and_then(|()| file.sync_data()) {
            // Half a line must not stand before the next record.
            let _ = file.set_len(self.end);
            return Err(FileError::io("write", &self.path)(error));
        }
        if new {
            sync_parent(&self.path)?;
        }
        self.records.push((self.end, value));
        self.end += line.len() as u64;
        Ok(())
    }

    /// Drops the newest record, when it was undone.
    pub(crate) fn pop(&mut self) -> Result<(), FileError> {
        let Some((start, _)) = self.records.pop() else {
            return Ok(());
        };
        self.end = start;
        self.truncate()
    }

    /// Drops all records: what was done stays.
    pub(crate) fn forget(&mut self) -> Result<(), FileError> {
        if self.file.is_none() {
            return Ok(());
        }
        self.records.clear();
        self.end = 0;
        // Empty before it is gone: an unlink may be forgotten when power fails, and would bring the records back.
        self.truncate()?;
        self.file = None;
        std::fs::remove_file(&self.path).map_err(FileError::io("remove", &self.path))
    }

    fn truncate(&self) -> Result<(), FileError> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        file.set_len(self.end).and_then(|()| file.sync_data()).map_err(FileError::io("shorten", &self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn records_are_found_again_newest_first() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("j");
        let mut journal = Journal::new(path.clone());
        journal.push(json!({"n": 1})).unwrap();
        journal.push(json!({"n": 2})).unwrap();
        journal.push(json!({"n": 3})).unwrap();
        journal.pop().unwrap();
        journal.push(json!({"n": 4})).unwrap();
        drop(journal);
        // The daemon died while it wrote.
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"n\": 5}").unwrap();
        let mut found = Journal::load(path.clone()).unwrap();
        for n in [4, 2, 1] {
            assert_eq!(found.last(), Some(&json!({"n": n})));
            found.pop().unwrap();
        }
        assert_eq!(found.last(), None);
        found.forget().unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn no_record_no_file() {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = Journal::load(dir.path().join("j")).unwrap();
        journal.forget().unwrap();
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
