//! Tasks from beginning to end, and after the end of a daemon.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use host::paths::Paths;
use serde_json::{Value, json};
use store::BoxFuture;
use task::{Class, Outcome, Source, TaskError, TaskEvent, TaskFilter, TaskSpec, Tasks};

struct Bench {
    _dir: tempfile::TempDir,
    paths: Paths,
    tasks: Arc<Tasks>,
    undone: Arc<Mutex<Vec<Value>>>,
}

/// Undoes everything but what is in the way: records with the key `stuck`, as long as that number is above 0.
async fn open_stuck(paths: &Paths, undone: &Arc<Mutex<Vec<Value>>>, stuck: &Arc<AtomicU32>) -> Arc<Tasks> {
    let (undone, stuck) = (Arc::clone(undone), Arc::clone(stuck));
    let undo = move |record: Value| -> BoxFuture<'static, Result<(), String>> {
        if record.get("stuck").is_some() && stuck.load(Ordering::SeqCst) > 0 {
            stuck.fetch_sub(1, Ordering::SeqCst);
            return Box::pin(async { Err("the storage does not answer".to_owned()) });
        }
        undone.lock().unwrap().push(record);
        Box::pin(async { Ok(()) })
    };
    Tasks::open(paths, "n1".parse().unwrap(), undo).await.unwrap()
}

async fn open(paths: &Paths, undone: &Arc<Mutex<Vec<Value>>>) -> Arc<Tasks> {
    let undone = Arc::clone(undone);
    let undo = move |record| -> BoxFuture<'static, Result<(), String>> {
        undone.lock().unwrap().push(record);
        Box::pin(async { Ok(()) })
    };
    Tasks::open(paths, "n1".parse().unwrap(), undo).await.unwrap()
}

async fn bench() -> Bench {
    let dir = tempfile::Builder::new().prefix("task").tempdir_in("/tmp").unwrap();
    let paths = Paths::new(dir.path()).unwrap();
    let undone = Arc::default();
    let tasks = open(&paths, &undone).await;
    Bench { _dir: dir, paths, tasks, undone }
}

fn spec() -> TaskSpec {
    TaskSpec { kind: "qmstart", id: "100".into(), user: "root@pam".into() }
}

