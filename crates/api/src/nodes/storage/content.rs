//! `/nodes/{node}/storage/{storage}/content`: volumes.

use std::time::Duration;

use access::Access;
use schema::{ApiError, NodeName, Params, Reply, StorageId, Vmid};
use serde_json::Value;
use storage::{Content, Entry, Format, Storages, Volume, VolumeId};
use store::guests;
use task::{Outcome, TaskError, TaskSpec};

use crate::endpoints;
use crate::engine::{Call, Target};
use crate::storage::error;

endpoints! {
    /// Lists the volumes of a storage that the caller may use.
    GET "/nodes/{node}/storage/{storage}/content" => list, name = "index",
        Access::any("/storage/{storage}", &["Datastore.Audit", "Datastore.AllocateSpace"]), Target::Node;
    /// Allocates a disk image.
    POST "/nodes/{node}/storage/{storage}/content" => allocate, name = "create",
        Access::perm("/storage/{storage}", &["Datastore.AllocateSpace"]), Target::Node;
    /// Shows what a volume's own metadata tell.
    GET "/nodes/{node}/storage/{storage}/content/{volume}" => info, name = "info",
        Access::Described("the caller may use the volume"), Target::Node;
    /// Changes notes and protection of a backup.
    PUT "/nodes/{node}/storage/{storage}/content/{volume}" => update, name = "updateattributes",
        Access::Described("the caller may use the volume and remove backups of its guest"), Target::Node;
    /// Removes a volume.
    DELETE "/nodes/{node}/storage/{storage}/content/{volume}" => remove, name = "delete",
        Access::Described("Datastore.Allocate on the storage; for backups of a guest also Datastore.AllocateSpace there and VM.Backup on the guest"),
        Target::Node, [Task];
}

#[derive(Params)]
struct List {
    /// The node.
    node: NodeName,
    /// The storage.
    storage: StorageId,
    /// Only volumes of this content type.
    #[param(format = "pve-storage-content")]
    content: Option<String>,
    /// Only volumes of this guest.
    vmid: Option<Vmid>,
}

async fn list(call: Call, p: List) -> Result<Vec<Entry>, ApiError> {
    let storages = &call.node.storages;
    let content = match p.content.as_deref() {
        None => None,
        Some(word) => Some(word.parse::<Content>().map_err(|reason| ApiError::param("content", reason))?),
    };
    let mut entries = storages.list(&p.storage, content, p.vmid).await.map_err(error)?;
    entries.retain(|entry| {
        let volume = entry.volid.parse().ok().and_then(|id: VolumeId| storages.volume(&id).ok());
        volume.is_some_and(|volume| may_use(&call, &p.storage, &volume, None))
    });
    Ok(entries)
}

/// Whether the caller may use a volume, perhaps on behalf of a guest.
pub(crate) fn may_use(call: &Call, storage: &StorageId, volume: &Volume, acting: Option<Vmid>) -> bool {
    storage::access::may_use(storage, volume, acting, |path, privilege| call.may(path, &[privilege]))
}

#[derive(Params)]
struct Allocate {
    /// The node.
    node: NodeName,
    /// The storage.
    storage: StorageId,
    /// Name of the file: `vm-100-disk-3.qcow2`.
    filename: String,
    /// Format; the ending of the name tells it.
    #[param(requires = "size")]
    format: Option<Format>,
    /// Size in KiB; in MiB or GiB with the suffix `M` or `G`.
    #[param(pattern = r"\d+[MG]?")]
    size: String,
    /// The guest that the image is for.
    vmid: Vmid,
}

