//! Before disks are kept: whether their names are free, and quiet file systems for the moment, which the guest's agent
//! holds still.

use schema::Vmid;
use serde_json::json;

use super::{
    error::VmError,
    progress::Progress,
    snapshot::disks,
    snapshot_edge::{has, known_to},
    vms::{Vm, Vms},
};

impl Vms {
    /// Refuses a name that a disk has a snapshot of already, which no configuration knows: taking the new one back would
    /// remove that one.
    pub(crate) async fn check_foreign(&self, vmid: Vmid, name: &str) -> Result<(), VmError> {
        let vm = self.get(vmid)?;
        let nodes = match self.running(vmid) {
            Some(running) => Some(known_to(&running).await?),
            None => None,
        };
        for (key, id) in disks(&self.inner.storages, &vm.file.main)? {
            let there = match &nodes {
                Some(nodes) => has(nodes, &format!("drive-{key}"), name),
                None => {
                    let names = self.inner.storages.snapshots(&id).await;
                    names.map_err(|err| VmError::Volume(err.to_string()))?.iter().any(|known| known == name)
                }
            };
            if there {
                let why = format!(
                    "volume '{id}' has a snapshot '{name}' already, of which the configuration knows nothing - choose \
                     another name"
                );
                return Err(VmError::Volume(why));
            }
        }
        Ok(())
    }

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
