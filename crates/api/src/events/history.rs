//! Events of the recent past, numbered without gaps in time: who was told up to one number is told the rest.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

/// Events were dropped that the asker has not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gap;

/// A bounded history. Events with a key replace the earlier event of that key; of those without, the last `keep` stay.
#[derive(Debug)]
pub(crate) struct History<E> {
    /// Number of the newest event.
    last: u64,
    /// Up to this number, events may be missing for other reasons than being replaced.
    floor: u64,
    keep: usize,
    events: BTreeMap<u64, E>,
    latest: HashMap<Arc<str>, u64>,
    plain: VecDeque<u64>,
}

impl<E: Clone> History<E> {
    /// An empty one that keeps so many events without key.
    pub(crate) fn new(keep: usize) -> Self {
        Self { last: 0, floor: 0, keep, events: BTreeMap::new(), latest: HashMap::new(), plain: VecDeque::new() }
    }

    /// Number of the newest event; 0 before the first.
    pub(crate) const fn last(&self) -> u64 {
        self.last
    }

    /// Adds an event, made of its number.
    pub(crate) fn push(&mut self, make: impl FnOnce(u64) -> E) -> u64 {
        let number = self.add(make);
        self.plain.push_back(number);
        if self.plain.len() > self.keep
            && let Some(oldest) = self.plain.pop_front()
        {
            self.events.remove(&oldest);
            self.floor = oldest;
        }
        number
    }

    /// Adds an event that makes the earlier one of its key superfluous.
    pub(crate) fn replace(&mut self, key: &Arc<str>, make: impl FnOnce(u64) -> E) -> u64 {
        self.forget(key);
        let number = self.add(make);
        self.latest.insert(Arc::clone(key), number);
        number
    }

    /// Drops the event of a key; whoever has not seen it will not.
    pub(crate) fn forget(&mut self, key: &str) {
        if let Some(number) = self.latest.remove(key) {
            self.events.remove(&number);
        }
    }

    fn add(&mut self, make: impl FnOnce(u64) -> E) -> u64 {
        self.last += 1;
        self.events.insert(self.last, make(self.last));
        self.last
    }

    /// Passes over a number, so that who is told more than it can be told from who was not.
    pub(crate) fn skip(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// Notes that events were missed: nobody who was told less than all so far can go on.
    pub(crate) fn gap(&mut self) {
        self.floor = self.skip();
    }

    /// At most `limit` events after a number, and the number up to which the asker knows all then.
    ///
    /// # Errors
    /// [`Gap`] when some are missing, or the number is none that was given out.
    pub(crate) fn after(&self, number: u64, limit: usize) -> Result<(Vec<E>, u64), Gap> {
        if number < self.floor || number > self.last {
            return Err(Gap);
        }
        let mut reached = self.last;
        let mut events = Vec::new();
        for (at, event) in self.events.range(number + 1..) {
            if events.len() == limit {
                break;
            }
            events.push(event.clone());
            reached = *at;
        }
        if events.len() < limit {
            reached = self.last;
        }
        Ok((events, reached))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(text: &str) -> Arc<str> {
        text.into()
    }

    #[test]
    fn who_was_away_is_told_the_rest() {
        let mut history = History::new(10);
        for text in ["a", "b", "c"] {
            history.push(|number| format!("{number}{text}"));
        }
        assert_eq!(history.after(1, 10), Ok((vec!["2b".to_owned(), "3c".into()], 3)));
        assert_eq!(history.after(3, 10), Ok((vec![], 3)));
        assert_eq!(history.after(0, 2), Ok((vec!["1a".to_owned(), "2b".into()], 2)));
    }

    #[test]
    fn who_was_away_too_long_is_told_so() {
        let mut history = History::new(2);
        for _ in 0..5 {
            history.push(|number| number);
        }
        assert_eq!(history.after(2, 10), Err(Gap));
        assert_eq!(history.after(3, 10), Ok((vec![4, 5], 5)));
        assert_eq!(history.after(6, 10), Err(Gap), "a number of the future is of another history");
    }

    #[test]
    fn a_row_replaces_its_earlier_one() {
        let mut history = History::new(2);
        history.replace(&key("a"), |_| "a1");
        history.replace(&key("b"), |_| "b1");
        history.replace(&key("a"), |_| "a2");
        assert_eq!(history.after(0, 10), Ok((vec!["b1", "a2"], 3)));
        assert_eq!(history.after(1, 10), Ok((vec!["b1", "a2"], 3)));
        history.forget("b");
        assert_eq!(history.after(0, 10), Ok((vec!["a2"], 3)));
    }

    #[test]
    fn after_a_gap_only_newcomers_go_on() {
        let mut history = History::new(2);
        history.push(|_| "x");
        history.gap();
        assert_eq!(history.after(1, 10), Err(Gap));
        assert_eq!(history.after(history.last(), 10), Ok((vec![], 2)));
    }

    proptest! {
        /// Whatever the order of events and pauses: who goes on without a gap ends with the newest row of each key and
        /// all events without key.
        #[test]
        fn nothing_is_lost_without_a_gap(steps in proptest::collection::vec((0u8..6, 1usize..4), 1..80)) {
            let mut history = History::new(5);
            let (mut cursor, mut seen, mut all) = (0, Vec::new(), Vec::new());
            for (what, limit) in steps {
                match what {
                    0..3 => { history.replace(&key(&what.to_string()), |number| (Some(what), number)); }
                    3..5 => { all.push(history.push(|number| (None, number))); }
                    _ => match history.after(cursor, limit) {
                        Ok((events, reached)) => { seen.extend(events); cursor = reached; }
                        Err(Gap) => { seen.clear(); cursor = history.last(); all.clear(); }
                    }
                }
            }
            if let Ok((events, _)) = history.after(cursor, usize::MAX) {
                seen.extend(events);
                let plain: Vec<u64> = seen.iter().filter(|(key, _)| key.is_none()).map(|(_, number)| *number).collect();
                prop_assert_eq!(plain, all);
                prop_assert!(seen.windows(2).all(|pair| pair[0].1 < pair[1].1));
            }
        }
    }
}
