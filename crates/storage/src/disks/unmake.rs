//! What was made of disks is taken away: volume groups, thin pools, directories. And what of them there is.

use std::path::Path;

use schema::{NodeName, StorageId};

use super::make::{UNITS, run, unit, unit_file};
use crate::config::{Configs, StorageKind};
use crate::plugin::lvm::command::{self, change, members};
use crate::{StorageConfig, StorageError};

/// A directory on a disk of its own, as its unit says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mounted {
    /// Where the unit is.
    pub unit_file: String,
    /// The device that is mounted.
    pub device: String,
    /// Where.
    pub path: String,
    /// Kind of the file system.
    pub kind: String,
    /// Options of the mount.
    pub options: String,
}

/// Reads a unit that mounts something (systemd.mount(5)).
fn parse_unit(unit_file: String, text: &str) -> Mounted {
    let mut section = "";
    let mut found = Mounted { unit_file, ..Mounted::default() };
    for line in text.lines().map(str::trim) {
        match line.split_once('=') {
            _ if line.starts_with('[') => section = line,
            Some((key, value)) if section == "[Mount]" => match key.trim() {
                "What" => value.trim().clone_into(&mut found.device),
                "Where" => value.trim().clone_into(&mut found.path),
                "Type" => value.trim().clone_into(&mut found.kind),
                "Options" => value.trim().clone_into(&mut found.options),
                _ => {}
            },
            _ => {}
        }
    }
    found
}

/// The directories on disks of their own, sorted by their units.
#[must_use]
pub fn directories() -> Vec<Mounted> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(UNITS).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("mnt-pve-") && name.ends_with(".mount") {
            let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
            found.push(parse_unit(entry.path().to_string_lossy().into_owned(), &text));
        }
    }
    found.sort_by(|a, b| a.unit_file.cmp(&b.unit_file));
    found
}

/// The directory of that name.
///
/// # Errors
/// When there is none.
pub fn directory_of(name: &StorageId) -> Result<Mounted, StorageError> {
    let file = unit_file(name);
    let text = std::fs::read_to_string(&file);
    let missing = || StorageError::Invalid(format!("no mount unit for '{name}': '{}' is missing", file.display()));
    Ok(parse_unit(file.to_string_lossy().into_owned(), &text.map_err(|_| missing())?))
}

/// What a storage lies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground<'a> {
    /// A volume group, whole.
    Group(&'a str),
    /// A thin pool in a group.
    Pool(&'a str, &'a str),
    /// A directory.
    Directory(&'a Path),
}

impl Ground<'_> {
    /// Whether a storage lies on it. Pure.
    #[must_use]
    pub fn carries(&self, config: &StorageConfig) -> bool {
        let fixed = &config.fixed;
        match *self {
            Self::Group(group) => fixed.vgname.as_deref() == Some(group),
            Self::Pool(group, pool) => {
                config.kind == StorageKind::Lvmthin
                    && fixed.vgname.as_deref() == Some(group)
                    && fixed.thinpool.as_deref() == Some(pool)
            }
            Self::Directory(path) => config.path.as_deref().is_some_and(|own| own.starts_with(path)),
        }
    }
}

/// The storages on it that this node uses.
#[must_use]
pub fn carried(ground: Ground<'_>, configs: &Configs, node: &NodeName) -> Vec<StorageId> {
    let own = configs.iter().filter(|config| config.on_node(node) && ground.carries(config));
    own.map(|config| config.id.clone()).collect()
}

/// The disks of a volume group.
///
/// # Errors
/// When there is no such group, or LVM fails.
pub async fn disks_of(group: &str) -> Result<Vec<String>, StorageError> {
    let all = members().await?;
    let own: Vec<String> = all.into_iter().filter(|one| one.group == group).map(|one| one.device).collect();
    if own.is_empty() {
        return Err(StorageError::Invalid(format!("volume group '{group}' does not exist")));
    }
    Ok(own)
}

