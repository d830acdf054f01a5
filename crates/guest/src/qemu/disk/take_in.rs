//! Disks and whole appliances from elsewhere.

use std::path::Path;

use schema::{StorageId, Vmid};
use storage::{Format, appliance, location::Location};

use crate::qemu::{
    create::Create,
    error::VmError,
    pending::{keep, owned_by},
    progress::Progress,
    update::Update,
    vms::Vms,
};

/// A wish to copy an image into a storage, for a VM.
#[derive(Debug, Clone)]
pub struct ImportWish {
    /// A volume ID or an absolute path.
    pub source: String,
    /// Where to.
    pub storage: StorageId,
    /// Into which format; the storage's own if nothing is said.
    pub format: Option<Format>,
    /// The drive that it becomes; without one it is an unused disk.
    pub drive: Option<String>,
}

/// The value of a drive that begins as a copy of an image.
fn value(storage: &StorageId, source: &str, format: Option<Format>) -> String {
    let format = format.map(|format| format!(",format={format}")).unwrap_or_default();
    format!("{storage}:0,import-from={source}{format}")
}

impl Vms {
    /// Copies an image into a storage, as a disk of a VM.
    ///
    /// # Errors
    /// When the source is no image, the storage refuses, or the task is stopped.
    pub async fn import_disk(&self, progress: &dyn Progress, vmid: Vmid, wish: &ImportWish) -> Result<(), VmError> {
        let value = value(&wish.storage, &wish.source, wish.format);
        if let Some(drive) = &wish.drive {
            let set = vec![(drive.clone(), value)];
            return self.update(progress, vmid, Update { set, ..Update::default() }).await;
        }
        self.get(vmid)?.check_lock(false)?;
        let made = self.import(progress, vmid, ("unused", &value), &wish.source).await?;
        let owned = owned_by(&self.inner.storages, vmid);
        self.inner.edit(vmid, |_, file| keep(file, &made, &owned)).await?;
        progress.log("the disk is listed as unused - give it to a drive to use it");
        Ok(())
    }

    /// The options of the VM that an appliance makes: one in a storage, or a description at an absolute path.
    ///
    /// # Errors
    /// When it is no appliance, or its disks cannot be read.
    pub async fn appliance_options(
        &self,
        source: &str,
        storage: &StorageId,
        format: Option<Format>,
    ) -> Result<Vec<(String, String)>, VmError> {
        let text = |err: storage::StorageError| VmError::parameter("source", err.to_string());
        let (found, disks) = if source.starts_with('/') {
            appliance::read(Path::new(source)).await.map_err(text)?
        } else {
            let id = source.parse().map_err(|why: String| VmError::parameter("source", why))?;
            self.inner.storages.appliance(&id).await.map_err(text)?
        };
        let mut options: Vec<(String, String)> =
            found.options.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        for disk in disks {
            let from = match &disk.location {
                Location::Path(path) => path.display().to_string(),
                Location::Part { .. } if !source.starts_with('/') => format!("{source}/{}", disk.file),
                _ => {
                    let why = "an archive must lie in a storage with content 'import' - upload it there, or unpack it";
                    return Err(VmError::parameter("source", why));
                }
            };
            options.push((disk.drive, value(storage, &from, format)));
        }
        if options.iter().any(|(key, value)| key == "bios" && value == "ovmf") {
            options.push(("efidisk0".to_owned(), format!("{storage}:1,efitype=4m")));
        }
        options.extend(found.cards.iter().enumerate().map(|(at, model)| (format!("net{at}"), (*model).to_owned())));
        Ok(options)
    }

    /// Makes a VM of an appliance's options.
    ///
    /// # Errors
    /// As [`Vms::create`].
    pub async fn import_appliance(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        options: Vec<(String, String)>,
    ) -> Result<(), VmError> {
        self.create(progress, vmid, Create { options, ..Create::default() }).await
    }
}
