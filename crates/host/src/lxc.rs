//! Containers by LXC's own programs: start, stop, find again, run something inside.
//!
//! Each running container has one process of LXC outside of it (the monitor, which waits for its end and cleans up)
//! and its init. Both are found by the control groups that the generated configuration names, so asking whether a
//! container runs starts no program.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    cgroup::{Cgroups, Group},
    device_node::{self, Node},
    file, lxcfs,
    mount::{Inside, MountError, flags_of, in_private_namespace},
    mount_point::MountPoint,
    process::Process,
    rootfs::Root,
    run::{Run, RunError},
};

/// First host id that the ids of unprivileged containers are mapped to.
pub const FIRST_ID: u32 = 100_000;
/// How many ids an unprivileged container has.
pub const ID_COUNT: u32 = 65_536;
/// Where the root file system is mounted, seen by LXC (in the container's own mount namespace).
pub const LXC_DIRECTORY: &str = "/var/lib/lxc";

const START_DEADLINE: Duration = Duration::from_secs(120);
const STOP_DEADLINE: Duration = Duration::from_secs(30);

/// Why something with a container failed.
#[derive(Debug, thiserror::Error)]
pub enum LxcError {
    /// A program failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A volume could not be mounted.
    #[error(transparent)]
    Mount(#[from] MountError),
    /// A file could not be read or written.
    #[error("{0}: {1}")]
    File(String, io::Error),
    /// LXC did not start it.
    #[error("startup for container '{vmid}' failed: {reason}")]
    Start {
        /// The container.
        vmid: u32,
        /// What LXC says in its log.
        reason: String,
    },
    /// Its files could not be prepared.
    #[error("preparing the container's files failed: {0}")]
    Setup(String),
    /// It goes on.
    #[error("container did not stop")]
    StillRunning,
}

/// What a root file system is stored in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Volume {
    /// A directory.
    Directory(PathBuf),
    /// A file system in an image file or block device.
    Image(PathBuf),
}

/// A container's file systems while it does not run.
#[derive(Debug, Clone)]
pub struct Files {
    /// Its root.
    pub rootfs: Volume,
    /// What is mounted below it, in this order.
    pub points: Vec<MountPoint>,
    /// First host id of an unprivileged container.
    pub map: Option<u32>,
}

impl From<Volume> for Files {
    /// The root alone.
    fn from(rootfs: Volume) -> Self {
        Self { rootfs, points: Vec::new(), map: None }
    }
}

/// A running container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running {
    /// LXC's process outside of it. It ends last, when everything is cleaned up.
    pub monitor: Process,
    /// Its first process; another one after a reboot from inside.
    pub init: Process,
}

/// How a console is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Console {
    /// A login at its first virtual terminal.
    Tty,
    /// Its `/dev/console`.
    Console,
    /// A shell of root without login.
    Shell,
}

/// All containers below one LXC directory.
#[derive(Debug, Clone)]
pub struct Lxc {
    directory: PathBuf,
}

/// The work on a container's files before it starts.
pub type Setup = Box<dyn FnOnce(&Root) -> Result<(), String> + Send>;

/// Everything that a start needs.
pub struct Start {
    /// The container's number.
    pub vmid: u32,
    /// LXC's configuration, whole.
    pub config: String,
    /// Rules for system calls, to which the configuration refers as `rules.seccomp` in the container's directory.
    pub seccomp: Option<String>,
    /// Its root file system.
    pub rootfs: Volume,
    /// Mount options of the root file system (images only).
    pub mount_options: Vec<String>,
    /// What is mounted below it, in this order.
    pub points: Vec<MountPoint>,
    /// First host id of an unprivileged container.
    pub map: Option<u32>,
    /// Devices of the host that it gets; its configuration binds them from `devices` in its directory.
    pub devices: Vec<Node>,
    /// Let LXC log more.
    pub debug: bool,
    /// lxcfs does not answer: LXC's hook, which asks it, would wait with it.
    pub without_lxcfs: bool,
    /// Where LXC logs; replaced at each start.
    pub log: PathBuf,
    /// Prepares the files.
    pub setup: Setup,
}

impl Lxc {
    /// Containers whose generated files lie below `directory`.
    #[must_use]
    pub fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// The control group of a container, and that of its monitor.
    #[must_use]
    pub fn groups(vmid: u32) -> (String, String) {
        (format!("lxc/{vmid}"), format!("lxc.monitor/{vmid}"))
    }

