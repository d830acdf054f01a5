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

/// A VM with a qcow2 disk, a raw one, a CD-ROM drive and a card.
async fn web(world: &World) {
    let wish = json!({"vmid": 100, "name": "web", "memory": 64, "scsi0": "local:0.25,format=qcow2,ssd=1",
        "scsi1": "local:0.25,format=raw", "ide2": "none,media=cdrom", "net0": "virtio,bridge=vmbr0"});
    world.done(Verb::Post, "/qemu", wish).await;
}

fn field<'a>(config: &'a Value, key: &str) -> &'a str {
    config[key].as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_whole_copy_has_its_own_disks_and_its_own_identity() {
    let world = World::new().await;
    web(&world).await;
    world.done(Verb::Post, "/qemu/100/clone", json!({"newid": 101, "pool": "a", "description": "a copy"})).await;
    let (old, new) = (world.get("/qemu/100/config").await, world.get("/qemu/101/config").await);
    assert_eq!(field(&new, "name"), "Copy-of-VM-web");
    assert_eq!(field(&new, "description"), "a copy\n");
    assert_eq!(field(&new, "scsi0"), "local:101/vm-101-disk-0.qcow2,ssd=1,size=256M");
    assert_eq!(field(&new, "scsi1"), "local:101/vm-101-disk-1.raw,size=256M");
    assert_eq!(field(&new, "ide2"), "none,media=cdrom");
    for key in ["net0", "smbios1", "vmgenid"] {
        assert!(!field(&new, key).is_empty());
        assert_ne!(field(&old, key), field(&new, key), "{key}");
    }
    assert!(new.get("lock").is_none());
    assert!(world.users().contains("pool:a:the first:101:"), "{}", world.users());
    let as_raw = json!({"newid": 102, "name": "raw", "format": "raw", "storage": "local"});
    world.done(Verb::Post, "/qemu/100/clone", as_raw).await;
    assert_eq!(field(&world.get("/qemu/102/config").await, "scsi0"), "local:102/vm-102-disk-0.raw,ssd=1,size=256M");
}

#[tokio::test]
async fn a_copy_that_cannot_be_leaves_nothing() {
    let world = World::new().await;
    web(&world).await;
    let before = world.images();
    for (wish, why) in [
        (json!({"newid": 100}), "already exists on node 'n1'"),
        (json!({"newid": 101, "full": 0}), "full: Linked clone feature is not available for drive 'scsi0'"),
        (json!({"newid": 101, "target": "n2"}), "target: no such cluster node 'n2'"),
        (json!({"newid": 101, "snapname": "no"}), "snapname: snapshot 'no' does not exist"),
        (json!({"newid": 101, "pool": "b"}), "pool: no such pool 'b'"),
        (json!({"newid": 101, "bwlimit": -1}), "bwlimit"),
    ] {
        let refused = world.refused(Verb::Post, "/qemu/100/clone", wish).await;
        assert!(refused.contains(why), "{refused}");
    }
    // The second disk fails when the first is copied already.
    let damaged = world.root.path().join("var/lib/vz/images/100/vm-100-disk-1.raw");
    std::fs::remove_file(&damaged).unwrap();
    let ended = world.task("root@pam", Verb::Post, "/qemu/100/clone", json!({"newid": 101})).await.unwrap();
    assert!(ended.contains("does not exist"), "{ended}");
    assert_eq!(world.images(), before[..1]);
    assert_eq!(world.get("/qemu").await.as_array().unwrap().len(), 1);

    // Who may clone it needs the space, and the right to make guests.
    let users = "user:jo@pve:1:0::::::\nacl:1:/vms/100:jo@pve:PVETemplateUser:\nacl:1:/vms/101:jo@pve:PVEVMAdmin:\n";
    world.node.store.commit(Txn::new().put("user.cfg", users)).await.unwrap();
    for (newid, why) in [(102, "Permission check failed"), (101, "(/storage/local, Datastore.AllocateSpace)")] {
        let refused = world.call("jo@pve", Verb::Post, "/qemu/100/clone", json!({"newid": newid})).await.unwrap_err();
        assert_eq!(refused.status, 403);
        assert!(refused.message.contains(why), "{}", refused.message);
    }
}

