//! Every endpoint of `/access` and `/pools`, called as the daemon calls them.

mod accounts;
mod login;
mod rights;

use std::sync::Arc;

use schema::args::Mode;
use schema::{ApiError, Args};
use serde_json::{Value, json};
use store::Txn;

use crate::{Caller, Node, Request, Verb};

/// Users, groups and rights that most tests begin with.
const USERS: &str = "\
user:jo@pve:1:0::::::
token:jo@pve!sep:0:1::
token:jo@pve!full:0:0::
user:ann@pve:1:0::::::
user:boss@pve:1:0::::::
group:ops:ann@pve::
acl:1:/access/groups/ops:jo@pve:PVEUserAdmin:
acl:1:/access/realm/pve:jo@pve:PVEUserAdmin:
acl:1:/pool/a:jo@pve:PVEPoolAdmin:
acl:1:/vms:jo@pve:PVEVMAdmin:
pool:a:the first:100::
acl:1:/:boss@pve:Administrator:
";

/// A node with its own store.
struct World {
    node: Arc<Node>,
    _root: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        Self::with(USERS).await
    }

    async fn with(users: &str) -> Self {
        let root = tempfile::tempdir().unwrap();
        let node = Node::temporary(root.path()).await.unwrap();
        node.store.commit(Txn::new().put("user.cfg", users)).await.unwrap();
        Self { node, _root: root }
    }

    async fn call(&self, caller: &str, verb: Verb, path: &str, args: Value) -> Result<Value, ApiError> {
        let caller = match caller {
            "" => Caller::Anonymous,
            id if id.contains('!') => Caller::Token(id.parse().unwrap()),
            id => Caller::Login(id.parse().unwrap()),
        };
        let args = Args::from_json(Mode::Api, args);
        let request = Request { verb, path: path.to_owned(), args, caller, peer: None };
        crate::dispatch(&self.node, self.node.router(), request).await.map(crate::Answer::into_value)
    }

    async fn root(&self, verb: Verb, path: &str, args: Value) -> Value {
        match self.call("root@pam", verb, path, args).await {
            Ok(value) => value,
            Err(error) => panic!("{} {path}: {error}", verb.as_str()),
        }
    }

    async fn get(&self, path: &str) -> Value {
        self.root(Verb::Get, path, json!({})).await
    }

    /// The error of a call that must fail: status, message and parameters.
    async fn refused(&self, caller: &str, verb: Verb, path: &str, args: Value) -> String {
        let before = self.files();
        let error = self.call(caller, verb, path, args).await.expect_err("the call must be refused");
        assert_eq!(self.files(), before, "a call that fails changes nothing");
        format!("{} {error}", error.status)
    }

    fn text(&self, key: &str) -> String {
        self.node.store.tree().text(key).unwrap_or_default().to_owned()
    }

    fn files(&self) -> [String; 3] {
        ["user.cfg", "priv/token.cfg", "priv/shadow.cfg"].map(|key| self.text(key))
    }
}
