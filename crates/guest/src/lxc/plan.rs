//! From a container's options to LXC's own configuration. Pure: all that is known of the host is an argument.

use std::{collections::BTreeSet, fmt::Write as _};

use host::cgroup::{CPU_PERIOD, Mode, cpu_quota, memory_high, shares};

use super::{
    config::{CtConfig, NetDevice},
    idmap::{self, Entry},
};

/// Where LXC's own pieces of configuration lie.
pub const INCLUDES: &str = "/usr/share/lxc/config";

/// What the plan must know of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// LXC's main version.
    pub lxc: u32,
    /// Which control groups have the controllers.
    pub cgroups: Mode,
    /// Whether AppArmor is there and on.
    pub apparmor: bool,
    /// Names of files in [`INCLUDES`].
    pub includes: BTreeSet<String>,
    /// Where the generated files of containers lie; LXC's tools look there from outside.
    pub directory: String,
    /// Text of LXC's `common.seccomp`.
    pub seccomp: String,
}

/// What a start hands to LXC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The configuration.
    pub config: String,
    /// System calls that are answered with errors, for unprivileged containers.
    pub seccomp: Option<String>,
    /// First host id, where ids are mapped.
    pub map: Option<u32>,
    /// What was left out and should be said.
    pub warnings: Vec<String>,
}

/// Makes LXC's configuration. `cpus` are the host's processors that `cores` means, chosen by the caller; `bridge_mtu`
/// tells the largest packet of a bridge.
///
/// # Errors
/// When the options contradict each other or the host, or are not safe.
pub fn plan(
    vmid: u32,
    config: &CtConfig,
    raw: &[(String, String)],
    host: &Host,
    cpus: Option<&str>,
    bridge_mtu: impl Fn(&str) -> Option<u32>,
) -> Result<Plan, String> {
    let map = idmap::of(raw, config.is_unprivileged())?;
    let mut out = Lines::default();
    groups(&mut out, vmid, host);
    base(&mut out, config, host, &map);
    let seccomp = config.is_unprivileged().then(|| seccomp(config, &host.seccomp));
    if seccomp.is_some() {
        out.set("lxc.seccomp.profile", format_args!("{}/{vmid}/rules.seccomp", host.directory));
    }
    rights(&mut out, config, raw, host);
    ids(&mut out, config, &map);
    consoles(&mut out, config, host, vmid);
    limits(&mut out, config, host);
    out.set("lxc.rootfs.path", format_args!("/var/lib/lxc/{vmid}/rootfs"));
    if let Some(command) = &config.entrypoint {
        out.set("lxc.init.cmd", command);
    }
    for (index, net) in config.net.iter() {
        network(&mut out, vmid, *index, net, &bridge_mtu)?;
    }
    let warnings = own_settings(&mut out, raw);
    let own_cpus = raw.iter().any(|(key, _)| key.ends_with(".cpuset.cpus"));
    if let Some(cpus) = cpus.filter(|_| !own_cpus) {
        out.group(host, "cpuset.cpus", cpus);
    }
    Ok(Plan { config: out.text, seccomp, map: idmap::root_of(&map), warnings })
}

#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn set(&mut self, key: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.text, "{key} = {value}");
    }

    /// A file of a control group, by the hierarchy that the host has.
    fn group(&mut self, host: &Host, file: &str, value: impl std::fmt::Display) {
        match host.cgroups {
            Mode::Unified => self.set(&format!("lxc.cgroup2.{file}"), value),
            Mode::Legacy => self.set(&format!("lxc.cgroup.{file}"), value),
        }
    }
}

fn groups(out: &mut Lines, vmid: u32, host: &Host) {
    if host.lxc >= 4 {
        let (container, monitor) = host::lxc::Lxc::groups(vmid);
        out.set("lxc.cgroup.relative", 0);
        out.set("lxc.cgroup.dir.monitor", monitor);
        out.set("lxc.cgroup.dir.container", container);
        out.set("lxc.cgroup.dir.container.inner", "ns");
    }
}

fn base(out: &mut Lines, config: &CtConfig, host: &Host, map: &[Entry]) {
    out.set("lxc.arch", config.arch.map_or("amd64", |arch| arch.as_str()));
    let include = |kind: &str| {
        let own = config.ostype.map(|name| format!("{name}.{kind}"));
        let name = own.filter(|name| host.includes.contains(name)).unwrap_or_else(|| kind.to_owned());
        format!("{INCLUDES}/{name}")
    };
    out.set("lxc.include", include("common.conf"));
    if !map.is_empty() {
        out.set("lxc.include", include("userns.conf"));
    }
}

