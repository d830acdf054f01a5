//! The one task that collects.

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use host::proc::{DiskSpace, Machine};
use tokio::sync::{Notify, watch};

use crate::{
    figures::{self, Before, GuestFigures, NodeFigures},
    rrd::{Rrd, RrdError},
    sample::{Source, StorageSample, StorageSource},
    series::{self, Joined, Row},
};

/// Between two passes.
const PERIOD: Duration = Duration::from_secs(10);

/// Between the first two passes: rates should not stay unknown for long after a start of the daemon.
const FIRST_PERIOD: Duration = Duration::from_secs(2);

/// At least this between two passes, however often somebody pokes. Rates over less are noise.
const LEAST_PERIOD: Duration = Duration::from_secs(1);

/// How long the root file system may take to tell its size.
const DISK_DEADLINE: Duration = Duration::from_secs(5);

/// What a collector needs to know.
pub struct StatsConfig {
    /// The node's name.
    pub node: String,
    /// The database of series.
    pub rrd: PathBuf,
    /// A path on the file system whose size is the node's disk.
    pub root: PathBuf,
    /// Owners of guests.
    pub sources: Vec<Arc<dyn Source>>,
    /// The owner of storages.
    pub storages: Arc<dyn StorageSource>,
    /// Numbers of the guests that have a configuration anywhere: the series of others are dropped.
    pub guests: Box<dyn Fn() -> HashSet<u32> + Send + Sync>,
}

/// All figures of one pass.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Counts passes; zero before the first.
    pub tick: u64,
    /// When, seconds since 1970.
    pub time: i64,
    /// How long the pass took.
    pub cost: Duration,
    /// The node.
    pub node: NodeFigures,
    /// Running guests by number.
    pub guests: HashMap<u32, GuestFigures>,
    /// Storages.
    pub storages: Vec<StorageSample>,
}

/// The collector and what it has collected.
pub struct Stats {
    config: StatsConfig,
    max_cpu: usize,
    current: RwLock<Arc<Snapshot>>,
    memory: Mutex<Memory>,
    rrd: Rrd,
    poke: Notify,
    rounds: watch::Sender<u64>,
}

/// What is remembered between passes.
#[derive(Default)]
struct Memory {
    before: Option<(Instant, Before)>,
    minute: i64,
    rows: HashMap<String, Joined>,
}

impl Stats {
    /// Opens the series; collects nothing before [`Stats::run`].
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub fn open(config: StatsConfig) -> Result<Arc<Self>, RrdError> {
        let max_cpu = host::proc::cpuinfo().map_or(1, |info| info.cpus);
        let rrd = Rrd::open(&config.rrd)?;
        let (current, memory) = (RwLock::default(), Mutex::default());
        let (poke, rounds) = (Notify::new(), watch::Sender::new(0));
        Ok(Arc::new(Self { config, max_cpu, current, memory, rrd, poke, rounds }))
    }

    /// Collects until the future is dropped.
    pub async fn run(self: Arc<Self>) {
        let mut wait = FIRST_PERIOD;
        loop {
            self.pass().await;
            tokio::time::sleep(LEAST_PERIOD).await;
            let rest = wait.saturating_sub(LEAST_PERIOD);
            let _ = tokio::time::timeout(rest, self.poke.notified()).await;
            wait = PERIOD;
        }
    }

    /// Asks for a pass soon: a guest has started or ended.
    pub fn poke(&self) {
        self.poke.notify_one();
    }

    /// Tells the number of each pass when its figures are there.
    #[must_use]
    pub fn rounds(&self) -> watch::Receiver<u64> {
        self.rounds.subscribe()
    }

    /// The figures of the last pass.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The series.
    #[must_use]
    pub fn rrd(&self) -> &Rrd {
        &self.rrd
    }

    /// Makes one pass now.
    pub async fn pass(self: &Arc<Self>) {
        let root = host::proc::disk_space(self.config.root.clone(), DISK_DEADLINE).await;
        let root = root.unwrap_or_else(|error| {
            tracing::warn!("unable to get the size of the root file system: {error}");
            self.snapshot().node.root
        });
        let this = Arc::clone(self);
        let work = tokio::task::spawn_blocking(move || this.collect(root, host::clock::now()));
        match work.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!("unable to collect statistics: {error}"),
            Err(error) => tracing::error!("collecting statistics failed: {error}"),
        }
    }

    fn collect(&self, root: DiskSpace, time: i64) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let started = Instant::now();
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let last = self.snapshot();
        let machine = Machine::read()?;
        let seconds = memory.before.map_or(0.0, |(then, _)| (started - then).as_secs_f64());
        let before = memory.before.as_ref().map(|(_, before)| before);
        let node = NodeFigures { root, max_cpu: self.max_cpu, ..NodeFigures::new(&machine, before, seconds) };
        let samples = self.config.sources.iter().flat_map(|source| source.running(&machine.links)).collect();
        let guests = figures::guests(samples, &last.guests, seconds);
        let storages = self.config.storages.storages();
        let mut snapshot = Snapshot { tick: last.tick + 1, time, cost: Duration::ZERO, node, guests, storages };
        memory.before = Some((started, Before::from(&machine)));

        let finished = memory.note(&self.config.node, &snapshot);
        snapshot.cost = started.elapsed();
        let tick = snapshot.tick;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
        self.rounds.send_replace(tick);
        drop(memory);
        if let Some((minute, rows)) = finished {
            self.rrd.write(minute, &rows)?;
            self.sweep(time)?;
        }
        Ok(())
    }

    /// Drops the series of guests that are no more.
    fn sweep(&self, now: i64) -> Result<(), RrdError> {
        let known = (self.config.guests)();
        for name in self.rrd.objects()? {
            let vmid = name.strip_prefix("vm/").and_then(|vmid| vmid.parse().ok());
            if vmid.is_some_and(|vmid: u32| !known.contains(&vmid)) {
                self.rrd.forget(&name, now)?;
            }
        }
        Ok(())
    }
}

