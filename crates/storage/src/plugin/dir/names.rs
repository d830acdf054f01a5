//! Names of volumes in storages that are directories.

use std::path::{Path, PathBuf};

use schema::Vmid;

use crate::{Content, Format, StorageError, Volume};

/// Endings of container templates.
pub const TEMPLATE_ENDINGS: [&str; 5] = [".tar", ".tar.gz", ".tar.xz", ".tar.zst", ".tar.bz2"];
/// Endings of CD images.
pub const ISO_ENDINGS: [&str; 2] = [".iso", ".img"];
/// Endings of what virtual machines are made from.
pub const IMPORT_ENDINGS: [&str; 5] = [".ova", ".ovf", ".qcow2", ".raw", ".vmdk"];

/// What the name of a volume tells, and whether it can be one.
///
/// # Errors
/// When it cannot. A name that passes has no `..`, no empty part and no control character: as a path below its
/// directory it stays there.
pub fn parse(volname: &str) -> Result<Volume, StorageError> {
    let wrong = || StorageError::Name(format!("unable to parse directory volume name '{volname}'"));
    let parts: Vec<&str> = volname.split('/').collect();
    let climbs = parts.iter().any(|part| matches!(*part, "" | "." | "..")) || volname.contains(char::is_control);
    match parts.as_slice() {
        _ if climbs => Err(wrong()),
        [base_owner, base, owner, name] if guest(base_owner).is_some() && guest(owner).is_some() => {
            image_name(base)?;
            let mut volume = image(owner, name)?;
            volume.base = guest(base_owner).map(|owner| ((*base).to_owned(), owner));
            Ok(volume)
        }
        [owner, name] if guest(owner).is_some() => image(owner, name),
        ["rootdir", owner] => {
            let vmid = guest(owner).ok_or_else(wrong)?;
            Ok(Volume { owner: Some(vmid), format: "subvol".into(), ..plain(Content::Rootdir, owner) })
        }
        ["import", archive, member] => inner(archive, member).ok_or_else(wrong),
        [kind, name] => file(kind, name).ok_or_else(wrong),
        _ => Err(wrong()),
    }
}

fn guest(text: &str) -> Option<Vmid> {
    text.parse().ok()
}

fn plain(content: Content, name: &str) -> Volume {
    Volume { content, name: name.to_owned(), owner: None, base: None, is_base: false, format: "raw".into() }
}

/// Checks the file name of a guest's volume and tells its format.
pub(super) fn image_name(name: &str) -> Result<Format, StorageError> {
    let wrong = || StorageError::Name(format!("unable to parse volume filename '{name}'"));
    let (stem, ending) = name.rsplit_once('.').ok_or_else(wrong)?;
    if stem.is_empty() || name.contains(char::is_whitespace) || name.starts_with('.') {
        return Err(wrong());
    }
    ending.parse().map_err(|_| wrong())
}

fn image(owner: &str, name: &str) -> Result<Volume, StorageError> {
    let format = image_name(name)?;
    Ok(Volume {
        owner: guest(owner),
        is_base: name.starts_with("base-"),
        format: format.to_string(),
        ..plain(Content::Images, name)
    })
}

fn file(kind: &str, name: &str) -> Option<Volume> {
    let content: Content = kind.parse().ok()?;
    if !is_name_of(content, name) {
        return None;
    }
    let mut volume = plain(content, name);
    match content {
        Content::Backup => volume.owner = backup_owner(name),
        Content::Import => name.rsplit_once('.')?.1.clone_into(&mut volume.format),
        _ => {}
    }
    Some(volume)
}

/// Whether a file of this name is of that content type.
#[must_use]
pub fn is_name_of(content: Content, name: &str) -> bool {
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.len() > ending.len() && name.ends_with(ending));
    let hidden = name.starts_with('.');
    match content {
        _ if hidden || name.contains('/') || name.contains(char::is_control) => false,
        Content::Iso => {
            let small = name.to_ascii_lowercase();
            ISO_ENDINGS.iter().any(|ending| small.len() > ending.len() && small.ends_with(ending))
        }
        Content::Vztmpl => ends(&TEMPLATE_ENDINGS),
        Content::Backup => backup_format(name).is_some(),
        Content::Snippets => !name.is_empty(),
        Content::Import => ends(&IMPORT_ENDINGS) && name.chars().all(is_safe),
        Content::Images | Content::Rootdir => false,
    }
}

fn is_safe(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-.+=_".contains(c)
}

