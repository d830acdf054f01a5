//! What is on a disk.

use host::disks::{Device, Facts, Part};

/// What a disk or partition is used for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// In the words of lists; nothing when it is free.
    pub used: Option<String>,
    /// Whether it is mounted itself.
    pub mounted: bool,
    /// The OSDs of Ceph that keep their data there.
    pub osds: Vec<Osd>,
    /// How many journals of OSDs lie there.
    pub journals: u64,
    /// How many databases of OSDs lie there.
    pub db: u64,
    /// How many write-ahead logs of OSDs lie there.
    pub wal: u64,
}

/// An OSD of Ceph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Osd {
    /// Its number.
    pub id: String,
    /// Whether it keeps its data without a file system.
    pub bluestore: bool,
    /// Whether they are encrypted.
    pub encrypted: bool,
}

const LVM: &str = "LVM";
const ZFS: &str = "ZFS";
const MOUNTED: &str = "mounted";
const MAPPED: &str = "Device Mapper";
const PARTITION: &str = "partition";

/// Types of partitions (GUIDs of the UEFI specification and of Solaris) that say what is on them.
const TYPES: [(&str, &str); 5] = [
    ("21686148-6449-6e6f-744e-656564454649", "BIOS boot"),
    ("c12a7328-f81f-11d2-ba4b-00a0c93ec93b", "EFI"),
    ("6a945a3b-1dd2-11b2-99a6-080020736631", "ZFS reserved"),
    ("6a898cc3-1dd2-11b2-99a6-080020736631", ZFS),
    ("e6d6d379-f507-44c2-a23c-238f2a3df928", LVM),
];

/// What is on the partitions of a disk.
pub(super) fn of_parts(facts: &Facts, device: &Device) -> Vec<Usage> {
    device.parts.iter().map(|part| of_part(facts, part)).collect()
}

fn of_part(facts: &Facts, part: &Part) -> Usage {
    let path = format!("/dev/{}", part.name.replace('!', "/"));
    let mut usage = of_path(facts, &path);
    if usage.used.is_none() {
        let kind = listed(facts, &path, "parttype");
        let kind = TYPES.iter().find(|(id, _)| kind.as_deref() == Some(id)).map(|(_, word)| *word);
        let found = kind.or(part.held.then_some(MAPPED)).map(str::to_owned);
        usage.used = found.or_else(|| listed(facts, &path, "fstype")).or_else(|| Some(PARTITION.to_owned()));
    }
    usage
}

/// What is on a disk: its own use, or else what its partitions are used for.
pub(super) fn of_disk(facts: &Facts, path: &str, parts: &[Usage]) -> Usage {
    let mut usage = of_path(facts, path);
    for part in parts {
        usage.osds.extend(part.osds.iter().cloned());
        usage.journals += part.journals;
        usage.db += part.db;
        usage.wal += part.wal;
    }
    if usage.used.is_some() {
        return usage;
    }
    // What is named first counts most.
    let words = [LVM, MOUNTED, ZFS, MAPPED];
    let part = words.iter().find(|word| parts.iter().any(|part| part.used.as_deref() == Some(**word)));
    let own = || listed(facts, path, "fstype");
    let parted = || (!parts.is_empty()).then(|| "partitions".to_owned());
    usage.used = part.map(|word| (*word).to_owned()).or_else(own).or_else(parted);
    usage
}

/// What everybody can see of a device, be it a disk or a partition.
fn of_path(facts: &Facts, path: &str) -> Usage {
    let mut usage = Usage::default();
    ceph(facts, path, &mut usage);
    let places = facts.mounts.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        (words.next() == Some(path)).then(|| words.next().unwrap_or_default())
    });
    let places: Vec<&str> = places.collect();
    let osd = places.iter().find_map(|place| place.strip_prefix("/var/lib/ceph/osd/ceph-"));
    if let Some(id) = osd {
        usage.osds.push(Osd { id: id.to_owned(), bluestore: false, encrypted: false });
    }
    usage.mounted = !places.is_empty();
    let physical = facts.physical_volumes.lines().any(|line| line.trim() == path);
    usage.used = match () {
        () if physical => Some(LVM.to_owned()),
        () if usage.mounted => Some(MOUNTED.to_owned()),
        () if in_pool(facts, path) => Some(ZFS.to_owned()),
        () => None,
    };
    usage
}

/// Whether a pool of ZFS has it: as a whole, or a partition that ZFS made itself.
fn in_pool(facts: &Facts, path: &str) -> bool {
    let members = facts.zfs_members.lines().filter_map(|line| line.split_whitespace().next());
    members.into_iter().any(|member| member == path) || listed(facts, path, "fstype").as_deref() == Some("zfs_member")
}

/// What `lsblk` tells of a device.
fn listed(facts: &Facts, path: &str, key: &str) -> Option<String> {
    let row = facts.listed["blockdevices"].as_array()?.iter().find(|row| row["path"] == path)?;
    row[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Logical volumes of OSDs tell by names and tags what they are: `DEVICE(EXTENT);NAME;TAG,TAG`.
fn ceph(facts: &Facts, path: &str, usage: &mut Usage) {
    for line in facts.ceph_volumes.lines() {
        let mut words = line.trim().splitn(3, ';');
        let (Some(place), Some(name), Some(tags)) = (words.next(), words.next(), words.next()) else { continue };
        if place.split('(').next() != Some(path) {
            continue;
        }
        let tag = |key: &str| tags.split(',').find_map(|tag| tag.strip_prefix(key)?.strip_prefix('='));
        let Some(id) = tag("ceph.osd_id").filter(|id| !id.is_empty()) else { continue };
        let osd = |bluestore| Osd { id: id.to_owned(), bluestore, encrypted: tag("ceph.encrypted") == Some("1") };
        match name.split('-').nth(1) {
            Some("block") => usage.osds.push(osd(true)),
            Some("data") => usage.osds.push(osd(false)),
            Some("journal") => usage.journals += 1,
            Some("db") => usage.db += 1,
            Some("wal") => usage.wal += 1,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_free_when_nothing_is_on_it() {
        let facts = Facts { physical_volumes: "  /dev/sdb\n".into(), ..Facts::default() };
        assert_eq!(of_disk(&facts, "/dev/sda", &[]).used, None);
        assert_eq!(of_disk(&facts, "/dev/sdb", &[]).used.as_deref(), Some(LVM));
        let part = Usage { used: Some(PARTITION.into()), ..Usage::default() };
        assert_eq!(of_disk(&facts, "/dev/sda", &[part]).used.as_deref(), Some("partitions"));
    }
}
