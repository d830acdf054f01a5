//! PCI devices of the host that are handed to the guest.

use super::{Plan, PlanError, pci, quoted, wrong};
use crate::qemu::{
    config::{Bios, device::VgaType, passthrough::HostPci},
    passthrough::{PciChoice, PciFunction},
};

impl Plan<'_> {
    /// Whether a card of the host is the guest's primary display.
    pub(super) fn primary_gpu(&self) -> bool {
        self.config.hostpci.values().any(|device| device.x_vga == Some(true))
    }

    pub(super) fn host_devices(&mut self) -> Result<(), PlanError> {
        let (config, input) = (self.config, self.input);
        let mut graphics = 0;
        for (index, device) in config.hostpci.iter() {
            let id = format!("hostpci{index}");
            let choice = input.devices.pci.get(index).filter(|choice| !choice.functions.is_empty());
            let choice = choice.ok_or_else(|| wrong(&id, "it was not decided which device of the host it is"))?;
            if device.legacy_igd == Some(true) {
                graphics += 1;
                self.check_graphics(&id, device, choice, graphics)?;
            }
            let place = self.host_place(*index, device)?;
            self.functions(&id, device, choice, &place);
        }
        Ok(())
    }

    /// Where the device sits; makes the root port that it needs.
    fn host_place(&mut self, index: u32, device: &HostPci) -> Result<String, PlanError> {
        let id = format!("hostpci{index}");
        if device.pcie != Some(true) {
            let name = if device.legacy_igd == Some(true) { "legacy-igd" } else { &id };
            return Ok(self.place(name));
        }
        if !self.machine.q35() {
            return Err(wrong(&id, "q35 machine model is not enabled, which 'pcie' needs"));
        }
        // Windows 7 finds no drivers for devices behind root ports.
        if self.os.windows() == 7 {
            return Ok(pci::on_root(index));
        }
        if let Some(port) = pci::root_port(index) {
            self.device(port);
        }
        Ok(pci::behind_port(index))
    }

    fn functions(&mut self, id: &str, device: &HostPci, choice: &PciChoice, place: &str) {
        let several = choice.functions.len() > 1;
        for (number, function) in choice.functions.iter().enumerate() {
            let source = match function {
                PciFunction::Host(address) => format!("host={address}"),
                PciFunction::Mediated(directory) => format!("sysfsdev={directory}"),
            };
            let suffix = if several { format!(".{number}") } else { String::new() };
            let mut text = format!("vfio-pci,{source},id={id}{suffix}{place}{suffix}");
            if choice.migratable {
                text += ",enable-migration=on";
            }
            if number == 0 {
                text += &self.host_options(id, device, several);
            }
            self.device(text);
        }
    }

    /// Options of the first function.
    fn host_options(&self, id: &str, device: &HostPci, several: bool) -> String {
        let mut text = String::new();
        if device.rombar == Some(false) {
            text += ",rombar=0";
        }
        // OVMF finds the primary card by itself.
        if device.x_vga == Some(true) && self.config.bios != Some(Bios::Ovmf) {
            text += ",x-vga=on";
        }
        if several {
            text += ",multifunction=on";
        }
        if let Some(rom) = &device.romfile {
            text += &format!(",romfile=/usr/share/kvm/{}", quoted(rom));
        }
        text += &self.bootindex(id);
        let ids = [
            ("vendor", &device.vendor_id),
            ("device", &device.device_id),
            ("sub-vendor", &device.sub_vendor_id),
            ("sub-device", &device.sub_device_id),
        ];
        for (name, value) in ids.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?))) {
            text += &format!(",x-pci-{name}-id={value}");
        }
        text
    }

    /// What the old way of handing over Intel's graphics asks for.
    fn check_graphics(&self, id: &str, device: &HostPci, choice: &PciChoice, count: u32) -> Result<(), PlanError> {
        let no_vga = self.config.vga.as_ref().and_then(|vga| vga.kind) == Some(VgaType::None);
        let address = match &choice.functions[..] {
            [PciFunction::Host(address)] => Some(address.as_str()),
            _ => None,
        };
        let message = match () {
            () if count > 1 => "only one device can be assigned in legacy-igd mode",
            () if self.machine.q35() => "legacy IGD assignment is not compatible with q35",
            () if !no_vga => "legacy IGD assignment requires VGA mode to be 'none'",
            () if device.rombar == Some(false) => "legacy IGD assignment requires rombar to be enabled",
            () if device.x_vga == Some(true) => "legacy IGD assignment is not compatible with x-vga",
            () if device.mdev.is_some() => "legacy IGD assignment is not compatible with mdev",
            () if address.is_none() => "legacy IGD assignment is not compatible with multifunction devices",
            () if !address.is_some_and(|address| address.ends_with("00:02.0")) => {
                "legacy IGD assignment only works for devices on host bus 00:02.0"
            }
            () => return Ok(()),
        };
        Err(wrong(id, message))
    }
}
