//! Building guest images, with the programs that really do.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::path::Path;
use std::time::Duration;

use storage::images;
use tokio::sync::Notify;

#[tokio::test]
async fn a_build_that_is_stopped_leaves_nothing() {
    if !Path::new("/usr/bin/mmdebstrap").exists() {
        eprintln!("skipped: mmdebstrap is not installed");
        return;
    }
    let cache = tempfile::tempdir().unwrap();
    let Some(image) = images::catalogue().into_iter().next() else { return };
    let (begun, first) = (Notify::new(), "building Debian");
    // The program prints at once; our own first line comes before it is there.
    let log = |line: &str| {
        if !line.starts_with(first) {
            begun.notify_one();
        }
    };
    tokio::select! {
        done = images::cached(cache.path(), &image, &log) => panic!("ended by itself: {done:?}"),
        () = begun.notified() => {}
    }
    let left = || std::fs::read_dir(cache.path()).unwrap().flatten().filter(|entry| entry.path().is_dir()).count();
    let emptied = async {
        while left() > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), emptied).await.unwrap();
    assert!(!cache.path().join(&image.name).exists());
}
