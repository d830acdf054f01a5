//! Proportional memory of a process and everything it started.

use std::collections::BTreeMap;
use std::fs;

/// Sum of the proportional set sizes of a process and its descendants, in MiB, and their number.
pub(crate) fn proportional(top: u32) -> (f64, usize) {
    let parents = parents();
    let mut tree = vec![top];
    let mut next = 0;
    while next < tree.len() {
        let parent = tree[next];
        tree.extend(parents.iter().filter(|(_, p)| **p == parent).map(|(pid, _)| *pid));
        next += 1;
    }
    let kib: u64 = tree.iter().filter_map(|pid| pss(*pid)).sum();
    (kib as f64 / 1024.0, tree.len())
}

/// The proportional set size of a process alone, in MiB.
pub(crate) fn own(pid: u32) -> f64 {
    pss(pid).unwrap_or(0) as f64 / 1024.0
}

/// Process IDs with those of their parents.
fn parents() -> BTreeMap<u32, u32> {
    let Ok(entries) = fs::read_dir("/proc") else { return BTreeMap::new() };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter_map(|pid| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name in parentheses may hold anything; the parent is the second field after it.
        let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
        Some((pid, parent))
    })
    .collect()
}

fn pss(pid: u32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    rollup.lines().find_map(|line| line.strip_prefix("Pss:")?.split_whitespace().next()?.parse().ok())
}
