//! A daemon that is killed loses nothing that it was told is written, and leaves nothing half-written.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use host::run::Run;
use store::{SqliteStore, Store, StoreError, Txn};
use tokio::sync::Notify;

/// Tells the re-executed test binary where to write.
const DIR: &str = "STORE_CRASH_TEST_DIR";

/// Acknowledged writes after which the writer is killed, in each round.
const ENOUGH: u64 = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_loses_no_acknowledged_write() {
    let dir = tempfile::tempdir().unwrap();
    for round in 0..4 {
        let acknowledged = write_until_killed(dir.path()).await;
        let store = SqliteStore::open(dir.path().join("store.db")).await.unwrap();
        let tree = store.tree();
        let [a, b] = ["count/a", "count/b"].map(|key| tree.text(key).unwrap().parse::<u64>().unwrap());
        assert_eq!(a, b, "a transaction was torn in round {round}");
        assert!(a >= acknowledged, "round {round}: {acknowledged} was acknowledged, {a} is there");
        assert!(store.locks().is_empty(), "a lock of the dead daemon is left");
    }
}

/// Starts this test binary as a writer and kills it without notice; answers the last number that it called written.
async fn write_until_killed(dir: &Path) -> u64 {
    let (last, enough) = (Arc::new(AtomicU64::new(0)), Arc::new(Notify::new()));
    let (seen, notify) = (last.clone(), enough.clone());
    let mut count = 0;
    let writer = Run::new(std::env::current_exe().unwrap())
        .args(["--exact", "writer", "--ignored", "--nocapture"])
        .env(DIR, dir)
        .deadline(Duration::from_secs(120));
    let lines = writer.lines(move |line| {
        if let Some(number) = line.strip_prefix("written ").and_then(|number| number.parse().ok()) {
            seen.store(number, Ordering::SeqCst);
            count += 1;
            if count == ENOUGH {
                notify.notify_one();
            }
        }
    });
    // Dropping what runs kills its process group with SIGKILL, wherever it is.
    tokio::select! {
        ended = lines => panic!("the writer ended by itself: {ended:?}"),
        () = enough.notified() => {}
    }
    last.load(Ordering::SeqCst)
}

#[tokio::test]
#[ignore = "run by the test above in a process of its own"]
async fn writer() {
    let Ok(dir) = std::env::var(DIR) else { return };
    let store = SqliteStore::open(Path::new(&dir).join("store.db")).await.unwrap();
    let _lock = store.lock("held", "the dead daemon", Duration::from_secs(600), Duration::ZERO).await.unwrap();
    let mut number = store.tree().text("count/a").map_or(0, |text| text.parse().unwrap());
    loop {
        number += 1;
        // Several at once, so that they share a sync.
        let group: Vec<_> =
            (0..3).map(|n| store.commit(Txn::new().put(format!("other/{n}"), number.to_string()))).collect();
        let text = number.to_string();
        store.commit(Txn::new().put("count/a", text.as_str()).put("count/b", text.as_str())).await.unwrap();
        println!("\nwritten {number}");
        for commit in group {
            commit.await.unwrap();
        }
    }
}

#[tokio::test]
async fn two_daemons_do_not_share_a_store() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state/store.db");
    let first = SqliteStore::open(&path).await.unwrap();
    let error = SqliteStore::open(&path).await.unwrap_err();
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
    first.commit(Txn::new().put("priv/token.cfg", "secret")).await.unwrap();
    for entry in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{entry:?} can be read by others");
    }
    drop(first);
    assert_eq!(SqliteStore::open(&path).await.unwrap().tree().text("priv/token.cfg"), Some("secret"));
}

#[tokio::test]
async fn what_is_no_database_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store.db");
    std::fs::write(&path, "this is no database, but somebody may want it").unwrap();
    let error = SqliteStore::open(&path).await.unwrap_err().to_string();
    assert!(error.starts_with("unable to open store '"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "this is no database, but somebody may want it");
}
