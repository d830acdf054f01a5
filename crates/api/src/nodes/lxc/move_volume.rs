//! `/nodes/{node}/lxc/{vmid}/move_volume`: volumes that go to another storage, or to another container.

use access::Access;
use guest::lxc::{MoveWish, ReassignWish};
use schema::{ApiError, NodeName, Params, StorageId, Vmid};

use super::{refused, volume_option::MovedOption};
use crate::endpoints;
use crate::engine::{Call, Target};
use crate::nodes::bandwidth;
use crate::nodes::qemu::task;

endpoints! {
    /// Moves a volume of a container that does not run to another storage, or gives it to another container. Needs
    /// Datastore.AllocateSpace on the storage, or VM.Config.Disk on the other container, too.
    POST "/nodes/{node}/lxc/{vmid}/move_volume" => move_volume, name = "move_volume",
        Access::perm("/vms/{vmid}", &["VM.Config.Disk"]), Target::Node, [Task];
    /// Brings sizes of containers' volumes up to date, and lists volumes that no option names as unused.
    POST "/pleiad/nodes/{node}/rescan-volumes" => rescan, name = "rescan_volumes",
        Access::perm("/vms", &["VM.Config.Disk"]), Target::Node, [Task, Extension];
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct MoveVolume {
    /// Name of the node.
    node: NodeName,
    /// ID of the container.
    vmid: Vmid,
    /// Limit of reading and writing, KiB a second.
    #[param(min = 0)]
    bwlimit: Option<f64>,
    /// Free the old volume afterwards, instead of keeping it as unused.
    #[param(default = "0")]
    delete: Option<bool>,
    /// SHA-1 of the configuration that the caller has seen.
    #[param(max_len = 40)]
    digest: Option<String>,
    /// Storage to move it to.
    storage: Option<StorageId>,
    /// SHA-1 of the other container's configuration that the caller has seen.
    #[param(name = "target-digest", max_len = 40)]
    target_digest: Option<String>,
    /// Container that gets the volume.
    #[param(name = "target-vmid")]
    target_vmid: Option<Vmid>,
    /// What the volume becomes of the other container; the same as it is here if not given.
    #[param(name = "target-volume")]
    target_volume: Option<MovedOption>,
    /// The volume, by option.
    volume: MovedOption,
}

async fn move_volume(call: Call, p: MoveVolume) -> Result<String, ApiError> {
    let both = |message: &str| {
        let mut error = ApiError::param("storage", message);
        error.errors.insert("target-vmid".to_owned(), message.to_owned());
        Err(error)
    };
    match (p.storage.clone(), p.target_vmid) {
        (Some(_), Some(_)) => both("either set 'storage' or 'target-vmid', but not both"),
        (None, None) => both("both 'storage' and 'target-vmid' missing, either needs to be set"),
        (Some(storage), None) => relocate(call, p, storage).await,
        (None, Some(target)) => reassign(call, p, target).await,
    }
}

async fn relocate(call: Call, p: MoveVolume, storage: StorageId) -> Result<String, ApiError> {
    call.require(&format!("/storage/{storage}"), &["Datastore.AllocateSpace"])?;
    let cts = call.node.cts.clone();
    let mut wish = MoveWish {
        volume: p.volume.0,
        storage: storage.clone(),
        delete: p.delete == Some(true),
        limit: None,
        digest: p.digest,
    };
    let source = cts.check_move(p.vmid, &wish).map_err(refused)?;
    // A limit of so much as the number can hold is none.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let limit = p.bwlimit.map(|limit| limit as u64);
    wish.limit = bandwidth::limit(&call, "move", limit, &[source, storage]);
    task(&call, "move_volume", p.vmid, move |ctx| async move { Ok(cts.move_volume(&ctx, p.vmid, &wish).await?) }).await
}

async fn reassign(call: Call, p: MoveVolume, target: Vmid) -> Result<String, ApiError> {
    call.require(&format!("/vms/{target}"), &["VM.Config.Disk"])?;
    let odd = [("bwlimit", p.bwlimit.is_some()), ("delete", p.delete == Some(true))];
    if let Some((name, _)) = odd.iter().find(|(_, given)| *given) {
        return Err(ApiError::param(
            *name,
            "makes no sense for a volume that another container gets: it is only renamed",
        ));
    }
    let cts = call.node.cts.clone();
    let wish = ReassignWish {
        volume: p.volume.0,
        target,
        target_volume: p.target_volume.map(|volume| volume.0),
        digest: p.digest,
        target_digest: p.target_digest,
    };
    let volume = cts.check_reassign(p.vmid, &wish).map_err(refused)?;
    call.require(&format!("/storage/{}", volume.storage), &["Datastore.AllocateSpace"])?;
    task(&call, "move_volume", p.vmid, move |ctx| async move { Ok(cts.reassign(&ctx, p.vmid, &wish).await?) }).await
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Rescan {
    /// Name of the node.
    node: NodeName,
    /// Only this container; all if not given.
    vmid: Option<Vmid>,
    /// Only tell what would change.
    #[param(default = "0")]
    dryrun: Option<bool>,
}

async fn rescan(call: Call, p: Rescan) -> Result<String, ApiError> {
    let cts = call.node.cts.clone();
    let dry = p.dryrun == Some(true);
    let id = p.vmid.map(|vmid| vmid.to_string()).unwrap_or_default();
    task(&call, "vzrescan", id, move |ctx| async move { Ok(cts.rescan(&ctx, p.vmid, dry).await?) }).await
}
