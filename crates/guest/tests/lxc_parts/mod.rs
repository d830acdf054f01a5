//! What tests with real containers share: a node with a store and storages, and a small template.

#![allow(clippy::unwrap_used)] // Helpers of tests.
#![allow(dead_code, unreachable_pub)] // Each test program uses some of it.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use guest::{
    config_file::Section,
    lxc::{Create, Cts},
    qemu::progress::Progress,
};
use host::{lxc::Lxc, paths::Paths, run::Run};
use schema::{NodeName, Vmid};
use serde_json::Value;
use storage::Storages;
use store::{BoxFuture, SqliteStore, Store};

/// Remembers what a workflow reports, and takes it back as a failed task does.
#[derive(Default)]
pub struct Notebook {
    pub lines: Mutex<Vec<String>>,
    pub records: Mutex<Vec<Value>>,
}

impl Progress for Notebook {
    fn log(&self, line: &str) {
        self.lines.lock().unwrap().push(line.to_owned());
    }
    fn warn(&self, line: &str) {
        self.log(&format!("WARN: {line}"));
    }
    fn undo(&self, record: Value) -> BoxFuture<'_, Result<(), String>> {
        self.records.lock().unwrap().push(record);
        Box::pin(async { Ok(()) })
    }
}

impl Notebook {
    pub async fn take_back(&self, cts: &Cts) {
        let records = std::mem::take(&mut *self.records.lock().unwrap());
        for record in records.iter().rev() {
            cts.undo(record).await.unwrap();
        }
    }
}

/// Whether real containers can be tried here; says why not.
pub fn can() -> bool {
    let lxc = Path::new("/usr/bin/lxc-start").exists();
    let root = std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
    if !(lxc && root) {
        println!("skipped: needs root and LXC");
    }
    lxc && root
}

pub struct Host {
    pub directory: tempfile::TempDir,
    pub paths: Paths,
    pub store: Arc<dyn Store>,
    pub storages: Storages,
    pub cts: Cts,
    pub notes: Notebook,
    pub vmid: Vmid,
}

impl Host {
    pub async fn new(number: u32) -> Self {
        let closed = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        let directory = tempfile::Builder::new().prefix("pl").permissions(closed).tempdir().unwrap();
        let paths = Paths::new(directory.path()).unwrap();
        let store: Arc<dyn Store> = Arc::new(SqliteStore::temporary().unwrap());
        let node: NodeName = "n1".parse().unwrap();
        let storages = Storages::new(Arc::new(paths.clone()), store.clone(), node);
        storages.start().await;
        let cts = Self::cts(&paths, &store, &storages).await;
        // Numbers of containers are one name space a machine: other test runs may be on it.
        let vmid = Vmid::new(10_000 + (std::process::id() % 8000) * 10 + number).unwrap();
        Self { directory, paths, store, storages, cts, notes: Notebook::default(), vmid }
    }

    pub async fn cts(paths: &Paths, store: &Arc<dyn Store>, storages: &Storages) -> Cts {
        Cts::open(paths.clone(), "n1".parse().unwrap(), store.clone(), storages.clone()).await.unwrap()
    }

    pub fn template(&self, name: &str) -> PathBuf {
        let directory = self.paths.local_storage().join("template/cache");
        std::fs::create_dir_all(&directory).unwrap();
        directory.join(name)
    }

    pub fn create(&self, template: &str, options: &[(&str, &str)]) -> Create {
        let usual = [("hostname", "small"), ("memory", "64"), ("swap", "0"), ("unprivileged", "1")];
        let mut section: Section = usual.into_iter().collect();
        options.iter().for_each(|(key, value)| section.set(key, value));
        Create {
            vmid: self.vmid,
            options: section,
            template: format!("local:vztmpl/{template}").parse().unwrap(),
            storage: "local".parse().unwrap(),
            password: Some("secret word".into()),
            ssh_keys: None,
            ignore_unpack_errors: false,
        }
    }

    pub async fn exec(&self, script: &str) -> Result<String, host::run::RunError> {
        let lxc = Lxc::new(self.paths.lxc_dir());
        let argv = lxc.exec_argv(self.vmid.get(), false, &["sh", "-c", script].map(str::to_owned));
        Run::new(&argv[0]).args(&argv[1..]).output().await.map(|output| output.text())
    }

    pub fn nothing_left(&self) {
        let disks = self.paths.local_storage().join("images").join(self.vmid.to_string());
        assert!(std::fs::read_dir(disks).map_or(0, |entries| entries.count()) == 0, "a volume is left");
        assert!(!self.paths.lxc_container_dir(self.vmid).exists());
        assert!(self.cts.get(self.vmid).is_err());
        let veth = format!("/sys/class/net/veth{}i0", self.vmid);
        assert!(!Path::new(&veth).exists());
        let cgroups = host::cgroup::Cgroups::detect().unwrap();
        assert!(!cgroups.group(&format!("lxc/{}", self.vmid)).exists());
    }
}

/// An archive with a shell, a handful of programs, and an init that calls itself Debian.
pub async fn small_template(archive: &Path) {
    template_with(archive, &[], |_| {}).await;
}

/// As [`small_template`], with further programs, and with what `change` does to its files.
pub async fn template_with(archive: &Path, further: &[&str], change: impl FnOnce(&Path)) {
    let directory = tempfile::tempdir().unwrap();
    let tree = directory.path();
    for name in ["bin", "sbin", "proc", "sys", "dev", "tmp", "run", "etc", "root"] {
        std::fs::create_dir_all(tree.join(name)).unwrap();
    }
    let programs =
        ["sh", "sleep", "cat", "head", "tail", "id", "hostname", "ip", "ping", "stat", "mount", "mkdir", "unshare"];
    for program in programs.iter().chain(further) {
        let found = ["/bin", "/sbin", "/usr/bin"].map(|place| Path::new(place).join(program));
        let Some(path) = found.iter().find_map(|path| std::fs::canonicalize(path).ok()) else { continue };
        std::fs::copy(&path, tree.join("bin").join(program)).unwrap();
        let libraries = Run::new("ldd").arg(&path).output().await.unwrap().text();
        for library in libraries.split_whitespace().filter(|word| word.starts_with('/')) {
            let copy = tree.join(library.trim_start_matches('/'));
            std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
            std::fs::copy(library, copy).unwrap();
        }
    }
    let init = "#!/bin/sh\ntrap 'exit 0' PWR TERM INT\nip link set lo up\nip link set eth0 up\n\
        while read -r key value; do [ \"$key\" != address ] || ip addr add \"$value\" dev eth0; done \
        < /etc/network/interfaces\necho up > /tmp/up\nwhile :; do sleep 60 & wait $!; done\n";
    std::fs::write(tree.join("sbin/init"), init).unwrap();
    Run::new("chmod").arg("755").arg(tree.join("sbin/init")).output().await.unwrap();
    std::fs::write(tree.join("etc/debian_version"), "12.5\n").unwrap();
    std::fs::write(tree.join("etc/shadow"), "root:*:1:0:99999:7:::\n").unwrap();
    std::fs::write(tree.join("tmp/keep"), "").unwrap();
    Run::new("chmod").arg("1777").arg(tree.join("tmp")).output().await.unwrap();
    change(tree);
    let tar = Run::new("tar").args(["--zstd", "--numeric-owner", "--owner=0", "--group=0", "-cf"]).arg(archive);
    tar.arg("-C").arg(tree).arg(".").output().await.unwrap();
}

pub async fn ip(args: &str) {
    Run::new("ip").args(args.split(' ')).output().await.unwrap();
}
