//! Interfaces of systemd-networkd (systemd.network(5)): `/etc/systemd/network/{interface}.network`.

use super::{
    Tree,
    address::{Family, Method, Static},
};
use crate::lxc::config::NetDevice;

pub(super) fn network(tree: &Tree<'_>) -> std::io::Result<()> {
    for net in tree.nets() {
        tree.write(&format!("etc/systemd/network/{}.network", net.name), &file(net))?;
    }
    Ok(())
}

fn file(net: &NetDevice) -> String {
    let (v4, v6) = (Method::of(net, Family::V4), Method::of(net, Family::V6));
    let mut text = format!(
        "[Match]\nName = {name}\n\n[Network]\nDescription = Interface {name} autoconfigured by PVE\n",
        name = net.name
    );
    let mut routes = String::new();
    for fixed in [&v4, &v6].into_iter().filter_map(Method::fixed) {
        text.push_str(&format!("Address = {}\n", fixed.cidr()));
        match &fixed.gateway {
            Some(gateway) if gateway.needs_route() => routes.push_str(&on_link(fixed, &gateway.ip)),
            Some(gateway) => text.push_str(&format!("Gateway = {}\n", gateway.ip)),
            None => {}
        }
    }
    let dhcp = match (v4 == Method::Dhcp, v6 == Method::Dhcp) {
        (true, true) => "yes",
        (true, false) => "ipv4",
        (false, true) => "ipv6",
        (false, false) => "no",
    };
    // DHCPv6 begins when a router says so.
    let listens = matches!(v6, Method::Auto | Method::Dhcp);
    text.push_str(&format!("DHCP = {dhcp}\nIPv6AcceptRA = {listens}\n"));
    text + &routes
}

/// The way to a gateway in a network of its own.
fn on_link(fixed: &Static, gateway: &str) -> String {
    let whole = if fixed.ip.contains(':') { "::/0" } else { "0.0.0.0/0" };
    format!("\n[Route]\nGateway = {gateway}\nDestination = {whole}\nGatewayOnLink = true\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        file(&schema::property::parse::<NetDevice>(text).unwrap())
    }

    #[test]
    fn an_interface_by_family_and_method() {
        insta::assert_snapshot!(of("name=eth0,ip=192.0.2.9/24,gw=192.0.2.1,ip6=auto"), @"
        [Match]
        Name = eth0

        [Network]
        Description = Interface eth0 autoconfigured by PVE
        Address = 192.0.2.9/24
        Gateway = 192.0.2.1
        DHCP = no
        IPv6AcceptRA = true
        ");
        insta::assert_snapshot!(of("name=eth1,ip=dhcp,ip6=2001:db8::9/64,gw6=fe80::1"), @"
        [Match]
        Name = eth1

        [Network]
        Description = Interface eth1 autoconfigured by PVE
        Address = 2001:db8::9/64
        Gateway = fe80::1
        DHCP = ipv4
        IPv6AcceptRA = false
        ");
    }

    #[test]
    fn a_gateway_elsewhere_is_on_the_link() {
        assert!(
            of("name=eth0,ip=192.0.2.9/32,gw=198.51.100.1")
                .ends_with("\n[Route]\nGateway = 198.51.100.1\nDestination = 0.0.0.0/0\nGatewayOnLink = true\n")
        );
    }
}
