//! Options of storages, as `storage.cfg` and the API know them. What only kinds of storage use that this version does
//! not support is declared (files keep it) and refused in calls.

use schema::{Choice, NodeName, Params, Props};

use crate::{Content, Format};

/// Type of a storage.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // the names say all
pub enum StorageKind {
    Btrfs,
    Cephfs,
    Cifs,
    Dir,
    Esxi,
    Iscsi,
    Iscsidirect,
    Lvm,
    Lvmthin,
    Nfs,
    Pbs,
    Rbd,
    Zfs,
    Zfspool,
}

impl StorageKind {
    /// Whether every node reaches the same volumes, whatever the configuration says.
    #[must_use]
    pub fn always_shared(self) -> bool {
        use StorageKind::{Cephfs, Cifs, Iscsi, Iscsidirect, Nfs, Pbs, Rbd, Zfs};
        matches!(self, Cephfs | Cifs | Iscsi | Iscsidirect | Nfs | Pbs | Rbd | Zfs)
    }
}

/// How much of a new disk is reserved at once.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preallocation {
    /// Nothing.
    Off,
    /// The tables of qcow2.
    Metadata,
    /// All blocks, unwritten.
    Falloc,
    /// All blocks, written with zeros.
    Full,
}

/// Limits of speed by operation, KiB/s; 0 is none.
#[derive(Params, Clone, Debug, Default, PartialEq)]
pub struct Bandwidth {
    /// Limit for cloning disks, in KiB/s.
    #[param(min = 0)]
    pub clone: Option<f64>,
    /// Limit for operations without one of their own, in KiB/s.
    #[param(min = 0)]
    pub default: Option<f64>,
    /// Limit for migration, in KiB/s.
    #[param(min = 0)]
    pub migration: Option<f64>,
    /// Limit for moving disks, in KiB/s.
    #[param(name = "move", min = 0)]
    pub moving: Option<f64>,
    /// Limit for restoring backups, in KiB/s.
    #[param(min = 0)]
    pub restore: Option<f64>,
}

/// Which backups to keep.
#[derive(Params, Clone, Debug, Default, PartialEq)]
pub struct Retention {
    /// Keep everything; excludes all other rules.
    #[param(name = "keep-all")]
    pub all: Option<bool>,
    /// Keep the newest backup of this many days.
    #[param(name = "keep-daily", min = 0)]
    pub daily: Option<u64>,
    /// Keep the newest backup of this many hours.
    #[param(name = "keep-hourly", min = 0)]
    pub hourly: Option<u64>,
    /// Keep this many of the newest backups.
    #[param(name = "keep-last", min = 0)]
    pub last: Option<u64>,
    /// Keep the newest backup of this many months.
    #[param(name = "keep-monthly", min = 0)]
    pub monthly: Option<u64>,
    /// Keep the newest backup of this many weeks.
    #[param(name = "keep-weekly", min = 0)]
    pub weekly: Option<u64>,
    /// Keep the newest backup of this many years.
    #[param(name = "keep-yearly", min = 0)]
    pub yearly: Option<u64>,
}

/// Options that are given when a storage is created and never change.
#[derive(Params, Clone, Debug, Default, PartialEq)]
pub struct Fixed {
    /// Directory of the storage.
    #[param(format = "pve-storage-path")]
    pub path: Option<String>,
    /// Authentication methods of the server.
    #[param(later)]
    pub authsupported: Option<String>,
    /// Volume that the storage lies on.
    #[param(later, format = "pve-volume-id")]
    pub base: Option<String>,
    /// Name of the datastore on a backup server.
    #[param(later)]
    pub datastore: Option<String>,
    /// What the NFS server exports.
    #[param(format = "pve-storage-path")]
    pub export: Option<String>,
    /// Kind of the iSCSI server.
    #[param(later)]
    pub iscsiprovider: Option<String>,
    /// iSCSI portal: address and port.
    #[param(later, format = "pve-storage-portal-dns")]
    pub portal: Option<String>,
    /// Name of the CIFS share.
    pub share: Option<String>,
    /// iSCSI target.
    #[param(later)]
    pub target: Option<String>,
    /// LVM thin pool.
    #[param(format = "pve-storage-vgname")]
    pub thinpool: Option<String>,
    /// LVM volume group.
    #[param(format = "pve-storage-vgname")]
    pub vgname: Option<String>,
}

/// Options that may change.
#[derive(Params, Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// What the storage may hold; `none` stands alone for nothing.
    #[param(format = "pve-storage-content-list")]
    pub content: Vec<String>,
    /// Nodes on which the storage can be used; all when not given.
    pub nodes: Vec<NodeName>,
    /// Do not use the storage.
    pub disable: Option<bool>,
    /// All nodes see the same volumes in it (this option does not make that so).
    pub shared: Option<bool>,
    /// Format of new disks when none is asked for.
    pub format: Option<Format>,
    /// Directories of content types where not the usual ones: `iso=isos,backup=dumps`.
    #[param(name = "content-dirs", format = "pve-dir-override-list")]
    pub content_dirs: Vec<String>,
    /// Create the directory of the storage when it is missing.
    #[param(name = "create-base-path", default = "yes")]
    pub create_base_path: Option<bool>,
    /// Create the directories of the content types.
    #[param(name = "create-subdirs", default = "yes")]
    pub create_subdirs: Option<bool>,
    /// Create directories when they are missing. Use `create-base-path` and `create-subdirs` instead.
    #[param(default = "yes")]
    pub mkdir: Option<bool>,
    /// Use the storage only when something is mounted: at its path (`yes`), or at the path given here.
    #[param(name = "is_mountpoint", default = "no")]
    pub is_mountpoint: Option<String>,
    /// How much of new raw and qcow2 disks is reserved at once.
    #[param(default = "metadata")]
    pub preallocation: Option<Preallocation>,
    /// Which backups to keep.
    #[param(name = "prune-backups", format = "prune-backups")]
    pub prune_backups: Option<Props<Retention>>,
    /// How many protected backups a guest may have; -1 is any number.
    #[param(name = "max-protected-backups", min = -1)]
    pub max_protected_backups: Option<i64>,
    /// Limits of speed by operation, KiB/s.
    pub bwlimit: Option<Props<Bandwidth>>,
    /// Options of kinds of storage that this version does not support.
    pub foreign: schema::Flat<Foreign>,
}

