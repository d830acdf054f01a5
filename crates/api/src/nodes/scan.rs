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
