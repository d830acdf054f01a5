//! `/cluster/replication`: jobs that copy guests' disks to other nodes. A node that is in no cluster can have none.

use access::Access;
use schema::{ApiError, NoParams, Reply};

use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Lists replication jobs.
    GET "/cluster/replication" => list, name = "index", Access::User, Target::Any;
}

/// A job.
#[derive(Reply, Clone, Debug)]
pub(crate) struct Job {
    /// Guest and number: `100-0`.
    id: String,
}

async fn list(_: Call, _: NoParams) -> Result<Vec<Job>, ApiError> {
    Ok(Vec::new())
}
