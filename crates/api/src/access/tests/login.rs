//! Logins, passwords, tickets.

use access::{Authid, Userid};
use serde_json::{Value, json};
use store::Txn;

use super::World;
use crate::Verb::{Get, Post, Put};
use crate::access::login::{FIRST_LOGIN, keys};

async fn with_passwords() -> World {
    let world = World::new().await;
    for user in ["jo", "ann"] {
        let args = json!({"userid": format!("{user}@pve"), "password": format!("password of {user}")});
        world.root(Put, "/access/password", args).await;
    }
    world
}

impl World {
    async fn login(&self, args: Value) -> Result<Value, schema::ApiError> {
        self.call("", Post, "/access/ticket", args).await
    }
}

#[tokio::test]
async fn a_password_gives_a_ticket() {
    let world = with_passwords().await;
    let args = json!({"username": "jo", "realm": "pve", "password": "password of jo"});
    let session = world.login(args).await.unwrap();
    assert_eq!(session["username"], "jo@pve");
    let keys = keys(&world.node).await.unwrap();
    let keys = keys.as_ref().as_ref().unwrap();
    let (now, jo): (_, Userid) = (crate::access::login::now(), "jo@pve".parse().unwrap());
    assert_eq!(keys.verify(session["ticket"].as_str().unwrap(), now), Ok(jo.clone()));
    assert!(keys.verify_csrf(session["CSRFPreventionToken"].as_str().unwrap(), &jo, now));
    assert_eq!(session["cap"]["vms"]["VM.PowerMgmt"], 1);
    assert_eq!(session["cap"]["dc"], json!({}));
    let renewed = world.login(json!({"username": "jo@pve", "password": session["ticket"]})).await.unwrap();
    assert_eq!(renewed["username"], "jo@pve");
}

#[tokio::test]
async fn failures_are_all_alike() {
    let world = with_passwords().await;
    let ticket =
        world.login(json!({"username": "jo@pve", "password": "password of jo"})).await.unwrap()["ticket"].clone();
    world.root(Put, "/access/users/ann@pve", json!({"enable": 0})).await;
    for (user, password) in [
        ("jo@pve", json!("wrong")),
        ("jo@pve", json!("")),
        ("boss@pve", json!("")),
        ("boss@pve", ticket.clone()),
        ("nobody@pve", json!("password of jo")),
        ("ann@pve", json!("password of ann")),
        ("jo@nix", json!("password of jo")),
        ("jo", json!("password of jo")),
        ("jo@pve!full", json!("password of jo")),
        ("jo@pve\nx", json!("password of jo")),
    ] {
        let error = world.refused("", Post, "/access/ticket", json!({"username": user, "password": password})).await;
        assert_eq!(error, "401 authentication failure", "{user}");
    }
}

#[tokio::test]
async fn roots_ticket_opens_for_others() {
    let world = with_passwords().await;
    let keys = keys(&world.node).await.unwrap();
    let ticket = keys.as_ref().as_ref().unwrap().ticket(&Userid::root(), crate::access::login::now());
    assert_eq!(world.login(json!({"username": "ann@pve", "password": ticket})).await.unwrap()["username"], "ann@pve");
}

#[tokio::test]
async fn root_comes_in_with_the_first_password() {
    let world = World::new().await;
    let hash = host::crypt::hash_sha256("first password").unwrap();
    world.node.store.commit(Txn::new().put(FIRST_LOGIN, format!("root:{hash}:\n"))).await.unwrap();
    let session = world.login(json!({"username": "root@pam", "password": "first password"})).await.unwrap();
    assert_eq!(session["cap"]["access"]["User.Modify"], 1);
}

#[tokio::test]
async fn with_path_and_privileges_a_login_only_checks() {
    let world = with_passwords().await;
    let args =
        |path: &str| json!({"username": "jo@pve", "password": "password of jo", "path": path, "privs": "VM.Console"});
    let session = world.login(args("/vms/100")).await.unwrap();
    assert!(session["ticket"].is_null() && session["cap"].is_object());
    assert_eq!(world.refused("", Post, "/access/ticket", args("/nodes")).await, "401 authentication failure");
}

