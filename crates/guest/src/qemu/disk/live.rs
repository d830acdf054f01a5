//! Copies of the disks of a VM while it runs: all of one moment.

use schema::Vmid;

use super::mirror::Mirror;
use crate::qemu::{
    error::VmError,
    progress::Progress,
    running::{COMMAND, Running},
    vms::Vms,
};

impl Vms {
    /// Waits until all copies are the same as their disks, and ends them at one moment, in which the guest's file
    /// systems are held still by its agent, or the guest stands still for a blink.
    ///
    /// # Errors
    /// When a medium fails or the task is stopped. The jobs that go on are for whoever undoes the steps.
    pub(in crate::qemu) async fn finish_copies(
        &self,
        progress: &dyn Progress,
        running: &Running,
        copies: &[Mirror],
    ) -> Result<(), VmError> {
        for copy in copies {
            copy.ready(progress, running).await?;
        }
        if copies.is_empty() {
            return Ok(());
        }
        let vmid: Vmid = running.vmid;
        let vm = self.get(vmid)?;
        let frozen = self.freeze(progress, vmid, &vm).await;
        let before = running.call("query-status", serde_json::json!({}), COMMAND).await;
        let paused = !frozen && before.is_ok_and(|status| status["running"] == serde_json::json!(true));
        if paused {
            running.call("stop", serde_json::json!({}), COMMAND).await?;
        }
        let ended = leave_all(running, copies).await;
        if paused {
            running.call("cont", serde_json::json!({}), COMMAND).await?;
        }
        if frozen {
            self.thaw(progress, vmid).await;
        }
        ended?;
        for copy in copies {
            copy.close(running).await?;
        }
        Ok(())
    }
}

async fn leave_all(running: &Running, copies: &[Mirror]) -> Result<(), VmError> {
    for copy in copies {
        copy.leave(running).await?;
    }
    for copy in copies {
        copy.end(running).await?;
    }
    Ok(())
}
