//! Template volumes of directories, what is linked to them, and copies.

use std::path::{Path, PathBuf};
use std::time::Duration;

use host::run::Run;
use schema::Vmid;

use super::{blocking, files, image, inside};
use crate::plugin::NewVolume;
use crate::{Content, StorageConfig, StorageError, Volume};

/// How long a look at or a change of an image's metadata may take.
const LOOK: Duration = Duration::from_secs(60);
/// How long copying a tree may take.
const COPY: Duration = Duration::from_secs(24 * 3600);

/// Begins the names of volumes that are not templates.
const PLAIN: &str = "vm-";
/// Begins the names of template volumes.
const BASE: &str = "base-";

/// Formats whose files can be what others are linked to.
fn linkable(volume: &Volume) -> bool {
    volume.content == Content::Images && matches!(volume.format.as_str(), "raw" | "qcow2")
}

/// The other name of a volume, where it has one.
fn renamed(volume: &Volume, from: &str, to: &str) -> Option<String> {
    volume.name.strip_prefix(from).filter(|_| linkable(volume)).map(|rest| format!("{to}{rest}"))
}

/// The volume name of a file that lies where `volume` lies.
fn volname(volume: &Volume, name: &str) -> String {
    let owner = volume.owner.map(|owner| owner.to_string()).unwrap_or_default();
    match &volume.base {
        Some((base, base_owner)) => format!("{base_owner}/{base}/{owner}/{name}"),
        None => format!("{owner}/{name}"),
    }
}

/// Renames a volume to its name as a template. What is no disk image keeps its name.
pub(super) async fn make(config: &StorageConfig, volume: &Volume) -> Result<String, StorageError> {
    let path = inside(config, volume).await?;
    if volume.is_base {
        return Err(StorageError::Invalid(format!("'{}' is a base volume already", volume.name)));
    }
    let Some(name) = renamed(volume, PLAIN, BASE) else { return Ok(volname(volume, &volume.name)) };
    let seen = image::info(config, &path, &volume.format).await?;
    check_parent(volume, seen.parent.as_deref())?;
    let target = path.with_file_name(&name);
    // Only root reads it from now on; that nobody writes is what a template's name means.
    blocking(config, move || rename(&path, &target, 0o440)).await?;
    Ok(volname(volume, &name))
}

/// Gives a template volume its old name back, if it has the new one. Answers that name.
pub(super) async fn unmake(config: &StorageConfig, volume: &Volume) -> Result<String, StorageError> {
    let Some(name) = renamed(volume, BASE, PLAIN) else { return Ok(volname(volume, &volume.name)) };
    let path = match inside(config, volume).await {
        Err(StorageError::NoVolume(_)) => return Ok(volname(volume, &name)),
        found => found?,
    };
    let target = path.with_file_name(&name);
    blocking(config, move || rename(&path, &target, 0o640)).await?;
    Ok(volname(volume, &name))
}

/// Gives a volume to another guest. What it is linked to stays where it is: guests' directories lie side by side.
pub(super) async fn give(
    config: &StorageConfig,
    volume: &Volume,
    (vmid, name): (Vmid, &str),
) -> Result<String, StorageError> {
    use std::os::unix::fs::PermissionsExt as _;
    let path = inside(config, volume).await?;
    if volume.is_base || volume.content != Content::Images || volume.format == "subvol" {
        return Err(StorageError::Invalid(format!("'{}' cannot be given to another guest", volume.name)));
    }
    let new = volname(&Volume { owner: Some(vmid), ..volume.clone() }, name);
    super::names::parse(&new)?;
    let directory = config.directory(Content::Images)?.join(vmid.to_string());
    let (own, target) = (config.clone(), directory.join(name));
    blocking(config, move || {
        files::guest_directory(&own, &directory)?;
        let mode = std::fs::metadata(&path).map_err(StorageError::io("find", &path))?.permissions().mode();
        rename(&path, &target, mode & 0o7777)?;
        // Fails when other volumes are there, as it shall.
        let _ = path.parent().map(std::fs::remove_dir);
        Ok(())
    })
    .await?;
    Ok(new)
}