/// Options of kinds of storage that this version does not support.
#[derive(Params, Clone, Debug, Default, PartialEq)]
pub struct Foreign {
    /// Block size of ZFS volumes.
    #[param(later, format = "pve-storage-zfs-blocksize")]
    pub blocksize: Option<String>,
    /// Host group of Comstar views.
    #[param(later, name = "comstar_hg")]
    pub comstar_hg: Option<String>,
    /// Target group of Comstar views.
    #[param(later, name = "comstar_tg")]
    pub comstar_tg: Option<String>,
    /// Ceph pool for data, for erasure coding.
    #[param(later, name = "data-pool")]
    pub data_pool: Option<String>,
    /// CIFS domain.
    #[param(max_len = 256)]
    pub domain: Option<String>,
    /// Key with which backups are encrypted.
    #[param(later, name = "encryption-key")]
    pub encryption_key: Option<String>,
    /// SHA-256 fingerprint of the server's certificate.
    #[param(later, pattern = r"([A-Fa-f0-9]{2}:){31}[A-Fa-f0-9]{2}")]
    pub fingerprint: Option<String>,
    /// Name of the Ceph file system.
    #[param(later, name = "fs-name", format = "pve-configid")]
    pub fs_name: Option<String>,
    /// Mount by FUSE.
    #[param(later)]
    pub fuse: Option<bool>,
    /// Key of the Ceph client.
    #[param(later)]
    pub keyring: Option<String>,
    /// Use RBD through the kernel.
    #[param(later, default = "0")]
    pub krbd: Option<bool>,
    /// Target portal group of LIO.
    #[param(later, name = "lio_tpg")]
    pub lio_tpg: Option<String>,
    /// Public key with which encryption keys are saved.
    #[param(later, name = "master-pubkey")]
    pub master_pubkey: Option<String>,
    /// Addresses of Ceph monitors.
    #[param(later, format = "pve-storage-portal-dns-list")]
    pub monhost: Option<String>,
    /// Mount point of the ZFS file system.
    #[param(later, format = "pve-storage-path")]
    pub mountpoint: Option<String>,
    /// Name space.
    #[param(later)]
    pub namespace: Option<String>,
    /// Switch copy-on-write off for new disks on Btrfs.
    #[param(default = "0")]
    pub nocow: Option<bool>,
    /// Switch the write cache of the target off.
    #[param(later)]
    pub nowritecache: Option<bool>,
    /// Mount options.
    #[param(format = "pve-storage-options")]
    pub options: Option<String>,
    /// Password for the server.
    #[param(max_len = 256)]
    pub password: Option<String>,
    /// Pool.
    #[param(later)]
    pub pool: Option<String>,
    /// Port of the server.
    #[param(later, min = 1, max = 65535)]
    pub port: Option<u16>,
    /// Overwrite logical volumes with zeros when they are removed.
    pub saferemove: Option<bool>,
    /// Step of that, in MiB.
    #[param(name = "saferemove-stepsize", default = "32")]
    pub saferemove_stepsize: Option<u32>,
    /// Speed of that, bytes per second.
    #[param(later, name = "saferemove_throughput")]
    pub saferemove_throughput: Option<String>,
    /// Name or address of the server.
    #[param(format = "pve-storage-server")]
    pub server: Option<String>,
    /// Take any certificate of the server.
    #[param(later, name = "skip-cert-verification", default = "false")]
    pub skip_cert_verification: Option<bool>,
    /// Version of the SMB protocol.
    #[param(default = "default")]
    pub smbversion: Option<SmbVersion>,
    /// Snapshots as chains of qcow2 volumes.
    #[param(later, name = "snapshot-as-volume-chain", default = "0")]
    pub snapshot_as_volume_chain: Option<bool>,
    /// Do not reserve space for new volumes.
    #[param(later)]
    pub sparse: Option<bool>,
    /// Directory on the server.
    #[param(format = "pve-storage-path")]
    pub subdir: Option<String>,
    /// Use only logical volumes with the tag `pve-vm-ID`.
    #[param(name = "tagged_only")]
    pub tagged_only: Option<bool>,
    /// User on the server.
    pub username: Option<String>,
    /// Directory of the ZFS volumes' devices.
    #[param(later, name = "zfs-base-path", format = "pve-storage-path")]
    pub zfs_base_path: Option<String>,
}

/// Version of the SMB protocol.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the numbers say all
pub enum SmbVersion {
    Default,
    #[choice("2.0")]
    V20,
    #[choice("2.1")]
    V21,
    #[choice("3")]
    V3,
    #[choice("3.0")]
    V30,
    #[choice("3.11")]
    V311,
}

/// The content types of a list; `None` for a word that is none (`none` is the empty set, alone).
pub(crate) fn contents(words: &[String]) -> (std::collections::BTreeSet<Content>, Vec<&String>) {
    let unknown = words.iter().filter(|word| *word != "none" && word.parse::<Content>().is_err()).collect();
    (words.iter().filter_map(|word| word.parse().ok()).collect(), unknown)
}
