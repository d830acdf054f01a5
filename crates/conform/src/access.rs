//! Suites of access control: `user.cfg` in both directions, roles and privileges, who may see whose permissions.

use std::fs;
use std::path::Path;

use access::config::{Group, Node, Subject, Token, User};
use access::eval::{effective, may_see_rights, rights, roles};
use access::expr::need;
use access::{Authid, Privileges, UserConfig, Userid};
use serde_json::{Map, Value, json};

use crate::Outcome;

/// Answers a case of these suites.
pub(crate) fn case(suite: &str, dir: &Path, _name: &str, input: &Value) -> Option<Outcome> {
    match suite {
        "access-user-cfg" => user_cfg(input),
        "access-permissions" => permissions(dir, input),
        "access-api-permissions" => api_permissions(dir, input),
        _ => None,
    }
}

fn text<'a>(input: &'a Value, key: &str) -> &'a str {
    input[key].as_str().unwrap_or_default()
}

fn result(value: impl Into<Value>) -> Option<Outcome> {
    Some(Ok(json!({"result": value.into()})))
}

fn user_cfg(input: &Value) -> Option<Outcome> {
    let parsed = || UserConfig::parse(text(input, "user_cfg")).0;
    match text(input, "op") {
        "parse" => {
            let mut shown = shown(&parsed());
            // The form tells the superuser of a file from the one that is always there.
            if !text(input, "user_cfg").lines().any(|line| line.starts_with("user:root@pam:")) {
                shown["users"]["root@pam"] = json!({"enable": 1});
            }
            result(shown)
        }
        "rewrite" => result(parsed().print()),
        "write" => result(read(&input["config"])?.print()),
        _ => None,
    }
}

fn load(dir: &Path, file: &str) -> Result<UserConfig, String> {
    let text = fs::read_to_string(dir.join(file)).map_err(|error| error.to_string())?;
    Ok(UserConfig::parse(&text).0)
}

fn permissions(dir: &Path, input: &Value) -> Option<Outcome> {
    let config = load(dir, text(input, "user_cfg")).ok()?;
    let who: Authid = match text(input, "user").parse() {
        Ok(who) => who,
        Err(error) => return Some(Err(format!("{error}"))),
    };
    let path = text(input, "path");
    match text(input, "op") {
        "roles" => result(roles(&config, &who, path).into_keys().collect::<Vec<_>>()),
        "privileges" => result(rights(&config, &who, path).here.names().collect::<Vec<_>>()),
        _ => None,
    }
}

fn api_permissions(dir: &Path, input: &Value) -> Option<Outcome> {
    let config = load(dir, "shared/user.cfg").ok()?;
    let caller: Authid = text(input, "user").parse().ok()?;
    let other: Authid = match input["params"]["userid"].as_str() {
        Some(other) if text(input, "op").is_empty() => other.parse().ok()?,
        _ => caller.clone(),
    };
    if !may_see_rights(&config, &caller, &other) {
        let denied = need(&config, &caller, "/access", &["Sys.Audit"], false);
        return Some(denied.map(|()| Value::Null).map_err(|denied| denied.to_string()));
    }
    let by_path = effective(&config, &other).into_iter().map(|(path, rights)| {
        let flags: Map<String, Value> =
            rights.flags().map(|(name, below)| (name.to_owned(), u8::from(below).into())).collect();
        (path, Value::Object(flags))
    });
    result(by_path.collect::<Map<_, _>>())
}

/// The configuration in the suite's form.
fn shown(config: &UserConfig) -> Value {
    let mut out = json!({"acl_root": shown_node(&config.acl)});
    let mut users = Map::new();
    for (id, user) in &config.users {
        let mut record = json!({
            "enable": u8::from(user.enable), "expire": user.expire, "email": user.email, "comment": user.comment,
            "firstname": user.firstname, "lastname": user.lastname, "keys": user.keys,
        });
        drop_empty(&mut record);
        if user.email.is_empty() {
            record["email"] = Value::Null;
        }
        let groups: Vec<&str> = config.groups_of(id).collect();
        if !groups.is_empty() {
            record["groups"] = set(groups);
        }
        for (name, token) in &user.tokens {
            let mut shown = json!({
                "expire": token.expire, "privsep": u8::from(token.privsep), "comment": token.comment,
            });
            drop_empty(&mut shown);
            record["tokens"][name] = shown;
        }
        users.insert(id.to_string(), record);
    }
    out["users"] = users.into();
    for (name, group) in &config.groups {
        let mut record = json!({"users": set(group.members.iter()), "comment": group.comment});
        drop_empty(&mut record);
        out["groups"][name] = record;
    }
    for (name, pool) in config.pools.iter() {
        let mut record = json!({
            "vms": set(pool.guests.iter()), "storage": set(pool.storages.iter()),
            "pools": set(config.pools.children(name)), "comment": pool.comment,
            "parent": access::config::Pools::parent(name).unwrap_or_default(),
        });
        drop_empty(&mut record);
        out["pools"][name] = record;
        for guest in &pool.guests {
            out["vms"][guest.to_string()] = name.into();
        }
    }
    out["roles"] = json!({});
    for (name, privileges) in &config.roles {
        out["roles"][name] = set(privileges.names());
    }
    out
}

