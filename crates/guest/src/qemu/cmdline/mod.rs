//! The plan of a virtual machine's process: a pure function from configuration and facts about the host to QEMU's
//! command line.
//!
//! What the guest sees (chip set, PCI addresses, models, defaults by machine version) is what Proxmox VE shows it, so
//! that a guest keeps its hardware when it moves over. What only the host sees (block graph, sockets) is our own.

mod boot;
mod cpu;
mod devices;
mod drive;
mod firmware;
mod machine;
mod net;
mod pci;

use std::{collections::BTreeMap, path::PathBuf};

pub(crate) use self::{
    boot::{default_order, without},
    drive::drive_limits,
    firmware::ovmf,
    net::tap_name,
};
pub use self::{
    drive::{Bus, Drive, DriveId, EFI_DISK, Image, Source, TPM_STATE, Uring, all_drives},
    machine::{MachineType, Version},
};
use super::config::{OsType, ScsiHw, VmConfig, device::Viommu};

/// What the plan needs to know about the host; nothing else of it is looked at.
#[derive(Debug, Clone)]
pub struct HostFacts {
    /// Version of the QEMU that will run.
    pub qemu: Version,
    /// Whether that QEMU is a build with Proxmox' patches, which knows machine types with `+pveN`.
    pub patched: bool,
    /// Whether KVM runs guests here.
    pub kvm: bool,
    /// Processors of the host.
    pub cpus: u32,
    /// `AuthenticAMD`, `GenuineIntel`
    pub cpu_vendor: String,
    /// Whether the kernel serves virtio cards itself.
    pub vhost_net: bool,
    /// Whether files can be read and written by io_uring.
    pub io_uring: bool,
    /// Largest frame by bridge, bytes.
    pub bridge_mtu: BTreeMap<String, u32>,
    /// Where the OVMF images lie.
    pub firmware_dir: PathBuf,
    /// Whether OVMF's images of 2 MB are among them.
    pub small_ovmf: bool,
    /// Picture for the firmware's boot menu.
    pub splash: Option<PathBuf>,
    /// Name under which the host's iSCSI initiator logs in.
    pub iscsi_initiator: Option<String>,
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
    /// The host.
    pub facts: &'a HostFacts,
    /// Sockets and files.
    pub places: &'a Places,
}

impl Input<'_> {
    fn os(&self) -> Os {
        Os { kind: self.config.ostype.unwrap_or(OsType::Other) }
    }

    /// The machine type that the VM gets.
    ///
    /// # Errors
    /// When it is unknown or too new for QEMU.
    pub fn machine(&self) -> Result<MachineType, PlanError> {
        let windows = self.os().windows() > 0;
        MachineType::resolve(self.config.machine.as_deref(), self.meta, windows, self.facts.qemu)
    }
}

/// Why there is no command line for a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// QEMU on this host is older than what we drive.
    #[error("Detected old QEMU binary ('{0}', at least 6.0 is required)")]
    OldQemu(Version),
    /// The machine type is newer than QEMU.
    #[error("Installed QEMU version '{qemu}' is too old to run machine type '{machine}', please upgrade node")]
    OldForMachine {
        /// What is installed.
        qemu: Version,
        /// What is asked for.
        machine: String,
    },
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

/// A complete command line, without the program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommandLine {
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
    os: Os,
    kvm: bool,
    slots: pci::Slots,
    boot: BTreeMap<String, u32>,
    line: CommandLine,
    devices: Vec<String>,
    globals: Vec<String>,
    machine_flags: Vec<String>,
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
    let facts = input.facts;
    if facts.qemu < Version::new(6, 0) {
        return Err(PlanError::OldQemu(facts.qemu));
    }
    let config = input.config;
    let os = input.os();
    let machine = input.machine()?;
    let mut plan = Plan {
        input,
        config,
        facts,
        os,
        kvm: config.kvm != Some(false) && facts.kvm,
        slots: pci::Slots::new(machine.q35),
        boot: boot::indices(config),
        machine,
        line: CommandLine::default(),
        devices: Vec::new(),
        globals: Vec::new(),
        machine_flags: Vec::new(),
    };
    plan.identity();
    plan.firmware()?;
    plan.smp()?;
    plan.display_and_start();
    plan.cpu()?;
    plan.memory();
    plan.chipset()?;
    plan.input_and_ports()?;
    plan.display()?;
    plan.small_devices();
    plan.drives()?;
    plan.nets()?;
    plan.clock();
    Ok(plan.finish())
}

impl Plan<'_> {
    fn identity(&mut self) {
        let (config, places) = (self.config, self.input.places);
        let name = config.name.clone().unwrap_or_else(|| format!("vm{}", self.input.vmid));
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

    fn memory(&mut self) {
        let mib = memory_mib(self.config);
        self.option("-m", mib.to_string());
        if self.config.numa != Some(true) {
            return;
        }
        let (sockets, cores) = (self.config.sockets.unwrap_or(1), self.config.cores.unwrap_or(1));
        let share = mib / sockets;
        for node in 0..sockets {
            let (first, last) = (node * cores, node * cores + cores - 1);
            let cpus = if first == last { first.to_string() } else { format!("{first}-{last}") };
            self.option("-object", format!("memory-backend-ram,id=ram-node{node},size={share}M"));
            self.option("-numa", format!("node,nodeid={node},cpus={cpus},memdev=ram-node{node}"));
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
        if self.config.machine.as_ref().and_then(|machine| machine.viommu) == Some(Viommu::Virtio) {
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
        if let Some(args) = &self.config.extra_args {
            match schema::words::split(args) {
                Some(words) => self.line.options.extend(words.into_iter().map(|word| (word, None))),
                None => self.warn("option 'args' is ignored: a quotation mark is not closed"),
            }
        }
        self.line
    }
}

/// The VM's memory, MiB.
#[must_use]
pub fn memory_mib(config: &VmConfig) -> u64 {
    config.memory.as_ref().map_or(512, |memory| memory.current)
}

#[cfg(test)]
mod tests;
