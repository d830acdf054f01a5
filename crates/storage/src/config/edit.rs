//! Changes of `storage.cfg`: text in, text out.

use std::path::Path;

use schema::section::{File, Section};
use schema::{NodeName, Params, StorageId};

use super::{Configs, Fixed, LOCAL, Options, StorageKind};
use crate::plugin::{self, KnownOptions};
use crate::{Content, StorageError};

/// A new storage.
///
/// # Errors
/// When the name is taken, this version does not support the type, or an option is wrong for it.
pub fn create(
    text: &str,
    id: &StorageId,
    kind: StorageKind,
    fixed: &Fixed,
    options: &Options,
    local: &Path,
) -> Result<String, StorageError> {
    let mut file = File::parse(text);
    if file.get(id.as_str()).is_some() || id.as_str() == LOCAL {
        return Err(StorageError::Defined(id.clone()));
    }
    let known = plugin::find(kind)
        .map(|plugin| plugin.options())
        .ok_or_else(|| parameter("type", format!("storages of type '{kind}' are not supported by this version")))?;
    let mut fixed = fixed.clone();
    // What is mounted has its place.
    fixed.path = fixed.path.or_else(|| Some(super::mounted(kind)?.join(id.as_str()).to_string_lossy().into_owned()));
    let mut pairs = schema::config::pairs(&fixed);
    pairs.extend(schema::config::pairs(options));
    if let Some(missing) = known.required.iter().find(|key| !pairs.iter().any(|(name, _)| name == *key)) {
        return Err(parameter(missing, "property is missing and it is not optional"));
    }
    if let Some(path) = fixed.path.as_deref() {
        check_path(path)?;
        if Path::new(path) == local {
            return Err(parameter("path", format!("'{path}' belongs to storage '{LOCAL}'")));
        }
    }
    let named = |key: &str| [known.required, known.fixed, known.optional].concat().contains(&key);
    check((kind, &named), &pairs, options)?;
    pairs.sort_by_key(|(key, _)| (!known.required.contains(&key.as_str()), key.clone()));
    let mut section = Section::new(kind.as_str(), id.as_str());
    pairs.iter().for_each(|(key, value)| section.set(key, value));
    if options.content.is_empty() {
        section.set("content", &words(known.content));
    }
    file.push(section);
    Ok(file.to_string())
}

/// Changes options of a storage and takes others out.
///
/// # Errors
/// When there is no such storage, or an option is wrong for it.
pub fn update(
    text: &str,
    id: &StorageId,
    options: &Options,
    delete: &[String],
    local: &Path,
) -> Result<String, StorageError> {
    let config = Configs::parse(text, local).get(id)?.clone();
    let known = plugin::of(&config)?.options();
    let pairs = schema::config::pairs(options);
    check((config.kind, &|key: &str| known.optional.contains(&key)), &pairs, options)?;
    let mut file = File::parse(text);
    // `local` need not be in the file: it gets a section when somebody changes it.
    if file.get(id.as_str()).is_none_or(|section| section.kind() != config.kind.as_str()) {
        file.remove(id.as_str());
        let mut section = Section::new("dir", LOCAL);
        section.set("path", &local.to_string_lossy());
        section.set("content", &config.content_list());
        section.set("prune-backups", "keep-all=1");
        file.push_front(section);
    }
    let Some(section) = file.get_mut(id.as_str()) else { return Err(StorageError::Missing(id.to_string())) };
    for key in delete {
        deletable(key, known, &pairs)?;
        section.unset(key);
    }
    pairs.iter().for_each(|(key, value)| section.set(key, value));
    Ok(file.to_string())
}

/// Takes a storage out. Its volumes stay where they are.
///
/// # Errors
/// When there is no such storage.
pub fn remove(text: &str, id: &StorageId) -> Result<String, StorageError> {
    let mut file = File::parse(text);
    if id.as_str() == LOCAL && file.get(LOCAL).is_none() {
        return Err(StorageError::Invalid(format!("storage '{LOCAL}' is always there and cannot be removed")));
    }
    if file.remove(id.as_str()) { Ok(file.to_string()) } else { Err(StorageError::Missing(id.to_string())) }
}

