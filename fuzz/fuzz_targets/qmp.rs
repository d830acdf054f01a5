//! Lines of QEMU's control connection: whatever comes, nothing panics, and a message is one thing only.
#![no_main]

use host::qmp::{Message, parse};

libfuzzer_sys::fuzz_target!(|line: &str| {
    if let Some(Message::Event(event)) = parse(line) {
        assert!(line.contains("event"), "{}", event.name);
    }
});
