//! What starts by itself: VMs that start with the host, and those whose reboot was cut off.

use std::time::Duration;

use host::process::boot_id;
use schema::Vmid;

use super::{progress::Quiet, start::StartOptions, vms::Vms};

/// What `startup` says: place in the order, and seconds to wait after the start.
fn startup(text: Option<&str>) -> (u64, u64) {
    let field = |name: &str| {
        text?.split(',').find_map(|part| match part.trim().split_once('=') {
            Some((key, number)) => (key == name).then(|| number.parse().ok())?,
            None => (name == "order").then(|| part.trim().parse().ok())?,
        })
    };
    (field("order").unwrap_or(u64::MAX), field("up").unwrap_or(0))
}

impl Vms {
    /// Starts what should run without being asked: once per start of the machine the VMs with `onboot`, in their
    /// order; and always those whose reboot was interrupted by our own end. Failures go to the log.
    pub async fn start_by_itself(&self) {
        self.finish_reboots().await;
        let mark = self.inner.paths.qemu_run_dir().join("onboot");
        let boot = boot_id();
        if std::fs::read_to_string(&mark).is_ok_and(|seen| seen == boot) {
            return;
        }
        if let Err(err) = std::fs::write(&mark, boot) {
            tracing::warn!("{} cannot be written, so VMs are not started with the host: {err}", mark.display());
            return;
        }
        for (vmid, wait) in self.boot_order() {
            if self.running(vmid).is_none() {
                self.start_or_log(vmid).await;
                tokio::time::sleep(Duration::from_secs(wait)).await;
            }
        }
    }

    /// The VMs that start with the host, in their order, each with the seconds to wait after it.
    fn boot_order(&self) -> Vec<(Vmid, u64)> {
        let mut order: Vec<(u64, Vmid, u64)> = Vec::new();
        for vmid in self.ids() {
            if let Ok(vm) = self.get(vmid)
                && vm.config.onboot == Some(true)
                && !vm.is_template()
            {
                let (place, wait) = startup(vm.config.startup.as_deref());
                order.push((place, vmid, wait));
            }
        }
        order.sort_unstable();
        order.into_iter().map(|(_, vmid, wait)| (vmid, wait)).collect()
    }

    async fn finish_reboots(&self) {
        for vmid in self.ids() {
            let request = self.inner.paths.qemu_run(vmid, "reboot");
            if request.exists() && self.running(vmid).is_none() {
                // It is honoured now, whatever comes of it.
                let _ = std::fs::remove_file(&request);
                self.start_or_log(vmid).await;
            }
        }
    }

    async fn start_or_log(&self, vmid: Vmid) {
        if let Err(err) = self.start(&Quiet, vmid, StartOptions::default()).await {
            tracing::error!("VM {vmid} could not be started: {err}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn startup_orders() {
        assert_eq!(startup(Some("order=2,up=30,down=60")), (2, 30));
        assert_eq!(startup(Some("7")), (7, 0));
        assert_eq!(startup(None), (u64::MAX, 0));
    }
}
