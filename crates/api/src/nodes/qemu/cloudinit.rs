//! `/nodes/{node}/qemu/{vmid}/cloudinit…`: what cloud-init in a guest is told.

use access::Access;
use guest::{config_file::Pending, qemu::cloudinit::Part};
use schema::{ApiError, NodeName, Params, Vmid};

use super::{OfVm, config::Notes, refused};
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Lists what cloud-init is told, as it is on the CD, with the changes that are not on it yet.
    GET "/nodes/{node}/qemu/{vmid}/cloudinit" => pending, name = "cloudinit_pending",
        Access::perm("/vms/{vmid}", &["VM.Audit"]), Target::Node;
    /// Makes the cloud-init CD anew; a running guest finds it in its drive at once.
    PUT "/nodes/{node}/qemu/{vmid}/cloudinit" => update, name = "cloudinit_update",
        Access::perm("/vms/{vmid}", &["VM.Config.Cloudinit"]), Target::Node;
    /// Shows a text as cloud-init would be told it now. Only root sees the hash of the password in it.
    GET "/nodes/{node}/qemu/{vmid}/cloudinit/dump" => dump, name = "cloudinit_generated_config_dump",
        Access::perm("/vms/{vmid}", &["VM.Audit"]), Target::Node;
}

async fn pending(call: Call, p: OfVm) -> Result<Vec<Pending>, ApiError> {
    call.node.vms.cloudinit_pending(p.vmid).map_err(refused)
}

async fn update(call: Call, p: OfVm) -> Result<(), ApiError> {
    call.node.vms.regenerate_cloudinit(&Notes::default(), p.vmid).await.map_err(refused)
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Dump {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Which text: user data, network configuration or meta data.
    #[param(name = "type")]
    part: Part,
}

async fn dump(call: Call, p: Dump) -> Result<String, ApiError> {
    call.node.vms.cloudinit_part(p.vmid, p.part, call.is_root()).await.map_err(refused)
}
