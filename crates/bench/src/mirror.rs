//! Moving a running VM's disk to another storage, beside `qemu-img convert` of the same file.
#![allow(clippy::disallowed_methods, reason = "the bare copy is run as a shell would run it")]

use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::commands;
use crate::node::{NAME, Node};
use crate::report;

const VMID: &str = "9002";

/// Size of the disk, all of it data, MiB.
const SIZE: u32 = 1024;

const RUNS: usize = 3;

/// Moves a full disk to and fro while its VM runs, and copies the same file bare.
pub(crate) async fn measure(node: &mut Node) -> io::Result<()> {
    let vms = format!("/nodes/{NAME}/qemu");
    let other = node.root.join("other").display().to_string();
    node.call("POST", "/storage", &[("storage", "other"), ("type", "dir"), ("path", &other), ("content", "images")])
        .await?;
    node.task("POST", &vms, &[("vmid", VMID), ("memory", "64"), ("scsi0", "local:1,format=raw")]).await?;
    let image = node.root.join(format!("var/lib/vz/images/{VMID}/vm-{VMID}-disk-0.raw"));
    fill(&image)?;
    let vm = format!("{vms}/{VMID}");
    let copy = node.root.join("copy.raw");
    let (mut moved, mut bare) = (Vec::new(), Vec::new());
    node.task("POST", &format!("{vm}/status/start"), &[]).await?;
    for _ in 0..RUNS {
        for (storage, format) in [("other", "raw"), ("local", "raw")] {
            let wish = [("disk", "scsi0"), ("storage", storage), ("format", format), ("delete", "1")];
            let started = Instant::now();
            node.task("POST", &format!("{vm}/move_disk"), &wish).await?;
            moved.push(started.elapsed());
        }
        let source = current(&node.root.join(format!("var/lib/vz/images/{VMID}")))?;
        let mut convert = Command::new("qemu-img");
        convert.args(["convert", "-p", "-t", "none", "-T", "none", "-f", "raw", "-O", "raw", "-U"]);
        bare.push(commands::time(convert.arg(source).arg(&copy))?);
        std::fs::remove_file(&copy)?;
    }
    node.task("POST", &format!("{vm}/status/stop"), &[]).await?;
    node.task("DELETE", &vm, &[]).await?;
    node.call("DELETE", "/storage/other", &[]).await?;
    let rate = |took: Duration| f64::from(SIZE) / took.as_secs_f64();
    report::figure("mirror_rate", rate(report::median(moved)), "MiB/s");
    report::figure("qemu_img_convert_rate", rate(report::median(bare)), "MiB/s");
    Ok(())
}

/// The one image in a folder.
fn current(folder: &Path) -> io::Result<std::path::PathBuf> {
    let mut entries = std::fs::read_dir(folder)?;
    entries.next().ok_or_else(|| io::Error::other(format!("no image in {}", folder.display())))?.map(|e| e.path())
}

/// Fills an image with what no program takes for zeros.
fn fill(image: &Path) -> io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).open(image)?;
    let mut block = vec![0_u8; 1 << 20];
    for number in 0..SIZE {
        for (at, byte) in block.iter_mut().enumerate() {
            *byte = (at as u32).wrapping_mul(2_654_435_761).wrapping_add(number).to_le_bytes()[2];
        }
        file.write_all(&block)?;
    }
    file.sync_all()
}
