//! `/pleiad/nodes/{node}/qemu/{vmid}/user-data`: cloud-init user data that is kept with a VM.

use access::Access;
use schema::{ApiError, NodeName, Params, Reply, StorageId, Vmid};

use crate::endpoints;
use crate::engine::{Call, Target};
use crate::nodes::qemu::{OfVm, config::Notes, refused};

const CHANGE: Access = Access::perm("/vms/{vmid}", &["VM.Config.Cloudinit"]);

endpoints! {
    /// Shows the user data that is kept with a VM.
    GET "/pleiad/nodes/{node}/qemu/{vmid}/user-data" => show, name = "get_user_data", CHANGE, Target::Node, [Extension];
    /// Keeps user data with a VM, instead of what its options would become: `#cloud-config`, checked. It lies among the
    /// snippets of a storage, and `cicustom` names it.
    PUT "/pleiad/nodes/{node}/qemu/{vmid}/user-data" => set, name = "set_user_data", CHANGE, Target::Node, [Extension];
    /// Forgets the user data that is kept with a VM.
    DELETE "/pleiad/nodes/{node}/qemu/{vmid}/user-data" => remove, name = "remove_user_data", CHANGE, Target::Node, [Extension];
}

/// User data of a VM.
#[derive(Reply, Clone, Debug)]
struct Shown {
    /// It.
    #[reply(name = "user-data")]
    user_data: Option<String>,
    /// The volume with it.
    volume: Option<String>,
    /// What is odd about it.
    warnings: Vec<String>,
}

async fn show(call: Call, p: OfVm) -> Result<Shown, ApiError> {
    let kept = call.node.vms.user_data(p.vmid).await.map_err(refused)?;
    Ok(match kept {
        Some(kept) => Shown { user_data: Some(kept.text), volume: Some(kept.volume), warnings: kept.warnings },
        None => Shown { user_data: None, volume: None, warnings: Vec::new() },
    })
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Set {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Storage with content `snippets` to keep it on; where it is already, else the first. Needs
    /// Datastore.AllocateSpace there.
    storage: Option<StorageId>,
    /// The text, beginning with `#cloud-config`.
    #[param(name = "user-data", max_len = 65536)]
    user_data: String,
}

/// What came of setting user data.
#[derive(Reply, Clone, Debug)]
struct Kept {
    /// What is odd about it.
    warnings: Vec<String>,
}

async fn set(call: Call, p: Set) -> Result<Kept, ApiError> {
    let vms = &call.node.vms;
    let storage = p.storage.map_or_else(|| vms.user_data_storage(p.vmid), Ok).map_err(refused)?;
    call.require(&format!("/storage/{storage}"), &["Datastore.AllocateSpace"])?;
    let warnings = vms.set_user_data(&Notes::default(), p.vmid, &storage, &p.user_data).await.map_err(refused)?;
    Ok(Kept { warnings })
}

async fn remove(call: Call, p: OfVm) -> Result<(), ApiError> {
    call.node.vms.remove_user_data(&Notes::default(), p.vmid).await.map_err(refused)
}
