//! `/nodes/{node}/lxc`: making and removing containers.

use access::Access;
use guest::lxc::{Create, DestroyOptions, config::CtConfig};
use schema::{ApiError, Flat, NodeName, Params, PoolId, StorageId, Vmid};
use storage::VolumeId;

use super::{permission, refused};
use crate::endpoints;
use crate::engine::{Call, Target};
use crate::nodes::pool::Place;
use crate::nodes::qemu::{purge, task};
use crate::nodes::tags;

endpoints! {
    /// Makes a container from a template. Needs VM.Allocate on the ID or on its pool, Datastore.AllocateSpace on the storage, and the
    /// privilege of each option that is set.
    POST "/nodes/{node}/lxc" => create, name = "create_vm",
        Access::Described("VM.Allocate on /vms/{vmid} or /pool/{pool}; Datastore.AllocateSpace on the storage of the root file system"),
        Target::Node, [Task];
    /// Removes a container with its volumes.
    DELETE "/nodes/{node}/lxc/{vmid}" => destroy, name = "destroy_vm",
        Access::perm("/vms/{vmid}", &["VM.Allocate"]), Target::Node, [Task];
}

#[derive(Params)]
#[allow(dead_code)] // parameters that are refused when given, and the node, which the dispatcher chose
struct CreateCt {
    /// Name of the node.
    node: NodeName,
    /// ID of the container.
    vmid: Vmid,
    /// Limit of reading and writing while restoring, KiB a second.
    #[param(later, min = 0)]
    bwlimit: Option<f64>,
    /// Overwrite a container of that ID.
    #[param(later)]
    force: Option<bool>,
    /// Let the cluster keep it running.
    #[param(name = "ha-managed", default = "0", later)]
    ha_managed: Option<bool>,
    /// Go on when some files of the archive cannot be unpacked.
    #[param(name = "ignore-unpack-errors")]
    ignore_unpack_errors: Option<bool>,
    /// Archive to make it from.
    #[param(max_len = 255)]
    ostemplate: String,
    /// Password of root inside.
    #[param(min_len = 5)]
    password: Option<String>,
    /// Pool to put it into.
    pool: Option<PoolId>,
    /// The archive is a backup.
    #[param(later)]
    restore: Option<bool>,
    /// SSH keys that may log in as root inside, one a line.
    #[param(name = "ssh-public-keys")]
    ssh_public_keys: Option<String>,
    /// Start it at once.
    #[param(default = "0")]
    start: Option<bool>,
    /// Where its root file system goes if `rootfs` does not say.
    #[param(default = "local")]
    storage: Option<StorageId>,
    /// Give it new hardware addresses.
    #[param(later, requires = "restore")]
    unique: Option<bool>,
    /// Its options.
    config: Flat<CtConfig>,
}

async fn create(call: Call, p: CreateCt) -> Result<String, ApiError> {
    let place = Place::of_new(&call, p.vmid, p.pool)?;
    let mut config = p.config.0;
    // New containers are unprivileged unless somebody asks for the other.
    let unprivileged = *config.unprivileged.get_or_insert(true);
    let mut options = schema::config::pairs(&config);
    permission::check(&call, &place, &options, &[], unprivileged)?;
    tags::settle(&call, p.vmid, &mut options, &[])?;
    let start = p.start == Some(true);
    if start {
        place.require(&call, &["VM.PowerMgmt"])?;
    }
    let wrong = |name: &str| {
        let name = name.to_owned();
        move |error: String| ApiError::param(name, error)
    };
    let template: VolumeId = p.ostemplate.parse().map_err(wrong("ostemplate"))?;
    let storage = match p.storage {
        Some(storage) => storage,
        None => "local".parse().map_err(wrong("storage"))?,
    };
    if config.rootfs.is_none() {
        call.require(&format!("/storage/{storage}"), &["Datastore.AllocateSpace"])?;
    }
    let space = format!("/storage/{}", template.storage);
    call.require_any(&space, &["Datastore.Audit", "Datastore.AllocateSpace"])?;
    let wish = Create {
        vmid: p.vmid,
        options: options.into_iter().collect(),
        template,
        storage,
        password: p.password,
        ssh_keys: p.ssh_public_keys,
        ignore_unpack_errors: p.ignore_unpack_errors == Some(true),
    };
    let cts = call.node.cts.clone();
    cts.check_create(&wish).await.map_err(refused)?;
    let node = call.node.clone();
    task(&call, "vzcreate", p.vmid, move |ctx| async move {
        cts.create(&ctx, wish).await?;
        place.join(&node, &ctx).await;
        if start && let Err(error) = cts.start(&ctx, p.vmid, false).await {
            // The container is complete; that it does not start does not undo it.
            ctx.warn(format!("the container was created but does not start: {error}"));
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
    /// ID of the container.
    vmid: Vmid,
    /// Remove volumes too that belong to it by name, but are in no configuration.
    #[param(name = "destroy-unreferenced-disks")]
    unreferenced: Option<bool>,
    /// Remove it though it runs.
    #[param(default = "0")]
    force: Option<bool>,
    /// Remove it from access control, pools, jobs and replication too.
    #[param(default = "0")]
    purge: Option<bool>,
}

async fn destroy(call: Call, p: Destroy) -> Result<String, ApiError> {
    let options = DestroyOptions { force: p.force == Some(true), unreferenced: p.unreferenced == Some(true) };
    let cts = call.node.cts.clone();
    cts.check_destroy(p.vmid, options).map_err(refused)?;
    let node = call.node.clone();
    task(&call, "vzdestroy", p.vmid, move |ctx| async move {
        cts.destroy(&ctx, p.vmid, options).await?;
        if let Err(error) = purge(&node, p.vmid).await {
            ctx.warn(format!("access control still names the container: {}", error.message));
        }
        Ok(())
    })
    .await
}
