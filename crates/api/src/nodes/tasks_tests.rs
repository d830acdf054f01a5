use std::sync::Arc;

use schema::args::Mode;
use schema::{ApiError, Args};
use serde_json::{Value, json};
use store::Txn;
use task::{TaskCtx, TaskError, TaskSpec, Upid};

use crate::engine::Body;
use crate::{Answer, Caller, Node, Request, Verb};

const USERS: &str =
    "user:jo@pve:1:0::::::\nuser:ann@pve:1:0::::::\nuser:boss@pve:1:0::::::\nacl:1:/:boss@pve:PVEAdmin:\n";

struct World {
    node: Arc<Node>,
    _root: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let node = Node::temporary(root.path()).await.unwrap();
        node.store.commit(Txn::new().put("user.cfg", USERS)).await.unwrap();
        Self { node, _root: root }
    }

    async fn answer(&self, user: &str, verb: Verb, path: &str, args: Value) -> Result<Answer, ApiError> {
        let args = Args::from_json(Mode::Api, args);
        let caller = Caller::Login(user.parse().unwrap());
        let request = Request { verb, path: path.to_owned(), args, caller, peer: None };
        crate::dispatch(&self.node, self.node.router(), request).await
    }

    async fn get(&self, user: &str, path: &str, args: Value) -> Result<Value, ApiError> {
        self.answer(user, Verb::Get, path, args).await.map(Answer::into_value)
    }

    async fn spawn<F>(&self, id: &str, work: impl FnOnce(TaskCtx) -> F) -> Upid
    where
        F: Future<Output = Result<(), TaskError>> + Send + 'static,
    {
        let spec = TaskSpec { kind: "qmstart", id: id.into(), user: "jo@pve".into() };
        self.node.tasks.spawn(spec, work).await.unwrap()
    }

    async fn ended<F>(&self, id: &str, work: impl FnOnce(TaskCtx) -> F) -> Upid
    where
        F: Future<Output = Result<(), TaskError>> + Send + 'static,
    {
        let upid = self.spawn(id, work).await;
        self.node.tasks.wait(&upid).await.unwrap();
        upid
    }
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|task| task["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_task_is_read_by_its_owner_and_by_auditors_only() {
    let world = World::new().await;
    let upid = world
        .ended("100", |ctx| async move {
            ctx.log("one\ntwo");
            Ok(())
        })
        .await;
    let base = format!("/nodes/n1/tasks/{upid}");
    for user in ["jo@pve", "boss@pve", "root@pam"] {
        let status = world.get(user, &format!("{base}/status"), json!({})).await.unwrap();
        assert_eq!((&status["status"], &status["exitstatus"]), (&json!("stopped"), &json!("OK")));
        assert_eq!((&status["upid"], &status["type"]), (&json!(upid.to_string()), &json!("qmstart")));
        let log = world.answer(user, Verb::Get, &format!("{base}/log"), json!({"limit": 2, "start": 1})).await.unwrap();
        assert_eq!(log.total, Some(3));
        assert_eq!(log.into_value(), json!([{"n": 2, "t": "two"}, {"n": 3, "t": "TASK OK"}]));
    }
    for path in ["status", "log"] {
        let refused = world.get("ann@pve", &format!("{base}/{path}"), json!({})).await.unwrap_err();
        assert_eq!(refused.message.trim_end(), "Permission check failed (/nodes/n1, Sys.Audit)");
    }
    let whole = world.answer("jo@pve", Verb::Get, &format!("{base}/log"), json!({"download": 1})).await.unwrap();
    assert!(
        matches!(whole.body, Body::File { name, .. } if name.starts_with("task-n1-qmstart-20") && name.ends_with("Z.log"))
    );
}

#[tokio::test]
async fn lists_show_own_tasks_or_all() {
    let world = World::new().await;
    world.ended("100", |_| async { Ok(()) }).await;
    world.ended("101", |_| async { Err(TaskError::new("no")) }).await;
    let running = world.spawn("102", |_| std::future::pending()).await;
    let list = async |user: &str, args: Value| world.get(user, "/nodes/n1/tasks", args).await.unwrap();
    assert_eq!(ids(&list("jo@pve", json!({})).await), ["101", "100"]);
    assert_eq!(ids(&list("ann@pve", json!({})).await), [""; 0]);
    let all = list("boss@pve", json!({"source": "all"})).await;
    assert_eq!(ids(&all), ["102", "101", "100"]);
    assert_eq!([&all[0]["status"], &all[1]["status"], &all[2]["status"]], ["RUNNING", "no", "OK"]);
    assert_eq!(ids(&list("boss@pve", json!({"errors": 1})).await), ["101"]);
    assert_eq!(ids(&list("boss@pve", json!({"statusfilter": "ok,warning"})).await), ["100"]);
    assert_eq!(
        ids(&list("boss@pve", json!({"vmid": 101, "typefilter": "qmstart", "userfilter": "jo"})).await),
        ["101"]
    );
    let page = world.answer("jo@pve", Verb::Get, "/nodes/n1/tasks", json!({"start": 1, "limit": 1})).await.unwrap();
    assert_eq!(page.total, Some(2));
    assert_eq!(ids(&page.into_value()), ["100"]);
    let recent = world.get("root@pam", "/cluster/tasks", json!({})).await.unwrap();
    assert_eq!(ids(&recent), ["102", "101", "100"]);
    assert_eq!((recent[0].get("status"), &recent[1]["saved"]), (None, &json!("1")));
    world.node.tasks.stop(&running);
}

#[tokio::test]
async fn stopping_needs_the_own_task_or_a_right() {
    let world = World::new().await;
    let upid = world
        .spawn("100", |ctx| async move {
            ctx.cancelled().await;
            Err(TaskError::cancelled())
        })
        .await;
    let base = format!("/nodes/n1/tasks/{upid}");
    let refused = world.answer("ann@pve", Verb::Delete, &base, json!({})).await.unwrap_err();
    assert_eq!(refused.status, 403);
    world.answer("jo@pve", Verb::Delete, &base, json!({})).await.unwrap();
    let status = world.get("jo@pve", &format!("{base}/status"), json!({})).await.unwrap();
    assert_eq!(status["exitstatus"], "received interrupt");
    let subdirs = world.get("ann@pve", &base, json!({})).await.unwrap();
    let names: Vec<_> = subdirs.as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["log", "status"]);
}

#[tokio::test]
async fn tasks_that_are_not_there_are_errors_of_the_parameter() {
    let world = World::new().await;
    let missing = "UPID:n1:0000C346:165A0CE4:68D7279C:qmstart::root@pam:";
    for (upid, text) in [
        ("nonsense", "unable to parse worker upid 'nonsense'"),
        (missing, "no such task"),
        (&missing.replace("n1", "n2"), "no such task - it belongs to node 'n2'"),
    ] {
        for (verb, below) in [(Verb::Get, "/status"), (Verb::Get, "/log"), (Verb::Delete, "")] {
            let path = format!("/nodes/n1/tasks/{upid}{below}");
            let error = world.answer("root@pam", verb, &path, json!({})).await.unwrap_err();
            assert_eq!((error.status, error.errors["upid"].as_str()), (400, text));
        }
    }
}
