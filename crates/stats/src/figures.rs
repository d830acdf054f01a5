//! From counters to figures: two passes and the time between them. Pure.

use std::collections::HashMap;

use host::proc::{CpuTimes, LinkCounters, Machine, Memory, Pressure};

use crate::sample::{GuestSample, Links};

/// A running guest's figures.
#[derive(Debug, Clone, PartialEq)]
pub struct GuestFigures {
    /// The counters of the last pass.
    pub sample: GuestSample,
    /// Processor use as a fraction of what it may use, 0 to 1. Zero in the first pass after its start.
    pub cpu: f64,
    /// Rates since the pass before; none in the first.
    pub rates: Option<Rates>,
}

/// Bytes a second.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rates {
    /// Network, received.
    pub net_in: f64,
    /// Network, sent.
    pub net_out: f64,
    /// Disks, read.
    pub disk_read: f64,
    /// Disks, written.
    pub disk_write: f64,
}

impl GuestFigures {
    /// Figures from a sample and the one `seconds` before it, if there was one of the same run.
    #[must_use]
    pub fn new(sample: GuestSample, before: Option<&GuestSample>, seconds: f64) -> Self {
        let before = before.filter(|before| before.pid == sample.pid && seconds > 0.0);
        let Some(before) = before else { return Self { sample, cpu: 0.0, rates: None } };
        let rate = |now: u64, then: u64| now.saturating_sub(then) as f64 / seconds;
        let used = rate(sample.cpu_time, before.cpu_time) / 1e9;
        let cpu = if sample.max_cpu > 0.0 { used / sample.max_cpu } else { 0.0 };
        let rates = Rates {
            net_in: rate(sample.net_in, before.net_in),
            net_out: rate(sample.net_out, before.net_out),
            disk_read: rate(sample.disk_read, before.disk_read),
            disk_write: rate(sample.disk_write, before.disk_write),
        };
        Self { sample, cpu, rates: Some(rates) }
    }
}

/// The node's figures.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NodeFigures {
    /// Processors.
    pub max_cpu: usize,
    /// Share of processor time in use since the last pass, 0 to 1.
    pub cpu: f64,
    /// Share in which processors waited for disks, 0 to 1.
    pub iowait: f64,
    /// Memory and swap.
    pub memory: Memory,
    /// Load of 1, 5 and 15 minutes as the kernel prints it.
    pub loadavg: [String; 3],
    /// Seconds since boot.
    pub uptime: u64,
    /// Size and use of the root file system, bytes.
    pub root: host::proc::DiskSpace,
    /// Bytes a second received by the network cards; none in the first pass.
    pub net_in: Option<f64>,
    /// Bytes a second sent.
    pub net_out: Option<f64>,
    /// Pressure on processors, where the kernel measures it.
    pub cpu_pressure: Option<Pressure>,
    /// Pressure on disks.
    pub io_pressure: Option<Pressure>,
    /// Pressure on memory.
    pub memory_pressure: Option<Pressure>,
}

impl NodeFigures {
    /// Figures from what was read now and `seconds` before.
    #[must_use]
    pub fn new(now: &Machine, before: Option<&Before>, seconds: f64) -> Self {
        let (cpu, iowait) = before.map_or((0.0, 0.0), |before| now.cpu.since(&before.cpu));
        let cards = card_counters(&now.links);
        let rate = |now: u64, then: u64| now.saturating_sub(then) as f64 / seconds;
        let rates = before.filter(|_| seconds > 0.0);
        Self {
            cpu,
            iowait,
            memory: now.memory,
            loadavg: now.loadavg.clone(),
            uptime: now.uptime as u64,
            net_in: rates.map(|before| rate(cards.received, before.cards.received)),
            net_out: rates.map(|before| rate(cards.sent, before.cards.sent)),
            cpu_pressure: now.cpu_pressure,
            io_pressure: now.io_pressure,
            memory_pressure: now.memory_pressure,
            ..Self::default()
        }
    }
}

/// What must be remembered of the machine for the next pass.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Before {
    /// Processor time.
    pub cpu: CpuTimes,
    /// Sum over network cards.
    pub cards: LinkCounters,
}

