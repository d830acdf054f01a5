//! `/nodes/{node}/qemu/{vmid}/status/…`: starting and ending VMs.

use access::Access;
use guest::qemu::{Hardware, ShutdownOptions, StartOptions};
use schema::{ApiError, NodeName, Params, Props, StorageId, Vmid};

use super::{refused, skiplock, task};
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Starts a VM.
    POST "/nodes/{node}/qemu/{vmid}/status/start" => start, name = "vm_start",
        Access::perm("/vms/{vmid}", &["VM.PowerMgmt"]), Target::Node, [Task];
    /// Ends a VM at once, as pulling the plug does; the guest may lose data.
    POST "/nodes/{node}/qemu/{vmid}/status/stop" => stop, name = "vm_stop",
        Access::perm("/vms/{vmid}", &["VM.PowerMgmt"]), Target::Node, [Task];
    /// Asks the guest to shut down and waits until it has.
    POST "/nodes/{node}/qemu/{vmid}/status/shutdown" => shutdown, name = "vm_shutdown",
        Access::perm("/vms/{vmid}", &["VM.PowerMgmt"]), Target::Node, [Task];
    /// Shuts the guest down and starts it again, so that pending changes take effect.
    POST "/nodes/{node}/qemu/{vmid}/status/reboot" => reboot, name = "vm_reboot",
        Access::perm("/vms/{vmid}", &["VM.PowerMgmt"]), Target::Node, [Task];
    /// Resets a VM as its button does.
    POST "/nodes/{node}/qemu/{vmid}/status/reset" => reset, name = "vm_reset",
        Access::perm("/vms/{vmid}", &["VM.PowerMgmt"]), Target::Node, [Task];
    /// Pauses a VM.
    POST "/nodes/{node}/qemu/{vmid}/status/suspend" => suspend, name = "vm_suspend",
        Access::perm("/vms/{vmid}", &["VM.PowerMgmt"]), Target::Node, [Task];
    /// Lets a paused VM go on.
    POST "/nodes/{node}/qemu/{vmid}/status/resume" => resume, name = "vm_resume",
        Access::perm("/vms/{vmid}", &["VM.PowerMgmt"]), Target::Node, [Task];
}

#[derive(Params)]
#[allow(dead_code)] // parameters that are refused when given, and the node, which the dispatcher chose
struct Start {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Value of QEMU's `-cpu` in place of the configured one, until the VM ends; only root may.
    #[param(name = "force-cpu")]
    force_cpu: Option<String>,
    /// Machine type in place of the configured one, until the VM ends.
    machine: Option<Props<guest::qemu::config::device::Machine>>,
    /// The node from which the VM comes.
    #[param(later, format = "pve-node")]
    migratedfrom: Option<String>,
    /// Network for the migration.
    #[param(later, format = "CIDR")]
    migration_network: Option<String>,
    /// Whether the migration is encrypted.
    #[param(later)]
    migration_type: Option<MigrationType>,
    /// Largest frames of paravirtual cards, by card, in place of the configured ones, until the VM ends; only root may.
    #[param(name = "nets-host-mtu", pattern = r"net\d+=\d+(,net\d+=\d+)*")]
    nets_host_mtu: Option<String>,
    /// Start it whatever it is locked for; only root may.
    skiplock: Option<bool>,
    /// Where its state comes from.
    #[param(later, max_len = 128)]
    stateuri: Option<String>,
    /// Storages for its disks.
    #[param(later, format = "storage-pair-list")]
    targetstorage: Option<String>,
    /// Seconds that QEMU may take until it answers.
    timeout: Option<u64>,
    /// Whether connection tracking comes along.
    #[param(name = "with-conntrack-state", later, default = "0")]
    with_conntrack_state: Option<bool>,
}

/// How migration data travels.
#[derive(schema::Choice, Clone, Copy, Debug)]
enum MigrationType {
    Secure,
    Insecure,
}