/// Whether a group has nothing but this thin pool and its volumes.
///
/// # Errors
/// When the pool is not there, or LVM fails.
pub async fn only_pool(group: &str, pool: &str) -> Result<bool, StorageError> {
    let volumes = command::volumes(group).await?;
    if !volumes.iter().any(|one| one.is_thin_pool() && one.name == pool) {
        return Err(StorageError::Invalid(format!("thin pool '{group}/{pool}' does not exist")));
    }
    Ok(volumes.iter().all(|one| one.name == pool || one.pool.as_deref() == Some(pool)))
}

/// Removes a volume group with all that is in it.
///
/// # Errors
/// When something uses one of its volumes.
pub async fn group(name: &str) -> Result<(), StorageError> {
    change("vgremove", ["--yes", name]).await
}

/// Removes a thin pool with its volumes; its group stays.
///
/// # Errors
/// When something uses one of them.
pub async fn pool(group: &str, name: &str) -> Result<(), StorageError> {
    change("lvremove", ["--yes".to_owned(), format!("{group}/{name}")]).await
}

/// Removes a group of volumes that lies on this disk only; one that is not there is fine.
pub(super) async fn group_on(name: &str, device: &str) -> Result<(), StorageError> {
    let all = members().await?;
    let on: Vec<&str> = all.iter().filter(|one| one.group == name).map(|one| one.device.as_str()).collect();
    match on[..] {
        [] => Ok(()),
        [only] if only == device => group(name).await,
        _ => Err(StorageError::Invalid(format!("volume group '{name}' lies on more than '{device}'; it stays"))),
    }
}

/// Unmounts a directory and forgets its unit; one that is not there is fine.
///
/// # Errors
/// When something uses it.
pub async fn directory(name: &StorageId) -> Result<(), StorageError> {
    let file = unit_file(name);
    if file.exists() {
        run("systemctl", &["disable", "--now", &unit(name)]).await?;
        std::fs::remove_file(&file).map_err(StorageError::io("remove", &file))?;
        run("systemctl", &["daemon-reload"]).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_tell_what_they_mount() {
        let text = "[Unit]\nDescription=What=no\n\n[Mount]\nWhat=/dev/disk/by-uuid/1-2\nWhere = /mnt/pve/a\nType=ext4\n\
                    Options=defaults\n[Install]\nWhere=/no\n";
        let wanted = Mounted {
            unit_file: "/u".into(),
            device: "/dev/disk/by-uuid/1-2".into(),
            path: "/mnt/pve/a".into(),
            kind: "ext4".into(),
            options: "defaults".into(),
        };
        assert_eq!(parse_unit("/u".into(), text), wanted);
        assert_eq!(parse_unit("/u".into(), "nonsense").device, "");
    }

    #[test]
    fn storages_are_found_by_what_they_lie_on() {
        let text = "lvm: all\n\tvgname v\n\nlvmthin: thin\n\tvgname v\n\tthinpool p\n\nlvmthin: other\n\tvgname v\n\
                    \tthinpool q\n\tnodes n2\n\ndir: dx\n\tpath /mnt/pve/d\n\ndir: below\n\tpath /mnt/pve/d/e\n\n\
                    dir: beside\n\tpath /mnt/pve/dd\n";
        let configs = Configs::parse(text, Path::new("/l"));
        let found = |ground, node: &str| {
            let found = carried(ground, &configs, &node.parse().unwrap());
            found.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(found(Ground::Group("v"), "n1"), "all thin");
        assert_eq!(found(Ground::Group("v"), "n2"), "all other thin");
        assert_eq!(found(Ground::Pool("v", "q"), "n2"), "other");
        assert_eq!(found(Ground::Directory(Path::new("/mnt/pve/d")), "n1"), "below dx");
        assert_eq!(found(Ground::Group("w"), "n1"), "");
    }
}
