//! `/nodes/{node}/qemu/{vmid}/{clone,template}`.

use access::{Access, Check};
use guest::qemu::CloneWish;
use schema::{ApiError, Choice, NodeName, Params, PoolId, StorageId, Vmid};
use storage::Format;

use super::{permission, refused, task, tools::Disk};
use crate::endpoints;
use crate::engine::{Call, Target};
use crate::nodes::bandwidth;
use crate::nodes::pool::Place;

/// Who may copy a guest: who may clone it, and make one of the new ID or in the pool.
pub(crate) const CLONE: Access = Access::and(&[
    Check::perm("/vms/{vmid}", &["VM.Clone"]),
    Check::Or(&[
        Check::perm("/vms/{newid}", &["VM.Allocate"]),
        Check::perm_with("pool", "/pool/{pool}", &["VM.Allocate"]),
    ]),
]);

endpoints! {
    /// Copies a VM or template. Needs Datastore.AllocateSpace on the storages of the new disks, too.
    POST "/nodes/{node}/qemu/{vmid}/clone" => clone, name = "clone_vm", CLONE, Target::Node, [Task];
    /// Makes a VM a template, which serves for being cloned.
    POST "/nodes/{node}/qemu/{vmid}/template" => template, name = "template",
        Access::perm("/vms/{vmid}", &["VM.Allocate"]), Target::Node, [Task];
}

/// Format of an image file.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ImageFormat {
    /// Nothing but the content.
    Raw,
    /// QEMU's own, with snapshots.
    Qcow2,
    /// VMware's.
    Vmdk,
}

impl From<ImageFormat> for Format {
    fn from(format: ImageFormat) -> Self {
        match format {
            ImageFormat::Raw => Self::Raw,
            ImageFormat::Qcow2 => Self::Qcow2,
            ImageFormat::Vmdk => Self::Vmdk,
        }
    }
}

#[derive(Params)]
#[allow(dead_code)] // parameters that are refused when given, and the node, which the dispatcher chose
struct Clone {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Limit of reading and writing while copying, KiB a second.
    #[param(min = 0)]
    bwlimit: Option<u64>,
    /// Notes of the copy; those of the original if not given.
    description: Option<String>,
    /// Format of the copied disks; each its own if not given.
    format: Option<ImageFormat>,
    /// Copy all disks. Of a template, if this is not set, the copy stands on the template's disks.
    full: Option<bool>,
    /// Name of the copy.
    #[param(format = "dns-name")]
    name: Option<String>,
    /// ID of the copy.
    newid: Vmid,
    /// Pool to put the copy into.
    pool: Option<PoolId>,
    /// Copy the state that this snapshot kept.
    #[param(format = "pve-configid", max_len = 40)]
    snapname: Option<String>,
    /// Storage of the copied disks; each its own if not given.
    storage: Option<StorageId>,
    /// Node of the copy, if all storages are shared.
    target: Option<NodeName>,
}

/// Refuses a target that is not this node.
pub(crate) fn check_target(call: &Call, target: Option<&NodeName>) -> Result<(), ApiError> {
    match target {
        Some(target) if *target != call.node.name => {
            Err(ApiError::param("target", format!("no such cluster node '{target}'")))
        }
        _ => Ok(()),
    }
}

async fn clone(call: Call, p: Clone) -> Result<String, ApiError> {
    check_target(&call, p.target.as_ref())?;
    let place = Place::of_new(&call, p.newid, p.pool)?;
    let vms = call.node.vms.clone();
    let mut wish = CloneWish {
        newid: p.newid,
        full: p.full,
        name: p.name,
        description: p.description,
        storage: p.storage,
        format: p.format.map(Format::from),
        snapname: p.snapname,
        limit: None,
    };
    let storages = vms.check_clone(p.vmid, &wish).map_err(refused)?;
    if !call.is_root() {
        for storage in storages {
            call.require(&format!("/storage/{storage}"), &["Datastore.AllocateSpace"])?;
        }
        permission::check_copy(&call, &vms.get(p.vmid).map_err(refused)?.file.main)?;
    }
    let mut involved = vms.disk_storages(p.vmid).map_err(refused)?;
    involved.extend(wish.storage.clone());
    wish.limit = bandwidth::limit(&call, "clone", p.bwlimit, &involved);
    let node = call.node.clone();
    task(&call, "qmclone", p.vmid, move |ctx| async move {
        vms.clone_vm(&ctx, p.vmid, wish).await?;
        place.join(&node, &ctx).await;
        Ok(())
    })
    .await
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Template {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Make only this disk one that linked clones can stand on.
    disk: Option<Disk>,
}

async fn template(call: Call, p: Template) -> Result<String, ApiError> {
    let vms = call.node.vms.clone();
    let disk = p.disk.map(|disk| disk.as_str());
    vms.check_template(p.vmid, disk).map_err(refused)?;
    task(&call, "qmtemplate", p.vmid, move |ctx| async move { Ok(vms.make_template(&ctx, p.vmid, disk).await?) }).await
}
