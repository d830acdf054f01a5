//! How much processor time the QEMU of a guest may have: by its scope where systemd rules, by a control group of our
//! own elsewhere.

use std::io;

use crate::{
    cgroup::{Cgroups, Group},
    process::Process,
    run::RunError,
    scope::Scope,
    systemd,
};

/// Weight of a group that says nothing, by the scale of cgroup v2.
const USUAL: u64 = 100;

/// Limits of one guest.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CpuLimits {
    /// So many processors' worth of time; none for no limit.
    pub cores: Option<f64>,
    /// Weight where time is short, 1 to 10000 (cgroup v2's scale); the usual one if not given.
    pub weight: Option<u64>,
}

/// Why limits are not in force.
#[derive(Debug, thiserror::Error)]
pub enum LimitError {
    /// The kernel refuses.
    #[error("processor limits: {0}")]
    Kernel(#[from] io::Error),
    /// systemd refuses.
    #[error("processor limits: {0}")]
    Systemd(#[from] RunError),
}

impl CpuLimits {
    /// Whether nothing is limited.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.cores.is_none() && self.weight.is_none()
    }

    /// Settings of a scope; each is given, so that an older one ends.
    #[must_use]
    pub fn properties(&self) -> Vec<String> {
        // systemd takes whole percents; nothing at all would mean no limit.
        let quota = self.cores.map(|cores| format!("{}%", (cores * 100.0).round().max(1.0)));
        vec![format!("CPUWeight={}", self.weight.unwrap_or(USUAL)), format!("CPUQuota={}", quota.unwrap_or_default())]
    }

    /// Puts a process that was just started under these limits, where that is not done by its scope already.
    ///
    /// # Errors
    /// When the kernel refuses a limit that was asked for.
    pub fn begin(&self, vmid: u32, process: Process) -> Result<(), LimitError> {
        if systemd::rules() {
            return Ok(());
        }
        let cgroups = Cgroups::detect()?;
        let group = group(&cgroups, vmid);
        let held = group.hold("cpu", process.pid).and_then(|()| self.write(&group));
        // A host without this controller runs guests that ask for no limit.
        if self.is_none() { Ok(()) } else { Ok(held?) }
    }

    /// Changes the limits of a process that runs.
    ///
    /// # Errors
    /// When systemd or the kernel refuse.
    pub async fn change(&self, scope: Scope<'_>, vmid: u32, process: Process) -> Result<(), LimitError> {
        if systemd::rules() {
            return Ok(scope.set(&self.properties()).await?);
        }
        let cgroups = Cgroups::detect()?;
        let group = group(&cgroups, vmid);
        group.hold("cpu", process.pid)?;
        Ok(self.write(&group)?)
    }

    fn write(&self, group: &Group<'_>) -> io::Result<()> {
        group.set_cpu_limit(self.cores)?;
        group.set_cpu_weight(self.weight.unwrap_or(USUAL))
    }
}

/// Removes the group of a guest that has ended.
pub fn forget(vmid: u32) {
    if let Ok(cgroups) = Cgroups::detect() {
        group(&cgroups, vmid).remove();
    }
}

fn group(cgroups: &Cgroups, vmid: u32) -> Group<'_> {
    cgroups.group(&format!("qemu/{vmid}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Run;

    #[test]
    fn settings_of_a_scope() {
        let none = CpuLimits::default();
        assert_eq!(none.properties(), ["CPUWeight=100", "CPUQuota="]);
        let some = CpuLimits { cores: Some(1.5), weight: Some(20) };
        assert_eq!(some.properties(), ["CPUWeight=20", "CPUQuota=150%"]);
        assert_eq!(CpuLimits { cores: Some(0.001), ..none }.properties()[1], "CPUQuota=1%");
    }

    #[tokio::test]
    async fn a_busy_process_is_held_down() {
        if systemd::rules() {
            eprintln!("skipped: systemd rules the control groups of this machine");
            return;
        }
        let directory = tempfile::tempdir().unwrap();
        let busy = Run::new("sh").args(["-c", "while :; do :; done"]).detached(&directory.path().join("log")).unwrap();
        let process = Process::find(busy.pid().unwrap()).unwrap();
        let vmid = 900_000_000 + std::process::id();
        let limited = CpuLimits { cores: Some(0.2), weight: Some(50) }.begin(vmid, process);
        let before = process.stat().unwrap().cpu_ticks;
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        let used = process.stat().unwrap().cpu_ticks - before;
        process.kill().unwrap();
        process.ended().await.unwrap();
        drop(busy);
        let cgroups = Cgroups::detect().unwrap();
        assert!(limited.is_ok() && group(&cgroups, vmid).exists());
        // 200 ticks would be one whole processor.
        assert!(used < 60, "{used} ticks in two seconds");
        tokio::time::timeout(std::time::Duration::from_secs(5), async {
            while group(&cgroups, vmid).exists() {
                forget(vmid);
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        })
        .await
        .unwrap();
    }
}
