//! What a running task has in its hands.

use std::fs::File;
use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::sync::watch;

use crate::journal::Journal;
use crate::{Upid, unpoisoned};

/// Why a task failed, in the words of its log's last line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskError(pub String);

impl TaskError {
    /// A failure with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

// TaskError itself is no `Error`: so any error becomes one by `?`, its whole chain in one line.
impl<E: std::error::Error> From<E> for TaskError {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// The hands of a running task: its log, its undo journal, its ear for being stopped. Clones are the same task.
#[derive(Clone)]
pub struct TaskCtx {
    shared: Arc<Shared>,
}

struct Shared {
    upid: Upid,
    log: Mutex<File>,
    warnings: AtomicU32,
    journal: Mutex<Option<Journal>>,
    stopped: watch::Receiver<bool>,
}

impl TaskCtx {
    pub(crate) fn new(upid: Upid, log: File, journal: Journal, stopped: watch::Receiver<bool>) -> Self {
        let shared = Shared {
            upid,
            log: Mutex::new(log),
            warnings: AtomicU32::new(0),
            journal: Mutex::new(Some(journal)),
            stopped,
        };
        Self { shared: Arc::new(shared) }
    }

    /// The task's name.
    pub fn upid(&self) -> &Upid {
        &self.shared.upid
    }

    /// Adds lines to the log; they can be read at once.
    pub fn log(&self, text: impl AsRef<str>) {
        let mut bytes = Vec::new();
        for line in text.as_ref().lines() {
            bytes.extend_from_slice(line.as_bytes());
            bytes.push(b'\n');
        }
        // One write, so that no reader sees half a line. A full disk must not stop the work itself.
        if let Err(error) = unpoisoned(&self.shared.log).write_all(&bytes) {
            tracing::warn!(upid = %self.shared.upid, %error, "unable to write a task's log");
        }
    }

    /// Adds a warning to the log; the task's outcome counts them.
    pub fn warn(&self, text: impl AsRef<str>) {
        self.shared.warnings.fetch_add(1, Ordering::Relaxed);
        self.log(format!("WARN: {}", text.as_ref()));
    }

    /// Notes what takes the next step back, and waits until that is on disk. Call it before the step.
    ///
    /// # Errors
    /// When it cannot be written: then the step must not be done.
    pub async fn undo(&self, record: Value) -> Result<(), TaskError> {
        self.with_journal(move |journal| journal.record(record)).await
    }

    /// Forgets the undo records so far: from here on, what was done stays even if the task fails.
    ///
    /// # Errors
    /// When that cannot be written.
    pub async fn keep(&self) -> Result<(), TaskError> {
        self.with_journal(Journal::keep).await
    }

    async fn with_journal(
        &self,
        work: impl FnOnce(&mut Journal) -> std::io::Result<()> + Send + 'static,
    ) -> Result<(), TaskError> {
        let shared = Arc::clone(&self.shared);
        let written = tokio::task::spawn_blocking(move || match unpoisoned(&shared.journal).as_mut() {
            Some(journal) => work(journal),
            None => Err(std::io::Error::other("the task has ended")),
        });
        written.await?.map_err(|error| TaskError(format!("unable to write the undo journal: {error}")))
    }

    /// Resolves when somebody stops the task.
    pub async fn cancelled(&self) {
        let mut stopped = self.shared.stopped.clone();
        // An error means that the registry is gone, and with it everybody who could stop the task.
        if stopped.wait_for(|stop| *stop).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Whether somebody stopped the task.
    pub fn is_cancelled(&self) -> bool {
        *self.shared.stopped.borrow()
    }

    pub(crate) fn warnings(&self) -> u32 {
        self.shared.warnings.load(Ordering::Relaxed)
    }

    pub(crate) fn take_journal(&self) -> Option<Journal> {
        unpoisoned(&self.shared.journal).take()
    }
}
