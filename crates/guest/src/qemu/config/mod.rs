//! The whole table of a virtual machine's options, as text in its file and as parameters of the API.
//!
//! Names, types and limits are those of Proxmox VE. Options marked `later` are known but have no effect in this version:
//! files may carry them, setting them is refused. `needs` is the privilege for changing an option; `root@pam` means
//! nobody but that user, and an option without it needs `root@pam` too (see `permission`).

pub mod cpu_model;
pub mod device;
pub mod drive;
pub mod passthrough;
pub mod port;

use schema::{Choice, Indexed, Params, Props};

use self::{
    device::{Agent, Boot, Cpu, Machine, Memory, NetDevice, Smbios, Vga},
    drive::{CdromDrive, EfiDisk, IdeDrive, SataDrive, ScsiDrive, TpmState, Unused, VirtioDrive},
    passthrough::{
        AmdSev, Audio, CiCustom, HostPci, IntelTdx, IpConfig, Ivshmem, NumaNode, Rng, SpiceEnhancements, Usb, VirtioFs,
        Watchdog,
    },
    port::{ParallelPort, SerialPort},
};

/// Architectures.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum Arch {
    #[choice("x86_64")]
    X8664,
    Aarch64,
}

/// Firmware.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum Bios {
    Seabios,
    Ovmf,
}

/// Formats of cloud-init data.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum CiType {
    Configdrive2,
    Nocloud,
    Opennebula,
}

/// Sizes of huge pages.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum HugePages {
    Any,
    #[choice("2")]
    V2,
    #[choice("1024")]
    V1024,
}

/// Keyboard layouts.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum Keyboard {
    De,
    DeCh,
    Da,
    EnGb,
    EnUs,
    Es,
    Fi,
    Fr,
    FrBe,
    FrCa,
    FrCh,
    Hu,
    Is,
    It,
    Ja,
    Lt,
    Mk,
    Nl,
    No,
    Pl,
    Pt,
    PtBr,
    Sv,
    Sl,
    Tr,
}

/// What a guest may be locked for.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum GuestLock {
    Backup,
    Clone,
    Create,
    Migrate,
    Rollback,
    Snapshot,
    SnapshotDelete,
    Suspending,
    Suspended,
}

/// Operating systems.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum OsType {
    Other,
    Wxp,
    W2k,
    W2k3,
    W2k8,
    Wvista,
    Win7,
    Win8,
    Win10,
    Win11,
    L24,
    L26,
    Solaris,
}

/// SCSI controllers.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum ScsiHw {
    Lsi,
    Lsi53c810,
    VirtioScsiPci,
    VirtioScsiSingle,
    Megasas,
    Pvscsi,
}

