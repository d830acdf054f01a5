//! One text of the tree, and what was parsed from it.

use std::any::{Any, TypeId};
use std::sync::{Arc, Mutex};

type Parsed = Vec<(TypeId, Arc<dyn Any + Send + Sync>)>;

/// The text of one key. A copy shares everything.
#[derive(Clone)]
pub struct Entry {
    /// The text.
    pub text: Arc<str>,
    /// Revision of the tree at which this text was written; what [`crate::Txn::expect_version`] compares.
    pub version: u64,
    /// Views of this very text: they live and end with it, so there is no cache to bound or to invalidate.
    parsed: Arc<Mutex<Parsed>>,
}

impl std::fmt::Debug for Entry {
    /// Texts below `priv/` are secret, and errors print entries: only size and version are shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry").field("bytes", &self.text.len()).field("version", &self.version).finish()
    }
}

impl Entry {
    pub(crate) fn new(text: Arc<str>, version: u64) -> Self {
        Self { text, version, parsed: Arc::default() }
    }

    /// What `parse` makes of the text, made once per version and type `T`, then shared.
    ///
    /// Views are told apart by `T` alone: all callers with the same `T` must pass the same function.
    pub fn view<T: Send + Sync + 'static>(&self, parse: impl FnOnce(&str) -> T) -> Arc<T> {
        if let Some(found) = self.parsed_as::<T>() {
            return found;
        }
        // Not under the mutex: a parser may look at other views. Two callers at once may both parse; one result stays.
        let made = Arc::new(parse(&self.text));
        let mut parsed = crate::unpoisoned(&self.parsed);
        if let Some(found) = find::<T>(&parsed) {
            return found;
        }
        parsed.push((TypeId::of::<T>(), made.clone()));
        made
    }

    fn parsed_as<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        find(&crate::unpoisoned(&self.parsed))
    }
}

fn find<T: Send + Sync + 'static>(parsed: &Parsed) -> Option<Arc<T>> {
    let (_, any) = parsed.iter().find(|(id, _)| *id == TypeId::of::<T>())?;
    any.clone().downcast().ok()
}
