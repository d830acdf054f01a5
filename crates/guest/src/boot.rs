//! What starts by itself: guests that start with the host, and those whose reboot was cut off.

use std::path::Path;
use std::time::Duration;

use host::paths::Paths;
use host::process::boot_id;
use schema::Vmid;

use crate::lxc::Cts;
use crate::qemu::{Vms, progress::Quiet, start::StartOptions};

/// A guest's wish to start with the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wish {
    place: u64,
    vmid: Vmid,
    wait: u64,
    container: bool,
}

/// What `startup` says: place in the order (guests without one come last), and seconds to wait after the start.
fn startup(text: Option<&str>) -> (u64, u64) {
    let field = |name: &str| {
        text?.split(',').find_map(|part| match part.trim().split_once('=') {
            Some((key, number)) => (key == name).then(|| number.parse().ok())?,
            None => (name == "order").then(|| part.trim().parse().ok())?,
        })
    };
    (field("order").unwrap_or(u64::MAX), field("up").unwrap_or(0))
}

/// Starts what should run without being asked: once per start of the machine the guests with `onboot`, in their order;
/// and always those whose reboot was interrupted by our own end. Failures go to the log.
pub async fn start_by_themselves(vms: &Vms, cts: &Cts, paths: &Paths) {
    vms.finish_reboots().await;
    cts.finish_reboots(&Quiet).await;
    if !first_of_this_boot(&paths.run_dir().join("onboot")) {
        return;
    }
    for wish in wishes(vms, cts) {
        let started = if wish.container {
            if cts.running(wish.vmid).is_some() {
                continue;
            }
            cts.start(&Quiet, wish.vmid, false).await.map_err(|error| error.to_string())
        } else {
            if vms.running(wish.vmid).is_some() {
                continue;
            }
            vms.start(&Quiet, wish.vmid, StartOptions::default()).await.map_err(|error| error.to_string())
        };
        if let Err(error) = started {
            tracing::error!("guest {} could not be started with the host: {error}", wish.vmid);
        }
        tokio::time::sleep(Duration::from_secs(wish.wait)).await;
    }
}

/// Whether nobody asked since the machine started.
fn first_of_this_boot(mark: &Path) -> bool {
    let boot = boot_id();
    if std::fs::read_to_string(mark).is_ok_and(|seen| seen == boot) {
        return false;
    }
    match std::fs::write(mark, boot) {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!("{} cannot be written, so guests are not started with the host: {error}", mark.display());
            false
        }
    }
}

fn wishes(vms: &Vms, cts: &Cts) -> Vec<Wish> {
    let wish = |vmid, text: Option<&str>, container| {
        let (place, wait) = startup(text);
        Wish { place, vmid, wait, container }
    };
    let machines = vms.ids().into_iter().filter_map(|vmid| {
        let vm = vms.get(vmid).ok()?;
        let wanted = vm.config.onboot == Some(true) && !vm.is_template();
        wanted.then(|| wish(vmid, vm.config.startup.as_deref(), false))
    });
    let containers = cts.ids().into_iter().filter_map(|vmid| {
        let ct = cts.get(vmid).ok()?;
        let wanted = ct.config.onboot == Some(true) && ct.config.template != Some(true);
        wanted.then(|| wish(vmid, ct.config.startup.as_deref(), true))
    });
    let mut wishes: Vec<Wish> = machines.chain(containers).collect();
    wishes.sort_unstable();
    wishes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn startup_orders() {
        assert_eq!(startup(Some("order=2,up=30,down=60")), (2, 30));
        assert_eq!(startup(Some("7")), (7, 0));
        assert_eq!(startup(None), (u64::MAX, 0));
    }

    #[test]
    fn guests_start_with_the_host_once_a_boot() {
        let dir = tempfile::tempdir().unwrap();
        let mark = dir.path().join("onboot");
        assert!(first_of_this_boot(&mark));
        assert!(!first_of_this_boot(&mark));
    }
}
