//! What a running container follows at once.

use host::{
    lxc::Lxc,
    process::Process,
    tap,
    veth::{self, Fixed, Veth},
};
use schema::{Vmid, property::parse};

use super::{
    config::{CtConfig, Device, MountPoint, NetDevice},
    cts::{Ct, Inner},
    error::CtError,
    idmap,
    plan::{veth as end_name, weight},
    setup,
    start::{end, set_link},
};
use crate::{config_file::Section, qemu::progress::Progress};

/// Devices that every container may open.
const EVERYWHERE: [&str; 9] = ["c 1:3", "c 1:5", "c 1:7", "c 1:8", "c 1:9", "c 5:0", "c 5:1", "c 5:2", "c 10:229"];

/// When a change takes effect on a container that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// At once: it means nothing to what runs.
    AtOnce,
    /// At once: the container is made to follow.
    Live,
    /// At the next start.
    Waits,
}

/// When an option's change from `now` to `wished` (none: it is not set) takes effect on a container that runs.
pub(super) fn effect(key: &str, now: Option<&str>, wished: Option<&str>) -> Effect {
    match (key.trim_end_matches(|c: char| c.is_ascii_digit()), now, wished) {
        (
            "description" | "hookscript" | "hostname" | "lock" | "onboot" | "protection" | "startup" | "tags"
            | "unused",
            ..,
        ) => Effect::AtOnce,
        ("cores" | "cpulimit" | "cpuunits" | "net" | "swap", ..) | ("memory", _, Some(_)) | ("mp", None, Some(_)) => {
            Effect::Live
        }
        // A rule against writing is made for what starts only.
        ("dev", None, Some(wished)) if !parse::<Device>(wished).is_ok_and(|dev| dev.deny_write == Some(true)) => {
            Effect::Live
        }
        (_, now, wished) if now == wished => Effect::AtOnce,
        // What is mounted may be in use.
        _ => Effect::Waits,
    }
}

/// What becomes of an interface.
#[derive(Debug, PartialEq)]
enum NetChange {
    /// Taken away, then made anew if there shall be one.
    Replug(Option<NetDevice>),
    /// The host's end hangs elsewhere, or otherwise; other addresses.
    Reattach(NetDevice),
}

/// What has to be done for an interface to become what it shall be.
fn net_change(now: Option<&NetDevice>, wished: Option<&NetDevice>) -> NetChange {
    match (now, wished) {
        (Some(now), Some(wished))
            if now.name == wished.name && now.mtu == wished.mtu && same_mac(&now.hwaddr, &wished.hwaddr) =>
        {
            NetChange::Reattach(wished.clone())
        }
        (_, wished) => NetChange::Replug(wished.cloned()),
    }
}

fn same_mac(one: &Option<String>, other: &Option<String>) -> bool {
    one.as_ref().map(|mac| mac.to_ascii_lowercase()) == other.as_ref().map(|mac| mac.to_ascii_lowercase())
}

/// The addresses that are written in an interface's option, for IPv4 and IPv6.
fn fixed(net: &NetDevice) -> Vec<Fixed> {
    let address = |text: &Option<String>| text.clone().filter(|text| text.contains('/'));
    [(&net.ip, &net.gw), (&net.ip6, &net.gw6)]
        .into_iter()
        .map(|(ip, gateway)| Fixed { address: address(ip), gateway: gateway.clone().filter(|_| address(ip).is_some()) })
        .filter(|fixed| fixed.address.is_some())
        .collect()
}

/// An option's new value, or that it goes.
pub(super) type Change = (String, Option<String>);

