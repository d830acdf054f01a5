//! Hardware that is more than a line in a file: processors as guests see them, SPICE with its channels, a TPM that is
//! kept with its VM.

use guest::qemu::Hardware;

use super::*;
use crate::btrfs::Btrfs;

/// Prints the processor's name (48 bytes), whether it has AES, and `#`.
const NAMES_CPU: &[u8] = &[
    0x31, 0xc0, 0x8e, 0xd8, 0x8e, 0xc0, // xor ax, ax; mov ds, ax; mov es, ax
    0xbf, 0x00, 0x7e, 0x66, 0xbe, 0x02, 0x00, 0x00, 0x80, // mov di, 0x7e00; mov esi, 0x80000002
    0x66, 0x89, 0xf0, 0x0f, 0xa2, // again: mov eax, esi; cpuid
    0x66, 0x89, 0x05, 0x66, 0x89, 0x5d, 0x04, // mov [di], eax; mov [di+4], ebx
    0x66, 0x89, 0x4d, 0x08, 0x66, 0x89, 0x55, 0x0c, // mov [di+8], ecx; mov [di+12], edx
    0x83, 0xc7, 0x10, 0x66, 0x46, // add di, 16; inc esi
    0x66, 0x81, 0xfe, 0x05, 0x00, 0x00, 0x80, 0x75, 0xde, // cmp esi, 0x80000005; jne again
    0x66, 0xb8, 0x01, 0x00, 0x00, 0x00, 0x0f, 0xa2, // mov eax, 1; cpuid
    0x66, 0xc1, 0xe9, 0x19, 0x80, 0xe1, 0x01, 0x80, 0xc1, b'0', // shr ecx, 25; and cl, 1; add cl, '0'
    0x88, 0x0d, 0xbe, 0x00, 0x7e, 0xb9, 0x31, 0x00, // mov [di], cl; mov si, 0x7e00; mov cx, 49
    0xba, 0xf8, 0x03, 0xac, 0xee, 0xe2, 0xfc, // mov dx, 0x3f8; next: lodsb; out dx, al; loop next
    0xb0, b'#', 0xee, 0xf4, 0xeb, 0xfd, // mov al, '#'; out dx, al; hlt; jmp $-1
];

