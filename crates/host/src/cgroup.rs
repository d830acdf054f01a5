//! Control groups of guests: what they used, and their limits, on cgroup v2 and on v1 (also in a hybrid, where v2 is
//! mounted beside v1 but has no controllers).
//!
//! Files are those of cgroups(7): the kernel's `admin-guide/cgroup-v2.rst` and `admin-guide/cgroup-v1/`.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

/// The limit of memory and swap together on v1.
const MEMORY_AND_SWAP: &str = "memory.memsw.limit_in_bytes";

/// Which hierarchy has the controllers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Everything below one v2 mount.
    Unified,
    /// Controllers on v1 mounts; perhaps an empty v2 mount beside them.
    Legacy,
}

/// The mounted hierarchies of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cgroups {
    mode: Mode,
    unified: Option<PathBuf>,
    legacy: BTreeMap<String, PathBuf>,
}

/// What a group used since it was made. Unknown figures (a controller that is not there) are none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage {
    /// Processor time, nanoseconds.
    pub cpu_nanoseconds: Option<u64>,
    /// Memory without page cache, bytes.
    pub memory: Option<u64>,
    /// Swap, bytes.
    pub swap: Option<u64>,
    /// Bytes read from block devices.
    pub disk_read: Option<u64>,
    /// Bytes written to block devices.
    pub disk_written: Option<u64>,
    /// Processes and threads.
    pub pids: Option<u64>,
    /// Pressure stall information, where the kernel keeps it a group (v2).
    pub pressure: Option<Pressure>,
}

/// Shares of the last ten seconds, in percent, during which some or all tasks waited.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pressure {
    /// Some waited for a processor.
    pub cpu_some: f64,
    /// All waited for a processor.
    pub cpu_full: f64,
    /// Some waited for input/output.
    pub io_some: f64,
    /// All waited for input/output.
    pub io_full: f64,
    /// Some waited for memory.
    pub memory_some: f64,
    /// All waited for memory.
    pub memory_full: f64,
}

/// The pressure in the control group of a process, if that group is the scope `name` of systemd and the kernel measures
/// it (cgroup v2).
#[must_use]
pub fn scope_pressure(pid: u32, name: &str) -> Option<Pressure> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/cgroup")).ok()?;
    let path = scope_path(&text, name)?;
    Cgroups::detect().ok()?.group(path).pressure()
}

/// The unified group of a process (cgroups(7), `/proc/PID/cgroup`), if its last part is `name`.
fn scope_path<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let path = text.lines().find_map(|line| line.strip_prefix("0::"))?;
    (path.rsplit('/').next() == Some(name)).then_some(path)
}

impl Cgroups {
    /// The hierarchies as they are mounted now.
    ///
    /// # Errors
    /// When `/proc/self/mounts` cannot be read.
    pub fn detect() -> io::Result<Self> {
        Ok(Self::parse(&std::fs::read_to_string("/proc/self/mounts")?))
    }

