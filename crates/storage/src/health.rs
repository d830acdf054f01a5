//! Room on storages, remembered with its age: whoever asks gets an answer at once, even while a mount hangs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use schema::StorageId;
use tokio::sync::Notify;

use crate::plugin::{self, Space};
use crate::{StorageConfig, unpoisoned};

/// A look at a storage younger than this is as good as a new one.
const FRESH: Duration = Duration::from_secs(2);
/// How long whoever asks waits for a new look before an old one must do.
const WAIT: Duration = Duration::from_secs(2);

/// A look that takes longer says that the medium hangs.
const HANGING: Duration = Duration::from_secs(5);

/// What was seen last.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// When.
    pub(crate) at: Instant,
    /// Room, or why the storage cannot be used.
    pub(crate) space: Result<Space, String>,
}

#[derive(Default)]
struct Slot {
    seen: Option<Seen>,
    /// Somebody is looking: told when done. A second look would only hang too.
    looking: Option<(Arc<Notify>, Instant)>,
}

/// Looks at storages, one at a time each.
#[derive(Clone, Default)]
pub(crate) struct Health {
    slots: Arc<Mutex<HashMap<StorageId, Slot>>>,
}

impl Health {
    /// The newest look at a storage that can be had without waiting long.
    pub(crate) async fn look(&self, config: &Arc<StorageConfig>) -> Option<Seen> {
        let done = {
            let mut slots = unpoisoned(&self.slots);
            let slot = slots.entry(config.id.clone()).or_default();
            if let Some(seen) = slot.seen.as_ref().filter(|seen| seen.at.elapsed() < FRESH) {
                return Some(seen.clone());
            }
            match &slot.looking {
                // Whoever waits for what hangs learns nothing new by it.
                Some((_, since)) if since.elapsed() > HANGING => return slot.seen.clone(),
                Some((done, _)) => done.clone(),
                None => {
                    let done = Arc::new(Notify::new());
                    slot.looking = Some((done.clone(), Instant::now()));
                    self.start(config.clone(), done.clone());
                    done
                }
            }
        };
        let told = done.notified();
        // Done between the lock above and the line above: then the slot says so.
        if unpoisoned(&self.slots).get(&config.id).is_some_and(|slot| slot.looking.is_some()) {
            let _ = tokio::time::timeout(WAIT, told).await;
        }
        unpoisoned(&self.slots).get(&config.id).and_then(|slot| slot.seen.clone())
    }

    /// Whether a look has not come back for long.
    pub(crate) fn hangs(&self, id: &StorageId) -> bool {
        let slots = unpoisoned(&self.slots);
        slots.get(id).and_then(|slot| slot.looking.as_ref()).is_some_and(|(_, since)| since.elapsed() > HANGING)
    }

    /// Forgets what was seen, after the storage was changed.
    pub(crate) fn forget(&self, id: &StorageId) {
        if let Some(slot) = unpoisoned(&self.slots).get_mut(id) {
            slot.seen = None;
        }
    }

    fn start(&self, config: Arc<StorageConfig>, done: Arc<Notify>) {
        let slots = self.slots.clone();
        tokio::spawn(async move {
            let space = match plugin::of(&config) {
                Ok(plugin) => plugin.space(&config).await.map_err(|error| error.to_string()),
                Err(error) => Err(error.to_string()),
            };
            {
                let mut slots = unpoisoned(&slots);
                let slot = slots.entry(config.id.clone()).or_default();
                slot.seen = Some(Seen { at: Instant::now(), space });
                slot.looking = None;
            }
            done.notify_waiters();
        });
    }
}
