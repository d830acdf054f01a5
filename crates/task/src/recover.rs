//! Tasks of a daemon that died: undone, and closed with a text that says so.

use std::collections::BTreeSet;

use host::file::FileError;

use crate::context::Running;
use crate::journal::Journal;
use crate::log::{LogWriter, log_path};
use crate::registry::Registry;
use crate::supervise::undo_all;
use crate::{Outcome, Tasks, TasksError, Upid};

impl Tasks {
    /// Undoes and closes the tasks that an earlier daemon left running; answers which. To be called before the first task
    /// is started.
    ///
    /// # Errors
    /// When the journals cannot be read.
    pub async fn recover(&self) -> Result<Vec<Upid>, TasksError> {
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

    async fn close(&self, upid: &Upid) -> Result<(), FileError> {
        let log = LogWriter::append_to(&log_path(&self.task_dir, upid))?;
        let journal = Journal::load(self.journal_dir.join(upid.to_string()))?;
        let running = Running::new(upid.clone(), log, journal);
        running.log("the daemon ended while this task was running");
        let undone = undo_all(&running, &self.undo).await;
        let what = match undone {
            0 => "nothing was to be undone".to_owned(),
            1 => "1 step was undone".to_owned(),
            count => format!("{count} steps were undone"),
        };
        self.finish(&running, Outcome::Error(format!("the daemon ended while this task was running; {what}")));
        Ok(())
    }
}
