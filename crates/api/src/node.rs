//! The node as handlers see it: its name and its managers. Built once by the daemon, by tests in one line.

mod background;
mod undo;

use std::fmt;
use std::sync::{Arc, Mutex};

use access::UserConfig;
use guest::lxc::Cts;
use guest::qemu::Vms;
use host::net::Cidr;
use host::paths::Paths;
use network::GuestNetwork;
use schema::NodeName;
use stats::Stats;
use storage::Storages;
use store::{SqliteStore, Store};
use task::Tasks;
use tokio::task::JoinHandle;

use crate::engine::Router;

/// What a node is to be.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its name.
    pub name: NodeName,
    /// Where its files are.
    pub paths: Paths,
    /// Bridge for guests; `vmbr0` when not given.
    pub bridge: Option<String>,
    /// Address of that bridge with its prefix; a free private network when not given.
    pub bridge_cidr: Option<String>,
    /// Whether to bring up a network for guests.
    pub network: bool,
    /// Port of the proxy for SPICE, if one runs.
    pub spice_port: Option<u16>,
}

/// The bridge that guests are on when nobody says otherwise, as in PVE.
pub const DEFAULT_BRIDGE: &str = "vmbr0";

/// How long a daemon that ends waits for its tasks: less than service managers wait for it.
const TASKS_END: std::time::Duration = std::time::Duration::from_secs(30);

/// A node with everything that runs on it.
pub struct Node {
    /// Its name.
    pub name: NodeName,
    /// Where its files are.
    pub paths: Arc<Paths>,
    /// The configuration tree.
    pub store: Arc<dyn Store>,
    /// Long work.
    pub tasks: Arc<Tasks>,
    /// Storages.
    pub storages: Storages,
    /// Virtual machines.
    pub vms: Vms,
    /// Containers.
    pub cts: Cts,
    /// The collector of figures.
    pub stats: Arc<Stats>,
    /// The network for guests that this node made, if it made one.
    pub network: Option<Arc<GuestNetwork>>,
    /// Answers of `/cluster/resources` that are handed out until something changes.
    pub(crate) resources: crate::cluster::resources::Cache,
    /// What has changed lately, for those who listen.
    pub(crate) events: crate::events::Hub,
    /// The log of the cluster.
    pub(crate) cluster_log: crate::cluster::log_file::ClusterLog,
    /// Opened consoles that wait for their clients, or have them.
    pub(crate) consoles: crate::nodes::console::Consoles,
    /// Port of the proxy for SPICE, if one runs.
    pub(crate) spice_port: Option<u16>,
    router: Router,
    background: Mutex<Vec<JoinHandle<()>>>,
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({})", self.name)
    }
}

impl Node {
    /// Opens a node: its store, its managers, its network; takes back what tasks of a dead daemon left half-done, and
    /// begins to collect figures.
    ///
    /// # Errors
    /// What kept a part from being opened.
    pub async fn open(settings: Settings) -> Result<Arc<Self>, String> {
        let text = |error: &dyn fmt::Display| error.to_string();
        let paths = Arc::new(settings.paths.clone());
        let store = SqliteStore::open(paths.store_db()).await.map_err(|error| text(&error))?;
        let store: Arc<dyn Store> = Arc::new(store);
        let node = Self::assemble(&settings, paths, store).await?;
        node.begin(&settings);
        Ok(node)
    }

