//! What a node tells of itself, and what is done with many guests, called as the daemon calls it.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::sync::Arc;

use api::{Answer, Caller, Node, Request, Verb};
use schema::args::Mode;
use schema::{ApiError, Args};
use serde_json::{Value, json};
use store::Txn;

struct World {
    node: Arc<Node>,
    _root: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let node = Node::temporary(root.path()).await.unwrap();
        let users = "user:jo@pve:1:0::::::\nacl:1:/vms/100:jo@pve:PVEVMUser:\nacl:1:/vms/101:jo@pve:PVEVMAdmin:\n";
        node.store.commit(Txn::new().put("user.cfg", users)).await.unwrap();
        Self { node, _root: root }
    }

    async fn call(&self, caller: &str, verb: Verb, path: &str, args: Value) -> Result<Value, ApiError> {
        let caller = Caller::Login(caller.parse().unwrap());
        let args = Args::from_json(Mode::Api, args);
        let request = Request { verb, path: format!("/nodes/n1{path}"), args, caller, peer: None };
        api::dispatch(&self.node, self.node.router(), request).await.map(Answer::into_value)
    }

    async fn get(&self, path: &str, args: Value) -> Value {
        match self.call("root@pam", Verb::Get, path, args).await {
            Ok(value) => value,
            Err(error) => panic!("{path}: {error}"),
        }
    }

    /// The lines of a task's log, and how it ended.
    async fn task(&self, caller: &str, path: &str, args: Value) -> (String, Vec<String>) {
        let upid = self.call(caller, Verb::Post, path, args).await.unwrap();
        let text = upid.as_str().unwrap();
        let outcome = self.node.tasks.wait(&text.parse().unwrap()).await.unwrap().to_string();
        let log = self.get(&format!("/tasks/{text}/log"), json!({"limit": 100})).await;
        let lines = log.as_array().unwrap().iter().map(|line| line["t"].as_str().unwrap().to_owned()).collect();
        (outcome, lines)
    }
}

#[tokio::test]
async fn notes_of_a_node_are_kept() {
    let world = World::new().await;
    let change = async |args: Value| world.call("root@pam", Verb::Put, "/config", args).await;
    let first = world.get("/config", json!({})).await;
    change(json!({"description": "# Rack 1\n*north*", "location": "latitude=37.9,longitude=23.7,name=Athens"}))
        .await
        .unwrap();
    let shown = world.get("/config", json!({})).await;
    assert_eq!(shown["description"], "# Rack 1\n*north*\n");
    assert!(shown["location"].as_str().unwrap().contains("name=Athens"), "{shown}");
    assert_eq!(world.get("/config", json!({"property": "location"})).await.get("description"), None);
    let stale = change(json!({"description": "x", "digest": first["digest"]})).await.unwrap_err();
    assert!(stale.message.contains("detected modified configuration"), "{stale}");
    change(json!({"ballooning-target": 1})).await.unwrap();
    assert_eq!(world.get("/config", json!({})).await["ballooning-target"], 1);
    change(json!({"ballooning-target": 0, "description": "x"})).await.unwrap();
    assert_eq!(world.get("/config", json!({})).await["ballooning-target"], 0);
    assert_eq!(change(json!({"wakeonlan": "BC:24:11:00:00:01"})).await.unwrap_err().status, 400);
    assert!(change(json!({"delete": "nonsense"})).await.unwrap_err().to_string().contains("unknown option"));
    change(json!({"delete": "description,location,ballooning-target"})).await.unwrap();
    assert_eq!(world.get("/config", json!({})).await.as_object().unwrap().len(), 1);
}