impl Host {
    /// Starts a VM that waits, and returns what its guest prints of its processor.
    async fn cpu_of(&self, vmid: u32, hardware: Hardware) -> String {
        let options = StartOptions { hardware, ..StartOptions::default() };
        self.vms.start(&self.notes, id(vmid), options).await.unwrap();
        let mut serial = tokio::net::UnixStream::connect(self.vms.serial_socket(id(vmid), 0)).await.unwrap();
        self.vms.resume(&self.notes, id(vmid), false).await.unwrap();
        let mut seen = Vec::new();
        let reading = async {
            while !seen.contains(&b'#') {
                seen.push(serial.read_u8().await.unwrap());
            }
        };
        let printed = tokio::time::timeout(Duration::from_secs(60), reading).await;
        assert!(printed.is_ok(), "the guest printed only {:?}", String::from_utf8_lossy(&seen));
        let name = String::from_utf8_lossy(&seen[seen.len() - 50..seen.len() - 1]).replace('\0', "");
        self.vms.stop(&self.notes, id(vmid), false, None).await.unwrap();
        name
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_sees_the_processor_that_it_shall_see() {
    let host = Host::new().await;
    let models = "cpu-model: mine\n\tflags +aes\n\treported-model Nehalem\n";
    host.store.commit(store::Txn::new().put("virtual-guest/cpu-models.conf", models)).await.unwrap();
    host.create_booting(110, NAMES_CPU).await;
    let set = vec![("cpu".into(), "custom-mine".into()), ("freeze".into(), "1".into())];
    host.vms.update(&host.notes, id(110), Update { set, ..Update::default() }).await.unwrap();

    // Nehalem itself has no AES.
    let own = host.cpu_of(110, Hardware::default()).await;
    assert_eq!(own, "Intel Core i7 9xx (Nehalem Class Core i7)1");

    let hardware = Hardware { cpu: Some("Westmere,-aes".into()), machine: Some("q35".into()), nets_host_mtu: None };
    let forced = host.cpu_of(110, hardware).await;
    assert!(forced.starts_with("Westmere E56xx") && forced.ends_with('0'), "{forced}");
    let file = host.vms.get(id(110)).unwrap().file.main.clone();
    assert_eq!((file.get("cpu"), file.get("machine")), (Some("custom-mine"), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn spice_has_folders_streams_and_usb() {
    let host = Host::new().await;
    let options = [
        ("memory", "32"),
        ("vga", "qxl"),
        ("usb0", "spice"),
        ("usb1", "spice,usb3=1"),
        ("audio0", "device=ich9-intel-hda,driver=spice"),
        ("spice_enhancements", "foldersharing=1,videostreaming=all"),
        ("ostype", "l26"),
        ("machine", "q35"),
    ];
    host.create(111, &options).await.unwrap();
    if let Err(error) = host.start(111).await {
        assert!(error.to_string().contains("SPICE cannot be used"), "{error}");
        eprintln!("skipped: {error}");
        return;
    }
    let ask = async |command: &str| host.vms.monitor(id(111), command).await.unwrap();
    let backends = ask("info chardev").await;
    for backend in ["vdagent", "foldershare", "usbredirchardev0", "usbredirchardev1"] {
        assert!(backends.lines().any(|line| line.starts_with(&format!("{backend}: "))), "{backend}: {backends}");
    }
    let tree = ask("info qtree").await;
    for device in ["dev: qxl-vga", "dev: usb-redir", "dev: hda-", "org.spice-space.webdav.0", "com.redhat.spice.0"] {
        assert!(tree.contains(device), "{device}: {tree}");
    }
    let spice = ask("info spice").await;
    assert!(spice.contains("Server:") && !spice.contains("disabled"), "{spice}");
    assert!(host.vms.spice_socket(id(111)).is_some_and(|socket| socket.exists()));
    let line = host.vms.showcmd(id(111), None).await.unwrap().join(" ");
    assert!(line.contains("streaming-video=all"), "{line}");
    host.vms.stop(&host.notes, id(111), false, None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tpm_is_kept_with_its_vm() {
    let Some(place) = Btrfs::new().await else {
        eprintln!("skipped: no BTRFS on this machine");
        return;
    };
    let host = Host::new().await;
    let text = format!("btrfs: keeps\n\tpath {}\n\tcontent images\n", place.mounted().display());
    host.store.commit(store::Txn::new().put("storage.cfg", text)).await.unwrap();
    let options = [("memory", "16"), ("tpmstate0", "keeps:1,version=v2.0"), ("machine", "q35")];
    host.create(112, &options).await.unwrap();
    let state = host.disk(112, "tpmstate0").await;
    host.start(112).await.unwrap();
    let wish = SnapshotWish { name: "a1".into(), description: None, ram: false };
    host.vms.snapshot(&host.notes, id(112), wish).await.unwrap();
    assert_eq!(host.vms.status(id(112)).unwrap().state, "running");
    host.vms.stop(&host.notes, id(112), false, None).await.unwrap();
    // Its file is as long as what it holds while it runs, and as long as its volume afterwards.
    let content = || {
        let bytes = std::fs::read(&state).unwrap();
        let end = bytes.iter().rposition(|byte| *byte != 0).unwrap_or_default();
        bytes[..=end].to_vec()
    };
    let kept = content();
    std::fs::write(&state, vec![7; kept.len()]).unwrap();
    host.vms.rollback(&host.notes, id(112), "a1", false).await.unwrap();
    assert!(content() == kept, "the state of the TPM is another one");
    host.vms.start(&host.notes, id(112), StartOptions::default()).await.unwrap();
    host.vms.stop(&host.notes, id(112), false, None).await.unwrap();
    host.vms.delete_snapshot(&host.notes, id(112), "a1", false).await.unwrap();
    host.vms.destroy(&host.notes, id(112), DestroyOptions::default()).await.unwrap();
}
