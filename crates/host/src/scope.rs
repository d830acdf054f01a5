//! Scopes of systemd: where programs live that outlive us.
//!
//! What happens to the unit that we are part of (a restart, a limit, a look at what it left behind) does not happen to
//! a program in a scope of its own, and administrators find it by name. Without systemd a program is just started.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use crate::run::Run;

/// How long systemd may take to notice that the last process of a scope has ended.
const PATIENCE: Duration = Duration::from_secs(5);

/// A scope by its name (without `.scope`) and its slice.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// Its name, such as `100`.
    pub name: &'a str,
    /// The slice it is in, such as `qemu.slice`; without dashes, as its control group lies directly below the root.
    pub slice: &'a str,
    /// What it is, for a person.
    pub description: &'a str,
}

impl Scope<'_> {
    /// A program to be started in the scope. Its process is the program itself, with systemd and without.
    ///
    /// A scope of that name that is just ending is waited for: systemd would refuse a second one.
    pub async fn program(&self, program: &str) -> Run {
        if !Path::new("/run/systemd/system").is_dir() {
            return Run::new(program);
        }
        self.ended(Path::new("/sys/fs/cgroup")).await;
        Run::new("systemd-run")
            .args(["--scope", "--quiet", "--collect"])
            .arg(format!("--slice={}", self.slice))
            .arg(format!("--unit={}", self.name))
            .arg(format!("--description={}", self.description))
            .arg(program)
    }

    /// Waits until systemd has put away the control group of an earlier scope. One that still has a process is not
    /// ours to judge: systemd will say so.
    async fn ended(&self, root: &Path) {
        let group = self.group(root);
        let gone = async {
            while group.is_dir() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, gone).await.ok();
    }

    fn group(&self, root: &Path) -> PathBuf {
        root.join(self.slice).join(format!("{}.scope", self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_ending_scope_is_waited_for() {
        let root = tempfile::tempdir().unwrap();
        let scope = Scope { name: "100", slice: "qemu.slice", description: "VM 100" };
        let group = scope.group(root.path());
        std::fs::create_dir_all(&group).unwrap();
        let waiting = scope.ended(root.path());
        tokio::pin!(waiting);
        let first = tokio::time::timeout(Duration::from_millis(20), &mut waiting).await;
        assert!(first.is_err(), "it is there still");
        std::fs::remove_dir(&group).unwrap();
        waiting.await;
    }
}