    pub(crate) fn home(&self, vmid: u32) -> PathBuf {
        self.directory.join(vmid.to_string())
    }

    /// The container's processes, if it runs.
    #[must_use]
    pub fn running(&self, cgroups: &Cgroups, vmid: u32) -> Option<Running> {
        let monitor = self.monitor(cgroups, vmid)?;
        let (group, _) = Self::groups(vmid);
        let children = cgroups.group(&group).processes();
        let init = children.into_iter().find(|pid| parent(*pid) == Some(monitor.pid))?;
        Some(Running { monitor, init: Process::find(init)? })
    }

    /// LXC's process of a container, if it is there; it may have no container yet, or none any more.
    #[must_use]
    pub fn monitor(&self, cgroups: &Cgroups, vmid: u32) -> Option<Process> {
        let (_, group) = Self::groups(vmid);
        let title = format!("{} {vmid}", self.directory.display());
        // The title tells it from a container with the same number below another root.
        let ours = |process: &Process| process.cmdline().is_some_and(|line| line.join(" ").contains(&title));
        cgroups.group(&group).processes().into_iter().filter_map(Process::find).find(ours)
    }

    /// Starts a container and returns when its first process runs.
    ///
    /// # Errors
    /// When anything fails; nothing remains running or mounted then.
    pub async fn start(&self, cgroups: &Cgroups, start: Start) -> Result<Running, LxcError> {
        let vmid = start.vmid;
        let config = self.prepare(&start)?;
        let log = start.log.clone();
        let log_directory = log.parent().unwrap_or(Path::new("/")).to_owned();
        make_directory(&log_directory)?;
        // A log of its own for each start; LXC would only add to it.
        let _ = std::fs::remove_file(&log);
        self.clear_groups(cgroups, vmid).await?;
        let directory = self.directory.clone();
        let program = Run::new("lxc-start").args(["-n", &vmid.to_string(), "-P"]).arg(&self.directory);
        let program = program.arg("-f").arg(&config).args(["-d", "-l", if start.debug { "DEBUG" } else { "WARN" }]);
        let program = program.arg("-o").arg(&log);
        let program = program.deadline(START_DEADLINE);
        let started = in_private_namespace(move |inside| {
            // Our own files are written first.
            let (closed, options): (Vec<&str>, Vec<&str>) =
                start.mount_options.iter().map(String::as_str).partition(|option| *option == "ro");
            let target = mount_root(inside, &directory, vmid, &start.rootfs, &options)?;
            let root = open_root(&target, start.map)?;
            mount_points(inside, &root, vmid, &start.points)?;
            (start.setup)(&root).map_err(LxcError::Setup)?;
            drop(root);
            inside.restrict(&target, flags_of(closed.iter().chain(&options).copied()))?;
            if !start.devices.is_empty() {
                device_node::make(&Path::new(LXC_DIRECTORY).join(vmid.to_string()).join("devices"), &start.devices)?;
            }
            if start.without_lxcfs {
                inside.hide(Path::new(lxcfs::PLACE))?;
            }
            if start.map.is_some() {
                // LXC reads and logs there also as mapped root, who may be kept out of a folder above.
                inside.let_pass(&[&directory, &log_directory])?;
            }
            inside.run(program).map_err(LxcError::from)
        });
        if let Err(err) = started.await? {
            self.forget(cgroups, vmid).await;
            return Err(match (err, log_errors(&log)) {
                (LxcError::Run(_), Some(reason)) => LxcError::Start { vmid, reason },
                (err, _) => err,
            });
        }
        let gone = || LxcError::Start { vmid, reason: "its init ended at once".into() };
        self.running(cgroups, vmid).ok_or_else(gone)
    }

    /// Writes the generated configuration and makes the mount point.
    fn prepare(&self, start: &Start) -> Result<PathBuf, LxcError> {
        let home = self.home_made(start.vmid)?;
        let path = home.join("config");
        let failed = |err: file::FileError| LxcError::Setup(err.to_string());
        file::write_unsynced(&path, start.config.as_bytes(), 0o644).map_err(failed)?;
        if let Some(rules) = &start.seccomp {
            file::write_unsynced(&home.join("rules.seccomp"), rules.as_bytes(), 0o644).map_err(failed)?;
        }
        Ok(path)
    }