    fn parse(mounts: &str) -> Self {
        let (mut unified, mut legacy) = (None, BTreeMap::new());
        for line in mounts.lines() {
            let mut fields = line.split(' ');
            let (Some(_), Some(target), Some(kind), Some(options)) =
                (fields.next(), fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            match kind {
                "cgroup2" => unified = unified.or(Some(PathBuf::from(target))),
                "cgroup" => {
                    for option in options.split(',') {
                        legacy.entry(option.to_owned()).or_insert_with(|| PathBuf::from(target));
                    }
                }
                _ => {}
            }
        }
        let mode = if legacy.contains_key("memory") || legacy.contains_key("cpu") || unified.is_none() {
            Mode::Legacy
        } else {
            Mode::Unified
        };
        Self { mode, unified, legacy }
    }

    /// Half of the processes that the machine can have, as the most of one guest: no fork bomb takes the host's. Nothing
    /// where no controller counts them.
    #[must_use]
    pub fn most_processes(&self) -> Option<u64> {
        let controllers = || std::fs::read_to_string(self.unified.as_ref()?.join("cgroup.controllers")).ok();
        let counted = match self.mode {
            Mode::Legacy => self.legacy.contains_key("pids"),
            Mode::Unified => controllers().is_some_and(|all| all.split_whitespace().any(|name| name == "pids")),
        };
        let limit = |name: &str| {
            let text = std::fs::read_to_string(Path::new("/proc/sys/kernel").join(name)).ok()?;
            text.trim().parse::<u64>().ok()
        };
        let all = [limit("pid_max"), limit("threads-max")].into_iter().flatten().min()?;
        counted.then_some(all / 2)
    }

    /// Whether the kernel counts swap. That of v1 does not always (`swapaccount=1` makes older ones do).
    #[must_use]
    pub fn counts_swap(&self) -> bool {
        let memory = self.legacy.get("memory");
        self.mode == Mode::Unified || memory.is_some_and(|mount| mount.join(MEMORY_AND_SWAP).exists())
    }

    /// Which hierarchy has the controllers.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// A group by its path below the hierarchies' roots, such as `lxc/100`. It need not exist.
    #[must_use]
    pub fn group(&self, path: &str) -> Group<'_> {
        Group { cgroups: self, path: path.trim_start_matches('/').to_owned() }
    }

    /// Where a controller's files are.
    fn controller(&self, name: &str) -> Option<&Path> {
        match self.mode {
            Mode::Unified => self.unified.as_deref(),
            Mode::Legacy => self.legacy.get(name).map(PathBuf::as_path),
        }
    }
}

/// One group of processes.
pub struct Group<'a> {
    cgroups: &'a Cgroups,
    path: String,
}

