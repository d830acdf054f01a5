//! Virtual machines on a real QEMU (emulated: no KVM is needed), with guests of a few bytes.
#![allow(clippy::unwrap_used)] // helpers of tests

mod btrfs;
#[path = "qemu/hardware.rs"]
mod hardware;

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use guest::qemu::{
    CloneWish, Create, DestroyOptions, ShutdownOptions, SnapshotWish, StartOptions, Update, VmError, Vms,
    progress::{Progress, Quiet},
};
use host::paths::Paths;
use schema::{NodeName, Vmid};
use serde_json::Value;
use storage::{Storages, VolumeId};
use store::{BoxFuture, SqliteStore, Store};
use tokio::io::AsyncReadExt;

/// Remembers what a workflow reports, and takes it back as a failed task does.
#[derive(Default)]
struct Notebook {
    lines: Mutex<Vec<String>>,
    records: Mutex<Vec<Value>>,
    stopped: AtomicBool,
}

impl Progress for Notebook {
    fn log(&self, line: &str) {
        self.lines.lock().unwrap().push(line.to_owned());
    }
    fn warn(&self, line: &str) {
        self.log(&format!("WARN: {line}"));
    }
    fn bytes(&self, what: &str, done: u64, total: u64) {
        self.log(&format!("{what} {done} of {total}"));
    }
    fn undo(&self, record: Value) -> BoxFuture<'_, Result<(), String>> {
        self.records.lock().unwrap().push(record);
        Box::pin(async { Ok(()) })
    }
    fn cancelled(&self) -> BoxFuture<'_, ()> {
        let stopped = self.stopped.load(Ordering::Relaxed);
        Box::pin(async move {
            if !stopped {
                std::future::pending::<()>().await;
            }
        })
    }
}

impl Notebook {
    async fn take_back(&self, vms: &Vms) {
        let records = std::mem::take(&mut *self.records.lock().unwrap());
        for record in records.iter().rev() {
            vms.undo(record).await.unwrap();
        }
    }
}

struct Host {
    _directory: tempfile::TempDir,
    paths: Paths,
    store: Arc<dyn Store>,
    storages: Storages,
    vms: Vms,
    notes: Notebook,
}

/// A test that fails must not leave machines running.
impl Drop for Host {
    fn drop(&mut self) {
        for entry in std::fs::read_dir(self.paths.qemu_run_dir()).into_iter().flatten().flatten() {
            let text = entry
                .path()
                .extension()
                .is_some_and(|kind| kind == "pid")
                .then(|| std::fs::read_to_string(entry.path()));
            let pid = text.and_then(Result::ok).and_then(|pid| pid.trim().parse().ok());
            if let Some(process) = pid.and_then(host::process::Process::find) {
                process.kill().unwrap();
            }
        }
    }
}

fn node() -> NodeName {
    "n1".parse().unwrap()
}

fn id(vmid: u32) -> Vmid {
    Vmid::new(vmid).unwrap()
}

impl Host {
    async fn new() -> Self {
        let directory = tempfile::Builder::new().prefix("plq").tempdir().unwrap();
        let paths = Paths::new(directory.path()).unwrap();
        let store: Arc<dyn Store> = Arc::new(SqliteStore::temporary().unwrap());
        let storages = Storages::new(Arc::new(paths.clone()), store.clone(), node());
        storages.start().await;
        let vms = Vms::open(paths.clone(), node(), store.clone(), storages.clone()).await.unwrap();
        Self { _directory: directory, paths, store, storages, vms, notes: Notebook::default() }
    }

    /// A second manager over the same files: what a restarted daemon is.
    async fn reopened(&self) -> Vms {
        Vms::open(self.paths.clone(), node(), self.store.clone(), self.storages.clone()).await.unwrap()
    }

    async fn create(&self, vmid: u32, options: &[(&str, &str)]) -> Result<(), VmError> {
        let options = options.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        self.vms.create(&self.notes, id(vmid), Create { options, ..Create::default() }).await
    }

