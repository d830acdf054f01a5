//! Debian and its kin, and Alpine: ifupdown's `interfaces`, and logins by `inittab`.

use super::{Tree, Version, interfaces};
use crate::lxc::config::{NetDevice, OsType};

pub(super) fn network(tree: &Tree<'_>) -> std::io::Result<()> {
    let nets: Vec<NetDevice> = tree.nets().map(|net| for_ifupdown(tree, net)).collect();
    if nets.is_empty() {
        return Ok(());
    }
    let cidr = match tree.ostype {
        OsType::Devuan => false,
        OsType::Alpine => tree.version >= Version(3, 13),
        _ => tree.version.0 >= 10,
    };
    let path = "etc/network/interfaces";
    tree.write(path, &interfaces::update(&tree.read(path), &nets.iter().collect::<Vec<_>>(), cidr))
}

/// Alpine's ifupdown has no IPv6 client of its own: the kernel does it by itself.
fn for_ifupdown(tree: &Tree<'_>, net: &NetDevice) -> NetDevice {
    let mut net = net.clone();
    if tree.ostype == OsType::Alpine && matches!(net.ip6.as_deref(), Some("dhcp" | "auto")) {
        net.ip6 = Some("manual".into());
    }
    net
}

pub(super) fn terminals(tree: &Tree<'_>, count: u32) -> std::io::Result<()> {
    tree.write("etc/inittab", &inittab(&tree.read("etc/inittab"), count, tree.version.0))
}

/// Busybox' init: a login for each terminal that there is.
pub(super) fn busybox_terminals(tree: &Tree<'_>, count: u32) -> std::io::Result<()> {
    let path = "etc/inittab";
    if !tree.root.is_file(path) {
        return Ok(());
    }
    let text = tree.read(path);
    let number = |line: &str| -> Option<u32> { line.trim_start().strip_prefix("tty")?.split_once(':')?.0.parse().ok() };
    let kept: Vec<&str> = text.lines().filter(|line| number(line).is_none()).collect();
    let mut out = format!("{}\n", kept.join("\n").trim_end());
    for number in 1..=count {
        out.push_str(&format!("tty{number}::respawn:/sbin/getty 38400 tty{number}\n"));
    }
    tree.write(path, &out)
}

/// Jobs of upstart(7): a login on each terminal that there is.
pub(super) fn upstart(tree: &Tree<'_>, count: u32) -> std::io::Result<()> {
    for number in 1..=6 {
        let path = format!("etc/init/tty{number}.conf");
        if number > count {
            tree.root.remove(&path)?;
        } else if !tree.root.is_file(&path) {
            let job = format!(
                "# A login on one terminal of the container.\n\nstart on stopped rc RUNLEVEL=[2345]\n\
                 stop on runlevel [!2345]\nrespawn\nexec /sbin/getty -8 38400 tty{number}\n"
            );
            tree.write(&path, &job)?;
        }
    }
    Ok(())
}

/// A login on each virtual terminal of the container; and a clean halt when the host asks for one (SIGPWR).
fn inittab(text: &str, count: u32, version: u32) -> String {
    let ours = |line: &str| {
        let fields: Vec<&str> = line.splitn(4, ':').collect();
        let [_, _, action, command] = fields[..] else { return false };
        match action {
            "powerfail" | "powerwait" | "powerokwait" | "powerfailnow" => true,
            "respawn" => {
                let device = command.rsplit([' ', '\t']).next().unwrap_or_default();
                let number = device.strip_prefix("tty");
                command.contains("getty") && number.is_some_and(|number| number.parse::<u32>().is_ok())
            }
            _ => false,
        }
    };
    let kept = text.lines().filter(|line| line.starts_with('#') || !ours(line));
    let kept: Vec<&str> = kept.collect();
    let mut out = format!("{}\n", kept.join("\n").trim_end());
    out.push_str("p0::powerfail:/sbin/init 0\n");
    let option = if version < 7 { "-L" } else { "--noclear" };
    for number in 1..=count {
        let levels = if number == 1 { "2345" } else { "23" };
        out.push_str(&format!("{number}:{levels}:respawn:/sbin/getty {option} 38400 tty{number}\n"));
    }
    out
}
