//! Mount points: volumes of storages, and directories of the host, inside of a container.

use std::path::{Component, Path, PathBuf};

use host::{
    idmapped::Range,
    lxc::Volume,
    mount_point::{self, Source},
};
use schema::{StorageId, Vmid};
use storage::{Content, Format, StorageError, VolumeId};

use super::{
    config::{CtConfig, MountPoint, Unused},
    cts::Inner,
    error::CtError,
    idmap::Entry,
    owners,
};
use crate::config_file::{GuestFile, Section};

/// Volumes that a container may keep without using them.
const UNUSED: u32 = 256;

/// What the value of a mount point names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A new volume of that many bytes (0: a directory).
    New(StorageId, u64),
    /// A volume that is there.
    Volume(VolumeId),
    /// A block device of the host.
    Device(PathBuf),
    /// A directory of the host.
    Bind(PathBuf),
}

/// Reads the first part of a mount point's value.
///
/// # Errors
/// When it is none of these, or a path with `..`.
pub(super) fn kind(text: &str) -> Result<Kind, String> {
    if text.starts_with('/') {
        let path = PathBuf::from(plain(text)?);
        return Ok(if path.starts_with("/dev") { Kind::Device(path) } else { Kind::Bind(path) });
    }
    if let Some((storage, size)) = new_volume(text) {
        return Ok(Kind::New(storage, size));
    }
    text.parse().map(Kind::Volume)
}

/// A wish for a new volume, in whole MiB where it is a fraction of a GiB.
pub(super) fn new_volume(text: &str) -> Option<(StorageId, u64)> {
    storage::parse_new(text).map(|(storage, size)| (storage, if size < 1 << 20 { size } else { size >> 20 << 20 }))
}

/// A path from the root on, without what leads back.
fn plain(path: &str) -> Result<String, String> {
    let mut out = String::new();
    for component in Path::new(path).components() {
        match component {
            Component::Normal(name) => {
                out.push('/');
                out.push_str(&name.to_string_lossy());
            }
            Component::RootDir | Component::CurDir => {}
            Component::ParentDir | Component::Prefix(_) => return Err(format!("'{path}': '..' is not allowed")),
        }
    }
    if out.is_empty() { Err(format!("'{path}' is the root file system itself")) } else { Ok(out) }
}

/// Checks what can be told of a mount point without looking at anything.
///
/// # Errors
/// As a message about its option.
pub(super) fn check(index: u32, point: &MountPoint) -> Result<Kind, CtError> {
    let wrong = |why: String| CtError::parameter(&format!("mp{index}"), why);
    if !point.mp.starts_with('/') {
        return Err(wrong(format!("'{}': where it appears inside begins with a slash", point.mp)));
    }
    plain(&point.mp).map_err(wrong)?;
    let kind = kind(&point.volume).map_err(wrong)?;
    if matches!(kind, Kind::Bind(_)) && point.acl.is_some() {
        return Err(wrong("'acl' is about a file system of its own, not a directory of the host".into()));
    }
    Ok(kind)
}

impl Inner {
    /// What a container mounts below its root, in this order. `own`: only its own volumes, as when an archive is
    /// unpacked, which has no business in directories of the host.
    pub(super) async fn points(
        &self,
        config: &CtConfig,
        map: &[Entry],
        own: bool,
    ) -> Result<Vec<mount_point::MountPoint>, CtError> {
        let mut points = Vec::new();
        for (index, point) in &config.mp {
            let owners = owners(*index, point, map)?;
            let source = match check(*index, point)? {
                Kind::Bind(_) if own => continue,
                Kind::Bind(path) => Source::Host(path),
                Kind::Device(path) => Source::Volume(Volume::Image(path)),
                Kind::Volume(id) => Source::Volume(self.located(&id).await?),
                Kind::New(..) => {
                    let why = format!("'{}' was not made: remove it and add it again", point.volume);
                    return Err(CtError::parameter(&format!("mp{index}"), why));
                }
            };
            points.push(mount_point::MountPoint {
                name: format!("mp{index}"),
                source,
                path: plain(&point.mp).map_err(|why| CtError::parameter(&format!("mp{index}"), why))?,
                options: options(point, quota(point.quota, config) && !own),
                keep_attributes: point.keepattrs == Some(true),
                owners,
                // What is unpacked belongs there even if nobody may write later.
                read_only: point.ro == Some(true) && !own,
            });
        }
        Ok(points)
    }

    /// Where a volume is: a directory, or an image to mount.
    pub(super) async fn located(&self, id: &VolumeId) -> Result<Volume, CtError> {
        let path = self.storages.resolve(id).await?;
        let found = host::look::metadata(&path).await.map_err(StorageError::from)?;
        Ok(if found.is_some_and(|found| found.is_dir()) { Volume::Directory(path) } else { Volume::Image(path) })
    }

    /// Lets a volume that was put back or copied as it was in use be mounted at once, see [`host::ext4::nobody_uses`].
    pub(super) async fn release(&self, id: &VolumeId) -> Result<(), CtError> {
        if let Volume::Image(path) = self.located(id).await?
            && let Err(error) = host::ext4::nobody_uses(&path).await
        {
            // Of another kind, most likely; what is ext4 all the same is mounted after the wait.
            tracing::debug!("{id} keeps its mark of use: {error}");
        }
        Ok(())
    }

    /// The name of a new volume that a container asks for.
    pub(super) async fn name_volume(&self, vmid: Vmid, target: &StorageId, size: u64) -> Result<Fresh, CtError> {
        let format = if size == 0 { Format::Subvol } else { Format::Raw };
        let config = self.storages.usable_for(target, Content::Rootdir)?;
        let name = self.storages.next_name(target, vmid, format).await?;
        let id = VolumeId::new(target, storage::plugin::of(&config)?.volname(vmid, &name));
        Ok(Fresh { id, target: target.clone(), name, format, size })
    }

