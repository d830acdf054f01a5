//! `storage.cfg`: one section a storage. [`options`] declares what can stand in it.

pub mod edit;
pub mod options;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use schema::section::{File, Section};
use schema::{NodeName, StorageId};

pub use options::{Bandwidth, Fixed, Foreign, Options, Preallocation, Retention, StorageKind};

use crate::{Content, Format, StorageError};

/// Where the configuration tree keeps it.
pub const KEY: &str = "storage.cfg";

/// The storage that every node has.
pub const LOCAL: &str = "local";

/// One configured storage.
#[derive(Clone, Debug, PartialEq)]
pub struct StorageConfig {
    /// Its name.
    pub id: StorageId,
    /// Its type.
    pub kind: StorageKind,
    /// What it may hold.
    pub content: BTreeSet<Content>,
    /// Its directory, for kinds that have one.
    pub path: Option<PathBuf>,
    /// Options that may change.
    pub options: Options,
    /// Options that never change.
    pub fixed: Fixed,
    /// The file with its password, for kinds that need one.
    pub secret: Option<PathBuf>,
}

impl StorageConfig {
    /// Whether it may be used at all.
    #[must_use]
    pub fn enabled(&self) -> bool {
        !self.options.disable.unwrap_or(false)
    }

    /// Whether it is configured for this node.
    #[must_use]
    pub fn on_node(&self, node: &NodeName) -> bool {
        self.options.nodes.is_empty() || self.options.nodes.contains(node) || self.id.as_str() == LOCAL
    }

    /// Whether all nodes see the same volumes.
    #[must_use]
    pub fn shared(&self) -> bool {
        self.kind.always_shared() || self.options.shared.unwrap_or(false)
    }

    /// Whether it may hold this.
    #[must_use]
    pub fn holds(&self, content: Content) -> bool {
        self.content.contains(&content)
    }

    /// Checks a volume that a guest uses: what a storage is not configured for is not there for guests.
    ///
    /// # Errors
    /// When it may not hold this.
    pub fn check_use(&self, content: Content) -> Result<(), StorageError> {
        match self.holds(content) {
            true => Ok(()),
            false => Err(StorageError::ContentType { storage: self.id.clone(), content }),
        }
    }

    /// Its content types as configuration and API write them.
    #[must_use]
    pub fn content_list(&self) -> String {
        if self.content.is_empty() {
            return "none".to_owned();
        }
        self.content.iter().map(Content::as_str).collect::<Vec<_>>().join(",")
    }

    /// The directory of a content type.
    ///
    /// # Errors
    /// When storages of this kind have none.
    pub fn directory(&self, content: Content) -> Result<PathBuf, StorageError> {
        let base = self.path.as_ref();
        let base = base.ok_or_else(|| StorageError::Invalid("storage definition has no path".to_owned()))?;
        let wanted = self.options.content_dirs.iter().filter_map(|item| item.split_once('='));
        let own = wanted.filter(|(name, _)| *name == content.as_str()).map(|(_, directory)| directory).next_back();
        Ok(base.join(own.unwrap_or(content.directory()).trim_start_matches('/')))
    }

    /// Format of new volumes when none is asked for.
    #[must_use]
    pub fn default_format(&self) -> Format {
        self.options.format.unwrap_or(Format::Raw)
    }
}

/// All storages, as `storage.cfg` and the defaults say.
#[derive(Clone, Debug, Default)]
pub struct Configs {
    storages: BTreeMap<StorageId, Arc<StorageConfig>>,
    warnings: Vec<String>,
}

impl Configs {
    /// Reads `storage.cfg`. What cannot be understood is left out of the view (and kept in the file), with a warning.
    ///
    /// `local` is always there: a directory at `local`, with all content types when the file does not say which.
    #[must_use]
    pub fn parse(text: &str, local: &Path) -> Self {
        Self::parse_with(text, local, |_| None)
    }

    /// The same, with the files that passwords lie in.
    #[must_use]
    pub fn parse_with(text: &str, local: &Path, secret: impl Fn(&StorageId) -> Option<PathBuf>) -> Self {
        let mut configs = Self::default();
        for section in File::parse(text).sections() {
            match read(section, &mut configs.warnings) {
                Ok(config) if configs.storages.contains_key(&config.id) => {
                    configs.warnings.push(format!("{KEY}: ignoring second section '{}'", section.id()));
                }
                Ok(mut config) => {
                    config.secret = secret(&config.id);
                    configs.storages.insert(config.id.clone(), Arc::new(config));
                }
                Err(reason) => configs.warnings.push(format!("{KEY}: ignoring section '{}' - {reason}", section.id())),
            }
        }
        configs.add_local(local);
        configs
    }

    fn add_local(&mut self, path: &Path) {
        let Ok(id) = LOCAL.parse::<StorageId>() else { return };
        let own = self.storages.get(&id).filter(|own| own.kind == StorageKind::Dir);
        let mut config = own.map_or_else(|| default_local(&id), |own| (**own).clone());
        config.path = Some(path.to_path_buf());
        config.options.nodes.clear();
        self.storages.insert(id, Arc::new(config));
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<StorageConfig>> {
        self.storages.values()
    }

    /// One of them.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn get(&self, id: &StorageId) -> Result<&Arc<StorageConfig>, StorageError> {
        self.storages.get(id).ok_or_else(|| StorageError::Missing(id.to_string()))
    }