#[tokio::test]
async fn what_guests_can_be_given_is_listed() {
    let world = World::new().await;
    let cpus = world.get("/capabilities/qemu/cpu", json!({})).await;
    let vendor =
        |name: &str| cpus.as_array().unwrap().iter().find(|cpu| cpu["name"] == name).map(|cpu| cpu["vendor"].clone());
    assert_eq!(vendor("x86-64-v2-AES"), Some(json!("default")));
    assert_eq!(vendor("EPYC"), Some(json!("AuthenticAMD")));
    assert_eq!(vendor("cortex-a72"), None);
    let machines = world.get("/capabilities/qemu/machines", json!({})).await;
    assert!(machines[0]["id"].as_str().unwrap().starts_with("pc-i440fx-"), "{machines}");
    assert_eq!(machines[1]["type"], "q35");
    let index = world.get("/capabilities/qemu", json!({})).await;
    assert_eq!(index.as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_node_tells_what_it_knows_and_says_when_it_does_not() {
    let world = World::new().await;
    for (path, args) in [
        ("/disks/list", json!({"include-partitions": 1})),
        ("/syslog", json!({"limit": 5})),
        ("/journal", json!({"lastentries": 5})),
        ("/certificates/info", json!({})),
        ("/apt/versions", json!({})),
        ("/services/cron/state", json!({})),
    ] {
        let told = world.get(path, args).await;
        assert!(told.is_array() || told.is_object(), "{path}: {told}");
    }
    let services = world.get("/services", json!({})).await;
    let daemon = services.as_array().unwrap().iter().find(|one| one["service"] == "pvedaemon").unwrap();
    assert_eq!(daemon["name"], "pleiad-daemon");
    if !std::path::Path::new("/run/systemd/system").is_dir() {
        assert_eq!(daemon["active-state"], "unknown");
        assert!(world.get("/syslog", json!({})).await[0]["t"].as_str().unwrap().contains("no journal"));
    }
    let versions = world.get("/apt/versions", json!({})).await;
    assert_eq!(versions[0]["Package"], "pleiad");
    for (path, args) in [
        ("/services/corosync/state", json!({})),
        ("/syslog", json!({"service": "a b"})),
        ("/syslog", json!({"since": "yesterday"})),
        ("/journal", json!({"startcursor": "--file=/etc/shadow"})),
        ("/journal", json!({"structured": 1})),
    ] {
        assert_eq!(world.call("root@pam", Verb::Get, path, args).await.unwrap_err().status, 400, "{path}");
    }
}

#[tokio::test]
async fn a_node_below_a_folder_does_not_end_the_machine() {
    let world = World::new().await;
    for command in ["reboot", "shutdown"] {
        let refused = world.call("root@pam", Verb::Post, "/status", json!({"command": command})).await.unwrap_err();
        assert!(refused.message.contains("not a machine of its own"), "{refused}");
    }
    let refused = world.call("jo@pve", Verb::Post, "/status", json!({"command": "reboot"})).await.unwrap_err();
    assert_eq!(refused.status, 403);
}

#[tokio::test]
async fn a_certificate_tells_whose_it_is() {
    let world = World::new().await;
    let subject = ["-days", "2", "-subj", "/O=Pleiad/CN=n1", "-addext", "subjectAltName=DNS:n1,IP:10.0.0.1"];
    let run =
        host::run::Run::new("openssl").args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "/dev/null"]);
    let Ok(output) = run.args(subject).output().await else {
        eprintln!("skipped: openssl is not installed");
        return;
    };
    let pem = String::from_utf8(output.stdout).unwrap();
    world.node.store.commit(Txn::new().put("nodes/n1/pve-ssl.pem", pem.clone())).await.unwrap();
    let told = world.get("/certificates/info", json!({})).await;
    let told = &told[0];
    assert_eq!(told["filename"], "pve-ssl.pem");
    assert_eq!(told["subject"], "/O=Pleiad/CN=n1");
    assert_eq!(told["san"], json!(["n1", "10.0.0.1"]));
    assert_eq!((&told["public-key-type"], &told["public-key-bits"]), (&json!("rsaEncryption"), &json!(2048)));
    assert_eq!(told["fingerprint"].as_str().unwrap().len(), 32 * 3 - 1);
    assert_eq!(told["pem"], pem);
}

#[tokio::test]
async fn many_guests_at_once_in_their_order() {
    let world = World::new().await;
    // They refuse to start at once: their disks are not there.
    let broken = "memory: 16\nonboot: 1\nscsi0: local:100/vm-100-disk-0.raw\n";
    let txn = Txn::new()
        .put("nodes/n1/qemu-server/100.conf", format!("{broken}startup: order=2,up=0\n"))
        .put("nodes/n1/qemu-server/101.conf", format!("{broken}startup: order=1,up=0\n"))
        .put("nodes/n1/qemu-server/102.conf", "memory: 16\n")
        .put("nodes/n1/qemu-server/103.conf", "memory: 16\nonboot: 1\ntemplate: 1\n");
    world.node.store.commit(txn).await.unwrap();
    let (outcome, lines) = world.task("root@pam", "/startall", json!({})).await;
    assert!(outcome.starts_with("WARNINGS"), "{outcome}");
    let begun: Vec<&String> = lines.iter().filter(|line| line.starts_with("Starting")).collect();
    assert_eq!(begun, ["Starting VM 101", "Starting VM 100"]);

    let refused = world.call("jo@pve", Verb::Post, "/stopall", json!({})).await.unwrap_err();
    assert_eq!(refused.message, "Permission check failed (/, VM.PowerMgmt)");
    let refused = world.call("jo@pve", Verb::Post, "/stopall", json!({"vms": "101,102"})).await.unwrap_err();
    assert_eq!(refused.message, "Permission check failed (/vms/102, VM.PowerMgmt)");
    let (outcome, lines) = world.task("jo@pve", "/stopall", json!({"vms": "101"})).await;
    // It does not run: there is nothing to do.
    assert_eq!((outcome.as_str(), lines.iter().any(|line| line.contains("101"))), ("OK", false));
    assert_eq!(world.task("root@pam", "/suspendall", json!({"max-workers": 2})).await.0, "OK");
}

#[tokio::test]
async fn what_can_be_done_with_disks_is_told_and_disks_are_taken_out() {
    let world = World::new().await;
    let wish = json!({"vmid": 100, "scsi0": "local:0.25,format=qcow2", "scsi1": "local:0.25,format=raw"});
    let upid = world.call("root@pam", Verb::Post, "/qemu", wish).await.unwrap();
    world.node.tasks.wait(&upid.as_str().unwrap().parse().unwrap()).await.unwrap();
    let has =
        async |feature: &str| world.get("/qemu/100/feature", json!({"feature": feature})).await["hasFeature"].clone();
    assert_eq!((has("snapshot").await, has("clone").await, has("copy").await), (json!(0), json!(0), json!(1)));
    let unlink = async |args: Value| world.call("root@pam", Verb::Put, "/qemu/100/unlink", args).await;
    assert_eq!(unlink(json!({"idlist": "memory"})).await.unwrap_err().status, 400);
    unlink(json!({"idlist": "scsi1"})).await.unwrap();
    let config = world.get("/qemu/100/config", json!({})).await;
    assert_eq!(config["unused0"], "local:100/vm-100-disk-1.raw");
    assert_eq!(has("snapshot").await, 1);
    unlink(json!({"idlist": "unused0"})).await.unwrap();
    assert!(world.get("/qemu/100/config", json!({})).await.get("unused0").is_none());
    let gone = world.node.paths.local_storage().join("images/100/vm-100-disk-1.raw");
    assert!(!gone.exists());
}
