//! Automatic ballooning: memory moves between guests while they run, so that the host uses as much of its own as it
//! should. The rules are pure; [`Vms::balance_memory`] is what the daemon does every few seconds.

use std::collections::{BTreeMap, BTreeSet};

use schema::Vmid;
use serde_json::json;

use super::{
    cmdline::memory_mib,
    running::{QUICK, Running},
    vms::Vms,
};

/// How much one guest's memory changes in one step, bytes.
pub const STEP: i64 = 100 << 20;

/// What is not worth the trouble, bytes.
const NEGLIGIBLE: i64 = 10 << 20;

/// Share of the host's memory that should be in use, percent, where nothing else is configured.
pub const TARGET: u64 = 80;

/// A guest with a balloon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// Memory that it has now, bytes; 0 while it has no driver.
    pub balloon: i64,
    /// The least that it is left with, bytes; 0 if it is not to be changed.
    pub least: i64,
    /// The most that it gets, bytes.
    pub most: i64,
    /// Memory that it does not use, bytes; 0 if it does not tell.
    pub free: i64,
    /// Its weight beside others; 0 takes no part.
    pub shares: i64,
    /// Whether it must be left alone, because it moves.
    pub fixed: bool,
}

impl Guest {
    fn takes_part(&self) -> bool {
        self.balloon > 0 && self.least > 0 && self.shares > 0 && !self.fixed
    }

    /// Whether it could do with less: a quarter of its least memory is unused.
    fn has_plenty(&self) -> bool {
        self.free > 0 && 4 * self.free > self.least && self.balloon >= self.least
    }
}

/// The new sizes of balloons that bring the host `goal` bytes nearer to its target: positive to give out, negative to
/// take back. No guest changes by more than `step`.
#[must_use]
pub fn balance(guests: &BTreeMap<u32, Guest>, goal: i64, step: i64) -> BTreeMap<u32, i64> {
    let mut change = Change { guests, step, sizes: BTreeMap::new() };
    let all: Vec<u32> = guests.iter().filter(|(_, guest)| guest.takes_part()).map(|(vmid, _)| *vmid).collect();
    let (plenty, needy): (Vec<u32>, Vec<u32>) =
        all.iter().copied().partition(|vmid| guests.get(vmid).is_some_and(Guest::has_plenty));
    let first = match goal {
        _ if goal.abs() <= NEGLIGIBLE => return change.sizes,
        _ if goal > 0 => needy,
        _ => plenty,
    };
    // Those whom it helps, or who miss it least, come first; only when there is nothing with them, all do.
    let rest = change.share_out(&first, goal);
    if rest == goal {
        change.share_out(&all, rest);
    }
    change.sizes.retain(|vmid, size| guests.get(vmid).is_some_and(|guest| guest.balloon != *size));
    change.sizes
}

/// Sizes as they are being settled.
struct Change<'a> {
    guests: &'a BTreeMap<u32, Guest>,
    step: i64,
    sizes: BTreeMap<u32, i64>,
}

impl Change<'_> {
    fn size(&self, vmid: u32, guest: &Guest) -> i64 {
        self.sizes.get(&vmid).copied().unwrap_or(guest.balloon)
    }

    /// Shares an amount out by weight among the guests; answers what could not be.
    fn share_out(&mut self, among: &[u32], amount: i64) -> i64 {
        let mut rest = amount;
        let mut done = BTreeSet::new();
        loop {
            let open: Vec<(u32, &Guest)> = among
                .iter()
                .filter(|vmid| !done.contains(*vmid))
                .filter_map(|vmid| Some((*vmid, self.guests.get(vmid)?)))
                .collect();
            let shares: i64 = open.iter().map(|(_, guest)| guest.shares).sum();
            if rest == 0 || shares == 0 {
                return rest;
            }
            let held: i64 = open.iter().map(|(vmid, guest)| self.size(*vmid, guest) - guest.least).sum();
            let wanted = held + rest;
            let before = done.len();
            for (vmid, guest) in open {
                let fair = guest.least + (i128::from(wanted) * i128::from(guest.shares) / i128::from(shares)) as i64;
                let bounded = fair.max(guest.least).min(guest.most);
                if bounded != fair {
                    done.insert(vmid);
                }
                let size = bounded.max(guest.balloon - self.step).min(guest.balloon + self.step);
                rest -= size - self.size(vmid, guest);
                self.sizes.insert(vmid, size);
            }
            // Others get what one cannot take; what is only too much for one step waits for the next.
            if done.len() == before {
                return rest;
            }
        }
    }
}

