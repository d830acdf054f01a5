//! The disks of a node: what they are, what is on them and how they are, out of what the system's programs tell. Pure:
//! [`host::disks::Facts`] is all that is looked at. What is made of them, and taken away again, is in [`make`] and [`unmake`].

pub mod make;
mod smart;
pub mod unmake;
mod usage;

use host::disks::{Device, Facts};

pub use smart::{Attribute, Smart, parse as parse_smart};
pub use usage::{Osd, Usage};

/// What is not known of a disk.
const UNKNOWN: &str = "unknown";

/// A disk, or a partition of one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Disk {
    /// Its name in `/sys/block`: `sda`, `cciss!c0d0`, `sda1`.
    pub name: String,
    /// Its device.
    pub path: String,
    /// The device of the disk that a partition is on.
    pub parent: Option<String>,
    /// Bytes.
    pub size: u64,
    /// What kind of thing it is.
    pub kind: Kind,
    /// Turns a minute; 0 where nothing turns, -1 where it is not told.
    pub rpm: i64,
    /// Name of its kind.
    pub model: String,
    /// Who made it.
    pub vendor: String,
    /// Its number.
    pub serial: String,
    /// Its world-wide name.
    pub wwn: String,
    /// A name that stays with it.
    pub by_id: Option<String>,
    /// Whether it has a GPT.
    pub gpt: bool,
    /// What is on it.
    pub usage: Usage,
}

/// What kind of thing a disk is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// It turns.
    Hdd,
    /// Memory.
    Ssd,
    /// Memory, by NVMe.
    Nvme,
    /// At a USB port.
    Usb,
    /// A part of one.
    Partition,
    /// Nobody told.
    #[default]
    Unknown,
}

impl Kind {
    /// Its word in lists.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hdd => "hdd",
            Self::Ssd => "ssd",
            Self::Nvme => "nvme",
            Self::Usb => "usb",
            Self::Partition => "partition",
            Self::Unknown => UNKNOWN,
        }
    }

    /// Whether it wears out by being written to.
    #[must_use]
    pub const fn wears(self) -> bool {
        matches!(self, Self::Ssd | Self::Nvme)
    }
}

/// All disks, each followed by its partitions.
#[must_use]
pub fn inventory(facts: &Facts) -> Vec<Disk> {
    facts.devices.iter().filter(|device| is_disk(&device.name)).flat_map(|device| read(facts, device)).collect()
}

/// Disks of this machine; not what is made of others, nor CD-ROMs.
fn is_disk(name: &str) -> bool {
    let letters = |rest: &str| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_lowercase());
    let plain = ["sd", "hd", "vd", "xvd"].iter().any(|start| name.strip_prefix(start).is_some_and(letters));
    plain || name.starts_with("nvme") || name.starts_with("cciss!") || name.starts_with("mmcblk")
}

fn read(facts: &Facts, device: &Device) -> Vec<Disk> {
    let told = |key: &str| {
        let line = device.udev.lines().find_map(|line| line.strip_prefix("E: ")?.strip_prefix(key)?.strip_prefix('='));
        line.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let own = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let path = format!("/dev/{}", device.name.replace('!', "/"));
    let (kind, rpm) = kind(device, told("ID_BUS").as_deref(), told("ID_ATA_ROTATION_RATE_RPM").as_deref());
    let parts = usage::of_parts(facts, device);
    let disk = Disk {
        usage: usage::of_disk(facts, &path, &parts),
        by_id: by_id(&told("DEVLINKS").unwrap_or_default()),
        gpt: told("ID_PART_TABLE_TYPE").as_deref() == Some("gpt"),
        model: told("ID_MODEL").or_else(|| own(&device.model)).unwrap_or_else(|| UNKNOWN.to_owned()),
        vendor: own(&device.vendor).or_else(|| told("ID_VENDOR")).unwrap_or_else(|| UNKNOWN.to_owned()),
        serial: told("ID_SERIAL_SHORT").unwrap_or_else(|| UNKNOWN.to_owned()),
        wwn: told("ID_WWN").unwrap_or_else(|| UNKNOWN.to_owned()),
        name: device.name.clone(),
        parent: None,
        size: device.sectors * SECTOR,
        path,
        kind,
        rpm,
    };
    let part = |(part, usage): (&host::disks::Part, Usage)| Disk {
        name: part.name.clone(),
        path: format!("/dev/{}", part.name.replace('!', "/")),
        parent: Some(disk.path.clone()),
        size: part.sectors * SECTOR,
        kind: Kind::Partition,
        usage,
        ..disk.clone()
    };
    let parts: Vec<Disk> = device.parts.iter().zip(parts).map(part).collect();
    std::iter::once(disk).chain(parts).collect()
}

/// The kernel counts in sectors of this size, whatever those of the disk are.
const SECTOR: u64 = 512;

fn kind(device: &Device, bus: Option<&str>, rpm: Option<&str>) -> (Kind, i64) {
    let rpm = rpm.and_then(|rpm| rpm.parse().ok());
    if device.name.starts_with("nvme") {
        return (Kind::Nvme, 0);
    }
    if bus == Some("usb") {
        return (Kind::Usb, rpm.unwrap_or(-1));
    }
    match (device.rotational, rpm) {
        (Some(false), _) => (Kind::Ssd, 0),
        (Some(true), Some(rpm)) => (Kind::Hdd, rpm),
        _ => (Kind::Unknown, rpm.unwrap_or(-1)),
    }
}

fn by_id(links: &str) -> Option<String> {
    let names = links.split_whitespace().filter(|link| link.starts_with("/dev/disk/by-id/"));
    names.map(str::to_owned).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disks_are_told_from_what_only_looks_like_one() {
        for name in ["sda", "sdab", "vdb", "nvme0n1", "cciss!c0d0", "mmcblk0"] {
            assert!(is_disk(name), "{name}");
        }
        for name in ["sr0", "loop0", "dm-0", "zd0", "rbd1", "ram0", "sd", "md0", "nbd0"] {
            assert!(!is_disk(name), "{name}");
        }
    }

    #[test]
    fn what_turns_is_told_by_the_kernel_and_how_fast_by_the_disk() {
        let device = |name: &str, rotational| Device { name: name.into(), rotational, ..Device::default() };
        assert_eq!(kind(&device("sda", Some(true)), None, Some("7200")), (Kind::Hdd, 7200));
        assert_eq!(kind(&device("sda", Some(false)), None, None), (Kind::Ssd, 0));
        assert_eq!(kind(&device("sda", Some(true)), None, None), (Kind::Unknown, -1));
        assert_eq!(kind(&device("sda", Some(true)), Some("usb"), None), (Kind::Usb, -1));
        assert_eq!(kind(&device("nvme0n1", None), None, None), (Kind::Nvme, 0));
    }
}
