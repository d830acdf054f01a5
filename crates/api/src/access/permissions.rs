//! `/access/permissions`: what somebody may do.

use access::eval::{Rights, effective, may_see_rights, rights};
use access::{Access, Authid, UserConfig, path};
use schema::{ApiError, Params};
use serde_json::{Map, Value};

use super::edit::no_such_user;
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Shows the privileges of a user or token by path; 1 where they also hold below.
    GET "/access/permissions" => permissions, name = "permissions",
        Access::Described("one's own and those of one's tokens; others' with Sys.Audit on /access"), Target::Any;
}

#[derive(Params)]
struct Which {
    /// User or token; the caller if absent.
    userid: Option<Authid>,
    /// Only this path.
    path: Option<String>,
}

fn known(config: &UserConfig, who: &Authid) -> Result<(), ApiError> {
    if !config.users.contains_key(who.user()) {
        return Err(no_such_user(who.user()));
    }
    match who.token().filter(|token| config.token(token).is_none()) {
        Some(token) => Err(ApiError::internal(format!("no such token '{}' for user '{}'", token.name(), token.user()))),
        None => Ok(()),
    }
}

fn shown(rights: Rights) -> Value {
    rights.flags().map(|(name, below)| (name.to_owned(), u8::from(below).into())).collect::<Map<_, _>>().into()
}

async fn permissions(call: Call, p: Which) -> Result<Map<String, Value>, ApiError> {
    let (config, caller) = (call.users(), call.user()?);
    let who = p.userid.as_ref().unwrap_or(caller);
    if !may_see_rights(config, caller, who) {
        call.require("/access", &["Sys.Audit"])?;
    }
    known(config, who)?;
    let Some(text) = &p.path else {
        return Ok(effective(config, who).into_iter().map(|(path, rights)| (path, shown(rights))).collect());
    };
    let path = path::normalize(text).ok_or_else(|| ApiError::param("path", format!("invalid ACL path '{text}'")))?;
    let found = shown(rights(config, who, &path));
    Ok(Map::from_iter([(path, found)]))
}
