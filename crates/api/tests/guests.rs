//! Making, copying and keeping states of guests, called as the daemon calls them, on a real directory storage.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::sync::Arc;

use api::{Answer, Caller, Node, Request, Verb};
use schema::args::Mode;
use schema::{ApiError, Args};
use serde_json::{Value, json};
use store::Txn;

const USERS: &str = "\
user:jo@pve:1:0::::::
acl:1:/pool/a:jo@pve:PVEVMAdmin,PVEPoolUser:
acl:1:/storage/local:jo@pve:PVEDatastoreUser:
pool:a:the first:::
";

struct World {
    node: Arc<Node>,
    root: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let node = Node::temporary(root.path()).await.unwrap();
        node.store.commit(Txn::new().put("user.cfg", USERS)).await.unwrap();
        Self { node, root }
    }

    async fn call(&self, caller: &str, verb: Verb, path: &str, args: Value) -> Result<Value, ApiError> {
        let caller = Caller::Login(caller.parse().unwrap());
        let args = Args::from_json(Mode::Api, args);
        let request = Request { verb, path: format!("/nodes/n1{path}"), args, caller, peer: None };
        api::dispatch(&self.node, self.node.router(), request).await.map(Answer::into_value)
    }

    async fn get(&self, path: &str) -> Value {
        self.call("root@pam", Verb::Get, path, json!({})).await.unwrap()
    }

    /// Calls a method that is a task, and waits for its end. Answers how it ended.
    async fn task(&self, caller: &str, verb: Verb, path: &str, args: Value) -> Result<String, ApiError> {
        let upid = self.call(caller, verb, path, args).await?;
        let upid = upid.as_str().unwrap().parse().unwrap();
        let outcome = self.node.tasks.wait(&upid).await.unwrap();
        Ok(outcome.to_string())
    }

    /// As [`Self::task`], by root, which must succeed.
    async fn done(&self, verb: Verb, path: &str, args: Value) {
        assert_eq!(self.task("root@pam", verb, path, args).await.unwrap(), "OK", "{path}");
    }

    async fn refused(&self, verb: Verb, path: &str, args: Value) -> String {
        let error = self.call("root@pam", verb, path, args).await.expect_err("the call must be refused");
        format!("{} {error}", error.status)
    }

    fn users(&self) -> String {
        self.node.store.tree().text("user.cfg").unwrap_or_default().to_owned()
    }

    /// The guests' files on the storage, as `100/vm-100-disk-0.qcow2`.
    fn images(&self) -> Vec<String> {
        let top = self.root.path().join("var/lib/vz/images");
        let Ok(guests) = std::fs::read_dir(&top) else { return Vec::new() };
        let files = guests.flat_map(|guest| std::fs::read_dir(guest.unwrap().path()).unwrap());
        let mut names: Vec<String> =
            files.map(|file| file.unwrap().path().strip_prefix(&top).unwrap().display().to_string()).collect();
        names.sort();
        names
    }
}

#[tokio::test]
async fn who_may_use_a_pool_makes_guests_in_it_and_nowhere_else() {
    let world = World::new().await;
    let wish = |pool: Option<&str>| {
        let mut wish = json!({"vmid": 100, "memory": 64, "scsi0": "local:1"});
        wish["pool"] = pool.into();
        if pool.is_none() {
            wish.as_object_mut().unwrap().remove("pool");
        }
        wish
    };
    let alone = world.call("jo@pve", Verb::Post, "/qemu", wish(None)).await.unwrap_err();
    assert_eq!(alone.message, "Permission check failed (/vms/100, VM.Allocate)");
    let other = world.call("jo@pve", Verb::Post, "/qemu", wish(Some("b"))).await.unwrap_err();
    assert_eq!(other.status, 403);
    let missing = world.refused(Verb::Post, "/qemu", wish(Some("b"))).await;
    assert!(missing.contains("no such pool 'b'"), "{missing}");

    assert_eq!(world.task("jo@pve", Verb::Post, "/qemu", wish(Some("a"))).await.unwrap(), "OK");
    assert!(world.users().contains("pool:a:the first:100:"), "{}", world.users());
    let seen = world.call("jo@pve", Verb::Get, "/qemu/100/config", json!({})).await.unwrap();
    assert_eq!(seen["memory"], "64");

    assert_eq!(world.task("jo@pve", Verb::Delete, "/qemu/100", json!({})).await.unwrap(), "OK");
    assert!(world.users().contains("pool:a:the first::"), "{}", world.users());
    assert_eq!(world.images(), [""; 0]);
}

#[tokio::test]
async fn a_guest_that_could_not_be_made_is_in_no_pool() {
    let world = World::new().await;
    let wish = json!({"vmid": 100, "pool": "a", "scsi0": "local:1,format=vmdk"});
    let ended = world.task("jo@pve", Verb::Post, "/qemu", wish).await.unwrap();
    assert!(ended.contains("vmdk"), "{ended}");
    assert!(world.users().contains("pool:a:the first::"), "{}", world.users());
}
