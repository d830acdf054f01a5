//! Huge pages for the memory of a VM.

use host::hugepages::{self, Pages, Reserved};
use schema::Vmid;

use super::super::{cmdline::CommandLine, error::VmError, progress::Progress, vms::Inner};

/// The pages that a command line makes QEMU take: each memory backend names its size and where its pages lie.
fn needs(line: &CommandLine) -> Vec<Pages> {
    let mut needs: Vec<Pages> = Vec::new();
    for (_, value) in line.options.iter().filter(|(option, _)| option == "-object") {
        let value = value.as_deref().unwrap_or_default();
        let field = |name: &str| value.split(',').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        let page = field("mem-path").and_then(|path| path.strip_prefix(hugepages::MOUNTS)?.strip_prefix('/'));
        let page_kib = page.and_then(|page| page.strip_suffix("kB")?.parse::<u64>().ok());
        let mib = field("size").and_then(|size| size.strip_suffix('M')?.parse::<u64>().ok());
        let (Some(page_kib), Some(mib)) = (page_kib, mib) else { continue };
        // Without a policy the kernel gives pages of any node, the nearest first.
        let node = field("host-nodes").and_then(|node| node.parse().ok());
        let count = (mib * 1024).div_ceil(page_kib);
        match needs.iter_mut().find(|need| need.node == node && need.page_kib == page_kib) {
            Some(need) => need.count += count,
            None => needs.push(Pages { node, page_kib, count }),
        }
    }
    needs
}

impl Inner {
    /// Sees to it that a VM finds the huge pages that it needs. Others wait until the answer is dropped.
    pub(super) async fn take_huge_pages(
        &self,
        progress: &dyn Progress,
        vmid: Vmid,
        line: &CommandLine,
    ) -> Result<Option<Reserved>, VmError> {
        let needs = needs(line);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_backends_need_is_summed_by_node_and_size() {
        let object = |text: &str| ("-object".to_owned(), Some(text.to_owned()));
        let backend = |id: &str, mib: u64, page: &str, rest: &str| {
            object(&format!(
                "memory-backend-file,id={id},size={mib}M,mem-path=/run/hugepages/kvm/{page},share=on{rest}"
            ))
        };
        let options = vec![
            backend("ram-node0", 512, "2048kB", ""),
            backend("ram-node1", 511, "2048kB", ""),
            backend("ram-node2", 2048, "1048576kB", ",host-nodes=1,policy=bind"),
            object("memory-backend-ram,id=ram-node3,size=64M"),
            object("iothread,id=iothread-virtio0"),
        ];
        let line = CommandLine { options, ..CommandLine::default() };
        let any = Pages { node: None, page_kib: 2048, count: 512 };
        let bound = Pages { node: Some(1), page_kib: 1_048_576, count: 2 };
        assert_eq!(needs(&line), [any, bound]);
    }
}
