//! Huge pages of the host for the memory of guests: added before a guest starts, given back after it ended.
//!
//! The kernel's files are those of `admin-guide/mm/hugetlbpage.rst`. Pages that are free already, as an administrator may
//! have put aside at boot, are used first and stay. What was added for a guest is noted in a file, so that whoever sees
//! its end gives back just that.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{
    file::{FileError, FileLock},
    run::{Run, RunError},
};

/// Where QEMU finds huge pages: a file system for each size, `2048kB` below it.
pub const MOUNTS: &str = "/run/hugepages/kvm";

/// All of this machine take turns, whatever their root is: the pages are the machine's.
const LOCK: &str = "/run/lock/pleiad-hugepages.lock";

/// How long a turn is waited for. Another guest takes its pages meanwhile, which may be many.
const TURN: Duration = Duration::from_secs(150);

/// Pages of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pages {
    /// NUMA node of the host; any if none.
    pub node: Option<u64>,
    /// Size of one, KiB.
    pub page_kib: u64,
    /// How many.
    pub count: u64,
}

/// Why there are no huge pages.
#[derive(Debug, thiserror::Error)]
pub enum HugeError {
    /// The machine has none of that size, or no such node.
    #[error("hugepages: this host has no huge pages of {page_kib} kB{}", on(*node))]
    NoSize {
        /// The size.
        page_kib: u64,
        /// The node.
        node: Option<u64>,
    },
    /// There is not enough memory in one piece.
    #[error(
        "hugepages: hugepage allocation failed: {needed} pages of {page_kib} kB{} are needed, the host can give {got}; \
         stop other guests, lower 'memory', or put pages aside when the host boots", on(*node)
    )]
    TooFew {
        /// The size.
        page_kib: u64,
        /// The node.
        node: Option<u64>,
        /// What is needed.
        needed: u64,
        /// What could be had.
        got: u64,
    },
    /// Others took too long.
    #[error("hugepages: {0}")]
    Lock(#[from] FileError),
    /// Their file system cannot be mounted.
    #[error("hugepages: {0}")]
    Mount(#[from] RunError),
    /// The kernel refuses.
    #[error("hugepages: {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

fn on(node: Option<u64>) -> String {
    node.map(|node| format!(" on NUMA node {node}")).unwrap_or_default()
}

/// The turn of one guest. Until it is dropped nobody else counts free pages, which this guest may not have taken yet.
#[derive(Debug)]
pub struct Reserved {
    _lock: FileLock,
}

/// Sees to it that so many pages are free, and notes in `record` which had to be added for that.
///
/// # Errors
/// When the machine has no such pages or not enough memory for them; none is added then.
pub async fn reserve(record: &Path, needs: &[Pages]) -> Result<Reserved, HugeError> {
    let lock = FileLock::acquire(Path::new(LOCK), TURN).await?;
    let pool = Pool { sys: "/sys".into() };
    let mut added = read(record);
    let before = added.len();
    for need in needs {
        match pool.provide(need) {
            Ok(count) => added.push(Pages { count, ..*need }),
            Err(err) => {
                pool.take_back(&added[before..]);
                return Err(err);
            }
        }
        // Noted before the next, as we might be killed.
        write(record, &added)?;
    }
    for need in needs {
        mount(need.page_kib).await?;
    }
    Ok(Reserved { _lock: lock })
}

/// Gives back what was added for a guest that has ended; nothing if nothing was.
///
/// # Errors
/// When others take too long.
pub async fn release(record: &Path) -> Result<(), HugeError> {
    if !record.exists() {
        return Ok(());
    }
    let _lock = FileLock::acquire(Path::new(LOCK), TURN).await?;
    Pool { sys: "/sys".into() }.take_back(&read(record));
    std::fs::remove_file(record).map_err(|source| HugeError::Io { path: record.to_owned(), source })
}

fn read(record: &Path) -> Vec<Pages> {
    let text = std::fs::read_to_string(record).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

fn write(record: &Path, added: &[Pages]) -> Result<(), HugeError> {
    let text = serde_json::to_string(added).map_err(io::Error::other);
    let written = text.and_then(|text| std::fs::write(record, text));
    written.map_err(|source| HugeError::Io { path: record.to_owned(), source })
}

async fn mount(page_kib: u64) -> Result<(), HugeError> {
    let place = PathBuf::from(format!("{MOUNTS}/{page_kib}kB"));
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let there = mounts.lines().any(|line| line.split(' ').nth(1) == place.to_str());
    if there {
        return Ok(());
    }
    std::fs::create_dir_all(&place).map_err(|source| HugeError::Io { path: place.clone(), source })?;
    let options = format!("pagesize={page_kib}k");
    let run = Run::new("mount").args(["-t", "hugetlbfs", "-o", &options, "hugetlbfs"]).arg(&place);
    run.output().await.map(drop)?;
    Ok(())
}

/// The kernel's files.
struct Pool {
    sys: PathBuf,
}

impl Pool {
    fn folder(&self, pages: &Pages) -> PathBuf {
        let name = format!("hugepages-{}kB", pages.page_kib);
        match pages.node {
            Some(node) => self.sys.join(format!("devices/system/node/node{node}/hugepages")).join(name),
            None => self.sys.join("kernel/mm/hugepages").join(name),
        }
    }

    fn number(&self, pages: &Pages, file: &str) -> Result<u64, HugeError> {
        let text = std::fs::read_to_string(self.folder(pages).join(file));
        let no_size = || HugeError::NoSize { page_kib: pages.page_kib, node: pages.node };
        text.ok().and_then(|text| text.trim().parse().ok()).ok_or_else(no_size)
    }

    fn set(&self, pages: &Pages, total: u64) -> Result<(), HugeError> {
        let path = self.folder(pages).join("nr_hugepages");
        std::fs::write(&path, total.to_string()).map_err(|source| HugeError::Io { path, source })
    }

    /// Adds what is missing, and tells how much that was.
    fn provide(&self, need: &Pages) -> Result<u64, HugeError> {
        let (total, free) = (self.number(need, "nr_hugepages")?, self.number(need, "free_hugepages")?);
        let missing = need.count.saturating_sub(free);
        if missing == 0 {
            return Ok(0);
        }
        let short = |got| HugeError::TooFew { page_kib: need.page_kib, node: need.node, needed: need.count, got };
        // The kernel would try, and push everything else out of memory for it.
        let available = available_kib() / need.page_kib;
        if missing > available {
            return Err(short(free + available));
        }
        // Memory in pieces too small is put together for a second try.
        for compact in [false, true] {
            if compact {
                // Not every kernel can.
                let _ = std::fs::write("/proc/sys/vm/compact_memory", "1");
            }
            self.set(need, total + missing)?;
            if self.number(need, "nr_hugepages")? >= total + missing {
                return Ok(missing);
            }
        }
        let got = free + self.number(need, "nr_hugepages")?.saturating_sub(total);
        self.set(need, total)?;
        Err(short(got))
    }

    fn take_back(&self, added: &[Pages]) {
        for pages in added.iter().filter(|pages| pages.count > 0) {
            let done = self.number(pages, "nr_hugepages");
            let done = done.and_then(|total| self.set(pages, total.saturating_sub(pages.count)));
            if let Err(err) = done {
                tracing::error!("{} huge pages could not be given back: {err}", pages.count);
            }
        }
    }
}

/// Memory that could be had without swapping, KiB.
fn available_kib() -> u64 {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"));
    line.and_then(|rest| rest.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(total: u64, free: u64) -> (tempfile::TempDir, Pool) {
        let sys = tempfile::tempdir().unwrap();
        let pool = Pool { sys: sys.path().to_owned() };
        let folder = pool.folder(&pages(0));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("nr_hugepages"), format!("{total}\n")).unwrap();
        std::fs::write(folder.join("free_hugepages"), format!("{free}\n")).unwrap();
        (sys, pool)
    }

    fn pages(count: u64) -> Pages {
        Pages { node: None, page_kib: 2048, count }
    }

    #[test]
    fn only_what_is_missing_is_added_and_given_back() {
        let (_sys, pool) = pool(10, 4);
        assert_eq!(pool.provide(&pages(4)).unwrap(), 0);
        assert_eq!(pool.provide(&pages(7)).unwrap(), 3);
        assert_eq!(pool.number(&pages(0), "nr_hugepages").unwrap(), 13);
        pool.take_back(&[pages(3)]);
        assert_eq!(pool.number(&pages(0), "nr_hugepages").unwrap(), 10);
    }

    #[test]
    fn a_size_or_node_that_is_not_there_is_told() {
        let (_sys, pool) = pool(0, 0);
        let gigantic = Pages { node: Some(7), page_kib: 1_048_576, count: 1 };
        let err = pool.provide(&gigantic).unwrap_err();
        assert_eq!(err.to_string(), "hugepages: this host has no huge pages of 1048576 kB on NUMA node 7");
    }

    #[tokio::test]
    async fn pages_of_this_machine_come_and_go() {
        let directory = tempfile::tempdir().unwrap();
        let record = directory.path().join("record");
        let pool = Pool { sys: "/sys".into() };
        let Ok(before) = pool.number(&pages(0), "nr_hugepages") else {
            eprintln!("skipped: this kernel has no huge pages of 2 MiB");
            return;
        };
        let free = pool.number(&pages(0), "free_hugepages").unwrap();
        if let Err(err) = reserve(&record, &[pages(free + 4)]).await {
            eprintln!("skipped: {err}");
            return;
        }
        assert_eq!(pool.number(&pages(0), "nr_hugepages").unwrap(), before + 4);
        release(&record).await.unwrap();
        assert_eq!(pool.number(&pages(0), "nr_hugepages").unwrap(), before);
        assert!(!record.exists());
        release(&record).await.unwrap();

        let far_too_many = reserve(&record, &[pages(free + 2), pages(1 << 40)]).await.unwrap_err();
        assert!(far_too_many.to_string().contains("hugepage allocation failed"), "{far_too_many}");
        assert_eq!(pool.number(&pages(0), "nr_hugepages").unwrap(), before);
    }
}
