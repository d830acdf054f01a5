//! Storages that are directories.

mod base;
mod files;
mod image;
mod listing;
mod mounted;
pub mod names;
mod snapshot;

use std::path::{Path, PathBuf};
use std::time::Duration;

use schema::Vmid;
use store::BoxFuture;

use super::{Abilities, Entry, KnownOptions, NewVolume, Plugin, Space, VolumeInfo};
use crate::location::{self, Located, Location};
use crate::{Content, Format, StorageConfig, StorageError, Volume};

pub(crate) use base::{check_parent, copy_tree, reflink};
pub use files::{NOTES, PROTECTED, TEMPORARY};
pub(crate) use files::{beside, guest_directory, names as file_names, settle};
pub use image::probe;
pub(crate) use image::{Unfinished, info, raw, resize};
pub use mounted::Mount;
pub use snapshot::Change as SnapshotChange;

/// How long a look at directories and files may take before the medium counts as hanging.
const LOOK: Duration = Duration::from_secs(20);

/// Storages that are directories, whatever brings these here.
pub struct Files {
    /// What they can do.
    pub abilities: &'static Abilities,
    /// Their options.
    pub options: &'static KnownOptions,
    /// What has to be mounted, for those that lie elsewhere.
    pub mounted: Option<MountOf>,
}

/// What has to be mounted for a storage; an error where its configuration lacks something.
pub type MountOf = fn(&StorageConfig) -> Result<Mount, StorageError>;

/// The plugin of plain directories.
pub static DIR: Files = Files { abilities: &ABILITIES, options: &OPTIONS, mounted: None };

/// What directories of a server can do: their owners are the server's business, so none is a container's root.
pub(super) const AT_SERVER: Abilities = Abilities { formats: &[Format::Raw, Format::Qcow2], ..ABILITIES };

const ABILITIES: Abilities = Abilities {
    formats: &[Format::Raw, Format::Qcow2, Format::Subvol],
    snapshot: &[Format::Qcow2],
    internal: &[Format::Qcow2],
    clone: &[Format::Raw, Format::Qcow2],
    resize: &[Format::Raw, Format::Qcow2],
    thin: true,
    quota: false,
    zeroed: true,
};

const OPTIONS: KnownOptions = KnownOptions {
    required: &["path"],
    fixed: &[],
    optional: &[
        "bwlimit",
        "content",
        "content-dirs",
        "create-base-path",
        "create-subdirs",
        "disable",
        "format",
        "is_mountpoint",
        "max-protected-backups",
        "mkdir",
        "nodes",
        "preallocation",
        "prune-backups",
        "shared",
    ],
    contents: &Content::ALL,
    content: &[Content::Images, Content::Rootdir],
};

impl Plugin for Files {
    fn abilities(&self, _config: &StorageConfig) -> &'static Abilities {
        self.abilities
    }

    fn options(&self) -> &'static KnownOptions {
        self.options
    }

    fn parse(&self, volname: &str) -> Result<Volume, StorageError> {
        names::parse(volname)
    }

    fn volname(&self, vmid: Vmid, name: &str) -> String {
        format!("{vmid}/{name}")
    }

    fn locate(&self, config: &StorageConfig, volume: &Volume, snapshot: Option<&str>) -> Result<Located, StorageError> {
        location::of_file(config, volume, snapshot)
    }

    fn find<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
        snapshot: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Located, StorageError>> {
        Box::pin(async move {
            let located = self.locate(config, volume, snapshot)?;
            let path = inside(config, volume).await?;
            Ok(Located { location: Location::Path(path), ..located })
        })
    }

    fn of_path(&self, config: &StorageConfig, path: &Path) -> Option<(Content, String)> {
        names::of_path(path, |content| config.directory(content).unwrap_or_default())
    }

    fn sweep<'a>(&'a self, config: &'a StorageConfig) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(sweep_all(config))
    }

    fn activate<'a>(&'a self, config: &'a StorageConfig) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move {
            if let Some(plan) = self.mounted {
                mounted::ensure(config, &plan(config)?).await?;
            }
            let own = config.clone();
            blocking(config, move || files::activate(&own)).await
        })
    }

    fn space<'a>(&'a self, config: &'a StorageConfig) -> BoxFuture<'a, Result<Space, StorageError>> {
        Box::pin(async move {
            if let Some(plan) = self.mounted {
                // A server that was away at the start, or rebooted, is mounted as soon as it is there.
                mounted::ensure(config, &plan(config)?).await?;
            }
            let own = config.clone();
            // No deadline of our own: the caller keeps one and remembers a thread that hangs.
            join(tokio::task::spawn_blocking(move || files::space(&own)).await)
        })
    }

    fn list<'a>(
        &'a self,
        config: &'a StorageConfig,
        content: Content,
        vmid: Option<Vmid>,
    ) -> BoxFuture<'a, Result<Vec<Entry>, StorageError>> {
        Box::pin(async move {
            if matches!(content, Content::Images | Content::Rootdir) {
                return listing::images(config, vmid).await;
            }
            let own = config.clone();
            blocking(config, move || listing::files(&own, content, vmid)).await
        })
    }

    fn names<'a>(&'a self, config: &'a StorageConfig, vmid: Vmid) -> BoxFuture<'a, Result<Vec<String>, StorageError>> {
        Box::pin(async move {
            let directory = config.directory(Content::Images)?.join(vmid.to_string());
            blocking(config, move || files::names(&directory)).await
        })
    }

    fn allocate<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a NewVolume,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(image::allocate(config, volume))
    }

    fn free<'a>(&'a self, config: &'a StorageConfig, volume: &'a Volume) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move {
            let path = path_of(config, volume, None)?;
            self.check_unlinked(config, volume).await?;
            let (own, volume) = (config.clone(), volume.clone());
            // Removing a big tree takes its time; only a look has a deadline.
            join(tokio::task::spawn_blocking(move || files::remove(&own, &volume, &path)).await)
        })
    }

    fn info<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<VolumeInfo, StorageError>> {
        Box::pin(async move {
            let path = inside(config, volume).await?;
            let format = if volume.format.starts_with("ova") { "raw" } else { &volume.format };
            image::info(config, &path, format).await
        })
    }

    fn make_base<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<String, StorageError>> {
        Box::pin(base::make(config, volume))
    }

    fn unmake_base<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<String, StorageError>> {
        Box::pin(async move {
            self.check_unlinked(config, volume).await?;
            base::unmake(config, volume).await
        })
    }

    fn rename<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
        to: (Vmid, &'a str),
    ) -> BoxFuture<'a, Result<String, StorageError>> {
        Box::pin(base::give(config, volume, to))
    }

    fn link_format(&self, _base: &Volume) -> Format {
        Format::Qcow2
    }

    fn link_name(&self, base: &Volume, vmid: Vmid, name: &str) -> String {
        let owner = base.owner.map(|owner| owner.to_string()).unwrap_or_default();
        format!("{owner}/{}/{}", base.name, self.volname(vmid, name))
    }

    fn link<'a>(
        &'a self,
        config: &'a StorageConfig,
        base: &'a Volume,
        volume: &'a NewVolume,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(base::link(config, base, volume))
    }

    fn duplicate<'a>(
        &'a self,
        _config: &'a StorageConfig,
        _source: (&'a Volume, Option<&'a str>),
        _volume: &'a NewVolume,
    ) -> BoxFuture<'a, Result<bool, StorageError>> {
        // The file system may share blocks of single files; that is tried for every copy between files.
        Box::pin(std::future::ready(Ok(false)))
    }

    fn snapshots<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<Vec<String>, StorageError>> {
        Box::pin(snapshot::list(config, volume))
    }

    fn snapshot<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
        name: &'a str,
        change: SnapshotChange,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(snapshot::change(config, volume, name, change))
    }

    fn check_unlinked<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move { if volume.is_base { listing::refuse_with_clones(config, volume).await } else { Ok(()) } })
    }

    fn resize<'a>(
        &'a self,
        config: &'a StorageConfig,
        volume: &'a Volume,
        size: u64,
    ) -> BoxFuture<'a, Result<(), StorageError>> {
        Box::pin(async move {
            let path = inside(config, volume).await?;
            image::resize(config, volume, &path, size).await
        })
    }
}

