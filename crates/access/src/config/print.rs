//! `user.cfg` as text, always in the same order.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Write as _};

use super::{Grants, Node, UserConfig, encode};
use crate::userid::Userid;

impl UserConfig {
    /// The file's text: users (each with its tokens), groups, pools, roles, entries, sorted, with a blank line between.
    pub fn print(&self) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = self.print_users(&mut out);
        let _ = self.print_groups(&mut out);
        let _ = self.print_pools(&mut out);
        let _ = self.print_roles(&mut out);
        self.acl.visit(&mut |path, node| {
            for propagate in [false, true] {
                let _ = print_entries(&mut out, path, node, propagate);
            }
        });
        out
    }

    fn print_users(&self, out: &mut String) -> std::fmt::Result {
        for (id, user) in &self.users {
            let (first, last, comment) = (encode(&user.firstname), encode(&user.lastname), encode(&user.comment));
            let (enable, expire) = (u8::from(user.enable), user.expire);
            let (email, keys) = (plain(&user.email), plain(&user.keys));
            writeln!(out, "user:{id}:{enable}:{expire}:{first}:{last}:{email}:{comment}:{keys}:")?;
            for (name, token) in &user.tokens {
                let (privsep, comment) = (u8::from(token.privsep), encode(&token.comment));
                writeln!(out, "token:{id}!{name}:{}:{privsep}:{comment}:", token.expire)?;
            }
        }
        writeln!(out)
    }

    fn print_groups(&self, out: &mut String) -> std::fmt::Result {
        for (name, group) in &self.groups {
            writeln!(out, "group:{name}:{}:{}:", join(&group.members), encode(&group.comment))?;
        }
        writeln!(out)
    }

    fn print_pools(&self, out: &mut String) -> std::fmt::Result {
        for (id, pool) in self.pools.iter() {
            let (guests, storages) = (join(&pool.guests), join(&pool.storages));
            writeln!(out, "pool:{id}:{}:{guests}:{storages}:", encode(&pool.comment))?;
        }
        writeln!(out)
    }

    fn print_roles(&self, out: &mut String) -> std::fmt::Result {
        for (name, privileges) in &self.roles {
            writeln!(out, "role:{name}:{privileges}:")?;
        }
        writeln!(out)
    }
}

/// A field that is not encoded in this format: what would end the field or the line is dropped.
fn plain(text: &str) -> String {
    text.chars().filter(|c| *c != ':' && !c.is_control()).collect()
}

fn join<T: Display>(items: &BTreeSet<T>) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(",")
}

/// The entries of one node with one propagation: those with the same roles share a line.
fn print_entries(out: &mut String, path: &str, node: &Node, propagate: bool) -> std::fmt::Result {
    let mut members: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut add = |subject: String, grants: &Grants| {
        let roles: Vec<&str> = grants.iter().filter(|(_, own)| **own == propagate).map(|(r, _)| r.as_str()).collect();
        if !roles.is_empty() {
            members.entry(roles.join(",")).or_default().insert(subject);
        }
    };
    node.groups.iter().for_each(|(name, grants)| add(format!("@{name}"), grants));
    // The superuser needs no entry, so none is kept.
    node.users.iter().filter(|(id, _)| !Userid::is_root(id)).for_each(|(id, grants)| add(id.to_string(), grants));
    node.tokens.iter().for_each(|(id, grants)| add(id.to_string(), grants));
    for (roles, subjects) in members {
        writeln!(out, "acl:{}:{path}:{}:{roles}:", u8::from(propagate), join(&subjects))?;
    }
    Ok(())
}
