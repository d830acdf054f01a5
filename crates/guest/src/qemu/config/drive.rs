//! Options of disks and CD-ROMs. Each bus takes the common ones and a few of its own.

use schema::{Choice, Flat, Params};

/// Interface of the host for reading and writing.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum Aio {
    Native,
    Threads,
    #[choice("io_uring")]
    IoUring,
}

/// What the host caches.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum Cache {
    None,
    Writethrough,
    Writeback,
    Unsafe,
    Directsync,
}

/// What becomes of the guest's discards.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum Discard {
    Ignore,
    On,
}

/// What the guest sees.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum Media {
    Cdrom,
    Disk,
}

/// Reaction to a read error.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum ReadError {
    Ignore,
    Report,
    Stop,
}

/// Reaction to a write error.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum WriteError {
    Enospc,
    Ignore,
    Report,
    Stop,
}

/// Formats that QEMU reads.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum ImageFormat {
    Raw,
    Qcow,
    Qed,
    Qcow2,
    Vmdk,
    Cloop,
}

/// What every drive takes.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct DriveOptions {
    /// The volume: `storage:volume`, `storage:size in GiB` to allocate one, `none` or `cdrom`, or an absolute path.
    #[param(default_key, alias = "volume", format = "pve-volume-id-or-qm-path")]
    pub file: String,
    /// How the host reads and writes; chosen by storage when not given.
    pub aio: Option<Aio>,
    /// Whether backups include it.
    pub backup: Option<bool>,
    /// Limit for reading and writing together, bytes a second.
    pub bps: Option<u64>,
    /// How long a burst may last, seconds.
    #[param(min = 1)]
    pub bps_max_length: Option<u64>,
    /// Limit for reading, bytes a second.
    pub bps_rd: Option<u64>,
    /// How long a burst of reading may last, seconds.
    #[param(alias = "bps_rd_length", min = 1)]
    pub bps_rd_max_length: Option<u64>,
    /// Limit for writing, bytes a second.
    pub bps_wr: Option<u64>,
    /// How long a burst of writing may last, seconds.
    #[param(alias = "bps_wr_length", min = 1)]
    pub bps_wr_max_length: Option<u64>,
    /// How the host caches it.
    pub cache: Option<Cache>,
    /// Whether writing zeroes frees space.
    pub detect_zeroes: Option<bool>,
    /// Whether the guest's discards free space.
    pub discard: Option<Discard>,
    /// Format of the image; given by the volume.
    pub format: Option<ImageFormat>,
    /// Limit for operations a second.
    pub iops: Option<u64>,
    /// Burst limit for operations a second.
    pub iops_max: Option<u64>,
    /// How long a burst may last, seconds.
    #[param(min = 1)]
    pub iops_max_length: Option<u64>,
    /// Limit for reads a second.
    pub iops_rd: Option<u64>,
    /// Burst limit for reads a second.
    pub iops_rd_max: Option<u64>,
    /// How long a burst of reads may last, seconds.
    #[param(alias = "iops_rd_length", min = 1)]
    pub iops_rd_max_length: Option<u64>,
    /// Limit for writes a second.
    pub iops_wr: Option<u64>,
    /// Burst limit for writes a second.
    pub iops_wr_max: Option<u64>,
    /// How long a burst of writes may last, seconds.
    #[param(alias = "iops_wr_length", min = 1)]
    pub iops_wr_max_length: Option<u64>,
    /// Limit for reading and writing together, MiB a second.
    pub mbps: Option<f64>,
    /// Burst limit for both, MiB a second.
    pub mbps_max: Option<f64>,
    /// Limit for reading, MiB a second.
    pub mbps_rd: Option<f64>,
    /// Burst limit for reading, MiB a second.
    pub mbps_rd_max: Option<f64>,
    /// Limit for writing, MiB a second.
    pub mbps_wr: Option<f64>,
    /// Burst limit for writing, MiB a second.
    pub mbps_wr_max: Option<f64>,
    /// A hard disk or a CD-ROM.
    #[param(default = "disk")]
    pub media: Option<Media>,
    /// Whether replication includes it.
    #[param(default = "1")]
    pub replicate: Option<bool>,
    /// What to do when reading fails.
    pub rerror: Option<ReadError>,
    /// Serial number that the guest sees, URL-encoded.
    #[param(max_len = 60, format = "urlencoded")]
    pub serial: Option<String>,
    /// Whether a path that is given directly is there on every node.
    #[param(default = "0")]
    pub shared: Option<bool>,
    /// Size of the volume; for information only.
    #[param(format = "disk-size")]
    pub size: Option<String>,
    /// Throw all writes away at the end.
    pub snapshot: Option<bool>,
    /// What to do when writing fails.
    pub werror: Option<WriteError>,
}

/// Drive on an IDE bus.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct IdeDrive {
    /// What every drive takes.
    pub common: Flat<DriveOptions>,
    /// Volume or file to copy the content from when the drive is made: `STORAGE:0,import-from=SOURCE`.
    #[param(name = "import-from", format = "pve-volume-id-or-absolute-path")]
    pub import_from: Option<String>,
    /// Model name that the guest sees, URL-encoded.
    #[param(max_len = 120, format = "urlencoded")]
    pub model: Option<String>,
    /// Tell the guest that it does not rotate.
    pub ssd: Option<bool>,
    /// World wide name that the guest sees: 0x and 16 hexadecimal digits.
    #[param(pattern = "(?:^(0x)[0-9a-fA-F]{16})")]
    pub wwn: Option<String>,
}

