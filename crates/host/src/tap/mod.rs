//! The host's end of VM network cards: tap devices on bridges.
//!
//! They are made before QEMU starts (which then needs no right and no script for it) and all at once: one `ip` process
//! for all cards of a VM.

mod rate;
mod vlan;

use std::path::Path;

use self::vlan::Port;
use crate::run::{Run, RunError};

/// One card's host end.
#[derive(Debug, Clone, PartialEq)]
pub struct Tap {
    /// `tap{vmid}i{n}`, at most 15 bytes.
    pub name: String,
    /// The bridge it hangs on.
    pub bridge: String,
    /// Whether QEMU opens several queues of it.
    pub multiqueue: bool,
    /// Put the card into this VLAN.
    pub tag: Option<u16>,
    /// Further VLANs that may pass tagged, as `bridge vlan` takes them (`10` or `10-20`).
    pub trunks: Vec<String>,
    /// How fast it may be in each direction, MiB a second; as fast as it can when not given or 0.
    pub rate: Option<f64>,
}

/// Why cards could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TapError {
    /// No such link, or it is not a bridge.
    #[error("bridge '{0}' does not exist")]
    NoBridge(String),
    /// VLANs passed through a bridge that does not filter by them.
    #[error("bridge '{0}' is not VLAN aware: set bridge-vlan-aware on it to use 'trunks'")]
    NotVlanAware(String),
    /// A VLAN on a bridge that leads nowhere.
    #[error("no physical interface on bridge '{bridge}' that could carry VLAN {tag}")]
    NoWayOut {
        /// The bridge.
        bridge: String,
        /// The VLAN.
        tag: u16,
    },
    /// The link that a VLAN needs would have too long a name.
    #[error("name '{0}' of the link for a VLAN is too long: give bridge or interface a shorter name")]
    LongName(String),
    /// The kernel does not know VLAN devices, or refuses one.
    #[error("unable to set up VLAN devices (has the kernel support for VLANs?): {0}")]
    Vlan(RunError),
    /// The kernel lacks what limits rates.
    #[error("unable to limit the rate of a card (has the kernel sch_tbf, cls_matchall and act_police?): {0}")]
    Rate(RunError),
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

/// Finds out where cards will hang, and refuses bridges that are missing or cannot do what is asked.
fn ports(taps: &[Tap]) -> Result<Vec<(&Tap, Port)>, TapError> {
    let mut ports = Vec::new();
    for tap in taps {
        bridge_mtu(&tap.bridge)?;
        ports.push((tap, vlan::port(tap)?));
    }
    Ok(ports)
}

