//! Property strings of devices other than drives.

use schema::{Choice, Flat, KeyAlias, Params};

use super::cpu_model::CpuModel;

/// Network cards that QEMU emulates.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum NetModel {
    E1000,
    #[choice("e1000-82540em")]
    E100082540em,
    #[choice("e1000-82544gc")]
    E100082544gc,
    #[choice("e1000-82545em")]
    E100082545em,
    E1000e,
    I82551,
    I82557b,
    I82559er,
    #[choice("ne2k_isa")]
    Ne2kIsa,
    #[choice("ne2k_pci")]
    Ne2kPci,
    Pcnet,
    Rtl8139,
    Virtio,
    Vmxnet3,
}

/// `virtio=AA:BB:CC:DD:EE:FF` stands for model and address together.
const MODELS: &[KeyAlias] = &[
    KeyAlias { key: "e1000", key_to: "model", value_to: "macaddr" },
    KeyAlias { key: "e1000-82540em", key_to: "model", value_to: "macaddr" },
    KeyAlias { key: "e1000-82544gc", key_to: "model", value_to: "macaddr" },
    KeyAlias { key: "e1000-82545em", key_to: "model", value_to: "macaddr" },
    KeyAlias { key: "e1000e", key_to: "model", value_to: "macaddr" },
    KeyAlias { key: "i82551", key_to: "model", value_to: "macaddr" },
    KeyAlias { key: "i82557b", key_to: "model", value_to: "macaddr" },
    KeyAlias { key: "i82559er", key_to: "model", value_to: "macaddr" },
    KeyAlias { key: "ne2k_isa", key_to: "model", value_to: "macaddr" },
    KeyAlias { key: "ne2k_pci", key_to: "model", value_to: "macaddr" },
    KeyAlias { key: "pcnet", key_to: "model", value_to: "macaddr" },
    KeyAlias { key: "rtl8139", key_to: "model", value_to: "macaddr" },
    KeyAlias { key: "virtio", key_to: "model", value_to: "macaddr" },
    KeyAlias { key: "vmxnet3", key_to: "model", value_to: "macaddr" },
];

/// A network card.
#[derive(Params, Clone, Debug, PartialEq)]
#[params(key_aliases = MODELS)]
pub struct NetDevice {
    /// What the guest sees.
    #[param(default_key)]
    pub model: NetModel,
    /// Bridge of the host; user-mode networking without one.
    #[param(format = "pve-bridge-id")]
    pub bridge: Option<String>,
    /// Whether the firewall, once enabled for the guest, filters this card.
    pub firewall: Option<bool>,
    /// Offer offloads for tunnelled traffic.
    #[param(name = "host-tunnel")]
    pub host_tunnel: Option<bool>,
    /// Pull the cable.
    pub link_down: Option<bool>,
    /// Hardware address; made up when not given.
    #[param(format = "mac-addr")]
    pub macaddr: Option<String>,
    /// Largest frame, bytes; 1 means the bridge's. Only virtio.
    #[param(min = 1, max = 65520)]
    pub mtu: Option<u64>,
    /// Number of packet queues. Only virtio.
    #[param(max = 64)]
    pub queues: Option<u64>,
    /// Limit, MB a second.
    #[param(min = 0)]
    pub rate: Option<f64>,
    /// VLAN that the card is in.
    #[param(min = 1, max = 4094)]
    pub tag: Option<u64>,
    /// VLANs passed through tagged.
    #[param(pattern = r"(?:\d+(?:-\d+)?(?:;\d+(?:-\d+)?)*)")]
    pub trunks: Option<String>,
}

/// Device of the agent channel.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum AgentType {
    Virtio,
    Isa,
}

/// Whether and how the guest agent is reached.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct Agent {
    /// Whether to offer the channel and use the agent.
    #[param(default_key)]
    pub enabled: bool,
    /// Freeze file systems for backups.
    #[param(name = "freeze-fs", alias = "freeze-fs-on-backup", alias = "guest-fsfreeze", default = "1")]
    pub freeze_fs: Option<bool>,
    /// Trim after cloning and migration.
    #[param(default = "0")]
    pub fstrim_cloned_disks: Option<bool>,
    /// Device of the channel.
    #[param(name = "type", default = "virtio")]
    pub kind: Option<AgentType>,
}

/// What to boot from.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct Boot {
    /// Letters in order: `c` disk, `d` CD-ROM, `n` network.
    #[param(default_key, pattern = "[acdn]{1,4}", default = "cdn")]
    pub legacy: Option<String>,
    /// Devices in order, separated by `;`.
    #[param(format = "pve-qm-bootdev-list")]
    pub order: Option<String>,
}