impl Group<'_> {
    fn file(&self, controller: &str, file: &str) -> Option<PathBuf> {
        Some(self.cgroups.controller(controller)?.join(&self.path).join(file))
    }

    fn read(&self, controller: &str, file: &str) -> Option<String> {
        std::fs::read_to_string(self.file(controller, file)?).ok()
    }

    fn number(&self, controller: &str, file: &str) -> Option<u64> {
        self.read(controller, file)?.trim().parse().ok()
    }

    fn write(&self, controller: &str, file: &str, value: &str) -> io::Result<()> {
        let path = self.file(controller, file).ok_or_else(|| {
            io::Error::new(io::ErrorKind::Unsupported, format!("the kernel has no cgroup controller '{controller}'"))
        })?;
        std::fs::write(&path, value)
            .map_err(|err| io::Error::new(err.kind(), format!("cannot set {} to {value}: {err}", path.display())))
    }

    /// Writes a file of a controller of v1 in the group and in all below it, which do not follow by themselves.
    pub(crate) fn write_below(&self, controller: &str, file: &str, value: &str) -> io::Result<()> {
        self.write(controller, file, value)?;
        let mut open: Vec<PathBuf> = self.file(controller, "").into_iter().collect();
        while let Some(directory) = open.pop() {
            for entry in std::fs::read_dir(&directory)?.flatten().filter(|entry| entry.path().is_dir()) {
                match std::fs::write(entry.path().join(file), value) {
                    Err(err) if err.kind() != io::ErrorKind::NotFound => return Err(err),
                    _ => open.push(entry.path()),
                }
            }
        }
        Ok(())
    }

    /// Every hierarchy's directory of this group that exists.
    fn directories(&self) -> Vec<PathBuf> {
        let mut roots: Vec<&PathBuf> = self.cgroups.legacy.values().chain(&self.cgroups.unified).collect();
        roots.sort();
        roots.dedup();
        roots.into_iter().map(|root| root.join(&self.path)).filter(|path| path.is_dir()).collect()
    }

    /// Whether the group is there.
    #[must_use]
    pub fn exists(&self) -> bool {
        !self.directories().is_empty()
    }

    /// The processes in the group and the groups below it.
    #[must_use]
    pub fn processes(&self) -> Vec<u32> {
        let mut pids = Vec::new();
        let mut open = self.directories();
        // One hierarchy suffices: each process is in every one.
        open.truncate(1);
        while let Some(directory) = open.pop() {
            let text = std::fs::read_to_string(directory.join("cgroup.procs")).unwrap_or_default();
            pids.extend(text.lines().filter_map(|line| line.parse::<u32>().ok()));
            let below = std::fs::read_dir(&directory).into_iter().flatten().flatten();
            open.extend(below.map(|entry| entry.path()).filter(|path| path.is_dir()));
        }
        pids.sort_unstable();
        pids
    }

    /// Makes the group in a controller's hierarchy, if it is not there, and puts a process with all its threads into it.
    ///
    /// # Errors
    /// When the kernel has no such controller or refuses.
    pub fn hold(&self, controller: &str, pid: u32) -> io::Result<()> {
        let missing = || {
            let why = format!("the kernel has no cgroup controller '{controller}'");
            io::Error::new(io::ErrorKind::Unsupported, why)
        };
        let root = self.cgroups.controller(controller).ok_or_else(missing)?;
        let mut directory = root.to_owned();
        for part in Path::new(&self.path) {
            if self.cgroups.mode == Mode::Unified {
                std::fs::write(directory.join("cgroup.subtree_control"), format!("+{controller}"))?;
            }
            directory.push(part);
            match std::fs::create_dir(&directory) {
                Err(err) if err.kind() != io::ErrorKind::AlreadyExists => return Err(err),
                _ => {}
            }
        }
        self.write(controller, "cgroup.procs", &pid.to_string())
    }

    /// Removes the group and the empty groups below it; what still holds a process stays.
    pub fn remove(&self) {
        for directory in self.directories() {
            remove_tree(&directory);
        }
    }

    /// What the group used.
    #[must_use]
    pub fn usage(&self) -> Usage {
        match self.cgroups.mode {
            Mode::Unified => self.usage_unified(),
            Mode::Legacy => self.usage_legacy(),
        }
    }

    fn usage_unified(&self) -> Usage {
        let cpu = self.read("cpu", "cpu.stat").and_then(|text| keyed(&text, "usage_usec"));
        let cache = self.read("memory", "memory.stat").and_then(|text| keyed(&text, "file")).unwrap_or(0);
        let io = self.read("io", "io.stat");
        Usage {
            cpu_nanoseconds: cpu.map(|microseconds| microseconds * 1000),
            memory: self.number("memory", "memory.current").map(|used| used.saturating_sub(cache)),
            swap: self.number("memory", "memory.swap.current"),
            disk_read: io.as_deref().map(|text| io_sum(text, "rbytes=")),
            disk_written: io.as_deref().map(|text| io_sum(text, "wbytes=")),
            pids: self.number("pids", "pids.current"),
            pressure: self.pressure(),
        }
    }

    fn usage_legacy(&self) -> Usage {
        let stat = self.read("memory", "memory.stat");
        let cache = stat.as_deref().and_then(|text| keyed(text, "total_cache")).unwrap_or(0);
        let used = self.number("memory", "memory.usage_in_bytes");
        let with_swap = self.number("memory", "memory.memsw.usage_in_bytes");
        let io = self.read("blkio", "blkio.throttle.io_service_bytes");
        Usage {
            cpu_nanoseconds: self.number("cpuacct", "cpuacct.usage"),
            memory: used.map(|used| used.saturating_sub(cache)),
            swap: with_swap.zip(used).map(|(both, memory)| both.saturating_sub(memory)),
            disk_read: io.as_deref().map(|text| service_sum(text, "Read")),
            disk_written: io.as_deref().map(|text| service_sum(text, "Write")),
            pids: self.number("pids", "pids.current"),
            pressure: None,
        }
    }

    fn pressure(&self) -> Option<Pressure> {
        let read = |file| self.read("", file).map(|text| (stalled(&text, "some"), stalled(&text, "full")));
        let (cpu_some, cpu_full) = read("cpu.pressure")?;
        let (io_some, io_full) = read("io.pressure")?;
        let (memory_some, memory_full) = read("memory.pressure")?;
        Some(Pressure { cpu_some, cpu_full, io_some, io_full, memory_some, memory_full })
    }

    /// Changes the limits of memory and of swap beside it, bytes, of a running group.
    ///
    /// # Errors
    /// When the kernel refuses: it cannot push so much out.
    pub fn set_memory(&self, memory: u64, swap: u64) -> io::Result<()> {
        match self.cgroups.mode {
            Mode::Unified => {
                self.write("memory", "memory.high", &memory_high(memory).to_string())?;
                self.write("memory", "memory.max", &memory.to_string())?;
                self.write("memory", "memory.swap.max", &swap.to_string())
            }
            Mode::Legacy => {
                if !self.cgroups.counts_swap() {
                    return self.write("memory", "memory.limit_in_bytes", &memory.to_string());
                }
                let both = memory.saturating_add(swap).to_string();
                let grows = self.number("memory", "memory.limit_in_bytes").is_some_and(|now| memory > now);
                // The sum may never be below the memory limit, not even between two writes.
                if grows {
                    self.write("memory", MEMORY_AND_SWAP, &both)?;
                }
                self.write("memory", "memory.limit_in_bytes", &memory.to_string())?;
                self.write("memory", MEMORY_AND_SWAP, &both)
            }
        }
    }

    /// Limits processor time to so many processors' worth; none lifts the limit.
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn set_cpu_limit(&self, cores: Option<f64>) -> io::Result<()> {
        let quota = cores.map(cpu_quota);
        match self.cgroups.mode {
            Mode::Unified => {
                let quota = quota.map_or("max".to_owned(), |quota| quota.to_string());
                self.write("cpu", "cpu.max", &format!("{quota} {CPU_PERIOD}"))
            }
            Mode::Legacy => {
                self.write("cpu", "cpu.cfs_period_us", &CPU_PERIOD.to_string())?;
                self.write("cpu", "cpu.cfs_quota_us", &quota.map_or("-1".to_owned(), |quota| quota.to_string()))
            }
        }
    }

    /// Sets the share of processor time under contention (v2's scale: 100 is usual).
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn set_cpu_weight(&self, weight: u64) -> io::Result<()> {
        match self.cgroups.mode {
            Mode::Unified => self.write("cpu", "cpu.weight", &weight.to_string()),
            Mode::Legacy => self.write("cpu", "cpu.shares", &shares(weight).to_string()),
        }
    }

    /// Which processors it may use, such as `0-1,4`.
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn set_cpus(&self, list: &str) -> io::Result<()> {
        if self.cgroups.mode == Mode::Legacy {
            // There, a group has no processor less than those below it, which do not follow by themselves: they lose
            // before it, and gain after it.
            let below = self.file("cpuset", "").map(|group| below(&group)).unwrap_or_default();
            for group in below.iter().rev() {
                // One that would gain is refused until its parent has.
                let _ = std::fs::write(group.join("cpuset.cpus"), list);
            }
            self.write("cpuset", "cpuset.cpus", list)?;
            return below.iter().try_for_each(|group| std::fs::write(group.join("cpuset.cpus"), list));
        }
        self.write("cpuset", "cpuset.cpus", list)
    }

    /// The processors that it may use; empty where that is not limited.
    #[must_use]
    pub fn cpus(&self) -> Vec<u32> {
        let list = self.read("cpuset", "cpuset.cpus").unwrap_or_default();
        let list = crate::lxc::parse_cpus(list.trim());
        if list == crate::lxc::online_cpus() { Vec::new() } else { list }
    }

    /// Stops all its processes where they are, or lets them go on.
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn freeze(&self, frozen: bool) -> io::Result<()> {
        match self.cgroups.mode {
            Mode::Unified => self.write("", "cgroup.freeze", if frozen { "1" } else { "0" }),
            Mode::Legacy => self.write("freezer", "freezer.state", if frozen { "FROZEN" } else { "THAWED" }),
        }
    }

    /// Whether it was frozen.
    #[must_use]
    pub fn frozen(&self) -> bool {
        match self.cgroups.mode {
            Mode::Unified => self.number("", "cgroup.freeze") == Some(1),
            Mode::Legacy => self.read("freezer", "freezer.state").is_some_and(|state| state.trim() != "THAWED"),
        }
    }
}