async fn start(call: Call, p: Start) -> Result<String, ApiError> {
    only_root(&call, "force-cpu", Some(p.force_cpu.is_some()))?;
    only_root(&call, "nets-host-mtu", Some(p.nets_host_mtu.is_some()))?;
    let hardware = Hardware {
        machine: p.machine.as_ref().map(|machine| schema::property::print(&machine.0)),
        cpu: p.force_cpu,
        nets_host_mtu: p.nets_host_mtu,
    };
    let options = StartOptions { skiplock: skiplock(&call, p.skiplock)?, timeout: p.timeout, hardware };
    let vms = call.node.vms.clone();
    let vm = vms.get(p.vmid).map_err(refused)?;
    if vms.running(p.vmid).is_some() {
        // A VM that was paused for its backup.
        if vm.file.main.get("lock") == Some("backup") {
            return task(
                &call,
                "qmresume",
                p.vmid,
                move |ctx| async move { Ok(vms.resume(&ctx, p.vmid, false).await?) },
            )
            .await;
        }
        return Err(refused(guest::qemu::VmError::Running(p.vmid)));
    }
    task(&call, "qmstart", p.vmid, move |ctx| async move { Ok(vms.start(&ctx, p.vmid, options).await?) }).await
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Stop {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Leave its volumes active, which they are in any case; only root may.
    #[param(name = "keepActive", default = "0")]
    keep_active: Option<bool>,
    /// The node from which the VM comes.
    #[param(later, format = "pve-node")]
    migratedfrom: Option<String>,
    /// End running shutdowns of this VM first.
    #[param(name = "overrule-shutdown", default = "0")]
    overrule_shutdown: Option<bool>,
    /// Stop it whatever it is locked for; only root may.
    skiplock: Option<bool>,
    /// Seconds until it is killed.
    timeout: Option<u64>,
}

async fn stop(call: Call, p: Stop) -> Result<String, ApiError> {
    let skip = skiplock(&call, p.skiplock)?;
    only_root(&call, "keepActive", p.keep_active)?;
    let vms = call.node.vms.clone();
    vms.require_running(p.vmid).map_err(refused)?;
    if p.overrule_shutdown == Some(true) {
        end_shutdowns(&call, p.vmid).await?;
    }
    task(&call, "qmstop", p.vmid, move |ctx| async move { Ok(vms.stop(&ctx, p.vmid, skip, p.timeout).await?) }).await
}

fn only_root(call: &Call, name: &str, wanted: Option<bool>) -> Result<(), ApiError> {
    if wanted == Some(true) && !call.is_root() {
        return Err(ApiError::param(name, "Only root may use this option."));
    }
    Ok(())
}

/// Ends the running shutdowns of a VM, as far as the caller may end them.
async fn end_shutdowns(call: &Call, vmid: Vmid) -> Result<(), ApiError> {
    let who = call.user()?.to_string();
    let all = call.may(&format!("/nodes/{}", call.node.name), &["Sys.Modify"]);
    let tasks = call.node.tasks.active();
    let shutdowns = tasks.iter().filter(|upid| upid.kind == "qmshutdown" && upid.id == vmid.to_string());
    for upid in shutdowns.filter(|upid| all || upid.belongs_to(&who)) {
        if call.node.tasks.stop(upid) {
            call.node.tasks.wait_stopped(upid).await;
        }
    }
    Ok(())
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Shutdown {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Stop it when it has not shut down in time.
    #[param(name = "forceStop", default = "0")]
    force_stop: Option<bool>,
    /// Leave its volumes active, which they are in any case; only root may.
    #[param(name = "keepActive", default = "0")]
    keep_active: Option<bool>,
    /// Shut it down whatever it is locked for; only root may.
    skiplock: Option<bool>,
    /// Seconds that the guest may take.
    timeout: Option<u64>,
}

async fn shutdown(call: Call, p: Shutdown) -> Result<String, ApiError> {
    only_root(&call, "keepActive", p.keep_active)?;
    let options = ShutdownOptions {
        skiplock: skiplock(&call, p.skiplock)?,
        timeout: p.timeout,
        force: p.force_stop == Some(true),
    };
    let vms = call.node.vms.clone();
    vms.require_running(p.vmid).map_err(refused)?;
    task(&call, "qmshutdown", p.vmid, move |ctx| async move { Ok(vms.shutdown(&ctx, p.vmid, options).await?) }).await
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Reboot {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Seconds that the guest may take to shut down.
    timeout: Option<u64>,
}

async fn reboot(call: Call, p: Reboot) -> Result<String, ApiError> {
    let vms = call.node.vms.clone();
    vms.require_running(p.vmid).map_err(refused)?;
    task(&call, "qmreboot", p.vmid, move |ctx| async move { Ok(vms.reboot(&ctx, p.vmid, p.timeout).await?) }).await
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Reset {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Reset it whatever it is locked for; only root may.
    skiplock: Option<bool>,
}

async fn reset(call: Call, p: Reset) -> Result<String, ApiError> {
    let skip = skiplock(&call, p.skiplock)?;
    let vms = call.node.vms.clone();
    vms.require_running(p.vmid).map_err(refused)?;
    task(&call, "qmreset", p.vmid, move |_| async move { Ok(vms.reset(p.vmid, skip).await?) }).await
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Suspend {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Pause it whatever it is locked for; only root may.
    skiplock: Option<bool>,
    /// Storage for its memory; where its configuration says, if not given.
    #[param(requires = "todisk")]
    statestorage: Option<StorageId>,
    /// Save its memory and end it; the next start, or resuming it, goes on from there.
    #[param(default = "0")]
    todisk: Option<bool>,
}

async fn suspend(call: Call, p: Suspend) -> Result<String, ApiError> {
    let skip = skiplock(&call, p.skiplock)?;
    let vms = call.node.vms.clone();
    vms.require_running(p.vmid).map_err(refused)?;
    if p.todisk == Some(true) {
        return to_disk(&call, p.vmid, p.statestorage, skip).await;
    }
    if p.statestorage.is_some() {
        return Err(ApiError::param("statestorage", "only together with todisk"));
    }
    task(&call, "qmpause", p.vmid, move |_| async move { Ok(vms.suspend(p.vmid, skip).await?) }).await
}

async fn to_disk(call: &Call, vmid: Vmid, storage: Option<StorageId>, skip: bool) -> Result<String, ApiError> {
    let path = format!("/vms/{vmid}");
    call.require(&path, &["VM.Config.Disk"])?;
    let vms = call.node.vms.clone();
    if let Some(storage) = &storage {
        call.require(&format!("/storage/{storage}"), &["Datastore.AllocateSpace"])?;
    }
    vms.check_suspend(vmid, skip).map_err(refused)?;
    let work = move |ctx| async move { Ok(vms.suspend_to_disk(&ctx, vmid, storage, skip).await?) };
    task(call, "qmsuspend", vmid, work).await
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Resume {
    /// Name of the node.
    node: NodeName,
    /// ID of the VM.
    vmid: Vmid,
    /// Do not look whether the VM is this node's; nothing to look at on a single node.
    nocheck: Option<bool>,
    /// Resume it whatever it is locked for; only root may.
    skiplock: Option<bool>,
}

async fn resume(call: Call, p: Resume) -> Result<String, ApiError> {
    let skip = skiplock(&call, p.skiplock)?;
    let vms = call.node.vms.clone();
    if !vms.get(p.vmid).map_err(refused)?.is_suspended() {
        vms.require_running(p.vmid).map_err(refused)?;
    }
    task(&call, "qmresume", p.vmid, move |ctx| async move { Ok(vms.resume(&ctx, p.vmid, skip).await?) }).await
}
