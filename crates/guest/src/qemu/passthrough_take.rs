//! Taking devices from the host for a VM that starts, and giving them back when it has ended.
//!
//! Who has what stands in a file that ends with the machine's uptime, so that it outlives this program and nothing
//! else: lines `ADDRESS VMID INDEX DRIVER`, where the driver is the one that is to get the device back.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use host::{
    file::{self, FileLock},
    mdev,
    paths::Paths,
    pci::{self, PciDevice, Sysfs},
    vfio,
};
use schema::Vmid;

use super::{
    config::{VmConfig, passthrough::PciDriver},
    error::VmError,
    file::view as file_of,
    passthrough::{Devices, PassthroughError, Resolved, Wish, choose, functions, mdev_uuid, usb, wishes},
    progress::Progress,
    vms::{Inner, Vm},
};
use crate::mapping::{self, PciFacts, plugged};

/// How long starts wait for each other: drivers let go of devices in seconds.
const TURN: Duration = Duration::from_secs(60);

/// More than any machine has devices.
const LIMIT: u64 = 1 << 20;

/// A device that a VM has.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Held {
    /// Its address.
    id: String,
    /// The VM.
    vmid: u32,
    /// By which `hostpciN`.
    index: u32,
    /// The driver that had it before, if any had.
    driver: Option<String>,
}

fn parse(text: &str) -> Vec<Held> {
    let line = |line: &str| {
        let mut words = line.split(' ');
        Some(Held {
            id: words.next()?.to_owned(),
            vmid: words.next()?.parse().ok()?,
            index: words.next()?.parse().ok()?,
            driver: words.next().filter(|driver| *driver != "-").map(str::to_owned),
        })
    };
    text.lines().filter_map(line).collect()
}

fn print(held: &[Held]) -> String {
    let line = |one: &Held| format!("{} {} {} {}\n", one.id, one.vmid, one.index, one.driver.as_deref().unwrap_or("-"));
    held.iter().map(line).collect()
}

fn list_of(paths: &Paths) -> PathBuf {
    paths.qemu_run_dir().join("devices")
}

fn read(paths: &Paths) -> Vec<Held> {
    parse(&file::read_text_limited(&list_of(paths), LIMIT).unwrap_or_default())
}

fn write(paths: &Paths, held: &[Held]) -> Result<(), PassthroughError> {
    Ok(file::write_unsynced(&list_of(paths), print(held).as_bytes(), 0o600)?)
}

async fn lock(paths: &Paths) -> Result<FileLock, PassthroughError> {
    Ok(FileLock::acquire(&list_of(paths).with_extension("lock"), TURN).await?)
}

/// Whether a driver of the host would be given the device back. Those of displays seldom survive that, so these stay
/// ready for the next guest.
fn goes_back(device: &PciDevice) -> bool {
    device.class >> 16 != 3
}

impl Inner {
    /// What the host has, and what other VMs have of it.
    fn devices(&self, vmid: Vmid, config: &VmConfig, held: &[Held]) -> Devices {
        let sysfs = Sysfs::of(&self.paths);
        let known = if config.hostpci.is_empty() { Vec::new() } else { pci::list(&sysfs) };
        let others = held.iter().filter(|one| one.vmid != vmid.get());
        Devices {
            pci: known.iter().map(|device| (device.id.clone(), PciFacts::of(device))).collect(),
            usb: if config.usb.is_empty() { Vec::new() } else { plugged(&sysfs) },
            taken: others.map(|one| (one.id.clone(), one.vmid)).collect(),
        }
    }

    /// The devices that a VM has, or would get if it started now. Changes nothing.
    ///
    /// # Errors
    /// When one is missing, not what its mapping says, or taken.
    pub(crate) fn resolve_devices(&self, vmid: Vmid, config: &VmConfig) -> Result<Resolved, VmError> {
        if config.hostpci.is_empty() && config.usb.is_empty() {
            return Ok(Resolved::default());
        }
        let held = read(&self.paths);
        let devices = self.devices(vmid, config, &held);
        let pci = functions(vmid.get(), &self.settle(vmid, config, &devices, &held)?);
        let tree = self.store.tree();
        Ok(Resolved { pci, usb: usb(config, &mapping::of(&tree), &self.node, &devices)? })
    }

    /// The devices of a VM as far as `key` names them; others are stood for, as they are not looked at.
    ///
    /// # Errors
    /// As [`Self::resolve_devices`].
    pub(crate) fn devices_but(&self, vmid: Vmid, vm: &Vm, key: &str) -> Result<Resolved, VmError> {
        let mut all = Resolved::elsewhere(&vm.config);
        let one = file_of(&vm.file.main.iter().filter(|(other, _)| *other == key).collect());
        let known = self.resolve_devices(vmid, &one)?;
        all.pci.extend(known.pci);
        all.usb.extend(known.usb);
        Ok(all)
    }

    fn settle(
        &self,
        vmid: Vmid,
        config: &VmConfig,
        devices: &Devices,
        held: &[Held],
    ) -> Result<BTreeMap<u32, Wish>, PassthroughError> {
        let mut wishes = wishes(config, &mapping::of(&self.store.tree()), &self.node, devices)?;
        for (index, wish) in &mut wishes {
            // What it has already is what it gets.
            let own =
                |id: &String| held.iter().any(|one| one.vmid == vmid.get() && one.index == *index && one.id == *id);
            if let Some(set) = wish.alternatives.iter().find(|set| set.iter().all(own)).cloned() {
                wish.alternatives = vec![set];
            }
        }
        choose(wishes, &devices.taken)
    }

