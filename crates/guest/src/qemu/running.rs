//! A running VM: its process, its control connection, and the watcher that reacts to what it does by itself.
//!
//! ```text
//!   start ──► running ◄──► paused
//!               │  │ the guest powers off
//!               │  └──► shutdown ──(we send quit)──┐
//!               └── quit, signal, crash ───────────┴──► ended ──► cleaned up (gone)
//! ```

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use host::{
    process::Process,
    qmp::{Event, Qmp},
};
use schema::Vmid;
use serde_json::{Value, json};
use tokio::sync::{broadcast, watch};

use super::{
    balloon::{self, GuestMemory},
    error::VmError,
};

/// How long a question about the state may take.
pub(crate) const QUICK: Duration = Duration::from_secs(2);

/// How long a command that changes something may take.
pub(crate) const COMMAND: Duration = Duration::from_secs(10);

/// All states QEMU knows; what a VM is in comes back as one of these.
const STATES: &[&str] = &[
    "running",
    "paused",
    "prelaunch",
    "suspended",
    "shutdown",
    "io-error",
    "inmigrate",
    "postmigrate",
    "internal-error",
    "finish-migrate",
    "save-vm",
    "restore-vm",
    "watchdog",
    "guest-panicked",
    "debug",
    "colo",
];

/// Events after which the state may be another one.
const CHANGES: &[&str] = &[
    "STOP",
    "RESUME",
    "SUSPEND",
    "SUSPEND_DISK",
    "WAKEUP",
    "SHUTDOWN",
    "RESET",
    "GUEST_PANICKED",
    "BLOCK_IO_ERROR",
    "WATCHDOG",
];

/// A connection that was made before the process is followed.
pub(crate) type First = Option<(Qmp, broadcast::Receiver<Event>)>;

/// A VM's process while it lives.
pub struct Running {
    /// The ID.
    pub vmid: Vmid,
    /// QEMU.
    pub process: Process,
    /// Its control socket.
    socket: std::path::PathBuf,
    /// Machine type as `running-machine` shows it, where we started it.
    pub machine: Option<String>,
    state: Mutex<&'static str>,
    qmp: watch::Sender<Option<Qmp>>,
    gone: watch::Sender<bool>,
    /// Counts changes of states of all VMs of the node.
    pub(super) changes: watch::Sender<u64>,
    /// What the guest told of its memory last.
    memory: Mutex<Option<GuestMemory>>,
    /// The turn to talk to the guest's agent.
    pub(super) agent: tokio::sync::Mutex<()>,
}

impl Running {
    pub(crate) fn new(vmid: Vmid, process: Process, socket: std::path::PathBuf, machine: Option<String>) -> Self {
        Self {
            vmid,
            process,
            socket,
            machine,
            state: Mutex::new("running"),
            qmp: watch::Sender::new(None),
            gone: watch::Sender::new(false),
            changes: watch::Sender::new(0),
            memory: Mutex::new(None),
            agent: tokio::sync::Mutex::default(),
        }
    }

    /// What QEMU said last: `running`, `paused`, …
    #[must_use]
    pub fn state(&self) -> &'static str {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the guest told of its memory last, if it tells.
    #[must_use]
    pub fn memory(&self) -> Option<GuestMemory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn ask_memory(&self, qmp: &Qmp) {
        let told = balloon::ask(qmp).await;
        *self.memory.lock().unwrap_or_else(PoisonError::into_inner) = told;
    }

    fn set_state(&self, state: &str) {
        let known = STATES.iter().find(|known| **known == state).unwrap_or(&"running");
        let before = std::mem::replace(&mut *self.state.lock().unwrap_or_else(PoisonError::into_inner), known);
        if before != *known {
            self.changes.send_modify(|number| *number += 1);
        }
    }

    /// Asks QEMU something.
    ///
    /// # Errors
    /// When it refuses or does not answer in time.
    pub async fn call(&self, command: &str, arguments: Value, limit: Duration) -> Result<Value, VmError> {
        let failed = |source| VmError::Qmp { vmid: self.vmid, source };
        let mut connection = self.qmp.subscribe();
        let connected = tokio::time::timeout(limit, connection.wait_for(Option::is_some)).await;
        let qmp = connected.ok().and_then(Result::ok).and_then(|qmp| qmp.clone());
        let qmp = qmp.ok_or_else(|| failed(host::qmp::QmpError::Timeout { command: command.to_owned() }))?;
        qmp.call(command, arguments, limit).await.map_err(failed)
    }

    /// Waits until the process has ended and everything of it is cleaned up; false if that takes too long.
    pub async fn gone_within(&self, limit: Duration) -> bool {
        let mut gone = self.gone.subscribe();
        tokio::time::timeout(limit, gone.wait_for(|gone| *gone)).await.is_ok_and(|seen| seen.is_ok())
    }

    /// Asks for the state now instead of waiting for QEMU to tell.
    pub(crate) async fn refresh_now(&self) {
        let qmp = self.qmp.borrow().clone();
        if let Some(qmp) = qmp {
            self.refresh(&qmp).await;
        }
    }

    pub(crate) fn set_gone(&self) {
        self.gone.send_replace(true);
    }

    /// Follows the VM until its process ends. `first` is the connection that its start made, if that was us.
    pub(crate) async fn follow(&self, first: First) {
        let talk = async {
            let mut first = first;
            loop {
                let connected = match first.take() {
                    Some(connected) => Ok(connected),
                    None => Qmp::connect(&self.socket, COMMAND).await,
                };
                match connected {
                    Ok((qmp, events)) => self.listen(qmp, events).await,
                    Err(err) => tracing::warn!("VM {}: {err}", self.vmid),
                }
                self.qmp.send_replace(None);
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        };
        tokio::select! {
            ended = self.process.ended() => if let Err(err) = ended {
                tracing::error!("VM {}: its process cannot be watched: {err}", self.vmid);
            },
            () = talk => {}
        }
    }

    /// Reacts to events until the connection ends.
    async fn listen(&self, qmp: Qmp, mut events: broadcast::Receiver<Event>) {
        self.qmp.send_replace(Some(qmp.clone()));
        self.refresh(&qmp).await;
        let tells = balloon::begin(&qmp).await;
        let mut period = tokio::time::interval(balloon::PERIOD);
        loop {
            let event = tokio::select! {
                event = events.recv() => event,
                _ = period.tick(), if tells => {
                    self.ask_memory(&qmp).await;
                    continue;
                }
            };
            match event {
                Ok(event) if !CHANGES.contains(&event.name.as_str()) => {}
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => self.refresh(&qmp).await,
                Err(broadcast::error::RecvError::Closed) => return,
            }
        }
    }

    /// Asks for the state. A guest that has powered itself off leaves QEMU waiting; we let it end.
    async fn refresh(&self, qmp: &Qmp) {
        let Ok(status) = qmp.call("query-status", json!({}), QUICK).await else { return };
        self.set_state(status["status"].as_str().unwrap_or_default());
        if self.state() == "shutdown" {
            // The answer may get lost in the end that it causes.
            let _ = qmp.call("quit", json!({}), QUICK).await;
        }
    }
}
