//! Formats that texts of the interface have, by the names that PVE's schema gives them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::kind::split_list;
use crate::size;

/// Checks a value against a format. A format without a rule of its own takes any text: its user checks further.
///
/// # Errors
/// What is wrong with the value.
pub fn check(name: &str, value: &str) -> Result<(), String> {
    if let Some(item) = name.strip_suffix("-list") {
        return split_list(value).try_for_each(|part| check(item, part));
    }
    if let Some(item) = name.strip_suffix("-opt") {
        return if value.is_empty() { Ok(()) } else { check(item, value) };
    }
    let Some((what, holds)) = rule(name, value) else { return Ok(()) };
    if holds { Ok(()) } else { Err(format!("value '{value}' does not look like a valid {what}")) }
}

/// The text name of a format and whether the value has it; `None` for formats without a rule.
fn rule(name: &str, value: &str) -> Option<(&'static str, bool)> {
    Some(match name {
        "pve-configid" => ("configuration ID", is_config_id(value)),
        "pve-node" => ("node name", is_label(value)),
        "pve-storage-id" => ("storage ID", is_storage_id(value)),
        "pve-vmid" => ("VM ID", is_vmid(value)),
        "pve-poolid" => ("pool name", is_pool_id(value)),
        "pve-groupid" | "pve-roleid" => ("name", is_name(value)),
        "pve-realm" => ("realm", is_realm(value)),
        "pve-userid" => ("user name", is_userid(value)),
        "pve-tokenid" => ("token ID", is_tokenid(value)),
        "pve-tag" => ("tag", is_tag(value)),
        "pve-iface" => ("network interface name", is_iface(value)),
        "pve-bridge-id" => ("bridge name", !value.is_empty() && value.chars().all(is_bridge_char)),
        "pve-volume-id" => ("volume ID", is_volume_id(value)),
        "pve-volume-id-or-absolute-path" => ("volume ID or path", value.starts_with('/') || is_volume_id(value)),
        "pve-volume-id-or-qm-path" => ("volume ID or path", is_qm_path(value)),
        "pve-lxc-mp-string" => ("mount point", is_mount_path(value)),
        "pve-lxc-dev-string" => ("device path", value.starts_with("/dev/") && !value.contains("..")),
        "mac-addr" => ("MAC address", is_unicast_mac(value)),
        "mac-prefix" => ("MAC prefix", is_mac_prefix(value)),
        "ip" => ("IP address", value.parse::<IpAddr>().is_ok()),
        "ipv4" => ("IPv4 address", value.parse::<Ipv4Addr>().is_ok()),
        "ipv6" => ("IPv6 address", value.parse::<Ipv6Addr>().is_ok()),
        "ipv4mask" => ("IPv4 netmask", is_netmask(value)),
        "CIDR" | "IPorCIDR" if name == "IPorCIDR" && value.parse::<IpAddr>().is_ok() => ("address", true),
        "CIDR" | "IPorCIDR" | "FullRangeCIDR" => ("CIDR network", is_cidr(value, 32) || is_cidr(value, 128)),
        "CIDRv4" => ("IPv4 CIDR network", is_cidr(value, 32)),
        "CIDRv6" => ("IPv6 CIDR network", is_cidr(value, 128)),
        "pve-ipv4-config" => ("IPv4 configuration", ["dhcp", "manual"].contains(&value) || is_cidr(value, 32)),
        "pve-ipv6-config" => ("IPv6 configuration", ["auto", "dhcp", "manual"].contains(&value) || is_cidr(value, 128)),
        "lxc-ip-with-ll-iface" => ("IP address", is_ip_with_interface(value)),
        "dns-name" => ("DNS name", is_dns_name(value)),
        "address" | "pve-storage-server" => ("address", is_address(value)),
        "pve-storage-portal-dns" => ("address with or without a port", is_portal(value)),
        "email" | "email-or-username" => {
            ("email address", is_email(value) || (name.ends_with("username") && is_realm(value)))
        }
        "disk-size" => ("disk size", size::parse_disk_size(value).is_some()),
        "pve-cpuset" => ("CPU set", is_cpuset(value)),
        "pve-startup-order" => ("startup order", is_startup(value)),
        "pve-hotplug-features" => ("hotplug feature list", is_hotplug(value)),
        "pve-storage-content" => ("content type", is_content(value)),
        "pve-storage-format" => ("image format", ["raw", "qcow2", "vmdk", "subvol"].contains(&value)),
        "pve-storage-path" | "pve-storage-path-in-property-string" => ("path", is_storage_path(value)),
        "pve-task-status-type" => ("task status", ["ok", "error", "warning", "unknown"].contains(&value)),
        "pve-phys-bits" => {
            ("number of address bits", value == "host" || value.parse().is_ok_and(|n: u8| (8..=64).contains(&n)))
        }
        "pve-priv" => ("privilege", value.chars().all(|c| c.is_ascii_alphabetic() || c == '.')),
        "timezone" | "pve-ct-timezone" => ("time zone", is_timezone(value)),
        "urlencoded" => ("URL-encoded text", is_urlencoded(value)),
        "storage-pair" => {
            ("storage pair", value.split(':').count() <= 2 && value.split(':').all(|s| s == "1" || is_storage_id(s)))
        }
        _ => return None,
    })
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn starts_alphabetic(value: &str) -> bool {
    value.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// A letter, then at least one of letters, digits, `_`, `-`.
pub fn is_config_id(value: &str) -> bool {
    starts_alphabetic(value) && value.len() >= 2 && value.chars().all(|c| is_word(c) || c == '-')
}

/// A DNS label: letters, digits and inner dashes.
pub fn is_label(value: &str) -> bool {
    !value.is_empty()
        && value.len() <= 63
        && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && !value.starts_with('-')
        && !value.ends_with('-')
}

fn is_storage_id(value: &str) -> bool {
    starts_alphabetic(value)
        && value.len() >= 2
        && value.ends_with(|c: char| c.is_ascii_alphanumeric())
        && value.chars().all(|c| is_word(c) || c == '-' || c == '.')
}

fn is_vmid(value: &str) -> bool {
    value.parse::<crate::types::Vmid>().is_ok()
}

fn is_name(value: &str) -> bool {
    !value.is_empty() && value.chars().all(|c| is_word(c) || c == '-' || c == '.')
}

fn is_pool_id(value: &str) -> bool {
    value.split('/').count() <= 3 && value.split('/').all(is_name)
}

fn is_realm(value: &str) -> bool {
    starts_alphabetic(value) && value.len() >= 2 && is_name(value)
}

fn is_userid(value: &str) -> bool {
    value.rsplit_once('@').is_some_and(|(name, realm)| {
        let plain = !name.contains(|c: char| c.is_whitespace() || c == ':' || c == '/');
        !name.is_empty() && plain && value.len() <= 64 && is_realm(realm)
    })
}

fn is_tokenid(value: &str) -> bool {
    value.rsplit_once('!').is_some_and(|(user, token)| is_userid(user) && is_realm(token))
}

fn is_tag(value: &str) -> bool {
    value.starts_with(|c: char| is_word(c)) && value.chars().all(|c| is_word(c) || "+-.".contains(c))
}

fn is_iface(value: &str) -> bool {
    starts_alphabetic(value)
        && (2..=20).contains(&value.len())
        && value.chars().all(|c| is_word(c) || ":.-".contains(c))
}

fn is_bridge_char(c: char) -> bool {
    is_word(c) || "-.".contains(c)
}

/// `storage:volume` with a non-empty volume part.
pub fn is_volume_id(value: &str) -> bool {
    value.split_once(':').is_some_and(|(storage, volume)| is_storage_id(storage) && !volume.is_empty())
}

fn is_qm_path(value: &str) -> bool {
    ["none", "cdrom"].contains(&value) || value.starts_with('/') || is_volume_id(value)
}

fn is_mount_path(value: &str) -> bool {
    let climbs = value.split('/').any(|part| part == "..");
    !value.is_empty() && !climbs && !value.contains("/./") && !value.ends_with("/.")
}

fn is_unicast_mac(value: &str) -> bool {
    let parts: Vec<&str> = value.split(':').collect();
    parts.len() == 6
        && parts.iter().all(|p| p.len() == 2 && p.chars().all(|c| c.is_ascii_hexdigit()))
        && u8::from_str_radix(parts[0], 16).is_ok_and(|first| first & 1 == 0)
}

fn is_mac_prefix(value: &str) -> bool {
    let text = value.strip_suffix(':').unwrap_or(value);
    let parts: Vec<&str> = text.split(':').collect();
    let last = parts.len() - 1;
    // At most a vendor's half of the address; the last byte may be half given.
    parts.len() <= 3
        && parts.iter().enumerate().all(|(i, p)| {
            (p.len() == 2 || (i == last && i > 0 && p.len() == 1 && !value.ends_with(':')))
                && p.chars().all(|c| c.is_ascii_hexdigit())
        })
        && u8::from_str_radix(parts[0], 16).is_ok_and(|first| first & 1 == 0)
}

fn is_netmask(value: &str) -> bool {
    value.parse::<Ipv4Addr>().is_ok_and(|ip| {
        let bits = u32::from(ip);
        bits != 0 && bits.leading_ones() + bits.trailing_zeros() == 32
    })
}

fn is_cidr(value: &str, bits: u8) -> bool {
    value.split_once('/').is_some_and(|(ip, prefix)| {
        let address = match bits {
            32 => ip.parse::<Ipv4Addr>().is_ok(),
            _ => ip.parse::<Ipv6Addr>().is_ok(),
        };
        address && prefix.len() <= 3 && prefix.parse::<u8>().is_ok_and(|n| n <= bits && (bits == 128 || n > 0))
    })
}

fn is_ip_with_interface(value: &str) -> bool {
    match value.split_once('%') {
        Some((ip, iface)) => ip.parse::<Ipv6Addr>().is_ok() && is_iface(iface),
        None => value.parse::<IpAddr>().is_ok() || value == "host",
    }
}

/// Labels joined by dots.
pub fn is_dns_name(value: &str) -> bool {
    !value.is_empty() && value.len() <= 255 && value.split('.').all(is_label)
}

fn is_address(value: &str) -> bool {
    value.parse::<IpAddr>().is_ok() || is_dns_name(value)
}

/// `ADDRESS`, `ADDRESS:PORT`, `[IPv6]` or `[IPv6]:PORT`.
fn is_portal(value: &str) -> bool {
    let port = |text: &str| text.parse::<u16>().is_ok_and(|port| port > 0);
    if let Some((inner, rest)) = value.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let rest = rest.is_empty() || rest.strip_prefix(':').is_some_and(port);
        return inner.parse::<Ipv6Addr>().is_ok() && rest;
    }
    is_address(value)
        || value
            .rsplit_once(':')
            .is_some_and(|(address, end)| (address.parse::<Ipv4Addr>().is_ok() || is_dns_name(address)) && port(end))
}

fn is_email(value: &str) -> bool {
    value.rsplit_once('@').is_some_and(|(name, domain)| {
        !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || "_+-.~".contains(c))
            && !domain.is_empty()
            && domain.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c))
    })
}

