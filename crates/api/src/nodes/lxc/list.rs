//! `/nodes/{node}/lxc`: the containers of a node with their figures.

use std::sync::Arc;

use access::Access;
use schema::{ApiError, NodeName, Params, Reply, Vmid};
use stats::Snapshot;

use super::{OfCt, refused};
use crate::endpoints;
use crate::engine::{Call, Subdir, Target};

endpoints! {
    /// Lists the containers of a node on which the caller has VM.Audit.
    GET "/nodes/{node}/lxc" => list, name = "vmlist", Access::User, Target::Node;
    /// Lists what there is below a container.
    GET "/nodes/{node}/lxc/{vmid}" => index, name = "vmdiridx", Access::User, Target::Node;
    /// Lists what there is below a container's state.
    GET "/nodes/{node}/lxc/{vmid}/status" => index, name = "vmcmdidx", Access::User, Target::Node;
    /// Shows the state and figures of a container.
    GET "/nodes/{node}/lxc/{vmid}/status/current" => current, name = "vm_status",
        Access::perm("/vms/{vmid}", &["VM.Audit"]), Target::Node;
}

#[derive(Params)]
struct List {
    /// Name of the node.
    #[allow(dead_code)] // chosen by the dispatcher
    node: NodeName,
}

/// A container with its figures.
#[derive(Reply, Clone, Debug)]
struct Listed {
    /// Its ID.
    vmid: Vmid,
    /// Always `lxc`.
    r#type: &'static str,
    /// Its host name.
    name: String,
    /// `running` or `stopped`.
    status: &'static str,
    /// Its first process.
    pid: Option<u32>,
    /// Seconds since it was started.
    uptime: u64,
    /// Use of its processors, 0 to 1.
    cpu: f64,
    /// Processors it may use.
    cpus: f64,
    /// Memory in use without page cache, bytes.
    mem: u64,
    /// Memory it may use, bytes.
    maxmem: u64,
    /// Swap in use, bytes.
    swap: u64,
    /// Swap it may use, bytes.
    maxswap: u64,
    /// Use of its root file system, bytes.
    disk: u64,
    /// Size of its root file system, bytes.
    maxdisk: u64,
    /// Bytes received over the network.
    netin: u64,
    /// Bytes sent over the network.
    netout: u64,
    /// Bytes read from disks since the start.
    diskread: u64,
    /// Bytes written to disks since the start.
    diskwrite: u64,
    /// Percent of the time in which some of its processes waited for a processor.
    pressurecpusome: Option<f64>,
    /// Percent of the time in which some waited for input/output.
    pressureiosome: Option<f64>,
    /// Percent of the time in which all waited for input/output.
    pressureiofull: Option<f64>,
    /// Percent of the time in which some waited for memory.
    pressurememorysome: Option<f64>,
    /// Percent of the time in which all waited for memory.
    pressurememoryfull: Option<f64>,
    /// It serves only for being cloned.
    template: Option<bool>,
    /// What it is locked for.
    lock: Option<String>,
    /// Its tags.
    tags: Option<String>,
}

/// Whether a container is kept running by the cluster.
#[derive(Reply, Clone, Debug)]
struct Ha {
    /// It is.
    managed: bool,
}

/// A container's state.
#[derive(Reply, Clone, Debug)]
struct Current {
    /// As the list shows it.
    #[reply(flat)]
    listed: Listed,
    /// High availability.
    ha: Ha,
}

fn listed(call: &Call, vmid: Vmid, snapshot: &Arc<Snapshot>) -> Result<Listed, ApiError> {
    let cts = &call.node.cts;
    let ct = cts.get(vmid).map_err(refused)?;
    let live = cts.running(vmid);
    let figures = snapshot.guests.get(&vmid.get()).filter(|_| live.is_some());
    let sample = figures.map(|figures| &figures.sample);
    let pressure = sample.and_then(|sample| sample.pressure);
    let size = ct.config.rootfs.as_ref().and_then(|root| schema::size::parse_disk_size(root.size.as_deref()?));
    let count = |field: fn(&stats::GuestSample) -> u64| sample.map_or(0, field);
    Ok(Listed {
        vmid,
        r#type: "lxc",
        name: ct.config.host_name(vmid.get()),
        status: if live.is_some() { "running" } else { "stopped" },
        pid: live.as_ref().map(|live| live.running().init.pid),
        uptime: live.map_or(0, |live| host::lxc::uptime(&live.running().init)),
        cpu: figures.map_or(0.0, |figures| figures.cpu),
        cpus: cts.max_cpu(vmid),
        mem: count(|sample| sample.mem),
        maxmem: ct.config.memory_mib() << 20,
        swap: count(|sample| sample.swap),
        maxswap: ct.config.swap_mib() << 20,
        disk: count(|sample| sample.disk),
        maxdisk: sample.map(|sample| sample.max_disk).filter(|size| *size > 0).or(size).unwrap_or(4 << 30),
        netin: count(|sample| sample.net_in),
        netout: count(|sample| sample.net_out),
        diskread: count(|sample| sample.disk_read),
        diskwrite: count(|sample| sample.disk_write),
        pressurecpusome: pressure.map(|seen| seen.cpu.some),
        pressureiosome: pressure.map(|seen| seen.io.some),
        pressureiofull: pressure.map(|seen| seen.io.full),
        pressurememorysome: pressure.map(|seen| seen.memory.some),
        pressurememoryfull: pressure.map(|seen| seen.memory.full),
        template: (ct.config.template == Some(true)).then_some(true),
        lock: ct.config.lock.map(|lock| lock.as_str().to_owned()),
        tags: ct.config.tags.clone(),
    })
}

async fn list(call: Call, _: List) -> Result<Vec<Listed>, ApiError> {
    let snapshot = call.node.stats.snapshot();
    let all = call.may("/vms", &["VM.Audit"]);
    let seen = |vmid: &Vmid| all || call.may(&format!("/vms/{vmid}"), &["VM.Audit"]);
    let ids = call.node.cts.ids().into_iter().filter(seen);
    // One that is removed just now is simply not listed.
    Ok(ids.filter_map(|vmid| listed(&call, vmid, &snapshot).ok()).collect())
}

async fn index(call: Call, p: OfCt) -> Result<Vec<Subdir>, ApiError> {
    call.node.cts.get(p.vmid).map_err(refused)?;
    Ok(call.listing())
}

async fn current(call: Call, p: OfCt) -> Result<Current, ApiError> {
    let listed = listed(&call, p.vmid, &call.node.stats.snapshot())?;
    Ok(Current { listed, ha: Ha { managed: false } })
}
