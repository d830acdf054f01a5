//! Disks and CD-ROMs: controllers, devices, and the block graph behind each.

use std::{collections::BTreeSet, fmt, path::PathBuf};

use schema::Scalar as _;
use serde_json::{Map, Value, json};

use super::{Plan, PlanError, Version, on_off, quoted};
use crate::qemu::config::{
    ScsiHw, VmConfig,
    drive::{Aio, Cache, Discard, DriveOptions, Media},
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
    iothread: bool,
    read_only: bool,
    queues: Option<u64>,
    ssd: bool,
    wwn: Option<&'a str>,
    model: Option<&'a str>,
    vendor: Option<&'a str>,
    product: Option<&'a str>,
}

impl Drive<'_> {
    /// Whether the guest sees a CD-ROM.
    #[must_use]
    pub fn is_cdrom(&self) -> bool {
        self.options.media == Some(Media::Cdrom)
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

/// Where a volume lies on the host, as QEMU opens it.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    /// What is opened.
    pub source: Source,
    /// `raw`, `qcow2`, …
    pub format: String,
    /// Where io_uring may serve it.
    pub uring: Uring,
    /// Whether the host's cache is bypassed when nothing else is said.
    pub direct: bool,
}

/// What is opened.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A regular file.
    File(PathBuf),
    /// A block device.
    Device(PathBuf),
    /// Another block driver with its options.
    Other(Map<String, Value>),
}

/// Where io_uring may serve a volume: it hangs or corrupts on some kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uring {
    /// Always.
    Always,
    /// Only past the host's cache.
    Direct,
    /// Never.
    Never,
}

impl Image {
    /// What lies at a path: a block device below `/dev`, otherwise a file.
    #[must_use]
    pub fn of_path(path: &std::path::Path, format: &str) -> Self {
        let source = match path.starts_with("/dev") {
            true => Source::Device(path.to_owned()),
            false => Source::File(path.to_owned()),
        };
        Self { source, format: format.to_owned(), uring: Uring::Always, direct: true }
    }

    /// An image file.
    #[must_use]
    pub fn file(path: impl Into<PathBuf>, format: &str) -> Self {
        Self { source: Source::File(path.into()), format: format.to_owned(), uring: Uring::Always, direct: true }
    }
}

/// How one drive is opened; the same for every layer of its graph.
pub(super) struct Opening {
    direct: bool,
    no_flush: bool,
    aio: &'static str,
    discard: &'static str,
    zeroes: Option<&'static str>,
    read_only: bool,
}

impl Opening {
    pub(super) fn new(options: &DriveOptions, image: &Image, io_uring: bool, cdrom: bool, read_only: bool) -> Self {
        let direct = match options.cache {
            None => image.direct && !cdrom,
            Some(Cache::None | Cache::Directsync) => true,
            Some(_) => false,
        };
        let uring = io_uring
            && match image.uring {
                Uring::Always => true,
                Uring::Direct => direct,
                Uring::Never => false,
            };
        let aio = match options.aio {
            Some(Aio::IoUring) => "io_uring",
            Some(Aio::Native) => "native",
            Some(Aio::Threads) => "threads",
            None if uring => "io_uring",
            None if direct => "native",
            None => "threads",
        };
        let discard = options.discard == Some(Discard::On);
        let zeroes = match options.detect_zeroes {
            _ if cdrom => None,
            Some(false) => Some("off"),
            _ if discard => Some("unmap"),
            _ => Some("on"),
        };
        let no_flush = options.cache == Some(Cache::Unsafe);
        let discard = if discard { "unmap" } else { "ignore" };
        Self { direct, no_flush, aio, discard, zeroes, read_only: read_only || cdrom }
    }

    /// For the firmware's variables: through the host's cache.
    pub(super) fn writeback(image: &Image, io_uring: bool) -> Self {
        let aio = if io_uring && image.uring == Uring::Always { "io_uring" } else { "threads" };
        Self { direct: false, no_flush: false, aio, discard: "ignore", zeroes: Some("on"), read_only: false }
    }

    fn layer(&self, driver: &str, name: String) -> Map<String, Value> {
        let mut layer = Map::new();
        layer.insert("driver".into(), driver.into());
        layer.insert("node-name".into(), name.into());
        layer.insert("read-only".into(), self.read_only.into());
        layer.insert("discard".into(), self.discard.into());
        if let Some(zeroes) = self.zeroes {
            layer.insert("detect-zeroes".into(), zeroes.into());
        }
        layer
    }

