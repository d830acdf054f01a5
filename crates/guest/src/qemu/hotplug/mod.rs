//! Changes of a VM that runs.
//!
//! [`decide`] says what each changed option means for it; [`pieces`] finds in the command lines of the VM as it is and
//! as it will be what must come and go; [`plug`] and its neighbours do it. An option is written down as in force when
//! QEMU has it, one after the other, so that file and process agree whatever happens.

mod decide;
mod drive;
mod net;
mod pieces;
mod plug;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use schema::Vmid;
use serde_json::json;
use store::BoxFuture;

pub(crate) use self::decide::at_once;
use self::{
    decide::{Change, Features, Step, step},
    pieces::Difference,
};
use super::{
    cloudinit,
    cmdline::{CommandLine, DriveId, Image, memory_mib},
    error::VmError,
    file,
    passthrough::Resolved,
    pending::{apply, owned_by},
    progress::{Progress, Quiet},
    running::{COMMAND, Running},
    start::Hardware,
    vms::{Inner, Vm, Vms},
    volumes::image,
};
use crate::config_file::{GuestFile, Section};

/// How long after it was asked a guest may let go of a device so that we still take note.
const LATE: Duration = Duration::from_secs(600);

/// A change that waits: option, and the value it shall get (none to remove it).
type Waiting = (String, Option<String>);

fn waiting(file: &GuestFile) -> Vec<Waiting> {
    let deleted = file.deletions().into_keys().map(|key| (key, None));
    let set = file.pending.iter().filter(|(key, _)| *key != "delete");
    deleted.chain(set.map(|(key, value)| (key.to_owned(), Some(value.to_owned())))).collect()
}

impl Vms {
    /// Takes over what waits and can be taken over by a running VM: what `touched` selects, and of the rest what the
    /// guest need not release anything for. `turn` is held until the last step that was begun has ended, even if the
    /// caller goes away.
    ///
    /// # Errors
    /// What of the selected could not be taken over, by option. It goes on waiting for the next start.
    pub(crate) async fn hotplug(
        &self,
        progress: &dyn Progress,
        running: &Arc<Running>,
        touched: &(dyn Fn(&str) -> bool + Send + Sync),
        turn: impl Send + Sync + 'static,
    ) -> Result<(), VmError> {
        let (vmid, turn) = (running.vmid, Arc::new(turn));
        let (mut problems, mut late) = (BTreeMap::new(), false);
        for (key, value) in waiting(&self.get(vmid)?.file) {
            let vm = self.get(vmid)?;
            let change = Change { key: &key, old: vm.file.main.get(&key), new: value.as_deref() };
            let features = Features::parse(vm.config.hotplug.as_deref());
            let features = features.of_guest(vm.config.ostype, running.machine.as_deref());
            let outcome = match step(change, features) {
                Ok(Step::Wait) => continue,
                Ok(Step::Replug | Step::Memory) if change.old.is_some() && !touched(&key) => continue,
                Ok(step) => {
                    let (vms, running, turn, key) = (self.clone(), running.clone(), turn.clone(), key.clone());
                    // Nobody who goes away in the middle leaves a device half plugged.
                    let work = tokio::spawn(async move {
                        let _turn = turn;
                        vms.take_over(&running, &key, step).await
                    });
                    work.await.unwrap_or_else(|ended| Err(VmError::Journal(ended.to_string())))
                }
                Err(why) => Err(VmError::Refused(why)),
            };
            late |= matches!(outcome, Err(VmError::Kept(_)));
            match outcome {
                Ok(()) => progress.log(&format!("{key}: changed in the running VM")),
                Err(why) if !touched(&key) => progress.warn(&format!("{key}: hotplug problem - {why}")),
                Err(why) => {
                    problems.insert(key, format!("hotplug problem - {why}"));
                }
            }
        }
        if late {
            self.go_on_later(running.clone());
        }
        if problems.is_empty() { Ok(()) } else { Err(VmError::Hotplug(problems)) }
    }

    /// A guest may let go of a device long after it was asked. What waits for that is taken over then.
    fn go_on_later(&self, running: Arc<Running>) {
        let vms = self.clone();
        let work: BoxFuture<'static, ()> = Box::pin(async move {
            let Ok(true) = tokio::time::timeout(LATE, plug::released(&running)).await else { return };
            let Ok(turn) = vms.turn(running.vmid).await else { return };
            if let Err(why) = vms.hotplug(&Quiet, &running, &|_| true, turn).await {
                tracing::info!("VM {}: {why}", running.vmid);
            }
        });
        tokio::spawn(work);
    }
}

/// Stands for the image of a drive that is not looked at.
fn elsewhere() -> Image {
    Image::file("/dev/null", "raw")
}