/// Options of a virtual machine.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct VmConfig {
    /// Offer ACPI.
    #[param(default = "1", needs = "VM.Config.HWType")]
    pub acpi: Option<bool>,
    /// Processors of the host that the guest runs on.
    #[param(format = "pve-cpuset", needs = "root@pam")]
    pub affinity: Option<String>,
    /// Guest agent.
    #[param(needs = "VM.Config.Options")]
    pub agent: Option<Props<Agent>>,
    /// Let the host merge equal pages of this guest with those of others.
    #[param(name = "allow-ksm", default = "1", needs = "VM.Config.Memory")]
    pub allow_ksm: Option<bool>,
    /// Memory encryption by AMD processors.
    #[param(name = "amd-sev", needs = "root@pam")]
    pub amd_sev: Option<Props<AmdSev>>,
    /// Architecture; that of the host when not given.
    #[param(needs = "root@pam")]
    pub arch: Option<Arch>,
    /// Further arguments for QEMU, split as a shell would. For experts.
    #[param(name = "args", needs = "root@pam")]
    pub extra_args: Option<String>,
    /// Sound card.
    #[param(needs = "VM.Config.HWType")]
    pub audio0: Option<Props<Audio>>,
    /// Start again after a crash (ignored).
    #[param(default = "0", needs = "VM.Config.Options")]
    pub autostart: Option<bool>,
    /// Least memory that the host may leave the guest, MiB; 0 switches ballooning off.
    #[param(needs = "VM.Config.Memory")]
    pub balloon: Option<u64>,
    /// Firmware.
    #[param(default = "seabios", needs = "VM.Config.Options")]
    pub bios: Option<Bios>,
    /// Boot order.
    #[param(needs = "VM.Config.Disk")]
    pub boot: Option<Props<Boot>>,
    /// Disk to boot from, for `boot: c`. Use `boot: order=` instead.
    #[param(pattern = r"(ide|sata|scsi|virtio)\d+", format = "pve-qm-bootdisk", needs = "VM.Config.Disk")]
    pub bootdisk: Option<String>,
    /// Another name of `ide2`, for a CD-ROM.
    #[param(needs = "VM.Config.CDROM")]
    pub cdrom: Option<Props<CdromDrive>>,
    /// Own cloud-init files.
    #[param(needs = "VM.Config.Cloudinit")]
    pub cicustom: Option<Props<CiCustom>>,
    /// Password that cloud-init sets.
    #[param(needs = "VM.Config.Cloudinit")]
    pub cipassword: Option<String>,
    /// Format of the cloud-init data.
    #[param(needs = "VM.Config.Cloudinit")]
    pub citype: Option<CiType>,
    /// Let cloud-init upgrade packages at first start.
    #[param(default = "1", needs = "VM.Config.Cloudinit")]
    pub ciupgrade: Option<bool>,
    /// User that cloud-init sets up.
    #[param(needs = "VM.Config.Cloudinit")]
    pub ciuser: Option<String>,
    /// Cores a socket.
    #[param(min = 1, default = "1", needs = "VM.Config.CPU")]
    pub cores: Option<u64>,
    /// Processor model.
    #[param(needs = "VM.Config.CPU")]
    pub cpu: Option<Props<Cpu>>,
    /// Processor time limit, in processors; 0 for none.
    #[param(min = 0, max = 128, default = "0", needs = "VM.Config.CPU")]
    pub cpulimit: Option<f64>,
    /// Weight when processor time is short.
    #[param(min = 1, max = 262144, needs = "VM.Config.CPU")]
    pub cpuunits: Option<u64>,
    /// Notes about the guest.
    #[param(max_len = 8192, needs = "VM.Config.Options")]
    pub description: Option<String>,
    /// Variable store of OVMF.
    #[param(needs = "VM.Config.Disk")]
    pub efidisk0: Option<Props<EfiDisk>>,
    /// Start paused.
    #[param(needs = "VM.PowerMgmt")]
    pub freeze: Option<bool>,
    /// Program to run around start and stop.
    #[param(format = "pve-volume-id", needs = "root@pam")]
    pub hookscript: Option<String>,
    /// PCI devices of the host.
    #[param(count = 16, needs = "VM.Config.HWType")]
    pub hostpci: Indexed<Props<HostPci>>,
    /// What may change while the guest runs.
    #[param(format = "pve-hotplug-features", default = "network,disk,usb", needs = "VM.Config.HWType")]
    pub hotplug: Option<String>,
    /// Size of huge pages that back the memory, MiB.
    #[param(needs = "root@pam")]
    pub hugepages: Option<HugePages>,
    /// IDE drives.
    #[param(count = 4, needs = "VM.Config.Disk")]
    pub ide: Indexed<Props<IdeDrive>>,
    /// Memory encryption by Intel processors.
    #[param(name = "intel-tdx", needs = "root@pam")]
    pub intel_tdx: Option<Props<IntelTdx>>,
    /// Addresses that cloud-init gives the cards.
    #[param(count = 32, needs = "VM.Config.Cloudinit")]
    pub ipconfig: Indexed<Props<IpConfig>>,
    /// Memory shared with the host.
    #[param(needs = "root@pam")]
    pub ivshmem: Option<Props<Ivshmem>>,
    /// Keep huge pages for the next start.
    #[param(default = "0", needs = "root@pam")]
    pub keephugepages: Option<bool>,
    /// Keyboard layout for VNC.
    #[param(needs = "VM.Config.Options")]
    pub keyboard: Option<Keyboard>,
    /// Use hardware virtualization.
    #[param(default = "1", needs = "VM.Config.HWType")]
    pub kvm: Option<bool>,
    /// Clock in local time; Windows expects it.
    #[param(needs = "VM.Config.Options")]
    pub localtime: Option<bool>,
    /// What the guest is locked for.
    #[param(needs = "root@pam")]
    pub lock: Option<GuestLock>,
    /// Machine type.
    #[param(needs = "VM.Config.HWType")]
    pub machine: Option<Props<Machine>>,
    /// Memory, MiB.
    #[param(needs = "VM.Config.Memory")]
    pub memory: Option<Props<Memory>>,
    /// Longest pause at the end of a migration, seconds.
    #[param(later, min = 0, default = "0.1", needs = "VM.Config.Options")]
    pub migrate_downtime: Option<f64>,
    /// Limit of migration, MB a second; 0 for none.
    #[param(later, default = "0", needs = "VM.Config.Options")]
    pub migrate_speed: Option<u64>,
    /// Name.
    #[param(format = "dns-name", needs = "VM.Config.Options")]
    pub name: Option<String>,
    /// DNS servers that cloud-init sets.
    #[param(format = "address-list", needs = "VM.Config.Cloudinit")]
    pub nameserver: Option<String>,
    /// Network cards.
    #[param(count = 32, needs = "VM.Config.Network")]
    pub net: Indexed<Props<NetDevice>>,
    /// Offer one NUMA node a socket.
    #[param(default = "0", needs = "VM.Config.CPU")]
    pub numa: Option<bool>,
    /// NUMA nodes.
    #[param(name = "numa", count = 8, needs = "VM.Config.CPU")]
    pub numa_node: Indexed<Props<NumaNode>>,
    /// Start with the host.
    #[param(default = "0", needs = "VM.Config.Options")]
    pub onboot: Option<bool>,
    /// Operating system in the guest; chooses what it needs.
    #[param(default = "other", needs = "VM.Config.Options")]
    pub ostype: Option<OsType>,
    /// Parallel ports of the host.
    #[param(count = 3, needs = "root@pam")]
    pub parallel: Indexed<ParallelPort>,
    /// Forbid removing the guest and its disks.
    #[param(default = "0", needs = "VM.Config.Options")]
    pub protection: Option<bool>,
    /// Allow reboot; otherwise the guest stops instead.
    #[param(default = "1", needs = "VM.Config.Options")]
    pub reboot: Option<bool>,
    /// Random number generator.
    #[param(needs = "VM.Config.HWType")]
    pub rng0: Option<Props<Rng>>,
    /// SATA drives.
    #[param(count = 6, needs = "VM.Config.Disk")]
    pub sata: Indexed<Props<SataDrive>>,
    /// SCSI drives.
    #[param(count = 31, needs = "VM.Config.Disk")]
    pub scsi: Indexed<Props<ScsiDrive>>,
    /// SCSI controller.
    #[param(default = "lsi", needs = "VM.Config.HWType")]
    pub scsihw: Option<ScsiHw>,
    /// DNS domain that cloud-init sets.
    #[param(needs = "VM.Config.Cloudinit")]
    pub searchdomain: Option<String>,
    /// Serial ports: a socket for consoles, or a device of the host.
    #[param(count = 4, needs = "VM.Config.HWType")]
    pub serial: Indexed<SerialPort>,
    /// Weight when the host distributes memory; 0 switches that off.
    #[param(max = 50000, default = "1000", needs = "VM.Config.Memory")]
    pub shares: Option<u64>,
    /// System information that the guest sees.
    #[param(max_len = 512, needs = "VM.Config.HWType")]
    pub smbios1: Option<Props<Smbios>>,
    /// Number of processors. Use `sockets` instead.
    #[param(min = 1, default = "1", needs = "VM.Config.CPU")]
    pub smp: Option<u64>,
    /// Sockets.
    #[param(min = 1, default = "1", needs = "VM.Config.CPU")]
    pub sockets: Option<u64>,
    /// Extras of SPICE.
    #[param(needs = "root@pam")]
    pub spice_enhancements: Option<Props<SpiceEnhancements>>,
    /// SSH keys that cloud-init installs, URL-encoded.
    #[param(format = "urlencoded", needs = "VM.Config.Cloudinit")]
    pub sshkeys: Option<String>,
    /// Clock at start: `now` or a date.
    #[param(
        pattern = r"(now|\d{4}-\d{1,2}-\d{1,2}(T\d{1,2}:\d{1,2}:\d{1,2})?)",
        default = "now",
        needs = "VM.Config.Options"
    )]
    pub startdate: Option<String>,
    /// Order and delays when all guests start or stop.
    #[param(format = "pve-startup-order", needs = "VM.Config.Options")]
    pub startup: Option<String>,
    /// Absolute pointer, which VNC needs.
    #[param(default = "1", needs = "VM.Config.HWType")]
    pub tablet: Option<bool>,
    /// Tags.
    #[param(format = "pve-tag-list", needs = "VM.Config.Options")]
    pub tags: Option<String>,
    /// Slew the clock after missed ticks.
    #[param(default = "0", needs = "VM.Config.Options")]
    pub tdf: Option<bool>,
    /// Serve only for being cloned.
    #[param(default = "0", needs = "VM.Config.Options")]
    pub template: Option<bool>,
    /// TPM state.
    #[param(needs = "VM.Config.Disk")]
    pub tpmstate0: Option<Props<TpmState>>,
    /// Volumes that belong to the guest without being attached.
    #[param(count = 256, needs = "VM.Config.Disk")]
    pub unused: Indexed<Props<Unused>>,
    /// USB devices.
    #[param(count = 14, needs = "VM.Config.HWType")]
    pub usb: Indexed<Props<Usb>>,
    /// Processors switched on at start.
    #[param(min = 1, default = "0", needs = "VM.Config.CPU")]
    pub vcpus: Option<u64>,
    /// Display.
    #[param(needs = "VM.Config.HWType")]
    pub vga: Option<Props<Vga>>,
    /// Paravirtual block devices.
    #[param(count = 16, needs = "VM.Config.Disk")]
    pub virtio: Indexed<Props<VirtioDrive>>,
    /// Directories of the host.
    #[param(count = 10, needs = "VM.Config.HWType")]
    pub virtiofs: Indexed<Props<VirtioFs>>,
    /// Identity that changes when the guest is copied or rolled back; 1 to make one up, 0 for none.
    #[param(
        pattern = "(?:[a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}|[01])",
        default = "1",
        needs = "VM.Config.HWType"
    )]
    pub vmgenid: Option<String>,
    /// Storage for saved memory.
    #[param(format = "pve-storage-id", needs = "VM.Config.Disk")]
    pub vmstatestorage: Option<String>,
    /// Watchdog.
    #[param(needs = "VM.Config.HWType")]
    pub watchdog: Option<Props<Watchdog>>,
}
