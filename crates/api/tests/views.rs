//! Lists and figures of node, guests and storages, called as the daemon calls them.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::sync::Arc;
use std::time::Instant;

use api::{Answer, Caller, Node, Request, Verb};
use schema::args::Mode;
use schema::{ApiError, Args};
use serde_json::{Value, json};
use store::Txn;

const USERS: &str = "\
user:jo@pve:1:0::::::
user:nobody@pve:1:0::::::
acl:1:/vms/100:jo@pve:PVEVMAdmin:
acl:1:/pool/a:jo@pve:PVEPoolAdmin,PVEVMAdmin:
pool:a:the first:101::
";

struct World {
    node: Arc<Node>,
    _root: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let node = Node::temporary(root.path()).await.unwrap();
        let txn = Txn::new()
            .put("user.cfg", USERS)
            .put("nodes/n1/qemu-server/100.conf", "name: web\ncores: 1\nmemory: 2048\n")
            .put("nodes/n1/lxc/101.conf", "hostname: db\nmemory: 256\ntags: a;b\n");
        node.store.commit(txn).await.unwrap();
        Self { node, _root: root }
    }

    async fn call(&self, caller: &str, verb: Verb, path: &str, args: Value) -> Result<Value, ApiError> {
        let caller = Caller::Login(caller.parse().unwrap());
        let args = Args::from_json(Mode::Api, args);
        let request = Request { verb, path: path.to_owned(), args, caller, peer: None };
        api::dispatch(&self.node, self.node.router(), request).await.map(Answer::into_value)
    }

    async fn get(&self, path: &str, args: Value) -> Value {
        match self.call("root@pam", Verb::Get, path, args).await {
            Ok(value) => value,
            Err(error) => panic!("{path}: {error}"),
        }
    }

    async fn ids(&self, caller: &str, args: Value) -> Vec<String> {
        let list = self.call(caller, Verb::Get, "/cluster/resources", args).await.unwrap();
        let id = |resource: &Value| resource["id"].as_str().unwrap().to_owned();
        list.as_array().unwrap().iter().map(id).filter(|id| !id.starts_with("storage/")).collect()
    }
}

#[tokio::test]
async fn everybody_sees_what_he_may() {
    let world = World::new().await;
    let all = ["qemu/100", "lxc/101", "node/n1", "/pool/a", "network/n1/zone/localnetwork"];
    assert_eq!(world.ids("root@pam", json!({})).await, all);
    assert_eq!(world.ids("root@pam", json!({"type": "vm"})).await, ["qemu/100", "lxc/101"]);
    // The pool's administrator sees its members, too.
    assert_eq!(world.ids("jo@pve", json!({})).await, ["qemu/100", "lxc/101", "node/n1", "/pool/a"]);
    assert_eq!(world.ids("nobody@pve", json!({})).await, ["node/n1"]);
}

#[tokio::test]
async fn a_list_changes_with_configuration_rights_and_figures() {
    let world = World::new().await;
    let first = world.get("/cluster/resources", json!({"type": "node"})).await;
    assert_eq!(first[0]["maxmem"], Value::Null, "nothing is known before the first pass");
    world.node.stats.pass().await;
    let second = world.get("/cluster/resources", json!({"type": "node"})).await;
    assert!(second[0]["maxmem"].as_u64().unwrap() > 0);
    let reduced = world.call("nobody@pve", Verb::Get, "/cluster/resources", json!({"type": "node"})).await.unwrap();
    assert_eq!((reduced[0]["maxmem"].clone(), reduced[0]["status"].clone()), (Value::Null, json!("online")));

    let guests = world.get("/cluster/resources", json!({"type": "vm"})).await;
    assert_eq!(
        (&guests[0]["name"], &guests[0]["status"], &guests[0]["maxcpu"]),
        (&json!("web"), &json!("stopped"), &json!(1))
    );
    assert_eq!(
        (&guests[1]["pool"], &guests[1]["tags"], &guests[1]["template"]),
        (&json!("a"), &json!("a;b"), &json!(0))
    );
    world.node.store.commit(Txn::new().delete("nodes/n1/qemu-server/100.conf")).await.unwrap();
    assert_eq!(world.ids("root@pam", json!({"type": "vm"})).await, ["lxc/101"]);

    assert_eq!(world.ids("jo@pve", json!({"type": "vm"})).await, ["lxc/101"]);
    let no_rights = Txn::new().put("user.cfg", "user:jo@pve:1:0::::::\n");
    world.node.store.commit(no_rights).await.unwrap();
    assert!(world.ids("jo@pve", json!({"type": "vm"})).await.is_empty());
}

#[tokio::test]
async fn free_ids_skip_those_in_use() {
    let world = World::new().await;
    assert_eq!(world.get("/cluster/nextid", json!({})).await, "102");
    assert_eq!(world.get("/cluster/nextid", json!({"vmid": 500})).await, "500");
    let error = world.call("root@pam", Verb::Get, "/cluster/nextid", json!({"vmid": 100})).await.unwrap_err();
    assert_eq!((error.status, error.errors["vmid"].as_str()), (400, "VM 100 already exists"));
    let options = json!({"next-id": "lower=100,upper=102"});
    world.call("root@pam", Verb::Put, "/cluster/options", options).await.unwrap();
    assert_eq!(world.call("root@pam", Verb::Get, "/cluster/nextid", json!({})).await.unwrap_err().status, 500);
}

