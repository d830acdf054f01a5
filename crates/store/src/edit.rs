//! Read, change, write, and again when somebody else was faster.

use crate::{Entry, Store, StoreError, Txn};

/// How often somebody else may be faster before we believe that something is wrong.
const ATTEMPTS: usize = 32;

/// Replaces the text of a key by what `change` makes of it (`None` removes it), however many write at the same time.
///
/// `change` may be called more than once, always with the newest entry; it must have no effect of its own. Answers the
/// revision.
///
/// # Errors
/// Those of `change`, at which nothing is written, and those of the store.
pub async fn edit<E: From<StoreError>>(
    store: &dyn Store,
    key: &str,
    mut change: impl FnMut(Option<&Entry>) -> Result<Option<String>, E>,
) -> Result<u64, E> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let tree = store.tree();
        let read = tree.get(key);
        let txn = Txn::new().expect_unchanged(key, read);
        let txn = match change(read)? {
            Some(text) => txn.put(key, text),
            None => txn.delete(key),
        };
        match store.commit(txn).await {
            Err(StoreError::Conflict { .. } | StoreError::Exists { .. }) if attempt < ATTEMPTS => {}
            outcome => return outcome.map_err(E::from),
        }
    }
}

/// As [`edit`], of two keys that are there: both are replaced, or none.
///
/// # Errors
/// As [`edit`].
pub async fn edit_both<E: From<StoreError>>(
    store: &dyn Store,
    keys: [&str; 2],
    mut change: impl FnMut() -> Result<[String; 2], E>,
) -> Result<u64, E> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let tree = store.tree();
        let guarded = keys.iter().fold(Txn::new(), |txn, key| txn.expect_unchanged(*key, tree.get(key)));
        let txn = keys.into_iter().zip(change()?).fold(guarded, |txn, (key, text)| txn.put(key, text));
        match store.commit(txn).await {
            Err(StoreError::Conflict { .. } | StoreError::Exists { .. }) if attempt < ATTEMPTS => {}
            outcome => return outcome.map_err(E::from),
        }
    }
}
