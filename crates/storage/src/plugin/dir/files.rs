//! Files and directories of a storage. Everything here blocks: call it off the runtime.

use std::fs::{self, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use host::space::Space;

use crate::{Content, StorageConfig, StorageError, Volume};

/// Begins the names of files that are not finished. Nothing lists them, and `sweep` removes them.
pub const TEMPORARY: &str = ".pleiad-tmp-";
/// Ends the name of a backup's notes.
pub const NOTES: &str = ".notes";
/// Ends the name of the mark that protects a backup.
pub const PROTECTED: &str = ".protected";

fn inactive(config: &StorageConfig, reason: impl Into<String>) -> StorageError {
    StorageError::Inactive { storage: config.id.clone(), reason: reason.into() }
}

fn base(config: &StorageConfig) -> Result<&Path, StorageError> {
    config.path.as_deref().ok_or_else(|| inactive(config, "storage definition has no path"))
}

/// Makes the directories that are missing, where the configuration allows.
pub(super) fn activate(config: &StorageConfig) -> Result<(), StorageError> {
    check_mounted(config)?;
    let (base, options) = (base(config)?, &config.options);
    let mkdir = options.mkdir.unwrap_or(true);
    if options.create_base_path.unwrap_or(mkdir) {
        host::file::create_dir(base, 0o755)?;
    }
    if !base.is_dir() {
        return Err(inactive(config, format!("directory '{}' does not exist", base.display())));
    }
    if !options.create_subdirs.unwrap_or(mkdir) {
        return Ok(());
    }
    // Container volumes lie where images lie; `private` is a place of old times that is only read.
    let mut wanted = config.content.iter().map(|c| if *c == Content::Rootdir { Content::Images } else { *c });
    wanted.try_for_each(|content| Ok(host::file::create_dir(&config.directory(content)?, 0o755)?))
}

fn check_mounted(config: &StorageConfig) -> Result<(), StorageError> {
    let place = match config.options.is_mountpoint.as_deref() {
        None | Some("no" | "0" | "false" | "off") => return Ok(()),
        Some("yes" | "1" | "true" | "on") => base(config)?,
        Some(path) => Path::new(path),
    };
    match host::space::is_mount_point(place) {
        Ok(true) => Ok(()),
        _ => {
            Err(inactive(config, format!("directory '{}' is expected to be a mount point but is not", place.display())))
        }
    }
}

/// Room on the storage.
pub(super) fn space(config: &StorageConfig) -> Result<Space, StorageError> {
    check_mounted(config)?;
    let base = base(config)?;
    host::space::of(base).map_err(StorageError::io("look at", base))
}

/// The files of a directory, none when it does not exist. Unfinished ones are not listed.
pub(crate) fn names(directory: &Path) -> Result<Vec<String>, StorageError> {
    let entries = match fs::read_dir(directory) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(StorageError::io("read", directory))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(StorageError::io("read", directory))?.file_name();
        names.extend(name.into_string().ok().filter(|name| !name.starts_with('.')));
    }
    names.sort();
    Ok(names)
}

/// The path with all links followed, if that stays inside the storage.
pub(super) fn inside(config: &StorageConfig, path: &Path, name: &str) -> Result<PathBuf, StorageError> {
    let base = base(config)?;
    let real_base = fs::canonicalize(base).map_err(StorageError::io("find", base))?;
    let real = match fs::canonicalize(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(StorageError::NoVolume(name.to_owned())),
        other => other.map_err(StorageError::io("find", path))?,
    };
    if real.starts_with(&real_base) && real != real_base { Ok(real) } else { Err(leads_out(config, path)) }
}

fn leads_out(config: &StorageConfig, path: &Path) -> StorageError {
    StorageError::Invalid(format!(
        "'{}' is a link that leads out of storage '{}'; remove the link, or add a storage for its target",
        path.display(),
        config.id
    ))
}

/// Makes the directory of a guest's volumes and checks that it is really there, not behind a link. Other users of the host
/// may not pass it: root of a container decides which programs in its files run as their owner, and who may open the
/// devices that its nodes stand for.
pub(crate) fn guest_directory(config: &StorageConfig, directory: &Path) -> Result<(), StorageError> {
    if let Some(above) = directory.parent() {
        host::file::create_dir(above, 0o755)?;
    }
    host::file::create_dir(directory, 0o750)?;
    inside(config, directory, &directory.to_string_lossy())?;
    let failed = |error| StorageError::io("close", directory)(error);
    let mode = fs::metadata(directory).map_err(failed)?.permissions().mode();
    if mode & 0o007 != 0 {
        fs::set_permissions(directory, fs::Permissions::from_mode(mode & 0o7770)).map_err(failed)?;
    }
    Ok(())
}

