//! Tasks of a daemon that died: undone, and closed with a text that says so.

use std::collections::BTreeSet;
use std::sync::Arc;

use host::file::FileError;

use crate::context::Running;
use crate::journal::Journal;
use crate::leftover::Leftover;
use crate::log::{LogWriter, log_path};
use crate::registry::{Registry, unix_now};
use crate::supervise::{undo_all, undo_one};
use crate::{Outcome, Tasks, TasksError, Upid};

impl Tasks {
    /// Tries again what earlier daemons could not undo, then undoes and closes the tasks that the last one left running;
    /// answers which. To be called before the first task is started.
    ///
    /// # Errors
    /// When the journals cannot be read.
    pub async fn recover(&self) -> Result<Vec<Upid>, TasksError> {
        if let Err(error) = self.0.retry().await {
            tracing::error!("what could not be undone earlier is not tried again: {error}");
        }
        let mut left: BTreeSet<Upid> = self.0.left_running()?.into_iter().collect();
        // `active` is not synced, journals are: after a loss of power they tell of more.
        left.extend(self.0.journaled()?);
        left.retain(|upid| self.0.running(upid).is_none());
        let mut left: Vec<Upid> = left.into_iter().collect();
        // What began last is undone first.
        left.sort_by_key(|upid| std::cmp::Reverse((upid.starttime, upid.pstart)));
        for upid in &left {
            if let Err(error) = self.0.close(upid).await {
                tracing::error!("unable to close task {upid} of an earlier daemon: {error}");
            }
        }
        Ok(left)
    }
}

impl Registry {
    fn journaled(&self) -> Result<Vec<Upid>, FileError> {
        let entries = std::fs::read_dir(&self.journal_dir).map_err(FileError::io("read", &self.journal_dir))?;
        Ok(entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect())
    }

    /// Tries the kept records once more, newest first.
    async fn retry(&self) -> Result<(), FileError> {
        let mut kept: Vec<Leftover> = Vec::new();
        let all = self.leftovers.all()?;
        if all.is_empty() {
            return Ok(());
        }
        for mut leftover in all.into_iter().rev() {
            let what = format!("{} of task {}", leftover.record, leftover.upid);
            leftover.tries += 1;
            match undo_one(self, leftover.record.clone()).await {
                Ok(()) => tracing::info!("undone at last: {what}"),
                Err(text) if leftover.hopeless(unix_now()) => {
                    tracing::error!("given up after {} tries, look after it yourself: {what}: {text}", leftover.tries);
                }
                Err(text) => {
                    tracing::warn!("still unable to undo {what}: {text}");
                    kept.push(leftover);
                }
            }
        }
        kept.reverse();
        self.leftovers.replace(&kept)
    }

    async fn close(self: &Arc<Self>, upid: &Upid) -> Result<(), FileError> {
        let log = LogWriter::append_to(&log_path(&self.task_dir, upid))?;
        let journal = Journal::load(self.journal_dir.join(upid.to_string()))?;
        let running = Running::new(upid.clone(), log, journal);
        running.log("the daemon ended while this task was running");
        let outcome = match undo_all(&running, self).await {
            (0, 0) => "nothing was to be undone".to_owned(),
            (undone, 0) => format!("{} undone", steps(undone)),
            (undone, left) => format!("{} undone, {} not", steps(undone), left),
        };
        self.finish(&running, Outcome::Error(format!("the daemon ended while this task was running; {outcome}")));
        Ok(())
    }
}

fn steps(count: usize) -> String {
    if count == 1 { "1 step was".to_owned() } else { format!("{count} steps were") }
}
