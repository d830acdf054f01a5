//! `/nodes/{node}/qemu/{vmid}/status/current`.

use access::Access;
use guest::qemu::Vm;
use schema::{ApiError, Reply};
use serde_json::{Map, Value};

use super::{OfVm, list::Listed, refused};
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Shows the state and figures of a VM.
    GET "/nodes/{node}/qemu/{vmid}/status/current" => current, name = "vm_status",
        Access::perm("/vms/{vmid}", &["VM.Audit"]), Target::Node;
}

/// Whether a VM is kept running by the cluster.
#[derive(Reply, Clone, Debug)]
struct Ha {
    /// It is.
    managed: bool,
}

/// Something that happened to a VM without anybody's task.
#[derive(Reply, Clone, Debug)]
struct LastEvent {
    /// `io-error`, `panic`, `reset`, `watchdog`, `memory-failure`, `balloon`, `suspend`, `wakeup`, `silent`, `answers`,
    /// or `ended`.
    event: &'static str,
    /// When, seconds since 1970.
    time: i64,
    /// The same in words.
    text: String,
    /// The drive that it is about.
    device: Option<String>,
    /// Why, as a word for programs: `enospc`, `guest-shutdown`, `host-qmp-quit`, `signal`, …
    reason: Option<String>,
}

/// A VM's state.
#[derive(Reply, Clone, Debug)]
struct Current {
    /// As the list shows it.
    #[reply(flat)]
    listed: Listed,
    /// High availability.
    ha: Ha,
    /// The guest agent is switched on.
    agent: Option<bool>,
    /// Way in which the clipboard is shared.
    clipboard: Option<&'static str>,
    /// Version of the running QEMU.
    #[reply(name = "running-qemu")]
    running_qemu: Option<Value>,
    /// Memory that the balloon leaves the guest, bytes.
    balloon: Option<Value>,
    /// Least memory that the balloon may leave the guest, bytes.
    balloon_min: Option<u64>,
    /// Its share when the host's memory is divided by balloons.
    shares: Option<u64>,
    /// Memory that the guest does not use, by its own word, bytes.
    freemem: Option<Value>,
    /// What QEMU and the guest say of the balloon.
    ballooninfo: Option<Value>,
    /// What QEMU says of the drives, by name.
    blockstat: Option<Value>,
    /// Traffic by card.
    nics: Option<Map<String, Value>>,
    /// Since when QEMU does not answer, seconds since 1970; absent while it does. An addition to the interface.
    #[reply(name = "silent-since")]
    silent_since: Option<i64>,
    /// What happened to it by itself last, since its last start. An addition to the interface.
    #[reply(name = "last-event")]
    last_event: Option<LastEvent>,
}

async fn current(call: Call, p: OfVm) -> Result<Current, ApiError> {
    let vms = &call.node.vms;
    let vm = vms.get(p.vmid).map_err(refused)?;
    let status = vms.status(p.vmid).map_err(refused)?;
    let mut details: std::collections::HashMap<_, _> = vms.details(p.vmid).await.into_iter().collect();
    let silent = status.silent;
    let nics = status.running.then(|| nics(&vm, p.vmid.get()));
    let balloon = vm.config.balloon.filter(|mib| *mib > 0);
    Ok(Current {
        listed: Listed::new(status, &call.node.stats.snapshot(), true),
        ha: Ha { managed: false },
        agent: vm.config.agent.as_ref().filter(|agent| agent.enabled).map(|_| true),
        clipboard: vm.config.vga.as_ref().and_then(|vga| vga.clipboard).map(|clipboard| clipboard.as_str()),
        running_qemu: details.remove("running-qemu"),
        balloon: details.remove("balloon"),
        balloon_min: balloon.map(|mib| mib << 20),
        shares: balloon.map(|_| vm.config.shares.unwrap_or(1000)),
        freemem: details.remove("freemem"),
        ballooninfo: details.remove("ballooninfo"),
        blockstat: details.remove("blockstat"),
        nics,
        silent_since: silent,
        last_event: vms.last_event(p.vmid).map(|last| LastEvent {
            event: last.event,
            time: last.time,
            text: last.text,
            device: last.device,
            reason: last.reason,
        }),
    })
}

fn nics(vm: &Vm, vmid: u32) -> Map<String, Value> {
    let links = host::proc::links().unwrap_or_default();
    let cards = vm.config.net.keys().filter_map(|index| {
        let name = format!("tap{vmid}i{index}");
        let link = links.get(&name)?;
        // What the host's end sends is what the guest receives.
        Some((name, serde_json::json!({ "netin": link.sent, "netout": link.received })))
    });
    cards.collect()
}
