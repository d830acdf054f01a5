//! Disks of the machine, as the kernel and the system's programs tell them. Only looked at.

use std::{
    os::unix::fs::{FileTypeExt, MetadataExt},
    path::Path,
    time::Duration,
};

use nix::sys::stat::{major, minor};
use serde_json::Value;

use crate::run::Run;

/// All that is looked at to tell what disks there are and what is on them.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// What the kernel has as block devices.
    pub devices: Vec<Device>,
    /// What `lsblk --json` tells of all: path, type of partition, file system.
    pub listed: Value,
    /// Devices that are physical volumes of LVM, one a line.
    pub physical_volumes: String,
    /// Logical volumes of Ceph's OSDs: `DEVICE(EXTENT);NAME;TAG,TAG` a line.
    pub ceph_volumes: String,
    /// What pools of ZFS consist of: a line each, the device first.
    pub zfs_members: String,
    /// What is mounted where, as in `/proc/mounts`.
    pub mounts: String,
}

/// A block device, as `/sys/block` and udev know it.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// `sda`
    pub name: String,
    /// Sectors of 512 bytes.
    pub sectors: u64,
    /// Whether it turns.
    pub rotational: Option<bool>,
    /// Who made it.
    pub vendor: Option<String>,
    /// Name of its kind.
    pub model: Option<String>,
    /// What `udevadm info` prints.
    pub udev: String,
    /// Its partitions.
    pub parts: Vec<Part>,
}

/// A partition.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// `sda1`
    pub name: String,
    /// Sectors of 512 bytes.
    pub sectors: u64,
    /// Whether other devices are made of it.
    pub held: bool,
}

/// How long a program may take to tell: a broken disk makes some wait.
const LOOK: Duration = Duration::from_secs(20);

/// Looks at the disks of this machine. A program that is not installed has nothing to tell.
///
/// # Errors
/// When `/sys` cannot be read.
pub async fn facts() -> std::io::Result<Facts> {
    let mut devices =
        tokio::task::spawn_blocking(|| devices(Path::new("/sys/block"))).await.map_err(std::io::Error::other)??;
    for device in &mut devices {
        device.udev =
            told("udevadm", &["info", "--query", "all", "--path", &format!("/sys/block/{}", device.name)]).await;
    }
    let columns = "PATH,PARTTYPE,FSTYPE";
    let listed = told("lsblk", &["--json", "--list", "--output", columns]).await;
    Ok(Facts {
        devices,
        listed: serde_json::from_str(&listed).unwrap_or_default(),
        physical_volumes: told("pvs", &["--noheadings", "--readonly", "-o", "pv_name"]).await,
        ceph_volumes: told(
            "lvs",
            &["--noheadings", "--readonly", "--separator", ";", "-S", "lv_name=~^osd-", "-o", "devices,name,tags"],
        )
        .await,
        zfs_members: told("zpool", &["list", "-HPLv"]).await,
        mounts: std::fs::read_to_string("/proc/mounts")?,
    })
}

async fn told(program: &str, args: &[&str]) -> String {
    Run::new(program).args(args).deadline(LOOK).output().await.map(|output| output.text()).unwrap_or_default()
}

fn devices(sysfs: &Path) -> std::io::Result<Vec<Device>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(sysfs)?.flatten() {
        let (place, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let text = |file: &str| std::fs::read_to_string(place.join(file)).ok().map(|text| text.trim().to_owned());
        let number = |file: &str| text(file).and_then(|text| text.parse().ok()).unwrap_or(0);
        let mut parts = Vec::new();
        for part in std::fs::read_dir(&place).into_iter().flatten().flatten() {
            let part = part.file_name().to_string_lossy().into_owned();
            if !part.starts_with(&name) || !place.join(&part).join("partition").exists() {
                continue;
            }
            let holders = std::fs::read_dir(place.join(&part).join("holders"));
            let held = holders.is_ok_and(|mut holders| holders.next().is_some());
            parts.push(Part { sectors: number(&format!("{part}/size")), held, name: part });
        }
        parts.sort_by_key(|part| (part.name.len(), part.name.clone()));
        let rotational = text("queue/rotational").map(|word| word == "1");
        let sectors = number("size");
        // A drive without a medium is none.
        if sectors > 0 {
            let (vendor, model) = (text("device/vendor"), text("device/model"));
            found.push(Device { name, sectors, rotational, vendor, model, udev: String::new(), parts });
        }
    }
    found.sort_by_key(|device| (device.name.len(), device.name.clone()));
    Ok(found)
}

