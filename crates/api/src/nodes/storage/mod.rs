//! `/nodes/{node}/storage`: storages as this node sees them.

pub mod content;
pub mod import;
pub mod oci;
pub mod prune;
pub mod transfer;

use std::time::Duration;

use access::Access;
use schema::{ApiError, NodeName, Params, Reply, StorageId};
use storage::{Content, Status, plugin};

use crate::endpoints;
use crate::engine::endpoint::Subdir;
use crate::engine::{Call, Target};
use crate::storage::{error, may_see};

endpoints! {
    /// Lists storages with their state.
    GET "/nodes/{node}/storage" => list, name = "index",
        Access::Described("storages on which the caller has Datastore.Audit or Datastore.AllocateSpace"), Target::Node;
    /// Lists what there is about a storage.
    GET "/nodes/{node}/storage/{storage}" => index, name = "diridx",
        Access::any("/storage/{storage}", &["Datastore.Audit", "Datastore.AllocateSpace"]), Target::Any;
    /// Shows the state of a storage.
    GET "/nodes/{node}/storage/{storage}/status" => status, name = "read_status",
        Access::any("/storage/{storage}", &["Datastore.Audit", "Datastore.AllocateSpace"]), Target::Node;
}

#[derive(Params)]
struct List {
    /// The node.
    node: NodeName,
    /// Only storages that take one of these content types.
    #[param(format = "pve-storage-content-list")]
    content: Vec<String>,
    /// Only storages that are not switched off.
    #[param(default = "0")]
    enabled: bool,
    /// Tell the formats of disks, too.
    #[param(default = "0")]
    format: bool,
    /// Only this storage.
    storage: Option<StorageId>,
    /// Only storages that this node has too, shared ones if it is another one.
    target: Option<NodeName>,
}

/// Formats of guests' volumes.
#[derive(Reply, Debug)]
struct Formats {
    /// The usual one.
    default: String,
    /// All of them.
    supported: Vec<String>,
}

/// A storage with its state.
#[derive(Reply, Debug)]
struct Listed {
    /// Name.
    storage: String,
    /// Part of its room that is used, 0 to 1.
    used_fraction: Option<f64>,
    /// Formats of guests' volumes.
    formats: Option<Formats>,
    #[reply(flat)]
    state: State,
}

/// State of a storage.
#[derive(Reply, Debug)]
struct State {
    /// Type.
    r#type: String,
    /// What it may hold.
    content: String,
    /// Whether it can be used now.
    active: bool,
    /// Whether its configuration lets it be used.
    enabled: bool,
    /// Whether all nodes see the same volumes.
    shared: bool,
    /// Bytes in all.
    total: u64,
    /// Bytes used.
    used: u64,
    /// Bytes free.
    avail: u64,
    /// How many seconds old the figures are, where they are not of now.
    age: Option<u64>,
    /// Why it is not active.
    reason: Option<String>,
}

/// What is younger is as good as new.
const OLD: Duration = Duration::from_secs(5);

impl From<Status> for State {
    fn from(status: Status) -> Self {
        Self {
            r#type: status.kind,
            content: status.content,
            active: status.active,
            enabled: status.enabled,
            shared: status.shared,
            total: status.total,
            used: status.used,
            avail: status.avail,
            age: (status.age >= OLD).then_some(status.age.as_secs()),
            reason: status.reason,
        }
    }
}

async fn list(call: Call, p: List) -> Result<Vec<Listed>, ApiError> {
    let storages = &call.node.storages;
    if let Some(id) = &p.storage {
        storages.config(id).map_err(error)?;
    }
    let wanted: Vec<Content> = p.content.iter().filter_map(|word| word.parse().ok()).collect();
    let mut listed = Vec::new();
    for (id, status) in storages.statuses().await {
        let Ok(config) = storages.config(&id) else { continue };
        let on_target = |target: &NodeName| *target == p.node || (config.shared() && config.on_node(target));
        let fits = p.storage.as_ref().is_none_or(|only| *only == id)
            && (p.content.is_empty() || wanted.iter().any(|content| config.holds(*content)))
            && (!p.enabled || status.enabled)
            && p.target.as_ref().is_none_or(on_target);
        if !fits || !may_see(&call, &id) {
            continue;
        }
        let formats = plugin::find(config.kind).filter(|_| p.format).map(|plugin| Formats {
            default: config.default_format().to_string(),
            supported: plugin.abilities(&config).formats.iter().map(ToString::to_string).collect(),
        });
        let used_fraction = (status.total > 0).then(|| status.used as f64 / status.total as f64);
        listed.push(Listed { storage: id.to_string(), used_fraction, formats, state: status.into() });
    }
    Ok(listed)
}

#[derive(Params)]
struct One {
    /// The node.
    node: NodeName,
    /// The storage.
    storage: StorageId,
}

async fn index(call: Call, p: One) -> Result<Vec<Subdir>, ApiError> {
    call.node.storages.config(&p.storage).map_err(error)?;
    Ok(call.listing())
}

async fn status(call: Call, p: One) -> Result<State, ApiError> {
    Ok(call.node.storages.status(&p.storage).await.map_err(error)?.into())
}
