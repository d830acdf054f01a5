//! Replacing what a small volume holds, whole.

use std::{
    os::unix::fs::{FileTypeExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use host::{file::write_atomic, run::Run};

use schema::StorageId;

use crate::{Content, StorageError, Storages, VolumeId, plugin::dir};

impl Storages {
    /// Replaces the content of a guest's raw or qcow2 volume; what is left of its size is zeros. Of a volume that is a
    /// file, readers see the old content or the new one, and programs that have it open keep the old one.
    ///
    /// # Errors
    /// When the content is larger than the volume, the volume is of another kind or not there, or the medium fails.
    pub async fn fill(&self, id: &VolumeId, content: &[u8]) -> Result<(), StorageError> {
        let known = self.volume(id)?;
        let path = self.resolve(id).await?;
        let size = self.info(id).await?.size;
        if known.content != Content::Images || known.is_base || content.len() as u64 > size {
            let length = content.len();
            return Err(StorageError::Invalid(format!(
                "'{id}' ({size} bytes) cannot take a content of {length} bytes"
            )));
        }
        let mut whole = content.to_vec();
        whole.resize(usize::try_from(size).unwrap_or(content.len()), 0);
        let place = path.clone();
        let looked = tokio::task::spawn_blocking(move || std::fs::metadata(&place)).await;
        let found = looked.unwrap_or_else(|error| Err(std::io::Error::other(error)));
        let found = found.map_err(StorageError::io("look at", &path))?;
        if found.file_type().is_block_device() {
            return write(path, whole, None).await;
        }
        let mode = found.permissions().mode() & 0o777;
        match known.format.as_str() {
            "raw" => write(path, whole, Some(mode)).await,
            "qcow2" => write_qcow2(&path, whole, mode).await,
            _ => Err(StorageError::Format { storage: id.storage.clone(), format: known.format }),
        }
    }
}

impl Storages {
    /// Writes a small file of content type `snippets`, whole; one of that name is replaced. Only root can read it.
    ///
    /// # Errors
    /// When the storage does not take snippets, the name cannot be one, or the medium fails.
    pub async fn write_snippet(
        &self,
        storage: &StorageId,
        name: &str,
        content: &[u8],
    ) -> Result<VolumeId, StorageError> {
        let config = self.usable_for(storage, Content::Snippets)?;
        crate::plugin::of(&config)?.activate(&config).await?;
        let id = VolumeId::new(storage, format!("snippets/{name}"));
        let path = self.path(&id)?;
        if let Some(parent) = path.parent() {
            host::file::create_dir(parent, 0o755)?;
        }
        write(path, content.to_vec(), Some(0o600)).await?;
        Ok(id)
    }
}

/// Writes a file with this mode anew, or into a device.
async fn write(path: PathBuf, content: Vec<u8>, mode: Option<u32>) -> Result<(), StorageError> {
    let place = path.clone();
    let written = tokio::task::spawn_blocking(move || match mode {
        Some(mode) => write_atomic(&place, &content, mode).map_err(std::io::Error::other),
        None => {
            let mut device = std::fs::OpenOptions::new().write(true).open(&place)?;
            std::io::Write::write_all(&mut device, &content)?;
            device.sync_all()
        }
    });
    let written = written.await.unwrap_or_else(|error| Err(std::io::Error::other(error)));
    written.map_err(StorageError::io("write", &path))
}

async fn write_qcow2(path: &Path, content: Vec<u8>, mode: u32) -> Result<(), StorageError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = |ending: &str| path.with_file_name(format!("{}{name}.{ending}", dir::TEMPORARY));
    let (raw, new) = (beside("raw"), beside("qcow2"));
    // Both go away whatever happens: of the new one only the name is left when it has taken the old one's place.
    let _guards = (dir::Unfinished::new(&raw), dir::Unfinished::new(&new));
    write(raw.clone(), content, Some(0o600)).await?;
    Run::new("qemu-img").args(["convert", "-f", "raw", "-O", "qcow2"]).arg(&raw).arg(&new).output().await?;
    let (from, to) = (new.clone(), path.to_owned());
    let moved = tokio::task::spawn_blocking(move || {
        std::fs::set_permissions(&from, std::fs::Permissions::from_mode(mode))?;
        std::fs::File::open(&from)?.sync_all()?;
        std::fs::rename(&from, &to)
    });
    let moved = moved.await.unwrap_or_else(|error| Err(std::io::Error::other(error)));
    moved.map_err(StorageError::io("replace", path))
}