    /// Takes the devices of a VM that starts: notes them as its own, binds them to `vfio-pci`, resets them, makes
    /// mediated ones. What was done is undone by [`Self::give_back_devices`], also after a failure.
    ///
    /// # Errors
    /// When a device is missing, taken or cannot be handed over. Nothing is touched unless all can be.
    pub(crate) async fn take_devices(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        config: &VmConfig,
    ) -> Result<(), VmError> {
        self.resolve_devices(vmid, config)?;
        if config.hostpci.is_empty() {
            // USB devices are opened by QEMU itself, whenever they are plugged in.
            return Ok(());
        }
        Ok(self.take(progress, vmid, config).await?)
    }

    async fn take(&self, progress: &dyn Progress, vmid: Vmid, config: &VmConfig) -> Result<(), PassthroughError> {
        let sysfs = Sysfs::of(&self.paths);
        let _turn = lock(&self.paths).await?;
        let mut held = read(&self.paths);
        held.retain(|one| one.vmid != vmid.get());
        let devices = self.devices(vmid, config, &held);
        let settled = self.settle(vmid, config, &devices, &held)?;
        let wanted = whole(&settled);
        for (index, id) in &wanted {
            let device = vfio::check(&sysfs, id, &wanted.iter().map(|(_, id)| id.clone()).collect::<Vec<_>>())?;
            held.push(Held { id: id.clone(), vmid: vmid.get(), index: *index, driver: device.driver });
        }
        write(&self.paths, &held)?;
        for (index, id) in &wanted {
            if config.hostpci.get(index).is_some_and(|pci| pci.driver == Some(PciDriver::Keep)) {
                continue;
            }
            progress.log(&format!("hostpci{index}: handing PCI device '{id}' to the guest"));
            vfio::bind(&sysfs, id).await?;
            if let Err(error) = vfio::reset(&sysfs, id).await {
                // Many devices work without; QEMU resets once more as it opens them.
                progress.warn(&error.to_string());
            }
        }
        settled.iter().try_for_each(|(index, wish)| make_mediated(&sysfs, vmid, *index, wish))
    }

    /// Gives back what a VM had, each device to the driver that it came from.
    pub(crate) async fn give_back_devices(&self, vmid: Vmid) {
        let sysfs = Sysfs::of(&self.paths);
        for index in 0..16 {
            if let Err(error) = mdev::remove(&sysfs, &mdev_uuid(vmid.get(), index)) {
                tracing::warn!("VM {vmid}: {error}");
            }
        }
        if !read(&self.paths).iter().any(|one| one.vmid == vmid.get()) {
            return;
        }
        if let Err(error) = self.release(&sysfs, vmid).await {
            tracing::warn!("VM {vmid}: {error}");
        }
    }

    async fn release(&self, sysfs: &Sysfs, vmid: Vmid) -> Result<(), PassthroughError> {
        let _turn = lock(&self.paths).await?;
        let (own, others): (Vec<Held>, Vec<Held>) =
            read(&self.paths).into_iter().partition(|one| one.vmid == vmid.get());
        for one in own {
            let back = pci::get(sysfs, &one.id).is_some_and(|device| goes_back(&device));
            if back && one.driver.as_deref() != Some(vfio::DRIVER) {
                let released = vfio::release(sysfs, &one.id, one.driver.is_some()).await;
                if let Err(error) = released {
                    tracing::warn!("VM {vmid}: {error}");
                }
            }
        }
        write(&self.paths, &others)
    }
}

/// The devices that are passed whole, with the option that each is for.
fn whole(settled: &BTreeMap<u32, Wish>) -> Vec<(u32, String)> {
    let whole = settled.iter().filter(|(_, wish)| wish.mdev.is_none());
    whole.flat_map(|(index, wish)| wish.alternatives.iter().flatten().map(|id| (*index, id.clone()))).collect()
}

/// Makes a mediated device on the first device of the wish that has room.
fn make_mediated(sysfs: &Sysfs, vmid: Vmid, index: u32, wish: &Wish) -> Result<(), PassthroughError> {
    let Some(kind) = &wish.mdev else { return Ok(()) };
    let uuid = mdev_uuid(vmid.get(), index);
    if mdev::exists(sysfs, &uuid) {
        return Ok(());
    }
    let mut failed = None;
    for id in wish.alternatives.iter().flatten() {
        match mdev::create(sysfs, id, kind, &uuid) {
            Ok(()) => return Ok(()),
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(()), |error| Err(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_reads_back() {
        let held = [
            Held { id: "0000:01:00.0".into(), vmid: 100, index: 0, driver: Some("nvme".into()) },
            Held { id: "0000:01:00.1".into(), vmid: 100, index: 1, driver: None },
        ];
        assert_eq!(print(&held), "0000:01:00.0 100 0 nvme\n0000:01:00.1 100 1 -\n");
        assert_eq!(parse(&print(&held)), held);
        assert_eq!(parse("nonsense\n0000:01:00.0 x 0 -\n"), []);
    }

    #[test]
    fn displays_stay_ready_for_the_next_guest() {
        assert!(!goes_back(&PciDevice { class: 0x03_00_00, ..PciDevice::default() }));
        assert!(goes_back(&PciDevice { class: 0x01_08_02, ..PciDevice::default() }));
    }
}
