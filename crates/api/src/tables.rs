//! The list of all tables.

use crate::engine::{Endpoint, Router};
use crate::{access, pools};

/// The tables of all modules.
const TABLES: &[&[Endpoint]] = &[
    access::acl::ENDPOINTS,
    access::domains::ENDPOINTS,
    access::groups::ENDPOINTS,
    access::password::ENDPOINTS,
    access::permissions::ENDPOINTS,
    access::roles::ENDPOINTS,
    access::ticket::ENDPOINTS,
    access::tokens::ENDPOINTS,
    access::users::ENDPOINTS,
    pools::ENDPOINTS,
];

/// The router over all methods of this version.
///
/// # Errors
/// Two rows that contradict each other; a test keeps that from being released.
pub fn router() -> Result<Router, String> {
    Router::new(TABLES)
}
