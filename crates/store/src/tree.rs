//! The tree of one moment.

use std::sync::Arc;

use schema::Vmid;

use crate::guests::Guest;
use crate::sorted::Sorted;
use crate::{Entry, StoreError, check_key, guests};

/// All keys and texts at one revision. Never changes; a copy shares everything with its original.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    pub(crate) revision: u64,
    entries: Sorted<Arc<str>, Entry>,
    pub(crate) guests: Sorted<Vmid, Arc<Guest>>,
}

impl Tree {
    /// Number of transactions since the tree was begun.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The entry under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.get(key)
    }

    /// The text under a key.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).map(|entry| &*entry.text)
    }

    /// All keys that begin with `prefix` (end it with `/` for a directory), ascending.
    pub fn prefix<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a Entry)> {
        self.entries
            .from(prefix)
            .map(|(key, entry)| (&**key, entry))
            .take_while(move |(key, _)| key.starts_with(prefix))
    }

    /// Puts an entry in, keeping the index of guests.
    pub(crate) fn insert(&mut self, key: &Arc<str>, entry: Entry) -> Result<(), StoreError> {
        check_key(key)?;
        self.check_place(key)?;
        if let Some(guest) = guests::of_key(key, &entry)? {
            if let Some(other) = self.guests.get(&guest.vmid).filter(|other| other.key != guest.key) {
                return Err(StoreError::GuestExists { vmid: other.vmid, kind: other.kind, node: other.node.clone() });
            }
            self.guests.insert(guest.vmid, Arc::new(guest));
        }
        self.entries.insert(key.clone(), entry);
        Ok(())
    }

    /// A key cannot be file and directory at once, so that the tree can be written to a file system.
    fn check_place(&self, key: &str) -> Result<(), StoreError> {
        let bad = |reason| Err(StoreError::BadKey { key: key.to_owned(), reason });
        if self.get(key).is_some() {
            return Ok(());
        }
        if key.match_indices('/').any(|(at, _)| self.get(&key[..at]).is_some()) {
            return bad("it lies below a key that has a text itself");
        }
        if self.prefix(&format!("{key}/")).next().is_some() {
            return bad("other keys lie below it");
        }
        Ok(())
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<Entry> {
        let entry = self.entries.remove(key)?;
        if let Some((_, _, vmid)) = guests::split_key(key) {
            self.guests.remove(&vmid);
        }
        Some(entry)
    }
}