/// Makes the devices and hangs them on their bridges. Left-overs of the same names are replaced.
///
/// # Errors
/// When a bridge is missing (checked before anything is made) or the kernel refuses; then none of them is left.
pub async fn create(taps: &[Tap]) -> Result<(), TapError> {
    let ports = ports(taps)?;
    if taps.is_empty() {
        return Ok(());
    }
    let before = vlan::made(&ports);
    let made = async {
        make_vlans(&ports).await?;
        let commands = links(&ports, |name| link(name).exists(), |bridge| bridge_mtu(bridge).ok());
        batch("ip", commands).await?;
        batch("bridge", vlan::filters(&ports)).await?;
        rate::limit(taps).await
    };
    if let Err(err) = made.await {
        let new = vlan::made(&ports).into_iter().filter(|name| !before.contains(name));
        let names: Vec<String> = taps.iter().map(|tap| tap.name.clone()).chain(new).collect();
        remove(&names.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        return Err(err);
    }
    Ok(())
}

async fn make_vlans(ports: &[(&Tap, Port)]) -> Result<(), TapError> {
    // One after the other: cards may want the same VLAN, and the second finds it made.
    for (tap, planned) in ports.iter().filter(|(_, port)| !port.make.is_empty()) {
        let now = vlan::port(tap)?;
        debug_assert_eq!(now.bridge, planned.bridge);
        batch("ip", now.make).await.map_err(|err| vlan::explained(err, ports))?;
    }
    Ok(())
}

/// Hangs devices that exist on their bridges anew, with the VLANs and limits that they shall have. The guest's cable
/// stays in.
///
/// # Errors
/// As [`create`]; a device may hang on its old bridge then, or on none.
pub async fn attach(taps: &[Tap]) -> Result<(), TapError> {
    let ports = ports(taps)?;
    make_vlans(&ports).await?;
    let mut commands = String::new();
    for (Tap { name, .. }, Port { bridge, .. }) in &ports {
        // Off first, so that the port starts with the VLANs of a new one.
        commands += &format!("link set dev {name} nomaster\n");
        commands += &format!("link set dev {name}{} master {bridge} up\n", mtu(bridge_mtu(bridge).ok()));
        rate::clear(name).await?;
    }
    batch("ip", commands).await?;
    batch("bridge", vlan::filters(&ports)).await?;
    rate::limit(taps).await
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

fn mtu(bytes: Option<u32>) -> String {
    bytes.map(|bytes| format!(" mtu {bytes}")).unwrap_or_default()
}

fn links(ports: &[(&Tap, Port)], exists: impl Fn(&str) -> bool, largest: impl Fn(&str) -> Option<u32>) -> String {
    let mut commands = String::new();
    for (Tap { name, multiqueue, .. }, Port { bridge, .. }) in ports {
        if exists(name) {
            commands += &format!("link del dev {name}\n");
        }
        let queues = if *multiqueue { " multi_queue" } else { "" };
        commands += &format!("tuntap add dev {name} mode tap vnet_hdr{queues}\n");
        // A port that passes less than its bridge would make the bridge pass less to all.
        commands += &format!("link set dev {name}{} master {bridge} up\n", mtu(largest(bridge)));
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn tap(name: &str, bridge: &str) -> Tap {
        Tap { name: name.into(), bridge: bridge.into(), multiqueue: false, tag: None, trunks: Vec::new(), rate: None }
    }

    #[test]
    fn one_batch_for_all_cards() {
        let taps = [tap("tap100i0", "nobr0"), Tap { multiqueue: true, ..tap("tap100i1", "nobr1") }];
        let ports: Vec<_> = taps.iter().map(|tap| (tap, vlan::port(tap).unwrap())).collect();
        let mtu = |bridge: &str| (bridge == "nobr1").then_some(9000);
        insta::assert_snapshot!(links(&ports, |name| name == "tap100i1", mtu), @r"
        tuntap add dev tap100i0 mode tap vnet_hdr
        link set dev tap100i0 master nobr0 up
        link del dev tap100i1
        tuntap add dev tap100i1 mode tap vnet_hdr multi_queue
        link set dev tap100i1 mtu 9000 master nobr1 up
        ");
    }

    #[tokio::test]
    async fn a_missing_bridge_is_told_before_anything_is_made() {
        let missing = create(&[tap("tap999999i0", "lo"), tap("tap999999i1", "nobr9")]).await.unwrap_err();
        assert_eq!(missing.to_string(), "bridge 'lo' does not exist");
        assert!(of_vm(999_999).is_empty());
    }

    #[tokio::test]
    async fn a_rate_is_limited_or_refused_without_a_trace() {
        let bridge = format!("plr{}", std::process::id() % 100_000);
        if let Err(err) = Run::new("ip").args(["link", "add", &bridge, "type", "bridge"]).output().await {
            eprintln!("skipped: no bridge can be made here: {err}");
            return;
        }
        let name = format!("tap{}i1", std::process::id());
        let limited = create(&[Tap { rate: Some(1.0), ..tap(&name, &bridge) }]).await;
        let shown = Run::new("tc").args(["qdisc", "show", "dev", &name]).output().await;
        let lifted = if limited.is_ok() { attach(&[tap(&name, &bridge)]).await } else { Ok(()) };
        let after = Run::new("tc").args(["qdisc", "show", "dev", &name]).output().await;
        remove(&[&name, &bridge]).await.unwrap();
        match limited {
            Ok(()) => {
                assert!(shown.unwrap().text().contains("tbf"));
                lifted.unwrap();
                assert!(!after.unwrap().text().contains("tbf"));
            }
            Err(err) => {
                assert!(matches!(err, TapError::Rate(_)), "{err}");
                assert!(shown.is_err(), "nothing is left");
                eprintln!("skipped: {err}");
            }
        }
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
            attach(&[tap(&name, &bridge)]).await?;
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
