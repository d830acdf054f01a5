//! Transactions, and what they do to a tree: pure, so that every store does the same.

use std::sync::Arc;

use crate::{Change, ChangeKind, Entry, MAX_TEXT_BYTES, StoreError, Tree, check_key};

/// Guards, then changes. All guards are checked against the tree before the first change; then the changes are done in
/// order.
#[derive(Clone, Debug, Default)]
#[must_use = "a transaction does nothing before it is committed"]
pub struct Txn {
    guards: Vec<(String, Guard)>,
    changes: Vec<Op>,
}

#[derive(Clone, Debug)]
enum Guard {
    Version(u64),
    Absent,
    Present,
}

#[derive(Clone)]
enum Op {
    Put(String, Arc<str>),
    Delete(String),
    Rename(String, String),
}

impl std::fmt::Debug for Op {
    /// Texts may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Put(key, text) => write!(f, "put {key} ({} bytes)", text.len()),
            Self::Delete(key) => write!(f, "delete {key}"),
            Self::Rename(from, to) => write!(f, "rename {from} to {to}"),
        }
    }
}

impl Txn {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only if the key has this version.
    pub fn expect_version(mut self, key: impl Into<String>, version: u64) -> Self {
        self.guards.push((key.into(), Guard::Version(version)));
        self
    }

    /// Only if the key has the version of an entry read before, or is still absent when none was.
    pub fn expect_unchanged(self, key: impl Into<String>, read: Option<&Entry>) -> Self {
        match read {
            Some(entry) => self.expect_version(key, entry.version),
            None => self.expect_absent(key),
        }
    }

    /// Only if there is no such key.
    pub fn expect_absent(mut self, key: impl Into<String>) -> Self {
        self.guards.push((key.into(), Guard::Absent));
        self
    }

    /// Only if there is such a key.
    pub fn expect_present(mut self, key: impl Into<String>) -> Self {
        self.guards.push((key.into(), Guard::Present));
        self
    }

    /// Sets the text of a key.
    pub fn put(mut self, key: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        self.changes.push(Op::Put(key.into(), text.into()));
        self
    }

    /// Removes a key; it is no error when there is none.
    pub fn delete(mut self, key: impl Into<String>) -> Self {
        self.changes.push(Op::Delete(key.into()));
        self
    }

    /// Moves a text to a key that must be free: how a guest changes its node.
    pub fn rename(mut self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.changes.push(Op::Rename(from.into(), to.into()));
        self
    }

    /// Whether it would change nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// What a transaction makes of a tree.
#[derive(Debug)]
pub(crate) struct Applied {
    pub(crate) tree: Tree,
    /// In order, as watchers hear it; the text is `None` where a key went away.
    pub(crate) changes: Vec<(Change, Option<Arc<str>>)>,
}

impl Tree {
    /// The tree after a transaction. This one stays as it is; when nothing changes, so does the revision.
    pub(crate) fn apply(&self, txn: &Txn) -> Result<Applied, StoreError> {
        txn.guards.iter().try_for_each(|(key, guard)| self.check(key, guard))?;
        let mut next = Applied { tree: self.clone(), changes: Vec::new() };
        next.tree.revision += 1;
        for op in &txn.changes {
            next.step(op)?;
        }
        if next.changes.is_empty() {
            next.tree.revision = self.revision;
        }
        Ok(next)
    }

    fn check(&self, key: &str, guard: &Guard) -> Result<(), StoreError> {
        check_key(key)?;
        let found = self.get(key).map(|entry| entry.version);
        match (guard, found) {
            (Guard::Version(expected), _) if found == Some(*expected) => Ok(()),
            (Guard::Version(expected), _) => {
                Err(StoreError::Conflict { key: key.to_owned(), expected: *expected, found })
            }
            (Guard::Absent, None) | (Guard::Present, Some(_)) => Ok(()),
            (Guard::Absent, Some(version)) => Err(StoreError::Exists { key: key.to_owned(), version }),
            (Guard::Present, None) => Err(StoreError::Missing { key: key.to_owned() }),
        }
    }
}

impl Applied {
    fn step(&mut self, op: &Op) -> Result<(), StoreError> {
        match op {
            Op::Put(key, text) => self.put(key, text.clone()),
            Op::Delete(key) => {
                check_key(key)?;
                self.delete(key);
                Ok(())
            }
            Op::Rename(from, to) => {
                check_key(from)?;
                if let Some(entry) = self.tree.get(to) {
                    return Err(StoreError::Exists { key: to.clone(), version: entry.version });
                }
                let text = self.delete(from).ok_or_else(|| StoreError::Missing { key: from.clone() })?.text;
                self.put(to, text)
            }
        }
    }

    fn put(&mut self, key: &str, text: Arc<str>) -> Result<(), StoreError> {
        if text.len() > MAX_TEXT_BYTES {
            return Err(StoreError::TooLarge { key: key.to_owned(), bytes: text.len(), limit: MAX_TEXT_BYTES });
        }
        let key: Arc<str> = key.into();
        self.tree.insert(&key, Entry::new(text.clone(), self.tree.revision))?;
        self.record(key, ChangeKind::Put, Some(text));
        Ok(())
    }

    fn delete(&mut self, key: &str) -> Option<Entry> {
        let entry = self.tree.remove(key)?;
        self.record(key.into(), ChangeKind::Delete, None);
        Some(entry)
    }

    fn record(&mut self, key: Arc<str>, kind: ChangeKind, text: Option<Arc<str>>) {
        self.changes.push((Change { revision: self.tree.revision, key, kind }, text));
    }
}
