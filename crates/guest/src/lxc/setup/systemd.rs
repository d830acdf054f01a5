//! Systems that systemd starts: logins, units at the first boot, identity.

use super::Tree;
use crate::lxc::config::OsType;

/// A login service on each virtual terminal. LXC puts terminals at `/dev/tty1` and so on; the unit that systemd has
/// for containers looks below `/dev/pts`.
pub(super) fn terminals(tree: &Tree<'_>, count: u32) -> std::io::Result<()> {
    let stock = "usr/lib/systemd/system/container-getty@.service";
    if !tree.root.is_file(stock) {
        return Ok(());
    }
    let path = "etc/systemd/system/container-getty@.service";
    let unit = tree.read(stock);
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

/// Lets systemd choose its units anew at the first boot.
pub(super) fn first_boot(tree: &Tree<'_>) -> std::io::Result<()> {
    // Presets serve distributions only since then.
    let since = match tree.ostype {
        OsType::Debian => 12,
        OsType::Ubuntu => 23,
        OsType::Centos => 7,
        OsType::Fedora => 37,
        OsType::Archlinux => 0,
        _ => return Ok(()),
    };
    let debian = matches!(tree.ostype, OsType::Debian | OsType::Ubuntu);
    let systemd = ["usr/lib/systemd/systemd", "lib/systemd/systemd"].iter().any(|path| tree.root.is_file(path));
    // Debian's kin may start by something else.
    if tree.version.0 < since || debian && !systemd {
        return Ok(());
    }
    let mut text = String::from(
        "# Added by PVE at create-time for first-boot configuration.\n\
        enable container-getty@.service\ndisable getty@.service\n\
        disable sys-kernel-config.mount\ndisable sys-kernel-debug.mount\n",
    );
    if matches!(tree.ostype, OsType::Fedora | OsType::Archlinux) {
        text.push_str("enable systemd-networkd.service\n");
    }
    tree.write("etc/systemd/system-preset/00-pve.preset", &text)
}

/// Has networkd started, which templates whose network is netplan's leave to that.
pub(super) fn enable_networkd(tree: &Tree<'_>) -> std::io::Result<()> {
    for (unit, target) in
        [("systemd-networkd.service", "multi-user.target"), ("systemd-networkd.socket", "sockets.target")]
    {
        let stock = ["usr/lib/systemd/system", "lib/systemd/system"].map(|place| format!("{place}/{unit}"));
        let Some(stock) = stock.iter().find(|path| tree.root.is_file(path)) else { continue };
        let link = format!("etc/systemd/system/{target}.wants/{unit}");
        if tree.root.link(&link).is_err() {
            tree.root.symlink(&format!("/{stock}"), &link)?;
        }
    }
    Ok(())
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
