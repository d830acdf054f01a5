//! Who may use a volume.

use schema::{StorageId, Vmid};

use crate::{Content, Volume};

/// Whether a volume may be used. `acting` is the guest on whose behalf it happens, `may` tells whether the caller has
/// a privilege on a path.
#[must_use]
pub fn may_use(storage: &StorageId, volume: &Volume, acting: Option<Vmid>, may: impl Fn(&str, &str) -> bool) -> bool {
    let place = format!("/storage/{storage}");
    if may(&place, "Datastore.Allocate") || (acting.is_some() && volume.owner == acting) {
        return true;
    }
    let on_owner = |privilege: &str| volume.owner.is_some_and(|owner| may(&format!("/vms/{owner}"), privilege));
    match volume.content {
        Content::Iso | Content::Vztmpl | Content::Import => {
            may(&place, "Datastore.AllocateSpace") || may(&place, "Datastore.Audit")
        }
        Content::Backup => may(&place, "Datastore.AllocateSpace") && on_owner("VM.Backup"),
        Content::Images | Content::Rootdir => may(&place, "Datastore.Audit") && on_owner("VM.Config.Disk"),
        Content::Snippets => false,
    }
}

/// Whether a volume is of the content type that a use demands. Names do not tell disks of virtual machines from volumes
/// of containers.
#[must_use]
pub fn is_of_type(volume: &Volume, wanted: Content) -> bool {
    let guest = |content| matches!(content, Content::Images | Content::Rootdir);
    volume.content == wanted || (guest(volume.content) && guest(wanted))
}

/// Whether a volume may be removed.
#[must_use]
pub fn may_remove(storage: &StorageId, volume: &Volume, may: impl Fn(&str, &str) -> bool) -> bool {
    let place = format!("/storage/{storage}");
    let own_backup = volume.content == Content::Backup
        && may(&place, "Datastore.AllocateSpace")
        && volume.owner.is_some_and(|owner| may(&format!("/vms/{owner}"), "VM.Backup"));
    own_backup || may(&place, "Datastore.Allocate")
}
