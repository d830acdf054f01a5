//! Options that come as `name0`, `name1`, …: a map by index.

use super::{FromArgs, Scalar, read_scalar};
use crate::args::{Args, Mode};
use crate::kind::{Kind, Param};

/// `name0`, `name1`, … by index, ascending.
///
/// A guest has one or two of most of them and there are thousands of guests, so it is a sorted list: a `BTreeMap` takes
/// room for eleven values with the first one, which makes some KiB of each drive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indexed<T>(Vec<(u32, T)>);

impl<T> Default for Indexed<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Indexed<T> {
    fn place(&self, index: u32) -> Result<usize, usize> {
        self.0.binary_search_by_key(&index, |(at, _)| *at)
    }

    /// The value of an index.
    #[must_use]
    pub fn get(&self, index: &u32) -> Option<&T> {
        let at = self.place(*index).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    /// Whether there is a value of that index.
    #[must_use]
    pub fn contains_key(&self, index: &u32) -> bool {
        self.place(*index).is_ok()
    }

    /// Sets the value of an index and answers the one before.
    pub fn insert(&mut self, index: u32, value: T) -> Option<T> {
        match self.place(index) {
            Ok(at) => self.0.get_mut(at).map(|(_, old)| std::mem::replace(old, value)),
            Err(at) => {
                self.0.insert(at, (index, value));
                None
            }
        }
    }

    /// Removes the value of an index.
    pub fn remove(&mut self, index: &u32) -> Option<T> {
        let at = self.place(*index).ok()?;
        Some(self.0.remove(at).1)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Indexes and values, ascending.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&u32, &T)> + ExactSizeIterator {
        self.0.iter().map(|(index, value)| (index, value))
    }

    /// The indexes, ascending.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &u32> + ExactSizeIterator {
        self.0.iter().map(|(index, _)| index)
    }

    /// The values by ascending index.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        self.0.iter().map(|(_, value)| value)
    }
}

impl<T> FromIterator<(u32, T)> for Indexed<T> {
    fn from_iter<I: IntoIterator<Item = (u32, T)>>(pairs: I) -> Self {
        let mut map = Self::default();
        for (index, value) in pairs {
            map.insert(index, value);
        }
        map
    }
}

impl<T> IntoIterator for Indexed<T> {
    type Item = (u32, T);
    type IntoIter = std::vec::IntoIter<(u32, T)>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Indexed<T> {
    type Item = (&'a u32, &'a T);
    type IntoIter = std::iter::Map<std::slice::Iter<'a, (u32, T)>, fn(&'a (u32, T)) -> (&'a u32, &'a T)>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(index, value)| (index, value))
    }
}

impl<T: Scalar> FromArgs for Indexed<T> {
    const KIND: Kind = Kind::Indexed(&T::KIND, u32::MAX);
    const OPTIONAL: bool = true;
    fn take(args: &mut Args, param: &Param) -> Option<Self> {
        let Kind::Indexed(_, count) = param.kind else { return None };
        let keys: Vec<(u32, String)> =
            args.indexed(param.name, count).map(|(index, key)| (index, key.clone())).collect();
        let mut out = Self::default();
        let mut whole = true;
        for (index, key) in keys {
            let Some(value) = args.values.remove(&key) else { continue };
            let read = args.checked(&key, value, param).ok().and_then(|text| read_scalar(args, &key, &text));
            match read {
                Some(value) => {
                    out.insert(index, value);
                }
                None => whole = false,
            }
        }
        out.0.shrink_to_fit();
        (whole || args.mode == Mode::Stored).then_some(out)
    }
    fn put(&self, param: &Param, out: &mut Vec<(String, String)>) {
        out.extend(self.iter().map(|(index, value)| (format!("{}{index}", param.name), value.show())));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// It is a map: what a `BTreeMap` answers, it answers.
        #[test]
        fn it_is_a_sorted_map(steps in proptest::collection::vec((0u32..8, any::<Option<u8>>()), 0..40)) {
            let (mut ours, mut model) = (Indexed::default(), BTreeMap::new());
            for (index, value) in steps {
                match value {
                    Some(value) => prop_assert_eq!(ours.insert(index, value), model.insert(index, value)),
                    None => prop_assert_eq!(ours.remove(&index), model.remove(&index)),
                }
                prop_assert_eq!(ours.get(&index), model.get(&index));
                prop_assert_eq!(ours.contains_key(&index), model.contains_key(&index));
            }
            prop_assert!(ours.iter().eq(model.iter()));
            prop_assert!(ours.keys().rev().eq(model.keys().rev()));
            prop_assert!(ours.values().eq(model.values()));
            prop_assert_eq!((ours.len(), ours.is_empty()), (model.len(), model.is_empty()));
            prop_assert_eq!(&ours.clone().into_iter().collect::<Indexed<_>>(), &ours);
        }
    }
}
