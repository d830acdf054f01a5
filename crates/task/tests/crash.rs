//! A daemon that is killed in the middle of a task: the next one undoes it and says so.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use host::paths::Paths;
use host::run::Run;
use serde_json::{Value, json};
use store::BoxFuture;
use task::{Outcome, TaskSpec, Tasks, Upid};
use tokio::sync::Notify;

/// Tells the re-executed test binary where to work.
const DIR: &str = "TASK_CRASH_TEST_DIR";

/// Removes the file that a record names.
fn undo(record: Value) -> BoxFuture<'static, Result<(), String>> {
    Box::pin(async move {
        let path = record["file"].as_str().ok_or("a record names a file")?.to_owned();
        match std::fs::remove_file(path) {
            // The daemon died between the record and the step.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            outcome => outcome.map_err(|error| error.to_string()),
        }
    })
}

async fn open(dir: &Path) -> Arc<Tasks> {
    Tasks::open(&Paths::new(dir).unwrap(), "n1".parse().unwrap(), undo).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_daemon_undoes_what_a_killed_one_did() {
    let dir = tempfile::tempdir().unwrap();
    let upid = work_until_killed(dir.path()).await;
    assert!(dir.path().join("step-1").exists() && dir.path().join("step-2").exists());
    let tasks = open(dir.path()).await;
    assert!(!dir.path().join("step-1").exists() && !dir.path().join("step-2").exists());
    let expected = "the daemon ended while this task was running; 3 steps were undone";
    assert_eq!(tasks.status(&upid).unwrap(), Some(Outcome::Error(expected.into())));
    let log = tasks.log(&upid, 0, 0).unwrap();
    assert_eq!(log.lines.first().unwrap().1, "working");
    assert_eq!(log.lines.last().unwrap().1, format!("TASK ERROR: {expected}"));
    assert!(tasks.active().is_empty());
    assert_eq!(std::fs::read_dir(Paths::new(dir.path()).unwrap().journal_dir()).unwrap().count(), 0);
}

/// Starts this test binary as a daemon with one task, and kills it when the task is in the middle.
async fn work_until_killed(dir: &Path) -> Upid {
    let middle = Arc::new(Notify::new());
    let notify = middle.clone();
    let (sender, mut upid) = tokio::sync::mpsc::unbounded_channel();
    let daemon = Run::new(std::env::current_exe().unwrap())
        .args(["--exact", "daemon", "--ignored", "--nocapture"])
        .env(DIR, dir)
        .deadline(Duration::from_secs(120));
    let lines = daemon.lines(move |line| {
        if line.starts_with("UPID:") {
            sender.send(line.to_owned()).unwrap();
        } else if line == "in the middle" {
            notify.notify_one();
        }
    });
    // Dropping what runs kills its process group with SIGKILL.
    tokio::select! {
        ended = lines => panic!("the daemon ended by itself: {ended:?}"),
        () = middle.notified() => {}
    }
    upid.recv().await.unwrap().parse().unwrap()
}

#[tokio::test]
#[ignore = "run by the test above in a process of its own"]
async fn daemon() {
    let Ok(dir) = std::env::var(DIR) else { return };
    let tasks = open(Path::new(&dir)).await;
    let spec = TaskSpec { kind: "qmcreate", id: "100".into(), user: "root@pam".into() };
    let work = tasks.spawn(spec, move |ctx| async move {
        println!("\n{}", ctx.upid());
        ctx.log("working");
        for step in 1..=2 {
            let file = format!("{dir}/step-{step}");
            ctx.undo(json!({ "file": file })).await?;
            std::fs::write(file, "")?;
        }
        // Written down, and never done.
        ctx.undo(json!({ "file": format!("{dir}/step-3") })).await?;
        println!("\nin the middle");
        std::future::pending().await
    });
    let upid = work.await.unwrap();
    tasks.wait(&upid).await.unwrap();
}
