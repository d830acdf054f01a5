//! Files that the node fetches from URLs.

use std::path::Path;
use std::time::Duration;

use host::http::Request;
use host::run::Run;
use schema::{Choice, StorageId};

use crate::plugin::dir;
use crate::upload::{self, Checksum, UploadedFile};
use crate::{Content, StorageError, Storages, VolumeId};

/// How long unpacking may take.
const UNPACK: Duration = Duration::from_secs(6 * 3600);

/// How a file is packed that shall be kept unpacked.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names say all
pub enum Compression {
    Bz2,
    Gz,
    Lzo,
    Zst,
}

impl Compression {
    fn program(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Bz2 => ("bzip2", &["-d", "-c"]),
            Self::Gz => ("gzip", &["-d", "-c"]),
            Self::Lzo => ("lzop", &["-d", "-c"]),
            Self::Zst => ("zstd", &["-q", "-d", "-c"]),
        }
    }
}

/// What to fetch and what it shall become.
#[derive(Clone, Debug)]
pub struct Download {
    /// From where.
    pub request: Request,
    /// What it is.
    pub content: Content,
    /// Its name in the storage.
    pub filename: String,
    /// What the file must have, as it comes.
    pub checksum: Option<Checksum>,
    /// How it is packed, if it shall be unpacked.
    pub compression: Option<Compression>,
}

impl Download {
    /// Checks what can be checked before anything is fetched.
    ///
    /// # Errors
    /// When the storage does not take it, or it would have a name that it cannot have.
    pub fn check(&self, storages: &Storages, storage: &StorageId) -> Result<VolumeId, StorageError> {
        storages.usable_for(storage, self.content)?;
        let name = upload::check_name(self.content, &self.filename)?;
        if self.compression.is_some() && self.content != Content::Iso {
            return Err(StorageError::Parameter {
                name: "compression".to_owned(),
                message: format!("only 'iso' content can be unpacked, not '{}'", self.content),
            });
        }
        Ok(VolumeId::new(storage, format!("{}/{name}", self.content)))
    }

    /// Fetches it. `progress` gets bytes had and expected, `log` lines for people. Nothing is left when it fails or
    /// its future is dropped.
    ///
    /// # Errors
    /// As [`Self::check`]; when a file of that name exists with other content, the server does not give it, or it is
    /// not what it should be.
    pub async fn run(
        &self,
        storages: &Storages,
        storage: &StorageId,
        progress: impl FnMut(u64, Option<u64>),
        mut log: impl FnMut(&str),
    ) -> Result<VolumeId, StorageError> {
        let id = self.check(storages, storage)?;
        let target = storages.path(&id)?;
        if target.exists() {
            return self.existing(&target, id).await;
        }
        let room = storages.status(storage).await?.avail;
        let temporary = storages.temporary(storage, self.content).await?;
        let unfinished = dir::Unfinished::new(&temporary);
        log(&format!("downloading {} to {}", self.request.url, target.display()));
        let size = self.request.download(&temporary, room, progress).await.map_err(|error| match error {
            host::http::HttpError::TooLarge(_) => {
                StorageError::Full { storage: storage.to_string(), what: self.filename.clone() }
            }
            other => StorageError::Invalid(other.to_string()),
        })?;
        if let Some(checksum) = &self.checksum {
            log(&format!("calculating checksum ({})...", checksum.algorithm));
            upload::verify(&temporary, checksum).await?;
            log("OK, checksum verified");
        }
        let file = match self.compression {
            None => UploadedFile { path: temporary.clone(), size },
            Some(compression) => unpack(storages, storage, (self.content, &temporary), compression, &mut log).await?,
        };
        let what = (storage, self.content, self.filename.as_str());
        let done = upload::finish(storages, file, what, None, &mut log).await?;
        if self.compression.is_none() {
            unfinished.finished();
        }
        Ok(done)
    }

    /// A file that is there already is right only if its checksum is known and the same.
    async fn existing(&self, target: &Path, id: VolumeId) -> Result<VolumeId, StorageError> {
        let same = match &self.checksum {
            Some(checksum) if self.compression.is_none() => upload::verify(target, checksum).await.is_ok(),
            _ => false,
        };
        if same {
            return Ok(id);
        }
        Err(StorageError::Invalid(format!("refusing to override existing file '{}'", target.display())))
    }
}

async fn unpack(
    storages: &Storages,
    storage: &StorageId,
    (content, packed): (Content, &Path),
    compression: Compression,
    log: &mut impl FnMut(&str),
) -> Result<UploadedFile, StorageError> {
    let path = storages.temporary(storage, content).await?;
    let unfinished = dir::Unfinished::new(&path);
    let (program, arguments) = compression.program();
    log(&format!("unpacking with {program}"));
    let run = Run::new(program).args(arguments).stdin_file(packed).stdout_file(&path).deadline(UNPACK);
    run.output().await.map_err(|error| StorageError::from(error).explain_full(storage, packed.display()))?;
    let size = tokio::fs::metadata(&path).await.map_err(StorageError::io("find", &path))?.len();
    unfinished.finished();
    Ok(UploadedFile { path, size })
}
