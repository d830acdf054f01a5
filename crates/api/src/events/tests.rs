//! Streams over a node of their own: what is told to whom, and when it ends.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use store::Txn;
use task::{TaskSpec, Upid};

use super::stream::{GOING_AWAY, MISSED, UNAUTHORIZED};
use super::{Full, Resume, Stream};
use crate::Node;
use crate::cluster::log::Line;
use crate::engine::{Proof, Said, Talk};

const USERS: &str = "user:jo@pve:1:0::::::\nuser:ann@pve:1:0::::::\nacl:1:/vms/100:jo@pve:PVEVMUser:\n";

struct World {
    node: Arc<Node>,
    sources: tokio::task::JoinHandle<()>,
    _root: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let node = Node::temporary(root.path()).await.unwrap();
        let first = Txn::new().put("user.cfg", USERS).put(key(100), "name: a\n").put(key(101), "name: b\n");
        node.store.commit(first).await.unwrap();
        let sources = tokio::spawn(super::run(&node));
        Self { node, sources, _root: root }
    }

    async fn put(&self, key: &str, text: &str) {
        self.node.store.commit(Txn::new().put(key, text)).await.unwrap();
    }

    fn open(&self, who: &str) -> Client {
        self.resume(who, None, Proof::default())
    }

    fn resume(&self, who: &str, resume: Option<&Resume>, proof: Proof) -> Client {
        let stream = Stream::open(&self.node, who.parse().unwrap(), proof, resume);
        Client { stream: stream.unwrap(), ready: VecDeque::new() }
    }

    async fn task(&self, user: &str) -> Upid {
        let spec = TaskSpec { kind: "qmstart", id: "100".into(), user: user.into() };
        let work = |ctx: task::TaskCtx| async move {
            ctx.log("one");
            ctx.cancelled().await;
            Ok(())
        };
        self.node.tasks.spawn(spec, work).await.unwrap()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.sources.abort();
    }
}

fn key(vmid: u32) -> String {
    format!("nodes/n1/qemu-server/{vmid}.conf")
}

struct Client {
    stream: Stream,
    ready: VecDeque<Value>,
}

impl Client {
    async fn said(&mut self) -> Said {
        tokio::time::timeout(Duration::from_secs(20), self.stream.next()).await.expect("nothing was told")
    }

    async fn event(&mut self) -> Value {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return event;
            }
            match self.said().await {
                Said::Texts(texts) => {
                    let events = texts.iter().map(|text| serde_json::from_slice::<Value>(text).unwrap());
                    self.ready.extend(events.inspect(|event| assert_ne!(event["type"], "ping", "nothing was told")));
                }
                Said::Close(code, why) => panic!("closed: {code} {why}"),
            }
        }
    }

    /// The first event of the type; what came before it is dropped.
    async fn of(&mut self, kind: &str) -> Value {
        loop {
            let event = self.event().await;
            if event["type"] == kind {
                return event;
            }
        }
    }

    /// All types and subjects up to the config event of a path.
    async fn until(&mut self, path: &str) -> Vec<String> {
        let mut seen = Vec::new();
        loop {
            let event = self.event().await;
            let subject = [&event["path"], &event["id"], &event["data"]["id"]].into_iter().find_map(Value::as_str);
            seen.push(format!("{} {}", event["type"].as_str().unwrap(), subject.unwrap_or_default()));
            if event["path"] == path {
                return seen;
            }
        }
    }

    async fn closed(&mut self) -> u16 {
        loop {
            if let Said::Close(code, _) = self.said().await {
                return code;
            }
        }
    }
}

fn resume(hello: &Value, since: u64) -> Resume {
    Resume { epoch: hello["epoch"].as_str().unwrap().to_owned(), since }
}

