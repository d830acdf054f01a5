//! Real containers: started, looked into, limited and ended. Needs root and LXC.
#![allow(clippy::unwrap_used)] // Helpers of tests.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use host::{
    cgroup::{Cgroups, Mode},
    lxc::{FIRST_ID, Lxc, Running, Start, Volume},
    run::Run,
};

/// Whether real containers can be tried here; says why not.
fn can() -> bool {
    let lxc = Path::new("/usr/bin/lxc-start").exists();
    let root = std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
    if !(lxc && root) {
        println!("skipped: needs root and LXC");
    }
    lxc && root
}

/// A tree with a shell and a handful of programs of this machine.
async fn small_rootfs(target: &Path) {
    let programs = ["sh", "sleep", "cat", "head", "tail", "id", "hostname", "true"];
    for directory in ["bin", "sbin", "proc", "sys", "dev", "tmp", "run", "etc"] {
        std::fs::create_dir_all(target.join(directory)).unwrap();
    }
    for program in programs {
        let path = std::fs::canonicalize(Path::new("/bin").join(program)).unwrap();
        std::fs::copy(&path, target.join("bin").join(program)).unwrap();
        let libraries = Run::new("ldd").arg(&path).output().await.unwrap().text();
        for library in libraries.split_whitespace().filter(|word| word.starts_with('/')) {
            let copy = target.join(library.trim_start_matches('/'));
            std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
            std::fs::copy(library, copy).unwrap();
        }
    }
    let init = "#!/bin/sh\ntrap 'exit 0' PWR TERM INT\necho up > /tmp/up\nwhile :; do sleep 60 & wait $!; done\n";
    std::fs::write(target.join("sbin/init"), init).unwrap();
    Run::new("chmod").args(["755"]).arg(target.join("sbin/init")).output().await.unwrap();
    let owner = format!("{FIRST_ID}:{FIRST_ID}");
    Run::new("chown").args(["-hR", &owner]).arg(target).output().await.unwrap();
}

fn config(cgroups: &Cgroups, vmid: u32) -> String {
    let memory = match cgroups.mode() {
        Mode::Unified => "lxc.cgroup2.memory.max = 67108864\nlxc.cgroup2.memory.swap.max = 0",
        Mode::Legacy => {
            "lxc.cgroup.memory.limit_in_bytes = 67108864\nlxc.cgroup.memory.memsw.limit_in_bytes = 67108864"
        }
    };
    format!(
        "lxc.cgroup.relative = 0\nlxc.cgroup.dir.monitor = lxc.monitor/{vmid}\n\
         lxc.cgroup.dir.container = lxc/{vmid}\nlxc.cgroup.dir.container.inner = ns\n\
         lxc.include = /usr/share/lxc/config/common.conf\nlxc.include = /usr/share/lxc/config/userns.conf\n\
         lxc.monitor.unshare = 1\nlxc.idmap = u 0 100000 65536\nlxc.idmap = g 0 100000 65536\n\
         lxc.uts.name = small\n{memory}\nlxc.rootfs.path = /var/lib/lxc/{vmid}/rootfs\nlxc.net.0.type = empty\n"
    )
}

struct Place {
    directory: tempfile::TempDir,
    cgroups: Cgroups,
    lxc: Lxc,
    vmid: u32,
}

impl Place {
    fn new(number: u32) -> Self {
        // Closed to others, as somebody's home is: containers must run below it all the same.
        let closed = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        let directory = tempfile::Builder::new().permissions(closed).tempdir().unwrap();
        host::subid::reserve(Path::new("/etc")).unwrap();
        // Numbers of containers are one name space a machine: other test runs may be on it.
        let vmid = 900_000_000 + (std::process::id() % 100_000) * 10 + number;
        let lxc = Lxc::new(directory.path().join("lxc"));
        Self { cgroups: Cgroups::detect().unwrap(), lxc, vmid, directory }
    }

    async fn start(&self, rootfs: Volume) -> Running {
        let start = Start {
            vmid: self.vmid,
            config: config(&self.cgroups, self.vmid),
            seccomp: None,
            rootfs,
            mount_options: Vec::new(),
            points: Vec::new(),
            map: Some(FIRST_ID),
            devices: Vec::new(),
            debug: false,
            without_lxcfs: false,
            log: self.directory.path().join("logs/log"),
            setup: Box::new(|root| root.write("etc/hostname", "small\n", 0o644).map_err(|err| err.to_string())),
        };
        self.lxc.start(&self.cgroups, start).await.unwrap()
    }

    async fn exec(&self, script: &str) -> Result<String, host::run::RunError> {
        let argv = self.lxc.exec_argv(self.vmid, false, &["sh", "-c", script].map(str::to_owned));
        Run::new(&argv[0]).args(&argv[1..]).output().await.map(|output| output.text())
    }

