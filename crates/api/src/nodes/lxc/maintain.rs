//! `/pleiad/nodes/{node}/lxc/{vmid}/…`: what `pct` does with file systems, for which the interface has no methods.

use access::Access;
use guest::lxc::Filled;
use schema::{ApiError, NodeName, Params, Vmid};

use super::{OfCt, refused, volume_option::VolumeOption};
use crate::endpoints;
use crate::engine::{Call, Target};
use crate::nodes::qemu::task;

endpoints! {
    /// Tells how full the file systems of a container are.
    GET "/pleiad/nodes/{node}/lxc/{vmid}/df" => df, name = "ct_df",
        Access::perm("/vms/{vmid}", &["VM.Audit"]), Target::Node, [Extension];
    /// Checks the file system of a volume of a container that does not run.
    POST "/pleiad/nodes/{node}/lxc/{vmid}/fsck" => fsck, name = "ct_fsck",
        Access::perm("/vms/{vmid}", &["VM.Config.Disk"]), Target::Node, [Task, Extension];
    /// Tells the storages which blocks of a container's file systems are free.
    POST "/pleiad/nodes/{node}/lxc/{vmid}/fstrim" => fstrim, name = "ct_fstrim",
        Access::perm("/vms/{vmid}", &["VM.Config.Disk"]), Target::Node, [Task, Extension];
    /// Mounts the file systems of a container that does not run where the host sees them, and locks it meanwhile.
    /// Answers where.
    POST "/pleiad/nodes/{node}/lxc/{vmid}/mount" => mount, name = "ct_mount",
        Access::RootOnly, Target::Node, [Extension];
    /// Takes the file systems of a container back from the host.
    DELETE "/pleiad/nodes/{node}/lxc/{vmid}/mount" => unmount, name = "ct_unmount",
        Access::RootOnly, Target::Node, [Extension];
}

async fn df(call: Call, p: OfCt) -> Result<Vec<Filled>, ApiError> {
    call.node.cts.filled(p.vmid).await.map_err(refused)
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Fsck {
    /// Name of the node.
    node: NodeName,
    /// ID of the container.
    vmid: Vmid,
    /// The volume, by option.
    #[param(default = "rootfs")]
    device: Option<VolumeOption>,
    /// Check it even if it says that it is clean.
    #[param(default = "0")]
    force: Option<bool>,
}

async fn fsck(call: Call, p: Fsck) -> Result<String, ApiError> {
    let cts = call.node.cts.clone();
    let device = p.device.map_or_else(|| "rootfs".to_owned(), |device| device.0);
    cts.check_fsck(p.vmid, &device).map_err(refused)?;
    let force = p.force == Some(true);
    task(&call, "vzfsck", p.vmid, move |ctx| async move { Ok(cts.fsck(&ctx, p.vmid, &device, force).await?) }).await
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Fstrim {
    /// Name of the node.
    node: NodeName,
    /// ID of the container.
    vmid: Vmid,
    /// Only the root file system.
    #[param(name = "ignore-mountpoints", default = "0")]
    ignore_mountpoints: Option<bool>,
}

async fn fstrim(call: Call, p: Fstrim) -> Result<String, ApiError> {
    let cts = call.node.cts.clone();
    cts.get(p.vmid).map_err(refused)?;
    let only_root = p.ignore_mountpoints == Some(true);
    task(&call, "vzfstrim", p.vmid, move |ctx| async move { Ok(cts.trim(&ctx, p.vmid, only_root).await?) }).await
}

async fn mount(call: Call, p: OfCt) -> Result<String, ApiError> {
    let place = call.node.cts.mount(p.vmid).await.map_err(refused)?;
    Ok(place.to_string_lossy().into_owned())
}

async fn unmount(call: Call, p: OfCt) -> Result<(), ApiError> {
    call.node.cts.unmount(p.vmid).await.map_err(refused)
}
