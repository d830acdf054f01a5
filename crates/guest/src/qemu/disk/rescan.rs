//! Disks as the storages know them, brought into the configuration.

use std::collections::BTreeMap;

use schema::Vmid;
use storage::Content;

use crate::{
    config_file::{GuestFile, Section},
    qemu::{
        cloudinit,
        cmdline::DriveId,
        error::VmError,
        pending::{is_cdrom, keep, owned_by, volume, with_file},
        progress::Progress,
        vms::Vms,
    },
};

/// Brings a file up to date with the sizes (bytes) of the volumes that belong to its VM; tells what changed.
fn refresh(
    file: &mut GuestFile,
    volumes: &BTreeMap<String, u64>,
    owned: &dyn Fn(&str) -> bool,
) -> Result<Vec<String>, VmError> {
    let mut told = Vec::new();
    let drives: Vec<(String, String)> = file
        .main
        .iter()
        .filter(|(key, value)| DriveId::parse(key).is_some() && !key.starts_with("unused") && !is_cdrom(value))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    for (key, value) in drives {
        let Some((id, bytes)) = volume(&value).and_then(|id| Some((id.to_owned(), *volumes.get(id)?))) else {
            continue;
        };
        let size = schema::size::format_disk_size(bytes);
        let old = value.split(',').find_map(|part| part.strip_prefix("size="));
        if old != Some(size.as_str()) {
            told.push(format!("size of disk '{id}' ({key}) updated from {} to {size}", old.unwrap_or("nothing")));
            file.main.set(&key, &format!("{},size={size}", with_file(&value, &id)));
        }
    }
    let states = |section: &Section| section.get("vmstate").map(str::to_owned);
    let mut states: Vec<String> = file.snapshots.values().filter_map(states).collect();
    states.extend(file.main.get("vmstate").map(str::to_owned));
    let kept = |id: &String| !states.contains(id) && !cloudinit::is_volume(id);
    for id in volumes.keys().filter(|id| kept(id)) {
        let before = file.print();
        keep(file, id, owned)?;
        if file.print() != before {
            told.push(format!("add unreferenced volume '{id}' as unused disk"));
        }
    }
    Ok(told)
}

impl Vms {
    /// Brings sizes of disks up to date, and lists volumes that no option names as unused: of one VM, or of all. With
    /// `dry` it only tells.
    ///
    /// # Errors
    /// When there is no such VM, or it is locked. A storage that does not answer is passed over with a warning.
    pub async fn rescan(&self, progress: &dyn Progress, vmid: Option<Vmid>, dry: bool) -> Result<(), VmError> {
        let storages = &self.inner.storages;
        let mut volumes: BTreeMap<Vmid, BTreeMap<String, u64>> = BTreeMap::new();
        for config in storages.configs().iter().filter(|config| config.holds(Content::Images) && config.enabled()) {
            match storages.list(&config.id, Some(Content::Images), vmid).await {
                Ok(entries) => entries.into_iter().for_each(|entry| {
                    if let Some(owner) = entry.vmid {
                        volumes.entry(owner).or_default().insert(entry.volid, entry.size);
                    }
                }),
                Err(why) => progress.warn(&format!("storage '{}' is passed over: {why}", config.id)),
            }
        }
        let all = vmid.map_or_else(|| self.ids(), |vmid| vec![vmid]);
        for vmid in all {
            let own = volumes.remove(&vmid).unwrap_or_default();
            let _turn = self.turn(vmid).await?;
            let vm = self.get(vmid)?;
            vm.check_lock(false)?;
            let owned = owned_by(storages, vmid);
            let told = refresh(&mut vm.file.clone(), &own, &owned)?;
            told.iter().for_each(|line| progress.log(&format!("VM {vmid}: {line}")));
            if !dry && !told.is_empty() {
                self.inner.edit(vmid, |_, file| refresh(file, &own, &owned).map(drop)).await?;
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
        let text = "scsi0: s1:100/vm-100-disk-0.raw,cache=none,size=1G\nscsi1: s1:100/vm-100-disk-1.raw,size=2G\n\
                    \n[snap]\nscsi2: s1:100/vm-100-disk-2.raw\nvmstate: s1:100/vm-100-state-snap.raw\n";
        let mut file = GuestFile::parse(Dialect::Qemu, text);
        let names = ["disk-0", "disk-1", "disk-2", "disk-3", "state-snap", "cloudinit"];
        let volumes = names.map(|name| (format!("s1:100/vm-100-{name}.raw"), 2 << 30)).into();
        let told = refresh(&mut file, &volumes, &|_| true).unwrap();
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(file.main.get("scsi0"), Some("s1:100/vm-100-disk-0.raw,cache=none,size=2G"));
        assert_eq!(file.main.get("unused0"), Some("s1:100/vm-100-disk-3.raw"));
        assert_eq!(file.main.get("unused1"), None);
        assert!(refresh(&mut file, &volumes, &|_| true).unwrap().is_empty(), "a second look finds nothing");
    }
}
