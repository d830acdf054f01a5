//! Guests that are put into a pool as they are made.

use schema::{ApiError, PoolId, Vmid};
use task::TaskCtx;

use crate::access::edit;
use crate::engine::Call;
use crate::node::Node;

/// Where a guest is for access control: under its ID, and in the pool that it shall be put into.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    vmid: Vmid,
    pool: Option<PoolId>,
}

impl Place {
    /// A guest that is there, or will be in no pool.
    pub(crate) const fn of(vmid: Vmid) -> Self {
        Self { vmid, pool: None }
    }

    /// The guest's ID.
    pub(crate) const fn vmid(&self) -> Vmid {
        self.vmid
    }

    /// A guest that will be in that pool. The caller must be allowed to make it, by its ID or by the pool.
    ///
    /// # Errors
    /// 403; or that there is no such pool.
    pub(crate) fn of_new(call: &Call, vmid: Vmid, pool: Option<PoolId>) -> Result<Self, ApiError> {
        let place = Self { vmid, pool };
        place.require(call, &["VM.Allocate"])?;
        match &place.pool {
            Some(pool) if call.users().pools.get(pool.as_str()).is_none() => {
                Err(ApiError::param("pool", format!("no such pool '{pool}'")))
            }
            _ => Ok(place),
        }
    }

    /// Stops the call unless the caller has the privileges on the guest, or on the pool that it will be in.
    ///
    /// # Errors
    /// 403 naming the guest's path.
    pub(crate) fn require(&self, call: &Call, privileges: &[&str]) -> Result<(), ApiError> {
        if self.pool.as_ref().is_some_and(|pool| call.may(&format!("/pool/{pool}"), privileges)) {
            return Ok(());
        }
        call.require(&format!("/vms/{}", self.vmid), privileges)
    }

    /// As [`Self::require`], but one of the privileges is enough.
    ///
    /// # Errors
    /// 403 naming the guest's path.
    pub(crate) fn require_any(&self, call: &Call, privileges: &[&str]) -> Result<(), ApiError> {
        if self.pool.as_ref().is_some_and(|pool| call.may_any(&format!("/pool/{pool}"), privileges)) {
            return Ok(());
        }
        call.require_any(&format!("/vms/{}", self.vmid), privileges)
    }

    /// Puts a guest that was just made into its pool. That it cannot be put there does not undo it.
    pub(crate) async fn join(&self, node: &Node, ctx: &TaskCtx) {
        let Some(pool) = &self.pool else { return };
        // A guest of that ID that was removed by other means may have left its place behind: so it may move.
        let joined = edit::users(node, |config| {
            let joined = config.pools.add_guest(pool.as_str(), self.vmid.get(), true);
            joined.map_err(|error| ApiError::internal(error.to_string()))
        });
        match joined.await {
            Ok(()) => ctx.log(format!("added {} to pool '{pool}'", self.vmid)),
            Err(error) => ctx.warn(format!("unable to add {} to pool '{pool}': {}", self.vmid, error.message)),
        }
    }
}
