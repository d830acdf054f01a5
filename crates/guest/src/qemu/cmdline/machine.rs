//! Machine types: chip set and version, by which the guest's hardware is frozen.

use super::{
    Os, Plan, PlanError,
    versions::{Change, Version},
};
use crate::qemu::config::{
    Arch, Bios,
    device::{Machine, Viommu},
};

/// Boards that guests have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Board {
    /// i440FX, plain PCI.
    I440fx,
    /// Q35, PCI Express.
    Q35,
    /// The board without a model that ARM guests have.
    Virt,
}

impl Board {
    /// How names of machine types with a version begin.
    fn prefix(self) -> &'static str {
        match self {
            Self::I440fx => "pc-i440fx-",
            Self::Q35 => "pc-q35-",
            Self::Virt => "virt-",
        }
    }
}

/// A machine type that has been decided upon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineType {
    /// Name without revision: `pc`, `q35`, `pc-i440fx-9.2`, …
    name: String,
    /// The board.
    pub board: Board,
    /// The version whose hardware the guest gets; for names without version that of QEMU.
    pub version: Version,
    /// Whether cards get boot ROMs of old (`.pxe`).
    old_roms: bool,
    /// The least revision that the configuration at hand makes use of.
    needed: u32,
}

/// What decides about a machine type.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) option: Option<&'a Machine>,
    pub(super) meta: Option<&'a str>,
    pub(super) windows: bool,
    pub(super) arch: Arch,
    pub(super) qemu: Version,
    pub(super) qemu_text: &'a str,
    pub(super) node: &'a str,
}

impl MachineType {
    /// Decides on the machine type of a VM. Windows, which mistakes new hardware for a new computer, stays on the version
    /// that it was installed on (`meta`).
    ///
    /// # Errors
    /// When the type is unknown, not of that architecture, or too new.
    pub(super) fn resolve(wanted: Wanted<'_>) -> Result<Self, PlanError> {
        let Wanted { option, meta, windows, arch, qemu, qemu_text, node } = wanted;
        let default = if arch == Arch::Aarch64 { "virt" } else { "pc" };
        let kind = option.and_then(|machine| machine.kind.as_deref()).unwrap_or(default);
        let (kind, old_roms) = kind.strip_suffix(".pxe").map_or((kind, false), |kind| (kind, true));
        let board = match kind {
            _ if kind.starts_with("virt") => Board::Virt,
            _ if kind.contains("q35") => Board::Q35,
            _ => Board::I440fx,
        };
        if (board == Board::Virt) != (arch == Arch::Aarch64) {
            return Err(super::wrong("machine", format!("type '{kind}' does not exist for architecture '{arch}'")));
        }
        let plain = |name: String, version| Self { name, board, version, old_roms, needed: 0 };
        if matches!(kind, "pc" | "q35" | "virt") {
            let pinned = windows.then(|| pinned(meta, qemu)).flatten();
            return Ok(match pinned {
                Some(version) => plain(versioned(board, version), version),
                None => plain(kind.to_owned(), qemu.newest()),
            });
        }
        let prefixes = [Board::I440fx.prefix(), Board::Q35.prefix(), Board::Virt.prefix(), "pc-"];
        let number = prefixes.iter().find_map(|prefix| kind.strip_prefix(prefix)).unwrap_or(kind);
        let version =
            Version::parse(number).ok_or_else(|| super::wrong("machine", format!("unknown type '{kind}'")))?;
        let name = kind.split('+').next().unwrap_or(kind).to_owned();
        let (machine, node) = (format!("{name}+pve{}", version.revision), node.to_owned());
        if version.plain() > qemu {
            return Err(PlanError::OldForMachine { qemu: qemu_text.to_owned(), machine, node });
        }
        if version > version.newest() {
            return Err(PlanError::UnknownRevision { newest: version.newest(), machine, node });
        }
        Ok(plain(name, version))
    }

    /// Whether it has the Q35 chip set.
    #[must_use]
    pub fn q35(&self) -> bool {
        self.board == Board::Q35
    }

    /// Whether the guest sees hardware with this change.
    #[must_use]
    pub fn has(&self, change: Change) -> bool {
        self.version >= change.since()
    }

    /// As [`Self::has`], for changes that came with a revision which must then be named to QEMU.
    pub(super) fn uses(&mut self, change: Change) -> bool {
        let since = change.since();
        let has = self.has(change);
        if has && since.plain() == self.version.plain() {
            self.needed = self.needed.max(since.revision);
        }
        has
    }

    /// Whether network cards get the boot ROMs from before version 2.4.
    pub(super) fn old_roms(&self) -> bool {
        self.old_roms || !self.has(Change::NetworkRoms)
    }

    /// The name QEMU is given. Builds that know revisions get the least one that has all that is used.
    pub(super) fn emitted(&self, patched: bool) -> String {
        if patched { format!("{}+pve{}", self.name, self.needed) } else { self.name.clone() }
    }