#[tokio::test]
async fn a_change_is_told_to_those_who_may_see_the_guest() {
    let world = World::new().await;
    let (mut root, mut jo, mut ann) = (world.open("root@pam"), world.open("jo@pve"), world.open("ann@pve"));
    for client in [&mut root, &mut jo, &mut ann] {
        assert_eq!(client.of("hello").await["resumed"], json!(false));
    }
    world.put(&key(101), "name: c\n").await;
    world.put(&key(100), "name: d\n").await;
    world.put("storage.cfg", "dir: local\n\tpath /var/lib/vz\n").await;
    let seen = jo.until("/storage").await;
    assert!(seen.contains(&"config /nodes/n1/qemu/100".to_owned()), "{seen:?}");
    assert!(!seen.iter().any(|event| event.contains("101")), "{seen:?}");
    assert_eq!(ann.until("/storage").await, ["config /storage"]);
    assert_eq!(root.of("config").await["path"], json!("/nodes/n1/qemu/101"));
    let row = loop {
        let row = root.of("resource").await;
        if row["data"]["id"] == "qemu/100" {
            break row;
        }
    };
    assert_eq!(row["data"]["name"], json!("d"));
}

#[tokio::test]
async fn a_new_guest_comes_and_a_removed_one_goes() {
    let world = World::new().await;
    let mut root = world.open("root@pam");
    world.put(&key(102), "name: new\n").await;
    assert_eq!(root.of("resource").await["data"]["id"], json!("qemu/102"));
    world.node.store.commit(Txn::new().delete(key(102))).await.unwrap();
    assert_eq!(root.of("resource-gone").await["id"], json!("qemu/102"));
}

#[tokio::test]
async fn who_was_away_is_told_the_rest_or_to_load_anew() {
    let world = World::new().await;
    let mut first = world.open("jo@pve");
    let hello = first.of("hello").await;
    let seq = hello["seq"].as_u64().unwrap();
    drop(first);
    world.put(&key(100), "name: x\n").await;
    world.put(&key(100), "name: y\n").await;
    let mut again = world.resume("jo@pve", Some(&resume(&hello, seq)), Proof::default());
    assert_eq!(again.of("hello").await["resumed"], json!(true));
    let row = again.of("resource").await;
    assert_eq!(row["data"]["name"], json!("y"), "the newest row only");
    assert!(row["seq"].as_u64().unwrap() > seq);

    let mut later = world.resume("jo@pve", Some(&resume(&hello, seq + 1000)), Proof::default());
    assert_eq!(later.of("hello").await["resumed"], json!(false), "a number that was never given out");
    let other = Resume { epoch: "0".into(), since: seq };
    let mut other = world.resume("jo@pve", Some(&other), Proof::default());
    assert_eq!(other.of("hello").await["resumed"], json!(false), "a number of another daemon");

    // Rights that changed meanwhile change what the rest is.
    world.put("user.cfg", &USERS.replace("/vms/100", "/vms/101")).await;
    again.of("resource-gone").await;
    let mut after = world.resume("jo@pve", Some(&resume(&hello, seq)), Proof::default());
    assert_eq!(after.of("hello").await["resumed"], json!(false));
}

#[tokio::test]
async fn a_change_of_rights_shows_and_hides_guests_at_once() {
    let world = World::new().await;
    let mut jo = world.open("jo@pve");
    jo.of("hello").await;
    world.put("user.cfg", &USERS.replace("/vms/100", "/vms/101")).await;
    let seen = jo.until("/access").await;
    assert!(seen.contains(&"resource-gone qemu/100".to_owned()), "{seen:?}");
    assert!(seen.contains(&"resource qemu/101".to_owned()), "{seen:?}");
    world.put(&key(100), "name: hidden\n").await;
    world.put(&key(101), "name: shown\n").await;
    assert_eq!(jo.of("config").await["path"], json!("/nodes/n1/qemu/101"));
}

