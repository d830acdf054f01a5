//! USB devices of the machine, as sysfs tells them. Only looked at.

use std::fs;

use crate::pci::{Sysfs, text};

/// A USB device or hub.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsbDevice {
    /// Number of its bus.
    pub bus: u32,
    /// Number on the bus; another one each time it is plugged in.
    pub number: u32,
    /// Ports from the bus on: `1.4`; none for the bus' own hub.
    pub path: Option<String>,
    /// Who made it.
    pub vendor: u16,
    /// What it is.
    pub product: u16,
    /// Class of the whole device; 9 is a hub, 0 means that its interfaces tell.
    pub class: u8,
    /// Mbit/s.
    pub speed: String,
    /// Name of what it is.
    pub product_name: Option<String>,
    /// Name of who made it.
    pub manufacturer: Option<String>,
    /// Its number among equals.
    pub serial: Option<String>,
}

impl UsbDevice {
    /// Vendor and product ID as mappings write them: `046d:c52b`.
    #[must_use]
    pub fn ids(&self) -> String {
        format!("{:04x}:{:04x}", self.vendor, self.product)
    }

    /// Bus and ports as guests are told them: `1-1.4`.
    #[must_use]
    pub fn place(&self) -> Option<String> {
        self.path.as_ref().map(|path| format!("{}-{path}", self.bus))
    }

    /// Number of the port that it is plugged into; 0 for a bus' own hub.
    #[must_use]
    pub fn port(&self) -> u32 {
        self.path.as_ref().and_then(|path| path.rsplit('.').next()?.parse().ok()).unwrap_or(0)
    }

    /// How many hubs there are on the way, the bus' own included.
    #[must_use]
    pub fn level(&self) -> u32 {
        self.path.as_ref().map_or(0, |path| u32::try_from(path.split('.').count()).unwrap_or(u32::MAX))
    }
}

/// The devices of a view, by bus and port.
#[must_use]
pub fn list(sysfs: &Sysfs) -> Vec<UsbDevice> {
    let entries = fs::read_dir(sysfs.join("bus/usb/devices")).into_iter().flatten().flatten();
    // Names with a colon are interfaces.
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok()).filter(|name| !name.contains(':'));
    let mut devices: Vec<UsbDevice> = names.filter_map(|name| get(sysfs, &name)).collect();
    devices.sort_by_key(|device| (device.bus, device.number));
    devices
}

fn get(sysfs: &Sysfs, name: &str) -> Option<UsbDevice> {
    let dir = sysfs.join("bus/usb/devices").join(name);
    let read = |file: &str| text(&dir, file);
    let hex = |file: &str| u16::from_str_radix(&read(file)?, 16).ok();
    Some(UsbDevice {
        bus: read("busnum")?.parse().ok()?,
        number: read("devnum")?.parse().ok()?,
        path: name.split_once('-').map(|(_, path)| path.to_owned()),
        vendor: hex("idVendor")?,
        product: hex("idProduct")?,
        class: hex("bDeviceClass").and_then(|class| u8::try_from(class).ok()).unwrap_or(0),
        speed: read("speed").unwrap_or_default(),
        product_name: read("product"),
        manufacturer: read("manufacturer"),
        serial: read("serial"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_told_from_interfaces() {
        let dir = tempfile::tempdir().unwrap();
        let sysfs = Sysfs::at(dir.path());
        for (name, number, class) in [("usb1", "1", "09"), ("1-1.4", "3", "00"), ("1-1.4:1.0", "3", "00")] {
            let device = sysfs.join("bus/usb/devices").join(name);
            fs::create_dir_all(&device).unwrap();
            for (file, text) in
                [("busnum", "1"), ("devnum", number), ("idVendor", "046d"), ("idProduct", "c52b"), ("speed", "12")]
            {
                fs::write(device.join(file), format!("{text}\n")).unwrap();
            }
            fs::write(device.join("bDeviceClass"), class).unwrap();
            fs::write(device.join("serial"), "\n").unwrap();
        }
        let devices = list(&sysfs);
        let shown: Vec<_> = devices.iter().map(|one| (one.place(), one.port(), one.level(), one.class)).collect();
        assert_eq!(shown, [(None, 0, 0, 9), (Some("1-1.4".to_owned()), 4, 2, 0)]);
        assert_eq!((devices[1].ids().as_str(), devices[1].serial.as_deref()), ("046d:c52b", None));
        assert_eq!(list(&Sysfs::at("/nowhere")), []);
    }
}
