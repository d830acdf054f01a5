//! Descriptions of virtual appliances (OVF, DMTF DSP0243): what VM one describes, and which files hold its disks.
//!
//! They come from anywhere. So: documents with a DOCTYPE are refused (nothing is expanded, nothing fetched), sizes and
//! counts have limits, and a disk is a plain file name beside the description.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node, ParsingOptions};

/// Largest description that is read, bytes.
pub const LIMIT: u64 = 4 << 20;
/// Most elements of a description.
const NODES: u32 = 100_000;
/// Most network cards of a VM.
const CARDS: usize = 32;

/// Numbers of kinds of hardware (CIM_ResourceAllocationSettingData, ResourceType).
mod kind {
    pub(super) const PROCESSOR: u64 = 3;
    pub(super) const MEMORY: u64 = 4;
    pub(super) const IDE: u64 = 5;
    pub(super) const CARD: u64 = 10;
    pub(super) const DISK: u64 = 17;
    pub(super) const SATA: u64 = 20;
}

/// A disk of an appliance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disk {
    /// The drive that it becomes: `scsi0`.
    pub drive: String,
    /// Name of its file, beside the description.
    pub file: String,
}

/// What an appliance describes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Appliance {
    /// Its disks, in the order of the description.
    pub disks: Vec<Disk>,
    /// Models of its network cards.
    pub cards: Vec<&'static str>,
    /// Options of the VM: `name`, `memory`, `cores`, …
    pub options: BTreeMap<&'static str, String>,
}

/// Reads a description.
///
/// # Errors
/// When it is none, or names a disk in a way that leads elsewhere.
pub fn parse(text: &str) -> Result<Appliance, String> {
    if text.len() as u64 > LIMIT {
        return Err(format!("the OVF description is larger than {} MiB", LIMIT >> 20));
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options);
    let document = document.map_err(|error| format!("the OVF description is no proper XML: {error}"))?;
    let root = document.root_element();
    if root.tag_name().name() != "Envelope" {
        return Err("the OVF description does not begin with an 'Envelope'".to_owned());
    }
    let system = root.children().find(|node| is(node, "VirtualSystem")).or_else(|| {
        let many = root.children().find(|node| is(node, "VirtualSystemCollection"))?;
        many.children().find(|node| is(node, "VirtualSystem"))
    });
    let system = system.ok_or("the OVF description has no 'VirtualSystem'")?;
    let items: Vec<Item<'_>> = system.descendants().filter(|node| is(node, "Item")).map(Item::read).collect();
    let mut appliance = Appliance { disks: disks(root, &items)?, ..Appliance::default() };
    let cards = items.iter().filter(|item| item.kind == kind::CARD).map(|item| card(item.subtype));
    appliance.cards = cards.take(CARDS).collect();
    appliance.options = settings(system, &items);
    if !appliance.disks.is_empty() {
        let order: Vec<&str> = appliance.disks.iter().map(|disk| disk.drive.as_str()).collect();
        appliance.options.insert("boot", format!("order={}", order.join(";")));
    }
    Ok(appliance)
}

fn is(node: &Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

/// An attribute, whatever the letters before its colon.
fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes().find(|attribute| attribute.name() == name).map(|attribute| attribute.value())
}

/// A piece of hardware.
#[derive(Clone, Copy, Debug)]
struct Item<'a> {
    id: &'a str,
    kind: u64,
    subtype: &'a str,
    parent: &'a str,
    place: Option<u32>,
    resource: &'a str,
    quantity: Option<u64>,
    units: &'a str,
}

impl<'a> Item<'a> {
    fn read(node: Node<'a, '_>) -> Self {
        let text = |name: &str| {
            let child = node.children().find(|child| is(child, name));
            child.and_then(|child| child.text()).map(str::trim).unwrap_or_default()
        };
        Self {
            id: text("InstanceID"),
            kind: text("ResourceType").parse().unwrap_or(0),
            subtype: text("ResourceSubType"),
            parent: text("Parent"),
            place: text("AddressOnParent").parse().ok(),
            resource: text("HostResource"),
            quantity: text("VirtualQuantity").parse().ok(),
            units: text("AllocationUnits"),
        }
    }
}

