//! `/nodes/{node}/{startall,stopall,suspendall}`: many guests at once.

use std::collections::BTreeSet;

use access::Access;
use guest::{
    bulk::{self, Action, Guest},
    datacenter,
};
use schema::{ApiError, NodeName, Params, Vmid};
use task::{TaskError, TaskSpec};

use crate::endpoints;
use crate::engine::{Call, Target};

/// Who may do it.
const POWER: Access = Access::Described("VM.PowerMgmt on /, or on /vms/{vmid} of each guest that 'vms' names");

endpoints! {
    /// Starts guests in their order: those that start with the host, or those that are named.
    POST "/nodes/{node}/startall" => startall, name = "startall", POWER, Target::Node, [Task];
    /// Shuts guests down in the reverse of their order: all, or those that are named.
    POST "/nodes/{node}/stopall" => stopall, name = "stopall", POWER, Target::Node, [Task];
    /// Pauses virtual machines: all, or those that are named.
    POST "/nodes/{node}/suspendall" => suspendall, name = "suspendall", POWER, Target::Node, [Task];
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Start {
    /// Name of the node.
    node: NodeName,
    /// Start guests too that do not start with the host.
    #[param(default = "off")]
    force: Option<bool>,
    /// Most guests at the same time.
    #[param(name = "max-workers", min = 1, max = 64)]
    max_workers: Option<u64>,
    /// Only these guests.
    #[param(format = "pve-vmid-list")]
    vms: Vec<Vmid>,
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Stop {
    /// Name of the node.
    node: NodeName,
    /// Stop guests that have not shut down in time.
    #[param(name = "force-stop", default = "1")]
    force_stop: Option<bool>,
    /// Most guests at the same time.
    #[param(name = "max-workers", min = 1, max = 64)]
    max_workers: Option<u64>,
    /// Seconds that each guest may take; what its own configuration says if not given.
    #[param(min = 0, max = 7200, default = "180")]
    timeout: Option<u64>,
    /// Only these guests.
    #[param(format = "pve-vmid-list")]
    vms: Vec<Vmid>,
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Suspend {
    /// Name of the node.
    node: NodeName,
    /// Most guests at the same time.
    #[param(name = "max-workers", min = 1, max = 64)]
    max_workers: Option<u64>,
    /// Only these guests.
    #[param(format = "pve-vmid-list")]
    vms: Vec<Vmid>,
}

/// The guests that are meant, which the caller may all switch.
fn chosen(call: &Call, named: &[Vmid]) -> Result<Vec<Guest>, ApiError> {
    let all = bulk::guests(&call.node.vms, &call.node.cts);
    if !call.may("/", &["VM.PowerMgmt"]) {
        if named.is_empty() {
            call.require("/", &["VM.PowerMgmt"])?;
        }
        for vmid in named {
            call.require(&format!("/vms/{vmid}"), &["VM.PowerMgmt"])?;
        }
    }
    let named: BTreeSet<Vmid> = named.iter().copied().collect();
    Ok(all.into_iter().filter(|guest| named.is_empty() || named.contains(&guest.vmid)).collect())
}

/// How many at the same time: what the call says, or the datacenter's options.
fn workers(call: &Call, given: Option<u64>) -> usize {
    let usual = || bulk::workers(datacenter::text(&call.node.store.tree()));
    given.and_then(|count| usize::try_from(count).ok()).unwrap_or_else(usual)
}

async fn spawn(
    call: &Call,
    kind: &'static str,
    guests: Vec<Guest>,
    action: Action,
    workers: usize,
) -> Result<String, ApiError> {
    let spec = TaskSpec { kind, id: String::new(), user: call.user()?.to_string() };
    let (vms, cts) = (call.node.vms.clone(), call.node.cts.clone());
    let work = move |ctx: task::TaskCtx| async move {
        if guests.is_empty() {
            ctx.log("no guest to do it with");
        }
        match bulk::run(ctx, vms, cts, guests, action, workers).await {
            true => Ok(()),
            false => Err(TaskError::cancelled()),
        }
    };
    Ok(call.node.tasks.spawn(spec, work).await?.to_string())
}

async fn startall(call: Call, p: Start) -> Result<String, ApiError> {
    let mut guests = chosen(&call, &p.vms)?;
    guests.retain(|guest| p.force == Some(true) || guest.onboot);
    spawn(&call, "startall", guests, Action::Start, workers(&call, p.max_workers)).await
}

async fn stopall(call: Call, p: Stop) -> Result<String, ApiError> {
    let action = Action::Shutdown { timeout: p.timeout, force: p.force_stop != Some(false) };
    let guests = chosen(&call, &p.vms)?;
    spawn(&call, "stopall", guests, action, workers(&call, p.max_workers)).await
}

async fn suspendall(call: Call, p: Suspend) -> Result<String, ApiError> {
    let guests = chosen(&call, &p.vms)?;
    spawn(&call, "suspendall", guests, Action::Suspend, workers(&call, p.max_workers)).await
}