#[tokio::test]
async fn tasks_are_told_to_their_owner_with_their_log_if_asked() {
    let world = World::new().await;
    let (mut jo, mut ann) = (world.open("jo@pve"), world.open("ann@pve"));
    let upid = world.task("jo@pve").await;
    let started = jo.of("task").await["data"].clone();
    assert_eq!((&started["upid"], &started["endtime"]), (&json!(upid.to_string()), &Value::Null));
    jo.stream.hear(&json!({"follow": upid.to_string()}).to_string());
    let log = jo.of("task-log").await;
    assert_eq!((&log["start"], &log["lines"], &log["end"]), (&json!(0), &json!(["one"]), &json!(false)));
    jo.stream.hear(&json!({"follow": upid.to_string()}).to_string());
    assert_eq!(jo.of("task-log").await["start"], json!(0), "from the beginning again");
    world.node.tasks.stop(&upid);
    // The end of the task and the end of its log come in any order.
    let mut ended = [Value::Null, Value::Null];
    while ended.contains(&Value::Null) {
        match jo.event().await {
            event if event["type"] == "task" => ended[0] = event["data"].clone(),
            event if event["end"] == true => ended[1] = event,
            _ => {}
        }
    }
    assert!(ended[0]["endtime"].is_u64() && ended[0]["status"].is_string(), "{ended:?}");
    assert_eq!(ended[1]["start"], json!(1));

    ann.stream.hear(&json!({"follow": upid.to_string()}).to_string());
    let refused = ann.of("task-log").await;
    assert_eq!((&refused["lines"], &refused["end"]), (&json!([]), &json!(true)));
    assert!(refused["error"].as_str().unwrap().contains("permission"));
    ann.stream.hear("nonsense");
    ann.stream.hear("{\"later\":1}");
    world.put("storage.cfg", "dir: local\n\tpath /var/lib/vz\n").await;
    assert_eq!(ann.until("/storage").await, ["config /storage"], "nothing of the task");
}

#[tokio::test]
async fn lines_of_the_log_are_told_to_whom_they_are_about() {
    let world = World::new().await;
    let (mut jo, mut ann) = (world.open("jo@pve"), world.open("ann@pve"));
    world.node.log(Line::info("ann@pve", "about ann".into()));
    world.node.log(Line::info("jo@pve!tok", "about jo's token".into()));
    assert_eq!(jo.of("log").await["data"]["msg"], json!("about jo's token"));
    assert_eq!(ann.of("log").await["data"]["msg"], json!("about ann"));
}

#[tokio::test]
async fn a_stream_ends_with_its_session_and_with_the_node() {
    let world = World::new().await;
    let good = Arc::new(AtomicBool::new(true));
    let asked = Arc::clone(&good);
    let proof = Proof { ticket: None, good: Some(Arc::new(move || asked.load(Ordering::SeqCst))) };
    let mut jo = world.resume("jo@pve", None, proof);
    let mut ann = world.open("ann@pve");
    jo.of("hello").await;
    good.store(false, Ordering::SeqCst);
    // A key that no view shows, but sessions can end by it.
    world.put("priv/sessions.cfg", "jo@pve 1\n").await;
    assert_eq!(jo.closed().await, UNAUTHORIZED);
    world.node.close().await;
    assert_eq!(ann.closed().await, GOING_AWAY);
}

#[tokio::test]
async fn a_slow_client_is_disconnected_and_holds_nobody_up() {
    let world = World::new().await;
    let (mut slow, mut quick) = (world.open("root@pam"), world.open("root@pam"));
    slow.of("hello").await;
    for number in 0..6000 {
        world.node.log(Line::info("jo@pve", number.to_string()));
        if number % 1000 == 0 {
            quick.of("log").await;
        }
    }
    assert_eq!(slow.closed().await, MISSED);
}

#[tokio::test]
async fn one_user_cannot_take_all_places() {
    let world = World::new().await;
    let open = |who: &str| Stream::open(&world.node, who.parse().unwrap(), Proof::default(), None);
    let streams: Vec<_> = (0..64).map(|_| open("jo@pve").unwrap()).collect();
    assert_eq!(open("jo@pve").err(), Some(Full));
    assert!(open("ann@pve").is_ok());
    drop(streams);
    assert!(open("jo@pve").is_ok());
}
