//! All virtual machines of this node.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use host::{kvm::Probe, paths::Paths, process::Process, tap};
use schema::{NodeName, Vmid};
use storage::Storages;
use store::{
    Entry, Store, Txn,
    guests::{GuestKind, guest_key, list_guests},
};
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock as Turn, broadcast, watch};

use super::{
    cmdline::{CommandLine, DriveId, HostFacts, Image, Input, plan},
    config::VmConfig,
    cpu_models,
    error::VmError,
    facts::{self, Cached},
    file,
    happening::Happening,
    passthrough::Resolved,
    progress::Quiet,
    running::{Last, News, Running},
    start::logs,
    volumes::images,
};
use crate::{
    config_file::{Dialect, GuestFile},
    hook::{self, Phase},
};

/// How long an operation waits for its turn.
const TURN: Duration = Duration::from_secs(10);

/// Ending of the file that tells with which machine type a VM runs.
const MACHINE: &str = "machine";

/// News that a listener may be late for.
const NEWS: usize = 256;

/// A VM's configuration, taken apart once per version.
#[derive(Debug)]
pub struct Vm {
    /// The file.
    pub file: GuestFile,
    /// The options in force.
    pub config: VmConfig,
    /// SHA-1 of the file's text.
    pub digest: String,
}

impl Vm {
    /// Reads a configuration.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut file = GuestFile::parse(Dialect::Qemu, text);
        file::settle(&mut file);
        let config = file::view(&file.main);
        Self { file, config, digest: schema::digest(text) }
    }

    /// Its name, made up if it has none.
    #[must_use]
    pub fn name(&self, vmid: Vmid) -> String {
        self.config.name.clone().unwrap_or_else(|| format!("VM {vmid}"))
    }

    /// Whether it serves only for being cloned.
    #[must_use]
    pub fn is_template(&self) -> bool {
        self.config.template == Some(true)
    }

    /// Refuses while something long is going on.
    pub(crate) fn check_lock(&self, skip: bool) -> Result<(), VmError> {
        match self.file.main.get("lock") {
            Some(lock) if !skip => Err(VmError::Locked(lock.to_owned())),
            _ => Ok(()),
        }
    }

    /// Whether it is locked for this; there are locks that only files know, not the API.
    pub(crate) fn has_lock(&self, lock: &str) -> bool {
        self.file.main.get("lock") == Some(lock)
    }
}

/// What one VM is to us besides its configuration.
#[derive(Default)]
struct Slot {
    turn: Arc<Turn<()>>,
    running: Option<Arc<Running>>,
    last: Last,
}

/// The virtual machines of this node. Clones share everything.
#[derive(Clone)]
pub struct Vms {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) node: NodeName,
    pub(crate) paths: Paths,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) storages: Storages,
    pub(crate) facts: Cached,
    slots: Mutex<HashMap<Vmid, Slot>>,
    changes: watch::Sender<u64>,
    news: News,
}

impl Vms {
    /// Takes up this node's VMs: those that run are followed again, and what is left of those that ended meanwhile is
    /// cleaned up.
    ///
    /// # Errors
    /// When the directories for sockets and logs cannot be made.
    pub async fn open(
        paths: Paths,
        node: NodeName,
        store: Arc<dyn Store>,
        storages: Storages,
    ) -> Result<Self, VmError> {
        for directory in [paths.qemu_run_dir(), paths.join("var/log/pleiad/qemu")] {
            std::fs::create_dir_all(&directory)
                .map_err(VmError::io(format!("unable to make {}", directory.display())))?;
        }
        let (facts, slots, changes) = (Cached::default(), Mutex::default(), watch::Sender::new(0));
        let news = News::new(NEWS);
        let inner = Inner { node, paths, store, storages, facts, slots, changes, news };
        let vms = Self { inner: Arc::new(inner) };
        for vmid in vms.ids() {
            match vms.inner.surviving(vmid) {
                Some(process) => {
                    tracing::info!("VM {vmid} runs as process {}", process.pid);
                    let machine = vms.inner.machine_of_run(vmid);
                    vms.adopt(Running::new(vmid, process, vms.inner.paths.qmp_socket(vmid), machine), None);
                }
                None => vms.inner.clean(vmid).await,
            }
        }
        Ok(vms)
    }

    /// The IDs of all VMs of this node, ascending.
    #[must_use]
    pub fn ids(&self) -> Vec<Vmid> {
        let tree = self.inner.store.tree();
        let here = |guest: &&store::guests::Guest| guest.kind == GuestKind::Qemu && guest.node == self.inner.node;
        list_guests(&tree).filter(here).map(|guest| guest.vmid).collect()
    }

