//! Appliances that lie in a storage, or elsewhere on this host.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::location::Location;
use crate::ova::{self, Member};
use crate::ovf::{self, Appliance};
use crate::plugin::dir;
use crate::{Content, StorageError, Storages, VolumeId};

/// A disk of an appliance, with what holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The drive that it becomes.
    pub drive: String,
    /// Name of its file.
    pub file: String,
    /// Where it lies.
    pub location: Location,
    /// Its format.
    pub format: &'static str,
    /// What a guest sees, bytes.
    pub size: u64,
}

/// Formats of an appliance's disks, by the endings of their files.
fn format_of(name: &str) -> Result<&'static str, StorageError> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let known = ["vmdk", "qcow2", "raw"].into_iter().find(|format| *format == ending);
    let known = known.or_else(|| (ending == "img").then_some("raw"));
    known.ok_or_else(|| StorageError::Invalid(format!("disk file '{name}' is neither vmdk nor qcow2 nor raw")))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StorageError> + Send + 'static,
) -> Result<T, StorageError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(StorageError::Invalid(format!("work was cut off - {error}"))))
}

fn members(archive: &Path) -> Result<Vec<Member>, StorageError> {
    let mut file = File::open(archive).map_err(StorageError::io("open", archive))?;
    ova::members(&mut file).map_err(StorageError::Invalid)
}

fn part(archive: &Path, member: &Member) -> Location {
    // Members fill whole blocks of 512 bytes, as QEMU wants them.
    Location::Part { file: archive.to_owned(), offset: member.offset, size: member.size.next_multiple_of(512) }
}

/// The description in an archive, or beside its disks; with the members of the archive.
fn description(path: &Path, archive: bool) -> Result<(String, Vec<Member>), StorageError> {
    use std::io::{Seek as _, SeekFrom};
    let mut file = File::open(path).map_err(StorageError::io("open", path))?;
    let mut found = Vec::new();
    if archive {
        found = ova::members(&mut file).map_err(StorageError::Invalid)?;
        let one = found.iter().find(|member| member.name.ends_with(".ovf") && !member.name.contains('/'));
        let one = one.ok_or_else(|| StorageError::Invalid("the archive has no OVF description".to_owned()))?;
        if one.size > ovf::LIMIT {
            return Err(StorageError::Invalid("the OVF description is too large".to_owned()));
        }
        file.seek(SeekFrom::Start(one.offset)).map_err(StorageError::io("read", path))?;
        let mut bytes = vec![0; usize::try_from(one.size).unwrap_or(0)];
        file.read_exact(&mut bytes).map_err(StorageError::io("read", path))?;
        return Ok((String::from_utf8_lossy(&bytes).into_owned(), found));
    }
    let mut bytes = Vec::new();
    file.take(ovf::LIMIT + 1).read_to_end(&mut bytes).map_err(StorageError::io("read", path))?;
    Ok((String::from_utf8_lossy(&bytes).into_owned(), found))
}

/// Reads the description at a path, an `.ovf` or an `.ova`, and looks at the disks that it names.
///
/// # Errors
/// When it is none, or a disk is not there or not what its name says.
pub async fn read(path: &Path) -> Result<(Appliance, Vec<Found>), StorageError> {
    let archive = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("ova"));
    let owned = path.to_path_buf();
    let (text, members) = blocking(move || description(&owned, archive)).await?;
    let appliance = ovf::parse(&text).map_err(StorageError::Invalid)?;
    let mut disks = Vec::new();
    for disk in &appliance.disks {
        let format = format_of(&disk.file)?;
        let gone = || StorageError::Invalid(format!("disk file '{}' of the appliance is not there", disk.file));
        let location = if archive {
            part(path, members.iter().find(|member| member.name == disk.file).ok_or_else(gone)?)
        } else {
            let beside = path.with_file_name(&disk.file);
            let plain = std::fs::symlink_metadata(&beside).is_ok_and(|meta| meta.is_file());
            if !plain {
                return Err(gone());
            }
            Location::Path(beside)
        };
        let (size, elsewhere) = dir::probe(&location, format).await?;
        if let Some(other) = elsewhere {
            let why = format!("disk file '{}' of the appliance needs '{other}' besides", disk.file);
            return Err(StorageError::Invalid(why));
        }
        disks.push(Found { drive: disk.drive.clone(), file: disk.file.clone(), location, format, size });
    }
    Ok((appliance, disks))
}

impl Storages {
    /// Reads an appliance in a storage.
    ///
    /// # Errors
    /// When the volume is none, or as [`read`].
    pub async fn appliance(&self, id: &VolumeId) -> Result<(Appliance, Vec<Found>), StorageError> {
        let volume = self.volume(id)?;
        if volume.content != Content::Import || !matches!(volume.format.as_str(), "ova" | "ovf") {
            return Err(StorageError::Invalid(format!("'{id}' is no appliance: it must be an OVA or OVF to import")));
        }
        read(&self.resolve(id).await?).await
    }

    /// Where a disk to import lies, and its format: a file, or a member of an archive
    /// (`local:import/a.ova/disk.vmdk`).
    ///
    /// # Errors
    /// When it is not there.
    pub async fn import_source(&self, id: &VolumeId) -> Result<(Location, String), StorageError> {
        let volume = self.volume(id)?;
        let Some(format) = volume.format.strip_prefix("ova+").map(str::to_owned) else {
            return Ok((Location::Path(self.resolve(id).await?), volume.format));
        };
        let missing = || StorageError::NoVolume(id.to_string());
        let (archive, name) = volume.name.split_once('/').ok_or_else(missing)?;
        let archive: PathBuf = self.resolve(&VolumeId::new(&id.storage, format!("import/{archive}"))).await?;
        let (path, name) = (archive.clone(), name.to_owned());
        let found = blocking(move || Ok(members(&path)?.into_iter().find(|member| member.name == name))).await?;
        Ok((part(&archive, &found.ok_or_else(missing)?), format))
    }
}
