//! `/nodes/{node}/qemu/{vmid}/snapshot`: kept states of VMs.

use access::Access;
use guest::qemu::{SnapshotWish, config::VmConfig};
use schema::{ApiError, NodeName, Params, Vmid};
use serde_json::{Map, Value};

use super::{OfVm, refused, task};
use crate::endpoints;
use crate::engine::{Call, Subdir, Target};
use crate::nodes::guest_config::typed;
use crate::nodes::snapshots::{Delete, Describe, Listed, OfSnapshot, Rollback, list as rows};

endpoints! {
    /// Lists the snapshots of a VM and, as `current`, the state of now.
    GET "/nodes/{node}/qemu/{vmid}/snapshot" => list, name = "snapshot_list",
        Access::perm("/vms/{vmid}", &["VM.Audit"]), Target::Node;
    /// Keeps the state of a VM.
    POST "/nodes/{node}/qemu/{vmid}/snapshot" => create, name = "snapshot",
        Access::perm("/vms/{vmid}", &["VM.Snapshot"]), Target::Node, [Task];
    /// Lists what there is below a snapshot.
    GET "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}" => index, name = "snapshot_cmd_idx",
        Access::User, Target::Any;
    /// Removes a snapshot.
    DELETE "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}" => delete, name = "delsnapshot",
        Access::perm("/vms/{vmid}", &["VM.Snapshot"]), Target::Node, [Task];
    /// Shows the configuration that a snapshot kept.
    GET "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/config" => read, name = "get_snapshot_config",
        Access::any("/vms/{vmid}", &["VM.Snapshot", "VM.Snapshot.Rollback", "VM.Audit"]), Target::Node;
    /// Changes the notes of a snapshot.
    PUT "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/config" => describe, name = "update_snapshot_config",
        Access::perm("/vms/{vmid}", &["VM.Snapshot"]), Target::Node;
    /// Brings a VM back to a kept state.
    POST "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/rollback" => rollback, name = "rollback",
        Access::any("/vms/{vmid}", &["VM.Snapshot", "VM.Snapshot.Rollback"]), Target::Node, [Task];
}

async fn list(call: Call, p: OfVm) -> Result<Vec<Listed>, ApiError> {
    let vm = call.node.vms.get(p.vmid).map_err(refused)?;
    let running = call.node.vms.running(p.vmid).is_some();
    let infos = call.node.vms.snapshots(p.vmid).map_err(refused)?;
    Ok(rows(infos, vm.file.main.get("parent"), (&vm.digest, running), true))
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Create {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Notes.
    description: Option<String>,
    /// Name of the snapshot.
    #[param(format = "pve-configid", max_len = 40)]
    snapname: String,
    /// Keep the memory of a running VM too.
    vmstate: Option<bool>,
}

async fn create(call: Call, p: Create) -> Result<String, ApiError> {
    let wish = SnapshotWish { name: p.snapname, description: p.description, ram: p.vmstate == Some(true) };
    let vms = call.node.vms.clone();
    vms.check_snapshot(p.vmid, &wish).map_err(refused)?;
    task(&call, "qmsnapshot", p.vmid, move |ctx| async move { Ok(vms.snapshot(&ctx, p.vmid, wish).await?) }).await
}

async fn index(call: Call, _: OfSnapshot) -> Result<Vec<Subdir>, ApiError> {
    Ok(call.listing())
}

async fn delete(call: Call, p: Delete) -> Result<String, ApiError> {
    let vms = call.node.vms.clone();
    vms.check_delete_snapshot(p.vmid, &p.snapname).map_err(refused)?;
    let force = p.force == Some(true);
    let work = move |ctx| async move { Ok(vms.delete_snapshot(&ctx, p.vmid, &p.snapname, force).await?) };
    task(&call, "qmdelsnapshot", p.vmid, work).await
}

async fn read(call: Call, p: OfSnapshot) -> Result<Map<String, Value>, ApiError> {
    let vm = call.node.vms.get(p.vmid).map_err(refused)?;
    let section = vm.file.snapshots.get(&p.snapname);
    let section = section.ok_or_else(|| ApiError::internal(format!("snapshot '{}' does not exist", p.snapname)))?;
    Ok(section.iter().map(|(key, value)| (key.to_owned(), typed::<VmConfig>(key, value))).collect())
}

async fn describe(call: Call, p: Describe) -> Result<(), ApiError> {
    let Some(description) = p.description else { return Ok(()) };
    call.node.vms.describe_snapshot(p.vmid, &p.snapname, &description).await.map_err(refused)
}

async fn rollback(call: Call, p: Rollback) -> Result<String, ApiError> {
    let vms = call.node.vms.clone();
    vms.check_rollback(p.vmid, &p.snapname).map_err(refused)?;
    let start = p.start == Some(true);
    let work = move |ctx| async move { Ok(vms.rollback(&ctx, p.vmid, &p.snapname, start).await?) };
    task(&call, "qmrollback", p.vmid, work).await
}