    /// The name a running VM's machine has, as shown to users.
    #[must_use]
    pub fn running_name(&self) -> String {
        format!("{}+pve{}", versioned(self.board, self.version.plain()), self.version.revision)
    }
}

fn versioned(board: Board, version: Version) -> String {
    format!("{}{}.{}", board.prefix(), version.major, version.minor)
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
        let mut flags = Vec::new();
        if !self.kvm {
            flags.push("accel=tcg");
        }
        if config.acpi == Some(false) {
            flags.push("acpi=off");
        }
        if self.machine.board != Board::Virt && hpet_off(self.os, &self.machine) {
            flags.push("hpet=off");
        }
        if self.machine.board != Board::Virt && self.headless() && config.bios != Some(Bios::Ovmf) {
            flags.push("smm=off");
        }
        if config.allow_ksm == Some(false) {
            flags.push("mem-merge=off");
        }
        if self.viommu() == Some(Viommu::Intel) || self.secret.tdx {
            flags.push("kernel-irqchip=split");
        }
        self.machine_flags.extend(flags.into_iter().map(str::to_owned));
        // A build that is named `kvm` takes it by default.
        if self.kvm {
            self.option("-accel", "kvm");
        }
        self.power_states();
    }

    fn power_states(&mut self) {
        // Asked in any case: whoever starts the guest elsewhere must know the revision to come to the same.
        let default = !self.machine.uses(Change::PowerStates);
        let chip = match self.machine.board {
            Board::I440fx => "PIIX4_PM",
            Board::Q35 => "ICH9-LPC",
            Board::Virt => return,
        };
        let machine = self.config.machine.as_deref();
        let options = [("s3", machine.and_then(|m| m.enable_s3)), ("s4", machine.and_then(|m| m.enable_s4))];
        for (name, enabled) in options {
            if !enabled.unwrap_or(default) {
                self.globals.push(format!("{chip}.disable_{name}=1"));
            }
        }
    }

    pub(super) fn viommu(&self) -> Option<Viommu> {
        self.config.machine.as_ref().and_then(|machine| machine.viommu)
    }

    /// Devices that every machine of the chip set has.
    pub(super) fn chipset_devices(&self) -> Vec<String> {
        if self.machine.q35() { q35_layout(self.machine.has(Change::RootPorts)) } else { Vec::new() }
    }

    /// The IOMMU that the guest sees, in front of all other devices.
    pub(super) fn intel_iommu(&mut self) -> Result<(), PlanError> {
        if self.viommu() != Some(Viommu::Intel) {
            return Ok(());
        }
        if !self.machine.q35() {
            return Err(super::wrong("machine", "to use Intel vIOMMU please set the machine type to q35"));
        }
        let bits = self.config.machine.as_ref().and_then(|machine| machine.aw_bits);
        let bits = bits.map(|bits| format!(",aw-bits={bits}")).unwrap_or_default();
        self.device(format!("intel-iommu,intremap=on,caching-mode=on{bits}"));
        Ok(())
    }

    /// Linux guests on a Q35 without version that are older than the change of hot-plug below bridges keep their names of
    /// network cards.
    pub(super) fn bridge_hotplug(&mut self) {
        let created = self.input.meta.unwrap_or_default().split(',');
        let created = created.filter_map(|part| Version::parse(part.strip_prefix("creation-qemu=")?)).next();
        let old = created.is_none_or(|created| created < Change::BridgeHotplug.since());
        if self.machine.q35() && self.machine.name == "q35" && self.os.linux() && old {
            self.globals.push("ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off".to_owned());
        }
    }
}

fn hpet_off(os: Os, machine: &MachineType) -> bool {
    os.windows() >= 6 || (os.linux() && machine.has(Change::Hpet))
}

/// One of the two groups of USB 2 controllers of an ICH9: an EHCI with three UHCI companions, on a bus or QEMU's default.
pub(super) fn usb2_controllers(bus: Option<&str>, number: u32) -> Vec<String> {
    let (ehci, slot, first) = if number == 1 { ("ehci", "0x1d", 1) } else { ("ehci-2", "0x1a", 4) };
    let bus = bus.map(|bus| format!("bus={bus},")).unwrap_or_default();
    let place = |function: u32| format!("{bus}addr={slot}.0x{function},multifunction=on");
    let mut devices = vec![format!("ich9-usb-ehci{number},id={ehci},{}", place(7))];
    devices.extend((0..3).map(|function| {
        let (id, port) = (first + function, function * 2);
        format!("ich9-usb-uhci{id},id=uhci-{id},{},masterbus={ehci}.0,firstport={port}", place(function))
    }));
    devices
}

/// USB controllers, PCI Express ports and bridges of a Q35 machine.
fn q35_layout(modern: bool) -> Vec<String> {
    let mut devices = usb2_controllers(Some("pcie.0"), 1);
    devices.extend(usb2_controllers(Some("pcie.0"), 2));
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
