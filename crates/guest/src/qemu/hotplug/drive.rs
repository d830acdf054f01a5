//! Changes of a drive that stays: its limits, and the medium of a CD-ROM drive.

use host::qmp::QmpError;
use serde_json::{Map, Value, json};

use super::{
    pieces::{Difference, Kind},
    plug,
};
use crate::qemu::{
    cmdline::{DriveId, drive_limits},
    config::VmConfig,
    error::VmError,
    running::{COMMAND, Running},
};

/// A throttle group's limits with all that are not set switched off; otherwise they would stay as they are.
fn complete(limits: Map<String, Value>) -> Value {
    let mut complete = Map::new();
    for unit in ["bps", "iops"] {
        for direction in ["total", "read", "write"] {
            complete.insert(format!("{unit}-{direction}"), 0.into());
            complete.insert(format!("{unit}-{direction}-max"), 0.into());
            complete.insert(format!("{unit}-{direction}-max-length"), 1.into());
        }
    }
    complete.extend(limits);
    complete.into()
}

/// Gives a drive new limits.
pub(crate) async fn throttle(running: &Running, drive: DriveId, config: &VmConfig) -> Result<(), VmError> {
    let limits = drive_limits(config, drive).unwrap_or_default();
    let path = format!("/objects/throttle-drive-{drive}");
    let set = json!({ "path": path, "property": "limits", "value": complete(limits) });
    running.call("qom-set", set, COMMAND).await.map(drop)
}

/// The block graphs of a drive and their limits, without its device.
fn backends(difference: &Difference) -> Difference {
    let mut difference = difference.clone();
    difference.gone.retain(|piece| piece.kind != Kind::Device);
    difference.come.retain(|piece| piece.kind != Kind::Device);
    difference
}

/// Puts another medium into a CD-ROM drive, or takes it out. When that fails, the old one is put back.
pub(crate) async fn change_medium(running: &Running, drive: DriveId, difference: &Difference) -> Result<(), VmError> {
    let difference = backends(difference);
    eject(running, drive).await?;
    let mut changed = plug::carry_out(running, &difference).await;
    if changed.is_ok() {
        changed = insert(running, drive, &difference).await;
        if changed.is_err()
            && let Err(why) = plug::carry_out(running, &difference.reversed()).await
        {
            tracing::error!("VM {}: the medium of '{drive}' could not be put back: {why}", running.vmid);
        }
    }
    if changed.is_err() {
        // The caller is told of the first failure.
        let _ = insert(running, drive, &difference.reversed()).await;
    }
    changed
}

/// How often a tray is opened for one command. A guest closes it when it resets the drive, as firmware does once.
const OPENINGS: usize = 10;

/// Opens the drive, even where the guest has locked it, and gives it a command that needs the tray open. The guest may
/// have closed it in between: then once more.
async fn with_open_tray(running: &Running, drive: DriveId, command: &str, arguments: Value) -> Result<(), VmError> {
    let open = json!({ "id": drive.to_string(), "force": true });
    for _ in 1..OPENINGS {
        running.call("blockdev-open-tray", open.clone(), COMMAND).await?;
        match running.call(command, arguments.clone(), COMMAND).await {
            Err(VmError::Qmp { source: QmpError::Refused { message, .. }, .. }) if message.contains("is not open") => {}
            told => return told.map(drop),
        }
    }
    running.call("blockdev-open-tray", open, COMMAND).await?;
    running.call(command, arguments, COMMAND).await.map(drop)
}

/// Takes the medium out and leaves the drive open.
async fn eject(running: &Running, drive: DriveId) -> Result<(), VmError> {
    with_open_tray(running, drive, "blockdev-remove-medium", json!({ "id": drive.to_string() })).await
}

/// Puts the medium in that came, if one came, and closes the drive.
async fn insert(running: &Running, drive: DriveId, difference: &Difference) -> Result<(), VmError> {
    let id = drive.to_string();
    if let Some(medium) = difference.come.iter().find(|piece| piece.kind == Kind::Blockdev) {
        let insert = json!({ "id": id, "node-name": medium.id });
        with_open_tray(running, drive, "blockdev-insert-medium", insert).await?;
    }
    running.call("blockdev-close-tray", json!({ "id": id }), COMMAND).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_that_are_not_set_are_switched_off() {
        let limits =
            Map::from_iter([("bps-read".to_owned(), json!(7)), ("iops-total-max-length".to_owned(), json!(3))]);
        let told = complete(limits);
        assert_eq!((&told["bps-read"], &told["iops-total-max-length"]), (&json!(7), &json!(3)));
        assert_eq!((&told["bps-total"], &told["bps-total-max-length"]), (&json!(0), &json!(1)));
    }
}