fn is_cpuset(value: &str) -> bool {
    value.split(',').all(|part| {
        let mut ends = part.splitn(2, '-').map(str::parse::<u32>);
        match (ends.next(), ends.next()) {
            (Some(Ok(_)), None) => true,
            (Some(Ok(from)), Some(Ok(to))) => from <= to,
            _ => false,
        }
    })
}

fn is_startup(value: &str) -> bool {
    value.split(',').all(|part| {
        let number = match part.split_once('=') {
            Some(("order" | "up" | "down", number)) => number,
            Some(_) => return false,
            None => part,
        };
        !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
    })
}

fn is_hotplug(value: &str) -> bool {
    ["0", "1"].contains(&value)
        || split_list(value).all(|f| ["network", "disk", "cpu", "memory", "usb", "cloudinit"].contains(&f))
}

fn is_content(value: &str) -> bool {
    ["images", "rootdir", "vztmpl", "iso", "backup", "snippets", "import", "none"].contains(&value)
}

fn is_storage_path(value: &str) -> bool {
    value.starts_with('/') && value.chars().all(|c| is_word(c) || "/-.@:~+ ".contains(c))
}

fn is_timezone(value: &str) -> bool {
    value == "host"
        || (value.chars().all(|c| c.is_ascii_alphanumeric() || "/_+-".contains(c))
            && !value.starts_with('/')
            && !value.is_empty())
}

fn is_urlencoded(value: &str) -> bool {
    value.chars().all(|c| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c))
}
