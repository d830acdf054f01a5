//! What the snapshots of VMs and containers have in common: parameters and answers.

use guest::qemu::SnapshotInfo;
use schema::{NodeName, Params, Reply, Vmid};

/// A snapshot of a path.
#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
pub(crate) struct OfSnapshot {
    /// Name of the node.
    pub(crate) node: NodeName,
    /// ID of the guest.
    pub(crate) vmid: Vmid,
    /// Name of the snapshot.
    #[param(format = "pve-configid", max_len = 40)]
    pub(crate) snapname: String,
}

/// A snapshot to be removed.
#[derive(Params)]
#[allow(dead_code)] // as above
pub(crate) struct Delete {
    /// Name of the node.
    pub(crate) node: NodeName,
    /// ID of the guest.
    pub(crate) vmid: Vmid,
    /// Remove it from the configuration even if a storage refuses.
    pub(crate) force: Option<bool>,
    /// Name of the snapshot.
    #[param(format = "pve-configid", max_len = 40)]
    pub(crate) snapname: String,
}

/// Notes of a snapshot.
#[derive(Params)]
#[allow(dead_code)] // as above
pub(crate) struct Describe {
    /// Name of the node.
    pub(crate) node: NodeName,
    /// ID of the guest.
    pub(crate) vmid: Vmid,
    /// Notes.
    pub(crate) description: Option<String>,
    /// Name of the snapshot.
    #[param(format = "pve-configid", max_len = 40)]
    pub(crate) snapname: String,
}

/// A snapshot to go back to.
#[derive(Params)]
#[allow(dead_code)] // as above
pub(crate) struct Rollback {
    /// Name of the node.
    pub(crate) node: NodeName,
    /// ID of the guest.
    pub(crate) vmid: Vmid,
    /// Name of the snapshot.
    #[param(format = "pve-configid", max_len = 40)]
    pub(crate) snapname: String,
    /// Start the guest afterwards. A VM that was kept with its memory runs in any case.
    #[param(default = "0")]
    pub(crate) start: Option<bool>,
}

/// A snapshot, or the state of now.
#[derive(Reply, Clone, Debug)]
pub(crate) struct Listed {
    /// Its name; `current` for the state of now.
    name: String,
    /// Notes.
    description: String,
    /// When it was made, seconds since 1970.
    snaptime: Option<i64>,
    /// Whether it has the memory.
    vmstate: Option<bool>,
    /// The snapshot before it.
    parent: Option<String>,
    /// `prepare` or `delete` while it is made or removed, or after that failed.
    snapstate: Option<String>,
    /// SHA-1 of the guest's configuration, for `current`.
    digest: Option<String>,
    /// Whether the guest runs, for `current`.
    running: Option<bool>,
}

impl Listed {
    fn new(info: SnapshotInfo, memory: bool) -> Self {
        Self {
            name: info.name,
            description: info.description,
            snaptime: info.time,
            vmstate: memory.then_some(info.ram),
            parent: info.parent,
            snapstate: info.state,
            digest: None,
            running: None,
        }
    }
}

/// All snapshots, and the state of now. `memory`: whether guests of this kind can be kept with their memory.
pub(crate) fn list(
    infos: Vec<SnapshotInfo>,
    parent: Option<&str>,
    (digest, running): (&str, bool),
    memory: bool,
) -> Vec<Listed> {
    let current = Listed {
        name: "current".to_owned(),
        description: "You are here!".to_owned(),
        snaptime: None,
        vmstate: None,
        parent: parent.map(str::to_owned),
        snapstate: None,
        digest: Some(digest.to_owned()),
        running: Some(running),
    };
    infos.into_iter().map(|info| Listed::new(info, memory)).chain([current]).collect()
}
