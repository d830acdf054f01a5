//! openSUSE and SLES: `/etc/sysconfig/network/ifcfg-*` and `ifroute-*` (ifcfg(5), routes(5)).

use super::{
    Tree,
    address::{Family, Method},
    section,
};
use crate::lxc::config::NetDevice;

pub(super) fn network(tree: &Tree<'_>) -> std::io::Result<()> {
    for net in tree.nets() {
        tree.write(&format!("etc/sysconfig/network/ifcfg-{}", net.name), &interface(net))?;
        let path = format!("etc/sysconfig/network/ifroute-{}", net.name);
        let (before, lines) = (tree.read(&path), routes(net));
        match lines.is_empty() {
            false => tree.write(&path, &section::replace(&before, &lines))?,
            true if section::without(&before) != before => tree.write(&path, &section::without(&before))?,
            true => {}
        }
    }
    Ok(())
}

fn interface(net: &NetDevice) -> String {
    let (v4, v6) = (Method::of(net, Family::V4), Method::of(net, Family::V6));
    let start = if v4.is_on() || v6.is_on() { "onboot" } else { "manual" };
    let protocol = match (&v4, &v6) {
        (Method::Dhcp, Method::Dhcp) => "dhcp",
        (Method::Dhcp, _) => "dhcp4",
        (_, Method::Dhcp) => "dhcp6",
        _ => "static",
    };
    let mut text = format!("STARTMODE={start}\nBOOTPROTO={protocol}\n");
    let fixed: Vec<_> = [&v4, &v6].into_iter().filter_map(Method::fixed).collect();
    match fixed[..] {
        [one] => text.push_str(&format!("IPADDR={}\n", one.cidr())),
        _ => {
            for (number, fixed) in (1..).zip(&fixed) {
                text.push_str(&format!("IPADDR_{number}={}\n", fixed.cidr()));
            }
        }
    }
    text
}

/// Destination, gateway, mask and interface; `-` and zeros stand for none.
fn routes(net: &NetDevice) -> String {
    let mut lines = String::new();
    let name = &net.name;
    if let Some(gateway) = Method::of(net, Family::V4).fixed().and_then(|fixed| fixed.gateway.as_ref()) {
        let ip = &gateway.ip;
        if gateway.needs_route() {
            lines.push_str(&format!("{ip} 0.0.0.0 255.255.255.255 {name}\n"));
        }
        lines.push_str(&format!("default {ip} 0.0.0.0 {name}\n"));
    }
    if let Some(gateway) = Method::of(net, Family::V6).fixed().and_then(|fixed| fixed.gateway.as_ref()) {
        let ip = &gateway.ip;
        if gateway.needs_route() {
            lines.push_str(&format!("{ip}/128 - - {name}\n"));
        }
        lines.push_str(&format!("default {ip} - {name}\n"));
    }
    lines
}
