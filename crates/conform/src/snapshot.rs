//! Kept states of guests: `qemu-snapshot`, `ct-snapshot`. The steps are the product's; the guest and its storages do
//! what the case says.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::pin,
    sync::Mutex,
    task::{Context, Poll, Waker},
};

use guest::{
    config_file::{Dialect, GuestFile, Section},
    snapshot::{
        self, Attached, Memory, Refusal, SnapshotWish,
        steps::{self, Edge},
    },
};
use serde_json::{Value, json};

use crate::Outcome;

/// When a snapshot of a case is made.
const NOW: i64 = 1_234_567_890;

/// Answers a case of these suites.
pub(crate) fn case(suite: &str, input: &Value) -> Option<Outcome> {
    let dialect = match suite {
        "qemu-snapshot" => Dialect::Qemu,
        "ct-snapshot" => Dialect::Lxc,
        _ => return None,
    };
    let text = input["config"].as_str()?;
    let guest = Told {
        dialect,
        input,
        file: Mutex::new(GuestFile::parse(dialect, text)),
        seen: Mutex::default(),
        creating: input["op"] == "create",
    };
    let name = input["snapname"].as_str()?;
    let wish = SnapshotWish {
        name: name.to_owned(),
        description: input["description"].as_str().map(str::to_owned),
        ram: input["vmstate"] == true,
    };
    let done = match input["op"].as_str()? {
        "prepare" => finish(steps::prepare(&guest, &wish, NOW)).map(drop),
        "commit" => finish(guest.edit(|file| snapshot::commit(file, name))),
        "create" => finish(async {
            let made = steps::create(&guest, &wish, NOW).await;
            if made.is_err() {
                steps::abandon(&guest, name).await?;
            }
            made
        }),
        "delete" => finish(steps::delete(&guest, name, input["force"] == true)),
        "rollback" => finish(steps::rollback(&guest, name)),
        _ => return None,
    };
    let seen = guest.seen.lock().ok()?;
    let mut output = json!({
        "config": guest.file.lock().ok()?.print(),
        "volume_snapshots": seen.made,
        "volume_snapshot_deletes": seen.dropped,
        "volume_rollbacks": seen.back,
    });
    if let Err(Failed(why)) = done {
        output["error"] = why.into();
    }
    Some(Ok(output))
}

/// A future of this runner never waits: nothing that it does takes time.
fn finish<T>(work: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => Err(Failed("the steps wait for something that a case does not have".to_owned())),
    }
}

/// Why something was not done.
struct Failed(String);

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Self(refusal.to_string())
    }
}

/// What storages were asked for, by volume.
#[derive(Default)]
struct Seen {
    made: BTreeMap<String, String>,
    dropped: BTreeMap<String, String>,
    back: BTreeMap<String, String>,
}

/// A guest that behaves as it is told.
struct Told<'a> {
    dialect: Dialect,
    input: &'a Value,
    file: Mutex<GuestFile>,
    seen: Mutex<Seen>,
    creating: bool,
}

impl Told<'_> {
    fn works(&self, what: &str, why: &str) -> Result<(), Failed> {
        if self.input["fake"][what] == false { Err(Failed(why.to_owned())) } else { Ok(()) }
    }

    fn running(&self) -> bool {
        self.input["fake"]["guest_running"] == true
    }

    fn listed(&self, list: &str, volume: &Attached, why: &str) -> Result<(), Failed> {
        let volumes = self.input["fake"][list].as_array().into_iter().flatten();
        let able = volumes.into_iter().any(|able| able == volume.volume.as_str());
        if able { Ok(()) } else { Err(Failed(why.to_owned())) }
    }

    fn note(&self, map: impl Fn(&mut Seen) -> &mut BTreeMap<String, String>, volume: &Attached, name: &str) {
        if let Ok(mut seen) = self.seen.lock() {
            let names = map(&mut seen).entry(volume.volume.clone()).or_default();
            let separator = if names.is_empty() { "" } else { "," };
            *names = format!("{names}{separator}{name}");
        }
    }

    /// Whether the guest can be held still while volumes are kept.
    fn hold(&self) -> Result<(), Failed> {
        match self.dialect {
            Dialect::Qemu if self.input["fake"]["qmp_ok"]["savevm_start"] == false => {
                Err(Failed("savevm-start disabled".to_owned()))
            }
            // An agent that does not hold the file systems still forbids nothing.
            Dialect::Qemu => Ok(()),
            Dialect::Lxc => self.works("fsfreeze_works", "freeze disabled"),
        }
    }
}

