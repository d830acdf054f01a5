//! The plan of a virtual machine's process: a pure function from configuration and facts about the host to QEMU's
//! command line.
//!
//! What the guest sees (chip set, PCI addresses, models, defaults by machine version) is what Proxmox VE shows it, so
//! that a guest keeps its hardware when it moves over. What only the host sees (block graph, sockets) is our own.

mod boot;
mod cpu;
mod devices;
mod disks;
mod display;
mod drive;
mod firmware;
mod graph;
mod hostpci;
mod machine;
mod memory;
mod net;
mod pci;
mod secret;
mod usb;
pub mod versions;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

pub(crate) use self::{
    boot::{default_order, without},
    firmware::ovmf,
    graph::{drive_limits, image_node},
    net::tap_name,
};
pub use self::{
    cpu::VM_FLAGS,
    drive::{Bus, Drive, DriveId, EFI_DISK, TPM_STATE, all_drives},
    graph::{Image, Source, Uring},
    machine::{Board, MachineType},
    memory::{Dimm, HugePagesNeed, dimms, hotplugs, memory_mib, static_mib},
    secret::SevFacts,
    versions::Version,
};
use super::{
    config::{
        Arch, OsType, ScsiHw, VmConfig,
        device::{Cpu, Viommu},
    },
    passthrough::Resolved,
};

/// What the plan needs to know about the host; nothing else of it is looked at.
#[derive(Debug, Clone)]
pub struct HostFacts {
    /// The node's name.
    pub node: String,
    /// Architecture of the host.
    pub arch: Arch,
    /// Version of the QEMU that will run.
    pub qemu: Version,
    /// As QEMU prints it, to the third number.
    pub qemu_text: String,
    /// Whether that QEMU is a build with Proxmox' patches, which knows machine types with `+pveN`.
    pub patched: bool,
    /// Whether KVM runs guests here.
    pub kvm: bool,
    /// Processors of the host.
    pub cpus: u32,
    /// `AuthenticAMD`, `GenuineIntel`
    pub cpu_vendor: String,
    /// Bits of its physical addresses.
    pub phys_bits: u32,
    /// Nodes of its memory.
    pub numa_nodes: u32,
    /// Sizes of huge pages that its kernel knows, MiB.
    pub hugepages_mib: BTreeSet<u64>,
    /// What it can encrypt guests with, if it is AMD's and can.
    pub sev: Option<SevFacts>,
    /// Whether it can run guests of Intel's TDX.
    pub tdx: bool,
    /// Why guests of the other architecture cannot be emulated, if they cannot.
    pub no_emulator: Option<String>,
    /// Why QEMU cannot render on a graphics card, if it cannot.
    pub no_gl: Option<String>,
    /// Why QEMU serves no SPICE, if it does not.
    pub no_spice: Option<String>,
    /// Serial and parallel devices that are there.
    pub devices: Devices,
    /// Whether the kernel serves virtio cards itself.
    pub vhost_net: bool,
    /// Whether files can be read and written by io_uring.
    pub io_uring: bool,
    /// Largest frame by bridge, bytes.
    pub bridge_mtu: BTreeMap<String, u32>,
    /// Where the OVMF images lie.
    pub firmware_dir: PathBuf,
    /// Where the firmware of ARM guests lies.
    pub arm_firmware_dir: PathBuf,
    /// Whether OVMF's images of 2 MB are among them.
    pub small_ovmf: bool,
    /// Picture for the firmware's boot menu.
    pub splash: Option<PathBuf>,
    /// Name under which the host's iSCSI initiator logs in.
    pub iscsi_initiator: Option<String>,
}

/// Devices of the host as far as a configuration names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Devices {
    /// All that are named are there.
    All,
    /// Only these.
    Only(BTreeSet<String>),
}

impl Devices {
    fn exists(&self, path: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(paths) => paths.contains(path),
        }
    }
}

/// Where QEMU makes its sockets and files for one VM.
#[derive(Debug, Clone)]
pub struct Places {
    /// Control socket.
    pub qmp: PathBuf,
    /// VNC socket.
    pub vnc: PathBuf,
    /// Serial sockets by port.
    pub serial: [PathBuf; 4],
    /// Guest agent's socket.
    pub agent: PathBuf,
    /// Process ID.
    pub pid: PathBuf,
    /// Variable store of OVMF for VMs without a disk for it; filled anew at each start.
    pub efi_vars: PathBuf,
    /// SPICE.
    pub spice: SpicePlace,
    /// Socket of the emulated TPM.
    pub tpm: PathBuf,
    /// Sockets of the servers of shared directories: this and the directory's number.
    pub virtiofs: PathBuf,
}

