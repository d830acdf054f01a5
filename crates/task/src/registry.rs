//! The tasks of a node: begun, watched, stopped, and closed honestly.

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use serde_json::Value;
use store::BoxFuture;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

use crate::context::{TaskCtx, TaskError};
use crate::files::{Ended, LogPart, TaskFiles, read_log};
use crate::journal::{self, Journal};
use crate::{Outcome, Upid, unpoisoned};

/// How long a stopped task may take to end by itself.
const STOP_GRACE: Duration = Duration::from_secs(5);
/// Events that a slow listener may lag behind.
const EVENT_BACKLOG: usize = 1024;

/// Takes one step back: reads an undo record and does what it says.
pub type Undo = Arc<dyn Fn(Value) -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// What a new task is.
#[derive(Clone, Debug)]
pub struct TaskSpec {
    /// `qmstart`
    pub kind: &'static str,
    /// `100`, or empty.
    pub id: String,
    /// The user or token that asked for it.
    pub user: String,
}

/// A task, running or ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskInfo {
    /// Its name.
    pub upid: Upid,
    /// When and how it ended, if it did.
    pub ended: Option<(i64, Outcome)>,
}

/// Something happened to a task.
#[derive(Clone, Debug)]
pub enum TaskEvent {
    /// It began.
    Started(Upid),
    /// It ended.
    Ended(Upid, i64, Outcome),
}

/// Why tasks cannot be begun, found or read.
#[derive(Debug, thiserror::Error)]
pub enum TasksError {
    /// Its files cannot be written.
    #[error("unable to begin a task: {0} (is the file system of the task logs full or read-only?)")]
    Files(#[source] io::Error),
    /// There is no such task.
    #[error("no such task")]
    NoSuchTask,
}

struct Active {
    stop: watch::Sender<bool>,
    done: watch::Receiver<Option<Outcome>>,
}

struct Inner {
    node: String,
    process: (u32, u64),
    begun: AtomicU64,
    files: TaskFiles,
    journals: PathBuf,
    undo: OnceLock<Undo>,
    active: Mutex<BTreeMap<Upid, Active>>,
    events: broadcast::Sender<TaskEvent>,
}

/// The registry. Clones are the same one.
#[derive(Clone)]
pub struct Tasks {
    inner: Arc<Inner>,
}

impl Tasks {
    /// Opens the registry of a node. Tasks of a daemon that died are still as it left them: see [`Self::recover`].
    ///
    /// # Errors
    /// When its folders cannot be made.
    pub fn open(paths: &host::paths::Paths, node: &str) -> Result<Self, TasksError> {
        let files = TaskFiles::open(paths.task_dir()).map_err(TasksError::Files)?;
        let journals = paths.journal_dir();
        std::fs::create_dir_all(&journals).map_err(TasksError::Files)?;
        let pid = std::process::id();
        let start = host::process::Process::find(pid).map_or(0, |process| process.start);
        let inner = Inner {
            node: node.to_owned(),
            process: (pid, start),
            begun: AtomicU64::new(0),
            files,
            journals,
            undo: OnceLock::new(),
            active: Mutex::default(),
            events: broadcast::channel(EVENT_BACKLOG).0,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Takes back what tasks of a dead daemon left half-done, and closes them. From now on the same function takes back
    /// what failing tasks did. Answers how many were found.
    ///
    /// # Errors
    /// When the journals cannot be read.
    pub async fn recover(&self, undo: Undo) -> Result<usize, TasksError> {
        // Setting it twice would be a second recovery of the same registry: the first function stays.
        let _ = self.inner.undo.set(undo);
        let left = journal::left_over(&self.inner.journals).map_err(TasksError::Files)?;
        let mut found = 0;
        for (upid, path, records) in left {
            if unpoisoned(&self.inner.active).contains_key(&upid) {
                continue;
            }
            found += 1;
            let log = |line: &str| {
                if let Err(error) = self.inner.files.append_log(&upid, line) {
                    tracing::warn!(%upid, %error, "unable to write a task's log");
                }
            };
            log("the daemon ended while this task was running");
            self.inner.take_back(records, log).await;
            let outcome = Outcome::Error("interrupted: the daemon ended while this task was running".to_owned());
            log(&outcome.log_line());
            self.inner.close(&upid, outcome);
            journal::close(&path);
        }
        Ok(found)
    }

    /// Begins a task. It runs on its own; what it returns decides its outcome.
    ///
    /// # Errors
    /// When its log or journal cannot be made: then nothing was begun.
    pub fn spawn<F, R>(&self, spec: TaskSpec, body: F) -> Result<Upid, TasksError>
    where
        F: FnOnce(TaskCtx) -> R + Send + 'static,
        R: Future<Output = Result<(), TaskError>> + Send + 'static,
    {
        let upid = self.inner.name(spec);
        let journal = Journal::create(&self.inner.journals, &upid).map_err(TasksError::Files)?;
        let log = match self.inner.files.create_log(&upid) {
            Ok(log) => log,
            Err(error) => {
                journal.remove();
                return Err(TasksError::Files(error));
            }
        };
        let (stop, stopped) = watch::channel(false);
        let (done_sender, done) = watch::channel(None);
        let ctx = TaskCtx::new(upid.clone(), log, journal, stopped);
        unpoisoned(&self.inner.active).insert(upid.clone(), Active { stop, done });
        tracing::info!(%upid, "starting task");
        // Nobody listening is fine.
        let _ = self.inner.events.send(TaskEvent::Started(upid.clone()));
        let work = tokio::spawn(body(ctx.clone()));
        let inner = Arc::clone(&self.inner);
        tokio::spawn(async move {
            let outcome = inner.supervise(ctx, work).await;
            // Nobody waiting is fine.
            let _ = done_sender.send(Some(outcome));
        });
        Ok(upid)
    }

    /// Stops a running task: it hears of it, and is cut off if it does not end by itself soon. Answers whether it was
    /// running.
    pub fn stop(&self, upid: &Upid) -> bool {
        match unpoisoned(&self.inner.active).get(upid) {
            Some(active) => active.stop.send(true).is_ok(),
            None => false,
        }
    }

    /// Waits for the end of a task.
    ///
    /// # Errors
    /// [`TasksError::NoSuchTask`]
    pub async fn wait(&self, upid: &Upid) -> Result<Outcome, TasksError> {
        let done = unpoisoned(&self.inner.active).get(upid).map(|active| active.done.clone());
        let Some(mut done) = done else { return self.inner.files.outcome(upid).ok_or(TasksError::NoSuchTask) };
        let outcome = match done.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone(),
            Err(_) => None,
        };
        Ok(outcome.unwrap_or(Outcome::Unknown))
    }

    /// Whether a task runs or how it ended.
    ///
    /// # Errors
    /// [`TasksError::NoSuchTask`]
    pub fn status(&self, upid: &Upid) -> Result<Option<Outcome>, TasksError> {
        if unpoisoned(&self.inner.active).contains_key(upid) {
            return Ok(None);
        }
        self.inner.files.outcome(upid).map(Some).ok_or(TasksError::NoSuchTask)
    }

    /// Lines of a task's log, from line `start` (counted from 0); at most `limit`, 0 for all. Reads a file.
    ///
    /// # Errors
    /// [`TasksError::NoSuchTask`]
    pub fn log(&self, upid: &Upid, start: u64, limit: u64) -> Result<LogPart, TasksError> {
        read_log(&self.inner.files.log_path(upid), start, limit).map_err(|_| TasksError::NoSuchTask)
    }

    /// Where a task's log is.
    pub fn log_path(&self, upid: &Upid) -> PathBuf {
        self.inner.files.log_path(upid)
    }

    /// Tasks that run now, newest first.
    pub fn active(&self) -> Vec<Upid> {
        let mut active: Vec<Upid> = unpoisoned(&self.inner.active).keys().cloned().collect();
        active.sort_by_key(|upid| std::cmp::Reverse((upid.starttime, upid.pstart)));
        active
    }

    /// Ended tasks, newest first, until `take` answers false. Reads files.
    pub fn archived(&self, mut take: impl FnMut(TaskInfo) -> bool) {
        self.inner
            .files
            .archived(|Ended { upid, endtime, outcome }| take(TaskInfo { upid, ended: Some((endtime, outcome)) }));
    }

    /// Starts and ends of tasks, from now on.
    pub fn events(&self) -> broadcast::Receiver<TaskEvent> {
        self.inner.events.subscribe()
    }
}

impl Inner {
    fn name(&self, spec: TaskSpec) -> Upid {
        let (pid, start) = self.process;
        let number = self.begun.fetch_add(1, Ordering::Relaxed);
        Upid {
            node: self.node.clone(),
            pid,
            pstart: (start + number) & 0xf_ffff_ffff,
            starttime: host::clock::now(),
            kind: spec.kind.to_owned(),
            id: spec.id,
            user: spec.user,
        }
    }

