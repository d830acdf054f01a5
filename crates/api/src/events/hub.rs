//! The hub: the history that all streams read from, and what wakes them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use access::Authid;
use tokio::sync::watch;

use super::event::{Event, Shared, Sight, differences};
use super::history::{Gap, History};
use crate::cluster::view::Item;

/// Events kept for clients that were away: tasks, changed configurations, resources that are gone.
const KEPT: usize = 4096;
/// Streams of one user or token, at most, and of all together.
const STREAMS_EACH: usize = 64;
const STREAMS: usize = 1024;
/// Comparing all resources takes at most this share of the time: one part in …
const SHARE: u32 = 10;
/// But no longer than this passes between two of them: changes show in pages within a quarter of a second.
const REST: Duration = Duration::from_millis(100);

/// There are too many streams open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

/// What the streams share.
pub(crate) struct Hub {
    /// Another one with each start of the daemon: numbers of an earlier one mean nothing.
    epoch: String,
    state: Mutex<State>,
    /// Who compares resources: an older list must not be compared after a newer one.
    comparing: Mutex<()>,
    /// Changes when there may be something to tell; true when the node closes.
    wake: watch::Sender<bool>,
}

struct State {
    history: History<Shared>,
    /// All resources as they were told last; none before anybody asked.
    rows: Option<Arc<Vec<Arc<Item>>>>,
    /// Number since which rights are as they are, and the version of their text.
    rights: (u64, Option<u64>),
    /// When rows may be compared again.
    rested: Instant,
    /// Streams by whose they are.
    open: HashMap<Authid, usize>,
}

/// Where a stream stands.
pub(crate) struct Entry {
    /// What it has been told, by number.
    pub(crate) cursor: u64,
    /// Whether that is where it was when it left.
    pub(crate) resumed: bool,
}

impl Hub {
    /// A new one, with a random name.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub(crate) fn new() -> Result<Self, String> {
        let random = host::crypt::random(8).map_err(|error| error.to_string())?;
        let state = State {
            history: History::new(KEPT),
            rows: None,
            rights: (0, None),
            rested: Instant::now(),
            open: HashMap::new(),
        };
        let epoch = random.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { epoch, state: Mutex::new(state), comparing: Mutex::default(), wake: watch::Sender::new(false) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Name of this hub's numbers.
    pub(crate) fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Wakes streams; true when they shall end.
    pub(crate) fn wake(&self) -> watch::Receiver<bool> {
        self.wake.subscribe()
    }

    /// Has all streams look whether they may go on.
    pub(crate) fn nudge(&self) {
        self.wake.send_modify(|_| ());
    }

    /// Ends all streams.
    pub(crate) fn close(&self) {
        self.wake.send_replace(true);
    }

    /// Takes a place for a stream.
    ///
    /// # Errors
    /// [`Full`] when there are too many.
    pub(crate) fn enter(&self, who: &Authid) -> Result<(), Full> {
        let mut state = self.state();
        if state.open.values().sum::<usize>() >= STREAMS {
            return Err(Full);
        }
        let own = state.open.entry(who.clone()).or_default();
        if *own >= STREAMS_EACH {
            return Err(Full);
        }
        *own += 1;
        Ok(())
    }

    /// Gives the place of a stream back.
    pub(crate) fn leave(&self, who: &Authid) {
        let mut state = self.state();
        if let Some(own) = state.open.get_mut(who) {
            *own -= 1;
            if *own == 0 {
                state.open.remove(who);
            }
        }
    }

    /// Whether anybody listens.
    pub(crate) fn is_heard(&self) -> bool {
        !self.state().open.is_empty()
    }

    /// Where a client begins who was told `since` of the epoch, if that is ours and nothing is missing. `rights`: the
    /// version of the rights by which it will be told the rest.
    pub(crate) fn begin(&self, since: Option<(&str, u64)>, rights: Option<u64>) -> Entry {
        let mut state = self.state();
        state.note_rights(rights);
        let last = state.history.last();
        let known = since.filter(|(epoch, number)| {
            *epoch == self.epoch && *number >= state.rights.0 && state.history.after(*number, 0).is_ok()
        });
        match known {
            Some((_, cursor)) => Entry { cursor, resumed: true },
            None => Entry { cursor: last, resumed: false },
        }
    }

    /// At most `limit` events after a number, and the number reached.
    ///
    /// # Errors
    /// [`Gap`] when some are missing.
    pub(crate) fn after(&self, number: u64, limit: usize) -> Result<(Vec<Shared>, u64), Gap> {
        self.state().history.after(number, limit)
    }

    /// All resources as they were told last.
    pub(crate) fn rows(&self) -> Arc<Vec<Arc<Item>>> {
        self.state().rows.clone().unwrap_or_default()
    }

    /// Tells of a task.
    pub(crate) fn task(&self, row: &serde_json::Value, owner: String) {
        self.state().history.push(|number| Arc::new(Event::task(number, row, owner)));
        self.nudge();
    }

    /// Tells of a line of the cluster's log.
    pub(crate) fn log(&self, row: &serde_json::Value, sight: Sight) {
        self.state().history.push(|number| Arc::new(Event::log(number, row, sight)));
        self.nudge();
    }

    /// Tells that what lies below a path has changed.
    pub(crate) fn config(&self, path: &str, sight: Sight) {
        self.state().history.push(|number| Arc::new(Event::config(number, path, sight)));
        self.nudge();
    }

    /// Notes that rights are other ones from now on: who was away meanwhile must load anew.
    pub(crate) fn rights_changed(&self, version: Option<u64>) {
        self.state().note_rights(version);
        self.nudge();
    }

    /// Notes that something was missed that no client can be told.
    pub(crate) fn missed(&self) {
        self.state().history.gap();
        self.nudge();
    }

    /// When rows may be compared next.
    pub(crate) fn rested(&self) -> Instant {
        self.state().rested
    }

    /// Compares all resources with what was told last, and tells the difference. What is compared for the first time is
    /// told to nobody: nobody has seen anything yet.
    pub(crate) fn resources(&self, items: impl FnOnce() -> Arc<Vec<Arc<Item>>>) {
        let _turn = self.comparing.lock().unwrap_or_else(PoisonError::into_inner);
        let started = Instant::now();
        let now = items();
        let mut state = self.state();
        let state = &mut *state;
        let before = state.rows.replace(Arc::clone(&now));
        let mut told = false;
        if let Some(before) = before.filter(|before| !Arc::ptr_eq(before, &now)) {
            let (changed, gone) = differences(&before, &now);
            told = !changed.is_empty() || !gone.is_empty();
            for item in changed {
                state.history.replace(&Arc::from(item.id.as_str()), |number| Arc::new(Event::resource(number, item)));
            }
            for item in gone {
                state.history.forget(&item.id);
                state.history.push(|number| Arc::new(Event::gone(number, item)));
            }
        }
        let ended = Instant::now();
        state.rested = ended + (ended - started).saturating_mul(SHARE).min(REST);
        if told {
            self.nudge();
        }
    }
}

impl State {
    /// Whoever was told less than now, and goes away, does not know what other rights show and hide.
    fn note_rights(&mut self, version: Option<u64>) {
        if self.rights.1 != version {
            self.rights = (self.history.skip(), version);
        }
    }
}
