//! `/nodes/{node}/qemu/{vmid}/{feature,unlink}`.

use access::Access;
use guest::qemu::Update;
use schema::{ApiError, Choice, NodeName, Params, Reply, Vmid};

use super::refused;
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Tells whether something can be done with a VM's disks.
    GET "/nodes/{node}/qemu/{vmid}/feature" => feature, name = "vm_feature",
        Access::perm("/vms/{vmid}", &["VM.Audit"]), Target::Node;
    /// Takes disks out of a VM: they are kept as unused, or removed.
    PUT "/nodes/{node}/qemu/{vmid}/unlink" => unlink, name = "unlink",
        Access::perm("/vms/{vmid}", &["VM.Config.Disk"]), Target::Node;
}

/// What may be done with a guest's volumes.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Feature {
    /// Keep its state.
    Snapshot,
    /// Linked clones.
    Clone,
    /// Whole copies.
    Copy,
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
pub(crate) struct OfFeature {
    /// Name of the node.
    pub(crate) node: NodeName,
    /// ID of the guest.
    pub(crate) vmid: Vmid,
    /// What is to be done.
    pub(crate) feature: Feature,
    /// Whether it can be done with this snapshot.
    #[param(format = "pve-configid", max_len = 40)]
    pub(crate) snapname: Option<String>,
}

/// Whether it can be done, and where.
#[derive(Reply, Clone, Debug)]
struct Has {
    /// Whether.
    #[reply(name = "hasFeature")]
    has: bool,
    /// Nodes on which it can be done.
    nodes: Vec<String>,
}

async fn feature(call: Call, p: OfFeature) -> Result<Has, ApiError> {
    let vms = &call.node.vms;
    let vm = vms.get(p.vmid).map_err(refused)?;
    let known = p.snapname.as_ref().is_none_or(|name| vm.file.snapshots.contains_key(name));
    let has = known
        && match p.feature {
            Feature::Snapshot => vms.can_snapshot(p.vmid).map_err(refused)?,
            Feature::Clone => p.snapname.is_none() && vms.can_link(p.vmid).map_err(refused)?,
            Feature::Copy => true,
        };
    Ok(Has { has, nodes: has.then(|| call.node.name.to_string()).into_iter().collect() })
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Unlink {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Remove the volumes too; those of unused disks are removed in any case.
    force: Option<bool>,
    /// Disks, by option.
    #[param(format = "pve-configid-list")]
    idlist: String,
}

async fn unlink(call: Call, p: Unlink) -> Result<(), ApiError> {
    let delete: Vec<String> = schema::kind::split_list(&p.idlist).map(str::to_owned).collect();
    if let Some(other) = delete.iter().find(|key| guest::qemu::cmdline::DriveId::parse(key).is_none()) {
        return Err(ApiError::param("idlist", format!("'{other}' is no disk")));
    }
    let update = Update { delete, force: p.force == Some(true), ..Update::default() };
    call.node.vms.update(&guest::qemu::progress::Quiet, p.vmid, update).await.map_err(refused)
}
