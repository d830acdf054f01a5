//! Starting a VM.
//!
//! ```text
//!   checks, pending changes ──► devices of the host ──► network cards ──► helpers (TPM) ──► QEMU ──► what only a running QEMU can be told
//!        a failure or a cancelled task undoes all of it, through the same cleaning that follows a VM's end
//! ```

pub(crate) mod companions;
mod hardware;
mod huge;
mod limits;
pub(crate) mod logs;

use std::{sync::Mutex, time::Duration};

use host::{
    process::Process,
    qmp::Qmp,
    run::last_words,
    tap::{self, Tap},
};
use schema::Vmid;
use serde_json::json;
use tokio::sync::oneshot;

use super::{
    cmdline::{CommandLine, memory_mib, ovmf, tap_name},
    config::{Bios, VmConfig},
    error::{VmError, fallback},
    facts,
    happening::Exit,
    progress::Progress,
    running::{COMMAND, First, Running},
    snapshot_ram::{Kept, load},
    vms::{Inner, Vm, Vms},
    volumes,
};
use crate::hook::{self, Phase};

/// How long a QEMU that broke its connection off may take to end.
const LAST_WORDS: Duration = Duration::from_secs(2);

pub use hardware::Hardware;

/// How a VM is started.
#[derive(Debug, Clone, Default)]
pub struct StartOptions {
    /// Whatever it is locked for.
    pub skiplock: bool,
    /// How long QEMU may take until it answers, seconds; by memory and cards if not given.
    pub timeout: Option<u64>,
    /// Hardware in place of the configured one, until it ends.
    pub hardware: Hardware,
}

