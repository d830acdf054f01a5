//! Which devices of the host a VM gets: a pure function of its configuration, the mappings and what the host has.

use std::collections::{BTreeMap, BTreeSet};

use schema::NodeName;

use super::config::{
    VmConfig,
    passthrough::{HostPci, Usb},
};
use crate::mapping::{Mapping, MappingError, Mappings, PciEntry, PciFacts, UsbEntry, address};

/// The devices that a VM gets, by option.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolved {
    /// `hostpciN`.
    pub pci: BTreeMap<u32, PciChoice>,
    /// `usbN`.
    pub usb: BTreeMap<u32, UsbChoice>,
}

impl Resolved {
    /// What a configuration says by itself; something else stands for devices of mappings, which are not looked at.
    pub(crate) fn elsewhere(config: &VmConfig) -> Self {
        let pci = config.hostpci.iter().map(|(index, pci)| {
            let paths = pci.host.as_deref().unwrap_or("00:00.0").split(';');
            let functions = paths.map(|path| PciFunction::Host(address(path))).collect();
            (*index, PciChoice { functions, migratable: false })
        });
        let usb = config.usb.iter().map(|(index, usb)| {
            let named = usb.host.as_deref().and_then(parse_usb);
            (*index, named.unwrap_or(UsbChoice::Port { bus: 0, port: "0".to_owned() }))
        });
        Self { pci: pci.collect(), usb: usb.collect() }
    }
}

/// What one `hostpciN` means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PciChoice {
    /// The functions of the device that the guest sees, in order.
    pub functions: Vec<PciFunction>,
    /// Whether the guest can be moved while it runs.
    pub migratable: bool,
}

/// What QEMU opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PciFunction {
    /// A device by address: `0000:01:00.0`.
    Host(String),
    /// A mediated device by its place in sysfs.
    Mediated(String),
}

/// What one `usbN` means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UsbChoice {
    /// Devices of whoever watches the display.
    Spice,
    /// The first device with these IDs.
    Ids {
        /// Who made it.
        vendor: u16,
        /// What it is.
        product: u16,
    },
    /// Whatever is plugged in there.
    Port {
        /// Number of the bus.
        bus: u32,
        /// Ports from the bus on: `1.4`.
        port: String,
    },
}

