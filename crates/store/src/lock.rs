//! Locks of one process: queues, owners, expiry.
//!
//! A store that only one daemon has open keeps its locks in memory: they end with the daemon, so none can be left over
//! from a dead one.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::{StoreError, unpoisoned};

/// A held lock; dropping it passes it on.
#[derive(Debug)]
#[must_use = "a lock ends when it is dropped"]
pub struct Lock {
    held: Held,
    renewal: tokio::task::AbortHandle,
}

impl Lock {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.held.name
    }

    /// Whether it is still ours: after a stall longer than its time to live, somebody else may have got it.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.held.table.is_held(&self.held.name, self.held.token)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.renewal.abort();
    }
}

/// A lock that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockInfo {
    /// Its name.
    pub name: String,
    /// The holder as it named itself.
    pub owner: String,
    /// For how long.
    pub held: Duration,
    /// How many wait for it.
    pub waiting: usize,
}

/// All locks of a store.
#[derive(Debug, Default)]
pub(crate) struct LockTable {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    slots: HashMap<String, Slot>,
    last_token: u64,
}

#[derive(Debug)]
struct Slot {
    token: u64,
    owner: String,
    since: Instant,
    expires: Instant,
    queue: VecDeque<Waiter>,
}

#[derive(Debug)]
struct Waiter {
    owner: String,
    ttl: Duration,
    sender: oneshot::Sender<Held>,
}

/// The right itself. It is sent to the waiter whose turn it is, so that it passes on if that one has gone meanwhile.
#[derive(Debug)]
struct Held {
    name: String,
    token: u64,
    table: Arc<LockTable>,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.table.release(&self.name, self.token);
    }
}

impl LockTable {
    /// As [`crate::Store::lock`].
    pub(crate) async fn lock(
        self: &Arc<Self>,
        name: &str,
        owner: &str,
        ttl: Duration,
        wait: Duration,
    ) -> Result<Lock, StoreError> {
        let held = self.acquire(name, owner, ttl, wait).await?;
        let (table, key, token) = (self.clone(), held.name.clone(), held.token);
        let renewal = tokio::spawn(async move {
            loop {
                tokio::time::sleep(ttl / 3).await;
                if !table.renew(&key, token, ttl) {
                    return;
                }
            }
        });
        Ok(Lock { held, renewal: renewal.abort_handle() })
    }

    pub(crate) fn list(&self) -> Vec<LockInfo> {
        let now = Instant::now();
        let state = unpoisoned(&self.state);
        let mut list: Vec<_> = state
            .slots
            .iter()
            .map(|(name, slot)| LockInfo {
                name: name.clone(),
                owner: slot.owner.clone(),
                held: now.duration_since(slot.since),
                waiting: slot.queue.iter().filter(|waiter| !waiter.sender.is_closed()).count(),
            })
            .collect();
        list.sort_by(|a, b| a.name.cmp(&b.name));
        list
    }

    /// Waits for the right, without renewing it.
    async fn acquire(
        self: &Arc<Self>,
        name: &str,
        owner: &str,
        ttl: Duration,
        wait: Duration,
    ) -> Result<Held, StoreError> {
        let deadline = Instant::now() + wait;
        let mut turn = match self.enter(name, owner, ttl) {
            Ok(held) => return Ok(held),
            Err(turn) => turn,
        };
        loop {
            let wake = self.expiry(name).map_or(deadline, |expires| expires.min(deadline));
            tokio::select! {
                biased;
                // The sender lies in the queue until it sends or its receiver is gone.
                Ok(held) = &mut turn => return Ok(held),
                () = tokio::time::sleep_until(wake) => {}
            }
            self.expire(name);
            if Instant::now() >= deadline {
                turn.close();
                return turn.try_recv().map_err(|_| self.timeout(name));
            }
        }
    }

    /// Takes a free lock, or a place in its queue.
    fn enter(self: &Arc<Self>, name: &str, owner: &str, ttl: Duration) -> Result<Held, oneshot::Receiver<Held>> {
        let mut state = unpoisoned(&self.state);
        if let Some(slot) = state.slots.get_mut(name) {
            let (sender, turn) = oneshot::channel();
            slot.queue.retain(|waiter| !waiter.sender.is_closed());
            slot.queue.push_back(Waiter { owner: owner.to_owned(), ttl, sender });
            return Err(turn);
        }
        state.last_token += 1;
        let (token, now) = (state.last_token, Instant::now());
        let slot = Slot { token, owner: owner.to_owned(), since: now, expires: now + ttl, queue: VecDeque::new() };
        state.slots.insert(name.to_owned(), slot);
        Ok(Held { name: name.to_owned(), token, table: self.clone() })
    }

