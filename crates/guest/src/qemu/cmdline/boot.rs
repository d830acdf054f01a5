//! In which order the firmware tries devices.

use std::collections::BTreeMap;

use super::drive::{DriveId, all_drives};
use crate::qemu::{
    config::VmConfig,
    passthrough::{Resolved, UsbChoice},
};

/// The boot index of each device that is booted from, by its ID.
pub(super) fn indices(config: &VmConfig, devices: &Resolved) -> BTreeMap<String, u32> {
    match &config.boot {
        Some(boot) if boot.order.is_some() => ordered(config, devices, boot.order.as_deref().unwrap_or_default()),
        Some(boot) if boot.legacy.is_none() => BTreeMap::new(),
        boot => legacy(config, boot.as_ref().and_then(|boot| boot.legacy.as_deref()).unwrap_or("cdn")),
    }
}

fn ordered(config: &VmConfig, devices: &Resolved, order: &str) -> BTreeMap<String, u32> {
    let drives = all_drives(config);
    let known = |id: &str| {
        let number = |name: &str| id.strip_prefix(name)?.parse::<u32>().ok();
        drives.iter().any(|drive| drive.id.to_string() == id)
            || number("net").is_some_and(|index| config.net.contains_key(&index))
            || number("hostpci").is_some_and(|index| config.hostpci.contains_key(&index))
            // What a SPICE client may plug in one day cannot be waited for.
            || number("usb").is_some_and(|index| devices.usb.get(&index).is_some_and(|usb| *usb != UsbChoice::Spice))
    };
    let named = order.split(';').map(str::trim).filter(|id| known(id));
    named.zip(100..).map(|(device, index)| (device.to_owned(), index)).collect()
}

fn net(index: &u32) -> String {
    format!("net{index}")
}

/// Boot order by letters, each with a range of its own.
fn legacy(config: &VmConfig, letters: &str) -> BTreeMap<String, u32> {
    let base = |letter| letters.find(letter).map(|place| (place as u32 + 1) * 100);
    let mut indices = BTreeMap::new();
    let drives = all_drives(config);
    let (cdroms, disks): (Vec<_>, Vec<_>) = drives.iter().partition(|drive| drive.is_cdrom());
    if let Some(base) = base('d') {
        let cdroms = cdroms.iter().filter(|drive| !drive.is_cloudinit());
        indices.extend(cdroms.map(|drive| drive.id.to_string()).zip(base..));
    }
    if let Some(base) = base('c') {
        let numbered = disks.iter().map(|drive| drive.id.to_string()).zip(base..);
        indices.extend(numbered.filter(|(id, _)| config.bootdisk.as_ref() == Some(id)));
    }
    if let Some(base) = base('n') {
        indices.extend(config.net.keys().map(net).zip(base..));
    }
    indices
}

/// The devices that a new VM boots from: its first disk, first CD-ROM and first card.
#[must_use]
pub(crate) fn default_order(config: &VmConfig) -> String {
    let drives = all_drives(config);
    let wanted = drives.iter().filter(|drive| !drive.is_cloudinit());
    let first = |cdrom| wanted.clone().find(|drive| drive.is_cdrom() == cdrom).map(|drive| drive.id.to_string());
    let card = config.net.keys().next().map(net);
    [first(false), first(true), card].into_iter().flatten().collect::<Vec<_>>().join(";")
}

/// Takes a drive out of a boot order.
#[must_use]
pub(crate) fn without(order: &str, drive: DriveId) -> String {
    let drive = drive.to_string();
    order.split(';').filter(|device| *device != drive).collect::<Vec<_>>().join(";")
}
