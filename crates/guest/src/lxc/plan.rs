//! From a container's options to LXC's own configuration. Pure: all that is known of the host is an argument.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use host::{
    cgroup::{CPU_PERIOD, Mode, cpu_quota, memory_high, shares},
    device_node::{Device, Node},
};

use super::{
    application,
    config::{CtConfig, Features, NetDevice},
    idmap::{self, Entry, Kind},
    raw_keys,
};

/// Where LXC's own pieces of configuration lie.
pub const INCLUDES: &str = "/usr/share/lxc/config";

/// Key of a variable that only a container's first program sees, and no hook on the host.
pub const OWN_ENVIRONMENT: &str = "lxc.environment.runtime";

/// What the plan must know of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// LXC's main version.
    pub lxc: u32,
    /// Whether it knows [`OWN_ENVIRONMENT`]; Debian's 6.0.4 does not.
    pub own_environment: bool,
    /// Which control groups have the controllers.
    pub cgroups: Mode,
    /// Whether AppArmor is there and on.
    pub apparmor: bool,
    /// Whether the kernel counts swap.
    pub swap: bool,
    /// Most processes of one container, where that can be limited.
    pub processes: Option<u64>,
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
    /// System calls that are answered with errors.
    pub seccomp: String,
    /// First host id, where ids are mapped.
    pub map: Option<u32>,
    /// The whole map of ids; empty where they are not mapped.
    pub ids: Vec<Entry>,
    /// Devices of the host that it gets, of its `dev0` and so on.
    pub devices: Vec<Node>,
    /// What was left out and should be said.
    pub warnings: Vec<String>,
}

/// What a start found on the host for one container.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The processors that `cores` means, as a list for `cpuset.cpus`.
    pub cpus: Option<String>,
    /// What the paths of `dev0` and so on stand for, by number.
    pub devices: BTreeMap<u32, Device>,
}

/// Makes LXC's configuration. `bridge_mtu` tells the largest packet of a bridge.
///
/// # Errors
/// When the options contradict each other or the host, or are not safe.
pub fn plan(
    vmid: u32,
    config: &CtConfig,
    raw: &[(String, String)],
    host: &Host,
    found: &Found,
    bridge_mtu: impl Fn(&str) -> Option<u32>,
) -> Result<Plan, String> {
    let map = idmap::of(raw, config.is_unprivileged())?;
    let owner = owner(&map)?;
    let mut warnings = Vec::new();
    let mut out = Lines::default();
    groups(&mut out, vmid, host);
    base(&mut out, config, host, &map);
    out.set("lxc.seccomp.profile", format_args!("{}/{vmid}/rules.seccomp", host.directory));
    rights(&mut out, config, raw, host);
    if !host.swap {
        warnings.push(NO_SWAP.to_owned());
    }
    if map.is_empty() && !host.apparmor {
        warnings.push(NO_APPARMOR.to_owned());
    }
    let devices = devices(&mut out, vmid, config, host, &map, &found.devices)?;
    if config.is_unprivileged() && config.features.as_ref().is_some_and(|features| features.mknod == Some(true)) {
        warnings.push(NO_MKNOD.to_owned());
    }
    ids(&mut out, config, &map);
    consoles(&mut out, config, host, vmid);
    limits(&mut out, config, host);
    out.set("lxc.rootfs.path", format_args!("/var/lib/lxc/{vmid}/rootfs"));
    if let Some(command) = &config.entrypoint {
        let command = if application::script(command).is_some() { application::INIT } else { command };
        out.set("lxc.init.cmd", command);
    }
    environment(&mut out, config, host);
    for (index, net) in config.net.iter() {
        network(&mut out, vmid, *index, net, &bridge_mtu)?;
    }
    for (key, value) in raw {
        match raw_keys::is_allowed(key) {
            true => out.set(key, value),
            false => warnings.push(raw_keys::ignored(key)),
        }
    }
    let own_cpus = raw.iter().any(|(key, _)| key.ends_with(".cpuset.cpus"));
    if let Some(cpus) = found.cpus.as_deref().filter(|_| !own_cpus) {
        out.group(host, "cpuset.cpus", cpus);
    }
    let seccomp = seccomp(config, &host.seccomp);
    Ok(Plan { config: out.text, seccomp, map: owner, ids: map, devices, warnings })
}

