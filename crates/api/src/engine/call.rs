//! A call in progress: who calls, from where, and what he may do.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use access::expr::need;
use access::{Access, Authid, UserConfig};
use schema::{ApiError, Args};

use super::dispatch::{Caller, Proof, no_ticket};
use super::endpoint::{Endpoint, Subdir};
use crate::node::Node;

/// What a handler gets besides its parameters.
#[derive(Clone, Debug)]
pub struct Call {
    /// The node that runs the method.
    pub node: Arc<Node>,
    /// The method's row.
    pub row: &'static Endpoint,
    /// The address that the request came from; none for calls on this machine.
    pub peer: Option<IpAddr>,
    /// How the caller proved who he is.
    pub proof: Proof,
    caller: Caller,
    users: Arc<UserConfig>,
}

impl Call {
    pub(super) fn new(node: Arc<Node>, row: &'static Endpoint, caller: &Caller, peer: Option<IpAddr>) -> Self {
        let users = node.users();
        Self { node, row, peer, proof: Proof::default(), caller: caller.clone(), users }
    }

    pub(super) fn with(self, proof: Proof) -> Self {
        Self { proof, ..self }
    }

    /// Who calls, if he said so.
    pub const fn authid(&self) -> Option<&Authid> {
        self.caller.authid()
    }

    /// Who calls.
    ///
    /// # Errors
    /// 401 when nobody known does.
    pub fn user(&self) -> Result<&Authid, ApiError> {
        self.authid().ok_or_else(no_ticket)
    }

    /// Users, groups, roles and ACL as they were when the call came.
    pub const fn users(&self) -> &Arc<UserConfig> {
        &self.users
    }

    /// Whether the caller is root@pam himself, not one of his tokens.
    pub fn is_root(&self) -> bool {
        self.authid().is_some_and(Authid::is_root)
    }

    /// Whether the caller has all these privileges on the path.
    pub fn may(&self, path: &str, privileges: &[&str]) -> bool {
        self.require(path, privileges).is_ok()
    }

    /// Whether the caller has one of these privileges on the path.
    pub fn may_any(&self, path: &str, privileges: &[&str]) -> bool {
        self.require_any(path, privileges).is_ok()
    }

    /// Stops the call unless the caller has all these privileges on the path.
    ///
    /// # Errors
    /// 403 naming path and privileges.
    pub fn require(&self, path: &str, privileges: &[&str]) -> Result<(), ApiError> {
        Ok(need(&self.users, self.user()?, path, privileges, false)?)
    }

    /// Stops the call unless the caller has one of these privileges on the path.
    ///
    /// # Errors
    /// 403 naming path and privileges.
    pub fn require_any(&self, path: &str, privileges: &[&str]) -> Result<(), ApiError> {
        Ok(need(&self.users, self.user()?, path, privileges, true)?)
    }

    /// Checks the row's own permission expression, with the arguments as they came.
    pub(super) fn authorize(&self, access: &Access, args: &Args) -> Result<(), ApiError> {
        if !access.needs_login() {
            return Ok(());
        }
        Ok(access.authorize(&self.users, self.user()?, |name| args.text(name).map(Cow::Owned))?)
    }

    /// The entries below the method's own path, for listings with a permission of their own.
    pub fn listing(&self) -> Vec<Subdir> {
        self.node.router().listing(self.row.path)
    }
}