    /// A VM with one small disk that boots this code.
    async fn create_booting(&self, vmid: u32, code: &[u8]) {
        let options = [
            ("memory", "16"),
            ("scsi0", "local:0.001,format=raw"),
            ("scsihw", "virtio-scsi-pci"),
            ("serial0", "socket"),
            ("vga", "serial0"),
        ];
        self.create(vmid, &options).await.unwrap();
        let value = self.vms.get(id(vmid)).unwrap().file.main.get("scsi0").unwrap().to_owned();
        let volume: VolumeId = value.split(',').next().unwrap().parse().unwrap();
        let path = self.storages.resolve(&volume).await.unwrap();
        write_boot_sector(&path, code);
    }

    fn images(&self) -> Vec<String> {
        let Ok(directories) = std::fs::read_dir(self.paths.local_storage().join("images")) else { return Vec::new() };
        let files = directories.flat_map(|entry| std::fs::read_dir(entry.unwrap().path()).unwrap());
        files.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    async fn start(&self, vmid: u32) -> Result<(), VmError> {
        self.vms.start(&self.notes, id(vmid), StartOptions::default()).await
    }
}

fn write_boot_sector(path: &Path, code: &[u8]) {
    use std::os::unix::fs::FileExt as _;
    let mut sector = [0_u8; 512];
    sector[..code.len()].copy_from_slice(code);
    sector[510..].copy_from_slice(&[0x55, 0xaa]);
    std::fs::OpenOptions::new().write(true).open(path).unwrap().write_all_at(&sector, 0).unwrap();
}

/// `mov dx, 0x3f8; mov al, 'P'; out dx, al; hlt; jmp $-1`: prints one letter on the serial port.
const PRINTS: &[u8] = &[0xba, 0xf8, 0x03, 0xb0, b'P', 0xee, 0xf4, 0xeb, 0xfd];

/// `mov dx, 0x604; mov ax, 0x2000; out dx, ax`: powers off.
const POWERS_OFF: &[u8] = &[0xba, 0x04, 0x06, 0xb8, 0x00, 0x20, 0xef, 0xf4];

/// Reads what a serial port prints until the letter comes. The firmware prints there too, but that letter only in a
/// word.
async fn prints(serial: &mut tokio::net::UnixStream) {
    let mut seen = Vec::new();
    let reading = async {
        while !String::from_utf8_lossy(&seen).split("Booting from").nth(1).is_some_and(|rest| rest.contains('P')) {
            let mut chunk = [0; 64];
            let count = serial.read(&mut chunk).await.unwrap();
            assert!(count > 0, "the serial port was closed");
            seen.extend_from_slice(&chunk[..count]);
        }
    };
    let printed = tokio::time::timeout(Duration::from_secs(60), reading).await;
    assert!(printed.is_ok(), "the guest printed only {:?}", String::from_utf8_lossy(&seen));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vm_lives_from_its_creation_to_its_end() {
    let host = Host::new().await;
    host.create_booting(100, PRINTS).await;
    let freeze = Update { set: vec![("freeze".into(), "1".into())], ..Update::default() };
    host.vms.update(&host.notes, id(100), freeze).await.unwrap();
    let text = host.store.tree().text("nodes/n1/qemu-server/100.conf").unwrap().to_owned();
    assert!(text.contains("boot: order=scsi0\n") && text.contains("scsi0: local:100/vm-100-disk-0.raw,"), "{text}");
    assert!(!text.contains("lock"), "{text}");

    host.start(100).await.unwrap();
    let status = host.vms.status(id(100)).unwrap();
    assert!(status.running && status.pid.is_some(), "{status:?}");
    assert_eq!(host.start(100).await.unwrap_err().to_string(), "VM 100 already running");
    // It waits for us, so that nothing is lost.
    let mut serial = tokio::net::UnixStream::connect(host.vms.serial_socket(id(100), 0)).await.unwrap();
    host.vms.resume(&host.notes, id(100), false).await.unwrap();
    prints(&mut serial).await;
    host.vms.reset(id(100), false).await.unwrap();
    prints(&mut serial).await;

    host.vms.suspend(id(100), false).await.unwrap();
    assert_eq!(host.vms.status(id(100)).unwrap().state, "paused");
    host.vms.resume(&host.notes, id(100), false).await.unwrap();
    assert_eq!(host.vms.status(id(100)).unwrap().state, "running");
    assert!(host.vms.details(id(100)).await.iter().any(|(name, _)| *name == "running-qemu"));
    let busy = host.vms.destroy(&host.notes, id(100), DestroyOptions::default()).await.unwrap_err();
    assert_eq!(busy.to_string(), "VM 100 is running - destroy failed");

    let asked = ShutdownOptions { timeout: Some(0), ..ShutdownOptions::default() };
    let late = host.vms.shutdown(&host.notes, id(100), asked).await.unwrap_err();
    assert_eq!(late.to_string(), "VM quit/powerdown failed - got timeout");
    let forced = ShutdownOptions { timeout: Some(0), force: true, ..ShutdownOptions::default() };
    host.vms.shutdown(&host.notes, id(100), forced).await.unwrap();
    assert!(!host.vms.status(id(100)).unwrap().running);
    assert!(!host.paths.qmp_socket(100_u32).exists());
    assert_eq!(host.vms.stop(&Quiet, id(100), false, None).await.unwrap_err().to_string(), "VM 100 not running");

    host.vms.destroy(&host.notes, id(100), DestroyOptions::default()).await.unwrap();
    assert!(host.vms.ids().is_empty());
    assert!(host.images().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_daemon_takes_up_what_runs() {
    let host = Host::new().await;
    host.create_booting(101, PRINTS).await;
    host.start(101).await.unwrap();
    let pid = host.vms.status(id(101)).unwrap().pid;

    let again = host.reopened().await;
    assert_eq!(again.status(id(101)).unwrap().pid, pid);
    assert_eq!(
        again.start(&host.notes, id(101), StartOptions::default()).await.unwrap_err().to_string(),
        "VM 101 already running"
    );
    again.stop(&Quiet, id(101), false, Some(3)).await.unwrap();
    assert!(!again.status(id(101)).unwrap().running);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_that_powers_off_is_stopped_and_takes_its_pending_changes() {
    let host = Host::new().await;
    host.create_booting(102, POWERS_OFF).await;
    let freeze = Update { set: vec![("freeze".into(), "1".into())], ..Update::default() };
    host.vms.update(&host.notes, id(102), freeze).await.unwrap();
    host.start(102).await.unwrap();
    let change = Update {
        set: vec![("cores".into(), "2".into()), ("name".into(), "renamed".into())],
        delete: vec!["freeze".into()],
        ..Update::default()
    };
    host.vms.update(&host.notes, id(102), change).await.unwrap();
    let vm = host.vms.get(id(102)).unwrap();
    assert_eq!(vm.file.main.get("name"), Some("renamed"));
    assert_eq!(vm.file.pending.get("cores"), Some("2"));
    assert_eq!(vm.file.pending.get("delete"), Some("freeze"));

    let running = host.vms.running(id(102)).unwrap();
    host.vms.resume(&host.notes, id(102), false).await.unwrap();
    assert!(running.gone_within(Duration::from_secs(60)).await, "the guest did not power off");
    let vm = host.vms.get(id(102)).unwrap();
    assert!(vm.file.pending.is_empty());
    assert_eq!((vm.config.cores, vm.config.freeze), (Some(2), None));
    assert!(!host.vms.status(id(102)).unwrap().running);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_create_leaves_nothing() {
    let host = Host::new().await;
    let wishes = [("scsi0", "local:0.001"), ("scsi1", "nowhere:1")];
    let failed = host.create(103, &wishes).await.unwrap_err();
    assert!(failed.to_string().contains("storage 'nowhere' does not exist"), "{failed}");
    assert_eq!(host.images(), ["vm-103-disk-0.raw"]);
    host.notes.take_back(&host.vms).await;
    assert!(host.images().is_empty());
    assert!(host.vms.ids().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vm_of_somebody_else_is_not_undone() {
    let host = Host::new().await;
    host.create(104, &[("memory", "16")]).await.unwrap();
    host.notes.records.lock().unwrap().clear();
    let twice = host.create(104, &[]).await.unwrap_err();
    assert!(twice.to_string().contains("already exists"), "{twice}");
    host.notes.take_back(&host.vms).await;
    assert_eq!(host.vms.ids(), [id(104)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_vm_uses_is_not_taken_back() {
    let host = Host::new().await;
    host.create(107, &[("scsi0", "local:0.001")]).await.unwrap();
    host.notes.take_back(&host.vms).await;
    assert_eq!(host.images(), ["vm-107-disk-0.raw"]);
    assert_eq!(host.vms.ids(), [id(107)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_start_leaves_nothing() {
    let host = Host::new().await;
    let options = [("memory", "16"), ("net0", "virtio,bridge=nobr9"), ("args", "-no-such-option")];
    host.create(105, &options).await.unwrap();
    assert_eq!(host.start(105).await.unwrap_err().to_string(), "bridge 'nobr9' does not exist");
    let drop_card = Update { delete: vec!["net0".into()], ..Update::default() };
    host.vms.update(&host.notes, id(105), drop_card).await.unwrap();
    let failed = host.start(105).await.unwrap_err().to_string();
    assert!(failed.contains("-no-such-option"), "{failed}");
    assert!(!host.vms.status(id(105)).unwrap().running);
    assert!(!host.paths.qemu_pid_file(105_u32).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn configurations_change_only_as_the_caller_saw_them() {
    let host = Host::new().await;
    host.create(106, &[("memory", "16"), ("scsi0", "local:0.001")]).await.unwrap();
    let digest = host.vms.get(id(106)).unwrap().digest.clone();
    let rename = |digest: &str| Update {
        set: vec![("name".into(), "a".into())],
        digest: Some(digest.to_owned()),
        ..Update::default()
    };
    host.vms.update(&host.notes, id(106), rename(&digest)).await.unwrap();
    let stale = host.vms.update(&host.notes, id(106), rename(&digest)).await.unwrap_err();
    assert!(stale.to_string().contains("detected modified configuration"), "{stale}");

    let detach = Update { delete: vec!["scsi0".into()], ..Update::default() };
    host.vms.update(&host.notes, id(106), detach).await.unwrap();
    assert_eq!(host.vms.get(id(106)).unwrap().file.main.get("unused0"), Some("local:106/vm-106-disk-0.raw"));
    let free = Update { delete: vec!["unused0".into()], ..Update::default() };
    host.vms.update(&host.notes, id(106), free).await.unwrap();
    assert!(host.images().is_empty());
}

/// An image to copy: qcow2 of 3 MiB with a mark in its first bytes, in the content `import` of `local`.
async fn image(host: &Host) -> std::path::PathBuf {
    let directory = host.paths.local_storage().join("import");
    std::fs::create_dir_all(&directory).unwrap();
    let (raw, path) = (directory.join("raw"), directory.join("small.qcow2"));
    let mut content = vec![0; 3 << 20];
    content[..4].copy_from_slice(b"mark");
    std::fs::write(&raw, content).unwrap();
    let convert = host::run::Run::new("qemu-img").args(["convert", "-f", "raw", "-O", "qcow2"]).arg(&raw).arg(&path);
    convert.output().await.unwrap();
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_begins_as_a_copy_of_an_image() {
    let host = Host::new().await;
    let path = image(&host).await;
    let wish = "local:0,import-from=local:import/small.qcow2,format=raw,ssd=1";
    host.create(107, &[("memory", "16"), ("scsi0", wish)]).await.unwrap();
    let by_path = format!("local:0,import-from={},format=qcow2", path.display());
    let more = Update { set: vec![("virtio1".into(), by_path)], ..Update::default() };
    host.vms.update(&host.notes, id(107), more).await.unwrap();

    let vm = host.vms.get(id(107)).unwrap();
    let values = [vm.file.main.get("scsi0"), vm.file.main.get("virtio1")];
    let expected = ["local:107/vm-107-disk-0.raw,ssd=1,size=3M", "local:107/vm-107-disk-1.qcow2,size=3M"];
    assert_eq!(values, expected.map(Some));
    assert_eq!(vm.file.main.get("boot"), Some("order=scsi0"));
    let copy = std::fs::read(host.paths.local_storage().join("images/107/vm-107-disk-0.raw")).unwrap();
    assert_eq!((copy.len(), &copy[..4]), (3 << 20, &b"mark"[..]));
    assert!(host.notes.lines.lock().unwrap().iter().any(|line| line == "scsi0: transferred 3145728 of 3145728"));
    // The image is as it was, and the copies go with the VM.
    host.vms.destroy(&host.notes, id(107), guest::qemu::DestroyOptions::default()).await.unwrap();
    assert!(host.images().is_empty() && path.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_copied_leaves_nothing() {
    let host = Host::new().await;
    let path = image(&host).await;
    let directory = path.parent().unwrap();
    let make = |args: &[&str]| {
        let run = host::run::Run::new("qemu-img").args(["create", "-f", "qcow2"]).args(args.iter().copied());
        async move { run.output().await.unwrap() }
    };
    let file = |name: &str| directory.join(name).display().to_string();
    // Whoever may upload images must not get at files of the host by them.
    make(&["-b", &file("small.qcow2"), "-F", "qcow2", &file("thin.qcow2")]).await;
    make(&["-o", &format!("data_file={}", file("data")), &file("split.qcow2"), "1M"]).await;
    std::fs::write(directory.join("none.qcow2"), "no image").unwrap();
    for (source, why) in [
        ("local:import/thin.qcow2", "besides"),
        ("local:import/split.qcow2", "besides"),
        ("local:import/none.qcow2", "not in qcow2 format"),
        ("local:import/missing.qcow2", "does not exist"),
        ("local:iso/a.iso", "content type 'iso'"),
        ("/dev/null", "not a file or block device"),
    ] {
        let failed = host.create(108, &[("scsi0", &format!("local:0,import-from={source}"))]).await.unwrap_err();
        assert!(failed.to_string().contains(why), "{source}: {failed}");
        host.notes.take_back(&host.vms).await;
        assert!(host.images().is_empty() && host.vms.ids().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_stopped_leaves_nothing() {
    let host = Host::new().await;
    image(&host).await;
    host.notes.stopped.store(true, Ordering::Relaxed);
    let wish = "local:0,import-from=local:import/small.qcow2";
    let stopped = host.create(109, &[("scsi0", wish)]).await.unwrap_err();
    assert!(matches!(stopped, VmError::Cancelled), "{stopped}");
    host.notes.take_back(&host.vms).await;
    assert!(host.images().is_empty() && host.vms.ids().is_empty());
}

/// Prints the letter in its memory again and again; whatever is read on the serial port is written there first.
/// `mov dx,0x3fd; l: in al,dx; test al,1; jz p; mov dx,0x3f8; in al,dx; mov [0x7e00],al; p: mov dx,0x3f8;
/// mov al,[0x7e00]; out dx,al; mov dx,0x3fd; mov cx,0xffff; w: loop w; jmp l`
const REMEMBERS: &[u8] = &[
    0xba, 0xfd, 0x03, 0xec, 0xa8, 0x01, 0x74, 0x07, 0xba, 0xf8, 0x03, 0xec, 0xa2, 0x00, 0x7e, 0xba, 0xf8, 0x03, 0xa0,
    0x00, 0x7e, 0xee, 0xba, 0xfd, 0x03, 0xb9, 0xff, 0xff, 0xe2, 0xfe, 0xeb, 0xe3,
];

impl Host {
    /// Waits until a VM prints this letter on its serial port; tells it a letter until then if one is given.
    async fn hears(&self, vmid: u32, tell: Option<u8>, letter: u8) {
        use tokio::io::AsyncWriteExt as _;
        let mut serial = tokio::net::UnixStream::connect(self.vms.serial_socket(id(vmid), 0)).await.unwrap();
        let mut heard = None;
        let hear = async {
            let mut again = tokio::time::interval(Duration::from_millis(250));
            while heard != Some(letter) {
                tokio::select! {
                    said = serial.read_u8() => heard = Some(said.unwrap()),
                    // A letter that comes while the port changes hands is lost.
                    _ = again.tick(), if tell.is_some() => serial.write_all(&[tell.unwrap_or_default()]).await.unwrap(),
                }
            }
        };
        let done = tokio::time::timeout(Duration::from_secs(30), hear).await.is_ok();
        assert!(done, "VM {vmid} said {heard:?} last");
    }

    fn wish(name: &str, ram: bool) -> SnapshotWish {
        SnapshotWish { name: name.into(), description: Some("notes".into()), ram }
    }

    async fn create_with_qcow2(&self, vmid: u32, code: &[u8]) {
        let options = [
            ("memory", "16"),
            ("scsi0", "local:0.01,format=qcow2"),
            ("scsi1", "local:0.01,format=qcow2"),
            ("agent", "1"),
            ("scsihw", "virtio-scsi-pci"),
            ("serial0", "socket"),
            ("vga", "serial0"),
        ];
        self.create(vmid, &options).await.unwrap();
        let mut sector = code.to_vec();
        sector.resize(510, 0);
        sector.extend([0x55, 0xaa]);
        let path = self.disk(vmid, "scsi0").await;
        let raw = path.with_extension("boot");
        std::fs::write(&raw, sector).unwrap();
        let write = format!("write -s {} 0 512", raw.display());
        host::run::Run::new("qemu-io").args(["-f", "qcow2", "-c", &write]).arg(path).output().await.unwrap();
        std::fs::remove_file(raw).unwrap();
    }

    async fn disk(&self, vmid: u32, key: &str) -> std::path::PathBuf {
        let value = self.vms.get(id(vmid)).unwrap().file.main.get(key).unwrap().to_owned();
        let volume: VolumeId = value.split(',').next().unwrap().parse().unwrap();
        self.storages.resolve(&volume).await.unwrap()
    }

    /// The names of the snapshots in a disk that nobody uses.
    async fn kept(&self, vmid: u32, key: &str) -> Vec<String> {
        let path = self.disk(vmid, key).await;
        let output = host::run::Run::new("qemu-img").args(["info", "--output=json"]).arg(path).output().await.unwrap();
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        let all = told["snapshots"].as_array().into_iter().flatten();
        all.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn a_memory_that_was_kept_goes_on_where_it_was() {
    let host = Host::new().await;
    host.create_with_qcow2(150, REMEMBERS).await;
    host.start(150).await.unwrap();
    // Its first letter is none; what it is told before that, the firmware hears.
    host.hears(150, None, 0).await;
    host.hears(150, Some(b'A'), b'A').await;
    host.vms.snapshot(&host.notes, id(150), Host::wish("with-a", true)).await.unwrap();
    assert_eq!(host.vms.running(id(150)).unwrap().state(), "running");
    host.hears(150, Some(b'B'), b'B').await;
    host.vms.snapshot(&host.notes, id(150), Host::wish("with-b", false)).await.unwrap();
    // Nobody in the guest listens to it: the disks are kept all the same.
    let told = host.notes.lines.lock().unwrap().iter().any(|line| line.contains("file systems are not frozen"));
    assert!(told);
    let names: Vec<_> = host.vms.snapshots(id(150)).unwrap().into_iter().map(|s| (s.name, s.parent, s.ram)).collect();
    assert_eq!(names, [("with-a".into(), None, true), ("with-b".into(), Some("with-a".into()), false)]);
    assert!(host.images().contains(&"vm-150-state-with-a.raw".to_owned()));

    host.vms.rollback(&host.notes, id(150), "with-a", false).await.unwrap();
    let vm = host.vms.get(id(150)).unwrap();
    assert_eq!((vm.file.main.get("parent"), vm.file.main.get("lock")), (Some("with-a"), None));
    host.hears(150, None, b'A').await;

    // While it runs, QEMU removes them; afterwards there is nothing left in the files.
    host.vms.delete_snapshot(&host.notes, id(150), "with-a", false).await.unwrap();
    host.vms.delete_snapshot(&host.notes, id(150), "with-b", false).await.unwrap();
    assert!(!host.images().contains(&"vm-150-state-with-a.raw".to_owned()));
    host.vms.stop(&Quiet, id(150), false, None).await.unwrap();
    assert_eq!(host.kept(150, "scsi0").await, [""; 0]);
    host.vms.destroy(&host.notes, id(150), DestroyOptions::default()).await.unwrap();
    assert_eq!(host.images(), [""; 0]);
}

#[tokio::test]
async fn a_stopped_vm_goes_back_to_what_its_disks_held() {
    let host = Host::new().await;
    host.create_with_qcow2(151, PRINTS).await;
    host.vms.snapshot(&host.notes, id(151), Host::wish("first", false)).await.unwrap();
    assert_eq!(host.kept(151, "scsi1").await, ["first"]);
    let again = host.vms.snapshot(&host.notes, id(151), Host::wish("first", false)).await.unwrap_err();
    assert!(again.to_string().contains("already used"), "{again}");
    let write = ["-f", "qcow2", "-c", "write -P 7 0 512"];
    let path = host.disk(151, "scsi0").await;
    host::run::Run::new("qemu-io").args(write).arg(&path).output().await.unwrap();
    let update = Update { set: vec![("cores".into(), "2".into())], ..Update::default() };
    host.vms.update(&host.notes, id(151), update).await.unwrap();
    host.vms.rollback(&host.notes, id(151), "first", true).await.unwrap();
    host.hears(151, None, b'P').await;
    assert_eq!(host.vms.get(id(151)).unwrap().file.main.get("cores"), None);
    host.vms.stop(&Quiet, id(151), false, None).await.unwrap();
    let copied = CloneWish {
        newid: id(152),
        full: Some(true),
        name: None,
        description: None,
        storage: None,
        format: None,
        snapname: Some("first".into()),
        limit: None,
    };
    host.vms.clone_vm(&host.notes, id(151), copied).await.unwrap();
    assert_eq!(host.kept(152, "scsi0").await, [""; 0]);
    host.start(152).await.unwrap();
    host.hears(152, None, b'P').await;
}

#[tokio::test]
async fn a_snapshot_that_could_not_be_made_leaves_nothing_and_the_vm_goes_on() {
    let host = Host::new().await;
    host.create_with_qcow2(153, REMEMBERS).await;
    // One disk has a snapshot of that name already.
    let path = host.disk(153, "scsi1").await;
    host::run::Run::new("qemu-img").args(["snapshot", "-c", "taken"]).arg(&path).output().await.unwrap();
    let images = host.images();
    let before = host.vms.get(id(153)).unwrap().file.print();
    let failed = host.vms.snapshot(&host.notes, id(153), Host::wish("taken", false)).await.unwrap_err().to_string();
    assert!(failed.contains("has a snapshot 'taken' already"), "{failed}");
    host.notes.take_back(&host.vms).await;
    assert_eq!(host.vms.get(id(153)).unwrap().file.print(), before);
    assert_eq!((host.kept(153, "scsi0").await, host.kept(153, "scsi1").await), (vec![], vec!["taken".to_owned()]));

    host.start(153).await.unwrap();
    // Its first letter is none; what it is told before that, the firmware hears.
    host.hears(153, None, 0).await;
    host.hears(153, Some(b'A'), b'A').await;
    let failed = host.vms.snapshot(&host.notes, id(153), Host::wish("taken", true)).await.unwrap_err().to_string();
    assert!(failed.contains("taken"), "{failed}");
    host.notes.take_back(&host.vms).await;
    assert_eq!(host.vms.get(id(153)).unwrap().file.print(), before);
    assert_eq!(host.images(), images);
    host.hears(153, None, b'A').await;
    assert_eq!(host.vms.running(id(153)).unwrap().state(), "running");

    // Somebody stops the task in the middle.
    host.notes.stopped.store(true, Ordering::Relaxed);
    let failed = host.vms.snapshot(&host.notes, id(153), Host::wish("other", true)).await.unwrap_err().to_string();
    assert_eq!(failed, "received interrupt");
    host.notes.take_back(&host.vms).await;
    assert_eq!(host.vms.get(id(153)).unwrap().file.print(), before);
    host.hears(153, Some(b'C'), b'C').await;
}
