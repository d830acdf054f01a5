//! `/nodes/{node}/lxc/{vmid}/snapshot`: kept states of containers.

use access::Access;
use guest::{
    lxc::config::CtConfig,
    snapshot::{self, SnapshotWish},
};
use schema::{ApiError, NodeName, Params, Vmid};
use serde_json::{Map, Value};

use super::{OfCt, refused};
use crate::endpoints;
use crate::engine::{Call, Subdir, Target};
use crate::nodes::guest_config::typed;
use crate::nodes::qemu::task;
use crate::nodes::snapshots::{Delete, Describe, Listed, OfSnapshot, Rollback, list as rows};

endpoints! {
    /// Lists the snapshots of a container and, as `current`, the state of now.
    GET "/nodes/{node}/lxc/{vmid}/snapshot" => list, name = "list",
        Access::perm("/vms/{vmid}", &["VM.Audit"]), Target::Node;
    /// Keeps the state of a container.
    POST "/nodes/{node}/lxc/{vmid}/snapshot" => create, name = "snapshot",
        Access::perm("/vms/{vmid}", &["VM.Snapshot"]), Target::Node, [Task];
    /// Lists what there is below a snapshot.
    GET "/nodes/{node}/lxc/{vmid}/snapshot/{snapname}" => index, name = "snapshot_cmd_idx",
        Access::User, Target::Any;
    /// Removes a snapshot.
    DELETE "/nodes/{node}/lxc/{vmid}/snapshot/{snapname}" => delete, name = "delsnapshot",
        Access::perm("/vms/{vmid}", &["VM.Snapshot"]), Target::Node, [Task];
    /// Shows the configuration that a snapshot kept.
    GET "/nodes/{node}/lxc/{vmid}/snapshot/{snapname}/config" => read, name = "get_snapshot_config",
        Access::any("/vms/{vmid}", &["VM.Snapshot", "VM.Snapshot.Rollback", "VM.Audit"]), Target::Node;
    /// Changes the notes of a snapshot.
    PUT "/nodes/{node}/lxc/{vmid}/snapshot/{snapname}/config" => describe, name = "update_snapshot_config",
        Access::perm("/vms/{vmid}", &["VM.Snapshot"]), Target::Node;
    /// Brings a container back to a kept state.
    POST "/nodes/{node}/lxc/{vmid}/snapshot/{snapname}/rollback" => rollback, name = "rollback",
        Access::any("/vms/{vmid}", &["VM.Snapshot", "VM.Snapshot.Rollback"]), Target::Node, [Task];
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

async fn create(call: Call, p: Create) -> Result<String, ApiError> {
    let wish = SnapshotWish { name: p.snapname, description: p.description, ram: false };
    let cts = call.node.cts.clone();
    cts.check_snapshot(p.vmid, &wish).map_err(refused)?;
    task(&call, "vzsnapshot", p.vmid, move |ctx| async move { Ok(cts.snapshot(&ctx, p.vmid, wish).await?) }).await
}

async fn index(call: Call, _: OfSnapshot) -> Result<Vec<Subdir>, ApiError> {
    Ok(call.listing())
}

async fn delete(call: Call, p: Delete) -> Result<String, ApiError> {
    let cts = call.node.cts.clone();
    cts.check_delete_snapshot(p.vmid, &p.snapname).map_err(refused)?;
    let force = p.force == Some(true);
    let work = move |ctx| async move { Ok(cts.delete_snapshot(&ctx, p.vmid, &p.snapname, force).await?) };
    task(&call, "vzdelsnapshot", p.vmid, work).await
}

async fn read(call: Call, p: OfSnapshot) -> Result<Map<String, Value>, ApiError> {
    let ct = call.node.cts.get(p.vmid).map_err(refused)?;
    let section = ct.file.snapshots.get(&p.snapname);
    let section = section.ok_or_else(|| ApiError::internal(format!("snapshot '{}' does not exist", p.snapname)))?;
    Ok(section.iter().map(|(key, value)| (key.to_owned(), typed::<CtConfig>(key, value))).collect())
}

async fn describe(call: Call, p: Describe) -> Result<(), ApiError> {
    let Some(description) = p.description else { return Ok(()) };
    call.node.cts.describe_snapshot(p.vmid, &p.snapname, &description).await.map_err(refused)
}

async fn rollback(call: Call, p: Rollback) -> Result<String, ApiError> {
    let cts = call.node.cts.clone();
    cts.check_rollback(p.vmid, &p.snapname).map_err(refused)?;
    let start = p.start == Some(true);
    let work = move |ctx| async move { Ok(cts.rollback(&ctx, p.vmid, &p.snapname, start).await?) };
    task(&call, "vzrollback", p.vmid, work).await
}
