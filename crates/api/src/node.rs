//! The node as handlers see it: its name and its managers. Built once by the daemon, by tests in one line.

use std::fmt;
use std::sync::Arc;

use access::UserConfig;
use host::paths::Paths;
use schema::NodeName;
use store::{Store, views::Views};

use crate::engine::Router;

/// A node with everything that runs on it.
pub struct Node {
    /// Its name.
    pub name: NodeName,
    /// Where its files are.
    pub paths: Paths,
    /// The configuration tree.
    pub store: Arc<dyn Store>,
    router: Router,
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({})", self.name)
    }
}

impl Node {
    /// The methods of this version.
    pub const fn router(&self) -> &Router {
        &self.router
    }

    /// Users, groups, roles and ACL as of now; parsed once a version.
    pub fn users(&self) -> Arc<UserConfig> {
        Views::get(&self.store.tree(), "user.cfg", |text| UserConfig::parse(text).0)
    }
}
