//! Storages that are directories of a BTRFS. A container's directory is a subvolume; a raw disk is a subvolume with the
//! one file `disk.raw`; snapshots are subvolumes beside, `NAME@SNAPSHOT`, that nobody can write. All else is as in
//! [`super::dir`].

mod change;
mod listing;
mod subvolume;

use std::path::Path;

use schema::Vmid;
use store::BoxFuture;

use super::dir::{self, DIR};
use super::{Abilities, Entry, KnownOptions, NewVolume, Plugin, SnapshotChange, Space, VolumeInfo};
use crate::location::{self, Located, Location};
use crate::{Content, Format, StorageConfig, StorageError, Volume};

/// The plugin.
pub struct Btrfs;

const ABILITIES: Abilities = Abilities {
    formats: &[Format::Raw, Format::Subvol],
    snapshot: &[Format::Raw, Format::Subvol, Format::Qcow2],
    internal: &[Format::Qcow2],
    clone: &[Format::Raw, Format::Subvol, Format::Qcow2],
    resize: &[Format::Raw, Format::Qcow2],
    thin: true,
    quota: false,
    zeroed: true,
};

const OPTIONS: KnownOptions = KnownOptions {
    required: &["path"],
    fixed: &[],
    optional: &[
        "content",
        "create-base-path",
        "create-subdirs",
        "disable",
        "format",
        "is_mountpoint",
        "max-protected-backups",
        "mkdir",
        "nocow",
        "nodes",
        "preallocation",
        "prune-backups",
        "shared",
    ],
    contents: &Content::ALL,
    content: &[Content::Images, Content::Rootdir],
};

/// Whether a volume is a subvolume, or lies in one of its own.
fn is_own(volume: &Volume) -> bool {
    volume.content == Content::Images && matches!(volume.format.as_str(), "raw" | "subvol")
}

