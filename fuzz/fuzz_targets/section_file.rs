//! Section files: writing what was read, and reading that, changes nothing any more.
#![no_main]

use libfuzzer_sys::fuzz_target;
use schema::section::File;

fuzz_target!(|text: &str| {
    let once = File::parse(text).to_string();
    assert_eq!(File::parse(&once).to_string(), once);
});