    /// Does `work` in the mounted root file system of a container that does not run, inside a mount namespace of its
    /// own. `work` gets the namespace and the path of the mounted root.
    ///
    /// # Errors
    /// When it cannot be mounted.
    pub async fn mounted<T, F>(&self, vmid: u32, files: Files, work: F) -> Result<T, LxcError>
    where
        T: Send + 'static,
        F: FnOnce(&Inside, &Path) -> T + Send + 'static,
    {
        self.home_made(vmid)?;
        let directory = self.directory.clone();
        in_private_namespace(move |inside| {
            let target = mount_root(inside, &directory, vmid, &files.rootfs, &[])?;
            mount_points(inside, &open_root(&target, files.map)?, vmid, &files.points)?;
            Ok(work(inside, &target))
        })
        .await?
    }

    /// Ends a container at once and waits until LXC has cleaned up.
    ///
    /// # Errors
    /// When it survives.
    pub async fn kill(&self, cgroups: &Cgroups, vmid: u32) -> Result<(), LxcError> {
        let failed = |err| LxcError::File(format!("cannot end container {vmid}"), err);
        let (group, _) = Self::groups(vmid);
        let Some(monitor) = self.monitor(cgroups, vmid) else {
            self.forget(cgroups, vmid).await;
            return Ok(());
        };
        // A frozen process does not even die.
        if cgroups.group(&group).frozen() {
            cgroups.group(&group).freeze(false).map_err(failed)?;
        }
        match self.running(cgroups, vmid) {
            Some(running) => running.init.kill().map_err(failed)?,
            None => monitor.terminate().map_err(failed)?,
        }
        if !monitor.ended_within(STOP_DEADLINE).await.map_err(failed)? {
            return Err(LxcError::StillRunning);
        }
        self.forget(cgroups, vmid).await;
        Ok(())
    }

