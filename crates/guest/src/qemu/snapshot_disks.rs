//! The disks of a running VM, all kept at one moment, whoever has to do it.

use serde_json::{Value, json};
use storage::{SnapshotChange, VolumeId};

use super::{
    error::VmError,
    running::{COMMAND, Running},
    snapshot_edge::DISKS,
    vms::Vms,
};

impl Vms {
    /// Keeps the state of all disks of a running VM at the same moment.
    pub(super) async fn take_disks(
        &self,
        running: &Running,
        disks: &[(String, VolumeId)],
        name: &str,
    ) -> Result<(), VmError> {
        let storages = &self.inner.storages;
        let (inside, beside): (Vec<_>, Vec<_>) =
            disks.iter().partition(|(_, id)| storages.snapshots_inside(id).unwrap_or(false));
        if beside.is_empty() {
            return take_inside(running, &inside, name).await;
        }
        // What storages keep is of one moment only while nobody writes.
        let before = running.call("query-status", json!({}), COMMAND).await?;
        let pause = before["running"] == json!(true);
        if pause {
            running.call("stop", json!({}), DISKS).await?;
        }
        let taken = async {
            take_inside(running, &inside, name).await?;
            for (_, id) in beside {
                let made = storages.snapshot(id, name, SnapshotChange::Create).await;
                made.map_err(|err| VmError::Volume(err.to_string()))?;
            }
            Ok(())
        };
        let taken = taken.await;
        if pause {
            running.call("cont", json!({}), COMMAND).await?;
            running.refresh_now().await;
        }
        taken
    }
}

/// Lets QEMU keep the state of disks whose snapshots lie inside of them.
async fn take_inside(running: &Running, disks: &[&(String, VolumeId)], name: &str) -> Result<(), VmError> {
    let action = |(key, _): &&(String, VolumeId)| {
        let data = json!({ "device": format!("drive-{key}"), "name": name });
        json!({ "type": "blockdev-snapshot-internal-sync", "data": data })
    };
    let actions: Vec<Value> = disks.iter().map(action).collect();
    if actions.is_empty() {
        return Ok(());
    }
    running.call("transaction", json!({ "actions": actions }), DISKS).await.map(drop)
}