impl Vms {
    /// Starts a VM.
    ///
    /// # Errors
    /// When it runs already, is locked or a template, or cannot run here. Nothing is left behind then.
    pub async fn start(&self, progress: &dyn Progress, vmid: Vmid, options: StartOptions) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        if self.get(vmid)?.is_suspended() && self.running(vmid).is_none() {
            return self.take_up(progress, vmid, options).await;
        }
        self.start_in_turn(progress, vmid, options).await
    }

    pub(crate) async fn start_in_turn(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        options: StartOptions,
    ) -> Result<(), VmError> {
        self.boot(progress, vmid, options, None).await
    }

    /// Starts a VM that goes on with a memory that was kept.
    pub(crate) async fn start_from(&self, progress: &dyn Progress, vmid: Vmid, kept: Kept) -> Result<(), VmError> {
        self.boot(progress, vmid, StartOptions::default(), Some(kept)).await
    }

    pub(crate) async fn boot(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        options: StartOptions,
        kept: Option<Kept>,
    ) -> Result<(), VmError> {
        let vm = self.get(vmid)?;
        if vm.is_template() {
            return Err(VmError::Template);
        }
        vm.check_lock(options.skiplock)?;
        if self.running(vmid).is_some() {
            return Err(VmError::Running(vmid));
        }
        // A guest that goes on must find the machine that it left.
        if !vm.file.pending.is_empty() && kept.is_none() {
            self.inner.apply_pending(vmid).await?;
        }
        // A memory that was kept knows the CD as it was.
        if kept.is_none() {
            self.inner.refresh_cloudinit(progress, vmid).await?;
        }
        let vm = self.get(vmid)?;
        let script = vm.config.hookscript.as_deref();
        hook::run(&self.inner.storages, progress, vmid, script, Phase::PreStart).await?;
        let mut cleanup = Cleanup { vms: self, vmid, armed: true, process: None };
        let started = self.set_going(progress, (vmid, &vm), options, kept, &mut cleanup).await;
        let (running, connection) = match started {
            Ok(started) => started,
            Err(err) => {
                cleanup.undo().await;
                return Err(err);
            }
        };
        cleanup.armed = false;
        self.adopt(running, Some(connection));
        hook::attend(&self.inner.storages, progress, vmid, script, Phase::PostStart).await;
        Ok(())
    }

    /// Makes what the VM needs, runs QEMU and tells it the rest.
    async fn set_going(
        &self,
        progress: &dyn Progress,
        (vmid, vm): (Vmid, &Vm),
        options: StartOptions,
        kept: Option<Kept>,
        cleanup: &mut Cleanup<'_>,
    ) -> Result<(Running, Connection), VmError> {
        hook::note_start(&self.inner.paths.qemu_run(vmid, "started"))
            .map_err(VmError::io("unable to note the start"))?;
        self.inner.take_devices(progress, vmid, &vm.config).await?;
        let (line, machine) = self.plan(progress, (vmid, vm), &options.hardware, kept.as_ref()).await?;
        self.inner.note_machine(vmid, &machine)?;
        self.prepare_firmware(vmid, &vm.config)?;
        tap::create(&taps(vmid, &vm.config)).await?;
        self.start_helpers(progress, vmid, &vm.config).await?;
        // Held until QEMU has taken them.
        let pages = self.inner.take_huge_pages(progress, vmid, &line).await?;
        let limit = Duration::from_secs(options.timeout.unwrap_or_else(|| default_timeout(&vm.config, kept.is_some())));
        let (process, connection, exit) = self.launch((vmid, &vm.config), &line, limit, cleanup).await?;
        drop(pages);
        self.adjust(vmid, vm, &connection.0).await?;
        if let Some(kept) = kept {
            progress.log(&format!("taking up the memory in '{}'", kept.volume));
            let state = volumes::find(&self.inner.storages, &kept.volume).await.map_err(VmError::Volume)?;
            load(vmid, &connection.0, &state.path).await?;
        }
        let mut running = Running::new(vmid, process, self.inner.paths.qmp_socket(vmid), Some(machine));
        running.exit = Mutex::new(Some(exit));
        Ok((running, connection))
    }

    /// The command line and the machine type, with what the administrator should know told.
    async fn plan(
        &self,
        progress: &dyn Progress,
        (vmid, vm): (Vmid, &Vm),
        wanted: &Hardware,
        kept: Option<&Kept>,
    ) -> Result<(CommandLine, String), VmError> {
        if vm.config.kvm != Some(false)
            && let Some(warning) = fallback(self.inner.facts.probe(&self.inner.paths).await)
        {
            progress.log(&warning);
        }
        // A memory fits to its own hardware only, whatever the caller wants.
        let hardware = kept.map_or(wanted, |kept| &kept.hardware);
        let (mut line, machine) = self.inner.command_line(vmid, &hardware.configure(vm)).await?;
        hardware.adapt(&mut line.options);
        if kept.is_some() {
            line.options.push(("-incoming".to_owned(), Some("defer".to_owned())));
        }
        line.warnings.iter().for_each(|warning| progress.warn(warning));
        Ok((line, machine))
    }

    /// Runs QEMU and waits until it can be talked to.
    async fn launch(
        &self,
        (vmid, config): (Vmid, &VmConfig),
        line: &CommandLine,
        limit: Duration,
        cleanup: &mut Cleanup<'_>,
    ) -> Result<(Process, Connection, oneshot::Receiver<Exit>), VmError> {
        let log = self.inner.paths.qemu_log(vmid);
        logs::rotate(&log);
        // What an earlier process left would be connected to, and answers nobody.
        let _ = std::fs::remove_file(self.inner.paths.qmp_socket(vmid));
        let mut qemu = limits::program(vmid, config, line.program).await.args(line.args()).detached(&log)?;
        cleanup.process = qemu.pid().and_then(Process::find);
        if let Some(process) = cleanup.process {
            limits::begin(vmid, config, process)?;
        }
        let words = || last_words(&log);
        let socket = self.inner.paths.qmp_socket(vmid);
        let connected = tokio::select! {
            connected = Qmp::connect(&socket, limit) => connected,
            ended = qemu.wait() => return Err(VmError::Exited(exit_message(ended.err(), &words()))),
        };
        let connection = match connected {
            Ok(connection) => connection,
            // It answers no more because it is just ending: why, its last words tell better than a broken connection.
            Err(source) => match tokio::time::timeout(LAST_WORDS, qemu.wait()).await {
                Ok(ended) => return Err(VmError::Exited(exit_message(ended.err(), &words()))),
                Err(_) => return Err(VmError::Qmp { vmid, source }),
            },
        };
        // Under systemd the process we started has become QEMU itself; so the ID is the same in all cases.
        let process = qemu.pid().and_then(Process::find).ok_or_else(|| VmError::Exited(words()))?;
        Ok((process, connection, qemu.collected()))
    }

    /// What can only be said to a running QEMU.
    async fn adjust(&self, vmid: Vmid, vm: &Vm, qmp: &Qmp) -> Result<(), VmError> {
        let failed = |source| VmError::Qmp { vmid, source };
        // A guest begins with the least that it may have; the host gives it more when there is more.
        if let Some(mib) = vm.config.balloon.filter(|mib| *mib > 0) {
            qmp.call("balloon", json!({ "value": mib << 20 }), COMMAND).await.map_err(failed)?;
        }
        for (index, _) in vm.config.net.iter().filter(|(_, net)| net.link_down == Some(true)) {
            let down = json!({ "name": format!("net{index}"), "up": false });
            qmp.call("set_link", down, COMMAND).await.map_err(failed)?;
        }
        Ok(())
    }

    /// Fills the variable store of a VM that boots by OVMF and has no disk for it.
    fn prepare_firmware(&self, vmid: Vmid, config: &VmConfig) -> Result<(), VmError> {
        if config.bios != Some(Bios::Ovmf) || config.efidisk0.is_some() {
            return Ok(());
        }
        let source = std::path::Path::new(facts::FIRMWARE).join(ovmf(None, false, facts::small_ovmf()).vars);
        let target = self.inner.paths.qemu_run(vmid, "efivars");
        std::fs::copy(&source, &target)
            .map(|_| ())
            .map_err(VmError::io(format!("unable to copy {} (package 'ovmf')", source.display())))
    }
}