/// LXC's common rules, and those that keep a user namespace from parts of the kernel with a bad record.
fn seccomp(config: &CtConfig, common: &str) -> String {
    let mut text = common.trim_end().to_owned();
    let keyctl = config.features.as_ref().is_some_and(|features| features.keyctl == Some(true));
    if !keyctl {
        text.push_str("\nkeyctl errno 38");
    }
    // The control calls of btrfs, and sockets of the kernel's cryptography (AF_ALG).
    text.push_str("\nioctl errno 1 [1,0x9400,SCMP_CMP_MASKED_EQ,0xff00]\nsocket errno 97 [0,38,SCMP_CMP_EQ]\n");
    text
}

fn rights(out: &mut Lines, config: &CtConfig, raw: &[(String, String)], host: &Host) {
    let features = config.features.as_deref().cloned().unwrap_or_default();
    let own_profile = raw.iter().any(|(key, _)| key == "lxc.apparmor.profile");
    if host.apparmor && !own_profile {
        out.set("lxc.apparmor.profile", "generated");
        out.set("lxc.apparmor.raw", "allow mqueue,");
        if features.nesting == Some(true) {
            out.set("lxc.apparmor.allow_nesting", 1);
            out.set("lxc.apparmor.raw", "allow userns,");
        } else {
            out.set("lxc.apparmor.raw", "deny mount -> /proc/,");
            out.set("lxc.apparmor.raw", "deny mount -> /sys/,");
        }
    }
    if features.nesting == Some(true) && !host.apparmor {
        // A user namespace may mount proc and sysfs anew only where it has whole ones already.
        out.set("lxc.mount.entry", "proc dev/.lxc/proc proc create=dir,optional 0 0");
        out.set("lxc.mount.entry", "sys dev/.lxc/sys sysfs create=dir,optional 0 0");
    }
    if features.fuse == Some(true) {
        if host.apparmor && !own_profile {
            out.set("lxc.apparmor.raw", "mount fstype=fuse,");
        }
        out.set("lxc.mount.entry", "/dev/fuse dev/fuse none bind,create=file 0 0");
    }
    if config.is_unprivileged() && features.force_rw_sys != Some(true) {
        out.set("lxc.mount.auto", "sys:mixed");
    }
    if config.entrypoint.as_deref().is_some_and(|command| command != "/sbin/init") {
        out.set("lxc.mount.entry", "shm dev/shm tmpfs rw,nosuid,nodev,create=dir 0 0");
    }
}

fn ids(out: &mut Lines, config: &CtConfig, map: &[Entry]) {
    out.set("lxc.monitor.unshare", 1);
    // A map of its own is among the raw settings.
    if config.is_unprivileged() && map == idmap::usual() {
        for entry in map {
            out.set("lxc.idmap", entry);
        }
    }
}

fn consoles(out: &mut Lines, config: &CtConfig, host: &Host, vmid: u32) {
    if config.console == Some(false) {
        out.set("lxc.console.path", "none");
        out.group(host, "devices.deny", "c 5:1 rwm");
    }
    out.set("lxc.tty.max", config.tty.unwrap_or(2));
    out.set("lxc.environment", "TERM=linux");
    out.set("lxc.uts.name", config.host_name(vmid));
}

fn limits(out: &mut Lines, config: &CtConfig, host: &Host) {
    let (memory, swap) = (config.memory_mib() << 20, config.swap_mib() << 20);
    match host.cgroups {
        Mode::Unified => {
            out.set("lxc.cgroup2.memory.max", memory);
            out.set("lxc.cgroup2.memory.high", memory_high(memory));
            out.set("lxc.cgroup2.memory.swap.max", swap);
        }
        Mode::Legacy => {
            out.set("lxc.cgroup.memory.limit_in_bytes", memory);
            out.set("lxc.cgroup.memory.memsw.limit_in_bytes", memory + swap);
        }
    }
    if let Some(limit) = config.cpu_limit() {
        match host.cgroups {
            Mode::Unified => out.set("lxc.cgroup2.cpu.max", format_args!("{} {CPU_PERIOD}", cpu_quota(limit))),
            Mode::Legacy => {
                out.set("lxc.cgroup.cpu.cfs_period_us", CPU_PERIOD);
                out.set("lxc.cgroup.cpu.cfs_quota_us", cpu_quota(limit));
            }
        }
    }
    if let Some(weight) = config.cpuunits.map(weight) {
        match host.cgroups {
            Mode::Unified => out.set("lxc.cgroup2.cpu.weight", weight),
            Mode::Legacy => out.set("lxc.cgroup.cpu.shares", shares(weight)),
        }
    }
}