fn drop_empty(record: &mut Value) {
    if let Some(map) = record.as_object_mut() {
        map.retain(|_, value| value.as_str() != Some(""));
    }
}

fn set<T: ToString>(items: impl IntoIterator<Item = T>) -> Value {
    Value::Object(items.into_iter().map(|item| (item.to_string(), 1.into())).collect())
}

fn shown_node(node: &Node) -> Value {
    let mut out = json!({});
    for (name, child) in &node.children {
        out["children"][name] = shown_node(child);
    }
    let mut entry = |kind: &str, subject: &str, grants: &access::config::Grants| {
        for (role, propagate) in grants {
            out[kind][subject][role] = u8::from(*propagate).into();
        }
    };
    node.users.iter().for_each(|(id, grants)| entry("users", id.as_str(), grants));
    node.groups.iter().for_each(|(name, grants)| entry("groups", name, grants));
    node.tokens.iter().for_each(|(id, grants)| entry("tokens", id.as_str(), grants));
    out
}

/// The suite's form as a configuration.
fn read(value: &Value) -> Option<UserConfig> {
    let mut config = UserConfig::default();
    for (id, record) in members(&value["users"]) {
        config.users.insert(id.parse().ok()?, read_user(record));
    }
    for (name, record) in members(&value["groups"]) {
        let users = members(&record["users"]).map(|(id, _)| id.parse::<Userid>());
        let members = users.collect::<Result<_, _>>().ok()?;
        config.groups.insert(name.clone(), Group { members, comment: text(record, "comment").to_owned() });
    }
    for (name, record) in members(&value["pools"]) {
        config.pools.create(name, text(record, "comment")).ok()?;
        for (guest, _) in members(&record["vms"]) {
            config.pools.add_guest(name, guest.parse().ok()?, false).ok()?;
        }
        for (storage, _) in members(&record["storage"]) {
            config.pools.add_storage(name, storage).ok()?;
        }
    }
    for (name, record) in members(&value["roles"]).filter(|(name, _)| *name != "$builtin_roles") {
        let privileges = members(record).filter_map(|(name, _)| Privileges::named(name));
        config.roles.insert(name.clone(), privileges.fold(Privileges::NONE, |all, one| all | one));
    }
    read_node(&mut config.acl, "/", &value["acl_root"])?;
    Some(config)
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn flag(value: &Value) -> bool {
    value.as_i64() == Some(1) || value.as_str() == Some("1")
}

fn number(value: &Value) -> u64 {
    value.as_u64().or_else(|| value.as_str()?.parse().ok()).unwrap_or_default()
}

fn read_user(record: &Value) -> User {
    let token = |record: &Value| Token {
        expire: number(&record["expire"]),
        privsep: flag(&record["privsep"]),
        comment: text(record, "comment").to_owned(),
    };
    User {
        enable: flag(&record["enable"]),
        expire: number(&record["expire"]),
        firstname: text(record, "firstname").to_owned(),
        lastname: text(record, "lastname").to_owned(),
        email: text(record, "email").to_owned(),
        comment: text(record, "comment").to_owned(),
        keys: text(record, "keys").to_owned(),
        tokens: members(&record["tokens"]).map(|(name, record)| (name.clone(), token(record))).collect(),
    }
}

fn read_node(acl: &mut Node, path: &str, value: &Value) -> Option<()> {
    let mut grants = |kind: &str, subject: &dyn Fn(&str) -> Option<Subject>| {
        for (id, roles) in members(&value[kind]) {
            for (role, propagate) in members(roles) {
                acl.grant(path, &subject(id)?, role, flag(propagate));
            }
        }
        Some(())
    };
    grants("users", &|id| id.parse().ok().map(Subject::User))?;
    grants("groups", &|id| Some(Subject::Group(id.to_owned())))?;
    grants("tokens", &|id| id.parse().ok().map(Subject::Token))?;
    members(&value["children"]).try_for_each(|(name, child)| read_node(acl, &format!("{path}/{name}"), child))
}
