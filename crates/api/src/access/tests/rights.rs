//! Roles, access control entries, permissions, pools.

use serde_json::{Value, json};

use super::World;
use crate::Verb::{Delete, Get, Post, Put};

#[tokio::test]
async fn roles_are_made_changed_and_removed() {
    let world = World::new().await;
    world.root(Post, "/access/roles", json!({"roleid": "mine", "privs": "VM.Audit"})).await;
    world.root(Put, "/access/roles/mine", json!({"privs": "VM.Clone,VM.Console", "append": 1})).await;
    assert_eq!(world.get("/access/roles/mine").await, json!({"VM.Audit": 1, "VM.Clone": 1, "VM.Console": 1}));
    world.root(Put, "/access/roles/mine", json!({"privs": "VM.Clone"})).await;
    let list = world.get("/access/roles").await;
    let mine = list.as_array().unwrap().iter().find(|role| role["roleid"] == "mine");
    assert_eq!(mine, Some(&json!({"roleid": "mine", "privs": "VM.Clone", "special": 0})));
    world.root(Put, "/access/acl", json!({"path": "/vms", "roles": "mine", "users": "ann@pve"})).await;
    world.root(Delete, "/access/roles/mine", json!({})).await;
    assert!(!world.text("user.cfg").contains("mine"));
}

#[tokio::test]
async fn built_in_roles_stay() {
    let world = World::new().await;
    for (verb, path, args, expected) in [
        (Put, "/access/roles/PVEAdmin", json!({}), "500 auto-generated role 'PVEAdmin' cannot be modified"),
        (Delete, "/access/roles/NoAccess", json!({}), "500 auto-generated role 'NoAccess' cannot be modified"),
        (Post, "/access/roles", json!({"roleid": "Administrator"}), "500 role 'Administrator' already exists"),
        (Get, "/access/roles/nix", json!({}), "500 role 'nix' does not exist"),
        (
            Post,
            "/access/roles",
            json!({"roleid": "pveMine"}),
            "400 Parameter verification failed.\nroleid: names that begin with 'PVE' are kept for built-in roles, choose another",
        ),
        (
            Post,
            "/access/roles",
            json!({"roleid": "x", "privs": "VM.Fly"}),
            "400 Parameter verification failed.\nprivs: invalid privilege 'VM.Fly'",
        ),
    ] {
        assert_eq!(world.refused("root@pam", verb, path, args).await, expected);
    }
    let error = world.refused("jo@pve", Post, "/access/roles", json!({"roleid": "x"})).await;
    assert_eq!(error, "403 Permission check failed (/access, Sys.Modify)");
}

#[tokio::test]
async fn entries_are_given_listed_and_taken() {
    let world = World::with("user:jo@pve:1:\nuser:ann@pve:1:\ngroup:ops:ann@pve:\n").await;
    let args = json!({"path": "vms//100/", "roles": "PVEVMUser", "users": "jo@pve", "groups": "ops", "propagate": 0});
    world.root(Put, "/access/acl", args).await;
    assert_eq!(
        world.get("/access/acl").await,
        json!([
            {"path": "/vms/100", "type": "user", "ugid": "jo@pve", "roleid": "PVEVMUser", "propagate": 0},
            {"path": "/vms/100", "type": "group", "ugid": "ops", "roleid": "PVEVMUser", "propagate": 0},
        ])
    );
    let taken = json!({"path": "/vms/100", "roles": "PVEVMUser", "users": "jo@pve", "groups": "ops", "delete": 1});
    world.root(Put, "/access/acl", taken).await;
    assert_eq!(world.get("/access/acl").await, json!([]));
}

#[tokio::test]
async fn wrong_entries_are_refused_whole() {
    let world = World::new().await;
    let entry = |path: &str, roles: &str, users: &str| json!({"path": path, "roles": roles, "users": users});
    for (args, expected) in [
        (entry("/nix", "PVEAdmin", "jo@pve"), "400 Parameter verification failed.\npath: invalid ACL path '/nix'"),
        (
            entry("/vms/1 0", "PVEAdmin", "jo@pve"),
            "400 Parameter verification failed.\npath: invalid ACL path '/vms/1 0'",
        ),
        (entry("/vms", "PVEAdmin,Nix", "jo@pve"), "500 role 'Nix' does not exist"),
        (entry("/vms", "PVEAdmin", "jo@pve,no@pve"), "500 no such user ('no@pve')"),
        (
            json!({"path": "/vms", "roles": "PVEAdmin", "tokens": "jo@pve!no"}),
            "500 no such token 'no' for user 'jo@pve'",
        ),
    ] {
        assert_eq!(world.refused("root@pam", Put, "/access/acl", args).await, expected);
    }
    let error = world.refused("root@pam", Put, "/access/acl", json!({"path": "/vms", "roles": "PVEAdmin"})).await;
    assert!(error.contains("users: either 'users', 'groups' or 'tokens' is required."), "{error}");
}

