//! Network cards of a running VM, and the host's ends of them.

use host::tap::{self, Tap};
use serde_json::json;

use super::{
    pieces::{Difference, Kind},
    plug,
};
use crate::qemu::{
    cmdline::tap_name,
    config::VmConfig,
    error::VmError,
    running::{COMMAND, Running},
    start::taps,
};

/// The host's end of one card.
fn end(running: &Running, index: u32, config: &VmConfig) -> Option<Tap> {
    let name = tap_name(running.vmid.get(), index);
    taps(running.vmid, config).into_iter().find(|tap| tap.name == name)
}

fn is_down(index: u32, config: &VmConfig) -> bool {
    config.net.iter().any(|(number, net)| *number == index && net.link_down == Some(true))
}

async fn cable(running: &Running, index: u32, down: bool) -> Result<(), VmError> {
    let link = json!({ "name": format!("net{index}"), "up": !down });
    running.call("set_link", link, COMMAND).await.map(drop)
}

/// Plugs a card, unplugs it, or replaces it by another. When that fails, the old one is back.
pub(crate) async fn replug(
    running: &Running,
    index: u32,
    (now, next): (&VmConfig, &VmConfig),
    difference: &Difference,
) -> Result<(), VmError> {
    let (mut before, mut after) = (end(running, index, now), end(running, index, next));
    let unplug = Difference { gone: difference.gone.clone(), come: Vec::new() };
    if before.is_some() && !difference.gone.iter().any(|piece| piece.kind == Kind::Netdev) {
        // The backend stays, and QEMU ends when its tap is taken away.
        change_end(running, before.as_ref(), after.as_ref()).await?;
        (before, after) = (None, None);
    }
    plug::carry_out(running, &unplug).await?;
    remove(before.as_ref()).await?;
    let plugged = plug(running, index, after.as_ref(), difference, is_down(index, next)).await;
    if plugged.is_err()
        && let Err(why) = plug(running, index, before.as_ref(), &unplug.reversed(), is_down(index, now)).await
    {
        tracing::error!("VM {}: card 'net{index}' could not be put back: {why}", running.vmid);
    }
    plugged
}

async fn remove(end: Option<&Tap>) -> Result<(), VmError> {
    match end {
        Some(end) => Ok(tap::remove(&[&end.name]).await?),
        None => Ok(()),
    }
}

/// Makes the host's end and plugs what comes; none of both stays when one fails.
async fn plug(
    running: &Running,
    index: u32,
    end: Option<&Tap>,
    difference: &Difference,
    down: bool,
) -> Result<(), VmError> {
    if difference.come.is_empty() {
        return Ok(());
    }
    if let Some(end) = end {
        tap::create(std::slice::from_ref(end)).await?;
    }
    let come = Difference { gone: Vec::new(), come: difference.come.clone() };
    let plugged = plug::carry_out(running, &come).await;
    if plugged.is_err() {
        remove(end).await?;
    } else if down {
        cable(running, index, true).await?;
    }
    plugged
}

/// Changes what is outside of a card: bridge, VLANs, cable.
pub(crate) async fn change(running: &Running, index: u32, now: &VmConfig, next: &VmConfig) -> Result<(), VmError> {
    change_end(running, end(running, index, now).as_ref(), end(running, index, next).as_ref()).await?;
    if is_down(index, now) != is_down(index, next) {
        cable(running, index, is_down(index, next)).await?;
    }
    Ok(())
}

/// Hangs the host's end of a card on another bridge or into other VLANs; when that fails, it is where it was.
async fn change_end(running: &Running, before: Option<&Tap>, after: Option<&Tap>) -> Result<(), VmError> {
    let Some(after) = after.filter(|after| before != Some(*after)) else { return Ok(()) };
    let moved = tap::attach(std::slice::from_ref(after)).await;
    if let (Err(_), Some(before)) = (&moved, before)
        && let Err(why) = tap::attach(std::slice::from_ref(before)).await
    {
        tracing::error!("VM {}: '{}' could not be put back on its bridge: {why}", running.vmid, after.name);
    }
    Ok(moved?)
}
