//! Handing PCI devices to guests: from their driver to `vfio-pci`, and back.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    pci::{self, PciDevice, Sysfs, target},
    run::Run,
};

/// The driver that lets a program have a device.
pub const DRIVER: &str = "vfio-pci";

/// How long drivers may take to let go of a device.
const DEADLINE: Duration = Duration::from_secs(60);

/// Why a device was not handed over.
#[derive(Debug, thiserror::Error)]
pub enum VfioError {
    /// It is not there.
    #[error("no pci device info for device '{0}'")]
    Missing(String),
    /// Nothing would keep it from writing to all memory.
    #[error(
        "cannot prepare PCI pass-through of '{0}', IOMMU not present: switch it on in the firmware (VT-d, AMD-Vi) and boot the kernel with 'intel_iommu=on' on Intel machines"
    )]
    NoIommu(String),
    /// Another device could reach what it does.
    #[error(
        "PCI device '{id}' shares IOMMU group {group} with '{other}', which driver '{driver}' of the host uses: pass that one too, or release it"
    )]
    Group {
        /// The device.
        id: String,
        /// Its group.
        group: u32,
        /// The other device.
        other: String,
        /// Who holds that.
        driver: String,
    },
    /// The kernel has no `vfio-pci`.
    #[error("kernel driver 'vfio-pci' cannot be loaded: {0}")]
    NoDriver(String),
    /// A driver refused or hangs.
    #[error("unable to {doing} of PCI device '{id}': {source}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The device.
        id: String,
        /// Why.
        source: io::Error,
    },
}

/// Bridges and the like belong to their group without being passed: base class 6.
fn is_bridge(device: &PciDevice) -> bool {
    device.class >> 16 == 6
}

/// Checks that a device can be handed over together with the others of `wanted`.
///
/// # Errors
/// When it is not there, the host has no IOMMU, or the host uses another device of its group.
pub fn check(sysfs: &Sysfs, id: &str, wanted: &[String]) -> Result<PciDevice, VfioError> {
    let device = pci::get(sysfs, id).ok_or_else(|| VfioError::Missing(id.to_owned()))?;
    let Some(group) = device.iommu_group else { return Err(VfioError::NoIommu(id.to_owned())) };
    let members = fs::read_dir(sysfs.join(&format!("kernel/iommu_groups/{group}/devices"))).into_iter().flatten();
    for other in members.flatten().filter_map(|entry| entry.file_name().into_string().ok()) {
        let Some(member) = pci::get(sysfs, &other).filter(|member| !is_bridge(member)) else { continue };
        let free = |driver: &String| [DRIVER, "pci-stub", "pcieport"].contains(&driver.as_str());
        if let Some(driver) = member.driver.filter(|driver| !free(driver))
            && !wanted.contains(&other)
        {
            return Err(VfioError::Group { id: id.to_owned(), group, other, driver });
        }
    }
    Ok(device)
}

/// Takes a device away from its driver and gives it to `vfio-pci`. Answers once it is there.
///
/// # Errors
/// When the driver is missing, or one of them refuses or hangs.
pub async fn bind(sysfs: &Sysfs, id: &str) -> Result<(), VfioError> {
    if driver(sysfs, id).as_deref() == Some(DRIVER) {
        return Ok(());
    }
    if !sysfs.join("bus/pci/drivers").join(DRIVER).exists() {
        let loaded = Run::new("modprobe").arg(DRIVER).output().await;
        loaded.map_err(|error| VfioError::NoDriver(error.to_string()))?;
    }
    give(sysfs, id, Some(DRIVER), true).await
}

/// Takes a device back from `vfio-pci`. If it is to be `used`, the driver that fits gets it, else none does.
///
/// # Errors
/// When a driver refuses or hangs.
pub async fn release(sysfs: &Sysfs, id: &str, used: bool) -> Result<(), VfioError> {
    if driver(sysfs, id).as_deref() != Some(DRIVER) {
        return Ok(());
    }
    give(sysfs, id, None, used).await
}

/// Brings a device into the state that it has after power on, if it knows how.
///
/// # Errors
/// When it refuses.
pub async fn reset(sysfs: &Sysfs, id: &str) -> Result<(), VfioError> {
    let file = sysfs.pci(id).join("reset");
    if !file.exists() {
        return Ok(());
    }
    write(file, "1".to_owned()).await.map_err(failed("reset", id))
}

/// The driver that holds a device.
#[must_use]
pub fn driver(sysfs: &Sysfs, id: &str) -> Option<String> {
    target(&sysfs.pci(id), "driver")
}

