//! Can this machine run guests with hardware help?
//!
//! That `/dev/kvm` opens proves little: inside some virtual machines it does, and guests stop at an instruction that
//! is not emulated, or QEMU cannot set up a processor. So a guest is tried, once per boot of the machine: firmware of
//! a few bytes that switches the VM off with a code of our own, on the processor types that guests have. The verdict
//! is kept until the next boot.

use std::{path::Path, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    paths::Paths,
    run::{Run, RunError},
};

/// The code that the tiny guest passes to QEMU's debug exit device.
const PASSWORD: u8 = 0x2a;

/// What QEMU's exit status becomes by that (`code << 1 | 1`).
const EXIT: i32 = ((PASSWORD as i32) << 1) | 1;

/// A guest that works is done in a tenth of a second.
const DEADLINE: Duration = Duration::from_secs(4);

/// Processor types that must work: the one of guests that name none, and the one that offers all the machine has.
const PROCESSORS: [&str; 2] = ["kvm64,enforce", "host"];

/// The smallest firmware QEMU takes for a PC, bytes.
const FIRMWARE_SIZE: usize = 64 << 10;

/// Whether KVM runs guests here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// It does.
    pub usable: bool,
    /// Why not, in words for the administrator.
    pub reason: Option<String>,
}

impl Probe {
    fn no(reason: impl Into<String>) -> Self {
        Self { usable: false, reason: Some(reason.into()) }
    }
}

/// A verdict and the boot it belongs to.
#[derive(Serialize, Deserialize)]
struct Kept {
    boot: String,
    probe: Probe,
}

/// The verdict for this boot: kept from an earlier call, or found by trying (which takes at most some seconds).
pub async fn probe(paths: &Paths) -> Probe {
    let file = paths.run_dir().join("kvm.json");
    let boot = crate::process::boot_id();
    if let Some(kept) = recall(&file).filter(|kept| kept.boot == boot) {
        return kept.probe;
    }
    let probe = attempt(&paths.run_dir()).await;
    if let Some(reason) = &probe.reason {
        tracing::warn!("guests run without hardware virtualization: {reason}");
    }
    keep(&file, &Kept { boot, probe: probe.clone() });
    probe
}

fn recall(file: &Path) -> Option<Kept> {
    serde_json::from_slice(&std::fs::read(file).ok()?).ok()
}

fn keep(file: &Path, kept: &Kept) {
    // A verdict that cannot be kept is found again next time.
    let written = serde_json::to_vec(kept).map(|text| crate::file::write_atomic(file, &text, 0o644));
    if !matches!(written, Ok(Ok(()))) {
        tracing::warn!("the result of the KVM test could not be kept in {}", file.display());
    }
}

async fn attempt(directory: &Path) -> Probe {
    if let Err(err) = std::fs::OpenOptions::new().read(true).write(true).open("/dev/kvm") {
        return Probe::no(format!("/dev/kvm cannot be opened: {err}"));
    }
    let image = directory.join("kvm-probe.bin");
    if let Err(err) = std::fs::create_dir_all(directory).and_then(|()| std::fs::write(&image, firmware())) {
        return Probe::no(format!("the test guest cannot be written to {}: {err}", image.display()));
    }
    let mut probe = Probe { usable: true, reason: None };
    for processor in PROCESSORS {
        if probe.usable {
            probe = verdict(boot(&image, "kvm", processor, DEADLINE).await);
        }
    }
    // A few bytes left behind would do no harm.
    let _ = std::fs::remove_file(&image);
    probe
}

fn verdict(ended: Result<(), RunError>) -> Probe {
    match ended {
        Ok(()) => Probe::no("/dev/kvm is there, but a test guest ended unexpectedly"),
        Err(RunError::Failed { code: Some(EXIT), .. }) => Probe { usable: true, reason: None },
        Err(RunError::Timeout { .. }) => {
            Probe::no("/dev/kvm is there, but a test guest did not execute an instruction")
        }
        Err(err) => Probe::no(format!("/dev/kvm is there, but a test guest failed: {err}")),
    }
}

async fn boot(image: &Path, accelerator: &str, processor: &str, deadline: Duration) -> Result<(), RunError> {
    let run = Run::new("qemu-system-x86_64")
        .args(["-nodefaults", "-no-user-config", "-display", "none"])
        .args(["-machine", "pc", "-m", "16", "-accel", accelerator, "-cpu", processor])
        .args(["-device", "isa-debug-exit,iobase=0xf4,iosize=1", "-bios"])
        .arg(image)
        .deadline(deadline);
    run.output().await.map(|_| ())
}

/// Firmware that does nothing but `out 0xf4, PASSWORD`, at the address where a PC's processor starts (16 bytes below
/// the end), halts otherwise.
fn firmware() -> Vec<u8> {
    const HALT: u8 = 0xf4;
    let mut image = vec![HALT; FIRMWARE_SIZE];
    let start = [0xb0, PASSWORD, 0xe6, 0xf4, HALT];
    image[FIRMWARE_SIZE - 16..][..start.len()].copy_from_slice(&start);
    image
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_test_guest_runs_where_guests_run() {
        let directory = tempfile::tempdir().unwrap();
        let image = directory.path().join("firmware");
        std::fs::write(&image, firmware()).unwrap();
        let ended = boot(&image, "tcg", "max", Duration::from_secs(60)).await;
        assert!(verdict(ended).usable);
    }

    #[tokio::test]
    async fn the_verdict_is_kept_for_this_boot_only() {
        let directory = tempfile::tempdir().unwrap();
        let paths = Paths::new(directory.path()).unwrap();
        let first = probe(&paths).await;
        assert_eq!(first.usable, first.reason.is_none());
        eprintln!("KVM here: {first:?}");
        let file = paths.run_dir().join("kvm.json");
        let mut kept = recall(&file).unwrap();
        assert_eq!(kept.probe, first);

        kept.probe = Probe::no("kept");
        keep(&file, &kept);
        assert_eq!(probe(&paths).await.reason.as_deref(), Some("kept"));
        kept.boot = "another".to_owned();
        keep(&file, &kept);
        assert_eq!(probe(&paths).await, first);
    }
}
