//! `/storage` and `/nodes/{node}/storage`, called as the daemon calls them.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::path::PathBuf;
use std::sync::Arc;

use api::{Answer, Caller, Node, Request, Verb};
use schema::args::Mode;
use schema::{ApiError, Args};
use serde_json::{Value, json};
use store::Txn;
use task::Outcome;

const USERS: &str = "\
user:jo@pve:1:0::::::
user:audit@pve:1:0::::::
user:net@pve:1:0::::::
user:nobody@pve:1:0::::::
role:net:Sys.AccessNetwork:
acl:1:/storage/local:jo@pve:PVEDatastoreUser:
acl:1:/vms/100:jo@pve:PVEVMAdmin:
acl:1:/storage/local:audit@pve:PVEAuditor:
acl:1:/storage/local:net@pve:PVEDatastoreAdmin:
acl:1:/nodes/n1:net@pve:net:
";

struct World {
    node: Arc<Node>,
    root: PathBuf,
    _dir: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let node = Node::temporary(dir.path()).await.unwrap();
        let txn = Txn::new()
            .put("user.cfg", USERS)
            .put("nodes/n1/qemu-server/100.conf", "scsi0: local:100/vm-100-disk-0.raw,size=4M\nmemory: 512\n");
        node.store.commit(txn).await.unwrap();
        Self { node, root: dir.path().join("var/lib/vz"), _dir: dir }
    }

    async fn call(&self, caller: &str, verb: Verb, path: &str, args: Value) -> Result<Value, ApiError> {
        let caller = Caller::Login(caller.parse().unwrap());
        let args = Args::from_json(Mode::Api, args);
        let request = Request { verb, path: path.to_owned(), args, caller, peer: None };
        api::dispatch(&self.node, self.node.router(), request).await.map(Answer::into_value)
    }

    async fn ok(&self, verb: Verb, path: &str, args: Value) -> Value {
        match self.call("root@pam", verb, path, args).await {
            Ok(value) => value,
            Err(error) => panic!("{path}: {error}"),
        }
    }

    async fn error(&self, caller: &str, verb: Verb, path: &str, args: Value) -> (u16, String) {
        match self.call(caller, verb, path, args).await {
            Ok(value) => panic!("{path}: {value}"),
            Err(error) => (error.status, error.to_string()),
        }
    }

    /// Waits for a task and answers how it ended.
    async fn ended(&self, upid: &Value) -> Outcome {
        let upid = upid.as_str().unwrap().parse().unwrap();
        self.node.tasks.wait(&upid).await.unwrap()
    }
}

const LOCAL: &str = "/nodes/n1/storage/local";

#[tokio::test]
async fn a_storage_is_added_changed_and_removed() {
    let world = World::new().await;
    let path = world.root.with_file_name("second").display().to_string();
    let made = json!({"storage": "second", "type": "dir", "path": path, "content": "iso,images", "prune-backups": "keep-last=3"});
    assert_eq!(world.ok(Verb::Post, "/storage", made.clone()).await, json!({"storage": "second", "type": "dir"}));
    let again = world.error("root@pam", Verb::Post, "/storage", made).await;
    assert_eq!(again, (500, "storage ID 'second' already defined".into()));
    let shown = world.ok(Verb::Get, "/storage/second", json!({})).await;
    assert_eq!((&shown["content"], &shown["prune-backups"]), (&json!("images,iso"), &json!("keep-last=3")));
    let stale = world.error("root@pam", Verb::Put, "/storage/second", json!({"shared": 1, "digest": "00"})).await;
    assert!(stale.1.starts_with("detected modified configuration"), "{stale:?}");
    let change = json!({"shared": 1, "delete": "prune-backups", "digest": shown["digest"]});
    world.ok(Verb::Put, "/storage/second", change).await;
    let shown = world.ok(Verb::Get, "/storage/second", json!({})).await;
    assert_eq!((&shown["shared"], shown.get("prune-backups")), (&json!(1), None));
    world.ok(Verb::Delete, "/storage/second", json!({})).await;
    let gone = world.error("root@pam", Verb::Get, "/storage/second", json!({})).await;
    assert_eq!(gone, (500, "storage 'second' does not exist".into()));
}

