//! Copies of images onto new volumes.

use schema::{StorageId, Vmid};

use crate::convert::{Convert, Step, Zeroed, direct};
use crate::location::{Located, Location};
use crate::plugin::{NewVolume, dir};
use crate::storages::full_name;
use crate::{Format, StorageError, Storages, VolumeId};

/// How a copy goes about it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    /// Limit, KiB a second.
    pub limit: Option<u64>,
    /// A program has the source open; only its snapshots can be copied then.
    pub in_use: bool,
}

/// A volume that shall get the content of another one.
#[derive(Clone, Copy, Debug)]
pub struct CopyWish<'a> {
    /// What is copied.
    pub source: &'a VolumeId,
    /// Copy what this snapshot kept.
    pub snapshot: Option<&'a str>,
    /// Storage of the copy.
    pub target: &'a StorageId,
    /// Owner of the copy.
    pub vmid: Vmid,
    /// Format of the copy.
    pub format: Format,
    /// File name of the copy.
    pub name: &'a str,
    /// How.
    pub pace: Pace,
}

impl Storages {
    /// A volume of another guest with the content of one that nobody writes, or of one of its snapshots. Directories are
    /// copied to directories only. `log` gets what there is to tell meanwhile.
    ///
    /// # Errors
    /// When the source is not what its name tells, or as [`Self::allocate`]. Nothing is left then.
    pub async fn copy_volume(
        &self,
        wish: CopyWish<'_>,
        mut log: impl FnMut(Step<'_>),
    ) -> Result<VolumeId, StorageError> {
        let (source, format) = (wish.source, wish.format);
        let located = self.located(source, wish.snapshot).await?;
        let known = self.volume(source)?;
        let info = self.info(source).await?;
        let (directory, wanted) = (known.format == "subvol", format == Format::Subvol);
        if directory != wanted {
            return Err(StorageError::Invalid(format!(
                "cannot copy '{source}' to format '{format}' - directories are copied to directories only"
            )));
        }
        if let Some(id) = self.duplicate(&wish).await? {
            log(Step::Said("the copy shares its blocks with the original"));
            log(Step::Bytes(info.size, info.size));
            return Ok(id);
        }
        if directory {
            return self.copy_directory(&located, wish.target, wish.vmid, wish.name).await;
        }
        dir::check_parent(&known, info.parent.as_deref())?;
        let make = self.make_target(wish.target, wish.vmid, (format, Some(wish.name)), info.size).await?;
        let share = match (&located.location, &make.located.location) {
            (Location::Path(from), Location::Path(to)) if located.format == Format::Raw && format == Format::Raw => {
                dir::reflink(&make.config, from.clone(), to.clone()).await?
            }
            _ => false,
        };
        if share {
            log(Step::Said("the copy shares its blocks with the original"));
            log(Step::Bytes(info.size, info.size));
            return make.finished();
        }
        let own = self.config(&source.storage)?;
        let plan = Convert {
            in_use: wish.pace.in_use,
            direct_read: direct(&own),
            limit: wish.pace.limit,
            ..make.plan(located)
        };
        let done = plan.run(info.size, log).await;
        make.filled(done).await
    }

    /// A copy by the own means of a storage, where it has such.
    async fn duplicate(&self, wish: &CopyWish<'_>) -> Result<Option<VolumeId>, StorageError> {
        if wish.source.storage != *wish.target {
            return Ok(None);
        }
        let (config, plugin, volume) = self.parts(wish.source)?;
        let new = NewVolume { vmid: wish.vmid, name: wish.name.to_owned(), format: wish.format, size: 0 };
        let id = VolumeId::new(wish.target, plugin.volname(wish.vmid, wish.name));
        let made = plugin.duplicate(&config, (&volume, wish.snapshot), &new).await;
        Ok(made.map_err(|error| full_name(error, &id))?.then_some(id))
    }

    /// A new disk of a guest with the content of an image: for imports. Format and name are as for [`Self::allocate`].
    ///
    /// # Errors
    /// When the source is no image of its format or needs other files, or as [`Self::allocate`]. Nothing is left then.
    pub async fn copy_image(
        &self,
        (source, source_format): (&Location, &str),
        target: &StorageId,
        vmid: Vmid,
        wish: (Format, Option<&str>),
        pace: Pace,
        log: impl FnMut(Step<'_>),
    ) -> Result<VolumeId, StorageError> {
        let (size, parent) = dir::probe(source, source_format).await?;
        if let Some(parent) = parent {
            return Err(StorageError::Invalid(format!(
                "the image needs '{parent}' besides; convert it to an image of its own first"
            )));
        }
        let make = self.make_target(target, vmid, wish, size).await?;
        // The format of the source may be one that no volume has.
        let located = Located { location: source.clone(), format: Format::Raw, inner_snapshot: None };
        let plan = Convert { source_format: Some(source_format.to_owned()), limit: pace.limit, ..make.plan(located) };
        let done = plan.run(size, log).await;
        make.filled(done).await
    }

    async fn make_target(
        &self,
        storage: &StorageId,
        vmid: Vmid,
        (format, name): (Format, Option<&str>),
        size: u64,
    ) -> Result<Made, StorageError> {
        let id = self.allocate(storage, vmid, Some(format), size, name).await?;
        let guard = Guard { storages: self.clone(), id: Some(id.clone()) };
        let config = self.usable(storage)?;
        let zeroed = crate::plugin::of(&config)?.abilities(&config).zeroed;
        Ok(Made { guard, located: self.located(&id, None).await?, zeroed, config })
    }

    async fn copy_directory(
        &self,
        from: &Located,
        target: &StorageId,
        vmid: Vmid,
        name: &str,
    ) -> Result<VolumeId, StorageError> {
        let make = self.make_target(target, vmid, (Format::Subvol, Some(name)), 0).await?;
        let done = match (&from.location, &make.located.location) {
            (Location::Path(from), Location::Path(to)) => dir::copy_tree(from, to).await,
            _ => Err(StorageError::Invalid(format!("'{name}' cannot be copied: it has no path"))),
        };
        make.filled(done).await
    }
}

/// A fresh volume that waits for its content, and goes away unless it gets it.
struct Made {
    guard: Guard,
    located: Located,
    zeroed: bool,
    config: std::sync::Arc<crate::StorageConfig>,
}

/// Removes a volume unless told otherwise, also when the work on it is dropped.
struct Guard {
    storages: Storages,
    id: Option<VolumeId>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        let (Some(id), storages) = (self.id.take(), self.storages.clone()) else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            if let Err(error) = storages.free(&id).await {
                tracing::warn!(volume = %id, "cannot remove what was begun: {error}");
            }
        });
    }
}

impl Guard {
    fn id(&self) -> String {
        self.id.as_ref().map(ToString::to_string).unwrap_or_default()
    }
}

impl Made {
    fn plan(&self, source: Located) -> Convert {
        let target = self.located.clone();
        let zeroed = if self.zeroed { Zeroed::Flag } else { Zeroed::Unknown };
        Convert { direct_write: direct(&self.config), zeroed, ..Convert::new(source, target) }
    }

    /// Keeps the volume if its content came, and removes it otherwise.
    async fn filled(mut self, done: Result<(), StorageError>) -> Result<VolumeId, StorageError> {
        let Err(error) = done else { return self.finished() };
        let named = self.guard.id();
        if let Some(id) = self.guard.id.take()
            && let Err(left) = self.guard.storages.free(&id).await
        {
            tracing::warn!(volume = %id, "cannot remove what was begun: {left}");
        }
        Err(error.explain_full(&self.config.id, named))
    }

    fn finished(mut self) -> Result<VolumeId, StorageError> {
        self.guard.id.take().ok_or_else(|| StorageError::Invalid("the copy is gone".to_owned()))
    }
}
