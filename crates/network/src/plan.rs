//! What has to be done to bring a guest network about: what is wanted, what there is, and the difference. Pure.

use host::net::{Cidr, Link, Mac, Route};

use crate::subnet::Subnet;

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desired {
    /// The addresses.
    pub subnet: Subnet,
    /// Largest packet, bytes: not more than the way out of the host takes.
    pub mtu: u32,
    /// The bridge's hardware address.
    pub mac: Mac,
}

/// What there is.
#[derive(Debug, Clone, Default)]
pub struct Observed {
    /// The bridge, if it is there.
    pub bridge: Option<Bridge>,
    /// The host passes IPv4 packets on.
    pub forwarding: bool,
    /// The DHCP server runs with the wanted configuration.
    pub server: bool,
}

/// A bridge that is there already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bridge {
    /// This installation made it.
    pub ours: bool,
    /// It is switched on.
    pub up: bool,
    /// Its largest packet.
    pub mtu: u32,
    /// Its IPv4 addresses.
    pub addresses: Vec<Cidr>,
    /// Links that are its ports.
    pub ports: Vec<String>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Add the bridge and mark it as ours.
    CreateBridge,
    /// Take an address away that is not wanted any more.
    DropAddress(Cidr),
    /// Give the bridge its address.
    AddAddress,
    /// Set its largest packet.
    SetMtu,
    /// Switch it on.
    SwitchOn,
    /// Let the host pass packets on.
    EnableForwarding,
    /// Load the NAT table. Always: it is replaced as a whole, and nothing tells cheaply whether it is as it should be.
    LoadNat,
    /// Start the DHCP server, in place of one with another configuration.
    StartServer,
}

/// The steps from what there is to what is wanted; nothing for a bridge that somebody else made.
#[must_use]
pub fn plan(desired: &Desired, observed: &Observed) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let address = desired.subnet.address();
    match &observed.bridge {
        Some(bridge) if !bridge.ours => return None,
        Some(bridge) => {
            let others = bridge.addresses.iter().filter(|other| **other != address);
            steps.extend(others.map(|other| Step::DropAddress(*other)));
            if !bridge.addresses.contains(&address) {
                steps.push(Step::AddAddress);
            }
            if bridge.mtu != desired.mtu {
                steps.push(Step::SetMtu);
            }
            if !bridge.up {
                steps.push(Step::SwitchOn);
            }
        }
        None => steps.extend([Step::CreateBridge, Step::AddAddress, Step::SetMtu, Step::SwitchOn]),
    }
    if !observed.forwarding {
        steps.push(Step::EnableForwarding);
    }
    steps.push(Step::LoadNat);
    if !observed.server || steps.contains(&Step::CreateBridge) {
        steps.push(Step::StartServer);
    }
    Some(steps)
}

/// Finds the bridge among the host's links. It is ours when it carries `mark`.
#[must_use]
pub fn bridge(links: &[Link], name: &str, mark: &str) -> Option<Bridge> {
    let link = links.iter().find(|link| link.name == name)?;
    let ports = links.iter().filter(|port| port.master.as_deref() == Some(name));
    Some(Bridge {
        ours: link.kind.as_deref() == Some("bridge") && link.alias.as_deref() == Some(mark),
        up: link.up,
        mtu: link.mtu,
        addresses: link.addresses.iter().copied().filter(|address| address.ip.is_ipv4()).collect(),
        ports: ports.map(|port| port.name.clone()).collect(),
    })
}

/// The largest packet that fits the host's default route, at most that of Ethernet.
#[must_use]
pub fn mtu(links: &[Link], routes: &[Route]) -> u32 {
    let out = routes.iter().filter(|route| route.destination.prefix == 0);
    let links = out.filter_map(|route| links.iter().find(|link| link.name == route.link));
    links.map(|link| link.mtu).min().unwrap_or(1500).clamp(1280, 1500)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desired() -> Desired {
        let subnet = Subnet::new("10.5.5.1/24".parse().unwrap()).unwrap();
        Desired { subnet, mtu: 1500, mac: Mac([2, 0, 0, 0, 0, 1]) }
    }

    fn ours() -> Bridge {
        Bridge { ours: true, up: true, mtu: 1500, addresses: vec!["10.5.5.1/24".parse().unwrap()], ports: vec![] }
    }

    #[test]
    fn a_bare_host_gets_everything() {
        let steps = plan(&desired(), &Observed::default()).unwrap();
        let all = [
            Step::CreateBridge,
            Step::AddAddress,
            Step::SetMtu,
            Step::SwitchOn,
            Step::EnableForwarding,
            Step::LoadNat,
            Step::StartServer,
        ];
        assert_eq!(steps, all);
    }

    #[test]
    fn what_is_as_wanted_is_not_touched() {
        let observed = Observed { bridge: Some(ours()), forwarding: true, server: true };
        assert_eq!(plan(&desired(), &observed), Some(vec![Step::LoadNat]));
    }

    #[test]
    fn somebody_elses_bridge_is_left_alone() {
        let bridge = Bridge { ours: false, ..ours() };
        assert_eq!(plan(&desired(), &Observed { bridge: Some(bridge), ..Observed::default() }), None);
    }

    #[test]
    fn another_subnet_replaces_the_old_one() {
        let old = "10.9.9.1/24".parse().unwrap();
        let bridge = Bridge { addresses: vec![old], ..ours() };
        let steps = plan(&desired(), &Observed { bridge: Some(bridge), forwarding: true, server: false });
        let expected = vec![Step::DropAddress(old), Step::AddAddress, Step::LoadNat, Step::StartServer];
        assert_eq!(steps, Some(expected));
    }

    #[test]
    fn packets_fit_the_way_out() {
        let links = host::net::parse_links(r#"[{"ifname":"eth0","mtu":1400},{"ifname":"eth1","mtu":9000}]"#).unwrap();
        let route = |link: &str| Route { destination: "0.0.0.0/0".parse().unwrap(), gateway: None, link: link.into() };
        assert_eq!(mtu(&links, &[route("eth0")]), 1400);
        assert_eq!(mtu(&links, &[route("eth1")]), 1500);
        assert_eq!(mtu(&links, &[]), 1500);
    }
}