/// Takes a storage away from a node: out of the configuration, where no other node is named.
///
/// # Errors
/// When there is no such storage.
pub fn leave(text: &str, id: &StorageId, node: &NodeName, local: &Path) -> Result<String, StorageError> {
    let config = Configs::parse(text, local).get(id)?.clone();
    let nodes: Vec<_> = config.options.nodes.iter().filter(|one| *one != node).cloned().collect();
    if nodes.is_empty() {
        return remove(text, id);
    }
    update(text, id, &Options { nodes, ..Options::default() }, &[], local)
}

fn parameter(name: &str, message: impl Into<String>) -> StorageError {
    StorageError::Parameter { name: name.to_owned(), message: message.into() }
}

fn deletable(key: &str, known: &KnownOptions, pairs: &[(String, String)]) -> Result<(), StorageError> {
    if Fixed::SPEC.find(key).or(Options::SPEC.find(key)).is_none() {
        return Err(parameter("delete", format!("no such option '{key}'")));
    }
    if !known.optional.contains(&key) {
        return Err(parameter("delete", format!("unable to delete required option '{key}'")));
    }
    if pairs.iter().any(|(name, _)| name == key) {
        return Err(parameter("delete", format!("unable to set and delete property '{key}' at the same time")));
    }
    Ok(())
}

fn check_path(path: &str) -> Result<(), StorageError> {
    let path = Path::new(path);
    let plain = path.is_absolute() && !path.components().any(|part| matches!(part, std::path::Component::ParentDir));
    if !plain || path == Path::new("/") || path.to_string_lossy().contains([',', '\n']) {
        return Err(parameter("path", "must be an absolute directory other than '/', without '..' and commas"));
    }
    Ok(())
}

fn words(content: &[Content]) -> String {
    content.iter().map(Content::as_str).collect::<Vec<_>>().join(",")
}

fn check(
    (kind, known): (StorageKind, &dyn Fn(&str) -> bool),
    pairs: &[(String, String)],
    options: &Options,
) -> Result<(), StorageError> {
    if let Some((key, _)) = pairs.iter().find(|(key, _)| !known(key)) {
        return Err(parameter(key, format!("unexpected property '{key}' for storage type '{kind}'")));
    }
    let none = options.content.iter().any(|word| word == "none");
    if none && options.content.len() > 1 {
        return Err(parameter("content", "unable to combine 'none' with other content types"));
    }
    let (content, unknown) = super::options::contents(&options.content);
    let able = plugin::find(kind).map_or(&[][..], |plugin| plugin.options().contents);
    let unable = content.iter().find(|content| !able.contains(content)).map(|content| content.as_str());
    if let Some(word) = unknown.first().map(|word| word.as_str()).or(unable) {
        return Err(parameter("content", format!("storage type '{kind}' does not support content type '{word}'")));
    }
    if let Some(format) = options.format.filter(|format| *format == crate::Format::Subvol) {
        return Err(parameter(
            "format",
            format!("'{format}' cannot be the default: virtual machines need disk images"),
        ));
    }
    let step = options.foreign.0.saferemove_stepsize;
    if step.is_some_and(|step| !step.is_power_of_two() || step > 32) {
        return Err(parameter("saferemove-stepsize", "must be 1, 2, 4, 8, 16 or 32"));
    }
    let able = plugin::find(kind).is_some_and(|plugin| plugin.options().optional.contains(&"format"));
    if let Some(format) = options.format.filter(|format| able && *format == crate::Format::Vmdk) {
        return Err(parameter("format", format!("storage type '{kind}' does not make disks of format '{format}'")));
    }
    options.content_dirs.iter().try_for_each(|item| check_override(item))?;
    if let Some(schema::Props(keep)) = &options.prune_backups {
        crate::prune::check(keep).map_err(|message| parameter("prune-backups", message))?;
    }
    Ok(())
}

