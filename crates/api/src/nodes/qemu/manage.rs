//! `/nodes/{node}/qemu`: making and removing VMs.

use access::Access;
use guest::qemu::{Create, DestroyOptions, StartOptions, config::VmConfig};
use schema::{ApiError, Flat, NodeName, Params, PoolId, StorageId, Vmid};

use super::{config::texts, permission, refused, skiplock, task};
use crate::endpoints;
use crate::engine::{Call, Target};
use crate::nodes::pool::Place;
use crate::nodes::tags;

endpoints! {
    /// Makes a VM. Needs VM.Allocate on the ID or on its pool, and the privilege of each option that is set.
    POST "/nodes/{node}/qemu" => create, name = "create_vm",
        Access::Described("VM.Allocate on /vms/{vmid} or /pool/{pool}; Datastore.AllocateSpace on the storages of new disks"),
        Target::Node, [Task];
    /// Removes a VM with its disks.
    DELETE "/nodes/{node}/qemu/{vmid}" => destroy, name = "destroy_vm",
        Access::perm("/vms/{vmid}", &["VM.Allocate"]), Target::Node, [Task];
}

#[derive(Params)]
#[allow(dead_code)] // parameters that are refused when given, and the node, which the dispatcher chose
struct CreateVm {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Backup to restore.
    #[param(later, max_len = 255)]
    archive: Option<String>,
    /// Limit of reading and writing while restoring, KiB a second.
    #[param(later)]
    bwlimit: Option<u64>,
    /// Overwrite a VM of that ID.
    #[param(later, requires = "archive")]
    force: Option<bool>,
    /// Let the cluster keep it running.
    #[param(name = "ha-managed", default = "0", later)]
    ha_managed: Option<bool>,
    /// Storage with images for what importing would unpack. Disks are read inside of archives here, so nothing is; it is
    /// checked all the same.
    #[param(name = "import-working-storage")]
    import_working_storage: Option<StorageId>,
    /// Start it while it is still being restored.
    #[param(name = "live-restore", later)]
    live_restore: Option<bool>,
    /// Pool to put it into.
    pool: Option<PoolId>,
    /// Start it at once.
    #[param(default = "0")]
    start: Option<bool>,
    /// Storage for restored disks.
    #[param(later)]
    storage: Option<StorageId>,
    /// Give it new hardware addresses.
    #[param(later, requires = "archive")]
    unique: Option<bool>,
    /// Its options.
    config: Flat<VmConfig>,
}

async fn create(call: Call, p: CreateVm) -> Result<String, ApiError> {
    let place = Place::of_new(&call, p.vmid, p.pool)?;
    let mut options = texts(&p.config.0)?;
    permission::check(&call, &place, &options, &[])?;
    tags::settle(&call, p.vmid, &mut options, &[])?;
    permission::working_storage(&call, p.import_working_storage.as_ref())?;
    let start = p.start == Some(true);
    if start {
        place.require(&call, &["VM.PowerMgmt"])?;
    }
    if let Some((node, kind)) = store::guests::find_guest(&call.node.store.tree(), p.vmid) {
        let (vmid, label) = (p.vmid, kind.label());
        return Err(ApiError::internal(format!(
            "unable to create VM {vmid} - {label} {vmid} already exists on node '{node}'"
        )));
    }
    let vms = call.node.vms.clone();
    let wish = Create { options, ..Create::default() };
    let node = call.node.clone();
    task(&call, "qmcreate", p.vmid, move |ctx| async move {
        vms.create(&ctx, p.vmid, wish).await?;
        place.join(&node, &ctx).await;
        if start && let Err(error) = vms.start(&ctx, p.vmid, StartOptions::default()).await {
            // The VM is complete; that it does not start does not undo it.
            ctx.warn(format!("start failed: {error}"));
        }
        Ok(())
    })
    .await
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Destroy {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Remove disks too that belong to it by name, but are in no configuration.
    #[param(name = "destroy-unreferenced-disks", default = "0")]
    unreferenced: Option<bool>,
    /// Remove it from access control, pools, jobs and replication too.
    purge: Option<bool>,
    /// Remove it whatever it is locked for; only root may.
    skiplock: Option<bool>,
}

async fn destroy(call: Call, p: Destroy) -> Result<String, ApiError> {
    let options = DestroyOptions { skiplock: skiplock(&call, p.skiplock)?, unreferenced: p.unreferenced == Some(true) };
    let vms = call.node.vms.clone();
    let vm = vms.get(p.vmid).map_err(refused)?;
    if vm.config.protection == Some(true) {
        return Err(refused(guest::qemu::VmError::Protected(p.vmid)));
    }
    if vms.running(p.vmid).is_some() {
        return Err(refused(guest::qemu::VmError::MustStop { vmid: p.vmid, action: "destroy" }));
    }
    let node = call.node.clone();
    task(&call, "qmdestroy", p.vmid, move |ctx| async move {
        vms.destroy(&ctx, p.vmid, options).await?;
        if let Err(error) = super::purge(&node, p.vmid).await {
            ctx.warn(format!("access control still names the VM: {}", error.message));
        }
        Ok(())
    })
    .await
}
