//! Directories.

use std::{collections::BTreeSet, path::Path};

use schema::{NodeName, Params};

use super::file::{Entry, MappingKind};

/// A directory of a node.
#[derive(Params, Clone, Debug, PartialEq, Eq)]
pub struct DirEntry {
    /// The node.
    pub node: NodeName,
    /// The directory, by absolute path.
    #[param(format = "pve-storage-path-in-property-string")]
    pub path: String,
}

impl Entry for DirEntry {
    const KIND: MappingKind = MappingKind::Dir;

    fn node(&self) -> &NodeName {
        &self.node
    }

    fn check_together(entries: &[Self]) -> Result<(), String> {
        let mut nodes = BTreeSet::new();
        for entry in entries {
            if !entry.path.starts_with('/') {
                return Err(format!("path '{}' is not absolute", entry.path));
            }
            if !nodes.insert(&entry.node) {
                return Err(format!(
                    "node '{}' is given more than once; a directory is mapped once a node",
                    entry.node
                ));
            }
        }
        Ok(())
    }
}

impl DirEntry {
    /// Checks that the directory is there.
    ///
    /// # Errors
    /// What is wrong.
    pub async fn check(&self) -> Result<(), String> {
        match host::look::metadata(Path::new(&self.path)).await {
            Ok(Some(found)) if found.is_dir() => Ok(()),
            Ok(Some(_)) => Err(format!("path '{}' exists, but is not a directory", self.path)),
            Ok(None) => Err(format!("path '{}' does not exist", self.path)),
            Err(why) => Err(why.to_string()),
        }
    }
}
