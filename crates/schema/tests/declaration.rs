//! One declaration serves API parameters, property strings and files.

use proptest::prelude::*;
use schema::{Args, Choice, Indexed, KeyAlias, Mode, Params, Props, Scalar, Vmid, property};
use serde_json::json;

#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
enum Model {
    Virtio,
    E1000,
    #[choice("e1000-82540em")]
    E100082540em,
}

const MODELS: &[KeyAlias] = &[
    KeyAlias { key: "virtio", key_to: "model", value_to: "macaddr" },
    KeyAlias { key: "e1000", key_to: "model", value_to: "macaddr" },
];

#[derive(Params, Clone, Debug, PartialEq)]
#[params(key_aliases = MODELS)]
struct Net {
    /// Card model.
    #[param(default_key)]
    model: Model,
    /// Hardware address.
    #[param(format = "mac-addr")]
    macaddr: Option<String>,
    /// Bridge.
    #[param(pattern = r"[-_.\w\d]+")]
    bridge: Option<String>,
    /// VLAN.
    #[param(min = 1, max = 4094)]
    tag: Option<u16>,
    /// Unplugged.
    #[param(name = "link_down")]
    link_down: Option<bool>,
    #[param(later)]
    queues: Option<u16>,
}

#[derive(Params, Debug, PartialEq)]
struct Set {
    vmid: Vmid,
    #[param(count = 32)]
    net: Indexed<Props<Net>>,
    #[param(default = "512", min = 16)]
    memory: u32,
    #[param(name = "delete", format = "pve-configid")]
    delete: Vec<String>,
    #[param(requires = "memory")]
    balloon: Option<u32>,
    #[param(format = "pve-tag-list")]
    tags: Option<String>,
    #[param(later)]
    force: Option<bool>,
}

fn parse(value: serde_json::Value) -> Result<Set, schema::ApiError> {
    Args::from_json(Mode::Api, value).parse()
}

#[test]
fn numbers_may_be_text_and_indexed_keys_are_collected() {
    let set = parse(json!({"vmid": "100", "net0": "virtio=BC:24:11:00:00:01,bridge=vmbr0,link_down=yes", "net31": "e1000", "delete": "a1;b2 c3"})).unwrap();
    assert_eq!(set.vmid.get(), 100);
    assert_eq!(set.memory, 512);
    assert_eq!(set.net.get(&0).unwrap().macaddr.as_deref(), Some("BC:24:11:00:00:01"));
    assert_eq!(set.net.get(&0).unwrap().link_down, Some(true));
    assert_eq!(set.net.get(&31).unwrap().model, Model::E1000);
    assert_eq!(set.delete, ["a1", "b2", "c3"]);
}

#[test]
fn all_errors_are_reported_at_once() {
    let error = parse(json!({"vmid": 5, "net32": "virtio", "memory": "much", "net1": "virtio,tag=9999", "balloon": 5}))
        .unwrap_err();
    assert_eq!(error.status, 400);
    let keys: Vec<&str> = error.errors.keys().map(String::as_str).collect();
    assert_eq!(keys, ["memory", "net1", "net32", "vmid"]);
    assert_eq!(error.errors["memory"], "type check ('integer') failed - got 'much'");
    assert_eq!(error.errors["vmid"], "value must have a minimum value of 100");
    assert!(error.errors["net32"].starts_with("property is not defined in schema"));
    assert!(error.errors["net1"].contains("tag: value must have a maximum value of 4094"), "{:?}", error.errors);
}

#[test]
fn booleans_are_strict_in_calls_and_words_in_property_strings() {
    #[derive(Params)]
    struct Flag {
        flag: bool,
    }
    let read = |mode, value: serde_json::Value| {
        Args::from_json(mode, json!({"flag": value})).parse::<Flag>().map(|f| f.flag).ok()
    };
    assert_eq!(read(Mode::Api, json!(true)), Some(true));
    assert_eq!(read(Mode::Api, json!("0")), Some(false));
    assert_eq!(read(Mode::Api, json!("on")), None);
    assert_eq!(read(Mode::Cli, json!("on")), Some(true));
}

