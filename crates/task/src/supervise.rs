//! From the start of a task's work to its last line: the end, the stop, the panic, and the undoing.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::Value;
use tokio::task::{JoinError, JoinHandle};

use crate::context::{Running, Stop};
use crate::journal::Journal;
use crate::registry::{Registry, unix_now};
use crate::{Outcome, TaskError, Upid};

/// Error text of a task that somebody stopped.
pub(crate) const INTERRUPTED: &str = "received interrupt";

/// Error text of a task that ended with the daemon.
const SHUT_DOWN: &str = "interrupted by signal";

/// Time that work has to end by itself once it was asked to.
pub(crate) const GRACE: Duration = Duration::from_secs(5);

/// Time that one undo record may take.
const UNDO_DEADLINE: Duration = Duration::from_secs(600);

/// Waits for the work, undoes it if it failed, and answers how the task ended.
pub(crate) async fn to_the_end(
    running: &Running,
    mut work: JoinHandle<Result<(), TaskError>>,
    registry: &Arc<Registry>,
) -> Outcome {
    let outcome = match ended_or_stopped(running, &mut work).await {
        Some(ended) => outcome(running, ended),
        None => {
            work.abort();
            match work.await {
                // It came to its end in the last moment.
                Ok(ended) => outcome(running, Ok(ended)),
                Err(_) => Err(stop_text(running)),
            }
        }
    };
    match outcome {
        Ok(()) => {
            if let Err(error) = running.journal(Journal::forget).await {
                running.log(&format!("unable to clear the journal: {error}"));
                running.warnings.fetch_add(1, Ordering::Relaxed);
            }
            match running.warnings.load(Ordering::Relaxed) {
                0 => Outcome::Ok,
                count => Outcome::Warnings(count),
            }
        }
        Err(text) => {
            undo_all(running, registry).await;
            Outcome::Error(one_line(&text))
        }
    }
}

type Joined = Result<Result<(), TaskError>, JoinError>;

/// The end of the work, or `None` when it took too long to end after it was asked to.
async fn ended_or_stopped(running: &Running, work: &mut JoinHandle<Result<(), TaskError>>) -> Option<Joined> {
    let mut stop = running.stop.subscribe();
    tokio::select! {
        ended = &mut *work => return Some(ended),
        _ = stop.wait_for(Option::is_some) => {}
    }
    tokio::time::timeout(GRACE, work).await.ok()
}

fn outcome(running: &Running, ended: Joined) -> Result<(), String> {
    match ended {
        Ok(Ok(())) => Ok(()),
        Ok(Err(TaskError(text))) if text == INTERRUPTED => Err(stop_text(running)),
        Ok(Err(TaskError(text))) => Err(text),
        Err(join) => Err(join_text(join)),
    }
}

fn stop_text(running: &Running) -> String {
    match *running.stop.borrow() {
        Some(Stop::Shutdown) => SHUT_DOWN.to_owned(),
        Some(Stop::Asked) | None => INTERRUPTED.to_owned(),
    }
}

fn join_text(join: JoinError) -> String {
    let Ok(panic) = join.try_into_panic() else {
        return INTERRUPTED.to_owned();
    };
    let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    let text = format!("internal error: {}; please report this", said.unwrap_or("the task panicked"));
    tracing::error!("a task panicked: {text}");
    text
}

/// Status lines are lines.
fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line.chars().filter(|c| !c.is_control()).take(4000).collect();
    if line.is_empty() { "unknown error".to_owned() } else { line }
}

/// Carries one record out. The error is a text for the log.
pub(crate) async fn undo_one(registry: &Registry, record: Value) -> Result<(), String> {
    // In a task of its own, so that a panic in it is an error here.
    let mut work = tokio::spawn((registry.undo)(record));
    match tokio::time::timeout(UNDO_DEADLINE, &mut work).await {
        Ok(Ok(undone)) => undone,
        Ok(Err(join)) => Err(join_text(join)),
        Err(_) => {
            work.abort();
            Err("got timeout".to_owned())
        }
    }
}

/// Runs all records, newest first; answers how many were undone, and how many were not. Those are kept for the next
/// start of the daemon: until then, something else may be in the making that they would hit.
pub(crate) async fn undo_all(running: &Running, registry: &Arc<Registry>) -> (usize, usize) {
    let (mut undone, mut left) = (0, 0);
    loop {
        let newest = running.journal(|journal| Ok(journal.last().cloned())).await;
        let Ok(Some(record)) = newest else {
            break;
        };
        match undo_one(registry, record.clone()).await {
            Ok(()) => undone += 1,
            Err(text) => {
                left += 1;
                running.log(&format!("unable to undo {record}: {text}; it is tried again when the daemon starts next"));
                tracing::warn!("task {}: unable to undo {record}: {text}", running.upid);
                if let Err(error) = keep(registry, &running.upid, record).await {
                    // Then it stays in the journal, and so do the older ones.
                    running.log(&format!("unable to keep what could not be undone: {error}"));
                    return (undone, left);
                }
            }
        }
        if let Err(error) = running.journal(Journal::pop).await {
            running.log(&format!("unable to shorten the journal: {error}"));
            break;
        }
    }
    if let Err(error) = running.journal(Journal::forget).await {
        running.log(&format!("unable to clear the journal: {error}"));
    }
    (undone, left)
}

async fn keep(registry: &Arc<Registry>, upid: &Upid, record: Value) -> Result<(), TaskError> {
    let (registry, upid) = (registry.clone(), upid.clone());
    let kept = tokio::task::spawn_blocking(move || registry.leftovers.add(&upid, record, unix_now()));
    Ok(kept.await??)
}
