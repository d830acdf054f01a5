//! What is seen of a container from outside: its figures, its pending changes, its addresses.

use std::sync::Arc;

use host::lxc::Lxc;
use schema::Vmid;
use serde_json::Value;
use stats::{GuestPressure, GuestSample, Links};
use store::guests::GuestKind;

use super::{
    config::CtConfig,
    cts::{Cts, Live},
    error::CtError,
    plan::veth,
};
use crate::config_file::Pending;

impl Cts {
    /// What a container has used so far, if it runs. Reads files only.
    #[must_use]
    pub fn sample(&self, vmid: Vmid, links: &Links) -> Option<GuestSample> {
        let live = self.running(vmid)?;
        let ct = self.get(vmid).ok()?;
        Some(self.sample_of(&live, &ct.config, links))
    }

    fn sample_of(&self, live: &Arc<Live>, config: &CtConfig, links: &Links) -> GuestSample {
        let (vmid, running) = (live.vmid, live.running());
        let (group, _) = Lxc::groups(vmid.get());
        let group = self.inner.cgroups.group(&group);
        // Others may freeze it, too.
        if live.set_frozen(group.frozen()) {
            self.inner.changed();
        }
        let usage = group.usage();
        let (max_disk, disk) = host::lxc::root_usage(&running).unwrap_or_default();
        let (mut net_in, mut net_out) = (0, 0);
        for index in config.net.keys() {
            if let Some(link) = links.get(&veth(vmid.get(), *index)) {
                // What the host's end sends, the container receives.
                net_in += link.sent;
                net_out += link.received;
            }
        }
        let memory = usage.memory.unwrap_or(0);
        GuestSample {
            vmid: vmid.get(),
            kind: GuestKind::Lxc,
            pid: running.init.pid,
            state: live.state(),
            uptime: host::lxc::uptime(&running.init),
            max_cpu: max_cpu(config),
            cpu_time: usage.cpu_nanoseconds.unwrap_or(0),
            mem: memory,
            mem_host: memory,
            max_mem: config.memory_mib() << 20,
            swap: usage.swap.unwrap_or(0),
            disk,
            max_disk,
            net_in,
            net_out,
            disk_read: usage.disk_read.unwrap_or(0),
            disk_write: usage.disk_written.unwrap_or(0),
            pressure: usage.pressure.map(|seen| GuestPressure {
                cpu: host::proc::Pressure { some: seen.cpu_some, full: seen.cpu_full },
                io: host::proc::Pressure { some: seen.io_some, full: seen.io_full },
                memory: host::proc::Pressure { some: seen.memory_some, full: seen.memory_full },
            }),
        }
    }

    /// Every option with what waits for it.
    ///
    /// # Errors
    /// When there is no such container.
    pub fn pending(&self, vmid: Vmid) -> Result<Vec<Pending>, CtError> {
        Ok(self.get(vmid)?.file.options())
    }

    /// Interfaces of a running container with their addresses, as `ip -json address` tells them.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn addresses(&self, vmid: Vmid) -> Result<Value, CtError> {
        let live = self.require_running(vmid)?;
        Ok(host::lxc::addresses(&live.running()).await?)
    }

    /// Processors that a container may use.
    #[must_use]
    pub fn max_cpu(&self, vmid: Vmid) -> f64 {
        self.get(vmid).map_or(0.0, |ct| max_cpu(&ct.config))
    }
}

impl stats::Source for Cts {
    fn running(&self, links: &Links) -> Vec<GuestSample> {
        self.ids().into_iter().filter_map(|vmid| self.sample(vmid, links)).collect()
    }
}

// Counts of processors are small.
#[allow(clippy::cast_precision_loss)]
fn max_cpu(config: &CtConfig) -> f64 {
    let all = host::lxc::online_cpus().len() as f64;
    config.cores.map(|cores| cores as f64).or(config.cpu_limit()).map_or(all, |wanted| wanted.min(all))
}