impl From<&Machine> for Before {
    fn from(machine: &Machine) -> Self {
        Self { cpu: machine.cpu, cards: card_counters(&machine.links) }
    }
}

/// Sums what went over real network cards: bridges, taps and the like would count the same bytes again.
fn card_counters(links: &Links) -> LinkCounters {
    // VLANs (eth0.5) run over a card that is counted already.
    let card =
        |name: &str| ["eth", "en", "ib", "nic", "wlan"].iter().any(|p| name.starts_with(p)) && !name.contains('.');
    links.iter().filter(|(name, _)| card(name)).fold(LinkCounters::default(), |sum, (_, link)| LinkCounters {
        received: sum.received + link.received,
        sent: sum.sent + link.sent,
    })
}

/// All guests' figures of one pass from the samples of this and the last one.
#[must_use]
pub fn guests(
    samples: Vec<GuestSample>,
    before: &HashMap<u32, GuestFigures>,
    seconds: f64,
) -> HashMap<u32, GuestFigures> {
    let figures = |sample: GuestSample| {
        let earlier = before.get(&sample.vmid).map(|figures| &figures.sample);
        (sample.vmid, GuestFigures::new(sample, earlier, seconds))
    };
    samples.into_iter().map(figures).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::sample::GuestKind;

    pub(crate) fn sample(vmid: u32) -> GuestSample {
        GuestSample {
            vmid,
            kind: GuestKind::Qemu,
            pid: vmid + 1000,
            state: "running",
            uptime: 5,
            max_cpu: 2.0,
            cpu_time: 0,
            mem: 1 << 20,
            mem_host: 2 << 20,
            max_mem: 1 << 30,
            swap: 0,
            disk: 0,
            max_disk: 32 << 30,
            net_in: 0,
            net_out: 0,
            disk_read: 0,
            disk_write: 0,
            pressure: None,
        }
    }

    #[test]
    fn rates_need_two_passes_of_the_same_run() {
        let first = GuestFigures::new(sample(100), None, 10.0);
        assert_eq!((first.cpu, first.rates), (0.0, None));

        let later = GuestSample { cpu_time: 5_000_000_000, net_in: 1000, disk_write: 50, ..sample(100) };
        let second = GuestFigures::new(later.clone(), Some(&first.sample), 10.0);
        assert_eq!(second.cpu, 0.25);
        assert_eq!(second.rates, Some(Rates { net_in: 100.0, disk_write: 5.0, ..Rates::default() }));

        let restarted = GuestSample { pid: 9, ..sample(100) };
        assert_eq!(GuestFigures::new(restarted, Some(&later), 10.0).rates, None);
        assert_eq!(GuestFigures::new(sample(100), Some(&later), 10.0).cpu, 0.0, "a counter that fell is no rate");
    }

    #[test]
    fn only_network_cards_count_for_the_node() {
        let link = |name: &str| (name.to_owned(), LinkCounters { received: 10, sent: 1 });
        let links: Links = ["lo", "eth0", "enp1s0", "enp1s0.5", "vmbr0", "tap100i0", "veth100i0"].map(link).into();
        assert_eq!(card_counters(&links), LinkCounters { received: 20, sent: 2 });
    }

    #[test]
    fn node_figures_are_rates_since_the_last_pass() {
        let machine = |busy: u64, received: u64| Machine {
            cpu: CpuTimes { user: busy, idle: 100 - busy, ..CpuTimes::default() },
            links: [("eth0".to_owned(), LinkCounters { received, sent: 0 })].into(),
            ..Machine::default()
        };
        let first = machine(0, 0);
        let mut now = machine(0, 500);
        now.cpu = CpuTimes { user: 75, idle: 125, ..CpuTimes::default() };
        let figures = NodeFigures::new(&now, Some(&Before::from(&first)), 10.0);
        assert_eq!((figures.cpu, figures.net_in), (0.75, Some(50.0)));
        assert_eq!(NodeFigures::new(&now, None, 10.0).net_in, None);
    }
}
