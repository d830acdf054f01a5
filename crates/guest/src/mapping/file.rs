//! The files of mappings, in PVE's grammar.
//!
//! ```text
//! someNic
//!     description for the lab
//!     map id=8086:1520,iommugroup=2,node=one,path=0000:07:10.0
//!     map id=8086:1520,iommugroup=2,node=two,path=0000:07:10.4
//! ```
//!
//! A section's head is its name alone. Otherwise they are section files, and are kept as those: comments, unknown keys
//! and the order of everything stay.

use std::{collections::BTreeMap, fmt::Debug};

use schema::{
    NodeName, Params,
    section::{File, Section},
};

use super::error::MappingError;

/// What a mapping names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MappingKind {
    /// PCI devices.
    Pci,
    /// USB devices.
    Usb,
    /// Directories.
    Dir,
}

impl MappingKind {
    /// Where the mappings are kept in the configuration tree.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Pci => "mapping/pci.cfg",
            Self::Usb => "mapping/usb.cfg",
            Self::Dir => "mapping/directory.cfg",
        }
    }

    /// Its name in paths: `/mapping/{name}/{id}`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pci => "pci",
            Self::Usb => "usb",
            Self::Dir => "dir",
        }
    }

    /// What is mapped, for people.
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::Pci => "PCI device",
            Self::Usb => "USB device",
            Self::Dir => "Directory",
        }
    }
}

/// What a mapping says of one node: a value of its key `map`.
pub trait Entry: Params + Clone + Debug + Send + Sync + 'static {
    /// What it names.
    const KIND: MappingKind;
    /// The node that it is about.
    fn node(&self) -> &NodeName;
    /// Checks what can be wrong with all entries of a mapping together.
    ///
    /// # Errors
    /// What is wrong.
    fn check_together(_entries: &[Self]) -> Result<(), String> {
        Ok(())
    }
}

/// A mapping.
#[derive(Clone, Debug)]
pub struct Mapping<E> {
    /// Its name.
    pub id: String,
    /// Notes.
    pub description: Option<String>,
    /// Whether the devices are divided into mediated ones.
    pub mdev: bool,
    /// Whether a running guest can take the device along to another node.
    pub migratable: bool,
    /// What it means, node by node; values that cannot be read are left out.
    pub entries: Vec<E>,
    /// The same as it stands in the file.
    pub lines: Vec<String>,
}

impl<E: Entry> Mapping<E> {
    fn read(section: &Section) -> Self {
        let flag = |key| section.get(key).is_some_and(|value| schema::kind::parse_bool(value, true) == Some(true));
        let lines: Vec<String> = section.all("map").map(str::to_owned).collect();
        Self {
            id: section.id().to_owned(),
            description: section.get("description").map(plain),
            mdev: flag("mdev"),
            migratable: flag("live-migration-capable"),
            entries: lines.iter().filter_map(|line| schema::property::parse(line).ok()).collect(),
            lines,
        }
    }

    /// An option that is on or off.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        match name {
            "mdev" => self.mdev,
            "live-migration-capable" => self.migratable,
            _ => false,
        }
    }

    /// What it means on a node: one or several things to choose from, or none.
    pub fn on<'a>(&'a self, node: &'a NodeName) -> impl Iterator<Item = &'a E> {
        self.entries.iter().filter(move |entry| entry.node() == node)
    }

    /// The error for a node that it says nothing of.
    #[must_use]
    pub fn not_on(&self, node: &NodeName) -> MappingError {
        MappingError::NotOnNode { kind: E::KIND, id: self.id.clone(), node: node.clone() }
    }

    /// The error for one that does not fit the node.
    #[must_use]
    pub fn invalid(&self, message: String) -> MappingError {
        MappingError::Invalid { kind: E::KIND, id: self.id.clone(), message }
    }
}

/// All mappings of a kind, by name.
#[derive(Clone, Debug)]
pub struct Mappings<E> {
    /// The mappings.
    pub by_id: BTreeMap<String, Mapping<E>>,
    /// SHA-1 of the file's text.
    pub digest: String,
}

impl<E: Entry> Mappings<E> {
    /// Reads a file.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let file = parse(E::KIND, text);
        let by_id = file.sections().map(|section| (section.id().to_owned(), Mapping::read(section))).collect();
        Self { by_id, digest: schema::digest(text) }
    }

    /// A mapping.
    ///
    /// # Errors
    /// When there is none with this name.
    pub fn get(&self, id: &str) -> Result<&Mapping<E>, MappingError> {
        self.by_id.get(id).ok_or_else(|| MappingError::Missing { kind: E::KIND, id: id.to_owned() })
    }
}

/// The file as a document.
pub(super) fn parse(kind: MappingKind, text: &str) -> File {
    let headed: String = text
        .lines()
        .map(|line| match is_head(line) {
            true => format!("{}: {}\n", kind.name(), line.trim_end()),
            false => format!("{line}\n"),
        })
        .collect();
    File::parse(&headed)
}

/// A name alone, from the first column.
fn is_head(line: &str) -> bool {
    let word = line.trim_end();
    !line.starts_with([' ', '\t', '#']) && !word.is_empty() && !word.contains([' ', '\t', ':'])
}

/// The text of a document, heads without the kind.
pub(super) fn print(kind: MappingKind, file: &File) -> String {
    let head = format!("{}: ", kind.name());
    let text = file.to_string();
    text.lines().map(|line| format!("{}\n", line.strip_prefix(&head).unwrap_or(line))).collect()
}

/// A description as one line: line breaks and percent signs are encoded.
pub(super) fn encoded(description: &str) -> String {
    description.replace('%', "%25").replace('\r', "").replace('\n', "%0A")
}

fn plain(line: &str) -> String {
    line.replace("%0A", "\n").replace("%0a", "\n").replace("%25", "%")
}