    /// What could not be understood.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

/// `local` where nobody configured it: it takes everything, since it is the only storage then.
fn default_local(id: &StorageId) -> StorageConfig {
    let keep = Retention { all: Some(true), ..Retention::default() };
    let options = Options { prune_backups: Some(schema::Props(keep)), ..Options::default() };
    StorageConfig {
        id: id.clone(),
        kind: StorageKind::Dir,
        content: Content::ALL.into(),
        path: None,
        options,
        fixed: Fixed::default(),
        secret: None,
    }
}

fn read(section: &Section, warnings: &mut Vec<String>) -> Result<StorageConfig, String> {
    let id: StorageId = section.id().parse()?;
    let kind: StorageKind = section.kind().parse().map_err(|_| format!("unknown type '{}'", section.kind()))?;
    let (fixed, rest) = schema::config::read::<Fixed>(section.pairs());
    let unread: Vec<(&str, &str)> = rest.unknown.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    // A value that fits no rule must not take the whole storage away: it is read again without that key.
    let (mut options, leftover) = schema::config::read::<Options>(unread.iter().copied());
    if options.is_none() {
        let good = unread.into_iter().filter(|(key, _)| !leftover.errors.contains_key(*key));
        options = schema::config::read::<Options>(good).0;
    }
    warnings
        .extend(rest.errors.iter().chain(&leftover.errors).map(|(key, text)| format!("{KEY}: {id}: {key}: {text}")));
    let options = options.unwrap_or_default();
    let fixed = fixed.unwrap_or_default();
    let path = fixed.path.clone().map(PathBuf::from).or_else(|| mounted(kind).map(|top| top.join(id.as_str())));
    let known = crate::plugin::find(kind).map(|plugin| plugin.options());
    if path.is_none() && known.is_some_and(|known| known.required.contains(&"path")) {
        return Err("property 'path' is missing".to_owned());
    }
    let (mut content, unknown) = options::contents(&options.content);
    warnings.extend(unknown.iter().map(|word| format!("{KEY}: {id}: ignoring unknown content type '{word}'")));
    if options.content.is_empty() {
        let usual = known.map_or(&[Content::Images, Content::Rootdir][..], |known| known.content);
        content = usual.iter().copied().collect();
    }
    Ok(StorageConfig { id, kind, content, path, options, fixed, secret: None })
}

/// Where network file systems are mounted.
pub(crate) fn mounted(kind: StorageKind) -> Option<&'static Path> {
    matches!(kind, StorageKind::Nfs | StorageKind::Cifs | StorageKind::Cephfs).then(|| Path::new("/mnt/pve"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> StorageId {
        text.parse().unwrap()
    }

    #[test]
    fn local_is_always_there() {
        let configs = Configs::parse("", Path::new("/r/var/lib/vz"));
        let local = configs.get(&id("local")).unwrap();
        assert_eq!(local.path.as_deref(), Some(Path::new("/r/var/lib/vz")));
        assert_eq!(local.content_list(), "backup,images,import,iso,rootdir,snippets,vztmpl");
        let text = "dir: local\n\tpath /elsewhere\n\tcontent iso\n\tnodes other\n\n";
        let configs = Configs::parse(text, Path::new("/r/var/lib/vz"));
        let local = configs.get(&id("local")).unwrap();
        assert_eq!(local.content_list(), "iso");
        assert!(local.on_node(&"here".parse().unwrap()));
        assert_eq!(local.directory(Content::Iso).unwrap(), Path::new("/r/var/lib/vz/template/iso"));
    }

    #[test]
    fn a_wrong_value_costs_no_more_than_itself() {
        let text = "dir: a1\n\tpath /a\n\tpreallocation what\n\tcontent iso,strange\n\tshared\n\nweird: b1\n\nnfs: n1\n\tserver x\n\texport /e\n";
        let configs = Configs::parse(text, Path::new("/l"));
        let a1 = configs.get(&id("a1")).unwrap();
        assert!(a1.shared() && a1.holds(Content::Iso));
        assert!(a1.check_use(Content::Iso).is_ok());
        let refused = a1.check_use(Content::Backup).unwrap_err().to_string();
        assert_eq!(refused, "storage 'a1' does not support content-type 'backup'");
        assert_eq!(configs.get(&id("n1")).unwrap().path.as_deref(), Some(Path::new("/mnt/pve/n1")));
        assert_eq!(configs.warnings().len(), 3, "{:?}", configs.warnings());
        assert_eq!(configs.get(&id("zz")).unwrap_err().to_string(), "storage 'zz' does not exist");
    }

    #[test]
    fn content_directories_can_be_elsewhere_below_the_storage() {
        let configs = Configs::parse("dir: a1\n\tpath /a\n\tcontent-dirs iso=isos,backup=/dumps\n", Path::new("/l"));
        let a1 = configs.get(&id("a1")).unwrap();
        assert_eq!(a1.directory(Content::Iso).unwrap(), Path::new("/a/isos"));
        assert_eq!(a1.directory(Content::Backup).unwrap(), Path::new("/a/dumps"));
    }
}
