//! `/pleiad/nodes/{node}/qemu/{vmid}/…`: what PVE does not show of virtual machines.

use access::Access;
use schema::{ApiError, NodeName, Params, Reply, Vmid};

use crate::endpoints;
use crate::engine::{Call, Download, OrDownload, Part, Target};
use crate::nodes::qemu::{OfVm, refused};

endpoints! {
    /// Shows what QEMU printed since a start of a virtual machine, line by line.
    GET "/pleiad/nodes/{node}/qemu/{vmid}/log" => log, name = "vm_log",
        Access::perm("/vms/{vmid}", &["VM.Audit"]), Target::Node, [Extension];
    /// Shows the screen of a running virtual machine as a picture (PNG), at most two seconds old.
    GET "/pleiad/nodes/{node}/qemu/{vmid}/screenshot" => screenshot, name = "vm_screenshot",
        Access::perm("/vms/{vmid}", &["VM.Console"]), Target::Node, [Extension];
}

/// Most lines that one answer has.
const MOST: u64 = 50_000;

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Log {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Which log: 0 of the last start, 1 of the start before it, and so on.
    #[param(min = 0, max = 3, default = "0")]
    age: Option<u32>,
    /// Most lines to show; 0 for all that one answer may have.
    #[param(min = 0, default = "500")]
    limit: Option<u64>,
    /// Number of the first line to show, from 0.
    #[param(min = 0, default = "0")]
    start: Option<u64>,
}

/// A numbered line.
#[derive(Reply, Clone, Debug)]
struct Line {
    /// Its number, from 1.
    n: u64,
    /// Its text.
    t: String,
}

async fn log(call: Call, p: Log) -> Result<Part<Line>, ApiError> {
    let start = p.start.unwrap_or(0);
    let limit = Some(p.limit.unwrap_or(500)).filter(|limit| *limit > 0).unwrap_or(MOST).min(MOST);
    let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let (vms, age) = (call.node.vms.clone(), p.age.unwrap_or(0));
    let read = tokio::task::spawn_blocking(move || vms.log(p.vmid, age, size(start), size(limit)));
    let (lines, total) = read.await.map_err(|error| ApiError::internal(error.to_string()))?.map_err(refused)?;
    let items = (start + 1..).zip(lines).map(|(n, t)| Line { n, t }).collect();
    Ok(Part { items, total: total as u64 })
}

async fn screenshot(call: Call, p: OfVm) -> Result<OrDownload<()>, ApiError> {
    let path = call.node.vms.screenshot(p.vmid).await.map_err(refused)?;
    Ok(OrDownload::File(Download { path, name: format!("vm-{}.png", p.vmid), mime: "image/png" }))
}
