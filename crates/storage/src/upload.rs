//! Files that users bring: checked beside their place, then renamed into it.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use host::run::Run;
use schema::{Choice, StorageId};

use crate::location::Location;
use crate::plugin::dir::{self, names};
use crate::{Content, StorageError, Storages, VolumeId};

/// How long computing a checksum may take.
const HASHING: Duration = Duration::from_secs(3600);

/// A checksum's algorithm.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names say all
pub enum Algorithm {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// What a file must have.
#[derive(Clone, Debug)]
pub struct Checksum {
    /// How it is computed.
    pub algorithm: Algorithm,
    /// In hex.
    pub expected: String,
}

/// A file that arrived whole, on the file system of the storage (see [`Storages::temporary`]) or elsewhere.
#[derive(Clone, Debug)]
pub struct UploadedFile {
    /// Where it is. It goes away, whatever happens.
    pub path: PathBuf,
    /// Bytes.
    pub size: u64,
}

/// The name that a file gets: what follows the last slash or backslash, everything unusual as `_`.
#[must_use]
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect()
}

/// Checks the name of a file that a user brings or wants to be fetched, and gives its clean form.
///
/// # Errors
/// When such files cannot be brought, or the ending is wrong.
pub fn check_name(content: Content, name: &str) -> Result<String, StorageError> {
    let clean = clean_name(name);
    let endings: &[&str] = match content {
        Content::Iso => &names::ISO_ENDINGS,
        Content::Vztmpl => &names::TEMPLATE_ENDINGS,
        Content::Import => &[".ova", ".qcow2", ".raw", ".vmdk"],
        other => return Err(StorageError::Invalid(format!("upload content type '{other}' not allowed"))),
    };
    let wrong = || StorageError::Parameter { name: "filename".to_owned(), message: "wrong file extension".to_owned() };
    let small = clean.to_ascii_lowercase();
    let fits = endings.iter().any(|ending| small.ends_with(ending)) && names::is_name_of(content, &clean);
    if fits && clean.len() <= 255 { Ok(clean) } else { Err(wrong()) }
}

/// Verifies a file and renames it to its place. An existing volume of that name is replaced, as uploads do; the file
/// is gone from `file.path` afterwards, whatever happened. `log` gets lines for people.
///
/// # Errors
/// When name, checksum or content are wrong, or the storage cannot take it.
pub async fn finish(
    storages: &Storages,
    file: UploadedFile,
    (storage, content, filename): (&StorageId, Content, &str),
    checksum: Option<Checksum>,
    mut log: impl FnMut(&str),
) -> Result<VolumeId, StorageError> {
    let guard = dir::Unfinished::new(&file.path);
    let name = check_name(content, filename)?;
    let config = storages.usable_for(storage, content)?;
    let id = VolumeId::new(storage, format!("{content}/{name}"));
    if let Some(checksum) = checksum {
        log(&format!("calculating checksum ({})...", checksum.algorithm));
        verify(&file.path, &checksum).await?;
        log("OK, checksum verified");
    }
    check_content(&file.path, content, &name).await?;
    let target = storages.path(&id)?;
    log(&format!("target file '{}'", target.display()));
    let (source, place, own) = (file.path.clone(), target.clone(), config.clone());
    background(move || dir::settle(&own, &source, &place)).await.map_err(|error| error.explain_full(storage, &id))?;
    guard.finished();
    log(&format!("file size is {} ({} bytes)", schema::size::format_disk_size(file.size), file.size));
    Ok(id)
}

async fn background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StorageError> + Send + 'static,
) -> Result<T, StorageError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(StorageError::Invalid(format!("work was cut off - {error}"))))
}

