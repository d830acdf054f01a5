//! Storages that are LVM volume groups: a raw disk is a logical volume, all of whose blocks are taken at once.

pub mod command;
mod volumes;

use std::path::Path;

use schema::Vmid;
use store::BoxFuture;

pub(in crate::plugin) use volumes::{
    Kind, explain, full, given, grow, info, list, located, names, of_path, reach, remove,
};

use super::block::{self, Shape};
use super::{Abilities, Entry, KnownOptions, NewVolume, Plugin, SnapshotChange, Space, VolumeInfo};
use crate::location::{self, Located};
use crate::{Content, Format, StorageConfig, StorageError, Volume};
use command::{change, group, inactive};

/// The plugin.
pub struct Lvm;

const ABILITIES: Abilities = Abilities {
    formats: &[Format::Raw],
    snapshot: &[],
    internal: &[],
    clone: &[],
    resize: &[Format::Raw],
    thin: false,
    quota: false,
    zeroed: false,
};

const OPTIONS: KnownOptions = KnownOptions {
    required: &["vgname"],
    fixed: &[],
    optional: &["bwlimit", "content", "disable", "nodes", "saferemove", "saferemove-stepsize", "shared", "tagged_only"],
    contents: &[Content::Images, Content::Rootdir],
    content: &[Content::Images],
};

const SHAPE: Shape = Shape { linked: false, directories: false, qcow2: true };

fn unable() -> StorageError {
    StorageError::Invalid("can't snapshot this image format".to_owned())
}

fn no_base(volume: &Volume) -> StorageError {
    StorageError::Invalid(format!("'{}' cannot become a template here: storage type 'lvm' has no clones", volume.name))
}

impl Plugin for Lvm {
    fn abilities(&self, _config: &StorageConfig) -> &'static Abilities {
        &ABILITIES
    }

    fn options(&self) -> &'static KnownOptions {
        &OPTIONS
    }

    fn parse(&self, volname: &str) -> Result<Volume, StorageError> {
        block::parse(volname, SHAPE)
    }

    fn volname(&self, _vmid: Vmid, name: &str) -> String {
        name.to_owned()
    }

    fn file_name(&self, stem: &str, format: Format) -> String {
        if format == Format::Raw { stem.to_owned() } else { format!("{stem}.{format}") }
    }

    fn locate(&self, config: &StorageConfig, volume: &Volume, snapshot: Option<&str>) -> Result<Located, StorageError> {
        location::of_logical(config, &volume.name, snapshot)
    }

    fn find<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
        snapshot: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Located, StorageError>> {
        Box::pin(reach(config, volume, snapshot))
    }

    fn of_path(&self, config: &StorageConfig, path: &Path) -> Option<(Content, String)> {
        of_path(config, path, |name| self.parse(name))
    }

    fn sweep<'a>(&'a self, _config: &'a StorageConfig) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn activate<'a>(&'a self, config: &'a StorageConfig) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move { self.space(config).await.map(drop) })
    }

    fn space<'a>(&'a self, config: &'a StorageConfig) -> BoxFuture<'a, Result<Space, StorageError>> {
        Box::pin(async move {
            let name = group(config)?;
            let all = command::groups().await?;
            let found = all.iter().find(|group| group.name == name);
            let found = found.ok_or_else(|| inactive(config, format!("no such volume group '{name}'")))?;
            Ok(Space { total: found.size, used: found.size - found.free.min(found.size), avail: found.free })
        })
    }

    fn list<'a>(
        &'a self,
        config: &'a StorageConfig,
        _content: Content,
        vmid: Option<Vmid>,
    ) -> BoxFuture<'a, Result<Vec<Entry>, StorageError>> {
        Box::pin(list(config, Kind::Thick, vmid, |name| self.parse(name)))
    }

    fn names<'a>(&'a self, config: &'a StorageConfig, _vmid: Vmid) -> BoxFuture<'a, Result<Vec<String>, StorageError>> {
        Box::pin(names(config))
    }

    fn allocate<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a NewVolume,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move {
            let (size, tag) = (format!("{}b", volume.size), format!("pve-vm-{}", volume.vmid));
            // What lies there from before could look like a file system: its signatures go.
            let words = ["-aly", "-Wy", "--yes", "--setautoactivation", "n", "--size", &size, "--name", &volume.name];
            let words = words.into_iter().chain(["--addtag", &tag, group(config)?]);
            change("lvcreate", words).await.map_err(|error| explain(error, config, &volume.name))
        })
    }

    fn free<'a>(&'a self, config: &'a StorageConfig, volume: &'a Volume) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(volumes::free(config, volume))
    }

    fn info<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<VolumeInfo, StorageError>> {
        Box::pin(info(config, volume))
    }

    fn make_base<'a>(
        &'a self,
        _config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<String, StorageError>> {
        Box::pin(std::future::ready(Err(no_base(volume))))
    }

    fn unmake_base<'a>(
        &'a self,
        _config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<String, StorageError>> {
        Box::pin(std::future::ready(Ok(volume.name.clone())))
    }

    fn rename<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
        to: (Vmid, &'a str),
    ) -> BoxFuture<'a, Result<String, StorageError>> {
        Box::pin(given(config, volume, to))
    }

    fn link_format(&self, _base: &Volume) -> Format {
        Format::Raw
    }

    fn link_name(&self, _base: &Volume, _vmid: Vmid, name: &str) -> String {
        name.to_owned()
    }

    fn link<'a>(
        &'a self,
        _config: &'a StorageConfig,
        base: &'a Volume,
        _volume: &'a NewVolume,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(std::future::ready(Err(no_base(base))))
    }

    fn duplicate<'a>(
        &'a self,
        _config: &'a StorageConfig,
        _source: (&'a Volume, Option<&'a str>),
        _volume: &'a NewVolume,
    ) -> BoxFuture<'a, Result<bool, StorageError>> {
        Box::pin(std::future::ready(Ok(false)))
    }

    fn snapshots<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<Vec<String>, StorageError>> {
        Box::pin(async move { located(config, &volume.name).await.map(|_| Vec::new()) })
    }

    fn snapshot<'a>(
        &'a self,
        _config: &'a StorageConfig,
        _volume: &'a Volume,
        _name: &'a str,
        _change: SnapshotChange,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(std::future::ready(Err(unable())))
    }

    fn check_unlinked<'a>(
        &'a self,
        _config: &'a StorageConfig,
        _volume: &'a Volume,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn resize<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
        size: u64,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(grow(config, volume, size))
    }
}