fn check_override(item: &str) -> Result<(), StorageError> {
    let wrong = || parameter("content-dirs", format!("'{item}' is not of the form TYPE=DIRECTORY below the storage"));
    let (kind, directory) = item.split_once('=').ok_or_else(wrong)?;
    kind.parse::<Content>().map_err(|_| wrong())?;
    let parts = directory.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let plain = |part: &&str| {
        *part != ".." && *part != "." && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    if parts.is_empty() || !parts.iter().all(plain) { Err(wrong()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> StorageId {
        text.parse().unwrap()
    }

    fn fixed(path: &str) -> Fixed {
        Fixed { path: Some(path.into()), ..Fixed::default() }
    }

    const LOCAL_PATH: &str = "/var/lib/vz";

    fn made(text: &str, name: &str, path: &str, options: &Options) -> Result<String, String> {
        create(text, &id(name), StorageKind::Dir, &fixed(path), options, Path::new(LOCAL_PATH))
            .map_err(|e| e.to_string())
    }

    #[test]
    fn a_new_storage_is_a_section_at_the_end() {
        let options =
            Options { shared: Some(false), content: vec!["iso".into(), "images".into()], ..Options::default() };
        let text = made("# mine\ndir: a1\n\tpath /a\n\n", "b1", "/b", &options).unwrap();
        assert_eq!(text, "# mine\ndir: a1\n\tpath /a\n\ndir: b1\n\tpath /b\n\tcontent iso,images\n\tshared 0\n\n");
        assert_eq!(made(&text, "b1", "/c", &options), Err("storage ID 'b1' already defined".into()));
        assert!(made("", "local", "/c", &options).is_err());
    }

    #[test]
    fn what_cannot_work_is_refused_by_name() {
        let options = Options::default();
        for path in ["b", "/", "/a/../b", "/a,b", LOCAL_PATH] {
            assert!(made("", "b1", path, &options).unwrap_err().starts_with("path: "), "{path}");
        }
        let none = Options { content: vec!["none".into(), "iso".into()], ..Options::default() };
        assert!(made("", "b1", "/b", &none).unwrap_err().starts_with("content: "));
        let dirs = Options { content_dirs: vec!["iso=../x".into()], ..Options::default() };
        assert!(made("", "b1", "/b", &dirs).unwrap_err().starts_with("content-dirs: "));
        let error =
            create("", &id("n1"), StorageKind::Esxi, &fixed("/x"), &options, Path::new(LOCAL_PATH)).unwrap_err();
        assert!(error.to_string().starts_with("type: "));
    }

    #[test]
    fn what_is_mounted_has_its_place_and_content_that_it_can_hold() {
        let fixed = Fixed { export: Some("/e".into()), ..Fixed::default() };
        let foreign = schema::Flat(super::super::Foreign { server: Some("nas".into()), ..Default::default() });
        let options = Options { foreign, ..Options::default() };
        let text = create("", &id("n1"), StorageKind::Nfs, &fixed, &options, Path::new(LOCAL_PATH)).unwrap();
        assert_eq!(text, "nfs: n1\n\texport /e\n\tpath /mnt/pve/n1\n\tserver nas\n\tcontent images\n\n");
        let fixed = Fixed { vgname: Some("v".into()), ..Fixed::default() };
        let iso = Options { content: vec!["iso".into()], ..Options::default() };
        let refused = |options| {
            let made = create("", &id("l1"), StorageKind::Lvm, &fixed, options, Path::new(LOCAL_PATH));
            made.unwrap_err().to_string()
        };
        assert_eq!(refused(&iso), "content: storage type 'lvm' does not support content type 'iso'");
        let missing = create("", &id("l1"), StorageKind::Lvmthin, &fixed, &Options::default(), Path::new(LOCAL_PATH));
        assert!(missing.unwrap_err().to_string().starts_with("thinpool: "));
        let shared = Options { preallocation: Some(super::super::Preallocation::Off), ..Options::default() };
        assert!(refused(&shared).starts_with("preallocation: unexpected property"));
    }

    #[test]
    fn local_gets_its_section_when_it_is_changed() {
        let options = Options { content: vec!["iso".into()], ..Options::default() };
        let text = update("dir: a1\n\tpath /a\n\n", &id("local"), &options, &[], Path::new(LOCAL_PATH)).unwrap();
        assert_eq!(
            text,
            "dir: local\n\tpath /var/lib/vz\n\tcontent iso\n\tprune-backups keep-all=1\n\ndir: a1\n\tpath /a\n\n"
        );
        let text =
            update(&text, &id("local"), &Options::default(), &["content".into()], Path::new(LOCAL_PATH)).unwrap();
        assert!(!text.contains("content"));
        assert!(update(&text, &id("local"), &options, &["path".into()], Path::new(LOCAL_PATH)).is_err());
        assert!(update(&text, &id("local"), &options, &["content".into()], Path::new(LOCAL_PATH)).is_err());
        let text = remove(&text, &id("local")).unwrap();
        assert!(remove(&text, &id("local")).is_err());
        assert!(remove(&text, &id("zz")).is_err());
    }
}
