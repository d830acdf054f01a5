//! USB: controllers, pointer and keyboard, devices of the host and of SPICE clients.

use super::{Plan, PlanError, machine::Board, machine::usb2_controllers, versions::Change, wrong};
use crate::qemu::passthrough::UsbChoice;

/// Devices where there is no controller with enough ports for more.
const OLD_LIMIT: u32 = 5;

impl Plan<'_> {
    /// Whether all USB devices share one controller of the newer kind.
    fn xhci(&self) -> bool {
        self.machine.has(Change::Xhci) && (self.os.linux() || self.os.windows() > 7)
    }

    pub(super) fn usb_controllers(&mut self) {
        match self.machine.board {
            Board::I440fx => {
                let place = self.place("piix3");
                self.device(format!("piix3-usb-uhci,id=uhci{place}.0x2"));
            }
            Board::Virt => {
                let place = self.place("ehci");
                self.device(format!("usb-ehci,id=ehci{place}"));
            }
            Board::Q35 => {}
        }
        let usb = &self.config.usb;
        let old = usb.values().any(|usb| usb.usb3 != Some(true));
        if self.machine.board == Board::I440fx && old && !self.xhci() {
            let devices = usb2_controllers(None, 1);
            self.devices.extend(devices);
        }
        if let Some(device) = self.usb3_controller() {
            self.device(device);
        }
    }

    fn usb3_controller(&mut self) -> Option<String> {
        let usb = &self.config.usb;
        let model = match () {
            () if usb.is_empty() => return None,
            () if self.xhci() => "qemu-xhci,p2=15,p3=15",
            () if usb.values().any(|usb| usb.usb3 == Some(true)) => "nec-usb-xhci",
            () => return None,
        };
        let place = self.place("xhci");
        Some(format!("{model},id=xhci{place}"))
    }

    pub(super) fn pointer_and_keys(&mut self) {
        let bus = if self.machine.board == Board::I440fx { "uhci.0" } else { "ehci.0" };
        if self.tablet() {
            self.device(format!("usb-tablet,id=tablet,bus={bus},port=1"));
        }
        if self.machine.board == Board::Virt {
            self.device(format!("usb-kbd,id=keyboard,bus={bus},port=2"));
        }
    }

    pub(super) fn usb_devices(&mut self) -> Result<(), PlanError> {
        let config = self.config;
        config.usb.keys().try_for_each(|index| self.usb_line(*index))
    }

    fn usb_line(&mut self, index: u32) -> Result<(), PlanError> {
        let id = format!("usb{index}");
        let config = self.config;
        let usb = config.usb.get(&index).ok_or_else(|| wrong(&id, "no such device"))?;
        if index >= OLD_LIMIT && !self.xhci() {
            return Err(PlanError::TooManyUsb(id));
        }
        let input = self.input;
        let choice = input.devices.usb.get(&index);
        let choice = choice.ok_or_else(|| wrong(&id, "it was not decided which device of the host it is"))?;
        let port = if self.xhci() { format!(",port={}", index + 1) } else { String::new() };
        let host = match choice {
            UsbChoice::Spice => {
                let usb3 = usb.usb3 == Some(true) && self.machine.has(Change::SpiceUsb3);
                let bus = if usb3 || self.xhci() { "xhci" } else { "ehci" };
                self.redirected(index, bus, &port);
                return Ok(());
            }
            UsbChoice::Ids { vendor, product } => format!(",vendorid=0x{vendor:04x},productid=0x{product:04x}"),
            UsbChoice::Port { bus, port } => format!(",hostbus={bus},hostport={port}"),
        };
        let bus = if usb.usb3 == Some(true) || self.xhci() { format!(",bus=xhci.0{port}") } else { String::new() };
        let boot = self.bootindex(&id);
        self.device(format!("usb-host{bus}{host},id={id}{boot}"));
        Ok(())
    }

    /// A device of the SPICE client.
    fn redirected(&mut self, index: u32, bus: &str, port: &str) {
        if self.facts.no_spice.is_some() {
            self.warn(format!("usb{index} is left out: there is no SPICE that it could come by"));
            return;
        }
        self.option("-chardev", format!("spicevmc,id=usbredirchardev{index},name=usbredir"));
        self.device(format!("usb-redir,chardev=usbredirchardev{index},id=usbredirdev{index},bus={bus}.0{port}"));
    }
}
