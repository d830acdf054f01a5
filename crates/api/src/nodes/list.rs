//! `/nodes`: the nodes, and what every user may know about one.

use access::Access;
use schema::{ApiError, NoParams, NodeName, Params, Reply, Vmid};

use crate::cluster::resources::Cpus;
use crate::endpoints;
use crate::engine::{Call, Subdir, Target};
use crate::version::{self, Version};

endpoints! {
    /// Lists the nodes with their figures; those are shown to users with Sys.Audit on the node.
    GET "/nodes" => list, name = "index", Access::User, Target::Any;
    /// Lists what there is below a node.
    GET "/nodes/{node}" => index, name = "index", Access::User, Target::Node;
    /// Tells the version of the interface on a node.
    GET "/nodes/{node}/version" => version, name = "version", Access::User, Target::Node;
    /// Lists replication jobs of guests on a node. A node that is in no cluster has none.
    GET "/nodes/{node}/replication" => replication, name = "status", Access::User, Target::Node;
    /// Tells the state of the support subscription. There is none to be had.
    GET "/nodes/{node}/subscription" => subscription, name = "get", Access::User, Target::Node;
}

/// The node of a path.
#[derive(Params, Clone, Debug)]
pub(crate) struct OfNode {
    /// Name of the node.
    pub(crate) node: NodeName,
}

/// A node in the list.
#[derive(Reply, Clone, Debug)]
struct Listed {
    /// `node/n1`.
    id: String,
    /// `node`.
    r#type: &'static str,
    /// Its name.
    node: String,
    /// `online`, `offline` or `unknown`.
    status: &'static str,
    /// Support level; empty.
    level: &'static str,
    /// Seconds since it was started.
    uptime: Option<u64>,
    /// Use of its processors, 0 to 1.
    cpu: Option<f64>,
    /// Processors.
    maxcpu: Option<Cpus>,
    /// Memory in use, bytes.
    mem: Option<u64>,
    /// Memory, bytes.
    maxmem: Option<u64>,
    /// Use of the root file system, bytes.
    disk: Option<u64>,
    /// Its size, bytes.
    maxdisk: Option<u64>,
}

/// The state of a support subscription.
#[derive(Reply, Clone, Debug)]
struct Subscription {
    /// `notfound`.
    status: &'static str,
    /// What to show to people.
    message: &'static str,
}

/// A replication job.
#[derive(Reply, Clone, Debug)]
struct Job {
    /// Guest and number: `100-0`.
    id: String,
}

#[derive(Params, Clone, Debug)]
struct Jobs {
    /// Name of the node.
    node: NodeName,
    /// Only jobs of this guest.
    guest: Option<Vmid>,
}

async fn list(call: Call, _: NoParams) -> Result<Vec<Listed>, ApiError> {
    let name = call.node.name.to_string();
    let snapshot = call.node.stats.snapshot();
    let shown = snapshot.tick > 0 && call.may(&format!("/nodes/{name}"), &["Sys.Audit"]);
    let figures = shown.then_some(&snapshot.node);
    let listed = Listed {
        id: format!("node/{name}"),
        r#type: "node",
        node: name,
        status: "online",
        level: "",
        uptime: figures.map(|node| node.uptime),
        cpu: figures.map(|node| node.cpu),
        maxcpu: figures.map(|node| Cpus(node.max_cpu as f64)),
        mem: figures.map(|node| node.memory.used()),
        maxmem: figures.map(|node| node.memory.total),
        disk: figures.map(|node| node.root.used),
        maxdisk: figures.map(|node| node.root.total),
    };
    Ok(vec![listed])
}

async fn index(call: Call, of: OfNode) -> Result<Vec<Subdir>, ApiError> {
    if of.node != call.node.name {
        return Err(ApiError::internal(format!("no such cluster node '{}'", of.node)));
    }
    Ok(call.listing())
}

async fn version(_: Call, _: OfNode) -> Result<Version, ApiError> {
    Ok(version::current())
}

async fn replication(_: Call, _: Jobs) -> Result<Vec<Job>, ApiError> {
    Ok(Vec::new())
}

async fn subscription(_: Call, _: OfNode) -> Result<Subscription, ApiError> {
    Ok(Subscription { status: "notfound", message: "There is no subscription key" })
}
