//! Gentoo with OpenRC: `/etc/conf.d/net` (net.example there) and a service link for each interface.

use super::{
    Tree,
    address::{Family, Method},
    section,
};
use crate::lxc::config::NetDevice;

pub(super) fn network(tree: &Tree<'_>) -> std::io::Result<()> {
    let path = "etc/conf.d/net";
    let lines: String = tree.nets().map(interface).collect();
    if lines.is_empty() {
        return Ok(());
    }
    tree.write(path, &section::replace(&tree.read(path), &lines))?;
    for net in tree.nets() {
        for link in [format!("etc/init.d/net.{}", net.name), format!("etc/runlevels/default/net.{}", net.name)] {
            let target = if link.starts_with("etc/init.d") {
                "net.lo".to_owned()
            } else {
                format!("/etc/init.d/net.{}", net.name)
            };
            if tree.root.link(&link).is_err() && !tree.root.exists(&link) {
                tree.root.symlink(&target, &link)?;
            }
        }
    }
    Ok(())
}

fn interface(net: &NetDevice) -> String {
    // OpenRC makes a variable of a name by replacing what cannot stand in one.
    let name: String = net.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let (mut config, mut routes) = (Vec::new(), Vec::new());
    for (family, dhcp) in [(Family::V4, "dhcp"), (Family::V6, "dhcpv6")] {
        match Method::of(net, family) {
            Method::Dhcp => config.push(dhcp.to_owned()),
            Method::Static(fixed) => {
                config.push(fixed.cidr());
                if let Some(gateway) = fixed.gateway {
                    let bits = if family == Family::V4 { 32 } else { 128 };
                    if gateway.needs_route() {
                        routes.push(format!("{}/{bits}", gateway.ip));
                    }
                    routes.push(format!("default via {}", gateway.ip));
                }
            }
            Method::None | Method::Manual | Method::Auto => {}
        }
    }
    if config.is_empty() {
        config.push("null".into());
    }
    let mut text = format!("config_{name}=\"{}\"\n", config.join("\n"));
    if !routes.is_empty() {
        text.push_str(&format!("routes_{name}=\"{}\"\n", routes.join("\n")));
    }
    text
}

/// The name where OpenRC looks for it.
pub(super) fn host_name(tree: &Tree<'_>) -> std::io::Result<()> {
    let Some(name) = tree.config.hostname.as_deref() else { return Ok(()) };
    let name = name.split('.').next().unwrap_or(name);
    tree.write("etc/conf.d/hostname", &format!("hostname=\"{name}\"\n"))
}
