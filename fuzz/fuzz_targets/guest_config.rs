//! Configuration files of guests: whatever they hold, they are read, and what is written reads back as the same.
#![no_main]

use guest::config_file::{Dialect, GuestFile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for dialect in [Dialect::Qemu, Dialect::Lxc] {
        let written = GuestFile::parse(dialect, text).print();
        assert_eq!(GuestFile::parse(dialect, &written).print(), written);
    }
});
