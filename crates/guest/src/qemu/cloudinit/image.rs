//! Where the texts lie on the CD, and what it is called: by that, guests find it.

use super::{
    Settings,
    seed::{Seed, context},
};
use crate::qemu::config::CiType;

/// A CD to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Its volume label.
    pub(crate) label: &'static str,
    /// Paths below its root and contents.
    pub(crate) files: Vec<(&'static str, Vec<u8>)>,
}

impl Layout {
    /// The CD for a VM.
    pub(crate) fn new(settings: &Settings, seed: Seed) -> Self {
        match settings.kind {
            CiType::Nocloud => Self {
                label: "cidata",
                files: vec![
                    ("user-data", seed.user),
                    ("network-config", seed.network),
                    ("meta-data", seed.meta),
                    ("vendor-data", seed.vendor),
                ],
            },
            CiType::Configdrive2 => Self {
                label: "config-2",
                files: vec![
                    ("openstack/latest/user_data", seed.user),
                    ("openstack/content/0000", seed.network),
                    ("openstack/latest/meta_data.json", seed.meta),
                    ("openstack/latest/vendor_data.json", vendor_json(&seed.vendor)),
                ],
            },
            CiType::Opennebula => {
                Self { label: "CONTEXT", files: vec![("context.sh", context(settings, &seed).into_bytes())] }
            }
        }
    }
}

/// Vendor data of a config drive is JSON; other text goes in as the string that cloud-init looks for.
fn vendor_json(vendor: &[u8]) -> Vec<u8> {
    if vendor.is_empty() {
        return b"{}\n".to_vec();
    }
    match serde_json::from_slice::<serde_json::Value>(vendor) {
        Ok(_) => vendor.to_vec(),
        Err(_) => format!("{}\n", serde_json::json!({ "cloud-init": String::from_utf8_lossy(vendor) })).into_bytes(),
    }
}
