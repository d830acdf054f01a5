//! Which addresses a guest network gets. Pure.

use std::net::{IpAddr, Ipv4Addr};

use host::net::{Cidr, Link, Route};

/// Why a subnet cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubnetError {
    /// Not an IPv4 network with room for guests.
    #[error("bridge address '{0}': expected a private IPv4 address with a prefix of 16 to 28, such as 10.94.0.1/24")]
    Unusable(String),
    /// Traffic of the host would end up at guests.
    #[error("bridge address '{wanted}' overlaps {used} on '{link}': choose another with --bridge-cidr")]
    Taken {
        /// The subnet asked for.
        wanted: String,
        /// What the host uses already.
        used: String,
        /// Over which link.
        link: String,
    },
    /// Everything in 10.64.0.0/10 is in use.
    #[error("no free /24 in 10.64.0.0/10: choose a subnet with --bridge-cidr")]
    Exhausted,
}

/// The addresses of a guest network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subnet {
    /// The bridge's own address: the guests' router and name server.
    pub gateway: Ipv4Addr,
    /// Bits of the prefix, 16 to 28.
    pub prefix: u8,
}

impl Subnet {
    /// Takes a subnet that somebody asked for by the bridge's address in it.
    ///
    /// # Errors
    /// When it is not private IPv4, too small, too large, or the address is not a host's.
    pub fn new(address: Cidr) -> Result<Self, SubnetError> {
        let wrong = || SubnetError::Unusable(address.to_string());
        let IpAddr::V4(gateway) = address.ip else { return Err(wrong()) };
        if !(16..=28).contains(&address.prefix) || !gateway.is_private() {
            return Err(wrong());
        }
        let subnet = Self { gateway, prefix: address.prefix };
        let own = u32::from(gateway);
        if own == subnet.first() || own == subnet.last() { Err(wrong()) } else { Ok(subnet) }
    }

    /// The bridge's address with its prefix.
    #[must_use]
    pub fn address(&self) -> Cidr {
        Cidr::v4(self.gateway, self.prefix)
    }

    /// Addresses that DHCP gives away: the upper half, without the broadcast address and the bridge's own. The lower
    /// half is for guests with fixed addresses.
    #[must_use]
    pub fn dhcp_range(&self) -> (Ipv4Addr, Ipv4Addr) {
        let (first, last) = (self.first(), self.last());
        let middle = first + (last - first) / 2 + 1;
        let own = u32::from(self.gateway);
        let start = if own == middle { middle + 1 } else { middle };
        // A bridge's address inside the range is no harm: the server does not give its own address away.
        (start.into(), (last - 1).into())
    }

    /// Refuses it if the host has an address or a route in it, other than on `except`.
    ///
    /// # Errors
    /// When it overlaps; the error names what is there.
    pub fn check_free(&self, links: &[Link], routes: &[Route], except: &str) -> Result<(), SubnetError> {
        let own = self.address();
        let addresses =
            links.iter().flat_map(|link| link.addresses.iter().map(|address| (*address, link.name.as_str())));
        let routes = routes.iter().filter(|route| route.destination.prefix > 0);
        let routes = routes.map(|route| (route.destination, route.link.as_str()));
        let mut used = addresses.chain(routes).filter(|(_, link)| *link != except);
        match used.find(|(network, _)| network.overlaps(&own)) {
            Some((network, link)) => Err(SubnetError::Taken {
                wanted: own.to_string(),
                used: network.network().to_string(),
                link: link.to_owned(),
            }),
            None => Ok(()),
        }
    }

    fn first(&self) -> u32 {
        u32::from(self.gateway) & u32::from(self.address().netmask())
    }

    fn last(&self) -> u32 {
        self.first() | !u32::from(self.address().netmask())
    }
}

/// Chooses a free /24 in 10.64.0.0/10. The search begins at a place that depends on `seed`, so that several
/// installations rarely choose the same.
///
/// # Errors
/// When none is free.
pub fn choose(seed: u64, links: &[Link], routes: &[Route], except: &str) -> Result<Subnet, SubnetError> {
    const NETWORKS: u64 = 64 * 256;
    for step in 0..NETWORKS {
        let number = ((seed + step) % NETWORKS) as u32;
        let gateway = Ipv4Addr::from(u32::from(Ipv4Addr::new(10, 64, 0, 1)) + (number << 8));
        let subnet = Subnet { gateway, prefix: 24 };
        if subnet.check_free(links, routes, except).is_ok() {
            return Ok(subnet);
        }
    }
    Err(SubnetError::Exhausted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn subnet(text: &str) -> Result<Subnet, SubnetError> {
        Subnet::new(text.parse().unwrap())
    }

    fn route(destination: &str, link: &str) -> Route {
        Route { destination: destination.parse().unwrap(), gateway: None, link: link.into() }
    }

    #[test]
    fn only_private_subnets_with_room_are_taken() {
        assert!(subnet("10.5.5.1/24").is_ok() && subnet("192.168.7.254/28").is_ok());
        for bad in ["8.8.8.1/24", "10.5.5.0/24", "10.5.5.255/24", "10.5.5.1/30", "10.0.0.1/8", "fd00::1/64"] {
            assert_eq!(subnet(bad), Err(SubnetError::Unusable(bad.into())));
        }
    }

    #[test]
    fn the_upper_half_is_for_dhcp() {
        let range = |text: &str| subnet(text).unwrap().dhcp_range();
        assert_eq!(range("10.5.5.1/24"), (Ipv4Addr::new(10, 5, 5, 128), Ipv4Addr::new(10, 5, 5, 254)));
        assert_eq!(range("10.5.5.128/24").0, Ipv4Addr::new(10, 5, 5, 129));
        assert_eq!(range("10.5.5.17/28"), (Ipv4Addr::new(10, 5, 5, 24), Ipv4Addr::new(10, 5, 5, 30)));
    }

    #[test]
    fn what_the_host_uses_is_named() {
        let routes = [route("0.0.0.0/0", "eth0"), route("10.5.0.0/16", "wg0")];
        let error = subnet("10.5.5.1/24").unwrap().check_free(&[], &routes, "vmbr0").unwrap_err().to_string();
        assert_eq!(
            error,
            "bridge address '10.5.5.1/24' overlaps 10.5.0.0/16 on 'wg0': choose another with --bridge-cidr"
        );
        assert_eq!(subnet("10.5.5.1/24").unwrap().check_free(&[], &routes, "wg0"), Ok(()));
    }

    #[test]
    fn a_host_that_uses_all_of_ten_gets_an_error() {
        assert_eq!(choose(1, &[], &[route("10.0.0.0/8", "eth0")], "vmbr0"), Err(SubnetError::Exhausted));
    }

    proptest! {
        #[test]
        fn what_is_chosen_is_free_and_usable(seed: u64, nets in proptest::collection::vec((any::<u32>(), 9u8..=32), 0..20)) {
            let routes: Vec<Route> = nets.iter().map(|(ip, prefix)| Route {
                destination: Cidr::v4((*ip & 0x007f_ffff | 0x0a00_0000).into(), *prefix).network(),
                gateway: None,
                link: "eth0".into(),
            }).collect();
            if let Ok(chosen) = choose(seed >> 1, &[], &routes, "vmbr0") {
                prop_assert_eq!(Subnet::new(chosen.address()), Ok(chosen));
                prop_assert_eq!(chosen.check_free(&[], &routes, "vmbr0"), Ok(()));
            }
        }
    }
}
