//! Creating a container beside unpacking its template, starting it beside `lxc-start`.
#![allow(clippy::disallowed_methods, reason = "the bare programs are started as a shell would start them")]

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::commands;
use crate::node::{NAME, Node};
use crate::report;

const VMID: &str = "9002";
const RUNS: usize = 3;

/// A template that `pveam download` built earlier: `PLEIAD_BENCH_TEMPLATE`, or the first below one of `./dev`'s caches.
fn template() -> io::Result<PathBuf> {
    if let Some(path) = std::env::var_os("PLEIAD_BENCH_TEMPLATE") {
        return Ok(path.into());
    }
    let folders = [".dev/cache", ".dev/root/var/lib/vz/template/cache"];
    let files = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    let mut found: Vec<PathBuf> =
        files.map(|entry| entry.path()).filter(|p| p.to_string_lossy().contains(".tar.")).collect();
    found.sort();
    found
        .into_iter()
        .next()
        .ok_or_else(|| io::Error::other("no container template: run ./dev test or pveam download first"))
}

/// Creates, starts and removes a container some times.
pub(crate) async fn measure(node: &mut Node) -> io::Result<()> {
    let template = template()?;
    let name = template.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let cache = node.root.join("var/lib/vz/template/cache");
    std::fs::create_dir_all(&cache)?;
    std::fs::copy(&template, cache.join(&name))?;
    let volume = format!("local:vztmpl/{name}");
    let containers = format!("/nodes/{NAME}/lxc");
    let one = format!("{containers}/{VMID}");
    let (mut create, mut untar, mut start, mut bare) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        untar.push(unpack(&node.root, &cache.join(&name))?);
        let started = Instant::now();
        let options = [("vmid", VMID), ("ostemplate", &*volume), ("rootfs", "local:0"), ("unprivileged", "1")];
        node.task("POST", &containers, &options).await?;
        create.push(started.elapsed());
        let started = Instant::now();
        node.task("POST", &format!("{one}/status/start"), &[]).await?;
        start.push(started.elapsed());
        node.task("POST", &format!("{one}/status/stop"), &[]).await?;
        bare.push(start_bare(&node.root));
        node.task("DELETE", &one, &[]).await?;
    }
    let (create, untar, start) = (report::median(create), report::median(untar), report::median(start));
    report::millis("ct_create", create);
    report::millis("ct_untar_bare", untar);
    report::figure("ct_create_over_untar", create.as_secs_f64() / untar.as_secs_f64(), "times");
    report::millis("ct_start", start);
    match bare.into_iter().collect::<io::Result<Vec<_>>>() {
        Ok(times) => report::millis("ct_start_bare", report::median(times)),
        Err(error) => report::skipped("ct_start_bare", error),
    }
    Ok(())
}

fn unpack(root: &Path, archive: &Path) -> io::Result<std::time::Duration> {
    let folder = tempfile::tempdir_in(root)?;
    commands::time(Command::new("tar").arg("-xpf").arg(archive).arg("-C").arg(folder.path()).arg("--numeric-owner"))
}

/// Starts the configuration that the last start through the API wrote; it lies there until the container is removed.
fn start_bare(root: &Path) -> io::Result<std::time::Duration> {
    let containers = root.join("var/lib/lxc");
    let took = commands::time(Command::new("lxc-start").arg("-P").arg(&containers).args(["-n", VMID, "-d"]))?;
    commands::time(Command::new("lxc-stop").arg("-P").arg(&containers).args(["-n", VMID, "-k"]))?;
    Ok(took)
}
