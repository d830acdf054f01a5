//! The whole table of a container's options, as text in its file and as parameters of the API.
//!
//! Names, types and limits are those of Proxmox VE. Options marked `later` are known but have no effect in this version:
//! files may carry them, setting them is refused. `needs` is the privilege for changing an option; `root@pam` means
//! nobody but that user.

use schema::{Choice, Indexed, Params, Props};

/// Architectures of the programs inside.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are Debian's
pub enum Arch {
    Amd64,
    I386,
    Arm64,
    Armhf,
    Riscv32,
    Riscv64,
}

/// What a console shows.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsoleMode {
    /// A shell of root, without login.
    Shell,
    /// `/dev/console`.
    Console,
    /// A login at a virtual terminal.
    Tty,
}

/// What a container may be locked for.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub enum GuestLock {
    Backup,
    Create,
    Destroyed,
    Disk,
    Fstrim,
    Migrate,
    Mounted,
    Rollback,
    Snapshot,
    SnapshotDelete,
}

/// Distributions whose files the product can write.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // names of distributions
pub enum OsType {
    Debian,
    Devuan,
    Ubuntu,
    Centos,
    Fedora,
    Opensuse,
    Archlinux,
    Alpine,
    Gentoo,
    Nixos,
    /// None: nothing inside is touched.
    Unmanaged,
}

/// Kinds of network interface.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetType {
    /// A pair of interfaces, one inside, one on a bridge.
    Veth,
}

/// A network interface.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct NetDevice {
    /// Bridge of the host.
    #[param(pattern = r"[-_.\w\d]+")]
    pub bridge: Option<String>,
    /// Whether the firewall, once enabled for the guest, filters this interface.
    pub firewall: Option<bool>,
    /// Gateway for IPv4.
    #[param(format = "ipv4")]
    pub gw: Option<String>,
    /// Gateway for IPv6.
    #[param(format = "ipv6")]
    pub gw6: Option<String>,
    /// Let the host set the addresses.
    #[param(name = "host-managed")]
    pub host_managed: Option<bool>,
    /// MAC address; made up when not given.
    #[param(format = "mac-addr")]
    pub hwaddr: Option<String>,
    /// IPv4 address with prefix length, `dhcp` or `manual`.
    #[param(format = "pve-ipv4-config")]
    pub ip: Option<String>,
    /// IPv6 address with prefix length, `auto`, `dhcp` or `manual`.
    #[param(format = "pve-ipv6-config")]
    pub ip6: Option<String>,
    /// Leave the cable unplugged.
    #[param(name = "link_down")]
    pub link_down: Option<bool>,
    /// Largest packet, bytes.
    #[param(min = 64, max = 65535)]
    pub mtu: Option<u32>,
    /// Name inside, such as `eth0`.
    #[param(pattern = r"[-_.\w\d]+")]
    pub name: String,
    /// Limit in each direction, megabytes a second.
    pub rate: Option<f64>,
    /// VLAN.
    #[param(min = 1, max = 4094)]
    pub tag: Option<u16>,
    /// VLANs that pass as they are.
    #[param(pattern = r"(?:\d+(?:;\d+)*)")]
    pub trunks: Option<String>,
    /// Kind.
    pub r#type: Option<NetType>,
}

impl NetDevice {
    /// Whether hanging it on its bridge is more than that: it is in a VLAN, or limited.
    #[must_use]
    pub fn needs_care(&self) -> bool {
        self.tag.is_some() || self.trunks.is_some() || self.rate.is_some_and(|rate| rate > 0.0)
    }
}

const MOUNT_OPTIONS: &str =
    r"(?:(?:(discard|lazytime|noatime|nodev|noexec|nosuid))(;(?:(discard|lazytime|noatime|nodev|noexec|nosuid)))*)";
const MOUNT_IDMAP: &str = r"(?:^(?:passthrough|[ug]:[0-9]+:[0-9]+:[1-9][0-9]*(?:;[ug]:[0-9]+:[0-9]+:[1-9][0-9]*)*)$)";

