//! `/nodes/{node}/lxc/{vmid}/status/…`: starting and ending containers.

use access::Access;
use guest::lxc::{CtError, ShutdownOptions};
use schema::{ApiError, NodeName, Params, Vmid};

use super::{OfCt, refused};
use crate::endpoints;
use crate::engine::{Call, Target};
use crate::nodes::qemu::{skiplock, task};

endpoints! {
    /// Starts a container.
    POST "/nodes/{node}/lxc/{vmid}/status/start" => start, name = "vm_start",
        Access::perm("/vms/{vmid}", &["VM.PowerMgmt"]), Target::Node, [Task];
    /// Ends all processes of a container at once.
    POST "/nodes/{node}/lxc/{vmid}/status/stop" => stop, name = "vm_stop",
        Access::perm("/vms/{vmid}", &["VM.PowerMgmt"]), Target::Node, [Task];
    /// Asks a container to shut down and waits until it has.
    POST "/nodes/{node}/lxc/{vmid}/status/shutdown" => shutdown, name = "vm_shutdown",
        Access::perm("/vms/{vmid}", &["VM.PowerMgmt"]), Target::Node, [Task];
    /// Shuts a container down and starts it again, so that pending changes take effect.
    POST "/nodes/{node}/lxc/{vmid}/status/reboot" => reboot, name = "vm_reboot",
        Access::perm("/vms/{vmid}", &["VM.PowerMgmt"]), Target::Node, [Task];
    /// Stops all processes of a container where they are.
    POST "/nodes/{node}/lxc/{vmid}/status/suspend" => suspend, name = "vm_suspend",
        Access::perm("/vms/{vmid}", &["VM.PowerMgmt"]), Target::Node, [Task];
    /// Lets the processes of a suspended container go on.
    POST "/nodes/{node}/lxc/{vmid}/status/resume" => resume, name = "vm_resume",
        Access::perm("/vms/{vmid}", &["VM.PowerMgmt"]), Target::Node, [Task];
}

#[derive(Params)]
#[allow(dead_code)] // parameters that are refused when given, and the node, which the dispatcher chose
struct Start {
    /// Name of the node.
    node: NodeName,
    /// ID of the container.
    vmid: Vmid,
    /// Let LXC log more.
    #[param(later, default = "0")]
    debug: Option<bool>,
    /// Start it whatever it is locked for; only root may.
    skiplock: Option<bool>,
}

async fn start(call: Call, p: Start) -> Result<String, ApiError> {
    let skip = skiplock(&call, p.skiplock)?;
    let cts = call.node.cts.clone();
    cts.get(p.vmid).map_err(refused)?;
    if cts.running(p.vmid).is_some() {
        return Err(refused(CtError::Running(p.vmid)));
    }
    task(&call, "vzstart", p.vmid, move |ctx| async move { Ok(cts.start(&ctx, p.vmid, skip).await?) }).await
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Stop {
    /// Name of the node.
    node: NodeName,
    /// ID of the container.
    vmid: Vmid,
    /// End running shutdowns of this container first.
    #[param(name = "overrule-shutdown", default = "0", later)]
    overrule_shutdown: Option<bool>,
    /// Stop it whatever it is locked for; only root may.
    skiplock: Option<bool>,
}

async fn stop(call: Call, p: Stop) -> Result<String, ApiError> {
    let skip = skiplock(&call, p.skiplock)?;
    let cts = call.node.cts.clone();
    cts.require_running(p.vmid).map_err(refused)?;
    task(&call, "vzstop", p.vmid, move |ctx| async move { Ok(cts.stop(&ctx, p.vmid, skip).await?) }).await
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Shutdown {
    /// Name of the node.
    node: NodeName,
    /// ID of the container.
    vmid: Vmid,
    /// Stop it when it has not shut down in time.
    #[param(name = "forceStop", default = "0")]
    force_stop: Option<bool>,
    /// Seconds that it may take.
    #[param(default = "60")]
    timeout: Option<u64>,
}

async fn shutdown(call: Call, p: Shutdown) -> Result<String, ApiError> {
    let options = ShutdownOptions { timeout: p.timeout, force: p.force_stop == Some(true), ..Default::default() };
    let cts = call.node.cts.clone();
    cts.require_running(p.vmid).map_err(refused)?;
    task(&call, "vzshutdown", p.vmid, move |ctx| async move { Ok(cts.shutdown(&ctx, p.vmid, options).await?) }).await
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Reboot {
    /// Name of the node.
    node: NodeName,
    /// ID of the container.
    vmid: Vmid,
    /// Seconds that it may take to shut down; then it is stopped.
    timeout: Option<u64>,
}

async fn reboot(call: Call, p: Reboot) -> Result<String, ApiError> {
    let cts = call.node.cts.clone();
    cts.require_running(p.vmid).map_err(refused)?;
    task(&call, "vzreboot", p.vmid, move |ctx| async move { Ok(cts.reboot(&ctx, p.vmid, p.timeout).await?) }).await
}

async fn suspend(call: Call, p: OfCt) -> Result<String, ApiError> {
    let cts = call.node.cts.clone();
    cts.require_running(p.vmid).map_err(refused)?;
    task(&call, "vzsuspend", p.vmid, move |_| async move { Ok(cts.suspend(p.vmid).await?) }).await
}

async fn resume(call: Call, p: OfCt) -> Result<String, ApiError> {
    let cts = call.node.cts.clone();
    cts.require_running(p.vmid).map_err(refused)?;
    task(&call, "vzresume", p.vmid, move |_| async move { Ok(cts.resume(p.vmid).await?) }).await
}