    /// The graph of a drive from the node that the device uses (`drive-{id}`) down: limits, format, file.
    pub(super) fn graph(&self, id: &str, image: &Image, size: Option<u64>) -> Value {
        let cache = json!({ "direct": self.direct, "no-flush": self.no_flush });
        let (driver, path) = match &image.source {
            Source::File(path) => ("file", Some(path)),
            Source::Device(path) => ("host_device", Some(path)),
            Source::Other(_) => ("", None),
        };
        let mut file = self.layer(driver, format!("file-{id}"));
        file.insert("cache".into(), cache.clone());
        if let Some(path) = path {
            file.insert("aio".into(), self.aio.into());
            file.insert("filename".into(), path.display().to_string().into());
        }
        if let Source::Other(options) = &image.source {
            file.extend(options.clone());
        }
        let mut format = self.layer(&image.format, format!("format-{id}"));
        format.insert("cache".into(), cache);
        if let Some(size) = size.filter(|_| image.format == "raw") {
            format.insert("size".into(), size.into());
        }
        format.insert("file".into(), file.into());
        let mut limits = self.layer("throttle", format!("drive-{id}"));
        limits.insert("throttle-group".into(), format!("throttle-drive-{id}").into());
        limits.insert("file".into(), format.into());
        limits.into()
    }
}

/// The limits of a drive, for its throttle group.
pub(super) fn limits(options: &DriveOptions) -> Map<String, Value> {
    const MIB: f64 = 1_048_576.0;
    let bytes = |mib: Option<f64>| mib.map(|mib| (mib * MIB) as u64);
    let all = [
        ("bps-total", bytes(options.mbps)),
        ("bps-read", bytes(options.mbps_rd)),
        ("bps-write", bytes(options.mbps_wr)),
        ("bps-total-max", bytes(options.mbps_max)),
        ("bps-read-max", bytes(options.mbps_rd_max)),
        ("bps-write-max", bytes(options.mbps_wr_max)),
        ("bps-total-max-length", options.bps_max_length),
        ("bps-read-max-length", options.bps_rd_max_length),
        ("bps-write-max-length", options.bps_wr_max_length),
        ("iops-total", options.iops),
        ("iops-read", options.iops_rd),
        ("iops-write", options.iops_wr),
        ("iops-total-max", options.iops_max),
        ("iops-read-max", options.iops_rd_max),
        ("iops-write-max", options.iops_wr_max),
        ("iops-total-max-length", options.iops_max_length),
        ("iops-read-max-length", options.iops_rd_max_length),
        ("iops-write-max-length", options.iops_wr_max_length),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.into()))).collect()
}

/// The limits of one drive of a configuration.
pub(crate) fn drive_limits(config: &VmConfig, id: DriveId) -> Option<Map<String, Value>> {
    all_drives(config).into_iter().find(|drive| drive.id == id).map(|drive| limits(drive.options))
}

