//! `/nodes/{node}/network`: links of a node, and traffic of its guests.

use std::collections::BTreeMap;

use access::Access;
use host::net::{Cidr, Link, Route};
use schema::{ApiError, Choice, NodeName, Params, Reply};

use super::list::OfNode;
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Lists the links of a node as they are now; bridges are shown to those who may use them.
    GET "/nodes/{node}/network" => list, name = "index", Access::User, Target::Node;
    /// Lists what guests have sent and received by their network cards.
    GET "/nodes/{node}/netstat" => netstat, name = "netstat",
        Access::perm("/nodes/{node}", &["Sys.Audit"]), Target::Node;
}

/// Which links to list.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
enum Filter {
    /// Bridges.
    Bridge,
    /// Bonds.
    Bond,
    /// Network cards.
    Eth,
    /// Further addresses under a name of their own.
    Alias,
    /// VLANs.
    Vlan,
    /// Links of fabrics.
    Fabric,
    /// Bridges of Open vSwitch.
    #[choice("OVSBridge")]
    OvsBridge,
    /// Bonds of Open vSwitch.
    #[choice("OVSBond")]
    OvsBond,
    /// Ports of Open vSwitch.
    #[choice("OVSPort")]
    OvsPort,
    /// Ports of Open vSwitch for the host itself.
    #[choice("OVSIntPort")]
    OvsIntPort,
    /// Virtual networks.
    Vnet,
    /// Bridges of any make, and virtual networks.
    #[choice("any_bridge")]
    AnyBridge,
    /// Bridges of any make.
    #[choice("any_local_bridge")]
    AnyLocalBridge,
    /// All links, and virtual networks.
    #[choice("include_sdn")]
    IncludeSdn,
}

impl Filter {
    fn takes(self, kind: &str) -> bool {
        match self {
            Self::Bridge | Self::AnyBridge | Self::AnyLocalBridge => kind == "bridge",
            Self::Bond => kind == "bond",
            Self::Eth => kind == "eth",
            Self::Vlan => kind == "vlan",
            Self::IncludeSdn => true,
            // The node makes none of these.
            Self::Alias
            | Self::Fabric
            | Self::OvsBridge
            | Self::OvsBond
            | Self::OvsPort
            | Self::OvsIntPort
            | Self::Vnet => false,
        }
    }
}

#[derive(Params, Clone, Debug)]
struct List {
    /// Name of the node.
    node: NodeName,
    /// Only links of this type.
    #[param(name = "type")]
    kind: Option<Filter>,
}

/// A link.
#[derive(Reply, Clone, Debug, Default, PartialEq)]
struct Interface {
    /// Its name.
    iface: String,
    /// `bridge`, `bond`, `eth`, `vlan` or `unknown`.
    r#type: &'static str,
    /// Whether it is switched on.
    active: bool,
    /// Whether the kernel has it.
    exists: bool,
    /// How it gets IPv4 addresses.
    method: &'static str,
    /// How it gets IPv6 addresses.
    method6: &'static str,
    /// Address families it has addresses of.
    families: Vec<String>,
    /// IPv4 address.
    address: Option<String>,
    /// Mask of its network.
    netmask: Option<String>,
    /// Both in one.
    cidr: Option<String>,
    /// Router.
    gateway: Option<String>,
    /// IPv6 address.
    address6: Option<String>,
    /// Length of the prefix of its network.
    netmask6: Option<u64>,
    /// Both in one.
    cidr6: Option<String>,
    /// Largest packet, bytes.
    mtu: u64,
    /// Place in the list.
    priority: u64,
    /// Ports of a bridge.
    bridge_ports: Option<String>,
    /// Other names.
    altnames: Option<Vec<String>>,
}

/// Traffic of a guest's card since the guest started.
#[derive(Reply, Clone, Debug, PartialEq, Eq)]
struct Traffic {
    /// The guest.
    vmid: String,
    /// Its card: `net0`.
    dev: String,
    /// Bytes it received.
    r#in: String,
    /// Bytes it sent.
    out: String,
}