    /// A VM's configuration.
    ///
    /// # Errors
    /// When there is no such VM on this node.
    pub fn get(&self, vmid: Vmid) -> Result<Arc<Vm>, VmError> {
        self.inner.get(vmid)
    }

    /// A VM's process, if it runs.
    #[must_use]
    pub fn running(&self, vmid: Vmid) -> Option<Arc<Running>> {
        self.inner.slots().get(&vmid).and_then(|slot| slot.running.clone())
    }

    /// A VM's process.
    ///
    /// # Errors
    /// When there is no such VM, or it does not run.
    pub fn require_running(&self, vmid: Vmid) -> Result<Arc<Running>, VmError> {
        self.get(vmid)?;
        self.running(vmid).ok_or(VmError::NotRunning(vmid))
    }

    /// Counts changes of state: starts, ends, pauses, whoever caused them.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.inner.changes.subscribe()
    }

    /// The states of the VMs that run, as they are shown.
    #[must_use]
    pub fn states(&self) -> Vec<(Vmid, &'static str)> {
        let slots = self.inner.slots();
        slots.values().filter_map(|slot| slot.running.as_ref()).map(|one| (one.vmid, one.shown())).collect()
    }

    /// What happens to VMs by itself from now on, as far as it belongs into a log.
    #[must_use]
    pub fn news(&self) -> broadcast::Receiver<(Vmid, Happening)> {
        self.inner.news.subscribe()
    }

    /// What happened to a VM by itself last, since it was started last; how it ended, if it did.
    #[must_use]
    pub fn last_event(&self, vmid: Vmid) -> Option<Happening> {
        let last = self.inner.slots().get(&vmid)?.last.clone();
        let last = last.lock().unwrap_or_else(PoisonError::into_inner);
        last.clone()
    }

    /// Whether KVM runs guests on this node, and if not, why.
    pub async fn kvm(&self) -> Probe {
        self.inner.facts.probe(&self.inner.paths).await.clone()
    }

    /// Where QEMU listens for VNC clients of this VM.
    #[must_use]
    pub fn vnc_socket(&self, vmid: Vmid) -> std::path::PathBuf {
        self.inner.paths.vnc_socket(vmid)
    }

    /// Where QEMU listens on a serial port of this VM, 0 to 3.
    #[must_use]
    pub fn serial_socket(&self, vmid: Vmid, port: u32) -> std::path::PathBuf {
        self.inner.paths.serial_socket(vmid, port)
    }

    /// Sets the password that VNC clients of this VM must know, for thirty seconds.
    ///
    /// # Errors
    /// When it does not run or has no display.
    pub async fn set_vnc_password(&self, vmid: Vmid, password: &str) -> Result<(), VmError> {
        self.set_password(vmid, "vnc", password).await
    }

    /// Where QEMU listens for SPICE clients of this VM, whose password it is now for thirty seconds.
    ///
    /// # Errors
    /// When it does not run, or was started without SPICE.
    pub async fn open_spice(&self, vmid: Vmid, password: &str) -> Result<std::path::PathBuf, VmError> {
        self.require_running(vmid)?;
        let socket = self.spice_socket(vmid).ok_or(VmError::NoSpice(vmid))?;
        self.set_password(vmid, "spice", password).await?;
        Ok(socket)
    }

    /// Where QEMU listens for SPICE clients of this VM, if it does.
    #[must_use]
    pub fn spice_socket(&self, vmid: Vmid) -> Option<std::path::PathBuf> {
        Some(self.inner.paths.spice_socket(vmid)).filter(|socket| socket.exists())
    }

    async fn set_password(&self, vmid: Vmid, protocol: &str, password: &str) -> Result<(), VmError> {
        use super::running::COMMAND;
        let running = self.require_running(vmid)?;
        let set = serde_json::json!({ "protocol": protocol, "password": password });
        running.call("set_password", set, COMMAND).await?;
        let expire = serde_json::json!({ "protocol": protocol, "time": "+30" });
        running.call("expire_password", expire, COMMAND).await?;
        Ok(())
    }

    /// The command line that starting this VM now, or as it was at a snapshot, would run, program first.
    ///
    /// # Errors
    /// When it could not be started.
    pub async fn showcmd(&self, vmid: Vmid, snapshot: Option<&str>) -> Result<Vec<String>, VmError> {
        let mut vm = self.get(vmid)?;
        if let Some(name) = snapshot {
            vm = Arc::new(super::snapshot::as_it_was(&vm, name)?);
        }
        let (line, _) = self.inner.command_line(vmid, &vm).await?;
        let args = line.args();
        Ok(std::iter::once(line.program).chain(args).map(str::to_owned).collect())
    }

    /// Waits for the turn to change a VM; others queue up meanwhile.
    pub(crate) async fn turn(&self, vmid: Vmid) -> Result<OwnedRwLockWriteGuard<()>, VmError> {
        let turn = self.inner.slots().entry(vmid).or_default().turn.clone();
        tokio::time::timeout(TURN, turn.write_owned()).await.map_err(|_| VmError::Busy(vmid))
    }

    /// Waits for a turn to only read a VM's disks: others may do so at the same time, but nobody changes it.
    pub(crate) async fn shared_turn(&self, vmid: Vmid) -> Result<OwnedRwLockReadGuard<()>, VmError> {
        let turn = self.inner.slots().entry(vmid).or_default().turn.clone();
        tokio::time::timeout(TURN, turn.read_owned()).await.map_err(|_| VmError::Busy(vmid))
    }

    /// Follows a process from now on.
    pub(crate) fn adopt(&self, mut running: Running, first: super::running::First) -> Arc<Running> {
        running.changes = self.inner.changes.clone();
        running.news = self.inner.news.clone();
        let running = {
            let mut slots = self.inner.slots();
            let slot = slots.entry(running.vmid).or_default();
            // What happened to it in another life does not count in this one.
            slot.last = Last::default();
            running.last = slot.last.clone();
            let running = Arc::new(running);
            slot.running = Some(running.clone());
            running
        };
        self.inner.changed();
        let (inner, followed) = (self.inner.clone(), running.clone());
        tokio::spawn(async move {
            let log = inner.paths.qemu_log(followed.vmid);
            tokio::select! {
                () = followed.follow(first) => {}
                () = logs::watch(&log) => {}
            }
            followed.tell_end(&host::run::last_words(&log)).await;
            inner.clean(followed.vmid).await;
            if let Some(slot) = inner.slots().get_mut(&followed.vmid) {
                slot.running = None;
            }
            inner.changed();
            followed.set_gone();
        });
        running
    }

    /// Forgets a VM that is not there any more.
    pub(crate) fn forget(&self, vmid: Vmid) {
        self.inner.slots().remove(&vmid);
    }
}

