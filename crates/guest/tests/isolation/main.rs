//! What root inside of a container tries against the host, on real containers. Needs root and LXC.

#![allow(clippy::unwrap_used)] // Helpers of tests.

#[path = "../lxc_parts/mod.rs"]
mod lxc_parts;

use std::{collections::BTreeMap, os::unix::fs::MetadataExt as _, path::PathBuf, time::Duration};

use guest::{lxc::DestroyOptions, qemu::progress::Quiet};
use host::{
    cgroup::{Cgroups, Mode},
    lxc::Lxc,
    lxcfs,
    run::Run,
};
use lxc_parts::{Host, can, template_with};

const ATTEMPTS: &str = include_str!("attempts.pl");

/// Which containers withstand an attempt.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    /// All.
    Always,
    /// Unprivileged ones by their ids, privileged ones by AppArmor only.
    Confined,
    /// Unprivileged ones only.
    Unprivileged,
}

/// Attempts with their arguments.
const ALL: &[(&str, &str, Held)] = &[
    ("filter", "", Held::Always),
    ("disk_node", "DISK", Held::Always),
    ("disk_mount", "DISK", Held::Always),
    ("disk_node", "LOOP", Held::Always),
    ("disk_mount", "LOOP", Held::Always),
    ("mem", "", Held::Always),
    ("port", "", Held::Always),
    ("kmsg", "", Held::Always),
    ("loop_control", "", Held::Always),
    ("tap", "", Held::Always),
    ("own_devices", "", Held::Always),
    ("proc_knobs", "", Held::Always),
    ("sysrq", "", Held::Always),
    ("sys_knobs", "", Held::Always),
    ("handle", "", Held::Always),
    ("signal", "PID", Held::Always),
    ("processes", "", Held::Always),
    ("modules", "", Held::Always),
    ("clock", "", Held::Always),
    ("clock_pace", "", Held::Always),
    ("kexec", "", Held::Always),
    ("swap", "", Held::Always),
    ("ports", "", Held::Always),
    ("keys", "", Held::Unprivileged),
    ("crypto", "", Held::Unprivileged),
    ("raise_limits", "LOOP", Held::Always),
    ("release_agent", "", Held::Confined),
    ("proc_anew", "", Held::Confined),
    ("sys_anew", "", Held::Confined),
    ("proc_remount", "", Held::Confined),
    ("sys_remount", "", Held::Confined),
    ("debugfs", "", Held::Confined),
    ("bpf", "", Held::Confined),
    ("read_only", "/mnt/host", Held::Confined),
    ("unmount_cover", "", Held::Confined),
];

/// A container that tries.
struct Cell {
    host: Host,
    /// A loop device of the host with a file system, that has a secret.
    disk: String,
}