/// Why a VM does not get a device.
#[derive(Debug, thiserror::Error)]
pub enum PassthroughError {
    /// The mapping is missing or does not fit.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// The host has no such device.
    #[error("{option}: no PCI device found for '{id}'")]
    Missing {
        /// The option.
        option: String,
        /// The address.
        id: String,
    },
    /// Two options mean the same device.
    #[error("PCI device '{0}' assigned more than once")]
    Twice(String),
    /// Another VM has it.
    #[error("PCI device '{id}' already in use by VMID '{vmid}'")]
    InUse {
        /// The address.
        id: String,
        /// The other VM.
        vmid: u32,
    },
    /// Every device of the mapping is taken.
    #[error("{option}: could not find a free device in mapping '{mapping}' on this node")]
    NoneFree {
        /// The option.
        option: String,
        /// The mapping.
        mapping: String,
    },
    /// The option says nothing, or what does not go together.
    #[error("{option}: {message}")]
    Wrong {
        /// The option.
        option: String,
        /// What is wrong.
        message: String,
    },
    /// The host refuses.
    #[error(transparent)]
    Vfio(#[from] host::vfio::VfioError),
    /// The kernel's mediated devices refuse.
    #[error(transparent)]
    Mdev(#[from] host::mdev::MdevError),
    /// The list of who has what cannot be kept.
    #[error(transparent)]
    File(#[from] host::file::FileError),
}

/// What a host has, and who has it.
#[derive(Clone, Debug, Default)]
pub struct Devices {
    /// PCI devices by address.
    pub pci: BTreeMap<String, PciFacts>,
    /// USB devices: port (`1-1.4`) and IDs (`046d:c52b`).
    pub usb: Vec<(String, String)>,
    /// Addresses of PCI devices that other VMs have.
    pub taken: BTreeMap<String, u32>,
}

/// What a `hostpciN` may become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Sets of addresses, one of which is to be passed whole.
    pub alternatives: Vec<Vec<String>>,
    /// A mediated device of this type is to be made on one of them instead.
    pub mdev: Option<String>,
    /// The mapping that the alternatives come from.
    pub mapping: Option<String>,
    /// Whether the guest can be moved while it runs.
    pub migratable: bool,
}

/// What each `hostpciN` of a VM may become.
///
/// # Errors
/// When a mapping or device is missing, or the hardware is not what the mapping says.
pub fn wishes(
    config: &VmConfig,
    mappings: &Mappings<PciEntry>,
    node: &NodeName,
    devices: &Devices,
) -> Result<BTreeMap<u32, Wish>, PassthroughError> {
    let wish = |(index, pci): (&u32, &schema::Props<HostPci>)| {
        let option = format!("hostpci{index}");
        if pci.romfile.as_deref().is_some_and(|file| file.starts_with('/') || file.split('/').any(|part| part == ".."))
        {
            return Err(wrong(&option, "the ROM file must lie in the folder of ROM files"));
        }
        let wish = match (&pci.mapping, &pci.host) {
            (Some(_), Some(_)) => Err(wrong(&option, "either 'host' or 'mapping' can be given, not both")),
            (None, None) => Err(wrong(&option, "either 'host' or 'mapping' must be given")),
            (Some(id), None) => mapped(mappings.get(id)?, pci, node, devices),
            (None, Some(host)) => raw(&option, host, pci, devices),
        };
        Ok((*index, wish?))
    };
    config.hostpci.iter().map(wish).collect()
}

fn wrong(option: &str, message: impl Into<String>) -> PassthroughError {
    PassthroughError::Wrong { option: option.to_owned(), message: message.into() }
}

fn mapped(
    mapping: &Mapping<PciEntry>,
    pci: &HostPci,
    node: &NodeName,
    devices: &Devices,
) -> Result<Wish, PassthroughError> {
    let mut alternatives = Vec::new();
    for entry in mapping.on(node) {
        let checked = entry.check(mapping.mdev, |id| devices.pci.get(id).cloned());
        checked.map_err(|why| mapping.invalid(why))?;
        alternatives.push(entry.path.split(';').flat_map(|path| expand(path, devices)).collect());
    }
    if alternatives.is_empty() {
        return Err(mapping.not_on(node).into());
    }
    let mdev = pci.mdev.clone();
    Ok(Wish { alternatives, mdev, mapping: Some(mapping.id.clone()), migratable: mapping.migratable })
}

fn raw(option: &str, host: &str, pci: &HostPci, devices: &Devices) -> Result<Wish, PassthroughError> {
    let mut ids = Vec::new();
    for path in host.split(';') {
        let found = expand(path, devices);
        if found.is_empty() {
            return Err(PassthroughError::Missing { option: option.to_owned(), id: path.to_owned() });
        }
        ids.extend(found);
    }
    if pci.mdev.is_some() && ids.len() > 1 {
        return Err(wrong(option, "a mediated device is made on one device, and several are given"));
    }
    Ok(Wish { alternatives: vec![ids], mdev: pci.mdev.clone(), mapping: None, migratable: false })
}

/// The devices of an address: all functions where none is named.
fn expand(path: &str, devices: &Devices) -> Vec<String> {
    let first = address(path);
    if path.contains('.') {
        return devices.pci.contains_key(&first).then_some(first).into_iter().collect();
    }
    let slot = first.trim_end_matches('0').to_owned();
    devices.pci.keys().filter(|id| id.starts_with(&slot)).cloned().collect()
}

/// Settles who gets what: options that have no choice come first. A mediated device keeps all its alternatives, as
/// only making it tells which one still has room.
///
/// # Errors
/// When a device would be given away twice.
pub fn choose(
    mut wishes: BTreeMap<u32, Wish>,
    taken: &BTreeMap<String, u32>,
) -> Result<BTreeMap<u32, Wish>, PassthroughError> {
    let mut used = BTreeSet::new();
    for wish in wishes.values().filter(|wish| wish.mdev.is_none() && wish.alternatives.len() == 1) {
        for id in wish.alternatives.iter().flatten() {
            if let Some(vmid) = taken.get(id) {
                return Err(PassthroughError::InUse { id: id.clone(), vmid: *vmid });
            }
            if !used.insert(id.clone()) {
                return Err(PassthroughError::Twice(id.clone()));
            }
        }
    }
    for (index, wish) in wishes.iter_mut().filter(|(_, wish)| wish.mdev.is_none() && wish.alternatives.len() > 1) {
        let free = |set: &&Vec<String>| set.iter().all(|id| !used.contains(id) && !taken.contains_key(id));
        let Some(set) = wish.alternatives.iter().find(free).cloned() else {
            let mapping = wish.mapping.clone().unwrap_or_default();
            return Err(PassthroughError::NoneFree { option: format!("hostpci{index}"), mapping });
        };
        used.extend(set.iter().cloned());
        wish.alternatives = vec![set];
    }
    Ok(wishes)
}

/// The identity of the mediated device of a VM's `hostpciN`.
#[must_use]
pub fn mdev_uuid(vmid: u32, index: u32) -> String {
    format!("{index:08}-0000-0000-0000-{vmid:012}")
}

/// What QEMU opens for settled wishes.
#[must_use]
pub fn functions(vmid: u32, wishes: &BTreeMap<u32, Wish>) -> BTreeMap<u32, PciChoice> {
    let function = |(index, wish): (&u32, &Wish)| {
        let functions = match wish.mdev {
            Some(_) => {
                vec![PciFunction::Mediated(format!("/sys/bus/mdev/devices/{}", mdev_uuid(vmid, *index)))]
            }
            None => wish.alternatives.iter().take(1).flatten().cloned().map(PciFunction::Host).collect(),
        };
        (*index, PciChoice { functions, migratable: wish.migratable })
    };
    wishes.iter().map(function).collect()
}

/// What each `usbN` of a VM means. A raw device need not be plugged in; one of a mapping must be.
///
/// # Errors
/// When a mapping is missing or does not fit, or the option says nothing.
pub fn usb(
    config: &VmConfig,
    mappings: &Mappings<UsbEntry>,
    node: &NodeName,
    devices: &Devices,
) -> Result<BTreeMap<u32, UsbChoice>, PassthroughError> {
    config.usb.iter().map(|(index, usb)| Ok((*index, usb_choice(*index, usb, mappings, node, devices)?))).collect()
}

/// As [`usb`], for one option.
///
/// # Errors
/// As [`usb`].
pub fn usb_choice(
    index: u32,
    usb: &Usb,
    mappings: &Mappings<UsbEntry>,
    node: &NodeName,
    devices: &Devices,
) -> Result<UsbChoice, PassthroughError> {
    let option = format!("usb{index}");
    let text = match (&usb.mapping, &usb.host) {
        (Some(_), Some(_)) => return Err(wrong(&option, "either 'host' or 'mapping' can be given, not both")),
        (None, None) => return Err(wrong(&option, "either 'host' or 'mapping' must be given")),
        (None, Some(host)) => host.clone(),
        (Some(id), None) => {
            let mapping = mappings.get(id)?;
            let entry = mapping.on(node).next().ok_or_else(|| mapping.not_on(node))?;
            entry.check(&devices.usb).map_err(|why| mapping.invalid(why))?;
            entry.path.clone().unwrap_or_else(|| entry.id.clone())
        }
    };
    parse_usb(&text).ok_or_else(|| wrong(&option, format!("'{text}' is neither IDs, nor a port, nor 'spice'")))
}

/// `046d:c52b`, `1-1.4` or `spice`.
fn parse_usb(text: &str) -> Option<UsbChoice> {
    if text.eq_ignore_ascii_case("spice") {
        return Some(UsbChoice::Spice);
    }
    if let Some((vendor, product)) = text.split_once(':') {
        let number = |text: &str| u16::from_str_radix(text.trim_start_matches("0x"), 16).ok();
        return Some(UsbChoice::Ids { vendor: number(vendor)?, product: number(product)? });
    }
    let (bus, port) = text.split_once('-')?;
    Some(UsbChoice::Port { bus: bus.parse().ok()?, port: port.to_owned() })
}

#[cfg(test)]
#[path = "passthrough_tests.rs"]
mod tests;
