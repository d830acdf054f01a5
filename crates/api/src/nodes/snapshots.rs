//! What the snapshots of VMs and containers have in common as answers.

use guest::qemu::SnapshotInfo;
use schema::Reply;

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
