//! The tree in an SQLite database of one daemon.
//!
//! The whole tree is in memory; the database is its durable copy. One thread writes: it takes all transactions that
//! wait, tries each on the tree in memory, writes those that hold in one database transaction (so that they share one
//! sync of the disk), and only then publishes the new tree and answers.

use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use host::file::{FileError, FileLock};
use rusqlite::{Connection, TransactionBehavior, params};
use tokio::sync::oneshot;

use crate::lock::LockTable;
use crate::txn::Applied;
use crate::watch::Watchers;
use crate::{BoxFuture, Change, Entry, Lock, LockInfo, Store, StoreError, Tree, Txn, Watch, guests};

/// Most transactions that share one sync of the disk.
const GROUP: usize = 256;

/// `guest` is the ID of the guest whose configuration the row is: the database itself keeps it unique.
const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS entry (
        key TEXT PRIMARY KEY, text TEXT NOT NULL, version INTEGER NOT NULL, guest INTEGER UNIQUE
    );
    CREATE TABLE IF NOT EXISTS revision (one INTEGER PRIMARY KEY CHECK (one = 1), value INTEGER NOT NULL);
    INSERT OR IGNORE INTO revision VALUES (1, 0);
";

/// Version of [`SCHEMA`], kept in the database.
const FORMAT: i64 = 1;

/// A store that this process alone has open.
pub struct SqliteStore {
    shared: Arc<Shared>,
    /// `None` only while being dropped.
    jobs: Option<mpsc::Sender<Job>>,
    writer: Option<JoinHandle<()>>,
    /// Keeps other daemons out.
    _alone: Option<FileLock>,
}

struct Shared {
    tree: RwLock<Arc<Tree>>,
    watchers: Watchers,
    locks: Arc<LockTable>,
}

type Answer = Result<u64, StoreError>;

struct Job {
    txn: Txn,
    answer: oneshot::Sender<Answer>,
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").field("revision", &self.tree().revision()).finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// Opens the store, or makes an empty one, readable by root only; its directory is made when missing.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process has it open, [`StoreError::Open`] when it cannot be read.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref().to_path_buf();
        if let Some(directory) = path.parent() {
            host::file::create_dir(directory, 0o700).map_err(|error| refused(&path, &error))?;
        }
        // A daemon that was just killed may still be on its way out.
        let alone = match FileLock::acquire(&path.with_extension("lock"), Duration::from_secs(2)).await {
            Ok(alone) => alone,
            Err(FileError::LockTimeout { .. }) => return Err(StoreError::InUse { path }),
            Err(error) => return Err(refused(&path, &error)),
        };
        let place = path.clone();
        let opened = tokio::task::spawn_blocking(move || {
            create_private(&place)?;
            let connection = Connection::open(&place).map_err(|error| refused(&place, &error))?;
            Self::begin(connection, &place)
        });
        let mut store = opened.await.map_err(|error| refused(&path, &error))??;
        store._alone = Some(alone);
        Ok(store)
    }

    /// An empty store in memory, for tests.
    ///
    /// # Errors
    /// When there is no memory.
    pub fn temporary() -> Result<Self, StoreError> {
        let path = Path::new(":memory:");
        Self::begin(Connection::open_in_memory().map_err(|error| refused(path, &error))?, path)
    }

    fn begin(connection: Connection, path: &Path) -> Result<Self, StoreError> {
        let tree =
            prepare(&connection).map_err(|error| refused(path, &error)).and_then(|()| load(&connection, path))?;
        let shared = Arc::new(Shared {
            tree: RwLock::new(Arc::new(tree)),
            watchers: Watchers::default(),
            locks: Arc::default(),
        });
        let (jobs, queue) = mpsc::channel();
        let writer = Writer { connection, shared: shared.clone() };
        let writer = std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || writer.run(&queue))
            .map_err(|error| refused(path, &error))?;
        Ok(Self { shared, jobs: Some(jobs), writer: Some(writer), _alone: None })
    }
}

impl Drop for SqliteStore {
    /// Waits for the transactions under way, so that the lock file is free only when nobody writes any more.
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

impl Store for SqliteStore {
    fn tree(&self) -> Arc<Tree> {
        self.shared.tree()
    }

    fn commit(&self, txn: Txn) -> BoxFuture<'_, Result<u64, StoreError>> {
        let (answer, outcome) = oneshot::channel();
        let sent = self.jobs.as_ref().is_some_and(|jobs| jobs.send(Job { txn, answer }).is_ok());
        Box::pin(async move {
            if sent { outcome.await.unwrap_or(Err(StoreError::Closed)) } else { Err(StoreError::Closed) }
        })
    }

    fn watch(&self, prefix: &str) -> Watch {
        self.shared.watchers.subscribe(prefix)
    }

