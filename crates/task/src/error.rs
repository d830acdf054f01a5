//! What goes wrong in tasks and with them.

use std::fmt;

use host::file::FileError;

use crate::BadUpid;

/// Why a task failed: the text that its log and status show. Made from any error by `?`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskError(pub(crate) String);

impl TaskError {
    /// A failure with this text.
    pub fn new<T: Into<String>>(text: T) -> Self {
        Self(text.into())
    }

    /// The failure of a task that ends because it was asked to.
    #[must_use]
    pub fn cancelled() -> Self {
        Self::new(crate::supervise::INTERRUPTED)
    }
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// Not an `Error` itself, so that this holds for every error there is.
impl<E: std::error::Error> From<E> for TaskError {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(inner) = source {
            let inner_text = inner.to_string();
            // Many errors quote their cause already.
            if !text.contains(&inner_text) {
                text = format!("{text}: {inner_text}");
            }
            source = inner.source();
        }
        Self(text)
    }
}

impl From<TaskError> for String {
    fn from(error: TaskError) -> Self {
        error.0
    }
}

/// Why a task could not be started, found or read.
#[derive(Debug, thiserror::Error)]
pub enum TasksError {
    /// Kind, ID and user do not make a UPID.
    #[error(transparent)]
    Upid(#[from] BadUpid),
    /// The log or the list of tasks cannot be written.
    #[error("unable to keep tasks - {0} (is the file system of the task logs full or read-only?)")]
    File(#[from] FileError),
    /// The kernel does not tell the time.
    #[error("unable to start task - {0}")]
    Clock(std::io::Error),
    /// The daemon is ending.
    #[error("unable to start task - the daemon is ending")]
    Ending,
    /// There is no such task.
    #[error("no such task")]
    NoSuchTask,
}

impl From<BadUpid> for schema::ApiError {
    fn from(error: BadUpid) -> Self {
        Self::param("upid", error.to_string())
    }
}

impl From<TasksError> for schema::ApiError {
    fn from(error: TasksError) -> Self {
        match error {
            TasksError::NoSuchTask => Self::param("upid", error.to_string()),
            _ => Self::internal(error.to_string()),
        }
    }
}
