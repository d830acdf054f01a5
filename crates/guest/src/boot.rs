//! What starts by itself: guests that start with the host, and those whose reboot was cut off.

use std::path::Path;

use host::paths::Paths;
use host::process::boot_id;

use crate::bulk::{self, Guest};
use crate::lxc::Cts;
use crate::qemu::{Vms, progress::Quiet};

/// Finishes what our own end interrupted: reboots of guests.
pub async fn finish_reboots(vms: &Vms, cts: &Cts) {
    vms.finish_reboots().await;
    cts.finish_reboots(&Quiet).await;
}

/// The guests that start with the host; none but at the first time that somebody asks since the machine started.
pub fn starting_with_the_host(vms: &Vms, cts: &Cts, paths: &Paths) -> Vec<Guest> {
    if !first_of_this_boot(&paths.run_dir().join("onboot")) {
        return Vec::new();
    }
    let mut guests = bulk::guests(vms, cts);
    guests.retain(|guest| guest.onboot);
    guests
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guests_start_with_the_host_once_a_boot() {
        let dir = tempfile::tempdir().unwrap();
        let mark = dir.path().join("onboot");
        assert!(first_of_this_boot(&mark));
        assert!(!first_of_this_boot(&mark));
    }
}
