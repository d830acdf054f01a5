//! Named formats and sizes: no text makes a check panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

const FORMATS: [&str; 10] = [
    "pve-configid", "mac-addr", "CIDR", "disk-size", "pve-vmid", "pve-node", "pve-storage-id", "dns-name", "email",
    "pve-volume-id",
];

fuzz_target!(|text: &str| {
    for format in FORMATS {
        let _ = schema::format::check(format, text);
    }
    if let Some(bytes) = schema::size::parse_disk_size(text) {
        assert_eq!(schema::size::parse_disk_size(&schema::size::format_disk_size(bytes)), Some(bytes));
    }
    let _ = schema::words::split(text);
});