/// The root file system.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct RootFs {
    /// Volume, or `STORAGE:SIZE` for a new one of that many GiB.
    #[param(default_key, format = "pve-lxc-mp-string")]
    pub volume: String,
    /// Access control lists on or off; the file system's own default when not given.
    pub acl: Option<bool>,
    /// Other owners inside than outside.
    #[param(later, pattern = MOUNT_IDMAP)]
    pub idmap: Option<String>,
    /// Further mount options, separated by `;`.
    #[param(pattern = MOUNT_OPTIONS)]
    pub mountoptions: Option<String>,
    /// Quotas inside.
    pub quota: Option<bool>,
    /// Whether replication copies it.
    #[param(default = "1")]
    pub replicate: Option<bool>,
    /// Read-only.
    pub ro: Option<bool>,
    /// Whether other nodes have it as well.
    #[param(default = "0")]
    pub shared: Option<bool>,
    /// Size; for information.
    #[param(format = "disk-size")]
    pub size: Option<String>,
}

/// A volume or directory besides the root file system.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct MountPoint {
    /// Volume, or a device or directory of the host.
    #[param(default_key, format = "pve-lxc-mp-string")]
    pub volume: String,
    /// Access control lists on or off.
    pub acl: Option<bool>,
    /// Whether backups contain it.
    pub backup: Option<bool>,
    /// Other owners inside than outside.
    #[param(pattern = MOUNT_IDMAP)]
    pub idmap: Option<String>,
    /// Keep owner and mode of the directory that it covers.
    #[param(default = "0")]
    pub keepattrs: Option<bool>,
    /// Further mount options, separated by `;`.
    #[param(pattern = MOUNT_OPTIONS)]
    pub mountoptions: Option<String>,
    /// Where it appears inside.
    #[param(format = "pve-lxc-mp-string")]
    pub mp: String,
    /// Quotas inside.
    pub quota: Option<bool>,
    /// Whether replication copies it.
    #[param(default = "1")]
    pub replicate: Option<bool>,
    /// Read-only.
    pub ro: Option<bool>,
    /// Whether other nodes have it as well.
    #[param(default = "0")]
    pub shared: Option<bool>,
    /// Size; for information.
    #[param(format = "disk-size")]
    pub size: Option<String>,
}

/// A volume that belongs to the container without being mounted.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct Unused {
    /// The volume.
    #[param(default_key, format = "pve-volume-id")]
    pub volume: String,
}

/// What a container may do beyond the usual.
#[derive(Params, Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// Write to `/sys` even where that is not safe for the host.
    #[param(name = "force_rw_sys", default = "0")]
    pub force_rw_sys: Option<bool>,
    /// File systems in user space.
    #[param(default = "0")]
    pub fuse: Option<bool>,
    /// The kernel's key store, which some container engines inside want and systemd does not.
    #[param(default = "0")]
    pub keyctl: Option<bool>,
    /// Make some device nodes.
    #[param(default = "0")]
    pub mknod: Option<bool>,
    /// Mount these file systems, separated by `;`.
    #[param(pattern = r"(?:[a-zA-Z0-9_; ]+)")]
    pub mount: Option<String>,
    /// Run containers inside.
    #[param(default = "0")]
    pub nesting: Option<bool>,
}

/// A device of the host.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct Device {
    /// Its path.
    #[param(default_key, format = "pve-lxc-dev-string")]
    pub path: Option<String>,
    /// Only reading is allowed.
    #[param(name = "deny-write", default = "0")]
    pub deny_write: Option<bool>,
    /// Owning group inside.
    #[param(min = 0)]
    pub gid: Option<u64>,
    /// Permission bits, octal.
    #[param(pattern = "0[0-7]{3}")]
    pub mode: Option<String>,
    /// Owner inside.
    #[param(min = 0)]
    pub uid: Option<u64>,
}

