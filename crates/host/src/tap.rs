//! The host's end of VM network cards: tap devices on bridges.
//!
//! They are made before QEMU starts (which then needs no right and no script for it) and all at once: one `ip` process
//! for all cards of a VM.

use std::path::Path;

use crate::run::{Run, RunError};

/// One card's host end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tap {
    /// `tap{vmid}i{n}`, at most 15 bytes.
    pub name: String,
    /// The bridge it hangs on.
    pub bridge: String,
    /// Largest frame, bytes; the bridge's own when not given.
    pub mtu: Option<u32>,
    /// Whether QEMU opens several queues of it.
    pub multiqueue: bool,
    /// Put the card into this VLAN of a bridge that knows VLANs.
    pub tag: Option<u16>,
    /// Further VLANs that may pass tagged, as `bridge vlan` takes them (`10` or `10-20`).
    pub trunks: Vec<String>,
}

/// Why cards could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TapError {
    /// No such link, or it is not a bridge.
    #[error("bridge '{0}' does not exist")]
    NoBridge(String),
    /// VLANs on a bridge that does not filter by them.
    #[error("bridge '{0}' is not VLAN aware: set bridge-vlan-aware on it to use 'tag' or 'trunks'")]
    NotVlanAware(String),
    /// `ip` or `bridge` failed.
    #[error("unable to set up tap devices: {0}")]
    Run(#[from] RunError),
}

fn link(name: &str) -> std::path::PathBuf {
    Path::new("/sys/class/net").join(name)
}

/// Largest frame that the bridge passes, bytes.
///
/// # Errors
/// When there is no such bridge.
pub fn bridge_mtu(bridge: &str) -> Result<u32, TapError> {
    let missing = || TapError::NoBridge(bridge.to_owned());
    if bridge.contains('/') || !link(bridge).join("bridge").is_dir() {
        return Err(missing());
    }
    let text = std::fs::read_to_string(link(bridge).join("mtu")).map_err(|_| missing())?;
    text.trim().parse().map_err(|_| missing())
}

fn vlan_aware(bridge: &str) -> bool {
    let flag = std::fs::read_to_string(link(bridge).join("bridge/vlan_filtering"));
    flag.is_ok_and(|flag| flag.trim() == "1")
}

/// Refuses bridges that are missing or cannot do what is asked.
fn check(taps: &[Tap]) -> Result<(), TapError> {
    for tap in taps {
        bridge_mtu(&tap.bridge)?;
        if (tap.tag.is_some() || !tap.trunks.is_empty()) && !vlan_aware(&tap.bridge) {
            return Err(TapError::NotVlanAware(tap.bridge.clone()));
        }
    }
    Ok(())
}

/// Makes the devices and hangs them on their bridges. Left-overs of the same names are replaced.
///
/// # Errors
/// When a bridge is missing (checked before anything is made) or the kernel refuses; then none of them is left.
pub async fn create(taps: &[Tap]) -> Result<(), TapError> {
    check(taps)?;
    if taps.is_empty() {
        return Ok(());
    }
    let made = async {
        batch("ip", links(taps, |name| link(name).exists())).await?;
        batch("bridge", vlans(taps)).await
    };
    if let Err(err) = made.await {
        remove(&taps.iter().map(|tap| tap.name.as_str()).collect::<Vec<_>>()).await?;
        return Err(err);
    }
    Ok(())
}

/// Hangs devices that exist on their bridges anew, with the VLANs that they shall be in. The guest's cable stays in.
///
/// # Errors
/// As [`create`]; a device may hang on its old bridge then, or on none.
pub async fn attach(taps: &[Tap]) -> Result<(), TapError> {
    check(taps)?;
    let mut commands = String::new();
    for Tap { name, bridge, .. } in taps {
        // Off first, so that the port starts with the VLANs of a new one.
        commands += &format!("link set dev {name} nomaster\nlink set dev {name} master {bridge} up\n");
    }
    batch("ip", commands).await?;
    batch("bridge", vlans(taps)).await
}

/// Removes the devices that exist.
///
/// # Errors
/// When the kernel refuses.
pub async fn remove(names: &[&str]) -> Result<(), TapError> {
    let there = names.iter().filter(|name| link(name).exists());
    batch("ip", there.map(|name| format!("link del dev {name}\n")).collect()).await
}