fn disks(root: Node<'_, '_>, items: &[Item<'_>]) -> Result<Vec<Disk>, String> {
    let by = |section: &str, name: &str, key: &str, wanted: &str| {
        let section = root.children().find(|node| is(node, section))?;
        section.children().find(|node| is(node, name) && attribute(*node, key) == Some(wanted))
    };
    let mut taken = BTreeSet::new();
    let mut disks = Vec::new();
    for item in items.iter().filter(|item| item.kind == kind::DISK) {
        let resource = item.resource.trim_start_matches("ovf:");
        let file = match (resource.strip_prefix("/disk/"), resource.strip_prefix("/file/")) {
            (Some(id), _) => {
                let disk = by("DiskSection", "Disk", "diskId", id);
                let disk = disk.ok_or_else(|| format!("the OVF description has no disk '{id}'"))?;
                // Without a file it is an empty one.
                let Some(file) = attribute(disk, "fileRef").filter(|file| !file.is_empty()) else { continue };
                file
            }
            (None, Some(id)) => id,
            (None, None) => {
                return Err(format!("the OVF description has a disk at '{}', which is unknown", item.resource));
            }
        };
        let node = by("References", "File", "id", file);
        let node = node.ok_or_else(|| format!("the OVF description has no file '{file}'"))?;
        if attribute(node, "compression").is_some_and(|how| !matches!(how, "" | "identity")) {
            return Err(format!("file '{file}' is compressed, which is not supported - unpack it first"));
        }
        let name = plain_name(attribute(node, "href").unwrap_or_default())?;
        let drive = drive(item, items, &mut taken).ok_or("the OVF description has too many disks")?;
        disks.push(Disk { drive, file: name.to_owned() });
    }
    Ok(disks)
}

/// Checks that a reference is a file beside the description.
fn plain_name(name: &str) -> Result<&str, String> {
    let wrong = name.is_empty()
        || name.len() > 255
        || name.starts_with('.')
        || name.contains(['/', '\\', ':', ','])
        || name.contains(char::is_control);
    if wrong { Err(format!("disk file '{name}' is not a plain file name beside the description")) } else { Ok(name) }
}

/// The drive that a disk becomes: on its controller at its place, or at the next free one.
fn drive(item: &Item<'_>, items: &[Item<'_>], taken: &mut BTreeSet<String>) -> Option<String> {
    let controller = items.iter().find(|other| !item.parent.is_empty() && other.id == item.parent);
    let (bus, count) = match controller.map(|controller| controller.kind) {
        Some(kind::IDE) => ("ide", 4),
        Some(kind::SATA) => ("sata", 6),
        _ => ("scsi", 31),
    };
    let wished = item.place.filter(|place| *place < count);
    let mut places = wished.into_iter().chain(0..count).map(|place| format!("{bus}{place}"));
    let own = places.find(|drive| !taken.contains(drive));
    let own = own.or_else(|| (0..31).map(|place| format!("scsi{place}")).find(|drive| !taken.contains(drive)))?;
    taken.insert(own.clone());
    Some(own)
}

/// The model of a network card.
fn card(subtype: &str) -> &'static str {
    match subtype.to_ascii_lowercase().as_str() {
        "e1000e" => "e1000e",
        "vmxnet3" => "vmxnet3",
        "pcnet32" | "pcnet" => "pcnet",
        "virtio" => "virtio",
        _ => "e1000",
    }
}

