//! Bringing devices into a running QEMU and out of it. Every step has a deadline, and what was begun is finished or
//! taken back.

use std::{collections::BTreeMap, time::Duration};

use host::qmp::{Event, QmpError};
use serde_json::{Value, json};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, sleep, timeout_at},
};

use super::pieces::{Difference, Kind, Piece};
use crate::qemu::{
    error::VmError,
    running::{COMMAND, Running},
};

/// How long a guest may take to let go of a device.
const RELEASE: Duration = Duration::from_secs(10);

/// How long a backend may still be in use after its device has gone: QEMU lets go of it a moment later.
const LINGER: Duration = Duration::from_secs(5);

/// How often that is tried again.
const AGAIN: Duration = Duration::from_millis(20);

/// Where QEMU keeps devices and objects with an ID.
const DEVICES: &str = "/machine/peripheral";
const OBJECTS: &str = "/objects";

/// Carries a difference out. When a step fails, those before it are taken back.
///
/// # Errors
/// What QEMU or the guest refused.
pub(crate) async fn carry_out(running: &Running, difference: &Difference) -> Result<(), VmError> {
    let mut done = Difference::default();
    let outcome = async {
        remove(running, &difference.gone, &mut done.gone).await?;
        add(running, &difference.come, &mut done.come).await
    };
    let Err(error) = outcome.await else { return Ok(()) };
    let back = done.reversed();
    let mut ignored = Vec::new();
    let undone = async {
        remove(running, &back.gone, &mut ignored).await?;
        add(running, &back.come, &mut ignored).await
    };
    if let Err(why) = undone.await {
        tracing::error!("VM {}: a change of its devices that failed could not be taken back: {why}", running.vmid);
    }
    Err(error)
}

/// The names below a place of QEMU's object tree.
async fn names(running: &Running, path: &str) -> Result<Vec<String>, VmError> {
    let list = running.call("qom-list", json!({ "path": path }), COMMAND).await?;
    let names = list.as_array().into_iter().flatten().filter_map(|entry| entry["name"].as_str());
    Ok(names.map(str::to_owned).collect())
}

/// Whether QEMU has a device of this ID.
pub(crate) async fn has_device(running: &Running, id: &str) -> Result<bool, VmError> {
    Ok(names(running, DEVICES).await?.iter().any(|name| name == id))
}

async fn add(running: &Running, pieces: &[Piece], done: &mut Vec<Piece>) -> Result<(), VmError> {
    if pieces.is_empty() {
        return Ok(());
    }
    let there = names(running, DEVICES).await?;
    for piece in pieces {
        if piece.kind == Kind::Device && there.contains(&piece.id) {
            // A bridge that stayed when its last device went.
            continue;
        }
        if piece.kind != Kind::Device {
            discard(running, piece).await?;
        }
        // Before it is made: when the answer is late, it may be there all the same.
        done.push(piece.clone());
        make(running, piece).await?;
    }
    Ok(())
}

async fn make(running: &Running, piece: &Piece) -> Result<(), VmError> {
    let types = match piece.kind {
        Kind::Device => property_types(running, piece.driver()).await?,
        _ => BTreeMap::new(),
    };
    let call = |piece: Piece, types| async move {
        let (command, arguments) = piece.command(types);
        running.call(command, arguments, COMMAND).await
    };
    let made = call(piece.clone(), &types).await;
    match (made, piece.unbootable()) {
        // The boot order has moved since the start; what was plugged later is not what the VM boots from then.
        (Err(error), Some(plain)) if error.to_string().contains("bootindex") => call(plain, &types).await.map(drop),
        (made, _) => made.map(drop),
    }
}

async fn property_types(running: &Running, driver: &str) -> Result<BTreeMap<String, String>, VmError> {
    let list = running.call("device-list-properties", json!({ "typename": driver }), COMMAND).await?;
    let pair = |entry: &Value| Some((entry["name"].as_str()?.to_owned(), entry["type"].as_str()?.to_owned()));
    Ok(list.as_array().into_iter().flatten().filter_map(pair).collect())
}

/// Takes pieces away, first to last. A device goes together with the controller it hangs on: the guest lets go of both
/// or of none.
async fn remove(running: &Running, pieces: &[Piece], done: &mut Vec<Piece>) -> Result<(), VmError> {
    check_idle(running, pieces).await?;
    let (devices, backends): (Vec<&Piece>, Vec<&Piece>) = pieces.iter().partition(|piece| piece.kind == Kind::Device);
    let there = if devices.is_empty() { Vec::new() } else { names(running, DEVICES).await? };
    let devices: Vec<&Piece> = devices.into_iter().filter(|device| there.contains(&device.id)).collect();
    let on_controller = |device: &Piece| {
        let bus = device.get("bus").unwrap_or_default();
        devices.iter().any(|other| bus.strip_prefix(other.id.as_str()).is_some_and(|rest| rest.starts_with('.')))
    };
    for device in devices.iter().filter(|device| !on_controller(device)) {
        unplug(running, &device.id).await?;
        let carried = devices.iter().filter(|other| {
            let bus = other.get("bus").unwrap_or_default();
            other.id == device.id || bus.strip_prefix(device.id.as_str()).is_some_and(|rest| rest.starts_with('.'))
        });
        done.extend(carried.map(|piece| (*piece).clone()));
    }
    for backend in backends {
        discard(running, backend).await?;
        if backend.kind == Kind::Blockdev {
            discard_left_over(running, backend).await?;
        }
        done.push(backend.clone());
    }
    Ok(())
}

