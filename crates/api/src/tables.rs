//! The list of all tables.

use crate::engine::{Endpoint, Router};
use crate::{access, cluster, nodes, pleiad, pools, storage, version};

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
    pleiad::events::ENDPOINTS,
    pleiad::session::ENDPOINTS,
    pleiad::sessions::ENDPOINTS,
    pools::ENDPOINTS,
    cluster::backup_info::ENDPOINTS,
    cluster::log::ENDPOINTS,
    cluster::mapping::ENDPOINTS,
    cluster::mapping::dir::ENDPOINTS,
    cluster::mapping::pci::ENDPOINTS,
    cluster::mapping::usb::ENDPOINTS,
    cluster::nextid::ENDPOINTS,
    cluster::options::ENDPOINTS,
    cluster::replication::ENDPOINTS,
    cluster::resources::ENDPOINTS,
    cluster::status::ENDPOINTS,
    cluster::tasks::ENDPOINTS,
    nodes::bulk::ENDPOINTS,
    nodes::capabilities::ENDPOINTS,
    nodes::certificates::ENDPOINTS,
    nodes::config::ENDPOINTS,
    nodes::console::CT_ENDPOINTS,
    nodes::console::SHELL_ENDPOINTS,
    nodes::console::VM_ENDPOINTS,
    nodes::disks::ENDPOINTS,
    nodes::dns::ENDPOINTS,
    nodes::hardware::ENDPOINTS,
    nodes::journal::ENDPOINTS,
    nodes::list::ENDPOINTS,
    nodes::lxc::clone::ENDPOINTS,
    nodes::lxc::config::ENDPOINTS,
    nodes::lxc::feature::ENDPOINTS,
    nodes::lxc::list::ENDPOINTS,
    nodes::lxc::manage::ENDPOINTS,
    nodes::lxc::power::ENDPOINTS,
    nodes::lxc::snapshot::ENDPOINTS,
    nodes::network::ENDPOINTS,
    nodes::packages::ENDPOINTS,
    nodes::qemu::agent::ENDPOINTS,
    nodes::qemu::clone::ENDPOINTS,
    nodes::qemu::config::ENDPOINTS,
    nodes::qemu::feature::ENDPOINTS,
    nodes::qemu::list::ENDPOINTS,
    nodes::qemu::manage::ENDPOINTS,
    nodes::qemu::power::ENDPOINTS,
    nodes::qemu::snapshot::ENDPOINTS,
    nodes::qemu::status::ENDPOINTS,
    nodes::qemu::tools::ENDPOINTS,
    nodes::rrd::ENDPOINTS,
    nodes::services::ENDPOINTS,
    nodes::aplinfo::ENDPOINTS,
    nodes::status::ENDPOINTS,
    nodes::storage::ENDPOINTS,
    nodes::storage::content::ENDPOINTS,
    nodes::storage::prune::ENDPOINTS,
    nodes::storage::transfer::ENDPOINTS,
    nodes::tasks::ENDPOINTS,
    nodes::time::ENDPOINTS,
    storage::ENDPOINTS,
    version::ENDPOINTS,
];

/// The router over all methods of this version.
///
/// # Errors
/// Two rows that contradict each other; a test keeps that from being released.
pub fn router() -> Result<Router, String> {
    Router::new(TABLES)
}