impl Inner {
    /// Makes a running container follow changes. When one cannot be made, those before it are taken back.
    pub(super) async fn follow(
        &self,
        progress: &dyn Progress,
        (vmid, init): (Vmid, Process),
        ct: &Ct,
        changes: &[Change],
    ) -> Result<(), CtError> {
        let live = |(key, wished): &&Change| effect(key, ct.file.main.get(key), wished.as_deref()) == Effect::Live;
        let (devices, limits): (Vec<&Change>, Vec<&Change>) = changes
            .iter()
            .filter(live)
            .partition(|(key, _)| ["net", "mp", "dev"].iter().any(|kind| key.starts_with(kind)));
        self.check_live(vmid, &ct.file.main, &devices)?;
        let before: Vec<Change> =
            limits.iter().map(|(key, _)| (key.clone(), ct.file.main.get(key).map(str::to_owned))).collect();
        let limits_back = || {
            if let Err(err) = self.follow_limits(vmid, &ct.file.main, &before.iter().collect::<Vec<_>>()) {
                progress.warn(&format!("the limits could not be taken back: {err}"));
            }
        };
        self.follow_limits(vmid, &ct.file.main, &limits).inspect_err(|_| limits_back())?;
        let mut done = Vec::new();
        for (key, wished) in devices {
            let now = ct.file.main.get(key).map(str::to_owned);
            if let Err(err) = self.plug((vmid, init), ct, key, now.as_deref(), wished.as_deref()).await {
                // The failed one may be half there.
                done.push((key.clone(), wished.clone(), now));
                for (key, now, before) in done.into_iter().rev() {
                    if let Err(err) = self.plug((vmid, init), ct, &key, now.as_deref(), before.as_deref()).await {
                        progress.warn(&format!("{key}: the change could not be taken back: {err}"));
                    }
                }
                limits_back();
                return Err(CtError::Hotplug { name: key.clone(), message: err.to_string() });
            }
            done.push((key.clone(), wished.clone(), now));
        }
        if changes.iter().any(|(key, _)| key.starts_with("net")) {
            self.write_network((vmid, init), ct, changes);
        }
        Ok(())
    }

    /// Refuses what can be seen to fail before anything is changed.
    fn check_live(&self, vmid: Vmid, main: &Section, changes: &[&Change]) -> Result<(), CtError> {
        let after = CtConfig::read(&changed(main, changes.iter().copied()));
        for (key, wished) in changes {
            let Some(net) = key.strip_prefix("net").and(wished.as_deref()) else { continue };
            let net: NetDevice = parse(net).map_err(|why| CtError::parameter(key, why))?;
            if after.net.values().filter(|other| other.name == net.name).count() > 1 {
                return Err(CtError::parameter(key, format!("another interface is called '{}' inside", net.name)));
            }
            let Some(port) = end(vmid, 0, &net) else { continue };
            let largest = tap::bridge_mtu(&port.bridge).map_err(|err| CtError::parameter(key, err.to_string()))?;
            if net.mtu.is_some_and(|mtu| mtu > largest) {
                let why = format!("MTU is larger than bridge MTU {largest}: lower it or raise that of the bridge");
                return Err(CtError::parameter(key, why));
            }
        }
        Ok(())
    }

    async fn plug(
        &self,
        (vmid, init): (Vmid, Process),
        ct: &Ct,
        key: &str,
        now: Option<&str>,
        wished: Option<&str>,
    ) -> Result<(), CtError> {
        let wrong = |why: String| CtError::parameter(key, why);
        if let Some(index) = key.strip_prefix("net").and_then(|index| index.parse().ok()) {
            let device = |text: Option<&str>| text.map(parse::<NetDevice>).transpose();
            let (now, wished) = (device(now).map_err(wrong)?, device(wished).map_err(wrong)?);
            return self.plug_net((vmid, init), index, now.as_ref(), wished.as_ref()).await.map_err(CtError::Plan);
        }
        if key.starts_with("dev") {
            return self.plug_device((vmid, init), ct, key, (now, wished)).await;
        }
        if let Some(gone) = now {
            // Taking back what was just put there; it may not have come so far.
            let point: MountPoint = parse(gone).map_err(wrong)?;
            let _ = host::mount_live::detach(init, &point.mp).await;
        }
        let Some(wished) = wished else { return Ok(()) };
        let section: Section = [(key, wished)].into_iter().collect();
        let map = idmap::of(&ct.file.main.raw, ct.config.is_unprivileged()).map_err(CtError::Plan)?;
        let unprivileged = [("unprivileged", "1")].into_iter().filter(|_| ct.config.is_unprivileged());
        let section: Section = section.iter().chain(unprivileged).collect();
        for point in self.points(&CtConfig::read(&section), &map, false).await? {
            self.lxc.attach(vmid.get(), init, ct.root_owner(), point).await?;
        }
        Ok(())
    }

