//! A method's row as compact data: for the machine-readable parts of the documentation and for the command lines.

use access::{Access, Check};
use serde_json::{Value, json};

use super::endpoint::{Endpoint, Flag, Target};

/// Name, permission, target and flags of a row.
pub fn of(row: &Endpoint) -> Value {
    json!({
        "name": row.name,
        "permission": permission(&row.access),
        "proxyto": if row.target == Target::Node { Value::from("node") } else { Value::Null },
        "task": row.has(Flag::Task),
        "allowtoken": !row.has(Flag::NoToken),
        "extension": row.has(Flag::Extension),
        "upload": row.has(Flag::Upload),
    })
}

/// A permission as nested lists, in the manner of PVE's own schema.
pub fn permission(access: &Access) -> Value {
    match access {
        Access::World => json!({"user": "world"}),
        Access::User => json!({"user": "all"}),
        Access::RootOnly => json!({"user": "root@pam"}),
        Access::Described(how) => json!({"user": "all", "description": how}),
        Access::Check(one) => json!({"check": check(one)}),
    }
}

fn check(one: &Check) -> Value {
    let nested = |name: &str, all: &[Check]| {
        let mut list = vec![Value::from(name)];
        list.extend(all.iter().map(check));
        Value::Array(list)
    };
    match one {
        Check::Perm(perm) if perm.is_any() => json!(["perm", perm.path(), perm.privs(), "any", 1]),
        Check::Perm(perm) => match perm.required_param() {
            Some(param) => json!(["perm", perm.path(), perm.privs(), "require_param", param]),
            None => json!(["perm", perm.path(), perm.privs()]),
        },
        Check::And(all) => nested("and", all),
        Check::Or(all) => nested("or", all),
        Check::UseridSelf => json!(["userid-param", "self"]),
        Check::UseridRealm => json!(["userid-param", "Realm.AllocateUser"]),
        Check::UseridGroup { privs, .. } => json!(["userid-group", privs]),
        Check::PermModify { path } => json!(["perm-modify", path]),
    }
}
