//! Permission expressions: what a method demands of its caller, declared as a constant and evaluated with the call's
//! parameters.
//!
//! Declarations are built with the `const` functions here. A privilege that does not exist is an error of the compiler.

use std::borrow::Cow;

use schema::ApiError;
use thiserror::Error;

use crate::config::{UserConfig, list};
use crate::eval::{allows, rights};
use crate::privilege::Privileges;
use crate::userid::{Authid, Userid};

/// Who may call a method.
#[derive(Clone, Copy, Debug)]
pub enum Access {
    /// Everybody, even without login.
    World,
    /// Every user and token.
    User,
    /// `root@pam` itself, none of its tokens.
    RootOnly,
    /// Whom the expression lets through.
    Check(Check),
    /// Every user and token as far as this is concerned: the handler checks, as described.
    Described(&'static str),
}

/// An expression over privileges and parameters.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// Privileges on a path. Use [`Check::perm`], [`Check::any`].
    Perm(Perm),
    /// All of these.
    And(&'static [Check]),
    /// One of these.
    Or(&'static [Check]),
    /// The parameter `userid` is the caller.
    UseridSelf,
    /// A privilege on the realm of the parameter `userid`: `Realm.AllocateUser`.
    UseridRealm,
    /// One of the privileges on `/access/groups`, or on a group that the user named by `userid` is in.
    UseridGroup {
        /// Names of the privileges.
        privs: &'static [&'static str],
        /// How the parameter `groups` is treated.
        groups: GroupsParam,
    },
    /// Giving and taking rights on a path template: `Permissions.Modify`, or what allows making things there.
    PermModify {
        /// The template.
        path: &'static str,
    },
}

/// How a `userid` group check treats the parameter `groups`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupsParam {
    /// The method has none.
    No,
    /// The user is new: the privilege is needed on each given group, or on `/access/groups` if none is given.
    Create,
    /// The user changes: the privilege is needed for it as it is, and on each given group.
    Update,
}

/// A demand for privileges on a path.
#[derive(Clone, Copy, Debug)]
pub struct Perm {
    path: &'static str,
    privs: &'static [&'static str],
    set: Privileges,
    any: bool,
    require_param: Option<&'static str>,
}

impl Perm {
    /// The path template, with `{parameter}` places.
    pub const fn path(&self) -> &'static str {
        self.path
    }
    /// Names of the privileges.
    pub const fn privs(&self) -> &'static [&'static str] {
        self.privs
    }
    /// Is one of them enough?
    pub const fn is_any(&self) -> bool {
        self.any
    }
    /// The parameter without which the demand is never met.
    pub const fn required_param(&self) -> Option<&'static str> {
        self.require_param
    }
}

impl Check {
    /// All of the privileges on the path.
    pub const fn perm(path: &'static str, privs: &'static [&'static str]) -> Self {
        Self::Perm(Perm { path, privs, set: Privileges::of(privs), any: false, require_param: None })
    }
    /// One of the privileges on the path.
    pub const fn any(path: &'static str, privs: &'static [&'static str]) -> Self {
        Self::Perm(Perm { path, privs, set: Privileges::of(privs), any: true, require_param: None })
    }
    /// All of the privileges on the path, and the parameter must be there.
    pub const fn perm_with(param: &'static str, path: &'static str, privs: &'static [&'static str]) -> Self {
        Self::Perm(Perm { path, privs, set: Privileges::of(privs), any: false, require_param: Some(param) })
    }
    /// One of the privileges by the group of the user that `userid` names.
    pub const fn userid_group(privs: &'static [&'static str]) -> Self {
        Self::UseridGroup { privs, groups: GroupsParam::No }
    }
}

impl Access {
    /// All of the privileges on the path.
    pub const fn perm(path: &'static str, privs: &'static [&'static str]) -> Self {
        Self::Check(Check::perm(path, privs))
    }
    /// One of the privileges on the path.
    pub const fn any(path: &'static str, privs: &'static [&'static str]) -> Self {
        Self::Check(Check::any(path, privs))
    }
    /// All of these.
    pub const fn and(checks: &'static [Check]) -> Self {
        Self::Check(Check::And(checks))
    }
    /// One of these.
    pub const fn or(checks: &'static [Check]) -> Self {
        Self::Check(Check::Or(checks))
    }
    /// Does it ask for a login?
    pub const fn needs_login(&self) -> bool {
        !matches!(self, Self::World)
    }

    /// Lets the caller through or tells why not. `param` gives the text of a parameter, if the call has it; it is asked
    /// before parameters are validated.
    ///
    /// # Errors
    /// [`Denied`], a 403.
    pub fn authorize<'p, P>(&self, config: &UserConfig, caller: &Authid, param: P) -> Result<(), Denied>
    where
        P: Fn(&str) -> Option<Cow<'p, str>>,
    {
        match self {
            _ if caller.is_root() => Ok(()),
            Self::World | Self::User | Self::Described(_) => Ok(()),
            Self::RootOnly => Err(Denied::NotRoot),
            Self::Check(check) => Asked { config, caller, param: &param }.check(check),
        }
    }
}

/// Why a call is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Denied {
    /// Privileges are missing on a path.
    #[error("Permission check failed ({path}, {privs})")]
    Missing {
        /// The path.
        path: String,
        /// The missing privilege, or those of which one is needed, joined by `|`.
        privs: String,
    },
    /// The method is for `root@pam` only.
    #[error("Permission check failed (user != root@pam)")]
    NotRoot,
    /// None of several ways is open.
    #[error("Permission check failed")]
    Other,
}

impl From<Denied> for ApiError {
    fn from(denied: Denied) -> Self {
        Self::new(403, denied.to_string())
    }
}

struct Asked<'a, P> {
    config: &'a UserConfig,
    caller: &'a Authid,
    param: &'a P,
}