/// Options of a container.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct CtConfig {
    /// Architecture of the programs inside.
    #[param(default = "amd64", needs = "VM.Config.Options")]
    pub arch: Option<Arch>,
    /// What a console shows.
    #[param(default = "tty", needs = "VM.Config.Options")]
    pub cmode: Option<ConsoleMode>,
    /// Whether there is a `/dev/console`.
    #[param(default = "1", needs = "VM.Config.Options")]
    pub console: Option<bool>,
    /// Number of processors; all of the host's when not given.
    #[param(min = 1, max = 8192, needs = "VM.Config.CPU")]
    pub cores: Option<u64>,
    /// Processor time limit, in processors; 0 for none.
    #[param(min = 0, max = 8192, default = "0", needs = "VM.Config.CPU")]
    pub cpulimit: Option<f64>,
    /// Weight when processor time is short.
    #[param(min = 0, max = 500000, needs = "VM.Config.CPU")]
    pub cpuunits: Option<u64>,
    /// Let LXC log more.
    #[param(default = "0", needs = "VM.Config.Options")]
    pub debug: Option<bool>,
    /// Notes about the container.
    #[param(max_len = 8192, needs = "VM.Config.Options")]
    pub description: Option<String>,
    /// Devices of the host.
    #[param(count = 256, needs = "root@pam")]
    pub dev: Indexed<Props<Device>>,
    /// First program, with arguments.
    #[param(pattern = r"(?:[^\x00-\x08\x0a-\x1F\x7F]+)", default = "/sbin/init", needs = "VM.Config.Options")]
    pub entrypoint: Option<String>,
    /// Environment of the first program, `NAME=value` separated by NUL.
    #[param(
        pattern = r"(?:(?:\w+=[^\x00-\x08\x0a-\x1F\x7F]*)(?:\x00\w+=[^\x00-\x08\x0a-\x1F\x7F]*)*)",
        needs = "VM.Config.Options"
    )]
    pub env: Option<String>,
    /// What it may do beyond the usual.
    #[param(needs = "VM.Allocate")]
    pub features: Option<Props<Features>>,
    /// Program to run around start and stop.
    #[param(format = "pve-volume-id", needs = "root@pam")]
    pub hookscript: Option<String>,
    /// Host name inside.
    #[param(format = "dns-name", max_len = 255, needs = "VM.Config.Network")]
    pub hostname: Option<String>,
    /// What the container is locked for.
    #[param(needs = "root@pam")]
    pub lock: Option<GuestLock>,
    /// Memory, MiB.
    #[param(min = 16, default = "512", needs = "VM.Config.Memory")]
    pub memory: Option<u64>,
    /// Volumes and directories besides the root file system.
    #[param(count = 256, needs = "VM.Config.Disk")]
    pub mp: Indexed<Props<MountPoint>>,
    /// DNS servers; the host's when not given.
    #[param(format = "lxc-ip-with-ll-iface-list", needs = "VM.Config.Network")]
    pub nameserver: Option<String>,
    /// Network interfaces.
    #[param(count = 32, needs = "VM.Config.Network")]
    pub net: Indexed<Props<NetDevice>>,
    /// Start with the host.
    #[param(default = "0", needs = "VM.Config.Options")]
    pub onboot: Option<bool>,
    /// Distribution inside; found out when not given.
    #[param(needs = "VM.Config.Options")]
    pub ostype: Option<OsType>,
    /// Forbid removing the container and its volumes.
    #[param(default = "0", needs = "VM.Config.Options")]
    pub protection: Option<bool>,
    /// The root file system.
    #[param(needs = "VM.Config.Disk")]
    pub rootfs: Option<Props<RootFs>>,
    /// DNS domains to search; the host's when not given.
    #[param(format = "dns-name-list", needs = "VM.Config.Network")]
    pub searchdomain: Option<String>,
    /// Order and delays when all guests start or stop.
    #[param(format = "pve-startup-order", needs = "VM.Config.Options")]
    pub startup: Option<String>,
    /// Swap, MiB.
    #[param(default = "512", needs = "VM.Config.Memory")]
    pub swap: Option<u64>,
    /// Tags.
    #[param(format = "pve-tag-list", needs = "VM.Config.Options")]
    pub tags: Option<String>,
    /// Serve only for being cloned.
    #[param(later, default = "0", needs = "VM.Config.Options")]
    pub template: Option<bool>,
    /// Time zone inside, or `host` for that of the host.
    #[param(format = "pve-ct-timezone", needs = "VM.Config.Options")]
    pub timezone: Option<String>,
    /// Number of virtual terminals.
    #[param(max = 6, default = "2", needs = "VM.Config.Options")]
    pub tty: Option<u32>,
    /// Run as a user of its own, whom the host knows nothing about.
    #[param(default = "0", needs = "VM.Config.Options")]
    pub unprivileged: Option<bool>,
    /// Volumes that belong to the container without being mounted.
    #[param(count = 256, needs = "VM.Config.Disk")]
    pub unused: Indexed<Props<Unused>>,
}