#[tokio::test]
async fn a_task_logs_while_it_runs_and_ends_well() {
    let bench = bench().await;
    let mut events = bench.tasks.events();
    let upid = bench
        .tasks
        .spawn(spec(), |ctx| async move {
            ctx.log("first\nsecond");
            ctx.undo(json!({"free": 1})).await
        })
        .await
        .unwrap();
    assert_eq!(bench.tasks.wait(&upid).await.unwrap(), Outcome::Ok);
    let log = bench.tasks.log(&upid, 0, 0).unwrap();
    assert_eq!(log.lines, [(1, "first".into()), (2, "second".into()), (3, "TASK OK".into())]);
    assert!(bench.undone.lock().unwrap().is_empty(), "a task that ends well keeps what it did");
    assert!(bench.tasks.active().is_empty());
    assert!(matches!(events.recv().await.unwrap(), TaskEvent::Started(_)));
    assert!(matches!(events.recv().await.unwrap(), TaskEvent::Ended(_, Outcome::Ok)));
    assert_eq!(std::fs::read_dir(bench.paths.journal_dir()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_failing_task_takes_its_steps_back_in_reverse() {
    let bench = bench().await;
    let upid = bench
        .tasks
        .spawn(spec(), |ctx| async move {
            ctx.undo(json!(1)).await?;
            ctx.undo(json!(2)).await?;
            Err(TaskError::new("no space\nleft"))
        })
        .await
        .unwrap();
    assert_eq!(bench.tasks.wait(&upid).await.unwrap(), Outcome::Error("no space left".into()));
    assert_eq!(*bench.undone.lock().unwrap(), [json!(2), json!(1)]);
    assert_eq!(bench.tasks.status(&upid).unwrap(), Some(Outcome::Error("no space left".into())));
}

#[tokio::test]
async fn warnings_are_counted_and_a_panic_is_an_error_of_the_task_alone() {
    let bench = bench().await;
    let warned = bench
        .tasks
        .spawn(spec(), |ctx| async move {
            ctx.warn("odd");
            Ok(())
        })
        .await
        .unwrap();
    let panicked = bench.tasks.spawn(spec(), |_| async { std::panic::panic_any("boom") }).await.unwrap();
    assert_ne!(warned, panicked, "two tasks of one kind in one second have names of their own");
    assert_eq!(bench.tasks.wait(&warned).await.unwrap(), Outcome::Warnings(1));
    assert!(matches!(bench.tasks.wait(&panicked).await.unwrap(), Outcome::Error(text) if text.contains("boom")));
    let (ended, _) = bench.tasks.list(&TaskFilter::default());
    assert_eq!(ended.len(), 2);
}

#[tokio::test]
async fn a_stopped_task_hears_of_it_and_is_taken_back() {
    let bench = bench().await;
    let upid = bench
        .tasks
        .spawn(spec(), |ctx| async move {
            ctx.undo(json!("half")).await?;
            ctx.cancelled().await;
            Err(TaskError::cancelled())
        })
        .await
        .unwrap();
    assert!(bench.tasks.stop(&upid));
    assert_eq!(bench.tasks.wait(&upid).await.unwrap(), Outcome::Error("received interrupt".into()));
    assert_eq!(*bench.undone.lock().unwrap(), [json!("half")]);
    assert!(!bench.tasks.stop(&upid));
}

#[tokio::test]
async fn what_a_dead_daemon_left_is_taken_back_and_closed() {
    let bench = bench().await;
    let (ready, wait) = tokio::sync::oneshot::channel();
    let upid = bench
        .tasks
        .spawn(spec(), |ctx| async move {
            ctx.undo(json!("a")).await?;
            ctx.undo(json!("b")).await?;
            ready.send(()).map_err(|()| TaskError::new("nobody waits"))?;
            std::future::pending().await
        })
        .await
        .unwrap();
    wait.await.unwrap();
    // The registry of the next daemon, which knows nothing of the first one's memory.
    let undone = Arc::default();
    let next = open(&bench.paths, &undone).await;
    assert_eq!(*undone.lock().unwrap(), [json!("b"), json!("a")]);
    assert!(matches!(next.status(&upid).unwrap(), Some(Outcome::Error(text)) if text.contains("the daemon ended")));
    assert!(next.recover().await.unwrap().is_empty(), "it is done once");
}

#[tokio::test]
async fn what_cannot_be_undone_is_tried_again_by_the_next_daemons() {
    let dir = tempfile::tempdir().unwrap();
    let paths = Paths::new(dir.path()).unwrap();
    let undone = Arc::default();
    // Three daemons in a row meet the obstacle.
    let stuck = Arc::new(AtomicU32::new(3));
    let tasks = open_stuck(&paths, &undone, &stuck).await;
    let failing = tasks.spawn(spec(), |ctx| async move {
        ctx.undo(json!({"first": 1})).await?;
        ctx.undo(json!({"stuck": 2})).await?;
        Err(TaskError::new("no"))
    });
    let upid = failing.await.unwrap();
    assert_eq!(tasks.wait(&upid).await.unwrap(), Outcome::Error("no".into()));
    assert_eq!(*undone.lock().unwrap(), [json!({"first": 1})], "what can be undone is");
    let log = tasks.log(&upid, 0, 0).unwrap().lines;
    assert!(log[0].1.contains("the storage does not answer; it is tried again when the daemon starts next"), "{log:?}");
    for left in [2, 1] {
        assert_eq!(stuck.load(Ordering::SeqCst), left);
        open_stuck(&paths, &undone, &stuck).await;
        assert_eq!(undone.lock().unwrap().len(), 1);
    }
    let last = open_stuck(&paths, &undone, &stuck).await;
    assert_eq!(*undone.lock().unwrap(), [json!({"first": 1}), json!({"stuck": 2})]);
    assert_eq!(std::fs::read_dir(paths.journal_dir()).unwrap().count(), 0);
    assert_eq!(last.status(&upid).unwrap(), Some(Outcome::Error("no".into())), "how the task ended stays");
}

#[tokio::test]
async fn trying_again_has_an_end() {
    let dir = tempfile::tempdir().unwrap();
    let paths = Paths::new(dir.path()).unwrap();
    let (undone, stuck) = (Arc::default(), Arc::new(AtomicU32::new(u32::MAX)));
    let tasks = open_stuck(&paths, &undone, &stuck).await;
    let failing = tasks.spawn(spec(), |ctx| async move {
        ctx.undo(json!({"stuck": 1})).await?;
        Err(TaskError::new("no"))
    });
    tasks.wait(&failing.await.unwrap()).await.unwrap();
    for _ in 0..20 {
        open_stuck(&paths, &undone, &stuck).await;
    }
    assert_eq!(u32::MAX - stuck.load(Ordering::SeqCst), 11, "once, and ten times more");
    assert_eq!(std::fs::read_dir(paths.journal_dir()).unwrap().count(), 0);
}

#[tokio::test]
async fn lists_are_filtered_and_paged() {
    let bench = bench().await;
    for (id, user, ok) in [("100", "a@pam", true), ("101", "a@pam!t", false), ("100", "b@pve", false)] {
        let spec = TaskSpec { kind: "qmstart", id: id.into(), user: user.into() };
        let upid = bench.tasks.spawn(spec, move |_| async move { if ok { Ok(()) } else { Err(TaskError::new("no")) } });
        bench.tasks.wait(&upid.await.unwrap()).await.unwrap();
    }
    let running = bench
        .tasks
        .spawn(spec(), |ctx| async move {
            ctx.cancelled().await;
            Err(TaskError::cancelled())
        })
        .await
        .unwrap();
    let users = |filter: TaskFilter| {
        let (page, total) = bench.tasks.list(&filter);
        (page.into_iter().map(|task| task.upid.user).collect::<Vec<_>>(), total)
    };
    let all = TaskFilter { source: Source::All, ..TaskFilter::default() };
    assert_eq!(users(all.clone()).0, ["root@pam", "b@pve", "a@pam!t", "a@pam"]);
    assert_eq!(
        users(TaskFilter { start: 1, limit: Some(2), ..all.clone() }),
        (vec!["b@pve".into(), "a@pam!t".into()], 4)
    );
    assert_eq!(users(TaskFilter { source: Source::Active, ..all.clone() }).0, ["root@pam"]);
    assert_eq!(users(TaskFilter { owner: Some("a@pam".into()), ..all.clone() }).0, ["a@pam!t", "a@pam"]);
    assert_eq!(users(TaskFilter { user: Some("PVE".into()), ..all.clone() }).0, ["b@pve"]);
    assert_eq!(users(TaskFilter { classes: vec![Class::Error], ..all.clone() }).0, ["b@pve", "a@pam!t"]);
    assert_eq!(users(TaskFilter { id: Some("101".into()), ..all.clone() }).0, ["a@pam!t"]);
    assert_eq!(users(TaskFilter { until: Some(1), ..all }).1, 0);
    // The next daemon sees the same archive.
    bench.tasks.stop(&running);
    bench.tasks.wait(&running).await.unwrap();
    let again = open(&bench.paths, &Arc::default()).await;
    assert_eq!(again.list(&TaskFilter::default()), bench.tasks.list(&TaskFilter::default()));
}

#[tokio::test]
async fn the_end_of_the_daemon_ends_all_tasks_first() {
    let bench = bench().await;
    let upid = bench
        .tasks
        .spawn(spec(), |ctx| async move {
            ctx.undo(json!("x")).await?;
            ctx.cancelled().await;
            Err(TaskError::cancelled())
        })
        .await
        .unwrap();
    bench.tasks.shutdown().await;
    assert_eq!(bench.tasks.status(&upid).unwrap(), Some(Outcome::Error("interrupted by signal".into())));
    assert!(bench.tasks.spawn(spec(), |_| async { Ok(()) }).await.is_err());
}

#[tokio::test]
async fn ids_are_brought_into_form_and_users_are_refused() {
    let bench = bench().await;
    let long = "a".repeat(255);
    for (id, kept) in [("../100", ".._100"), ("1:2", "1_2"), ("1 2", "1_2"), (&long, "aaaa")] {
        let spec = TaskSpec { kind: "qmstart", id: id.into(), user: "root@pam".into() };
        let upid = bench.tasks.spawn(spec, |_| async { Ok(()) }).await.unwrap();
        assert!(upid.id.starts_with(kept), "{upid}");
        bench.tasks.wait(&upid).await.unwrap();
    }
    for user in ["", "a:b", "a b"] {
        let spec = TaskSpec { kind: "qmstart", id: "100".into(), user: user.into() };
        assert!(bench.tasks.spawn(spec, |_| async { Ok(()) }).await.is_err());
    }
    assert!(bench.tasks.active().is_empty());
}
