//! `/nodes/{node}/disks/{lvm,lvmthin,directory}`: what was made of disks, and how it goes away again.

use access::Access;
use schema::{ApiError, Flat, NodeName, Params, Reply, StorageId};
use storage::config::edit;
use storage::disks::make;
use storage::disks::unmake::{self, Ground};
use storage::plugin::lvm::command;
use storage::{Content, StorageError};
use task::{TaskCtx, TaskError};

use super::change::{TURN, parts, spawn};
use super::find;
use crate::endpoints;
use crate::engine::{Call, Target};
use crate::node::Node;
use crate::nodes::list::OfNode;
use crate::storage::error;

endpoints! {
    /// Lists LVM volume groups with their disks.
    GET "/nodes/{node}/disks/lvm" => groups, name = "index", Access::perm("/", &["Sys.Audit"]), Target::Node;
    /// Removes a volume group with all that is in it. One with guests' disks on a storage of this node is refused.
    DELETE "/nodes/{node}/disks/lvm/{name}" => remove_group, name = "delete",
        Access::perm("/", &["Sys.Modify"]), Target::Node, [Task];
    /// Lists LVM thin pools.
    GET "/nodes/{node}/disks/lvmthin" => pools, name = "index", Access::perm("/", &["Sys.Audit"]), Target::Node;
    /// Removes a thin pool with all that is in it. One with guests' disks on a storage of this node is refused.
    DELETE "/nodes/{node}/disks/lvmthin/{name}" => remove_pool, name = "delete",
        Access::perm("/", &["Sys.Modify"]), Target::Node, [Task];
    /// Lists directories on disks of their own.
    GET "/nodes/{node}/disks/directory" => directories, name = "index",
        Access::perm("/", &["Sys.Audit"]), Target::Node;
    /// Unmounts a directory and forgets it; what is in it stays on its disk.
    DELETE "/nodes/{node}/disks/directory/{name}" => remove_directory, name = "delete",
        Access::perm("/", &["Sys.Modify"]), Target::Node, [Task];
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Remove {
    /// Name of the node.
    node: NodeName,
    /// Its name.
    name: StorageId,
    /// Take its storages away from this node too.
    #[param(name = "cleanup-config", default = "0")]
    cleanup_config: Option<bool>,
    /// Make its disks empty ones too.
    #[param(name = "cleanup-disks", default = "0")]
    cleanup_disks: Option<bool>,
}

#[derive(Params)]
struct RemovePool {
    what: Flat<Remove>,
    /// Volume group of the pool.
    #[param(name = "volume-group")]
    group: StorageId,
}

/// What is to go, and what goes with it.
struct Wish {
    name: StorageId,
    /// Storages that are taken away from this node.
    storages: Vec<StorageId>,
    /// Disks that become empty ones.
    disks: Vec<String>,
}

impl Wish {
    /// Refuses what would take guests' disks along.
    async fn new(call: &Call, p: Remove, ground: Ground<'_>, destroys: bool) -> Result<Self, ApiError> {
        let own = &call.node.storages;
        let carried = unmake::carried(ground, &own.configs(), own.node());
        for storage in carried.iter().filter(|_| destroys) {
            let volumes = own.list(storage, None, None).await.unwrap_or_default();
            let guest = |content: &str| [Content::Images, Content::Rootdir].iter().any(|one| one.as_str() == content);
            if let Some(volume) = volumes.iter().find(|one| guest(&one.content)) {
                let text = format!("'{}' is on it: remove the disks of storage '{storage}' first", volume.volid);
                return Err(ApiError::internal(text));
            }
        }
        let storages = if p.cleanup_config == Some(true) { carried } else { Vec::new() };
        if !storages.is_empty() {
            call.require("/storage", &["Datastore.Allocate"])?;
        }
        Ok(Self { name: p.name, storages, disks: Vec::new() })
    }

    /// What comes after the removal itself.
    async fn finish(&self, node: &Node, ctx: &TaskCtx) -> Result<(), TaskError> {
        for storage in &self.storages {
            leave(node, storage).await?;
            ctx.log(format!("took storage '{storage}' away from this node"));
        }
        for path in &self.disks {
            let disk = find("name", path).await.map_err(|error| StorageError::Invalid(error.message))?;
            ctx.log(format!("wiping '{path}'"));
            let parts = parts(&disk).await.map_err(|error| StorageError::Invalid(error.message))?;
            make::wipe(&disk, &parts).await?;
        }
        Ok(())
    }
}

async fn leave(node: &Node, storage: &StorageId) -> Result<(), StorageError> {
    let (own, local) = (&node.storages, node.storages.paths().local_storage());
    own.edit(None, |text| edit::leave(text, storage, own.node(), &local)).await?;
    if own.config(storage).is_err() {
        own.set_secret(storage, None).await?;
    }
    own.changed(storage);
    Ok(())
}

async fn remove_group(call: Call, p: Remove) -> Result<String, ApiError> {
    let (group, clean) = (p.name.to_string(), p.cleanup_disks == Some(true));
    let disks = unmake::disks_of(&group).await.map_err(error)?;
    let mut wish = Wish::new(&call, p, Ground::Group(&group), true).await?;
    if clean {
        wish.disks = disks;
    }
    let node = call.node.clone();
    spawn(&call, "lvmremove", group.clone(), move |ctx| async move {
        let _turn = TURN.lock().await;
        ctx.log(format!("removing volume group '{group}'"));
        unmake::group(&group).await?;
        wish.finish(&node, &ctx).await
    })
    .await
}

async fn remove_pool(call: Call, p: RemovePool) -> Result<String, ApiError> {
    let (group, p) = (p.group.to_string(), p.what.0);
    let (pool, clean) = (p.name.to_string(), p.cleanup_disks == Some(true));
    let alone = unmake::only_pool(&group, &pool).await.map_err(error)?;
    if clean && !alone {
        let text = format!("volume group '{group}' has other volumes: its disks cannot be made empty ones");
        return Err(ApiError::param("cleanup-disks", text));
    }
    let disks = if clean { unmake::disks_of(&group).await.map_err(error)? } else { Vec::new() };
    let wish = Wish { disks, ..Wish::new(&call, p, Ground::Pool(&group, &pool), true).await? };
    let node = call.node.clone();
    spawn(&call, "lvmthinremove", format!("{group}-{pool}"), move |ctx| async move {
        let _turn = TURN.lock().await;
        ctx.log(format!("removing thin pool '{group}/{pool}'"));
        unmake::pool(&group, &pool).await?;
        if !wish.disks.is_empty() {
            ctx.log(format!("removing volume group '{group}'"));
            unmake::group(&group).await?;
        }
        wish.finish(&node, &ctx).await
    })
    .await
}

async fn remove_directory(call: Call, p: Remove) -> Result<String, ApiError> {
    let mounted = unmake::directory_of(&p.name).map_err(error)?;
    let clean = p.cleanup_disks == Some(true);
    let mut wish = Wish::new(&call, p, Ground::Directory(mounted.path.as_ref()), clean).await?;
    if clean {
        let part = find("name", &mounted.device).await?;
        wish.disks = vec![part.parent.unwrap_or(part.path)];
    }
    let node = call.node.clone();
    spawn(&call, "dirremove", wish.name.to_string(), move |ctx| async move {
        let _turn = TURN.lock().await;
        ctx.log(format!("unmounting '{}'", mounted.path));
        unmake::directory(&wish.name).await?;
        wish.finish(&node, &ctx).await
    })
    .await
}

/// A directory on a disk of its own.
#[derive(Reply, Debug)]
struct Directory {
    /// The unit that mounts it.
    unitfile: String,
    /// Where it is.
    path: String,
    /// The device.
    device: String,
    /// Kind of the file system.
    r#type: String,
    /// Options of the mount.
    options: String,
}

async fn directories(_: Call, _: OfNode) -> Result<Vec<Directory>, ApiError> {
    let shown = |one: unmake::Mounted| Directory {
        unitfile: one.unit_file,
        path: one.path,
        device: one.device,
        r#type: one.kind,
        options: one.options,
    };
    Ok(unmake::directories().into_iter().map(shown).collect())
}

/// All volume groups.
#[derive(Reply, Debug)]
struct Groups {
    /// Always 0.
    leaf: bool,
    /// The groups.
    children: Vec<Group>,
}

/// A volume group.
#[derive(Reply, Debug)]
struct Group {
    /// Its name.
    name: String,
    /// Bytes.
    size: u64,
    /// Bytes free.
    free: u64,
    /// Always 0.
    leaf: bool,
    /// Its disks.
    children: Vec<Member>,
}

/// A disk of a volume group.
#[derive(Reply, Debug)]
struct Member {
    /// Its device.
    name: String,
    /// Bytes.
    size: u64,
    /// Bytes free.
    free: u64,
    /// Always 1.
    leaf: bool,
}

async fn groups(_: Call, _: OfNode) -> Result<Groups, ApiError> {
    let failed = |reason: host::run::RunError| ApiError::internal(reason.to_string());
    let (all, members) = (command::groups().await.map_err(failed)?, command::members().await.map_err(failed)?);
    let of = |group: &str| {
        let own = members.iter().filter(|member| member.group == group);
        own.map(|one| Member { name: one.device.clone(), size: one.size, free: one.free, leaf: true }).collect()
    };
    let group = |one: command::Group| Group {
        children: of(&one.name),
        name: one.name,
        size: one.size,
        free: one.free,
        leaf: false,
    };
    Ok(Groups { leaf: false, children: all.into_iter().map(group).collect() })
}

/// A thin pool.
#[derive(Reply, Debug)]
struct Pool {
    /// Its name.
    lv: String,
    /// Its volume group.
    vg: String,
    /// Bytes.
    #[reply(name = "lv_size")]
    size: u64,
    /// Bytes used.
    used: u64,
    /// Bytes for metadata.
    #[reply(name = "metadata_size")]
    metadata_size: u64,
    /// Bytes of that used.
    #[reply(name = "metadata_used")]
    metadata_used: u64,
}

async fn pools(_: Call, _: OfNode) -> Result<Vec<Pool>, ApiError> {
    let failed = |reason: host::run::RunError| ApiError::internal(reason.to_string());
    let mut found = Vec::new();
    for group in command::groups().await.map_err(failed)? {
        let part = |size: u64, percent: f64| (size as f64 * percent / 100.0) as u64;
        let volumes = command::volumes(&group.name).await.map_err(failed)?;
        found.extend(volumes.into_iter().filter(command::Logical::is_thin_pool).map(|pool| Pool {
            used: part(pool.size, pool.filled),
            metadata_used: part(pool.metadata_size, pool.metadata_filled),
            metadata_size: pool.metadata_size,
            lv: pool.name,
            vg: group.name.clone(),
            size: pool.size,
        }));
    }
    Ok(found)
}
