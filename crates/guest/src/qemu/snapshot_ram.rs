//! The memory of a running VM, kept in a file and taken up again: a migration to and from a file.
//!
//! The guest goes on while its memory is written. At the end it stops for a moment; that is when the disks are kept,
//! so that both show the same state.

use std::{future::Future, path::Path, time::Duration};

use host::qmp::Qmp;
use schema::Vmid;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{
    error::VmError,
    progress::Progress,
    running::{COMMAND, Running},
    start::Hardware,
};
use crate::config_file::Section;

/// How often QEMU is asked how far it is.
const ASK: Duration = Duration::from_millis(50);

/// How long a guest may change its memory faster than it can be written before it is made to wait for the rest.
const PATIENCE: Duration = Duration::from_secs(120);

/// Longest pause while it is patient, and then; milliseconds.
const PAUSE: [u64; 2] = [500, 1_000_000];

/// How long taking up a memory may take.
const LOAD: Duration = Duration::from_secs(3600);

/// A memory that was kept, and what it needs.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// The volume.
    pub(crate) volume: String,
    /// The hardware that it belongs to.
    pub(crate) hardware: Hardware,
}

impl Kept {
    /// What a snapshot's section says.
    pub(crate) fn of(section: &Section, volume: &str) -> Self {
        Self { volume: volume.to_owned(), hardware: Hardware::of(section) }
    }
}

/// Writes the memory of a running VM to a file. `disks` runs while the guest stands still.
///
/// # Errors
/// When QEMU refuses, `disks` fails, or the task is stopped. The guest goes on in any case.
pub(crate) async fn save(
    progress: &dyn Progress,
    running: &Running,
    path: &Path,
    disks: impl Future<Output = Result<(), VmError>>,
) -> Result<(), VmError> {
    let before = running.call("query-status", json!({}), COMMAND).await?;
    let saved = tokio::select! {
        saved = write(progress, running, path, disks) => saved,
        () = progress.cancelled() => Err(VmError::Cancelled),
    };
    let settled = match before["running"] == json!(true) {
        true => settle(running).await,
        false => cancel(running).await,
    };
    saved.and(settled)
}

/// Writes the memory of a running VM to a file and leaves the guest where it is then: its process is to end.
///
/// # Errors
/// When QEMU refuses, or the task is stopped. The guest goes on then.
pub(crate) async fn keep(progress: &dyn Progress, running: &Running, path: &Path) -> Result<(), VmError> {
    let before = running.call("query-status", json!({}), COMMAND).await?;
    let kept = tokio::select! {
        kept = write(progress, running, path, std::future::ready(Ok(()))) => kept,
        () = progress.cancelled() => Err(VmError::Cancelled),
    };
    if kept.is_err() {
        match before["running"] == json!(true) {
            true => settle(running).await?,
            false => cancel(running).await?,
        }
    }
    kept
}

async fn write(
    progress: &dyn Progress,
    running: &Running,
    path: &Path,
    disks: impl Future<Output = Result<(), VmError>>,
) -> Result<(), VmError> {
    let capability = json!({ "capability": "pause-before-switchover", "state": true });
    running.call("migrate-set-capabilities", json!({ "capabilities": [capability] }), COMMAND).await?;
    let limits = |pause: u64| json!({ "max-bandwidth": 1_u64 << 40, "downtime-limit": pause });
    running.call("migrate-set-parameters", limits(PAUSE[0]), COMMAND).await?;
    let place = json!({ "uri": format!("file:{}", path.display()) });
    running.call("migrate", place, COMMAND).await?;
    let (begun, mut told, mut urged) = (Instant::now(), Instant::now(), false);
    let (mut disks, mut kept) = (Some(disks), false);
    loop {
        let state = running.call("query-migrate", json!({}), COMMAND).await?;
        match state["status"].as_str().unwrap_or_default() {
            "completed" if kept => return Ok(()),
            "pre-switchover" => {
                if let Some(disks) = disks.take() {
                    disks.await?;
                    kept = true;
                    running.call("migrate-continue", json!({ "state": "pre-switchover" }), COMMAND).await?;
                }
            }
            "completed" | "failed" | "cancelled" => return Err(VmError::Volume(failure(&state))),
            _ => {}
        }
        if told.elapsed() > Duration::from_secs(1) {
            told = Instant::now();
            let mib = |key: &str| state["ram"][key].as_u64().unwrap_or(0) >> 20;
            progress.log(&format!("{} MiB written, {} MiB left", mib("transferred"), mib("remaining")));
        }
        if begun.elapsed() > PATIENCE && !urged {
            urged = true;
            running.call("migrate-set-parameters", limits(PAUSE[1]), COMMAND).await?;
        }
        sleep(ASK).await;
    }
}

fn failure(state: &Value) -> String {
    let why = state["error-desc"].as_str().unwrap_or("QEMU does not say why");
    format!("unable to save the memory of the VM - {why}")
}

async fn cancel(running: &Running) -> Result<(), VmError> {
    running.call("migrate_cancel", json!({}), COMMAND).await?;
    // It ends what is going on in steps.
    for _ in 0..200 {
        let state = running.call("query-migrate", json!({}), COMMAND).await?;
        if !matches!(state["status"].as_str(), Some("cancelling" | "active" | "setup" | "device" | "pre-switchover")) {
            break;
        }
        sleep(ASK).await;
    }
    Ok(())
}

/// Lets a guest go on whose memory was saved, or was to be.
pub(crate) async fn settle(running: &Running) -> Result<(), VmError> {
    cancel(running).await?;
    let status = running.call("query-status", json!({}), COMMAND).await?;
    if matches!(status["status"].as_str(), Some("postmigrate" | "finish-migrate" | "paused")) {
        running.call("cont", json!({}), COMMAND).await?;
    }
    running.refresh_now().await;
    Ok(())
}

/// Lets a fresh QEMU take up a kept memory and run.
pub(crate) async fn load(vmid: Vmid, qmp: &Qmp, path: &Path) -> Result<(), VmError> {
    let failed = |source| VmError::Qmp { vmid, source };
    let place = json!({ "uri": format!("file:{}", path.display()) });
    qmp.call("migrate-incoming", place, COMMAND).await.map_err(failed)?;
    let begun = Instant::now();
    loop {
        let state = qmp.call("query-migrate", json!({}), COMMAND).await.map_err(failed)?;
        match state["status"].as_str().unwrap_or_default() {
            "completed" => break,
            "failed" => return Err(VmError::Volume(format!("unable to take up the memory - {}", failure(&state)))),
            _ if begun.elapsed() > LOAD => {
                return Err(VmError::Volume("unable to take up the memory - got timeout".to_owned()));
            }
            _ => sleep(ASK).await,
        }
    }
    let status = qmp.call("query-status", json!({}), COMMAND).await.map_err(failed)?;
    if status["running"] != json!(true) {
        qmp.call("cont", json!({}), COMMAND).await.map_err(failed)?;
    }
    Ok(())
}
