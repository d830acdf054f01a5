//! CentOS and its kin (Rocky, Alma), and old Fedora: `ifcfg-*` files of the network scripts, or key files of
//! NetworkManager (nm-settings-keyfile(5)) from version 10 on.

use super::{
    Tree,
    address::{Family, Method},
    section,
};
use crate::lxc::config::NetDevice;

const SCRIPTS: &str = "etc/sysconfig/network-scripts";
/// What `etc/sysconfig/network` says of the whole system.
const GLOBAL: &str = "etc/sysconfig/network";

/// Whether the network scripts have an interface already, besides the loopback.
pub(super) fn has_scripts(tree: &Tree<'_>) -> bool {
    let names = tree.root.list(SCRIPTS).unwrap_or_default();
    names.iter().any(|name| name.starts_with("ifcfg-") && name != "ifcfg-lo")
}

/// The network scripts' files.
pub(super) fn scripts(tree: &Tree<'_>) -> std::io::Result<()> {
    let (mut four, mut six) = (false, false);
    for net in tree.nets() {
        let (v4, v6) = (Method::of(net, Family::V4), Method::of(net, Family::V6));
        if v4 == Method::None && v6 == Method::None {
            continue;
        }
        four |= v4.is_on();
        six |= v6.is_on();
        let path = format!("{SCRIPTS}/ifcfg-{}", net.name);
        tree.write(&path, &interface(tree, net, &identity(tree, &path, "UUID=")?))?;
        for (kind, method) in [("route", &v4), ("route6", &v6)] {
            routes(tree, &format!("{SCRIPTS}/{kind}-{}", net.name), &net.name, method)?;
        }
    }
    let mut text = String::new();
    if four {
        text.push_str("NETWORKING=yes\n");
    }
    if six {
        text.push_str("NETWORKING_IPV6=yes\n");
    }
    let before = tree.read(GLOBAL);
    let ours = |line: &&str| line.starts_with("NETWORKING=") || line.starts_with("NETWORKING_IPV6=");
    text.extend(before.lines().filter(|line| !ours(line)).map(|line| format!("{line}\n")));
    tree.write(GLOBAL, &text)
}

/// The name where old systems look for it.
pub(super) fn host_name(tree: &Tree<'_>) -> std::io::Result<()> {
    let Some(name) = tree.config.hostname.as_deref().filter(|_| tree.root.is_file(GLOBAL)) else { return Ok(()) };
    let name = name.split('.').next().unwrap_or(name);
    let before = tree.read(GLOBAL);
    let others = before.lines().filter(|line| !line.starts_with("HOSTNAME="));
    let text: String = others.map(|line| format!("{line}\n")).collect();
    tree.write(GLOBAL, &format!("{text}HOSTNAME={name}\n"))
}

fn interface(tree: &Tree<'_>, net: &NetDevice, uuid: &str) -> String {
    let (v4, v6) = (Method::of(net, Family::V4), Method::of(net, Family::V6));
    let protocol = if v4 == Method::Dhcp { "dhcp" } else { "none" };
    let mut text = format!("DEVICE={}\nONBOOT=yes\nUUID={uuid}\nBOOTPROTO={protocol}\n", net.name);
    if let Some(fixed) = v4.fixed() {
        text.push_str(&format!("IPADDR={}\nNETMASK={}\n", fixed.ip, fixed.netmask()));
        if let Some(gateway) = fixed.gateway.as_ref().filter(|gateway| !gateway.needs_route()) {
            text.push_str(&format!("GATEWAY={}\n", gateway.ip));
        }
    }
    if v6.is_on() {
        text.push_str("IPV6INIT=yes\n");
    }
    match &v6 {
        Method::Auto => text.push_str("IPV6_AUTOCONF=yes\n"),
        Method::Dhcp => text.push_str("DHCPV6C=yes\n"),
        Method::Static(fixed) => {
            text.push_str(&format!("IPV6ADDR={}\n", fixed.cidr()));
            if let Some(gateway) = fixed.gateway.as_ref().filter(|gateway| !gateway.needs_route()) {
                text.push_str(&format!("IPV6_DEFAULTGW={}\n", gateway.ip));
            }
        }
        Method::None | Method::Manual => {}
    }
    for (number, server) in (1..).zip(tree.name_servers()) {
        text.push_str(&format!("DNS{number}={server}\n"));
    }
    if !tree.search().is_empty() {
        text.push_str(&format!("DOMAIN={}\n", tree.search_list()));
    }
    text
}

