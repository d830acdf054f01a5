//! What runs without being asked: collecting figures, keeping the network up.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use guest::bulk::Action;
use guest::lxc::Cts;
use guest::qemu::Vms;
use host::net::Cidr;
use host::paths::Paths;
use network::GuestNetwork;
use schema::NodeName;
use stats::{Source, Stats, StatsConfig, StorageSample, StorageSource};
use storage::Storages;
use store::{Store, guests::list_guests};
use task::{TaskError, TaskEvent, TaskSpec, Tasks, TasksError};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::task::JoinHandle;

/// How often storages are looked at for the figures.
const STORAGE_PERIOD: Duration = Duration::from_secs(10);
/// How long until a network that could not be brought up is tried again.
const NETWORK_RETRY: Duration = Duration::from_secs(60);
/// How long guests that start with the host wait for their network.
const NETWORK_WAIT: Duration = Duration::from_secs(30);

/// How often memory moves between guests.
const BALLOON_PERIOD: Duration = Duration::from_secs(10);

/// Moves memory between guests, step by step, so that the host uses as much of its own as it should.
pub(super) async fn balance_memory(vms: Vms, store: Arc<dyn Store>, node: NodeName) {
    let mut period = tokio::time::interval(BALLOON_PERIOD);
    period.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        period.tick().await;
        let Ok(machine) = host::proc::Machine::read() else { continue };
        let target = crate::nodes::config::ballooning_target(&store.tree(), &node);
        let target = target.unwrap_or(guest::qemu::autoballoon::TARGET);
        vms.balance_memory(machine.memory.total, machine.memory.used(), target).await;
    }
}

/// The collector, with its sources.
pub(super) fn stats(
    name: &NodeName,
    paths: &Paths,
    store: &Arc<dyn Store>,
    storages: &Storages,
    sources: Vec<Arc<dyn Source>>,
) -> Result<Arc<Stats>, String> {
    let tree = Arc::clone(store);
    let config = StatsConfig {
        node: name.to_string(),
        rrd: paths.rrd_db(),
        root: paths.root().to_owned(),
        sources,
        storages: Arc::new(StorageFigures::watch(storages.clone())),
        guests: Box::new(move || list_guests(&tree.tree()).map(|guest| guest.vmid.get()).collect::<HashSet<u32>>()),
    };
    host::file::create_dir(&paths.state_dir(), 0o700).map_err(|error| error.to_string())?;
    Stats::open(config).map_err(|error| error.to_string())
}

/// Figures of storages as they were seen last, so that the collector waits for no medium.
struct StorageFigures {
    seen: Arc<RwLock<Vec<StorageSample>>>,
}

impl StorageFigures {
    fn watch(storages: Storages) -> Self {
        let seen: Arc<RwLock<Vec<StorageSample>>> = Arc::default();
        let shown = Arc::downgrade(&seen);
        tokio::spawn(async move {
            while let Some(seen) = shown.upgrade() {
                let samples = storages.statuses().await.into_iter().map(|(id, status)| sample(&id, status)).collect();
                *seen.write().unwrap_or_else(PoisonError::into_inner) = samples;
                drop(seen);
                tokio::time::sleep(STORAGE_PERIOD).await;
            }
        });
        Self { seen }
    }
}

fn sample(id: &schema::StorageId, status: storage::Status) -> StorageSample {
    StorageSample {
        storage: id.to_string(),
        kind: status.kind,
        content: status.content,
        shared: status.shared,
        enabled: status.enabled,
        active: status.active,
        total: status.total,
        used: status.used,
        available: status.avail,
    }
}

