use schema::{Args, args::Mode};
use serde_json::{Value, json};

use super::*;
use crate::engine::Found;

fn line(verb: Verb, path: &str, args: Value) -> String {
    let router = crate::router().unwrap();
    let Found::Method(row, places) = router.find(verb, path) else { panic!("no method {path}") };
    let mut args = Args::from_json(Mode::Api, args);
    places.into_iter().for_each(|(name, value)| args.set(name, value));
    change(row, &args, &"jo@pve".parse().unwrap()).msg
}

#[test]
fn changes_of_guests_show_options_and_no_secrets() {
    let path = "/nodes/n1/qemu/100/config";
    let options = json!({"cores": 4, "name": "web", "digest": "abc"});
    assert_eq!(line(Verb::Put, path, options), "update VM 100: -cores 4 -name web");
    let options = json!({"cipassword": "geheim", "sshkeys": "ssh-ed25519 A"});
    assert_eq!(line(Verb::Post, path, options), "update VM 100: -cipassword *** -sshkeys ***");
    assert_eq!(line(Verb::Put, "/nodes/n1/lxc/101/config", json!({"delete": "net1"})), "update CT 101: -delete net1");
}

#[test]
fn other_changes_show_names_only() {
    assert_eq!(
        line(Verb::Put, "/storage/local", json!({"content": "iso", "password": "x"})),
        "update /storage/local: content, password"
    );
    assert_eq!(line(Verb::Delete, "/pools/a", json!({})), "delete /pools/a");
    assert_eq!(line(Verb::Post, "/access/users", json!({"userid": "a@pve"})), "create /access/users: userid");
}

#[test]
fn a_line_stays_one_line() {
    assert_eq!(tidy("a\nb\r\u{1b}[1mc"), "a b  [1mc");
    assert_eq!(tidy(&"x".repeat(5000)).len(), LONGEST);
}