#[tokio::test]
async fn what_a_storage_cannot_be_is_refused_by_parameter() {
    let world = World::new().await;
    let refused = async |args: Value| {
        let error = world.call("root@pam", Verb::Post, "/storage", args).await.unwrap_err();
        (error.status, error.errors.into_keys().collect::<Vec<_>>())
    };
    let with = |key: &str, value: &str| {
        let mut args = json!({"storage": "x1", "type": "dir", "path": "/x1"});
        args[key] = json!(value);
        args
    };
    for (key, value) in [
        ("type", "zfspool"),
        ("path", "relative"),
        ("path", "/a/../b"),
        ("content", "strange"),
        ("content-dirs", "iso=../x"),
        ("server", "host"),
        ("storage", "1x"),
        ("unheard", "1"),
        ("bwlimit", "default=x"),
    ] {
        assert_eq!(refused(with(key, value)).await, (400, vec![key.to_owned()]), "{key}={value}");
    }
    // Where it cannot be made, nothing of it stays.
    let file = world.root.join("file");
    std::fs::write(&file, "").unwrap();
    let below = file.join("x").display().to_string();
    world.error("root@pam", Verb::Post, "/storage", json!({"storage": "x1", "type": "dir", "path": below})).await;
    assert_eq!(world.ok(Verb::Get, "/storage", json!({})).await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn only_those_who_may_see_and_change() {
    let world = World::new().await;
    let status = async |caller: &str, verb, path: &str, args| world.error(caller, verb, path, args).await.0;
    let new = json!({"storage": "x1", "type": "dir", "path": "/x1"});
    assert_eq!(status("jo@pve", Verb::Post, "/storage", new).await, 403);
    assert_eq!(status("nobody@pve", Verb::Get, &format!("{LOCAL}/content"), json!({})).await, 403);
    assert_eq!(status("jo@pve", Verb::Get, "/storage/local", json!({})).await, 403);
    let seen = world.call("nobody@pve", Verb::Get, "/nodes/n1/storage", json!({})).await.unwrap();
    assert_eq!(seen, json!([]));
    let url = json!({"content": "iso", "filename": "a.iso", "url": "http://example.com/a.iso"});
    assert_eq!(status("jo@pve", Verb::Post, &format!("{LOCAL}/download-url"), url).await, 403);
    let delete = format!("{LOCAL}/content/local:100/vm-100-disk-9.raw");
    assert_eq!(status("jo@pve", Verb::Delete, &delete, json!({})).await, 403);
}

#[tokio::test]
async fn the_state_of_storages_is_listed() {
    let world = World::new().await;
    let listed = world.ok(Verb::Get, "/nodes/n1/storage", json!({"format": 1})).await;
    let local = &listed[0];
    assert_eq!((&local["storage"], &local["active"], &local["type"]), (&json!("local"), &json!(1), &json!("dir")));
    assert_eq!(local["formats"]["default"], "raw");
    let fraction = local["used_fraction"].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&fraction));
    assert_eq!(world.ok(Verb::Get, "/nodes/n1/storage", json!({"content": "none"})).await, json!([]));
    let state = world.ok(Verb::Get, &format!("{LOCAL}/status"), json!({})).await;
    assert!(state["avail"].as_u64().unwrap() > 0);
    let subdirs = world.ok(Verb::Get, LOCAL, json!({})).await;
    let names: Vec<&str> = subdirs.as_array().unwrap().iter().map(|entry| entry["subdir"].as_str().unwrap()).collect();
    assert!(names.contains(&"content") && names.contains(&"upload") && names.contains(&"status"), "{names:?}");
}

#[tokio::test]
async fn disks_are_allocated_shown_and_removed_unless_used() {
    let world = World::new().await;
    let content = format!("{LOCAL}/content");
    let make = |name: &str| json!({"vmid": 100, "filename": name, "size": "4M"});
    let used = world.ok(Verb::Post, &content, make("vm-100-disk-0.raw")).await;
    let free = world.ok(Verb::Post, &content, make("vm-100-disk-1.raw")).await;
    assert_eq!((&used, &free), (&json!("local:100/vm-100-disk-0.raw"), &json!("local:100/vm-100-disk-1.raw")));
    let info = world.ok(Verb::Get, &format!("{content}/local:100/vm-100-disk-1.raw"), json!({})).await;
    assert_eq!((&info["size"], &info["format"]), (&json!(4 << 20), &json!("raw")));
    let listed = world.call("jo@pve", Verb::Get, &content, json!({"content": "images"})).await.unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    for (name, why) in [
        ("vm-200-disk-0.raw", "illegal name"),
        ("../vm-100-x.raw", "unable to parse"),
        ("vm-100-disk-1.raw", "already exists"),
    ] {
        let error = world.error("root@pam", Verb::Post, &content, make(name)).await;
        assert!(error.1.contains(why), "{error:?}");
    }
    let kept =
        world.error("root@pam", Verb::Delete, &format!("{content}/local:100/vm-100-disk-0.raw"), json!({})).await;
    assert!(kept.1.contains("is used by VM 100 (scsi0)"), "{kept:?}");
    let upid = world.ok(Verb::Delete, &format!("{content}/100/vm-100-disk-1.raw"), json!({})).await;
    assert_eq!(world.ended(&upid).await, Outcome::Ok);
    assert_eq!(world.ok(Verb::Get, &content, json!({})).await.as_array().unwrap().len(), 1);
    let other = world.error("root@pam", Verb::Get, &format!("{content}/other:iso/a.iso"), json!({})).await;
    assert_eq!(other.0, 400);
}

