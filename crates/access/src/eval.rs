//! What a user or token may do on a path.
//!
//! The way from `/` to the path is walked once; the last node with an entry that applies decides. On a node, entries of
//! the user itself replace those of its groups. Nothing is allocated: a check costs a few map look-ups, so that lists
//! of thousands of guests can be filtered entry by entry.

use std::collections::BTreeMap;

use crate::config::{Grants, Node, UserConfig};
use crate::path;
use crate::privilege::{NO_ACCESS, Privileges};
use crate::userid::{Authid, Tokenid, Userid};

/// Privileges on a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Those that hold on the path.
    pub here: Privileges,
    /// Those that also hold below it.
    pub below: Privileges,
}

impl Rights {
    /// Every privilege, everywhere.
    pub const ALL: Self = Self { here: Privileges::ALL, below: Privileges::ALL };

    /// Each privilege with whether it also holds below.
    pub fn flags(self) -> impl Iterator<Item = (&'static str, bool)> {
        let below = self.below;
        self.here.names().map(move |name| (name, Privileges::named(name).is_some_and(|one| below.contains(one))))
    }
    /// Does it satisfy the demand: any of the privileges, or all of them?
    pub fn satisfy(self, privileges: Privileges, any: bool) -> bool {
        if any { self.here.intersects(privileges) } else { self.here.contains(privileges) }
    }
}

impl std::ops::BitAnd for Rights {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self { here: self.here & other.here, below: self.below & other.below }
    }
}

#[derive(Clone, Copy)]
enum Holder<'a> {
    User(&'a Userid),
    Token(&'a Tokenid),
}

/// The entries that decide: of one node, either the holder's own or those of its groups.
struct Deciding<'a> {
    node: &'a Node,
    own: Option<&'a Grants>,
    last: bool,
}

impl<'a> Deciding<'a> {
    fn at(config: &UserConfig, node: &'a Node, holder: Holder<'_>, last: bool) -> Option<Self> {
        let counts = |grants: &Grants| if last { !grants.is_empty() } else { grants.values().any(|below| *below) };
        let own = match holder {
            Holder::User(user) => node.users.get(user.as_str()),
            Holder::Token(token) => node.tokens.get(token.as_str()),
        };
        if let Some(own) = own.filter(|grants| counts(grants)) {
            return Some(Self { node, own: Some(own), last });
        }
        let Holder::User(user) = holder else { return None };
        let by_group = node.groups.iter().any(|(name, grants)| counts(grants) && is_member(config, name, user));
        by_group.then_some(Self { node, own: None, last })
    }

    fn visit(&self, config: &UserConfig, holder: Holder<'_>, visitor: &mut impl FnMut(&'a str, bool)) {
        let mut grants = |grants: &'a Grants| {
            for (role, below) in grants {
                if self.last || *below {
                    visitor(role, *below);
                }
            }
        };
        match (self.own, holder) {
            (Some(own), _) => grants(own),
            (None, Holder::User(user)) => {
                self.node
                    .groups
                    .iter()
                    .filter(|(name, _)| is_member(config, name, user))
                    .for_each(|(_, own)| grants(own));
            }
            (None, Holder::Token(_)) => {}
        }
    }
}

fn is_member(config: &UserConfig, group: &str, user: &Userid) -> bool {
    config.groups.get(group).is_some_and(|group| group.members.contains(user.as_str()))
}

/// Visits the roles that entries on the way to the path give, pools left aside.
fn visit_roles<'a>(config: &'a UserConfig, holder: Holder<'_>, path: &str, mut visitor: impl FnMut(&'a str, bool)) {
    let mut segments = path::segments(path).peekable();
    let mut node = &config.acl;
    let mut deciding = Deciding::at(config, node, holder, segments.peek().is_none());
    while let Some(segment) = segments.next() {
        let Some(child) = node.children.get(segment) else { break };
        node = child;
        deciding = Deciding::at(config, node, holder, segments.peek().is_none()).or(deciding);
    }
    if let Some(deciding) = deciding {
        deciding.visit(config, holder, &mut visitor);
    }
}

/// Privileges that the roles sum up to; `None` if one of them is `NoAccess`.
fn sum(config: &UserConfig, holder: Holder<'_>, path: &str) -> Option<Rights> {
    let mut rights = Rights::default();
    let mut barred = false;
    visit_roles(config, holder, path, |role, below| {
        barred |= role == NO_ACCESS;
        let privileges = config.role(role).unwrap_or_default();
        rights.here |= privileges;
        if below {
            rights.below |= privileges;
        }
    });
    (!barred).then_some(rights)
}