impl Cell {
    async fn new(number: u32, options: &[(&str, &str)]) -> Self {
        let host = Host::new(number).await;
        template_with(&host.template("small.tar.zst"), &["perl"], |tree| {
            std::fs::write(tree.join("attempts"), ATTEMPTS).unwrap();
        })
        .await;
        let shared = host.directory.path().join("shared");
        std::fs::create_dir(&shared).unwrap();
        std::fs::write(shared.join("file"), "of the host\n").unwrap();
        // The mapped root could write there, if it could write.
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o666);
        std::fs::set_permissions(shared.join("file"), open).unwrap();
        let image = host.directory.path().join("disk");
        std::fs::File::create(&image).unwrap().set_len(16 << 20).unwrap();
        host::mount::make_ext4(&image, 0).await.unwrap();
        let disk = Run::new("losetup").args(["--find", "--show"]).arg(&image).output().await.unwrap().text();
        let bind = format!("{},mp=/mnt/host,ro=1", shared.display());
        let all = [&[("rootfs", "local:0"), ("mp0", bind.as_str())], options].concat();
        host.cts.create(&host.notes, host.create("small.tar.zst", &all)).await.unwrap();
        host.cts.start(&host.notes, host.vmid, false).await.unwrap();
        let cell = Self { host, disk: disk.trim().to_owned() };
        cell.run("while ! cat /tmp/up; do sleep 0.05; done").await;
        cell
    }

    /// Runs a script inside, which may take its time.
    async fn run(&self, script: &str) -> String {
        let argv = Lxc::new(self.host.paths.lxc_dir()).exec_argv(
            self.host.vmid.get(),
            false,
            &["sh", "-c", script].map(str::to_owned),
        );
        let run = Run::new(&argv[0]).args(&argv[1..]).deadline(Duration::from_secs(600));
        run.output().await.map(|output| output.text()).unwrap_or_else(|err| err.to_string())
    }

    async fn attempt(&self, name: &str) -> String {
        self.run(&format!("perl /attempts {name} 2>&1")).await.trim().to_owned()
    }

    /// Makes all attempts and tells those that were not withstood as they should.
    async fn all(&self, holds: impl Fn(Held) -> bool) -> Vec<String> {
        let root = std::fs::metadata("/").unwrap().dev();
        let number = |device: u64| format!("{} {}", nix_major(device), nix_minor(device));
        let disk = number(std::fs::metadata(&self.disk).unwrap().rdev());
        let fill = |argument: &str| match argument {
            "DISK" => number(root),
            "LOOP" => disk.clone(),
            "PID" => std::process::id().to_string(),
            other => other.to_owned(),
        };
        let one = |(name, argument, _): &(&str, &str, Held)| {
            format!("echo \"{name} {argument}: $(perl /attempts {name} {} 2>&1)\"", fill(argument))
        };
        let script: Vec<String> = ALL.iter().map(one).collect();
        let answers = self.run(&script.join("\n")).await;
        let answers: BTreeMap<&str, &str> = answers.lines().filter_map(|line| line.split_once(": ")).collect();
        let mut wrong = Vec::new();
        for (name, argument, held) in ALL {
            let answer = answers.get(&*format!("{name} {argument}")).copied().unwrap_or("no answer");
            println!("{name} {argument}: {answer}");
            if holds(*held) && answer != "held" {
                wrong.push(format!("{name} {argument}: {answer}"));
            }
        }
        wrong
    }

    /// What limits the container, as the host sees it.
    fn limits(&self) -> String {
        let (memory, cpu) = match Cgroups::detect().unwrap().mode() {
            Mode::Unified => ("/sys/fs/cgroup/lxc/ID/memory.max", "/sys/fs/cgroup/lxc/ID/cpu.max"),
            Mode::Legacy => {
                ("/sys/fs/cgroup/memory/lxc/ID/memory.limit_in_bytes", "/sys/fs/cgroup/cpu/lxc/ID/cpu.cfs_quota_us")
            }
        };
        let read = |path: &str| std::fs::read_to_string(path.replace("ID", &self.host.vmid.to_string())).unwrap();
        format!("{} {}", read(memory).trim(), read(cpu).trim())
    }

    async fn end(self) {
        self.host.cts.stop(&Quiet, self.host.vmid, false).await.unwrap();
        let force = DestroyOptions { force: true, unreferenced: true };
        self.host.cts.destroy(&self.host.notes, self.host.vmid, force).await.unwrap();
        self.host.nothing_left();
    }
}

impl Drop for Cell {
    fn drop(&mut self) {
        let (host, disk) = (PathBuf::from(self.host.directory.path()), self.disk.clone());
        let cgroups = Cgroups::detect().unwrap();
        for group in [format!("lxc/{}", self.host.vmid), format!("lxc.monitor/{}", self.host.vmid)] {
            for pid in cgroups.group(&group).processes() {
                if let Some(process) = host::process::Process::find(pid) {
                    let _ = process.kill();
                }
            }
        }
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let _ = runtime.block_on(Run::new("losetup").args(["-d", &disk]).output());
            drop(host);
        })
        .join()
        .unwrap();
    }
}

fn nix_major(device: u64) -> u64 {
    (device >> 8) & 0xfff
}

fn nix_minor(device: u64) -> u64 {
    (device & 0xff) | ((device >> 12) & 0xfff00)
}