    /// Puts a device into a running container, or takes back one that was just put there.
    async fn plug_device(
        &self,
        (vmid, init): (Vmid, Process),
        ct: &Ct,
        key: &str,
        (now, wished): (Option<&str>, Option<&str>),
    ) -> Result<(), CtError> {
        let map = idmap::of(&ct.file.main.raw, ct.config.is_unprivileged()).map_err(CtError::Plan)?;
        let node = |text: &str| {
            let section: Section = [(key, text)].into_iter().collect();
            let config = CtConfig::read(&section);
            let found = super::check::devices(&config)?;
            let nodes = super::plan::nodes(&config, &map, &found).map_err(CtError::Plan)?;
            nodes.into_iter().next().ok_or_else(|| CtError::parameter(key, "no device".to_owned()))
        };
        // The ids of an unprivileged container may open nothing that its mode does not allow: LXC has no rules for them.
        let ruled = map.is_empty();
        if let Some(gone) = now.map(node).transpose()? {
            let _ = host::device_live::detach(init, &gone.path).await;
            if ruled && !EVERYWHERE.contains(&gone.device.to_string().as_str()) {
                self.lxc.permit_device(&self.cgroups, vmid.get(), gone.device, false).await?;
            }
        }
        let Some(node) = wished.map(node).transpose()? else { return Ok(()) };
        let twin = |other: &Device| other.path.as_deref().map(std::path::Path::new) == Some(&node.path);
        if ct.config.dev.values().any(|other| twin(other)) {
            let why = format!("the container gets '{}' already", node.path.display());
            return Err(CtError::parameter(key, why));
        }
        if ruled {
            self.lxc.permit_device(&self.cgroups, vmid.get(), node.device, true).await?;
        }
        Ok(self.lxc.attach_device(vmid.get(), init, ct.root_owner(), node).await?)
    }

    async fn plug_net(
        &self,
        (vmid, init): (Vmid, Process),
        index: u32,
        now: Option<&NetDevice>,
        wished: Option<&NetDevice>,
    ) -> Result<(), String> {
        let text = |err: host::run::RunError| err.to_string();
        let name = end_name(vmid.get(), index);
        let before = now.map(fixed).unwrap_or_default();
        let (net, before) = match net_change(now, wished) {
            NetChange::Replug(wished) => {
                veth::unplug(&name).await.map_err(text)?;
                let Some(net) = wished else { return Ok(()) };
                let mtu = net.mtu.or_else(|| net.bridge.as_deref().and_then(host::lxc::link_mtu));
                let veth = Veth { end: name.clone(), name: net.name.clone(), mac: net.hwaddr.clone(), mtu };
                veth.plug(&init).await.map_err(text)?;
                (net, Vec::new())
            }
            NetChange::Reattach(net) => (net, before),
        };
        if let Some(port) = end(vmid, index, &net) {
            tap::attach(&[port]).await.map_err(|err| err.to_string())?;
        } else if now.is_some_and(|now| now.bridge.is_some()) {
            veth::leave(&name).await.map_err(text)?;
        }
        set_link(&name, net.link_down != Some(true)).await?;
        let wished = fixed(&net);
        if wished == before {
            return Ok(());
        }
        veth::readdress(&init, &net.name, &before, &wished).await.map_err(text)
    }

    /// Lets the system inside know, for when it looks the next time: an interface that asks for an address does so then.
    fn write_network(&self, (vmid, init): (Vmid, Process), ct: &Ct, changes: &[Change]) {
        let config = CtConfig::read(&changed(&ct.file.main, changes.iter()));
        let root = std::path::PathBuf::from(format!("/proc/{}/root", init.pid));
        let opened = host::rootfs::Root::open(&root, ct.root_owner()).map_err(|err| err.to_string());
        if let Err(err) = opened.and_then(|root| setup::network(&root, &config, &self.setup_facts())) {
            tracing::warn!("CT {vmid}: its network configuration could not be written: {err}");
        }
    }