impl Plan<'_> {
    pub(super) fn drives(&mut self) -> Result<(), PlanError> {
        let config = self.config;
        let mut controllers = BTreeSet::new();
        for drive in all_drives(config) {
            let controller = self.controller(&drive);
            if let Some((id, device)) = controller
                && controllers.insert(id)
            {
                self.device(device);
            }
            self.node(&drive)?;
            let device = self.drive_device(&drive);
            self.device(device);
        }
        Ok(())
    }

    /// The controller that a drive needs: its ID and device.
    fn controller(&mut self, drive: &Drive<'_>) -> Option<(String, String)> {
        match drive.id.bus {
            Bus::Sata => {
                let place = self.place("ahci0");
                Some(("ahci0".into(), format!("ahci,id=ahci0,multifunction=on{place}")))
            }
            Bus::Scsi => Some(self.scsi_controller(drive)),
            _ => None,
        }
    }

    fn scsi_controller(&mut self, drive: &Drive<'_>) -> (String, String) {
        let (id, model) = (self.scsi_controller_id(drive.id), self.scsihw());
        let place = self.place(&id);
        let mut device = match model {
            ScsiHw::VirtioScsiSingle => format!("virtio-scsi-pci,id={id}{place}"),
            other => format!("{other},id={id}{place}"),
        };
        if model == ScsiHw::VirtioScsiSingle {
            if drive.iothread {
                self.option("-object", format!("iothread,id=iothread-{id}"));
                device += &format!(",iothread=iothread-{id}");
            }
            if let Some(queues) = drive.queues {
                device += &format!(",num_queues={queues}");
            }
        } else if drive.iothread {
            self.warn(format!("iothread of '{}' is ignored: it needs controller type virtio-scsi-single", drive.id));
        }
        (id, device)
    }

    fn per_controller(&self) -> u32 {
        match self.scsihw() {
            ScsiHw::Lsi | ScsiHw::Lsi53c810 => 7,
            ScsiHw::VirtioScsiSingle => 1,
            _ => 256,
        }
    }

    fn scsi_controller_id(&self, drive: DriveId) -> String {
        match self.scsihw() {
            ScsiHw::VirtioScsiSingle => format!("virtioscsi{}", drive.index),
            _ => format!("scsihw{}", drive.index / self.per_controller()),
        }
    }

    /// The block graph of a drive.
    fn node(&mut self, drive: &Drive<'_>) -> Result<(), PlanError> {
        let id = drive.id.to_string();
        if drive.is_empty() {
            if !self.machine.since(Version::new(10, 0)) {
                self.option("-drive", format!("if=none,id=drive-{id},media=cdrom"));
            }
            return Ok(());
        }
        let image = self.input.images.get(&drive.id).ok_or_else(|| PlanError::NoImage(id.clone()))?;
        let opening = Opening::new(drive.options, image, self.facts.io_uring, drive.is_cdrom(), drive.read_only);
        let group = json!({ "qom-type": "throttle-group", "id": format!("throttle-drive-{id}"), "limits": limits(drive.options) });
        self.option("-object", group.to_string());
        self.option("-blockdev", opening.graph(&id, image, None).to_string());
        if drive.iothread && drive.id.bus == Bus::Virtio {
            self.option("-object", format!("iothread,id=iothread-{id}"));
        }
        Ok(())
    }

    fn drive_device(&mut self, drive: &Drive<'_>) -> String {
        let id = drive.id.to_string();
        let kind = if drive.is_cdrom() { "cd" } else { "hd" };
        let mut device = match drive.id.bus {
            Bus::Virtio => {
                let place = self.place(&id);
                let thread = if drive.iothread { format!(",iothread=iothread-{id}") } else { String::new() };
                format!("virtio-blk-pci{place}{thread}")
            }
            Bus::Scsi => self.scsi_address(drive.id, kind),
            Bus::Sata => format!("ide-{kind},bus=ahci0.{}", drive.id.index),
            _ => self.ide_address(drive.id, kind),
        };
        let modern = self.machine.since(Version::new(10, 0));
        if !(drive.is_empty() && modern) {
            device += &format!(",drive=drive-{id}");
        }
        device += &format!(",id={id}");
        if drive.id.bus == Bus::Scsi && modern {
            device += &format!(",device_id=drive-{id}");
        }
        device += &self.bootindex(&id);
        device += &identity(drive);
        if modern && !drive.is_cdrom() {
            let through = matches!(drive.options.cache, Some(Cache::Writethrough | Cache::Directsync));
            device += &format!(",write-cache={}", on_off(!through));
        }
        for (name, action) in [
            ("rerror", drive.options.rerror.map(|action| action.show())),
            ("werror", drive.options.werror.map(|action| action.show())),
        ] {
            if let Some(action) = action {
                device += &format!(",{name}={action}");
            }
        }
        device
    }

    fn scsi_address(&self, id: DriveId, kind: &str) -> String {
        let controller = self.scsi_controller_id(id);
        let unit = id.index % self.per_controller();
        match self.scsihw() {
            ScsiHw::Lsi | ScsiHw::Lsi53c810 | ScsiHw::Pvscsi => {
                format!("scsi-{kind},bus={controller}.0,scsi-id={unit}")
            }
            _ => format!("scsi-{kind},bus={controller}.0,channel=0,scsi-id=0,lun={unit}"),
        }
    }

    fn ide_address(&self, id: DriveId, kind: &str) -> String {
        let (channel, unit) = (id.index / 2, id.index % 2);
        // Each port of a Q35's controller is a channel of its own.
        let (channel, unit) = if self.machine.q35 { (channel + 2 * unit, 0) } else { (channel, unit) };
        format!("ide-{kind},bus=ide.{channel},unit={unit}")
    }
}

/// What the guest reads about a drive besides its data.
fn identity(drive: &Drive<'_>) -> String {
    let mut text = String::new();
    if drive.ssd {
        text += ",rotation_rate=1";
    }
    if let Some(wwn) = drive.wwn {
        text += &format!(",wwn={wwn}");
    }
    let disk = !drive.is_cdrom();
    for (name, value) in [("vendor", drive.vendor), ("product", drive.product)] {
        if let Some(value) = value.filter(|_| disk) {
            text += &format!(",{name}={}", quoted(value));
        }
    }
    for (name, value) in [("serial", drive.options.serial.as_deref()), ("model", drive.model.filter(|_| disk))] {
        if let Some(value) = value {
            let decoded = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
            text += &format!(",{name}={}", quoted(&decoded));
        }
    }
    text
}
