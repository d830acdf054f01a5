//! The drive with the CD: `ideN`, `sataN` or `scsiN`, on volume `vm-ID-cloudinit`.

use crate::{
    config_file::Section,
    qemu::{
        cmdline::{Bus, DriveId},
        error::VmError,
        pending::volume,
    },
};

/// What a drive's value is to cloud-init.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind<'a> {
    /// The wish for a new one, on this storage.
    Wish(&'a str),
    /// One that is there.
    Volume(&'a str),
}

impl<'a> Kind<'a> {
    /// Reads a drive's value.
    #[must_use]
    pub fn of(value: &'a str) -> Option<Self> {
        match wished(value) {
            Some(storage) => Some(Self::Wish(storage)),
            None => volume(value).filter(|id| is_volume(id)).map(Self::Volume),
        }
    }
}

/// The storage that `STORAGE:cloudinit` asks for a new one on.
pub(crate) fn wished(value: &str) -> Option<&str> {
    volume(value)?.strip_suffix(":cloudinit")
}

/// The name of a guest's volume, without its ending.
pub(crate) fn volume_stem(vmid: schema::Vmid) -> String {
    format!("vm-{vmid}-cloudinit")
}

/// Whether a volume is one by its name: `vm-100-cloudinit`, in directories with an ending.
pub(crate) fn is_volume(id: &str) -> bool {
    let Some((_, name)) = id.split_once(':') else { return false };
    let name = name.rsplit('/').next().unwrap_or(name);
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let owner = stem.strip_prefix("vm-").and_then(|rest| rest.strip_suffix("-cloudinit"));
    owner.is_some_and(|owner| !owner.is_empty() && owner.bytes().all(|digit| digit.is_ascii_digit()))
}

/// The drive of a section, and its volume.
pub(crate) fn drive_of(section: &Section) -> Option<(DriveId, &str)> {
    section.iter().find_map(|(key, value)| {
        let drive = DriveId::parse(key).filter(|drive| drive.bus != Bus::Unused)?;
        Some((drive, volume(value).filter(|id| is_volume(id))?))
    })
}

/// Checks that a guest gets no second CD, and none where there cannot be one. `kept` are the drives that stay.
///
/// # Errors
/// The drive that is wrong.
pub(crate) fn check_single<'a>(
    kept: impl Iterator<Item = (&'a str, &'a str)>,
    set: &'a [(String, String)],
) -> Result<(), VmError> {
    let set = set.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let mut first: Option<&str> = None;
    for (key, value) in kept.chain(set) {
        let Some(drive) = DriveId::parse(key).filter(|drive| drive.bus != Bus::Unused) else { continue };
        if Kind::of(value).is_none() {
            continue;
        }
        if !matches!(drive.bus, Bus::Ide | Bus::Sata | Bus::Scsi) {
            return Err(VmError::parameter(key, "a cloud-init drive is a CD-ROM - use ide, sata or scsi"));
        }
        if let Some(other) = first {
            return Err(VmError::parameter(key, format!("{key} - cloud-init drive is already attached at '{other}'")));
        }
        first = Some(key);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drives_are_told_by_their_volumes() {
        assert_eq!(Kind::of("local:cloudinit,format=raw"), Some(Kind::Wish("local")));
        for volume in ["local:100/vm-100-cloudinit.qcow2", "lvm:vm-100-cloudinit"] {
            assert_eq!(Kind::of(&format!("{volume},media=cdrom")), Some(Kind::Volume(volume)));
        }
        for other in [
            "none,media=cdrom",
            "local:iso/cloudinit.iso",
            "cloudinit:100/vm-100-disk-0.qcow2",
            "/x/vm-1-cloudinit",
            "l:vm--cloudinit",
        ] {
            assert_eq!(Kind::of(other), None, "{other}");
        }
    }

    #[test]
    fn a_guest_has_one_cd_at_most() {
        let set = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
        };
        let old = [("ide2", "l:vm-100-cloudinit,media=cdrom"), ("unused0", "l:vm-100-cloudinit")];
        let refused =
            |pairs: &[(&str, &str)]| check_single(old.into_iter(), &set(pairs)).map_err(|err| err.to_string());
        assert_eq!(refused(&[("scsi0", "l:32")]), Ok(()));
        assert_eq!(
            refused(&[("scsi1", "l:cloudinit")]),
            Err("scsi1: scsi1 - cloud-init drive is already attached at 'ide2'".to_owned())
        );
        assert!(check_single(std::iter::empty(), &set(&[("virtio0", "l:cloudinit")])).is_err());
        assert!(check_single(std::iter::empty(), &set(&[("ide0", "l:cloudinit"), ("ide1", "m:cloudinit")])).is_err());
    }
}
