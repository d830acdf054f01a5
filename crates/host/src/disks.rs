//! Disks of the machine, as `lsblk` and the kernel tell them. Only looked at.

use std::{
    os::unix::fs::{FileTypeExt, MetadataExt},
    path::Path,
};

use nix::sys::stat::{major, minor};
use serde_json::Value;

use crate::run::{Run, RunError};

/// A disk, or a partition of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disk {
    /// `/dev/sda`
    pub path: String,
    /// The disk that a partition is on.
    pub parent: Option<String>,
    /// Bytes.
    pub size: u64,
    /// Name of its kind.
    pub model: Option<String>,
    /// Who made it.
    pub vendor: Option<String>,
    /// Its number.
    pub serial: Option<String>,
    /// Its world-wide name.
    pub wwn: Option<String>,
    /// Whether it turns.
    pub rotational: bool,
    /// How it is connected: `sata`, `nvme`, `usb`, …
    pub transport: Option<String>,
    /// What is on it: a file system or a member of something (`LVM2_member`).
    pub content: Option<String>,
    /// Kind of its partition table: `gpt`, `dos`.
    pub table: Option<String>,
    /// Whether it or something on it is mounted.
    pub mounted: bool,
    /// Whether it has partitions.
    pub partitioned: bool,
}

/// What to ask for.
const COLUMNS: &str = "NAME,TYPE,SIZE,MODEL,VENDOR,SERIAL,WWN,ROTA,TRAN,FSTYPE,PTTYPE,MOUNTPOINTS";

/// The disks of this machine, each followed by its partitions.
///
/// # Errors
/// When `lsblk` fails.
pub async fn list() -> Result<Vec<Disk>, RunError> {
    let run = Run::new("lsblk").args(["--json", "--bytes", "--paths", "--output", COLUMNS]);
    Ok(parse(&run.output().await?.text()))
}

/// Reads what `lsblk --json` prints. Loop devices, CD-ROMs, memory disks and what is made of disks are left out.
fn parse(text: &str) -> Vec<Disk> {
    let told: Value = serde_json::from_str(text).unwrap_or_default();
    let mut disks = Vec::new();
    for device in told["blockdevices"].as_array().into_iter().flatten() {
        let disk = read(device, None);
        let virtual_one =
            ["/dev/zram", "/dev/ram", "/dev/nbd", "/dev/fd"].iter().any(|name| disk.path.starts_with(name));
        if device["type"] != "disk" || disk.size == 0 || virtual_one {
            continue;
        }
        let parts = device["children"].as_array().into_iter().flatten().filter(|part| part["type"] == "part");
        let parts: Vec<Disk> = parts.map(|part| read(part, Some(&disk.path))).collect();
        disks.push(Disk { partitioned: !parts.is_empty(), ..disk });
        disks.extend(parts);
    }
    disks
}

fn read(device: &Value, parent: Option<&str>) -> Disk {
    let text = |key: &str| device[key].as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    Disk {
        path: text("name").unwrap_or_default(),
        parent: parent.map(str::to_owned),
        size: device["size"].as_u64().or_else(|| device["size"].as_str()?.parse().ok()).unwrap_or(0),
        model: text("model"),
        vendor: text("vendor"),
        serial: text("serial"),
        wwn: text("wwn"),
        rotational: device["rota"] == true || device["rota"] == "1",
        transport: text("tran"),
        content: text("fstype"),
        table: text("pttype"),
        mounted: mounted(device),
        partitioned: false,
    }
}

fn mounted(device: &Value) -> bool {
    let own = device["mountpoints"].as_array().into_iter().flatten().any(Value::is_string);
    own || device["children"].as_array().into_iter().flatten().any(mounted)
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
    fn disks_are_told_from_what_only_looks_like_one() {
        let text = r#"{"blockdevices": [
            {"name":"/dev/loop0","type":"loop","size":1073741824,"mountpoints":[null]},
            {"name":"/dev/zram0","type":"disk","size":4096,"mountpoints":[null]},
            {"name":"/dev/sdb","type":"disk","size":0,"mountpoints":[null]},
            {"name":"/dev/sda","type":"disk","size":500107862016,"model":"Disk ","vendor":"ATA     ","serial":"S1",
             "wwn":"0x5000","rota":false,"tran":"sata","fstype":null,"pttype":"gpt","mountpoints":[null],"children":[
                {"name":"/dev/sda1","type":"part","size":1048576,"fstype":"ext4","pttype":"gpt","mountpoints":["/boot"]},
                {"name":"/dev/sda2","type":"part","size":1048576,"fstype":"LVM2_member","mountpoints":[null],"children":[
                    {"name":"/dev/mapper/vg-root","type":"lvm","size":1,"mountpoints":["/"]}]}]}]}"#;
        let disks = parse(text);
        let shown: Vec<_> = disks.iter().map(|d| (d.path.as_str(), d.parent.as_deref(), d.mounted)).collect();
        let sda = Some("/dev/sda");
        assert_eq!(shown, [("/dev/sda", None, true), ("/dev/sda1", sda, true), ("/dev/sda2", sda, true)]);
        assert_eq!((disks[0].vendor.as_deref(), disks[0].partitioned, disks[0].rotational), (Some("ATA"), true, false));
        assert_eq!(disks[2].content.as_deref(), Some("LVM2_member"));
        assert_eq!(parse("nonsense"), []);
    }

    #[tokio::test]
    async fn this_machine_answers() {
        assert!(list().await.unwrap().iter().all(|disk| disk.path.starts_with("/dev/") && disk.size > 0));
    }
}