    /// Waits for a task's work, takes back what a failed one did, and closes it.
    async fn supervise(&self, ctx: TaskCtx, mut work: JoinHandle<Result<(), TaskError>>) -> Outcome {
        let ended = tokio::select! {
            ended = &mut work => ended,
            () = async { ctx.cancelled().await; tokio::time::sleep(STOP_GRACE).await } => {
                work.abort();
                work.await
            }
        };
        let outcome = match ended {
            Ok(Ok(())) if ctx.warnings() > 0 => Outcome::Warnings(ctx.warnings()),
            Ok(Ok(())) => Outcome::Ok,
            Ok(Err(_)) if ctx.is_cancelled() => Outcome::Error("received interrupt".to_owned()),
            Ok(Err(TaskError(text))) => Outcome::Error(text.trim_end().replace('\n', " ")),
            Err(error) if error.is_cancelled() => Outcome::Error("received interrupt".to_owned()),
            Err(_) => Outcome::Error("internal error: the task panicked; see the daemon's log".to_owned()),
        };
        if let Some(journal) = ctx.take_journal() {
            if !outcome.is_success() {
                self.take_back(journal.reversed(), |line| ctx.log(line)).await;
            }
            ctx.log(outcome.log_line());
            self.close(ctx.upid(), outcome.clone());
            journal.remove();
        }
        outcome
    }

    async fn take_back(&self, records: Vec<Value>, log: impl Fn(&str)) {
        let Some(undo) = self.undo.get() else { return };
        for record in records {
            if let Err(why) = undo(record).await {
                log(&format!("unable to undo a step: {why}"));
            }
        }
    }

    fn close(&self, upid: &Upid, outcome: Outcome) {
        let endtime = host::clock::now();
        tracing::info!(%upid, %outcome, "end task");
        if let Err(error) = self.files.archive(&Ended { upid: upid.clone(), endtime, outcome: outcome.clone() }) {
            tracing::warn!(%upid, %error, "unable to add a task to the index");
        }
        unpoisoned(&self.active).remove(upid);
        // Nobody listening is fine.
        let _ = self.events.send(TaskEvent::Ended(upid.clone(), endtime, outcome));
    }
}
