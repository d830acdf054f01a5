//! Debian and Devuan.

use host::rootfs::Root;

use super::{Distribution, Tree, interfaces};
use crate::lxc::config::{NetDevice, OsType};

/// The first version whose units are chosen by a preset.
const PRESETS_SINCE: u32 = 12;

pub(super) fn detect(root: &Root) -> Distribution {
    let text = root.read("etc/debian_version").unwrap_or_default();
    let text = text.trim();
    let number = text.split('.').next().and_then(|major| major.parse().ok());
    // `trixie/sid` on testing: newer than any number.
    Distribution::Debian { ostype: OsType::Debian, version: number.unwrap_or(u32::MAX) }
}

pub(super) fn detect_devuan(root: &Root) -> Distribution {
    let text = root.read("etc/devuan_version").unwrap_or_default();
    let version = match text.trim() {
        "jessie" => 8,
        "ascii" => 9,
        "beowulf" => 10,
        "chimaera" => 11,
        _ => 12,
    };
    Distribution::Debian { ostype: OsType::Devuan, version }
}

pub(super) fn network(tree: &Tree<'_>, version: u32) -> std::io::Result<()> {
    let nets: Vec<&NetDevice> = tree.config.net.values().map(|net| &net.0).collect();
    if nets.is_empty() {
        return Ok(());
    }
    let path = "etc/network/interfaces";
    let devuan = tree.root.exists("etc/devuan_version");
    tree.write(path, &interfaces::update(&tree.read(path), &nets, version >= 10 && !devuan))
}

pub(super) fn terminals(tree: &Tree<'_>, version: u32) -> std::io::Result<()> {
    let count = tree.config.tty.unwrap_or(2);
    if tree.root.is_file("etc/inittab") {
        let text = inittab(&tree.read("etc/inittab"), count, version);
        return tree.write("etc/inittab", &text);
    }
    if tree.root.is_file("usr/lib/systemd/system/container-getty@.service") {
        return systemd_terminals(tree, count);
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

/// A login service on each virtual terminal. LXC puts terminals at `/dev/tty1` and so on; the unit that systemd has
/// for containers looks below `/dev/pts`.
fn systemd_terminals(tree: &Tree<'_>, count: u32) -> std::io::Result<()> {
    let path = "etc/systemd/system/container-getty@.service";
    let unit = tree.read("usr/lib/systemd/system/container-getty@.service");
    let unit = unit
        .replace("ConditionPathExists=/dev/pts/%I", "ConditionPathExists=/dev/tty%I")
        .replace("TTYPath=/dev/pts/%I", "TTYPath=/dev/tty%I")
        .replace("pts/%I", "tty%I")
        .replace("pts/%i", "tty%i");
    tree.write(path, &unit)?;
    let wants = "etc/systemd/system/getty.target.wants";
    for number in 1..=6 {
        let link = format!("{wants}/container-getty@{number}.service");
        let there = tree.root.link(&link).is_ok();
        if number <= count && !there {
            tree.root.symlink(&format!("/{path}"), &link)?;
        } else if number > count && there {
            tree.root.remove(&link)?;
        }
    }
    Ok(())
}

/// Lets systemd choose its units anew at the first boot, and an identity.
pub(super) fn first_boot(tree: &Tree<'_>, version: u32) -> std::io::Result<()> {
    let systemd = tree.root.is_file("usr/lib/systemd/systemd") || tree.root.is_file("lib/systemd/systemd");
    if systemd && version >= PRESETS_SINCE {
        let text = "# Added by PVE at create-time for first-boot configuration.\n\
            enable container-getty@.service\ndisable getty@.service\n\
            disable sys-kernel-config.mount\ndisable sys-kernel-debug.mount\n";
        tree.write("etc/systemd/system-preset/00-pve.preset", text)?;
    }
    new_identity(tree)
}

/// Lets systemd choose an identity at the next boot.
pub(super) fn new_identity(tree: &Tree<'_>) -> std::io::Result<()> {
    if tree.root.exists("etc/machine-id") {
        tree.write("etc/machine-id", "uninitialized\n")?;
        // An old place of the same; two identities would differ.
        if tree.root.is_file("var/lib/dbus/machine-id") && tree.root.link("var/lib/dbus/machine-id").is_err() {
            tree.root.remove("var/lib/dbus/machine-id")?;
        }
    }
    Ok(())
}