impl Vms {
    /// Takes one change over and writes it down as in force.
    async fn take_over(&self, running: &Running, key: &str, step: Step) -> Result<(), VmError> {
        let (inner, vmid) = (&self.inner, running.vmid);
        let vm = self.get(vmid)?;
        let owned = owned_by(&inner.storages, vmid);
        let mut file = vm.file.clone();
        // Fails before anything is done, if the file cannot take the change.
        apply(&mut file, &owned, &|other| other == key)?;
        let next = Vm::parse(&file.print());
        let difference = async || {
            let (old, new) = inner.lines(running, &vm, &next, key).await?;
            Ok::<_, VmError>(Difference::between(&old, &new))
        };
        match step {
            Step::Note | Step::Wait | Step::CpuTime => {}
            Step::Replug => match decide::card(key) {
                Some(index) => {
                    net::replug(running, index, (&vm.config, &next.config), &difference().await?).await?;
                }
                None => plug::carry_out(running, &difference().await?).await?,
            },
            Step::Throttle(drive) => drive::throttle(running, drive, &next.config).await?,
            Step::Medium(drive) => drive::change_medium(running, drive, &difference().await?).await?,
            Step::Net(index) => net::change(running, index, &vm.config, &next.config).await?,
            Step::Balloon => {
                let mib = next.config.balloon.filter(|mib| *mib > 0).unwrap_or_else(|| memory_mib(&next.config));
                running.call("balloon", json!({ "value": mib << 20 }), COMMAND).await?;
            }
            Step::Memory => inner.change_memory(running, &vm, &difference().await?).await?,
        }
        inner.put_in_force(vmid, key).await?;
        if step == Step::CpuTime { self.set_limits(vmid).await } else { Ok(()) }
    }
}

impl Inner {
    /// Plugs memory or has the guest release it, a module at a time. Each is written down when it is done: what a guest
    /// has released it need not take back when it keeps the next.
    async fn change_memory(&self, running: &Running, vm: &Vm, difference: &Difference) -> Result<(), VmError> {
        let mut mib = memory_mib(&vm.config);
        for (step, bytes) in difference.modules() {
            let more = !step.come.is_empty();
            plug::carry_out(running, &step).await?;
            mib = if more { mib.saturating_add(bytes >> 20) } else { mib.saturating_sub(bytes >> 20) };
            self.edit(running.vmid, |_, file| {
                file.main.set("memory", &mib.to_string());
                Ok(())
            })
            .await?;
        }
        Ok(())
    }

    /// Takes the medium of a CD-ROM drive out of a running VM and puts it in again: its content is another one now. The
    /// guest cannot refuse.
    pub(crate) async fn swap_medium(&self, running: &Running, drive: DriveId) -> Result<(), VmError> {
        let vm = self.get(running.vmid)?;
        let key = drive.to_string();
        let mut file = vm.file.clone();
        file.main.set(&key, "none,media=cdrom");
        let (without, with) = self.lines(running, &Vm::parse(&file.print()), &vm, &key).await?;
        let put_in = Difference::between(&without, &with);
        drive::change_medium(running, drive, &put_in.reversed()).await?;
        drive::change_medium(running, drive, &put_in).await
    }

    /// The command lines of a VM as it is and as it will be, both with the machine type that it runs with. Only what
    /// `key` names is looked up: a medium or bridge of another device may be gone by now.
    async fn lines(
        &self,
        running: &Running,
        now: &Vm,
        next: &Vm,
        key: &str,
    ) -> Result<(CommandLine, CommandLine), VmError> {
        let hardware = Hardware { machine: running.machine.clone(), ..Hardware::default() };
        let (now, next) = (hardware.configure(now), hardware.configure(next));
        let looked_up: Section =
            next.file.main.iter().filter(|(other, _)| *other == key || decide::card(other).is_none()).collect();
        let facts = self.facts.collect(self.node.as_str(), &self.paths, &file::view(&looked_up)).await?;
        let (mut old, mut new) = (BTreeMap::new(), BTreeMap::new());
        for (drive, file) in file::volumes(&now.config) {
            let known = if drive.to_string() == key { image(&self.storages, &file).await.ok() } else { None };
            old.insert(drive, known.unwrap_or_else(elsewhere));
        }
        for (drive, file) in file::volumes(&next.config) {
            let known = if drive.to_string() == key { image(&self.storages, &file).await? } else { elsewhere() };
            new.insert(drive, known);
        }
        let vmid = running.vmid;
        let line = |vm: &Vm, images, devices| self.line(vmid, vm, &facts, images, &devices).map(|(line, _)| line);
        let gone = self.devices_but(vmid, &now, key).unwrap_or_else(|_| Resolved::elsewhere(&now.config));
        let come = self.devices_but(vmid, &next, key)?;
        Ok((line(&now, &old, gone)?, line(&next, &new, come)?))
    }

    /// Writes down that an option has the value that it waited for, and frees what came free by that.
    async fn put_in_force(&self, vmid: Vmid, key: &str) -> Result<(), VmError> {
        let owned = owned_by(&self.storages, vmid);
        let mut freed = Vec::new();
        self.edit(vmid, |vm, file| {
            freed = apply(file, &owned, &|other| other == key)?;
            cloudinit::note(&vm.file.main, file);
            Ok(())
        })
        .await?;
        self.free_all(&freed).await
    }
}
