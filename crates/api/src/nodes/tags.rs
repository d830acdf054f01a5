//! Tags that a call gives to a guest, or takes away from it: settled, and permitted by the rules of the datacenter.

use guest::{datacenter, tags::Rules};
use schema::{ApiError, Vmid};

use crate::cluster::guests::Summary;
use crate::engine::Call;

/// Tags of the guests that the caller can see, a list for each guest.
pub(crate) fn existing(call: &Call) -> Vec<String> {
    let tree = call.node.store.tree();
    let guests = store::guests::list_guests(&tree);
    let visible = guests.filter(|guest| call.may(&format!("/vms/{}", guest.vmid), &["VM.Audit"]));
    visible.filter_map(|guest| Summary::of(guest).tags.clone()).collect()
}

/// Brings the tags among these options into the form in which they are kept. `removed`: options that the call deletes.
///
/// # Errors
/// 403 when one that is added or taken away is not for users.
pub(crate) fn settle(
    call: &Call,
    vmid: Vmid,
    set: &mut [(String, String)],
    removed: &[String],
) -> Result<(), ApiError> {
    let wish = set.iter_mut().find(|(key, _)| key == "tags").map(|(_, value)| value);
    if wish.is_none() && !removed.iter().any(|key| key == "tags") {
        return Ok(());
    }
    let tree = call.node.store.tree();
    let rules = Rules::of(datacenter::text(&tree));
    let new = wish.as_deref().map(|tags| rules.settled(tags)).unwrap_or_default();
    if !call.may("/", &["Sys.Modify"]) {
        let old = store::guests::guest(&tree, vmid).and_then(|guest| Summary::of(guest).tags.clone());
        let existing = existing(call);
        let lists = existing.iter().map(String::as_str);
        if let Some(tag) = rules.refused(&old.unwrap_or_default(), &new, lists) {
            let mut refused = ApiError::forbidden("/", &["Sys.Modify"]);
            refused.message = format!("{} - the tag '{tag}' is not for users to add or take away", refused.message);
            return Err(refused);
        }
    }
    if let Some(wish) = wish {
        *wish = new;
    }
    Ok(())
}
