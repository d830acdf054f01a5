//! `/nodes/{node}/lxc/{vmid}/{clone,template}`.

use access::Access;
use guest::lxc::CloneWish;
use schema::{ApiError, NodeName, Params, PoolId, StorageId, Vmid};

use super::{OfCt, permission, refused};
use crate::endpoints;
use crate::engine::{Call, Target};
use crate::nodes::bandwidth;
use crate::nodes::pool::Place;
use crate::nodes::qemu::clone::{CLONE, check_target};
use crate::nodes::qemu::task;

endpoints! {
    /// Copies a container or template. Needs Datastore.AllocateSpace on the storages of the new volumes, too.
    POST "/nodes/{node}/lxc/{vmid}/clone" => clone, name = "clone_vm", CLONE, Target::Node, [Task];
    /// Makes a container a template, which serves for being cloned. Goes on as a task.
    POST "/nodes/{node}/lxc/{vmid}/template" => template, name = "template",
        Access::perm("/vms/{vmid}", &["VM.Allocate"]), Target::Node;
}

#[derive(Params)]
#[allow(dead_code)] // parameters that are refused when given, and the node, which the dispatcher chose
struct Clone {
    /// Name of the node.
    node: NodeName,
    /// ID of the container.
    vmid: Vmid,
    /// Limit of reading and writing while copying, KiB a second.
    #[param(min = 0)]
    bwlimit: Option<f64>,
    /// Notes of the copy; those of the original if not given.
    description: Option<String>,
    /// Copy all volumes; needed for templates on directories.
    full: Option<bool>,
    /// Host name of the copy; that of the original if not given.
    #[param(format = "dns-name")]
    hostname: Option<String>,
    /// ID of the copy.
    newid: Vmid,
    /// Pool to put the copy into.
    pool: Option<PoolId>,
    /// Copy the state that this snapshot kept.
    #[param(format = "pve-configid", max_len = 40)]
    snapname: Option<String>,
    /// Storage of the copied volumes; each its own if not given.
    storage: Option<StorageId>,
    /// Node of the copy, if all storages are shared.
    target: Option<NodeName>,
}

async fn clone(call: Call, p: Clone) -> Result<String, ApiError> {
    check_target(&call, p.target.as_ref())?;
    let place = Place::of_new(&call, p.newid, p.pool)?;
    let cts = call.node.cts.clone();
    let mut wish = CloneWish {
        newid: p.newid,
        full: p.full,
        hostname: p.hostname,
        description: p.description,
        storage: p.storage,
        snapname: p.snapname,
        limit: None,
    };
    let storages = cts.check_clone(p.vmid, &wish).map_err(refused)?;
    // A part of a KiB is less than anybody can tell apart.
    wish.limit = bandwidth::limit(&call, "clone", p.bwlimit.map(|limit| limit as u64), &storages);
    if !call.is_root() {
        for storage in storages {
            call.require(&format!("/storage/{storage}"), &["Datastore.AllocateSpace"])?;
        }
        permission::check_copy(&call, &cts.get(p.vmid).map_err(refused)?.file.main)?;
    }
    let node = call.node.clone();
    task(&call, "vzclone", p.vmid, move |ctx| async move {
        cts.clone_ct(&ctx, p.vmid, wish).await?;
        place.join(&node, &ctx).await;
        Ok(())
    })
    .await
}

async fn template(call: Call, p: OfCt) -> Result<(), ApiError> {
    let cts = call.node.cts.clone();
    cts.check_template(p.vmid).map_err(refused)?;
    let work = move |ctx| async move { Ok(cts.make_template(&ctx, p.vmid).await?) };
    // The interface answers nothing here; the task is in the lists.
    task(&call, "vztemplate", p.vmid, work).await.map(drop)
}