#[tokio::test]
async fn without_permissions_modify_one_gives_only_what_one_has() {
    let world = World::new().await;
    let entry = |path: &str, role: &str| json!({"path": path, "roles": role, "users": "ann@pve"});
    assert!(world.call("jo@pve", Put, "/access/acl", entry("/vms/100", "PVEVMUser")).await.is_ok());
    for role in ["PVEAdmin", "NoAccess"] {
        let error = world.refused("jo@pve", Put, "/access/acl", entry("/vms/100", role)).await;
        let expected =
            format!("roles: Cannot add role '{role}' - requires 'Permissions.Modify' or superset of privileges.");
        assert!(error.ends_with(&expected), "{error}");
    }
    let error = world.refused("jo@pve", Put, "/access/acl", entry("/storage/x", "PVEDatastoreUser")).await;
    assert_eq!(error, "403 Permission check failed (/storage/x, Permissions.Modify|Datastore.Allocate)");
    let listed = world.call("jo@pve", Get, "/access/acl", json!({})).await.unwrap();
    let paths: Vec<&str> = listed.as_array().unwrap().iter().filter_map(|entry| entry["path"].as_str()).collect();
    assert_eq!(paths, ["/pool/a", "/vms/100"]);
}

#[tokio::test]
async fn permissions_are_shown_to_oneself_and_auditors() {
    let world = World::new().await;
    let ask = async |caller: &str, args: Value| world.call(caller, Get, "/access/permissions", args).await;
    let own = ask("jo@pve", json!({})).await.unwrap();
    assert_eq!(own["/pool/a"], json!({"Pool.Allocate": 1, "Pool.Audit": 1}));
    assert_eq!(ask("boss@pve", json!({"userid": "jo@pve"})).await.unwrap(), own);
    assert_eq!(ask("jo@pve!full", json!({})).await.unwrap(), own);
    assert_eq!(ask("jo@pve", json!({"userid": "jo@pve!sep"})).await.unwrap(), json!({}));
    assert_eq!(ask("jo@pve", json!({"path": "/nodes"})).await.unwrap(), json!({"/nodes": {}}));
    let error = world.refused("ann@pve", Get, "/access/permissions", json!({"userid": "jo@pve"})).await;
    assert_eq!(error, "403 Permission check failed (/access, Sys.Audit)");
    let error = world.refused("boss@pve", Get, "/access/permissions", json!({"userid": "no@pve"})).await;
    assert_eq!(error, "500 no such user ('no@pve')");
}

#[tokio::test]
async fn pools_hold_guests_and_storages() {
    let world = World::new().await;
    let guest = store::Txn::new().put("nodes/n1/qemu-server/100.conf", "memory: 16\n");
    world.node.store.commit(guest).await.unwrap();
    world.root(Post, "/pools", json!({"poolid": "a/b", "comment": "inner"})).await;
    let error = world.refused("jo@pve", Put, "/pools", json!({"poolid": "a/b", "vms": "100"})).await;
    assert_eq!(error, "500 VM 100 is already a member of pool 'a'");
    let moved = json!({"poolid": "a/b", "vms": "100,200", "storage": "local", "allow-move": 1});
    let error = world.refused("jo@pve", Put, "/pools", moved.clone()).await;
    assert_eq!(error, "403 Permission check failed (/storage/local, Permissions.Modify|Datastore.Allocate)");
    world.root(Put, "/pools", moved).await;
    assert_eq!(
        world.root(Get, "/pools", json!({"poolid": "a/b"})).await,
        json!([{"poolid": "a/b", "comment": "inner", "members": [
            {"id": "qemu/100", "type": "qemu", "node": "n1", "vmid": 100},
            {"id": "storage/n1/local", "type": "storage", "node": "n1", "storage": "local"},
        ]}])
    );
    let only = world.root(Get, "/pools", json!({"poolid": "a/b", "type": "lxc"})).await;
    assert_eq!(only[0]["members"], json!([]));
    assert_eq!(world.get("/pools/a").await, json!({"comment": "the first", "members": []}));
    let error = world.refused("root@pam", Delete, "/pools", json!({"poolid": "a/b"})).await;
    assert!(error.contains("is not empty"), "{error}");
    world.root(Put, "/pools", json!({"poolid": "a/b", "vms": "100,200", "storage": "local", "delete": 1})).await;
    let error = world.refused("root@pam", Delete, "/pools/a", json!({})).await;
    assert!(error.contains("nested pools"), "{error}");
    world.root(Delete, "/pools", json!({"poolid": "a/b"})).await;
    world.root(Delete, "/pools/a", json!({})).await;
    assert!(!world.text("user.cfg").contains("pool"), "{}", world.text("user.cfg"));
}

#[tokio::test]
async fn pools_are_shown_to_those_who_may_audit_them() {
    let world = World::new().await;
    let list = async |caller: &str| world.call(caller, Get, "/pools", json!({})).await.unwrap();
    assert_eq!(list("jo@pve").await, json!([{"poolid": "a", "comment": "the first"}]));
    assert_eq!(list("ann@pve").await, json!([]));
    let error = world.refused("ann@pve", Get, "/pools", json!({"poolid": "a"})).await;
    assert_eq!(error, "403 Permission check failed (/pool/a, Pool.Audit)");
    let error = world.refused("jo@pve", Post, "/pools", json!({"poolid": "other"})).await;
    assert_eq!(error, "403 Permission check failed (/pool/other, Pool.Allocate)");
    for (id, expected) in [("a", "500 pool 'a' already exists"), ("x/y", "500 parent 'x' of pool 'x/y' does not exist")]
    {
        assert_eq!(world.refused("root@pam", Post, "/pools", json!({"poolid": id})).await, expected);
    }
}

#[tokio::test]
async fn the_index_lists_what_is_there() {
    let world = World::new().await;
    let index = world.get("/access").await;
    let names: Vec<&str> = index.as_array().unwrap().iter().filter_map(|entry| entry["subdir"].as_str()).collect();
    assert_eq!(names, ["acl", "domains", "groups", "password", "permissions", "roles", "ticket", "users", "vncticket"]);
}
