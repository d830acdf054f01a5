//! Creating a container beside unpacking its template, starting it beside `lxc-start`.
#![allow(clippy::disallowed_methods, reason = "the bare programs are started as a shell would start them")]

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use host::cgroup::Cgroups;
use host::lxc::{LXC_DIRECTORY, Lxc};
use host::mount::in_private_namespace;
use host::run::Run;

use crate::commands;
use crate::many;
use crate::node::{NAME, Node};
use crate::report;

const VMID: &str = "9002";
const VMID_NUMBER: u32 = 9002;
/// Containers that are made, [`VMID`] among them.
const IDS: [&str; 5] = [VMID, "9003", "9004", "9005", "9006"];
const STARTS: usize = 9;

/// A template that `pveam download` built earlier: `PLEIAD_BENCH_TEMPLATE`, or the first below one of `./dev`'s caches.
fn template() -> io::Result<PathBuf> {
    if let Some(path) = std::env::var_os("PLEIAD_BENCH_TEMPLATE") {
        return Ok(path.into());
    }
    let folders = [".dev/cache", ".dev/root/var/lib/vz/template/cache"];
    let files = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    // Beside them lie checksums, and locks of builds.
    let archive =
        |name: &str| !name.starts_with('.') && [".tar.zst", ".tar.gz", ".tar.xz"].iter().any(|end| name.ends_with(end));
    let mut found: Vec<PathBuf> =
        files.filter(|entry| entry.file_name().to_str().is_some_and(archive)).map(|entry| entry.path()).collect();
    found.sort();
    let usual = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("debian-13-"));
    found.sort_by_key(|path| !usual(path));
    found
        .into_iter()
        .next()
        .ok_or_else(|| io::Error::other("no container template: run ./dev test or pveam download first"))
}

/// Creates, starts and removes a container some times, its root in a folder and in an image.
pub(crate) async fn measure(node: &mut Node) -> io::Result<()> {
    let template = template()?;
    let name = template.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let cache = node.root.join("var/lib/vz/template/cache");
    std::fs::create_dir_all(&cache)?;
    std::fs::copy(&template, cache.join(&name))?;
    let archive = cache.join(&name);
    let folder = roots(node, &archive, "local:0").await?;
    let image = roots(node, &archive, "local:2").await?;
    report::millis("ct_create", folder.create);
    report::millis("ct_untar_bare", folder.untar);
    report::figure("ct_create_over_untar", folder.create.as_secs_f64() / folder.untar.as_secs_f64(), "times");
    report::millis("ct_create_image", image.create);
    for (metric, times) in [("ct_start", folder), ("ct_start_image", image)] {
        report::millis(metric, times.start);
        report::millis(&format!("{metric}_bare"), times.bare);
        report::millis(&format!("{metric}_over_bare"), times.start.saturating_sub(times.bare));
    }
    full_copy(node, &name).await?;
    many::measure(node, &name).await
}

/// A copy of all files, and its removal, beside those of the bare programs.
async fn full_copy(node: &mut Node, template: &str) -> io::Result<()> {
    let template = format!("local:vztmpl/{template}");
    let containers = format!("/nodes/{NAME}/lxc");
    let options = [("vmid", VMID), ("ostemplate", &*template), ("rootfs", "local:0"), ("unprivileged", "1")];
    node.task("POST", &containers, &options).await?;
    let (copy, source) = (IDS[1], node.root.join("var/lib/vz/images").join(VMID));
    let (mut clone, mut delete, mut bare_copy, mut bare_removal) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        let started = Instant::now();
        node.task("POST", &format!("{containers}/{VMID}/clone"), &[("newid", copy), ("full", "1")]).await?;
        clone.push(started.elapsed());
        let started = Instant::now();
        node.task("DELETE", &format!("{containers}/{copy}"), &[]).await?;
        delete.push(started.elapsed());
        let folder = node.root.join("bare-copy");
        bare_copy.push(commands::time(Command::new("cp").arg("-a").args([&source, &folder]))?);
        bare_removal.push(commands::time(Command::new("rm").arg("-rf").arg(&folder))?);
    }
    node.task("DELETE", &format!("{containers}/{VMID}"), &[]).await?;
    let figures = [
        ("ct_clone_full", clone),
        ("ct_clone_full_bare", bare_copy),
        ("ct_delete", delete),
        ("ct_delete_bare", bare_removal),
    ];
    figures.into_iter().for_each(|(metric, times)| report::millis(metric, report::median(times)));
    Ok(())
}

