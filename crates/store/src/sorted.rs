//! A sorted map that is cheap to copy and change: a copy shares all leaves, a change copies one.

use std::borrow::Borrow;
use std::sync::Arc;

/// Most items in a leaf. A change of one item in a tree of 10,000 copies a spine of some 200 pointers and one leaf.
const LEAF: usize = 64;

/// No leaf is empty; items ascend within leaves and from leaf to leaf.
#[derive(Clone, Debug)]
pub(crate) struct Sorted<K, V> {
    leaves: Vec<Arc<Vec<(K, V)>>>,
}

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Self { leaves: Vec::new() }
    }
}

impl<K: Ord + Clone, V: Clone> Sorted<K, V> {
    /// The leaf that holds the key, or would.
    fn leaf_of<Q: Ord + ?Sized>(&self, key: &Q) -> usize
    where
        K: Borrow<Q>,
    {
        let after = self.leaves.partition_point(|leaf| leaf.first().is_some_and(|(first, _)| first.borrow() <= key));
        after.saturating_sub(1)
    }

    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let leaf = self.leaves.get(self.leaf_of(key))?;
        let at = leaf.binary_search_by(|(k, _)| k.borrow().cmp(key)).ok()?;
        leaf.get(at).map(|(_, value)| value)
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        let index = self.leaf_of(&key);
        let Some(shared) = self.leaves.get_mut(index) else {
            self.leaves.push(Arc::new(vec![(key, value)]));
            return;
        };
        let leaf = Arc::make_mut(shared);
        match leaf.binary_search_by(|(k, _)| k.cmp(&key)) {
            Ok(at) => leaf[at] = (key, value),
            Err(at) => leaf.insert(at, (key, value)),
        }
        if leaf.len() > LEAF {
            let upper = leaf.split_off(LEAF / 2);
            self.leaves.insert(index + 1, Arc::new(upper));
        }
    }

    pub(crate) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let index = self.leaf_of(key);
        let at = self.leaves.get(index)?.binary_search_by(|(k, _)| k.borrow().cmp(key)).ok()?;
        let leaf = Arc::make_mut(self.leaves.get_mut(index)?);
        let (_, value) = leaf.remove(at);
        let left = leaf.len();
        if left == 0 {
            self.leaves.remove(index);
        } else if let Some(next) = self.leaves.get(index + 1).filter(|next| left + next.len() <= LEAF / 2).cloned() {
            Arc::make_mut(&mut self.leaves[index]).extend(next.iter().cloned());
            self.leaves.remove(index + 1);
        }
        Some(value)
    }

    /// All items from `key` on, ascending.
    pub(crate) fn from<Q: Ord + ?Sized>(&self, key: &Q) -> impl Iterator<Item = (&K, &V)>
    where
        K: Borrow<Q>,
    {
        let index = self.leaf_of(key);
        let skip = self.leaves.get(index).map_or(0, |leaf| leaf.partition_point(|(k, _)| k.borrow() < key));
        self.leaves.iter().skip(index).flat_map(|leaf| leaf.iter()).skip(skip).map(|(k, v)| (k, v))
    }

    /// All items, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.leaves.iter().flat_map(|leaf| leaf.iter()).map(|(k, v)| (k, v))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_a_sorted_map(changes in proptest::collection::vec((0u16..400, proptest::option::weighted(0.6, any::<u8>())), 0..1500), from in 0u16..400) {
            let mut ours = Sorted::default();
            let mut model = BTreeMap::new();
            for (key, value) in changes {
                match value {
                    Some(value) => { ours.insert(key, value); model.insert(key, value); }
                    None => prop_assert_eq!(ours.remove(&key), model.remove(&key)),
                }
            }
            prop_assert!(ours.iter().eq(model.iter()));
            prop_assert!(ours.from(&from).eq(model.range(from..)));
            for key in 0..400 {
                prop_assert_eq!(ours.get(&key), model.get(&key));
            }
            prop_assert!(ours.leaves.iter().all(|leaf| !leaf.is_empty() && leaf.len() <= LEAF));
        }
    }

    #[test]
    fn a_copy_does_not_change_with_the_original() {
        let mut map = Sorted::default();
        (0..1000).for_each(|n| map.insert(n, n));
        let copy = map.clone();
        map.remove(&500);
        map.insert(501, 0);
        assert_eq!((copy.get(&500), copy.get(&501)), (Some(&500), Some(&501)));
        let shared = copy.leaves.iter().zip(&map.leaves).filter(|(a, b)| Arc::ptr_eq(a, b)).count();
        assert_eq!(shared, map.leaves.len() - 1);
    }
}