async fn allocate(call: Call, p: Allocate) -> Result<VolumeId, ApiError> {
    let suffixed = if p.size.ends_with(['M', 'G']) { p.size.clone() } else { format!("{}K", p.size) };
    let size = schema::size::parse_disk_size(&suffixed);
    let size = size.ok_or_else(|| ApiError::param("size", "the size is too large"))?;
    let known = p.filename.rsplit_once('.').is_some_and(|(_, ending)| ending.parse::<Format>().is_ok());
    let name = match p.format {
        Some(format) if !known => format!("{}.{format}", p.filename),
        _ => p.filename,
    };
    let made = call.node.storages.allocate(&p.storage, p.vmid, p.format, size, Some(&name)).await;
    made.map_err(error)
}

#[derive(Params)]
struct One {
    /// The node.
    node: NodeName,
    /// The storage, if `volume` does not name it.
    storage: Option<StorageId>,
    /// Volume ID, or name in the storage.
    volume: String,
}

/// The volume that storage and name give together.
fn volume_id(storage: Option<&StorageId>, volume: &str) -> Result<VolumeId, ApiError> {
    match (volume.parse::<VolumeId>(), storage) {
        (Ok(id), Some(storage)) if id.storage != *storage => {
            Err(ApiError::param("volume", format!("storage ID mismatch ({} != {storage})", id.storage)))
        }
        (Ok(id), _) => Ok(id),
        (Err(_), Some(storage)) => {
            format!("{storage}:{volume}").parse().map_err(|reason: String| ApiError::param("volume", reason))
        }
        (Err(_), None) => Err(ApiError::param("storage", "storage ID missing")),
    }
}

/// The volume, if the caller may use it.
fn usable(call: &Call, storage: Option<&StorageId>, volume: &str) -> Result<(VolumeId, Volume), ApiError> {
    let id = volume_id(storage, volume)?;
    let parsed = call.node.storages.volume(&id).map_err(error)?;
    if may_use(call, &id.storage, &parsed, None) {
        return Ok((id, parsed));
    }
    Err(ApiError::forbidden(&format!("/storage/{}", id.storage), &["Datastore.Audit", "Datastore.AllocateSpace"]))
}

/// A volume's own metadata.
#[derive(Reply, Debug)]
struct Info {
    /// Where it lies.
    path: String,
    /// Bytes that a guest sees.
    size: u64,
    /// Bytes that it takes.
    used: u64,
    /// Format.
    format: String,
    /// Notes of a backup.
    notes: Option<String>,
    /// Whether a backup is protected.
    protected: Option<bool>,
}

async fn info(call: Call, p: One) -> Result<Info, ApiError> {
    let (id, _) = usable(&call, p.storage.as_ref(), &p.volume)?;
    let storages = &call.node.storages;
    let info = storages.info(&id).await.map_err(error)?;
    let (notes, protected) = storages.attributes(&id).await.map_err(error)?;
    Ok(Info {
        path: storages.path(&id).map_err(error)?.display().to_string(),
        size: info.size,
        used: info.used.unwrap_or(0),
        format: info.format,
        notes,
        protected,
    })
}

#[derive(Params)]
struct Update {
    /// The node.
    node: NodeName,
    /// The storage, if `volume` does not name it.
    storage: Option<StorageId>,
    /// Volume ID, or name in the storage.
    volume: String,
    /// New notes; an empty text removes them.
    notes: Option<String>,
    /// Whether the backup is protected from removal.
    protected: Option<bool>,
}

async fn update(call: Call, p: Update) -> Result<(), ApiError> {
    let (id, volume) = usable(&call, p.storage.as_ref(), &p.volume)?;
    let storages = &call.node.storages;
    require_removal(&call, &id, &volume)?;
    if p.protected == Some(true) {
        check_number_of_protected(&call, &id, &volume).await?;
    }
    storages.set_attributes(&id, p.notes, p.protected).await.map_err(error)
}

/// Stops the call unless the caller may remove the volume.
fn require_removal(call: &Call, id: &VolumeId, volume: &Volume) -> Result<(), ApiError> {
    if storage::access::may_remove(&id.storage, volume, |path, privilege| call.may(path, &[privilege])) {
        return Ok(());
    }
    Err(ApiError::forbidden(&format!("/storage/{}", id.storage), &["Datastore.Allocate"]))
}

