//! `/pools`: named sets of guests and storages, for rights and overviews.

use access::config::PoolError;
use access::expr::perm_modify;
use access::{Access, UserConfig};
use schema::{ApiError, Choice, Params, PoolId, Reply, StorageId, Vmid};
use store::guests;

use crate::access::edit::{self, some};
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Lists the pools that the caller may see, or shows one of them with its members.
    GET "/pools" => list, name = "index", Access::Described("pools on which the caller has Pool.Audit"), Target::Any;
    /// Creates a pool; below another one if its name has a slash.
    POST "/pools" => create, name = "create_pool", Access::perm("/pool/{poolid}", &["Pool.Allocate"]), Target::Any;
    /// Changes a pool and its members.
    PUT "/pools" => update, name = "update_pool", Access::perm("/pool/{poolid}", &["Pool.Allocate"]), Target::Any;
    /// Removes an empty pool with its access control entries.
    DELETE "/pools" => remove, name = "delete_pool", Access::perm("/pool/{poolid}", &["Pool.Allocate"]), Target::Any;
    /// Shows a pool with its members; only for pools that are not nested.
    GET "/pools/{poolid}" => read, name = "read_pool", Access::perm("/pool/{poolid}", &["Pool.Audit"]), Target::Any;
    /// Changes a pool and its members; only for pools that are not nested.
    PUT "/pools/{poolid}" => update, name = "update_pool_deprecated",
        Access::perm("/pool/{poolid}", &["Pool.Allocate"]), Target::Any;
    /// Removes an empty pool with its access control entries; only for pools that are not nested.
    DELETE "/pools/{poolid}" => remove, name = "delete_pool_deprecated",
        Access::perm("/pool/{poolid}", &["Pool.Allocate"]), Target::Any;
}

/// Kind of a member.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Virtual machine.
    Qemu,
    /// Container.
    Lxc,
    /// Storage.
    Storage,
}

/// A guest or storage in a pool.
#[derive(Reply, Debug)]
struct Member {
    /// `qemu/100`, `lxc/101` or `storage/node/name`.
    id: String,
    /// `qemu`, `lxc` or `storage`.
    r#type: &'static str,
    /// Where it is.
    node: String,
    /// ID of a guest.
    vmid: Option<u32>,
    /// Name of a storage.
    storage: Option<String>,
}

/// A pool in a list.
#[derive(Reply, Debug)]
struct Listed {
    /// Its name.
    poolid: String,
    /// Remark.
    comment: Option<String>,
    /// Its members, where one pool was asked for.
    members: Option<Vec<Member>>,
}

/// A pool with its members.
#[derive(Reply, Debug)]
struct Shown {
    /// Remark.
    comment: Option<String>,
    /// Its members.
    members: Vec<Member>,
}

#[derive(Params)]
struct List {
    /// Only this pool.
    poolid: Option<PoolId>,
    /// Only members of this kind.
    #[param(requires = "poolid")]
    r#type: Option<Kind>,
}

