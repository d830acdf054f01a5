//! Containers on a BTRFS: copies that share blocks, removal, a command inside, and two hundred of them at once.
#![allow(clippy::disallowed_methods, reason = "the bare programs are started as a shell would start them")]

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use host::cgroup::Cgroups;
use host::lxc::Lxc;

use crate::commands;
use crate::memory;
use crate::node::{NAME, Node};
use crate::report;

/// The template of the copies; they have the next numbers. Far from those of tests: groups of containers are the machine's.
const TEMPLATE: u32 = 95_000;
const COUNT: u32 = 200;
/// How often a whole system is copied and removed.
const COPIES: u32 = 9;
/// The collector has gone round by then.
const SETTLED: Duration = Duration::from_secs(12);

/// A BTRFS in a file, mounted until this is dropped.
struct Loop(PathBuf);

impl Loop {
    fn mount(root: &Path) -> io::Result<Self> {
        let (image, place) = (root.join("btrfs.img"), root.join("btrfs"));
        std::fs::File::create(&image)?.set_len(8 << 30)?;
        std::fs::create_dir(&place)?;
        commands::time(Command::new("mkfs.btrfs").arg("-q").arg(&image))?;
        commands::time(Command::new("mount").args(["-o", "loop"]).args([&image, &place]))?;
        Ok(Self(place))
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        // A temporary machine would lose it anyway; there is nobody to tell.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// Measures with a whole system from the template `system`, then with many small ones.
pub(crate) async fn measure(node: &mut Node, system: &str) -> io::Result<()> {
    let place = Loop::mount(&node.root)?;
    let path = place.0.to_string_lossy().into_owned();
    let storage = [("storage", "bt"), ("type", "btrfs"), ("path", &*path), ("content", "rootdir,images")];
    node.call("POST", "/storage", &storage).await?;
    copies(node, system).await?;
    match small_system(&node.root) {
        Ok(name) => many(node, &name).await?,
        Err(why) => report::skipped("ct_200", why),
    }
    node.call("DELETE", "/storage/bt", &[]).await?;
    Ok(())
}

fn id(number: u32) -> String {
    (TEMPLATE + number).to_string()
}

fn one(number: u32) -> String {
    format!("/nodes/{NAME}/lxc/{}", TEMPLATE + number)
}

/// Makes the template of the copies.
async fn prepare(node: &mut Node, archive: &str, more: &[(&str, &str)]) -> io::Result<()> {
    let (vmid, volume) = (id(0), format!("local:vztmpl/{archive}"));
    let mut options = vec![("vmid", &*vmid), ("ostemplate", &*volume), ("rootfs", "bt:0"), ("unprivileged", "1")];
    options.extend(more);
    node.task("POST", &format!("/nodes/{NAME}/lxc"), &options).await?;
    // Only then may others go on from it.
    node.call("POST", &format!("{}/template", one(0)), &[]).await?;
    let started = Instant::now();
    while node.call("GET", &format!("{}/config", one(0)), &[]).await?["template"] != 1 {
        if started.elapsed() > Duration::from_secs(30) {
            return Err(io::Error::other("the container did not become a template"));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

async fn copy(node: &mut Node, number: u32) -> io::Result<Duration> {
    let (started, newid) = (Instant::now(), id(number));
    node.task("POST", &format!("{}/clone", one(0)), &[("newid", &*newid)]).await?;
    Ok(started.elapsed())
}

async fn timed(node: &mut Node, verb: &str, path: &str) -> io::Result<Duration> {
    let started = Instant::now();
    node.task(verb, path, &[]).await?;
    Ok(started.elapsed())
}

/// A whole system, copied and removed.
async fn copies(node: &mut Node, system: &str) -> io::Result<()> {
    prepare(node, system, &[]).await?;
    let (mut cloned, mut removed) = (Vec::new(), Vec::new());
    for number in 1..=COPIES {
        cloned.push(copy(node, number).await?);
    }
    for number in 1..=COPIES {
        removed.push(timed(node, "DELETE", &one(number)).await?);
    }
    report::millis("ct_clone_cow", report::median(cloned));
    report::millis("ct_delete_cow", report::median(removed));
    node.task("DELETE", &one(0), &[]).await
}

/// An archive with busybox alone, as first program.
fn small_system(root: &Path) -> io::Result<String> {
    let busybox = ["/bin/busybox", "/usr/bin/busybox"].iter().map(Path::new).find(|path| path.exists());
    let busybox = busybox.ok_or_else(|| io::Error::other("busybox-static is not installed"))?;
    let tree = tempfile::tempdir_in(root)?;
    for directory in ["bin", "sbin", "etc", "dev", "proc", "sys", "tmp"] {
        std::fs::create_dir(tree.path().join(directory))?;
    }
    std::fs::copy(busybox, tree.path().join("bin/busybox"))?;
    for name in ["sbin/init", "bin/sh", "bin/true"] {
        std::os::unix::fs::symlink("/bin/busybox", tree.path().join(name))?;
    }
    std::fs::write(tree.path().join("etc/inittab"), "::sysinit:/bin/true\n")?;
    let name = "small_1_amd64.tar.gz";
    let archive = root.join("var/lib/vz/template/cache").join(name);
    commands::time(Command::new("tar").arg("-czf").arg(archive).arg("-C").arg(tree.path()).arg("."))?;
    Ok(name.to_owned())
}

async fn many(node: &mut Node, archive: &str) -> io::Result<()> {
    let (before, _) = node.pid().map(memory::proportional).unwrap_or_default();
    prepare(node, archive, &[("memory", "32"), ("ostype", "unmanaged")]).await?;
    for number in 1..=COUNT {
        copy(node, number).await?;
    }
    let measured = running(node, before).await;
    for number in 1..=COUNT {
        // One that did not start does not stop.
        let _ = node.task("POST", &format!("{}/status/stop", one(number)), &[]).await;
    }
    for number in (0..=COUNT).rev() {
        node.task("DELETE", &one(number), &[]).await?;
    }
    measured
}

async fn running(node: &mut Node, before: f64) -> io::Result<()> {
    let mut starts = Vec::new();
    for number in 1..=COUNT {
        starts.push(timed(node, "POST", &format!("{}/status/start", one(number))).await?);
    }
    report::millis("ct_start_small", report::median(starts));
    tokio::time::sleep(SETTLED).await;
    let cgroups = Cgroups::detect()?;
    let groups = (1..=COUNT).map(|number| Lxc::groups(TEMPLATE + number).1);
    let monitors: f64 = groups.flat_map(|group| cgroups.group(&group).processes()).map(memory::own).sum();
    let (after, _) = node.pid().map(memory::proportional).unwrap_or_default();
    let each = |mib: f64| mib * 1024.0 / f64::from(COUNT);
    report::figure("ct_200_monitor_pss", each(monitors), "KiB");
    report::figure("ct_200_daemon_pss", each(after - before), "KiB");
    let (status, resources) = (format!("{}/status/current", one(1)), "/cluster/resources".to_owned());
    for (metric, path) in [("ct_200_status", status), ("ct_200_resources", resources)] {
        let mut took = Vec::new();
        for _ in 0..50 {
            let started = Instant::now();
            node.call("GET", &path, &[]).await?;
            took.push(started.elapsed());
        }
        report::millis(metric, report::median(took));
    }
    let (vmid, lxc) = (id(1), node.root.join("var/lib/lxc"));
    report::millis("ct_exec", commands::wall_time(&node.root, "pct", &["exec", &vmid, "--", "/bin/true"])?);
    let mut bare = Vec::new();
    for _ in 0..11 {
        let attach = ["-n", &*vmid, "--clear-env", "--", "/bin/true"];
        bare.push(commands::time(Command::new("lxc-attach").arg("-P").arg(&lxc).args(attach))?);
    }
    report::millis("ct_exec_bare", report::median(bare));
    Ok(())
}
