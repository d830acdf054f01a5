//! Hardware that a start gives the guest in place of what its configuration says: that of a memory which is taken up, or
//! what the caller asks for.

use std::collections::BTreeMap;

use crate::{
    config_file::Section,
    qemu::{running::Running, vms::Vm},
};

/// What replaces the configured hardware; nothing by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hardware {
    /// The machine, as option `machine` has it.
    pub machine: Option<String>,
    /// The value of QEMU's `-cpu`.
    pub cpu: Option<String>,
    /// Largest frames by card: `net0=1500,net1=9000`.
    pub nets_host_mtu: Option<String>,
}

impl Hardware {
    /// What a section says of the memory that it keeps.
    pub(crate) fn of(section: &Section) -> Self {
        let text = |key: &str| section.get(key).map(str::to_owned);
        // Early versions noted the machine as if it were configured.
        let noted =
            || section.get("machine")?.split(',').next().map(|kind| kind.trim_start_matches("type=").to_owned());
        Self {
            machine: text("runningmachine").or_else(noted),
            cpu: text("runningcpu"),
            nets_host_mtu: text("running-nets-host-mtu"),
        }
    }

    /// What a running process has, for a snapshot's section.
    pub(crate) fn of_process(running: &Running) -> Vec<(&'static str, String)> {
        let line = running.process.cmdline().unwrap_or_default();
        let after = |option: &'static str| {
            line.windows(2).filter(move |pair| pair[0] == option).map(|pair| pair[1].clone()).collect::<Vec<_>>()
        };
        let cpu = after("-cpu").into_iter().next();
        let mtus: Vec<String> = after("-device").iter().filter_map(|device| frames(device)).collect();
        let entries = [
            ("runningmachine", running.machine.clone()),
            ("runningcpu", cpu),
            ("running-nets-host-mtu", (!mtus.is_empty()).then(|| mtus.join(","))),
        ];
        entries.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }

    /// The configuration with this machine; properties of the configured one that this one does not name stay.
    pub(crate) fn configure(&self, vm: &Vm) -> Vm {
        let mut file = vm.file.clone();
        if let Some(machine) = &self.machine {
            let old = file.main.get("machine").unwrap_or_default().to_owned();
            let named = |key: &str| machine.split(',').any(|part| part.split('=').next() == Some(key));
            let rest = old.split(',').filter(|part| match part.split_once('=') {
                Some((key, _)) => key != "type" && !named(key),
                None => false,
            });
            file.main.set("machine", &std::iter::once(machine.as_str()).chain(rest).collect::<Vec<_>>().join(","));
        }
        Vm::parse(&file.print())
    }

    /// The command line with this processor and these cards.
    pub(crate) fn adapt(&self, options: &mut [(String, Option<String>)]) {
        let wanted = self.nets_host_mtu.as_deref().unwrap_or_default().split(',');
        let wanted: BTreeMap<&str, &str> = wanted.filter_map(|pair| pair.split_once('=')).collect();
        for (option, value) in options.iter_mut() {
            match (option.as_str(), value.as_mut()) {
                ("-cpu", Some(value)) => {
                    if let Some(cpu) = &self.cpu {
                        value.clone_from(cpu);
                    }
                }
                ("-device", Some(device)) => {
                    let mtu = card(device).and_then(|card| wanted.get(card).copied()).map(str::to_owned);
                    if let Some(mtu) = mtu {
                        let kept = device.split(',').filter(|part| !part.starts_with("host_mtu="));
                        *device = format!("{},host_mtu={mtu}", kept.collect::<Vec<_>>().join(","));
                    }
                }
                _ => {}
            }
        }
    }
}

/// The card that a device is, if it is one that knows its largest frame.
fn card(device: &str) -> Option<&str> {
    let mut parts = device.split(',');
    let virtio = parts.next().is_some_and(|kind| kind.starts_with("virtio-net"));
    parts.find_map(|part| part.strip_prefix("id=net").map(|_| &part[3..])).filter(|_| virtio)
}

/// `net0=1500` of a device, if it says so.
fn frames(device: &str) -> Option<String> {
    let mtu = device.split(',').find_map(|part| part.strip_prefix("host_mtu="))?;
    card(device).map(|card| format!("{card}={mtu}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> Vec<(String, Option<String>)> {
        let option = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
        vec![
            option("-cpu", "host"),
            option("-device", "virtio-net-pci,mac=A,id=net0,host_mtu=1500,bus=x"),
            option("-device", "e1000,mac=A,id=net1"),
        ]
    }

    #[test]
    fn a_kept_memory_gets_the_machine_and_processor_and_cards_that_it_had() {
        let section = Section::from_iter([
            ("runningmachine", "pc-q35-9.2+pve0"),
            ("runningcpu", "qemu64,+aes"),
            ("running-nets-host-mtu", "net0=9000"),
        ]);
        let hardware = Hardware::of(&section);
        let vm = hardware.configure(&Vm::parse("cores: 1\nmachine: q35,viommu=intel\n"));
        assert_eq!(vm.file.main.get("machine"), Some("pc-q35-9.2+pve0,viommu=intel"));
        let mut options = options();
        hardware.adapt(&mut options);
        let values: Vec<&str> = options.iter().filter_map(|(_, value)| value.as_deref()).collect();
        assert_eq!(values, ["qemu64,+aes", "virtio-net-pci,mac=A,id=net0,bus=x,host_mtu=9000", "e1000,mac=A,id=net1"]);
        assert_eq!(frames(values[1]).as_deref(), Some("net0=9000"));
    }

    #[test]
    fn without_a_wish_nothing_changes() {
        let mut adapted = options();
        Hardware::default().adapt(&mut adapted);
        assert_eq!(adapted, options());
        let noted = Hardware::of(&Section::from_iter([("machine", "type=q35,viommu=intel")]));
        assert_eq!(noted.machine.as_deref(), Some("q35"));
    }
}
