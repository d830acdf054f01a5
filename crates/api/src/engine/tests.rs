#![expect(unreachable_pub, reason = "the macro declares tables for the whole crate; this one is for the tests")]

use access::Access;
use schema::{ApiError, NoParams, NodeName, Params, Vmid};

use super::Call;
use super::endpoint::{Target, Verb};
use super::router::{Found, Router};
use crate::endpoints;

#[derive(Params)]
struct Guest {
    node: NodeName,
    vmid: Vmid,
}

#[derive(Params)]
struct Volume {
    volume: String,
}

async fn root(_: Call, _: NoParams) -> Result<(), ApiError> {
    Ok(())
}

async fn guest(_: Call, guest: Guest) -> Result<String, ApiError> {
    Ok(format!("{}/{}", guest.node, guest.vmid))
}

async fn volume(_: Call, volume: Volume) -> Result<String, ApiError> {
    Ok(volume.volume)
}

endpoints! {
    /// Version.
    GET "/version" => root, name = "version", Access::User, Target::Any;
    /// A guest.
    GET "/nodes/{node}/qemu/{vmid}/config" => guest, name = "config", Access::User, Target::Node;
    /// Starts a guest.
    POST "/nodes/{node}/qemu/{vmid}/status/start" => guest, name = "start", Access::User, Target::Node, [Task];
    /// A volume.
    GET "/content/{volume}" => volume, name = "volume", Access::User, Target::Any;
}

fn router() -> Router {
    Router::new(&[ENDPOINTS]).unwrap()
}

fn found(verb: Verb, path: &str) -> String {
    match router().find(verb, path) {
        Found::Method(row, parameters) => format!("{} {parameters:?}", row.name),
        Found::Listing(entries) => entries.into_iter().map(|entry| entry.subdir).collect::<Vec<_>>().join(","),
        Found::Nothing => "nothing".to_owned(),
    }
}

#[test]
fn paths_lead_to_methods_with_their_parameters() {
    assert_eq!(found(Verb::Get, "/version"), "version []");
    assert_eq!(found(Verb::Get, "/nodes/n1/qemu/100/config"), r#"config [("node", "n1"), ("vmid", "100")]"#);
    assert_eq!(found(Verb::Post, "/nodes/n1/qemu/100/status/start/"), r#"start [("node", "n1"), ("vmid", "100")]"#);
    assert_eq!(found(Verb::Post, "/version"), "nothing");
    assert_eq!(found(Verb::Get, "/nodes/n1/qemu/100/config/x"), "nothing");
}

#[test]
fn a_parameter_at_the_end_takes_slashes_too() {
    assert_eq!(found(Verb::Get, "/content/local:iso/a.iso"), r#"volume [("volume", "local:iso/a.iso")]"#);
}

#[test]
fn a_place_without_a_method_of_its_own_lists_what_is_below_it() {
    assert_eq!(found(Verb::Get, "/"), "content,nodes,version");
    assert_eq!(found(Verb::Get, "/nodes/n1/qemu/100"), "config,status");
    assert_eq!(found(Verb::Get, "/nodes/n1/qemu"), "nothing");
    assert_eq!(found(Verb::Post, "/"), "nothing");
}

#[test]
fn rows_that_contradict_each_other_are_refused() {
    assert!(Router::new(&[ENDPOINTS, ENDPOINTS]).is_err_and(|why| why.contains("declared twice")));
}
