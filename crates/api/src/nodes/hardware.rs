//! `/nodes/{node}/hardware`: devices of a node that guests can be given.

use access::Access;
use guest::mapping::{self, PciEntry};
use host::mdev::{self, MdevType};
use host::pci::{self, Names, PciDevice, Sysfs};
use host::usb::{self, UsbDevice};
use schema::{ApiError, NodeName, Params, Reply};

use super::list::OfNode;
use crate::endpoints;
use crate::engine::{Call, Target};
use crate::node::Node;

endpoints! {
    /// Lists the kinds of devices that can be asked for.
    GET "/nodes/{node}/hardware" => index, name = "index", Access::User, Target::Any;
    /// Lists the PCI devices of a node.
    GET "/nodes/{node}/hardware/pci" => pci_scan, name = "pci_scan",
        Access::any("/", &["Sys.Audit", "Sys.Modify"]), Target::Node;
    /// Lists what can be asked for about a PCI device or a mapping of them.
    GET "/nodes/{node}/hardware/pci/{pci-id-or-mapping}" => pci_index, name = "pci_index", Access::User, Target::Any;
    /// Lists the types of mediated devices that a PCI device, or the devices of a mapping, can be divided into.
    GET "/nodes/{node}/hardware/pci/{pci-id-or-mapping}/mdev" => mdevs, name = "mdevscan",
        Access::any("/", &["Sys.Audit", "Sys.Modify"]), Target::Node;
    /// Lists the USB devices of a node.
    GET "/nodes/{node}/hardware/usb" => usb_scan, name = "usbscan", Access::perm("/", &["Sys.Modify"]), Target::Node;
}

/// A kind of devices.
#[derive(Reply, Clone, Debug)]
struct Kind {
    /// Its name.
    r#type: &'static str,
}

