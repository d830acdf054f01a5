//! `/nodes/{node}/time`: clock and time zone of a node.

use std::path::Path;

use access::Access;
use host::clock;
use schema::{ApiError, Reply};

use super::list::OfNode;
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Tells time and time zone of a node.
    GET "/nodes/{node}/time" => time, name = "time", Access::perm("/nodes/{node}", &["Sys.Audit"]), Target::Node;
}

/// The clock of a node.
#[derive(Reply, Clone, Debug)]
struct Time {
    /// Seconds since 1970 in local time.
    localtime: i64,
    /// Seconds since 1970 in UTC.
    time: i64,
    /// Name of the zone.
    timezone: String,
}

async fn time(_: Call, _: OfNode) -> Result<Time, ApiError> {
    let (etc, now) = (Path::new("/etc"), clock::now());
    Ok(Time { localtime: now + clock::offset(etc, now), time: now, timezone: clock::timezone(etc) })
}
