//! Long work: every task has a UPID, a log, a status and an owner, can be stopped, and undoes its steps when it fails,
//! even when the daemon died in the middle.
//!
//! ```text
//! spawn ──► running ──► ended: OK | WARNINGS: n
//!              │ error, stop, panic
//!              ▼
//!           undo, newest record first ──► ended: error text
//!
//! daemon dies while running ──► next start: undo ──► ended: error text that says so
//! undo of a step fails ──► kept ──► next starts: undo
//! ```

mod calendar;
mod context;
mod error;
mod index;
mod journal;
mod leftover;
mod list;
mod log;
mod outcome;
mod recover;
mod registry;
mod supervise;
mod upid;

pub use calendar::{Calendar, CalendarError};
pub use context::TaskCtx;
pub use error::{TaskError, TasksError};
pub use list::{Source, TaskFilter, TaskInfo};
pub use log::LogPage;
pub use outcome::{Class, Outcome, outcome_of_log};
pub use registry::{TaskEvent, TaskSpec, Tasks, Undo};
pub use upid::{BadUpid, Upid};

/// Mutexes here guard plain data that no panic leaves half-changed, so a poisoned one is as good as any.
fn unpoisoned<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
