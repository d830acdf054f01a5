//! Mediated devices: parts of a PCI device that its driver makes on demand.

use std::{fs, io, path::PathBuf};

use crate::pci::{Sysfs, text};

/// Why a mediated device was not made or removed.
#[derive(Debug, thiserror::Error)]
pub enum MdevError {
    /// The device cannot be divided so.
    #[error("PCI device '{id}' has no mediated device type '{kind}'")]
    NoType {
        /// The device.
        id: String,
        /// The type.
        kind: String,
    },
    /// There is no room for another one.
    #[error("no mediated device of type '{kind}' is available on '{id}'")]
    Full {
        /// The device.
        id: String,
        /// The type.
        kind: String,
    },
    /// The driver refused.
    #[error("unable to {doing} mediated device '{uuid}': {source}")]
    Io {
        /// `make` or `remove`.
        doing: &'static str,
        /// The mediated device.
        uuid: String,
        /// Why.
        source: io::Error,
    },
}

/// A type of mediated device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MdevType {
    /// Its name to the system.
    pub kind: String,
    /// How many more can be made.
    pub available: u32,
    /// What it offers.
    pub description: String,
    /// Its name for people.
    pub name: Option<String>,
}

fn types_dir(sysfs: &Sysfs, id: &str) -> PathBuf {
    sysfs.pci(id).join("mdev_supported_types")
}

/// The types that a PCI device can be divided into, by name.
#[must_use]
pub fn types(sysfs: &Sysfs, id: &str) -> Vec<MdevType> {
    let entries = fs::read_dir(types_dir(sysfs, id)).into_iter().flatten().flatten();
    let mut types: Vec<MdevType> = entries
        .filter_map(|entry| {
            let read = |file: &str| text(&entry.path(), file);
            Some(MdevType {
                kind: entry.file_name().into_string().ok()?,
                available: read("available_instances").and_then(|number| number.parse().ok()).unwrap_or(0),
                description: read("description").unwrap_or_default(),
                name: read("name"),
            })
        })
        .collect();
    types.sort_by(|a, b| a.kind.cmp(&b.kind));
    types
}

/// Whether a mediated device is there.
#[must_use]
pub fn exists(sysfs: &Sysfs, uuid: &str) -> bool {
    sysfs.join("bus/mdev/devices").join(uuid).exists()
}

/// Makes a mediated device of a type on a PCI device.
///
/// # Errors
/// When the device has no such type or no room for it, or its driver refuses.
pub fn create(sysfs: &Sysfs, id: &str, kind: &str, uuid: &str) -> Result<(), MdevError> {
    let known = types(sysfs, id).into_iter().find(|one| one.kind == kind);
    let known = known.ok_or_else(|| MdevError::NoType { id: id.to_owned(), kind: kind.to_owned() })?;
    if known.available == 0 {
        return Err(MdevError::Full { id: id.to_owned(), kind: kind.to_owned() });
    }
    let file = types_dir(sysfs, id).join(kind).join("create");
    fs::write(file, uuid).map_err(|source| MdevError::Io { doing: "make", uuid: uuid.to_owned(), source })
}

/// Removes a mediated device, if it is there.
///
/// # Errors
/// When its driver refuses, as while it is in use.
pub fn remove(sysfs: &Sysfs, uuid: &str) -> Result<(), MdevError> {
    if !exists(sysfs, uuid) {
        return Ok(());
    }
    let file = sysfs.join("bus/mdev/devices").join(uuid).join("remove");
    fs::write(file, "1").map_err(|source| MdevError::Io { doing: "remove", uuid: uuid.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_tell_what_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let sysfs = Sysfs::at(dir.path());
        let kind = types_dir(&sysfs, "0000:00:02.0").join("i915-GVTg_V5_4");
        fs::create_dir_all(&kind).unwrap();
        fs::write(kind.join("available_instances"), "1\n").unwrap();
        fs::write(kind.join("description"), "low_gm_size: 128MB\nhigh_gm_size: 512MB\n").unwrap();
        let types = types(&sysfs, "0000:00:02.0");
        assert_eq!((types[0].available, types[0].name.as_deref()), (1, None));
        create(&sysfs, "0000:00:02.0", "i915-GVTg_V5_4", "uuid").unwrap();
        assert_eq!(fs::read_to_string(kind.join("create")).unwrap(), "uuid");
        fs::write(kind.join("available_instances"), "0\n").unwrap();
        let full = create(&sysfs, "0000:00:02.0", "i915-GVTg_V5_4", "uuid").unwrap_err();
        assert!(matches!(full, MdevError::Full { .. }));
        assert!(matches!(create(&sysfs, "0000:00:02.0", "other", "uuid"), Err(MdevError::NoType { .. })));
        remove(&sysfs, "uuid").unwrap();
    }
}
