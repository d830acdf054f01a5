//! What can go wrong with storages.

use std::path::{Path, PathBuf};

use schema::StorageId;

use crate::Content;

/// Why a storage did not do what it was asked. Nothing half-done is left, whichever it is.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// `storage.cfg` does not have it.
    #[error("storage '{0}' does not exist")]
    Missing(String),
    /// `storage.cfg` has it already.
    #[error("storage ID '{0}' already defined")]
    Defined(StorageId),
    /// Switched off by its configuration.
    #[error("storage '{0}' is disabled")]
    Disabled(StorageId),
    /// Configured for other nodes.
    #[error("storage '{storage}' is not available on node '{node}'")]
    OtherNode {
        /// The storage.
        storage: StorageId,
        /// This node.
        node: String,
    },
    /// This version has no plugin for the kind.
    #[error("storage '{storage}' is of type '{kind}', which this version does not support")]
    Unsupported {
        /// The storage.
        storage: StorageId,
        /// Its type.
        kind: String,
    },
    /// The directory of the storage is not usable.
    #[error("storage '{storage}' is not usable - {reason}")]
    Inactive {
        /// The storage.
        storage: StorageId,
        /// Why.
        reason: String,
    },
    /// The medium did not answer in time.
    #[error("storage '{0}' does not answer - got timeout; check what it is mounted from")]
    Hangs(StorageId),
    /// The storage is not configured for this content.
    #[error("storage '{storage}' does not support '{content}' content")]
    Content {
        /// The storage.
        storage: StorageId,
        /// The content type.
        content: String,
    },
    /// A guest uses a volume that its storage is not configured for.
    #[error("storage '{storage}' does not support content-type '{content}'")]
    ContentType {
        /// The storage.
        storage: StorageId,
        /// The volume's content type.
        content: Content,
    },
    /// The storage cannot hold this format.
    #[error("storage '{storage}' does not support format '{format}'")]
    Format {
        /// The storage.
        storage: StorageId,
        /// The format.
        format: String,
    },
    /// A name that no volume can have.
    #[error("{0}")]
    Name(String),
    /// No volume is there.
    #[error("volume '{0}' does not exist")]
    NoVolume(String),
    /// A volume is there already.
    #[error("volume '{0}' already exists")]
    Exists(String),
    /// The volume is needed by others.
    #[error("{0}")]
    InUse(String),
    /// The request makes no sense for this volume.
    #[error("{0}")]
    Invalid(String),
    /// One parameter of the configuration is wrong.
    #[error("{name}: {message}")]
    Parameter {
        /// The parameter.
        name: String,
        /// What is wrong with it.
        message: String,
    },
    /// There is no space for it.
    #[error("storage '{storage}' is full - no space left for '{what}'; free some space or choose another storage")]
    Full {
        /// The storage.
        storage: String,
        /// What did not fit.
        what: String,
    },
    /// The system refused.
    #[error("unable to {doing} '{path}' - {source}")]
    Io {
        /// The verb.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A program failed.
    #[error(transparent)]
    Run(#[from] host::run::RunError),
    /// A file could not be handled.
    #[error(transparent)]
    File(#[from] host::file::FileError),
    /// The configuration could not be changed.
    #[error(transparent)]
    Store(#[from] store::StoreError),
}

impl StorageError {
    /// Wraps an error of the system: `.map_err(StorageError::io("create", path))`.
    pub fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { doing, path, source }
    }

    /// Whether the medium had no space left.
    #[must_use]
    pub fn is_full(&self) -> bool {
        match self {
            Self::Full { .. } => true,
            Self::Io { source, .. } => is_full(source),
            Self::Run(error) => error.to_string().contains("No space left on device"),
            _ => false,
        }
    }

    /// Says so in plain words where the medium had no space left.
    #[must_use]
    pub fn explain_full(self, storage: impl ToString, what: impl ToString) -> Self {
        if self.is_full() { Self::Full { storage: storage.to_string(), what: what.to_string() } } else { self }
    }
}

fn is_full(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}