    /// Asks a container to shut down and waits for it; tells whether it did in time.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub async fn shut_down(&self, cgroups: &Cgroups, vmid: u32, limit: Duration) -> Result<bool, LxcError> {
        let Some(monitor) = self.monitor(cgroups, vmid) else { return Ok(true) };
        let ask = Run::new("lxc-stop").args(["-n", &vmid.to_string(), "-P"]).arg(&self.directory);
        // It knows which signal which init takes. We do the waiting: it ends with the caller.
        ask.args(["--nowait", "--nokill"]).output().await?;
        let failed = |err| LxcError::File(format!("cannot watch container {vmid}"), err);
        let ended = monitor.ended_within(limit).await.map_err(failed)?;
        if ended {
            self.forget(cgroups, vmid).await;
        }
        Ok(ended)
    }

    /// Removes the control groups that a killed monitor left: LXC wants to make them itself, and gives up
    /// ("Numerical result out of range") where it finds any.
    async fn clear_groups(&self, cgroups: &Cgroups, vmid: u32) -> Result<(), LxcError> {
        let (group, monitor) = Self::groups(vmid);
        for name in [&group, &monitor] {
            if let Some(pid) = Self::user_of(&cgroups.group(name)).await {
                let reason = format!("control group '{name}' is used by process {pid}: end that first");
                return Err(LxcError::Start { vmid, reason });
            }
        }
        self.forget(cgroups, vmid).await;
        Ok(())
    }

    /// The process that keeps a group in use. One that is just ending, as the monitor of a container that was switched
    /// off a moment ago, is given the time for that.
    async fn user_of(group: &Group<'_>) -> Option<u32> {
        for _ in 0..400 {
            group.processes().first()?;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        group.processes().first().copied()
    }

    /// Removes what an ended container may have left: control groups.
    pub async fn forget(&self, cgroups: &Cgroups, vmid: u32) {
        let (group, monitor) = Self::groups(vmid);
        for name in [&group, &monitor] {
            let group = cgroups.group(name);
            // A group can be removed a moment after its last process is gone, and that of a start that failed has a
            // monitor in it which is just ending.
            for _ in 0..200 {
                group.remove();
                if !group.exists() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    }

    /// The directory of a container's generated files is made, so that work below it can begin.
    fn home_made(&self, vmid: u32) -> Result<PathBuf, LxcError> {
        let home = self.home(vmid);
        make_directory(&home.join("rootfs"))?;
        for directory in [&self.directory, &home] {
            passable(directory)?;
        }
        Ok(home)
    }

    /// Removes the generated files of a container that does not run.
    ///
    /// # Errors
    /// When they cannot be removed.
    pub fn remove(&self, vmid: u32) -> Result<(), LxcError> {
        let home = self.home(vmid);
        match std::fs::remove_dir_all(&home) {
            Err(err) if err.kind() != io::ErrorKind::NotFound => {
                Err(LxcError::File(format!("cannot remove '{}'", home.display()), err))
            }
            _ => Ok(()),
        }
    }

    /// The command line that runs something inside of a container; a login shell's environment when `argv` is empty.
    #[must_use]
    pub fn exec_argv(&self, vmid: u32, keep_environment: bool, argv: &[String]) -> Vec<String> {
        let mut line = self.tool("lxc-attach", vmid);
        if !keep_environment {
            line.push("--clear-env".into());
        }
        if !argv.is_empty() {
            line.push("--".into());
            line.extend_from_slice(argv);
        }
        line
    }

    /// The command line of a container's console. `escape`: whether Ctrl-a q leaves it (there is another way out on
    /// the web).
    #[must_use]
    pub fn console_argv(&self, vmid: u32, mode: Console, escape: bool) -> Vec<String> {
        if mode == Console::Shell {
            return self.exec_argv(vmid, false, &[]);
        }
        let mut line = self.tool("lxc-console", vmid);
        line.extend(["-t", if mode == Console::Console { "0" } else { "1" }].map(str::to_owned));
        if !escape {
            line.extend(["-e", "-1"].map(str::to_owned));
        }
        line
    }

    pub(crate) fn tool(&self, name: &str, vmid: u32) -> Vec<String> {
        [name, "-n", &vmid.to_string(), "-P", &self.directory.to_string_lossy()].map(str::to_owned).to_vec()
    }
}

fn mount_root(
    inside: &Inside,
    directory: &Path,
    vmid: u32,
    rootfs: &Volume,
    options: &[&str],
) -> Result<PathBuf, LxcError> {
    let place = Path::new(LXC_DIRECTORY);
    // Every directory above must let the mapped root pass. Ours may lie in somebody's home: show it elsewhere.
    if directory != place {
        make_directory(place)?;
        inside.bind(directory, place, false)?;
    }
    let target = place.join(vmid.to_string()).join("rootfs");
    match rootfs {
        Volume::Directory(path) => inside.bind(path, &target, false)?,
        Volume::Image(path) => inside.image(path, &target, options)?,
    }
    Ok(target)
}

fn open_root(target: &Path, map: Option<u32>) -> Result<Root, LxcError> {
    Root::open(target, map).map_err(|err| LxcError::File(target.display().to_string(), err))
}

fn mount_points(inside: &Inside, root: &Root, vmid: u32, points: &[MountPoint]) -> Result<(), LxcError> {
    let stage = Path::new(LXC_DIRECTORY).join(vmid.to_string()).join("stage");
    for point in points {
        make_directory(&stage)?;
        point.mount(inside, root, &stage)?;
    }
    Ok(())
}

fn make_directory(path: &Path) -> Result<(), LxcError> {
    std::fs::create_dir_all(path).map_err(|err| LxcError::File(format!("cannot make '{}'", path.display()), err))
}

/// Lets others pass a directory (not list it): mapped root is one of them.
fn passable(path: &Path) -> Result<(), LxcError> {
    use std::os::unix::fs::PermissionsExt as _;
    let failed = |err| LxcError::File(format!("cannot open '{}' to containers", path.display()), err);
    let mode = path.metadata().map_err(failed)?.permissions().mode();
    if mode & 0o001 == 0 {
        let mode = std::fs::Permissions::from_mode(mode & 0o7777 | 0o011);
        std::fs::set_permissions(path, mode).map_err(failed)?;
    }
    Ok(())
}

/// The process that a process was started by.
fn parent(pid: u32) -> Option<u32> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    text.lines().find_map(|line| line.strip_prefix("PPid:")?.trim().parse().ok())
}

/// The errors in a log of LXC, without its prefixes; nothing if there are none.
fn log_errors(log: &Path) -> Option<String> {
    parse_log(&std::fs::read_to_string(log).ok()?)
}

/// Lines are `program vmid time LEVEL part - file:function:line - message`.
fn parse_log(text: &str) -> Option<String> {
    let errors = text.lines().filter(|line| line.contains(" ERROR "));
    let message = |line: &str| line.splitn(3, " - ").nth(2).map(str::to_owned);
    let mut messages: Vec<String> = errors.filter_map(message).collect();
    messages.dedup();
    messages.truncate(4);
    (!messages.is_empty()).then(|| messages.join("; "))
}

/// The version of LXC that is installed, such as `5.0.2`.
///
/// # Errors
/// When it is not installed.
pub async fn version() -> Result<String, RunError> {
    Ok(Run::new("lxc-start").arg("--version").output().await?.text().trim().to_owned())
}

/// Whether the installed LXC knows a key of its configuration, such as `lxc.environment.runtime`. Asked instead of
/// concluded from its version: distributions carry keys back.
pub async fn knows(key: &str) -> bool {
    let probe = Run::new("lxc-info").args(["--name=probe", "--lxcpath=/nonexistent", "--rcfile=/dev/stdin", "--state"]);
    probe.stdin(format!("{key} = A=1\n")).output().await.is_ok()
}

/// What the plan of a container must know of the installed LXC: the names of its pieces of configuration, and the text
/// of its common rules for system calls.
///
/// # Errors
/// When LXC is not installed.
pub fn pieces(directory: &Path) -> io::Result<(std::collections::BTreeSet<String>, String)> {
    let names = std::fs::read_dir(directory)?.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    Ok((names.collect(), std::fs::read_to_string(directory.join("common.seccomp"))?))
}

/// Whether AppArmor is there and on.
#[must_use]
pub fn has_apparmor() -> bool {
    let enabled = std::fs::read_to_string("/sys/module/apparmor/parameters/enabled");
    enabled.is_ok_and(|text| text.trim() == "Y") && Path::new("/usr/sbin/apparmor_parser").exists()
}

/// DNS servers and search list of the host (resolv.conf(5)).
#[must_use]
pub fn resolver(etc: &Path) -> (Vec<String>, String) {
    let text = std::fs::read_to_string(etc.join("resolv.conf")).unwrap_or_default();
    let values = |key: &str| {
        let of_line = |line: &str| line.strip_prefix(key).map(|rest| rest.trim().to_owned());
        text.lines().filter_map(of_line).filter(|value| !value.is_empty()).collect::<Vec<_>>()
    };
    (values("nameserver "), values("search ").pop().unwrap_or_default())
}

/// Processors of the host that are switched on.
#[must_use]
pub fn online_cpus() -> Vec<u32> {
    let text = std::fs::read_to_string("/sys/devices/system/cpu/online").unwrap_or_default();
    parse_cpus(text.trim())
}

/// Reads a list such as `0-2,5`.
pub(crate) fn parse_cpus(text: &str) -> Vec<u32> {
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        Some(first.parse::<u32>().ok()?..=last.parse::<u32>().ok()?)
    };
    text.split(',').filter_map(range).flatten().collect()
}

