//! Disks that begin as a copy of an image: `STORAGE:0,import-from=SOURCE`.

use std::{
    io::Read as _,
    os::unix::fs::FileTypeExt as _,
    path::{Path, PathBuf},
};

use schema::Vmid;
use serde_json::json;
use storage::{Content, Pace, Storages, VolumeId, location::Location};

use super::{
    create::new_volume,
    error::VmError,
    pending::{is_cdrom, with_file},
    progress::{Progress, show},
    vms::Vms,
    volumes,
};

/// Formats that can be copied from.
const FORMATS: &[&str] = &["raw", "qcow2", "vmdk"];

/// What a drive's value asks to be copied: a volume ID, or an absolute path.
#[must_use]
pub fn import_source(value: &str) -> Option<&str> {
    value.split(',').find_map(|part| part.strip_prefix("import-from="))
}

/// Checks the form of all wishes to copy, without a look at any storage.
///
/// # Errors
/// The first option that asks for a copy and something else besides.
pub fn check_imports(options: &[(String, String)]) -> Result<(), VmError> {
    options.iter().filter(|(_, value)| import_source(value).is_some()).try_for_each(|(key, value)| {
        // Other options may have such a text too, a description for instance.
        super::cmdline::DriveId::parse(key).map_or(Ok(()), |_| target(key, value).map(|_| ()))
    })
}

/// The storage that the copy goes to.
fn target<'a>(key: &str, value: &'a str) -> Result<&'a str, VmError> {
    match new_volume(value.split(',').next().unwrap_or_default()) {
        Some((storage, 0)) if !is_cdrom(value) => Ok(storage),
        _ => Err(VmError::parameter(
            key,
            "'import-from' makes a new disk as large as its source - use <storage ID>:0,import-from=<source>",
        )),
    }
}

impl Vms {
    /// Makes a new disk with the content of an image, which must not be in use. Returns the drive's value as it is kept.
    pub(crate) async fn import(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        (key, value): (&str, &str),
        source: &str,
    ) -> Result<String, VmError> {
        let storage = target(key, value)?;
        let wrong = |message: String| VmError::parameter(key, message);
        let storages = &self.inner.storages;
        let (image, from) = locate(storages, source).await.map_err(wrong)?;
        let format = value.split(',').find_map(|part| part.strip_prefix("format="));
        // What firmware and TPM keep has one form only, whatever the storage likes best.
        let small = matches!(key, "efidisk0" | "tpmstate0");
        let format = format.or(small.then_some("raw"));
        // The size is the source's, which the copy finds out.
        let wish = volumes::wish(storages, storage, vmid, format, 0).await.map_err(wrong)?;
        let made = wish.id.to_string();
        progress.undo(json!({ "vm": { "volume": made } })).await.map_err(VmError::Journal)?;
        progress.log(&format!("{key}: copying '{source}' to '{made}'"));
        // Dropping the copy ends its program.
        tokio::select! {
            copied = volumes::copy(storages, vmid, &wish, (&image, &from), Pace::default(), show(progress, key)) => copied.map_err(wrong)?,
            () = progress.cancelled() => return Err(VmError::Cancelled),
        }
        let found = volumes::find(storages, &made).await.map_err(wrong)?;
        let size = schema::size::format_disk_size(found.size);
        progress.log(&format!("{key}: successfully created disk '{made}' of {size}"));
        Ok(format!("{},size={size}", with_file(value, &made)))
    }
}

/// Where a source lies, and its format.
async fn locate(storages: &Storages, source: &str) -> Result<(Location, String), String> {
    if source.starts_with('/') {
        let path = PathBuf::from(source);
        let looked = host::look::at(&path, path_format).await;
        let format = looked.map_err(|err| format!("cannot import from '{source}' - {err}"))?;
        return Ok((Location::Path(path), format.to_owned()));
    }
    let id: VolumeId = source.parse()?;
    let known = storages.volume(&id).map_err(|err| err.to_string())?;
    if !matches!(known.content, Content::Import | Content::Images) {
        return Err(format!("cannot import from '{source}' - it is of content type '{}'", known.content));
    }
    let own = known.format.strip_prefix("ova+").unwrap_or(&known.format);
    if !FORMATS.contains(&own) {
        let (format, known) = (&known.format, FORMATS.join(", "));
        return Err(format!("cannot import from '{source}' - format '{format}' is not one of {known}"));
    }
    storages.import_source(&id).await.map_err(|err| err.to_string())
}

/// The format of the image at a path, by its first bytes: cloud images of any format are called `.img`.
fn path_format(path: &Path) -> std::io::Result<&'static str> {
    let kind = path.metadata()?.file_type();
    // Opening a pipe would wait for a writer.
    if !kind.is_file() && !kind.is_block_device() {
        return Err(std::io::Error::other("not a file or block device"));
    }
    let mut start = Vec::new();
    std::fs::File::open(path)?.take(4).read_to_end(&mut start)?;
    Ok(match start.as_slice() {
        b"QFI\xfb" => "qcow2",
        b"KDMV" => "vmdk",
        _ => "raw",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(key: &str, value: &str) -> Result<(), String> {
        check_imports(&[(key.to_owned(), value.to_owned())]).map_err(|err| err.to_string())
    }

    #[test]
    fn a_copy_has_the_size_of_its_source() {
        assert_eq!(check("scsi0", "local:0,import-from=local:import/a.qcow2,format=raw"), Ok(()));
        assert_eq!(check("scsi0", "local:8"), Ok(()));
        assert_eq!(check("description", "local:8,import-from=x"), Ok(()));
        for wrong in ["local:8", "none", "/dev/sda", "local:1/vm-1-disk-0.raw", "local:0,media=cdrom"] {
            let refused = check("scsi0", &format!("{wrong},import-from=/a.img")).unwrap_err();
            assert!(refused.starts_with("scsi0: 'import-from' makes a new disk"), "{refused}");
        }
    }

    #[test]
    fn the_first_bytes_tell_the_format() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.img");
        for (start, format) in
            [(&b"QFI\xfb\0\0\0\x03"[..], "qcow2"), (b"KDMV\x01", "vmdk"), (b"", "raw"), (b"x", "raw")]
        {
            std::fs::write(&path, start).unwrap();
            assert_eq!(path_format(&path).unwrap(), format);
        }
        assert!(path_format(directory.path()).unwrap_err().to_string().ends_with("not a file or block device"));
        assert!(path_format(&directory.path().join("none")).unwrap_err().to_string().contains("No such file"));
    }
}