/// Routes to a gateway that no address reaches.
fn routes(tree: &Tree<'_>, path: &str, name: &str, method: &Method) -> std::io::Result<()> {
    let gateway = method.fixed().and_then(|fixed| fixed.gateway.as_ref()).filter(|gateway| gateway.needs_route());
    let before = tree.read(path);
    match gateway {
        Some(gateway) => {
            let ip = &gateway.ip;
            let all = if ip.contains(':') { 128 } else { 32 };
            let lines = format!("{ip}/{all} dev {name}\ndefault via {ip} dev {name}\n");
            tree.write(path, &section::replace(&before, &lines))
        }
        None if section::without(&before) != before => tree.write(path, &section::without(&before)),
        None => Ok(()),
    }
}

/// The UUID that a connection has already, or a new one.
fn identity(tree: &Tree<'_>, path: &str, key: &str) -> std::io::Result<String> {
    let text = tree.read(path);
    let known = text.lines().find_map(|line| line.strip_prefix(key)).filter(|uuid| !uuid.is_empty());
    known.map_or_else(|| tree.new_uuid(), |uuid| Ok(uuid.to_owned()))
}

/// NetworkManager's key files.
pub(super) fn connections(tree: &Tree<'_>) -> std::io::Result<()> {
    for net in tree.nets() {
        let path = format!("etc/NetworkManager/system-connections/{}.nmconnection", net.name);
        let uuid = identity(tree, &path, "uuid=")?;
        let mut text =
            format!("[connection]\nid={name}\nuuid={uuid}\ntype=ethernet\ninterface-name={name}\n", name = net.name);
        for (section, family) in [("ipv4", Family::V4), ("ipv6", Family::V6)] {
            text.push_str(&format!("[{section}]\n{}", addresses(tree, net, family)));
        }
        // NetworkManager reads no file that others may read.
        tree.write_mode(&path, &text, 0o600)?;
    }
    Ok(())
}

fn addresses(tree: &Tree<'_>, net: &NetDevice, family: Family) -> String {
    let method = Method::of(net, family);
    let name = match (&method, family) {
        (Method::None, _) => return "method=disabled\n".into(),
        (Method::Manual, Family::V4) => return "method=disabled\n".into(),
        (Method::Manual, Family::V6) => return "method=ignore\n".into(),
        (Method::Dhcp, Family::V6) => "dhcp",
        (Method::Dhcp | Method::Auto, _) => "auto",
        (Method::Static(_), _) => "manual",
    };
    let mut text = format!("method={name}\n");
    if let Some(fixed) = method.fixed() {
        match &fixed.gateway {
            Some(gateway) if gateway.needs_route() => {
                let (all, bits) = if family == Family::V4 { ("0.0.0.0", 32) } else { ("::", 128) };
                let ip = &gateway.ip;
                text.push_str(&format!("address1={}\nroute1={ip}/{bits}\nroute2={all}/0,{ip}\n", fixed.cidr()));
            }
            Some(gateway) => text.push_str(&format!("address1={},{}\n", fixed.cidr(), gateway.ip)),
            None => text.push_str(&format!("address1={}\n", fixed.cidr())),
        }
    }
    let servers: Vec<String> =
        tree.name_servers().into_iter().filter(|server| server.contains(':') == (family == Family::V6)).collect();
    if !servers.is_empty() {
        text.push_str(&format!("dns={}\n", servers.join(";")));
    }
    if !tree.search().is_empty() {
        text.push_str(&format!("dns-search={}\n", tree.search_list().replace(' ', ";")));
    }
    text
}

/// Jobs of upstart(7), which starts version 6: a login on each terminal, and a clean end when the host asks for one.
pub(super) fn upstart(tree: &Tree<'_>, count: u32) -> std::io::Result<()> {
    if !tree.root.is_file("etc/init/tty.conf") {
        let login = "# A login on one terminal of the container.\n\nstop on runlevel [S016]\nrespawn\n\
            instance $TTY\nexec /sbin/mingetty --nohangup $TTY\n";
        tree.write("etc/init/tty.conf", login)?;
    }
    let starts: String =
        (1..=count).map(|number| format!("    initctl start tty TTY=/dev/tty{number} || :\n")).collect();
    let logins = format!(
        "# Logins on the terminals that the container has.\n\nstart on stopped rc RUNLEVEL=[2345]\ntask\n\
         script\n    :\n{starts}end script\n"
    );
    tree.write("etc/init/start-ttys.conf", &logins)?;
    let ends = "# The host asks the container to shut down by SIGPWR.\n\nstart on power-status-changed\n\
        exec /sbin/shutdown -h now \"SIGPWR received\"\n";
    tree.write("etc/init/power-status-changed.conf", ends)
}

/// The message locale that minimal systems have; the one they ask for at first is not there.
pub(super) fn locale(tree: &Tree<'_>) -> std::io::Result<()> {
    match tree.root.exists("etc/locale.conf") {
        true => Ok(()),
        false => tree.write("etc/locale.conf", "LANG=C.utf8"),
    }
}
