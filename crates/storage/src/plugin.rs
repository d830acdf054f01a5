//! What a kind of storage offers. A plugin gets data and answers data: it knows no API, no lock, no cache.

pub mod block;
pub mod btrfs;
pub mod cifs;
pub mod dir;
pub mod lvm;
pub mod lvmthin;
pub mod nfs;

use std::path::Path;

pub use dir::SnapshotChange;
pub use host::space::Space;
use schema::{Reply, StorageId, Vmid};
use store::BoxFuture;

use crate::location::Located;
use crate::{Content, Format, StorageConfig, StorageError, StorageKind, Volume};

/// What a storage can do. The rest of the program asks this, never the type.
#[derive(Clone, Copy, Debug)]
pub struct Abilities {
    /// Formats of guests' volumes; the first is the default.
    pub formats: &'static [Format],
    /// Formats whose volumes can have snapshots.
    pub snapshot: &'static [Format],
    /// Those of them whose snapshots lie inside of the image: a program that has it open must make them itself.
    pub internal: &'static [Format],
    /// Formats of which linked clones can be made.
    pub clone: &'static [Format],
    /// Formats whose volumes can grow.
    pub resize: &'static [Format],
    /// Whether unwritten parts of a volume take no space.
    pub thin: bool,
    /// Whether directories can have a size of their own.
    pub quota: bool,
    /// Whether what was never written of a new volume reads as zeros.
    pub zeroed: bool,
}

/// Which options a type of storage has, by their names in `storage.cfg`.
#[derive(Clone, Copy, Debug)]
pub struct KnownOptions {
    /// What cannot be left out and never changes.
    pub required: &'static [&'static str],
    /// What can be given when the storage is created, and never changes.
    pub fixed: &'static [&'static str],
    /// What may change.
    pub optional: &'static [&'static str],
    /// What it can hold.
    pub contents: &'static [Content],
    /// What it holds when nothing else is said.
    pub content: &'static [Content],
}

/// A volume to make.
#[derive(Clone, Debug)]
pub struct NewVolume {
    /// Its owner.
    pub vmid: Vmid,
    /// Its file name.
    pub name: String,
    /// Its format.
    pub format: Format,
    /// Size in bytes; 0 for directories.
    pub size: u64,
}

/// What a volume's own metadata tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeInfo {
    /// What a guest sees, bytes.
    pub size: u64,
    /// What it takes, bytes.
    pub used: Option<u64>,
    /// Its format.
    pub format: String,
    /// The image that it is a difference to, as written in it.
    pub parent: Option<String>,
    /// Seconds since 1970.
    pub ctime: i64,
}

/// A volume in a list.
#[derive(Reply, Clone, Debug, PartialEq)]
pub struct Entry {
    /// Volume ID.
    pub volid: String,
    /// Content type.
    pub content: String,
    /// Format.
    pub format: String,
    /// Size in bytes.
    pub size: u64,
    /// Bytes that it takes.
    pub used: Option<u64>,
    /// Owner.
    pub vmid: Option<Vmid>,
    /// Time of creation, seconds since 1970.
    pub ctime: Option<i64>,
    /// Volume that it is a difference to.
    pub parent: Option<String>,
    /// Notes; of a list their first line.
    pub notes: Option<String>,
    /// Whether it is protected from removal.
    pub protected: Option<bool>,
    /// Kind of guest that a backup is of.
    pub subtype: Option<String>,
}

/// A kind of storage.
pub trait Plugin: Send + Sync {
    /// What it can do, as it is configured.
    fn abilities(&self, config: &StorageConfig) -> &'static Abilities;

    /// The options of its type.
    fn options(&self) -> &'static KnownOptions;

    /// What a volume name tells.
    ///
    /// # Errors
    /// When no volume can have it.
    fn parse(&self, volname: &str) -> Result<Volume, StorageError>;

    /// The name of the volume that this file would be.
    fn volname(&self, vmid: Vmid, name: &str) -> String;

    /// The file name of a new volume whose name without an ending is `stem`: `vm-100-disk-0`.
    fn file_name(&self, stem: &str, format: Format) -> String {
        format!("{stem}.{format}")
    }

    /// Where a volume or one of its snapshots lies, by its name alone.
    ///
    /// # Errors
    /// When the configuration lacks what is needed to tell, or such volumes have no snapshots.
    fn locate(&self, config: &StorageConfig, volume: &Volume, snapshot: Option<&str>) -> Result<Located, StorageError>;

    /// Makes a volume or one of its snapshots reachable on this node, looks that it is there and that nothing leads out
    /// of the storage, and tells where it lies.
    ///
    /// # Errors
    /// When it is not there, or leads out.
    fn find<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
        snapshot: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Located, StorageError>>;

    /// The volume that a path is, if it is one; the reverse of [`Self::locate`]. Only for what users may name by a path.
    fn of_path(&self, config: &StorageConfig, path: &Path) -> Option<(Content, String)>;

    /// Removes what a killed daemon left unfinished.
    ///
    /// # Errors
    /// When the medium fails.
    fn sweep<'a>(&'a self, config: &'a StorageConfig) -> BoxFuture<'a, Result<(), StorageError>>;

    /// Makes the storage usable, as its configuration allows.
    ///
    /// # Errors
    /// When it cannot be used.
    fn activate<'a>(&'a self, config: &'a StorageConfig) -> BoxFuture<'a, Result<(), StorageError>>;

