//! Machine types: chip set and version, by which the guest's hardware is frozen.

use std::fmt;

use super::{Os, Plan, PlanError};
use crate::qemu::config::{
    Bios,
    device::{Machine, Viommu},
};

/// A version of QEMU or of a machine type: major, minor, and the revision within it that Proxmox VE counts (`+pveN`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// First number.
    pub major: u32,
    /// Second number.
    pub minor: u32,
    /// Revision of our side; for a QEMU program always 0.
    pub revision: u32,
}

impl Version {
    /// A version without revision.
    #[must_use]
    pub const fn new(major: u32, minor: u32) -> Self {
        Self { major, minor, revision: 0 }
    }

    /// A version with revision.
    #[must_use]
    pub const fn revised(major: u32, minor: u32, revision: u32) -> Self {
        Self { major, minor, revision }
    }

    /// Reads `10.0`, `10.0.2` (the third number does not matter to hardware) or `9.2+pve1`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (numbers, revision) = match text.split_once("+pve") {
            Some((numbers, revision)) => (numbers, revision.parse().ok()?),
            None => (text, 0),
        };
        let mut numbers = numbers.split('.').map(|number| number.parse::<u32>().ok());
        Some(Self { major: numbers.next()??, minor: numbers.next()??, revision })
    }

    /// The newest revision of a machine version.
    fn newest(self) -> Self {
        let revision = match (self.major, self.minor) {
            (4, 1) | (11, 0) => 2,
            (9, 2) | (10, 0) => 1,
            _ => 0,
        };
        Self { revision, ..self }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        if self.revision > 0 { write!(f, "+pve{}", self.revision) } else { Ok(()) }
    }
}

/// A machine type that has been decided upon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineType {
    /// Name without revision: `pc`, `q35`, `pc-i440fx-9.2`, …
    name: String,
    /// Whether the chip set is Q35 (otherwise i440FX).
    pub q35: bool,
    /// The version whose hardware the guest gets; for names without version that of QEMU.
    pub version: Version,
    /// The least revision that the configuration at hand makes use of.
    needed: u32,
}

impl MachineType {
    /// Decides on the machine type of a VM. Windows, which mistakes new hardware for a new computer, stays on the version
    /// that it was installed on (`meta`).
    ///
    /// # Errors
    /// When the type is unknown or too new.
    pub fn resolve(
        option: Option<&Machine>,
        meta: Option<&str>,
        windows: bool,
        qemu: Version,
    ) -> Result<Self, PlanError> {
        let wanted = option.and_then(|machine| machine.kind.as_deref()).unwrap_or("pc");
        let wanted = wanted.strip_suffix(".pxe").unwrap_or(wanted);
        let q35 = wanted.contains("q35");
        if wanted.starts_with("virt") {
            return Err(super::wrong(
                "machine",
                format!("machine type '{wanted}' is not supported by this version yet"),
            ));
        }
        if matches!(wanted, "pc" | "q35") {
            let pinned = windows.then(|| pinned(meta, qemu)).flatten();
            return Ok(match pinned {
                Some(version) => Self { name: versioned(q35, version), q35, version, needed: 0 },
                None => Self { name: wanted.to_owned(), q35, version: qemu.newest(), needed: 0 },
            });
        }
        let number = wanted.trim_start_matches("pc-i440fx-").trim_start_matches("pc-q35-").trim_start_matches("pc-");
        let version =
            Version::parse(number).ok_or_else(|| super::wrong("machine", format!("unknown type '{wanted}'")))?;
        if (version.major, version.minor) > (qemu.major, qemu.minor) || version > qemu.newest() {
            return Err(PlanError::OldForMachine { qemu, machine: wanted.to_owned() });
        }
        let name = wanted.split('+').next().unwrap_or(wanted).to_owned();
        Ok(Self { name, q35, version, needed: 0 })
    }

    /// Whether the guest sees hardware of this version or a newer one.
    #[must_use]
    pub fn since(&self, version: Version) -> bool {
        self.version >= version
    }

    /// Notes that something in the configuration came with this revision.
    pub(super) fn needs_revision(&mut self, revision: u32) {
        self.needed = self.needed.max(revision);
    }

    /// The name QEMU is given. Builds that know revisions get the least one that has all that is used.
    pub(super) fn emitted(&self, patched: bool) -> String {
        if patched { format!("{}+pve{}", self.name, self.needed) } else { self.name.clone() }
    }

    /// The name a running VM's machine has, as shown to users.
    #[must_use]
    pub fn running_name(&self) -> String {
        let version = Version { revision: 0, ..self.version };
        format!("{}+pve{}", versioned(self.q35, version), self.version.revision)
    }
}

fn versioned(q35: bool, version: Version) -> String {
    format!("pc-{}-{}.{}", if q35 { "q35" } else { "i440fx" }, version.major, version.minor)
}