/// Why a feature is left out.
pub(super) const NO_MKNOD: &str =
    "mknod in unprivileged containers needs a service that checks each node, which this version does not have";

/// What is said where 'swap' limits nothing.
const NO_SWAP: &str = "the kernel does not count swap (start it with 'swapaccount=1'): only 'memory' is limited";

/// What is said of a privileged container on such a host.
const NO_APPARMOR: &str = "the kernel has no AppArmor: root of this privileged container can become root of the host. \
    Give it to nobody whom you would not give the host, or make it unprivileged";

/// The host's user and group of root inside, where ids are mapped.
fn owner(map: &[Entry]) -> Result<Option<u32>, String> {
    if map.is_empty() {
        return Ok(None);
    }
    match (idmap::to_host(map, Kind::User, 0), idmap::to_host(map, Kind::Group, 0)) {
        (Some(user), Some(group)) if user == group => Ok(Some(user)),
        (Some(user), Some(group)) => Err(format!(
            "lxc.idmap makes root inside user {user} and group {group} of the host: only one number for both is supported"
        )),
        _ => Err("lxc.idmap maps no user 0 or no group 0: a container needs its root".into()),
    }
}

/// Variables for the first program. Where LXC does not tell them apart, hooks see them as well.
fn environment(out: &mut Lines, config: &CtConfig, host: &Host) {
    let key = if host.own_environment { OWN_ENVIRONMENT } else { "lxc.environment" };
    for variable in config.env.iter().flat_map(|list| list.split('\0')).filter(|text| !text.is_empty()) {
        out.set(key, variable);
    }
}

/// Where the nodes of a container's devices are made before its start, as LXC sees it.
#[must_use]
pub fn device_place(vmid: u32) -> String {
    format!("{}/{vmid}/devices", host::lxc::LXC_DIRECTORY)
}

/// Devices of the host: rules of the control group, and where they appear.
fn devices(
    out: &mut Lines,
    vmid: u32,
    config: &CtConfig,
    host: &Host,
    map: &[Entry],
    found: &BTreeMap<u32, Device>,
) -> Result<Vec<Node>, String> {
    let nodes = nodes(config, map, found)?;
    if !config.dev.is_empty() && !map.is_empty() && host.cgroups == Mode::Unified {
        // LXC's own pieces clear its rules for user namespaces; with the first rule of ours all others would be
        // forbidden.
        out.set("lxc.cgroup2.devices.allow", "a");
    }
    for (wish, node) in config.dev.values().zip(&nodes) {
        let (path, device) = (node.path.to_string_lossy(), node.device);
        let closed = wish.deny_write == Some(true);
        out.group(host, "devices.allow", format_args!("{device} {}", if closed { "r" } else { "rw" }));
        if closed {
            out.group(host, "devices.deny", format_args!("{device} w"));
        }
        let inside = path.trim_start_matches('/');
        let (place, inside) = (device_place(vmid), inside.replace(' ', "\\040"));
        out.set("lxc.mount.entry", format_args!("{place}/{inside} {inside} none bind,create=file 0 0"));
    }
    Ok(nodes)
}

