//! PCI devices of the machine, as sysfs tells them, and their names. Only looked at.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use crate::paths::Paths;

/// Where lists of vendors and devices lie: Debian's package `pci.ids`, and that of others.
const NAMES: [&str; 3] = ["/usr/share/misc/pci.ids", "/var/lib/pciutils/pci.ids", "/usr/share/hwdata/pci.ids"];

/// The kernel's view of devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sysfs(PathBuf);

impl Sysfs {
    /// That of an installation: below its root if there is one, else the machine's. A root with a view of its own is
    /// how tests show devices that this machine does not have.
    #[must_use]
    pub fn of(paths: &Paths) -> Self {
        let own = paths.join("sys");
        Self(if own.is_dir() { own } else { PathBuf::from("/sys") })
    }

    /// The view at a place.
    #[must_use]
    pub fn at(place: impl Into<PathBuf>) -> Self {
        Self(place.into())
    }

    /// A path in it, relative.
    #[must_use]
    pub fn join(&self, relative: &str) -> PathBuf {
        self.0.join(relative)
    }

    /// The directory of a PCI device.
    #[must_use]
    pub fn pci(&self, id: &str) -> PathBuf {
        self.0.join("bus/pci/devices").join(id)
    }
}

/// A function of a PCI device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PciDevice {
    /// Its address in full: `0000:01:00.0`.
    pub id: String,
    /// What it does: base class, subclass and interface, a byte each.
    pub class: u32,
    /// Who made it.
    pub vendor: u16,
    /// What it is.
    pub device: u16,
    /// Who made the card that it is on, and which it is.
    pub subsystem: Option<(u16, u16)>,
    /// Devices of a group can reach each other's memory, so they go to one guest.
    pub iommu_group: Option<u32>,
    /// Whether it can be divided into mediated devices.
    pub mdev: bool,
    /// The driver that holds it.
    pub driver: Option<String>,
    /// The physical function that it is a virtual one of.
    pub parent: Option<String>,
}

/// The devices of a view, by address. What vanishes meanwhile is left out.
#[must_use]
pub fn list(sysfs: &Sysfs) -> Vec<PciDevice> {
    let entries = fs::read_dir(sysfs.join("bus/pci/devices")).into_iter().flatten().flatten();
    let mut ids: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    ids.sort();
    ids.iter().filter_map(|id| get(sysfs, id)).collect()
}

/// One device.
#[must_use]
pub fn get(sysfs: &Sysfs, id: &str) -> Option<PciDevice> {
    let dir = sysfs.pci(id);
    let number = |name: &str| hex(&text(&dir, name)?);
    let short = |name: &str| number(name).and_then(|number| u16::try_from(number).ok());
    let subsystem = short("subsystem_vendor").zip(short("subsystem_device"));
    Some(PciDevice {
        id: id.to_owned(),
        class: number("class")?,
        vendor: short("vendor")?,
        device: short("device")?,
        subsystem: subsystem.filter(|(vendor, _)| *vendor != 0),
        iommu_group: target(&dir, "iommu_group").and_then(|name| name.parse().ok()),
        mdev: dir.join("mdev_supported_types").is_dir(),
        driver: target(&dir, "driver"),
        parent: target(&dir, "physfn"),
    })
}

/// The last name of what a link points to.
pub(crate) fn target(dir: &Path, link: &str) -> Option<String> {
    Some(fs::read_link(dir.join(link)).ok()?.file_name()?.to_str()?.to_owned())
}

/// A file of one line.
pub(crate) fn text(dir: &Path, name: &str) -> Option<String> {
    let text = fs::read_to_string(dir.join(name)).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn hex(text: &str) -> Option<u32> {
    u32::from_str_radix(text.trim_start_matches("0x"), 16).ok()
}

/// Names of vendors, devices and cards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    vendors: BTreeMap<u16, String>,
    devices: BTreeMap<(u16, u16), String>,
    cards: BTreeMap<(u16, u16, u16, u16), String>,
}

impl Names {
    /// The names of these devices; none where no list is installed.
    #[must_use]
    pub fn find(paths: &Paths, devices: &[PciDevice]) -> Self {
        let file = NAMES.iter().flat_map(|place| [paths.join(place), PathBuf::from(place)]);
        let text = file.filter_map(|path| fs::read(path).ok()).next().unwrap_or_default();
        Self::read(&String::from_utf8_lossy(&text), devices)
    }

