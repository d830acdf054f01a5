//! `user.cfg`: users with their tokens, groups, pools, roles and the tree of access control entries.
//!
//! [`UserConfig::parse`] and [`UserConfig::print`] are the file's two directions; between them it is plain data.

mod acl;
mod parse;
mod pools;
mod print;
mod text;

use std::collections::{BTreeMap, BTreeSet};

pub use acl::{AclEntry, Grants, Node, Subject};
pub use parse::Warning;
pub use pools::{Pool, PoolError, Pools};
pub(crate) use text::{decode, encode, list};

use crate::privilege::{self, Privileges};
use crate::userid::{Authid, Tokenid, Userid};

/// A user's record. Texts are empty where nothing is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// May it log in?
    pub enable: bool,
    /// When the account ends: seconds since 1970, 0 for never.
    pub expire: u64,
    /// First name.
    pub firstname: String,
    /// Last name.
    pub lastname: String,
    /// Electronic mail address.
    pub email: String,
    /// Remark.
    pub comment: String,
    /// Legacy list of second-factor keys; `x` if they are in `tfa.cfg`.
    pub keys: String,
    /// API tokens by the name after the `!`.
    pub tokens: BTreeMap<String, Token>,
}

/// An API token's record; its secret is in `priv/token.cfg`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Token {
    /// When the token ends: seconds since 1970, 0 for never.
    pub expire: u64,
    /// Does it need rights of its own, or has it all its owner's?
    pub privsep: bool,
    /// Remark.
    pub comment: String,
}

/// A group of users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Who is in it.
    pub members: BTreeSet<Userid>,
    /// Remark.
    pub comment: String,
}

/// Why somebody may not log in now.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Refused {
    /// The user is not in the file.
    #[error("no such user ('{0}')")]
    NoUser(Userid),
    /// The account is switched off.
    #[error("user '{0}' is disabled")]
    Disabled(Userid),
    /// The account has ended.
    #[error("user '{0}' access expired")]
    Expired(Userid),
    /// The token is not in the file.
    #[error("no such token '{token}' for user '{user}'", token = .0.name(), user = .0.user())]
    NoToken(Tokenid),
    /// The token has ended.
    #[error("token '{0}' access expired")]
    TokenExpired(Tokenid),
}

/// The content of `user.cfg`. `root@pam` is always among the users after parsing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserConfig {
    /// Users by ID.
    pub users: BTreeMap<Userid, User>,
    /// Groups by name.
    pub groups: BTreeMap<String, Group>,
    /// Roles of the file. Built-in ones are not here: ask [`UserConfig::role`].
    pub roles: BTreeMap<String, Privileges>,
    /// Pools of guests and storages.
    pub pools: Pools,
    /// Who has which role where: the node of `/`.
    pub acl: Node,
}

impl UserConfig {
    /// The privileges of a role, built-in or from the file.
    pub fn role(&self, name: &str) -> Option<Privileges> {
        privilege::built_in(name).or_else(|| self.roles.get(name).copied())
    }
    /// The record of a token.
    pub fn token(&self, token: &Tokenid) -> Option<&Token> {
        self.users.get(token.user().as_str())?.tokens.get(token.name())
    }
    /// Names of the groups that the user is in, sorted.
    pub fn groups_of<'a>(&'a self, user: &'a Userid) -> impl Iterator<Item = &'a str> {
        self.groups.iter().filter(move |(_, group)| group.members.contains(user)).map(|(name, _)| name.as_str())
    }
    /// May this user or token act at this time (seconds since 1970)?
    ///
    /// # Errors
    /// With the reason, which is for the log and not for the client.
    pub fn check_active(&self, who: &Authid, now: u64) -> Result<(), Refused> {
        let ended = |expire: u64| expire != 0 && expire <= now;
        let id = who.user();
        let user = self.users.get(id.as_str()).ok_or_else(|| Refused::NoUser(id.clone()))?;
        if !user.enable {
            return Err(Refused::Disabled(id.clone()));
        }
        if ended(user.expire) {
            return Err(Refused::Expired(id.clone()));
        }
        if let Authid::Token(token) = who {
            let record = user.tokens.get(token.name()).ok_or_else(|| Refused::NoToken(token.clone()))?;
            if ended(record.expire) {
                return Err(Refused::TokenExpired(token.clone()));
            }
        }
        Ok(())
    }
    /// Removes a user with its tokens, group memberships and access control entries.
    pub fn remove_user(&mut self, id: &Userid) -> Option<User> {
        let user = self.users.remove(id)?;
        for group in self.groups.values_mut() {
            group.members.remove(id);
        }
        self.acl.forget(&Subject::User(id.clone()));
        for name in user.tokens.keys() {
            if let Ok(token) = id.token(name) {
                self.acl.forget(&Subject::Token(token));
            }
        }
        Some(user)
    }
    /// Removes a token with its access control entries.
    pub fn remove_token(&mut self, token: &Tokenid) -> Option<Token> {
        let record = self.users.get_mut(token.user().as_str())?.tokens.remove(token.name())?;
        self.acl.forget(&Subject::Token(token.clone()));
        Some(record)
    }
    /// Removes a group with its access control entries.
    pub fn remove_group(&mut self, name: &str) -> Option<Group> {
        let group = self.groups.remove(name)?;
        self.acl.forget(&Subject::Group(name.to_owned()));
        Some(group)
    }
    /// Removes a role of the file with its access control entries.
    pub fn remove_role(&mut self, name: &str) -> Option<Privileges> {
        let role = self.roles.remove(name)?;
        self.acl.forget_role(name);
        Some(role)
    }
    /// Removes what the file says of a guest: its pool membership and the access control entries on it.
    pub fn remove_guest(&mut self, vmid: u32) {
        self.pools.remove_guest(vmid);
        self.acl.remove_node(&format!("/vms/{vmid}"));
    }
    /// Removes what the file says of a storage: its pool memberships and the access control entries on it.
    pub fn remove_storage(&mut self, storage: &str) {
        self.pools.remove_storage(storage);
        self.acl.remove_node(&format!("/storage/{storage}"));
    }
}

#[cfg(test)]
mod tests;