/// Medians for one kind of root file system.
struct Times {
    create: Duration,
    /// The same archive unpacked into a folder, in turn with the creations: a disk that slows down slows both.
    untar: Duration,
    start: Duration,
    /// The same start without the product.
    bare: Duration,
}

async fn roots(node: &mut Node, archive: &Path, rootfs: &str) -> io::Result<Times> {
    let name = archive.file_name().unwrap_or_default().to_string_lossy();
    let template = format!("local:vztmpl/{name}");
    let containers = format!("/nodes/{NAME}/lxc");
    let (mut create, mut untar, mut start, mut bare) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    // Nothing is removed before all of it is measured: ext4 does not take the inodes of files again that were removed
    // some seconds ago, and looks for others many times as long. That would measure who came after a removal.
    let mut unpacked = Vec::new();
    for vmid in IDS {
        let folder = tempfile::tempdir_in(&node.root)?;
        untar.push(unpack(folder.path(), archive)?);
        unpacked.push(folder);
        let started = Instant::now();
        let options = [("vmid", vmid), ("ostemplate", template.as_str()), ("rootfs", rootfs), ("unprivileged", "1")];
        node.task("POST", &containers, &options).await?;
        create.push(started.elapsed());
    }
    let one = format!("{containers}/{VMID}");
    for _ in 0..STARTS {
        let started = Instant::now();
        node.task("POST", &format!("{one}/status/start"), &[]).await?;
        start.push(started.elapsed());
        node.task("POST", &format!("{one}/status/stop"), &[]).await?;
        bare.push(start_bare(&node.root).await?);
    }
    for vmid in IDS {
        node.task("DELETE", &format!("{containers}/{vmid}"), &[]).await?;
    }
    drop(unpacked);
    let [create, untar, start, bare] = [create, untar, start, bare].map(report::median);
    Ok(Times { create, untar, start, bare })
}

fn unpack(folder: &Path, archive: &Path) -> io::Result<Duration> {
    commands::time(Command::new("tar").arg("-xpf").arg(archive).arg("-C").arg(folder).arg("--numeric-owner"))
}

/// Starts the configuration that the last start through the API wrote (it lies there until the container is removed),
/// in a namespace of its own: the time of mounting its root file system and of `lxc-start`.
async fn start_bare(root: &Path) -> io::Result<Duration> {
    let containers = root.join("var/lib/lxc");
    let images = root.join("var/lib/vz/images").join(VMID);
    let volume = std::fs::read_dir(&images)?.next().ok_or_else(|| io::Error::other("no root file system"))??.path();
    let (inside_containers, logs) = (containers.clone(), root.join("var/log/pleiad"));
    let took = in_private_namespace(move |inside| {
        let started = Instant::now();
        let place = Path::new(LXC_DIRECTORY);
        let target = place.join(VMID).join("rootfs");
        inside.bind(&inside_containers, place, false).map_err(io::Error::other)?;
        let mounted =
            if volume.is_dir() { inside.bind(&volume, &target, false) } else { inside.image(&volume, &target, &[]) };
        mounted.map_err(io::Error::other)?;
        inside.let_pass(&[&inside_containers, &logs]).map_err(io::Error::other)?;
        let (config, log) = (inside_containers.join(VMID).join("config"), logs.join("lxc-start-bare.log"));
        let start = Run::new("lxc-start").args(["-n", VMID, "-P"]).arg(&inside_containers);
        let start = start.arg("-f").arg(config).args(["-d", "-l", "WARN", "-o"]).arg(&log);
        inside.run(start).map_err(io::Error::other)?;
        Ok::<_, io::Error>(started.elapsed())
    });
    let took = took.await.map_err(io::Error::other)??;
    commands::time(Command::new("lxc-stop").arg("-P").arg(&containers).args(["-n", VMID, "-k"]))?;
    wait_for_monitor().await?;
    Ok(took)
}

/// The monitor of LXC cleans up after the container has ended; the next start would find its control groups.
async fn wait_for_monitor() -> io::Result<()> {
    let cgroups = Cgroups::detect()?;
    let (group, monitor) = Lxc::groups(VMID_NUMBER);
    for _ in 0..500 {
        let [group, monitor] = [&group, &monitor].map(|name| cgroups.group(name));
        if monitor.processes().is_empty() && group.processes().is_empty() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Err(io::Error::other("the monitor of a bare container did not end"))
}