/// The version that a Windows guest without a chosen one stays on.
fn pinned(meta: Option<&str>, qemu: Version) -> Option<Version> {
    let created =
        meta.unwrap_or_default().split(',').find_map(|part| Version::parse(part.strip_prefix("creation-qemu=")?));
    let version = match created {
        Some(created) if created >= Version::new(9, 1) => created,
        _ => Version::new(5, 1),
    };
    (version <= qemu).then_some(version)
}

impl Plan<'_> {
    /// Flags of the machine that follow from options, and defaults of the chip set's power management.
    pub(super) fn machine_options(&mut self) {
        let config = self.config;
        let serial_only = config.vga.as_ref().is_some_and(|vga| super::devices::is_headless(vga));
        let mut flags = Vec::new();
        if !self.kvm {
            flags.push("accel=tcg");
        }
        if config.acpi == Some(false) {
            flags.push("acpi=off");
        }
        if hpet_off(self.os, &self.machine) {
            flags.push("hpet=off");
        }
        if serial_only && config.bios != Some(Bios::Ovmf) {
            flags.push("smm=off");
        }
        if config.allow_ksm == Some(false) {
            flags.push("mem-merge=off");
        }
        self.machine_flags.extend(flags.into_iter().map(str::to_owned));
        if config.machine.as_ref().and_then(|machine| machine.viommu) == Some(Viommu::Intel) {
            self.machine_flags.push("kernel-irqchip=split".to_owned());
        }
        // A build that is named `kvm` takes it by default.
        if self.kvm {
            self.option("-accel", "kvm");
        }

        let off = !self.machine.since(Version::revised(9, 2, 1));
        let machine = config.machine.as_deref();
        let chip = if self.machine.q35 { "ICH9-LPC" } else { "PIIX4_PM" };
        for (name, enabled) in [("s3", machine.and_then(|m| m.enable_s3)), ("s4", machine.and_then(|m| m.enable_s4))] {
            if !enabled.unwrap_or(off) {
                self.globals.push(format!("{chip}.disable_{name}=1"));
            }
        }
    }

    /// Devices that every machine of the chip set has.
    pub(super) fn chipset_devices(&self) -> Vec<String> {
        if self.machine.q35 { q35_layout(self.machine.since(Version::new(4, 0))) } else { Vec::new() }
    }

    pub(super) fn chipset(&mut self) -> Result<(), PlanError> {
        if let Some(machine) = &self.config.machine
            && machine.viommu == Some(Viommu::Intel)
        {
            if !self.machine.q35 {
                return Err(super::wrong("machine", "to use Intel vIOMMU please set the machine type to q35"));
            }
            let bits = machine.aw_bits.map(|bits| format!(",aw-bits={bits}")).unwrap_or_default();
            self.device(format!("intel-iommu,intremap=on,caching-mode=on{bits}"));
        }
        if !self.machine.q35 {
            self.device("piix3-usb-uhci,id=uhci,bus=pci.0,addr=0x1.0x2");
        }
        Ok(())
    }
}

fn hpet_off(os: Os, machine: &MachineType) -> bool {
    os.windows() >= 6 || (os.linux() && machine.since(Version::new(10, 1)))
}

/// USB controllers, PCI Express ports and bridges of a Q35 machine.
fn q35_layout(modern: bool) -> Vec<String> {
    let mut devices = Vec::new();
    for (ehci, slot, uhci) in [("ehci", "0x1d", 1), ("ehci-2", "0x1a", 4)] {
        let place = |function: u32| format!("bus=pcie.0,addr={slot}.0x{function},multifunction=on");
        let number = if ehci == "ehci" { 1 } else { 2 };
        devices.push(format!("ich9-usb-ehci{number},id={ehci},{}", place(7)));
        for function in 0..3 {
            let id = uhci + function;
            let port = function * 2;
            let chain = format!("masterbus={ehci}.0,firstport={port}");
            devices.push(format!("ich9-usb-uhci{id},id=uhci-{id},{},{chain}", place(function)));
        }
    }
    devices.push("ich9-intel-hda,id=audio0,bus=pcie.0,addr=0x1b.0x0".to_owned());
    for port in 1..=4 {
        let (model, speed) = if modern { ("pcie-root-port", ",x-speed=16,x-width=32") } else { ("ioh3420", "") };
        let function = port - 1;
        devices.push(format!(
            "{model},id=ich9-pcie-port-{port}{speed},multifunction=on,bus=pcie.0,addr=0x1c.0x{function},port={port},chassis={port}"
        ));
    }
    devices.push("i82801b11-bridge,id=pcidmi,bus=pcie.0,addr=0x1e.0x0".to_owned());
    for bridge in 0..4 {
        let slot = bridge + 1;
        devices.push(format!("pci-bridge,id=pci.{bridge},bus=pcidmi,addr=0x{slot}.0x0,chassis_nr={slot}"));
    }
    devices
}