/// Makes an empty file that did not exist, readable by root only.
pub(super) fn create(path: &Path) -> Result<fs::File, StorageError> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o640).open(path);
    made.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => StorageError::Exists(path.display().to_string()),
        _ => StorageError::io("create", path)(error),
    })
}

/// Makes a directory that did not exist.
pub(super) fn create_subvol(path: &Path) -> Result<(), StorageError> {
    let made = fs::DirBuilder::new().mode(0o755).create(path);
    made.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => StorageError::Exists(path.display().to_string()),
        _ => StorageError::io("create", path)(error),
    })
}

/// Removes a volume with what belongs to it, and the guest's directory when that was its last one.
pub(super) fn remove(config: &StorageConfig, volume: &Volume, path: &Path) -> Result<(), StorageError> {
    let Some(parent) = path.parent().filter(|parent| parent.exists()) else { return Ok(()) };
    // A link is removed itself, not what it points to; so only its directory must be inside.
    inside(config, parent, &volume.name)?;
    if volume.content == Content::Backup && beside(path, PROTECTED).exists() {
        return Err(StorageError::InUse(format!("can't remove protected archive '{}'", volume.name)));
    }
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(StorageError::io("find", path)(error)),
        Ok(found) if found.is_dir() => fs::remove_dir_all(path).map_err(StorageError::io("remove", path))?,
        Ok(_) => fs::remove_file(path).map_err(StorageError::io("remove", path))?,
    }
    if volume.content == Content::Backup {
        // What is gone already is fine.
        let _ = fs::remove_file(beside(path, NOTES));
        let log = crate::archive::log_name(&volume.name).map(|name| path.with_file_name(name));
        let _ = log.map(fs::remove_file);
    }
    if volume.content == Content::Images {
        // Fails when other volumes are there, as it shall.
        let _ = fs::remove_dir(parent);
    }
    Ok(())
}

/// A file beside another, named after it.
#[must_use]
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(ending);
    path.with_file_name(name)
}

/// Sets notes (an empty text removes them) and protection of a backup.
pub(super) fn set_attributes(path: &Path, notes: Option<&str>, protected: Option<bool>) -> Result<(), StorageError> {
    let gone = |path: &Path| match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(StorageError::io("remove", path)(error)),
        _ => Ok(()),
    };
    match notes {
        Some("") => gone(&beside(path, NOTES))?,
        Some(text) => host::file::write_atomic(&beside(path, NOTES), text.as_bytes(), 0o644)?,
        None => {}
    }
    match protected {
        Some(true) => host::file::write_atomic(&beside(path, PROTECTED), b"", 0o644)?,
        Some(false) => gone(&beside(path, PROTECTED))?,
        None => {}
    }
    Ok(())
}

/// Removes unfinished files that a daemon which was killed left behind.
pub(crate) fn sweep(config: &StorageConfig) -> Result<(), StorageError> {
    // Other nodes may be writing there.
    let left = |found: &fs::Metadata| {
        let age = || found.modified().ok()?.elapsed().ok();
        !config.shared() || age().is_some_and(|age| age > ABANDONED)
    };
    for content in &config.content {
        let directory = config.directory(*content)?;
        let Ok(entries) = fs::read_dir(&directory) else { continue };
        for path in entries.flatten().map(|entry| entry.path()) {
            let ours = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(TEMPORARY));
            match fs::symlink_metadata(&path) {
                Ok(found) if ours && left(&found) && found.is_dir() => {
                    let _ = fs::remove_dir_all(&path);
                }
                Ok(found) if ours && left(&found) => {
                    let _ = fs::remove_file(&path);
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// What nobody wrote to for so long is nobody's, on a storage of several nodes.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);

/// Renames a finished file to its place, on another file system by copying it beside first.
pub(crate) fn settle(config: &StorageConfig, source: &Path, target: &Path) -> Result<(), StorageError> {
    let Some(parent) = target.parent() else { return Ok(()) };
    inside(config, parent, &parent.to_string_lossy())?;
    match fs::rename(source, target) {
        Err(error) if error.kind() == ErrorKind::CrossesDevices => {
            let name = target.file_name().unwrap_or_default().to_string_lossy();
            let near = parent.join(format!("{TEMPORARY}{name}"));
            let guard = super::Unfinished::new(&near);
            fs::copy(source, &near).map_err(StorageError::io("copy to", &near))?;
            fs::rename(&near, target).map_err(StorageError::io("rename to", target))?;
            guard.finished();
            fs::remove_file(source).map_err(StorageError::io("remove", source))?;
        }
        other => other.map_err(StorageError::io("rename to", target))?,
    }
    set_readable(target)?;
    Ok(host::file::sync_parent(target)?)
}

fn set_readable(path: &Path) -> Result<(), StorageError> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644)).map_err(StorageError::io("change the mode of", path))
}
