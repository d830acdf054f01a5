//! All tasks of a node: started, found, listed, stopped, waited for.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use host::file::FileError;
use host::paths::Paths;
use schema::NodeName;
use serde_json::Value;
use store::BoxFuture;
use tokio::sync::{broadcast, watch};

use crate::context::{Running, Stop, TaskCtx};
use crate::index::{Ended, Index};
use crate::journal::Journal;
use crate::leftover::Leftovers;
use crate::log::{LogPage, LogReader, LogWriter, log_path, outcome_at};
use crate::{Outcome, Source, TaskError, TaskFilter, TaskInfo, TasksError, Upid, supervise, unpoisoned};

/// Undoes one step, told by the record that the task wrote before it. Called for a step that was never done, or that was
/// undone already, it must do no harm. The error is a text for the log.
pub type Undo = Arc<dyn Fn(Value) -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// What a new task is.
#[derive(Clone, Debug)]
pub struct TaskSpec {
    /// What it does: `qmstart`, `vzcreate`, …
    pub kind: &'static str,
    /// With what: a guest ID, a storage, or nothing.
    pub id: String,
    /// User or token on whose behalf.
    pub user: String,
}

/// A task began or ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskEvent {
    /// It runs.
    Started(Upid),
    /// It ended like this.
    Ended(Upid, Outcome),
}

/// The tasks of a node. Clones are the same registry.
#[derive(Clone)]
pub struct Tasks(pub(crate) Arc<Registry>);

pub(crate) struct Registry {
    node: NodeName,
    pub(crate) task_dir: PathBuf,
    pub(crate) journal_dir: PathBuf,
    pub(crate) undo: Undo,
    pub(crate) leftovers: Leftovers,
    state: Mutex<State>,
    reader: LogReader,
    events: broadcast::Sender<TaskEvent>,
    last_pstart: AtomicU64,
    ending: AtomicBool,
}

struct State {
    running: BTreeMap<Upid, Arc<Running>>,
    index: Index,
}

impl std::fmt::Debug for Tasks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tasks").field("dir", &self.0.task_dir).finish_non_exhaustive()
    }
}

impl Tasks {
    /// Reads what earlier daemons left, and closes their unfinished tasks: [`Self::load`], then [`Self::recover`].
    ///
    /// # Errors
    /// When the directories of logs and journals cannot be made or read.
    pub async fn open(
        paths: &Paths,
        node: NodeName,
        undo: impl Fn(Value) -> BoxFuture<'static, Result<(), String>> + Send + Sync + 'static,
    ) -> Result<Arc<Self>, TasksError> {
        let tasks = Self::load(paths, node, undo)?;
        tasks.recover().await?;
        Ok(tasks)
    }

