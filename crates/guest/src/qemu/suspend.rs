//! VMs that end with their memory kept, and go on from there when they are started again.
//!
//! ```text
//!   running ──► lock "suspending" ──► memory written ──► lock "suspended" ──► QEMU ends
//!                  a failure: the guest goes on             start, resume: the memory is taken up, then removed
//! ```

use std::time::Duration;

use schema::{StorageId, Vmid};
use serde_json::json;

use super::{
    error::VmError,
    progress::Progress,
    snapshot_ram as ram,
    start::{Hardware, StartOptions},
    vms::{Inner, Vm, Vms},
    volumes,
};

/// The lock while the memory is written.
const SUSPENDING: &str = "suspending";
/// The lock of a VM that will go on from its memory.
const SUSPENDED: &str = "suspended";
/// How long QEMU may take to end, its memory being safe.
const END: Duration = Duration::from_secs(60);
/// What the configuration says of a kept memory.
const KEYS: [&str; 4] = ["vmstate", "runningmachine", "runningcpu", "running-nets-host-mtu"];

impl Vm {
    /// Whether it ended with its memory kept.
    #[must_use]
    pub fn is_suspended(&self) -> bool {
        self.has_lock(SUSPENDED)
    }
}

impl Vms {
    /// Checks that a VM's memory can be kept.
    ///
    /// # Errors
    /// When it does not run, is locked, or uses devices of the host whose state nobody can read.
    pub fn check_suspend(&self, vmid: Vmid, skiplock: bool) -> Result<(), VmError> {
        let vm = self.get(vmid)?;
        vm.check_lock(skiplock)?;
        self.require_running(vmid)?;
        if !vm.config.hostpci.is_empty() {
            return Err(VmError::Volume(format!("cannot suspend VM {vmid} to disk: it uses PCI devices of the host")));
        }
        Ok(())
    }

    /// Writes a running VM's memory to a volume and ends it. `storage`: where, if not where its configuration says.
    /// When a step fails, undoing the noted records removes what was written, and the guest goes on.
    ///
    /// # Errors
    /// As [`Vms::check_suspend`], when a storage or QEMU refuse, or the task is stopped.
    pub async fn suspend_to_disk(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        storage: Option<StorageId>,
        skiplock: bool,
    ) -> Result<(), VmError> {
        let _turn = self.turn(vmid).await?;
        self.check_suspend(vmid, skiplock)?;
        let running = self.require_running(vmid)?;
        progress.undo(json!({ "vm": { "suspending": vmid.get() } })).await.map_err(VmError::Journal)?;
        self.inner.set_lock(vmid, SUSPENDING).await?;
        let vm = self.get(vmid)?;
        let name = format!("suspend-{}", storage::day_of(host::clock::now()));
        let state = match &storage {
            Some(storage) => self.state_volume(progress, vmid, &with_state_on(&vm, storage), &name).await?,
            None => self.state_volume(progress, vmid, &vm, &name).await?,
        };
        let place = volumes::find(&self.inner.storages, &state).await.map_err(VmError::Volume)?;
        ram::keep(progress, &running, &place.path).await?;
        let about = Hardware::of_process(&running);
        self.inner
            .edit(vmid, |_, file| {
                file.main.set("vmstate", &state);
                about.iter().for_each(|(key, value)| file.main.set(key, value));
                file.main.set("lock", SUSPENDED);
                Ok(())
            })
            .await?;
        progress.log("the memory is safe, ending the VM");
        self.quit(&running, END).await
    }

    /// Starts a suspended VM with its memory, which is removed then.
    ///
    /// # Errors
    /// When it cannot be started. It stays suspended then.
    pub(crate) async fn take_up(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        options: StartOptions,
    ) -> Result<(), VmError> {
        let vm = self.get(vmid)?;
        let options = StartOptions { skiplock: true, ..options };
        let Some(state) = vm.file.main.get("vmstate").map(str::to_owned) else {
            self.inner.forget_memory(vmid).await?;
            return self.boot(progress, vmid, options, None).await;
        };
        progress.undo(json!({ "vm": { "resuming": vmid.get() } })).await.map_err(VmError::Journal)?;
        progress.log("resuming suspended VM");
        self.boot(progress, vmid, options, Some(ram::Kept::of(&vm.file.main, &state))).await?;
        self.drop_memory(progress, vmid, &state).await
    }

    /// Forgets a memory that was taken up: it must never be taken up again.
    async fn drop_memory(&self, progress: &dyn Progress, vmid: Vmid, state: &str) -> Result<(), VmError> {
        self.inner.forget_memory(vmid).await?;
        if let Err(error) = volumes::free(&self.inner.storages, state).await {
            progress.warn(&format!("the memory in '{state}' is not needed any more, but cannot be removed: {error}"));
        }
        Ok(())
    }

    /// Takes back a suspension that was not finished; ends a VM whose memory was written already.
    pub(crate) async fn undo_suspend(&self, vmid: Vmid) -> Result<(), VmError> {
        let Ok(vm) = self.get(vmid) else { return Ok(()) };
        let running = self.running(vmid);
        match running {
            Some(running) if vm.is_suspended() => return self.quit(&running, END).await,
            Some(running) if vm.has_lock(SUSPENDING) => ram::settle(&running).await?,
            _ => {}
        }
        self.inner
            .edit(vmid, |vm, file| {
                if vm.has_lock(SUSPENDING) {
                    file.main.remove("lock");
                }
                Ok(())
            })
            .await
    }

    /// After a resumption that was cut off: a VM that runs has taken its memory up.
    pub(crate) async fn undo_resume(&self, vmid: Vmid) -> Result<(), VmError> {
        let Ok(vm) = self.get(vmid) else { return Ok(()) };
        match (self.running(vmid), vm.file.main.get("vmstate")) {
            (Some(_), Some(state)) if vm.is_suspended() => self.drop_memory(&super::progress::Quiet, vmid, state).await,
            _ => Ok(()),
        }
    }
}

impl Inner {
    async fn set_lock(&self, vmid: Vmid, lock: &str) -> Result<(), VmError> {
        self.edit(vmid, |_, file| {
            file.main.set("lock", lock);
            Ok(())
        })
        .await
    }

    async fn forget_memory(&self, vmid: Vmid) -> Result<(), VmError> {
        self.edit(vmid, |vm, file| {
            if vm.is_suspended() {
                file.main.remove("lock");
                KEYS.iter().for_each(|key| drop(file.main.remove(key)));
            }
            Ok(())
        })
        .await
    }
}

/// The same VM, whose memory is to be kept elsewhere.
fn with_state_on(vm: &Vm, storage: &StorageId) -> Vm {
    let mut file = vm.file.clone();
    file.main.set("vmstatestorage", storage.as_str());
    Vm::parse(&file.print())
}
