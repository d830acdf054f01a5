//! Steps that could not be undone. They are kept on the disk and tried again when the daemon starts, before the first
//! task: then nothing is half made, so that what a record means is what it meant. Not for ever: what fails again and
//! again, or is old, is given up, and the service log says so.
//!
//! One JSON object a line, replaced as a whole.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use host::file::{FileError, read_limited, write_atomic};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Upid, unpoisoned};

/// How often a step is tried again.
pub(crate) const TRIES: u32 = 10;

/// How long it is tried again, seconds.
pub(crate) const AGE: u64 = 30 * 24 * 3600;

/// Most that are kept; the oldest go first.
const MOST: usize = 1000;

/// Most that the file may hold, bytes.
const LIMIT: u64 = 16 << 20;

/// One step that was not undone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Leftover {
    /// The task that did it.
    pub(crate) upid: String,
    /// How to undo it.
    pub(crate) record: Value,
    /// How often that was tried again.
    pub(crate) tries: u32,
    /// When it failed first, seconds since 1970.
    pub(crate) since: u64,
}

impl Leftover {
    /// Whether it is not worth another try at the time `now`.
    pub(crate) fn hopeless(&self, now: u64) -> bool {
        self.tries >= TRIES || now.saturating_sub(self.since) > AGE
    }
}

/// The file of them.
#[derive(Debug)]
pub(crate) struct Leftovers {
    path: PathBuf,
    /// Held while the file is read and replaced.
    turn: Mutex<()>,
}

impl Leftovers {
    /// In the folder of the journals, beside which no UPID has this name.
    pub(crate) fn new(journal_dir: &Path) -> Self {
        Self { path: journal_dir.join("leftovers"), turn: Mutex::new(()) }
    }

    /// All of them, oldest first. Lines that cannot be read are passed over.
    pub(crate) fn all(&self) -> Result<Vec<Leftover>, FileError> {
        let bytes = match read_limited(&self.path, LIMIT) {
            Err(error) if error.is_not_found() => return Ok(Vec::new()),
            read => read?,
        };
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let parsed = lines.filter_map(|line| match serde_json::from_slice(line) {
            Ok(leftover) => Some(leftover),
            Err(error) => {
                tracing::error!("a line of '{}' cannot be read: {error}", self.path.display());
                None
            }
        });
        Ok(parsed.collect())
    }

    /// Adds one; when this returns, it survives whatever happens next.
    pub(crate) fn add(&self, upid: &Upid, record: Value, now: u64) -> Result<(), FileError> {
        let _turn = unpoisoned(&self.turn);
        let mut all = self.all()?;
        all.push(Leftover { upid: upid.to_string(), record, tries: 0, since: now });
        while all.len() > MOST {
            let given_up = all.remove(0);
            tracing::error!(
                "too many steps could not be undone; given up: {} of task {}",
                given_up.record,
                given_up.upid
            );
        }
        self.write(&all)
    }

    /// Replaces all of them.
    pub(crate) fn replace(&self, all: &[Leftover]) -> Result<(), FileError> {
        let _turn = unpoisoned(&self.turn);
        self.write(all)
    }

    fn write(&self, all: &[Leftover]) -> Result<(), FileError> {
        if all.is_empty() {
            return match std::fs::remove_file(&self.path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    Err(FileError::io("remove", &self.path)(error))
                }
                _ => Ok(()),
            };
        }
        let mut text = String::new();
        for leftover in all {
            // Strings, numbers and JSON values are always JSON.
            if let Ok(line) = serde_json::to_string(leftover) {
                text.push_str(&line);
                text.push('\n');
            }
        }
        write_atomic(&self.path, text.as_bytes(), 0o600)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn upid() -> Upid {
        "UPID:n1:00000001:00000002:65A0B0C0:qmcreate:100:root@pam:".parse().unwrap()
    }

    #[test]
    fn what_is_added_is_found_by_the_next_daemon() {
        let dir = tempfile::tempdir().unwrap();
        let leftovers = Leftovers::new(dir.path());
        assert!(leftovers.all().unwrap().is_empty());
        leftovers.add(&upid(), json!({ "free": "a\nb" }), 7).unwrap();
        leftovers.add(&upid(), json!({ "free": 2 }), 8).unwrap();
        let found = Leftovers::new(dir.path()).all().unwrap();
        assert_eq!(
            found.iter().map(|l| &l.record).collect::<Vec<_>>(),
            [&json!({ "free": "a\nb" }), &json!({ "free": 2 })]
        );
        leftovers.replace(&[]).unwrap();
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_damaged_line_costs_itself_only() {
        let dir = tempfile::tempdir().unwrap();
        let leftovers = Leftovers::new(dir.path());
        leftovers.add(&upid(), json!(1), 7).unwrap();
        let text = std::fs::read_to_string(dir.path().join("leftovers")).unwrap();
        std::fs::write(dir.path().join("leftovers"), format!("{{half\n{text}")).unwrap();
        assert_eq!(leftovers.all().unwrap().len(), 1);
    }

    #[test]
    fn tries_and_age_are_bounded() {
        let fresh = Leftover { upid: String::new(), record: json!(1), tries: 0, since: 1000 };
        assert!(!fresh.hopeless(1000 + AGE));
        assert!(fresh.hopeless(1001 + AGE));
        assert!(Leftover { tries: TRIES, ..fresh }.hopeless(1000));
    }
}
