//! `/access/acl`: who has which role where.

use access::config::Subject;
use access::eval::{Rights, rights};
use access::expr::perm_modify;
use access::privilege::NO_ACCESS;
use access::{Access, Check, Tokenid, UserConfig, Userid, path};
use schema::{ApiError, Errors, Params, Reply};

use super::edit::{self, no_such_user, parts};
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Lists access control entries.
    GET "/access/acl" => list, name = "read_acl",
        Access::Described("all with Sys.Audit on /access, else those on paths where the caller may give rights"), Target::Any;
    /// Gives or takes roles on a path. Whoever lacks Permissions.Modify there can only give what he holds himself.
    PUT "/access/acl" => update, name = "update_acl", Access::Check(Check::PermModify { path: "{path}" }), Target::Any;
}

/// An entry.
#[derive(Reply, Debug)]
struct Entry {
    /// The path.
    path: String,
    /// What the entry is for: `user`, `group` or `token`.
    r#type: String,
    /// Name of the user, group or token.
    ugid: String,
    /// The role.
    roleid: String,
    /// Does it hold below the path, too?
    propagate: bool,
}

async fn list(call: Call, _: schema::NoParams) -> Result<Vec<Entry>, ApiError> {
    let (config, caller) = (call.users(), call.user()?);
    let all = call.may("/access", &["Sys.Audit"]);
    let mut entries = Vec::new();
    let mut judged: Option<(String, bool)> = None;
    config.acl.entries(|entry| {
        if !all && judged.as_ref().is_none_or(|(path, _)| path != entry.path) {
            judged = Some((entry.path.to_owned(), perm_modify(config, caller, Some(entry.path)).is_ok()));
        }
        if all || judged.as_ref().is_some_and(|(_, open)| *open) {
            entries.push(Entry {
                path: entry.path.to_owned(),
                r#type: entry.kind.to_owned(),
                ugid: entry.subject.to_owned(),
                roleid: entry.role.to_owned(),
                propagate: entry.propagate,
            });
        }
    });
    Ok(entries)
}

#[derive(Params)]
struct Update {
    /// The path.
    path: String,
    /// Roles to be given or taken.
    #[param(format = "pve-roleid-list")]
    roles: String,
    /// For these users.
    #[param(format = "pve-userid-list")]
    users: Option<String>,
    /// For these groups.
    #[param(format = "pve-groupid-list")]
    groups: Option<String>,
    /// For these API tokens.
    #[param(format = "pve-tokenid-list")]
    tokens: Option<String>,
    /// Shall it hold below the path, too?
    #[param(default = "1")]
    propagate: bool,
    /// Take the roles away instead.
    delete: Option<bool>,
}

impl Update {
    fn removes(&self) -> bool {
        self.delete.unwrap_or_default()
    }

    fn path(&self) -> Result<String, ApiError> {
        let path = path::normalize(&self.path).filter(|path| self.removes() || path::exists(path));
        path.ok_or_else(|| ApiError::param("path", format!("invalid ACL path '{}'", self.path)))
    }

    fn subjects(&self) -> Result<Vec<Subject>, ApiError> {
        let user = |text: &str| text.parse::<Userid>().map(Subject::User).map_err(|bad| ("users", bad));
        let token = |text: &str| text.parse::<Tokenid>().map(Subject::Token).map_err(|bad| ("tokens", bad));
        let groups = parts(self.groups.as_deref()).map(|name| Ok(Subject::Group(name.to_owned())));
        let users = parts(self.users.as_deref()).map(user);
        let tokens = parts(self.tokens.as_deref()).map(token);
        let subjects: Vec<Subject> = (groups.chain(users).chain(tokens).collect::<Result<_, _>>())
            .map_err(|(name, bad)| ApiError::param(name, bad.to_string()))?;
        if subjects.is_empty() {
            let missing =
                |name: &str| (name.to_owned(), "either 'users', 'groups' or 'tokens' is required.".to_owned());
            return Err(ApiError::parameters(Errors::from(["users", "groups", "tokens"].map(missing))));
        }
        Ok(subjects)
    }

    /// Is this role the caller's to give or take? With `Permissions.Modify` any is, else one that he could use himself.
    fn check_role(&self, config: &UserConfig, held: Rights, role: &str) -> Result<(), ApiError> {
        let privileges = config.role(role).ok_or_else(|| super::roles::missing(role))?;
        const MODIFY: access::Privileges = access::Privileges::of(&["Permissions.Modify"]);
        let own = if self.propagate { held.below } else { held.here };
        if held.here.contains(MODIFY) || (role != NO_ACCESS && own.contains(privileges)) {
            return Ok(());
        }
        let verb = if self.removes() { "remove" } else { "add" };
        let text = format!("Cannot {verb} role '{role}' - requires 'Permissions.Modify' or superset of privileges.");
        Err(ApiError::param("roles", text))
    }
}

/// Entries are made only for those who exist; they are removed for anyone.
fn check_subject(config: &UserConfig, subject: &Subject) -> Result<(), ApiError> {
    match subject {
        Subject::User(id) if !config.users.contains_key(id) => Err(no_such_user(id)),
        Subject::Group(name) if !config.groups.contains_key(name) => Err(super::groups::missing(name)),
        Subject::Token(id) if config.token(id).is_none() => {
            Err(ApiError::internal(format!("no such token '{}' for user '{}'", id.name(), id.user())))
        }
        _ => Ok(()),
    }
}

async fn update(call: Call, p: Update) -> Result<(), ApiError> {
    let (path, subjects, caller) = (p.path()?, p.subjects()?, call.user()?);
    edit::users(&call.node, |config| {
        // By the file as it is now: the caller may have lost rights since the call came.
        perm_modify(config, caller, Some(&path))?;
        let held = rights(config, caller, &path);
        for role in parts(Some(&p.roles)) {
            p.check_role(config, held, role)?;
            for subject in &subjects {
                if p.removes() {
                    config.acl.revoke(&path, subject, role);
                } else {
                    check_subject(config, subject)?;
                    config.acl.grant(&path, subject, role, p.propagate);
                }
            }
        }
        Ok(())
    })
    .await
}
