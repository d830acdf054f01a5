//! Users, tokens, groups, realms.

use serde_json::json;

use super::World;
use crate::Verb::{Delete, Get, Post, Put};

#[tokio::test]
async fn a_user_is_made_shown_changed_and_removed() {
    let world = World::new().await;
    let args =
        json!({"userid": "new@pve", "groups": "ops", "comment": "a:b\nacl:1:/:new@pve:Administrator:", "expire": 7});
    world.root(Post, "/access/users", args).await;
    insta::assert_snapshot!(world.get("/access/users/new@pve").await, @r#"{"enable":1,"expire":7,"comment":"a:b\nacl:1:/:new@pve:Administrator:","groups":["ops"]}"#);
    assert!(!world.text("user.cfg").contains("acl:1:/:new@pve"), "a comment stays within its field");
    world
        .root(Put, "/access/users/new@pve", json!({"enable": 0, "comment": "", "email": "n@example.org", "groups": ""}))
        .await;
    insta::assert_snapshot!(world.get("/access/users/new@pve").await, @r#"{"enable":0,"expire":7,"email":"n@example.org"}"#);
    world.root(Delete, "/access/users/new@pve", json!({})).await;
    let error = world.refused("root@pam", Get, "/access/users/new@pve", json!({})).await;
    assert_eq!(error, "500 no such user ('new@pve')");
}

#[tokio::test]
async fn wrong_users_are_refused_whole() {
    let world = World::new().await;
    for (args, expected) in [
        (json!({"userid": "jo@pve"}), "500 create user failed: user 'jo@pve' already exists"),
        (json!({"userid": "x@nix"}), "500 domain 'nix' does not exist"),
        (json!({"userid": "x@pve", "groups": "ops,gone"}), "500 group 'gone' does not exist"),
        (
            json!({"userid": "x@pam", "password": "12345678"}),
            "400 Parameter verification failed.\npassword: passwords of realm 'pam' are the host's: change them with passwd there",
        ),
        (
            json!({"userid": "x@pve", "password": "short"}),
            "400 Parameter verification failed.\npassword: value must be at least 8 characters long",
        ),
        (
            json!({"userid": "x y", "email": "a:b", "nonsense": 1}),
            "400 Parameter verification failed.\nemail: invalid format - value 'a:b' does not look like a valid email address\nnonsense: property is not defined in schema and the schema does not allow additional properties\nuserid: invalid format - value 'x y' does not look like a valid user name",
        ),
    ] {
        assert_eq!(world.refused("root@pam", Post, "/access/users", args).await, expected);
    }
    let error = world.refused("root@pam", Delete, "/access/users/root@pam", json!({})).await;
    assert!(error.starts_with("400 "), "{error}");
}

#[tokio::test]
async fn a_removed_user_leaves_neither_password_nor_secrets() {
    let world = World::new().await;
    world.root(Post, "/access/users", json!({"userid": "new@pve", "password": "correct horse"})).await;
    world.root(Post, "/access/users/new@pve/token/ci", json!({})).await;
    let acl = json!({"path": "/vms", "roles": "PVEVMUser", "users": "new@pve", "tokens": "new@pve!ci"});
    world.root(Put, "/access/acl", acl).await;
    assert!(world.files().iter().all(|text| text.contains("new")));
    world.root(Delete, "/access/users/new@pve", json!({})).await;
    assert!(!world.files().iter().any(|text| text.contains("new")), "{:?}", world.files());
}

#[tokio::test]
async fn the_list_of_users_shows_whom_the_caller_may_see() {
    let world = World::new().await;
    let seen = async |caller: &str| {
        let list = world.call(caller, Get, "/access/users", json!({})).await.unwrap();
        list.as_array()
            .unwrap()
            .iter()
            .map(|user| user["userid"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(seen("boss@pve").await, "ann@pve boss@pve jo@pve root@pam");
    assert_eq!(seen("jo@pve").await, "ann@pve jo@pve");
    assert_eq!(seen("ann@pve").await, "ann@pve");
    let full = world.call("ann@pve", Get, "/access/users", json!({"full": 1})).await.unwrap();
    insta::assert_snapshot!(full, @r#"[{"userid":"ann@pve","enable":1,"expire":0,"groups":"ops","tokens":[],"realm-type":"pve"}]"#);
}

#[tokio::test]
async fn users_are_managed_within_ones_groups() {
    let world = World::new().await;
    let create = |groups: &str| json!({"userid": "new@pve", "groups": groups});
    assert!(world.call("jo@pve", Post, "/access/users", create("ops")).await.is_ok());
    assert!(world.call("jo@pve", Put, "/access/users/new@pve", json!({"comment": "x"})).await.is_ok());
    let error = world.refused("jo@pve", Put, "/access/users/boss@pve", json!({"enable": 0})).await;
    assert_eq!(error, "403 Permission check failed (/access/groups, User.Modify)");
    let error = world.refused("ann@pve", Delete, "/access/users/new@pve", json!({})).await;
    assert_eq!(error, "403 Permission check failed (/access/realm/pve, Realm.AllocateUser)");
}

#[tokio::test]
async fn only_root_changes_root() {
    let world = World::new().await;
    for (verb, path, args) in [
        (Put, "/access/users/root@pam", json!({"enable": 0})),
        (Post, "/access/users/root@pam/token/mine", json!({"privsep": 0})),
    ] {
        let error = world.refused("boss@pve", verb, path, args).await;
        assert_eq!(error, "403 Permission check failed (user != root@pam)");
    }
}

#[tokio::test]
async fn a_token_shows_its_secret_once() {
    let world = World::new().await;
    let made = world.call("jo@pve", Post, "/access/users/jo@pve/token/ci", json!({"comment": "c"})).await.unwrap();
    let secret = made["value"].as_str().unwrap();
    assert_eq!((secret.len(), made["full-tokenid"].as_str()), (36, Some("jo@pve!ci")));
    assert_eq!(made["info"], json!({"expire": 0, "privsep": 1, "comment": "c"}));
    assert_eq!(world.text("priv/token.cfg"), format!("jo@pve!ci {secret}\n"));
    let shown = world.call("jo@pve", Get, "/access/users/jo@pve/token/ci", json!({})).await.unwrap();
    assert_eq!(shown, json!({"expire": 0, "privsep": 1, "comment": "c"}));
    let error = world.refused("jo@pve", Post, "/access/users/jo@pve/token/ci", json!({})).await;
    assert_eq!(error, "400 Parameter verification failed.\ntokenid: Token already exists.");
    let changed = world.root(Put, "/access/users/jo@pve/token/ci", json!({"regenerate": 1, "delete": "comment"})).await;
    assert_eq!(changed["full-tokenid"], "jo@pve!ci");
    assert!(changed["value"] != secret && changed["comment"].is_null());
    let changed = world.root(Put, "/access/users/jo@pve/token/ci", json!({"privsep": 0})).await;
    assert_eq!(changed, json!({"expire": 0, "privsep": 0}));
    world.root(Delete, "/access/users/jo@pve/token/ci", json!({})).await;
    assert_eq!(world.text("priv/token.cfg"), "");
    let error = world.refused("root@pam", Delete, "/access/users/jo@pve/token/ci", json!({})).await;
    assert_eq!(error, "500 no such token 'ci' for user 'jo@pve'");
}

#[tokio::test]
async fn tokens_belong_to_their_owner() {
    let world = World::new().await;
    let path = "/access/users/jo@pve/token";
    let list = world.call("jo@pve", Get, path, json!({})).await.unwrap();
    assert_eq!(
        list,
        json!([{"tokenid": "full", "expire": 0, "privsep": 0}, {"tokenid": "sep", "expire": 0, "privsep": 1}])
    );
    for caller in ["ann@pve", "jo@pve!full"] {
        let error = world.refused(caller, Post, "/access/users/jo@pve/token/ci", json!({})).await;
        assert_eq!(error, "403 Permission check failed", "{caller}");
    }
}

#[tokio::test]
async fn groups_come_and_go_with_their_entries() {
    let world = World::new().await;
    world.root(Post, "/access/groups", json!({"groupid": "devs", "comment": "d"})).await;
    world.root(Put, "/access/users/jo@pve", json!({"groups": "devs"})).await;
    world.root(Put, "/access/acl", json!({"path": "/vms/100", "roles": "PVEVMUser", "groups": "devs"})).await;
    assert_eq!(world.get("/access/groups/devs").await, json!({"comment": "d", "members": ["jo@pve"]}));
    world.root(Put, "/access/groups/devs", json!({"comment": "e"})).await;
    let list = world.get("/access/groups").await;
    assert_eq!(list[0], json!({"groupid": "devs", "comment": "e", "users": "jo@pve"}));
    let seen = world.call("jo@pve", Get, "/access/groups", json!({})).await.unwrap();
    assert_eq!(seen, json!([{"groupid": "ops", "users": "ann@pve"}]));
    let error = world.refused("root@pam", Post, "/access/groups", json!({"groupid": "ops"})).await;
    assert_eq!(error, "500 group 'ops' already exists");
    world.root(Delete, "/access/groups/devs", json!({})).await;
    assert!(!world.text("user.cfg").contains("devs"));
    let error = world.refused("root@pam", Delete, "/access/groups/devs", json!({})).await;
    assert_eq!(error, "500 group 'devs' does not exist");
}

#[tokio::test]
async fn realms_are_listed_to_everybody_and_changed_by_few() {
    let world = World::new().await;
    let realms = world.call("", Get, "/access/domains", json!({})).await.unwrap();
    assert_eq!((realms[0]["realm"].as_str(), realms[1]["type"].as_str()), (Some("pam"), Some("pve")));
    world.root(Put, "/access/domains/pve", json!({"default": 1, "comment": "ours"})).await;
    let realm = world.get("/access/domains/pve").await;
    assert_eq!((realm["default"].as_u64(), realm["comment"].as_str()), (Some(1), Some("ours")));
    let stale = json!({"comment": "x", "digest": "0".repeat(40)});
    let error = world.refused("root@pam", Put, "/access/domains/pve", stale).await;
    assert_eq!(error, "500 detected modified configuration - file changed by other user? Try again.");
    world.root(Put, "/access/domains/pve", json!({"delete": "default", "digest": realm["digest"]})).await;
    assert!(world.get("/access/domains/pve").await["default"].is_null());
    let error = world.refused("root@pam", Put, "/access/domains/pve", json!({"server1": "a"})).await;
    assert_eq!(
        error,
        "400 Parameter verification failed.\nserver1: option 'server1' is not supported by this version yet"
    );
    let error = world.refused("jo@pve", Put, "/access/domains/pve", json!({"comment": "a"})).await;
    assert_eq!(error, "403 Permission check failed (/access/realm, Realm.Allocate)");
    let error = world.refused("root@pam", Get, "/access/domains/nix", json!({})).await;
    assert_eq!(error, "500 domain 'nix' does not exist");
}

#[tokio::test]
async fn changes_at_the_same_time_are_all_kept() {
    let world = World::new().await;
    let create = async |n: usize| world.root(Post, "/access/groups", json!({"groupid": format!("g{n}")})).await;
    tokio::join!(create(1), create(2), create(3), create(4), create(5));
    assert_eq!(world.get("/access/groups").await.as_array().unwrap().len(), 6);
}
