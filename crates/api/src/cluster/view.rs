//! All resources as of one moment, already serialised one by one, with what seeing each of them needs.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::Arc;

use access::UserConfig;
use schema::Reply;
use stats::Snapshot;
use store::{Tree, guests::Guest, guests::list_guests};

use super::guests::Summary;
use super::resources::{Cpus, Filter, Kind, Resource};

/// A resource, ready to be sent.
#[derive(PartialEq)]
pub(crate) struct Item {
    /// Its `id` in the list.
    pub(crate) id: String,
    /// By which `type` filter it is found.
    pub(crate) filter: Option<Filter>,
    /// The path and privileges, one of which is needed; none for what everybody sees.
    pub(crate) needs: Option<(String, &'static [&'static str])>,
    /// The resource as JSON.
    pub(crate) json: String,
    /// What is shown to those who lack the privileges; nothing at all when empty.
    pub(crate) reduced: Option<String>,
}

/// What a guest's row is made of: while none of it changes, neither does the row.
struct Made {
    key: Arc<str>,
    version: u64,
    state: Option<&'static str>,
    /// The pass that its figures are of; none when it does not run.
    tick: Option<u64>,
    host_cpus: usize,
    pool: Option<String>,
    /// The row, for the sum of its pool.
    resource: Option<Box<Resource>>,
    item: Arc<Item>,
}

impl Made {
    /// Whether it would be made the same of these.
    fn is_of(&self, now: &Inputs<'_>) -> bool {
        let Inputs { guest, state, tick, host_cpus, pool } = now;
        self.version == guest.entry.version
            && self.key == guest.key
            && (self.state, self.tick, self.host_cpus) == (*state, *tick, *host_cpus)
            && self.pool.as_deref() == *pool
    }
}

/// Of what a guest's row is to be made.
struct Inputs<'a> {
    guest: &'a Guest,
    state: Option<&'static str>,
    tick: Option<u64>,
    host_cpus: usize,
    pool: Option<&'a str>,
}

/// Rows of guests as they were made last. Most of them stay as they are when something changes.
#[derive(Default)]
pub(super) struct Rows(HashMap<u32, Made>);

/// Builds the items of a moment.
pub(super) fn items(
    node: &str,
    tree: &Tree,
    users: &UserConfig,
    snapshot: &Snapshot,
    states: &HashMap<u32, &'static str>,
    rows: &mut Rows,
) -> Vec<Arc<Item>> {
    let mut items = Vec::new();
    let mut before = std::mem::take(&mut rows.0);
    let mut pools: HashMap<&str, Resource> = HashMap::new();
    for guest in list_guests(tree) {
        let vmid = guest.vmid.get();
        let state = states.get(&vmid).copied().filter(|_| guest.node.as_str() == node);
        let tick = state.and_then(|_| snapshot.guests.contains_key(&vmid).then_some(snapshot.tick));
        let inputs = Inputs { guest, state, tick, host_cpus: snapshot.node.max_cpu, pool: users.pools.of_guest(vmid) };
        let made = before.remove(&vmid).filter(|made| made.is_of(&inputs));
        let made = made.unwrap_or_else(|| guest_row(node, &inputs, snapshot));
        if let (Some(pool), Some(resource)) = (inputs.pool, &made.resource) {
            let fresh =
                || Resource { pool: Some(pool.to_owned()), ..Resource::new(Kind::Pool, format!("/pool/{pool}")) };
            add(pools.entry(pool).or_insert_with(fresh), resource);
        }
        items.push(Arc::clone(&made.item));
        rows.0.insert(vmid, made);
    }
    items.push(Arc::new(node_item(node, snapshot)));
    let storages = snapshot.storages.iter().filter(|storage| storage.enabled);
    items.extend(storages.map(|storage| Arc::new(storage_item(node, storage))));
    for (id, _) in users.pools.iter() {
        let resource = pools.remove(id);
        let resource = resource.unwrap_or_else(|| Resource {
            pool: Some(id.to_owned()),
            ..Resource::new(Kind::Pool, format!("/pool/{id}"))
        });
        let needs = Some((format!("/pool/{id}"), ["Pool.Audit"].as_slice()));
        let item = Item { id: resource.id.clone(), filter: None, needs, json: json(resource), reduced: None };
        items.push(Arc::new(item));
    }
    items.push(Arc::new(local_network(node)));
    items
}

fn json(resource: Resource) -> String {
    resource.value().to_string()
}

fn guest_row(here: &str, inputs: &Inputs<'_>, snapshot: &Snapshot) -> Made {
    let Inputs { guest, state, tick, host_cpus, pool } = *inputs;
    let resource = guest_resource(here, inputs, snapshot);
    let item = Item {
        id: resource.id.clone(),
        filter: Some(Filter::Vm),
        needs: Some((format!("/vms/{}", guest.vmid), &["VM.Audit"])),
        json: json(resource.clone()),
        reduced: None,
    };
    Made {
        key: Arc::clone(&guest.key),
        version: guest.entry.version,
        state,
        tick,
        host_cpus,
        pool: pool.map(str::to_owned),
        resource: pool.map(|_| Box::new(resource)),
        item: Arc::new(item),
    }
}

