//! `/access/roles`.

use access::privilege::{BUILT_IN, built_in};
use access::{Access, Privileges};
use schema::{ApiError, Params, Reply};
use serde_json::{Map, Value};

use super::edit::{self, parts};
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Lists all roles.
    GET "/access/roles" => list, name = "index", Access::User, Target::Any;
    /// Creates a role.
    POST "/access/roles" => create, name = "create_role", Access::perm("/access", &["Sys.Modify"]), Target::Any;
    /// Shows the privileges of a role.
    GET "/access/roles/{roleid}" => read, name = "read_role", Access::User, Target::Any;
    /// Changes the privileges of a role.
    PUT "/access/roles/{roleid}" => update, name = "update_role", Access::perm("/access", &["Sys.Modify"]), Target::Any;
    /// Removes a role with the access control entries that give it.
    DELETE "/access/roles/{roleid}" => remove, name = "delete_role", Access::perm("/access", &["Sys.Modify"]), Target::Any;
}

/// The error for a role that is not there.
pub(super) fn missing(role: &str) -> ApiError {
    ApiError::internal(format!("role '{role}' does not exist"))
}

/// A role in a list.
#[derive(Reply, Debug)]
struct Listed {
    /// Its name.
    roleid: String,
    /// Privileges, separated by commas.
    privs: String,
    /// Is it built in?
    special: bool,
}

async fn list(call: Call, _: schema::NoParams) -> Result<Vec<Listed>, ApiError> {
    let built_in = BUILT_IN.iter().map(|(name, set)| (*name, *set, true));
    let own = call.users().roles.iter().map(|(name, set)| (name.as_str(), *set, false));
    let listed = |(name, set, special): (&str, Privileges, bool)| Listed {
        roleid: name.to_owned(),
        privs: set.to_string(),
        special,
    };
    let mut roles: Vec<Listed> = built_in.chain(own).map(listed).collect();
    roles.sort_by(|a, b| a.roleid.cmp(&b.roleid));
    Ok(roles)
}

#[derive(Params)]
struct One {
    /// Name of the role.
    #[param(format = "pve-roleid")]
    roleid: String,
}

async fn read(call: Call, p: One) -> Result<Map<String, Value>, ApiError> {
    let set = call.users().role(&p.roleid).ok_or_else(|| missing(&p.roleid))?;
    Ok(set.names().map(|name| (name.to_owned(), 1.into())).collect())
}

fn privileges(list: Option<&str>) -> Result<Privileges, ApiError> {
    parts(list).try_fold(Privileges::NONE, |set, name| match Privileges::named(name) {
        Some(one) => Ok(set | one),
        None => Err(ApiError::param("privs", format!("invalid privilege '{name}'"))),
    })
}

#[derive(Params)]
struct Create {
    /// Name of the role.
    #[param(format = "pve-roleid")]
    roleid: String,
    /// Its privileges.
    #[param(format = "pve-priv-list")]
    privs: Option<String>,
}

async fn create(call: Call, p: Create) -> Result<(), ApiError> {
    if p.roleid.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("pve")) {
        return Err(ApiError::param(
            "roleid",
            "names that begin with 'PVE' are kept for built-in roles, choose another",
        ));
    }
    let set = privileges(p.privs.as_deref())?;
    edit::users(&call.node, |config| {
        if config.role(&p.roleid).is_some() {
            return Err(ApiError::internal(format!("role '{}' already exists", p.roleid)));
        }
        config.roles.insert(p.roleid.clone(), set);
        Ok(())
    })
    .await
}

#[derive(Params)]
struct Update {
    /// Name of the role.
    #[param(format = "pve-roleid")]
    roleid: String,
    /// Its privileges.
    #[param(format = "pve-priv-list")]
    privs: Option<String>,
    /// Add them to those it has.
    #[param(requires = "privs")]
    append: Option<bool>,
}

fn refuse_built_in(role: &str) -> Result<(), ApiError> {
    match built_in(role) {
        Some(_) => Err(ApiError::internal(format!("auto-generated role '{role}' cannot be modified"))),
        None => Ok(()),
    }
}

async fn update(call: Call, p: Update) -> Result<(), ApiError> {
    refuse_built_in(&p.roleid)?;
    let set = privileges(p.privs.as_deref())?;
    edit::users(&call.node, |config| {
        let role = config.roles.get_mut(&p.roleid).ok_or_else(|| missing(&p.roleid))?;
        *role = if p.append.unwrap_or_default() { *role | set } else { set };
        Ok(())
    })
    .await
}

async fn remove(call: Call, p: One) -> Result<(), ApiError> {
    refuse_built_in(&p.roleid)?;
    edit::users(&call.node, |config| config.remove_role(&p.roleid).map(drop).ok_or_else(|| missing(&p.roleid))).await
}
