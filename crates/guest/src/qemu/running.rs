//! A running VM: its process, its control connection, and the watcher that reacts to what it does by itself.
//!
//! ```text
//!   start ──► running ◄──► paused
//!               │  │ the guest powers off
//!               │  └──► shutdown ──(we send quit)──┐
//!               └── quit, signal, crash ───────────┴──► ended ──► cleaned up (gone)
//! ```

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use host::{
    process::Process,
    qmp::{Event, Qmp, QmpError},
};
use schema::Vmid;
use serde_json::{Value, json};
use tokio::sync::{broadcast, oneshot, watch};

use super::{
    balloon::{self, GuestMemory},
    error::VmError,
    happening::{self, Exit, Happening, Weight},
};

/// How long a question about the state may take.
pub(crate) const QUICK: Duration = Duration::from_secs(2);

/// How long a command that changes something may take.
pub(crate) const COMMAND: Duration = Duration::from_secs(10);

/// How often a VM is asked whether it still answers.
const PULSE: Duration = Duration::from_secs(2);

/// How long a new connection may take to be greeted before the VM counts as silent.
const GREETING: Duration = Duration::from_secs(3);

/// How long the log is spared the same news of the same VM: guests can bring them about as often as they like.
const SPARED: Duration = Duration::from_secs(60);

/// How long the system may take to tell how a process that is gone has ended.
const EXIT: Duration = Duration::from_secs(1);

/// The state that is shown of a VM that does not answer.
const SILENT: &str = "unknown";

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

/// News of VMs, as far as they belong into a log.
pub(crate) type News = broadcast::Sender<(Vmid, Happening)>;

