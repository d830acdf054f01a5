//! Many guests at once, in their order.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use schema::Vmid;
use tokio::sync::Semaphore;

use crate::lxc::{Cts, ShutdownOptions as CtShutdown};
use crate::qemu::{ShutdownOptions, Vms, progress::Progress, start::StartOptions};

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Those that do not run start.
    Start,
    /// Those that run shut down within so many seconds; then they are stopped if wanted.
    Shutdown {
        /// How long each may take; its own `down` counts if this is not given.
        timeout: Option<u64>,
        /// Stop those that take longer.
        force: bool,
    },
    /// Virtual machines that run pause.
    Suspend,
}

/// A guest in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Guest {
    /// Place in the order; those without one come last.
    order: u64,
    /// Its ID.
    pub vmid: Vmid,
    /// Whether it is a container.
    pub container: bool,
    /// Seconds to wait after its start.
    up: u64,
    /// Seconds that its shutdown may take.
    down: u64,
    /// Whether it starts with the host.
    pub onboot: bool,
}

/// Seconds that a shutdown may take where nothing is said.
const DOWN: u64 = 180;

/// Seconds to wait after the start of a virtual machine where nothing is said.
const UP: u64 = 3;

impl Guest {
    fn new(vmid: Vmid, startup: Option<&str>, container: bool, onboot: bool) -> Self {
        let field = |name: &str| -> Option<u64> {
            startup?.split(',').find_map(|part| match part.trim().split_once('=') {
                Some((key, number)) => (key == name).then(|| number.parse().ok())?,
                None => (name == "order").then(|| part.trim().parse().ok())?,
            })
        };
        Self {
            order: field("order").unwrap_or(u64::MAX),
            vmid,
            container,
            up: field("up").unwrap_or(if container { 0 } else { UP }),
            down: field("down").unwrap_or(DOWN),
            onboot,
        }
    }
}

/// All guests of this node that are no templates.
#[must_use]
pub fn guests(vms: &Vms, cts: &Cts) -> Vec<Guest> {
    let machines = vms.ids().into_iter().filter_map(|vmid| {
        let vm = vms.get(vmid).ok().filter(|vm| !vm.is_template())?;
        Some(Guest::new(vmid, vm.config.startup.as_deref(), false, vm.config.onboot == Some(true)))
    });
    let containers = cts.ids().into_iter().filter_map(|vmid| {
        let ct = cts.get(vmid).ok().filter(|ct| ct.config.template != Some(true))?;
        Some(Guest::new(vmid, ct.config.startup.as_deref(), true, ct.config.onboot == Some(true)))
    });
    machines.chain(containers).collect()
}

/// Guests by their place; those of one place at the same time. The last is the first when they end.
fn groups(guests: &[Guest], action: Action) -> Vec<Vec<Guest>> {
    let mut groups: BTreeMap<u64, Vec<Guest>> = BTreeMap::new();
    for guest in guests {
        groups.entry(guest.order).or_default().push(*guest);
    }
    groups.values_mut().for_each(|group| group.sort_unstable());
    match action {
        Action::Start => groups.into_values().collect(),
        Action::Shutdown { .. } | Action::Suspend => groups.into_values().rev().collect(),
    }
}

/// How many at the same time where nothing is said: as many as `max_workers` of `datacenter.cfg`, whose text this is, or
/// by the processors.
#[must_use]
pub fn workers(datacenter: &str) -> usize {
    let cpus = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let configured = crate::datacenter::option(datacenter, "max_workers").and_then(|count| count.parse().ok());
    configured.unwrap_or(cpus.saturating_sub(1).clamp(1, 8))
}

/// Does it with all these guests, at most `workers` at the same time. A guest that refuses is a warning. Ends early, with
/// false, when the task is stopped.
pub async fn run<P>(progress: P, vms: Vms, cts: Cts, guests: Vec<Guest>, action: Action, workers: usize) -> bool
where
    P: Progress + Clone + 'static,
{
    let slots = Arc::new(Semaphore::new(workers.max(1)));
    for group in groups(&guests, action) {
        let mut set = tokio::task::JoinSet::new();
        let up = group.iter().map(|guest| guest.up).max().unwrap_or(0);
        for guest in group {
            let (progress, vms, cts, slots) = (progress.clone(), vms.clone(), cts.clone(), slots.clone());
            set.spawn(async move {
                // Nobody closes it.
                let _slot = slots.acquire_owned().await;
                one(&progress, &vms, &cts, guest, action).await
            });
        }
        let done = async {
            let mut acted = false;
            while let Some(one) = set.join_next().await {
                acted |= one.unwrap_or(false);
            }
            if acted && action == Action::Start && up > 0 {
                tokio::time::sleep(Duration::from_secs(up)).await;
            }
        };
        if !unless_stopped(&progress, done).await {
            return false;
        }
    }
    true
}

async fn unless_stopped(progress: &dyn Progress, work: impl Future<Output = ()>) -> bool {
    tokio::select! {
        () = work => true,
        () = progress.cancelled() => false,
    }
}

/// Does it with one guest; tells whether there was anything to do.
async fn one(progress: &dyn Progress, vms: &Vms, cts: &Cts, guest: Guest, action: Action) -> bool {
    let (vmid, kind) = (guest.vmid, if guest.container { "CT" } else { "VM" });
    let running = if guest.container { cts.running(vmid).is_some() } else { vms.running(vmid).is_some() };
    let (verb, wanted) = match action {
        Action::Start => ("Starting", !running),
        Action::Shutdown { .. } => ("Stopping", running),
        Action::Suspend => ("Suspending", running && !guest.container),
    };
    if !wanted {
        return false;
    }
    progress.log(&format!("{verb} {kind} {vmid}"));
    let done = match (action, guest.container) {
        (Action::Start, false) => text(vms.start(progress, vmid, StartOptions::default()).await),
        (Action::Start, true) => text(cts.start(progress, vmid, false).await),
        (Action::Shutdown { timeout, force }, false) => {
            let options = ShutdownOptions { timeout: Some(timeout.unwrap_or(guest.down)), force, skiplock: false };
            text(vms.shutdown(progress, vmid, options).await)
        }
        (Action::Shutdown { timeout, force }, true) => {
            let timeout = Some(timeout.unwrap_or(guest.down));
            text(cts.shutdown(progress, vmid, CtShutdown { timeout, force, ..CtShutdown::default() }).await)
        }
        (Action::Suspend, _) => text(vms.suspend(vmid, false).await),
    };
    if let Err(why) = done {
        progress.warn(&format!("{kind} {vmid}: {why}"));
    }
    true
}

fn text<E: std::fmt::Display>(done: Result<(), E>) -> Result<(), String> {
    done.map_err(|err| err.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_starts_first_ends_last() {
        let guest = |vmid, startup| Guest::new(Vmid::new(vmid).unwrap(), startup, false, true);
        let guests =
            [guest(102, None), guest(101, None), guest(105, Some("order=1,up=9,down=60")), guest(100, Some("2"))];
        let order = |action| -> Vec<Vec<u32>> {
            groups(&guests, action).iter().map(|group| group.iter().map(|guest| guest.vmid.get()).collect()).collect()
        };
        assert_eq!(order(Action::Start), [vec![105], vec![100], vec![101, 102]]);
        assert_eq!(order(Action::Suspend), [vec![101, 102], vec![100], vec![105]]);
        assert_eq!((guests[2].up, guests[2].down, guests[0].up, guests[0].down), (9, 60, 3, 180));
    }
}