/// Refuses what is not what its name says: a guest would fail on it later with a much stranger message.
async fn check_content(path: &Path, content: Content, name: &str) -> Result<(), StorageError> {
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let owned = path.to_path_buf();
    let head = background(move || head(&owned)).await?;
    let wrong = |what: &str| Err(StorageError::Invalid(format!("'{name}' is not {what}")));
    match (content, ending.as_str()) {
        (Content::Import, "ova") | (Content::Vztmpl, "tar") if head.get(257..262) != Some(b"ustar") => {
            wrong("a tar archive")
        }
        (Content::Vztmpl, "gz") if !head.starts_with(&[0x1f, 0x8b]) => wrong("a gzip archive"),
        (Content::Vztmpl, "xz") if !head.starts_with(b"\xfd7zXZ\0") => wrong("an xz archive"),
        (Content::Vztmpl, "zst") if !head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) => wrong("a zstd archive"),
        (Content::Vztmpl, "bz2") if !head.starts_with(b"BZh") => wrong("a bzip2 archive"),
        (Content::Iso, _) if head.is_empty() => wrong("a disk image: it is empty"),
        (Content::Import, "qcow2" | "vmdk") => match dir::probe(&Location::Path(path.to_path_buf()), &ending).await? {
            (_, None) => Ok(()),
            (_, Some(parent)) => wrong(&format!("an image of its own: it is only a difference to '{parent}'")),
        },
        _ => Ok(()),
    }
}

fn head(path: &Path) -> Result<Vec<u8>, StorageError> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(512).read_to_end(&mut bytes));
    read.map_err(StorageError::io("read", path))?;
    Ok(bytes)
}

/// Compares a file's checksum.
pub(crate) async fn verify(path: &Path, checksum: &Checksum) -> Result<(), StorageError> {
    let found = match checksum.algorithm {
        // Broken as a protection, still in use against damaged downloads: not worth a library of our own.
        Algorithm::Md5 => {
            let output = Run::new("md5sum").arg(path).deadline(HASHING).output().await?;
            output.text().trim_start_matches('\\').split(' ').next().unwrap_or_default().to_owned()
        }
        Algorithm::Sha1 => hash::<sha1::Sha1>(path).await?,
        Algorithm::Sha224 => hash::<sha2::Sha224>(path).await?,
        Algorithm::Sha256 => hash::<sha2::Sha256>(path).await?,
        Algorithm::Sha384 => hash::<sha2::Sha384>(path).await?,
        Algorithm::Sha512 => hash::<sha2::Sha512>(path).await?,
    };
    let expected = checksum.expected.trim().to_ascii_lowercase();
    if found == expected {
        return Ok(());
    }
    Err(StorageError::Invalid(format!("checksum mismatch: got '{found}' != expect '{expected}'")))
}

/// Checksum of a file in hex.
pub(crate) async fn hash<D: sha1::Digest>(path: &Path) -> Result<String, StorageError> {
    let path = path.to_path_buf();
    background(move || digest::<D>(&path).map_err(StorageError::io("read", &path))).await
}

fn digest<D: sha1::Digest>(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut digest = D::new();
    let mut chunk = vec![0; 1 << 20];
    loop {
        match file.read(&mut chunk)? {
            0 => break,
            count => digest.update(&chunk[..count]),
        }
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned_and_endings_checked() {
        assert_eq!(clean_name(r"C:\Users\me\deb ian.iso"), "deb_ian.iso");
        assert_eq!(check_name(Content::Iso, "../../x.ISO").unwrap(), "x.ISO");
        assert_eq!(check_name(Content::Vztmpl, "a.tar.zst").unwrap(), "a.tar.zst");
        for (content, name) in [
            (Content::Iso, "x.qcow2"),
            (Content::Iso, ".iso"),
            (Content::Iso, ".x.iso"),
            (Content::Vztmpl, "x.zip"),
            (Content::Import, "x.ovf"),
        ] {
            assert_eq!(check_name(content, name).unwrap_err().to_string(), "filename: wrong file extension", "{name}");
        }
        assert!(check_name(Content::Backup, "x.vma").unwrap_err().to_string().contains("not allowed"));
    }

    #[tokio::test]
    async fn checksums_are_compared() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        std::fs::write(&path, "abc").unwrap();
        let check = async |algorithm, expected: &str| {
            verify(&path, &Checksum { algorithm, expected: expected.into() }).await.map_err(|error| error.to_string())
        };
        assert_eq!(check(Algorithm::Sha1, "A9993E364706816ABA3E25717850C26C9CD0D89D").await, Ok(()));
        assert_eq!(check(Algorithm::Md5, "900150983cd24fb0d6963f7d28e17f72").await, Ok(()));
        let error = check(Algorithm::Sha256, "00").await.unwrap_err();
        assert!(error.starts_with("checksum mismatch: got 'ba7816bf"), "{error}");
    }
}