/// Only `to` may take the device, or whichever fits; it is offered to them if it is to be `used`.
async fn give(sysfs: &Sysfs, id: &str, to: Option<&str>, used: bool) -> Result<(), VfioError> {
    let dir = sysfs.pci(id);
    // A line break alone is how the kernel is told that there is no preference any more.
    let wish = to.map_or_else(|| "\n".to_owned(), str::to_owned);
    write(dir.join("driver_override"), wish).await.map_err(failed("choose the driver", id))?;
    if dir.join("driver").exists() {
        write(dir.join("driver/unbind"), id.to_owned()).await.map_err(failed("unbind the driver", id))?;
    }
    if !used {
        return Ok(());
    }
    write(sysfs.join("bus/pci/drivers_probe"), id.to_owned()).await.map_err(failed("bind the driver", id))?;
    let now = driver(sysfs, id);
    if to.is_some() && now.as_deref() != to {
        let reason = now.map_or_else(|| "none took it".to_owned(), |name| format!("'{name}' took it"));
        return Err(failed("bind the driver", id)(io::Error::other(reason)));
    }
    Ok(())
}

fn failed(doing: &'static str, id: &str) -> impl FnOnce(io::Error) -> VfioError {
    move |source| VfioError::Io { doing, id: id.to_owned(), source }
}

/// Writes to the kernel, which answers when it is done: a hanging driver must not hang us.
async fn write(path: PathBuf, text: String) -> io::Result<()> {
    let write = tokio::task::spawn_blocking(move || put(&path, &text));
    match tokio::time::timeout(DEADLINE, write).await {
        Ok(done) => done.map_err(io::Error::other)?,
        Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "the driver does not answer")),
    }
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    use io::Write as _;
    fs::OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn device(sysfs: &Sysfs, id: &str, class: &str, driver: Option<&str>, group: Option<u32>) {
        let dir = sysfs.pci(id);
        fs::create_dir_all(&dir).unwrap();
        for (name, text) in [("class", class), ("vendor", "0x8086"), ("device", "0x1520")] {
            fs::write(dir.join(name), text).unwrap();
        }
        if let Some(driver) = driver {
            let place = sysfs.join("bus/pci/drivers").join(driver);
            fs::create_dir_all(&place).unwrap();
            symlink(&place, dir.join("driver")).unwrap();
        }
        if let Some(group) = group {
            let place = sysfs.join(&format!("kernel/iommu_groups/{group}/devices"));
            fs::create_dir_all(&place).unwrap();
            fs::write(place.join(id), "").unwrap();
            symlink(place.parent().unwrap(), dir.join("iommu_group")).unwrap();
        }
    }

    #[test]
    fn what_cannot_be_passed_is_told_with_its_reason() {
        let dir = tempfile::tempdir().unwrap();
        let sysfs = Sysfs::at(dir.path());
        device(&sysfs, "0000:01:00.0", "0x030000", Some("nouveau"), Some(1));
        device(&sysfs, "0000:01:00.1", "0x040300", Some("snd_hda_intel"), Some(1));
        device(&sysfs, "0000:00:01.0", "0x060400", Some("shpchp"), Some(1));
        device(&sysfs, "0000:02:00.0", "0x020000", None, None);
        let check = |id: &str, wanted: &[&str]| {
            let wanted: Vec<String> = wanted.iter().map(|id| (*id).to_owned()).collect();
            super::check(&sysfs, id, &wanted).map_err(|error| error.to_string())
        };
        assert!(check("0000:01:00.0", &["0000:01:00.0", "0000:01:00.1"]).is_ok());
        let alone = check("0000:01:00.0", &["0000:01:00.0"]).unwrap_err();
        assert!(alone.contains("shares IOMMU group 1 with '0000:01:00.1'"), "{alone}");
        assert!(check("0000:02:00.0", &["0000:02:00.0"]).unwrap_err().contains("IOMMU not present"));
        assert!(check("0000:03:00.0", &[]).unwrap_err().contains("no pci device info"));
    }

    #[tokio::test]
    async fn a_bound_device_is_left_alone_and_a_missing_one_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let sysfs = Sysfs::at(dir.path());
        device(&sysfs, "0000:01:00.0", "0x020000", Some(DRIVER), Some(1));
        bind(&sysfs, "0000:01:00.0").await.unwrap();
        reset(&sysfs, "0000:01:00.0").await.unwrap();
        device(&sysfs, "0000:01:00.1", "0x020000", Some("igb"), Some(1));
        release(&sysfs, "0000:01:00.1", true).await.unwrap();
        assert!(matches!(bind(&sysfs, "0000:01:00.1").await, Err(VfioError::Io { .. })));
    }
}