impl Memory {
    /// Adds a pass to the rows of its minute; hands out the rows of the minute before when that has ended.
    fn note(&mut self, node: &str, snapshot: &Snapshot) -> Option<(i64, Vec<(String, Row)>)> {
        let minute = snapshot.time - snapshot.time.rem_euclid(60);
        let finished = (minute != self.minute && !self.rows.is_empty()).then(|| {
            let mut rows: Vec<_> = self.rows.drain().map(|(name, joined)| (name, joined.average())).collect();
            rows.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
            (self.minute, rows)
        });
        self.minute = minute;
        self.add(format!("node/{node}"), &series::node_row(&snapshot.node));
        for guest in snapshot.guests.values() {
            self.add(format!("vm/{}", guest.sample.vmid), &series::guest_row(guest));
        }
        for storage in snapshot.storages.iter().filter(|storage| storage.active) {
            self.add(format!("storage/{node}/{}", storage.storage), &series::storage_row(storage));
        }
        finished
    }

    fn add(&mut self, name: String, row: &[Option<f64>]) {
        self.rows.entry(name).or_default().add(row, row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        figures::tests::sample,
        sample::{GuestSample, Links},
        series::{Consolidation, Timeframe},
    };

    struct Guests(Mutex<Vec<GuestSample>>);

    impl Source for Guests {
        fn running(&self, links: &Links) -> Vec<GuestSample> {
            assert!(links.contains_key("lo"));
            self.0.lock().unwrap().clone()
        }
    }

    struct NoStorages;

    impl StorageSource for NoStorages {
        fn storages(&self) -> Vec<StorageSample> {
            let storage = StorageSample {
                storage: "local".into(),
                kind: "dir".into(),
                content: "iso".into(),
                shared: false,
                enabled: true,
                active: true,
                total: 100,
                used: 40,
                available: 60,
            };
            vec![storage]
        }
    }

    fn stats(directory: &std::path::Path, guests: Arc<Guests>) -> Arc<Stats> {
        let config = StatsConfig {
            node: "n1".into(),
            rrd: directory.join("rrd.db"),
            root: directory.to_owned(),
            sources: vec![guests],
            storages: Arc::new(NoStorages),
            guests: Box::new(|| [100].into()),
        };
        Stats::open(config).unwrap()
    }

    #[tokio::test]
    async fn a_pass_replaces_the_snapshot() {
        let directory = tempfile::tempdir().unwrap();
        let guests = Arc::new(Guests(Mutex::new(vec![sample(100), sample(101)])));
        let stats = stats(directory.path(), guests.clone());
        assert_eq!(stats.snapshot().tick, 0);
        stats.pass().await;
        let first = stats.snapshot();
        assert_eq!((first.tick, first.guests.len(), first.storages.len()), (1, 2, 1));
        assert!(first.node.memory.total > 0 && first.node.root.total > 0);
        guests.0.lock().unwrap().pop();
        stats.pass().await;
        assert_eq!(stats.snapshot().guests.len(), 1);
        assert!(stats.snapshot().guests[&100].rates.is_some());
        assert_eq!(first.guests.len(), 2, "who holds an old snapshot keeps it");
    }

    #[test]
    fn a_minute_is_written_when_it_has_ended() {
        let directory = tempfile::tempdir().unwrap();
        let guests = Arc::new(Guests(Mutex::new(vec![sample(100), sample(101)])));
        let stats = stats(directory.path(), guests);
        let start = 1_700_006_400;
        for time in (0..=60).step_by(10) {
            stats.collect(DiskSpace::default(), start + time).unwrap();
        }
        let read = |name: &str| {
            let points = stats.rrd().read(name, Timeframe::Hour, Consolidation::Average, start + 60).unwrap();
            points.last().unwrap().clone()
        };
        assert_eq!(read("vm/100").time, start);
        assert_eq!(read("vm/100").values[2], Some(f64::from(1 << 30)));
        assert_eq!(read("storage/n1/local").values, [Some(100.0), Some(40.0)]);
        assert!(read("node/n1").values[1].unwrap() >= 1.0);
        assert_eq!(
            stats.rrd().objects().unwrap(),
            ["node/n1", "storage/n1/local", "vm/100"],
            "101 is configured nowhere"
        );
    }
}
