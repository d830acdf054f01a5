use super::*;
use crate::{
    config_file::{Dialect, GuestFile},
    qemu::file,
};

fn facts() -> HostFacts {
    HostFacts {
        qemu: Version::new(10, 0),
        patched: false,
        kvm: false,
        cpus: 8,
        cpu_vendor: "GenuineIntel".into(),
        vhost_net: true,
        io_uring: true,
        bridge_mtu: BTreeMap::from([("vmbr0".into(), 1400)]),
        firmware_dir: "/usr/share/OVMF".into(),
        small_ovmf: true,
        splash: None,
        iscsi_initiator: None,
    }
}

fn planned(text: &str, facts: &HostFacts) -> Result<CommandLine, PlanError> {
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
    };
    plan(&Input { vmid: 100, config: &config, meta: file.main.get("meta"), images: &images, facts, places: &places })
}

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
    assert!(refusal("machine: pc-i440fx-99.0\n").contains("too old to run machine type 'pc-i440fx-99.0'"));
    assert!(refusal("net0: virtio,bridge=vmbr0,mtu=9000\n").contains("bigger than the bridge MTU 1400"));
    assert!(refusal("vga: qxl\n").contains("not supported by this version yet"));
}
