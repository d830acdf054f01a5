//! Where devices sit on PCI. A guest knows its devices by these places, so they never move.

use std::collections::BTreeSet;

use super::machine::Board;

/// Devices with a place of their own on a bus, by slot.
const FIXED: &[(&str, u8, u8)] = &[
    ("ehci", 0, 0x1),
    ("piix3", 0, 0x1),
    ("legacy-igd", 0, 0x2),
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
    ("pci.2-igd", 1, 0x1e),
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

/// Slots right on the root complex of a Q35, for devices that take no root port: first index, number of them, slot of
/// the first.
const ROOT_ROWS: &[(u8, u8, u8)] = &[(0, 4, 0x10), (4, 7, 0x9), (11, 5, 0x15)];

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
    board: Board,
    /// Whether an Intel graphics device of the host sits where bridge 2 leads otherwise.
    pub(super) igd: bool,
    buses: BTreeSet<u8>,
}

impl Slots {
    /// `prepared`: two bridges are always there, so that hot-plugged devices find their place.
    pub(super) fn new(board: Board, prepared: bool) -> Self {
        let buses = if prepared { BTreeSet::from([1, 2]) } else { BTreeSet::new() };
        Self { board, igd: false, buses }
    }

    fn bus(&self, bus: u8) -> String {
        if bus == 0 && self.board == Board::Virt { "pcie.0".to_owned() } else { format!("pci.{bus}") }
    }

    /// `,bus=…,addr=…`; nothing for a device without a place of its own.
    pub(super) fn place(&mut self, id: &str) -> String {
        if self.board == Board::Q35 && id == "vga" {
            return ",bus=pcie.0,addr=0x1".to_owned();
        }
        if self.board == Board::Q35 && id == "ivshmem" {
            return ",bus=pcie.0,addr=0x14".to_owned();
        }
        let Some((bus, slot)) = find(id) else { return String::new() };
        self.buses.insert(bus);
        if bus == 4 {
            self.buses.insert(1);
        }
        format!(",bus={},addr=0x{slot:x}", self.bus(bus))
    }

    /// The bridges, in the order of their numbers.
    pub(super) fn bridges(&self) -> Vec<String> {
        // A Q35 machine has the first four anyway.
        let q35 = self.board == Board::Q35;
        let wanted = self.buses.iter().copied().filter(|bus| if q35 { *bus > 3 } else { *bus > 0 });
        let bridge = |bus| {
            let name = format!("pci.{bus}");
            let (on, slot) = find(if bus == 2 && self.igd { "pci.2-igd" } else { &name })?;
            Some(format!("pci-bridge,id={name},chassis_nr={bus},bus={},addr=0x{slot:x}", self.bus(on)))
        };
        wanted.filter_map(bridge).collect()
    }
}

/// `,bus=…,addr=…` of a passed-through device behind a root port of its own.
pub(super) fn behind_port(index: u32) -> String {
    format!(",bus=ich9-pcie-port-{},addr=0x0", index + 1)
}

/// `,bus=…,addr=…` of a passed-through device right on the root complex.
pub(super) fn on_root(index: u32) -> String {
    let index = u8::try_from(index).unwrap_or(u8::MAX);
    let slot = ROOT_ROWS.iter().find_map(|(first, count, slot)| {
        index.checked_sub(*first).filter(|offset| offset < count).map(|offset| slot + offset)
    });
    slot.map(|slot| format!(",bus=pcie.0,addr=0x{slot:x}")).unwrap_or_default()
}

/// The root port that a passed-through device needs if the chip set's four are not enough.
pub(super) fn root_port(index: u32) -> Option<String> {
    let (slot, function) = match index {
        4..=11 => (0x10, index - 4),
        12..=15 => (0x11, index - 12),
        _ => return None,
    };
    let port = index + 1;
    Some(format!(
        "pcie-root-port,id=ich9-pcie-port-{port},addr=0x{slot:x}.0x{function},x-speed=16,x-width=32,multifunction=on,\
         bus=pcie.0,port={port},chassis={port}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_continue_on_the_next_bridge() {
        let mut slots = Slots::new(Board::I440fx, true);
        assert_eq!(slots.place("net5"), ",bus=pci.0,addr=0x17");
        assert_eq!(slots.place("net6"), ",bus=pci.1,addr=0x1");
        assert_eq!(slots.place("net31"), ",bus=pci.1,addr=0x1a");
        assert_eq!(slots.place("virtio15"), ",bus=pci.2,addr=0xa");
        assert_eq!(slots.place("hostpci15"), ",bus=pci.2,addr=0x18");
        assert_eq!(slots.place("net32"), "");
    }

    #[test]
    fn bridges_follow_from_what_sits_on_them() {
        let mut slots = Slots::new(Board::I440fx, true);
        slots.place("virtioscsi30");
        assert_eq!(slots.bridges().len(), 3);
        assert!(slots.bridges()[2].starts_with("pci-bridge,id=pci.3,chassis_nr=3,bus=pci.0,addr=0x5"));
        slots.igd = true;
        assert!(slots.bridges()[1].ends_with("bus=pci.1,addr=0x1e"));
        assert!(Slots::new(Board::Q35, true).bridges().is_empty());
        assert!(Slots::new(Board::I440fx, false).bridges().is_empty());
        assert!(Slots::new(Board::Virt, true).bridges()[0].ends_with("bus=pcie.0,addr=0x1e"));
    }

    #[test]
    fn no_two_devices_share_a_place_except_where_one_excludes_the_other() {
        let mut seen = std::collections::BTreeMap::<(u8, u8), Vec<String>>::new();
        for (name, bus, slot) in FIXED {
            seen.entry((*bus, *slot)).or_default().push((*name).to_owned());
        }
        for (name, first, count, ..) in ROWS {
            for index in *first..first + count {
                let id = format!("{name}{index}");
                seen.entry(find(&id).unwrap()).or_default().push(id);
            }
        }
        let shared: Vec<_> = seen.into_values().filter(|names| names.len() > 1).collect();
        assert_eq!(shared, [["ehci", "piix3"], ["legacy-igd", "vga"], ["pci.3", "scsihw0"]]);
    }

    #[test]
    fn express_devices_have_ports_of_their_own() {
        assert_eq!(behind_port(3), ",bus=ich9-pcie-port-4,addr=0x0");
        assert_eq!(root_port(3), None);
        assert!(root_port(12).unwrap().contains("id=ich9-pcie-port-13,addr=0x11.0x0"));
        assert_eq!(on_root(0), ",bus=pcie.0,addr=0x10");
        assert_eq!(on_root(10), ",bus=pcie.0,addr=0xf");
        assert_eq!(on_root(15), ",bus=pcie.0,addr=0x19");
    }
}
