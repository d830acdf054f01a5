//! What happens to the disks of a VM as a whole: moves to other storages, other formats and other VMs.

mod graph;
mod live;
mod mirror;
mod reassign;
mod relocate;
mod rescan;
mod take_in;

pub(super) use mirror::Mirror;
pub use reassign::ReassignWish;
pub use relocate::MoveWish;
pub(super) use relocate::target_format;
pub use take_in::ImportWish;

use serde_json::{Value, json};

/// The undo record of a volume that a running VM's disk is copied to.
pub(super) fn mirror_record(vmid: schema::Vmid, drive: &str, volume: &str) -> Value {
    json!({ "vm": { "mirror": { "vmid": vmid.get(), "drive": drive, "volume": volume } } })
}