/// Where a volume lies, or the file that holds one of its snapshots.
///
/// # Errors
/// When its format has no snapshots.
pub fn path_of(config: &StorageConfig, volume: &Volume, snapshot: Option<&str>) -> Result<PathBuf, StorageError> {
    if snapshot.is_some() && volume.format != "qcow2" {
        return Err(StorageError::Invalid("can't snapshot this image format".to_owned()));
    }
    config.directory(volume.content)?;
    Ok(names::path(volume, |content| config.directory(content).unwrap_or_default()))
}

/// Where an existing volume lies, after a look that no link leads out of the storage.
pub(crate) async fn inside(config: &StorageConfig, volume: &Volume) -> Result<PathBuf, StorageError> {
    inside_at(config, volume, path_of(config, volume, None)?).await
}

/// The path of something of a volume, after a look that it is there and that no link leads out of the storage.
pub(crate) async fn inside_at(config: &StorageConfig, volume: &Volume, path: PathBuf) -> Result<PathBuf, StorageError> {
    let (own, name) = (config.clone(), volume.name.clone());
    blocking(config, move || files::inside(&own, &path, &name)).await
}

/// Notes and protection of a backup.
pub(crate) async fn attributes(
    config: &StorageConfig,
    volume: &Volume,
) -> Result<(Option<String>, Option<bool>), StorageError> {
    let path = inside(config, volume).await?;
    let look = move || Ok((listing::notes(&path), Some(files::beside(&path, PROTECTED).exists())));
    blocking(config, look).await
}

/// Sets notes and protection of a backup.
pub(crate) async fn set_attributes(
    config: &StorageConfig,
    volume: &Volume,
    notes: Option<String>,
    protected: Option<bool>,
) -> Result<(), StorageError> {
    let path = inside(config, volume).await?;
    blocking(config, move || files::set_attributes(&path, notes.as_deref(), protected)).await
}

/// Removes what a killed daemon left unfinished.
pub(crate) async fn sweep_all(config: &StorageConfig) -> Result<(), StorageError> {
    let own = config.clone();
    blocking(config, move || files::sweep(&own)).await
}

/// Runs a look at the medium off the runtime, with a deadline.
pub(crate) async fn blocking<T: Send + 'static>(
    config: &StorageConfig,
    work: impl FnOnce() -> Result<T, StorageError> + Send + 'static,
) -> Result<T, StorageError> {
    match tokio::time::timeout(LOOK, tokio::task::spawn_blocking(work)).await {
        Ok(done) => join(done),
        Err(_) => Err(StorageError::Hangs(config.id.clone())),
    }
}

fn join<T>(done: Result<Result<T, StorageError>, tokio::task::JoinError>) -> Result<T, StorageError> {
    done.unwrap_or_else(|error| Err(StorageError::Invalid(format!("storage work was cut off - {error}"))))
}
