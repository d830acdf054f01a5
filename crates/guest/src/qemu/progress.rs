//! What a workflow tells while it goes on, and how it can be undone. A task is one; so is a test's notebook.

use serde_json::Value;
use storage::convert::Step;
use store::BoxFuture;

/// Where a workflow reports to.
pub trait Progress: Send + Sync {
    /// A line for the log.
    fn log(&self, line: &str);
    /// A warning: the work goes on, but somebody should look.
    fn warn(&self, line: &str);
    /// Notes how to undo the step that comes next. Before it returns, the note survives a crash.
    ///
    /// # Errors
    /// When the note cannot be kept; the step must not be done then.
    fn undo(&self, record: Value) -> BoxFuture<'_, Result<(), String>>;
    /// Tells how many bytes of how many are done; seldom enough to be read.
    fn bytes(&self, _what: &str, _done: u64, _total: u64) {}
    /// Waits until somebody asks the work to stop; for ever where nobody can.
    fn cancelled(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::pending())
    }
}

impl Progress for task::TaskCtx {
    fn log(&self, line: &str) {
        Self::log(self, line);
    }
    fn warn(&self, line: &str) {
        Self::warn(self, line);
    }
    fn undo(&self, record: Value) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(async move { Self::undo(self, record).await.map_err(|err| err.to_string()) })
    }
    fn bytes(&self, what: &str, done: u64, total: u64) {
        self.progress(what, done, total);
    }
    fn cancelled(&self) -> BoxFuture<'_, ()> {
        Box::pin(Self::cancelled(self))
    }
}

/// Reports to the daemon's log; cannot undo. For steps that need no undoing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn log(&self, line: &str) {
        tracing::info!("{line}");
    }
    fn warn(&self, line: &str) {
        tracing::warn!("{line}");
    }
    fn undo(&self, _: Value) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(async { Ok(()) })
    }
}

/// Shows what a copy tells.
pub(crate) fn show<'a>(progress: &'a dyn Progress, key: &'a str) -> impl FnMut(Step<'_>) + 'a {
    let what = format!("{key}: transferred");
    move |step| match step {
        Step::Bytes(done, total) => progress.bytes(&what, done, total),
        Step::Said(line) => progress.log(&format!("{key}: {line}")),
    }
}
