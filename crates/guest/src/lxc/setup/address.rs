//! What a container's interface gets of one family of addresses, apart from how a distribution writes it down.

use std::net::IpAddr;

use host::net::{Cidr, netmask};

use crate::lxc::config::NetDevice;

/// A family of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    V4,
    V6,
}

/// How an interface comes to its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Method {
    /// Not at all.
    None,
    /// By whatever runs in the container.
    Manual,
    Dhcp,
    /// IPv6: from what routers announce.
    Auto,
    Static(Static),
}

/// A fixed address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Static {
    /// The address alone.
    pub(super) ip: String,
    /// Length of the prefix, bits.
    pub(super) length: String,
    pub(super) gateway: Option<Gateway>,
}

/// Where packets for elsewhere go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gateway {
    pub(super) ip: String,
    /// Whether it lies in the address's own network; otherwise it needs a route of its own.
    pub(super) inside: bool,
    /// Whether it is an address that every link has: always reached, though in no network.
    pub(super) link_local: bool,
}

impl Static {
    /// Address and prefix length.
    pub(super) fn cidr(&self) -> String {
        format!("{}/{}", self.ip, self.length)
    }

    /// The prefix as a mask; IPv6 knows only lengths.
    pub(super) fn netmask(&self) -> String {
        match self.length.parse::<u8>() {
            Ok(bits) if bits <= 32 && !self.ip.contains(':') => netmask(bits).to_string(),
            _ => self.length.clone(),
        }
    }
}

impl Gateway {
    /// Whether a route to the gateway itself must be made first.
    pub(super) fn needs_route(&self) -> bool {
        !self.inside && !self.link_local
    }
}

impl Method {
    /// What an interface wants of a family.
    pub(super) fn of(net: &NetDevice, family: Family) -> Self {
        let (address, gateway) = match family {
            Family::V4 => (&net.ip, &net.gw),
            Family::V6 => (&net.ip6, &net.gw6),
        };
        match address.as_deref() {
            None => Self::None,
            Some("dhcp") => Self::Dhcp,
            Some("auto") => Self::Auto,
            Some("manual") => Self::Manual,
            Some(address) => {
                let all = if family == Family::V4 { "32" } else { "128" };
                let (ip, length) = address.split_once('/').unwrap_or((address, all));
                let gateway = gateway.as_deref().map(|gateway| Gateway {
                    ip: gateway.to_owned(),
                    inside: reaches(ip, length, gateway),
                    link_local: is_link_local(gateway),
                });
                Self::Static(Static { ip: ip.to_owned(), length: length.to_owned(), gateway })
            }
        }
    }

    /// The fixed address, if it is one.
    pub(super) fn fixed(&self) -> Option<&Static> {
        match self {
            Self::Static(fixed) => Some(fixed),
            _ => None,
        }
    }

    /// Whether the container gets an address.
    pub(super) fn is_on(&self) -> bool {
        matches!(self, Self::Dhcp | Self::Auto | Self::Static(_))
    }
}

fn is_link_local(address: &str) -> bool {
    matches!(address.parse(), Ok(IpAddr::V6(address)) if address.is_unicast_link_local())
}

/// Whether a gateway lies in the address's own network.
fn reaches(address: &str, length: &str, gateway: &str) -> bool {
    let (Ok(ip), Ok(gateway), Ok(prefix)) =
        (address.parse::<IpAddr>(), gateway.parse::<IpAddr>(), length.parse::<u8>())
    else {
        return false;
    };
    let network = |ip| Cidr { ip, prefix }.network();
    ip.is_ipv4() == gateway.is_ipv4() && network(ip) == network(gateway)
}
