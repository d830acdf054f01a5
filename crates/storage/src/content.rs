//! What storages hold and in which form.

use schema::Choice;

/// A content type: what a storage may be used for, and what a volume is.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Content {
    /// Backup archives.
    Backup,
    /// Disks of virtual machines.
    Images,
    /// Disks and archives to make virtual machines from.
    Import,
    /// CD images.
    Iso,
    /// Volumes of containers.
    Rootdir,
    /// Files such as hook scripts and cloud-init data.
    Snippets,
    /// Archives to make containers from.
    Vztmpl,
}

impl Content {
    /// All of them, by name.
    pub const ALL: [Self; 7] =
        [Self::Backup, Self::Images, Self::Import, Self::Iso, Self::Rootdir, Self::Snippets, Self::Vztmpl];

    /// The usual directory below a storage that is a directory.
    #[must_use]
    pub fn directory(self) -> &'static str {
        match self {
            Self::Backup => "dump",
            Self::Images => "images",
            Self::Import => "import",
            Self::Iso => "template/iso",
            Self::Rootdir => "private",
            Self::Snippets => "snippets",
            Self::Vztmpl => "template/cache",
        }
    }
}

/// Form of a guest's volume.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// The plain content of a disk.
    Raw,
    /// QEMU's own, with snapshots.
    Qcow2,
    /// A directory, for containers.
    Subvol,
    /// VMware's.
    Vmdk,
}
