//! Ending, pausing and rebooting a container.

use std::time::Duration;

use host::lxc::Lxc;
use schema::Vmid;

use super::{
    cts::{Ct, Cts},
    error::CtError,
};
use crate::{
    hook::{self, Phase},
    qemu::progress::Progress,
};

/// How long a container may take to shut down, seconds, where nothing else is said.
const SHUTDOWN: u64 = 60;

/// How long cleaning up may take after the end, with the script that attends it.
const CLEAN: Duration = Duration::from_secs(30 + hook::LIMIT.as_secs());

/// How a container is shut down.
#[derive(Debug, Clone, Copy, Default)]
pub struct ShutdownOptions {
    /// Whatever it is locked for.
    pub skiplock: bool,
    /// How long it may take, seconds.
    pub timeout: Option<u64>,
    /// Stop it when it has not shut down by then.
    pub force: bool,
}

impl Cts {
    /// Ends a container at once.
    ///
    /// # Errors
    /// When it does not run, is locked, or survives.
    pub async fn stop(&self, progress: &dyn Progress, vmid: Vmid, skiplock: bool) -> Result<(), CtError> {
        let _turn = self.turn(vmid).await?;
        let ct = self.get(vmid)?;
        ct.check_lock(skiplock)?;
        self.require_running(vmid)?;
        self.before_stop(progress, vmid, &ct).await;
        self.kill(vmid).await
    }

    /// Lets the container's script know; what it thinks of it changes nothing.
    async fn before_stop(&self, progress: &dyn Progress, vmid: Vmid, ct: &Ct) {
        let script = ct.config.hookscript.as_deref();
        hook::attend(&self.inner.storages, progress, vmid, script, Phase::PreStop).await;
    }

    pub(crate) async fn kill(&self, vmid: Vmid) -> Result<(), CtError> {
        let live = self.require_running(vmid)?;
        self.inner.lxc.kill(&self.inner.cgroups, vmid.get()).await?;
        if live.gone_within(CLEAN).await { Ok(()) } else { Err(CtError::ShutdownTimeout) }
    }

    /// Asks a container to shut down and waits until it has.
    ///
    /// # Errors
    /// When it does not run, is locked, or takes too long without `force`.
    pub async fn shutdown(&self, progress: &dyn Progress, vmid: Vmid, options: ShutdownOptions) -> Result<(), CtError> {
        let _turn = self.turn(vmid).await?;
        self.shutdown_in_turn(progress, vmid, options).await
    }

    async fn shutdown_in_turn(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        options: ShutdownOptions,
    ) -> Result<(), CtError> {
        let ct = self.get(vmid)?;
        ct.check_lock(options.skiplock)?;
        let live = self.require_running(vmid)?;
        self.before_stop(progress, vmid, &ct).await;
        let frozen = self.group_frozen(vmid);
        let limit = Duration::from_secs(options.timeout.unwrap_or(SHUTDOWN));
        // A frozen container hears nothing.
        let ended = !frozen && self.inner.lxc.shut_down(&self.inner.cgroups, vmid.get(), limit).await?;
        if ended {
            return if live.gone_within(CLEAN).await { Ok(()) } else { Err(CtError::ShutdownTimeout) };
        }
        if !options.force {
            return Err(CtError::ShutdownTimeout);
        }
        progress.log("container did not shut down in time - stopping it now");
        self.kill(vmid).await
    }

    /// Shuts a container down, stopping it after the timeout, and starts it again.
    ///
    /// # Errors
    /// As [`Cts::shutdown`] and [`Cts::start`].
    pub async fn reboot(&self, progress: &dyn Progress, vmid: Vmid, timeout: Option<u64>) -> Result<(), CtError> {
        let _turn = self.turn(vmid).await?;
        // It outlives us: whoever takes the container up after a crash finds it.
        let request = self.inner.paths.lxc_run_dir().join(format!("{vmid}.reboot"));
        std::fs::create_dir_all(self.inner.paths.lxc_run_dir())
            .and_then(|()| std::fs::write(&request, ""))
            .map_err(CtError::io("unable to note the request to reboot"))?;
        let options = ShutdownOptions { timeout, force: true, ..ShutdownOptions::default() };
        let outcome = match self.shutdown_in_turn(progress, vmid, options).await {
            Ok(()) => self.start_in_turn(progress, vmid, false).await,
            Err(err) => Err(err),
        };
        // Gone already if somebody else cleaned up.
        let _ = std::fs::remove_file(&request);
        outcome
    }

    /// Starts again the containers whose reboot was interrupted by our own end.
    pub async fn finish_reboots(&self, progress: &dyn Progress) {
        for vmid in self.ids() {
            let request = self.inner.paths.lxc_run_dir().join(format!("{vmid}.reboot"));
            if !request.exists() || self.running(vmid).is_some() {
                continue;
            }
            // It is honoured now, whatever comes of it.
            let _ = std::fs::remove_file(&request);
            if let Err(err) = self.start(progress, vmid, false).await {
                tracing::error!("CT {vmid} could not be started again after its reboot: {err}");
            }
        }
    }

    /// Stops all processes of a container where they are.
    ///
    /// # Errors
    /// When it does not run, is locked, or the kernel refuses.
    pub async fn suspend(&self, vmid: Vmid) -> Result<(), CtError> {
        self.freeze(vmid, true).await
    }

    /// Lets the processes of a container go on.
    ///
    /// # Errors
    /// As [`Cts::suspend`].
    pub async fn resume(&self, vmid: Vmid) -> Result<(), CtError> {
        self.freeze(vmid, false).await
    }

    async fn freeze(&self, vmid: Vmid, frozen: bool) -> Result<(), CtError> {
        let _turn = self.turn(vmid).await?;
        self.get(vmid)?.check_lock(false)?;
        self.require_running(vmid)?;
        let (group, _) = Lxc::groups(vmid.get());
        self.inner.cgroups.group(&group).freeze(frozen).map_err(CtError::io("unable to freeze or thaw"))?;
        if let Some(live) = self.running(vmid)
            && live.set_frozen(frozen)
        {
            self.inner.changed();
        }
        Ok(())
    }

    pub(crate) fn group_frozen(&self, vmid: Vmid) -> bool {
        let (group, _) = Lxc::groups(vmid.get());
        self.inner.cgroups.group(&group).frozen()
    }
}