/// What the entries and the pools give a holder.
fn rights_of(config: &UserConfig, holder: Holder<'_>, path: &str) -> Rights {
    let Some(mut rights) = sum(config, holder, path) else { return Rights::default() };
    let mut segments = path::segments(path);
    let member = match (segments.next(), segments.next(), segments.next()) {
        (Some(kind @ ("vms" | "storage")), Some(id), None) => (kind, id),
        _ => return rights,
    };
    let mut from_pool = |pool: &str| {
        // `/pool/` and three levels of names: short, and only members of pools come here.
        let pool = sum(config, holder, &format!("/pool/{pool}"))?;
        rights.here |= pool.here;
        Some(())
    };
    let allowed = match member {
        ("vms", id) => match id.parse().ok().and_then(|id| config.pools.of_guest(id)) {
            Some(pool) => from_pool(pool),
            None => Some(()),
        },
        (_, id) => config.pools.of_storage(id).try_for_each(from_pool),
    };
    if allowed.is_some() { rights } else { Rights::default() }
}

/// Whose entries count: a token without separation acts as its owner, and the superuser needs none (`None`).
fn holder<'a>(config: &UserConfig, who: &'a Authid) -> Option<Holder<'a>> {
    match who {
        Authid::Token(token) if config.token(token).is_none_or(|record| record.privsep) => Some(Holder::Token(token)),
        _ if who.user().is_root() => None,
        _ => Some(Holder::User(who.user())),
    }
}

/// The roles acting on a path, each with whether it also holds below; pools are not looked at.
pub fn roles<'a>(config: &'a UserConfig, who: &Authid, path: &str) -> BTreeMap<&'a str, bool> {
    let Some(holder) = holder(config, who) else { return BTreeMap::from([("Administrator", true)]) };
    let mut roles = BTreeMap::new();
    visit_roles(config, holder, path, |role, below| *roles.entry(role).or_insert(false) |= below);
    match roles.remove_entry(NO_ACCESS) {
        Some(barred) => BTreeMap::from([barred]),
        None => roles,
    }
}

/// The privileges on a path, pools included; those of a separated token are limited by its owner's.
pub fn rights(config: &UserConfig, who: &Authid, path: &str) -> Rights {
    match holder(config, who) {
        None => Rights::ALL,
        Some(user @ Holder::User(_)) => rights_of(config, user, path),
        // A token that is not in the file has no rights, even if its owner has.
        Some(Holder::Token(token)) if config.token(token).is_none() => Rights::default(),
        Some(own @ Holder::Token(token)) => {
            let rights = rights_of(config, own, path);
            if token.user().is_root() { rights } else { rights & rights_of(config, Holder::User(token.user()), path) }
        }
    }
}

/// Has `who` the privileges on the path: any of them, or all?
pub fn allows(config: &UserConfig, who: &Authid, path: &str, privileges: Privileges, any: bool) -> bool {
    rights(config, who, path).satisfy(privileges, any)
}

/// The paths that an overview of somebody's rights shows: the fixed ones, every path with an entry, every pool member.
pub fn known_paths(config: &UserConfig) -> Vec<String> {
    let fixed = ["/", "/access", "/access/groups", "/nodes", "/pool", "/sdn", "/storage", "/vms"];
    let mut paths: Vec<String> = fixed.map(str::to_owned).into();
    config.acl.visit(&mut |path, _| paths.push(path.to_owned()));
    for (_, pool) in config.pools.iter() {
        paths.extend(pool.guests.iter().map(|id| format!("/vms/{id}")));
        paths.extend(pool.storages.iter().map(|id| format!("/storage/{id}")));
    }
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// The rights of `who` on every known path where it has any.
pub fn effective(config: &UserConfig, who: &Authid) -> Vec<(String, Rights)> {
    let with_rights = |path: String| {
        let rights = rights(config, who, &path);
        (!rights.here.is_empty()).then_some((path, rights))
    };
    known_paths(config).into_iter().filter_map(with_rights).collect()
}

/// May the caller see the rights of another: its own, those of its tokens, or with `Sys.Audit` on `/access` anyone's?
pub fn may_see_rights(config: &UserConfig, caller: &Authid, other: &Authid) -> bool {
    const AUDIT: Privileges = Privileges::of(&["Sys.Audit"]);
    let own_token = matches!((caller, other), (Authid::User(user), Authid::Token(token)) if token.user() == user);
    caller == other || own_token || allows(config, caller, "/access", AUDIT, false)
}

#[cfg(test)]
mod tests;
