//! What the kernel tells about the machine: processors, memory, load, pressure, counters of links, disks.
//!
//! Every reader is a pure parser of the file's text plus a thin function that reads the file. Formats: proc(5) and
//! the kernel's `Documentation/filesystems/proc.rst`, pressure: `Documentation/accounting/psi.rst`.

use std::{
    collections::{BTreeSet, HashMap},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

/// Clock ticks a second of the figures in `/proc/stat`; part of the kernel's interface on all our architectures.
pub const USER_HZ: u64 = 100;

/// Processor time since boot, summed over all processors, in ticks of 1/[`USER_HZ`] s.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CpuTimes {
    /// In user mode (niced included), which includes the time of guests.
    pub user: u64,
    /// In the kernel, including interrupts.
    pub system: u64,
    /// Doing nothing.
    pub idle: u64,
    /// Doing nothing while waiting for a disk.
    pub iowait: u64,
    /// Taken away by the hypervisor below.
    pub steal: u64,
}

impl CpuTimes {
    /// All time there was.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.user + self.system + self.idle + self.iowait + self.steal
    }

    /// Fraction (0 to 1) of the time between `earlier` and now in which processors worked, and in which they waited
    /// for disks. Zero when no time has passed.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> (f64, f64) {
        let total = self.total().saturating_sub(earlier.total());
        if total == 0 {
            return (0.0, 0.0);
        }
        let idle = self.idle.saturating_sub(earlier.idle);
        let iowait = self.iowait.saturating_sub(earlier.iowait);
        let busy = total.saturating_sub(idle + iowait);
        (busy as f64 / total as f64, iowait as f64 / total as f64)
    }
}

/// Reads the first line of `/proc/stat`; `None` if it has no processor line.
#[must_use]
pub fn parse_stat(text: &str) -> Option<CpuTimes> {
    let line = text.lines().find_map(|line| line.strip_prefix("cpu "))?;
    let field: Vec<u64> = line.split_ascii_whitespace().map_while(|value| value.parse().ok()).collect();
    let at = |index: usize| field.get(index).copied().unwrap_or(0);
    Some(CpuTimes {
        user: at(0) + at(1),
        system: at(2) + at(5) + at(6),
        idle: *field.get(3)?,
        iowait: at(4),
        steal: at(7),
    })
}

/// Memory, bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Memory {
    /// All of it.
    pub total: u64,
    /// Not used for anything.
    pub free: u64,
    /// What programs could get without swapping.
    pub available: u64,
    /// All swap space.
    pub swap_total: u64,
    /// Swap space not in use.
    pub swap_free: u64,
}

impl Memory {
    /// In use, not counting caches that can be dropped.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.total.saturating_sub(self.available)
    }
}

/// Reads `/proc/meminfo`. What is missing is zero; `MemAvailable`, absent in some containers, is then the free memory
/// and the caches.
#[must_use]
pub fn parse_meminfo(text: &str) -> Memory {
    let mut memory = Memory::default();
    let (mut caches, mut available) = (0, None);
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        let (Some(key), Some(value)) = (words.next(), words.next()) else { continue };
        let Ok(kib) = value.parse::<u64>() else { continue };
        let bytes = kib.saturating_mul(1024);
        match key {
            "MemTotal:" => memory.total = bytes,
            "MemFree:" => memory.free = bytes,
            "MemAvailable:" => available = Some(bytes),
            "Buffers:" | "Cached:" | "SReclaimable:" => caches += bytes,
            "SwapTotal:" => memory.swap_total = bytes,
            "SwapFree:" => memory.swap_free = bytes,
            _ => {}
        }
    }
    memory.available = available.unwrap_or(memory.free + caches);
    memory
}

/// The share of the last ten seconds that work stood still for want of a resource, percent.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pressure {
    /// At least one task waited.
    pub some: f64,
    /// All tasks waited.
    pub full: f64,
}

/// Reads a pressure file of the kernel, of the machine or of a cgroup.
#[must_use]
pub fn parse_pressure(text: &str) -> Option<Pressure> {
    let average = |kind: &str| -> Option<f64> {
        let line = text.lines().find_map(|line| line.strip_prefix(kind))?;
        line.split_ascii_whitespace().find_map(|word| word.strip_prefix("avg10="))?.parse().ok()
    };
    Some(Pressure { some: average("some ")?, full: average("full ").unwrap_or(0.0) })
}

/// Bytes that went over a link since it exists, seen from the host.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LinkCounters {
    /// Came in.
    pub received: u64,
    /// Went out.
    pub sent: u64,
}

/// Reads `/proc/net/dev`: the counters of all links of this network namespace, by name.
#[must_use]
pub fn parse_net_dev(text: &str) -> HashMap<String, LinkCounters> {
    let line = |line: &str| -> Option<(String, LinkCounters)> {
        let (name, rest) = line.split_once(':')?;
        let mut fields = rest.split_ascii_whitespace();
        let received = fields.next()?.parse().ok()?;
        let sent = fields.nth(7)?.parse().ok()?;
        Some((name.trim().to_owned(), LinkCounters { received, sent }))
    };
    text.lines().filter_map(line).collect()
}