#[tokio::test]
async fn linked_clones_stand_on_a_template_that_stays() {
    let world = World::new().await;
    web(&world).await;
    world.done(Verb::Post, "/qemu/100/template", json!({})).await;
    let template = world.get("/qemu/100/config").await;
    assert_eq!(template["template"], 1);
    assert_eq!(field(&template, "scsi0"), "local:100/base-100-disk-0.qcow2,ssd=1,size=256M");
    assert_eq!(world.images(), ["100/base-100-disk-0.qcow2", "100/base-100-disk-1.raw"]);

    for (verb, path, args, why) in [
        (Verb::Post, "/qemu/100/template", json!({}), "can't convert a template to a template"),
        (Verb::Put, "/qemu/100/config", json!({"delete": "scsi0"}), "disks of a template cannot be changed"),
        (Verb::Put, "/qemu/100/config", json!({"delete": "template"}), "cannot become a VM again"),
        (Verb::Post, "/qemu/100/clone", json!({"newid": 101, "storage": "local"}), "not allowed for linked clones"),
    ] {
        let refused = world.refused(verb, path, args).await;
        assert!(refused.contains(why), "{refused}");
    }
    let ended = world.call("root@pam", Verb::Post, "/qemu/100/status/start", json!({})).await;
    let ended = match ended {
        Err(error) => error.message,
        Ok(upid) => world.node.tasks.wait(&upid.as_str().unwrap().parse().unwrap()).await.unwrap().to_string(),
    };
    assert!(ended.contains("if it's a template"), "{ended}");

    // Several at once: they only read it.
    let copy = |wish: Value| world.done(Verb::Post, "/qemu/100/clone", wish);
    tokio::join!(copy(json!({"newid": 101})), copy(json!({"newid": 102})), copy(json!({"newid": 103, "full": 1})));
    let clone = world.get("/qemu/101/config").await;
    assert_eq!(field(&clone, "scsi0"), "local:100/base-100-disk-0.qcow2/101/vm-101-disk-0.qcow2,ssd=1,size=256M");
    assert_eq!(field(&clone, "scsi1"), "local:100/base-100-disk-1.raw/101/vm-101-disk-1.qcow2,size=256M");
    assert!(clone.get("template").is_none());
    assert!(field(&world.get("/qemu/103/config").await, "scsi0").starts_with("local:103/vm-103-disk-0.qcow2,"));

    let ended = world.task("root@pam", Verb::Delete, "/qemu/100", json!({})).await.unwrap();
    assert!(ended.contains("is still in use by linked cloned volume"), "{ended}");
    assert!(world.get("/qemu/100/config").await.get("lock").is_none());
    for vmid in [101, 102, 103, 100] {
        world.done(Verb::Delete, &format!("/qemu/{vmid}"), json!({})).await;
    }
    assert_eq!(world.images(), [""; 0]);
}

#[tokio::test]
async fn a_template_that_was_not_finished_is_a_vm_again() {
    let world = World::new().await;
    web(&world).await;
    let (before, images) = (world.get("/qemu/100/config").await, world.images());
    // The name that the second disk would get is taken.
    std::fs::write(world.root.path().join("var/lib/vz/images/100/base-100-disk-1.raw"), "").unwrap();
    let ended = world.task("root@pam", Verb::Post, "/qemu/100/template", json!({})).await.unwrap();
    assert!(ended.contains("already exists"), "{ended}");
    std::fs::remove_file(world.root.path().join("var/lib/vz/images/100/base-100-disk-1.raw")).unwrap();
    assert_eq!(world.images(), images);
    assert_eq!(world.get("/qemu/100/config").await, before);
}