impl Plugin for Btrfs {
    fn abilities(&self, _config: &StorageConfig) -> &'static Abilities {
        &ABILITIES
    }

    fn options(&self) -> &'static KnownOptions {
        &OPTIONS
    }

    fn parse(&self, volname: &str) -> Result<Volume, StorageError> {
        let volume = DIR.parse(volname)?;
        // That is how names of snapshots are told.
        match is_own(&volume) && volume.name.contains('@') {
            true => Err(StorageError::Name(format!("unable to parse btrfs volume name '{volname}'"))),
            false => Ok(volume),
        }
    }

    fn volname(&self, vmid: Vmid, name: &str) -> String {
        DIR.volname(vmid, name)
    }

    fn locate(&self, config: &StorageConfig, volume: &Volume, snapshot: Option<&str>) -> Result<Located, StorageError> {
        location::of_subvolume(config, volume, snapshot)
    }

    fn find<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
        snapshot: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Located, StorageError>> {
        Box::pin(async move {
            let located = self.locate(config, volume, snapshot)?;
            let Location::Path(path) = &located.location else { return Ok(located) };
            let path = dir::inside_at(config, volume, path.clone()).await?;
            Ok(Located { location: Location::Path(path), ..located })
        })
    }

    fn of_path(&self, config: &StorageConfig, path: &Path) -> Option<(Content, String)> {
        DIR.of_path(config, path).filter(|(_, volname)| self.parse(volname).is_ok_and(|volume| !is_own(&volume)))
    }

    fn sweep<'a>(&'a self, config: &'a StorageConfig) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move {
            DIR.sweep(config).await?;
            subvolume::sweep(config).await
        })
    }

    fn activate<'a>(&'a self, config: &'a StorageConfig) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move {
            DIR.activate(config).await?;
            subvolume::check(config).await
        })
    }

    fn space<'a>(&'a self, config: &'a StorageConfig) -> BoxFuture<'a, Result<Space, StorageError>> {
        DIR.space(config)
    }

    fn list<'a>(
        &'a self,
        config: &'a StorageConfig,
        content: Content,
        vmid: Option<Vmid>,
    ) -> BoxFuture<'a, Result<Vec<Entry>, StorageError>> {
        match content {
            Content::Images | Content::Rootdir => Box::pin(listing::images(config, vmid)),
            _ => DIR.list(config, content, vmid),
        }
    }

    fn names<'a>(&'a self, config: &'a StorageConfig, vmid: Vmid) -> BoxFuture<'a, Result<Vec<String>, StorageError>> {
        DIR.names(config, vmid)
    }

    fn allocate<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a NewVolume,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(change::allocate(config, volume))
    }

    fn free<'a>(&'a self, config: &'a StorageConfig, volume: &'a Volume) -> BoxFuture<'a, Result<(), StorageError>> {
        if is_own(volume) { Box::pin(change::free(config, volume)) } else { DIR.free(config, volume) }
    }

    fn info<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<VolumeInfo, StorageError>> {
        if !is_own(volume) {
            return DIR.info(config, volume);
        }
        Box::pin(async move {
            let path = subvolume::path(&self.find(config, volume, None).await?)?;
            dir::info(config, &path, &volume.format).await
        })
    }

    fn make_base<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<String, StorageError>> {
        if is_own(volume) { Box::pin(change::make_base(config, volume)) } else { DIR.make_base(config, volume) }
    }

    fn unmake_base<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<String, StorageError>> {
        if is_own(volume) { Box::pin(change::unmake_base(config, volume)) } else { DIR.unmake_base(config, volume) }
    }

    fn rename<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
        to: (Vmid, &'a str),
    ) -> BoxFuture<'a, Result<String, StorageError>> {
        if is_own(volume) { Box::pin(change::give(config, volume, to)) } else { DIR.rename(config, volume, to) }
    }

    fn link_format(&self, base: &Volume) -> Format {
        match base.format.as_str() {
            "raw" => Format::Raw,
            "subvol" => Format::Subvol,
            _ => DIR.link_format(base),
        }
    }

    fn link_name(&self, base: &Volume, vmid: Vmid, name: &str) -> String {
        // What begins as a snapshot of the base needs the base no more.
        if is_own(base) { self.volname(vmid, name) } else { DIR.link_name(base, vmid, name) }
    }

    fn link<'a>(
        &'a self,
        config: &'a StorageConfig,
        base: &'a Volume,
        volume: &'a NewVolume,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        if is_own(base) { Box::pin(change::fork(config, (base, None), volume)) } else { DIR.link(config, base, volume) }
    }

    fn duplicate<'a>(
        &'a self,
        config: &'a StorageConfig,
        (source, snapshot): (&'a Volume, Option<&'a str>),
        volume: &'a NewVolume,
    ) -> BoxFuture<'a, Result<bool, StorageError>> {
        Box::pin(async move {
            if !is_own(source) || source.format != volume.format.as_str() {
                return Ok(false);
            }
            change::fork(config, (source, snapshot), volume).await.map(|()| true)
        })
    }

    fn snapshots<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<Vec<String>, StorageError>> {
        if is_own(volume) { Box::pin(change::snapshots(config, volume)) } else { DIR.snapshots(config, volume) }
    }

    fn snapshot<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
        name: &'a str,
        change: SnapshotChange,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        if is_own(volume) {
            Box::pin(change::snapshot(config, volume, name, change))
        } else {
            DIR.snapshot(config, volume, name, change)
        }
    }

    fn check_unlinked<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        if is_own(volume) { Box::pin(std::future::ready(Ok(()))) } else { DIR.check_unlinked(config, volume) }
    }

    fn resize<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
        size: u64,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        if !is_own(volume) {
            return DIR.resize(config, volume, size);
        }
        Box::pin(async move {
            let path = subvolume::path(&self.find(config, volume, None).await?)?;
            dir::resize(config, volume, &path, size).await
        })
    }
}
