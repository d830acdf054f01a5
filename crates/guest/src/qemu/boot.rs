//! Virtual machines whose reboot was cut off by our own end.

use super::{progress::Quiet, start::StartOptions, vms::Vms};

impl Vms {
    /// Starts again the VMs whose reboot was interrupted by our own end.
    pub(crate) async fn finish_reboots(&self) {
        for vmid in self.ids() {
            let request = self.inner.paths.qemu_run(vmid, "reboot");
            if request.exists() && self.running(vmid).is_none() {
                // It is honoured now, whatever comes of it.
                let _ = std::fs::remove_file(&request);
                if let Err(error) = self.start(&Quiet, vmid, StartOptions::default()).await {
                    tracing::error!("VM {vmid} could not be started again after its reboot: {error}");
                }
            }
        }
    }
}
