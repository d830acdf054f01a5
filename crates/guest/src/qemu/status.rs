//! How VMs are doing.

use schema::Vmid;
use serde_json::{Value, json};
use stats::{GuestKind, GuestPressure, GuestSample, Links, Source};

use super::{
    cmdline::memory_mib,
    config::VmConfig,
    running::QUICK,
    vms::{Vm, Vms},
};
use crate::config_file::Pending;

/// What is known of a VM without asking it.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// Its ID.
    pub vmid: Vmid,
    /// Its name.
    pub name: String,
    /// Whether its process lives.
    pub running: bool,
    /// What QEMU said last: `running`, `paused`, …; `stopped` without a process, `unknown` while it does not answer.
    pub state: &'static str,
    /// Its process.
    pub pid: Option<u32>,
    /// Seconds since its start, 0 if it does not run.
    pub uptime: u64,
    /// Processors it has.
    pub cpus: u64,
    /// Memory it has, bytes.
    pub maxmem: u64,
    /// Size of the disk it boots from, bytes; 0 if unknown.
    pub maxdisk: u64,
    /// Whether it serves only for being cloned.
    pub template: bool,
    /// What it is locked for.
    pub lock: Option<String>,
    /// Its tags.
    pub tags: Option<String>,
    /// Whether it has a serial port for consoles.
    pub serial: bool,
    /// Machine type of the running process.
    pub machine: Option<String>,
    /// Since when QEMU does not answer, seconds since 1970.
    pub silent: Option<i64>,
}

impl Vm {
    /// All options, with pending changes beside them.
    #[must_use]
    pub fn pending(&self) -> Vec<Pending> {
        let mut options = self.file.options();
        for option in &mut options {
            for value in [&mut option.value, &mut option.pending].into_iter().flatten() {
                *value = masked(&option.key, value);
            }
        }
        options
    }

    /// The options as the API shows them: those in force (`current`), or as they will be at the next start.
    #[must_use]
    pub fn shown(&self, current: bool) -> Vec<(String, String)> {
        let options = if current { self.file.main.clone() } else { self.file.at_next_start() };
        options.iter().map(|(key, value)| (key.to_owned(), masked(key, value))).collect()
    }
}

/// Passwords are never shown.
pub(super) fn masked(key: &str, value: &str) -> String {
    if key == "cipassword" { "**********".to_owned() } else { value.to_owned() }
}

fn cpus(config: &VmConfig) -> u64 {
    let most = config.sockets.or(config.smp).unwrap_or(1) * config.cores.unwrap_or(1);
    let host = std::thread::available_parallelism().map_or(most, |cpus| cpus.get() as u64);
    config.vcpus.unwrap_or(most).min(host)
}

/// The size of the disk that a VM boots from, by its configuration, bytes.
fn boot_disk_size(vm: &Vm) -> u64 {
    let order = vm.config.boot.as_ref().and_then(|boot| boot.order.as_deref()).unwrap_or_default();
    let named = order.split(';').chain(vm.config.bootdisk.as_deref());
    let mut disks = named.filter_map(|key| vm.file.main.get(key)).filter(|value| !super::pending::is_cdrom(value));
    let size = disks.find_map(|value| value.split(',').find_map(|part| part.strip_prefix("size=")));
    size.and_then(schema::size::parse_disk_size).unwrap_or(0)
}

/// Seconds since a process started.
fn uptime(start: u64, now: f64) -> u64 {
    let started = start as f64 / host::process::ticks_per_second() as f64;
    (now - started).max(0.0) as u64
}

fn now() -> f64 {
    let text = std::fs::read_to_string("/proc/uptime").unwrap_or_default();
    host::proc::parse_uptime(&text).map_or(0.0, |(up, _)| up)
}

impl Vms {
    /// How all VMs of this node are doing. Asks none of them.
    #[must_use]
    pub fn statuses(&self) -> Vec<Status> {
        let now = now();
        self.ids().into_iter().filter_map(|vmid| Some(self.status_at(vmid, &*self.get(vmid).ok()?, now))).collect()
    }

    /// How a VM is doing. Does not ask it.
    ///
    /// # Errors
    /// When there is no such VM on this node.
    pub fn status(&self, vmid: Vmid) -> Result<Status, super::VmError> {
        Ok(self.status_at(vmid, &*self.get(vmid)?, now()))
    }

