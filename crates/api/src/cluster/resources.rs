//! `/cluster/resources`: everything there is, with its figures, in one list. Asked for by every open browser window and
//! every monitoring system, so an answer is made once and handed out until something changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use access::expr::need;
use access::{Access, Authid, UserConfig};
use bytes::Bytes;
use schema::{ApiError, Choice, Params, Reply, Returns};
use serde_json::Value;
use store::{Tree, guests::GuestKind};

use super::view::{Item, Rows, items};
use crate::endpoints;
use crate::engine::{Call, Raw, Target};
use crate::node::Node;

endpoints! {
    /// Lists guests, nodes, storages and pools with their figures: those that the caller may see.
    GET "/cluster/resources" => list, name = "resources", Access::User, Target::Any;
}

/// Which resources to list.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Filter {
    /// Guests of both kinds.
    Vm,
    /// Storages.
    Storage,
    /// Nodes.
    Node,
    /// Network zones.
    Sdn,
}

#[derive(Params, Clone, Debug)]
struct List {
    /// Only resources of this type.
    #[param(name = "type")]
    kind: Option<Filter>,
}

/// Type of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Virtual machine.
    Qemu,
    /// Container.
    Lxc,
    /// Node.
    Node,
    /// Storage of a node.
    Storage,
    /// Pool.
    Pool,
    /// Network zone.
    Network,
}

impl From<GuestKind> for Kind {
    fn from(kind: GuestKind) -> Self {
        match kind {
            GuestKind::Qemu => Self::Qemu,
            GuestKind::Lxc => Self::Lxc,
        }
    }
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Qemu => "qemu",
            Self::Lxc => "lxc",
            Self::Node => "node",
            Self::Storage => "storage",
            Self::Pool => "pool",
            Self::Network => "network",
        }
    }
}

/// A number of processors; whole ones are sent as integers, which some clients insist on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cpus(pub(crate) f64);

impl Reply for Cpus {
    const RETURNS: Returns = Returns::Num;
    fn value(self) -> Value {
        if self.0.fract() == 0.0 { Value::from(self.0 as u64) } else { Value::from(self.0) }
    }
}

/// A resource. Figures are absent where they make no sense or are not known.
#[derive(Reply, Clone, Debug, Default)]
pub(super) struct Resource {
    /// Unique in the list: `qemu/100`, `node/n1`, `storage/n1/local`, `/pool/a`.
    pub(super) id: String,
    /// `qemu`, `lxc`, `node`, `storage`, `pool` or `network`.
    #[reply(name = "type")]
    pub(super) kind: &'static str,
    /// The node it is on.
    pub(super) node: Option<String>,
    /// `running`, `stopped`, `online`, `available`, …
    pub(super) status: Option<String>,
    /// ID of a guest.
    pub(super) vmid: Option<u32>,
    /// Name of a guest.
    pub(super) name: Option<String>,
    /// Whether a guest is a template.
    pub(super) template: Option<bool>,
    /// Seconds since its start.
    pub(super) uptime: Option<u64>,
    /// Use of its processors, 0 to 1.
    pub(super) cpu: Option<f64>,
    /// Processors.
    pub(super) maxcpu: Option<Cpus>,
    /// Memory in use, bytes.
    pub(super) mem: Option<u64>,
    /// Memory, bytes.
    pub(super) maxmem: Option<u64>,
    /// Memory of the host that a guest occupies, bytes.
    pub(super) memhost: Option<u64>,
    /// Space in use, bytes.
    pub(super) disk: Option<u64>,
    /// Space, bytes.
    pub(super) maxdisk: Option<u64>,
    /// Bytes received since its start.
    pub(super) netin: Option<u64>,
    /// Bytes sent.
    pub(super) netout: Option<u64>,
    /// Bytes read from disks.
    pub(super) diskread: Option<u64>,
    /// Bytes written to disks.
    pub(super) diskwrite: Option<u64>,
    /// The pool of a guest, or the name of a pool.
    pub(super) pool: Option<String>,
    /// What a guest is locked for.
    pub(super) lock: Option<String>,
    /// Tags of a guest.
    pub(super) tags: Option<String>,
    /// Support level of a node; empty.
    pub(super) level: Option<String>,
    /// Architecture of a node.
    #[reply(name = "host-arch")]
    pub(super) host_arch: Option<&'static str>,
    /// Name of a storage.
    pub(super) storage: Option<String>,
    /// Type of a storage.
    pub(super) plugintype: Option<String>,
    /// What a storage may hold.
    pub(super) content: Option<String>,
    /// Whether all nodes see the same data in a storage.
    pub(super) shared: Option<bool>,
    /// Name of a network.
    pub(super) network: Option<&'static str>,
    /// Type of a network.
    #[reply(name = "network-type")]
    pub(super) network_type: Option<&'static str>,
}