#[tokio::test]
async fn what_is_not_there_yet_is_refused() {
    let world = with_passwords().await;
    let args = json!({"username": "jo@pve", "password": "password of jo", "otp": "123456"});
    let error = world.refused("", Post, "/access/ticket", args).await;
    assert_eq!(error, "400 Parameter verification failed.\notp: option 'otp' is not supported by this version yet");
}

#[tokio::test]
async fn ones_own_password_is_changed_with_the_one_before() {
    let world = with_passwords().await;
    let change = |user: &str, confirmation: Value| json!({"userid": user, "password": "another password", "confirmation-password": confirmation});
    let error = world.refused("ann@pve", Put, "/access/password", change("ann@pve", json!("wrong password"))).await;
    assert_eq!(error, "401 authentication failure");
    let missing = json!({"userid": "ann@pve", "password": "another password"});
    let error = world.refused("ann@pve", Put, "/access/password", missing).await;
    assert_eq!(
        error,
        "400 Parameter verification failed.\nconfirmation-password: changing a password needs your own current one"
    );
    world.call("ann@pve", Put, "/access/password", change("ann@pve", json!("password of ann"))).await.unwrap();
    assert!(world.login(json!({"username": "ann@pve", "password": "another password"})).await.is_ok());
    // By the group that he manages, and with his own password.
    world.call("jo@pve", Put, "/access/password", change("ann@pve", json!("password of jo"))).await.unwrap();
    let error = world.refused("jo@pve", Put, "/access/password", change("boss@pve", json!("password of jo"))).await;
    assert_eq!(error, "403 Permission check failed");
    let error = world.refused("boss@pve", Put, "/access/password", change("root@pam", Value::Null)).await;
    assert!(error.starts_with("403 ") || error.starts_with("400 "), "{error}");
    let error = world.refused("jo@pve!full", Put, "/access/password", change("jo@pve", json!("password of jo"))).await;
    assert!(error.starts_with("403 URI '/access/password' not available with API token"), "{error}");
}

#[tokio::test]
async fn console_tickets_are_checked_for_others() {
    let world = World::new().await;
    let keys = keys(&world.node).await.unwrap();
    let jo: Authid = "jo@pve".parse().unwrap();
    let now = crate::access::login::now();
    let ticket = keys.as_ref().as_ref().unwrap().console_ticket(&jo, "/vms/100", Some(5900), now);
    let args = |path: &str, privs: &str| json!({"authid": "jo@pve", "vncticket": ticket, "path": path, "privs": privs, "port": 5900});
    assert_eq!(world.call("", Post, "/access/vncticket", args("/vms/100", "VM.Console")).await, Ok(Value::Null));
    for args in [args("/vms/101", "VM.Console"), args("/vms/100", "Sys.Console"), args("//vms/100", "VM.Console")] {
        assert_eq!(world.refused("", Post, "/access/vncticket", args).await, "401 authentication failure");
    }
}

#[tokio::test]
async fn keys_are_made_once() {
    let world = World::new().await;
    let (one, other) = tokio::join!(keys(&world.node), keys(&world.node));
    let print = |keys: &access::ticket::Keys| keys.print();
    assert_eq!(one.unwrap().as_ref().as_ref().map(print), other.unwrap().as_ref().as_ref().map(print));
    assert_eq!(world.call("", Get, "/access/ticket", json!({})).await, Ok(Value::Null));
}

#[tokio::test]
async fn a_page_takes_up_the_session_of_its_cookie() {
    let world = with_passwords().await;
    let session = world.call("jo@pve", Get, "/pleiad/session", json!({})).await.unwrap();
    assert_eq!(session["username"], "jo@pve");
    assert_eq!(session["cap"]["vms"]["VM.PowerMgmt"], 1);
    let keys = keys(&world.node).await.unwrap();
    let keys = keys.as_ref().as_ref().unwrap();
    let jo: Userid = "jo@pve".parse().unwrap();
    let csrf = session["CSRFPreventionToken"].as_str().unwrap();
    assert!(keys.verify_csrf(csrf, &jo, crate::access::login::now()));
    assert_eq!(session.get("ticket"), None, "only the cookie has it");
    assert_eq!(world.refused("", Get, "/pleiad/session", json!({})).await, "401 No ticket");
}