    /// Reads a list: vendors at the first column, below each its devices behind one tab, below each the cards with it
    /// behind two. Only what these devices need is kept, as the whole is large.
    #[must_use]
    pub fn read(text: &str, devices: &[PciDevice]) -> Self {
        let vendors: BTreeSet<u16> = devices
            .iter()
            .flat_map(|one| [Some(one.vendor), one.subsystem.map(|(vendor, _)| vendor)])
            .flatten()
            .collect();
        let known: BTreeSet<(u16, u16)> = devices.iter().map(|one| (one.vendor, one.device)).collect();
        let mut names = Self::default();
        let (mut vendor, mut device) = (None, None);
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
            if let Some(card) = line.strip_prefix("\t\t") {
                if let (Some((vendor, device)), Some((ids, name))) = (device, card.split_once("  "))
                    && let Some((by, which)) = ids.split_once(' ').and_then(|(by, which)| Some((id(by)?, id(which)?)))
                {
                    names.cards.insert((vendor, device, by, which), name.trim().to_owned());
                }
            } else if let Some(one) = line.strip_prefix('\t') {
                let found = vendor.zip(split(one)).map(|(vendor, (number, name))| ((vendor, number), name));
                let found = found.filter(|(ids, _)| known.contains(ids));
                device = found.as_ref().map(|(ids, _)| *ids);
                names.devices.extend(found);
            } else if line.starts_with("C ") {
                // Classes follow, which are shown by number.
                break;
            } else {
                let found = split(line).filter(|(number, _)| vendors.contains(number));
                (vendor, device) = (found.as_ref().map(|(number, _)| *number), None);
                names.vendors.extend(found);
            }
        }
        names
    }

    /// Who makes devices with this number.
    #[must_use]
    pub fn vendor(&self, vendor: u16) -> Option<&str> {
        self.vendors.get(&vendor).map(String::as_str)
    }

    /// What a device is.
    #[must_use]
    pub fn device(&self, device: &PciDevice) -> Option<&str> {
        self.devices.get(&(device.vendor, device.device)).map(String::as_str)
    }

    /// What a card is.
    #[must_use]
    pub fn card(&self, device: &PciDevice) -> Option<&str> {
        let (by, which) = device.subsystem?;
        self.cards.get(&(device.vendor, device.device, by, which)).map(String::as_str)
    }
}

fn split(line: &str) -> Option<(u16, String)> {
    let (number, name) = line.split_once("  ")?;
    Some((id(number)?, name.trim().to_owned()))
}

fn id(text: &str) -> Option<u16> {
    (text.len() == 4).then(|| u16::from_str_radix(text, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn devices_are_read_from_sysfs() {
        let dir = tempfile::tempdir().unwrap();
        let sysfs = Sysfs::at(dir.path());
        let device = sysfs.pci("0000:07:10.0");
        fs::create_dir_all(&device).unwrap();
        for (name, text) in [("class", "0x020000\n"), ("vendor", "0x8086\n"), ("device", "0x1520\n")] {
            fs::write(device.join(name), text).unwrap();
        }
        fs::write(device.join("subsystem_vendor"), "0x8086\n").unwrap();
        fs::write(device.join("subsystem_device"), "0xffff\n").unwrap();
        symlink("../../../../kernel/iommu_groups/2", device.join("iommu_group")).unwrap();
        symlink("../../../../bus/pci/drivers/igbvf", device.join("driver")).unwrap();
        fs::create_dir_all(sysfs.pci("0000:08:00.0")).unwrap();
        let expected = PciDevice {
            id: "0000:07:10.0".into(),
            class: 0x20000,
            vendor: 0x8086,
            device: 0x1520,
            subsystem: Some((0x8086, 0xffff)),
            iommu_group: Some(2),
            driver: Some("igbvf".into()),
            ..PciDevice::default()
        };
        assert_eq!(list(&sysfs), [expected]);
        assert_eq!(list(&Sysfs::at("/nowhere")), []);
    }

    #[test]
    fn names_are_those_of_the_list() {
        let text = "# a list\n1234  Nobody\n\t1520  Not this one\n8086  Intel Corporation\n\t1520  I350 Virtual Function\n\
                    \t\t8086 ffff  A card\n\t1521  Another\n\t\t8086 ffff  Another card\nC 02  Network\n\t00  Ethernet\n";
        let nic =
            PciDevice { vendor: 0x8086, device: 0x1520, subsystem: Some((0x8086, 0xffff)), ..PciDevice::default() };
        let names = Names::read(text, std::slice::from_ref(&nic));
        assert_eq!(names.vendor(0x8086), Some("Intel Corporation"));
        assert_eq!((names.device(&nic), names.card(&nic)), (Some("I350 Virtual Function"), Some("A card")));
        assert_eq!(names.vendor(0x1234), None);
    }

    #[test]
    fn this_machine_answers() {
        assert!(list(&Sysfs::at("/sys")).iter().all(|device| device.id.contains(':')));
    }
}
