//! Changes of a VM that runs, on a real QEMU (emulated). There is no guest that would let go of anything: what needs
//! its help is refused here, and seen in `tests/e2e/test_hotplug.py`.
#![allow(clippy::unwrap_used)] // helpers of tests

use std::{sync::Arc, time::Duration};

use guest::qemu::{Create, StartOptions, Update, VmError, Vms, progress::Quiet};
use host::paths::Paths;
use schema::{NodeName, Vmid};
use serde_json::{Value, json};
use storage::Storages;
use store::{SqliteStore, Store};

struct Host {
    _directory: tempfile::TempDir,
    paths: Paths,
    vms: Vms,
    id: Vmid,
}

/// A test that fails must not leave machines running.
impl Drop for Host {
    fn drop(&mut self) {
        for vmid in self.vms.ids() {
            if let Some(running) = self.vms.running(vmid) {
                running.process.kill().unwrap();
            }
        }
    }
}

impl Host {
    /// Each test has an ID of its own: systemd's scopes are named by it, and the machine has one of each name.
    async fn of(vmid: u32, options: &[(&str, &str)]) -> Self {
        let id = Vmid::new(vmid).unwrap();
        let directory = tempfile::Builder::new().prefix("plh").tempdir().unwrap();
        let paths = Paths::new(directory.path()).unwrap();
        let node: NodeName = "n1".parse().unwrap();
        let store: Arc<dyn Store> = Arc::new(SqliteStore::temporary().unwrap());
        let storages = Storages::new(Arc::new(paths.clone()), store.clone(), node.clone());
        storages.start().await;
        let vms = Vms::open(paths.clone(), node, store, storages).await.unwrap();
        let all = [("memory", "32"), ("serial0", "socket"), ("vga", "serial0")];
        let given = |key: &str| options.iter().any(|(other, _)| *other == key);
        let options = all
            .iter()
            .filter(|(key, _)| !given(key))
            .chain(options)
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        vms.create(&Quiet, id, Create { options, ..Create::default() }).await.unwrap();
        Self { _directory: directory, paths, vms, id }
    }

    async fn start(&self) {
        self.vms.start(&Quiet, self.id, StartOptions::default()).await.unwrap();
    }

    async fn set(&self, key: &str, value: &str) -> Result<(), VmError> {
        let set = vec![(key.to_owned(), value.to_owned())];
        self.vms.update(&Quiet, self.id, Update { set, ..Update::default() }).await
    }

    async fn delete(&self, key: &str, force: bool) -> Result<(), VmError> {
        let delete = vec![key.to_owned()];
        self.vms.update(&Quiet, self.id, Update { delete, force, ..Update::default() }).await
    }

    async fn ask(&self, command: &str, arguments: Value) -> Value {
        let running = self.vms.running(self.id).unwrap();
        running.call(command, arguments, Duration::from_secs(10)).await.unwrap()
    }

