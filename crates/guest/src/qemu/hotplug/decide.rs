//! What a change of one option means for a VM that runs. Pure.

use std::collections::BTreeMap;

use crate::qemu::{
    cmdline::{Bus, DriveId, Version},
    config::{OsType, device::NetDevice},
};

/// Which kinds of devices may come and go while the VM runs (option `hotplug`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Features {
    pub(crate) network: bool,
    pub(crate) disk: bool,
    pub(crate) cpu: bool,
    pub(crate) memory: bool,
    pub(crate) usb: bool,
    /// Devices on USB ports: only where the guest has the controller for that.
    pub(crate) ports: bool,
}

impl Features {
    /// Reads the option: `0` is none, `1` or nothing the usual ones, otherwise a list.
    pub(crate) fn parse(text: Option<&str>) -> Self {
        let text = match text {
            None | Some("1") => "network,disk,usb",
            Some("0") => "",
            Some(list) => list,
        };
        let has = |name| text.split([',', ';', ' ']).any(|feature| feature == name);
        let usb = has("usb");
        Self { network: has("network"), disk: has("disk"), cpu: has("cpu"), memory: has("memory"), usb, ports: usb }
    }

    /// The same for a guest of this kind on a machine of this version.
    pub(crate) fn of_guest(self, os: Option<OsType>, machine: Option<&str>) -> Self {
        let number = machine.and_then(|machine| machine.rsplit('-').next()).and_then(Version::parse);
        let new = number.is_none_or(|version| version >= Version::new(7, 1));
        let knows = matches!(os, Some(OsType::L26 | OsType::Win8 | OsType::Win10 | OsType::Win11));
        Self { ports: self.usb && new && knows, ..self }
    }
}

/// How a change is brought into a running VM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Writing it down is all.
    Note,
    /// It waits for the next start.
    Wait,
    /// Devices come or go, or one is replaced by another.
    Replug,
    /// New limits of a drive.
    Throttle(DriveId),
    /// Another medium in a CD-ROM drive.
    Medium(DriveId),
    /// What is outside of a card: bridge, VLANs, rate, cable.
    Net(u32),
    /// A new size of the balloon.
    Balloon,
    /// Weight and limit of processor time.
    CpuTime,
    /// More or less memory in slots.
    Memory,
}

/// Options that mean nothing to a running QEMU, and so change at once.
const ALWAYS: &[&str] = &[
    "cicustom",
    "cipassword",
    "citype",
    "ciupgrade",
    "ciuser",
    "description",
    "hookscript",
    "lock",
    "migrate_downtime",
    "migrate_speed",
    "name",
    "nameserver",
    "onboot",
    "protection",
    "searchdomain",
    "shares",
    "sshkeys",
    "startup",
    "tags",
    "template",
    "vmstatestorage",
];

/// A numbered option's name and number.
fn numbered<'a>(key: &'a str, name: &str) -> Option<(&'a str, u32)> {
    let number = key.strip_prefix(name)?;
    Some((&key[..name.len()], number.parse().ok()?))
}

/// The number of a network card.
pub(crate) fn card(key: &str) -> Option<u32> {
    numbered(key, "net").map(|(_, index)| index)
}

/// Options that change by being written down, whatever the VM does.
pub(crate) fn at_once(key: &str) -> bool {
    ALWAYS.contains(&key) || numbered(key, "unused").is_some() || numbered(key, "ipconfig").is_some()
}

/// One change: an option with its value in force and the one it shall get (none to remove it).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change<'a> {
    pub(crate) key: &'a str,
    pub(crate) old: Option<&'a str>,
    pub(crate) new: Option<&'a str>,
}

