//! `/nodes/{node}/qemu/{vmid}/move_disk`: disks that go to another storage, into another format, or to another VM.

use access::Access;
use guest::qemu::{ImportWish, MoveWish, ReassignWish};
use schema::{ApiError, NodeName, Params, StorageId, Vmid};

use super::{clone::ImageFormat, disk_option::DiskOption, refused, task, tools::Disk};
use crate::endpoints;
use crate::engine::{Call, Target};
use crate::nodes::bandwidth;

endpoints! {
    /// Moves a disk to another storage or into another format, also while the VM runs; or gives it to another VM.
    /// Needs Datastore.AllocateSpace on the storage, or VM.Config.Disk on the other VM, too.
    POST "/nodes/{node}/qemu/{vmid}/move_disk" => move_disk, name = "move_vm_disk",
        Access::perm("/vms/{vmid}", &["VM.Config.Disk"]), Target::Node, [Task];
    /// Copies an image into a storage, as a disk of a VM. Only root may name a path of the host.
    POST "/pleiad/nodes/{node}/qemu/{vmid}/import-disk" => import_disk, name = "import_vm_disk",
        Access::perm("/vms/{vmid}", &["VM.Config.Disk"]), Target::Node, [Task, Extension];
    /// Makes a VM of an appliance: of a volume, or of a description at a path of the host, which only root may name.
    POST "/pleiad/nodes/{node}/qemu/{vmid}/import-appliance" => import_appliance, name = "import_appliance",
        Access::perm("/vms/{vmid}", &["VM.Allocate"]), Target::Node, [Task, Extension];
    /// Brings sizes of disks up to date, and lists volumes that no option names as unused.
    POST "/pleiad/nodes/{node}/rescan" => rescan, name = "rescan_disks",
        Access::perm("/vms", &["VM.Config.Disk"]), Target::Node, [Task, Extension];
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

#[derive(Params)]
#[allow(dead_code)] // as above
struct ImportDisk {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// The image: a volume ID, or an absolute path.
    source: String,
    /// Storage of the new disk.
    storage: StorageId,
    /// Format of the new disk; the storage's own if not given.
    format: Option<ImageFormat>,
    /// The drive that it becomes; an unused disk if not given.
    #[param(name = "target-disk")]
    target_disk: Option<Disk>,
}

async fn import_disk(call: Call, p: ImportDisk) -> Result<String, ApiError> {
    call.require(&format!("/storage/{}", p.storage), &["Datastore.AllocateSpace"])?;
    check_source(&call, p.vmid, &p.source)?;
    let vms = call.node.vms.clone();
    vms.get(p.vmid).map_err(refused)?;
    let drive = p.target_disk.map(|disk| disk.as_str().to_owned());
    let wish = ImportWish { source: p.source, storage: p.storage, format: p.format.map(Into::into), drive };
    task(&call, "qmconfig", p.vmid, move |ctx| async move { Ok(vms.import_disk(&ctx, p.vmid, &wish).await?) }).await
}

/// Only root may name a path; a volume must be one that the caller may read.
fn check_source(call: &Call, vmid: Vmid, source: &str) -> Result<(), ApiError> {
    if source.contains(',') {
        return Err(ApiError::param("source", "must not contain a comma"));
    }
    if call.is_root() {
        return Ok(());
    }
    if source.starts_with('/') {
        return Err(ApiError::internal("only root can import from a path"));
    }
    super::permission::volume_use(call, vmid, source)
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct ImportAppliance {
    /// Name of the node.
    node: NodeName,
    /// ID of the new VM.
    vmid: Vmid,
    /// The appliance: a volume ID, or the absolute path of an OVF description.
    source: String,
    /// Storage of the new disks.
    storage: StorageId,
    /// Format of the new disks; the storage's own if not given.
    format: Option<ImageFormat>,
    /// Only show in the task's log what the VM would be.
    #[param(default = "0")]
    dryrun: Option<bool>,
}

async fn import_appliance(call: Call, p: ImportAppliance) -> Result<String, ApiError> {
    call.require(&format!("/storage/{}", p.storage), &["Datastore.AllocateSpace"])?;
    check_source(&call, p.vmid, &p.source)?;
    let vms = call.node.vms.clone();
    let options = vms.appliance_options(&p.source, &p.storage, p.format.map(Into::into)).await.map_err(refused)?;
    let dry = p.dryrun == Some(true);
    task(&call, "qmcreate", p.vmid, move |ctx| async move {
        options.iter().for_each(|(key, value)| ctx.log(format!("{key}: {value}")));
        if dry { Ok(()) } else { Ok(vms.import_appliance(&ctx, p.vmid, options).await?) }
    })
    .await
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Rescan {
    /// Name of the node.
    node: NodeName,
    /// Only this VM; all if not given.
    vmid: Option<Vmid>,
    /// Only tell what would change.
    #[param(default = "0")]
    dryrun: Option<bool>,
}

async fn rescan(call: Call, p: Rescan) -> Result<String, ApiError> {
    let vms = call.node.vms.clone();
    let dry = p.dryrun == Some(true);
    let id = p.vmid.map(|vmid| vmid.to_string()).unwrap_or_default();
    task(&call, "qmrescan", id, move |ctx| async move { Ok(vms.rescan(&ctx, p.vmid, dry).await?) }).await
}