async fn index(_: Call, _: OfNode) -> Result<Vec<Kind>, ApiError> {
    Ok(["pci", "usb"].map(|kind| Kind { r#type: kind }).into())
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct PciScan {
    /// Name of the node.
    node: NodeName,
    /// Beginnings of class numbers (hexadecimal) whose devices are left out: by default memory controllers, bridges
    /// and processors.
    #[param(name = "pci-class-blacklist", format = "string-list", default = "05;06;0b")]
    blacklist: Option<String>,
    /// Tell more than the addresses.
    #[param(default = "1")]
    verbose: Option<bool>,
}

/// A PCI device.
#[derive(Reply, Clone, Debug)]
struct Pci {
    /// Its address.
    id: String,
    /// What it does, by number.
    class: Option<String>,
    /// What it is, by number.
    device: Option<String>,
    /// The same by name.
    device_name: Option<String>,
    /// Its IOMMU group; -1 for none.
    iommugroup: Option<i64>,
    /// Whether it can be divided into mediated devices.
    mdev: Option<bool>,
    /// Which card it is on, by number.
    subsystem_device: Option<String>,
    /// The same by name.
    subsystem_device_name: Option<String>,
    /// Who made the card, by number.
    subsystem_vendor: Option<String>,
    /// The same by name.
    subsystem_vendor_name: Option<String>,
    /// Who made it, by number.
    vendor: Option<String>,
    /// The same by name.
    vendor_name: Option<String>,
}

fn number(number: u16) -> Option<String> {
    Some(format!("0x{number:04x}"))
}

fn row(device: &PciDevice, names: &Names, verbose: bool) -> Pci {
    let told = verbose.then_some(device);
    let card = told.and_then(|device| device.subsystem);
    let owned = |name: Option<&str>| name.map(str::to_owned);
    Pci {
        id: device.id.clone(),
        class: told.map(|device| format!("0x{:06x}", device.class)),
        device: told.and_then(|device| number(device.device)),
        device_name: told.and_then(|device| owned(names.device(device))),
        iommugroup: told.map(|device| device.iommu_group.map_or(-1, i64::from)),
        mdev: told.and_then(|device| device.mdev.then_some(true)),
        subsystem_device: card.and_then(|(_, which)| number(which)),
        subsystem_device_name: told.and_then(|device| owned(names.card(device))),
        subsystem_vendor: card.and_then(|(by, _)| number(by)),
        subsystem_vendor_name: card.and_then(|(by, _)| owned(names.vendor(by))),
        vendor: told.and_then(|device| number(device.vendor)),
        vendor_name: told.and_then(|device| owned(names.vendor(device.vendor))),
    }
}

/// Whether a device is of one of these classes, told by how their numbers begin.
fn is_listed(device: &PciDevice, classes: &[String]) -> bool {
    let class = format!("{:06x}", device.class);
    classes.iter().any(|start| class.starts_with(start.trim_start_matches("0x")))
}

async fn pci_scan(call: Call, p: PciScan) -> Result<Vec<Pci>, ApiError> {
    let list = p.blacklist.as_deref().unwrap_or("05;06;0b");
    let left_out: Vec<String> = schema::kind::split_list(list).map(str::to_ascii_lowercase).collect();
    let verbose = p.verbose != Some(false);
    let paths = call.node.paths.clone();
    let scan = tokio::task::spawn_blocking(move || {
        let mut devices = pci::list(&Sysfs::of(&paths));
        devices.retain(|device| !is_listed(device, &left_out));
        let names = if verbose { Names::find(&paths, &devices) } else { Names::default() };
        devices.iter().map(|device| row(device, &names, verbose)).collect()
    });
    scan.await.map_err(|error| ApiError::internal(error.to_string()))
}

#[derive(Params)]
struct OfPci {
    /// Name of the node.
    #[allow(dead_code)] // the dispatcher chose the node
    node: NodeName,
    /// Address of a PCI device, or name of a mapping.
    #[param(
        name = "pci-id-or-mapping",
        pattern = r"(?:(?:[0-9a-fA-F]{4}:)?[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.[0-9a-fA-F])|([a-zA-Z][a-zA-Z0-9_-]+)"
    )]
    #[allow(dead_code)] // the index is the same for all
    id: String,
}

/// Something that can be asked for.
#[derive(Reply, Clone, Debug)]
struct Method {
    /// Its name.
    method: &'static str,
}

async fn pci_index(_: Call, _: OfPci) -> Result<Vec<Method>, ApiError> {
    Ok(vec![Method { method: "mdev" }])
}

/// A type of mediated device.
#[derive(Reply, Clone, Debug)]
struct Mdev {
    /// Its name to the system.
    r#type: String,
    /// How many more can be made.
    available: u32,
    /// What it offers.
    description: String,
    /// Its name for people.
    name: Option<String>,
}

/// The devices of an address or of a mapping.
fn devices_of(node: &Node, id: &str) -> Result<Vec<String>, ApiError> {
    if id.contains(':') {
        return Ok(vec![mapping::address(id)]);
    }
    let mappings = mapping::of::<PciEntry>(&node.store.tree());
    let mapping = mappings.get(id).map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(mapping.on(&node.name).flat_map(|entry| entry.path.split(';').map(mapping::address)).collect())
}

async fn mdevs(call: Call, p: OfPci) -> Result<Vec<Mdev>, ApiError> {
    let sysfs = Sysfs::of(&call.node.paths);
    let mut types: Vec<MdevType> = Vec::new();
    for found in devices_of(&call.node, &p.id)?.iter().flat_map(|id| mdev::types(&sysfs, id)) {
        // Devices of a mapping are alike: what each can still take adds up.
        match types.iter_mut().find(|one| one.kind == found.kind) {
            Some(one) => one.available += found.available,
            None => types.push(found),
        }
    }
    let shown = |one: MdevType| Mdev {
        r#type: one.kind,
        available: one.available,
        description: one.description,
        name: one.name,
    };
    Ok(types.into_iter().map(shown).collect())
}

/// A USB device.
#[derive(Reply, Clone, Debug)]
struct Usb {
    /// Number of its bus.
    busnum: u32,
    /// Class of the whole device; 9 is a hub.
    class: u32,
    /// Number on the bus.
    devnum: u32,
    /// How many hubs there are on the way.
    level: u32,
    /// Name of who made it.
    manufacturer: Option<String>,
    /// The port that it is plugged into.
    port: u32,
    /// What it is, by number.
    prodid: String,
    /// The same by name.
    product: Option<String>,
    /// Its number among equals.
    serial: Option<String>,
    /// Mbit/s.
    speed: String,
    /// Ports from the bus on.
    usbpath: Option<String>,
    /// Who made it, by number.
    vendid: String,
}

fn usb_row(device: UsbDevice) -> Usb {
    Usb {
        port: device.port(),
        level: device.level(),
        busnum: device.bus,
        class: u32::from(device.class),
        devnum: device.number,
        manufacturer: device.manufacturer,
        prodid: format!("{:04x}", device.product),
        product: device.product_name,
        serial: device.serial,
        speed: device.speed,
        usbpath: device.path,
        vendid: format!("{:04x}", device.vendor),
    }
}

async fn usb_scan(call: Call, _: OfNode) -> Result<Vec<Usb>, ApiError> {
    let sysfs = Sysfs::of(&call.node.paths);
    let scan = tokio::task::spawn_blocking(move || usb::list(&sysfs));
    let devices = scan.await.map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(devices.into_iter().map(usb_row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_left_out_by_how_they_begin() {
        let of = |class| PciDevice { class, ..PciDevice::default() };
        let list = ["05", "06", "0b", "0c03"].map(str::to_owned);
        for (class, listed) in [(0x06_04_00, true), (0x0c_03_30, true), (0x0c_05_00, false), (0x02_00_00, false)] {
            assert_eq!(is_listed(&of(class), &list), listed, "{class:06x}");
        }
        let row = row(&PciDevice { id: "0000:00:02.0".into(), ..of(0x03_00_00) }, &Names::default(), true);
        assert_eq!((row.class.as_deref(), row.iommugroup), (Some("0x030000"), Some(-1)));
    }
}
