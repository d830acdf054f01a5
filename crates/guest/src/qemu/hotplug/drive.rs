//! Changes of a drive that stays: its limits, and the medium of a CD-ROM drive.

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

/// Opens the drive, even where the guest has locked it, and takes the medium out.
async fn eject(running: &Running, drive: DriveId) -> Result<(), VmError> {
    let id = drive.to_string();
    running.call("blockdev-open-tray", json!({ "id": id, "force": true }), COMMAND).await?;
    running.call("blockdev-remove-medium", json!({ "id": id }), COMMAND).await.map(drop)
}

/// Puts the medium in that came, if one came, and closes the drive.
async fn insert(running: &Running, drive: DriveId, difference: &Difference) -> Result<(), VmError> {
    let id = drive.to_string();
    if let Some(medium) = difference.come.iter().find(|piece| piece.kind == Kind::Blockdev) {
        let insert = json!({ "id": id, "node-name": medium.id });
        running.call("blockdev-insert-medium", insert, COMMAND).await?;
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