#[tokio::test]
async fn an_upload_becomes_a_volume() {
    let world = World::new().await;
    let received = world.root.join("../../tmp/pveupload-0a1b");
    std::fs::create_dir_all(received.parent().unwrap()).unwrap();
    std::fs::write(&received, "image").unwrap();
    let received = received.canonicalize().unwrap();
    let form = |name: &str| json!({"content": "iso", "filename": name, "tmpfilename": received.display().to_string()});
    let wrong = world.error("root@pam", Verb::Post, &format!("{LOCAL}/upload"), form("a.exe")).await;
    assert!(wrong.0 == 400 && wrong.1.contains("wrong file extension"), "{wrong:?}");
    let upid = world.ok(Verb::Post, &format!("{LOCAL}/upload"), form("a b.iso")).await;
    assert_eq!(world.ended(&upid).await, Outcome::Ok);
    assert_eq!(std::fs::read(world.root.join("template/iso/a_b.iso")).unwrap(), b"image");
    let missing = world
        .error("root@pam", Verb::Post, &format!("{LOCAL}/upload"), json!({"content": "iso", "filename": "b.iso"}))
        .await;
    assert_eq!(missing.0, 400);
}

#[tokio::test]
async fn only_administrators_let_the_node_look_into_private_networks() {
    let world = World::new().await;
    let ask = json!({"url": "http://127.0.0.1:9/a.iso"});
    let refused = world.error("net@pve", Verb::Get, "/nodes/n1/query-url-metadata", ask.clone()).await;
    assert!(refused.1.contains("it is not a public address"), "{refused:?}");
    let failed = world.error("root@pam", Verb::Get, "/nodes/n1/query-url-metadata", ask).await;
    assert!(failed.1.starts_with("download failed"), "{failed:?}");
    let url = json!({"content": "iso", "filename": "a.iso", "url": "http://[::1]/a.iso"});
    let upid = world.call("net@pve", Verb::Post, &format!("{LOCAL}/download-url"), url).await.unwrap();
    assert!(matches!(world.ended(&upid).await, Outcome::Error(text) if text.contains("not a public address")));
    assert_eq!(std::fs::read_dir(world.root.join("template/iso")).unwrap().count(), 0);
}

#[tokio::test]
async fn backups_are_protected_and_pruned() {
    let world = World::new().await;
    for day in 1..=3 {
        let name = format!("vzdump-qemu-100-2024_01_0{day}-12_00_00.vma.zst");
        std::fs::write(world.root.join("dump").join(name), "x").unwrap();
    }
    let first = format!("{LOCAL}/content/backup/vzdump-qemu-100-2024_01_01-12_00_00.vma.zst");
    world.ok(Verb::Put, &first, json!({"protected": 1, "notes": "keep"})).await;
    assert_eq!(world.ok(Verb::Get, &first, json!({})).await["notes"], "keep");
    let prune = format!("{LOCAL}/prunebackups");
    let marks = world.ok(Verb::Get, &prune, json!({"prune-backups": "keep-last=1"})).await;
    let marks: Vec<&str> = marks.as_array().unwrap().iter().map(|entry| entry["mark"].as_str().unwrap()).collect();
    assert_eq!(marks, ["protected", "remove", "keep"]);
    let upid = world.ok(Verb::Delete, &prune, json!({"prune-backups": "keep-last=1"})).await;
    assert_eq!(world.ended(&upid).await, Outcome::Ok);
    let left = world.ok(Verb::Get, &format!("{LOCAL}/content"), json!({"content": "backup", "vmid": 100})).await;
    assert_eq!(left.as_array().unwrap().len(), 2);
    let upid = world.ok(Verb::Delete, &first, json!({})).await;
    assert!(
        matches!(world.ended(&upid).await, Outcome::Error(text) if text.contains("can't remove protected archive"))
    );
}

#[tokio::test]
async fn images_that_can_be_built_are_listed() {
    let world = World::new().await;
    let listed = world.ok(Verb::Get, "/nodes/n1/aplinfo", json!({})).await;
    assert!(listed.as_array().unwrap().iter().any(|image| image["section"] == "system"));
    let unknown =
        world.error("root@pam", Verb::Post, "/nodes/n1/aplinfo", json!({"storage": "local", "template": "x"})).await;
    assert_eq!(unknown.0, 400);
}
