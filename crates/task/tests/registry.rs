//! Tasks from beginning to end, and after the end of a daemon.

use std::sync::{Arc, Mutex};

use host::paths::Paths;
use serde_json::{Value, json};
use task::{Outcome, TaskError, TaskEvent, TaskSpec, Tasks, Undo};

struct Bench {
    _dir: tempfile::TempDir,
    paths: Paths,
    tasks: Tasks,
    undone: Arc<Mutex<Vec<Value>>>,
}

fn recorder(undone: &Arc<Mutex<Vec<Value>>>) -> Undo {
    let undone = Arc::clone(undone);
    Arc::new(move |record| {
        undone.lock().unwrap().push(record);
        Box::pin(async { Ok(()) })
    })
}

async fn bench() -> Bench {
    let dir = tempfile::Builder::new().prefix("task").tempdir_in("/tmp").unwrap();
    let paths = Paths::new(dir.path()).unwrap();
    let tasks = Tasks::open(&paths, "n1").unwrap();
    let undone = Arc::default();
    tasks.recover(recorder(&undone)).await.unwrap();
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
        .unwrap();
    assert_eq!(bench.tasks.wait(&upid).await.unwrap(), Outcome::Ok);
    let log = bench.tasks.log(&upid, 0, 0).unwrap();
    assert_eq!(log.lines, [(1, "first".into()), (2, "second".into()), (3, "TASK OK".into())]);
    assert!(bench.undone.lock().unwrap().is_empty(), "a task that ends well keeps what it did");
    assert!(bench.tasks.active().is_empty());
    assert!(matches!(events.recv().await.unwrap(), TaskEvent::Started(_)));
    assert!(matches!(events.recv().await.unwrap(), TaskEvent::Ended(_, _, Outcome::Ok)));
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
        .unwrap();
    let panicked = bench.tasks.spawn(spec(), |_| async { panic!("boom") }).unwrap();
    assert_ne!(warned, panicked, "two tasks of one kind in one second have names of their own");
    assert_eq!(bench.tasks.wait(&warned).await.unwrap(), Outcome::Warnings(1));
    assert!(matches!(bench.tasks.wait(&panicked).await.unwrap(), Outcome::Error(text) if text.contains("panicked")));
    let mut ended = Vec::new();
    bench.tasks.archived(|info| {
        ended.push(info.upid);
        true
    });
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
            Err(TaskError::new("stopped"))
        })
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
        .unwrap();
    wait.await.unwrap();
    // The registry of the next daemon, which knows nothing of the first one's memory.
    let next = Tasks::open(&bench.paths, "n1").unwrap();
    let undone = Arc::default();
    assert_eq!(next.recover(recorder(&undone)).await.unwrap(), 1);
    assert_eq!(*undone.lock().unwrap(), [json!("b"), json!("a")]);
    assert!(matches!(next.status(&upid).unwrap(), Some(Outcome::Error(text)) if text.contains("the daemon ended")));
    assert_eq!(next.recover(recorder(&undone)).await.unwrap(), 0, "it is done once");
}