    async fn below(&self, path: &str) -> Vec<String> {
        let list = self.ask("qom-list", json!({ "path": path })).await;
        list.as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap().to_owned()).collect()
    }

    /// The drives that QEMU has: device and file.
    async fn blocks(&self) -> Vec<(String, String)> {
        let list = self.ask("query-block", json!({})).await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let drives = list.as_array().unwrap().iter();
        drives.map(|drive| (text(&drive["qdev"]), text(&drive["inserted"]["image"]["filename"]))).collect()
    }

    async fn nodes(&self) -> String {
        self.ask("query-named-block-nodes", json!({ "flat": true })).await.to_string()
    }

    fn value(&self, key: &str) -> Option<String> {
        self.vms.get(self.id).unwrap().file.main.get(key).map(str::to_owned)
    }

    fn waiting(&self, key: &str) -> Option<String> {
        self.vms.get(self.id).unwrap().file.pending.get(key).map(str::to_owned)
    }

    fn images(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.paths.join("var/lib/vz/images").join(self.id.to_string())) else {
            return Vec::new();
        };
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scsi_disk_comes_and_goes() {
    let host = Host::of(140, &[("scsihw", "virtio-scsi-pci"), ("scsi0", "local:0.0078125")]).await;
    host.start().await;
    host.set("scsi1", "local:0.0078125,format=qcow2,ssd=1,serial=extra,mbps_rd=3,wwn=0x5000c50015ea71aa")
        .await
        .unwrap();
    assert!(host.blocks().await.iter().any(|(device, _)| device == "scsi1"));
    let there = host.below("/machine/peripheral").await;
    assert!(there.contains(&"scsi1".to_owned()) && there.contains(&"scsihw0".to_owned()), "{there:?}");
    let limits = host.ask("qom-get", json!({ "path": "/objects/throttle-drive-scsi1", "property": "limits" })).await;
    assert_eq!(limits["bps-read"], json!(3 << 20));
    assert!(host.value("scsi1").unwrap().starts_with("local:140/vm-140-disk-1.qcow2,"));
    assert_eq!(host.waiting("scsi1"), None);

    // What is plugged is what a start gives: stopping and starting changes nothing that the guest sees.
    host.delete("scsi1", false).await.unwrap();
    assert!(!host.blocks().await.iter().any(|(device, _)| device == "scsi1"));
    assert!(!host.nodes().await.contains("scsi1"));
    assert!(!host.below("/objects").await.contains(&"throttle-drive-scsi1".to_owned()));
    assert_eq!(host.value("unused0").as_deref(), Some("local:140/vm-140-disk-1.qcow2"));

    host.set("scsi2", "local:140/vm-140-disk-1.qcow2").await.unwrap();
    assert_eq!(host.value("unused0"), None);
    host.delete("scsi2", true).await.unwrap();
    assert_eq!(host.images(), ["vm-140-disk-0.raw"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_is_replaced_by_another() {
    let host =
        Host::of(141, &[("scsihw", "virtio-scsi-pci"), ("scsi0", "local:0.0078125"), ("scsi1", "local:0.0078125")])
            .await;
    host.start().await;
    host.set("scsi1", "local:0.0078125,format=raw").await.unwrap();
    let files = host.blocks().await;
    assert!(files.iter().any(|(device, file)| device == "scsi1" && file.contains("disk-2")), "{files:?}");
    assert_eq!(host.value("unused0").as_deref(), Some("local:141/vm-141-disk-1.raw"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_guest_does_not_let_go_stays_and_waits() {
    let host = Host::of(142, &[("virtio0", "local:0.0078125"), ("freeze", "1")]).await;
    host.start().await;
    host.set("virtio1", "local:0.0078125,iothread=1").await.unwrap();
    assert!(host.below("/objects").await.contains(&"iothread-virtio1".to_owned()));
    let refused = host.delete("virtio1", false).await.unwrap_err();
    let VmError::Hotplug(problems) = refused else { panic!("{refused}") };
    assert!(
        problems["virtio1"].starts_with("hotplug problem - error on hot-unplugging device 'virtio1'"),
        "{problems:?}"
    );
    let vm = host.vms.get(host.id).unwrap();
    assert_eq!(vm.file.pending.get("delete"), Some("virtio1"));
    assert!(vm.file.main.contains("virtio1"));
    assert!(host.blocks().await.iter().any(|(device, _)| device.contains("virtio1")));
    // It has gone at the end.
    host.vms.stop(&Quiet, host.id, false, None).await.unwrap();
    assert_eq!(host.value("virtio1"), None);
    assert_eq!(host.value("unused0").as_deref(), Some("local:142/vm-142-disk-1.raw"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_guest_lets_go_of_late_goes_then() {
    let host = Host::of(143, &[("virtio0", "local:0.0078125"), ("freeze", "1")]).await;
    host.start().await;
    host.set("virtio1", "local:0.0078125").await.unwrap();
    host.delete("virtio1", true).await.unwrap_err();
    assert!(host.value("virtio1").is_some());
    // A reset lets go of everything that was asked for.
    host.vms.reset(host.id, false).await.unwrap();
    host.vms.resume(&Quiet, host.id, false).await.unwrap();
    let gone = async {
        while host.value("virtio1").is_some() || host.images().len() > 1 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone).await.expect("it has gone from the configuration");
    assert!(!host.nodes().await.contains("virtio1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tablet_comes_and_goes() {
    let host = Host::of(144, &[("tablet", "0")]).await;
    host.start().await;
    host.set("tablet", "1").await.unwrap();
    assert!(host.below("/machine/peripheral").await.contains(&"tablet".to_owned()));
    host.set("tablet", "0").await.unwrap();
    assert!(!host.below("/machine/peripheral").await.contains(&"tablet".to_owned()));
    host.set("hotplug", "disk").await.unwrap();
    host.set("tablet", "1").await.unwrap();
    assert_eq!(host.waiting("tablet").as_deref(), Some("1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn usb_ports_of_the_viewer_come_and_go() {
    let host = Host::of(145, &[("vga", "qxl"), ("ostype", "l26")]).await;
    if let Err(why) = host.vms.start(&Quiet, host.id, StartOptions::default()).await {
        assert!(why.to_string().contains("qemu-system-modules-spice"), "{why}");
        eprintln!("skipped: {why}");
        return;
    }
    host.set("usb0", "spice").await.unwrap();
    host.set("usb3", "spice,usb3=1").await.unwrap();
    let there = host.below("/machine/peripheral").await;
    for id in ["xhci", "usbredirdev0", "usbredirdev3"] {
        assert!(there.iter().any(|name| name == id), "{id} in {there:?}");
    }
    host.delete("usb0", false).await.unwrap();
    assert!(!host.below("/machine/peripheral").await.contains(&"usbredirdev0".to_owned()));
    assert!(!host.ask("query-chardev", json!({})).await.to_string().contains("usbredirchardev0"));
    // QEMU waits for a device of the host that is not there yet.
    host.set("usb1", "host=1234:5678").await.unwrap();
    assert!(host.below("/machine/peripheral").await.contains(&"usb1".to_owned()));
    assert_eq!(host.waiting("usb1"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn processors_and_memory_come() {
    let options = [("hotplug", "cpu,memory"), ("numa", "1"), ("cores", "2"), ("vcpus", "1"), ("freeze", "1")];
    let host = Host::of(146, &options).await;
    host.set("memory", "1024").await.unwrap();
    host.start().await;
    let processors = async || host.ask("query-cpus-fast", json!({})).await.as_array().unwrap().len();
    let bytes = async || host.ask("query-memory-size-summary", json!({})).await["plugged-memory"].clone();
    assert_eq!((processors().await, bytes().await), (1, json!(0)));
    host.set("vcpus", "2").await.unwrap();
    assert_eq!(processors().await, 2);
    assert_eq!(host.waiting("vcpus"), None);
    host.set("memory", "2048").await.unwrap();
    assert_eq!(bytes().await, json!(1_u64 << 30));
    assert!(host.below("/machine/peripheral").await.contains(&"dimm1".to_owned()));
    assert_eq!(host.value("memory").as_deref(), Some("2048"));

    // What no modules add up to is refused as a whole.
    let odd = host.set("memory", "2100").await.unwrap_err().to_string();
    assert!(odd.contains("memory: hotplug problem - ") && odd.contains("aligned to 512"), "{odd}");
    // The guest stands still: nothing is released, and nothing is lost.
    assert!(host.set("memory", "1536").await.is_err());
    assert_eq!(bytes().await, json!(1_u64 << 30));
    assert_eq!((host.value("memory").as_deref(), host.waiting("memory").as_deref()), (Some("2048"), Some("1536")));
    host.set("hotplug", "network").await.unwrap();
    assert_eq!(host.waiting("hotplug").as_deref(), Some("network"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_qemu_refuses_leaves_nothing_behind() {
    let host = Host::of(147, &[("scsihw", "virtio-scsi-single"), ("scsi0", "local:0.0078125")]).await;
    host.start().await;
    let before = host.below("/objects").await;
    // No such number of queues: the controller is refused after its thread was made.
    let refused = host.set("scsi1", "local:0.0078125,iothread=1,queues=100000").await.unwrap_err();
    assert!(refused.to_string().contains("scsi1: hotplug problem - "), "{refused}");
    assert_eq!(host.below("/objects").await, before);
    assert!(!host.nodes().await.contains("drive-scsi1"));
    assert!(host.waiting("scsi1").is_some() && host.value("scsi1").is_none());
    let revert = Update { revert: vec!["scsi1".into()], ..Update::default() };
    host.vms.update(&Quiet, host.id, revert).await.unwrap();
    assert_eq!((host.waiting("scsi1"), host.value("unused0").is_some()), (None, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_and_media_change_on_every_bus() {
    let host = Host::of(148, &[("ide0", "local:0.0078125,mbps=9"), ("ide2", "none,media=cdrom")]).await;
    host.set("hotplug", "0").await.unwrap();
    let isos = host.paths.join("var/lib/vz/template/iso");
    std::fs::create_dir_all(&isos).unwrap();
    for name in ["a", "b"] {
        std::fs::write(isos.join(format!("{name}.iso")), vec![0; 1 << 20]).unwrap();
    }
    host.start().await;

    let disk = host.value("ide0").unwrap();
    host.set("ide0", &disk.replace("mbps=9", "iops_wr=50,iops_wr_max=70")).await.unwrap();
    let limits = host.ask("qom-get", json!({ "path": "/objects/throttle-drive-ide0", "property": "limits" })).await;
    assert_eq!((&limits["bps-total"], &limits["iops-write"]), (&json!(0), &json!(50)));
    assert!(host.waiting("ide0").is_none());

    let medium = async || {
        let drives = host.blocks().await;
        drives.into_iter().find(|(device, _)| device.contains("ide2")).unwrap().1
    };
    host.set("ide2", "local:iso/a.iso,media=cdrom").await.unwrap();
    assert!(medium().await.contains("a.iso"));
    // The medium in the drive may be gone from the storage.
    std::fs::remove_file(isos.join("a.iso")).unwrap();
    host.set("ide2", "local:iso/b.iso,media=cdrom").await.unwrap();
    assert!(medium().await.contains("b.iso"));
    let missing = host.set("ide2", "local:iso/missing.iso,media=cdrom").await.unwrap_err();
    assert!(matches!(missing, VmError::Parameter { .. }), "{missing}");
    host.set("ide2", "none,media=cdrom").await.unwrap();
    assert_eq!(medium().await, "");
    assert_eq!(host.value("ide2").as_deref(), Some("none,media=cdrom"));

    // An image of nothing is refused by QEMU: the old medium comes back.
    host.set("ide2", "local:iso/b.iso,media=cdrom").await.unwrap();
    std::fs::write(isos.join("b.iso"), vec![0; 1 << 20]).unwrap();
    host.set("ide0", &format!("{},ssd=1", host.value("ide0").unwrap())).await.unwrap();
    assert!(host.waiting("ide0").unwrap().contains("ssd=1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_medium_changes_while_the_guest_closes_the_drive() {
    let host = Host::of(149, &[("ide2", "none,media=cdrom"), ("freeze", "1")]).await;
    let isos = host.paths.join("var/lib/vz/template/iso");
    std::fs::create_dir_all(&isos).unwrap();
    std::fs::write(isos.join("a.iso"), vec![0; 1 << 20]).unwrap();
    host.start().await;
    // A reset of the machine closes every drive, as the firmware's reset of a bus does.
    let changes = async {
        for _ in 0..10 {
            host.set("ide2", "local:iso/a.iso,media=cdrom").await.unwrap();
            host.set("ide2", "none,media=cdrom").await.unwrap();
        }
    };
    let resets = async {
        loop {
            host.ask("system_reset", json!({})).await;
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::select! {
        () = changes => {}
        () = resets => {}
    }
}

/// A bridge that lasts as long as this.
struct Bridge(String);

impl Bridge {
    async fn new(letter: char) -> Option<Self> {
        let name = format!("plh{letter}{}", std::process::id() % 100_000);
        let made = host::run::Run::new("ip").args(["link", "add", &name, "up", "type", "bridge"]).output().await;
        if let Err(why) = &made {
            eprintln!("skipped: no bridge can be made here: {why}");
        }
        made.ok().map(|_| Self(name))
    }
}

#[allow(clippy::disallowed_methods)] // a drop cannot wait for our own way to start programs
impl Drop for Bridge {
    fn drop(&mut self) {
        std::process::Command::new("ip").args(["link", "del", &self.0]).status().unwrap();
    }
}

fn bridge_of(tap: &str) -> Option<String> {
    let link = std::fs::read_link(format!("/sys/class/net/{tap}/master")).ok()?;
    Some(link.file_name()?.to_string_lossy().into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_come_and_move_to_other_bridges() {
    let (Some(one), Some(other)) = (Bridge::new('a').await, Bridge::new('b').await) else { return };
    // Taps are the machine's, not the test's.
    let vmid = 500_000 + std::process::id() % 100_000;
    let host = Host::of(vmid, &[("net0", "virtio,macaddr=BC:24:11:00:00:01"), ("freeze", "1")]).await;
    host.start().await;
    let tap = format!("tap{vmid}i1");
    host.set("net1", &format!("virtio=BC:24:11:00:00:02,bridge={},link_down=1", one.0)).await.unwrap();
    assert_eq!(bridge_of(&tap).as_ref(), Some(&one.0));
    assert!(host.below("/machine/peripheral").await.contains(&"net1".to_owned()));
    assert_eq!(host.waiting("net1"), None);

    host.set("net1", &format!("virtio=BC:24:11:00:00:02,bridge={}", other.0)).await.unwrap();
    assert_eq!(bridge_of(&tap).as_ref(), Some(&other.0));
    let vlan = host.set("net1", &format!("virtio=BC:24:11:00:00:02,bridge={},tag=7", one.0)).await.unwrap_err();
    assert!(vlan.to_string().contains("net1: hotplug problem - no physical interface"), "{vlan}");
    assert_eq!(bridge_of(&tap).as_ref(), Some(&other.0));
    assert!(host.waiting("net1").unwrap().contains("tag=7"));

    let missing = host.set("net2", "virtio=BC:24:11:00:00:03,bridge=nobr9").await.unwrap_err();
    assert!(missing.to_string().contains("bridge 'nobr9' does not exist"), "{missing}");
    // The guest stands still, so it does not let go.
    let kept = host.delete("net1", false).await.unwrap_err();
    assert!(kept.to_string().contains("net1: "), "{kept}");
    assert_eq!(bridge_of(&tap).as_ref(), Some(&other.0));
    host.vms.stop(&Quiet, host.id, false, None).await.unwrap();
    assert_eq!((host.value("net1"), bridge_of(&tap)), (None, None));
}
