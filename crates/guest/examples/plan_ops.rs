//! How long it takes to make a VM's command line of its configuration's text, without a look at the host; one
//! `metric value unit` a line: `cargo run --release -p guest --example plan_ops`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use guest::config_file::{Dialect, GuestFile};
use guest::qemu::cmdline::{
    self, CommandLine, Devices, HostFacts, Image, Input, Places, PlanError, SpicePlace, Version,
};
use guest::qemu::config::Arch;
use guest::qemu::{file, passthrough::Resolved};

/// How long each figure is measured.
const SPAN: Duration = Duration::from_secs(2);

/// A VM as they are: UEFI, three disks, two cards, an agent, a screen and a CD.
const CONFIG: &str = "\
agent: 1
bios: ovmf
boot: order=scsi0;ide2
cores: 4
cpu: x86-64-v2-AES
efidisk0: local:100/vm-100-disk-0.raw,efitype=4m,size=528K
ide2: none,media=cdrom
machine: q35
memory: 8192
meta: creation-qemu=10.0.2,ctime=1700000000
name: web1
net0: virtio=BC:24:11:00:00:01,bridge=vmbr0
net1: virtio=BC:24:11:00:00:02,bridge=vmbr0,tag=20
ostype: l26
rng0: source=/dev/urandom
scsi0: local:100/vm-100-disk-1.qcow2,discard=on,iothread=1,size=32G,ssd=1
scsi1: local:100/vm-100-disk-2.qcow2,discard=on,iothread=1,size=100G
scsi2: local:100/vm-100-disk-3.raw,mbps_wr=100,size=100G
scsihw: virtio-scsi-single
serial0: socket
smbios1: uuid=01234567-890a-bcde-f012-34567890abcd
sockets: 2
tablet: 0
vmgenid: 01234567-890a-bcde-f012-34567890abce
";

fn host() -> HostFacts {
    HostFacts {
        node: "n1".into(),
        arch: Arch::X8664,
        qemu: Version::new(10, 0),
        qemu_text: "10.0.2".into(),
        patched: false,
        kvm: true,
        cpus: 8,
        cpu_vendor: "GenuineIntel".into(),
        phys_bits: 46,
        numa_nodes: 1,
        hugepages_mib: BTreeSet::from([2]),
        sev: None,
        tdx: false,
        no_emulator: None,
        no_gl: None,
        no_spice: None,
        devices: Devices::All,
        vhost_net: true,
        io_uring: true,
        bridge_mtu: BTreeMap::from([("vmbr0".into(), 1500)]),
        firmware_dir: "/usr/share/OVMF".into(),
        arm_firmware_dir: "/usr/share/AAVMF".into(),
        small_ovmf: true,
        splash: None,
        iscsi_initiator: None,
    }
}

fn places() -> Places {
    let place = |name: &str| PathBuf::from(format!("/run/pleiad/qemu/100.{name}"));
    Places {
        qmp: place("qmp"),
        vnc: place("vnc"),
        serial: [place("serial0"), place("serial1"), place("serial2"), place("serial3")],
        agent: place("qga"),
        pid: place("pid"),
        efi_vars: place("efivars"),
        spice: SpicePlace::Tls { address: "127.0.0.1".to_owned(), port: 61000 },
        tpm: place("swtpm"),
        virtiofs: place("virtiofs-"),
    }
}

/// From a file that was read to the command line.
fn plan(parsed: &GuestFile, facts: &HostFacts, places: &Places) -> Result<CommandLine, PlanError> {
    let config = file::view(&parsed.main);
    let image = |volume: &str| Image::file(Path::new("/var/lib/vz/images").join(volume), "qcow2");
    let images = file::volumes(&config).into_iter().map(|(drive, volume)| (drive, image(&volume))).collect();
    let input = Input {
        vmid: 100,
        config: &config,
        meta: parsed.main.get("meta"),
        images: &images,
        devices: &Resolved::default(),
        cpu_models: &BTreeMap::new(),
        facts,
        places,
    };
    cmdline::plan(&input)
}

/// Milliseconds that one turn takes: the middle of many rounds.
fn measure(mut turn: impl FnMut()) -> f64 {
    let begun = Instant::now();
    let mut rounds = Vec::new();
    while begun.elapsed() < SPAN {
        let started = Instant::now();
        for _ in 0..100 {
            turn();
        }
        rounds.push(started.elapsed());
    }
    rounds.sort_unstable();
    rounds.get(rounds.len() / 2).map_or(0.0, |round| round.as_secs_f64() * 10.0)
}

fn main() -> Result<(), PlanError> {
    let (facts, places) = (host(), places());
    let parsed = GuestFile::parse(Dialect::Qemu, CONFIG);
    plan(&parsed, &facts, &places)?;
    let text = measure(|| drop(std::hint::black_box(GuestFile::parse(Dialect::Qemu, CONFIG))));
    println!("qemu_read_config {text:.4} ms");
    let view = measure(|| drop(std::hint::black_box(file::view(&parsed.main))));
    println!("qemu_typed_config {view:.4} ms");
    let whole = measure(|| drop(std::hint::black_box(plan(&parsed, &facts, &places))));
    println!("qemu_command_line {:.4} ms", text + whole);
    Ok(())
}