/// A guest. That it runs is known at once; what it uses, since the last pass of the collector.
fn guest_resource(here: &str, inputs: &Inputs<'_>, snapshot: &Snapshot) -> Resource {
    let Inputs { guest, state, pool, .. } = *inputs;
    let summary = Summary::of(guest);
    let node = guest.node.to_string();
    let kind = guest.kind.name();
    let local = node == here;
    let figures = snapshot.guests.get(&guest.vmid.get()).filter(|_| state.is_some());
    let counter = |pick: fn(&stats::GuestSample) -> u64| Some(figures.map_or(0, |figures| pick(&figures.sample)));
    let host_cpus = snapshot.node.max_cpu.max(1) as f64;
    let status = match state {
        Some(state) => state,
        None if local => "stopped",
        None => "unknown",
    };
    Resource {
        vmid: Some(guest.vmid.get()),
        name: Some(summary.name(guest)),
        node: Some(node),
        status: Some(status.to_owned()),
        template: Some(summary.template),
        uptime: counter(|sample| sample.uptime),
        maxcpu: Some(Cpus(summary.max_cpu.unwrap_or(host_cpus).min(host_cpus))),
        cpu: Some(figures.map_or(0.0, |figures| figures.cpu)),
        maxmem: Some(figures.map_or(summary.max_mem, |figures| figures.sample.max_mem)),
        mem: counter(|sample| sample.mem),
        memhost: counter(|sample| sample.mem_host),
        maxdisk: Some(summary.max_disk),
        disk: counter(|sample| sample.disk),
        netin: counter(|sample| sample.net_in),
        netout: counter(|sample| sample.net_out),
        diskread: counter(|sample| sample.disk_read),
        diskwrite: counter(|sample| sample.disk_write),
        pool: pool.map(str::to_owned),
        lock: summary.lock.clone(),
        tags: summary.tags.clone(),
        ..Resource::new(Kind::from(guest.kind), format!("{kind}/{}", guest.vmid))
    }
}

/// Adds a member's figures to its pool's. The use of a pool is the share of all its processors.
fn add(pool: &mut Resource, member: &Resource) {
    let (before, more) = (pool.maxcpu.unwrap_or_default().0, member.maxcpu.unwrap_or_default().0);
    let used = pool.cpu.unwrap_or(0.0) * before + member.cpu.unwrap_or(0.0) * more;
    pool.maxcpu = Some(Cpus(before + more));
    pool.cpu = Some(if before + more > 0.0 { used / (before + more) } else { 0.0 });
    pool.mem = Some(pool.mem.unwrap_or(0) + member.mem.unwrap_or(0));
    pool.maxmem = Some(pool.maxmem.unwrap_or(0) + member.maxmem.unwrap_or(0));
    pool.uptime = pool.uptime.max(member.uptime);
}

fn node_item(node: &str, snapshot: &Snapshot) -> Item {
    let bare = || Resource {
        node: Some(node.to_owned()),
        status: Some("online".to_owned()),
        level: Some(String::new()),
        ..Resource::new(Kind::Node, format!("node/{node}"))
    };
    let figures = &snapshot.node;
    let known = snapshot.tick > 0;
    let full = Resource {
        uptime: known.then_some(figures.uptime),
        cpu: known.then_some(figures.cpu),
        maxcpu: known.then_some(Cpus(figures.max_cpu as f64)),
        mem: known.then_some(figures.memory.used()),
        maxmem: known.then_some(figures.memory.total),
        disk: known.then_some(figures.root.used),
        maxdisk: known.then_some(figures.root.total),
        host_arch: Some(std::env::consts::ARCH),
        ..bare()
    };
    Item {
        id: full.id.clone(),
        filter: Some(Filter::Node),
        needs: Some((format!("/nodes/{node}"), &["Sys.Audit"])),
        json: json(full),
        reduced: Some(json(bare())),
    }
}

fn storage_item(node: &str, storage: &stats::StorageSample) -> Item {
    let name = &storage.storage;
    let resource = Resource {
        storage: Some(name.clone()),
        node: Some(node.to_owned()),
        plugintype: Some(storage.kind.clone()),
        content: Some(storage.content.clone()),
        shared: Some(storage.shared),
        status: Some(if storage.active { "available" } else { "unknown" }.to_owned()),
        disk: Some(storage.used),
        maxdisk: Some(storage.total),
        ..Resource::new(Kind::Storage, format!("storage/{node}/{name}"))
    };
    Item {
        id: resource.id.clone(),
        filter: Some(Filter::Storage),
        needs: Some((format!("/storage/{name}"), &["Datastore.Audit", "Datastore.AllocateSpace"])),
        json: json(resource),
        reduced: None,
    }
}

/// The zone of all bridges that nobody manages; every node has it.
fn local_network(node: &(impl Display + ?Sized)) -> Item {
    let resource = Resource {
        network: Some("localnetwork"),
        network_type: Some("zone"),
        node: Some(node.to_string()),
        status: Some("ok".to_owned()),
        ..Resource::new(Kind::Network, format!("network/{node}/zone/localnetwork"))
    };
    Item {
        id: resource.id.clone(),
        filter: Some(Filter::Sdn),
        needs: Some(("/sdn/zones/localnetwork".to_owned(), &["SDN.Audit", "SDN.Use", "SDN.Allocate"])),
        json: json(resource),
        reduced: None,
    }
}
