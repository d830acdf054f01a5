//! Passwords of storages. The configuration tree keeps them apart from `storage.cfg`; programs read them from a file that
//! only root can.

use std::path::PathBuf;

use host::paths::Paths;
use schema::StorageId;
use store::Txn;

use crate::{StorageError, Storages};

/// Where the tree keeps them: `priv/storage/ID.pw`.
const KEYS: &str = "priv/storage/";

fn key(id: &StorageId) -> String {
    format!("{KEYS}{id}.pw")
}

/// The file of one.
pub(crate) fn file(paths: &Paths, id: &StorageId) -> PathBuf {
    paths.run_dir().join("storage").join(format!("{id}.pw"))
}

/// Whether storages of this type are opened with a password.
pub(crate) fn wants_secret(plugin: &dyn crate::plugin::Plugin) -> bool {
    plugin.options().optional.contains(&"password")
}

impl Storages {
    /// Keeps the password of a storage, or forgets it.
    ///
    /// # Errors
    /// When it has a line break, or it cannot be kept.
    pub async fn set_secret(&self, id: &StorageId, password: Option<&str>) -> Result<(), StorageError> {
        if password.is_some_and(|password| password.contains(['\n', '\r', '\0'])) {
            let message = "must be one line".to_owned();
            return Err(StorageError::Parameter { name: "password".to_owned(), message });
        }
        let txn = match password {
            Some(password) => Some(Txn::new().put(key(id), password)),
            None => self.store().tree().text(&key(id)).map(|_| Txn::new().delete(key(id))),
        };
        if let Some(txn) = txn {
            self.store().commit(txn).await?;
        }
        let config = self.config(id).ok();
        if config.is_some_and(|config| crate::plugin::of(&config).is_ok_and(wants_secret)) {
            return self.unpack_secret(id);
        }
        // The storage is gone: so is what it was opened with.
        match std::fs::remove_file(file(self.paths(), id)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(StorageError::io("remove", &file(self.paths(), id))(error))
            }
            _ => Ok(()),
        }
    }

    /// Writes the password of a storage to its file.
    pub(crate) fn unpack_secret(&self, id: &StorageId) -> Result<(), StorageError> {
        let path = file(self.paths(), id);
        let tree = self.store().tree();
        let password = tree.text(&key(id)).unwrap_or_default();
        if let Some(directory) = path.parent() {
            host::file::create_dir(directory, 0o700)?;
        }
        Ok(host::file::write_unsynced(&path, format!("password={password}\n").as_bytes(), 0o600)?)
    }
}

/// A file with a secret for one program, gone when that has ended.
pub(crate) struct Brief(PathBuf);

impl Brief {
    /// Writes it.
    pub(crate) fn new(paths: &Paths, text: &str) -> Result<Self, StorageError> {
        use std::sync::atomic::{AtomicU64, Ordering};
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        let directory = paths.run_dir().join("storage");
        host::file::create_dir(&directory, 0o700)?;
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let brief = Self(directory.join(format!(".login-{}-{number}", std::process::id())));
        host::file::write_unsynced(brief.path(), text.as_bytes(), 0o600)?;
        Ok(brief)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &std::path::Path {
        &self.0
    }
}

impl Drop for Brief {
    fn drop(&mut self) {
        // Gone already is fine.
        let _ = std::fs::remove_file(&self.0);
    }
}
