//! What a guest sees of its processor: a model of the cluster's own, and one that a start puts in its place.

use guest::qemu::Hardware;

use super::*;

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
    host.create_booting(100, NAMES_CPU).await;
    let set = vec![("cpu".into(), "custom-mine".into()), ("freeze".into(), "1".into())];
    host.vms.update(&host.notes, id(100), Update { set, ..Update::default() }).await.unwrap();

    // Nehalem itself has no AES.
    let own = host.cpu_of(100, Hardware::default()).await;
    assert_eq!(own, "Intel Core i7 9xx (Nehalem Class Core i7)1");

    let hardware = Hardware { cpu: Some("Westmere,-aes".into()), machine: Some("q35".into()), nets_host_mtu: None };
    let forced = host.cpu_of(100, hardware).await;
    assert!(forced.starts_with("Westmere E56xx") && forced.ends_with('0'), "{forced}");
    let file = host.vms.get(id(100)).unwrap().file.main.clone();
    assert_eq!((file.get("cpu"), file.get("machine")), (Some("custom-mine"), None));
}
