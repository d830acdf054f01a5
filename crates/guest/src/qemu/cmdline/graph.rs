//! The block graph behind a drive, from the guest down: limits, format, file.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::drive::{DriveId, EFI_DISK, all_drives};
use crate::qemu::config::{
    VmConfig,
    drive::{Aio, Cache, Discard, DriveOptions},
};

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
    /// Whether differences are kept in a chain of files, one a snapshot; then the files below, nearest first.
    pub chain: Option<Vec<Source>>,
    /// The kind of SCSI device that it is, as it answers to INQUIRY: 0 disk, 1 tape, 5 CD-ROM; nothing if it is none.
    pub scsi_type: Option<u8>,
}

/// What is opened.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A regular file.
    File(PathBuf),
    /// A block device.
    Device(PathBuf),
    /// A CD-ROM drive of the host, whose medium may change.
    Cdrom(PathBuf),
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
    pub fn of_path(path: &Path, format: &str) -> Self {
        Self::of_source(Source::of_path(path), format)
    }

    /// An image file.
    #[must_use]
    pub fn file(path: impl Into<PathBuf>, format: &str) -> Self {
        Self::of_source(Source::File(path.into()), format)
    }

    /// An image with nothing special about it.
    #[must_use]
    pub fn of_source(source: Source, format: &str) -> Self {
        let format = format.to_owned();
        Self { source, format, uring: Uring::Always, direct: true, chain: None, scsi_type: None }
    }
}

impl Source {
    /// What lies at a path: a block device below `/dev`, otherwise a file.
    #[must_use]
    pub fn of_path(path: &Path) -> Self {
        if path.starts_with("/dev") { Self::Device(path.to_owned()) } else { Self::File(path.to_owned()) }
    }

    fn is_iscsi(&self) -> bool {
        matches!(self, Self::Other(options) if options.get("driver").is_some_and(|driver| driver == "iscsi"))
    }
}

impl Image {
    /// The kind of SCSI device that the guest sees: `hd`, or what lets a device of the host answer for itself.
    pub(super) fn scsi_kind(&self, scsiblock: bool, since_iscsi_disks: bool) -> &'static str {
        match self.scsi_type {
            Some(0) if scsiblock => "block",
            Some(kind) if kind != 0 => "generic",
            _ if self.source.is_iscsi() && !since_iscsi_disks => "generic",
            _ => "hd",
        }
    }
}

/// How one drive is opened; the same for every layer of its graph.
pub(super) struct Opening {
    /// Whether limits may be set.
    pub(super) throttled: bool,
    /// Whether the files below are named, instead of left to what stands in the image.
    pub(super) explicit_chain: bool,

    direct: bool,
    no_flush: bool,
    aio: &'static str,
    discard: &'static str,
    zeroes: Option<&'static str>,
    pub(super) read_only: bool,
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
        let read_only = read_only || cdrom;
        Self { throttled: true, explicit_chain: true, direct, no_flush, aio, discard, zeroes, read_only }
    }

    /// For the firmware's variables: through the host's cache. `plain`: as before these were opened like disks.
    pub(super) fn writeback(image: &Image, io_uring: bool, plain: bool) -> Self {
        let uring = io_uring && image.uring == Uring::Always && !plain;
        Self {
            throttled: true,
            explicit_chain: !plain,
            direct: false,
            no_flush: false,
            aio: if uring { "io_uring" } else { "threads" },
            discard: "ignore",
            zeroes: (!plain).then_some("on"),
            read_only: false,
        }
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
        let top = if self.throttled { format!("format-{id}") } else { format!("drive-{id}") };
        let mut format = self.format(&top, &format!("file-{id}"), &image.source, image);
        if let Some(size) = size.filter(|_| image.format == "raw") {
            format.insert("size".into(), size.into());
        }
        if let Some(below) = image.chain.as_ref().filter(|_| self.explicit_chain)
            && let Some(backing) = self.backing(id, below, 1, image)
        {
            format.insert("backing".into(), backing);
        }
        if !self.throttled {
            return format.into();
        }
        let mut limits = self.layer("throttle", format!("drive-{id}"));
        limits.insert("throttle-group".into(), format!("throttle-drive-{id}").into());
        limits.insert("file".into(), format.into());
        limits.into()
    }

    /// One image of a chain: its format, and the file below.
    fn format(&self, name: &str, file_name: &str, source: &Source, image: &Image) -> Map<String, Value> {
        let cache = json!({ "direct": self.direct, "no-flush": self.no_flush });
        let (driver, path) = match source {
            Source::File(path) => ("file", Some(path)),
            Source::Device(path) => ("host_device", Some(path)),
            Source::Cdrom(path) => ("host_cdrom", Some(path)),
            Source::Other(_) => ("", None),
        };
        let mut file = self.layer(driver, file_name.to_owned());
        file.insert("cache".into(), cache.clone());
        if let Some(path) = path {
            file.insert("aio".into(), self.aio.into());
            file.insert("filename".into(), path.display().to_string().into());
        }
        if let Source::Other(options) = source {
            file.extend(options.clone());
        }
        let mut format = self.layer(&image.format, name.to_owned());
        format.insert("cache".into(), cache);
        if image.chain.is_some() && image.format == "qcow2" && self.explicit_chain {
            format.insert("discard-no-unref".into(), true.into());
        }
        format.insert("file".into(), file.into());
        format
    }

    fn backing(&self, id: &str, below: &[Source], depth: usize, image: &Image) -> Option<Value> {
        let (source, rest) = below.split_first()?;
        let names = (format!("format-{id}-{depth}"), format!("file-{id}-{depth}"));
        let mut format = self.format(&names.0, &names.1, source, image);
        if let Some(backing) = self.backing(id, rest, depth + 1, image) {
            format.insert("backing".into(), backing);
        }
        Some(format.into())
    }
}

/// The graph of a drive below its limits, for an image that takes the place of the one it has: the format's node, the
/// file's in it. `size` is what the guest sees of a raw image, where that may be less than the image has, bytes.
pub(crate) fn image_node(config: &VmConfig, id: DriveId, image: &Image, size: u64, io_uring: bool) -> Option<Value> {
    let graph = if id == EFI_DISK {
        Opening::writeback(image, io_uring, false).graph(&id.to_string(), image, Some(size))
    } else {
        let drives = all_drives(config);
        let drive = drives.iter().find(|drive| drive.id == id)?;
        let opening = Opening::new(drive.options, image, io_uring, drive.is_cdrom(), drive.read_only);
        opening.graph(&id.to_string(), image, None)
    };
    graph.get("file").cloned()
}

/// The limits of a drive, for its throttle group.
pub(super) fn limits(options: &DriveOptions) -> Map<String, Value> {
    const MIB: f64 = 1_048_576.0;
    let bytes = |mib: Option<f64>| mib.map(|mib| (mib * MIB) as u64);
    let all = [
        ("bps-total", bytes(options.mbps).or(options.bps)),
        ("bps-read", bytes(options.mbps_rd).or(options.bps_rd)),
        ("bps-write", bytes(options.mbps_wr).or(options.bps_wr)),
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