#[tokio::test]
async fn an_unprivileged_container_is_held() {
    if !can() {
        return;
    }
    let cell = Cell::new(61, &[("cpulimit", "0.5")]).await;
    let limits = cell.limits();
    // First: the others mount things that a container in the container could have for its own.
    assert_eq!(cell.attempt("nested").await, "held");
    assert_eq!(cell.attempt("fuse").await, "held");
    let wrong = cell.all(|_| true).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(cell.limits(), limits);
    cell.end().await;
}

#[tokio::test]
async fn features_open_what_they_name_and_nothing_else() {
    if !can() {
        return;
    }
    let cell = Cell::new(62, &[("features", "nesting=1,fuse=1,keyctl=1")]).await;
    let limits = cell.limits();
    assert_eq!(cell.attempt("nested").await, "open: proc of its own");
    // The node is the host's, with its mode.
    let everybodys = std::fs::metadata("/dev/fuse").is_ok_and(|node| node.mode() & 0o006 == 0o006);
    assert_eq!(cell.attempt("fuse").await, if everybodys { "open: mounted" } else { "held" });
    let wrong: Vec<_> = cell.all(|_| true).await.into_iter().filter(|line| !line.starts_with("keys")).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(cell.limits(), limits);
    // A container beside it has the same ids, and rings of its own.
    let other = Cell::new(63, &[("features", "keyctl=1")]).await;
    assert_eq!(cell.attempt("put_key").await, "open: put");
    assert!(cell.attempt("user_keys").await.starts_with("open: key"));
    assert_eq!(other.attempt("user_keys").await, "held");
    other.end().await;
    cell.end().await;
}

#[tokio::test]
async fn a_privileged_container_is_held_as_far_as_the_host_can() {
    if !can() {
        return;
    }
    let cell = Cell::new(64, &[("unprivileged", "0"), ("cpulimit", "0.5")]).await;
    let (limits, confined) = (cell.limits(), host::lxc::has_apparmor());
    let holds = |held| match held {
        Held::Always => true,
        Held::Confined => confined,
        Held::Unprivileged => false,
    };
    let wrong = cell.all(holds).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(cell.limits(), limits);
    cell.end().await;
}

#[tokio::test]
async fn limits_hold_against_who_wants_more() {
    if !can() {
        return;
    }
    let cell = Cell::new(65, &[("cpulimit", "0.3"), ("cores", "1")]).await;
    let allowed =
        cell.run("while read -r key value; do [ $key != Cpus_allowed_list: ] || echo $value; done < /proc/self/status");
    assert!(allowed.await.trim().parse::<u32>().is_ok(), "one processor");
    // Seconds of processor time in three.
    let used: f64 = cell.attempt("share").await.trim_start_matches("open: ").parse().unwrap();
    assert!(used > 0.1 && used < 0.3 * 3.0 * 1.5, "{used}");

    let init = cell.host.cts.running(cell.host.vmid).unwrap().running().init;
    let hog = cell.run("perl -e '$x = \"a\" x (1 << 28); print \"got it\"'").await;
    assert!(!hog.contains("got it"), "{hog}");
    assert!(init.alive(), "only who wanted too much ends");

    // All its memory for processes: others go on, and it can be ended.
    let argv = Lxc::new(cell.host.paths.lxc_dir()).exec_argv(
        cell.host.vmid.get(),
        false,
        &["perl", "/attempts", "bomb"].map(str::to_owned),
    );
    let bomb = tokio::spawn(Run::new(&argv[0]).args(&argv[1..]).deadline(Duration::from_secs(60)).output());
    let groups = Cgroups::detect().unwrap();
    let group = format!("lxc/{}", cell.host.vmid);
    let full = async {
        while groups.group(&group).processes().len() < 100 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), full).await.unwrap();
    Run::new("true").output().await.unwrap();
    assert!(groups.group(&group).processes().len() as u64 <= groups.most_processes().unwrap());
    cell.end().await;
    let _ = bomb.await.unwrap();
}

