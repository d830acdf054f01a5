//! What a collector's pass over 1,000 guests costs, each with files of its own to read: `metric value unit` lines.
//!
//! The guests are stand-ins that read `/proc/self/{stat,io}` each, which is what a virtual machine costs.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use stats::{GuestKind, GuestSample, Links, Source, Stats, StatsConfig, StorageSample, StorageSource};

struct Stand;

impl Source for Stand {
    fn running(&self, _links: &Links) -> Vec<GuestSample> {
        let guest = |vmid: u32| {
            let stat = host::process::Process::find(std::process::id()).and_then(|process| process.stat());
            let (read, written) = host::proc::process_io(std::process::id()).unwrap_or_default();
            let ticks = stat.as_ref().map_or(0, |stat| stat.cpu_ticks);
            GuestSample {
                vmid,
                kind: GuestKind::Qemu,
                pid: 1,
                state: "running",
                uptime: 1,
                max_cpu: 2.0,
                cpu_time: ticks * 10_000_000,
                mem: stat.as_ref().map_or(0, |stat| stat.rss),
                mem_host: 0,
                max_mem: 1 << 30,
                swap: 0,
                disk: 0,
                max_disk: 1 << 30,
                net_in: ticks,
                net_out: ticks * 2,
                disk_read: read,
                disk_write: written,
                pressure: None,
            }
        };
        (100..1100).map(guest).collect()
    }
}

struct NoStorages;

impl StorageSource for NoStorages {
    fn storages(&self) -> Vec<StorageSample> {
        Vec::new()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::temp_dir().join(format!("collect-{}.db", std::process::id()));
    let config = StatsConfig {
        node: "n1".into(),
        rrd: path.clone(),
        root: "/".into(),
        sources: vec![Arc::new(Stand)],
        storages: Arc::new(NoStorages),
        guests: Box::new(|| (100..1100).collect()),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let stats = Stats::open(config)?;
    let mut costs = Vec::new();
    runtime.block_on(async {
        for _ in 0..20 {
            stats.pass().await;
            costs.push(stats.snapshot().cost);
        }
    });
    costs.sort_unstable();
    println!("pass-of-1000-guests {:.2} ms", costs[costs.len() / 2].as_secs_f64() * 1e3);

    let rows: Vec<_> = (0..1000).map(|vmid| (format!("vm/{vmid}"), vec![Some(f64::from(vmid) + 0.1); 17])).collect();
    let started = Instant::now();
    for minute in 0..30 {
        stats.rrd().write(1_700_006_400 + minute * 60, &rows)?;
    }
    println!("minute-written-of-1000-guests {:.2} ms", started.elapsed().as_secs_f64() * 1e3 / 30.0);
    let started = Instant::now();
    stats.rrd().read("vm/500", stats::Timeframe::Day, stats::Consolidation::Average, 1_700_008_200)?;
    println!("day-read {:.2} ms", started.elapsed().max(Duration::ZERO).as_secs_f64() * 1e3);
    std::fs::remove_file(&path)?;
    Ok(())
}
