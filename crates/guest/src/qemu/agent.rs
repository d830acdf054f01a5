//! The guest agent of a VM: what it is asked, and what of it is used here.

use std::time::Duration;

use host::qga::{self, QgaError};
use schema::Vmid;
use serde_json::{Value, json};

use super::{
    error::VmError,
    running::{QUICK, Running},
    vms::{Vm, Vms},
};

/// How long most commands may take.
const USUAL: Duration = Duration::from_secs(10);

/// How long may take what waits for the guest's disks.
const DISKS: Duration = Duration::from_secs(60);

/// How long a caller waits for others that talk to the same agent.
const TURN: Duration = Duration::from_secs(5);

/// How a command ends.
fn limit(command: &str) -> Option<Duration> {
    match command {
        // They end or halt the guest, and are answered by nothing.
        "guest-shutdown" | "guest-suspend-disk" | "guest-suspend-ram" | "guest-suspend-hybrid" => None,
        "guest-fsfreeze-freeze" | "guest-fsfreeze-freeze-list" | "guest-fsfreeze-thaw" | "guest-fstrim" => Some(DISKS),
        _ => Some(USUAL),
    }
}

impl Vms {
    /// Asks a VM's agent something, and waits for the answer a limited time.
    ///
    /// # Errors
    /// When the VM has no agent configured, does not run, or its agent is silent or refuses.
    pub async fn agent(&self, vmid: Vmid, command: &str, arguments: Value) -> Result<Value, VmError> {
        let vm = self.get(vmid)?;
        if !enabled(&vm) {
            return Err(VmError::NoAgent);
        }
        let running = self.running(vmid).ok_or(VmError::NotRunningForAgent(vmid))?;
        Ok(self.ask_agent(&running, command, arguments).await?)
    }

    async fn ask_agent(&self, running: &Running, command: &str, arguments: Value) -> Result<Value, QgaError> {
        // The socket takes one client at a time; who stands behind a slow one is told so.
        let turn = tokio::time::timeout(TURN, running.agent.lock()).await;
        let _turn = turn.map_err(|_| QgaError::Timeout(command.to_owned()))?;
        if !listens(running).await {
            return Err(QgaError::Silent);
        }
        let path = self.inner.paths.agent_socket(running.vmid);
        match limit(command) {
            Some(limit) => qga::call(&path, command, arguments, limit).await,
            None => qga::order(&path, command, arguments).await.map(|()| json!({})),
        }
    }

    /// Asks the agent to shut the guest down; the error tells why it will not.
    pub(crate) async fn agent_shutdown(&self, vm: &Vm, running: &Running) -> Option<Result<(), QgaError>> {
        if !enabled(vm) {
            return None;
        }
        Some(self.ask_agent(running, "guest-shutdown", json!({ "mode": "powerdown" })).await.map(drop))
    }
}

/// Whether the configuration in force offers the channel.
fn enabled(vm: &Vm) -> bool {
    vm.config.agent.as_ref().is_some_and(|agent| agent.enabled)
}

/// Whether something in the guest holds the channel open, as far as QEMU knows: saves waiting for nobody.
async fn listens(running: &Running) -> bool {
    let Ok(devices) = running.call("query-chardev", json!({}), QUICK).await else { return true };
    let channel = devices.as_array().into_iter().flatten().find(|device| device["label"] == "qga0");
    channel.is_none_or(|channel| channel["frontend-open"] != false)
}
