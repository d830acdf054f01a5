//! Descriptions of appliances and the archives that they come in: no input may panic, no disk may lie elsewhere.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(appliance) = storage::ovf::parse(text)
    {
        assert!(appliance.disks.iter().all(|disk| !disk.file.contains('/') && !disk.file.starts_with('.')));
    }
    let length = data.len() as u64;
    for member in storage::ova::members(&mut Cursor::new(data)).unwrap_or_default() {
        assert!(member.offset + member.size <= length);
    }
});