impl Places {
    fn virtiofs(&self, index: u32) -> PathBuf {
        let mut path = self.virtiofs.clone().into_os_string();
        path.push(index.to_string());
        path.into()
    }
}

/// Where QEMU listens for SPICE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpicePlace {
    /// A socket that only our proxy reaches, which does TLS itself.
    Socket(PathBuf),
    /// A port with TLS.
    Tls {
        /// Address of the host.
        address: String,
        /// Port.
        port: u16,
    },
}

/// All that decides about a command line.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    /// The guest's ID.
    pub vmid: u32,
    /// Its configuration.
    pub config: &'a VmConfig,
    /// Its `meta` option.
    pub meta: Option<&'a str>,
    /// Where its volumes lie, by drive.
    pub images: &'a BTreeMap<DriveId, Image>,
    /// Devices of the host that it was decided to get.
    pub devices: &'a Resolved,
    /// Processor models of the cluster's own, by name without `custom-`.
    pub cpu_models: &'a BTreeMap<String, Cpu>,
    /// The host.
    pub facts: &'a HostFacts,
    /// Sockets and files.
    pub places: &'a Places,
}

impl Input<'_> {
    fn os(&self) -> Os {
        Os { kind: self.config.ostype.unwrap_or(OsType::Other) }
    }

    /// The guest's architecture.
    #[must_use]
    pub fn arch(&self) -> Arch {
        self.config.arch.unwrap_or(self.facts.arch)
    }

    /// The machine type that the VM gets.
    ///
    /// # Errors
    /// When it is unknown or too new for QEMU.
    pub fn machine(&self) -> Result<MachineType, PlanError> {
        MachineType::resolve(machine::Wanted {
            option: self.config.machine.as_deref(),
            meta: self.meta,
            windows: self.os().windows() > 0,
            arch: self.arch(),
            qemu: self.facts.qemu,
            qemu_text: &self.facts.qemu_text,
            node: &self.facts.node,
        })
    }
}

/// Why there is no command line for a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// QEMU on this host is older than what we drive.
    #[error("Detected old QEMU binary ('{0}', at least 6.0 is required)")]
    OldQemu(String),
    /// The machine type is newer than QEMU.
    #[error("Installed QEMU version '{qemu}' is too old to run machine type '{machine}', please upgrade node '{node}'")]
    OldForMachine {
        /// What is installed.
        qemu: String,
        /// What is asked for.
        machine: String,
        /// Where.
        node: String,
    },
    /// The machine type has a revision that this version of ours does not know.
    #[error(
        "Installed qemu-server (max feature level for {}.{} is pve{}) is too old to run machine type '{machine}', please \
         upgrade node '{node}'",
        newest.major, newest.minor, newest.revision
    )]
    UnknownRevision {
        /// The newest revision of it that is known.
        newest: Version,
        /// What is asked for.
        machine: String,
        /// Where.
        node: String,
    },
    /// More USB devices than its controllers have ports for.
    #[error("using {0} is only possible with machine type >= 7.1 and ostype l26 or windows > 7")]
    TooManyUsb(String),
    /// More processors than the host has.
    #[error("MAX {0} vcpus allowed per VM on this node")]
    TooManyCpus(u32),
    /// A value that cannot be right for this host or together with others.
    #[error("option '{option}': {message}")]
    Wrong {
        /// The option.
        option: String,
        /// What is wrong.
        message: String,
    },
    /// A drive without a volume.
    #[error("no image for drive '{0}'")]
    NoImage(String),
}

fn wrong(option: &str, message: impl Into<String>) -> PlanError {
    PlanError::Wrong { option: option.to_owned(), message: message.into() }
}

/// A complete command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommandLine {
    /// The program: QEMU for the guest's architecture.
    pub program: &'static str,
    /// Huge pages that must be free before it starts.
    pub huge_pages: Vec<HugePagesNeed>,
    /// Options in order, each with its value if it takes one.
    pub options: Vec<(String, Option<String>)>,
    /// What the administrator should know.
    pub warnings: Vec<String>,
}

impl CommandLine {
    /// The argument vector.
    #[must_use]
    pub fn args(&self) -> Vec<&str> {
        self.options.iter().flat_map(|(option, value)| [Some(option.as_str()), value.as_deref()]).flatten().collect()
    }
}

/// Families of guest operating systems, as far as hardware differs for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Os {
    kind: OsType,
}

