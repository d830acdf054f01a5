//! `/access/groups`.

use access::Access;
use access::config::Group;
use schema::{ApiError, Params, Reply};

use super::edit::{self, some};
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Lists the groups that the caller may see.
    GET "/access/groups" => list, name = "index",
        Access::Described("groups on which the caller has User.Modify, Sys.Audit or Group.Allocate"), Target::Any;
    /// Creates a group.
    POST "/access/groups" => create, name = "create_group",
        Access::perm("/access/groups", &["Group.Allocate"]), Target::Any;
    /// Shows a group.
    GET "/access/groups/{groupid}" => read, name = "read_group",
        Access::any("/access/groups", &["Sys.Audit", "Group.Allocate"]), Target::Any;
    /// Changes a group.
    PUT "/access/groups/{groupid}" => update, name = "update_group",
        Access::perm("/access/groups", &["Group.Allocate"]), Target::Any;
    /// Removes a group with its access control entries; its members stay.
    DELETE "/access/groups/{groupid}" => remove, name = "delete_group",
        Access::perm("/access/groups", &["Group.Allocate"]), Target::Any;
}

/// The error for a group that is not there.
pub(super) fn missing(group: &str) -> ApiError {
    ApiError::internal(format!("group '{group}' does not exist"))
}

/// A group in a list.
#[derive(Reply, Debug)]
struct Listed {
    /// Its name.
    groupid: String,
    /// Remark.
    comment: Option<String>,
    /// Members, separated by commas.
    users: String,
}

fn members(group: &Group) -> Vec<String> {
    group.members.iter().map(ToString::to_string).collect()
}

async fn list(call: Call, _: schema::NoParams) -> Result<Vec<Listed>, ApiError> {
    const PRIVILEGES: &[&str] = &["User.Modify", "Sys.Audit", "Group.Allocate"];
    let all = call.may_any("/access/groups", PRIVILEGES);
    let shown = |name: &str| all || call.may_any(&format!("/access/groups/{name}"), PRIVILEGES);
    let listed = |(name, group): (&String, &Group)| Listed {
        groupid: name.clone(),
        comment: some(&group.comment),
        users: members(group).join(","),
    };
    Ok(call.users().groups.iter().filter(|(name, _)| shown(name)).map(listed).collect())
}

#[derive(Params)]
struct One {
    /// Name of the group.
    #[param(format = "pve-groupid")]
    groupid: String,
}

#[derive(Params)]
struct Change {
    /// Name of the group.
    #[param(format = "pve-groupid")]
    groupid: String,
    /// Remark.
    comment: Option<String>,
}

async fn create(call: Call, p: Change) -> Result<(), ApiError> {
    edit::users(&call.node, |config| {
        if config.groups.contains_key(&p.groupid) {
            return Err(ApiError::internal(format!("group '{}' already exists", p.groupid)));
        }
        let group = Group { comment: p.comment.clone().unwrap_or_default(), ..Group::default() };
        config.groups.insert(p.groupid.clone(), group);
        Ok(())
    })
    .await
}

/// A group with its members.
#[derive(Reply, Debug)]
struct Shown {
    /// Remark.
    comment: Option<String>,
    /// Members.
    members: Vec<String>,
}

async fn read(call: Call, p: One) -> Result<Shown, ApiError> {
    let group = call.users().groups.get(&p.groupid).ok_or_else(|| missing(&p.groupid))?;
    Ok(Shown { comment: some(&group.comment), members: members(group) })
}

async fn update(call: Call, p: Change) -> Result<(), ApiError> {
    edit::users(&call.node, |config| {
        let group = config.groups.get_mut(&p.groupid).ok_or_else(|| missing(&p.groupid))?;
        if let Some(comment) = &p.comment {
            group.comment.clone_from(comment);
        }
        Ok(())
    })
    .await
}

async fn remove(call: Call, p: One) -> Result<(), ApiError> {
    edit::users(&call.node, |config| config.remove_group(&p.groupid).map(drop).ok_or_else(|| missing(&p.groupid))).await
}
