//! Scopes of systemd: where programs live that outlive us.
//!
//! What happens to the unit that we are part of (a restart, a limit, a look at what it left behind) does not happen to
//! a program in a scope of its own, and administrators find it by name. Without systemd a program is just started.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    run::{Run, RunError},
    systemd,
};

/// How long systemd may take to put away an earlier scope of that name.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where systemd's own control groups may be: of version 2 alone, or beside those of version 1.
const HIERARCHIES: [&str; 2] = ["/sys/fs/cgroup", "/sys/fs/cgroup/systemd"];
/// The unit whose stop shuts guests down. When the host goes down it stops before them, so they are not killed.
const GUESTS: &str = "pleiad-guests.service";

/// A scope by its name (without `.scope`) and its slice.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// Its name, such as `100`.
    pub name: &'a str,
    /// The slice it is in, such as `qemu.slice`; without dashes, as its control group lies directly below the root.
    pub slice: &'a str,
    /// What it is, for a person.
    pub description: &'a str,
    /// Settings of the scope as systemd knows them: `CPUWeight=100`.
    pub properties: &'a [String],
}

impl Scope<'_> {
    /// A program to be started in the scope. Its process is the program itself, with systemd and without.
    ///
    /// An earlier scope of that name is ended and waited for: systemd would refuse a second one. So the caller knows
    /// that what ran in it is of no use any more.
    pub async fn program(&self, program: &str) -> Run {
        if !systemd::rules() {
            return Run::new(program);
        }
        for root in HIERARCHIES.map(Path::new) {
            if self.group(root).is_dir() {
                // It fails for one that has just gone, and what remains after it is told by the start that follows.
                let _ = Run::new("systemctl").arg("stop").arg(self.unit()).deadline(PATIENCE).output().await;
                self.ended(root).await;
            }
        }
        Run::new("systemd-run")
            .args(["--scope", "--quiet", "--collect"])
            .arg(format!("--slice={}", self.slice))
            .arg(format!("--unit={}", self.name))
            .arg(format!("--description={}", self.description))
            .arg(format!("--property=Before={GUESTS}"))
            .args(self.properties.iter().map(|property| format!("--property={property}")))
            .arg(program)
    }

    /// Waits until systemd has put away the control group of an earlier scope.
    async fn ended(&self, root: &Path) {
        let group = self.group(root);
        let gone = async {
            while group.is_dir() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, gone).await.ok();
    }

    /// Changes settings of the scope while it lives; they are gone with it.
    ///
    /// # Errors
    /// When systemd refuses.
    pub async fn set(&self, properties: &[String]) -> Result<(), RunError> {
        let run = Run::new("systemctl").args(["set-property", "--runtime"]).arg(self.unit());
        run.args(properties).output().await.map(drop)
    }

    fn unit(&self) -> String {
        format!("{}.scope", self.name)
    }

    fn group(&self, root: &Path) -> PathBuf {
        root.join(self.slice).join(self.unit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_ending_scope_is_waited_for() {
        let root = tempfile::tempdir().unwrap();
        let scope = Scope { name: "100", slice: "qemu.slice", description: "VM 100", properties: &[] };
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