    fn nothing_left(&self) {
        let (group, monitor) = Lxc::groups(self.vmid);
        assert!(!self.cgroups.group(&group).exists() && !self.cgroups.group(&monitor).exists());
        assert_eq!(self.lxc.running(&self.cgroups, self.vmid), None);
    }
}

async fn image(directory: &Path) -> PathBuf {
    let path = directory.join("disk.raw");
    std::fs::File::create(&path).unwrap().set_len(256 << 20).unwrap();
    host::mount::make_ext4(&path, FIRST_ID).await.unwrap();
    path
}

#[tokio::test]
async fn life_of_a_container_on_an_image() {
    if !can() {
        return;
    }
    let place = Place::new(1);
    let disk = image(place.directory.path()).await;
    let tree = place.directory.path().join("tree");
    small_rootfs(&tree).await;
    let copied = place.lxc.mounted(place.vmid, Volume::Image(disk.clone()).into(), move |inside, target| {
        inside.run(Run::new("cp").args(["-a", "-T"]).arg(&tree).arg(target)).map(drop)
    });
    copied.await.unwrap().unwrap();

    let running = place.start(Volume::Image(disk.clone())).await;
    assert_eq!(place.lxc.running(&place.cgroups, place.vmid), Some(running));
    assert_eq!(place.exec("id -u; hostname; cat /etc/hostname").await.unwrap(), "0\nsmall\nsmall\n");
    assert_eq!(place.exec("exit 7").await.unwrap_err().code(), Some(7));
    // The limit is real: a process that wants more memory is killed, one that wants less is not.
    assert!(place.exec("head -c 20000000 /dev/zero | tail -c 19000000 | head -c 1 > /dev/null").await.is_ok());
    assert!(place.exec("head -c 200000000 /dev/zero | tail -c 190000000 > /dev/null").await.is_err());
    let group = place.cgroups.group(&Lxc::groups(place.vmid).0);
    // The kernel adds memory up now and then; just after much of it was given back the sum may be nothing.
    let mut usage = group.usage();
    for _ in 0..200 {
        if usage.memory > Some(0) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
        usage = group.usage();
    }
    assert!(usage.cpu_nanoseconds > Some(0) && usage.memory > Some(0), "{usage:?}");
    group.freeze(true).unwrap();
    assert!(group.frozen());
    place.lxc.kill(&place.cgroups, place.vmid).await.unwrap();
    place.nothing_left();
    let loops = Run::new("losetup").args(["-n", "-O", "NAME", "-j"]).arg(&disk).output().await.unwrap();
    assert_eq!(loops.text(), "", "no loop device is left");
}

#[tokio::test]
async fn shutdown_asks_and_waits() {
    if !can() {
        return;
    }
    let place = Place::new(2);
    let tree = place.directory.path().join("tree");
    small_rootfs(&tree).await;
    let running = place.start(Volume::Directory(tree.clone())).await;
    place.exec("while ! cat /tmp/up; do sleep 0.01; done").await.unwrap();
    let limit = Duration::from_secs(20);
    assert!(place.lxc.shut_down(&place.cgroups, place.vmid, limit).await.unwrap());
    assert!(!running.monitor.alive());
    place.nothing_left();
    assert!(tree.join("bin/sh").exists());
}

#[tokio::test]
async fn what_a_killed_monitor_leaves_does_not_hinder_the_next_start() {
    if !can() {
        return;
    }
    let place = Place::new(4);
    let tree = place.directory.path().join("tree");
    small_rootfs(&tree).await;
    let first = place.start(Volume::Directory(tree.clone())).await;
    for process in [first.monitor, first.init] {
        process.kill().unwrap();
        assert!(process.ended_within(Duration::from_secs(20)).await.unwrap());
    }
    let (group, _) = Lxc::groups(place.vmid);
    assert!(place.cgroups.group(&group).exists(), "nobody has cleaned up");
    let second = place.start(Volume::Directory(tree)).await;
    assert_ne!(first, second);
    place.lxc.kill(&place.cgroups, place.vmid).await.unwrap();
    place.nothing_left();
}

#[tokio::test]
async fn a_start_that_fails_says_why_and_leaves_nothing() {
    if !can() {
        return;
    }
    let place = Place::new(3);
    let tree = place.directory.path().join("tree");
    std::fs::create_dir(&tree).unwrap();
    let start = Start {
        vmid: place.vmid,
        config: config(&place.cgroups, place.vmid),
        seccomp: None,
        rootfs: Volume::Directory(tree),
        mount_options: Vec::new(),
        points: Vec::new(),
        map: Some(FIRST_ID),
        devices: Vec::new(),
        debug: false,
        without_lxcfs: false,
        log: place.directory.path().join("logs/log"),
        setup: Box::new(|_| Ok(())),
    };
    let message = place.lxc.start(&place.cgroups, start).await.unwrap_err().to_string();
    assert!(message.contains(&format!("startup for container '{}' failed", place.vmid)), "{message}");
    place.nothing_left();
}