    /// Makes it: an empty file system that belongs to the container's root.
    pub(super) async fn make_volume(&self, vmid: Vmid, fresh: &Fresh, owner: Option<u32>) -> Result<Volume, CtError> {
        let Fresh { id, target, name, format, size } = fresh;
        self.storages.allocate(target, vmid, Some(*format), *size, Some(name)).await?;
        self.fresh(id, owner).await
    }

    /// Makes the volumes that mount points of a change ask for, and puts them in. What was made is told to `made` before
    /// anything can fail.
    pub(super) async fn settle_points(
        &self,
        vmid: Vmid,
        (owner, map): (Option<u32>, &[Entry]),
        options: &mut Section,
        made: &mut Vec<VolumeId>,
    ) -> Result<(), CtError> {
        let wished = CtConfig::read(options).mp;
        for (index, point) in &wished {
            owners(*index, point, map)?;
        }
        for (index, point) in &wished {
            let key = format!("mp{index}");
            match check(*index, point)? {
                Kind::New(target, size) => {
                    let fresh = self.name_volume(vmid, &target, size).await?;
                    made.push(fresh.id.clone());
                    let owner = owners::disk_root(&owners(*index, point, map)?, owner);
                    self.make_volume(vmid, &fresh, owner).await?;
                    options.set(&key, &fresh.value(point));
                }
                Kind::Volume(id) => {
                    if self.storages.volume(&id)?.owner != Some(vmid) {
                        let why = format!("volume '{id}' does not belong to container {vmid}");
                        return Err(CtError::parameter(&key, why));
                    }
                    self.storages.resolve(&id).await.map_err(|err| CtError::parameter(&key, err.to_string()))?;
                }
                Kind::Device(_) | Kind::Bind(_) => {}
            }
        }
        Ok(())
    }
}

/// A volume that is to be made.
pub(super) struct Fresh {
    pub(super) id: VolumeId,
    target: StorageId,
    name: String,
    format: Format,
    size: u64,
}

impl Fresh {
    /// The value of a mount point with this volume.
    pub(super) fn value(&self, point: &MountPoint) -> String {
        let size = (self.size > 0).then(|| schema::size::format_disk_size(self.size));
        let volume = self.id.to_string();
        schema::property::print(&MountPoint { volume, size, ..point.clone() })
    }
}

/// The owners that files of a mount point appear with.
pub(super) fn owners(index: u32, point: &MountPoint, map: &[Entry]) -> Result<Vec<Range>, CtError> {
    let Some(text) = point.idmap.as_deref() else { return Ok(Vec::new()) };
    owners::of(text, map).map_err(|why| CtError::parameter(&format!("mp{index}"), why))
}

/// Whether a file system counts who uses how much. The kernel lets only the host's root decide about that.
pub(super) fn quota(wanted: Option<bool>, config: &CtConfig) -> bool {
    wanted == Some(true) && !config.is_unprivileged()
}

/// Options of ext4(5) for that.
pub(super) const QUOTA: [&str; 3] = ["usrjquota=aquota.user", "grpjquota=aquota.group", "jqfmt=vfsv0"];

fn options(point: &MountPoint, quota: bool) -> Vec<String> {
    let listed = point.mountoptions.iter().flat_map(|list| list.split(';')).filter(|word| !word.is_empty());
    let mut options: Vec<String> = listed.map(str::to_owned).collect();
    if let Some(acl) = point.acl {
        options.push(if acl { "acl" } else { "noacl" }.to_owned());
    }
    if quota {
        options.extend(QUOTA.map(str::to_owned));
    }
    options
}

/// Keeps a volume that nothing uses any more.
///
/// # Errors
/// When a container keeps too many already.
pub(super) fn keep(file: &mut GuestFile, id: &VolumeId) -> Result<(), CtError> {
    let free = (0..UNUSED).map(|index| format!("unused{index}")).find(|key| !file.main.contains(key));
    let key =
        free.ok_or_else(|| CtError::parameter("delete", "Too many unused volumes - please delete them first."))?;
    file.main.set(&key, &schema::property::print(&Unused { volume: id.to_string() }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_mount_point_names() {
        assert_eq!(kind("local:0.2"), Ok(Kind::New("local".parse().unwrap(), 204 << 20)));
        assert_eq!(kind("local:0.5"), Ok(Kind::New("local".parse().unwrap(), 512 << 20)));
        assert_eq!(
            kind("local:100/vm-100-disk-1.raw"),
            Ok(Kind::Volume("local:100/vm-100-disk-1.raw".parse().unwrap()))
        );
        assert_eq!(kind("/srv//data/"), Ok(Kind::Bind("/srv/data".into())));
        assert_eq!(kind("/dev/sdb1"), Ok(Kind::Device("/dev/sdb1".into())));
        assert!(kind("/srv/../etc").unwrap_err().contains("'..' is not allowed"));
        assert!(kind("/").is_err() && kind("nonsense").is_err());
    }

    #[test]
    fn where_it_appears_is_checked() {
        let of = |text: &str| check(0, &schema::property::parse(text).unwrap());
        assert!(of("/srv,mp=/data").is_ok());
        assert!(of("/srv,mp=data").is_err());
        assert!(schema::property::parse::<MountPoint>("/srv,mp=/data/../..").is_err());
        assert!(of("/srv,mp=/").is_err());
        assert!(of("/srv,mp=/data,acl=1").is_err());
    }
}
