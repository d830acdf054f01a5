//! PCI devices.

use host::pci::{PciDevice, Sysfs};
use schema::{NodeName, Params};

use super::file::{Entry, MappingKind};

/// PCI devices of a node: one, or several that are always passed together.
#[derive(Params, Clone, Debug, PartialEq, Eq)]
pub struct PciEntry {
    /// Notes.
    #[param(max_len = 4096)]
    pub description: Option<String>,
    /// Vendor and device ID that the device must have.
    #[param(pattern = "(?:^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}$)")]
    pub id: String,
    /// IOMMU group that it must be in.
    pub iommugroup: Option<i64>,
    /// The node.
    pub node: NodeName,
    /// Addresses, separated by semicolons; one without function means all functions.
    #[param(
        pattern = r"(?:[a-f0-9]{4,}:[a-f0-9]{2}:[a-f0-9]{2}(?:.[a-f0-9])?;)*[a-f0-9]{4,}:[a-f0-9]{2}:[a-f0-9]{2}(?:.[a-f0-9])?"
    )]
    pub path: String,
    /// Vendor and device ID of the subsystem that it must have.
    #[param(name = "subsystem-id", pattern = "(?:^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}$)")]
    pub subsystem_id: Option<String>,
}

impl Entry for PciEntry {
    const KIND: MappingKind = MappingKind::Pci;

    fn node(&self) -> &NodeName {
        &self.node
    }
}

/// What a mapping can be held against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PciFacts {
    /// Vendor and device ID: `8086:1520`.
    pub id: String,
    /// Those of the subsystem, if it has one.
    pub subsystem_id: Option<String>,
    /// Its IOMMU group, if the host has an IOMMU.
    pub iommu_group: Option<i64>,
    /// Whether it can be divided into mediated devices.
    pub mdev: bool,
}

impl PciFacts {
    /// Those of a device of the host.
    #[must_use]
    pub fn of(device: &PciDevice) -> Self {
        let ids = |(vendor, device): (u16, u16)| format!("{vendor:04x}:{device:04x}");
        Self {
            id: ids((device.vendor, device.device)),
            subsystem_id: device.subsystem.map(ids),
            iommu_group: device.iommu_group.map(i64::from),
            mdev: device.mdev,
        }
    }

    /// Those of the device with this address, if the host has it.
    #[must_use]
    pub fn find(sysfs: &Sysfs, id: &str) -> Option<Self> {
        host::pci::get(sysfs, id).as_ref().map(Self::of)
    }
}

/// An address in full: with domain, and with function 0 where none is given.
#[must_use]
pub fn address(path: &str) -> String {
    let domain = if path.matches(':').count() < 2 { "0000:" } else { "" };
    let function = if path.contains('.') { "" } else { ".0" };
    format!("{domain}{path}{function}").to_ascii_lowercase()
}

impl PciEntry {
    /// Checks that the devices are there and are what the mapping says; of several the first is compared.
    ///
    /// # Errors
    /// What does not fit.
    pub fn check(&self, mdev: bool, find: impl Fn(&str) -> Option<PciFacts>) -> Result<(), String> {
        let mut first = None;
        for path in self.path.split(';') {
            let device = find(&address(path)).ok_or_else(|| format!("PCI device '{path}' not found"))?;
            first.get_or_insert(device);
        }
        let Some(device) = first else { return Err("no path given".to_owned()) };
        let agrees = |name: &str, wanted: &str, found: &str| {
            let same = wanted.eq_ignore_ascii_case(found);
            same.then_some(())
                .ok_or_else(|| format!("'{name}' does not match for '{}' ({wanted} != {found})", self.path))
        };
        agrees("id", &self.id, &device.id)?;
        if let Some(wanted) = &self.subsystem_id {
            agrees("subsystem-id", wanted, device.subsystem_id.as_deref().unwrap_or("none"))?;
        }
        let group = |group: Option<i64>| group.filter(|group| *group >= 0).map_or("none".to_owned(), |g| g.to_string());
        agrees("iommugroup", &group(self.iommugroup), &group(device.iommu_group))?;
        if mdev && !device.mdev {
            return Err(format!("'mdev' is set, but '{}' does not support mediated devices", self.path));
        }
        Ok(())
    }
}
