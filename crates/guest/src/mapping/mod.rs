//! Resource mappings: names for devices and directories that mean the fitting one on each node.
//!
//! Three files of the configuration tree keep them: `mapping/pci.cfg`, `mapping/usb.cfg`, `mapping/directory.cfg`.
//! Everything here is a function of their text; what a node really has is given as an argument.

mod dir;
mod edit;
mod error;
mod file;
mod pci;
mod usb;

use std::{path::PathBuf, sync::Arc};

use schema::NodeName;
use store::{Tree, views::Views};

pub use self::{
    dir::DirEntry,
    edit::{Change, create, remove, update},
    error::MappingError,
    file::{Entry, Mapping, MappingKind, Mappings},
    pci::{PciEntry, PciFacts, address},
    usb::{UsbEntry, plugged},
};

/// The mappings of a kind as they stand in the tree.
#[must_use]
pub fn of<E: Entry>(tree: &Tree) -> Arc<Mappings<E>> {
    Views::get(tree, E::KIND.key(), Mappings::parse)
}

/// The directory that a mapping names on a node.
///
/// # Errors
/// When there is no such mapping, or it says nothing of the node.
pub fn dir_path(tree: &Tree, id: &str, node: &NodeName) -> Result<PathBuf, MappingError> {
    let mappings = of::<DirEntry>(tree);
    let mapping = mappings.get(id)?;
    // A directory is there once a node; the file may say otherwise, then the first counts.
    mapping.on(node).next().map(|entry| PathBuf::from(&entry.path)).ok_or_else(|| mapping.not_on(node))
}

#[cfg(test)]
mod tests;