/// Drive on a SATA bus.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct SataDrive {
    /// What every drive takes.
    pub common: Flat<DriveOptions>,
    /// Volume or file to copy the content from when the drive is made: `STORAGE:0,import-from=SOURCE`.
    #[param(name = "import-from", format = "pve-volume-id-or-absolute-path")]
    pub import_from: Option<String>,
    /// Tell the guest that it does not rotate.
    pub ssd: Option<bool>,
    /// World wide name that the guest sees: 0x and 16 hexadecimal digits.
    #[param(pattern = "(?:^(0x)[0-9a-fA-F]{16})")]
    pub wwn: Option<String>,
}

/// Drive on a SCSI controller.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct ScsiDrive {
    /// What every drive takes.
    pub common: Flat<DriveOptions>,
    /// Volume or file to copy the content from when the drive is made: `STORAGE:0,import-from=SOURCE`.
    #[param(name = "import-from", format = "pve-volume-id-or-absolute-path")]
    pub import_from: Option<String>,
    /// Serve it by a thread of its own.
    pub iothread: Option<bool>,
    /// Product name that the guest sees.
    #[param(pattern = r"[A-Za-z0-9\-_\s]{0,16}")]
    pub product: Option<String>,
    /// Number of request queues.
    #[param(min = 2)]
    pub queues: Option<u64>,
    /// Read only.
    pub ro: Option<bool>,
    /// Pass SCSI commands of a whole host device through.
    #[param(default = "0")]
    pub scsiblock: Option<bool>,
    /// Tell the guest that it does not rotate.
    pub ssd: Option<bool>,
    /// Vendor name that the guest sees.
    #[param(pattern = r"[A-Za-z0-9\-_\s]{0,8}")]
    pub vendor: Option<String>,
    /// World wide name that the guest sees: 0x and 16 hexadecimal digits.
    #[param(pattern = "(?:^(0x)[0-9a-fA-F]{16})")]
    pub wwn: Option<String>,
}

/// Paravirtual block device.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct VirtioDrive {
    /// What every drive takes.
    pub common: Flat<DriveOptions>,
    /// Volume or file to copy the content from when the drive is made: `STORAGE:0,import-from=SOURCE`.
    #[param(name = "import-from", format = "pve-volume-id-or-absolute-path")]
    pub import_from: Option<String>,
    /// Serve it by a thread of its own.
    pub iothread: Option<bool>,
    /// Read only.
    pub ro: Option<bool>,
}

/// The CD-ROM of the old option `cdrom`.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct CdromDrive {
    /// What every drive takes.
    pub common: Flat<DriveOptions>,
    /// Model name that the guest sees, URL-encoded.
    #[param(max_len = 120, format = "urlencoded")]
    pub model: Option<String>,
    /// Tell the guest that it does not rotate.
    pub ssd: Option<bool>,
    /// World wide name that the guest sees: 0x and 16 hexadecimal digits.
    #[param(pattern = "(?:^(0x)[0-9a-fA-F]{16})")]
    pub wwn: Option<String>,
}

/// Size of the firmware's variable store.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum EfiType {
    #[choice("2m")]
    V2m,
    #[choice("4m")]
    V4m,
}

/// Generation of the vendor certificates enrolled in the variable store.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum MsCert {
    #[choice("2011")]
    V2011,
    #[choice("2023")]
    V2023,
    #[choice("2023w")]
    V2023w,
    #[choice("2023k")]
    V2023k,
}

/// Where OVMF keeps its variables.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct EfiDisk {
    /// The volume; `storage:1` allocates one of the right size.
    #[param(default_key, alias = "volume", format = "pve-volume-id-or-qm-path")]
    pub file: String,
    /// Size class of firmware and store.
    #[param(default = "2m")]
    pub efitype: Option<EfiType>,
    /// Format of the image; given by the volume.
    pub format: Option<ImageFormat>,
    /// Volume or file to copy the content from when the drive is made: `STORAGE:0,import-from=SOURCE`.
    #[param(name = "import-from", format = "pve-volume-id-or-absolute-path")]
    pub import_from: Option<String>,
    /// Which certificates are enrolled; for information.
    #[param(name = "ms-cert", default = "2011")]
    pub ms_cert: Option<MsCert>,
    /// Start with secure boot keys of the usual vendors enrolled.
    #[param(name = "pre-enrolled-keys", default = "0")]
    pub pre_enrolled_keys: Option<bool>,
    /// Size of the volume; for information only.
    #[param(format = "disk-size")]
    pub size: Option<String>,
}

/// Formats of a TPM state volume.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum TpmFormat {
    Raw,
    Qcow2,
    Vmdk,
}

/// TPM specification.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names are QEMU's and those of the file format
pub enum TpmVersion {
    #[choice("v1.2")]
    V12,
    #[choice("v2.0")]
    V20,
}

/// Where the emulated TPM keeps its state.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct TpmState {
    /// The volume.
    #[param(default_key, alias = "volume", format = "pve-volume-id-or-qm-path")]
    pub file: String,
    /// Format of the image; given by the volume.
    pub format: Option<TpmFormat>,
    /// Volume or file to copy the content from.
    #[param(name = "import-from", format = "pve-volume-id-or-absolute-path")]
    pub import_from: Option<String>,
    /// Size of the volume; for information only.
    #[param(format = "disk-size")]
    pub size: Option<String>,
    /// Which TPM the guest sees.
    #[param(default = "v1.2")]
    pub version: Option<TpmVersion>,
}

/// A volume that belongs to the VM without being attached.
#[derive(Params, Clone, Debug, PartialEq)]
pub struct Unused {
    /// The volume.
    #[param(default_key, alias = "volume", format = "pve-volume-id")]
    pub file: String,
}
