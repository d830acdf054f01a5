//! Logs of tasks that a client follows: the lines there are, then each as it is written.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::json;
use task::{Tasks, TasksError, Upid};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

/// Tasks that one client can follow at a time.
const MOST: usize = 16;
/// Lines in one message.
const LINES: u64 = 500;
/// Messages that may wait for a slow client before reading waits, too.
const WAITING: usize = 16;

/// The tasks that a client follows.
pub(crate) struct Follows {
    tasks: Arc<Tasks>,
    running: HashMap<Upid, AbortHandle>,
    to: mpsc::Sender<(Option<Upid>, Bytes)>,
    from: mpsc::Receiver<(Option<Upid>, Bytes)>,
}

impl Follows {
    /// None yet.
    pub(crate) fn new(tasks: Arc<Tasks>) -> Self {
        let (to, from) = mpsc::channel(WAITING);
        Self { tasks, running: HashMap::new(), to, from }
    }

    /// Begins to follow a task, from its first line; also one that is followed already.
    pub(crate) fn begin(&mut self, name: &str, allowed: impl FnOnce(&Upid) -> bool) {
        let refused = match name.parse::<Upid>() {
            Err(_) => "this is not the name of a task",
            Ok(upid) if !allowed(&upid) => "no permission to read the log of this task",
            Ok(upid) if self.running.len() >= MOST && !self.running.contains_key(&upid) => {
                "too many tasks are followed already"
            }
            Ok(upid) => {
                let (tasks, to, task) = (Arc::clone(&self.tasks), self.to.clone(), upid.clone());
                let running = tokio::spawn(async move { read(&tasks, &task, &to).await });
                if let Some(before) = self.running.insert(upid, running.abort_handle()) {
                    before.abort();
                }
                return;
            }
        };
        // Whoever asks faster than it listens is not told each time.
        let _ = self.to.try_send((None, refusal(name, refused)));
    }

    /// Follows a task no more.
    pub(crate) fn end(&mut self, name: &str) {
        if let Ok(upid) = name.parse::<Upid>()
            && let Some(running) = self.running.remove(&upid)
        {
            running.abort();
        }
    }

    /// Follows only those any more that may still be read.
    pub(crate) fn keep(&mut self, allowed: impl Fn(&Upid) -> bool) {
        let stopped = self.running.extract_if(|upid, _| !allowed(upid));
        stopped.for_each(|(_, running)| running.abort());
    }

    /// The next message. Nothing is lost when the future is dropped.
    pub(crate) async fn next(&mut self) -> Bytes {
        match self.from.recv().await {
            Some((ended, message)) => {
                if let Some(upid) = ended {
                    self.running.remove(&upid);
                }
                message
            }
            // We hold a sender ourselves.
            None => std::future::pending().await,
        }
    }
}

impl Drop for Follows {
    fn drop(&mut self) {
        self.running.values().for_each(AbortHandle::abort);
    }
}

async fn read(tasks: &Arc<Tasks>, upid: &Upid, to: &mpsc::Sender<(Option<Upid>, Bytes)>) {
    let mut start = 0;
    let mut written = tasks.follow(upid);
    loop {
        // Before the log is read: the last line of an ended task is in it.
        let ended = match tasks.status(upid) {
            Ok(outcome) => outcome.is_some(),
            Err(error) => return finish(to, upid, refusal(&upid.to_string(), &error.to_string())).await,
        };
        if let Some(written) = &mut written {
            written.mark_unchanged();
        }
        let lines = match page(tasks, upid, start).await {
            Ok(lines) => lines,
            Err(error) => return finish(to, upid, refusal(&upid.to_string(), &error)).await,
        };
        let count = lines.len() as u64;
        let end = ended && count < LINES;
        if end {
            return finish(to, upid, message(upid, start, &lines, true)).await;
        }
        if count > 0 && to.send((None, message(upid, start, &lines, false))).await.is_err() {
            return;
        }
        start += count;
        if count < LINES {
            wait(tasks, upid, &mut written).await;
        }
    }
}

/// Waits for another line, or the end.
async fn wait(tasks: &Tasks, upid: &Upid, written: &mut Option<tokio::sync::watch::Receiver<u64>>) {
    let more = async {
        let closed = match written {
            Some(written) => written.changed().await.is_err(),
            None => true,
        };
        if closed {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = more => (),
        _ = tasks.wait(upid) => (),
    }
}

async fn page(tasks: &Arc<Tasks>, upid: &Upid, start: u64) -> Result<Vec<String>, String> {
    let (tasks, upid) = (Arc::clone(tasks), upid.clone());
    let read = tokio::task::spawn_blocking(move || tasks.log(&upid, start, LINES)).await;
    let page = read.map_err(|error| error.to_string())?.map_err(|error: TasksError| error.to_string())?;
    Ok(page.lines.into_iter().map(|(_, text)| text).collect())
}

async fn finish(to: &mpsc::Sender<(Option<Upid>, Bytes)>, upid: &Upid, message: Bytes) {
    // The client may have gone.
    let _ = to.send((Some(upid.clone()), message)).await;
}

fn message(upid: &Upid, start: u64, lines: &[String], end: bool) -> Bytes {
    let message = json!({"type": "task-log", "upid": upid.to_string(), "start": start, "lines": lines, "end": end});
    Bytes::from(message.to_string())
}

fn refusal(name: &str, why: &str) -> Bytes {
    let nothing: [&str; 0] = [];
    let message = json!({"type": "task-log", "upid": name, "start": 0, "lines": nothing, "end": true, "error": why});
    Bytes::from(message.to_string())
}
