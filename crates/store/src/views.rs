//! Typed views of the tree's texts, parsed once per version and shared.

use std::sync::Arc;

use crate::Tree;

/// Typed views by key; see [`crate::Entry::view`] for a view of an entry at hand.
#[derive(Clone, Copy, Debug)]
pub struct Views;

impl Views {
    /// What `parse` makes of the text under `key`; of an empty text when there is none.
    pub fn get<T: Send + Sync + 'static>(tree: &Tree, key: &str, parse: impl FnOnce(&str) -> T) -> Arc<T> {
        match tree.get(key) {
            Some(entry) => entry.view(parse),
            None => Arc::new(parse("")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::Txn;

    #[test]
    fn a_text_is_parsed_once_per_version_and_type() {
        let calls = Cell::new(0);
        let count = |text: &str| {
            calls.set(calls.get() + 1);
            text.len()
        };
        let first = Tree::default().apply(&Txn::new().put("a", "one")).unwrap().tree;
        assert_eq!(*Views::get(&first, "a", count), 3);
        // Another key changes, our entry stays the same.
        let second = first.apply(&Txn::new().put("b", "x")).unwrap().tree;
        assert!(Arc::ptr_eq(&Views::get(&first, "a", count), &Views::get(&second, "a", count)));
        assert_eq!(calls.get(), 1);
        assert_eq!(*Views::get(&second, "a", str::to_owned), "one");
        let third = second.apply(&Txn::new().put("a", "three")).unwrap().tree;
        assert_eq!((*Views::get(&third, "a", count), calls.get()), (5, 2));
        assert_eq!(*Views::get(&third, "missing", count), 0);
    }
}
