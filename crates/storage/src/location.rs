//! Where a volume lies, in the words of QEMU and its tools; by its name alone, without a look at any medium.

use std::path::{Path, PathBuf};

use crate::config::StorageKind;
use crate::plugin::dir::names;
use crate::{Content, Format, StorageConfig, StorageError, Volume};

/// What QEMU opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A file or block device.
    Path(PathBuf),
    /// A part of a file, both in bytes: a member of an archive.
    Part {
        /// The file.
        file: PathBuf,
        /// Where it begins.
        offset: u64,
        /// How long it is.
        size: u64,
    },
    /// What one of its network drivers names so.
    Uri(String),
    /// A raw image behind block drivers with these options.
    Options(Vec<(&'static str, String)>),
}

/// A volume, or one of its snapshots, as QEMU finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// What is opened.
    pub location: Location,
    /// The format of what is opened.
    pub format: Format,
    /// The snapshot, where it lies inside of what is opened.
    pub inner_snapshot: Option<String>,
}

/// What only the host and its servers know.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Name under which this host logs in to iSCSI servers.
    pub initiator: String,
    /// ID of a Ceph cluster, for volumes that the kernel maps.
    pub cluster: Option<String>,
    /// Number under which an iSCSI server shows a volume.
    pub lun: Option<u32>,
    /// Key file of a Ceph user, if there is one.
    pub keyring: Option<PathBuf>,
}

/// Where a volume of a storage of any kind lies.
///
/// # Errors
/// When no volume of that kind of storage can have this name, it has no such snapshots, or something is not known that
/// is needed to tell.
pub fn locate(
    config: &StorageConfig,
    volname: &str,
    snapshot: Option<&str>,
    around: &Surroundings,
) -> Result<Located, StorageError> {
    match config.kind {
        StorageKind::Dir | StorageKind::Nfs | StorageKind::Cifs | StorageKind::Cephfs => {
            file(config, volname, snapshot)
        }
        StorageKind::Btrfs => of_subvolume(config, &names::parse(volname)?, snapshot),
        StorageKind::Lvm | StorageKind::Lvmthin => lvm(config, volname, snapshot),
        StorageKind::Rbd => rbd(config, volname, snapshot, around),
        StorageKind::Zfs => zfs_iscsi(config, volname, snapshot, around),
        StorageKind::Zfspool => zvol(config, volname, snapshot),
        kind => Err(StorageError::Unsupported { storage: config.id.clone(), kind: kind.to_string() }),
    }
}

fn at(path: impl Into<PathBuf>, format: Format) -> Located {
    Located { location: Location::Path(path.into()), format, inner_snapshot: None }
}

fn missing(config: &StorageConfig, what: &str) -> StorageError {
    StorageError::Invalid(format!("storage '{}' has no {what}; check its configuration", config.id))
}

fn no_snapshots() -> StorageError {
    StorageError::Invalid("can't snapshot this image format".to_owned())
}

fn chained(config: &StorageConfig) -> bool {
    config.options.foreign.0.snapshot_as_volume_chain == Some(true)
}

/// Image files; a snapshot is inside, or a file of its own beside.
fn file(config: &StorageConfig, volname: &str, snapshot: Option<&str>) -> Result<Located, StorageError> {
    of_file(config, &names::parse(volname)?, snapshot)
}

/// Where a volume that is a file lies.
pub(crate) fn of_file(
    config: &StorageConfig,
    volume: &Volume,
    snapshot: Option<&str>,
) -> Result<Located, StorageError> {
    config.directory(volume.content)?;
    let path = names::path(volume, |content| config.directory(content).unwrap_or_default());
    // What is no guest's volume is opened by what it is named.
    let format = volume.format.parse().unwrap_or(Format::Raw);
    let located = at(path.clone(), format);
    match snapshot {
        None => Ok(located),
        Some(name) if chained(config) && volume.content == Content::Images => {
            Ok(at(path.with_file_name(format!("snap-{name}-{}", volume.name)), Format::Qcow2))
        }
        Some(name) if format == Format::Qcow2 => Ok(Located { inner_snapshot: Some(name.to_owned()), ..located }),
        Some(_) => Err(no_snapshots()),
    }
}

/// As files, but a raw disk is a subvolume with one file, of which snapshots lie beside.
pub(crate) fn of_subvolume(
    config: &StorageConfig,
    volume: &Volume,
    snapshot: Option<&str>,
) -> Result<Located, StorageError> {
    let raw = match (volume.content, volume.format.as_str()) {
        (Content::Images, "raw") => true,
        (Content::Images, "subvol") => false,
        _ => return of_file(config, volume, snapshot),
    };
    config.directory(volume.content)?;
    let path = names::path(volume, |content| config.directory(content).unwrap_or_default());
    let name = if raw { volume.name.trim_end_matches(".raw") } else { &volume.name };
    let directory = snapshot.map_or_else(|| name.to_owned(), |snapshot| format!("{name}@{snapshot}"));
    let subvolume = path.with_file_name(directory);
    Ok(if raw { at(subvolume.join("disk.raw"), Format::Raw) } else { at(subvolume, Format::Subvol) })
}

