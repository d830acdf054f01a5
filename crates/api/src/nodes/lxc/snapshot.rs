//! `/nodes/{node}/lxc/{vmid}/snapshot`: kept states of containers.

use access::Access;
use guest::snapshot;
use schema::{ApiError, NodeName, Params, Vmid};
use serde_json::{Map, Value};

use super::config::typed;
use super::{OfCt, refused};
use crate::endpoints;
use crate::engine::{Call, Subdir, Target};
use crate::nodes::snapshots::{Listed, list as rows};

endpoints! {
    /// Lists the snapshots of a container and, as `current`, the state of now.
    GET "/nodes/{node}/lxc/{vmid}/snapshot" => list, name = "list",
        Access::perm("/vms/{vmid}", &["VM.Audit"]), Target::Node;
    /// Keeps the state of a container, where its storage can: directories cannot.
    POST "/nodes/{node}/lxc/{vmid}/snapshot" => create, name = "snapshot",
        Access::perm("/vms/{vmid}", &["VM.Snapshot"]), Target::Node;
    /// Lists what there is below a snapshot.
    GET "/nodes/{node}/lxc/{vmid}/snapshot/{snapname}" => index, name = "snapshot_cmd_idx",
        Access::User, Target::Any;
    /// Shows the configuration that a snapshot kept.
    GET "/nodes/{node}/lxc/{vmid}/snapshot/{snapname}/config" => read, name = "get_snapshot_config",
        Access::any("/vms/{vmid}", &["VM.Snapshot", "VM.Snapshot.Rollback", "VM.Audit"]), Target::Node;
}

async fn list(call: Call, p: OfCt) -> Result<Vec<Listed>, ApiError> {
    let ct = call.node.cts.get(p.vmid).map_err(refused)?;
    let running = call.node.cts.running(p.vmid).is_some();
    Ok(rows(snapshot::list(&ct.file), ct.file.main.get("parent"), (&ct.digest, running), false))
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Create {
    /// Name of the node.
    node: NodeName,
    /// ID of the container.
    vmid: Vmid,
    /// Notes.
    description: Option<String>,
    /// Name of the snapshot.
    #[param(format = "pve-configid", max_len = 40)]
    snapname: String,
}

/// No storage of this version can keep states of containers' volumes.
async fn create(call: Call, p: Create) -> Result<String, ApiError> {
    let ct = call.node.cts.get(p.vmid).map_err(refused)?;
    snapshot::check_name(&ct.file, &p.snapname).map_err(|why| ApiError::param("snapname", why.to_string()))?;
    let volume = ct.config.rootfs.as_ref().map_or_else(|| "rootfs".to_owned(), |root| root.volume.clone());
    Err(ApiError::internal(format!(
        "snapshot feature is not available: '{volume}' lies on a directory storage, which keeps states of qcow2 disks only"
    )))
}

/// A snapshot of a path.
#[derive(Params)]
#[allow(dead_code)] // as above
struct OfSnapshot {
    /// Name of the node.
    node: NodeName,
    /// ID of the container.
    vmid: Vmid,
    /// Name of the snapshot.
    #[param(format = "pve-configid", max_len = 40)]
    snapname: String,
}

async fn index(call: Call, _: OfSnapshot) -> Result<Vec<Subdir>, ApiError> {
    Ok(call.listing())
}

async fn read(call: Call, p: OfSnapshot) -> Result<Map<String, Value>, ApiError> {
    let ct = call.node.cts.get(p.vmid).map_err(refused)?;
    let section = ct.file.snapshots.get(&p.snapname);
    let section = section.ok_or_else(|| ApiError::internal(format!("snapshot '{}' does not exist", p.snapname)))?;
    Ok(section.iter().map(|(key, value)| (key.to_owned(), typed(key, value))).collect())
}
