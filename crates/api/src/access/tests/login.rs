//! Logins, passwords, tickets.

use access::{Authid, Userid};
use serde_json::{Value, json};
use store::Txn;

use super::World;
use crate::Verb::{Delete, Get, Post, Put};
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

#[tokio::test]
async fn sessions_end_everywhere_and_new_ones_begin_at_once() {
    let world = with_passwords().await;
    let login = || world.login(json!({"username": "jo@pve", "password": "password of jo"}));
    let renew = |ticket: Value| world.login(json!({"username": "jo@pve", "password": ticket}));
    let old = login().await.unwrap()["ticket"].clone();
    assert!(renew(old.clone()).await.is_ok());
    world.call("jo@pve", Delete, "/pleiad/sessions", json!({})).await.unwrap();
    assert_eq!(renew(old).await.unwrap_err().status, 401);
    let new = login().await.unwrap()["ticket"].clone();
    assert!(renew(new.clone()).await.is_ok(), "in the same second, too");
    let log = world.get("/cluster/log").await;
    assert_eq!(log[2]["msg"], "delete /pleiad/sessions");
    // Whoever may set a password may end sessions.
    let error = world.refused("ann@pve", Delete, "/pleiad/sessions/jo@pve", json!({})).await;
    assert_eq!(error, "403 Permission check failed");
    world.call("boss@pve", Delete, "/pleiad/sessions/jo@pve", json!({})).await.unwrap();
    assert_eq!(renew(new).await.unwrap_err().status, 401);
    let error = world.refused("boss@pve", Delete, "/pleiad/sessions/root@pam", json!({})).await;
    assert!(error.starts_with("403 "), "{error}");
    let error = world.refused("jo@pve!full", Delete, "/pleiad/sessions", json!({})).await;
    assert!(error.starts_with("403 "), "{error}");
}

#[tokio::test]
async fn a_new_password_and_a_removed_user_end_sessions() {
    let world = with_passwords().await;
    let login = |user: &str, password: &str| {
        let args = json!({"username": format!("{user}@pve"), "password": password});
        async { world.login(args).await.map(|session| session["ticket"].as_str().unwrap().to_owned()) }
    };
    let ann = login("ann", "password of ann").await.unwrap();
    let change =
        json!({"userid": "ann@pve", "password": "another password", "confirmation-password": "password of jo"});
    world.call("jo@pve", Put, "/access/password", change).await.unwrap();
    assert_eq!(login("ann", &ann).await.unwrap_err().status, 401);
    let ann = login("ann", "another password").await.unwrap();
    world.root(Delete, "/access/users/ann@pve", json!({})).await;
    world.root(Post, "/access/users", json!({"userid": "ann@pve"})).await;
    assert_eq!(login("ann", &ann).await.unwrap_err().status, 401, "the next of that name has no session");
}

#[tokio::test]
async fn the_log_shows_ones_own_lines_and_all_to_those_who_may() {
    let world = with_passwords().await;
    for (user, password) in [("jo@pve", "password of jo"), ("ann@pve", "guessed")] {
        drop(world.login(json!({"username": user, "password": password})).await);
    }
    world.call("boss@pve", Put, "/access/users/ann@pve", json!({"comment": "secret comment"})).await.unwrap();
    let texts = |log: Value| -> Vec<String> {
        log.as_array().unwrap().iter().map(|row| row["msg"].as_str().unwrap().to_owned()).collect()
    };
    let jo = texts(world.call("jo@pve", Get, "/cluster/log", json!({})).await.unwrap());
    assert_eq!(jo, ["successful auth for user 'jo@pve'"]);
    let all = texts(world.get("/cluster/log").await);
    assert_eq!(all[0], "update /access/users/ann@pve: comment");
    assert!(all[1].starts_with("authentication failure; rhost=local user=ann@pve msg="), "{all:?}");
    assert_eq!(texts(world.root(Get, "/cluster/log", json!({"max": 1})).await), all[..1]);
    let error = world.refused("jo@pve", Get, "/cluster/log", json!({"max": 0})).await;
    assert!(error.starts_with("400 "), "{error}");
}
