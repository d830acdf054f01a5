//! `/nodes/{node}/storage/{storage}/prunebackups`: which backups to keep.

use std::path::Path;

use access::Access;
use schema::{ApiError, Choice, NodeName, Params, Props, StorageId, Vmid};
use storage::config::Retention;
use storage::prune::{self, Backup, Mark, Marked};
use storage::{Content, Storages, VolumeId};
use task::{TaskError, TaskSpec};

use crate::endpoints;
use crate::engine::{Call, Target};
use crate::storage::error;

endpoints! {
    /// Tells which backups would be kept, and which removed.
    GET "/nodes/{node}/storage/{storage}/prunebackups" => dry_run, name = "dryrun",
        Access::any("/storage/{storage}", &["Datastore.Audit", "Datastore.AllocateSpace"]), Target::Node;
    /// Removes the backups that need not be kept.
    DELETE "/nodes/{node}/storage/{storage}/prunebackups" => run, name = "delete",
        Access::Described("Datastore.Allocate on the storage; with vmid, Datastore.AllocateSpace there and VM.Backup on the guest do"),
        Target::Node, [Task];
}

/// Kind of guests.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Virtual machines.
    Qemu,
    /// Containers.
    Lxc,
}

#[derive(Params)]
struct Prune {
    /// The node.
    node: NodeName,
    /// The storage.
    storage: StorageId,
    /// Which to keep, instead of what the storage's configuration says.
    #[param(name = "prune-backups", format = "prune-backups")]
    prune_backups: Option<Props<Retention>>,
    /// Only backups of such guests.
    r#type: Option<Kind>,
    /// Only backups of this guest.
    vmid: Option<Vmid>,
}

async fn marked(storages: &Storages, p: &Prune) -> Result<Vec<Marked>, ApiError> {
    let config = storages.usable_for(&p.storage, Content::Backup).map_err(error)?;
    let keep = p.prune_backups.as_ref().or(config.options.prune_backups.as_ref());
    let keep = keep.map_or_else(Retention::default, |keep| keep.0.clone());
    prune::check(&keep).map_err(|reason| ApiError::param("prune-backups", reason))?;
    let entries = storages.list(&p.storage, Some(Content::Backup), p.vmid).await.map_err(error)?;
    let backups = entries.into_iter().map(|entry| Backup {
        volid: entry.volid,
        vmid: entry.vmid,
        ctime: entry.ctime.unwrap_or(0),
        protected: entry.protected == Some(true),
    });
    let kind = p.r#type.map(|kind| kind.as_str());
    let offset = |seconds| host::clock::offset(Path::new("/etc"), seconds);
    Ok(prune::mark(&backups.collect::<Vec<_>>(), &keep, (p.vmid, kind), offset))
}

async fn dry_run(call: Call, p: Prune) -> Result<Vec<Marked>, ApiError> {
    marked(&call.node.storages, &p).await
}

async fn run(call: Call, p: Prune) -> Result<String, ApiError> {
    let place = format!("/storage/{}", p.storage);
    let own = p.vmid.is_some_and(|vmid| {
        call.may(&place, &["Datastore.AllocateSpace"]) && call.may(&format!("/vms/{vmid}"), &["VM.Backup"])
    });
    if !own {
        call.require(&place, &["Datastore.Allocate"])?;
    }
    let storages = call.node.storages.clone();
    let marked = marked(&storages, &p).await?;
    let id = p.vmid.map_or_else(|| p.storage.to_string(), |vmid| format!("{vmid}@{}", p.storage));
    let spec = TaskSpec { kind: "prunebackups", id, user: call.user()?.to_string() };
    let work = |ctx: task::TaskCtx| async move {
        let mut failed = 0;
        for backup in marked {
            ctx.log(format!("{:<10} {}", backup.mark, backup.volid));
            if backup.mark != Mark::Remove {
                continue;
            }
            let id: VolumeId = backup.volid.parse().map_err(TaskError::new::<String>)?;
            if let Err(reason) = storages.free(&id).await {
                ctx.warn(format!("removing '{id}' failed: {reason}"));
                failed += 1;
            }
        }
        match failed {
            0 => Ok(()),
            failed => Err(TaskError::new(format!("{failed} backups could not be removed"))),
        }
    };
    let upid = call.node.tasks.spawn(spec, work).await.map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(upid.to_string())
}