/// Checks the name of a volume that is no file, and cuts off what stands before it: the volume it is a clone of.
fn block_name(volname: &str) -> Result<&str, StorageError> {
    let wrong = || StorageError::Name(format!("unable to parse volume name '{volname}'"));
    let (base, name) = volname.rsplit_once('/').map_or((None, volname), |(base, name)| (Some(base), name));
    let good = |name: &str| {
        let rest = ["vm-", "base-"].iter().find_map(|start| name.strip_prefix(start));
        let owned = rest.and_then(|rest| rest.split_once('-')).is_some_and(|(owner, rest)| {
            owner.parse::<schema::Vmid>().is_ok() && !rest.is_empty() && rest != "." && rest != ".."
        });
        owned && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
    };
    if good(name) && base.is_none_or(good) { Ok(name) } else { Err(wrong()) }
}

fn lvm(config: &StorageConfig, volname: &str, snapshot: Option<&str>) -> Result<Located, StorageError> {
    of_logical(config, block_name(volname)?, snapshot)
}

/// Where a logical volume of this name lies.
pub(crate) fn of_logical(config: &StorageConfig, name: &str, snapshot: Option<&str>) -> Result<Located, StorageError> {
    let group = config.fixed.vgname.as_deref().ok_or_else(|| missing(config, "volume group"))?;
    let group = Path::new("/dev").join(group);
    if config.kind == StorageKind::Lvmthin {
        let volume = snapshot.map_or_else(|| name.to_owned(), |snapshot| format!("snap_{name}_{snapshot}"));
        return Ok(at(group.join(volume), Format::Raw));
    }
    let stem = name.strip_suffix(".qcow2");
    let format = if stem.is_some() { Format::Qcow2 } else { Format::Raw };
    match (snapshot, stem) {
        (None, _) => Ok(at(group.join(name), format)),
        (Some(snapshot), Some(stem)) if chained(config) => {
            Ok(at(group.join(format!("snap_{stem}_{snapshot}.qcow2")), Format::Qcow2))
        }
        _ => Err(no_snapshots()),
    }
}

fn rbd(
    config: &StorageConfig,
    volname: &str,
    snapshot: Option<&str>,
    around: &Surroundings,
) -> Result<Located, StorageError> {
    let own = &config.options.foreign.0;
    let mut name = block_name(volname)?.to_owned();
    if let Some(snapshot) = snapshot {
        name = format!("{name}@{snapshot}");
    }
    let pool = own.pool.as_deref().unwrap_or("rbd");
    let pool = own.namespace.as_ref().map_or_else(|| pool.to_owned(), |space| format!("{pool}/{space}"));
    if own.krbd == Some(true) {
        let cluster = around.cluster.as_deref().ok_or_else(|| missing(config, "known cluster ID"))?;
        return Ok(at(Path::new("/dev/rbd-pve").join(cluster).join(pool).join(name), Format::Raw));
    }
    let mut uri = format!("rbd:{pool}/{name}");
    let monitors = own.monhost.as_deref().map(monitors);
    match monitors {
        Some(monitors) => uri += &format!(":mon_host={monitors}"),
        None => uri += ":conf=/etc/pve/ceph.conf",
    }
    match &around.keyring {
        Some(key) => {
            let user = own.username.as_deref().unwrap_or("admin");
            uri += &format!(":auth_supported=cephx:id={user}:keyring={}", key.display());
        }
        None if own.monhost.is_some() => uri += ":auth_supported=none",
        None => {}
    }
    Ok(Located { location: Location::Uri(uri), format: Format::Raw, inner_snapshot: None })
}

/// The addresses of Ceph's monitors as librbd reads them; IPv6 addresses stand in brackets there.
fn monitors(list: &str) -> String {
    let addresses = list.split([',', ';', ' ']).filter(|address| !address.is_empty()).map(|address| {
        let bare = address.parse::<std::net::Ipv6Addr>().is_ok();
        if bare { format!("[{address}]") } else { address.to_owned() }.replace(':', "\\:")
    });
    addresses.collect::<Vec<_>>().join(";")
}

