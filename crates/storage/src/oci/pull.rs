//! Bringing an image from its registry into a storage.

use std::io::{BufWriter, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use schema::StorageId;
use sha2::Digest as _;

use super::archive::{END, header, padding, write_member, write_start};
use super::manifest::{self, Descriptor, Digest, Document, Manifest};
use super::registry::{Registry, RegistryError};
use super::{Reference, architecture};
use crate::plugin::dir;
use crate::upload::{self, UploadedFile};
use crate::{Content, StorageError, Storages, VolumeId};

/// How often a blob is asked for when the connection breaks.
const ATTEMPTS: usize = 3;
/// How deep indexes may point to indexes.
const DEPTH: usize = 4;

/// What to bring.
#[derive(Clone, Debug)]
pub struct Pull {
    /// The image, with its tag.
    pub reference: Reference,
    /// Its name in the storage, with or without `.tar`; made from the reference when not given.
    pub filename: Option<String>,
    /// Whether a registry at an address that is not public may be used.
    pub private: bool,
}

impl Pull {
    /// Checks what can be checked before anything is fetched, and tells the name.
    ///
    /// # Errors
    /// When the storage does not take it, or has a file of that name.
    pub fn check(&self, storages: &Storages, storage: &StorageId) -> Result<VolumeId, StorageError> {
        storages.usable_for(storage, Content::Vztmpl)?;
        let name = self.filename.clone().unwrap_or_else(|| self.reference.filename());
        let name = if name.to_ascii_lowercase().ends_with(".tar") { name } else { format!("{name}.tar") };
        let name = upload::check_name(Content::Vztmpl, &name)?;
        let id = VolumeId::new(storage, format!("vztmpl/{name}"));
        let target = storages.path(&id)?;
        if target.exists() {
            return Err(StorageError::Invalid(format!("refusing to override existing file '{}'", target.display())));
        }
        Ok(id)
    }

    /// Fetches the image. `progress` gets bytes had and expected, `log` lines for people. Nothing is left when it fails
    /// or its future is dropped.
    ///
    /// # Errors
    /// As [`Pull::check`]; when the registry does not give it, or what came is not what it should be.
    pub async fn run(
        &self,
        storages: &Storages,
        storage: &StorageId,
        mut progress: impl FnMut(u64, u64),
        mut log: impl FnMut(&str),
    ) -> Result<VolumeId, StorageError> {
        let id = self.check(storages, storage)?;
        let name = id.volname.strip_prefix("vztmpl/").unwrap_or_default().to_owned();
        let room = storages.status(storage).await?.avail;
        let temporary = storages.temporary(storage, Content::Vztmpl).await?;
        let unfinished = dir::Unfinished::new(&temporary);
        log(&format!("pulling {}", self.reference));
        let wrong = |error: RegistryError| StorageError::Invalid(error.to_string());
        let mut registry = Registry::new(&self.reference, self.private).map_err(wrong)?;
        let tag = self.reference.tag.as_deref().unwrap_or("latest");
        let (digest, found) = find(&mut registry, tag).await.map_err(wrong)?;
        log(&format!("image {digest}, {} layers", found.layers.len()));
        let needed = needed(&found).filter(|bytes| *bytes <= room);
        if needed.is_none() {
            return Err(StorageError::Full { storage: storage.to_string(), what: name });
        }
        let size = write(&mut registry, &found, tag, &temporary, (&mut progress, &mut log)).await?;
        let file = UploadedFile { path: temporary.clone(), size };
        let done = upload::finish(storages, file, (storage, Content::Vztmpl, &name), None, &mut log).await?;
        unfinished.finished();
        Ok(done)
    }
}

/// The bytes of an archive with it, roughly; nothing when that is more than there can be.
fn needed(manifest: &Manifest) -> Option<u64> {
    manifest.layers.iter().try_fold(manifest.config.size, |sum, layer| sum.checked_add(layer.size)?.checked_add(1024))
}

/// The manifest for this machine and its digest.
async fn find(registry: &mut Registry, tag: &str) -> Result<(Digest, Manifest), RegistryError> {
    let mut which = tag.to_owned();
    for _ in 0..DEPTH {
        let bytes = registry.manifest(&which).await?;
        match Document::parse(&bytes).map_err(RegistryError::Wrong)? {
            Document::Manifest(manifest) => return Ok((Digest::of(&bytes), *manifest)),
            Document::Index(manifests) => {
                let chosen = manifest::choose(&manifests, architecture()).map_err(RegistryError::Wrong)?;
                which = chosen.digest.to_string();
            }
        }
    }
    Err(RegistryError::Wrong("its indexes point to each other".to_owned()))
}

async fn write(
    registry: &mut Registry,
    found: &Manifest,
    tag: &str,
    target: &Path,
    (progress, log): (&mut impl FnMut(u64, u64), &mut impl FnMut(&str)),
) -> Result<u64, StorageError> {
    let wrong = |error: RegistryError| StorageError::Invalid(error.to_string());
    let failed = || StorageError::io("write", target);
    let created = std::fs::OpenOptions::new().write(true).create_new(true).open(target);
    let mut out = BufWriter::with_capacity(1 << 20, created.map_err(failed())?);
    let manifest = serde_json::to_vec(&found.to_oci())
        .map_err(|error| StorageError::Invalid(format!("the manifest cannot be written: {error}")))?;
    write_start(&mut out, &manifest, tag).map_err(failed())?;
    if found.config.size > manifest::LIMIT {
        return Err(StorageError::Invalid("the image's configuration is too large".to_owned()));
    }
    let body = registry.blob(&found.config.digest).await.map_err(wrong)?.body(manifest::LIMIT).await;
    let config = body.map_err(|error| StorageError::Invalid(error.to_string()))?;
    compare(&Digest::of(&config), &found.config.digest)?;
    // What cannot run here is refused before its layers are fetched.
    manifest::process(&config, architecture()).map_err(StorageError::Invalid)?;
    write_member(&mut out, &found.config.digest.blob(), &config).map_err(failed())?;
    let all = found.layers.iter().map(|layer| layer.size).sum();
    let (mut had, mut seen): (u64, Vec<&Digest>) = (0, vec![&found.config.digest]);
    for layer in &found.layers {
        if !seen.contains(&&layer.digest) {
            log(&format!("fetching {} ({})", layer.digest, schema::size::format_disk_size(layer.size)));
            fetch(registry, layer, &mut out, target, |part| progress(had + part, all)).await?;
            seen.push(&layer.digest);
        }
        had += layer.size;
    }
    out.write_all(&END).map_err(failed())?;
    let file = out.into_inner().map_err(|error| failed()(error.into_error()))?;
    file.sync_all().map_err(failed())?;
    Ok(file.metadata().map_err(failed())?.len())
}

fn compare(found: &Digest, wanted: &Digest) -> Result<(), StorageError> {
    if found == wanted {
        return Ok(());
    }
    Err(StorageError::Invalid(format!("checksum mismatch: got '{found}' != expect '{wanted}'")))
}

/// Writes one layer as a member. A connection that breaks is made again.
async fn fetch(
    registry: &mut Registry,
    layer: &Descriptor,
    out: &mut BufWriter<std::fs::File>,
    target: &Path,
    mut progress: impl FnMut(u64),
) -> Result<(), StorageError> {
    let failed = || StorageError::io("write", target);
    let start = out.stream_position().map_err(failed())?;
    for attempt in 1.. {
        out.seek(SeekFrom::Start(start)).map_err(failed())?;
        out.write_all(&header(&layer.digest.blob(), layer.size)).map_err(failed())?;
        let answer = registry.blob(&layer.digest).await;
        let mut answer = answer.map_err(|error| StorageError::Invalid(error.to_string()))?;
        let (mut sum, mut had) = (sha2::Sha256::new(), 0);
        let ended = loop {
            match answer.chunk().await {
                Ok(Some(chunk)) => {
                    had += chunk.len() as u64;
                    if had > layer.size {
                        break Ok(());
                    }
                    sum.update(&chunk);
                    out.write_all(&chunk).map_err(failed())?;
                    progress(had);
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        match ended {
            Ok(()) if had == layer.size => {
                compare(&Digest::finish(sum), &layer.digest)?;
                return out.write_all(padding(layer.size)).map_err(failed());
            }
            Ok(()) => {
                let what = format!("layer '{}' does not have the {} bytes that it should", layer.digest, layer.size);
                return Err(StorageError::Invalid(what));
            }
            Err(error) if attempt >= ATTEMPTS => return Err(StorageError::Invalid(error.to_string())),
            Err(_) => {}
        }
    }
    Ok(())
}
