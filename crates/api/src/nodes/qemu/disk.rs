//! `/nodes/{node}/qemu/{vmid}/move_disk`: disks that go to another storage, into another format, or to another VM.

use access::Access;
use guest::qemu::{MoveWish, ReassignWish};
use schema::{ApiError, NodeName, Params, StorageId, Vmid};

use super::{clone::ImageFormat, disk_option::DiskOption, refused, task};
use crate::endpoints;
use crate::engine::{Call, Target};
use crate::nodes::bandwidth;

endpoints! {
    /// Moves a disk to another storage or into another format, also while the VM runs; or gives it to another VM.
    /// Needs Datastore.AllocateSpace on the storage, or VM.Config.Disk on the other VM, too.
    POST "/nodes/{node}/qemu/{vmid}/move_disk" => move_disk, name = "move_vm_disk",
        Access::perm("/vms/{vmid}", &["VM.Config.Disk"]), Target::Node, [Task];
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct MoveDisk {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Limit of reading and writing, KiB a second.
    #[param(min = 0)]
    bwlimit: Option<u64>,
    /// Free the old volume afterwards, instead of keeping it as unused.
    #[param(default = "0")]
    delete: Option<bool>,
    /// SHA-1 of the configuration that the caller has seen.
    #[param(max_len = 40)]
    digest: Option<String>,
    /// The disk.
    disk: DiskOption,
    /// Format of the new volume; the same if the storage takes it.
    format: Option<ImageFormat>,
    /// Storage to move it to.
    storage: Option<StorageId>,
    /// SHA-1 of the other VM's configuration that the caller has seen.
    #[param(name = "target-digest", max_len = 40)]
    target_digest: Option<String>,
    /// What the disk becomes of the other VM; the same as it is here if not given.
    #[param(name = "target-disk")]
    target_disk: Option<DiskOption>,
    /// VM that gets the disk.
    #[param(name = "target-vmid")]
    target_vmid: Option<Vmid>,
}

async fn move_disk(call: Call, p: MoveDisk) -> Result<String, ApiError> {
    let both = |message: &str| {
        let mut error = ApiError::param("storage", message);
        error.errors.insert("target-vmid".to_owned(), message.to_owned());
        Err(error)
    };
    match (&p.storage, p.target_vmid) {
        (Some(_), Some(_)) => both("either set 'storage' or 'target-vmid', but not both"),
        (None, None) => both("both 'storage' and 'target-vmid' missing, either needs to be set"),
        (Some(storage), None) => {
            let storage = storage.clone();
            relocate(call, p, storage).await
        }
        (None, Some(target)) => reassign(call, p, target).await,
    }
}

async fn relocate(call: Call, p: MoveDisk, storage: StorageId) -> Result<String, ApiError> {
    call.require(&format!("/storage/{storage}"), &["Datastore.AllocateSpace"])?;
    let vms = call.node.vms.clone();
    let mut wish = MoveWish {
        disk: p.disk.0,
        storage: storage.clone(),
        format: p.format.map(Into::into),
        delete: p.delete == Some(true),
        limit: None,
        digest: p.digest,
    };
    let source = vms.check_move(p.vmid, &wish).map_err(refused)?;
    wish.limit = bandwidth::limit(&call, "move", p.bwlimit, &[source, storage]);
    task(&call, "qmmove", p.vmid, move |ctx| async move { Ok(vms.move_disk(&ctx, p.vmid, &wish).await?) }).await
}

async fn reassign(call: Call, p: MoveDisk, target: Vmid) -> Result<String, ApiError> {
    call.require(&format!("/vms/{target}"), &["VM.Config.Disk"])?;
    let odd = [("format", p.format.is_some()), ("bwlimit", p.bwlimit.is_some()), ("delete", p.delete == Some(true))];
    if let Some((name, _)) = odd.iter().find(|(_, given)| *given) {
        return Err(ApiError::param(*name, "makes no sense for a disk that another VM gets: it is only renamed"));
    }
    let vms = call.node.vms.clone();
    let wish = ReassignWish {
        disk: p.disk.0,
        target,
        target_disk: p.target_disk.map(|disk| disk.0),
        digest: p.digest,
        target_digest: p.target_digest,
    };
    let volume = vms.check_reassign(p.vmid, &wish).map_err(refused)?;
    call.require(&format!("/storage/{}", volume.storage), &["Datastore.AllocateSpace"])?;
    task(&call, "qmmove", p.vmid, move |ctx| async move { Ok(vms.reassign(&ctx, p.vmid, &wish).await?) }).await
}
