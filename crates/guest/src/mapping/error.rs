//! What can be wrong with a mapping.

use schema::NodeName;
use store::StoreError;

use super::file::MappingKind;

/// Why a mapping cannot be used or changed.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    /// There is none with this name.
    #[error("{} mapping '{id}' does not exist", kind.noun())]
    Missing {
        /// What kind of thing it would name.
        kind: MappingKind,
        /// Its name.
        id: String,
    },
    /// There is one with this name.
    #[error("{} mapping '{id}' already exists", kind.noun())]
    Exists {
        /// What kind of thing it names.
        kind: MappingKind,
        /// Its name.
        id: String,
    },
    /// It has nothing for a node.
    #[error("{} mapping not found for '{id}' on node '{node}'", kind.noun())]
    NotOnNode {
        /// What kind of thing it names.
        kind: MappingKind,
        /// Its name.
        id: String,
        /// The node.
        node: NodeName,
    },
    /// It does not fit what the node has.
    #[error("{} mapping '{id}' invalid (hardware probably changed): {message}", kind.noun())]
    Invalid {
        /// What kind of thing it names.
        kind: MappingKind,
        /// Its name.
        id: String,
        /// What does not fit.
        message: String,
    },
    /// A parameter is wrong.
    #[error("{name}: {message}")]
    Parameter {
        /// The parameter.
        name: &'static str,
        /// What is wrong.
        message: String,
    },
    /// The caller has seen another configuration.
    #[error("detected modified configuration - file changed by other user? Try again.")]
    Digest,
    /// The configuration tree refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl MappingError {
    pub(super) fn parameter(name: &'static str, message: impl Into<String>) -> Self {
        Self::Parameter { name, message: message.into() }
    }
}
