//! Changes, told in order to those who watch.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

/// How many transactions a watcher may be behind before it is told to read again.
const BACKLOG: usize = 1024;

/// One key changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Revision of the tree that shows it.
    pub revision: u64,
    /// The key.
    pub key: Arc<str>,
    /// What happened to it.
    pub kind: ChangeKind,
}

/// What happened to a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It has a new text.
    Put,
    /// It is gone.
    Delete,
}

/// What a watcher hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatchEvent {
    /// A key with the watched prefix changed.
    Changed(Change),
    /// Changes were missed, because the watcher was too slow: read the tree again. Later changes follow.
    Lagged,
}

/// Changes below one prefix, from [`crate::Store::watch`].
#[derive(Debug)]
pub struct Watch {
    prefix: String,
    receiver: broadcast::Receiver<Arc<[Change]>>,
    pending: VecDeque<Change>,
}

impl Watch {
    /// The next change; `None` when the store was closed. Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<WatchEvent> {
        loop {
            if let Some(change) = self.pending.pop_front() {
                return Some(WatchEvent::Changed(change));
            }
            match self.receiver.recv().await {
                Ok(changes) => {
                    let ours = changes.iter().filter(|change| change.key.starts_with(&self.prefix));
                    self.pending.extend(ours.cloned());
                }
                Err(RecvError::Lagged(_)) => {
                    // The tree is always newer than what was sent, so what is skipped here will be read there.
                    self.receiver = self.receiver.resubscribe();
                    return Some(WatchEvent::Lagged);
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

/// The sending side, for stores.
#[derive(Clone, Debug)]
pub(crate) struct Watchers(broadcast::Sender<Arc<[Change]>>);

impl Default for Watchers {
    fn default() -> Self {
        Self(broadcast::channel(BACKLOG).0)
    }
}

impl Watchers {
    pub(crate) fn subscribe(&self, prefix: &str) -> Watch {
        Watch { prefix: prefix.to_owned(), receiver: self.0.subscribe(), pending: VecDeque::new() }
    }

    /// Tells of a transaction; to be called after the tree that shows it is published.
    pub(crate) fn tell(&self, changes: Arc<[Change]>) {
        // Nobody watching is no error.
        let _ = self.0.send(changes);
    }
}