impl<'p, P: Fn(&str) -> Option<Cow<'p, str>>> Asked<'_, P> {
    fn check(&self, check: &Check) -> Result<(), Denied> {
        match check {
            Check::Perm(perm) => self.perm(perm),
            Check::And(all) => all.iter().try_for_each(|one| self.check(one)),
            Check::Or(any) if any.iter().any(|one| self.check(one).is_ok()) => Ok(()),
            Check::Or(_) => Err(Denied::Other),
            Check::UseridSelf => {
                let user = self.userid()?;
                let itself = user.as_str() == self.caller.as_str() && self.config.users.contains_key(&user);
                if itself { Ok(()) } else { Err(Denied::Other) }
            }
            Check::UseridRealm => {
                const ALLOCATE: &[&str] = &["Realm.AllocateUser"];
                self.need(&format!("/access/realm/{}", self.userid()?.realm()), ALLOCATE, false)
            }
            Check::UseridGroup { privs, groups } => self.userid_group(privs, *groups),
            Check::PermModify { path } => {
                let path = self.fill(path).filter(|path| !path.is_empty());
                perm_modify(self.config, self.caller, path.as_deref())
            }
        }
    }

    fn need(&self, path: &str, privs: &[&str], any: bool) -> Result<(), Denied> {
        need(self.config, self.caller, path, privs, any)
    }

    fn perm(&self, perm: &Perm) -> Result<(), Denied> {
        if perm.require_param.is_some_and(|name| (self.param)(name).is_none()) {
            return Err(Denied::Other);
        }
        // A template that cannot be filled lets nobody through: an empty place would mean the path above.
        let path = self.fill(perm.path).ok_or(Denied::Other)?;
        if allows(self.config, self.caller, &path, perm.set, perm.any) {
            return Ok(());
        }
        Err(missing(self.config, self.caller, &path, perm.privs, perm.any))
    }

    fn userid(&self) -> Result<Userid, Denied> {
        (self.param)("userid").and_then(|text| text.parse().ok()).ok_or(Denied::Other)
    }

    fn userid_group(&self, privs: &[&str], groups: GroupsParam) -> Result<(), Denied> {
        let on_group = |group: &str| self.need(&format!("/access/groups/{group}"), privs, true);
        let given = (self.param)("groups").filter(|_| groups != GroupsParam::No);
        let mut given = given.as_deref().into_iter().flat_map(list).peekable();
        let for_all = || self.need("/access/groups", privs, true);
        if groups == GroupsParam::Create {
            return if given.peek().is_none() { for_all() } else { given.try_for_each(on_group) };
        }
        let user = self.userid()?;
        if !self.config.users.contains_key(&user) {
            return Err(Denied::Other);
        }
        for_all().or_else(|denied| {
            let by_group = self.config.groups_of(&user).any(|group| on_group(group).is_ok());
            if by_group { Ok(()) } else { Err(denied) }
        })?;
        given.try_for_each(on_group)
    }

    /// The template with its places filled; `None` if a parameter is absent or empty.
    fn fill<'t>(&self, template: &'t str) -> Option<Cow<'t, str>> {
        if !template.contains('{') {
            return Some(Cow::Borrowed(template));
        }
        let mut path = String::with_capacity(template.len() + 16);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}')?;
            path.push_str(before);
            path.push_str(&(self.param)(name).filter(|text| !text.is_empty())?);
            rest = after;
        }
        path.push_str(rest);
        Some(Cow::Owned(path))
    }
}

fn missing(config: &UserConfig, caller: &Authid, path: &str, privs: &[&str], any: bool) -> Denied {
    let held = rights(config, caller, path).here;
    let lacks = |name: &&&str| Privileges::named(name).is_none_or(|one| !held.contains(one));
    let privs = match privs.iter().find(lacks) {
        Some(first) if !any => (*first).to_owned(),
        _ => privs.join("|"),
    };
    Denied::Missing { path: path.to_owned(), privs }
}

/// Demands privileges (all, or one of them) of a caller, as handlers do.
///
/// # Errors
/// [`Denied`], naming what is missing.
pub fn need(config: &UserConfig, caller: &Authid, path: &str, privs: &[&str], any: bool) -> Result<(), Denied> {
    if caller.is_root() {
        return Ok(());
    }
    let held = rights(config, caller, path);
    let has = |name: &&str| Privileges::named(name).is_some_and(|one| held.here.contains(one));
    let satisfied = if any { privs.iter().any(has) } else { privs.iter().all(has) };
    if satisfied { Ok(()) } else { Err(missing(config, caller, path, privs, any)) }
}

/// Demands the right to give and take rights on a path; without a path, in general.
///
/// # Errors
/// [`Denied`], naming the privileges of which one is needed.
pub fn perm_modify(config: &UserConfig, caller: &Authid, path: Option<&str>) -> Result<(), Denied> {
    let Some(path) = path else { return need(config, caller, "/access", &["Permissions.Modify"], false) };
    let mut segments = crate::path::segments(path);
    let privs: &[&str] = match (segments.next(), segments.next()) {
        (Some("storage"), Some(_)) => &["Permissions.Modify", "Datastore.Allocate"],
        (Some("vms"), Some(_)) => &["Permissions.Modify", "VM.Allocate"],
        (Some("pool"), Some(_)) => &["Permissions.Modify", "Pool.Allocate"],
        _ => &["Permissions.Modify"],
    };
    need(config, caller, path, privs, true)
}

#[cfg(test)]
mod tests;