async fn list(call: Call, p: List) -> Result<Vec<Listed>, ApiError> {
    let pools = &call.users().pools;
    let Some(id) = &p.poolid else {
        let seen = |id: &str| call.may(&format!("/pool/{id}"), &["Pool.Audit"]);
        let listed = pools.iter().filter(|(id, _)| seen(id)).map(|(id, pool)| Listed {
            poolid: id.to_owned(),
            comment: some(&pool.comment),
            members: None,
        });
        return Ok(listed.collect());
    };
    call.require(&format!("/pool/{id}"), &["Pool.Audit"])?;
    let Shown { comment, members } = shown(&call, id.as_str(), p.r#type)?;
    Ok(vec![Listed { poolid: id.to_string(), comment, members: Some(members) }])
}

#[derive(Params)]
struct Read {
    /// Name of the pool.
    poolid: PoolId,
    /// Only members of this kind.
    r#type: Option<Kind>,
}

async fn read(call: Call, p: Read) -> Result<Shown, ApiError> {
    shown(&call, p.poolid.as_str(), p.r#type)
}

/// Guests that are gone are left out; storages are shown as they are on this node.
fn shown(call: &Call, id: &str, only: Option<Kind>) -> Result<Shown, ApiError> {
    let pool = call.users().pools.get(id).ok_or_else(|| error(PoolError::Missing(id.to_owned())))?;
    let tree = call.node.store.tree();
    let guest = |vmid: &u32| {
        let (node, kind) = guests::find_guest(&tree, Vmid::new(*vmid)?)?;
        let wanted = match kind {
            guests::GuestKind::Qemu => Kind::Qemu,
            guests::GuestKind::Lxc => Kind::Lxc,
        };
        only.is_none_or(|only| only == wanted).then(|| Member {
            id: format!("{kind}/{vmid}"),
            r#type: kind.name(),
            node: node.to_string(),
            vmid: Some(*vmid),
            storage: None,
        })
    };
    let node = &call.node.name;
    let storage = |name: &String| Member {
        id: format!("storage/{node}/{name}"),
        r#type: "storage",
        node: node.to_string(),
        vmid: None,
        storage: Some(name.clone()),
    };
    let mut members: Vec<Member> = pool.guests.iter().filter_map(guest).collect();
    if only.is_none_or(|only| only == Kind::Storage) {
        members.extend(pool.storages.iter().map(storage));
    }
    Ok(Shown { comment: some(&pool.comment), members })
}

fn error(error: PoolError) -> ApiError {
    ApiError::internal(error.to_string())
}

#[derive(Params)]
struct Create {
    /// Name of the pool.
    poolid: PoolId,
    /// Remark.
    comment: Option<String>,
}

async fn create(call: Call, p: Create) -> Result<(), ApiError> {
    edit::users(&call.node, |config| {
        config.pools.create(p.poolid.as_str(), p.comment.as_deref().unwrap_or_default()).map_err(error)
    })
    .await
}

#[derive(Params)]
struct Update {
    /// Name of the pool.
    poolid: PoolId,
    /// Remark.
    comment: Option<String>,
    /// Guests to be put into the pool, or taken out.
    #[param(format = "pve-vmid-list")]
    vms: Vec<Vmid>,
    /// Storages to be put into the pool, or taken out.
    storage: Vec<StorageId>,
    /// Guests may come from other pools.
    #[param(name = "allow-move", default = "0")]
    allow_move: bool,
    /// Take the members out instead.
    #[param(default = "0")]
    delete: bool,
}

impl Update {
    fn guest(&self, call: &Call, config: &mut UserConfig, guest: Vmid) -> Result<(), ApiError> {
        let id = self.poolid.as_str();
        perm_modify(config, call.user()?, Some(&format!("/vms/{guest}")))?;
        let current = config.pools.of_guest(guest.get()).map(str::to_owned);
        if self.delete {
            if current.as_deref() != Some(id) {
                return Err(ApiError::internal(format!("VM {guest} is not a pool member")));
            }
            config.pools.remove_guest(guest.get());
            return Ok(());
        }
        if current.as_deref() == Some(id) {
            return Err(ApiError::internal(format!("VM {guest} is already a pool member")));
        }
        if let Some(other) = current.filter(|_| self.allow_move) {
            access::expr::need(config, call.user()?, &format!("/pool/{other}"), &["Pool.Allocate"], false)?;
        }
        config.pools.add_guest(id, guest.get(), self.allow_move).map_err(error)
    }

    fn storage(&self, call: &Call, config: &mut UserConfig, storage: &StorageId) -> Result<(), ApiError> {
        let id = self.poolid.as_str();
        perm_modify(config, call.user()?, Some(&format!("/storage/{storage}")))?;
        let changed = match self.delete {
            true => config.pools.take_storage(id, storage.as_str()),
            false => config.pools.add_storage(id, storage.as_str()),
        };
        match (changed.map_err(error)?, self.delete) {
            (true, _) => Ok(()),
            (false, true) => Err(ApiError::internal(format!("Storage '{storage}' is not a pool member"))),
            (false, false) => Err(ApiError::internal(format!("Storage '{storage}' is already a pool member"))),
        }
    }
}

async fn update(call: Call, p: Update) -> Result<(), ApiError> {
    edit::users(&call.node, |config| {
        if config.pools.get(p.poolid.as_str()).is_none() {
            return Err(error(PoolError::Missing(p.poolid.to_string())));
        }
        if let Some(comment) = &p.comment {
            config.pools.set_comment(p.poolid.as_str(), comment).map_err(error)?;
        }
        p.vms.iter().try_for_each(|guest| p.guest(&call, config, *guest))?;
        p.storage.iter().try_for_each(|storage| p.storage(&call, config, storage))
    })
    .await
}

#[derive(Params)]
struct Remove {
    /// Name of the pool.
    poolid: PoolId,
}

async fn remove(call: Call, p: Remove) -> Result<(), ApiError> {
    edit::users(&call.node, |config| {
        config.pools.remove(p.poolid.as_str()).map_err(error)?;
        config.acl.remove_node(&format!("/pool/{}", p.poolid));
        Ok(())
    })
    .await
}