impl Os {
    /// Windows by generation (5 is XP, 6 Vista, then by name); 0 for all others.
    fn windows(self) -> u32 {
        match self.kind {
            OsType::Wxp | OsType::W2k | OsType::W2k3 => 5,
            OsType::W2k8 | OsType::Wvista => 6,
            OsType::Win7 => 7,
            OsType::Win8 => 8,
            OsType::Win10 => 10,
            OsType::Win11 => 11,
            OsType::Other | OsType::L24 | OsType::L26 | OsType::Solaris => 0,
        }
    }

    fn linux(self) -> bool {
        self.kind == OsType::L26
    }
}

/// The command line while it grows.
struct Plan<'a> {
    input: &'a Input<'a>,
    config: &'a VmConfig,
    facts: &'a HostFacts,
    machine: MachineType,
    arch: Arch,
    /// Whether the guest has the host's architecture.
    native: bool,
    os: Os,
    kvm: bool,
    processor: cpu::Processor<'a>,
    secret: secret::Secret,
    slots: pci::Slots,
    boot: BTreeMap<String, u32>,
    controllers: BTreeSet<String>,
    line: CommandLine,
    devices: Vec<String>,
    globals: Vec<String>,
    machine_flags: Vec<String>,
}

impl<'a> Plan<'a> {
    fn new(input: &'a Input<'a>) -> Result<Self, PlanError> {
        let (facts, config) = (input.facts, input.config);
        if facts.qemu < Version::new(6, 0) {
            return Err(PlanError::OldQemu(facts.qemu_text.clone()));
        }
        let arch = input.arch();
        let native = arch == facts.arch;
        if let Some(reason) = facts.no_emulator.as_ref().filter(|_| !native) {
            return Err(wrong("arch", format!("guests of architecture '{arch}' cannot run on this node: {reason}")));
        }
        let kvm = config.kvm != Some(false) && facts.kvm && native;
        let machine = input.machine()?;
        let mut slots = pci::Slots::new(machine.board, machine.has(versions::Change::Bridges));
        slots.igd = config.hostpci.values().any(|device| device.legacy_igd == Some(true));
        let program = match arch {
            Arch::X8664 => "qemu-system-x86_64",
            Arch::Aarch64 => "qemu-system-aarch64",
        };
        Ok(Self {
            input,
            config,
            facts,
            os: input.os(),
            arch,
            native,
            kvm,
            processor: Self::find_processor(input, arch, kvm)?,
            secret: secret::Secret::of(config),
            slots,
            boot: boot::indices(config, input.devices),
            controllers: BTreeSet::new(),
            machine,
            line: CommandLine { program, ..CommandLine::default() },
            devices: Vec::new(),
            globals: Vec::new(),
            machine_flags: Vec::new(),
        })
    }
}

impl Plan<'_> {
    fn option(&mut self, option: &str, value: impl Into<String>) {
        self.line.options.push((option.to_owned(), Some(value.into())));
    }

    fn flag(&mut self, option: &str) {
        self.line.options.push((option.to_owned(), None));
    }

    fn device(&mut self, device: impl Into<String>) {
        self.devices.push(device.into());
    }

    fn warn(&mut self, message: impl Into<String>) {
        self.line.warnings.push(message.into());
    }

    /// `,bus=…,addr=…` of a device that has a fixed place.
    fn place(&mut self, id: &str) -> String {
        self.slots.place(id)
    }

    /// `,bootindex=…` of a device that is booted from.
    fn bootindex(&self, id: &str) -> String {
        self.boot.get(id).map(|index| format!(",bootindex={index}")).unwrap_or_default()
    }

    /// The guest's name, made up from its ID if it has none.
    fn name(&self) -> String {
        self.config.name.clone().unwrap_or_else(|| format!("vm{}", self.input.vmid))
    }

    fn scsihw(&self) -> ScsiHw {
        self.config.scsihw.unwrap_or(ScsiHw::Lsi)
    }
}

/// A value inside an option: commas are doubled.
fn quoted(value: &str) -> String {
    value.replace(',', ",,")
}

fn on_off(flag: bool) -> &'static str {
    if flag { "on" } else { "off" }
}

/// Plans the command line.
///
/// # Errors
/// When the configuration cannot run on this host.
pub fn plan(input: &Input<'_>) -> Result<CommandLine, PlanError> {
    if input.config.template == Some(true) {
        let config = template(input.config);
        return Plan::new(&Input { config: &config, ..input.clone() })?.run();
    }
    Plan::new(input)?.run()
}

