//! Property strings of passed-through and rarer devices, and of cloud-init.

use schema::{Choice, Params};

/// Generation of AMD SEV.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum SevType {
    Std,
    Es,
    Snp,
}

/// Memory encryption by AMD processors.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct AmdSev {
    /// Which generation of it.
    #[param(default_key, name = "type")]
    pub kind: SevType,
    /// Allow hosts with several threads a core.
    #[param(name = "allow-smt", default = "1")]
    pub allow_smt: Option<bool>,
    /// Put hashes of kernel and boot options into the launch measurement.
    #[param(name = "kernel-hashes", default = "0")]
    pub kernel_hashes: Option<bool>,
    /// Forbid debugging.
    #[param(name = "no-debug", default = "0")]
    pub no_debug: Option<bool>,
    /// Forbid sharing the key with other guests.
    #[param(name = "no-key-sharing", default = "0")]
    pub no_key_sharing: Option<bool>,
}

/// Sound cards that QEMU emulates.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum AudioDevice {
    Ich9IntelHda,
    IntelHda,
    #[choice("AC97")]
    AC97,
}

/// Where sound goes.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum AudioDriver {
    Spice,
    None,
}

/// A sound card.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct Audio {
    /// What the guest sees.
    pub device: AudioDevice,
    /// Where sound goes.
    #[param(default = "spice")]
    pub driver: Option<AudioDriver>,
}

/// Own cloud-init files.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct CiCustom {
    /// Meta data.
    #[param(format = "pve-volume-id")]
    pub meta: Option<String>,
    /// Network configuration.
    #[param(format = "pve-volume-id")]
    pub network: Option<String>,
    /// User data.
    #[param(format = "pve-volume-id")]
    pub user: Option<String>,
    /// Vendor data.
    #[param(format = "pve-volume-id")]
    pub vendor: Option<String>,
}

/// Driver of a passed-through device.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum PciDriver {
    Vfio,
    Keep,
}

/// A PCI device of the host handed to the guest.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct HostPci {
    /// Device or functions.
    #[param(
        default_key,
        pattern = r"(?:(?:(?:[a-f0-9]{4,}:)?[a-f0-9]{2}:[a-f0-9]{2}(?:\.[a-f0-9])?)(;(?:(?:[a-f0-9]{4,}:)?[a-f0-9]{2}:[a-f0-9]{2}(?:\.[a-f0-9])?))*)"
    )]
    pub host: Option<String>,
    /// Device ID that the guest sees.
    #[param(name = "device-id", pattern = "(?:^0x[0-9a-fA-F]{4}$)")]
    pub device_id: Option<String>,
    /// Driver that binds it on the host.
    #[param(default = "vfio")]
    pub driver: Option<PciDriver>,
    /// Make it the primary Intel graphics device.
    #[param(name = "legacy-igd", default = "0")]
    pub legacy_igd: Option<bool>,
    /// Name of a cluster-wide mapping.
    #[param(format = "pve-configid")]
    pub mapping: Option<String>,
    /// Type of a mediated device.
    #[param(pattern = r"[^/\.:]+")]
    pub mdev: Option<String>,
    /// Attach it as PCI Express device.
    #[param(default = "0")]
    pub pcie: Option<bool>,
    /// Show the device's ROM.
    #[param(default = "1")]
    pub rombar: Option<bool>,
    /// Other ROM file.
    #[param(pattern = "[^,;]+")]
    pub romfile: Option<String>,
    /// Subsystem device ID that the guest sees.
    #[param(name = "sub-device-id", pattern = "(?:^0x[0-9a-fA-F]{4}$)")]
    pub sub_device_id: Option<String>,
    /// Subsystem vendor ID that the guest sees.
    #[param(name = "sub-vendor-id", pattern = "(?:^0x[0-9a-fA-F]{4}$)")]
    pub sub_vendor_id: Option<String>,
    /// Vendor ID that the guest sees.
    #[param(name = "vendor-id", pattern = "(?:^0x[0-9a-fA-F]{4}$)")]
    pub vendor_id: Option<String>,
    /// Make it the primary display.
    #[param(name = "x-vga", default = "0")]
    pub x_vga: Option<bool>,
}

/// Generation of Intel TDX.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum TdxType {
    Tdx,
}

/// Memory encryption by Intel processors.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct IntelTdx {
    /// Which generation of it.
    #[param(default_key, name = "type")]
    pub kind: TdxType,
    /// Offer attestation.
    pub attestation: bool,
    /// Context ID of the quote service.
    #[param(name = "vsock-cid", min = 2, default = "2")]
    pub vsock_cid: Option<u64>,
    /// Port of the quote service.
    #[param(name = "vsock-port", default = "4050")]
    pub vsock_port: Option<u64>,
}

