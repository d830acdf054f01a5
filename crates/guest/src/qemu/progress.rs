//! What a workflow tells while it goes on, and how it can be undone. A task is one; so is a test's notebook.

use serde_json::Value;
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

/// What of a copy's output is worth a line: each tenth that is done (`(12.34/100%)` is what qemu-img prints), and
/// whatever is no progress.
pub(crate) fn step(tenths: &mut u32, line: &str) -> Option<String> {
    let line = line.trim();
    let Some(percent) = line.strip_prefix('(').and_then(|rest| rest.strip_suffix("/100%)")) else {
        return (!line.is_empty()).then(|| line.to_owned());
    };
    let whole: u32 = percent.split('.').next()?.parse().ok()?;
    (whole / 10 > *tenths).then(|| {
        *tenths = whole / 10;
        format!("{}0% copied", *tenths)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_shows_each_tenth_once() {
        let mut tenths = 0;
        let lines = ["    (0.00/100%)", "(9.99/100%)", "(10.20/100%)", "(11.0/100%)", "", "odd", "(100.00/100%)"];
        let shown: Vec<String> = lines.iter().filter_map(|line| step(&mut tenths, line)).collect();
        assert_eq!(shown, ["10% copied", "odd", "100% copied"]);
    }
}
