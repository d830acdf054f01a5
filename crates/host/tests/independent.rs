//! What a daemon inherits stays with it. A test of its own process: it changes all of its descriptors.
#![allow(clippy::unwrap_used, missing_docs)]

use std::os::fd::AsRawFd;

#[tokio::test]
async fn programs_inherit_no_open_files() {
    let file = std::fs::File::open("/dev/null").unwrap();
    // As a shell leaves it: kept by the programs that are started.
    let left = rustix::io::fcntl_dupfd_cloexec(&file, 100).unwrap();
    rustix::io::fcntl_setfd(&left, rustix::io::FdFlags::empty()).unwrap();
    let seen = || async {
        let run = host::run::Run::new("ls").arg("/proc/self/fd").output().await.unwrap().text();
        run.lines().any(|fd| fd == left.as_raw_fd().to_string())
    };
    assert!(seen().await, "the file is one that passes on");
    host::role::independent();
    assert!(!seen().await);
}
