//! `/nodes/{node}/scan`: what could become a storage of a node.

use access::Access;
use schema::{ApiError, NodeName, Params, Reply};
use storage::scan;

use super::list::OfNode;
use crate::endpoints;
use crate::engine::{Call, Subdir, Target};
use crate::storage::error;

endpoints! {
    /// Lists what can be looked for.
    GET "/nodes/{node}/scan" => index, name = "index", Access::User, Target::Any;
    /// Lists the shares of an SMB/CIFS server.
    GET "/nodes/{node}/scan/cifs" => cifs, name = "cifsscan",
        Access::perm("/storage", &["Datastore.Allocate"]), Target::Node;
    /// Lists LVM volume groups.
    GET "/nodes/{node}/scan/lvm" => lvm, name = "lvmscan",
        Access::perm("/storage", &["Datastore.Allocate"]), Target::Node;
    /// Lists the thin pools of an LVM volume group.
    GET "/nodes/{node}/scan/lvmthin" => lvmthin, name = "lvmthinscan",
        Access::perm("/storage", &["Datastore.Allocate"]), Target::Node;
    /// Lists what an NFS server exports.
    GET "/nodes/{node}/scan/nfs" => nfs, name = "nfsscan",
        Access::perm("/storage", &["Datastore.Allocate"]), Target::Node;
}

async fn index(call: Call, _: OfNode) -> Result<Vec<Subdir>, ApiError> {
    Ok(call.listing())
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Cifs {
    /// Name of the node.
    node: NodeName,
    /// Name or address of the server.
    #[param(format = "pve-storage-server")]
    server: String,
    /// User on the server; a guest when not given.
    username: Option<String>,
    /// The user's password.
    password: Option<String>,
    /// The user's domain.
    domain: Option<String>,
}

/// A share.
#[derive(Reply, Debug)]
struct Share {
    /// Name.
    share: String,
    /// What the server says about it.
    description: String,
}

async fn cifs(call: Call, p: Cifs) -> Result<Vec<Share>, ApiError> {
    let login = scan::Login { username: p.username, password: p.password, domain: p.domain };
    let shares = call.node.storages.shares(&p.server, &login).await.map_err(error)?;
    Ok(shares.into_iter().map(|share| Share { share: share.name, description: share.description }).collect())
}

/// A volume group.
#[derive(Reply, Debug)]
struct Group {
    /// Name.
    vg: String,
}

async fn lvm(_: Call, _: OfNode) -> Result<Vec<Group>, ApiError> {
    Ok(scan::groups().await.map_err(error)?.into_iter().map(|vg| Group { vg }).collect())
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Thin {
    /// Name of the node.
    node: NodeName,
    /// Volume group.
    #[param(pattern = r"[a-zA-Z0-9\.\+\_][a-zA-Z0-9\.\+\_\-]+", max_len = 100)]
    vg: String,
}

/// A thin pool.
#[derive(Reply, Debug)]
struct Pool {
    /// Name.
    lv: String,
}

async fn lvmthin(_: Call, p: Thin) -> Result<Vec<Pool>, ApiError> {
    Ok(scan::thin_pools(&p.vg).await.map_err(error)?.into_iter().map(|lv| Pool { lv }).collect())
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Nfs {
    /// Name of the node.
    node: NodeName,
    /// Name or address of the server.
    #[param(format = "pve-storage-server")]
    server: String,
}

/// What is exported.
#[derive(Reply, Debug)]
struct Export {
    /// Directory on the server.
    path: String,
    /// To whom.
    options: String,
}

async fn nfs(_: Call, p: Nfs) -> Result<Vec<Export>, ApiError> {
    let exports = scan::exports(&p.server).await.map_err(error)?;
    Ok(exports.into_iter().map(|export| Export { path: export.path, options: export.options }).collect())
}
