//! Copies of images onto new volumes.

use std::path::Path;

use schema::{StorageId, Vmid};

use crate::convert::{Convert, Step, Zeroed, direct};
use crate::location::{Located, Location};
use crate::plugin::dir;
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
        let from = self.resolve(source).await?;
        let known = self.volume(source)?;
        let info = self.info(source).await?;
        if format == Format::Subvol || known.format == "subvol" {
            if known.format != format.as_str() {
                return Err(StorageError::Invalid(format!(
                    "cannot copy '{source}' to format '{format}' - directories are copied to directories only"
                )));
            }
            return self.copy_directory(&from, wish.target, wish.vmid, wish.name).await;
        }
        dir::check_parent(&known, info.parent.as_deref())?;
        let whole = info.parent.is_none() && wish.snapshot.is_none() && format == Format::Raw && known.format == "raw";
        let located = Located {
            location: Location::Path(from.clone()),
            format: known.format.parse().map_err(StorageError::Name)?,
            inner_snapshot: wish.snapshot.map(str::to_owned),
        };
        let make = self.make_target(wish.target, wish.vmid, (format, Some(wish.name)), info.size).await?;
        let share = if whole { dir::reflink(&make.config, from, make.path.clone()).await? } else { false };
        if share {
            log(Step::Said("the copy shares its blocks with the original"));
            log(Step::Bytes(info.size, info.size));
        } else {
            let own = self.config(&source.storage)?;
            let plan = Convert {
                in_use: wish.pace.in_use,
                direct_read: direct(&own),
                limit: wish.pace.limit,
                ..make.plan(located)
            };
            plan.run(info.size, log).await.map_err(|error| error.explain_full(wish.target, &make.id))?;
        }
        Ok(make.finished())
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
        plan.run(size, log).await.map_err(|error| error.explain_full(target, &make.id))?;
        Ok(make.finished())
    }

    async fn make_target(
        &self,
        storage: &StorageId,
        vmid: Vmid,
        (format, name): (Format, Option<&str>),
        size: u64,
    ) -> Result<Made, StorageError> {
        let id = self.allocate(storage, vmid, Some(format), size, name).await?;
        let path = self.resolve(&id).await?;
        let format = self.volume(&id)?.format.parse().map_err(StorageError::Name)?;
        Ok(Made { guard: dir::Unfinished::new(&path), path, id, format, config: self.usable(storage)? })
    }

    async fn copy_directory(
        &self,
        from: &Path,
        target: &StorageId,
        vmid: Vmid,
        name: &str,
    ) -> Result<VolumeId, StorageError> {
        let id = self.allocate(target, vmid, Some(Format::Subvol), 0, Some(name)).await?;
        let path = self.resolve(&id).await?;
        let unfinished = dir::Unfinished::new(&path);
        dir::copy_tree(from, &path).await.map_err(|error| error.explain_full(target, &id))?;
        unfinished.finished();
        Ok(id)
    }
}

/// A fresh volume that waits for its content, and goes away unless it gets it.
struct Made {
    guard: dir::Unfinished,
    path: std::path::PathBuf,
    id: VolumeId,
    format: Format,
    config: std::sync::Arc<crate::StorageConfig>,
}

impl Made {
    fn plan(&self, source: Located) -> Convert {
        let location = Location::Path(self.path.clone());
        let target = Located { location, format: self.format, inner_snapshot: None };
        Convert { direct_write: direct(&self.config), zeroed: Zeroed::Flag, ..Convert::new(source, target) }
    }

    fn finished(self) -> VolumeId {
        self.guard.finished();
        self.id
    }
}