#[tokio::test]
async fn states_are_kept_listed_described_and_brought_back() {
    let world = World::new().await;
    let wish = json!({"vmid": 100, "cores": 1, "scsi0": "local:0.25,format=qcow2"});
    world.done(Verb::Post, "/qemu", wish).await;
    world.done(Verb::Post, "/qemu/100/snapshot", json!({"snapname": "first", "description": "a"})).await;
    world.call("root@pam", Verb::Put, "/qemu/100/config", json!({"cores": 2})).await.unwrap();
    world.done(Verb::Post, "/qemu/100/snapshot", json!({"snapname": "second", "vmstate": 1})).await;
    let described = json!({"description": "before"});
    world.call("root@pam", Verb::Put, "/qemu/100/snapshot/first/config", described).await.unwrap();
    let list = world.get("/qemu/100/snapshot").await;
    let shown: Vec<String> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("{} {} {} {}", row["name"], row["parent"], row["vmstate"], row["description"]))
        .collect();
    // It was not running: there was no memory to keep.
    assert_eq!(
        shown,
        [r#""first" null 0 "before\n""#, r#""second" "first" 0 """#, r#""current" "second" null "You are here!""#]
    );
    assert_eq!(list[2]["running"], 0);
    assert_eq!(world.get("/qemu/100/snapshot/first/config").await["cores"], 1);
    assert_eq!(world.get("/qemu/100/config").await["cores"], 2);

    for (verb, path, args, why) in [
        (Verb::Post, "/qemu/100/snapshot", json!({"snapname": "first"}), "snapshot name 'first' already used"),
        (Verb::Post, "/qemu/100/snapshot", json!({"snapname": "current"}), "reserved name"),
        (Verb::Post, "/qemu/100/snapshot", json!({"snapname": "1st"}), "snapname"),
        (Verb::Delete, "/qemu/100/snapshot/no", json!({}), "snapshot"),
        (Verb::Post, "/qemu/100/snapshot/none/rollback", json!({}), "snapshot 'none' does not exist"),
        (Verb::Post, "/qemu/100/template", json!({}), "VM contains snapshots"),
    ] {
        let refused = world.refused(verb, path, args).await;
        assert!(refused.contains(why), "{refused}");
    }

    world.done(Verb::Post, "/qemu/100/snapshot/first/rollback", json!({})).await;
    let now = world.get("/qemu/100/config").await;
    assert_eq!((&now["cores"], field(&now, "parent")), (&json!(1), "first"));
    world.done(Verb::Delete, "/qemu/100/snapshot/first", json!({})).await;
    let list = world.get("/qemu/100/snapshot").await;
    assert!(list[0].get("parent").is_none() && list[1].get("parent").is_none(), "{list}");
    world.done(Verb::Delete, "/qemu/100", json!({})).await;
    assert_eq!(world.images(), [""; 0]);
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused_before_anything_is_done() {
    let world = World::new().await;
    web(&world).await;
    let before = world.get("/qemu/100/config").await;
    let refused = world.refused(Verb::Post, "/qemu/100/snapshot", json!({"snapname": "first"})).await;
    assert!(refused.contains("snapshot feature is not available: drive 'scsi1' is not of format qcow2"), "{refused}");
    assert_eq!(world.get("/qemu/100/config").await, before);
    let container =
        Txn::new().put("nodes/n1/lxc/101.conf", "hostname: a\nrootfs: local:101/vm-101-disk-0.raw,size=4G\n");
    world.node.store.commit(container).await.unwrap();
    let refused = world.refused(Verb::Post, "/lxc/101/snapshot", json!({"snapname": "first"})).await;
    assert!(refused.contains("snapshot feature is not available"), "{refused}");
    let list = world.get("/lxc/101/snapshot").await;
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["name"], "current");
}

#[tokio::test]
async fn tags_are_settled_and_registered_ones_are_for_administrators() {
    let world = World::new().await;
    let datacenter = "registered-tags: gold\nuser-tag-access: user-allow=list,user-allow-list=db;web\n";
    world.node.store.commit(Txn::new().put("datacenter.cfg", datacenter)).await.unwrap();
    world.done(Verb::Post, "/qemu", json!({"vmid": 9091, "tags": ["web", "Gold", "web"], "pool": "a"})).await;
    assert_eq!(field(&world.get("/qemu/9091/config").await, "tags"), "gold;web");

    let put = async |tags: &str| {
        let changed = world.call("jo@pve", Verb::Put, "/qemu/9091/config", json!({ "tags": tags })).await;
        changed.map_err(|error| format!("{} {error}", error.status))
    };
    put("web,db,gold").await.unwrap();
    assert_eq!(field(&world.get("/qemu/9091/config").await, "tags"), "db;gold;web");
    for (tags, named) in [("db;web", "gold"), ("gold;new", "new")] {
        let refused = put(tags).await.unwrap_err();
        assert!(
            refused.starts_with("403 Permission check failed (/, Sys.Modify)") && refused.contains(named),
            "{refused}"
        );
    }
    let removed = world.call("jo@pve", Verb::Put, "/qemu/9091/config", json!({"delete": "tags"})).await;
    assert_eq!(removed.unwrap_err().status, 403, "nor is the registered one removed with all");
    assert_eq!(field(&world.get("/qemu/9091/config").await, "tags"), "db;gold;web");
}
