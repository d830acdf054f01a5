//! Where devices sit on PCI. A guest knows its devices by these places, so they never move.

use std::collections::BTreeSet;

/// Devices with a place of their own on a bus, by slot.
const FIXED: &[(&str, u8, u8)] = &[
    ("vga", 0, 0x2),
    ("balloon0", 0, 0x3),
    ("watchdog", 0, 0x4),
    ("pci.3", 0, 0x5),
    ("scsihw0", 0, 0x5),
    ("scsihw1", 0, 0x6),
    ("ahci0", 0, 0x7),
    ("qga0", 0, 0x8),
    ("spice", 0, 0x9),
    ("hostpci0", 0, 0x10),
    ("hostpci1", 0, 0x11),
    ("vga1", 0, 0x18),
    ("vga2", 0, 0x19),
    ("vga3", 0, 0x1a),
    ("hostpci2", 0, 0x1b),
    ("hostpci3", 0, 0x1c),
    ("pci.1", 0, 0x1e),
    ("pci.2", 0, 0x1f),
    ("xhci", 1, 0x1b),
    ("pci.4", 1, 0x1c),
    ("rng0", 1, 0x1d),
    ("ivshmem", 2, 0xb),
    ("audio0", 2, 0xc),
    ("scsihw2", 4, 0x1),
    ("scsihw3", 4, 0x2),
    ("scsihw4", 4, 0x3),
];

/// Devices in a row: name, first index, number of them, bus, slot of the first.
const ROWS: &[(&str, u8, u8, u8, u8)] = &[
    ("virtio", 0, 6, 0, 0xa),
    ("virtio", 6, 10, 2, 0x1),
    ("net", 0, 6, 0, 0x12),
    ("net", 6, 26, 1, 0x1),
    ("virtioscsi", 0, 31, 3, 0x1),
    ("hostpci", 4, 12, 2, 0xd),
];

fn find(id: &str) -> Option<(u8, u8)> {
    if let Some((_, bus, slot)) = FIXED.iter().find(|(name, ..)| *name == id) {
        return Some((*bus, *slot));
    }
    ROWS.iter().find_map(|(name, first, count, bus, slot)| {
        let index: u8 = id.strip_prefix(name)?.parse().ok()?;
        let offset = index.checked_sub(*first).filter(|offset| offset < count)?;
        Some((*bus, slot + offset))
    })
}

/// The places that are taken, and so the bridges that are needed.
#[derive(Debug)]
pub(super) struct Slots {
    q35: bool,
    buses: BTreeSet<u8>,
}

impl Slots {
    pub(super) fn new(q35: bool) -> Self {
        // Two bridges are always there, so that hot-plugged devices find their place.
        Self { q35, buses: BTreeSet::from([1, 2]) }
    }

    /// `,bus=…,addr=…`; nothing for a device without a place of its own.
    pub(super) fn place(&mut self, id: &str) -> String {
        if self.q35 && id == "vga" {
            return ",bus=pcie.0,addr=0x1".to_owned();
        }
        let Some((bus, slot)) = find(id) else { return String::new() };
        self.buses.insert(bus);
        format!(",bus=pci.{bus},addr=0x{slot:x}")
    }

    /// The bridges, in the order of their numbers.
    pub(super) fn bridges(&self) -> Vec<String> {
        // A Q35 machine has the first four anyway.
        let wanted = self.buses.iter().copied().filter(|bus| if self.q35 { *bus > 3 } else { *bus > 0 });
        let bridge = |bus| {
            let (on, slot) = find(&format!("pci.{bus}"))?;
            Some(format!("pci-bridge,id=pci.{bus},chassis_nr={bus},bus=pci.{on},addr=0x{slot:x}"))
        };
        wanted.filter_map(bridge).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_continue_on_the_next_bridge() {
        let mut slots = Slots::new(false);
        assert_eq!(slots.place("net5"), ",bus=pci.0,addr=0x17");
        assert_eq!(slots.place("net6"), ",bus=pci.1,addr=0x1");
        assert_eq!(slots.place("net31"), ",bus=pci.1,addr=0x1a");
        assert_eq!(slots.place("virtio15"), ",bus=pci.2,addr=0xa");
        assert_eq!(slots.place("hostpci15"), ",bus=pci.2,addr=0x18");
        assert_eq!(slots.place("net32"), "");
    }

    #[test]
    fn bridges_follow_from_what_sits_on_them() {
        let mut slots = Slots::new(false);
        slots.place("virtioscsi30");
        assert_eq!(slots.bridges().len(), 3);
        assert!(slots.bridges()[2].starts_with("pci-bridge,id=pci.3,chassis_nr=3,bus=pci.0,addr=0x5"));
        assert!(Slots::new(true).bridges().is_empty());
    }
}