fn zfs_iscsi(
    config: &StorageConfig,
    volname: &str,
    snapshot: Option<&str>,
    around: &Surroundings,
) -> Result<Located, StorageError> {
    block_name(volname)?;
    if snapshot.is_some() {
        return Err(StorageError::Invalid("direct access to snapshots is not possible over iSCSI".to_owned()));
    }
    let portal = config.fixed.portal.as_deref().ok_or_else(|| missing(config, "portal"))?;
    let target = config.fixed.target.as_deref().ok_or_else(|| missing(config, "target"))?;
    let lun = around.lun.ok_or_else(|| missing(config, "known LUN for this volume"))?;
    let options = vec![
        ("file.driver", "iscsi".to_owned()),
        ("file.transport", "tcp".to_owned()),
        ("file.initiator-name", around.initiator.clone()),
        ("file.portal", portal.to_owned()),
        ("file.target", target.to_owned()),
        ("file.lun", lun.to_string()),
        ("driver", "raw".to_owned()),
    ];
    Ok(Located { location: Location::Options(options), format: Format::Raw, inner_snapshot: None })
}

fn zvol(config: &StorageConfig, volname: &str, snapshot: Option<&str>) -> Result<Located, StorageError> {
    let name = block_name(volname)?;
    let pool = config.options.foreign.0.pool.as_deref().ok_or_else(|| missing(config, "pool"))?;
    let name = snapshot.map_or_else(|| name.to_owned(), |snapshot| format!("{name}@{snapshot}"));
    Ok(at(Path::new("/dev/zvol").join(pool).join(name), Format::Raw))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Configs;

    const CONFIG: &str = "lvm: chain\n\tvgname v\n\tsnapshot-as-volume-chain 1\n\nlvmthin: thin\n\tvgname v\n\tthinpool t\n\n\
        rbd: rr\n\tpool p\n\tmonhost 1.2.3.4,::1\n\nbtrfs: bb\n\tpath /b\n\ndir: files\n\tpath /f\n\tsnapshot-as-volume-chain 1\n\n\
        zfs: zz\n\tpool t\n\tportal 1.1.1.1\n\ttarget iqn.x:y\n\tiscsiprovider LIO\n\tblocksize 4k\n\n";

    fn find(volume: &str, snapshot: Option<&str>) -> Result<Located, String> {
        let configs = Configs::parse(CONFIG, Path::new("/l"));
        let (storage, name) = volume.split_once(':').unwrap();
        let config = configs.get(&storage.parse().unwrap()).unwrap();
        let around = Surroundings { initiator: "me".into(), lun: Some(3), ..Surroundings::default() };
        locate(config, name, snapshot, &around).map_err(|error| error.to_string())
    }

    fn path(volume: &str, snapshot: Option<&str>) -> String {
        match find(volume, snapshot).unwrap().location {
            Location::Path(path) => path.display().to_string(),
            Location::Uri(uri) => uri,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn each_kind_of_storage_has_its_places() {
        assert_eq!(path("chain:vm-100-disk-0.qcow2", None), "/dev/v/vm-100-disk-0.qcow2");
        assert_eq!(path("chain:vm-100-disk-0.qcow2", Some("a")), "/dev/v/snap_vm-100-disk-0_a.qcow2");
        assert!(find("chain:vm-100-disk-0", Some("a")).is_err());
        assert_eq!(path("thin:vm-100-disk-0", Some("a")), "/dev/v/snap_vm-100-disk-0_a");
        let monitors = r":mon_host=1.2.3.4;[\:\:1]:auth_supported=none";
        assert_eq!(path("rr:base-900-disk-0/vm-100-disk-0", Some("s")), "rbd:p/vm-100-disk-0@s".to_owned() + monitors);
        assert!(find("rr:base-9-disk-0/vm-100-disk-0", None).is_err(), "9 is no ID of a guest");
        assert_eq!(path("bb:100/vm-100-disk-0.raw", Some("s")), "/b/images/100/vm-100-disk-0@s/disk.raw");
        assert_eq!(path("bb:100/vm-100-disk-0.qcow2", None), "/b/images/100/vm-100-disk-0.qcow2");
        assert_eq!(path("files:100/vm-100-disk-0.qcow2", Some("s")), "/f/images/100/snap-s-vm-100-disk-0.qcow2");
        assert_eq!(path("files:import/a.qcow2", None), "/f/import/a.qcow2");
        assert!(path("zz:vm-100-disk-0", None).contains("(\"file.lun\", \"3\")"));
    }

    #[test]
    fn no_name_leads_to_another_device() {
        for name in [
            "../sda",
            "vm-100-../../sda",
            "vm-100-",
            "sda",
            "vm-100-a/../../x",
            "vm-99-disk-0",
            "vm-100-a b",
            "vm-100-..",
        ] {
            for storage in ["chain", "thin", "rr", "zz"] {
                assert!(find(&format!("{storage}:{name}"), None).is_err(), "{storage}:{name}");
            }
        }
    }
}