impl Inner {
    fn slots(&self) -> std::sync::MutexGuard<'_, HashMap<Vmid, Slot>> {
        // No code panics while holding it.
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self) {
        self.changes.send_modify(|number| *number += 1);
    }

    pub(crate) fn key(&self, vmid: Vmid) -> String {
        guest_key(&self.node, GuestKind::Qemu, vmid)
    }

    pub(crate) fn get(&self, vmid: Vmid) -> Result<Arc<Vm>, VmError> {
        let tree = self.store.tree();
        let entry = tree.get(&self.key(vmid));
        entry.map(|entry| self.view(vmid, entry)).ok_or_else(|| self.missing(vmid))
    }

    /// The view of a version of a VM's file. What is wrong with it is said when it is seen first.
    fn view(&self, vmid: Vmid, entry: &Entry) -> Arc<Vm> {
        entry.view(|text| {
            let vm = Vm::parse(text);
            for problem in file::problems(&vm.file) {
                tracing::warn!("{}: {problem}", self.key(vmid));
            }
            vm
        })
    }

    fn missing(&self, vmid: Vmid) -> VmError {
        VmError::Missing { node: self.node.clone(), vmid }
    }

    /// Changes a VM's file, whoever else writes at the same time.
    pub(crate) async fn edit(
        &self,
        vmid: Vmid,
        mut change: impl FnMut(&Vm, &mut GuestFile) -> Result<(), VmError>,
    ) -> Result<(), VmError> {
        let key = self.key(vmid);
        let edited = store::edit(&*self.store, &key, |entry: Option<&Entry>| {
            let vm = entry.map(|entry| self.view(vmid, entry)).ok_or_else(|| self.missing(vmid))?;
            let mut file = vm.file.clone();
            change(&vm, &mut file)?;
            Ok::<_, VmError>(Some(file.print()))
        });
        edited.await.map(|_| ())
    }

    /// Writes the file of a new VM.
    pub(crate) async fn insert(&self, vmid: Vmid, file: &GuestFile) -> Result<(), VmError> {
        let key = self.key(vmid);
        self.store.commit(Txn::new().expect_absent(key.clone()).put(key, file.print())).await?;
        Ok(())
    }

    /// Removes the file.
    pub(crate) async fn remove(&self, vmid: Vmid) -> Result<(), VmError> {
        self.store.commit(Txn::new().delete(self.key(vmid))).await?;
        Ok(())
    }

    /// The command line for a VM's configuration on this host, and the machine type it gets.
    pub(crate) async fn command_line(&self, vmid: Vmid, vm: &Vm) -> Result<(CommandLine, String), VmError> {
        file::unsupported(&vm.file.main)?;
        let facts = self.facts.collect(self.node.as_str(), &self.paths, &vm.config).await?;
        let images = images(&self.storages, &vm.config).await?;
        self.line(vmid, vm, &facts, &images, &self.resolve_devices(vmid, &vm.config)?)
    }

    /// The same from facts, images and devices that are known.
    pub(crate) fn line(
        &self,
        vmid: Vmid,
        vm: &Vm,
        facts: &HostFacts,
        images: &BTreeMap<DriveId, Image>,
        devices: &Resolved,
    ) -> Result<(CommandLine, String), VmError> {
        file::unsupported(&vm.file.main)?;
        let places = facts::places(&self.paths, vmid);
        let cpu_models = cpu_models::of(&self.store.tree());
        let input = Input {
            vmid: vmid.get(),
            config: &vm.config,
            meta: vm.file.main.get("meta"),
            images,
            devices,
            cpu_models: &cpu_models,
            facts,
            places: &places,
        };
        Ok((plan(&input)?, input.machine()?.running_name()))
    }

    /// The process of a VM that was started before us and still runs.
    fn surviving(&self, vmid: Vmid) -> Option<Process> {
        let pid_file = self.paths.qemu_pid_file(vmid);
        let pid = std::fs::read_to_string(&pid_file).ok()?.trim().parse().ok()?;
        let process = Process::find(pid)?;
        // The ID may have been given to something else meanwhile.
        let ours = process.cmdline()?.iter().any(|arg| *arg == pid_file.to_string_lossy());
        ours.then_some(process)
    }

    /// Keeps the machine type that a VM is started with: devices that are plugged and memories that are kept later belong
    /// to it, also when another daemon with newer types sees to them.
    pub(crate) fn note_machine(&self, vmid: Vmid, machine: &str) -> Result<(), VmError> {
        std::fs::write(self.paths.qemu_run(vmid, MACHINE), machine)
            .map_err(VmError::io("unable to note the machine type"))
    }

    /// The machine type that a VM was started with.
    fn machine_of_run(&self, vmid: Vmid) -> Option<String> {
        let noted = std::fs::read_to_string(self.paths.qemu_run(vmid, MACHINE)).ok()?;
        (!noted.is_empty()).then_some(noted)
    }

    /// Removes what a VM's process leaves behind, has its hook script attend its end, and puts changes that waited for
    /// that into force.
    pub(crate) async fn clean(&self, vmid: Vmid) {
        let taps = tap::of_vm(vmid.get());
        if let Err(err) = tap::remove(&taps.iter().map(String::as_str).collect::<Vec<_>>()).await {
            tracing::warn!("VM {vmid}: {err}");
        }
        self.end_helpers(vmid).await;
        self.give_back_devices(vmid).await;
        host::cpu_limits::forget(vmid.get());
        for suffix in
            [MACHINE, "pid", "qmp", "vnc", "spice", "png", "qga", "serial0", "serial1", "serial2", "serial3", "efivars"]
        {
            // Most do not exist.
            let _ = std::fs::remove_file(self.paths.qemu_run(vmid, suffix));
        }
        if hook::was_started(&self.paths.qemu_run(vmid, "started"))
            && let Ok(vm) = self.get(vmid)
        {
            let script = vm.config.hookscript.as_deref();
            hook::attend(&self.storages, &Quiet, vmid, script, Phase::PostStop).await;
        }
        if self.get(vmid).is_ok_and(|vm| !vm.file.pending.is_empty() && !vm.file.main.contains("lock"))
            && let Err(err) = self.apply_pending(vmid).await
        {
            tracing::warn!("VM {vmid}: pending changes could not be applied: {err}");
        }
        // Whether they are kept may have been among what waited.
        self.give_back_huge_pages(vmid).await;
    }
}