/// What a change means for a VM that runs.
///
/// # Errors
/// Why it can never be, as a text.
pub(crate) fn step(change: Change<'_>, features: Features) -> Result<Step, String> {
    let Change { key, old, new } = change;
    let when = |possible: bool| Ok(if possible { Step::Replug } else { Step::Wait });
    if at_once(key) {
        return Ok(Step::Note);
    }
    if let Some(drive) = DriveId::parse(key) {
        return drive_step(drive, old, new, features.disk);
    }
    if let Some(index) = card(key) {
        return net_step(index, old, new, features.network);
    }
    if numbered(key, "usb").is_some() {
        return when(features.ports);
    }
    match key {
        "tablet" => when(features.usb),
        "vcpus" => when(features.cpu),
        "memory" => Ok(if features.memory { Step::Memory } else { Step::Wait }),
        "balloon" => Ok(if on(old) == on(new) && on(old) { Step::Balloon } else { Step::Wait }),
        "cpulimit" | "cpuunits" => Ok(Step::CpuTime),
        "agent" => Ok(if differing(old, new, "enabled").all(is_agent_note) { Step::Note } else { Step::Wait }),
        "hotplug" => Ok(if [old, new].into_iter().flatten().any(is_frozen) { Step::Wait } else { Step::Note }),
        _ => Ok(Step::Wait),
    }
}

/// Switching the balloon on or off would add or remove a device.
fn on(balloon: Option<&str>) -> bool {
    balloon != Some("0")
}

/// With these a VM is started in another way.
fn is_frozen(hotplug: &str) -> bool {
    let features = Features::parse(Some(hotplug));
    features.cpu || features.memory
}

fn is_agent_note(part: &str) -> bool {
    matches!(part, "fstrim_cloned_disks" | "freeze-fs" | "freeze-fs-on-backup" | "guest-fsfreeze")
}

/// The parts of a property string; the one without a name under `default`.
fn parts<'a>(value: &'a str, default: &'a str) -> BTreeMap<&'a str, &'a str> {
    let part = |part: &'a str| part.split_once('=').unwrap_or((default, part));
    let parts = value.split(',').filter(|text| !text.is_empty()).map(part);
    parts.map(|(key, value)| (if key == "volume" { "file" } else { key }, value)).collect()
}

/// The names of the parts in which two values differ.
fn differing<'a>(
    old: Option<&'a str>,
    new: Option<&'a str>,
    default: &'a str,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let (old, new) = (parts(old.unwrap_or_default(), default), parts(new.unwrap_or_default(), default));
    let names: Vec<&str> = old.keys().chain(new.keys()).copied().collect();
    let mut names: Vec<&str> = names.into_iter().filter(|name| old.get(name) != new.get(name)).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter()
}

/// What only we and the storage look at.
fn is_drive_note(part: &str) -> bool {
    matches!(part, "backup" | "replicate" | "shared" | "size" | "format")
}

/// Limits of a drive.
fn is_limit(part: &str) -> bool {
    ["mbps", "iops", "bps"].iter().any(|name| part.starts_with(name))
}

/// What belongs to the medium of a CD-ROM drive rather than to the drive.
fn is_of_medium(part: &str) -> bool {
    matches!(part, "file" | "cache" | "aio" | "discard" | "detect_zeroes")
}

fn drive_step(drive: DriveId, old: Option<&str>, new: Option<&str>, hotplug: bool) -> Result<Step, String> {
    let pluggable = hotplug && matches!(drive.bus, Bus::Scsi | Bus::Virtio);
    let replug = if pluggable { Step::Replug } else { Step::Wait };
    if !matches!(drive.bus, Bus::Ide | Bus::Scsi | Bus::Virtio | Bus::Sata) {
        return Ok(Step::Wait);
    }
    let (Some(old), Some(new)) = (old, new) else { return Ok(replug) };
    let cdrom = |value: &str| value.split(',').any(|part| part == "media=cdrom");
    if cdrom(old) != cdrom(new) {
        return Err("unable to change media type".to_owned());
    }
    let changed: Vec<&str> = differing(Some(old), Some(new), "file").filter(|part| !is_drive_note(part)).collect();
    if changed.is_empty() {
        return Ok(Step::Note);
    }
    let file = changed.contains(&"file");
    if cdrom(old) && file {
        let only = changed.iter().all(|part| is_of_medium(part) || is_limit(part));
        return Ok(if only { Step::Medium(drive) } else { Step::Wait });
    }
    if file {
        return Ok(replug);
    }
    let empty = parts(old, "file").get("file") == Some(&"none");
    match changed.iter().all(|part| is_limit(part)) {
        // Without a medium there is nothing to limit yet.
        true if empty => Ok(Step::Note),
        true => Ok(Step::Throttle(drive)),
        false => Ok(Step::Wait),
    }
}