/// The period of processor limits, microseconds.
pub const CPU_PERIOD: u64 = 100_000;

/// Microseconds in each period that so many processors' worth are.
#[must_use]
// A limit is between 0 and 8192: neither sign nor precision is lost.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
pub fn cpu_quota(cores: f64) -> u64 {
    (cores * CPU_PERIOD as f64) as u64
}

/// v1's `cpu.shares` for a weight of v2's scale.
#[must_use]
pub fn shares(weight: u64) -> u64 {
    (weight * 1024 / 100).clamp(2, 262_144)
}

/// Where reclaim begins to slow a group down (`memory.high`), a little below its limit: 1016/1024 of it, or 128 MiB
/// less where that is nearer.
#[must_use]
pub fn memory_high(limit: u64) -> u64 {
    if limit >= 16384 << 20 { limit - (128 << 20) } else { (limit >> 20) * 1024 * 1016 }
}

/// The groups below a group, each before those below it.
fn below(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            let path = entry.path();
            let inner = below(&path);
            found.push(path);
            found.extend(inner);
        }
    }
    found
}

fn remove_tree(directory: &Path) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_tree(&entry.path());
        }
    }
    let _ = std::fs::remove_dir(directory);
}

/// The number behind a key in `key number` lines.
fn keyed(text: &str, key: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' ')?.trim().parse().ok())
}

