//! Lists of what a directory holds.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use schema::Vmid;

use super::{blocking, files, image, names};
use crate::plugin::{Entry, VolumeInfo};
use crate::{Content, StorageConfig, StorageError, Volume, VolumeId};

/// Longest notes that are read, bytes.
const NOTES_LIMIT: u64 = 64 << 10;

/// Volumes of guests: of one, or of all.
pub(super) async fn images(config: &StorageConfig, vmid: Option<Vmid>) -> Result<Vec<Entry>, StorageError> {
    let own = config.clone();
    let found = blocking(config, move || guest_files(&own, vmid)).await?;
    let mut entries = Vec::with_capacity(found.len());
    for (owner, name) in found {
        let Ok(volume) = names::parse(&format!("{owner}/{name}")) else { continue };
        let path = names::path(&volume, |content| config.directory(content).unwrap_or_default());
        // An image that cannot be read (damaged, or just removed) must not hide all others.
        if let Ok(info) = image::info(config, &path, &volume.format).await {
            entries.push(image_entry(config, owner, &volume, info));
        }
    }
    Ok(entries)
}

fn guest_files(config: &StorageConfig, vmid: Option<Vmid>) -> Result<Vec<(Vmid, String)>, StorageError> {
    let top = config.directory(Content::Images)?;
    let owners = match vmid {
        Some(vmid) => vec![vmid],
        None => files::names(&top)?.iter().filter_map(|name| name.parse().ok()).collect(),
    };
    let mut found = Vec::new();
    for owner in owners {
        let directory = top.join(owner.to_string());
        if directory.is_dir() {
            found.extend(files::names(&directory)?.into_iter().map(|name| (owner, name)));
        }
    }
    Ok(found)
}

fn image_entry(config: &StorageConfig, owner: Vmid, volume: &Volume, info: VolumeInfo) -> Entry {
    let volname = format!("{owner}/{}", volume.name);
    let base = info.parent.as_deref().and_then(|parent| parent.strip_prefix("../"));
    let base =
        base.filter(|base| names::parse(base).is_ok_and(|base| base.content == Content::Images && base.base.is_none()));
    let volname = base.map_or_else(|| volname.clone(), |base| format!("{base}/{volname}"));
    Entry {
        volid: VolumeId::new(&config.id, volname).to_string(),
        content: Content::Images.to_string(),
        format: info.format,
        size: info.size,
        used: info.used,
        vmid: Some(owner),
        ctime: Some(info.ctime),
        parent: info.parent,
        notes: None,
        protected: None,
        subtype: None,
    }
}

/// Files of all content types but guests' volumes. Only backups have an owner.
pub(super) fn files(config: &StorageConfig, content: Content, vmid: Option<Vmid>) -> Result<Vec<Entry>, StorageError> {
    if vmid.is_some() && content != Content::Backup {
        return Ok(Vec::new());
    }
    let directory = config.directory(content)?;
    let mut entries = Vec::new();
    for name in files::names(&directory)? {
        let Ok(volume) = names::parse(&format!("{content}/{name}")) else { continue };
        if vmid.is_some() && volume.owner != vmid {
            continue;
        }
        let path = directory.join(&name);
        let Ok(meta) = std::fs::metadata(&path) else { continue };
        if meta.is_file() {
            entries.push(file_entry(config, content, &volume, &path, &meta));
        }
    }
    Ok(entries)
}

fn file_entry(
    config: &StorageConfig,
    content: Content,
    volume: &Volume,
    path: &Path,
    meta: &std::fs::Metadata,
) -> Entry {
    let name = &volume.name;
    let mut entry = Entry {
        volid: VolumeId::new(&config.id, format!("{content}/{name}")).to_string(),
        content: content.to_string(),
        format: shown_format(content, name, volume),
        size: meta.len(),
        used: None,
        vmid: volume.owner,
        ctime: Some(meta.ctime()),
        parent: None,
        notes: None,
        protected: None,
        subtype: None,
    };
    if content == Content::Backup {
        let archive = crate::archive::info(name).ok();
        entry.ctime = archive.as_ref().and_then(|archive| archive.time_by_clock()).or(entry.ctime);
        entry.subtype = archive.and_then(|archive| archive.guest).map(|guest| guest.to_owned());
        entry.notes = notes(path).map(|text| text.lines().next().unwrap_or_default().to_owned());
        entry.protected = files::beside(path, files::PROTECTED).exists().then_some(true);
    }
    entry
}

/// The format that lists show of a file.
fn shown_format(content: Content, name: &str, volume: &Volume) -> String {
    match content {
        Content::Iso => "iso".to_owned(),
        Content::Snippets => "snippet".to_owned(),
        Content::Backup => names::backup_format(name).unwrap_or("raw").to_owned(),
        Content::Vztmpl => format!("t{}", name.rsplit('.').next().filter(|e| *e != "tar").unwrap_or("ar")),
        _ => volume.format.clone(),
    }
}

/// The notes of a backup.
pub(crate) fn notes(path: &Path) -> Option<String> {
    host::file::read_text_limited(&files::beside(path, files::NOTES), NOTES_LIMIT).ok()
}

/// Refuses when linked clones of a template volume exist.
pub(super) async fn refuse_with_clones(config: &StorageConfig, base: &Volume) -> Result<(), StorageError> {
    let Some(owner) = base.owner else { return Ok(()) };
    let wanted = format!("../{owner}/{}", base.name);
    let all = images(config, None).await?;
    match all.iter().find(|entry| entry.parent.as_deref() == Some(wanted.as_str())) {
        Some(clone) => Err(StorageError::InUse(format!(
            "base volume '{}' is still in use by linked cloned volume '{}' - remove that first",
            base.name, clone.volid
        ))),
        None => Ok(()),
    }
}
