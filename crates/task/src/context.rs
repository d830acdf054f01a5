//! A task as its own work sees it.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use host::file::FileError;
use serde_json::Value;
use tokio::sync::watch;

use crate::journal::Journal;
use crate::log::LogWriter;
use crate::{Outcome, TaskError, Upid, unpoisoned};

/// Least time between two progress lines.
const PROGRESS_EVERY: Duration = Duration::from_secs(1);

/// Why a task is to end early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Somebody stopped it.
    Asked,
    /// The daemon ends.
    Shutdown,
}

/// A task that runs.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) upid: Upid,
    pub(crate) log: Mutex<LogWriter>,
    pub(crate) warnings: AtomicU64,
    pub(crate) stop: watch::Sender<Option<Stop>>,
    pub(crate) ended: watch::Sender<Option<Outcome>>,
    /// Counts what was written to the log.
    pub(crate) written: watch::Sender<u64>,
    pub(crate) journal: Arc<Mutex<Journal>>,
    progress: Mutex<Option<Instant>>,
}

impl Running {
    pub(crate) fn new(upid: Upid, log: LogWriter, journal: Journal) -> Self {
        Self {
            upid,
            log: Mutex::new(log),
            warnings: AtomicU64::new(0),
            stop: watch::Sender::new(None),
            ended: watch::Sender::new(None),
            written: watch::Sender::new(0),
            journal: Arc::new(Mutex::new(journal)),
            progress: Mutex::new(None),
        }
    }

    pub(crate) fn log(&self, text: &str) {
        unpoisoned(&self.log).write(text);
        self.written.send_modify(|number| *number += 1);
    }

    /// Does something with the journal where blocking is fine: it syncs the disk.
    pub(crate) async fn journal<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Journal) -> Result<T, FileError> + Send + 'static,
    ) -> Result<T, TaskError> {
        let journal = self.journal.clone();
        let done = tokio::task::spawn_blocking(move || work(&mut unpoisoned(&journal)));
        Ok(done.await??)
    }
}

/// What a task's work is given. A clone is the same task.
#[derive(Clone, Debug)]
pub struct TaskCtx(pub(crate) Arc<Running>);

impl TaskCtx {
    /// The task.
    #[must_use]
    pub fn upid(&self) -> &Upid {
        &self.0.upid
    }

    /// On whose behalf it works.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.0.upid.user
    }

    /// Writes to the log; readers see it at once. Must hold no secret.
    pub fn log(&self, text: impl AsRef<str>) {
        self.0.log(text.as_ref());
    }

    /// Writes a warning to the log; a task that does not fail then ends as `WARNINGS: n`.
    pub fn warn(&self, text: impl AsRef<str>) {
        self.0.warnings.fetch_add(1, Ordering::Relaxed);
        self.0.log(&format!("WARN: {}", text.as_ref()));
    }

    /// Tells how far something is, in bytes, once a second at most and always at its end.
    pub fn progress(&self, what: &str, done: u64, total: u64) {
        let now = Instant::now();
        let mut last = unpoisoned(&self.0.progress);
        if done < total && last.is_some_and(|last| now.duration_since(last) < PROGRESS_EVERY) {
            return;
        }
        *last = Some(now);
        self.0.log(&progress_line(what, done, total));
    }

    /// Records how to undo the next step, which may begin when this returns. Records run newest first if the task
    /// fails, or if the daemon dies before it ends; so undoing a step that never began, or twice, must be harmless.
    ///
    /// # Errors
    /// When the record cannot be written: then the step must not be done.
    pub async fn undo(&self, record: Value) -> Result<(), TaskError> {
        self.0.journal(move |journal| journal.push(record)).await
    }

    /// Drops all records so far: those steps stay, whatever happens next. At a good end this is done anyway.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub async fn keep(&self) -> Result<(), TaskError> {
        self.0.journal(Journal::forget).await
    }

    /// Waits until the task is asked to end. It has five seconds then, before its work is dropped.
    pub async fn cancelled(&self) {
        // The sender lives as long as the task, so this ends by the value only.
        let _ = self.0.stop.subscribe().wait_for(Option::is_some).await;
    }
}

fn progress_line(what: &str, done: u64, total: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
    let percent = if total == 0 { 100.0 } else { done as f64 * 100.0 / total as f64 };
    format!("{what} {} of {} ({percent:.2}%)", bytes(done), bytes(total))
}

fn bytes(count: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one digit is shown")]
    let mut value = count as f64;
    for unit in ["B", "KiB", "MiB", "GiB"] {
        if value < 1024.0 {
            return format!("{value:.1} {unit}");
        }
        value /= 1024.0;
    }
    format!("{value:.1} TiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_readable() {
        insta::assert_snapshot!(progress_line("transferred", 3 << 29, 32 << 30), @"transferred 1.5 GiB of 32.0 GiB (4.69%)");
        insta::assert_snapshot!(progress_line("copied", 0, 0), @"copied 0.0 B of 0.0 B (100.00%)");
    }
}
