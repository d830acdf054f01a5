//! Lists of guests' volumes: subvolumes, and the files that there may be besides.

use std::path::Path;

use schema::Vmid;

use super::dir::{self, DIR};
use super::{Btrfs, is_own};
use crate::plugin::{Entry, Plugin as _};
use crate::{Content, StorageConfig, StorageError, VolumeId};

/// Volumes of guests: of one, or of all.
pub(super) async fn images(config: &StorageConfig, vmid: Option<Vmid>) -> Result<Vec<Entry>, StorageError> {
    let mut entries = Vec::new();
    for entry in DIR.list(config, Content::Images, vmid).await? {
        let volume = entry.volid.parse::<VolumeId>().ok().and_then(|id| Btrfs.parse(&id.volname).ok());
        // Plain files and directories of such names are no volumes here.
        if volume.is_some_and(|volume| !is_own(&volume)) {
            entries.push(entry);
        }
    }
    let own = config.clone();
    for (owner, name) in dir::blocking(config, move || subvolumes(&own, vmid)).await? {
        let volname = Btrfs.volname(owner, &name);
        let Ok(volume) = Btrfs.parse(&volname) else { continue };
        // One that was just removed must not hide all others.
        let Ok(info) = Btrfs.info(config, &volume).await else { continue };
        entries.push(Entry {
            volid: VolumeId::new(&config.id, volname).to_string(),
            content: Content::Images.to_string(),
            format: info.format,
            size: info.size,
            used: info.used,
            vmid: Some(owner),
            ctime: Some(info.ctime),
            parent: None,
            notes: None,
            protected: None,
            subtype: None,
        });
    }
    Ok(entries)
}

/// The file names of the volumes that are subvolumes, with their owners.
fn subvolumes(config: &StorageConfig, vmid: Option<Vmid>) -> Result<Vec<(Vmid, String)>, StorageError> {
    let top = config.directory(Content::Images)?;
    let owners = match vmid {
        Some(vmid) => vec![vmid],
        None => dir::file_names(&top)?.iter().filter_map(|name| name.parse().ok()).collect(),
    };
    let mut found = Vec::new();
    for owner in owners {
        let directory = top.join(owner.to_string());
        for name in dir::file_names(&directory)? {
            if name.contains('@') || !host::space::is_subvolume(&directory.join(&name)).unwrap_or(false) {
                continue;
            }
            found.push((owner, if is_disk(&directory, &name) { format!("{name}.raw") } else { name }));
        }
    }
    Ok(found)
}

fn is_disk(directory: &Path, name: &str) -> bool {
    !name.ends_with(".subvol") && directory.join(name).join("disk.raw").exists()
}