#[tokio::test]
async fn options_are_set_shown_and_removed() {
    let world = World::new().await;
    let change = json!({"keyboard": "de", "next-id": "lower=200", "description": "a\nb"});
    world.call("root@pam", Verb::Put, "/cluster/options", change).await.unwrap();
    let shown = world.get("/cluster/options", json!({})).await;
    assert_eq!((&shown["keyboard"], &shown["next-id"]["lower"]), (&json!("de"), &json!("200")));
    assert_eq!(shown["description"], "a\nb\n");
    world.call("root@pam", Verb::Put, "/cluster/options", json!({"delete": "keyboard"})).await.unwrap();
    assert_eq!(world.get("/cluster/options", json!({})).await["keyboard"], Value::Null);
    for refused in [json!({"keyboard": "xx"}), json!({"ha": "shutdown_policy=migrate"}), json!({"delete": "nothing"})] {
        let error = world.call("root@pam", Verb::Put, "/cluster/options", refused).await.unwrap_err();
        assert_eq!(error.status, 400, "{error}");
    }
    assert_eq!(world.call("jo@pve", Verb::Put, "/cluster/options", json!({})).await.unwrap_err().status, 403);
}

#[tokio::test]
async fn the_node_tells_about_itself() {
    let world = World::new().await;
    world.node.stats.pass().await;
    let status = world.get("/nodes/n1/status", json!({})).await;
    assert!(status["memory"]["total"].as_u64().unwrap() > 0 && status["rootfs"]["total"].as_u64().unwrap() > 0);
    assert!(status["kversion"].as_str().unwrap().starts_with("Linux "));
    assert!(status["kvm"]["usable"].is_number());
    assert_eq!(world.get("/nodes", json!({})).await[0]["status"], "online");
    assert_eq!(world.get("/version", json!({})).await, world.get("/nodes/n1/version", json!({})).await);
    assert!(world.get("/nodes/n1/time", json!({})).await["time"].as_i64().unwrap() > 1_297_163_644);
    assert!(world.get("/nodes/n1/network", json!({})).await.is_array());
    assert!(world.get("/nodes/n1/netstat", json!({})).await.is_array());
    assert_eq!(world.get("/nodes/n1/subscription", json!({})).await["status"], "notfound");
    assert_eq!(world.get("/nodes/n1/replication", json!({})).await, json!([]));
    assert_eq!(world.get("/cluster/status", json!({})).await[0]["name"], "n1");
    assert_eq!(world.get("/cluster/backup-info/not-backed-up", json!({})).await[0]["vmid"], 100);
    assert!(world.get("/nodes/n1", json!({})).await.as_array().unwrap().iter().any(|entry| entry["name"] == "status"));
    assert_eq!(world.call("root@pam", Verb::Get, "/nodes/other", json!({})).await.unwrap_err().status, 500);
}

#[tokio::test]
async fn series_have_a_row_a_slot() {
    let world = World::new().await;
    for (path, timeframe, rows) in [
        ("/nodes/n1/rrddata", "hour", 60),
        ("/nodes/n1/rrddata", "decade", 570),
        ("/nodes/n1/qemu/100/rrddata", "day", 1440),
        ("/nodes/n1/lxc/101/rrddata", "week", 336),
    ] {
        let series = world.get(path, json!({"timeframe": timeframe, "cf": "MAX"})).await;
        assert_eq!(series.as_array().unwrap().len(), rows, "{path}");
        assert!(series[0]["time"].is_i64());
    }
    let error = world.call("root@pam", Verb::Get, "/nodes/n1/qemu/101/rrddata", json!({"timeframe": "day"})).await;
    assert!(error.unwrap_err().message.contains("does not exist"));
    let error = world.call("root@pam", Verb::Get, "/nodes/n1/qemu/100/rrddata", json!({"timeframe": "decade"})).await;
    assert_eq!(error.unwrap_err().status, 400);
}

/// Not a benchmark, but a guard: an answer that nothing has changed is handed out, not made.
#[tokio::test]
async fn an_unchanged_list_costs_little() {
    let world = World::new().await;
    let mut txn = Txn::new();
    for vmid in 1000..2000 {
        txn = txn.put(format!("nodes/n1/qemu-server/{vmid}.conf"), "cores: 2\nmemory: 1024\n");
    }
    world.node.store.commit(txn).await.unwrap();
    let raw = || async {
        let args = Args::from_json(Mode::Api, json!({}));
        let caller = Caller::Login("root@pam".parse().unwrap());
        let request = Request { verb: Verb::Get, path: "/cluster/resources".to_owned(), args, caller, peer: None };
        api::dispatch(&world.node, world.node.router(), request).await.unwrap()
    };
    let started = Instant::now();
    raw().await;
    let first = started.elapsed();
    let started = Instant::now();
    for _ in 0..100 {
        raw().await;
    }
    let each = started.elapsed() / 100;
    println!("first {first:?}, then {each:?} each");
    assert!(each < first / 10);
}
