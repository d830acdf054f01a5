//! Logs: written line by line, read page by page while they grow.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use host::file::FileError;

use crate::{Outcome, Upid, outcome_of_log, unpoisoned};

/// Place of the log of a task.
pub(crate) fn log_path(task_dir: &Path, upid: &Upid) -> PathBuf {
    task_dir.join(upid.hash_dir()).join(upid.to_string())
}

/// The writing end. A line is with the kernel when `write` returns, so readers see it and a kill does not lose it.
#[derive(Debug)]
pub(crate) struct LogWriter {
    file: File,
    /// One message about a full disk is enough.
    failed: bool,
}

impl LogWriter {
    pub(crate) fn append_to(path: &Path) -> Result<Self, FileError> {
        if let Some(directory) = path.parent() {
            host::file::create_dir(directory, 0o750)?;
        }
        let file =
            OpenOptions::new().append(true).create(true).mode(0o640).open(path).map_err(FileError::io("open", path))?;
        Ok(Self { file, failed: false })
    }

    /// Writes one or more lines. The task goes on when the log cannot be written.
    pub(crate) fn write(&mut self, text: &str) {
        let mut bytes = Vec::with_capacity(text.len() + 1);
        for line in text.trim_end_matches('\n').split('\n') {
            bytes.extend(line.trim_end_matches('\r').bytes().filter(|byte| !matches!(byte, 0..=8 | 11..=26 | 28..=31)));
            bytes.push(b'\n');
        }
        if let Err(error) = self.file.write_all(&bytes)
            && !std::mem::replace(&mut self.failed, true)
        {
            tracing::error!("unable to write a task log - {error}");
        }
    }
}

/// Some lines of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogPage {
    /// The lines asked for, each with its number, from 1.
    pub lines: Vec<(u64, String)>,
    /// Number of lines in the whole log.
    pub total: u64,
}

/// Lines between two remembered places.
const STRIDE: u64 = 256;

/// Logs whose lines are remembered; a page of another one is read from its beginning.
const REMEMBERED: usize = 32;

/// Where the lines of a log begin, as far as it was read.
#[derive(Clone, Debug, Default)]
struct LineIndex {
    /// Offset of line 0, [`STRIDE`], 2 * [`STRIDE`], …
    marks: Vec<u64>,
    /// Whole lines up to `end`.
    lines: u64,
    /// Just behind the last whole line.
    end: u64,
    /// Whether a line without newline follows.
    partial: bool,
}

/// Reads logs, remembering where lines begin in those read lately.
#[derive(Debug, Default)]
pub(crate) struct LogReader {
    recent: Mutex<VecDeque<(PathBuf, LineIndex)>>,
}

impl LogReader {
    /// Lines `start..start + limit`, all from `start` when `limit` is 0. Only what was written since the last call, and
    /// what is answered, is read.
    pub(crate) fn page(&self, path: &Path, start: u64, limit: u64) -> Result<LogPage, FileError> {
        let mut file = File::open(path).map_err(FileError::io("open", path))?;
        let mut index = self.take(path);
        let page = index.extend(&mut file).and_then(|()| index.read(&mut file, start, limit));
        self.put(path, index);
        page.map_err(FileError::io("read", path))
    }

    fn take(&self, path: &Path) -> LineIndex {
        let recent = unpoisoned(&self.recent);
        recent.iter().find(|(known, _)| known == path).map(|(_, index)| index.clone()).unwrap_or_default()
    }

    fn put(&self, path: &Path, index: LineIndex) {
        let mut recent = unpoisoned(&self.recent);
        recent.retain(|(known, _)| known != path);
        recent.push_front((path.to_path_buf(), index));
        recent.truncate(REMEMBERED);
    }
}

impl LineIndex {
    fn extend(&mut self, file: &mut File) -> std::io::Result<()> {
        if file.metadata()?.len() < self.end {
            *self = Self::default();
        }
        file.seek(SeekFrom::Start(self.end))?;
        let (mut buffer, mut offset) = (vec![0; 64 << 10], self.end);
        loop {
            let got = file.read(&mut buffer)?;
            if got == 0 {
                break;
            }
            for (at, _) in buffer[..got].iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
                if self.lines.is_multiple_of(STRIDE) {
                    self.marks.push(self.end);
                }
                self.lines += 1;
                self.end = offset + at as u64 + 1;
            }
            offset += got as u64;
        }
        self.partial = offset > self.end;
        Ok(())
    }

    fn read(&self, file: &mut File, start: u64, limit: u64) -> std::io::Result<LogPage> {
        let total = self.lines + u64::from(self.partial);
        let last = if limit == 0 { total } else { start.saturating_add(limit).min(total) };
        let mut page = LogPage { lines: Vec::new(), total };
        if start >= last {
            return Ok(page);
        }
        let mark = usize::try_from(start / STRIDE).unwrap_or(usize::MAX);
        let (offset, mut n) =
            self.marks.get(mark).map_or((self.end, self.lines), |offset| (*offset, start / STRIDE * STRIDE));
        file.seek(SeekFrom::Start(offset))?;
        let mut reader = BufReader::new(file);
        let mut line = Vec::new();
        while n < last {
            line.clear();
            if reader.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            n += 1;
            if n > start {
                let text = String::from_utf8_lossy(line.strip_suffix(b"\n").unwrap_or(&line)).into_owned();
                page.lines.push((n, text));
            }
        }
        Ok(page)
    }
}

/// How the log at `path` says that its task ended; `None` when there is no such log.
pub(crate) fn outcome_at(path: &Path) -> Option<Outcome> {
    let tail = || -> std::io::Result<String> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(16 << 10)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    match tail() {
        Ok(text) => Some(outcome_of_log(&text)),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => Some(Outcome::Error(format!("unable to open file - {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn pages_of_a_growing_log_are_its_lines(
            pieces in proptest::collection::vec(("[a-c\n]{0,900}", 0u64..700, 0u64..400), 1..6),
        ) {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("log");
            let reader = LogReader::default();
            let mut text = String::new();
            for (piece, start, limit) in pieces {
                text.push_str(&piece);
                std::fs::write(&path, &text).unwrap();
                let page = reader.page(&path, start, limit).unwrap();
                let take = if limit == 0 { usize::MAX } else { limit as usize };
                let expected: Vec<_> = text.lines().skip(start as usize).take(take).collect();
                prop_assert_eq!(page.lines.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), expected);
                prop_assert_eq!(page.total, text.lines().count() as u64);
                prop_assert_eq!(page.lines.first().map_or(start + 1, |(n, _)| *n), start + 1);
            }
        }
    }

    #[test]
    fn control_characters_do_not_reach_the_log() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("0/log");
        LogWriter::append_to(&path).unwrap().write("a\u{7}\0b\r\nc\td\n");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "ab\nc\td\n");
    }
}