/// A guest may have so many protected backups as the storage says; whoever may allocate there, any number.
async fn check_number_of_protected(call: &Call, id: &VolumeId, volume: &Volume) -> Result<(), ApiError> {
    let storages = &call.node.storages;
    let config = storages.usable(&id.storage).map_err(error)?;
    let may_allocate = call.may(&format!("/storage/{}", id.storage), &["Datastore.Allocate"]);
    let limit = config.options.max_protected_backups.unwrap_or(if may_allocate { -1 } else { 5 });
    if limit < 0 || volume.owner.is_none() {
        return Ok(());
    }
    let others = storages.list(&id.storage, Some(Content::Backup), volume.owner).await.map_err(error)?;
    let own = id.to_string();
    let protected = others.iter().filter(|entry| entry.protected == Some(true) && entry.volid != own).count();
    if (protected as u64) < limit.unsigned_abs() {
        return Ok(());
    }
    Err(ApiError::internal(format!(
        "the guest has {protected} protected backups on storage '{}', at most {limit} are allowed; remove the protection of one",
        id.storage
    )))
}

#[derive(Params)]
struct Remove {
    /// The node.
    node: NodeName,
    /// The storage, if `volume` does not name it.
    storage: Option<StorageId>,
    /// Volume ID, or name in the storage.
    volume: String,
    /// Seconds to wait for the removal; then nothing is answered if it is done.
    #[param(min = 1, max = 30)]
    delay: Option<u64>,
}

async fn remove(call: Call, p: Remove) -> Result<Value, ApiError> {
    let id = volume_id(p.storage.as_ref(), &p.volume)?;
    let storages = call.node.storages.clone();
    let volume = storages.volume(&id).map_err(error)?;
    require_removal(&call, &id, &volume)?;
    refuse_used(&storages, &id, &volume)?;
    let owner = volume.owner.map_or_else(String::new, |owner| format!("{owner}@"));
    let spec = TaskSpec { kind: "imgdel", id: format!("{owner}{}", id.storage), user: call.user()?.to_string() };
    let work = |ctx: task::TaskCtx| async move {
        storages.free(&id).await?;
        ctx.log(format!("Removed volume '{id}'"));
        Ok::<(), TaskError>(())
    };
    let upid = call.node.tasks.spawn(spec, work).await.map_err(|error| ApiError::internal(error.to_string()))?;
    if let Some(delay) = p.delay {
        let ended = tokio::time::timeout(Duration::from_secs(delay), call.node.tasks.wait(&upid)).await;
        return match ended {
            Ok(Ok(Outcome::Ok | Outcome::Warnings(_))) => Ok(Value::Null),
            Ok(Ok(failed)) => Err(ApiError::internal(failed.to_string())),
            _ => Ok(upid.to_string().into()),
        };
    }
    Ok(upid.to_string().into())
}

/// Refuses to remove a volume that its owner's configuration names: the guest would not start again.
fn refuse_used(storages: &Storages, id: &VolumeId, volume: &Volume) -> Result<(), ApiError> {
    if !matches!(volume.content, Content::Images | Content::Rootdir) {
        return Ok(());
    }
    let tree = storages.store().tree();
    let Some(guest) = volume.owner.and_then(|owner| guests::guest(&tree, owner)) else { return Ok(()) };
    let own = id.to_string();
    let named = |line: &str| line.split([' ', ',', '=']).any(|word| word == own);
    // Comments hold the description and must not count.
    let used = guest.entry.text.lines().find(|line| !line.starts_with('#') && named(line));
    match used {
        Some(line) => Err(ApiError::internal(format!(
            "volume '{id}' is used by {} {} ({}); detach it there first",
            guest.kind.label(),
            guest.vmid,
            line.split(':').next().unwrap_or_default()
        ))),
        None => Ok(()),
    }
}
