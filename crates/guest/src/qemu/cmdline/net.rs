//! Network cards.

use super::{Plan, PlanError, Version, wrong};
use crate::qemu::config::device::{NetDevice, NetModel};

impl Plan<'_> {
    pub(super) fn nets(&mut self) -> Result<(), PlanError> {
        let config = self.config;
        for (index, net) in config.net.iter() {
            let backend = self.net_backend(*index, net);
            self.option("-netdev", backend);
            let device = self.net_device(*index, net)?;
            self.device(device);
        }
        Ok(())
    }

    fn net_backend(&self, index: u32, net: &NetDevice) -> String {
        let Some(_) = &net.bridge else {
            let name = self.config.name.as_deref().map(|name| format!(",hostname={name}")).unwrap_or_default();
            return format!("type=user,id=net{index}{name}");
        };
        let name = tap_name(self.input.vmid, index);
        let virtio = net.model == NetModel::Virtio;
        let vhost = if virtio && self.facts.vhost_net { ",vhost=on" } else { "" };
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
        if !virtio {
            return Ok(device);
        }
        let modern = self.machine.since(Version::new(7, 1));
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
        if self.machine.since(Version::revised(11, 0, 1)) {
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
        let always = self.machine.since(Version::revised(10, 0, 1));
        Ok(if always || mtu != 1500 { format!(",host_mtu={mtu}") } else { String::new() })
    }
}

/// The name of a card's end on the host.
#[must_use]
pub(crate) fn tap_name(vmid: u32, index: u32) -> String {
    format!("tap{vmid}i{index}")
}
