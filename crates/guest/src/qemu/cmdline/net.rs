//! Network cards.

use super::{Plan, PlanError, versions::Change, wrong};
use crate::qemu::config::device::{NetDevice, NetModel};

impl Plan<'_> {
    pub(super) fn nets(&mut self) -> Result<(), PlanError> {
        let config = self.config;
        config.net.iter().try_for_each(|(index, net)| self.net(*index, net))
    }

    /// One card.
    pub(super) fn net(&mut self, index: u32, net: &NetDevice) -> Result<(), PlanError> {
        let backend = self.net_backend(index, net);
        self.option("-netdev", backend);
        let device = self.net_device(index, net)?;
        self.device(device);
        Ok(())
    }

    fn net_backend(&self, index: u32, net: &NetDevice) -> String {
        let Some(_) = &net.bridge else {
            return format!("type=user,id=net{index},hostname={}", self.name());
        };
        let name = tap_name(self.input.vmid, index);
        let virtio = net.model == NetModel::Virtio;
        let vhost = if virtio && self.facts.vhost_net && self.native { ",vhost=on" } else { "" };
        let queues = net.queues.filter(|queues| virtio && *queues > 1);
        let queues = queues.map(|queues| format!(",queues={queues}")).unwrap_or_default();
        format!("type=tap,id=net{index},ifname={name},script=no,downscript=no{vhost}{queues}")
    }

    fn net_device(&mut self, index: u32, net: &NetDevice) -> Result<String, PlanError> {
        let id = format!("net{index}");
        let virtio = net.model == NetModel::Virtio;
        let model = if virtio { "virtio-net-pci" } else { net.model.as_str() };
        let mac = net.macaddr.as_deref().map(|mac| format!(",mac={mac}")).unwrap_or_default();
        let place = if net.model == NetModel::Ne2kIsa { String::new() } else { self.place(&id) };
        let mut device = format!("{model}{mac},netdev={id}{place},id={id}{}", self.bootindex(&id));
        if let Some(rom) = old_rom(model).filter(|_| self.machine.old_roms()) {
            device += &format!(",romfile={rom}");
        }
        if !virtio {
            return Ok(device);
        }
        let modern = self.machine.has(Change::NetQueues);
        if let Some(queues) = net.queues.filter(|queues| *queues > 1) {
            device += &format!(",vectors={},mq=on", 2 * queues + 2);
            if modern {
                device += ",packed=on";
            }
        }
        if modern {
            device += ",rx_queue_size=1024,tx_queue_size=256";
        }
        device += &self.host_mtu(&id, net)?;
        let tunnel = match net.host_tunnel {
            Some(wanted) => wanted || !self.machine.has(Change::HostTunnelOption),
            None => !self.machine.has(Change::HostTunnel),
        };
        if !tunnel {
            device += ",host_tunnel=off";
        }
        Ok(device)
    }

    fn host_mtu(&self, id: &str, net: &NetDevice) -> Result<String, PlanError> {
        let Some(bridge) = &net.bridge else { return Ok(String::new()) };
        let of_bridge = u64::from(self.facts.bridge_mtu.get(bridge).copied().unwrap_or(1500));
        let mtu = match net.mtu {
            None | Some(1) => of_bridge,
            Some(mtu) if mtu < 576 => {
                return Err(wrong(id, format!("MTU {mtu} is smaller than the IP minimum of 576")));
            }
            Some(mtu) if mtu > of_bridge => {
                return Err(wrong(id, format!("MTU {mtu} is bigger than the bridge MTU {of_bridge}")));
            }
            Some(mtu) => mtu,
        };
        let always = self.machine.has(Change::HostMtu);
        Ok(if always || mtu != 1500 { format!(",host_mtu={mtu}") } else { String::new() })
    }
}

/// The boot ROM for BIOS only that a card had in early versions.
fn old_rom(model: &str) -> Option<&'static str> {
    match model {
        "virtio-net-pci" => Some("pxe-virtio.rom"),
        "e1000" => Some("pxe-e1000.rom"),
        "e1000e" => Some("pxe-e1000e.rom"),
        "ne2k_pci" => Some("pxe-ne2k_pci.rom"),
        "pcnet" => Some("pxe-pcnet.rom"),
        "rtl8139" => Some("pxe-rtl8139.rom"),
        _ => None,
    }
}

/// The name of a card's end on the host.
#[must_use]
pub(crate) fn tap_name(vmid: u32, index: u32) -> String {
    format!("tap{vmid}i{index}")
}