    /// Reads what earlier daemons left. Whoever needs the registry to build what undoes calls this first, and
    /// [`Self::recover`] when `undo` works, before the first task is started.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn load(
        paths: &Paths,
        node: NodeName,
        undo: impl Fn(Value) -> BoxFuture<'static, Result<(), String>> + Send + Sync + 'static,
    ) -> Result<Arc<Self>, TasksError> {
        let (task_dir, journal_dir) = (paths.task_dir(), paths.journal_dir());
        host::file::create_dir(&task_dir, 0o750)?;
        host::file::create_dir(&journal_dir, 0o700)?;
        let index = Index::load(task_dir.clone())?;
        let leftovers = Leftovers::new(&journal_dir);
        Ok(Arc::new(Self(Arc::new(Registry {
            node,
            task_dir,
            journal_dir,
            undo: Arc::new(undo),
            leftovers,
            state: Mutex::new(State { running: BTreeMap::new(), index }),
            reader: LogReader::default(),
            events: broadcast::channel(1024).0,
            last_pstart: AtomicU64::new(0),
            ending: AtomicBool::new(false),
        }))))
    }

    /// Starts a task. When this returns, it is listed and has a log; what its work returns decides its outcome.
    ///
    /// # Errors
    /// When kind, ID and user do not make a UPID, or the log cannot be written; nothing was started then.
    pub async fn spawn<W, F>(&self, spec: TaskSpec, work: W) -> Result<Upid, TasksError>
    where
        W: FnOnce(TaskCtx) -> F,
        F: Future<Output = Result<(), TaskError>> + Send + 'static,
    {
        if self.0.ending.load(Ordering::Acquire) {
            return Err(TasksError::Ending);
        }
        let upid = self.0.next_upid(spec)?;
        let path = self.log_path(&upid);
        let log = tokio::task::spawn_blocking(move || LogWriter::append_to(&path));
        let log = log.await.map_err(|_| TasksError::Ending)??;
        let journal = Journal::new(self.0.journal_dir.join(upid.to_string()));
        let running = Arc::new(Running::new(upid.clone(), log, journal));
        self.0.begin(&running)?;
        let work = tokio::spawn(work(TaskCtx(running.clone())));
        let registry = self.0.clone();
        tokio::spawn(async move {
            let outcome = supervise::to_the_end(&running, work, &registry).await;
            registry.finish(&running, outcome);
        });
        Ok(upid)
    }

    /// Starts and ends of tasks from now on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<TaskEvent> {
        self.0.events.subscribe()
    }

    /// Tasks that run now, newest first.
    #[must_use]
    pub fn active(&self) -> Vec<Upid> {
        unpoisoned(&self.0.state).active()
    }

    /// A task as lists show it, if it is known here.
    #[must_use]
    pub fn info(&self, upid: &Upid) -> Option<TaskInfo> {
        let state = unpoisoned(&self.0.state);
        if state.running.contains_key(upid) {
            return Some(TaskInfo { upid: upid.clone(), ended: None });
        }
        let ended = state.index.get(&upid.to_string())?;
        Some(TaskInfo { upid: upid.clone(), ended: Some((ended.end, ended.outcome.clone())) })
    }

    /// Changes whenever a task writes to its log; `None` when it does not run.
    #[must_use]
    pub fn follow(&self, upid: &Upid) -> Option<watch::Receiver<u64>> {
        Some(self.0.running(upid)?.written.subscribe())
    }

    /// How a task ended; `None` while it runs.
    ///
    /// # Errors
    /// [`TasksError::NoSuchTask`].
    pub fn status(&self, upid: &Upid) -> Result<Option<Outcome>, TasksError> {
        {
            let state = unpoisoned(&self.0.state);
            if state.running.contains_key(upid) {
                return Ok(None);
            }
            if let Some(ended) = state.index.get(&upid.to_string()) {
                return Ok(Some(ended.outcome.clone()));
            }
        }
        outcome_at(&self.log_path(upid)).map(Some).ok_or(TasksError::NoSuchTask)
    }

    /// Waits until a task has ended.
    ///
    /// # Errors
    /// [`TasksError::NoSuchTask`].
    pub async fn wait(&self, upid: &Upid) -> Result<Outcome, TasksError> {
        if let Some(running) = self.0.running(upid) {
            let mut ended = running.ended.subscribe();
            // The sender is in `running`, which lives here, so only the value ends this.
            if let Ok(outcome) = ended.wait_for(Option::is_some).await {
                return outcome.clone().ok_or(TasksError::NoSuchTask);
            }
        }
        self.status(upid)?.ok_or(TasksError::NoSuchTask)
    }

    /// Asks a task to end: it hears of it, is cut off when it has not ended in five seconds, and is undone. Answers
    /// whether it was running.
    pub fn stop(&self, upid: &Upid) -> bool {
        let Some(running) = self.0.running(upid) else { return false };
        running.stop.send_if_modified(|stop| stop.is_none() && stop.replace(Stop::Asked).is_none());
        true
    }

    /// Waits until a task that was asked to end has ended, at most as long as its work may take for that, and a little
    /// for undoing.
    pub async fn wait_stopped(&self, upid: &Upid) {
        let _ = tokio::time::timeout(supervise::GRACE + Duration::from_secs(1), self.wait(upid)).await;
    }

    /// Ends all tasks, because the daemon does: none is started any more, and those that run are stopped and undone.
    /// Waits for them.
    pub async fn shutdown(&self) {
        self.0.ending.store(true, Ordering::Release);
        let running: Vec<_> = unpoisoned(&self.0.state).running.values().cloned().collect();
        for task in &running {
            task.stop.send_replace(Some(Stop::Shutdown));
        }
        for task in &running {
            let _ = task.ended.subscribe().wait_for(Option::is_some).await;
        }
    }

    /// Lines `start..start + limit` of a log (`start` from 0), all from `start` on when `limit` is 0. Reads a file:
    /// what was written to it since the last call, and what is answered.
    ///
    /// # Errors
    /// [`TasksError::NoSuchTask`], or when the log cannot be read.
    pub fn log(&self, upid: &Upid, start: u64, limit: u64) -> Result<LogPage, TasksError> {
        match self.0.reader.page(&self.log_path(upid), start, limit) {
            Err(error) if error.is_not_found() => Err(TasksError::NoSuchTask),
            page => Ok(page?),
        }
    }

    /// Where the log of a task is.
    #[must_use]
    pub fn log_path(&self, upid: &Upid) -> PathBuf {
        log_path(&self.0.task_dir, upid)
    }

    /// The tasks that a filter is about, running ones first, newest first; and how many there are in all pages.
    #[must_use]
    pub fn list(&self, filter: &TaskFilter) -> (Vec<TaskInfo>, usize) {
        let state = unpoisoned(&self.0.state);
        let active = if filter.source == Source::Archive { Vec::new() } else { state.active() };
        let active = active.into_iter().filter(|upid| filter.matches(upid, None));
        let active = active.map(|upid| TaskInfo { upid, ended: None });
        let archive = filter.source != Source::Active;
        let ended = state.index.newest().filter(|ended| archive && filter.matches(&ended.upid, Some(&ended.outcome)));
        let ended =
            ended.map(|task| TaskInfo { upid: task.upid.clone(), ended: Some((task.end, task.outcome.clone())) });
        filter.page(active.chain(ended))
    }
}