/// Refuses drives that a job works on, before the guest is asked to release them.
async fn check_idle(running: &Running, pieces: &[Piece]) -> Result<(), VmError> {
    let graphs = pieces.iter().filter(|piece| piece.kind == Kind::Blockdev);
    let drives: Vec<&str> = graphs.filter_map(|piece| piece.id.strip_prefix("drive-")).collect();
    if drives.is_empty() {
        return Ok(());
    }
    let jobs = running.call("query-block-jobs", json!({}), COMMAND).await?;
    let mut jobs = jobs.as_array().into_iter().flatten().filter_map(|job| job["device"].as_str());
    // Jobs are named after what they do and the drive: `mirror-scsi0-…`.
    let works_on = |job: &str| drives.iter().find(|drive| job.split('-').any(|part| part == **drive)).copied();
    match jobs.find_map(works_on) {
        Some(drive) => {
            Err(VmError::Refused(format!("drive '{drive}' is being copied - wait for the end of that task")))
        }
        None => Ok(()),
    }
}

/// Has the guest release a device, and waits until it has.
async fn unplug(running: &Running, id: &str) -> Result<(), VmError> {
    let until = Instant::now() + RELEASE;
    let refused = |why: &str| VmError::Kept(format!("error on hot-unplugging device '{id}' - {why}"));
    let mut events = running.events().ok_or(VmError::NotRunning(running.vmid))?;
    let asked = running.call("device_del", json!({ "id": id }), COMMAND).await;
    if let Err(error) = asked {
        // Told before, it may be on its way out already.
        let on_its_way = error.to_string().contains("in the process of unplug");
        if !on_its_way {
            return if has_device(running, id).await? { Err(error) } else { Ok(()) };
        }
    }
    loop {
        match timeout_at(until, next(&mut events)).await {
            Ok(Some(event)) if event.data["device"] == json!(id) => match event.name.as_str() {
                "DEVICE_DELETED" => return Ok(()),
                "DEVICE_UNPLUG_GUEST_ERROR" | "MEM_UNPLUG_ERROR" => return Err(refused("the guest refuses")),
                _ => {}
            },
            Ok(Some(_)) => {}
            Ok(None) | Err(_) if !has_device(running, id).await? => return Ok(()),
            Ok(None) => return Err(VmError::NotRunning(running.vmid)),
            Err(_) => return Err(refused("got timeout waiting for the guest")),
        }
    }
}

/// Waits until the guest lets go of any device; false when the VM ends before.
pub(crate) async fn released(running: &Running) -> bool {
    let Some(mut events) = running.events() else { return false };
    while let Some(event) = next(&mut events).await {
        if event.name == "DEVICE_DELETED" && event.data["device"].is_string() {
            return true;
        }
    }
    false
}

/// The next event; nothing when there will be none. Some may have been missed.
async fn next(events: &mut Receiver<Event>) -> Option<Event> {
    loop {
        match events.recv().await {
            Ok(event) => return Some(event),
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return None,
        }
    }
}

/// Removes a backend if it is there.
async fn discard(running: &Running, piece: &Piece) -> Result<(), VmError> {
    let until = Instant::now() + LINGER;
    loop {
        let (command, arguments) = piece.remover();
        let Err(error) = running.call(command, arguments, COMMAND).await else { return Ok(()) };
        let in_use = error.to_string().contains("in use");
        if !in_use && is_refusal(&error) && !exists(running, piece).await? {
            return Ok(());
        }
        if !in_use || Instant::now() > until {
            return Err(error);
        }
        sleep(AGAIN).await;
    }
}

/// Removes what a disk that was moved online has left below its topmost node: nodes of their own.
async fn discard_left_over(running: &Running, graph: &Piece) -> Result<(), VmError> {
    let Some(drive) = graph.id.strip_prefix("drive-") else { return Ok(()) };
    let nodes = running.call("query-named-block-nodes", json!({ "flat": true }), COMMAND).await?;
    let names = nodes.as_array().into_iter().flatten().filter_map(|node| node["node-name"].as_str());
    let mut names: Vec<&str> = names
        .filter(|name| ["format", "file"].iter().any(|layer| name.starts_with(&format!("{layer}-{drive}-"))))
        .collect();
    // The format goes before its file.
    names.sort_unstable_by(|one, other| other.cmp(one));
    for name in names {
        // The file mostly goes with its format.
        let _ = running.call("blockdev-del", json!({ "node-name": name }), COMMAND).await;
    }
    Ok(())
}

fn is_refusal(error: &VmError) -> bool {
    matches!(error, VmError::Qmp { source: QmpError::Refused { .. }, .. })
}

async fn exists(running: &Running, piece: &Piece) -> Result<bool, VmError> {
    let named = |list: Value, key: &str| {
        list.as_array().into_iter().flatten().any(|entry| entry[key].as_str() == Some(piece.id.as_str()))
    };
    Ok(match piece.kind {
        Kind::Device => has_device(running, &piece.id).await?,
        Kind::Object => names(running, OBJECTS).await?.contains(&piece.id),
        Kind::Chardev => named(running.call("query-chardev", json!({}), COMMAND).await?, "label"),
        Kind::Blockdev => {
            let nodes = running.call("query-named-block-nodes", json!({ "flat": true }), COMMAND).await?;
            named(nodes, "node-name")
        }
        // QEMU does not list backends of cards; refused, it is not there.
        Kind::Netdev => false,
    })
}