/// A file inside an archive to import.
fn inner(archive: &str, member: &str) -> Option<Volume> {
    let format = member.rsplit_once('.').map(|(_, ending)| ending).filter(|e| ["qcow2", "raw", "vmdk"].contains(e))?;
    let good = archive.ends_with(".ova")
        && archive.len() > 4
        && archive.chars().all(is_safe)
        && member.chars().all(|c| is_safe(c) || c == ' ')
        && member.len() > format.len() + 1;
    good.then(|| Volume { format: format!("ova+{format}"), ..plain(Content::Import, &format!("{archive}/{member}")) })
}

/// Format of a backup archive as lists show it: `vma.zst`, `tar`, `tgz`.
pub(super) fn backup_format(name: &str) -> Option<&str> {
    const COMPRESSIONS: [&str; 4] = [".gz", ".lzo", ".zst", ".bz2"];
    let ending =
        |ending: &str| name.strip_suffix(ending).filter(|stem| !stem.is_empty()).map(|stem| &name[stem.len() + 1..]);
    let packed = |kind: &str| COMPRESSIONS.iter().find_map(|compression| ending(&format!(".{kind}{compression}")));
    ending(".tgz")
        .or_else(|| ending(".tar"))
        .or_else(|| ending(".vma"))
        .or_else(|| packed("tar"))
        .or_else(|| packed("vma"))
}

fn backup_owner(name: &str) -> Option<Vmid> {
    let rest = ["vzdump-qemu-", "vzdump-lxc-", "vzdump-openvz-"].iter().find_map(|start| name.strip_prefix(start))?;
    guest(rest.split_once('-')?.0)
}

/// Where a volume lies below the directories of its storage. `directory` gives that of a content type.
pub fn path(volume: &Volume, directory: impl Fn(Content) -> PathBuf) -> PathBuf {
    let top = directory(volume.content);
    match (volume.content, volume.owner) {
        (Content::Images, Some(owner)) => top.join(owner.to_string()).join(&volume.name),
        _ => top.join(&volume.name),
    }
}

/// The volume that a path is, if it is one; the reverse of [`path`].
#[must_use]
pub fn of_path(path: &Path, directory: impl Fn(Content) -> PathBuf) -> Option<(Content, String)> {
    Content::ALL.into_iter().find_map(|content| {
        let below = path.strip_prefix(directory(content)).ok()?.to_str()?;
        let volname = match content {
            Content::Images => below.to_owned(),
            other => format!("{other}/{below}"),
        };
        let volume = parse(&volname).ok()?;
        (volume.content == content && volume.base.is_none() && !volume.format.starts_with("ova+"))
            .then_some((content, volname))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn directory(content: Content) -> PathBuf {
        Path::new("/s").join(content.directory())
    }

    #[test]
    fn names_tell_what_a_volume_is() {
        let clone = parse("200/base-200-disk-0.raw/100/vm-100-disk-1.qcow2").unwrap();
        assert_eq!(clone.base, Some(("base-200-disk-0.raw".into(), Vmid::new(200).unwrap())));
        assert_eq!((clone.owner.map(Vmid::get), clone.format.as_str()), (Some(100), "qcow2"));
        assert_eq!(path(&clone, directory), Path::new("/s/images/100/vm-100-disk-1.qcow2"));
        assert_eq!(parse("rootdir/100").unwrap().content, Content::Rootdir);
        assert_eq!(parse("import/a.ova/b c.vmdk").unwrap().format, "ova+vmdk");
        let backup = parse("backup/vzdump-qemu-100-2020_01_01-00_00_00.vma.zst").unwrap();
        assert_eq!(backup.owner.map(Vmid::get), Some(100));
    }

    #[test]
    fn no_name_leads_out() {
        for name in [
            "../x.iso",
            "iso/../x.iso",
            "iso/..",
            "snippets/..",
            "snippets/.",
            "100/../200/vm-1.raw",
            "100/..",
            "snippets/a/b",
            "/etc/passwd",
            "iso//x.iso",
            "100/.raw",
            "snippets/a\nb",
            "import/..ova/../x.raw",
            "",
            "iso/.x.iso",
            "099/vm-99-disk-0.raw",
        ] {
            assert!(parse(name).is_err(), "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn any_name_that_passes_stays_inside_and_comes_back(name in "(iso|snippets|import|vztmpl|backup|rootdir|1[0-9]{2})/[a-z./ ]{0,12}(\\.iso|\\.raw|\\.tar\\.gz|)") {
            if let Ok(volume) = parse(&name) {
                let path = path(&volume, directory);
                prop_assert!(path.starts_with("/s"));
                prop_assert!(!path.components().any(|part| part.as_os_str() == ".."));
                if volume.base.is_none() && !volume.format.starts_with("ova+") {
                    prop_assert_eq!(of_path(&path, directory), Some((volume.content, name)));
                }
            }
        }
    }
}