/// Addresses that cloud-init gives a card.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct IpConfig {
    /// IPv4 gateway.
    #[param(format = "ipv4", requires = "ip")]
    pub gw: Option<String>,
    /// IPv6 gateway.
    #[param(format = "ipv6", requires = "ip6")]
    pub gw6: Option<String>,
    /// IPv4 address with prefix length, or `dhcp`.
    #[param(format = "pve-ipv4-config", default = "dhcp")]
    pub ip: Option<String>,
    /// IPv6 address with prefix length, `dhcp` or `auto`.
    #[param(format = "pve-ipv6-config", default = "dhcp")]
    pub ip6: Option<String>,
}

/// Memory shared with programs of the host.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct Ivshmem {
    /// Name of the file below /dev/shm.
    #[param(pattern = r"[a-zA-Z0-9\-]+")]
    pub name: Option<String>,
    /// MiB.
    #[param(min = 1)]
    pub size: u64,
}

/// How memory is taken.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum NumaPolicy {
    Preferred,
    Bind,
    Interleave,
}

/// A NUMA node of the guest.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct NumaNode {
    /// Processors in it.
    #[param(pattern = r"(?:\d+(?:-\d+)?(?:;\d+(?:-\d+)?)*)")]
    pub cpus: String,
    /// Nodes of the host that back it.
    #[param(pattern = r"(?:\d+(?:-\d+)?(?:;\d+(?:-\d+)?)*)")]
    pub hostnodes: Option<String>,
    /// MiB.
    pub memory: Option<f64>,
    /// How memory is taken from the nodes of the host.
    pub policy: Option<NumaPolicy>,
}

/// Sources of random numbers.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum RngSource {
    #[choice("/dev/urandom")]
    DevUrandom,
    #[choice("/dev/random")]
    DevRandom,
    #[choice("/dev/hwrng")]
    DevHwrng,
}

/// A random number generator.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct Rng {
    /// Where the numbers come from.
    #[param(default_key)]
    pub source: RngSource,
    /// Bytes that may be taken each period; 0 for no limit.
    #[param(default = "1024")]
    pub max_bytes: Option<u64>,
    /// Milliseconds.
    #[param(default = "1000")]
    pub period: Option<u64>,
}

/// What is streamed.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum VideoStreaming {
    Off,
    All,
    Filter,
}

/// Extras of SPICE.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct SpiceEnhancements {
    /// Share folders with the client.
    #[param(default = "0")]
    pub foldersharing: Option<bool>,
    /// Compress moving pictures.
    #[param(default = "off")]
    pub videostreaming: Option<VideoStreaming>,
}

/// A USB device of the host or of the SPICE client.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct Usb {
    /// Device by IDs or port, or `spice`.
    #[param(
        default_key,
        pattern = r"(?:(?:(?:(?:(0x)?([0-9A-Fa-f]{4}):(0x)?([0-9A-Fa-f]{4})))|(?:(?:(\d+)\-(\d+(\.\d+)*)))|[Ss][Pp][Ii][Cc][Ee]))"
    )]
    pub host: Option<String>,
    /// Name of a cluster-wide mapping.
    #[param(format = "pve-configid")]
    pub mapping: Option<String>,
    /// Attach it to a USB 3 port.
    #[param(default = "0")]
    pub usb3: Option<bool>,
}

/// Caching of shared directories.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum VirtioFsCache {
    Auto,
    Always,
    Metadata,
    Never,
}

/// A directory of the host mounted in the guest.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct VirtioFs {
    /// Name of the directory mapping.
    #[param(default_key, format = "pve-configid")]
    pub dirid: String,
    /// What the guest caches.
    #[param(default = "auto")]
    pub cache: Option<VirtioFsCache>,
    /// Pass O_DIRECT through.
    #[param(name = "direct-io", default = "0")]
    pub direct_io: Option<bool>,
    /// Pass POSIX ACLs through.
    #[param(name = "expose-acl", default = "0")]
    pub expose_acl: Option<bool>,
    /// Pass extended attributes through.
    #[param(name = "expose-xattr", default = "0")]
    pub expose_xattr: Option<bool>,
}

/// Watchdogs that QEMU emulates.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum WatchdogModel {
    I6300esb,
    Ib700,
}

/// What happens.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum WatchdogAction {
    Reset,
    Shutdown,
    Poweroff,
    Pause,
    Debug,
    None,
}

/// A watchdog.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct Watchdog {
    /// Device.
    #[param(default_key, default = "i6300esb")]
    pub model: Option<WatchdogModel>,
    /// What happens when the guest does not feed it.
    pub action: Option<WatchdogAction>,
}
