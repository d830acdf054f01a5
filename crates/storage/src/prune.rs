//! Which backups to keep, by the rules of `prune-backups`.

use std::collections::{BTreeMap, BTreeSet};

use schema::{Choice, Reply, Returns, Vmid};

use crate::config::Retention;
use crate::date::Civil;

/// A backup that there is.
#[derive(Clone, Debug)]
pub struct Backup {
    /// Volume ID.
    pub volid: String,
    /// Its owner, if that is known.
    pub vmid: Option<Vmid>,
    /// When it was made, seconds since 1970.
    pub ctime: i64,
    /// Whether it must not be removed.
    pub protected: bool,
}

/// What happens to a backup.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It is kept.
    Keep,
    /// It goes.
    Remove,
    /// It is kept because it is protected.
    Protected,
    /// It is kept because its name is no standard one.
    Renamed,
}

impl Reply for Mark {
    const RETURNS: Returns = Returns::Text;
    fn value(self) -> serde_json::Value {
        self.as_str().into()
    }
}

/// A backup with its mark.
#[derive(Reply, Clone, Debug, PartialEq)]
pub struct Marked {
    /// Volume ID.
    pub volid: String,
    /// Time of creation, seconds since 1970.
    pub ctime: i64,
    /// What happens to it.
    pub mark: Mark,
    /// Kind of guest: `qemu`, `lxc`, `openvz` or `unknown`.
    #[reply(name = "type")]
    pub kind: String,
    /// Owner.
    pub vmid: Option<Vmid>,
}

/// Checks rules.
///
/// # Errors
/// When `keep-all` stands with others.
pub fn check(keep: &Retention) -> Result<(), String> {
    let others = rules(keep).iter().any(|(count, _)| *count > 0);
    if keep.all == Some(true) && others {
        return Err("keep-all cannot be set together with other options.".to_owned());
    }
    Ok(())
}

type Period = fn(i64) -> (i64, i64);

/// How many periods of each length are kept, in the order in which the rules apply.
fn rules(keep: &Retention) -> [(u64, Period); 6] {
    [
        (keep.last.unwrap_or(0), |seconds| (seconds, 0)),
        (keep.hourly.unwrap_or(0), |seconds| (seconds.div_euclid(3600), 0)),
        (keep.daily.unwrap_or(0), |seconds| (Civil::of(seconds).days(), 0)),
        (keep.weekly.unwrap_or(0), |seconds| (Civil::of(seconds).week(), 0)),
        (keep.monthly.unwrap_or(0), |seconds| (Civil::of(seconds).year, Civil::of(seconds).month)),
        (keep.yearly.unwrap_or(0), |seconds| (Civil::of(seconds).year, 0)),
    ]
}

/// Marks backups: of one guest or kind, or all. `offset` tells how far local time is ahead of UTC at a moment.
#[must_use]
pub fn mark(
    backups: &[Backup],
    keep: &Retention,
    (vmid, kind): (Option<Vmid>, Option<&str>),
    offset: impl Fn(i64) -> i64,
) -> Vec<Marked> {
    let mut marked = Vec::new();
    let mut groups: BTreeMap<(String, Vmid), Vec<usize>> = BTreeMap::new();
    for backup in backups {
        let archive = backup.volid.split_once(':').and_then(|(_, name)| crate::archive::info(name).ok());
        let own_kind = archive.as_ref().and_then(|archive| archive.guest).unwrap_or("unknown");
        if vmid.is_some_and(|vmid| backup.vmid != Some(vmid)) || kind.is_some_and(|kind| kind != own_kind) {
            continue;
        }
        let standard = archive.as_ref().and_then(|archive| archive.standard.as_ref());
        let mark = match standard {
            None => Mark::Renamed,
            Some(_) if backup.protected => Mark::Protected,
            Some(standard) => {
                groups.entry((own_kind.to_owned(), standard.vmid)).or_default().push(marked.len());
                Mark::Keep
            }
        };
        marked.push(Marked {
            volid: backup.volid.clone(),
            ctime: backup.ctime,
            mark,
            kind: own_kind.to_owned(),
            vmid: backup.vmid,
        });
    }
    let rules = rules(keep);
    let all = keep.all == Some(true) || rules.iter().all(|(count, _)| *count == 0);
    for group in groups.into_values().filter(|_| !all) {
        let times: Vec<i64> = group.iter().map(|at| marked[*at].ctime).collect();
        for (at, kept) in group.iter().zip(kept(&times, &rules, &offset)) {
            marked[*at].mark = if kept { Mark::Keep } else { Mark::Remove };
        }
    }
    marked.sort_by(|a, b| a.volid.cmp(&b.volid));
    marked
}

/// Whether each backup of one guest is kept.
fn kept(times: &[i64], rules: &[(u64, Period); 6], offset: impl Fn(i64) -> i64) -> Vec<bool> {
    let mut newest_first: Vec<usize> = (0..times.len()).collect();
    newest_first.sort_by_key(|at| std::cmp::Reverse(times[*at]));
    let mut fate: Vec<Option<bool>> = vec![None; times.len()];
    for (count, period) in rules.iter().filter(|(count, _)| *count > 0) {
        let period_of = |at: usize| period(times[at] + offset(times[at]));
        let covered: BTreeSet<_> = (0..times.len()).filter(|at| fate[*at] == Some(true)).map(period_of).collect();
        let mut taken = BTreeSet::new();
        for at in newest_first.iter().copied() {
            let period = period_of(at);
            if fate[at].is_some() || covered.contains(&period) {
                continue;
            }
            if taken.contains(&period) {
                fate[at] = Some(false);
            } else if taken.len() as u64 >= *count {
                break;
            } else {
                taken.insert(period);
                fate[at] = Some(true);
            }
        }
    }
    fate.into_iter().map(|kept| kept == Some(true)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backup(day: u32, protected: bool) -> Backup {
        Backup {
            volid: format!("s:backup/vzdump-qemu-100-2024_01_{day:02}-12_00_00.vma"),
            vmid: Vmid::new(100),
            ctime: 1_704_110_400 + i64::from(day - 1) * 86_400,
            protected,
        }
    }

    fn marks(backups: &[Backup], keep: &Retention) -> Vec<Mark> {
        mark(backups, keep, (None, None), |_| 0).into_iter().map(|marked| marked.mark).collect()
    }

    #[test]
    fn each_rule_takes_periods_that_none_before_it_covered() {
        let backups: Vec<Backup> = (1..=9).map(|day| backup(day, day == 2)).collect();
        let keep = Retention { last: Some(1), weekly: Some(1), ..Retention::default() };
        use Mark::{Keep, Protected, Remove};
        // The ninth is the last one and covers its week; the seventh is the newest of the week before.
        assert_eq!(marks(&backups, &keep), [Remove, Protected, Remove, Remove, Remove, Remove, Keep, Remove, Keep]);
        assert!(marks(&backups, &Retention::default()).iter().all(|mark| *mark != Remove));
    }

    #[test]
    fn keep_all_stands_alone() {
        let both = Retention { all: Some(true), last: Some(1), ..Retention::default() };
        assert!(check(&both).is_err());
        assert!(check(&Retention { all: Some(true), last: Some(0), ..Retention::default() }).is_ok());
    }
}
