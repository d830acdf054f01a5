//! How fast an operation on storages may be.

use crate::config::Bandwidth;

impl Bandwidth {
    /// The limit for an operation: its own, else the default. KiB/s; 0 is none.
    #[must_use]
    pub fn of(&self, operation: &str) -> Option<f64> {
        let own = match operation {
            "clone" => self.clone,
            "migration" => self.migration,
            "move" => self.moving,
            "restore" => self.restore,
            _ => None,
        };
        own.or(self.default)
    }
}

/// A storage that an operation involves.
#[derive(Clone, Debug, Default)]
pub struct Involved {
    /// Its own limits.
    pub limits: Option<Bandwidth>,
    /// Whether the caller may allocate on it (`Datastore.Allocate`): who may, may also overrule its limit.
    pub caller_allocates: bool,
}

/// What the caller may.
#[derive(Clone, Copy, Debug, Default)]
pub struct Caller {
    /// `Datastore.Allocate` on all storages.
    pub allocates: bool,
    /// `Sys.Modify` on everything.
    pub modifies: bool,
}

/// The limit of an operation in KiB/s; `None` and 0 are none.
///
/// `wish` is the caller's own limit: without one, all limits count. With one, limits that the caller may overrule do
/// not; the smallest of the others and the wish wins.
#[must_use]
pub fn limit(
    operation: &str,
    wish: Option<f64>,
    involved: &[Involved],
    datacenter: &Bandwidth,
    caller: Caller,
) -> Option<f64> {
    let overrules = wish.is_some();
    if overrules && caller.allocates {
        return wish;
    }
    let mut counting: Vec<f64> = wish.into_iter().collect();
    let mut common = involved.is_empty();
    for storage in involved {
        match storage.limits.as_ref().and_then(|limits| limits.of(operation)) {
            Some(_) if overrules && storage.caller_allocates => {}
            Some(limit) => counting.push(limit),
            None => common = true,
        }
    }
    if common && !(overrules && caller.modifies) {
        counting.extend(datacenter.of(operation));
    }
    let smallest = counting.iter().copied().filter(|limit| *limit > 0.0).min_by(f64::total_cmp);
    smallest.or(counting.first().copied())
}
