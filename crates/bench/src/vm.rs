//! From the call to a running VM, beside the same QEMU command line started bare.
#![allow(clippy::disallowed_methods, reason = "the bare command is started as a shell would start it")]

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;

use crate::commands;
use crate::node::{NAME, Node};
use crate::report;

const VMID: &str = "9001";
const RUNS: usize = 5;

/// Starts a VM without disks some times by the API, and some times bare.
pub(crate) async fn measure(node: &mut Node) -> io::Result<()> {
    let vms = format!("/nodes/{NAME}/qemu");
    node.task("POST", &vms, &[("vmid", VMID), ("memory", "128"), ("serial0", "socket")]).await?;
    let status = format!("{vms}/{VMID}/status");
    let mut by_api = Vec::new();
    let mut bare = Vec::new();
    for _ in 0..RUNS {
        let started = Instant::now();
        node.task("POST", &format!("{status}/start"), &[]).await?;
        by_api.push(started.elapsed());
        node.task("POST", &format!("{status}/stop"), &[]).await?;
        bare.push(start_bare(&node.root).await?);
    }
    match commands::wall_time(&node.root, "qm", &["showcmd", VMID]) {
        Ok(time) => report::millis("qm_showcmd", time),
        Err(error) => report::skipped("qm_showcmd", error),
    }
    node.task("DELETE", &format!("{vms}/{VMID}"), &[]).await?;
    let (by_api, bare) = (report::median(by_api), report::median(bare));
    report::millis("vm_start", by_api);
    report::millis("vm_start_bare", bare);
    report::millis("vm_start_over_bare", by_api.saturating_sub(bare));
    Ok(())
}

/// Starts what `qm showcmd` shows; the time until QMP says that the VM runs.
async fn start_bare(root: &Path) -> io::Result<Duration> {
    let shown = commands::command(root, "qm", &["showcmd", VMID])?.output()?;
    let words = schema::words::split(String::from_utf8_lossy(&shown.stdout).trim()).unwrap_or_default();
    let (program, args) = words.split_first().ok_or_else(|| io::Error::other("qm showcmd showed nothing"))?;
    let socket = root.join(format!("run/pleiad/qemu/{VMID}.qmp"));
    std::fs::remove_file(&socket).ok();
    let started = Instant::now();
    let mut child =
        Command::new(program).args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let running = wait_running(&socket).await;
    let took = started.elapsed();
    if running.is_err() {
        child.kill().ok();
    }
    child.wait()?;
    running.map(|()| took)
}

/// Connects to QMP, waits for status `running`, and ends the VM.
async fn wait_running(socket: &Path) -> io::Result<()> {
    let limit = Instant::now() + Duration::from_secs(20);
    let stream = loop {
        match UnixStream::connect(socket).await {
            Ok(stream) => break stream,
            Err(error) if Instant::now() > limit => return Err(error),
            Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
        }
    };
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"{\"execute\":\"qmp_capabilities\"}\n{\"execute\":\"query-status\"}\n").await?;
    while let Some(line) = lines.next_line().await? {
        if line.contains("\"running\": true") {
            write.write_all(b"{\"execute\":\"quit\"}\n").await?;
            while lines.next_line().await.is_ok_and(|line| line.is_some()) {}
            return Ok(());
        }
    }
    Err(io::Error::other("QEMU ended before it ran the VM"))
}