async fn list(call: Call, p: List) -> Result<Vec<Interface>, ApiError> {
    let failed = |error: host::net::NetError| ApiError::internal(error.to_string());
    let (links, routes) = (host::net::links().await.map_err(failed)?, host::net::routes().map_err(failed)?);
    let interfaces = interfaces(&links, &routes).into_iter();
    let wanted = interfaces.filter(|interface| p.kind.is_none_or(|kind| kind.takes(interface.r#type)));
    let all = call.may(&format!("/nodes/{}", call.node.name), &["Sys.Audit"]);
    let usable = |interface: &Interface| {
        let path = format!("/sdn/zones/localnetwork/{}", interface.iface);
        interface.r#type != "bridge" || call.may_any(&path, &["SDN.Audit", "SDN.Use", "SDN.Allocate"])
    };
    Ok(wanted.filter(|interface| all || usable(interface)).collect())
}

/// The links that belong to the node, not to its guests.
fn interfaces(links: &[Link], routes: &[Route]) -> Vec<Interface> {
    let own = links.iter().filter(|link| !link.loopback && !is_guest_link(link));
    own.enumerate().map(|(index, link)| interface(link, links, routes, index as u64 + 3)).collect()
}

fn is_guest_link(link: &Link) -> bool {
    // tap100i0, veth100i0, and those of a guest's firewall
    ["tap", "veth", "fwbr", "fwln", "fwpr"].iter().any(|prefix| link.name.starts_with(prefix))
}

fn interface(link: &Link, links: &[Link], routes: &[Route], priority: u64) -> Interface {
    let kind = match link.kind.as_deref() {
        Some("bridge") => "bridge",
        Some("bond") => "bond",
        Some("vlan") => "vlan",
        // A veth is the network card of a machine that is itself a container.
        None | Some("veth") => "eth",
        Some(_) => "unknown",
    };
    let v4: Option<&Cidr> = link.addresses.iter().find(|address| address.ip.is_ipv4());
    let v6 = link.addresses.iter().find(|address| !is_link_local(address) && address.ip.is_ipv6());
    let route = routes.iter().find(|route| route.link == link.name && route.destination.prefix == 0);
    let ports = links.iter().filter(|port| port.master.as_deref() == Some(link.name.as_str()) && !is_guest_link(port));
    let ports = ports.map(|port| port.name.as_str()).collect::<Vec<_>>().join(" ");
    let method = |address: Option<&Cidr>| if address.is_some() { "static" } else { "manual" };
    let families = [("inet", v4.is_some()), ("inet6", v6.is_some())];
    Interface {
        iface: link.name.clone(),
        r#type: kind,
        active: link.up,
        exists: true,
        method: method(v4),
        method6: method(v6),
        families: families.iter().filter(|(_, has)| *has).map(|(name, _)| (*name).to_owned()).collect(),
        address: v4.map(|address| address.ip.to_string()),
        netmask: v4.map(|address| address.netmask().to_string()),
        cidr: v4.map(ToString::to_string),
        gateway: route.and_then(|route| route.gateway).map(|gateway| gateway.to_string()),
        address6: v6.map(|address| address.ip.to_string()),
        netmask6: v6.map(|address| u64::from(address.prefix)),
        cidr6: v6.map(ToString::to_string),
        mtu: u64::from(link.mtu),
        priority,
        bridge_ports: (kind == "bridge").then_some(ports),
        altnames: (!link.altnames.is_empty()).then(|| link.altnames.clone()),
    }
}

fn is_link_local(address: &Cidr) -> bool {
    matches!(address.ip, std::net::IpAddr::V6(ip) if ip.is_unicast_link_local())
}

async fn netstat(_: Call, _: OfNode) -> Result<Vec<Traffic>, ApiError> {
    let links =
        host::proc::links().map_err(|error| ApiError::internal(format!("unable to read link counters: {error}")))?;
    let sorted: BTreeMap<_, _> = links.iter().collect();
    let traffic = sorted.into_iter().filter_map(|(name, link)| {
        let (vmid, card) = guest_card(name)?;
        // What the host's end sends is what the guest receives.
        let (received, sent) = (link.sent.to_string(), link.received.to_string());
        Some(Traffic { vmid: vmid.to_owned(), dev: format!("net{card}"), r#in: received, out: sent })
    });
    Ok(traffic.collect())
}

/// Guest and number of a card by the name of its host end: `tap100i0`, `veth100i0`.
fn guest_card(name: &str) -> Option<(&str, &str)> {
    let (vmid, card) = name.strip_prefix("tap").or_else(|| name.strip_prefix("veth"))?.split_once('i')?;
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (number(vmid) && number(card)).then_some((vmid, card))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINKS: &str = r#"[
        {"ifname":"lo","flags":["LOOPBACK","UP"]},
        {"ifname":"eth0","flags":["UP"],"mtu":1500,"master":"vmbr0"},
        {"ifname":"vmbr0","flags":["UP"],"mtu":1500,"linkinfo":{"info_kind":"bridge"},"addr_info":[
            {"local":"10.0.0.2","prefixlen":24},{"local":"fe80::1","prefixlen":64}]},
        {"ifname":"tap100i0","flags":["UP"],"mtu":1500,"master":"vmbr0","linkinfo":{"info_kind":"tun"}}]"#;

    #[test]
    fn links_of_guests_are_not_the_nodes() {
        let links = host::net::parse_links(LINKS).unwrap();
        let shown = interfaces(&links, &[]);
        assert_eq!(shown.iter().map(|link| link.iface.as_str()).collect::<Vec<_>>(), ["eth0", "vmbr0"]);
        let bridge = &shown[1];
        assert_eq!((bridge.r#type, bridge.bridge_ports.as_deref()), ("bridge", Some("eth0")));
        assert_eq!((bridge.cidr.as_deref(), bridge.netmask.as_deref()), (Some("10.0.0.2/24"), Some("255.255.255.0")));
        assert_eq!(bridge.cidr6, None);
        assert!(Filter::AnyBridge.takes(bridge.r#type) && !Filter::Eth.takes(bridge.r#type));
    }

    #[test]
    fn cards_are_known_by_their_host_end() {
        assert_eq!(guest_card("tap100i0"), Some(("100", "0")));
        assert_eq!(guest_card("veth101i12"), Some(("101", "12")));
        assert_eq!(guest_card("tapi0").or(guest_card("eth0")).or(guest_card("veth1ix")), None);
    }
}
