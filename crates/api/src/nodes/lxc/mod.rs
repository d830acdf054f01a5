//! `/nodes/{node}/lxc`: containers.

pub mod clone;
pub mod config;
pub mod feature;
pub mod image;
pub mod list;
pub mod maintain;
pub mod manage;
pub mod move_volume;
mod permission;
pub mod power;
pub mod snapshot;
mod volume_option;

use guest::lxc::CtError;
use schema::{ApiError, NodeName, Params, Vmid};

/// The container of a path.
#[derive(Params, Clone, Debug)]
#[allow(dead_code)] // the dispatcher chose the node
pub(crate) struct OfCt {
    /// Name of the node.
    pub(crate) node: NodeName,
    /// ID of the container.
    pub(crate) vmid: Vmid,
}

/// What a refusal is to a client: its parameter's fault where one is named, else what PVE's clients expect.
pub(crate) fn refused(error: CtError) -> ApiError {
    match error {
        CtError::Parameter { name, message } => ApiError::param(name, message),
        other => ApiError::internal(other.to_string()),
    }
}
