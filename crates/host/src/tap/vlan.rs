//! VLANs of cards.
//!
//! A bridge that filters by VLAN has them as settings of its ports. For any other bridge, each VLAN gets a bridge of its
//! own (`vmbr0v5`) that hangs on VLAN devices (`eth0.5`) of the ports that lead outside. These stay when the last guest
//! has gone, as others may hang on them.

use std::path::Path;

use super::{Tap, TapError, link};

/// Longest name of a link, bytes.
const NAME: usize = 15;

/// Where a card hangs, with what must be made for that.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Port {
    /// The bridge.
    pub(super) bridge: String,
    /// Whether it filters by VLAN.
    aware: bool,
    /// What is to be said to `ip` first.
    pub(super) make: String,
}

fn aware(bridge: &str) -> bool {
    let flag = std::fs::read_to_string(link(bridge).join("bridge/vlan_filtering"));
    flag.is_ok_and(|flag| flag.trim() == "1")
}

/// The ports of a bridge that lead out of this host: hardware, bonds and VLANs, but no guests.
fn outward(bridge: &str) -> Vec<String> {
    let ports = std::fs::read_dir(link(bridge).join("brif")).into_iter().flatten().flatten();
    let names = ports.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| leads_out(name)).collect();
    names.sort();
    names
}

fn leads_out(name: &str) -> bool {
    let has = |part: &str| link(name).join(part).exists();
    // A virtio card of this host is a device too; a tap is not, nor is a veth.
    has("device") || has("bonding") || is_vlan(name)
}

fn is_vlan(name: &str) -> bool {
    let about = std::fs::read_to_string(link(name).join("uevent")).unwrap_or_default();
    about.lines().any(|line| line == "DEVTYPE=vlan")
}

/// Where a card will hang.
///
/// # Errors
/// When its bridge cannot give it the VLANs that it wants.
pub(super) fn port(tap: &Tap) -> Result<Port, TapError> {
    let aware = aware(&tap.bridge);
    let plain = Port { bridge: tap.bridge.clone(), aware, make: String::new() };
    match tap.tag {
        _ if aware => Ok(plain),
        _ if !tap.trunks.is_empty() => Err(TapError::NotVlanAware(tap.bridge.clone())),
        None => Ok(plain),
        Some(tag) => split(&tap.bridge, tag, &outward(&tap.bridge), is_vlan, |name| link(name).exists()),
    }
}

/// The bridge of one VLAN beside a bridge that knows none.
fn split(
    bridge: &str,
    tag: u16,
    outward: &[String],
    is_vlan: impl Fn(&str) -> bool,
    exists: impl Fn(&str) -> bool,
) -> Result<Port, TapError> {
    if outward.is_empty() {
        return Err(TapError::NoWayOut { bridge: bridge.to_owned(), tag });
    }
    let named = |name: String| {
        let fits = name.len() <= NAME;
        if fits { Ok(name) } else { Err(TapError::LongName(name)) }
    };
    let own = named(format!("{bridge}v{tag}"))?;
    let mut make = String::new();
    if !exists(&own) {
        make += &format!("link add name {own} type bridge\nlink set dev {own} up\n");
    }
    for port in outward {
        let inner = named(format!("{port}.{tag}"))?;
        if !exists(&inner) {
            // A VLAN inside of a VLAN has the other kind of mark outside.
            let protocol = if is_vlan(port) { "protocol 802.1ad " } else { "" };
            make += &format!("link add link {port} name {inner} type vlan {protocol}id {tag}\n");
        }
        make += &format!("link set dev {inner} master {own} up\n");
    }
    Ok(Port { bridge: own, aware: false, make })
}

/// What is to be said to `bridge` about the ports.
pub(super) fn filters(taps: &[(&Tap, Port)]) -> String {
    let mut commands = String::new();
    for (Tap { name, tag, trunks, .. }, _) in taps.iter().filter(|(_, port)| port.aware) {
        match tag {
            // A bridge puts new ports into VLAN 1 by itself.
            Some(tag) => {
                commands += &format!("vlan del dev {name} vid 1-4094\nvlan add dev {name} vid {tag} pvid untagged\n");
            }
            // Who is in none is offered all of them.
            None if trunks.is_empty() => commands += &format!("vlan add dev {name} vid 2-4094\n"),
            None => {}
        }
        for trunk in trunks {
            commands += &format!("vlan add dev {name} vid {trunk}\n");
        }
    }
    commands
}

/// Whether the VLAN devices that would be made are known to the kernel at all is told by `ip`; this adds what to do.
pub(super) fn explained(err: TapError, ports: &[(&Tap, Port)]) -> TapError {
    match err {
        TapError::Run(source) if ports.iter().any(|(_, port)| !port.make.is_empty()) => TapError::Vlan(source),
        err => err,
    }
}

/// Links that were made for ports and shall go again: only those that are new.
pub(super) fn made(ports: &[(&Tap, Port)]) -> Vec<String> {
    let lines = ports.iter().flat_map(|(_, port)| port.make.lines());
    let named = lines.filter(|line| line.starts_with("link add "));
    let names = named.filter_map(|line| line.split(" name ").nth(1)?.split(' ').next().map(str::to_owned));
    names.filter(|name| Path::new("/sys/class/net").join(name).exists()).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::tests::tap, *};

    #[test]
    fn a_bridge_that_filters_has_settings() {
        let taps = [
            Tap { tag: Some(5), trunks: vec!["10-12".into()], ..tap("tap100i0", "vmbr0") },
            tap("tap100i1", "vmbr0"),
            Tap { trunks: vec!["7".into(), "9".into()], ..tap("tap100i2", "vmbr0") },
            tap("tap100i3", "vmbr1"),
        ];
        let port = |aware| Port { bridge: "vmbr0".into(), aware, make: String::new() };
        let ports: Vec<_> = taps.iter().zip([true, true, true, false].map(port)).collect();
        insta::assert_snapshot!(filters(&ports), @r"
        vlan del dev tap100i0 vid 1-4094
        vlan add dev tap100i0 vid 5 pvid untagged
        vlan add dev tap100i0 vid 10-12
        vlan add dev tap100i1 vid 2-4094
        vlan add dev tap100i2 vid 7
        vlan add dev tap100i2 vid 9
        ");
    }

    #[test]
    fn a_plain_bridge_gets_one_beside_it() {
        let ports = ["eth0".to_owned(), "bond0.7".to_owned()];
        let vlan = |name: &str| name.contains('.');
        let made = split("vmbr0", 5, &ports, vlan, |_| false).unwrap();
        assert_eq!(made.bridge, "vmbr0v5");
        insta::assert_snapshot!(made.make, @r"
        link add name vmbr0v5 type bridge
        link set dev vmbr0v5 up
        link add link eth0 name eth0.5 type vlan id 5
        link set dev eth0.5 master vmbr0v5 up
        link add link bond0.7 name bond0.7.5 type vlan protocol 802.1ad id 5
        link set dev bond0.7.5 master vmbr0v5 up
        ");
        let there = split("vmbr0", 5, &ports[..1], vlan, |_| true).unwrap();
        assert_eq!(there.make, "link set dev eth0.5 master vmbr0v5 up\n");
    }

    #[test]
    fn what_cannot_be_is_told() {
        let none = split("vmbr0", 5, &[], |_| false, |_| false).unwrap_err();
        assert_eq!(none.to_string(), "no physical interface on bridge 'vmbr0' that could carry VLAN 5");
        let long = split("averylongbridge", 4000, &["eth0".into()], |_| false, |_| false).unwrap_err();
        assert!(long.to_string().contains("averylongbridgev4000"));
    }
}
