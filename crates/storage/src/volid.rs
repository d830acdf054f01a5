//! Names of volumes.

use std::fmt;
use std::str::FromStr;

use schema::kind::Text;
use schema::{Kind, Reply, Returns, Scalar, StorageId, Vmid};

use crate::Content;

/// A volume of a storage: `local:100/vm-100-disk-0.qcow2`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VolumeId {
    /// The storage.
    pub storage: StorageId,
    /// Its name there; what it means is up to the kind of storage.
    pub volname: String,
}

impl VolumeId {
    /// The volume of this name.
    pub fn new(storage: &StorageId, volname: impl Into<String>) -> Self {
        Self { storage: storage.clone(), volname: volname.into() }
    }
}

impl fmt::Display for VolumeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.storage, self.volname)
    }
}

impl FromStr for VolumeId {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("unable to parse volume ID '{text}'");
        let (storage, volname) = text.split_once(':').ok_or_else(wrong)?;
        let storage = storage.parse().map_err(|_| wrong())?;
        // Control characters would break logs and property strings, a comma the latter.
        if volname.is_empty() || volname.chars().any(|c| c.is_control() || c == ',') {
            return Err(wrong());
        }
        Ok(Self { storage, volname: volname.to_owned() })
    }
}

impl Scalar for VolumeId {
    const KIND: Kind = Kind::Text(Text::format("pve-volume-id"));
    fn read(text: &str) -> Result<Self, String> {
        text.parse()
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Reply for VolumeId {
    const RETURNS: Returns = Returns::Text;
    fn value(self) -> serde_json::Value {
        self.to_string().into()
    }
}

/// What the name of a volume tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// What it is. Volumes of containers are `Images` here: their names do not tell.
    pub content: Content,
    /// The file name without directories.
    pub name: String,
    /// The guest that it belongs to.
    pub owner: Option<Vmid>,
    /// The template volume that it is a linked clone of, with that volume's owner.
    pub base: Option<(String, Vmid)>,
    /// Whether it is a template volume itself.
    pub is_base: bool,
    /// Form of its content: `raw`, `qcow2`, `vmdk`, `subvol`; `ova`, `ovf`, `ova+vmdk` of archives to import.
    pub format: String,
}

/// A guest option's wish for a new volume, `STORAGE:SIZE` with the size in GiB (`local:32`, `local:0.5`): the storage
/// and the size in bytes, in whole sectors of 4 KiB: on media with such sectors QEMU refuses to write to anything else.
/// `None` when the text is anything else, such as an existing volume.
#[must_use]
pub fn parse_new(text: &str) -> Option<(StorageId, u64)> {
    let (storage, size) = text.split_once(':')?;
    let plain = !size.is_empty() && size.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !plain {
        return None;
    }
    let size = schema::size::parse_disk_size(&format!("{size}G"))?;
    Some((storage.parse().ok()?, size.checked_next_multiple_of(4096)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volume_id_has_a_storage_and_a_name() {
        let id: VolumeId = "local:100/vm-100-disk-0.qcow2".parse().unwrap();
        assert_eq!((id.storage.as_str(), id.volname.as_str()), ("local", "100/vm-100-disk-0.qcow2"));
        assert_eq!(id.to_string(), "local:100/vm-100-disk-0.qcow2");
        for wrong in ["local", "local:", ":x", "/path", "local:a,b", "local:a\nb"] {
            assert_eq!(wrong.parse::<VolumeId>().unwrap_err(), format!("unable to parse volume ID '{wrong}'"));
        }
    }

    #[test]
    fn a_size_alone_is_a_wish() {
        let size = |text| parse_new(text).map(|(_, size)| size);
        assert_eq!(size("local:32"), Some(32 << 30));
        assert_eq!(size("local:0.5"), Some(512 << 20));
        assert_eq!(size("local:0.001"), Some(263 * 4096));
        assert_eq!(size("local:1.5.1"), None);
        assert_eq!(size("local:100/vm-100-disk-0.raw"), None);
    }
}