    /// Room on the storage; fails when it is not active.
    ///
    /// # Errors
    /// When the medium fails. It may block as long as the medium does: callers set a deadline.
    fn space<'a>(&'a self, config: &'a StorageConfig) -> BoxFuture<'a, Result<Space, StorageError>>;

    /// Its volumes of one content type; images and container volumes are told apart by the caller.
    ///
    /// # Errors
    /// When the medium fails.
    fn list<'a>(
        &'a self,
        config: &'a StorageConfig,
        content: Content,
        vmid: Option<Vmid>,
    ) -> BoxFuture<'a, Result<Vec<Entry>, StorageError>>;

    /// Names that a new volume of this guest must not have.
    ///
    /// # Errors
    /// When the medium fails.
    fn names<'a>(&'a self, config: &'a StorageConfig, vmid: Vmid) -> BoxFuture<'a, Result<Vec<String>, StorageError>>;

    /// Makes a volume; leaves nothing when it fails.
    ///
    /// # Errors
    /// When the name is taken or the medium is full.
    fn allocate<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a NewVolume,
    ) -> BoxFuture<'a, Result<(), StorageError>>;

    /// Removes a volume; one that is gone already is fine.
    ///
    /// # Errors
    /// When others need it or the medium fails.
    fn free<'a>(&'a self, config: &'a StorageConfig, volume: &'a Volume) -> BoxFuture<'a, Result<(), StorageError>>;

    /// A volume's own metadata.
    ///
    /// # Errors
    /// When it is not there or not readable.
    fn info<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<VolumeInfo, StorageError>>;

    /// Turns a guest's volume into one that nobody writes any more, of which linked clones can be made. Answers its
    /// new volume name; the old one where this kind of storage has no such names.
    ///
    /// # Errors
    /// When it is one already, or depends on what its name does not tell.
    fn make_base<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<String, StorageError>>;

    /// The reverse of [`Self::make_base`], by the name that it answered; nothing to do is fine. Answers the volume name
    /// from before.
    ///
    /// # Errors
    /// When linked clones exist.
    fn unmake_base<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<String, StorageError>>;

    /// Gives a volume to another guest, under a name that is free. Answers its new volume name.
    ///
    /// # Errors
    /// When it is a template volume, is not there, or the name is taken.
    fn rename<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
        to: (Vmid, &'a str),
    ) -> BoxFuture<'a, Result<String, StorageError>>;

    /// The format of the volume that [`Self::link`] makes.
    fn link_format(&self, base: &Volume) -> Format;

    /// The name of the volume that [`Self::link`] makes.
    fn link_name(&self, base: &Volume, vmid: Vmid, name: &str) -> String;

    /// Makes a volume that begins as a base volume's content and keeps what differs; leaves nothing when it fails.
    ///
    /// # Errors
    /// When the base is none, the name is taken or the medium is full.
    fn link<'a>(
        &'a self,
        config: &'a StorageConfig,
        base: &'a Volume,
        volume: &'a NewVolume,
    ) -> BoxFuture<'a, Result<(), StorageError>>;

    /// Makes a volume that begins as the content of another one (or of its snapshot) and depends on it no more, without
    /// copying bytes. Answers `false` where that is not possible; nothing is made then.
    ///
    /// # Errors
    /// When the source is not there, the name is taken or the medium is full.
    fn duplicate<'a>(
        &'a self,
        config: &'a StorageConfig,
        source: (&'a Volume, Option<&'a str>),
        volume: &'a NewVolume,
    ) -> BoxFuture<'a, Result<bool, StorageError>>;

    /// The names of a volume's snapshots; where they lie inside of it no program may use it meanwhile.
    ///
    /// # Errors
    /// When it is not there or not readable.
    fn snapshots<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<Vec<String>, StorageError>>;

    /// Makes, applies or deletes a snapshot of a volume. No program may use it while one is applied, and not at all
    /// where snapshots lie inside of the volume ([`Abilities::internal`]).
    ///
    /// # Errors
    /// When its format has none, it has it already or (except when deleting) has it not, or the medium fails.
    fn snapshot<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
        name: &'a str,
        change: SnapshotChange,
    ) -> BoxFuture<'a, Result<(), StorageError>>;

    /// Refuses when linked clones of a base volume exist.
    ///
    /// # Errors
    /// That, naming one of them.
    fn check_unlinked<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<(), StorageError>>;

    /// Lets a volume grow; no program may use it meanwhile.
    ///
    /// # Errors
    /// When its format cannot grow, or the medium fails.
    fn resize<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
        size: u64,
    ) -> BoxFuture<'a, Result<(), StorageError>>;
}

/// The plugin of a type, if this version has one.
#[must_use]
pub fn find(kind: StorageKind) -> Option<&'static dyn Plugin> {
    match kind {
        StorageKind::Btrfs => Some(&btrfs::Btrfs),
        StorageKind::Cifs => Some(&cifs::CIFS),
        StorageKind::Dir => Some(&dir::DIR),
        StorageKind::Lvm => Some(&lvm::Lvm),
        StorageKind::Lvmthin => Some(&lvmthin::LvmThin),
        StorageKind::Nfs => Some(&nfs::NFS),
        _ => None,
    }
}

/// The plugin of a storage.
///
/// # Errors
/// When this version has none.
pub fn of(config: &StorageConfig) -> Result<&'static dyn Plugin, StorageError> {
    find(config.kind).ok_or_else(|| unsupported(&config.id, config.kind))
}

fn unsupported(storage: &StorageId, kind: StorageKind) -> StorageError {
    StorageError::Unsupported { storage: storage.clone(), kind: kind.to_string() }
}