/// The processors of the machine.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CpuInfo {
    /// Processors the kernel schedules on.
    pub cpus: usize,
    /// Distinct cores.
    pub cores: usize,
    /// Distinct packages.
    pub sockets: usize,
    /// The maker's name of it.
    pub model: String,
    /// Present clock of the first one in MHz, as the kernel prints it.
    pub mhz: String,
    /// Features of the first one, separated by spaces.
    pub flags: String,
}

impl CpuInfo {
    /// Whether it has the instructions that hardware virtualization needs (Intel VT-x or AMD-V).
    #[must_use]
    pub fn hvm(&self) -> bool {
        self.flags.split(' ').any(|flag| flag == "vmx" || flag == "svm")
    }
}

/// Reads `/proc/cpuinfo` as on x86; on other architectures only `cpus` is certain.
#[must_use]
pub fn parse_cpuinfo(text: &str) -> CpuInfo {
    let mut info = CpuInfo::default();
    let (mut packages, mut cores, mut package) = (BTreeSet::new(), BTreeSet::new(), "0");
    for line in text.lines() {
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match key.trim() {
            "processor" => {
                info.cpus += 1;
                package = "0";
            }
            "physical id" => {
                package = value;
                packages.insert(value);
            }
            "core id" => {
                cores.insert((package, value));
            }
            "model name" if info.model.is_empty() => value.clone_into(&mut info.model),
            "cpu MHz" if info.mhz.is_empty() => value.clone_into(&mut info.mhz),
            "flags" | "Features" if info.flags.is_empty() => value.clone_into(&mut info.flags),
            _ => {}
        }
    }
    info.sockets = packages.len().max(1);
    info.cores = if cores.is_empty() { info.cpus } else { cores.len() };
    info
}

/// A kernel's version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KernelVersion {
    /// First number.
    pub major: u32,
    /// Second number.
    pub minor: u32,
    /// Third number, zero if there is none.
    pub patch: u32,
    /// What follows the numbers, without its dash.
    pub extra: String,
    /// All of it, as `uname -r` shows it.
    pub release: String,
}

/// Reads `/proc/version`.
#[must_use]
pub fn parse_version(text: &str) -> Option<KernelVersion> {
    let release = text.strip_prefix("Linux version ")?.split_ascii_whitespace().next()?;
    let (numbers, extra) = match release.find(|c: char| !c.is_ascii_digit() && c != '.') {
        Some(end) => release.split_at(end),
        None => (release, ""),
    };
    let mut numbers = numbers.split('.');
    let major = numbers.next()?.parse().ok()?;
    let minor = numbers.next()?.parse().ok()?;
    let patch = numbers.next().filter(|n| !n.is_empty()).map_or(Some(0), |n| n.parse().ok())?;
    let extra = extra.trim_start_matches('-').to_owned();
    Some(KernelVersion { major, minor, patch, extra, release: release.to_owned() })
}

/// Reads `/proc/uptime`: seconds since boot, and seconds that processors idled, summed.
#[must_use]
pub fn parse_uptime(text: &str) -> Option<(f64, f64)> {
    let mut words = text.split_ascii_whitespace().map(|word| word.parse().ok());
    Some((words.next()??, words.next()??))
}

/// Reads `/proc/loadavg`: the load of 1, 5 and 15 minutes, with the digits the kernel printed.
#[must_use]
pub fn parse_loadavg(text: &str) -> Option<[String; 3]> {
    let mut words = text.split_ascii_whitespace().map(str::to_owned);
    Some([words.next()?, words.next()?, words.next()?])
}

/// Everything above, read once.
#[derive(Debug, Clone, Default)]
pub struct Machine {
    /// Processor time since boot.
    pub cpu: CpuTimes,
    /// Memory and swap.
    pub memory: Memory,
    /// Load of 1, 5 and 15 minutes.
    pub loadavg: [String; 3],
    /// Seconds since boot.
    pub uptime: f64,
    /// Idle seconds of all processors since boot.
    pub idle: f64,
    /// Pressure on processors, where the kernel measures it.
    pub cpu_pressure: Option<Pressure>,
    /// Pressure on disks.
    pub io_pressure: Option<Pressure>,
    /// Pressure on memory.
    pub memory_pressure: Option<Pressure>,
    /// Counters of all links.
    pub links: HashMap<String, LinkCounters>,
}

impl Machine {
    /// Reads the machine's figures; costs a fraction of a millisecond and blocks on nothing.
    ///
    /// # Errors
    /// When `/proc` is not mounted or not readable.
    pub fn read() -> io::Result<Self> {
        let text = |name: &str| std::fs::read_to_string(Path::new("/proc").join(name));
        let broken =
            |name: &str| io::Error::new(io::ErrorKind::InvalidData, format!("unable to understand /proc/{name}"));
        let pressure = |name: &str| text(name).ok().as_deref().and_then(parse_pressure);
        let (uptime, idle) = parse_uptime(&text("uptime")?).ok_or_else(|| broken("uptime"))?;
        Ok(Self {
            cpu: parse_stat(&text("stat")?).ok_or_else(|| broken("stat"))?,
            memory: parse_meminfo(&text("meminfo")?),
            loadavg: parse_loadavg(&text("loadavg")?).ok_or_else(|| broken("loadavg"))?,
            uptime,
            idle,
            cpu_pressure: pressure("pressure/cpu"),
            io_pressure: pressure("pressure/io"),
            memory_pressure: pressure("pressure/memory"),
            links: links()?,
        })
    }
}

