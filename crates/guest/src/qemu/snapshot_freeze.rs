//! Quiet file systems for the moment in which disks are kept: the guest's agent holds them still.

use schema::Vmid;
use serde_json::json;

use super::{
    error::VmError,
    progress::Progress,
    vms::{Vm, Vms},
};

impl Vms {
    /// Has the agent hold the guest's file systems still, where it is wanted and there is one. Tells whether
    /// [`Vms::thaw`] must follow. Without an agent the disks are kept as a power cut would leave them.
    pub(crate) async fn freeze(&self, progress: &dyn Progress, vmid: Vmid, vm: &Vm) -> bool {
        if vm.config.agent.as_ref().is_some_and(|agent| agent.freeze_fs == Some(false)) {
            return false;
        }
        match self.agent(vmid, "guest-fsfreeze-freeze", json!({})).await {
            Ok(_) => {
                progress.log("the guest's file systems are frozen");
                true
            }
            Err(VmError::NoAgent) => false,
            Err(why) => {
                progress.log(&format!("the guest's file systems are not frozen: {why}"));
                // It may have begun.
                true
            }
        }
    }

    /// Lets the guest's file systems go on.
    pub(crate) async fn thaw(&self, progress: &dyn Progress, vmid: Vmid) {
        // Why there is nothing to thaw was said before.
        if self.agent(vmid, "guest-fsfreeze-thaw", json!({})).await.is_ok() {
            progress.log("the guest's file systems go on");
        }
    }
}