    fn lock<'a>(
        &'a self,
        name: &'a str,
        owner: &'a str,
        ttl: Duration,
        wait: Duration,
    ) -> BoxFuture<'a, Result<Lock, StoreError>> {
        Box::pin(self.shared.locks.lock(name, owner, ttl, wait))
    }

    fn locks(&self) -> Vec<LockInfo> {
        self.shared.locks.list()
    }
}

impl Shared {
    fn tree(&self) -> Arc<Tree> {
        self.tree.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    fn publish(&self, tree: Tree, changes: Vec<Arc<[Change]>>) {
        *self.tree.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(tree);
        changes.into_iter().for_each(|changes| self.watchers.tell(changes));
    }
}

struct Writer {
    connection: Connection,
    shared: Arc<Shared>,
}

impl Writer {
    fn run(mut self, queue: &mpsc::Receiver<Job>) {
        while let Ok(first) = queue.recv() {
            let group: Vec<Job> = std::iter::once(first).chain(queue.try_iter().take(GROUP - 1)).collect();
            for (sender, answer) in self.group(group) {
                // Who asked may have gone; the transaction stands.
                let _ = sender.send(answer);
            }
        }
    }

    /// Does a group of transactions and publishes the tree; the answers are to be given afterwards.
    fn group(&mut self, group: Vec<Job>) -> Vec<(oneshot::Sender<Answer>, Answer)> {
        let mut tree = (*self.shared.tree()).clone();
        let mut answers = Vec::with_capacity(group.len());
        let mut writes = Vec::new();
        for job in group {
            let answer = tree.apply(&job.txn).map(|Applied { tree: next, changes }| {
                tree = next;
                if !changes.is_empty() {
                    writes.push(changes);
                }
                tree.revision()
            });
            answers.push((job.answer, answer));
        }
        if writes.is_empty() {
            return answers;
        }
        match write(&mut self.connection, tree.revision(), &writes) {
            Ok(()) => {
                let told = writes.into_iter().map(|changes| changes.into_iter().map(|(change, _)| change).collect());
                self.shared.publish(tree, told.collect());
            }
            Err(error) => {
                tracing::error!("the configuration store refused a write: {error}");
                let reason: Arc<str> = error.to_string().into();
                let succeeded = answers.iter_mut().filter(|(_, answer)| answer.is_ok());
                succeeded.for_each(|(_, answer)| *answer = Err(StoreError::Write { reason: reason.clone() }));
            }
        }
        answers
    }
}

type Written = Vec<(Change, Option<Arc<str>>)>;

fn write(connection: &mut Connection, revision: u64, writes: &[Written]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut put = transaction
            .prepare_cached("INSERT OR REPLACE INTO entry (key, text, version, guest) VALUES (?1, ?2, ?3, ?4)")?;
        let mut delete = transaction.prepare_cached("DELETE FROM entry WHERE key = ?1")?;
        for (change, text) in writes.iter().flatten() {
            match text {
                Some(text) => {
                    let guest = guests::split_key(&change.key).map(|(_, _, vmid)| vmid.get());
                    put.execute(params![&*change.key, &**text, change.revision.cast_signed(), guest])?
                }
                None => delete.execute([&*change.key])?,
            };
        }
        transaction
            .prepare_cached("UPDATE revision SET value = ?1 WHERE one = 1")?
            .execute([revision.cast_signed()])?;
    }
    transaction.commit()
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    // Answers a row, so it cannot go into a batch.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch(SCHEMA)?;
    connection.pragma_update(None, "user_version", FORMAT)
}

fn load(connection: &Connection, path: &Path) -> Result<Tree, StoreError> {
    let read = |error: rusqlite::Error| refused(path, &error);
    let mut tree = Tree::default();
    tree.revision = connection
        .query_row("SELECT value FROM revision", [], |row| row.get::<_, i64>(0))
        .map_err(read)?
        .cast_unsigned();
    let mut statement = connection.prepare("SELECT key, text, version FROM entry ORDER BY key").map_err(read)?;
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, Arc<str>>(0)?, row.get::<_, Arc<str>>(1)?, row.get::<_, i64>(2)?)))
        .map_err(read)?;
    for row in rows {
        let (key, text, version) = row.map_err(read)?;
        tree.insert(&key, Entry::new(text, version.cast_unsigned())).map_err(|error| refused(path, &error))?;
    }
    Ok(tree)
}

/// The database has secrets, and SQLite gives its side files the mode of the main one.
fn create_private(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true).mode(0o600);
    options.open(path).map(drop).map_err(|error| refused(path, &error))
}

fn refused(path: &Path, reason: &dyn std::fmt::Display) -> StoreError {
    StoreError::Open { path: PathBuf::from(path), reason: reason.to_string().into() }
}
