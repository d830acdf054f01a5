//! Keeps one role running.

use std::{ffi::OsString, time::Duration};

use host::role::{self, RoleProcess};
use tokio::{sync::watch, time::Instant};

/// A role gets this long until it is ready: at its start the daemon takes up all guests.
const START_TIME: Duration = Duration::from_secs(60);
/// Pause before a role that died is started again; doubles with each failure in a row.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// Running requests get this long at the end.
const STOP_TIME: Duration = Duration::from_secs(15);
/// A role that ran this long before it died has not failed to start.
const RAN_WELL: Duration = Duration::from_secs(30);

/// One role, its arguments, and its process.
pub(super) struct Keeper {
    args: Vec<OsString>,
    listen: Option<OsString>,
    process: Option<RoleProcess>,
    started: Instant,
    pause: Duration,
}

impl Keeper {
    /// Does not start it yet.
    pub(super) fn new(args: Vec<OsString>) -> Self {
        Self { args, listen: None, process: None, started: Instant::now(), pause: FIRST_PAUSE }
    }

    /// The address that the role shall listen on from its next start on.
    pub(super) fn listen(&mut self, address: &str) {
        self.listen = Some(format!("--listen={address}").into());
    }

    /// Starts it and waits until it is ready; answers the line by which it said so.
    pub(super) async fn start(&mut self) -> Result<String, String> {
        let args: Vec<OsString> = self.args.iter().chain(&self.listen).cloned().collect();
        self.started = Instant::now();
        let mut process = role::start(&args).map_err(|error| error.to_string())?;
        let ready = process.ready(START_TIME).await;
        if ready.is_err() {
            process.stop(Duration::ZERO).await;
        }
        let ready = ready.map_err(|error| error.to_string())?;
        tracing::info!("{} is ready (process {})", process.name(), process.pid().unwrap_or_default());
        self.process = Some(process);
        Ok(ready)
    }

    /// Starts it again whenever it dies, until told to stop; then ends it.
    pub(super) async fn run(mut self, mut stop: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                () = self.revive() => (),
                _ = stop.changed() => break,
            }
        }
        if let Some(mut process) = self.process.take() {
            process.stop(STOP_TIME).await;
        }
    }

    async fn revive(&mut self) {
        if let Some(process) = self.process.as_mut() {
            let how = process.ended().await;
            tracing::error!("{} ended unexpectedly ({how}); it is started again", process.name());
            self.process = None;
            if self.started.elapsed() > RAN_WELL {
                self.pause = FIRST_PAUSE;
            }
        }
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        if let Err(error) = self.start().await {
            tracing::error!("{error}");
        }
    }
}
