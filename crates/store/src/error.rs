//! What can go wrong with the tree.

use std::path::PathBuf;
use std::sync::Arc;

use schema::{NodeName, Vmid};

use crate::guests::GuestKind;

/// Why the store did not do it. Nothing was changed, whichever it is.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The key cannot be one.
    #[error("invalid configuration key '{key}' - {reason}")]
    BadKey {
        /// The key.
        key: String,
        /// The rule that it breaks.
        reason: &'static str,
    },
    /// The text is too long.
    #[error("file '{key}' would be too large: {bytes} bytes, at most {limit} are possible")]
    TooLarge {
        /// The key.
        key: String,
        /// Length of the text.
        bytes: usize,
        /// Longest text.
        limit: usize,
    },
    /// The key has another version than the transaction expected; `None` is absence.
    #[error(
        "detected modified configuration - file changed by other user? Try again. ('{key}' has version {}, not {expected})",
        found.map_or_else(|| "none".to_owned(), |version| version.to_string())
    )]
    Conflict {
        /// The key.
        key: String,
        /// The version asked for.
        expected: u64,
        /// The version there is.
        found: Option<u64>,
    },
    /// The key was to be absent.
    #[error("Configuration file '{key}' already exists")]
    Exists {
        /// The key.
        key: String,
        /// Its version.
        version: u64,
    },
    /// The key was to be there.
    #[error("Configuration file '{key}' does not exist")]
    Missing {
        /// The key.
        key: String,
    },
    /// Another guest has this ID, on this node or another, of this kind or another.
    #[error("{} {vmid} already exists on node '{node}'", kind.label())]
    GuestExists {
        /// The ID.
        vmid: Vmid,
        /// What the guest is that has it.
        kind: GuestKind,
        /// Where that guest is.
        node: NodeName,
    },
    /// Somebody else kept the lock.
    #[error("can't lock file '{name}' - got timeout (held by {holder} for {held_seconds} s)")]
    LockTimeout {
        /// Name of the lock.
        name: String,
        /// Owner as the holder named itself.
        holder: String,
        /// How long it has been held.
        held_seconds: u64,
    },
    /// Another process has this store open.
    #[error("store '{path}' is used by another daemon; stop it, or start this one with another --root")]
    InUse {
        /// The database.
        path: PathBuf,
    },
    /// The store cannot be opened.
    #[error("unable to open store '{path}' - {reason}")]
    Open {
        /// The database.
        path: PathBuf,
        /// Why.
        reason: Arc<str>,
    },
    /// The medium did not take the transaction.
    #[error("unable to write the configuration - {reason}; nothing was changed, check that the file system has space")]
    Write {
        /// Why.
        reason: Arc<str>,
    },
    /// The store was closed, because the daemon ends.
    #[error("the configuration store is closed, the daemon is ending")]
    Closed,
}

impl From<StoreError> for schema::ApiError {
    fn from(error: StoreError) -> Self {
        Self::internal(error.to_string())
    }
}