/// The kernel's limits of a weight.
#[must_use]
pub fn weight(units: u64) -> u64 {
    units.clamp(1, 10_000)
}

/// Name on the host of a container's interface.
#[must_use]
pub fn veth(vmid: u32, index: u32) -> String {
    format!("veth{vmid}i{index}")
}

fn network(
    out: &mut Lines,
    vmid: u32,
    index: u32,
    net: &NetDevice,
    bridge_mtu: &impl Fn(&str) -> Option<u32>,
) -> Result<(), String> {
    let key = |name: &str| format!("lxc.net.{index}.{name}");
    out.set(&key("type"), "veth");
    out.set(&key("veth.pair"), veth(vmid, index));
    if let Some(address) = &net.hwaddr {
        out.set(&key("hwaddr"), address);
    }
    out.set(&key("name"), &net.name);
    let limit = net.bridge.as_deref().and_then(bridge_mtu);
    match (net.mtu, limit) {
        (Some(mtu), Some(limit)) if mtu > limit => {
            return Err(format!(
                "net{index}: MTU {mtu} is larger than bridge MTU {limit}: lower it or raise that of the bridge"
            ));
        }
        (mtu, limit) => {
            if let Some(mtu) = mtu.or(limit) {
                out.set(&key("mtu"), mtu);
            }
        }
    }
    if let Some(bridge) = &net.bridge {
        out.set(&key("link"), bridge);
        if let Some(tag) = net.tag {
            out.set(&key("veth.vlan.id"), tag);
        }
    }
    Ok(())
}

/// Raw settings that a file may hold; those that end with a dot stand for all below.
const RAW_KEYS: &[&str] = &[
    "apparmor.",
    "selinux.context",
    "include",
    "arch",
    "uts.name",
    "signal.halt",
    "signal.reboot",
    "signal.stop",
    "init.cmd",
    "init.cwd",
    "init.uid",
    "init.gid",
    "init.groups",
    "pty.max",
    "console.logfile",
    "console.path",
    "tty.max",
    "devtty.dir",
    "hook.",
    "autodev",
    "kmsg",
    "mount.fstab",
    "mount.entry",
    "mount.auto",
    "rootfs.mount",
    "cap.drop",
    "cap.keep",
    "seccomp.profile",
    "seccomp.notify.proxy",
    "seccomp.notify.cookie",
    "idmap",
    "log.level",
    "log.file",
    "start.auto",
    "start.delay",
    "start.order",
    "group",
    "environment",
    "environment.",
    "sysctl.fs.mqueue",
    "sysctl.kernel.",
    "cgroup2.",
    "cgroup.",
    "prlimit.",
    "net.",
];

/// Appends raw settings in their order; returns a warning for each that is left out.
fn own_settings(out: &mut Lines, raw: &[(String, String)]) -> Vec<String> {
    let mut warnings = Vec::new();
    for (key, value) in raw {
        let name = key.strip_prefix("lxc.").unwrap_or(key);
        let known = |allowed: &&str| allowed.strip_suffix('.').map_or(*allowed == name, |_| name.starts_with(*allowed));
        if RAW_KEYS.iter().any(known) {
            out.set(key, value);
        } else {
            warnings.push(format!("ignoring '{key}': this setting may not be given in a container's configuration"));
        }
    }
    warnings
}

/// The processors that a container with so many cores gets, as a list for `cpuset.cpus`: those used least by others
/// so far. Nothing when it may use all.
#[must_use]
pub fn choose_cpus(online: &[u32], cores: u64, used: &std::collections::BTreeMap<u32, u32>) -> Option<String> {
    let cores = usize::try_from(cores).unwrap_or(usize::MAX);
    if cores >= online.len() {
        return None;
    }
    let mut ranked = online.to_vec();
    ranked.sort_by_key(|cpu| (used.get(cpu).copied().unwrap_or(0), *cpu));
    ranked.truncate(cores);
    ranked.sort_unstable();
    Some(ranked.iter().map(u32::to_string).collect::<Vec<_>>().join(","))
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
