//! Copies of a running VM's disk, by QEMU itself: everything that is there, then whatever the guest writes meanwhile.
//!
//! ```text
//!   begin ──► copies ──► ready ──► complete: the drive stands on the copy
//!               │          └─────► leave: the copy keeps what the disk held at that moment
//!               └── cancelled, or an error: the drive stands where it stood
//! ```

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::graph::{self, Node};
use crate::qemu::{
    error::VmError,
    progress::Progress,
    running::{COMMAND, Running},
};

/// How often QEMU is asked how far it is.
const ASK: Duration = Duration::from_millis(200);

/// How long the guest's writes may take to go to both images at once, before the copy is ended nevertheless.
const SYNCED: Duration = Duration::from_secs(30);

/// How long the last step may take: all of the guest's requests that are under way end first.
const LAST: Duration = Duration::from_secs(120);

/// A copy that goes on inside QEMU.
#[derive(Debug, Clone)]
pub(crate) struct Mirror {
    /// The drive: `scsi0`.
    drive: String,
    /// Number of the job.
    job: String,
    /// Node of the image that is copied.
    source: String,
    /// Node of the copy.
    target: String,
}

/// How far a copy is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct State {
    done: u64,
    total: u64,
    ready: bool,
    /// The guest's writes go to both images at once.
    synced: bool,
    /// It ended; with the reason if it failed.
    ended: Option<Result<(), String>>,
}

fn state(job: &Value) -> State {
    let error = job["error"].as_str().map(str::to_owned);
    let ended = matches!(job["status"].as_str(), Some("concluded" | "null"));
    State {
        done: job["offset"].as_u64().unwrap_or(0),
        total: job["len"].as_u64().unwrap_or(0),
        ready: job["ready"] == json!(true),
        synced: job["actively-synced"] == json!(true),
        ended: ended.then(|| error.map_or(Ok(()), Err)),
    }
}

impl Mirror {
    /// The copy of a drive to a volume, as it is called inside QEMU.
    fn named(drive: &str, volume: &str, source: &str) -> Self {
        let (target, _) = graph::names(drive, volume);
        let job = target.replacen("format", "mirror", 1);
        Self { drive: drive.to_owned(), job, source: source.to_owned(), target }
    }

    /// Lets QEMU open a volume, which `image` describes, and copy a drive's image to it. `limit` is in KiB a second.
    ///
    /// # Errors
    /// When QEMU cannot open it or the drive is in the middle of something else.
    pub(crate) async fn begin(
        running: &Running,
        (drive, source): (&str, &Node),
        (volume, image): (&str, Value),
        limit: Option<u64>,
    ) -> Result<Self, VmError> {
        let mirror = Self::named(drive, volume, &source.name);
        running.call("blockdev-add", graph::adapt(image, &graph::names(drive, volume)), COMMAND).await?;
        // QEMU copies only what a device stands on, the limits; but the image below is what the copy replaces. So the
        // copy is not faster than the limits of the drive.
        let wish = json!({
            "job-id": mirror.job, "device": format!("drive-{drive}"), "replaces": mirror.source,
            "target": mirror.target, "sync": "full",
            "speed": limit.unwrap_or(0).saturating_mul(1024), "auto-dismiss": false,
        });
        running.call("blockdev-mirror", wish, COMMAND).await?;
        Ok(mirror)
    }

    async fn state(&self, running: &Running) -> Result<Option<State>, VmError> {
        let jobs = running.call("query-block-jobs", json!({}), COMMAND).await?;
        let job = jobs.as_array().into_iter().flatten().find(|job| job["device"] == self.job.as_str());
        if let Some(job) = job {
            return Ok(Some(state(job)));
        }
        // What has ended is in the other list only.
        let jobs = running.call("query-jobs", json!({}), COMMAND).await?;
        Ok(jobs.as_array().into_iter().flatten().find(|job| job["id"] == self.job.as_str()).map(state))
    }

    fn failed(&self, why: &str) -> VmError {
        VmError::Volume(format!("copying drive '{}' failed: {why}", self.drive))
    }

    /// Waits until both images are the same, but for what the guest is writing.
    ///
    /// # Errors
    /// When a medium fails or the task is stopped. The job, if it goes on, is for whoever undoes the step.
    pub(crate) async fn ready(&self, progress: &dyn Progress, running: &Running) -> Result<(), VmError> {
        let what = format!("{}: transferred", self.drive);
        loop {
            let state = self.state(running).await?.ok_or_else(|| self.failed("QEMU has ended it"))?;
            if let Some(ended) = state.ended {
                return Err(self.failed(&ended.err().unwrap_or_else(|| "it was cancelled".to_owned())));
            }
            if state.total > 0 {
                progress.bytes(&what, state.done, state.total);
            }
            if state.ready {
                progress.bytes(&what, state.total, state.total);
                return Ok(());
            }
            tokio::select! {
                () = sleep(ASK) => {}
                () = progress.cancelled() => return Err(VmError::Cancelled),
            }
        }
    }

