//! Ending, pausing and resetting a VM.

use std::time::Duration;

use schema::Vmid;
use serde_json::json;

use super::{
    error::VmError,
    progress::Progress,
    running::{COMMAND, Running},
    start::StartOptions,
    vms::{Vm, Vms},
};
use crate::hook::{self, Phase};

/// How long QEMU may take to end after it was told to.
const STOP: Duration = Duration::from_secs(60);

/// How long it may take after SIGTERM.
const TERMINATE: Duration = Duration::from_secs(10);

/// How long a guest may take to shut down, seconds, where nothing else is said.
const SHUTDOWN: u64 = 60;

/// How a VM is shut down.
#[derive(Debug, Clone, Copy, Default)]
pub struct ShutdownOptions {
    /// Whatever it is locked for.
    pub skiplock: bool,
    /// How long the guest may take, seconds.
    pub timeout: Option<u64>,
    /// Stop it when it has not shut down by then.
    pub force: bool,
}

impl Vms {
    /// Ends a VM as pulling the plug does.
    ///
    /// # Errors
    /// When it does not run, is locked, or survives even SIGKILL.
    pub async fn stop(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        skiplock: bool,
        timeout: Option<u64>,
    ) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        let vm = self.get(vmid)?;
        vm.check_lock(skiplock)?;
        let running = self.require_running(vmid)?;
        self.before_stop(progress, vmid, &vm).await;
        self.quit(&running, timeout.map_or(STOP, Duration::from_secs)).await
    }

    /// Lets the VM's script know; what it thinks of it changes nothing.
    async fn before_stop(&self, progress: &dyn Progress, vmid: Vmid, vm: &Vm) {
        let script = vm.config.hookscript.as_deref();
        hook::attend(&self.inner.storages, progress, vmid, script, Phase::PreStop).await;
    }

    pub(crate) async fn quit(&self, running: &Running, limit: Duration) -> Result<(), VmError> {
        // Its answer may get lost in the end that it causes; what counts is that the process ends.
        let told = match running.silent() {
            None => running.call("quit", json!({}), COMMAND.min(limit)).await.is_ok(),
            Some(_) => false,
        };
        if told && ended_within(running, limit).await {
            return Ok(());
        }
        let failed = |vmid| VmError::io(format!("unable to end VM {vmid}"));
        running.process.end(TERMINATE).await.map_err(failed(running.vmid))?;
        if ended_within(running, COMMAND).await { Ok(()) } else { Err(VmError::ShutdownTimeout) }
    }

    /// Asks the guest to shut down (ACPI power button) and waits until it has.
    ///
    /// # Errors
    /// When it does not run, is locked, is paused, or takes too long without `force`.
    pub async fn shutdown(&self, progress: &dyn Progress, vmid: Vmid, options: ShutdownOptions) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        self.shutdown_in_turn(progress, vmid, options).await
    }

    async fn shutdown_in_turn(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        options: ShutdownOptions,
    ) -> Result<(), VmError> {
        let vm = self.get(vmid)?;
        vm.check_lock(options.skiplock)?;
        let running = self.require_running(vmid)?;
        if running.state() == "paused" {
            if options.force {
                return self.quit(&running, STOP).await;
            }
            return Err(VmError::parameter("vmid", "VM is paused - cannot shutdown"));
        }
        self.before_stop(progress, vmid, &vm).await;
        let limit = options.timeout.or_else(|| startup_down(vm.config.startup.as_deref())).unwrap_or(SHUTDOWN);
        let asked = self.ask_to_shut_down(progress, &vm, &running).await;
        let ended = async { asked.is_ok() && ended_within(&running, Duration::from_secs(limit)).await };
        tokio::select! {
            ended = ended => if ended {
                return Ok(());
            },
            () = progress.cancelled() => return Err(VmError::Cancelled),
        }
        if !options.force {
            return Err(VmError::ShutdownTimeout);
        }
        progress.log("VM quit/powerdown failed - terminating now with SIGTERM");
        self.quit(&running, TERMINATE).await
    }

    /// The agent in the guest is asked where there is one: a guest may take the power button for something else.
    async fn ask_to_shut_down(&self, progress: &dyn Progress, vm: &Vm, running: &Running) -> Result<(), VmError> {
        match self.agent_shutdown(vm, running).await {
            Some(Ok(())) => return Ok(()),
            Some(Err(why)) => progress.log(&format!("{why}; pressing the power button (ACPI) instead")),
            None => {}
        }
        running.call("system_powerdown", json!({}), COMMAND).await.map(drop)
    }

    /// Shuts the guest down and starts it again, so that pending changes take effect.
    ///
    /// # Errors
    /// As [`Vms::shutdown`] and [`Vms::start`].
    pub async fn reboot(&self, progress: &dyn Progress, vmid: Vmid, timeout: Option<u64>) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        // The request outlives us: whoever takes the VM up after a crash finds it.
        let request = self.inner.paths.qemu_run(vmid, "reboot");
        std::fs::write(&request, "").map_err(VmError::io("unable to note the request to reboot"))?;
        let outcome = async {
            let options = ShutdownOptions { timeout, ..ShutdownOptions::default() };
            self.shutdown_in_turn(progress, vmid, options).await?;
            self.start_in_turn(progress, vmid, StartOptions::default()).await
        };
        let outcome = outcome.await;
        // Gone already if somebody else cleaned up.
        let _ = std::fs::remove_file(&request);
        outcome
    }

    /// Resets a VM as its button does.
    ///
    /// # Errors
    /// When it does not run, is locked, or QEMU refuses.
    pub async fn reset(&self, vmid: Vmid, skiplock: bool) -> Result<(), VmError> {
        self.command(vmid, skiplock, "system_reset").await
    }

    /// Pauses a VM.
    ///
    /// # Errors
    /// As [`Vms::reset`].
    pub async fn suspend(&self, vmid: Vmid, skiplock: bool) -> Result<(), VmError> {
        let skip = skiplock || self.get(vmid)?.has_lock("backup");
        self.command(vmid, skip, "stop").await
    }

    /// Lets a paused or sleeping VM go on; starts one that was suspended to disk.
    ///
    /// # Errors
    /// As [`Vms::reset`] and [`Vms::start`].
    pub async fn resume(&self, progress: &dyn Progress, vmid: Vmid, skiplock: bool) -> Result<(), VmError> {
        let vm = self.get(vmid)?;
        if vm.is_suspended() && self.running(vmid).is_none() {
            return self.start(progress, vmid, StartOptions::default()).await;
        }
        let skip = skiplock || vm.is_suspended() || vm.has_lock("backup");
        match self.require_running(vmid)?.state() {
            "suspended" => self.command(vmid, skip, "system_wakeup").await,
            "shutdown" => {
                self.command(vmid, skip, "system_reset").await?;
                self.command(vmid, skip, "cont").await
            }
            _ => self.command(vmid, skip, "cont").await,
        }
    }

    async fn command(&self, vmid: Vmid, skiplock: bool, command: &str) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        self.get(vmid)?.check_lock(skiplock)?;
        let running = self.require_running(vmid)?;
        running.call(command, json!({}), COMMAND).await?;
        running.refresh_now().await;
        Ok(())
    }

    /// Presses keys: `ctrl-alt-delete`.
    ///
    /// # Errors
    /// When it does not run or the keys are unknown to QEMU.
    pub async fn sendkey(&self, vmid: Vmid, keys: &str) -> Result<(), VmError> {
        let running = self.require_running(vmid)?;
        let keys: Vec<_> = keys.split('-').map(|key| json!({ "type": "qcode", "data": key })).collect();
        running.call("send-key", json!({ "keys": keys }), COMMAND).await.map(|_| ())
    }

    /// Runs a command of QEMU's human monitor and returns what it prints.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn monitor(&self, vmid: Vmid, command: &str) -> Result<String, VmError> {
        let running = self.require_running(vmid)?;
        let limit = Duration::from_secs(25);
        let answer = running.call("human-monitor-command", json!({ "command-line": command }), limit).await?;
        Ok(answer.as_str().unwrap_or_default().replace("\r\n", "\n"))
    }
}

/// Waits for the end of the process, and then as long as it takes for what follows it.
async fn ended_within(running: &Running, limit: Duration) -> bool {
    // A process that cannot be watched is not known to have ended.
    running.process.ended_within(limit).await.unwrap_or(false) && running.gone_within(hook::LIMIT + COMMAND).await
}

/// The `down=` of a startup order, seconds.
fn startup_down(startup: Option<&str>) -> Option<u64> {
    startup?.split(',').find_map(|part| part.trim().strip_prefix("down=")?.parse().ok())
}
