//! `/pleiad/nodes/{node}/lxc/{vmid}/update-image`: an application gets the files of a newer image.

use access::Access;
use schema::{ApiError, NodeName, Params, Vmid};
use storage::VolumeId;

use super::refused;
use crate::endpoints;
use crate::engine::{Call, Target};
use crate::nodes::qemu::task;

endpoints! {
    /// Makes the root file system of a stopped container anew from an image of an application. Mount points, network,
    /// limits and changed variables stay; what was written into the old root file system is lost. Needs
    /// Datastore.AllocateSpace on its storage, too.
    POST "/pleiad/nodes/{node}/lxc/{vmid}/update-image" => update, name = "update_ct_image",
        Access::perm("/vms/{vmid}", &["VM.Config.Disk", "VM.Config.Options"]), Target::Node, [Task, Extension];
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Update {
    /// Name of the node.
    node: NodeName,
    /// ID of the container.
    vmid: Vmid,
    /// The image: an archive among the container templates.
    #[param(max_len = 255)]
    ostemplate: String,
}

async fn update(call: Call, p: Update) -> Result<String, ApiError> {
    let template: VolumeId = p.ostemplate.parse().map_err(|error: String| ApiError::param("ostemplate", error))?;
    let space = format!("/storage/{}", template.storage);
    call.require_any(&space, &["Datastore.Audit", "Datastore.AllocateSpace"])?;
    let cts = call.node.cts.clone();
    let ct = cts.get(p.vmid).map_err(refused)?;
    let root = ct.config.rootfs.as_ref().and_then(|root| root.volume.parse::<VolumeId>().ok());
    if let Some(volume) = root {
        call.require(&format!("/storage/{}", volume.storage), &["Datastore.AllocateSpace"])?;
    }
    cts.check_exchange(p.vmid, &template).await.map_err(refused)?;
    task(&call, "vzimage", p.vmid, move |ctx| async move {
        cts.exchange(&ctx, p.vmid, &template).await?;
        Ok(())
    })
    .await
}
