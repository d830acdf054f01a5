//! Undo records: what has to be taken back if a task does not reach its end. Each is on disk before its step begins,
//! so that a killed daemon finds it at its next start.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Upid;

/// The journal of one task; its file exists as long as the task runs.
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    records: Vec<Value>,
}

impl Journal {
    /// Begins the journal of a task. The file's existence alone says that the task runs.
    pub(crate) fn create(dir: &Path, upid: &Upid) -> io::Result<Self> {
        let path = dir.join(upid.to_string());
        let file = OpenOptions::new().create_new(true).append(true).mode(0o600).open(&path)?;
        Ok(Self { path, file, records: Vec::new() })
    }

    /// Writes a record and waits until it is on disk.
    pub(crate) fn record(&mut self, undo: Value) -> io::Result<()> {
        self.file.write_all(format!("{undo}\n").as_bytes())?;
        self.file.sync_data()?;
        if self.records.is_empty() {
            host::file::sync_parent(&self.path).map_err(io::Error::other)?;
        }
        self.records.push(undo);
        Ok(())
    }

    /// Forgets the records so far: what they would take back is to stay.
    pub(crate) fn keep(&mut self) -> io::Result<()> {
        if !self.records.is_empty() {
            self.records.clear();
            self.file.set_len(0)?;
            self.file.sync_data()?;
        }
        Ok(())
    }

    /// The records, the last one first.
    pub(crate) fn reversed(&self) -> Vec<Value> {
        self.records.iter().rev().cloned().collect()
    }

    /// Ends the journal.
    pub(crate) fn remove(self) {
        remove(&self.path);
    }
}

fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        tracing::warn!(path = %path.display(), %error, "unable to remove the journal of an ended task");
    }
}

/// Journals of tasks that nobody runs any more, with their records, the last one first.
pub(crate) fn left_over(dir: &Path) -> io::Result<Vec<(Upid, PathBuf, Vec<Value>)>> {
    fs::create_dir_all(dir)?;
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let Some(upid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let text = fs::read_to_string(entry.path())?;
        // The last line may be torn: then its step had not begun.
        let records: Vec<Value> = text.lines().rev().filter_map(|line| serde_json::from_str(line).ok()).collect();
        found.push((upid, entry.path(), records));
    }
    Ok(found)
}

/// Ends a journal found by [`left_over`].
pub(crate) fn close(path: &Path) {
    remove(path);
}
