//! Lines of a guest's agent, which may be hostile: nothing panics, and no refusal brings control characters.
#![no_main]

use host::qga::{QgaError, parse};

libfuzzer_sys::fuzz_target!(|line: &[u8]| {
    if let Err(QgaError::Refused(words)) = parse(line) {
        assert!(!words.chars().any(char::is_control) && words.chars().count() <= 1000);
    }
});