#[tokio::test]
async fn power_calls_reach_the_container_only() {
    if !can() {
        return;
    }
    let cell = Cell::new(66, &[("unprivileged", "0")]).await;
    let live = cell.host.cts.running(cell.host.vmid).unwrap();
    let before = live.running().init;
    cell.attempt("power 1234567").await;
    let again = async {
        while cell.host.cts.running(cell.host.vmid).is_none_or(|live| live.running().init == before) || before.alive() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), again).await.expect("it starts again");
    cell.run("while ! cat /tmp/up; do sleep 0.05; done").await;
    cell.attempt("power 4321fedc").await;
    let live = cell.host.cts.running(cell.host.vmid);
    if let Some(live) = live {
        assert!(live.gone_within(Duration::from_secs(60)).await, "it is switched off");
    }
    cell.host.cts.start(&cell.host.notes, cell.host.vmid, false).await.unwrap();
    cell.end().await;
}

/// Runs `lxcfs` for a test where no service does, and takes it away afterwards.
struct Figures {
    serving: tokio::task::JoinHandle<()>,
    pid: PathBuf,
    _directory: tempfile::TempDir,
}

impl Figures {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (log, pid) = (directory.path().join("log"), directory.path().join("pid"));
        let file = pid.clone();
        let serving = tokio::spawn(async move { lxcfs::serve(&log, &file).await });
        let figures = Self { serving, pid, _directory: directory };
        figures.becomes(lxcfs::State::Serving).await;
        figures
    }

    async fn becomes(&self, wanted: lxcfs::State) {
        let there = async {
            while lxcfs::state().await != wanted {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), there)
            .await
            .unwrap_or_else(|_| panic!("lxcfs is not {wanted:?}"));
    }

    async fn signal(&self, signal: &str) {
        let pid = std::fs::read_to_string(&self.pid).unwrap();
        Run::new("kill").args([signal, pid.trim()]).output().await.unwrap();
    }

    async fn end(self) {
        let pid = std::fs::read_to_string(&self.pid).unwrap();
        self.serving.abort();
        // It ends by itself, unless other tests have containers.
        let _ = Run::new("kill").arg(pid.trim()).output().await;
        self.becomes(lxcfs::State::Idle).await;
    }
}

#[tokio::test]
async fn figures_inside_are_the_containers_and_a_dead_lxcfs_holds_up_no_start() {
    if !can() {
        return;
    }
    if host::systemd::rules() {
        println!("skipped: lxcfs is systemd's to start here");
        return;
    }
    if lxcfs::state().await != lxcfs::State::Idle {
        println!("skipped: lxcfs is not installed, or serves others");
        return;
    }
    let figures = Figures::new().await;
    let cell = Cell::new(67, &[("cores", "1"), ("memory", "80")]).await;
    let text = cell.run("cat /proc/meminfo /proc/cpuinfo; echo up $(cat /proc/uptime)").await;
    let values = |key: &str| text.lines().filter_map(|line| line.strip_prefix(key)).map(str::trim).collect::<Vec<_>>();
    assert_eq!(values("MemTotal:"), ["81920 kB"]);
    assert_eq!(values("processor").len(), 1, "{text}");
    assert!(values("up ")[0].split('.').next().unwrap().parse::<u32>().unwrap() < 600, "{text}");

    // Killed, it is started again; containers that start then see their figures.
    figures.signal("-KILL").await;
    figures.becomes(lxcfs::State::Serving).await;
    cell.host.cts.stop(&Quiet, cell.host.vmid, false).await.unwrap();
    cell.host.cts.start(&cell.host.notes, cell.host.vmid, false).await.unwrap();
    assert!(cell.run("cat /proc/meminfo").await.contains("81920 kB"));
    // Hanging, it is left out, and that is told.
    figures.signal("-STOP").await;
    cell.host.cts.stop(&Quiet, cell.host.vmid, false).await.unwrap();
    cell.host.cts.start(&cell.host.notes, cell.host.vmid, false).await.unwrap();
    assert!(!cell.run("cat /proc/meminfo").await.contains("81920 kB"));
    let said = cell.host.notes.lines.lock().unwrap().join("\n");
    assert!(said.contains("WARN: lxcfs does not answer"), "{said}");
    figures.signal("-CONT").await;
    cell.end().await;
    figures.end().await;
}