/// The largest packet of a link, bytes.
#[must_use]
pub fn link_mtu(name: &str) -> Option<u32> {
    std::fs::read_to_string(Path::new("/sys/class/net").join(name).join("mtu")).ok()?.trim().parse().ok()
}

/// Gives a directory to the mapped root of a container.
///
/// # Errors
/// When it cannot be.
pub fn give(path: &Path, owner: u32) -> io::Result<()> {
    std::os::unix::fs::chown(path, Some(owner), Some(owner))
}

/// Size and use of a running container's root file system, bytes.
///
/// # Errors
/// When the container ended.
pub fn root_usage(running: &Running) -> io::Result<(u64, u64)> {
    crate::mount::filesystem(&PathBuf::from(format!("/proc/{}/root", running.init.pid)))
}

/// How long a process has run, seconds.
#[must_use]
pub fn uptime(process: &Process) -> u64 {
    let text = std::fs::read_to_string("/proc/uptime").unwrap_or_default();
    let now = text.split('.').next().and_then(|seconds| seconds.parse::<u64>().ok()).unwrap_or(0);
    now.saturating_sub(process.start / crate::process::ticks_per_second())
}

/// Addresses of a running container's interfaces, as `ip -json address` tells them inside.
///
/// # Errors
/// When the container ended.
pub async fn addresses(running: &Running) -> Result<serde_json::Value, LxcError> {
    let namespace = format!("--net=/proc/{}/ns/net", running.init.pid);
    // The host's program in the container's network: nothing inside is trusted or needed.
    let output = Run::new("nsenter").args([&namespace, "--", "ip", "-json", "address"]).output().await?;
    serde_json::from_slice(&output.stdout).map_err(|err| LxcError::File("cannot read the addresses".into(), err.into()))
}

#[cfg(test)]
#[path = "lxc_tests.rs"]
mod tests;
