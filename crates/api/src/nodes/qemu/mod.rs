//! `/nodes/{node}/qemu`: virtual machines.

pub mod agent;
pub mod clone;
pub mod cloudinit;
pub mod config;
pub mod disk;
mod disk_option;
pub mod feature;
pub mod list;
pub mod manage;
mod permission;
pub mod power;
pub mod snapshot;
pub mod status;
pub mod tools;

use std::{fmt::Display, future::Future};

use guest::qemu::VmError;
use schema::{ApiError, NodeName, Params, Vmid};
use task::{TaskCtx, TaskError, TaskSpec};

use crate::engine::Call;

/// The VM of a path.
#[derive(Params, Clone, Debug)]
pub(crate) struct OfVm {
    /// Name of the node.
    pub(crate) node: NodeName,
    /// ID of the VM.
    pub(crate) vmid: Vmid,
}

/// What a refusal is to a client: its parameter's fault where one is named, else what PVE's clients expect.
pub(crate) fn refused(error: VmError) -> ApiError {
    match error {
        VmError::Parameter { name, message } => ApiError::param(name, message),
        VmError::Hotplug(problems) => ApiError::parameters(problems),
        other => ApiError::internal(other.to_string()),
    }
}

/// Starts a task about a guest, or about all (`id` is empty then); answers its UPID.
pub(crate) async fn task<W, F>(call: &Call, kind: &'static str, id: impl Display, work: W) -> Result<String, ApiError>
where
    W: FnOnce(TaskCtx) -> F,
    F: Future<Output = Result<(), TaskError>> + Send + 'static,
{
    let spec = TaskSpec { kind, id: id.to_string(), user: call.user()?.to_string() };
    let upid = call.node.tasks.spawn(spec, work).await;
    upid.map(|upid| upid.to_string()).map_err(|error| ApiError::internal(error.to_string()))
}

/// Only root@pam may pass over a lock.
pub(crate) fn skiplock(call: &Call, wanted: Option<bool>) -> Result<bool, ApiError> {
    match wanted {
        Some(true) if !call.is_root() => Err(ApiError::param("skiplock", "Only root may use this option.")),
        wanted => Ok(wanted == Some(true)),
    }
}

/// Removes what access control and pools say of a VM that is gone.
pub(crate) async fn purge(node: &crate::Node, vmid: Vmid) -> Result<(), ApiError> {
    crate::access::edit::users(node, |config| {
        config.remove_guest(vmid.get());
        Ok(())
    })
    .await
}