impl CtConfig {
    /// The typed view of a file's section; options that do not fit count as absent.
    #[must_use]
    pub fn read(section: &crate::config_file::Section) -> Self {
        let (config, _) = schema::config::read::<Self>(section.iter());
        config.unwrap_or_else(Self::empty)
    }

    /// Nothing set.
    #[must_use]
    pub fn empty() -> Self {
        let (config, _) = schema::config::read::<Self>(std::iter::empty());
        match config {
            Some(config) => config,
            None => unreachable!("every option may be absent"),
        }
    }

    /// Memory limit, MiB.
    #[must_use]
    pub fn memory_mib(&self) -> u64 {
        self.memory.unwrap_or(512)
    }

    /// Limit of swap besides memory, MiB. A file without it means none; creation writes the default.
    #[must_use]
    pub fn swap_mib(&self) -> u64 {
        self.swap.unwrap_or(0)
    }

    /// The name that it has inside.
    #[must_use]
    pub fn host_name(&self, vmid: u32) -> String {
        self.hostname.clone().unwrap_or_else(|| format!("CT{vmid}"))
    }

    /// Whether its ids are mapped.
    #[must_use]
    pub fn is_unprivileged(&self) -> bool {
        self.unprivileged == Some(true)
    }

    /// Processor time limit in processors, if there is one.
    #[must_use]
    pub fn cpu_limit(&self) -> Option<f64> {
        self.cpulimit.filter(|limit| *limit > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usual_file_is_understood() {
        let text = "arch: amd64\ncores: 2\nhostname: web\nmemory: 1024\nnet0: name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:01,ip=dhcp,type=veth\nostype: debian\nrootfs: local:100/vm-100-disk-0.raw,size=4G\nswap: 512\nunprivileged: 1\nunknown: x\n";
        let file = crate::config_file::GuestFile::parse(crate::config_file::Dialect::Lxc, text);
        let config = CtConfig::read(&file.main);
        assert_eq!(config.memory_mib(), 1024);
        assert_eq!(config.net.get(&0).unwrap().name, "eth0");
        assert_eq!(config.rootfs.as_ref().map(|root| root.volume.as_str()), Some("local:100/vm-100-disk-0.raw"));
        assert!(config.is_unprivileged());
        let pairs: std::collections::BTreeMap<_, _> = schema::config::pairs(&config).into_iter().collect();
        assert_eq!(pairs["net0"], "bridge=vmbr0,hwaddr=BC:24:11:00:00:01,ip=dhcp,name=eth0,type=veth");
    }

    #[test]
    fn options_without_effect_are_refused_when_set() {
        let mut args = schema::Args::new(schema::Mode::Api);
        args.set("rootfs", "local:1,idmap=passthrough");
        args.set("template", "1");
        assert!(args.read::<CtConfig>().is_none());
        assert!(args.errors["rootfs"].contains("idmap"), "{:?}", args.errors);
        assert!(args.errors.contains_key("template"), "{:?}", args.errors);
    }
}