#[test]
fn a_missing_companion_is_named() {
    let error = parse(json!({"vmid": 100, "balloon": 5})).unwrap_err();
    assert_eq!(error.errors["memory"], "missing property required by 'balloon'");
}

#[test]
fn options_without_effect_are_refused_in_calls_and_kept_in_files() {
    let error = parse(json!({"vmid": 100, "net0": "virtio,queues=4"})).unwrap_err();
    assert!(error.errors["net0"].contains("queues: option 'queues' is not supported"), "{error}");
    let (set, leftover) = schema::config::read::<Set>([("vmid", "100"), ("net0", "virtio,queues=4"), ("cores", "2")]);
    assert_eq!(set.unwrap().net.get(&0).unwrap().queues, Some(4));
    assert_eq!(leftover.unknown["cores"], "2");
    assert!(leftover.errors.is_empty());
}

#[test]
fn a_property_string_tells_what_is_wrong() {
    assert!(property::parse::<Net>("bridge=vmbr0").unwrap_err().contains("model: property is missing"));
    assert!(property::parse::<Net>("virtio,virtio").unwrap_err().contains("already defined"));
    assert!(property::parse::<Net>("virtio,tag=1,tag=2").unwrap_err().contains("duplicate key"));
    assert!(property::parse::<Net>("virtio,what=1").unwrap_err().contains("what: property is not defined"));
    assert!(property::parse::<Net>("virtio,e1000=BC:24:11:00:00:01").unwrap_err().contains("cannot set both"));
}

#[test]
fn printing_uses_the_short_forms() {
    let net: Net = property::parse("model=virtio,macaddr=BC:24:11:00:00:01,bridge=vmbr0").unwrap();
    assert_eq!(property::print(&net), "virtio=BC:24:11:00:00:01,bridge=vmbr0");
    assert_eq!(property::print(&property::parse::<Net>("model=e1000-82540em").unwrap()), "e1000-82540em");
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(tag in proptest::option::of(1u16..4094), down in proptest::option::of(any::<bool>()), bridge in proptest::option::of("[a-z][a-z0-9]{0,8}"), mac in any::<bool>(), model in 0usize..3) {
        let net = Net {
            model: [Model::Virtio, Model::E1000, Model::E100082540em][model],
            macaddr: mac.then(|| "BC:24:11:00:00:01".to_owned()), bridge, tag, link_down: down, queues: None,
        };
        prop_assert_eq!(property::parse::<Net>(&property::print(&net)).unwrap(), net);
    }

    #[test]
    fn no_text_makes_the_readers_panic(text in "\\PC{0,60}") {
        let _ = property::parse::<Net>(&text);
        let _ = Vmid::read(&text);
        let _ = schema::format::check("mac-prefix", &text);
        let _ = schema::format::check("CIDR", &text);
    }
}

#[test]
fn arrays_are_taken_where_lists_are_and_nowhere_else() {
    let set = parse(json!({"vmid": 100, "delete": ["a1", "b2"], "tags": ["web", "db"]})).unwrap();
    assert_eq!(set.delete, ["a1", "b2"]);
    assert_eq!(set.tags.as_deref(), Some("web;db"));
    let mut args = Args::new(Mode::Api);
    for (key, value) in [("vmid", "100"), ("delete", "a1"), ("delete", "b2"), ("memory", "16"), ("memory", "32")] {
        args.push(key, value);
    }
    let error = args.parse::<Set>().unwrap_err();
    assert_eq!(
        error.errors.into_iter().collect::<Vec<_>>(),
        [("memory".to_owned(), "type check ('integer') failed - got an array".to_owned())]
    );
}

#[test]
fn a_switch_that_comes_later_may_be_off() {
    assert_eq!(parse(json!({"vmid": 100, "force": 0})).unwrap().force, Some(false));
    let error = parse(json!({"vmid": 100, "force": true})).unwrap_err();
    assert_eq!(error.errors["force"], "option 'force' is not supported by this version yet");
}