    fn expiry(&self, name: &str) -> Option<Instant> {
        unpoisoned(&self.state).slots.get(name).map(|slot| slot.expires)
    }

    fn is_held(&self, name: &str, token: u64) -> bool {
        unpoisoned(&self.state).slots.get(name).is_some_and(|slot| slot.token == token)
    }

    fn renew(&self, name: &str, token: u64, ttl: Duration) -> bool {
        let mut state = unpoisoned(&self.state);
        let Some(slot) = state.slots.get_mut(name).filter(|slot| slot.token == token) else {
            return false;
        };
        slot.expires = Instant::now() + ttl;
        true
    }

    /// Passes the lock on if its holder has not renewed it in time.
    fn expire(self: &Arc<Self>, name: &str) {
        let now = Instant::now();
        let expired = {
            let state = unpoisoned(&self.state);
            state.slots.get(name).filter(|slot| slot.expires <= now).map(|slot| (slot.token, slot.owner.clone()))
        };
        if let Some((token, owner)) = expired {
            tracing::warn!("lock '{name}' of {owner} expired without renewal");
            self.release(name, token);
        }
    }

    /// Passes the lock on to the first who still waits.
    fn release(self: &Arc<Self>, name: &str, token: u64) {
        let next = {
            let mut state = unpoisoned(&self.state);
            state.pass_on(name, token).map(|waiter| (waiter.sender, state.last_token))
        };
        if let Some((sender, token)) = next {
            let held = Held { name: name.to_owned(), token, table: self.clone() };
            // If the waiter left just now, the right comes back and its drop passes it on. The mutex is free by now.
            let _ = sender.send(held);
        }
    }

    fn timeout(&self, name: &str) -> StoreError {
        let state = unpoisoned(&self.state);
        let slot = state.slots.get(name);
        StoreError::LockTimeout {
            name: name.to_owned(),
            holder: slot.map_or_else(String::new, |slot| slot.owner.clone()),
            held_seconds: slot.map_or(0, |slot| slot.since.elapsed().as_secs()),
        }
    }
}

impl State {
    /// Gives the slot to the next waiter, under a new token, or removes it.
    fn pass_on(&mut self, name: &str, token: u64) -> Option<Waiter> {
        let slot = self.slots.get_mut(name).filter(|slot| slot.token == token)?;
        while let Some(waiter) = slot.queue.pop_front() {
            if waiter.sender.is_closed() {
                continue;
            }
            self.last_token += 1;
            let now = Instant::now();
            (slot.token, slot.since, slot.expires) = (self.last_token, now, now + waiter.ttl);
            slot.owner.clone_from(&waiter.owner);
            return Some(waiter);
        }
        self.slots.remove(name);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn a_holder_that_does_not_renew_loses_the_lock() {
        let table = Arc::new(LockTable::default());
        let stuck = table.acquire("a", "stuck", Duration::from_millis(20), LONG).await.unwrap();
        let next = table.lock("a", "next", LONG, LONG).await.unwrap();
        assert!(next.is_held());
        // The old right is worth nothing any more.
        drop(stuck);
        assert!(next.is_held());
    }

    #[tokio::test]
    async fn a_guard_renews_itself() {
        let table = Arc::new(LockTable::default());
        let lock = table.lock("a", "one", Duration::from_millis(30), LONG).await.unwrap();
        let error = table.lock("a", "two", LONG, Duration::from_millis(150)).await.unwrap_err();
        assert!(matches!(error, StoreError::LockTimeout { ref holder, .. } if holder == "one"), "{error}");
        assert!(lock.is_held());
    }

    #[tokio::test]
    async fn a_turn_of_one_who_left_goes_to_the_next() {
        let table = Arc::new(LockTable::default());
        let first = table.lock("a", "first", LONG, LONG).await.unwrap();
        let mut left = table.enter("a", "left", LONG).unwrap_err();
        let next = table.enter("a", "next", LONG).unwrap_err();
        assert_eq!(table.list()[0].waiting, 2);
        drop(first);
        // The first waiter got the right but never took it.
        let unseen = left.try_recv().unwrap();
        drop((unseen, left));
        assert_eq!(next.await.unwrap().name, "a");
        assert!(table.list().is_empty());
    }
}