/// Sums `rbytes=1` over the devices of `io.stat`.
fn io_sum(text: &str, key: &str) -> u64 {
    text.split_ascii_whitespace().filter_map(|word| word.strip_prefix(key)?.parse::<u64>().ok()).sum()
}

/// Sums `8:0 Read 1` over the devices of `blkio.throttle.io_service_bytes`.
fn service_sum(text: &str, operation: &str) -> u64 {
    let of_line = |line: &str| {
        let mut words = line.split(' ');
        let (_, kind, bytes) = (words.next()?, words.next()?, words.next()?);
        (kind == operation).then(|| bytes.parse::<u64>().ok()).flatten()
    };
    text.lines().filter_map(of_line).sum()
}

/// `avg10` of the line that begins with `kind`.
fn stalled(text: &str, kind: &str) -> f64 {
    let line = text.lines().find(|line| line.starts_with(kind));
    line.and_then(|line| line.split(' ').find_map(|word| word.strip_prefix("avg10=")?.parse().ok())).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HYBRID: &str = "cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0\n\
        cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0\n\
        cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0\n";

    #[test]
    fn controllers_decide_the_mode() {
        assert_eq!(Cgroups::parse(HYBRID).mode(), Mode::Legacy);
        assert_eq!(Cgroups::parse("cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n").mode(), Mode::Unified);
        let named = "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\ncgroup /x cgroup rw,name=systemd 0 0\n";
        assert_eq!(Cgroups::parse(named).mode(), Mode::Unified);
    }

    fn fake(mode: Mode, files: &[(&str, &str)]) -> (tempfile::TempDir, Cgroups) {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = directory.path().join("lxc/100").join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let all = ["memory", "cpu", "cpuacct", "blkio", "pids", "freezer"];
        let legacy = match mode {
            Mode::Unified => BTreeMap::new(),
            Mode::Legacy => all.iter().map(|name| ((*name).to_owned(), directory.path().to_owned())).collect(),
        };
        let cgroups = Cgroups { mode, unified: Some(directory.path().to_owned()), legacy };
        (directory, cgroups)
    }

    #[test]
    fn usage_of_v2() {
        let files = [
            ("cpu.stat", "usage_usec 12\nuser_usec 8\n"),
            ("memory.current", "1000\n"),
            ("memory.stat", "anon 1\nfile 300\nfile_mapped 7\n"),
            ("memory.swap.current", "5\n"),
            ("io.stat", "8:0 rbytes=10 wbytes=20 rios=1\n8:16 rbytes=1 wbytes=2 rios=1\n"),
            ("pids.current", "3\n"),
            ("cpu.pressure", "some avg10=1.50 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.25 avg60=0 total=0\n"),
            ("io.pressure", "some avg10=0.00 avg60=0.00\n"),
            ("memory.pressure", "some avg10=0.00 avg60=0.00\n"),
        ];
        let (_directory, cgroups) = fake(Mode::Unified, &files);
        let usage = cgroups.group("lxc/100").usage();
        assert_eq!(usage.cpu_nanoseconds, Some(12_000));
        assert_eq!((usage.memory, usage.swap), (Some(700), Some(5)));
        assert_eq!((usage.disk_read, usage.disk_written, usage.pids), (Some(11), Some(22), Some(3)));
        assert_eq!(usage.pressure, Some(Pressure { cpu_some: 1.5, cpu_full: 0.25, ..Pressure::default() }));
    }

    #[test]
    fn a_scope_of_its_own_is_told_from_a_shared_group() {
        let text = "1:name=systemd:/x\n0::/qemu.slice/100.scope\n";
        assert_eq!(scope_path(text, "100.scope"), Some("/qemu.slice/100.scope"));
        assert_eq!(scope_path(text, "10.scope"), None);
        assert_eq!(scope_path("0::/user.slice\n", "100.scope"), None);
        assert_eq!(scope_path("3:memory:/100.scope\n", "100.scope"), None);
    }

    #[test]
    fn usage_of_v1() {
        let files = [
            ("cpuacct.usage", "77\n"),
            ("memory.usage_in_bytes", "1000\n"),
            ("memory.memsw.usage_in_bytes", "1010\n"),
            ("memory.stat", "cache 1\ntotal_cache 400\n"),
            ("blkio.throttle.io_service_bytes", "8:0 Read 10\n8:0 Write 20\n8:0 Total 30\nTotal 30\n"),
        ];
        let (_directory, cgroups) = fake(Mode::Legacy, &files);
        let usage = cgroups.group("lxc/100").usage();
        assert_eq!((usage.cpu_nanoseconds, usage.memory, usage.swap), (Some(77), Some(600), Some(10)));
        assert_eq!((usage.disk_read, usage.disk_written, usage.pids), (Some(10), Some(20), None));
    }

    #[test]
    fn limits_land_in_their_files() {
        let (directory, cgroups) = fake(Mode::Legacy, &[("memory.limit_in_bytes", "100\n")]);
        std::fs::write(directory.path().join(MEMORY_AND_SWAP), "0\n").unwrap();
        let group = cgroups.group("lxc/100");
        group.set_memory(1 << 30, 1 << 20).unwrap();
        group.set_cpu_limit(Some(1.5)).unwrap();
        group.set_cpu_weight(200).unwrap();
        let read = |name: &str| std::fs::read_to_string(directory.path().join("lxc/100").join(name)).unwrap();
        assert_eq!(read("memory.limit_in_bytes"), (1u64 << 30).to_string());
        assert_eq!(read("memory.memsw.limit_in_bytes"), ((1u64 << 30) + (1 << 20)).to_string());
        assert_eq!((read("cpu.cfs_quota_us"), read("cpu.shares")), ("150000".into(), "2048".into()));
    }

    #[test]
    fn memory_is_limited_where_swap_is_not_accounted() {
        let (directory, cgroups) = fake(Mode::Legacy, &[("memory.limit_in_bytes", "100\n")]);
        cgroups.group("lxc/100").set_memory(1 << 30, 1 << 20).unwrap();
        let file = |name: &str| directory.path().join("lxc/100").join(name);
        assert_eq!(std::fs::read_to_string(file("memory.limit_in_bytes")).unwrap(), (1u64 << 30).to_string());
        assert!(!file("memory.memsw.limit_in_bytes").exists());
    }

    #[test]
    fn a_missing_group_has_no_figures() {
        let (_directory, cgroups) = fake(Mode::Legacy, &[]);
        assert_eq!(cgroups.group("lxc/7").usage(), Usage::default());
        assert!(!cgroups.group("lxc/7").exists());
    }
}
