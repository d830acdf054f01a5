//! How fast the work of a call may be: the limits of storages and datacenter, and who may pass over them.

use schema::StorageId;
use storage::bandwidth::{self, Caller, Involved};
use storage::config::Bandwidth;

use crate::engine::Call;

/// The limits of the datacenter.
fn datacenter(call: &Call) -> Bandwidth {
    let tree = call.node.store.tree();
    let limits = guest::datacenter::option(guest::datacenter::text(&tree), "bwlimit");
    limits.and_then(|limits| schema::property::parse(limits).ok()).unwrap_or_default()
}

/// The limit of an operation that involves these storages, KiB a second; nothing where there is none. `wish` is what
/// the caller asks for.
pub(crate) fn limit(call: &Call, operation: &str, wish: Option<u64>, storages: &[StorageId]) -> Option<u64> {
    let involved = |id: &StorageId| {
        let config = call.node.storages.config(id).ok();
        Involved {
            limits: config.and_then(|config| config.options.bwlimit.clone()).map(|limits| limits.0),
            caller_allocates: call.may(&format!("/storage/{id}"), &["Datastore.Allocate"]),
        }
    };
    let involved: Vec<Involved> = storages.iter().map(involved).collect();
    let caller =
        Caller { allocates: call.may("/storage", &["Datastore.Allocate"]), modifies: call.may("/", &["Sys.Modify"]) };
    // More than a float can tell apart is no limit in earnest.
    let wish = wish.map(|wish| wish as f64);
    let limit = bandwidth::limit(operation, wish, &involved, &datacenter(call), caller)?;
    (limit >= 1.0).then_some(limit as u64)
}
