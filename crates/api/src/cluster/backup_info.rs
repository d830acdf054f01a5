//! `/cluster/backup-info`: which guests no backup job covers.

use access::Access;
use schema::{ApiError, NoParams, Reply};
use store::guests::list_guests;

use super::guests::Summary;
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Lists guests that are in no backup job. There are no backup jobs yet, so these are all.
    GET "/cluster/backup-info/not-backed-up" => not_backed_up, name = "get_guests_not_in_backup",
        Access::perm("/", &["Sys.Audit"]), Target::Any;
}

/// A guest without backup.
#[derive(Reply, Clone, Debug)]
struct Uncovered {
    /// Its name, if it has one.
    name: Option<String>,
    /// `qemu` or `lxc`.
    r#type: &'static str,
    /// Its ID.
    vmid: u32,
}

async fn not_backed_up(call: Call, _: NoParams) -> Result<Vec<Uncovered>, ApiError> {
    let tree = call.node.store.tree();
    let seen = list_guests(&tree).filter(|guest| call.may(&format!("/vms/{}", guest.vmid), &["VM.Audit"]));
    let uncovered = |guest: &store::guests::Guest| Uncovered {
        name: Summary::of(guest).name.clone(),
        r#type: guest.kind.name(),
        vmid: guest.vmid.get(),
    };
    Ok(seen.map(uncovered).collect())
}
