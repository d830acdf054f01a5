//! All containers of this node.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use host::{
    cgroup::Cgroups,
    lxc::{Console, Lxc, Running},
    paths::Paths,
};
use schema::{NodeName, Vmid};
use storage::Storages;
use store::{
    Entry, Store, Txn,
    guests::{GuestKind, guest, guest_key, list_guests},
};
use tokio::sync::{OnceCell, OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock as Turn, watch};

use super::{
    config::{ConsoleMode, CtConfig, GuestLock},
    error::CtError,
    idmap,
    plan::{self, Host},
};
use crate::{
    config_file::{Dialect, GuestFile},
    hook::{self, Phase},
    qemu::progress::Quiet,
};

/// How long an operation waits for its turn.
const TURN: Duration = Duration::from_secs(10);

/// A container's configuration, taken apart once per version.
#[derive(Debug)]
pub struct Ct {
    /// The file.
    pub file: GuestFile,
    /// The options in force.
    pub config: CtConfig,
    /// SHA-1 of the file's text.
    pub digest: String,
}

impl Ct {
    /// Reads a configuration.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let file = GuestFile::parse(Dialect::Lxc, text);
        let config = CtConfig::read(&file.main);
        Self { file, config, digest: schema::digest(text) }
    }

    /// The host's user and group that own the files of its root; none where ids are not mapped.
    #[must_use]
    pub fn root_owner(&self) -> Option<u32> {
        root_owner(&self.config, &self.file.main.raw)
    }

    /// Refuses while something long is going on.
    pub(crate) fn check_lock(&self, skip: bool) -> Result<(), CtError> {
        match self.config.lock {
            Some(lock) if !skip => Err(CtError::Locked(lock)),
            _ => Ok(()),
        }
    }

    pub(crate) fn has_lock(&self, lock: GuestLock) -> bool {
        self.config.lock == Some(lock)
    }
}

/// The host's user and group of root inside, by options and raw settings; a map that is no map counts as absent here,
/// and is refused at the start.
pub(crate) fn root_owner(config: &CtConfig, raw: &[(String, String)]) -> Option<u32> {
    let map = idmap::of(raw, config.is_unprivileged());
    idmap::root_of(&map.unwrap_or_else(|_| if config.is_unprivileged() { idmap::usual() } else { Vec::new() }))
}

/// A running container that we follow.
#[derive(Debug)]
pub struct Live {
    /// The ID.
    pub vmid: Vmid,
    running: Mutex<Running>,
    frozen: AtomicBool,
    gone: watch::Sender<bool>,
}

impl Live {
    /// Its processes. The first one inside is another one after a reboot from inside.
    #[must_use]
    pub fn running(&self) -> Running {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `running`, or `paused` when its processes are frozen.
    #[must_use]
    pub fn state(&self) -> &'static str {
        if self.frozen.load(Ordering::Acquire) { "paused" } else { "running" }
    }

    /// Notes whether its processes are frozen; tells whether that is news.
    pub(super) fn set_frozen(&self, frozen: bool) -> bool {
        self.frozen.swap(frozen, Ordering::AcqRel) != frozen
    }

    /// Waits until it has ended and everything of it is cleaned up; false if that takes too long.
    pub async fn gone_within(&self, limit: Duration) -> bool {
        let mut gone = self.gone.subscribe();
        tokio::time::timeout(limit, gone.wait_for(|gone| *gone)).await.is_ok_and(|seen| seen.is_ok())
    }
}

/// What one container is to us besides its configuration.
#[derive(Default)]
struct Slot {
    turn: Arc<Turn<()>>,
    live: Option<Arc<Live>>,
}

/// The containers of this node. Clones share everything.
#[derive(Clone)]
pub struct Cts {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) node: NodeName,
    pub(crate) paths: Paths,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) storages: Storages,
    pub(crate) lxc: Lxc,
    pub(crate) cgroups: Cgroups,
    host: OnceCell<Host>,
    slots: Mutex<HashMap<Vmid, Slot>>,
    changes: watch::Sender<u64>,
}

impl Cts {
    /// Takes up this node's containers: those that run are followed again, and what is left of those that ended
    /// meanwhile is cleaned up.
    ///
    /// # Errors
    /// When the system does not tell its control groups.
    pub async fn open(
        paths: Paths,
        node: NodeName,
        store: Arc<dyn Store>,
        storages: Storages,
    ) -> Result<Self, CtError> {
        let lxc = Lxc::new(paths.lxc_dir());
        let cgroups = Cgroups::detect().map_err(CtError::io("unable to find the control groups"))?;
        let (host, slots, changes) = (OnceCell::new(), Mutex::default(), watch::Sender::new(0));
        let cts = Self { inner: Arc::new(Inner { node, paths, store, storages, lxc, cgroups, host, slots, changes }) };
        for vmid in cts.ids() {
            match cts.inner.lxc.running(&cts.inner.cgroups, vmid.get()) {
                Some(running) => {
                    tracing::info!("CT {vmid} runs as process {}", running.init.pid);
                    cts.adopt(vmid, running);
                }
                None => cts.inner.clean(vmid).await,
            }
        }
        Ok(cts)
    }