type Connection = (Qmp, tokio::sync::broadcast::Receiver<host::qmp::Event>);

/// Keeps the type of the connection beside [`First`] honest.
const _: fn(Connection) -> First = Some;

/// Ends and removes everything of a start that did not come to its end, or was cancelled.
struct Cleanup<'a> {
    vms: &'a Vms,
    vmid: Vmid,
    armed: bool,
    process: Option<Process>,
}

impl Cleanup<'_> {
    /// Ends and removes everything, and returns when that is done.
    async fn undo(mut self) {
        self.armed = false;
        put_away(&self.vms.inner, self.vmid, self.process).await;
    }
}

impl Drop for Cleanup<'_> {
    fn drop(&mut self) {
        if !self.armed {
            return;
        }
        let (vms, vmid, process) = (self.vms.clone(), self.vmid, self.process);
        tokio::spawn(async move {
            // Nobody else shall start it meanwhile. One who was faster has replaced all of it.
            let _turn = vms.turn(vmid).await;
            if vms.running(vmid).is_none() {
                put_away(&vms.inner, vmid, process).await;
            }
        });
    }
}

async fn put_away(inner: &Inner, vmid: Vmid, process: Option<Process>) {
    if let Some(process) = process {
        let gone = match process.kill() {
            Ok(()) => process.ended().await,
            Err(err) => Err(err),
        };
        if let Err(err) = gone {
            tracing::error!("VM {vmid}: process {} of a failed start cannot be ended: {err}", process.pid);
        }
    }
    inner.clean(vmid).await;
}

fn exit_message(ended: Option<host::run::RunError>, words: &str) -> String {
    match ended {
        Some(err) if words.is_empty() => err.to_string(),
        _ => words.to_owned(),
    }
}

/// How long QEMU may take until it answers, seconds: longer for much memory, memory in huge pages or from a file,
/// devices of the host (all memory is pinned for them), and many cards.
fn default_timeout(config: &VmConfig, resumes: bool) -> u64 {
    let mib = memory_mib(config);
    let memory = if mib > 30_720 { mib / 1024 } else { 30 };
    let pinned = if config.hostpci.is_empty() { memory } else { memory * 4 };
    let read = if resumes { 300 } else { 0 };
    let prepared = if config.hugepages.is_some() { 150 } else { 0 };
    pinned.max(read).max(prepared) + 5 * config.net.len() as u64
}

/// The host's ends of a VM's cards.
pub(crate) fn taps(vmid: Vmid, config: &VmConfig) -> Vec<Tap> {
    let cards = config.net.iter().filter_map(|(index, net)| {
        Some(Tap {
            name: tap_name(vmid.get(), *index),
            bridge: net.bridge.clone()?,
            multiqueue: net.queues.is_some_and(|queues| queues > 1),
            tag: net.tag.and_then(|tag| u16::try_from(tag).ok()),
            trunks: net.trunks.iter().flat_map(|trunks| trunks.split(';')).map(str::to_owned).collect(),
            rate: net.rate.filter(|rate| *rate > 0.0),
        })
    });
    cards.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_may_take_as_long_as_its_hardware_needs() {
        let seconds = |text: &str, resumes| default_timeout(&Vm::parse(text).config, resumes);
        assert_eq!(seconds("memory: 512\n", false), 30);
        assert_eq!(seconds("memory: 65536\nnet0: virtio,bridge=vmbr0\n", false), 69);
        assert_eq!(seconds("memory: 512\nhostpci0: 01:00\n", false), 120);
        assert_eq!(seconds("memory: 512\nhugepages: any\n", false), 150);
        assert_eq!(seconds("memory: 512\n", true), 300);
    }
}
