//! What is made of a disk: an empty one, a partition table, volume groups, a file system that is mounted at every start.

use std::path::{Path, PathBuf};
use std::time::Duration;

use host::run::Run;
use schema::StorageId;
use serde_json::{Value, json};

use super::{Disk, unmake};
use crate::StorageError;
use crate::plugin::lvm::command::{change, groups};

/// How long a change of a disk may take.
const CHANGE: Duration = Duration::from_secs(600);

/// How much of a disk's beginning is overwritten when it is wiped, MiB: what programs put there without a signature.
const BEGINNING: u64 = 200;

/// Part of a group that a thin pool gets, percent: what is left lets its metadata grow.
const POOL: &str = "95%FREE";

/// Where an administrator's units are, by systemd.unit(5).
pub(super) const UNITS: &str = "/etc/systemd/system";

/// A kind of file system for a directory.
#[derive(schema::Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileSystem {
    /// The usual one.
    Ext4,
    /// XFS.
    Xfs,
}

/// What a disk is made to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// A volume group.
    Group,
    /// A volume group with a thin pool of the same name.
    Pool,
    /// A directory.
    Directory(FileSystem),
}

pub(super) async fn run(program: &str, args: &[&str]) -> Result<(), StorageError> {
    Run::new(program).args(args).deadline(CHANGE).output().await?;
    Ok(())
}

/// Refuses a disk that is used for anything.
///
/// # Errors
/// That, with what it is used for.
pub fn check_free(disk: &Disk) -> Result<(), StorageError> {
    match disk.usage.used.as_deref() {
        Some(used) => Err(StorageError::InUse(format!("device '{}' is already in use ({used})", disk.path))),
        None => Ok(()),
    }
}

/// Refuses a disk whose content something is using now.
///
/// # Errors
/// That, naming the disk or partition.
pub fn check_idle(disk: &Disk, parts: &[Disk]) -> Result<(), StorageError> {
    for one in std::iter::once(disk).chain(parts) {
        if one.usage.mounted {
            return Err(StorageError::InUse(format!("disk/partition '{}' is mounted", one.path)));
        }
        if host::disks::is_held(&one.name) {
            return Err(StorageError::InUse(format!("disk/partition '{}' has a holder", one.path)));
        }
    }
    Ok(())
}

/// Makes a disk or partition an empty one.
///
/// # Errors
/// When something uses it, or it fails.
pub async fn wipe(disk: &Disk, parts: &[Disk]) -> Result<(), StorageError> {
    check_idle(disk, parts)?;
    // A part may be gone with the table in which it was.
    for one in parts.iter().chain([disk]) {
        run("wipefs", &["--all", &one.path]).await?;
    }
    let megabytes = (disk.size >> 20).min(BEGINNING);
    if megabytes > 0 {
        let target = format!("of={}", disk.path);
        let count = format!("count={megabytes}");
        run("dd", &["if=/dev/zero", &target, "bs=1M", &count, "conv=fdatasync,notrunc"]).await?;
    }
    settle().await;
    Ok(())
}

/// Lets the system see what changed.
async fn settle() {
    // Where udev does not run there is nothing to wait for.
    let _ = run("udevadm", &["settle", "--timeout", "20"]).await;
}

/// Puts an empty GPT on a disk.
///
/// # Errors
/// When it is used, or it fails.
pub async fn initialise(disk: &Disk, uuid: Option<&str>) -> Result<(), StorageError> {
    check_free(disk)?;
    table(disk, uuid, "").await
}

async fn table(disk: &Disk, uuid: Option<&str>, rest: &str) -> Result<(), StorageError> {
    let id = uuid.map(|uuid| format!("label-id: {uuid}\n")).unwrap_or_default();
    let script = format!("label: gpt\n{id}{rest}");
    let run = Run::new("sfdisk").args(["--quiet", "--wipe", "always", &disk.path]).stdin(script).deadline(CHANGE);
    run.output().await?;
    settle().await;
    Ok(())
}

/// Where a directory on a disk of its own is mounted.
#[must_use]
pub fn place(name: &StorageId) -> PathBuf {
    Path::new("/mnt/pve").join(name.as_str())
}

/// The file of the unit that mounts a directory.
pub(super) fn unit_file(name: &StorageId) -> PathBuf {
    Path::new(UNITS).join(unit(name))
}

/// The unit that mounts it at every start (systemd.unit(5) tells how paths become names).
#[must_use]
pub fn unit(name: &StorageId) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let escaped = |c: char| if plain(c) { c.to_string() } else { format!("\\x{:02x}", u32::from(c)) };
    format!("mnt-pve-{}.mount", name.as_str().chars().map(escaped).collect::<String>())
}

/// What takes [`make`] back: for the journal, before it begins.
#[must_use]
pub fn undo_record(made: Made, disk: &Disk, name: &StorageId) -> Value {
    let kind = match made {
        Made::Group | Made::Pool => "group",
        Made::Directory(_) => "directory",
    };
    json!({"disk": {"undo": kind, "device": disk.path, "name": name.as_str()}})
}