/// The nodes that devices of a configuration become, in its order.
///
/// # Errors
/// As a message, on the first that has no device, an owner that is not the container's, or another one's path.
pub(super) fn nodes(config: &CtConfig, map: &[Entry], found: &BTreeMap<u32, Device>) -> Result<Vec<Node>, String> {
    let mut nodes: Vec<Node> = Vec::new();
    for (index, wish) in &config.dev {
        let wrong = |why: String| format!("dev{index}: {why}");
        let path = wish.path.as_deref().ok_or_else(|| wrong("Path is required when using dev entries".into()))?;
        let device = *found.get(index).ok_or_else(|| wrong(format!("Device {path} does not exist")))?;
        if nodes.iter().any(|node| node.path.as_os_str() == path) {
            return Err(wrong(format!("the container gets '{path}' already")));
        }
        let id = |kind, wanted: Option<u64>, name: &str| {
            let inside = wanted.unwrap_or(0);
            let lost = || wrong(format!("{name} {inside} is not among the ids of the container (lxc.idmap)"));
            idmap::to_host(map, kind, inside).ok_or_else(lost)
        };
        let mode = wish.mode.as_deref().and_then(|mode| u32::from_str_radix(mode, 8).ok()).unwrap_or(0o660);
        let (uid, gid) = (id(Kind::User, wish.uid, "uid")?, id(Kind::Group, wish.gid, "gid")?);
        nodes.push(Node { path: path.into(), device, uid, gid, mode });
    }
    Ok(nodes)
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
    // What only the host may do, and what no name space keeps from root of a privileged container.
    text.push_str("\nkexec_file_load errno 1\nswapon errno 1\nswapoff errno 1\n");
    if !config.is_unprivileged() {
        return text;
    }
    let keyctl = config.features.as_ref().is_some_and(|features| features.keyctl == Some(true));
    if !keyctl {
        text.push_str("keyctl errno 38\n");
    }
    // The control calls of btrfs, and sockets of the kernel's cryptography (AF_ALG).
    text.push_str("ioctl errno 1 [1,0x9400,SCMP_CMP_MASKED_EQ,0xff00]\nsocket errno 97 [0,38,SCMP_CMP_EQ]\n");
    text
}

/// File systems that may be mounted inside.
fn mountable(features: &Features) -> impl Iterator<Item = &str> {
    features.mount.iter().flat_map(|list| list.split([';', ' '])).filter(|name| !name.is_empty())
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
        for name in mountable(&features) {
            out.set("lxc.apparmor.raw", format_args!("mount fstype={name},"));
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
            if host.swap {
                out.set("lxc.cgroup.memory.memsw.limit_in_bytes", memory + swap);
            }
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
    if let Some(processes) = host.processes {
        out.group(host, "pids.max", processes);
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
    // With VLANs or a limit it is hung there by us: LXC would first have it in all of them.
    if let Some(bridge) = net.bridge.as_ref().filter(|_| !net.needs_care()) {
        out.set(&key("link"), bridge);
    }
    if net.host_managed == Some(true) {
        managed(out, index, net)?;
    }
    Ok(())
}

/// Addresses that LXC sets, for containers with nobody inside who could.
fn managed(out: &mut Lines, index: u32, net: &NetDevice) -> Result<(), String> {
    let key = |name: &str| format!("lxc.net.{index}.{name}");
    for (version, address, gateway) in [("ipv4", &net.ip, &net.gw), ("ipv6", &net.ip6, &net.gw6)] {
        match address.as_deref() {
            Some("dhcp") => {
                return Err(format!("net{index}: {DHCP_INSIDE}"));
            }
            // The kernel makes itself an address as soon as it hears a router.
            None | Some("manual" | "auto") => {}
            Some(address) => {
                out.set(&key(&format!("{version}.address")), address);
                if let Some(gateway) = gateway {
                    out.set(&key(&format!("{version}.gateway")), gateway);
                }
            }
        }
    }
    out.set(&key("flags"), "up");
    Ok(())
}

/// Why `host-managed` and DHCP do not go together.
pub(super) const DHCP_INSIDE: &str = "an address by DHCP needs a client inside: this version has none on the host, give a fixed one or drop 'host-managed'";

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
