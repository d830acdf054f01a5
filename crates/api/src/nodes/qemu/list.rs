//! `/nodes/{node}/qemu`: the VMs of a node with their figures.

use std::sync::Arc;

use access::Access;
use guest::qemu::Status;
use schema::{ApiError, NodeName, Params, Reply, Vmid};
use stats::Snapshot;

use super::OfVm;
use crate::endpoints;
use crate::engine::{Call, Subdir, Target};

endpoints! {
    /// Lists the VMs of a node on which the caller has VM.Audit.
    GET "/nodes/{node}/qemu" => list, name = "vmlist", Access::User, Target::Node;
    /// Lists what there is below a VM.
    GET "/nodes/{node}/qemu/{vmid}" => index, name = "vmdiridx", Access::User, Target::Node;
    /// Lists what there is below a VM's state.
    GET "/nodes/{node}/qemu/{vmid}/status" => index, name = "vmcmdidx", Access::User, Target::Node;
}

#[derive(Params)]
struct List {
    /// Name of the node.
    #[allow(dead_code)] // chosen by the dispatcher
    node: NodeName,
    /// Show the figures of running VMs that the list leaves out otherwise.
    full: Option<bool>,
}

/// A VM with its figures.
#[derive(Reply, Clone, Debug)]
pub(super) struct Listed {
    /// Its ID.
    vmid: Vmid,
    /// Its name.
    name: String,
    /// `running` or `stopped`.
    status: &'static str,
    /// What QEMU says: `running`, `paused`, …
    qmpstatus: Option<&'static str>,
    /// Its process.
    pid: Option<u32>,
    /// Seconds since it was started.
    uptime: u64,
    /// Use of its processors, 0 to 1.
    cpu: f64,
    /// Processors it has.
    cpus: u64,
    /// Memory in use, bytes.
    mem: u64,
    /// Memory of the host that it occupies, bytes.
    memhost: u64,
    /// Memory it has, bytes.
    maxmem: u64,
    /// Disk space in use; unknown from outside, so 0.
    disk: u64,
    /// Size of the disk it boots from, bytes.
    maxdisk: u64,
    /// Bytes received over the network.
    netin: u64,
    /// Bytes sent over the network.
    netout: u64,
    /// Bytes read from disks since the start.
    diskread: u64,
    /// Bytes written to disks since the start.
    diskwrite: u64,
    /// It serves only for being cloned.
    template: Option<bool>,
    /// It has a serial port for consoles.
    serial: Option<bool>,
    /// What it is locked for.
    lock: Option<String>,
    /// Its tags.
    tags: Option<String>,
    /// Share of the last ten seconds in which some of its work waited for a processor, percent.
    pressurecpusome: Option<f64>,
    /// In which all of it did.
    pressurecpufull: Option<f64>,
    /// In which some waited for a disk.
    pressureiosome: Option<f64>,
    /// In which all did.
    pressureiofull: Option<f64>,
    /// In which some waited for memory.
    pressurememorysome: Option<f64>,
    /// In which all did.
    pressurememoryfull: Option<f64>,
    /// Machine type of the running process.
    #[reply(name = "running-machine")]
    running_machine: Option<String>,
}

impl Listed {
    pub(super) fn new(status: Status, snapshot: &Arc<Snapshot>, full: bool) -> Self {
        let figures = snapshot.guests.get(&status.vmid.get()).filter(|_| status.running);
        let sample = figures.map(|figures| &figures.sample);
        let pressure = sample.and_then(|sample| sample.pressure);
        Self {
            vmid: status.vmid,
            name: status.name,
            status: if status.running { "running" } else { "stopped" },
            qmpstatus: full.then_some(status.state),
            pid: status.pid,
            uptime: status.uptime,
            cpu: figures.map_or(0.0, |figures| figures.cpu),
            cpus: status.cpus,
            mem: sample.map_or(0, |sample| sample.mem),
            memhost: sample.map_or(0, |sample| sample.mem_host),
            maxmem: status.maxmem,
            disk: 0,
            maxdisk: status.maxdisk,
            netin: sample.map_or(0, |sample| sample.net_in),
            netout: sample.map_or(0, |sample| sample.net_out),
            diskread: sample.map_or(0, |sample| sample.disk_read),
            diskwrite: sample.map_or(0, |sample| sample.disk_write),
            template: status.template.then_some(true),
            serial: status.serial.then_some(true),
            lock: status.lock,
            tags: status.tags,
            pressurecpusome: pressure.map(|seen| seen.cpu.some),
            pressurecpufull: pressure.map(|seen| seen.cpu.full),
            pressureiosome: pressure.map(|seen| seen.io.some),
            pressureiofull: pressure.map(|seen| seen.io.full),
            pressurememorysome: pressure.map(|seen| seen.memory.some),
            pressurememoryfull: pressure.map(|seen| seen.memory.full),
            running_machine: status.machine.filter(|_| full),
        }
    }
}

async fn list(call: Call, p: List) -> Result<Vec<Listed>, ApiError> {
    let snapshot = call.node.stats.snapshot();
    let all = call.may("/vms", &["VM.Audit"]);
    let seen = |status: &Status| all || call.may(&format!("/vms/{}", status.vmid), &["VM.Audit"]);
    let statuses = call.node.vms.statuses().into_iter().filter(seen);
    Ok(statuses.map(|status| Listed::new(status, &snapshot, p.full == Some(true))).collect())
}

async fn index(call: Call, p: OfVm) -> Result<Vec<Subdir>, ApiError> {
    call.node.vms.get(p.vmid).map_err(super::refused)?;
    Ok(call.listing())
}