impl Resource {
    pub(super) fn new(kind: Kind, id: String) -> Self {
        Self { id, kind: kind.name(), ..Self::default() }
    }
}

async fn list(call: Call, list: List) -> Result<Raw<Vec<Resource>>, ApiError> {
    Ok(Raw::new(call.node.resources.answer(&call.node, call.user()?, list.kind)))
}

/// The moment that an answer is of: revision of the configuration, number of the pass over the figures, and changes of
/// guests' states.
pub(crate) type Moment = (u64, u64, u64);

/// Who asked for what.
type Asked = (Authid, Option<Filter>);

/// Answers by who asked for what, most of which are worth keeping for ten seconds only.
const KEPT: usize = 256;

/// All resources, as they were last.
#[derive(Default)]
struct Kept {
    items: Option<(Moment, Arc<Vec<Arc<Item>>>)>,
    rows: Rows,
}

/// Answers that are handed out again until something changes.
#[derive(Default)]
pub struct Cache {
    items: Mutex<Kept>,
    answers: Mutex<HashMap<Asked, (Moment, Bytes)>>,
}

impl Cache {
    fn moment(node: &Node) -> (Moment, Arc<Tree>) {
        // States before figures and configuration: what changes in between is seen as another moment next time.
        let states = *node.vms.changes().borrow() + *node.cts.changes().borrow();
        let (tree, tick) = (node.store.tree(), node.stats.snapshot().tick);
        ((tree.revision(), tick, states), tree)
    }

    /// All resources as of now; the same list until something changes.
    pub(crate) fn items(&self, node: &Node) -> Arc<Vec<Arc<Item>>> {
        let (moment, tree) = Self::moment(node);
        self.items_of(node, moment, &tree)
    }

    fn items_of(&self, node: &Node, moment: Moment, tree: &Tree) -> Arc<Vec<Arc<Item>>> {
        let mut kept = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, all)) = &kept.items
            && *of == moment
        {
            return Arc::clone(all);
        }
        let states = node.vms.states().into_iter().chain(node.cts.states());
        let states = states.map(|(vmid, state)| (vmid.get(), state)).collect();
        let users = crate::access::edit::current(tree);
        let snapshot = node.stats.snapshot();
        let all = Arc::new(items(node.name.as_str(), tree, &users, &snapshot, &states, &mut kept.rows));
        kept.items = Some((moment, Arc::clone(&all)));
        all
    }

    fn answer(&self, node: &Node, who: &Authid, filter: Option<Filter>) -> Bytes {
        let (moment, tree) = Self::moment(node);
        let key = (who.clone(), filter);
        {
            let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((of, bytes)) = answers.get(&key)
                && *of == moment
            {
                return bytes.clone();
            }
        }
        let all = self.items_of(node, moment, &tree);
        // The users of the same revision: an answer must not outlive a change of rights.
        let users = crate::access::edit::current(&tree);
        let bytes = Bytes::from(select(&all, &users, who, filter));
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= KEPT {
            answers.clear();
        }
        answers.insert(key, (moment, bytes.clone()));
        bytes
    }
}

/// The list as JSON of what `who` may see.
fn select(items: &[Arc<Item>], users: &UserConfig, who: &Authid, filter: Option<Filter>) -> String {
    let mut list = String::with_capacity(items.iter().map(|item| item.json.len() + 1).sum::<usize>() + 2);
    list.push('[');
    for item in items.iter().filter(|item| filter.is_none() || item.filter == filter) {
        let allowed = item.needs.as_ref().is_none_or(|(path, privs)| need(users, who, path, privs, true).is_ok());
        let shown = if allowed { Some(&item.json) } else { item.reduced.as_ref() };
        if let Some(json) = shown {
            if list.len() > 1 {
                list.push(',');
            }
            list.push_str(json);
        }
    }
    list.push(']');
    list
}