    /// From now on a write of the guest ends only when both images have it, so that the last step is short.
    pub(crate) async fn tighten(&self, progress: &dyn Progress, running: &Running) -> Result<(), VmError> {
        let change = json!({ "id": self.job, "type": "mirror", "copy-mode": "write-blocking" });
        if let Err(error) = running.call("block-job-change", change, COMMAND).await {
            // Older ones cannot; the last step takes a little longer then.
            tracing::debug!("VM {}: {error}", running.vmid);
            return Ok(());
        }
        let begun = Instant::now();
        while begun.elapsed() < SYNCED {
            match self.state(running).await? {
                Some(State { synced: false, ended: None, .. }) => {}
                _ => break,
            }
            tokio::select! {
                () = sleep(ASK) => {}
                () = progress.cancelled() => return Err(VmError::Cancelled),
            }
        }
        Ok(())
    }

    /// Lets the drive stand on the copy, and closes what it stood on.
    ///
    /// # Errors
    /// When QEMU refuses: the drive stands where it stood then.
    pub(crate) async fn complete(&self, running: &Running) -> Result<(), VmError> {
        running.call("block-job-complete", json!({ "device": self.job }), COMMAND).await?;
        self.end(running).await?;
        graph::close(running, &self.source).await
    }

    /// Ends a copy that is ready, with what the disk holds now; the drive stands where it stood.
    ///
    /// # Errors
    /// When QEMU refuses.
    pub(crate) async fn leave(&self, running: &Running) -> Result<(), VmError> {
        running.call("block-job-cancel", json!({ "device": self.job, "force": false }), COMMAND).await?;
        Ok(())
    }

    /// Waits for the end of a job that was asked to end.
    pub(crate) async fn end(&self, running: &Running) -> Result<(), VmError> {
        let begun = Instant::now();
        loop {
            match self.state(running).await? {
                None => return Ok(()),
                Some(State { ended: Some(outcome), .. }) => {
                    running.call("job-dismiss", json!({ "id": self.job }), COMMAND).await?;
                    return outcome.map_err(|why| self.failed(&why));
                }
                Some(_) if begun.elapsed() > LAST => return Err(self.failed("its end - got timeout")),
                Some(_) => sleep(Duration::from_millis(20)).await,
            }
        }
    }

    /// Closes a copy that was left.
    ///
    /// # Errors
    /// When QEMU refuses.
    pub(crate) async fn close(&self, running: &Running) -> Result<(), VmError> {
        graph::close(running, &self.target).await
    }
}

/// What became of a copy that somebody else began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The drive stands where it stood; the copy is closed.
    Dropped,
    /// The drive stands on the copy.
    Completed,
}

/// Takes back a copy of a drive to a volume, however far it is.
///
/// # Errors
/// When QEMU does not answer or cannot let go of it.
pub(crate) async fn take_back(running: &Running, drive: &str, volume: &str) -> Result<Fate, VmError> {
    let mirror = Mirror::named(drive, volume, "");
    if mirror.state(running).await?.is_some_and(|state| state.ended.is_none()) {
        // Fails when it ended just now.
        let _ = running.call("block-job-cancel", json!({ "device": mirror.job, "force": true }), COMMAND).await;
    }
    // It ends with an error: it was cancelled.
    let ended = mirror.end(running).await;
    let images = graph::images(running, drive).await?;
    if !images.iter().any(|node| node.name == mirror.target) {
        return Ok(Fate::Dropped);
    }
    if images.len() == 1 {
        return Ok(Fate::Completed);
    }
    mirror.close(running).await.or_else(|error| ended.and(Err(error)))?;
    Ok(Fate::Dropped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_tells_how_far_it_is() {
        let mut job = json!({ "device": "mirror-scsi0", "offset": 5, "len": 10, "ready": false, "status": "running" });
        let far = State { done: 5, total: 10, ready: false, synced: false, ended: None };
        assert_eq!(state(&job), far);
        job["actively-synced"] = json!(true);
        job["ready"] = json!(true);
        assert_eq!(state(&job), State { ready: true, synced: true, ..far.clone() });
        let gone = json!({ "id": "mirror-scsi0", "status": "concluded", "error": "No space left on device" });
        assert_eq!(state(&gone).ended, Some(Err("No space left on device".to_owned())));
        assert_eq!(state(&json!({ "status": "concluded" })).ended, Some(Ok(())));
    }

    #[test]
    fn each_volume_has_a_job_of_its_own() {
        let one = Mirror::named("scsi0", "a:1", "format-scsi0");
        assert!(one.job.starts_with("mirror-scsi0-") && one.target.starts_with("format-scsi0-"));
        assert_ne!(one.job, Mirror::named("scsi0", "a:2", "format-scsi0").job);
    }
}