/// The last event of a VM, kept beyond its process.
pub(crate) type Last = Arc<Mutex<Option<Happening>>>;

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
    /// Where the node's news go.
    pub(super) news: News,
    /// What happened last, shared with whoever keeps it when we are gone.
    pub(super) last: Last,
    /// How the process ends, where we are its parent.
    pub(super) exit: Mutex<Option<oneshot::Receiver<Exit>>>,
    /// What QEMU said of its end.
    cause: Mutex<Option<String>>,
    /// Since when it does not answer, seconds since 1970.
    silent: Mutex<Option<i64>>,
    /// When the log was told of something last.
    logged: Mutex<HashMap<String, Instant>>,
    /// What the guest told of its memory last.
    memory: Mutex<Option<GuestMemory>>,
    /// The turn to talk to the guest's agent.
    pub(super) agent: tokio::sync::Mutex<()>,
    /// When a picture of the screen was taken last.
    pub(super) screen: tokio::sync::Mutex<Option<tokio::time::Instant>>,
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
            news: broadcast::Sender::new(1),
            last: Last::default(),
            exit: Mutex::default(),
            cause: Mutex::default(),
            silent: Mutex::default(),
            logged: Mutex::default(),
            memory: Mutex::new(None),
            agent: tokio::sync::Mutex::default(),
            screen: tokio::sync::Mutex::default(),
        }
    }

    /// What QEMU said last: `running`, `paused`, …
    #[must_use]
    pub fn state(&self) -> &'static str {
        *held(&self.state)
    }

    /// The same as it is shown: `unknown` while QEMU does not answer.
    #[must_use]
    pub fn shown(&self) -> &'static str {
        if self.silent().is_some() { SILENT } else { self.state() }
    }

    /// Since when QEMU does not answer, seconds since 1970; nothing while it does.
    #[must_use]
    pub fn silent(&self) -> Option<i64> {
        *held(&self.silent)
    }

    /// What the guest told of its memory last, if it tells.
    #[must_use]
    pub fn memory(&self) -> Option<GuestMemory> {
        held(&self.memory).clone()
    }

    async fn ask_memory(&self, qmp: &Qmp) {
        let told = balloon::ask(qmp).await;
        *held(&self.memory) = told;
    }

    fn set_state(&self, state: &str) {
        let known = STATES.iter().find(|known| **known == state).unwrap_or(&"running");
        let before = std::mem::replace(&mut *held(&self.state), known);
        if before != *known {
            self.changed();
        }
    }

    fn changed(&self) {
        self.changes.send_modify(|number| *number += 1);
    }

    /// Notes whether QEMU answers. What it does not answer now it may answer later: nothing else follows from it.
    fn set_answers(&self, answers: bool) {
        let now = host::clock::now();
        let before = {
            let mut silent = held(&self.silent);
            let after = if answers { None } else { silent.or(Some(now)) };
            std::mem::replace(&mut *silent, after)
        };
        let (event, text) = match (answers, before) {
            (false, None) => ("silent", "QEMU does not answer any more; its guest may stand still".to_owned()),
            (true, Some(since)) => ("answers", format!("QEMU answers again, after {} s", (now - since).max(0))),
            _ => return,
        };
        self.tell(Happening::new(event, Weight::Warning, now, text));
        self.changed();
    }

    /// Keeps what happened, and passes it on if it is news for the log.
    pub(crate) fn tell(&self, happening: Happening) {
        *held(&self.last) = Some(happening.clone());
        let key = format!("{} {}", happening.event, happening.device.as_deref().unwrap_or_default());
        if happening.weight == Weight::Note {
            return;
        }
        let mut logged = held(&self.logged);
        if logged.get(&key).is_some_and(|at| at.elapsed() < SPARED) {
            return;
        }
        logged.insert(key, Instant::now());
        // Nobody may be listening.
        let _ = self.news.send((self.vmid, happening));
    }

    /// Tells how it ended; `words` are the last lines of its log.
    pub(crate) async fn tell_end(&self, words: &str) {
        let exit = held(&self.exit).take();
        let exit = match exit {
            Some(exit) => tokio::time::timeout(EXIT, exit).await.ok().and_then(Result::ok),
            None => None,
        };
        let cause = held(&self.cause).clone();
        self.tell(happening::end(cause.as_deref(), exit.as_ref(), words, host::clock::now()));
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

    /// What the VM does from now on; nothing without a connection to it.
    pub(crate) fn events(&self) -> Option<broadcast::Receiver<Event>> {
        self.qmp.borrow().as_ref().and_then(Qmp::events)
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
                    None => Qmp::connect(&self.socket, GREETING).await,
                };
                match connected {
                    Ok((qmp, events)) => self.listen(qmp, events).await,
                    Err(err) => {
                        tracing::debug!("VM {}: {err}", self.vmid);
                        self.set_answers(false);
                    }
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
        let mut pulse = tokio::time::interval(PULSE);
        pulse.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let event = tokio::select! {
                biased;
                event = events.recv() => event,
                _ = pulse.tick() => {
                    self.refresh(&qmp).await;
                    continue;
                }
                _ = period.tick(), if tells && self.silent().is_none() => {
                    self.ask_memory(&qmp).await;
                    continue;
                }
            };
            match event {
                Ok(event) => {
                    self.note(&event);
                    if CHANGES.contains(&event.name.as_str()) {
                        self.refresh(&qmp).await;
                    }
                }
                Err(broadcast::error::RecvError::Lagged(_)) => self.refresh(&qmp).await,
                Err(broadcast::error::RecvError::Closed) => return,
            }
        }
    }

    /// Keeps what an event says.
    fn note(&self, event: &Event) {
        match event.name.as_str() {
            // A guest that powered off leaves QEMU to our quit, which is told, too; the first reason is the real one.
            "SHUTDOWN" => {
                let mut cause = held(&self.cause);
                if cause.is_none() {
                    *cause = event.data["reason"].as_str().map(str::to_owned);
                }
            }
            "RESUME" | "RESET" => *held(&self.cause) = None,
            _ => {}
        }
        if let Some(happening) = happening::of_event(event, host::clock::now()) {
            self.tell(happening);
        }
    }

    /// Asks for the state. A guest that has powered itself off leaves QEMU waiting; we let it end.
    async fn refresh(&self, qmp: &Qmp) {
        let status = match qmp.call("query-status", json!({}), QUICK).await {
            Ok(status) => status,
            Err(QmpError::Timeout { .. }) => return self.set_answers(false),
            // The connection is gone: either the process is, too, or the next connection will tell.
            Err(_) => return,
        };
        self.set_answers(true);
        self.set_state(status["status"].as_str().unwrap_or_default());
        if self.state() == "shutdown" {
            // The answer may get lost in the end that it causes.
            let _ = qmp.call("quit", json!({}), QUICK).await;
        }
    }
}

/// No code panics while holding one of these.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