/// The existing host ends of a VM's cards.
#[must_use]
pub fn of_vm(vmid: u32) -> Vec<String> {
    let prefix = format!("tap{vmid}i");
    let Ok(links) = std::fs::read_dir("/sys/class/net") else { return Vec::new() };
    let names = links.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter(|name| name.starts_with(&prefix)).collect()
}

async fn batch(program: &str, commands: String) -> Result<(), TapError> {
    if commands.is_empty() {
        return Ok(());
    }
    Run::new(program).args(["-batch", "-"]).stdin(commands).output().await?;
    Ok(())
}

fn links(taps: &[Tap], exists: impl Fn(&str) -> bool) -> String {
    let mut commands = String::new();
    for Tap { name, bridge, mtu, multiqueue, .. } in taps {
        if exists(name) {
            commands += &format!("link del dev {name}\n");
        }
        let queues = if *multiqueue { " multi_queue" } else { "" };
        let mtu = mtu.map(|mtu| format!(" mtu {mtu}")).unwrap_or_default();
        commands += &format!("tuntap add dev {name} mode tap vnet_hdr{queues}\n");
        commands += &format!("link set dev {name}{mtu} master {bridge} up\n");
    }
    commands
}

fn vlans(taps: &[Tap]) -> String {
    let mut commands = String::new();
    for Tap { name, tag, trunks, .. } in taps {
        if let Some(tag) = tag {
            // A bridge puts new ports into VLAN 1 by itself.
            commands += &format!("vlan del dev {name} vid 1-4094\nvlan add dev {name} vid {tag} pvid untagged\n");
        }
        for trunk in trunks {
            commands += &format!("vlan add dev {name} vid {trunk}\n");
        }
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tap(name: &str, bridge: &str) -> Tap {
        Tap { name: name.into(), bridge: bridge.into(), mtu: None, multiqueue: false, tag: None, trunks: Vec::new() }
    }

    #[test]
    fn one_batch_for_all_cards() {
        let taps = [
            Tap { tag: Some(5), trunks: vec!["10-12".into()], ..tap("tap100i0", "vmbr0") },
            Tap { mtu: Some(1400), multiqueue: true, ..tap("tap100i1", "vmbr1") },
        ];
        insta::assert_snapshot!(links(&taps, |name| name == "tap100i1"), @r"
        tuntap add dev tap100i0 mode tap vnet_hdr
        link set dev tap100i0 master vmbr0 up
        link del dev tap100i1
        tuntap add dev tap100i1 mode tap vnet_hdr multi_queue
        link set dev tap100i1 mtu 1400 master vmbr1 up
        ");
        insta::assert_snapshot!(vlans(&taps), @r"
        vlan del dev tap100i0 vid 1-4094
        vlan add dev tap100i0 vid 5 pvid untagged
        vlan add dev tap100i0 vid 10-12
        ");
    }

    #[tokio::test]
    async fn a_missing_bridge_is_told_before_anything_is_made() {
        let missing = create(&[tap("tap999999i0", "lo"), tap("tap999999i1", "nobr9")]).await.unwrap_err();
        assert_eq!(missing.to_string(), "bridge 'lo' does not exist");
        assert!(of_vm(999_999).is_empty());
    }

    #[tokio::test]
    async fn devices_come_and_go_on_a_real_bridge() {
        let bridge = format!("plt{}", std::process::id() % 100_000);
        let made = Run::new("ip").args(["link", "add", &bridge, "type", "bridge"]).output().await;
        if let Err(err) = made {
            eprintln!("skipped: no bridge can be made here: {err}");
            return;
        }
        let name = format!("tap{}i0", std::process::id());
        let outcome = async {
            create(&[tap(&name, &bridge)]).await?;
            create(&[tap(&name, &bridge)]).await?;
            let there = of_vm(std::process::id());
            remove(&[&name, "tapabsent"]).await?;
            Ok::<_, TapError>(there)
        };
        let outcome = outcome.await;
        Run::new("ip").args(["link", "del", &bridge]).output().await.unwrap();
        assert_eq!(outcome.unwrap(), std::slice::from_ref(&name));
        assert!(!link(&name).exists());
    }
}
