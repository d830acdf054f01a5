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
    /// Lists LVM volume groups.
    GET "/nodes/{node}/scan/lvm" => lvm, name = "lvmscan",
        Access::perm("/storage", &["Datastore.Allocate"]), Target::Node;
    /// Lists the thin pools of an LVM volume group.
    GET "/nodes/{node}/scan/lvmthin" => lvmthin, name = "lvmthinscan",
        Access::perm("/storage", &["Datastore.Allocate"]), Target::Node;
    /// Lists the file systems of ZFS that could be storages.
    GET "/nodes/{node}/scan/zfs" => zfs, name = "zfsscan",
        Access::perm("/storage", &["Datastore.Allocate"]), Target::Node;
    /// Lists what an NFS server exports.
    GET "/nodes/{node}/scan/nfs" => nfs, name = "nfsscan",
        Access::perm("/storage", &["Datastore.Allocate"]), Target::Node;
    /// Lists the shares of an SMB server.
    GET "/nodes/{node}/scan/cifs" => cifs, name = "cifsscan",
        Access::perm("/storage", &["Datastore.Allocate"]), Target::Node;
    /// Lists the targets of an iSCSI server.
    GET "/nodes/{node}/scan/iscsi" => iscsi, name = "iscsiscan",
        Access::perm("/storage", &["Datastore.Allocate"]), Target::Node;
}

async fn index(call: Call, _: OfNode) -> Result<Vec<Subdir>, ApiError> {
    Ok(call.listing())
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

/// A file system of ZFS.
#[derive(Reply, Debug)]
struct ZfsPool {
    /// Name.
    pool: String,
}

async fn zfs(_: Call, _: OfNode) -> Result<Vec<ZfsPool>, ApiError> {
    let found = scan::zfs_file_systems().await.map_err(error)?;
    Ok(found.into_iter().map(|pool| ZfsPool { pool }).collect())
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct NfsServer {
    /// Name of the node.
    node: NodeName,
    /// Name or address of the server.
    #[param(format = "pve-storage-server")]
    server: String,
}

/// An exported directory.
#[derive(Reply, Debug)]
struct Export {
    /// Directory.
    path: String,
    /// Who may mount it.
    options: String,
}

async fn nfs(_: Call, p: NfsServer) -> Result<Vec<Export>, ApiError> {
    let found = scan::exports(&p.server).await.map_err(error)?;
    Ok(found.into_iter().map(|export| Export { path: export.path, options: export.options }).collect())
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct SmbServer {
    /// Name of the node.
    node: NodeName,
    /// Name or address of the server.
    #[param(format = "pve-storage-server")]
    server: String,
    /// User on the server; a guest if none.
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

async fn cifs(call: Call, p: SmbServer) -> Result<Vec<Share>, ApiError> {
    let login = scan::Login { username: p.username, password: p.password, domain: p.domain };
    let found = call.node.storages.shares(&p.server, &login).await.map_err(error)?;
    // Shares that end so are the server's own business.
    let open = found.into_iter().filter(|share| !share.name.ends_with('$'));
    Ok(open.map(|share| Share { share: share.name, description: share.description }).collect())
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Portal {
    /// Name of the node.
    node: NodeName,
    /// Where the server is asked: address, and port if it is not 3260.
    #[param(format = "pve-storage-portal-dns")]
    portal: String,
}

/// A target.
#[derive(Reply, Debug)]
struct IscsiTarget {
    /// Name.
    target: String,
    /// Where it is reached; several are separated by commas.
    portal: String,
}

async fn iscsi(_: Call, p: Portal) -> Result<Vec<IscsiTarget>, ApiError> {
    let found = scan::targets(&p.portal).await.map_err(error)?;
    Ok(found.into_iter().map(|one| IscsiTarget { target: one.name, portal: one.portals.join(",") }).collect())
}
