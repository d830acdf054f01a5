//! What the owners of guests and storages tell the collector: raw counters, read without waiting for anybody.

use std::collections::HashMap;

use host::proc::LinkCounters;
pub use store::guests::GuestKind;

/// Counters of the host's links by name, read once for all guests.
pub type Links = HashMap<String, LinkCounters>;

/// What a running guest has used so far. Counters start at zero when it starts.
#[derive(Debug, Clone, PartialEq)]
pub struct GuestSample {
    /// Its number.
    pub vmid: u32,
    /// Which kind.
    pub kind: GuestKind,
    /// The process that stands for it; when this changes, counters began anew.
    pub pid: u32,
    /// What its supervisor says beyond that the process lives: `running`, `paused`, `prelaunch`, …
    pub state: &'static str,
    /// Seconds since it started.
    pub uptime: u64,
    /// Processors it may use.
    pub max_cpu: f64,
    /// Processor time used, nanoseconds.
    pub cpu_time: u64,
    /// Memory in use as seen inside where that is known, otherwise as `mem_host`; bytes.
    pub mem: u64,
    /// Memory of the host that it occupies, bytes.
    pub mem_host: u64,
    /// Memory it may use, bytes.
    pub max_mem: u64,
    /// Swap of the host that it occupies, bytes; zero where nobody counts that.
    pub swap: u64,
    /// Disk space in use inside it, bytes; zero for virtual machines, whose disks nobody can look into.
    pub disk: u64,
    /// Size of its root disk, bytes.
    pub max_disk: u64,
    /// Bytes it received over the network. (A tap's or veth's host end *sends* these.)
    pub net_in: u64,
    /// Bytes it sent.
    pub net_out: u64,
    /// Bytes read from its disks.
    pub disk_read: u64,
    /// Bytes written to its disks.
    pub disk_write: u64,
    /// Pressure on its processors, disks and memory, where its cgroup measures that.
    pub pressure: Option<GuestPressure>,
}

/// Share of the last ten seconds in which a guest's work stood still, percent: of some and of all of its tasks.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct GuestPressure {
    /// For want of processors.
    pub cpu: host::proc::Pressure,
    /// For want of disks.
    pub io: host::proc::Pressure,
    /// For want of memory.
    pub memory: host::proc::Pressure,
}

/// Whoever runs guests. Asked every ten seconds for all of them at once, on a thread that may read files.
pub trait Source: Send + Sync {
    /// The guests that run now. Reads files of `/proc` and cgroups, starts no program, and waits for no guest: what
    /// only a guest can tell (QMP, an agent) is what it told last.
    fn running(&self, links: &Links) -> Vec<GuestSample>;
}

/// The state of a storage as its owner knew it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageSample {
    /// Its name.
    pub storage: String,
    /// Its type: `dir`, …
    pub kind: String,
    /// What it may hold, comma separated.
    pub content: String,
    /// Other nodes have the same data under this name.
    pub shared: bool,
    /// It is not switched off.
    pub enabled: bool,
    /// It could be reached.
    pub active: bool,
    /// Its size, bytes; zero when not reached.
    pub total: u64,
    /// In use, bytes.
    pub used: u64,
    /// Left, bytes.
    pub available: u64,
}

/// Whoever knows the storages of this node. Asked every ten seconds; answers from memory.
pub trait StorageSource: Send + Sync {
    /// The storages of this node.
    fn storages(&self) -> Vec<StorageSample>;
}
