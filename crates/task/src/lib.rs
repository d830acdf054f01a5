//! Long work: named by UPIDs, with a log, an outcome, and a journal that takes back what a failed task did.
//!
//! ```text
//!          spawn                 returns Ok
//! (none) ────────▶ running ───────────────────────▶ OK, WARNINGS
//!                     │  returns Err, panics, is stopped
//!                     ├──────────────▶ undo in reverse ──▶ ERROR
//!                     │  the daemon dies
//!                     └──── next start: undo in reverse ──▶ ERROR
//! ```

mod context;
mod files;
mod journal;
mod outcome;
mod registry;
mod upid;

pub use context::{TaskCtx, TaskError};
pub use files::{Ended, LogPart};
pub use outcome::Outcome;
pub use registry::{TaskEvent, TaskInfo, TaskSpec, Tasks, TasksError, Undo};
pub use upid::{BadUpid, Upid};

/// Mutexes here guard plain data that no panic leaves half-changed, so a poisoned one is as good as any.
fn unpoisoned<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
