//! Volumes of containers as the storages know them, brought into the configuration.

use std::collections::BTreeMap;

use schema::{Vmid, property::print};
use storage::{Content, VolumeId};

use super::{
    config::{CtConfig, MountPoint, RootFs},
    cts::Cts,
    destroy::volumes,
    error::CtError,
    points::keep,
};
use crate::{config_file::GuestFile, qemu::progress::Progress};

/// Brings a file up to date with the sizes (bytes) of the volumes that belong to its container; tells what changed.
fn refresh(file: &mut GuestFile, known: &BTreeMap<String, u64>) -> Result<Vec<String>, CtError> {
    let mut told = Vec::new();
    let config = CtConfig::read(&file.main);
    let size = |volume: &str| known.get(volume).filter(|bytes| **bytes > 0).map(|b| schema::size::format_disk_size(*b));
    let mut update = |key: &str, volume: &str, old: Option<&str>, value: &dyn Fn(String) -> String| {
        let Some(new) = size(volume).filter(|new| old != Some(new)) else { return };
        told.push(format!("size of volume '{volume}' ({key}) updated from {} to {new}", old.unwrap_or("nothing")));
        file.main.set(key, &value(new));
    };
    if let Some(root) = &config.rootfs {
        let value = |size| print(&RootFs { size: Some(size), ..root.0.clone() });
        update("rootfs", &root.volume, root.size.as_deref(), &value);
    }
    for (index, point) in &config.mp {
        let value = |size| print(&MountPoint { size: Some(size), ..point.0.clone() });
        update(&format!("mp{index}"), &point.volume, point.size.as_deref(), &value);
    }
    let used = volumes(file);
    for id in known.keys().filter_map(|id| id.parse::<VolumeId>().ok()).filter(|id| !used.contains(id)) {
        keep(file, &id)?;
        told.push(format!("add unreferenced volume '{id}' as unused volume"));
    }
    Ok(told)
}

impl Cts {
    /// Brings sizes of volumes up to date, and lists volumes that no option names as unused: of one container, or of
    /// all. With `dry` it only tells.
    ///
    /// # Errors
    /// When there is no such container, or it is locked. A storage that does not answer is passed over with a warning.
    pub async fn rescan(&self, progress: &dyn Progress, vmid: Option<Vmid>, dry: bool) -> Result<(), CtError> {
        let storages = &self.inner.storages;
        let mut known: BTreeMap<Vmid, BTreeMap<String, u64>> = BTreeMap::new();
        for config in storages.configs().iter().filter(|config| config.holds(Content::Rootdir) && config.enabled()) {
            match storages.list(&config.id, Some(Content::Rootdir), vmid).await {
                Ok(entries) => entries.into_iter().for_each(|entry| {
                    if let Some(owner) = entry.vmid {
                        known.entry(owner).or_default().insert(entry.volid, entry.size);
                    }
                }),
                Err(why) => progress.warn(&format!("storage '{}' is passed over: {why}", config.id)),
            }
        }
        for vmid in vmid.map_or_else(|| self.ids(), |vmid| vec![vmid]) {
            let own = known.remove(&vmid).unwrap_or_default();
            let _turn = self.turn(vmid).await?;
            let ct = self.get(vmid)?;
            ct.check_lock(false)?;
            let told = refresh(&mut ct.file.clone(), &own)?;
            told.iter().for_each(|line| progress.log(&format!("CT {vmid}: {line}")));
            if !dry && !told.is_empty() {
                self.inner.edit(vmid, |_, file| refresh(file, &own).map(drop)).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config_file::Dialect;

    #[test]
    fn sizes_are_those_of_the_volumes_and_nothing_is_forgotten() {
        let text = "mp0: s1:100/vm-100-disk-1.raw,mp=/a,size=1G\nrootfs: s1:100/subvol-100-disk-3.subvol\n\
                    \n[kept]\nmp1: s1:100/vm-100-disk-2.raw,mp=/b\n";
        let mut file = GuestFile::parse(Dialect::Lxc, text);
        let known = ["vm-100-disk-1.raw", "vm-100-disk-2.raw", "vm-100-disk-4.raw", "subvol-100-disk-3.subvol"]
            .map(|name| (format!("s1:100/{name}"), if name.starts_with("subvol") { 0 } else { 2 << 30 }))
            .into();
        let told = refresh(&mut file, &known).unwrap();
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(file.main.get("mp0"), Some("s1:100/vm-100-disk-1.raw,mp=/a,size=2G"));
        assert_eq!(file.main.get("rootfs"), Some("s1:100/subvol-100-disk-3.subvol"));
        assert_eq!(file.main.get("unused0"), Some("s1:100/vm-100-disk-4.raw"));
        assert!(refresh(&mut file, &known).unwrap().is_empty(), "a second look finds nothing");
    }
}
