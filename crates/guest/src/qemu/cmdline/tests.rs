use super::*;
use crate::{
    config_file::{Dialect, GuestFile},
    qemu::file,
};

pub(super) fn facts() -> HostFacts {
    HostFacts {
        node: "n1".into(),
        arch: Arch::X8664,
        qemu: Version::new(10, 0),
        qemu_text: "10.0.2".into(),
        patched: false,
        kvm: false,
        cpus: 8,
        cpu_vendor: "GenuineIntel".into(),
        phys_bits: 46,
        numa_nodes: 1,
        hugepages_mib: BTreeSet::from([2]),
        sev: None,
        tdx: false,
        no_emulator: Some("QEMU for it is missing".into()),
        no_gl: Some("it has no graphics card to render on".into()),
        no_spice: None,
        devices: Devices::Only(BTreeSet::from(["/dev/ttyS0".into()])),
        vhost_net: true,
        io_uring: true,
        bridge_mtu: BTreeMap::from([("vmbr0".into(), 1400)]),
        firmware_dir: "/usr/share/OVMF".into(),
        arm_firmware_dir: "/usr/share/AAVMF".into(),
        small_ovmf: true,
        splash: None,
        iscsi_initiator: None,
    }
}

pub(super) fn planned(text: &str, facts: &HostFacts) -> Result<CommandLine, PlanError> {
    with_input(text, facts, plan)
}

