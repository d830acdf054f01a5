//! `/version`: which interface this is.

use access::Access;
use schema::{ApiError, NoParams, Reply};

use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Tells the version of the interface.
    GET "/version" => version, name = "version", Access::User, Target::Any;
}

/// The version of PVE whose interface this is; clients decide by it what they may ask for.
pub(crate) const VERSION: &str = "9.1.0";

/// Its first two numbers.
pub(crate) const RELEASE: &str = "9.1";

/// Versions.
#[derive(Reply, Clone, Debug)]
pub(crate) struct Version {
    /// First two numbers of the version.
    release: &'static str,
    /// Stands for the build of Pleiad: 16 hexadecimal digits.
    repoid: String,
    /// The version of the interface.
    version: &'static str,
}

/// What stands for this build.
pub(crate) fn build_id() -> String {
    let mut id = schema::digest(concat!("pleiad ", env!("CARGO_PKG_VERSION")));
    id.truncate(16);
    id
}

/// The versions of this program.
pub(crate) fn current() -> Version {
    Version { release: RELEASE, repoid: build_id(), version: VERSION }
}

async fn version(_: Call, _: NoParams) -> Result<Version, ApiError> {
    Ok(current())
}