/// Refuses what [`make`] could not do, before anything is changed.
///
/// # Errors
/// When the disk is used, or the name is taken.
pub async fn check(made: Made, disk: &Disk, name: &StorageId) -> Result<(), StorageError> {
    check_free(disk)?;
    match made {
        Made::Group | Made::Pool if groups().await?.iter().any(|group| group.name == name.as_str()) => {
            Err(StorageError::Invalid(format!("volume group with name '{name}' already exists")))
        }
        Made::Directory(_) if unit_file(name).exists() => {
            Err(StorageError::Invalid(format!("a mount unit for '{}' already exists", place(name).display())))
        }
        Made::Directory(_) if !Path::new("/run/systemd/system").is_dir() => {
            Err(StorageError::Invalid("this node has no systemd, which mounts directories at its start".to_owned()))
        }
        _ => Ok(()),
    }
}

/// Makes something of a whole disk.
///
/// # Errors
/// When a program fails; [`undo`] takes back what was made until then.
pub async fn make(made: Made, disk: &Disk, name: &StorageId, log: &(dyn Fn(&str) + Sync)) -> Result<(), StorageError> {
    let (device, name_text) = (disk.path.as_str(), name.as_str());
    match made {
        Made::Group | Made::Pool => {
            log(&format!("creating volume group '{name}' on '{device}'"));
            change("pvcreate", ["--yes", device]).await?;
            change("vgcreate", [name_text, device]).await?;
            if made == Made::Pool {
                log(&format!("creating thin pool '{name}/{name}'"));
                let words = ["--yes", "--type", "thin-pool", "--extents", POOL, "--name", name_text, name_text];
                change("lvcreate", words).await?;
            }
            Ok(())
        }
        Made::Directory(kind) => directory(kind, disk, name, log).await,
    }
}

async fn directory(
    kind: FileSystem,
    disk: &Disk,
    name: &StorageId,
    log: &(dyn Fn(&str) + Sync),
) -> Result<(), StorageError> {
    let (target, kind) = (place(name), kind.as_str());
    let part = match (&disk.parent, disk.path.ends_with(|c: char| c.is_ascii_digit())) {
        (Some(_), _) => disk.path.clone(),
        (None, true) => format!("{}p1", disk.path),
        (None, false) => format!("{}1", disk.path),
    };
    if disk.parent.is_none() {
        log(&format!("creating a partition on '{}'", disk.path));
        table(disk, None, "type=linux\n").await?;
    }
    log(&format!("creating {kind} on '{part}'"));
    run(&format!("mkfs.{kind}"), &["-q", &part]).await?;
    settle().await;
    let found = Run::new("blkid").args(["-p", "-s", "UUID", "-o", "value", &part]).output().await?;
    let text = format!(
        "[Unit]\nDescription=Storage '{name}'\n\n[Mount]\nWhat=/dev/disk/by-uuid/{}\nWhere={}\nType={kind}\n\
         Options=defaults\n\n[Install]\nWantedBy=multi-user.target\n",
        found.text().trim(),
        target.display()
    );
    host::file::create_dir(&target, 0o755)?;
    host::file::write_atomic(&unit_file(name), text.as_bytes(), 0o644)?;
    log(&format!("mounting it at '{}'", target.display()));
    run("systemctl", &["daemon-reload"]).await?;
    run("systemctl", &["enable", "--now", &unit(name)]).await
}

/// Takes back what [`make`] began. The disk was free before: nothing of value is on it.
///
/// # Errors
/// When the record is none, or something that was made cannot be removed.
pub async fn undo(record: &Value) -> Result<(), String> {
    let own = &record["disk"];
    let word = |key: &str| own[key].as_str().ok_or_else(|| format!("the undo record {record} has no '{key}'"));
    let (kind, device) = (word("undo")?, word("device")?);
    let name: StorageId = word("name")?.parse().map_err(|error: String| error)?;
    let done = match kind {
        "group" => unmake::group_on(name.as_str(), device).await,
        "directory" => unmake::directory(&name).await,
        other => return Err(format!("nobody knows how to undo '{other}'")),
    };
    done.map_err(|error| error.to_string())?;
    run("wipefs", &["--all", device]).await.map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_named_as_systemd_wants() {
        assert_eq!(unit(&"my-disk.1".parse().unwrap()), "mnt-pve-my\\x2ddisk.1.mount");
    }

    #[test]
    fn a_used_disk_is_refused() {
        let mut disk = Disk { path: "/dev/sdx".into(), ..Disk::default() };
        check_free(&disk).unwrap();
        disk.usage.used = Some("LVM".into());
        assert_eq!(check_free(&disk).unwrap_err().to_string(), "device '/dev/sdx' is already in use (LVM)");
        disk.usage.mounted = true;
        assert!(check_idle(&disk, &[]).unwrap_err().to_string().contains("is mounted"));
    }
}
