//! Network configuration: version 1 of cloud-init's own format for NoCloud, the text of Debian's `interfaces` for the
//! others.

use std::{
    fmt::Write as _,
    net::{Ipv4Addr, Ipv6Addr},
};

use host::net::netmask;

use super::{Settings, yaml};

/// The DNS servers and search domains of the host, for guests that name none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolver {
    /// Addresses.
    pub nameservers: Vec<String>,
    /// Domains.
    pub search: Vec<String>,
}

/// One address of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Address<A> {
    Static { address: A, prefix: u8, gateway: Option<A> },
    Dhcp,
    Auto,
}

/// A card and what it is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Card {
    pub(super) index: u32,
    /// Hardware address in lower case.
    pub(super) mac: Option<String>,
    pub(super) v4: Option<Address<Ipv4Addr>>,
    pub(super) v6: Option<Address<Ipv6Addr>>,
}

/// Reads `dhcp`, `auto` or an address with its prefix length; anything else (`manual`) leaves the card alone.
pub(super) fn address<A: std::str::FromStr>(text: Option<&str>, gateway: Option<&str>) -> Option<Address<A>> {
    match text? {
        "dhcp" => Some(Address::Dhcp),
        "auto" => Some(Address::Auto),
        fixed => {
            let (address, prefix) = fixed.split_once('/')?;
            let gateway = gateway.and_then(|gateway| gateway.parse().ok());
            Some(Address::Static { address: address.parse().ok()?, prefix: prefix.parse().ok()?, gateway })
        }
    }
}

/// cloud-init's network configuration, version 1.
pub(super) fn version_1(settings: &Settings) -> String {
    let mut out = String::from("version: 1\nconfig:\n");
    for card in &settings.cards {
        let _ = writeln!(out, "  - type: physical\n    name: eth{}", card.index);
        if let Some(mac) = &card.mac {
            let _ = writeln!(out, "    mac_address: {}", yaml::quoted(mac));
        }
        if card.v4.is_some() || card.v6.is_some() {
            out.push_str("    subnets:\n");
        }
        match &card.v4 {
            Some(Address::Static { address, prefix, gateway }) => {
                let _ = writeln!(out, "      - type: static\n        address: \"{address}\"");
                let _ = writeln!(out, "        netmask: \"{}\"", netmask(*prefix));
                if let Some(gateway) = gateway {
                    let _ = writeln!(out, "        gateway: \"{gateway}\"");
                }
            }
            Some(_) => out.push_str("      - type: dhcp4\n"),
            None => {}
        }
        match &card.v6 {
            Some(Address::Static { address, prefix, gateway }) => {
                let _ = writeln!(out, "      - type: static6\n        address: \"{address}/{prefix}\"");
                if let Some(gateway) = gateway {
                    let _ = writeln!(out, "        gateway: \"{gateway}\"");
                }
            }
            Some(Address::Dhcp) => out.push_str("      - type: dhcp6\n"),
            Some(Address::Auto) => out.push_str("      - type: ipv6_slaac\n"),
            None => {}
        }
    }
    let dns = &settings.dns;
    if !dns.nameservers.is_empty() || !dns.search.is_empty() {
        out.push_str("  - type: nameserver\n");
    }
    for (name, values) in [("address", &dns.nameservers), ("search", &dns.search)] {
        if !values.is_empty() {
            let _ = writeln!(out, "    {name}:");
            for value in values {
                let _ = writeln!(out, "      - {}", yaml::quoted(value));
            }
        }
    }
    out
}

/// `/etc/network/interfaces`. Readers take DNS servers only where an interface has them, so each has all.
pub(super) fn interfaces(settings: &Settings) -> String {
    let mut out = String::from("auto lo\niface lo inet loopback\n");
    for card in &settings.cards {
        let _ = write!(out, "\nauto eth{}\n", card.index);
        match &card.v4 {
            Some(Address::Static { address, prefix, gateway }) => {
                stanza(&mut out, settings, card, "inet static");
                let _ = writeln!(out, "        address {address}\n        netmask {}", netmask(*prefix));
                if let Some(gateway) = gateway {
                    let _ = writeln!(out, "        gateway {gateway}");
                }
            }
            Some(_) => stanza(&mut out, settings, card, "inet dhcp"),
            None => {}
        }
        match &card.v6 {
            Some(Address::Static { address, prefix, gateway }) => {
                stanza(&mut out, settings, card, "inet6 static");
                let _ = writeln!(out, "        address {address}\n        netmask {prefix}");
                if let Some(gateway) = gateway {
                    let _ = writeln!(out, "        gateway {gateway}");
                }
            }
            Some(Address::Dhcp) => stanza(&mut out, settings, card, "inet6 dhcp"),
            Some(Address::Auto) => stanza(&mut out, settings, card, "inet6 auto"),
            None => {}
        }
    }
    out
}

fn stanza(out: &mut String, settings: &Settings, card: &Card, method: &str) {
    let _ = writeln!(out, "iface eth{} {method}", card.index);
    if let Some(mac) = &card.mac {
        let _ = writeln!(out, "        hwaddress ether {mac}");
    }
    for (name, values) in [("dns-nameservers", &settings.dns.nameservers), ("dns-search", &settings.dns.search)] {
        // A word of the file ends at white space, and nothing else can be said in it: `Settings` has words only.
        if !values.is_empty() {
            let _ = writeln!(out, "        {name} {}", values.join(" "));
        }
    }
}
