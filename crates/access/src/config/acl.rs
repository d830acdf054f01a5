//! The tree of access control entries.

use std::collections::BTreeMap;

use crate::path;
use crate::userid::{Tokenid, Userid};

/// Roles given, each with whether it also holds below the path.
pub type Grants = BTreeMap<String, bool>;

/// Whom an entry is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// One user.
    User(Userid),
    /// The members of a group.
    Group(String),
    /// One API token.
    Token(Tokenid),
}

/// The entries on one path, and the paths below.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// Paths below, by the name of their next segment.
    pub children: BTreeMap<String, Node>,
    /// Entries for users.
    pub users: BTreeMap<Userid, Grants>,
    /// Entries for groups, by name.
    pub groups: BTreeMap<String, Grants>,
    /// Entries for tokens.
    pub tokens: BTreeMap<Tokenid, Grants>,
}

/// One entry, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AclEntry<'a> {
    /// The path, normalized.
    pub path: &'a str,
    /// `user`, `group` or `token`.
    pub kind: &'static str,
    /// Name of the user, group or token.
    pub subject: &'a str,
    /// The role.
    pub role: &'a str,
    /// Does it hold below the path?
    pub propagate: bool,
}

impl Node {
    /// The node of a path below this one, if it has entries or entries below.
    pub fn get(&self, path: &str) -> Option<&Node> {
        path::segments(path).try_fold(self, |node, segment| node.children.get(segment))
    }
    fn make(&mut self, path: &str) -> &mut Node {
        path::segments(path).fold(self, |node, segment| node.children.entry(segment.to_owned()).or_default())
    }
    fn is_empty(&self) -> bool {
        self.children.is_empty() && self.users.is_empty() && self.groups.is_empty() && self.tokens.is_empty()
    }

    /// Gives a role on a path; an entry that was there gets the new propagation.
    pub fn grant(&mut self, path: &str, subject: &Subject, role: &str, propagate: bool) {
        let node = self.make(path);
        let grants = match subject {
            Subject::User(id) => node.users.entry(id.clone()).or_default(),
            Subject::Group(name) => node.groups.entry(name.clone()).or_default(),
            Subject::Token(id) => node.tokens.entry(id.clone()).or_default(),
        };
        grants.insert(role.to_owned(), propagate);
    }

    /// Takes a role on a path away; nodes without entries vanish.
    pub fn revoke(&mut self, path: &str, subject: &Subject, role: &str) {
        let segments: Vec<&str> = path::segments(path).collect();
        self.revoke_below(&segments, subject, role);
    }

    fn revoke_below(&mut self, segments: &[&str], subject: &Subject, role: &str) {
        if let Some((first, rest)) = segments.split_first() {
            if let Some(child) = self.children.get_mut(*first) {
                child.revoke_below(rest, subject, role);
                if child.is_empty() {
                    self.children.remove(*first);
                }
            }
            return;
        }
        self.edit_grants(subject, |grants| {
            grants.remove(role);
        });
    }

    /// Changes what a subject has on this very node, and drops the record if nothing is left.
    fn edit_grants(&mut self, subject: &Subject, edit: impl Fn(&mut Grants)) {
        fn at<K: Ord + std::borrow::Borrow<str>>(map: &mut BTreeMap<K, Grants>, id: &str, edit: impl Fn(&mut Grants)) {
            if let Some(grants) = map.get_mut(id) {
                edit(grants);
                if grants.is_empty() {
                    map.remove(id);
                }
            }
        }
        match subject {
            Subject::User(id) => at(&mut self.users, id.as_str(), edit),
            Subject::Group(name) => at(&mut self.groups, name, edit),
            Subject::Token(id) => at(&mut self.tokens, id.as_str(), edit),
        }
    }

    /// Removes every entry of a subject, on this node and below.
    pub fn forget(&mut self, subject: &Subject) {
        self.edit_grants(subject, Grants::clear);
        self.children.retain(|_, child| {
            child.forget(subject);
            !child.is_empty()
        });
    }

    /// Removes every entry that gives a role, on this node and below.
    pub fn forget_role(&mut self, role: &str) {
        let without = |grants: &mut Grants| {
            grants.remove(role);
            !grants.is_empty()
        };
        self.users.retain(|_, grants| without(grants));
        self.groups.retain(|_, grants| without(grants));
        self.tokens.retain(|_, grants| without(grants));
        self.children.retain(|_, child| {
            child.forget_role(role);
            !child.is_empty()
        });
    }

    /// Removes a path with all entries on it and below.
    pub fn remove_node(&mut self, path: &str) {
        let segments: Vec<&str> = path::segments(path).collect();
        self.remove_below(&segments);
    }

    fn remove_below(&mut self, segments: &[&str]) {
        match segments {
            [] => *self = Node::default(),
            [first, rest @ ..] => {
                if let Some(child) = self.children.get_mut(*first) {
                    child.remove_below(rest);
                    if child.is_empty() {
                        self.children.remove(*first);
                    }
                }
            }
        }
    }

    /// Visits this node (as the one of `/`) and all below, children sorted, each with its path.
    pub fn visit(&self, visitor: &mut impl FnMut(&str, &Node)) {
        fn walk(node: &Node, path: &mut String, visitor: &mut impl FnMut(&str, &Node)) {
            visitor(if path.is_empty() { "/" } else { path }, node);
            for (name, child) in &node.children {
                let length = path.len();
                path.push('/');
                path.push_str(name);
                walk(child, path, visitor);
                path.truncate(length);
            }
        }
        walk(self, &mut String::new(), visitor);
    }

    /// Visits every entry: by path, there users, groups, tokens.
    pub fn entries(&self, mut visitor: impl FnMut(AclEntry<'_>)) {
        self.visit(&mut |path, node| {
            let users = node.users.iter().map(|(id, grants)| ("user", id.as_str(), grants));
            let groups = node.groups.iter().map(|(name, grants)| ("group", name.as_str(), grants));
            let tokens = node.tokens.iter().map(|(id, grants)| ("token", id.as_str(), grants));
            for (kind, subject, grants) in users.chain(groups).chain(tokens) {
                for (role, propagate) in grants {
                    visitor(AclEntry { path, kind, subject, role, propagate: *propagate });
                }
            }
        });
    }
}