/// Renames a file, unless the new name is taken.
fn rename(path: &Path, target: &Path, mode: u32) -> Result<(), StorageError> {
    use std::os::unix::fs::PermissionsExt as _;
    // A link fails where a rename would replace.
    match std::fs::hard_link(path, target) {
        // We were cut off after the link.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && same(path, target) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(StorageError::Exists(target.display().to_string()));
        }
        linked => linked.map_err(StorageError::io("rename to", target))?,
    }
    std::fs::remove_file(path).map_err(StorageError::io("rename", path))?;
    let mode = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(target, mode).map_err(StorageError::io("change the mode of", target))?;
    Ok(host::file::sync_parent(target)?)
}

/// Whether two names are one file.
fn same(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let file = |path| std::fs::metadata(path).map(|meta| (meta.dev(), meta.ino())).ok();
    file(one).is_some_and(|one| file(other) == Some(one))
}

/// Checks that an image depends on what the volume's name says, and on nothing else.
pub(crate) fn check_parent(volume: &Volume, parent: Option<&str>) -> Result<(), StorageError> {
    let named = volume.base.as_ref().map(|(name, owner)| format!("../{owner}/{name}"));
    if named.as_deref() == parent {
        return Ok(());
    }
    Err(StorageError::Invalid(format!(
        "volume '{}' contains wrong information about parent: it depends on '{}' - is it damaged or foreign?",
        volume.name,
        parent.unwrap_or("nothing")
    )))
}

/// Makes a qcow2 file on top of a template volume.
pub(super) async fn link(config: &StorageConfig, base: &Volume, volume: &NewVolume) -> Result<(), StorageError> {
    let Some(owner) = base.owner.filter(|_| base.is_base && linkable(base)) else {
        return Err(StorageError::Invalid(format!("Linked clone feature is not available for '{}'", base.name)));
    };
    inside(config, base).await?;
    let directory = config.directory(Content::Images)?.join(volume.vmid.to_string());
    let path = directory.join(&volume.name);
    let (own, place, fresh) = (config.clone(), directory, path.clone());
    let prepare = move || {
        files::guest_directory(&own, &place)?;
        // The name is taken before the program starts: it would overwrite what somebody else made meanwhile.
        image::create(&fresh).map(|(_, guard)| guard)
    };
    let guard = blocking(config, prepare).await?;
    let run = Run::new("qemu-img").args(["create", "-q", "-f", "qcow2", "-F", &base.format]);
    // Relative, so that the storage may be mounted elsewhere.
    let run = run.args(["-b", &format!("../{owner}/{}", base.name)]).arg(&path);
    run.deadline(LOOK).output().await?;
    guard.finished();
    Ok(())
}

/// Lets a new file share another one's blocks; false where the file system cannot.
pub(crate) async fn reflink(config: &StorageConfig, source: PathBuf, target: PathBuf) -> Result<bool, StorageError> {
    let share = move || {
        let from = std::fs::File::open(&source).map_err(StorageError::io("open", &source))?;
        let open = std::fs::OpenOptions::new().write(true).open(&target);
        let to = open.map_err(StorageError::io("open", &target))?;
        Ok(host::space::share(&from, &to).is_ok())
    };
    blocking(config, share).await
}

/// Copies all that is in a directory into another one: owners, modes, times, links, devices and extended attributes
/// stay as they are; blocks are shared where the file system can.
pub(crate) async fn copy_tree(source: &Path, target: &Path) -> Result<(), StorageError> {
    let run = Run::new("cp").args(["-a", "--reflink=auto", "--sparse=auto", "--one-file-system", "--"]);
    run.arg(source.join(".")).arg(target).deadline(COPY).output().await?;
    Ok(())
}
