//! Property strings: what is accepted prints and reads back as the same; no input makes the parser panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use schema::{Choice, Params};

#[derive(Choice, Clone, Copy, Debug, PartialEq)]
enum Model {
    Virtio,
    E1000,
}

#[derive(Params, Clone, Debug, PartialEq)]
struct Device {
    /// Model.
    #[param(default_key)]
    model: Model,
    /// A text.
    bridge: Option<String>,
    /// A number with limits.
    #[param(min = 1, max = 4094)]
    tag: Option<u16>,
    /// A flag.
    #[param(name = "link_down")]
    link_down: Option<bool>,
}

fuzz_target!(|text: &str| {
    if let Ok(device) = schema::property::parse::<Device>(text) {
        let printed = schema::property::print(&device);
        assert_eq!(schema::property::parse::<Device>(&printed), Ok(device));
    }
});
