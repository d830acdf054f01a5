//! USB devices.

use host::pci::Sysfs;
use schema::{NodeName, Params};

use super::file::{Entry, MappingKind};

/// A USB device of a node, by its IDs or by the port that it is plugged into.
#[derive(Params, Clone, Debug, PartialEq, Eq)]
pub struct UsbEntry {
    /// Notes.
    #[param(max_len = 4096)]
    pub description: Option<String>,
    /// Vendor and product ID of the device.
    #[param(pattern = "(?:^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}$)")]
    pub id: String,
    /// The node.
    pub node: NodeName,
    /// Bus and port: the device there is meant, and must have the IDs.
    #[param(pattern = r"(?:^(\d+)\-(\d+(\.\d+)*)$)")]
    pub path: Option<String>,
}

impl Entry for UsbEntry {
    const KIND: MappingKind = MappingKind::Usb;

    fn node(&self) -> &NodeName {
        &self.node
    }
}

/// What is plugged in on the host: ports and IDs.
#[must_use]
pub fn plugged(sysfs: &Sysfs) -> Vec<(String, String)> {
    host::usb::list(sysfs).iter().filter_map(|device| Some((device.place()?, device.ids()))).collect()
}

impl UsbEntry {
    /// Checks that the device is there, among all that are plugged in: their ports (`1-1.4`) and IDs (`046d:c52b`).
    ///
    /// # Errors
    /// What does not fit.
    pub fn check(&self, plugged: &[(String, String)]) -> Result<(), String> {
        let Some(path) = &self.path else {
            let there = plugged.iter().any(|(_, id)| id.eq_ignore_ascii_case(&self.id));
            return there.then_some(()).ok_or_else(|| format!("USB device '{}' not found", self.id));
        };
        match plugged.iter().find(|(port, _)| port == path) {
            None => Err(format!("USB device '{path}' not found")),
            Some((_, id)) if id.eq_ignore_ascii_case(&self.id) => Ok(()),
            Some((_, id)) => Err(format!("'id' does not match for '{path}' ({} != {id})", self.id)),
        }
    }
}