impl Edge for Told<'_> {
    type Error = Failed;

    fn file(&self) -> Result<GuestFile, Failed> {
        self.file.lock().map(|file| file.clone()).map_err(|err| Failed(err.to_string()))
    }

    async fn edit(&self, change: impl Fn(&mut GuestFile) -> Result<(), Refusal> + Send + Sync) -> Result<(), Failed> {
        let mut file = self.file()?;
        change(&mut file)?;
        *self.file.lock().map_err(|err| Failed(err.to_string()))? = file;
        Ok(())
    }

    async fn activate(&self, _: &[Attached]) -> Result<(), Failed> {
        self.works("storage_activation_works", "storage activation failed")
    }

    async fn check_new(&self, _: &[Attached], _: &str) -> Result<(), Failed> {
        self.works("has_feature_snapshot", "snapshot feature is not available")
    }

    async fn memory(&self, _: &str) -> Result<Memory, Failed> {
        if self.dialect == Dialect::Lxc {
            return Err(Failed("implement me - snapshot_save_vmstate".to_owned()));
        }
        if !self.running() {
            return Ok(Memory::new());
        }
        self.works("save_vmstate_works", "save vmstate disabled")?;
        let machine = ("runningmachine", "q35".to_owned());
        Ok(vec![("vmstate", "somestorage:state-volume".to_owned()), machine])
    }

    async fn take(&self, volumes: &[Attached], name: &str, _: &Memory) -> Result<(), Failed> {
        if self.running() {
            self.hold()?;
        }
        for volume in volumes {
            self.listed("volume_snapshot_possible", volume, "volume snapshot disabled")?;
            self.note(|seen| &mut seen.made, volume, name);
        }
        Ok(())
    }

    async fn drop_volume(&self, volume: &Attached, name: &str) -> Result<(), Failed> {
        let made = self.seen.lock().is_ok_and(|seen| seen.made.contains_key(&volume.volume));
        if self.creating && !made {
            return Ok(());
        }
        self.listed("volume_snapshot_delete_possible", volume, "volume snapshot delete disabled")?;
        self.note(|seen| &mut seen.dropped, volume, name);
        Ok(())
    }

    async fn drop_memory(&self, _: &str) -> Result<(), Failed> {
        Ok(())
    }

    async fn check_back(&self, volume: &Attached, _: &str) -> Result<(), Failed> {
        self.listed("volume_snapshot_rollback_possible", volume, "volume_rollback_is_possible failed")
    }

    async fn stop(&self) -> Result<(), Failed> {
        let kind = if self.dialect == Dialect::Qemu { "vm" } else { "ct" };
        let vmid = &self.input["vmid"];
        self.works("stop_works", &format!("unable to rollback {kind} {vmid}: {kind} is running"))
    }

    async fn back(&self, volume: &Attached, name: &str) -> Result<(), Failed> {
        self.listed("volume_snapshot_rollback_enabled", volume, "volume snapshot rollback disabled")?;
        self.note(|seen| &mut seen.back, volume, name);
        Ok(())
    }

    async fn apply(&self, name: &str) -> Result<(), Failed> {
        self.edit(|file| snapshot::apply(file, name, &|_| true)).await
    }

    async fn go_on(&self, _: &Section, _: &str) -> Result<(), Failed> {
        match self.dialect {
            Dialect::Qemu => Ok(()),
            Dialect::Lxc => Err(Failed("implement me - save vmstate".to_owned())),
        }
    }

    fn warn(&self, _: Failed) {}
}