/// The counters of all links now.
///
/// # Errors
/// When `/proc` is not readable.
pub fn links() -> io::Result<HashMap<String, LinkCounters>> {
    Ok(parse_net_dev(&std::fs::read_to_string("/proc/thread-self/net/dev")?))
}

/// The processors of this machine.
///
/// # Errors
/// When `/proc` is not readable.
pub fn cpuinfo() -> io::Result<CpuInfo> {
    Ok(parse_cpuinfo(&std::fs::read_to_string("/proc/cpuinfo")?))
}

/// The running kernel: name, release, version and machine, as `uname` tells them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kernel {
    /// `Linux`
    pub sysname: String,
    /// `6.12.1-amd64`
    pub release: String,
    /// `#1 SMP …`
    pub version: String,
    /// `x86_64`
    pub machine: String,
}

/// The running kernel.
#[must_use]
pub fn kernel() -> Kernel {
    let Ok(name) = nix::sys::utsname::uname() else { return Kernel::default() };
    let text = |part: &std::ffi::OsStr| part.to_string_lossy().into_owned();
    Kernel {
        sysname: text(name.sysname()),
        release: text(name.release()),
        version: text(name.version()),
        machine: text(name.machine()),
    }
}

/// The machine's name, without its domain.
#[must_use]
pub fn hostname() -> String {
    let name = nix::sys::utsname::uname().map(|name| name.nodename().to_string_lossy().into_owned());
    name.unwrap_or_default().split('.').next().unwrap_or_default().to_owned()
}

/// How the machine was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BootMode {
    /// By EFI firmware; `secure` tells whether it accepts signed loaders only.
    Efi {
        /// Secure boot is on.
        secure: bool,
    },
    /// By a BIOS, or something without EFI variables such as direct kernel boot.
    LegacyBios,
}

/// How this machine was started.
#[must_use]
pub fn boot_mode() -> BootMode {
    let efi = Path::new("/sys/firmware/efi");
    if !efi.exists() {
        return BootMode::LegacyBios;
    }
    // Four bytes of attributes, then one of value; the name's suffix is the EFI global variables' GUID.
    let variable = efi.join("efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c");
    let secure = std::fs::read(variable).is_ok_and(|value| value.get(4) == Some(&1));
    BootMode::Efi { secure }
}

/// Memory that kernel samepage merging saves, bytes; zero where the kernel lacks it.
#[must_use]
pub fn ksm_shared() -> u64 {
    let pages = std::fs::read_to_string("/sys/kernel/mm/ksm/pages_sharing").ok();
    let pages = pages.and_then(|text| text.trim().parse::<u64>().ok()).unwrap_or(0);
    pages.saturating_mul(rustix::param::page_size() as u64)
}

/// Bytes a process had read from and written to disks since it started; nothing if it is gone.
#[must_use]
pub fn process_io(pid: u32) -> Option<(u64, u64)> {
    parse_process_io(&std::fs::read_to_string(format!("/proc/{pid}/io")).ok()?)
}

/// Reads `/proc/{pid}/io`.
fn parse_process_io(text: &str) -> Option<(u64, u64)> {
    let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key))?.trim().parse().ok();
    Some((value("read_bytes:")?, value("write_bytes:")?))
}

/// Space of a file system, bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DiskSpace {
    /// All of it.
    pub total: u64,
    /// In use.
    pub used: u64,
    /// What a user may still take.
    pub available: u64,
    /// Not in use, including what is reserved for root.
    pub free: u64,
}

/// Asks for the space of the file system that holds `path`, and gives up after `deadline`: a dead network file system
/// would block for ever.
///
/// # Errors
/// When the path does not exist or the file system does not answer in time.
pub async fn disk_space(path: impl Into<PathBuf>, deadline: Duration) -> io::Result<DiskSpace> {
    let path = path.into();
    let shown = path.display().to_string();
    let ask = tokio::task::spawn_blocking(move || nix::sys::statvfs::statvfs(&path));
    let answer = tokio::time::timeout(deadline, ask).await.map_err(|_| {
        let seconds = deadline.as_secs();
        io::Error::new(io::ErrorKind::TimedOut, format!("file system of '{shown}': got timeout after {seconds} s"))
    })?;
    let stat = answer.map_err(io::Error::other)??;
    let unit = stat.fragment_size() as u64;
    let (blocks, free) = (stat.blocks() as u64, stat.blocks_free() as u64);
    Ok(DiskSpace {
        total: blocks * unit,
        used: blocks.saturating_sub(free) * unit,
        available: stat.blocks_available() as u64 * unit,
        free: free * unit,
    })
}

#[cfg(test)]
#[path = "proc_tests.rs"]
mod tests;