    /// Lets a running container's limits follow.
    fn follow_limits(&self, vmid: Vmid, main: &Section, changes: &[&Change]) -> Result<(), CtError> {
        let changes_any = |keys: &[&str]| changes.iter().any(|(key, _)| keys.contains(&key.as_str()));
        let wanted = CtConfig::read(&changed(main, changes.iter().copied()));
        let (name, _) = Lxc::groups(vmid.get());
        let group = self.cgroups.group(&name);
        let failed = |name: &str| {
            let name = name.to_owned();
            move |err: std::io::Error| CtError::Hotplug { name, message: err.to_string() }
        };
        if changes_any(&["memory", "swap"]) {
            let (memory, swap) = (wanted.memory_mib() << 20, wanted.swap_mib() << 20);
            group.set_memory(memory, swap).map_err(failed("memory"))?;
        }
        if changes_any(&["cpulimit"]) {
            group.set_cpu_limit(wanted.cpu_limit()).map_err(failed("cpulimit"))?;
        }
        if changes_any(&["cpuunits"]) {
            group.set_cpu_weight(wanted.cpuunits.map_or(100, weight)).map_err(failed("cpuunits"))?;
        }
        if changes_any(&["cores"]) {
            let online = host::lxc::online_cpus();
            let wanted = wanted.cores.unwrap_or(u64::MAX);
            let list = super::plan::choose_cpus(&online, wanted, &self.used_cpus());
            let all = online.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
            group.set_cpus(&list.unwrap_or(all)).map_err(failed("cores"))?;
        }
        Ok(())
    }
}

fn changed<'a>(main: &Section, changes: impl Iterator<Item = &'a Change>) -> Section {
    let mut section = main.clone();
    for (key, wished) in changes {
        match wished {
            Some(value) => section.set(key, value),
            None => drop(section.remove(key)),
        }
    }
    section
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_and_what_waits() {
        let set = |key: &str, now: Option<&str>| effect(key, now, Some("x"));
        let gone = |key: &str| effect(key, Some("x"), None);
        for key in ["description", "hostname", "hookscript", "onboot", "protection", "startup", "tags"] {
            assert_eq!((set(key, Some("y")), gone(key)), (Effect::AtOnce, Effect::AtOnce), "{key}");
        }
        for key in ["swap", "cpulimit", "cpuunits", "cores", "net0", "net31"] {
            assert_eq!((set(key, None), set(key, Some("y")), gone(key)), (Effect::Live, Effect::Live, Effect::Live));
        }
        assert_eq!((set("memory", Some("y")), gone("memory")), (Effect::Live, Effect::Waits));
        assert_eq!(
            (set("mp3", None), set("mp3", Some("y")), gone("mp3")),
            (Effect::Live, Effect::Waits, Effect::Waits)
        );
        assert_eq!(effect("dev0", None, Some("/dev/null")), Effect::Live);
        assert_eq!(effect("dev0", None, Some("/dev/null,deny-write=1")), Effect::Waits);
        assert_eq!((set("dev0", Some("y")), gone("dev0")), (Effect::Waits, Effect::Waits));
        for key in ["tty", "cmode", "arch", "features", "nameserver", "timezone", "rootfs"] {
            assert_eq!((set(key, None), gone(key)), (Effect::Waits, Effect::Waits), "{key}");
        }
        assert_eq!(set("tty", Some("x")), Effect::AtOnce, "it is that already");
    }

    #[test]
    fn an_interface_is_made_anew_only_when_it_is_another_one() {
        let net = |text: &str| parse::<NetDevice>(text).unwrap();
        let now = net("name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:01");
        let moved = net("name=eth0,bridge=vmbr1,hwaddr=bc:24:11:00:00:01,tag=5,link_down=1");
        assert_eq!(net_change(Some(&now), Some(&moved)), NetChange::Reattach(moved.clone()));
        let renamed = net("name=eth1,bridge=vmbr0,hwaddr=BC:24:11:00:00:01");
        assert_eq!(net_change(Some(&now), Some(&renamed)), NetChange::Replug(Some(renamed.clone())));
        assert_eq!(net_change(None, Some(&now)), NetChange::Replug(Some(now.clone())));
        assert_eq!(net_change(Some(&now), None), NetChange::Replug(None));
    }

    #[test]
    fn only_written_addresses_are_set_by_us() {
        let net = |text: &str| fixed(&parse::<NetDevice>(text).unwrap());
        assert_eq!(net("name=eth0,ip=dhcp,ip6=auto"), []);
        let both = net("name=eth0,ip=192.0.2.2/24,gw=192.0.2.1,ip6=2001:db8::2/64");
        assert_eq!(both.len(), 2);
        assert_eq!(both[0].gateway.as_deref(), Some("192.0.2.1"));
        assert_eq!(both[1].address.as_deref(), Some("2001:db8::2/64"));
    }
}