    /// The IDs of all containers of this node, ascending.
    #[must_use]
    pub fn ids(&self) -> Vec<Vmid> {
        let tree = self.inner.store.tree();
        let here = |guest: &&store::guests::Guest| guest.kind == GuestKind::Lxc && guest.node == self.inner.node;
        list_guests(&tree).filter(here).map(|guest| guest.vmid).collect()
    }

    /// A container's configuration.
    ///
    /// # Errors
    /// When there is no such container on this node.
    pub fn get(&self, vmid: Vmid) -> Result<Arc<Ct>, CtError> {
        self.inner.get(vmid)
    }

    /// A container's processes, if it runs.
    #[must_use]
    pub fn running(&self, vmid: Vmid) -> Option<Arc<Live>> {
        let live = self.inner.slots().get(&vmid).and_then(|slot| slot.live.clone())?;
        if !live.running().init.alive() {
            // It may have been rebooted from inside: same monitor, another first process.
            let now = self.inner.lxc.running(&self.inner.cgroups, vmid.get())?;
            *live.running.lock().unwrap_or_else(PoisonError::into_inner) = now;
        }
        Some(live)
    }

    /// Counts changes of state: starts, ends, pauses, whoever caused them.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.inner.changes.subscribe()
    }

    /// The states of the containers that run.
    #[must_use]
    pub fn states(&self) -> Vec<(Vmid, &'static str)> {
        let slots = self.inner.slots();
        slots.values().filter_map(|slot| slot.live.as_ref()).map(|live| (live.vmid, live.state())).collect()
    }

    /// A container's processes.
    ///
    /// # Errors
    /// When there is no such container, or it does not run.
    pub fn require_running(&self, vmid: Vmid) -> Result<Arc<Live>, CtError> {
        self.get(vmid)?;
        self.running(vmid).ok_or(CtError::NotRunning(vmid))
    }

    /// The command line of a container's console; `mode` when not that of its configuration is wanted.
    ///
    /// # Errors
    /// When it does not run.
    pub fn console_argv(&self, vmid: Vmid, mode: Option<ConsoleMode>) -> Result<Vec<String>, CtError> {
        let configured = self.get(vmid)?.config.cmode;
        self.require_running(vmid)?;
        let mode = match mode.or(configured).unwrap_or(ConsoleMode::Tty) {
            ConsoleMode::Tty => Console::Tty,
            ConsoleMode::Console => Console::Console,
            ConsoleMode::Shell => Console::Shell,
        };
        Ok(self.inner.lxc.console_argv(vmid.get(), mode, false))
    }

    /// Waits for the turn to change a container; others queue up meanwhile.
    pub(crate) async fn turn(&self, vmid: Vmid) -> Result<OwnedRwLockWriteGuard<()>, CtError> {
        let turn = self.inner.slots().entry(vmid).or_default().turn.clone();
        tokio::time::timeout(TURN, turn.write_owned()).await.map_err(|_| CtError::Busy(vmid))
    }

    /// Waits for a turn to only read a container's volumes: others may do so at the same time, but nobody changes it.
    pub(crate) async fn shared_turn(&self, vmid: Vmid) -> Result<OwnedRwLockReadGuard<()>, CtError> {
        let turn = self.inner.slots().entry(vmid).or_default().turn.clone();
        tokio::time::timeout(TURN, turn.read_owned()).await.map_err(|_| CtError::Busy(vmid))
    }

    /// Follows a container from now on.
    pub(crate) fn adopt(&self, vmid: Vmid, running: Running) -> Arc<Live> {
        let (gone, frozen) = (watch::Sender::new(false), AtomicBool::new(self.group_frozen(vmid)));
        let live = Arc::new(Live { vmid, running: Mutex::new(running), frozen, gone });
        self.inner.slots().entry(vmid).or_default().live = Some(live.clone());
        self.inner.changed();
        let (inner, followed) = (self.inner.clone(), live.clone());
        tokio::spawn(async move {
            if let Err(err) = running.monitor.ended().await {
                tracing::error!("CT {vmid}: its process cannot be watched: {err}");
            }
            tracing::info!("CT {vmid} has ended");
            inner.clean(vmid).await;
            if let Some(slot) = inner.slots().get_mut(&vmid) {
                slot.live = None;
            }
            inner.changed();
            followed.gone.send_replace(true);
        });
        live
    }

    /// Forgets a container that is not there any more.
    pub(crate) fn forget(&self, vmid: Vmid) {
        self.inner.slots().remove(&vmid);
    }
}

impl Inner {
    fn slots(&self) -> std::sync::MutexGuard<'_, HashMap<Vmid, Slot>> {
        // No code panics while holding it.
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn changed(&self) {
        self.changes.send_modify(|number| *number += 1);
    }