/// Plans something for a configuration with an image for each drive and a device for each `hostpciN`.
pub(super) fn with_input<T>(
    text: &str,
    facts: &HostFacts,
    planned: impl FnOnce(&Input<'_>) -> Result<T, PlanError>,
) -> Result<T, PlanError> {
    let file = GuestFile::parse(Dialect::Qemu, text);
    let config = file::view(&file.main);
    let images = file::volumes(&config)
        .into_iter()
        .map(|(id, volume)| (id, Image::file(format!("/images/{volume}"), "qcow2")))
        .collect();
    let place = |name: &str| PathBuf::from(format!("/run/100.{name}"));
    let places = Places {
        qmp: place("qmp"),
        vnc: place("vnc"),
        serial: ["serial0", "serial1", "serial2", "serial3"].map(place),
        agent: place("qga"),
        pid: place("pid"),
        efi_vars: place("efivars"),
        spice: SpicePlace::Socket(place("spice")),
        tpm: place("swtpm"),
        virtiofs: place("virtiofs-"),
    };
    let devices = Resolved::elsewhere(&config);
    let cpu_models = crate::qemu::cpu_models::parse(MODELS);
    planned(&Input {
        vmid: 100,
        config: &config,
        meta: file.main.get("meta"),
        images: &images,
        devices: &devices,
        cpu_models: &cpu_models,
        facts,
        places: &places,
    })
}

/// A processor model of the cluster's own.
const MODELS: &str = "cpu-model: mine\n\treported-model athlon\n\tflags +aes;-kvm_pv_unhalt\n\tphys-bits 40\n";

/// One option a line, as `qm showcmd --pretty` does.
fn shown(text: &str, facts: &HostFacts) -> String {
    let line = planned(text, facts).unwrap();
    let lines = line.options.iter().map(|(option, value)| match value {
        Some(value) => format!("{option} {value}"),
        None => option.clone(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn refusal(text: &str) -> String {
    planned(text, &facts()).unwrap_err().to_string()
}

#[test]
fn a_small_vm() {
    let text = "memory: 64\nscsi0: local:a.qcow2,iothread=1,discard=on\nscsihw: virtio-scsi-single\nserial0: socket\n\
                net0: virtio=BC:24:11:00:00:01,bridge=vmbr0\nboot: order=scsi0;net0\nname: small\nvga: serial0\n";
    insta::assert_snapshot!(shown(text, &facts()), @r#"
    -name small,debug-threads=on
    -no-shutdown
    -chardev socket,id=qmp,path=/run/100.qmp,server=on,wait=off
    -mon chardev=qmp,mode=control
    -pidfile /run/100.pid
    -smp 1,sockets=1,cores=1,maxcpus=1
    -nodefaults
    -boot menu=on,strict=on,reboot-timeout=1000
    -cpu qemu64
    -m 64
    -chardev socket,id=serial0,path=/run/100.serial0,server=on,wait=off
    -nographic
    -object iothread,id=iothread-virtioscsi0
    -object {"qom-type":"throttle-group","id":"throttle-drive-scsi0","limits":{}}
    -blockdev {"driver":"throttle","node-name":"drive-scsi0","read-only":false,"discard":"unmap","detect-zeroes":"unmap","throttle-group":"throttle-drive-scsi0","file":{"driver":"qcow2","node-name":"format-scsi0","read-only":false,"discard":"unmap","detect-zeroes":"unmap","cache":{"direct":true,"no-flush":false},"file":{"driver":"file","node-name":"file-scsi0","read-only":false,"discard":"unmap","detect-zeroes":"unmap","cache":{"direct":true,"no-flush":false},"aio":"io_uring","filename":"/images/local:a.qcow2"}}}
    -netdev type=tap,id=net0,ifname=tap100i0,script=no,downscript=no,vhost=on
    -global PIIX4_PM.disable_s3=1
    -global PIIX4_PM.disable_s4=1
    -device pci-bridge,id=pci.1,chassis_nr=1,bus=pci.0,addr=0x1e
    -device pci-bridge,id=pci.2,chassis_nr=2,bus=pci.0,addr=0x1f
    -device pci-bridge,id=pci.3,chassis_nr=3,bus=pci.0,addr=0x5
    -device piix3-usb-uhci,id=uhci,bus=pci.0,addr=0x1.0x2
    -device isa-serial,chardev=serial0
    -device virtio-balloon-pci,id=balloon0,bus=pci.0,addr=0x3,free-page-reporting=on
    -device virtio-scsi-pci,id=virtioscsi0,bus=pci.3,addr=0x1,iothread=iothread-virtioscsi0
    -device scsi-hd,bus=virtioscsi0.0,channel=0,scsi-id=0,lun=0,drive=drive-scsi0,id=scsi0,device_id=drive-scsi0,bootindex=100,write-cache=on
    -device virtio-net-pci,mac=BC:24:11:00:00:01,netdev=net0,bus=pci.0,addr=0x12,id=net0,bootindex=101,rx_queue_size=1024,tx_queue_size=256,host_mtu=1400
    -machine type=pc,accel=tcg,smm=off
    "#);
}

#[test]
fn where_kvm_runs_guests_it_is_used_unless_switched_off() {
    let kvm = HostFacts { kvm: true, ..facts() };
    let cpu = |text: &str, facts: &HostFacts| {
        let line = planned(text, facts).unwrap();
        line.options.into_iter().find(|(option, _)| option == "-cpu").unwrap().1.unwrap()
    };
    assert_eq!(cpu("cpu: host\n", &kvm), "host,+kvm_pv_eoi,+kvm_pv_unhalt");
    assert_eq!(cpu("", &kvm), "kvm64,enforce,+kvm_pv_eoi,+kvm_pv_unhalt,+lahf_lm,+sep");
    assert_eq!(cpu("cpu: host\n", &facts()), "max");
    assert_eq!(cpu("kvm: 0\n", &kvm), "qemu64");
    assert!(shown("", &kvm).contains("-accel kvm"));
    assert!(shown("kvm: 0\n", &kvm).contains("accel=tcg"));
}

#[test]
fn a_machine_version_freezes_what_the_guest_sees() {
    let old = shown("machine: pc-i440fx-6.1\nnet0: virtio=BC:24:11:00:00:01,bridge=vmbr0\n", &facts());
    assert!(old.contains("type=pc-i440fx-6.1,"), "{old}");
    assert!(!old.contains("free-page-reporting") && !old.contains("rx_queue_size"), "{old}");
    let pinned = shown("machine: q35\nostype: win11\nmeta: creation-qemu=9.2.0,ctime=1\n", &facts());
    assert!(pinned.contains("type=pc-q35-9.2,"), "{pinned}");
}

#[test]
fn what_cannot_run_is_refused_with_a_reason() {
    assert_eq!(refusal("cores: 9\n"), "MAX 8 vcpus allowed per VM on this node");
    assert!(
        refusal("machine: pc-i440fx-99.0\n")
            .contains("too old to run machine type 'pc-i440fx-99.0+pve0', please upgrade node 'n1'")
    );
    assert!(refusal("net0: virtio,bridge=vmbr0,mtu=9000\n").contains("bigger than the bridge MTU 1400"));
    for (text, reason) in [
        ("vga: virtio-gl\n", "no graphics card"),
        ("cpu: custom-other\n", "'other' not found"),
        ("hugepages: 1024\nnuma: 1\nmemory: 2048\n", "your system doesn't support hugepages of 1024 MB"),
        ("hugepages: 2\n", "numa needs to be enabled to use hugepages"),
        ("hugepages: 2\nnuma: 1\nsockets: 2\n", "host NUMA node1 doesn't exist"),
        ("hotplug: memory\n", "NUMA needs to be enabled for memory hotplug"),
        ("hotplug: memory\nnuma: 1\nmemory: 1100\n", "memory size (1100) must be aligned to 512 for hotplugging"),
        ("numa: 1\nnuma0: cpus=0,memory=256\n", "total memory for NUMA nodes must be equal"),
        ("amd-sev: es\nbios: ovmf\n", "AMD SEV-ES is not supported by this host"),
        ("intel-tdx: tdx,attestation=0\nbios: ovmf\n", "Intel TDX is not supported"),
        ("hostpci0: 01:00.0,pcie=1\n", "q35 machine model is not enabled"),
        ("hostpci0: 00:02.0,legacy-igd=1\n", "requires VGA mode to be 'none'"),
        ("serial0: /dev/ttyS9\n", "no such serial device: /dev/ttyS9"),
        (
            "usb5: 1d6b:0002\nmachine: pc-i440fx-6.0\nostype: l26\n",
            "using usb5 is only possible with machine type >= 7.1",
        ),
        ("machine: pc,viommu=intel\n", "please set the machine type to q35"),
        ("machine: virt\n", "does not exist for architecture 'x86_64'"),
        ("vga: none,clipboard=vnc\n", "no display that a clipboard could be shared with"),
        ("machine: pc-i440fx-4.0\nscsi14: none,media=cdrom\n", "4.1+pve2 or higher is required"),
    ] {
        let refused = refusal(text);
        assert!(refused.contains(reason), "{text}: {refused}");
    }
}

#[test]
fn a_revision_that_is_not_known_is_refused() {
    let refused = |machine: &str| planned(&format!("machine: {machine}\n"), &facts()).unwrap_err().to_string();
    let text = refused("pc-q35-4.1+pve77");
    assert!(text.contains("max feature level for 4.1 is pve2") && text.contains("'pc-q35-4.1+pve77'"), "{text}");
    assert!(refused("pc-q35-6.0+pve1").contains("max feature level for 6.0 is pve0"));
    assert!(planned("machine: pc-q35-4.1+pve2\n", &facts()).is_ok());
}