fn net_step(index: u32, old: Option<&str>, new: Option<&str>, hotplug: bool) -> Result<Step, String> {
    let replug = if hotplug { Step::Replug } else { Step::Wait };
    let (Some(old), Some(new)) = (old, new) else { return Ok(replug) };
    let (Ok(old), Ok(new)) = (schema::property::parse::<NetDevice>(old), schema::property::parse::<NetDevice>(new))
    else {
        return Ok(Step::Wait);
    };
    // What remains of a card without all that is outside of it.
    let inner = |net: &NetDevice| NetDevice {
        bridge: net.bridge.as_ref().map(|_| String::new()),
        macaddr: net.macaddr.as_ref().map(|mac| mac.to_ascii_lowercase()),
        firewall: None,
        link_down: None,
        rate: None,
        tag: None,
        trunks: None,
        ..net.clone()
    };
    Ok(if inner(&old) == inner(&new) { Step::Net(index) } else { replug })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(key: &str, old: &str, new: &str) -> Step {
        decided_with(None, key, old, new)
    }

    fn decided_with(hotplug: Option<&str>, key: &str, old: &str, new: &str) -> Step {
        let given = |value| Some(value).filter(|value: &&str| !value.is_empty());
        step(Change { key, old: given(old), new: given(new) }, Features::parse(hotplug)).unwrap()
    }

    #[test]
    fn values_of_the_option() {
        let usual = Features { network: true, disk: true, usb: true, ports: true, ..Features::default() };
        assert_eq!(Features::parse(None), usual);
        assert_eq!(Features::parse(Some("1")), usual);
        assert_eq!(Features::parse(Some("0")), Features::default());
        let some = Features { cpu: true, memory: true, ..Features::default() };
        assert_eq!(Features::parse(Some("cpu,memory,cloudinit")), some);
        let ports = |os, machine| Features::parse(None).of_guest(os, Some(machine)).ports;
        assert!(ports(Some(OsType::L26), "pc-i440fx-10.0+pve0") && ports(Some(OsType::Win10), "pc-q35-7.1"));
        assert!(!ports(Some(OsType::L26), "pc-i440fx-7.0+pve0") && !ports(Some(OsType::Win7), "pc-q35-10.0"));
        assert!(!ports(None, "pc-q35-10.0"));
    }

    #[test]
    fn disks_come_and_go_where_the_bus_and_the_option_allow_it() {
        let disk = "local:100/vm-100-disk-1.raw,size=1G";
        for key in ["scsi1", "virtio15"] {
            assert_eq!(decided(key, "", disk), Step::Replug);
            assert_eq!(decided(key, disk, ""), Step::Replug);
            assert_eq!(decided(key, disk, "local:100/vm-100-disk-2.raw"), Step::Replug);
            assert_eq!(decided_with(Some("network"), key, "", disk), Step::Wait);
        }
        for key in ["ide0", "sata5", "efidisk0", "tpmstate0"] {
            assert_eq!(decided(key, "", disk), Step::Wait);
            assert_eq!(decided(key, disk, ""), Step::Wait);
        }
        assert_eq!(decided_with(Some("0"), "unused0", disk, ""), Step::Note);
    }

    #[test]
    fn a_disk_that_stays_changes_its_limits_and_what_only_we_read() {
        let disk = "local:100/vm-100-disk-1.raw,size=1G";
        let with = |more: &str| decided_with(Some("0"), "ide0", disk, &format!("{disk},{more}"));
        assert_eq!(with("mbps=5,iops_rd_max=7"), Step::Throttle(DriveId::new(Bus::Ide, 0)));
        assert_eq!(with("backup=0,replicate=0"), Step::Note);
        assert_eq!(with("backup=0,mbps=1"), Step::Throttle(DriveId::new(Bus::Ide, 0)));
        for part in ["aio=native", "discard=on", "cache=none", "ssd=1", "mbps=1,cache=none", "serial=a", "werror=stop"]
        {
            assert_eq!(with(part), Step::Wait, "{part}");
        }
    }

    #[test]
    fn media_change_on_every_bus() {
        let medium = |key: &str| Step::Medium(DriveId::parse(key).unwrap());
        for key in ["ide2", "sata0", "scsi3"] {
            let (empty, full) = ("none,media=cdrom", "local:iso/a.iso,media=cdrom,size=4M");
            assert_eq!(decided_with(Some("0"), key, empty, full), medium(key));
            assert_eq!(decided_with(Some("0"), key, full, empty), medium(key));
            assert_eq!(decided_with(Some("0"), key, full, "cdrom,media=cdrom"), medium(key));
        }
        let disk = Change { key: "ide2", old: Some("none,media=cdrom"), new: Some("local:1/vm-1-disk-0.raw") };
        assert_eq!(step(disk, Features::parse(None)).unwrap_err(), "unable to change media type");
    }

    #[test]
    fn cards_are_replaced_only_where_the_guest_sees_another_one() {
        let card = "virtio=BC:24:11:00:00:01,bridge=vmbr0";
        let other = |value: &str| decided("net0", card, value);
        for outside in ["bridge=vmbr1", "bridge=vmbr0,tag=5,trunks=6;7", "bridge=vmbr0,firewall=1,link_down=1"] {
            assert_eq!(other(&format!("virtio=bc:24:11:00:00:01,{outside}")), Step::Net(0), "{outside}");
        }
        for inside in ["e1000=BC:24:11:00:00:01,bridge=vmbr0", "virtio=BC:24:11:00:00:02,bridge=vmbr0"] {
            assert_eq!(other(inside), Step::Replug, "{inside}");
            assert_eq!(decided_with(Some("disk"), "net0", card, inside), Step::Wait, "{inside}");
        }
        assert_eq!(other("virtio=BC:24:11:00:00:01"), Step::Replug);
        assert_eq!(other(&format!("{card},queues=2")), Step::Replug);
        assert_eq!(decided_with(Some("0"), "net0", card, &format!("{card},link_down=1")), Step::Net(0));
    }

    #[test]
    fn the_other_options() {
        assert_eq!(decided("balloon", "", "256"), Step::Balloon);
        assert_eq!(decided("balloon", "256", "0"), Step::Wait);
        assert_eq!(decided("balloon", "0", ""), Step::Wait);
        assert_eq!(decided("vcpus", "1", "2"), Step::Wait);
        assert_eq!(decided_with(Some("cpu"), "vcpus", "1", "2"), Step::Replug);
        assert_eq!(decided_with(Some("memory"), "memory", "1024", "2048"), Step::Memory);
        assert_eq!(decided("hotplug", "", "disk"), Step::Note);
        assert_eq!(decided("hotplug", "", "disk,cpu"), Step::Wait);
        assert_eq!(decided("hotplug", "memory", ""), Step::Wait);
        assert_eq!(decided("agent", "1", "1,fstrim_cloned_disks=1"), Step::Note);
        assert_eq!(decided("agent", "", "1"), Step::Wait);
        assert_eq!(decided("cores", "1", "2"), Step::Wait);
        assert_eq!(decided("ipconfig0", "", "ip=dhcp"), Step::Note);
        assert_eq!(decided("ciuser", "", "a"), Step::Note);
    }
}