/// What a processor has else than its model.
#[derive(Params, Clone, Debug, Default, PartialEq)]
pub struct CpuOptions {
    /// Flags to switch on or off: `+aes;-pcid`; a custom model takes any that QEMU knows.
    #[param(pattern = r"(?u:(?u:([+-])([a-zA-Z0-9\-_\.]+))(;(?u:([+-])([a-zA-Z0-9\-_\.]+)))*)")]
    pub flags: Option<String>,
    /// Address bits that the guest sees.
    #[param(name = "guest-phys-bits", min = 32, max = 64)]
    pub guest_phys_bits: Option<u64>,
    /// Hide KVM from the guest.
    #[param(default = "0")]
    pub hidden: Option<bool>,
    /// Vendor name of Hyper-V that Windows sees.
    #[param(name = "hv-vendor-id", pattern = "(?u:[a-zA-Z0-9]{1,12})")]
    pub hv_vendor_id: Option<String>,
    /// Highest basic CPUID leaf.
    #[param(max = 4294967295_u32)]
    pub level: Option<u64>,
    /// Physical address bits; `host` for the host's.
    #[param(name = "phys-bits", format = "pve-phys-bits")]
    pub phys_bits: Option<String>,
}

/// The processor that the guest sees.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct Cpu {
    /// Model, or `custom-` and the name of an own one.
    #[param(default_key, default = "kvm64")]
    pub cputype: Option<String>,
    /// What differs from the model.
    pub options: Flat<CpuOptions>,
    /// Model that a custom one derives from.
    #[param(name = "reported-model", default = "kvm64")]
    pub reported_model: Option<CpuModel>,
}

/// Virtual IOMMUs.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum Viommu {
    Intel,
    Virtio,
}

/// Chipset and its version.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct Machine {
    /// `pc`, `q35` or `virt`, with or without version.
    #[param(
        default_key,
        name = "type",
        max_len = 40,
        pattern = r"(pc|pc(-i440fx)?-\d+(\.\d+)+(\+pve\d+)?(\.pxe)?|q35|pc-q35-\d+(\.\d+)+(\+pve\d+)?(\.pxe)?|virt(?:-\d+(\.\d+)+)?(\+pve\d+)?)"
    )]
    pub kind: Option<String>,
    /// Address bits of the virtual IOMMU.
    #[param(name = "aw-bits", min = 32, max = 64)]
    pub aw_bits: Option<f64>,
    /// Offer suspend to RAM.
    #[param(name = "enable-s3")]
    pub enable_s3: Option<bool>,
    /// Offer suspend to disk.
    #[param(name = "enable-s4")]
    pub enable_s4: Option<bool>,
    /// Virtual IOMMU.
    pub viommu: Option<Viommu>,
}

/// Main memory.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct Memory {
    /// MiB.
    #[param(default_key, min = 16)]
    pub current: u64,
}

/// System information that the guest sees.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct Smbios {
    /// The other values are base64 encoded.
    pub base64: Option<bool>,
    /// Product family.
    #[param(pattern = r"[A-Za-z0-9+\/]+={0,2}")]
    pub family: Option<String>,
    /// Maker.
    #[param(pattern = r"[A-Za-z0-9+\/]+={0,2}")]
    pub manufacturer: Option<String>,
    /// Product name.
    #[param(pattern = r"[A-Za-z0-9+\/]+={0,2}")]
    pub product: Option<String>,
    /// Serial number.
    #[param(pattern = r"[A-Za-z0-9+\/]+={0,2}")]
    pub serial: Option<String>,
    /// Order number.
    #[param(pattern = r"[A-Za-z0-9+\/]+={0,2}")]
    pub sku: Option<String>,
    /// Identity of the machine.
    #[param(pattern = "[a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}")]
    pub uuid: Option<String>,
    /// Product version.
    #[param(pattern = r"[A-Za-z0-9+\/]+={0,2}")]
    pub version: Option<String>,
}

/// Displays.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum VgaType {
    Cirrus,
    Qxl,
    Qxl2,
    Qxl3,
    Qxl4,
    None,
    Serial0,
    Serial1,
    Serial2,
    Serial3,
    Std,
    Virtio,
    VirtioGl,
    Vmware,
}

/// Ways to share the clipboard.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum Clipboard {
    Vnc,
}

/// The display.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct Vga {
    /// What the guest sees, or which serial port serves instead.
    #[param(default_key, name = "type", default = "std")]
    pub kind: Option<VgaType>,
    /// Share the clipboard with the VNC client.
    pub clipboard: Option<Clipboard>,
    /// Video memory, MiB.
    #[param(min = 4, max = 512)]
    pub memory: Option<u64>,
}