/// What remains of a template: it is only ever started to be backed up, so its disks and what they sit on.
fn template(config: &VmConfig) -> VmConfig {
    let VmConfig { ide, scsi, virtio, sata, efidisk0, scsihw, bios, name, template, arch, .. } = config.clone();
    let vga = schema::property::parse("none").ok().map(schema::Props);
    let empty = super::file::view(&crate::config_file::Section::default());
    VmConfig { ide, scsi, virtio, sata, efidisk0, scsihw, bios, name, template, arch, kvm: Some(false), vga, ..empty }
}

impl Plan<'_> {
    fn run(mut self) -> Result<CommandLine, PlanError> {
        self.identity();
        self.firmware()?;
        self.bridge_hotplug();
        self.smp()?;
        self.display_and_start();
        self.cpu()?;
        self.memory()?;
        self.line.huge_pages = self.huge_pages();
        self.intel_iommu()?;
        self.generation_id();
        self.usb_controllers();
        self.pointer_and_keys();
        self.host_devices()?;
        self.usb_devices()?;
        self.ports()?;
        self.sound();
        self.tpm();
        self.display()?;
        self.agent();
        self.rng();
        self.spice()?;
        self.balloon();
        self.watchdog();
        self.drives()?;
        self.nets()?;
        self.shared_memory();
        self.directories();
        self.secret()?;
        self.clock();
        Ok(self.finish())
    }
}

impl Plan<'_> {
    fn identity(&mut self) {
        let (config, places) = (self.config, self.input.places);
        let name = self.name();
        let threads = if self.facts.qemu < Version::new(11, 0) { ",debug-threads=on" } else { "" };
        self.option("-name", format!("{}{threads}", quoted(&name)));
        self.flag("-no-shutdown");
        self.option("-chardev", format!("socket,id=qmp,path={},server=on,wait=off", places.qmp.display()));
        self.option("-mon", "chardev=qmp,mode=control");
        self.option("-pidfile", places.pid.display().to_string());
        if config.reboot == Some(false) {
            self.flag("-no-reboot");
        }
        self.smbios();
    }

    fn display_and_start(&mut self) {
        self.flag("-nodefaults");
        let mut boot = "menu=on,strict=on,reboot-timeout=1000".to_owned();
        if let Some(splash) = &self.facts.splash {
            boot += &format!(",splash={}", splash.display());
        }
        self.option("-boot", boot);
        if let Some(initiator) = self.facts.iscsi_initiator.clone() {
            self.option("-iscsi", format!("initiator-name={initiator}"));
        }
        if self.config.freeze == Some(true) {
            self.flag("-S");
        }
        if let Some(layout) = self.config.keyboard {
            self.option("-k", layout.as_str());
        }
    }

    fn clock(&mut self) {
        let config = self.config;
        let windows = self.os.windows();
        let mut rtc = Vec::new();
        if config.tdf == Some(true) || (config.tdf.is_none() && windows > 0 && config.acpi != Some(false)) {
            rtc.push("driftfix=slew".to_owned());
        }
        if windows > 5 {
            self.globals.push("kvm-pit.lost_tick_policy=discard".to_owned());
        }
        match config.startdate.as_deref() {
            Some(date) if date != "now" => rtc.push(format!("base={date}")),
            _ if config.localtime.unwrap_or(windows >= 5) => rtc.push("base=localtime".to_owned()),
            _ => {}
        }
        if !rtc.is_empty() {
            self.option("-rtc", rtc.join(","));
        }
    }

    fn finish(mut self) -> CommandLine {
        if self.viommu() == Some(Viommu::Virtio) {
            self.device("virtio-iommu-pci");
        }
        self.machine_options();
        for global in std::mem::take(&mut self.globals) {
            self.option("-global", global);
        }
        let bridges = self.slots.bridges();
        let layout = self.chipset_devices();
        for device in layout.into_iter().chain(bridges).chain(std::mem::take(&mut self.devices)) {
            self.option("-device", device);
        }
        let mut machine = std::mem::take(&mut self.machine_flags);
        machine.insert(0, format!("type={}", self.machine.emitted(self.facts.patched)));
        self.option("-machine", machine.join(","));
        if self.config.template == Some(true) {
            self.flag("-snapshot");
        }
        if let Some(args) = &self.config.extra_args {
            match schema::words::split(args) {
                Some(words) => self.line.options.extend(words.into_iter().map(|word| (word, None))),
                None => self.warn("option 'args' is ignored: a quotation mark is not closed"),
            }
        }
        self.line
    }
}

#[cfg(test)]
mod tests;