    pub(crate) fn key(&self, vmid: Vmid) -> String {
        guest_key(&self.node, GuestKind::Lxc, vmid)
    }

    pub(crate) fn get(&self, vmid: Vmid) -> Result<Arc<Ct>, CtError> {
        let tree = self.store.tree();
        let entry = tree.get(&self.key(vmid));
        entry.map(|entry| self.view(vmid, entry)).ok_or_else(|| self.missing(vmid))
    }

    /// The view of a version of a container's file. What is wrong with it is said when it is seen first.
    fn view(&self, vmid: Vmid, entry: &Entry) -> Arc<Ct> {
        entry.view(|text| {
            let ct = Ct::parse(text);
            for problem in &ct.file.problems {
                tracing::warn!("{}: {problem}", self.key(vmid));
            }
            ct
        })
    }

    fn missing(&self, vmid: Vmid) -> CtError {
        CtError::Missing { node: self.node.clone(), vmid }
    }

    /// Changes a container's file, whoever else writes at the same time.
    pub(crate) async fn edit(
        &self,
        vmid: Vmid,
        mut change: impl FnMut(&Ct, &mut GuestFile) -> Result<(), CtError>,
    ) -> Result<(), CtError> {
        let key = self.key(vmid);
        let edited = store::edit(&*self.store, &key, |entry: Option<&Entry>| {
            let ct = entry.map(|entry| self.view(vmid, entry)).ok_or_else(|| self.missing(vmid))?;
            let mut file = ct.file.clone();
            change(&ct, &mut file)?;
            Ok::<_, CtError>(Some(file.print()))
        });
        edited.await.map(|_| ())
    }

    /// Refuses an ID that is taken.
    pub(crate) fn check_free(&self, vmid: Vmid) -> Result<(), CtError> {
        match guest(&self.store.tree(), vmid) {
            Some(guest) => Err(CtError::Exists { vmid, node: guest.node.clone() }),
            None => Ok(()),
        }
    }

    /// Writes the file of a new container.
    pub(crate) async fn insert(&self, vmid: Vmid, file: &GuestFile) -> Result<(), CtError> {
        let key = self.key(vmid);
        self.store.commit(Txn::new().expect_absent(key.clone()).put(key, file.print())).await?;
        Ok(())
    }

    /// Removes the file.
    pub(crate) async fn remove(&self, vmid: Vmid) -> Result<(), CtError> {
        self.store.commit(Txn::new().delete(self.key(vmid))).await?;
        Ok(())
    }

    /// What plans must know of this host; found at first use.
    pub(crate) async fn host(&self) -> Result<&Host, CtError> {
        let found = self.host.get_or_try_init(|| async {
            let version = host::lxc::version().await?;
            let pieces = host::lxc::pieces(Path::new(plan::INCLUDES));
            let (includes, seccomp) = pieces.map_err(CtError::io("LXC is not installed completely"))?;
            Ok::<_, CtError>(Host {
                lxc: version.split('.').next().and_then(|main| main.parse().ok()).unwrap_or(0),
                own_environment: host::lxc::knows(plan::OWN_ENVIRONMENT).await,
                cgroups: self.cgroups.mode(),
                apparmor: host::lxc::has_apparmor(),
                processes: self.cgroups.most_processes(),
                swap: self.cgroups.counts_swap(),
                includes,
                directory: self.paths.lxc_dir().to_string_lossy().into_owned(),
                seccomp,
            })
        });
        found.await
    }

    /// How many running containers were given each processor.
    pub(crate) fn used_cpus(&self) -> BTreeMap<u32, u32> {
        let mut used = BTreeMap::new();
        let live: Vec<Vmid> = self.slots().iter().filter(|(_, slot)| slot.live.is_some()).map(|(id, _)| *id).collect();
        for vmid in live {
            let (group, _) = Lxc::groups(vmid.get());
            for cpu in self.cgroups.group(&group).cpus() {
                *used.entry(cpu).or_insert(0) += 1;
            }
        }
        used
    }

    /// Where it is noted that a container was started.
    pub(super) fn started(&self, vmid: Vmid) -> std::path::PathBuf {
        self.paths.lxc_run_dir().join(format!("{vmid}.started"))
    }

    /// Removes what a container leaves behind when it ends, has its hook script attend that, and puts changes that
    /// waited for it into force.
    async fn clean(&self, vmid: Vmid) {
        self.lxc.forget(&self.cgroups, vmid.get()).await;
        if hook::was_started(&self.started(vmid))
            && let Ok(ct) = self.get(vmid)
        {
            let script = ct.config.hookscript.as_deref();
            hook::attend(&self.storages, &Quiet, vmid, script, Phase::PostStop).await;
        }
        if self.get(vmid).is_ok_and(|ct| !ct.file.pending.is_empty() && ct.config.lock.is_none())
            && let Err(err) = self.apply_pending(vmid).await
        {
            tracing::warn!("CT {vmid}: pending changes could not be applied: {err}");
        }
    }
}