impl Vms {
    /// Moves the memory of running guests one step towards the target: `used` of the host's `total` bytes should be
    /// `target` percent. A guest that does not answer is left out and waited for by nobody.
    pub async fn balance_memory(&self, total: u64, used: u64, target: u64) {
        let mut guests = BTreeMap::new();
        for (vmid, _) in self.states() {
            let Some(running) = self.running(vmid) else { continue };
            if let Some(guest) = self.ballooned(vmid, &running).await {
                guests.insert(vmid.get(), guest);
            }
        }
        let goal = i64::try_from(total / 100 * target).unwrap_or(i64::MAX) - i64::try_from(used).unwrap_or(i64::MAX);
        for (vmid, size) in balance(&guests, goal, STEP) {
            let Some(running) = Vmid::new(vmid).and_then(|vmid| self.running(vmid)) else { continue };
            if let Err(error) = running.call("balloon", json!({ "value": size }), QUICK).await {
                tracing::warn!("VM {vmid}: its balloon cannot be set: {error}");
            }
        }
    }

    /// A guest that takes part; nothing for those without a least amount, which costs no question.
    async fn ballooned(&self, vmid: Vmid, running: &Running) -> Option<Guest> {
        let vm = self.get(vmid).ok()?;
        let least = vm.config.balloon.filter(|mib| *mib > 0)?;
        if running.silent().is_some() {
            return None;
        }
        let answer = running.call("query-balloon", json!({}), QUICK).await.ok()?;
        let bytes = |mib: u64| i64::try_from(mib << 20).unwrap_or(i64::MAX);
        Some(Guest {
            balloon: answer["actual"].as_i64()?,
            least: bytes(least),
            most: bytes(memory_mib(&vm.config)),
            free: running.memory().map_or(0, |memory| i64::try_from(memory.free).unwrap_or(0)),
            shares: i64::try_from(vm.config.shares.unwrap_or(1000)).unwrap_or(1000),
            fixed: vm.file.main.get("lock") == Some("migrate"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MB: i64 = 1_000_000;

    fn guest(balloon: i64, free: i64, shares: i64) -> Guest {
        Guest { balloon: balloon * MB, least: 1000 * MB, most: 2000 * MB, free: free * MB, shares, fixed: false }
    }

    fn step(guests: &[Guest], goal: i64) -> Vec<(u32, i64)> {
        let guests = guests.iter().cloned().zip(100..).map(|(guest, vmid)| (vmid, guest)).collect();
        balance(&guests, goal * MB, 100 * MB).into_iter().map(|(vmid, size)| (vmid, size / MB)).collect()
    }

    #[test]
    fn memory_is_given_by_weight_and_in_steps() {
        let two = [guest(1000, 0, 2000), guest(1000, 0, 1000)];
        assert_eq!(step(&two, 90), [(100, 1060), (101, 1030)]);
        assert_eq!(step(&two, 150), [(100, 1100), (101, 1050)]);
        assert_eq!(step(&two, 250), [(100, 1100), (101, 1083)]);
        assert_eq!(step(&two, 5000), [(100, 1100), (101, 1100)]);
        assert_eq!(step(&two, 5), []);
    }

    #[test]
    fn those_in_need_get_it_and_those_with_plenty_give_it() {
        let both = [guest(1200, 0, 1000), guest(1200, 500, 1000)];
        assert_eq!(step(&both, 80), [(100, 1280)]);
        assert_eq!(step(&both, -80), [(101, 1120)]);
        assert_eq!(step(&[guest(1200, 0, 1000)], -300), [(100, 1100)]);
        assert_eq!(step(&[guest(1000, 0, 1000)], -300), []);
    }

    #[test]
    fn who_takes_no_part_is_left_alone() {
        let mut moving = guest(1500, 0, 1000);
        moving.fixed = true;
        assert_eq!(step(&[guest(1500, 0, 0), guest(0, 0, 1000), moving], -300), []);
    }

    proptest::proptest! {
        #[test]
        fn no_guest_leaves_its_bounds(
            goal in -5000_i64..5000,
            sizes in proptest::collection::vec((1000_i64..2000, 0_i64..2000, 0_i64..3000), 0..6),
        ) {
            let guests: Vec<Guest> = sizes.into_iter().map(|(size, free, shares)| guest(size, free, shares)).collect();
            for (vmid, size) in step(&guests, goal) {
                let before = guests[vmid as usize - 100].balloon / MB;
                proptest::prop_assert!((1000..=2000).contains(&size) && (size - before).abs() <= 100);
            }
        }
    }
}
