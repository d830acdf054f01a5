//! The drives of a configuration, whatever bus they are on.

use std::fmt;

use crate::qemu::config::{
    VmConfig,
    drive::{DriveOptions, Media},
};

/// The buses a drive may be on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // the names are QEMU's
pub enum Bus {
    Ide,
    Scsi,
    Virtio,
    Sata,
    Efidisk,
    Tpmstate,
    Unused,
}

/// A drive's name: `scsi0`, `efidisk0`, …
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DriveId {
    /// Bus.
    pub bus: Bus,
    /// Number on the bus.
    pub index: u32,
}

/// The variable store of OVMF.
pub const EFI_DISK: DriveId = DriveId::new(Bus::Efidisk, 0);

/// The state of the TPM.
pub const TPM_STATE: DriveId = DriveId::new(Bus::Tpmstate, 0);

const BUSES: [(Bus, &str, u32); 7] = [
    (Bus::Ide, "ide", 4),
    (Bus::Scsi, "scsi", 31),
    (Bus::Virtio, "virtio", 16),
    (Bus::Sata, "sata", 6),
    (Bus::Efidisk, "efidisk", 1),
    (Bus::Tpmstate, "tpmstate", 1),
    (Bus::Unused, "unused", 256),
];

impl DriveId {
    /// A drive's name.
    #[must_use]
    pub const fn new(bus: Bus, index: u32) -> Self {
        Self { bus, index }
    }

    /// Reads `scsi0`; nothing if it does not name a drive or volume.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.find(|c: char| c.is_ascii_digit())?;
        let (bus, _, count) = BUSES.into_iter().find(|(_, name, _)| *name == &text[..digits])?;
        let index = text[digits..].parse().ok().filter(|index| *index < count)?;
        (Self { bus, index }.to_string() == text).then_some(Self { bus, index })
    }
}

impl fmt::Display for DriveId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = BUSES.iter().find(|(bus, ..)| *bus == self.bus).map_or("", |(_, name, _)| name);
        write!(f, "{name}{}", self.index)
    }
}

/// One drive of a configuration.
#[derive(Debug, Clone)]
pub struct Drive<'a> {
    /// Its name.
    pub id: DriveId,
    /// What all drives take.
    pub options: &'a DriveOptions,
    pub(super) iothread: bool,
    pub(super) read_only: bool,
    pub(super) queues: Option<u64>,
    pub(super) scsiblock: bool,
    pub(super) ssd: bool,
    pub(super) wwn: Option<&'a str>,
    pub(super) model: Option<&'a str>,
    pub(super) vendor: Option<&'a str>,
    pub(super) product: Option<&'a str>,
}

impl Drive<'_> {
    /// Whether the guest sees a CD-ROM.
    #[must_use]
    pub fn is_cdrom(&self) -> bool {
        self.options.media == Some(Media::Cdrom)
    }

    /// Whether it holds what cloud-init reads.
    #[must_use]
    pub fn is_cloudinit(&self) -> bool {
        let file = self.options.file.as_str();
        let name = file.rsplit(['/', ':']).next().unwrap_or(file);
        let stem = name.split('.').next().unwrap_or(name);
        self.is_cdrom() && (stem == "cloudinit" || (stem.starts_with("vm-") && stem.ends_with("-cloudinit")))
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.options.file == "none"
    }
}

/// Disks and CD-ROMs of a configuration in the order in which they are looked at everywhere.
#[must_use]
pub fn all_drives(config: &VmConfig) -> Vec<Drive<'_>> {
    let mut drives = Vec::new();
    let plain = |bus, index: &u32, options| Drive {
        id: DriveId::new(bus, *index),
        options,
        iothread: false,
        read_only: false,
        queues: None,
        scsiblock: false,
        ssd: false,
        wwn: None,
        model: None,
        vendor: None,
        product: None,
    };
    drives.extend(config.ide.iter().map(|(index, ide)| Drive {
        ssd: ide.ssd == Some(true),
        wwn: ide.wwn.as_deref(),
        model: ide.model.as_deref(),
        ..plain(Bus::Ide, index, &ide.common.0)
    }));
    drives.extend(config.scsi.iter().map(|(index, scsi)| Drive {
        iothread: scsi.iothread == Some(true),
        read_only: scsi.ro == Some(true),
        queues: scsi.queues,
        scsiblock: scsi.scsiblock == Some(true),
        ssd: scsi.ssd == Some(true),
        wwn: scsi.wwn.as_deref(),
        vendor: scsi.vendor.as_deref(),
        product: scsi.product.as_deref(),
        ..plain(Bus::Scsi, index, &scsi.common.0)
    }));
    drives.extend(config.virtio.iter().map(|(index, virtio)| Drive {
        iothread: virtio.iothread == Some(true),
        read_only: virtio.ro == Some(true),
        ..plain(Bus::Virtio, index, &virtio.common.0)
    }));
    drives.extend(config.sata.iter().map(|(index, sata)| Drive {
        ssd: sata.ssd == Some(true),
        wwn: sata.wwn.as_deref(),
        ..plain(Bus::Sata, index, &sata.common.0)
    }));
    drives
}
