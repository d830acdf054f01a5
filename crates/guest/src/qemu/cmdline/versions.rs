//! What each machine version means for the hardware that a guest sees. This file is the record: the plan asks
//! [`Change`] and nothing else, so that a guest whose machine version is pinned keeps its hardware for good.
//!
//! Versions are those of QEMU, with the revisions within them that Proxmox VE counts (`+pveN`) and that we follow, so
//! that guests may come and go. QEMU itself freezes what its models do by the same version; what stands here is what
//! command lines add to that.
//!
//! Rules for changing it: a new behaviour gets a new line with the next version or revision; a line that has been
//! released is never changed or removed. `versions_tests.rs` fails when the command line of a pinned version changes.

use std::fmt;

/// A version of QEMU or of a machine type: major, minor, and the revision within it that Proxmox VE counts (`+pveN`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// First number.
    pub major: u32,
    /// Second number.
    pub minor: u32,
    /// Revision of our side; for a QEMU program always 0.
    pub revision: u32,
}

/// Something that changed with a machine version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // RECORD describes each
pub enum Change {
    ParavirtualFlags,
    Bridges,
    NetworkRoms,
    HypervEntry,
    CpuHotplug,
    StandardVga,
    HypervTimers,
    HypervIpi,
    RootPorts,
    SpiceUsb3,
    QxlOutputs,
    IscsiDisks,
    AudioBackend,
    ManyScsiDisks,
    Rng,
    FirmwareStoreSize,
    FreePageReporting,
    BridgeHotplug,
    Xhci,
    NetQueues,
    PowerStates,
    Blockdev,
    HostMtu,
    Hpet,
    HostTunnelOption,
    NestedBranchControl,
    HostTunnel,
    NestedVmcs,
}

/// The record: since when, and what.
pub const RECORD: &[(Change, Version, &str)] = &[
    (
        Change::ParavirtualFlags,
        v(2, 3),
        "kvm_pv_unhalt and kvm_pv_eoi for all models; hv_spinlocks=0x1fff instead of 0xffff, hv_time and hv_vapic for Windows",
    ),
    (Change::Bridges, v(2, 3), "i440FX: two PCI bridges are always there, not only when something sits on them"),
    (
        Change::NetworkRoms,
        v(2, 4),
        "network cards with combined BIOS and EFI boot ROMs; before (and with '.pxe') those for BIOS only",
    ),
    (Change::HypervEntry, v(2, 6), "Windows: hv_reset, hv_vpindex, hv_runtime"),
    (Change::CpuHotplug, v(2, 7), "processors beyond the first are devices when they can be hot-plugged"),
    (
        Change::StandardVga,
        v(2, 9),
        "the default display is std instead of cirrus, as it always was for Windows Vista and newer",
    ),
    (Change::HypervTimers, v(2, 12), "Windows 7 or newer: hv_synic, hv_stimer"),
    (Change::HypervIpi, v(3, 1), "Windows 7 or newer: hv_ipi"),
    (Change::RootPorts, v(4, 0), "Q35: pcie-root-port with PCI Express 4 x32 links instead of ioh3420"),
    (Change::SpiceUsb3, v(4, 0), "USB redirection of SPICE on the USB 3 controller"),
    (Change::QxlOutputs, v(4, 1), "QXL with max_outputs=4 except for Windows and Solaris"),
    (Change::IscsiDisks, v(4, 1), "disks opened by QEMU's iSCSI initiator are scsi-hd instead of scsi-generic"),
    (Change::ManyScsiDisks, r(4, 1, 2), "more than 14 SCSI disks"),
    (Change::Rng, r(4, 1, 2), "virtio random number generator"),
    (Change::FirmwareStoreSize, r(4, 1, 2), "the variable store of OVMF has its exact size, whatever its volume's is"),
    (Change::AudioBackend, v(4, 2), "sound cards name their back end"),
    (Change::BridgeHotplug, v(6, 1), "Q35: hot-plug below bridges by ACPI for Linux guests too"),
    (Change::FreePageReporting, v(6, 2), "balloon with free page reporting"),
    (Change::Xhci, v(7, 1), "Linux and Windows 8 or newer: all USB devices on one qemu-xhci, 14 of them"),
    (
        Change::NetQueues,
        v(7, 1),
        "virtio cards: rx_queue_size=1024, tx_queue_size=256, packed rings with several queues",
    ),
    (Change::PowerStates, r(9, 2, 1), "suspend to RAM and to disk are off unless switched on"),
    (
        Change::Blockdev,
        v(10, 0),
        "disks: write-cache said explicitly, device_id on SCSI, no drive in an empty CD-ROM, EFI variables with io_uring and zero detection",
    ),
    (Change::HostMtu, r(10, 0, 1), "virtio cards: host_mtu always, not only when it is not 1500"),
    (Change::Hpet, v(10, 1), "no HPET for Linux guests"),
    (Change::HostTunnelOption, v(10, 2), "virtio cards: offloads for tunnels can be switched off"),
    (Change::NestedBranchControl, v(11, 0), "processor type host: vmx-mbec is passed on"),
    (Change::HostTunnel, r(11, 0, 1), "virtio cards: offloads for tunnels are off unless switched on"),
    (Change::NestedVmcs, r(11, 0, 2), "Windows 11 on Intel processors: hv_evmcs"),
];

/// The newest revision of each version that has any.
const REVISIONS: &[(u32, u32, u32)] = &[(4, 1, 2), (9, 2, 1), (10, 0, 1), (11, 0, 2)];

const fn v(major: u32, minor: u32) -> Version {
    Version::new(major, minor)
}

const fn r(major: u32, minor: u32, revision: u32) -> Version {
    Version::revised(major, minor, revision)
}

impl Change {
    /// The version that it came with.
    #[must_use]
    pub fn since(self) -> Version {
        RECORD.iter().find(|(change, ..)| *change == self).map_or(v(0, 0), |(_, since, _)| *since)
    }
}

impl Version {
    /// A version without revision.
    #[must_use]
    pub const fn new(major: u32, minor: u32) -> Self {
        Self { major, minor, revision: 0 }
    }

    /// A version with revision.
    #[must_use]
    pub const fn revised(major: u32, minor: u32, revision: u32) -> Self {
        Self { major, minor, revision }
    }

    /// Reads `10.0`, `10.0.2` (the third number does not matter to hardware) or `9.2+pve1`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (numbers, revision) = match text.split_once("+pve") {
            Some((numbers, revision)) => (numbers, revision.parse().ok()?),
            None => (text, 0),
        };
        let mut numbers = numbers.split('.').map(|number| number.parse::<u32>().ok());
        Some(Self { major: numbers.next()??, minor: numbers.next()??, revision })
    }

    /// The newest revision of a machine version.
    #[must_use]
    pub fn newest(self) -> Self {
        let known = REVISIONS.iter().find(|(major, minor, _)| (*major, *minor) == (self.major, self.minor));
        Self { revision: known.map_or(0, |(.., revision)| *revision), ..self }
    }

    /// The version without its revision.
    #[must_use]
    pub fn plain(self) -> Self {
        Self { revision: 0, ..self }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        if self.revision > 0 { write!(f, "+pve{}", self.revision) } else { Ok(()) }
    }
}

#[cfg(test)]
#[path = "versions_tests.rs"]
pub(crate) mod tests;
