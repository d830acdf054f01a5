//! Archives to make containers from.

use std::path::PathBuf;

use host::run::Run;

use super::build::{Log, PACK, Tree, Workspace, bootstrap};
use super::{Image, System};
use crate::StorageError;

/// What sets up the network of a Debian.
const IFUPDOWN: [&str; 2] = ["ifupdown", "isc-dhcp-client"];

/// A small system that a person can log in to and administer.
const PACKAGES: [&str; 16] = [
    "systemd-sysv",
    "dbus",
    "iproute2",
    "iputils-ping",
    "netbase",
    "openssh-server",
    "ca-certificates",
    "procps",
    "less",
    "nano",
    "vim-tiny",
    "wget",
    "cron",
    "logrotate",
    "login",
    "passwd",
];

/// Builds the archive.
pub(super) async fn build(workspace: &Workspace, image: &Image, log: Log<'_>) -> Result<PathBuf, StorageError> {
    let root = workspace.join("root");
    let network = if image.system == System::Debian { &IFUPDOWN[..] } else { &[] };
    bootstrap(image, &root, &[&PACKAGES, network].concat(), log).await?;
    let tree = Tree(&root);
    tree.make_generic(image)?;
    tree.write("etc/resolv.conf", "")?;
    match image.system {
        System::Debian => tree.write("etc/network/interfaces", "auto lo\niface lo inet loopback\n")?,
        System::Ubuntu => tree.enable("systemd-networkd.service", "multi-user.target")?,
    }
    let target = workspace.join(&image.name);
    log("packing the archive");
    // Device nodes cannot be made where the archive is unpacked without privileges; a container gets its own /dev.
    Run::new("tar")
        .args(["--numeric-owner", "--xattrs", "--one-file-system", "--sort=name", "--exclude=./dev/*"])
        .args(["--use-compress-program=zstd -T0 -9", "-cf"])
        .arg(&target)
        .arg("-C")
        .arg(&root)
        .arg(".")
        .deadline(PACK)
        .lines(|line| log(line))
        .await?;
    Ok(target)
}
