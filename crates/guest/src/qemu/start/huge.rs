//! Huge pages for the memory of a VM.

use host::hugepages::{self, Pages, Reserved};
use schema::Vmid;

use super::super::{
    cmdline::{CommandLine, HugePagesNeed},
    error::VmError,
    progress::Progress,
    vms::Inner,
};

impl Inner {
    /// Sees to it that a VM finds the huge pages that it needs. Others wait until the answer is dropped.
    pub(super) async fn take_huge_pages(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        line: &CommandLine,
    ) -> Result<Option<Reserved>, VmError> {
        let need = |need: &HugePagesNeed| Pages { node: need.host_node, page_kib: need.page_kib, count: need.pages };
        let needs: Vec<Pages> = line.huge_pages.iter().map(need).collect();
        if needs.is_empty() {
            return Ok(None);
        }
        for need in &needs {
            progress.log(&format!("taking {} huge pages of {} kB", need.count, need.page_kib));
        }
        Ok(Some(hugepages::reserve(&self.paths.qemu_run(vmid, "hugepages"), &needs).await?))
    }

    /// Gives the pages of a VM that has ended back, unless they shall be kept for its next start.
    pub(crate) async fn give_back_huge_pages(&self, vmid: Vmid) {
        if !self.get(vmid).is_ok_and(|vm| vm.config.keephugepages == Some(true)) {
            self.drop_huge_pages(vmid).await;
        }
    }

    /// Gives the pages of a VM back, also those that were kept.
    pub(crate) async fn drop_huge_pages(&self, vmid: Vmid) {
        if let Err(err) = hugepages::release(&self.paths.qemu_run(vmid, "hugepages")).await {
            tracing::error!("VM {vmid}: {err}");
        }
    }
}
