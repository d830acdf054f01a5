//! Pools: named sets of guests and storages, nested by their names' slashes.

use std::collections::{BTreeMap, BTreeSet};

use crate::userid::is_plain_id;

/// How deep pools nest.
const LEVELS: usize = 3;

/// May this be the name of a pool: up to three plain names joined by slashes?
pub(super) fn is_pool_id(text: &str) -> bool {
    text.split('/').count() <= LEVELS && text.split('/').all(is_plain_id)
}

/// One pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    /// Remark.
    pub comment: String,
    /// IDs of the guests in it.
    pub guests: BTreeSet<u32>,
    /// Names of the storages in it.
    pub storages: BTreeSet<String>,
}

/// Why pools cannot be changed so.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum PoolError {
    /// No pool has that name.
    #[error("pool '{0}' does not exist")]
    Missing(String),
    /// A pool has that name.
    #[error("pool '{0}' already exists")]
    Exists(String),
    /// The pool above is not there.
    #[error("parent '{parent}' of pool '{pool}' does not exist")]
    NoParent {
        /// Name of the new pool.
        pool: String,
        /// Name of the one above it.
        parent: String,
    },
    /// There are pools below it.
    #[error("cannot delete pool '{0}': it has nested pools, delete these first")]
    HasChildren(String),
    /// There are guests or storages in it.
    #[error("pool '{0}' is not empty: remove its members first")]
    NotEmpty(String),
    /// A guest is in one pool only.
    #[error("VM {guest} is already a member of pool '{pool}'")]
    GuestTaken {
        /// ID of the guest.
        guest: u32,
        /// Where it is.
        pool: String,
    },
}

/// All pools. A guest is in one of them at most; a storage may be in several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pools {
    pools: BTreeMap<String, Pool>,
    of_guest: BTreeMap<u32, String>,
}

impl Pools {
    /// Pools by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Pool)> {
        self.pools.iter().map(|(id, pool)| (id.as_str(), pool))
    }
    /// The pool of that name.
    pub fn get(&self, id: &str) -> Option<&Pool> {
        self.pools.get(id)
    }
    /// Name of the pool that a guest is in.
    pub fn of_guest(&self, guest: u32) -> Option<&str> {
        self.of_guest.get(&guest).map(String::as_str)
    }
    /// Names of the pools that a storage is in.
    pub fn of_storage<'a>(&'a self, storage: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter().filter(move |(_, pool)| pool.storages.contains(storage)).map(|(id, _)| id)
    }
    /// Name of the pool above, if the name has one.
    pub fn parent(id: &str) -> Option<&str> {
        id.rsplit_once('/').map(|(parent, _)| parent)
    }
    /// Names of the pools right below.
    pub fn children<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter().map(|(child, _)| child).filter(move |child| Self::parent(child) == Some(id))
    }

    /// Makes sure the pool and those above it are there.
    pub(crate) fn ensure(&mut self, id: &str) -> &mut Pool {
        let mut above = Self::parent(id);
        while let Some(parent) = above {
            self.pools.entry(parent.to_owned()).or_default();
            above = Self::parent(parent);
        }
        self.pools.entry(id.to_owned()).or_default()
    }
    /// Creates a pool.
    ///
    /// # Errors
    /// If it exists, or the one above it does not.
    pub fn create(&mut self, id: &str, comment: &str) -> Result<(), PoolError> {
        if self.pools.contains_key(id) {
            return Err(PoolError::Exists(id.to_owned()));
        }
        if let Some(parent) = Self::parent(id).filter(|parent| !self.pools.contains_key(*parent)) {
            return Err(PoolError::NoParent { pool: id.to_owned(), parent: parent.to_owned() });
        }
        self.pools.insert(id.to_owned(), Pool { comment: comment.to_owned(), ..Pool::default() });
        Ok(())
    }
    /// Removes an empty pool.
    ///
    /// # Errors
    /// If it is not there or not empty.
    pub fn remove(&mut self, id: &str) -> Result<(), PoolError> {
        let pool = self.pools.get(id).ok_or_else(|| PoolError::Missing(id.to_owned()))?;
        if self.children(id).next().is_some() {
            return Err(PoolError::HasChildren(id.to_owned()));
        }
        if !(pool.guests.is_empty() && pool.storages.is_empty()) {
            return Err(PoolError::NotEmpty(id.to_owned()));
        }
        self.pools.remove(id);
        Ok(())
    }
    /// Sets the remark of a pool.
    ///
    /// # Errors
    /// If the pool is not there.
    pub fn set_comment(&mut self, id: &str, comment: &str) -> Result<(), PoolError> {
        comment.clone_into(&mut self.existing(id)?.comment);
        Ok(())
    }
    fn existing(&mut self, id: &str) -> Result<&mut Pool, PoolError> {
        self.pools.get_mut(id).ok_or_else(|| PoolError::Missing(id.to_owned()))
    }
    /// Puts a guest into a pool; with `allow_move` it leaves the one it is in.
    ///
    /// # Errors
    /// If the pool is not there, or the guest is in another and may not move.
    pub fn add_guest(&mut self, id: &str, guest: u32, allow_move: bool) -> Result<(), PoolError> {
        self.existing(id)?;
        if let Some(pool) = self.of_guest(guest).filter(|_| !allow_move) {
            return Err(PoolError::GuestTaken { guest, pool: pool.to_owned() });
        }
        self.remove_guest(guest);
        self.existing(id)?.guests.insert(guest);
        self.of_guest.insert(guest, id.to_owned());
        Ok(())
    }
    /// Takes a guest out of the pool it is in; false if it is in none.
    pub fn remove_guest(&mut self, guest: u32) -> bool {
        let Some(pool) = self.of_guest.remove(&guest) else { return false };
        if let Some(pool) = self.pools.get_mut(&pool) {
            pool.guests.remove(&guest);
        }
        true
    }
    /// Puts a storage into a pool; false if it was there.
    ///
    /// # Errors
    /// If the pool is not there.
    pub fn add_storage(&mut self, id: &str, storage: &str) -> Result<bool, PoolError> {
        Ok(self.existing(id)?.storages.insert(storage.to_owned()))
    }
    /// Takes a storage out of one pool; false if it was not there.
    ///
    /// # Errors
    /// If the pool is not there.
    pub fn take_storage(&mut self, id: &str, storage: &str) -> Result<bool, PoolError> {
        Ok(self.existing(id)?.storages.remove(storage))
    }
    /// Takes a storage out of every pool.
    pub fn remove_storage(&mut self, storage: &str) {
        for pool in self.pools.values_mut() {
            pool.storages.remove(storage);
        }
    }
}