    /// Puts the managers together and takes back what tasks of a dead daemon left half-done.
    async fn assemble(settings: &Settings, paths: Arc<Paths>, store: Arc<dyn Store>) -> Result<Arc<Self>, String> {
        let name = settings.name.clone();
        let undo = undo::Dispatcher::default();
        let tasks = Tasks::load(&paths, name.clone(), undo.function()).map_err(|error| error.to_string())?;
        let storages = Storages::new(Arc::clone(&paths), Arc::clone(&store), name.clone());
        storages.start().await;
        let vms = Vms::open(Paths::clone(&paths), name.clone(), Arc::clone(&store), storages.clone())
            .await
            .map_err(|error| error.to_string())?;
        let cts = Cts::open(Paths::clone(&paths), name.clone(), Arc::clone(&store), storages.clone())
            .await
            .map_err(|error| error.to_string())?;
        let sources: Vec<Arc<dyn stats::Source>> = vec![Arc::new(vms.clone()), Arc::new(cts.clone())];
        let stats = background::stats(&name, &paths, &store, &storages, sources)?;
        let bridge = settings.bridge.as_deref().unwrap_or(DEFAULT_BRIDGE);
        let network = if settings.network {
            Some(Arc::new(GuestNetwork::new(&paths, bridge).map_err(|error| error.to_string())?))
        } else {
            None
        };
        let router = crate::router()?;
        let background = Mutex::default();
        let resources = Default::default();
        let events = crate::events::Hub::new()?;
        let log = paths.join("var/log/pleiad/cluster.log");
        let cluster_log = crate::cluster::log_file::ClusterLog::open(log).map_err(|error| error.to_string())?;
        let node = Arc::new(Self {
            name,
            paths,
            store,
            tasks,
            storages,
            vms,
            cts,
            stats,
            network,
            resources,
            events,
            cluster_log,
            consoles: Default::default(),
            spice_port: settings.spice_port,
            router,
            background,
        });
        undo.serve(&node);
        let closed = node.tasks.recover().await.map_err(|error| error.to_string())?;
        if !closed.is_empty() {
            tracing::warn!(tasks = closed.len(), "closed tasks of a daemon that ended; see their logs");
        }
        Ok(node)
    }

    fn begin(self: &Arc<Self>, settings: &Settings) {
        let mut running = vec![tokio::spawn(Arc::clone(&self.stats).run())];
        running.push(tokio::spawn(background::follow(self.tasks.events(), Arc::clone(&self.stats))));
        running.push(tokio::spawn(crate::events::run(self)));
        let (vms, store) = (self.vms.clone(), Arc::clone(&self.store));
        running.push(tokio::spawn(background::balance_memory(vms, store, self.name.clone())));
        let address = settings.bridge_cidr.as_deref().and_then(|text| text.parse::<Cidr>().ok());
        let network = self.network.clone().map(|network| tokio::spawn(background::bring_up(network, address)));
        running.push(tokio::spawn(background::serve_lxcfs(Arc::clone(&self.paths))));
        running.push(tokio::spawn(background::start_guests(network, background::Starting::of(self))));
        *self.background.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = running;
    }

    /// Stops and undoes tasks, and ends what runs in the background. Guests and their network stay.
    pub async fn close(&self) {
        self.events.close();
        // What takes longer to undo is undone at the next start.
        if tokio::time::timeout(TASKS_END, self.tasks.shutdown()).await.is_err() {
            tracing::warn!("tasks are still being undone; the next start goes on with it");
        }
        let running = std::mem::take(&mut *self.background.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        for one in running {
            one.abort();
            // It was told to end: that it did not end by itself is what was wanted.
            let _ = one.await;
        }
    }

    /// The methods of this version.
    pub const fn router(&self) -> &Router {
        &self.router
    }

    /// Users, groups, roles and ACL as of now; parsed once a version.
    pub fn users(&self) -> Arc<UserConfig> {
        crate::access::edit::current(&self.store.tree())
    }

    /// A node below a temporary folder with its own store, for tests: no network, nothing in the background.
    ///
    /// # Errors
    /// What kept a part from being opened.
    pub async fn temporary(root: &std::path::Path) -> Result<Arc<Self>, String> {
        let name: NodeName = "n1".parse()?;
        let paths = Paths::new(root).map_err(|error| error.to_string())?;
        let settings =
            Settings { name, paths: paths.clone(), bridge: None, bridge_cidr: None, network: false, spice_port: None };
        let store = SqliteStore::temporary().map_err(|error| error.to_string())?;
        Self::assemble(&settings, Arc::new(paths), Arc::new(store)).await
    }
}