/// Whether other devices are made of a disk or partition (`sda`, `sda1`).
#[must_use]
pub fn is_held(name: &str) -> bool {
    let holders = std::fs::read_dir(Path::new("/sys/class/block").join(name).join("holders"));
    holders.is_ok_and(|mut holders| holders.next().is_some())
}

/// What a disk says of its health (smartctl(8)); `all`: with everything that it counts. A disk in standby is not woken.
/// Nothing where the program is missing or knows no such disk.
pub async fn smart(device: &Path, all: bool) -> String {
    let words: &[&str] = if all { &["-H", "-A", "-f", "brief"] } else { &["-H"] };
    let run = Run::new("smartctl").args(words).arg(device).deadline(LOOK);
    // Its exit code is a set of flags: those below 4 say that it could not ask (smartctl(8), "EXIT STATUS").
    let (ended, output) = run.told().await;
    let asked = ended.map_or_else(|error| error.code().is_some_and(|code| code & 3 == 0), |()| true);
    if asked { output.text() } else { String::new() }
}

/// Whether and as which kind of SCSI device the kernel knows a block or character device: its answer to INQUIRY (0
/// disk, 1 tape, 5 CD-ROM).
#[must_use]
pub fn scsi_type(device: &Path) -> Option<u8> {
    let found = device.metadata().ok()?;
    let kind = if found.file_type().is_block_device() { "block" } else { "char" };
    let number = found.rdev();
    scsi_type_of(Path::new("/sys"), kind, (major(number), minor(number)))
}

fn scsi_type_of(sysfs: &Path, kind: &str, (major, minor): (u64, u64)) -> Option<u8> {
    let file = sysfs.join("dev").join(kind).join(format!("{major}:{minor}/device/type"));
    std::fs::read_to_string(file).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scsi_devices_tell_their_kind() {
        let sysfs = tempfile::tempdir().unwrap();
        let device = sysfs.path().join("dev/block/8:16/device");
        std::fs::create_dir_all(&device).unwrap();
        std::fs::write(device.join("type"), "0\n").unwrap();
        assert_eq!(scsi_type_of(sysfs.path(), "block", (8, 16)), Some(0));
        assert_eq!(scsi_type_of(sysfs.path(), "char", (8, 16)), None);
        assert_eq!(scsi_type(Path::new("/dev/null")), None);
        assert_eq!(scsi_type(sysfs.path()), None);
    }

    #[test]
    fn partitions_are_below_their_disks() {
        let sysfs = tempfile::tempdir().unwrap();
        let put = |path: &str, text: &str| {
            let path = sysfs.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        for (path, text) in [
            ("sdb/size", "0"),
            ("sda/size", "2048\n"),
            ("sda/queue/rotational", "1\n"),
            ("sda/device/vendor", "ATA     \n"),
            ("sda/sda10/size", "8"),
            ("sda/sda10/partition", "10"),
            ("sda/sda2/size", "1024"),
            ("sda/sda2/partition", "2"),
            ("sda/sda2/holders/dm-0", ""),
        ] {
            put(path, text);
        }
        let found = devices(sysfs.path()).unwrap();
        assert_eq!(found.len(), 1, "a drive without a medium is no disk");
        assert_eq!(
            (found[0].sectors, found[0].rotational, found[0].vendor.as_deref()),
            (2048, Some(true), Some("ATA"))
        );
        let parts: Vec<_> = found[0].parts.iter().map(|part| (part.name.as_str(), part.sectors, part.held)).collect();
        assert_eq!(parts, [("sda2", 1024, true), ("sda10", 8, false)]);
    }

    #[tokio::test]
    async fn this_machine_answers() {
        assert!(facts().await.unwrap().devices.iter().all(|device| device.sectors > 0));
    }
}
