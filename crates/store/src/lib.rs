//! The configuration tree: small texts under versioned keys, shared by all nodes of a cluster.
//!
//! Reading never waits: [`Store::tree`] hands out an immutable [`Tree`] of one moment. Writing is a [`Txn`] of guards
//! and changes that happens whole or not at all. [`Store::watch`] tells of changes in order, [`Store::lock`] keeps
//! long work on one thing apart. What keeps the texts is hidden behind the trait.

mod behaves;
mod edit;
mod entry;
mod error;
pub mod guests;
mod key;
mod lock;
mod sorted;
pub mod sqlite;
mod tree;
mod txn;
pub mod views;
mod watch;

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

pub use edit::{edit, edit_both};
pub use entry::Entry;
pub use error::StoreError;
pub use key::{MAX_KEY_BYTES, MAX_TEXT_BYTES, check_key};
pub use lock::{Lock, LockInfo};
pub use sqlite::SqliteStore;
pub use tree::Tree;
pub use txn::Txn;
pub use watch::{Change, ChangeKind, Watch, WatchEvent};

/// A future of a trait method: boxed, so that stores can be exchanged at run time.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A configuration tree, wherever it is kept.
pub trait Store: Send + Sync {
    /// The tree as of now. Costs a reference count, no I/O.
    fn tree(&self) -> Arc<Tree>;

    /// Does all changes of a transaction, or none; answers the revision that the tree has then.
    ///
    /// When this returns, the changes are on disk and [`Self::tree`] shows them. Dropping the future does not take a
    /// transaction back.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] and its like when a guard does not hold (nothing was written), [`StoreError::Write`]
    /// when the medium refuses.
    fn commit(&self, txn: Txn) -> BoxFuture<'_, Result<u64, StoreError>>;

    /// Changes of all keys that begin with `prefix`, from now on.
    fn watch(&self, prefix: &str) -> Watch;

    /// Waits for its turn to hold the lock `name`, at most `wait`; whoever asked first gets it first.
    ///
    /// The lock ends when the guard is dropped; while it lives, it is renewed in the background. When its holder dies
    /// without a word, it ends `ttl` after the last renewal at the latest. `owner` is shown to those who wait: a user,
    /// or a UPID.
    ///
    /// # Errors
    /// [`StoreError::LockTimeout`], which tells who holds it.
    fn lock<'a>(
        &'a self,
        name: &'a str,
        owner: &'a str,
        ttl: Duration,
        wait: Duration,
    ) -> BoxFuture<'a, Result<Lock, StoreError>>;

    /// All locks that are held now, with the number of those who wait for them.
    fn locks(&self) -> Vec<LockInfo>;
}

/// Mutexes here guard plain data that no panic leaves half-changed, so a poisoned one is as good as any.
fn unpoisoned<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