    fn status_at(&self, vmid: Vmid, vm: &Vm, now: f64) -> Status {
        let running = self.running(vmid);
        Status {
            vmid,
            name: vm.name(vmid),
            running: running.is_some(),
            state: running.as_ref().map_or("stopped", |running| running.shown()),
            pid: running.as_ref().map(|running| running.process.pid),
            uptime: running.as_ref().map_or(0, |running| uptime(running.process.start, now)),
            cpus: cpus(&vm.config),
            maxmem: memory_mib(&vm.config) << 20,
            maxdisk: boot_disk_size(vm),
            template: vm.is_template(),
            lock: vm.file.main.get("lock").map(str::to_owned),
            tags: vm.config.tags.clone().filter(|tags| !tags.is_empty()),
            serial: !vm.config.serial.is_empty(),
            silent: running.as_ref().and_then(|running| running.silent()),
            machine: running.and_then(|running| running.machine.clone()),
        }
    }

    /// What a running VM answers about its devices: `blockstat` as QEMU words it, `ballooninfo` and `freemem` with what the
    /// guest told last, and the version `running-qemu`. What it does not answer soon is left out.
    pub async fn details(&self, vmid: Vmid) -> Vec<(&'static str, Value)> {
        let Some(running) = self.running(vmid).filter(|running| running.silent().is_none()) else { return Vec::new() };
        let (balloon, block, version) = tokio::join!(
            running.call("query-balloon", json!({}), QUICK),
            running.call("query-blockstats", json!({}), QUICK),
            running.call("query-version", json!({}), QUICK),
        );
        let mut details = Vec::new();
        if let Ok(balloon) = balloon {
            details.push(("balloon", balloon["actual"].clone()));
            let mut info = serde_json::Map::from_iter([("actual".to_owned(), balloon["actual"].clone())]);
            if let Ok(vm) = self.get(vmid) {
                info.insert("max_mem".to_owned(), (memory_mib(&vm.config) << 20).into());
            }
            if let Some(memory) = running.memory() {
                details.push(("freemem", memory.free.into()));
                memory.extend(&mut info);
            }
            details.push(("ballooninfo", info.into()));
        }
        if let Ok(block) = block {
            let drives = block.as_array().into_iter().flatten().filter_map(|drive| {
                let node = drive["node-name"].as_str().or(drive["qdev"].as_str())?;
                Some((node.trim_start_matches("drive-").to_owned(), drive["stats"].clone()))
            });
            details.push(("blockstat", drives.collect::<serde_json::Map<_, _>>().into()));
        }
        if let Ok(version) = version {
            let part = |name: &str| version["qemu"][name].as_u64().unwrap_or(0);
            let text = format!("{}.{}.{}", part("major"), part("minor"), part("micro"));
            details.push(("running-qemu", text.into()));
        }
        details
    }
}

/// Where the VM has a control group of its own: that of the scope in which systemd runs it.
fn pressure(pid: u32, vmid: Vmid) -> Option<GuestPressure> {
    let seen = host::cgroup::scope_pressure(pid, &format!("{vmid}.scope"))?;
    Some(GuestPressure {
        cpu: host::proc::Pressure { some: seen.cpu_some, full: seen.cpu_full },
        io: host::proc::Pressure { some: seen.io_some, full: seen.io_full },
        memory: host::proc::Pressure { some: seen.memory_some, full: seen.memory_full },
    })
}

impl Source for Vms {
    fn running(&self, links: &Links) -> Vec<GuestSample> {
        let now = now();
        self.ids().into_iter().filter_map(|vmid| self.sample(vmid, links, now)).collect()
    }
}

impl Vms {
    fn sample(&self, vmid: Vmid, links: &Links, now: f64) -> Option<GuestSample> {
        let running = Self::running(self, vmid)?;
        let vm = self.get(vmid).ok()?;
        let stat = running.process.stat()?;
        let (disk_read, disk_write) = host::proc::process_io(running.process.pid).unwrap_or_default();
        let taps: Vec<_> =
            vm.config.net.keys().filter_map(|index| links.get(&super::cmdline::tap_name(vmid.get(), *index))).collect();
        Some(GuestSample {
            vmid: vmid.get(),
            kind: GuestKind::Qemu,
            pid: running.process.pid,
            state: running.shown(),
            uptime: uptime(running.process.start, now),
            max_cpu: cpus(&vm.config) as f64,
            cpu_time: stat.cpu_ticks * (1_000_000_000 / host::process::ticks_per_second()),
            mem: running.memory().map_or(stat.rss, |memory| memory.used()),
            mem_host: stat.rss,
            max_mem: memory_mib(&vm.config) << 20,
            swap: 0,
            disk: 0,
            max_disk: boot_disk_size(&vm),
            // What the host's end sends is what the guest receives.
            net_in: taps.iter().map(|link| link.sent).sum(),
            net_out: taps.iter().map(|link| link.received).sum(),
            disk_read,
            disk_write,
            pressure: pressure(running.process.pid, vmid),
        })
    }
}