impl Registry {
    /// PVE gives each task a process; ours share one. What keeps two tasks of one second apart is the start time of that
    /// process, in hundredths of a second: here it is the task's own, and never the same twice.
    fn next_upid(&self, spec: TaskSpec) -> Result<Upid, TasksError> {
        let now = host::ticks::since_boot().map_err(TasksError::Clock)?;
        // Two atomic steps and still never the same twice: only the second one gives out numbers.
        self.last_pstart.fetch_max(now.saturating_sub(1), Ordering::AcqRel);
        let pstart = self.last_pstart.fetch_add(1, Ordering::AcqRel) + 1;
        let upid = Upid {
            node: self.node.clone(),
            pid: std::process::id(),
            pstart,
            starttime: unix_now(),
            kind: spec.kind.to_owned(),
            id: spec.id,
            user: spec.user,
        };
        // Kind and user come from outside, too; only what can be read again is a UPID.
        Ok(upid.fitted().to_string().parse()?)
    }

    fn begin(&self, running: &Arc<Running>) -> Result<(), FileError> {
        let upid = &running.upid;
        let mut state = unpoisoned(&self.state);
        state.running.insert(upid.clone(), running.clone());
        if let Err(error) = state.write_active() {
            state.running.remove(upid);
            return Err(error);
        }
        drop(state);
        tracing::info!("starting task {upid}");
        self.tell(TaskEvent::Started(upid.clone()));
        Ok(())
    }

    /// Closes a task in log, index and memory, and tells those who wait.
    pub(crate) fn finish(&self, running: &Running, outcome: Outcome) {
        running.log(&outcome.last_line());
        let ended = Ended { upid: running.upid.clone(), end: unix_now(), outcome: outcome.clone() };
        {
            let mut state = unpoisoned(&self.state);
            state.running.remove(&running.upid);
            if let Err(error) = state.index.add(ended).and_then(|()| state.write_active()) {
                tracing::error!("the index of tasks cannot be written: {error}");
            }
        }
        tracing::info!("end task {} {outcome}", running.upid);
        running.ended.send_replace(Some(outcome.clone()));
        self.tell(TaskEvent::Ended(running.upid.clone(), outcome));
    }

    fn tell(&self, event: TaskEvent) {
        // Nobody listening is no error.
        let _ = self.events.send(event);
    }

    pub(crate) fn running(&self, upid: &Upid) -> Option<Arc<Running>> {
        unpoisoned(&self.state).running.get(upid).cloned()
    }

    /// UPIDs that an earlier daemon left running.
    pub(crate) fn left_running(&self) -> Result<Vec<Upid>, FileError> {
        unpoisoned(&self.state).index.left_running()
    }
}

impl State {
    /// Newest first.
    fn active(&self) -> Vec<Upid> {
        let mut active: Vec<Upid> = self.running.keys().cloned().collect();
        active.sort_by_key(|upid| std::cmp::Reverse((upid.starttime, upid.pstart)));
        active
    }

    fn write_active(&self) -> Result<(), FileError> {
        self.index.write_active(&self.active())
    }
}

pub(crate) fn unix_now() -> u64 {
    host::clock::now().try_into().unwrap_or(0)
}