impl StorageSource for StorageFigures {
    fn storages(&self) -> Vec<StorageSample> {
        self.seen.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What starting guests with the host needs of a node. The node itself is not among it: it ends with its last user.
pub(super) struct Starting {
    name: NodeName,
    paths: Arc<Paths>,
    store: Arc<dyn Store>,
    tasks: Arc<Tasks>,
    vms: Vms,
    cts: Cts,
}

impl Starting {
    pub(super) fn of(node: &super::Node) -> Self {
        Self {
            name: node.name.clone(),
            paths: Arc::clone(&node.paths),
            store: Arc::clone(&node.store),
            tasks: Arc::clone(&node.tasks),
            vms: node.vms.clone(),
            cts: node.cts.clone(),
        }
    }

    /// A task that starts the guests which start with the host, where there are any.
    async fn task(&self) -> Result<(), TasksError> {
        let guests = guest::boot::starting_with_the_host(&self.vms, &self.cts, &self.paths);
        if guests.is_empty() {
            return Ok(());
        }
        let tree = self.store.tree();
        let delay = crate::nodes::config::onboot_delay(&tree, &self.name);
        let workers = guest::bulk::workers(guest::datacenter::text(&tree));
        let (vms, cts) = (self.vms.clone(), self.cts.clone());
        let spec = TaskSpec { kind: "startall", id: String::new(), user: "root@pam".to_owned() };
        let work = move |ctx: task::TaskCtx| async move {
            if delay > 0 {
                ctx.log(format!("waiting {delay} seconds, as 'startall-onboot-delay' of this node says"));
                tokio::select! {
                    () = tokio::time::sleep(Duration::from_secs(delay)) => {}
                    () = ctx.cancelled() => return Err(TaskError::cancelled()),
                }
            }
            match guest::bulk::run(ctx, vms, cts, guests, Action::Start, workers).await {
                true => Ok(()),
                false => Err(TaskError::cancelled()),
            }
        };
        self.tasks.spawn(spec, work).await.map(drop)
    }
}

/// Starts the guests that start by themselves, after the network that they need, but not later than [`NETWORK_WAIT`].
/// Ends when the network is up.
pub(super) async fn start_guests(network: Option<JoinHandle<()>>, node: Starting) {
    let mut network = network.map(AbortOnDrop);
    if let Some(AbortOnDrop(up)) = &mut network
        && tokio::time::timeout(NETWORK_WAIT, up).await.is_ok()
    {
        network = None;
    }
    guest::boot::finish_reboots(&node.vms, &node.cts).await;
    if let Err(error) = node.task().await {
        tracing::error!("guests are not started with the host: {error}");
    }
    if let Some(AbortOnDrop(up)) = &mut network {
        // Only a daemon that ends stops the attempts.
        let _ = up.await;
    }
}

/// Ends a background task together with the one that waits for it.
struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Brings the network for guests up, and tries again until it is.
pub(super) async fn bring_up(network: Arc<GuestNetwork>, address: Option<Cidr>) {
    loop {
        match network.up(address).await {
            Ok(outcome) => {
                outcome.notes.iter().for_each(|note| tracing::info!("{note}"));
                return;
            }
            Err(error) => tracing::warn!("unable to bring up the network for guests: {error}"),
        }
        tokio::time::sleep(NETWORK_RETRY).await;
    }
}

/// Has figures collected at once when a task that may have started or stopped a guest has ended: lists should not show
/// the old state for ten seconds.
pub(super) async fn follow(mut events: Receiver<TaskEvent>, stats: Arc<Stats>) {
    loop {
        match events.recv().await {
            Ok(TaskEvent::Ended(upid, _)) if upid.kind.starts_with("qm") || upid.kind.starts_with("vz") => stats.poke(),
            // Events that were missed may have been of that sort.
            Err(RecvError::Lagged(_)) => stats.poke(),
            Ok(_) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

/// Keeps lxcfs running where no service manager does.
pub(super) async fn serve_lxcfs(paths: Arc<Paths>) {
    host::lxcfs::serve(&paths.join("var/log/pleiad/lxcfs.log"), &paths.join("run/pleiad/lxcfs.pid")).await;
}
