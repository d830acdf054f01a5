//! `/cluster/nextid`: a guest ID that is free.

use access::Access;
use schema::{ApiError, Params, Reply, Returns, Vmid};
use serde_json::Value;
use store::guests;

use super::options;
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Finds the next free guest ID, or tells whether the one given is free. Does not reserve it.
    GET "/cluster/nextid" => nextid, name = "nextid", Access::User, Target::Any;
}

#[derive(Params, Clone, Debug)]
struct NextId {
    /// An ID to be checked.
    vmid: Option<Vmid>,
}

/// A free ID. PVE sends it as text, and clients rely on that.
struct Free(Vmid);

impl Reply for Free {
    const RETURNS: Returns = Returns::Int;
    fn value(self) -> Value {
        self.0.to_string().into()
    }
}

async fn nextid(call: Call, p: NextId) -> Result<Free, ApiError> {
    let tree = call.node.store.tree();
    if let Some(vmid) = p.vmid {
        return match guests::find_guest(&tree, vmid) {
            Some(_) => Err(ApiError::param("vmid", format!("VM {vmid} already exists"))),
            None => Ok(Free(vmid)),
        };
    }
    let free = options::id_range(&tree).and_then(|(lower, upper)| guests::next_free(&tree, lower, upper));
    free.map(Free)
        .ok_or_else(|| ApiError::internal("unable to get any free VMID: widen 'next-id' in the datacenter's options"))
}