fn settings(system: Node<'_, '_>, items: &[Item<'_>]) -> BTreeMap<&'static str, String> {
    let mut options = BTreeMap::new();
    let name = system.children().find(|node| is(node, "Name")).and_then(|node| node.text());
    if let Some(name) = host_name(name.unwrap_or_default()) {
        options.insert("name", name);
    }
    let of = |kind: u64| items.iter().find(|item| item.kind == kind);
    if let Some(cores) = of(kind::PROCESSOR).and_then(|item| item.quantity).filter(|cores| (1..=8192).contains(cores)) {
        options.insert("cores", cores.to_string());
    }
    if let Some(mib) = of(kind::MEMORY).and_then(|item| mebibytes(item.quantity?, item.units)) {
        options.insert("memory", mib.to_string());
    }
    let os = system.children().find(|node| is(node, "OperatingSystemSection"));
    let id = os.and_then(|os| attribute(os, "id")).and_then(|id| id.parse().ok()).unwrap_or(0);
    options.insert("ostype", system_type(id).to_owned());
    let efi = |node: Node<'_, '_>| {
        is(&node, "Config")
            && attribute(node, "key") == Some("firmware")
            && attribute(node, "value").is_some_and(|value| value.eq_ignore_ascii_case("efi"))
    };
    if system.descendants().any(efi) {
        options.insert("bios", "ovmf".to_owned());
    }
    options
}

/// A name that a host can have, of one that anything can have.
fn host_name(name: &str) -> Option<String> {
    let kept: String = name.trim().chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.')).collect();
    let parts = kept.split('.').map(|part| part.trim_matches('-')).filter(|part| !part.is_empty());
    let parts: Vec<String> = parts.map(|part| part.chars().take(63).collect()).collect();
    let name = parts.join(".");
    (!name.is_empty() && name.len() <= 253).then_some(name)
}

/// An amount of memory in MiB. Units are written as `byte * 2^20`, or in words in old descriptions.
fn mebibytes(quantity: u64, units: &str) -> Option<u64> {
    let units: String = units.to_ascii_lowercase().split_whitespace().collect();
    let power: u32 = match units.as_str() {
        "" | "megabytes" => 20,
        "byte" | "bytes" => 0,
        "kilobytes" => 10,
        "gigabytes" => 30,
        other => other.strip_prefix("byte*2^")?.parse().ok()?,
    };
    let bytes = u128::from(quantity).checked_mul(1_u128.checked_shl(power.min(64))?)?;
    let mib = u64::try_from(bytes >> 20).ok()?;
    // More than any machine has is no amount in earnest.
    (16..=4 << 20).contains(&mib).then_some(mib)
}

/// What PVE calls an operating system of that number (CIM_OperatingSystem, OSType).
fn system_type(id: u32) -> &'static str {
    match id {
        58 => "w2k",
        67 | 71 | 72 => "wxp",
        69 | 70 => "w2k3",
        73 | 74 => "wvista",
        76 | 77 => "w2k8",
        103 | 105 => "win7",
        111 | 113..=116 | 118 | 119 => "win8",
        117 | 120 | 121 => "win10",
        97 | 98 => "l24",
        36 | 79 | 80 | 82..=96 | 99..=101 | 106..=109 => "l26",
        29 | 81 => "solaris",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn envelope(href: &str, hardware: &str) -> String {
        format!(
            r#"<?xml version="1.0"?><Envelope xmlns="o" xmlns:ovf="o" xmlns:r="r" xmlns:vmw="v">
            <References><File ovf:href="{href}" ovf:id="f1"/></References>
            <DiskSection><Disk ovf:diskId="d1" ovf:fileRef="f1"/><Disk ovf:diskId="empty"/></DiskSection>
            <VirtualSystem><Name>My_VM 1.example</Name><OperatingSystemSection ovf:id="96"/>
            <VirtualHardwareSection>{hardware}</VirtualHardwareSection></VirtualSystem></Envelope>"#
        )
    }

    fn item(fields: &[(&str, &str)]) -> String {
        let fields: String = fields.iter().map(|(name, value)| format!("<r:{name}>{value}</r:{name}>")).collect();
        format!("<Item>{fields}</Item>")
    }

    #[test]
    fn an_appliance_is_understood() {
        let hardware = [
            item(&[("ResourceType", "3"), ("VirtualQuantity", "2")]),
            item(&[("ResourceType", "4"), ("VirtualQuantity", "1"), ("AllocationUnits", "byte * 2^30")]),
            item(&[("ResourceType", "20"), ("InstanceID", "5")]),
            item(&[
                ("ResourceType", "17"),
                ("Parent", "5"),
                ("AddressOnParent", "1"),
                ("HostResource", "ovf:/disk/d1"),
            ]),
            item(&[("ResourceType", "17"), ("Parent", "5"), ("AddressOnParent", "1"), ("HostResource", "/file/f1")]),
            item(&[("ResourceType", "17"), ("HostResource", "/disk/empty")]),
            item(&[("ResourceType", "10"), ("ResourceSubType", "VmxNet3")]),
            item(&[("ResourceType", "10"), ("ResourceSubType", "odd")]),
            r#"<vmw:Config vmw:key="firmware" vmw:value="efi"/>"#.to_owned(),
        ];
        let appliance = parse(&envelope("a.vmdk", &hardware.concat())).unwrap();
        let disks: Vec<_> = appliance.disks.iter().map(|disk| (disk.drive.as_str(), disk.file.as_str())).collect();
        assert_eq!(disks, [("sata1", "a.vmdk"), ("sata0", "a.vmdk")]);
        assert_eq!(appliance.cards, ["vmxnet3", "e1000"]);
        let options: Vec<String> = appliance.options.iter().map(|(key, value)| format!("{key}={value}")).collect();
        insta::assert_snapshot!(options.join(" "), @"bios=ovmf boot=order=sata1;sata0 cores=2 memory=1024 name=MyVM1.example ostype=l26");
    }

    #[test]
    fn hostile_descriptions_are_refused() {
        let disk = item(&[("ResourceType", "17"), ("HostResource", "ovf:/disk/d1")]);
        for href in ["../../etc/shadow", "/etc/shadow", "http://x/y.vmdk", "..", "a/b.vmdk", "", "a\\b", "json:{}"] {
            assert!(parse(&envelope(href, &disk)).is_err(), "{href}");
        }
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><Envelope>&b;</Envelope>";
        assert!(parse(bomb).is_err());
        let outside = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><Envelope>&a;</Envelope>";
        assert!(parse(outside).is_err());
        assert!(parse(&"<a>".repeat(200_000)).is_err());
        assert!(parse(&format!("<Envelope>{}</Envelope>", "<a/>".repeat(200_000))).is_err());
        let huge =
            [("ResourceType", "4"), ("VirtualQuantity", "18446744073709551615"), ("AllocationUnits", "byte * 2^99")];
        assert_eq!(parse(&envelope("a", &item(&huge))).unwrap().options.get("memory"), None);
        let missing = item(&[("ResourceType", "17"), ("HostResource", "ovf:/disk/other")]);
        assert!(parse(&envelope("a", &missing)).is_err());
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in ".{0,200}", href in ".{0,20}", hardware in "(<Item>|</Item>|<r:Parent>|[a-z0-9/:<>&;]{0,9}){0,9}") {
            let _ = parse(&text);
            if let Ok(appliance) = parse(&envelope(&href, &hardware)) {
                prop_assert!(appliance.disks.iter().all(|disk| !disk.file.contains('/')));
            }
        }
    }
}
