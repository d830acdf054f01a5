//! `user.cfg` from text. Lines that make no sense are left out with a warning; the rest still counts.

use super::pools::is_pool_id;
use super::{Subject, Token, User, UserConfig, decode, list};
use crate::path;
use crate::privilege::{self, Privileges};
use crate::userid::{Tokenid, Userid, is_plain_id};

/// What was left out of a file, and why.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("user.cfg line {line}: {text}")]
pub struct Warning {
    /// Number of the line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub text: String,
}

struct Reader {
    config: UserConfig,
    warnings: Vec<Warning>,
    line: usize,
}

/// The fields of a line after its type; missing ones are empty.
struct Fields<'a>(Vec<&'a str>);

impl<'a> Fields<'a> {
    fn get(&self, at: usize) -> &'a str {
        self.0.get(at).copied().unwrap_or_default()
    }
    /// A switch: set by any value but `0` and nothing.
    fn flag(&self, at: usize) -> bool {
        !matches!(self.get(at), "" | "0")
    }
}

impl UserConfig {
    /// Reads the file's text. Never fails: what cannot be used is named in the warnings.
    pub fn parse(text: &str) -> (Self, Vec<Warning>) {
        let mut reader = Reader { config: Self::default(), warnings: Vec::new(), line: 0 };
        for (at, line) in text.lines().enumerate() {
            reader.line = at + 1;
            let line = line.trim();
            if !(line.is_empty() || line.starts_with('#')) {
                reader.line(line);
            }
        }
        // The superuser cannot be lost.
        reader.config.users.entry(Userid::root()).or_insert_with(|| User { enable: true, ..User::default() });
        (reader.config, reader.warnings)
    }
}

impl Reader {
    fn warn(&mut self, text: impl Into<String>) {
        self.warnings.push(Warning { line: self.line, text: text.into() });
    }

    fn line(&mut self, line: &str) {
        let mut parts = line.split(':').map(str::trim);
        let kind = parts.next().unwrap_or_default();
        let fields = Fields(parts.collect());
        match kind {
            "user" => self.user(&fields),
            "token" => self.token(&fields),
            "group" => self.group(&fields),
            "pool" => self.pool(&fields),
            "role" => self.role(&fields),
            "acl" => self.acl(&fields),
            other => self.warn(format!("unknown kind of line '{other}'")),
        }
    }

    fn expire(&mut self, text: &str) -> Option<u64> {
        if text.is_empty() {
            return Some(0);
        }
        let expire = text.parse().ok();
        if expire.is_none() {
            self.warn(format!("'{text}' is no time of expiry"));
        }
        expire
    }

    fn user(&mut self, fields: &Fields<'_>) {
        let id: Userid = match fields.get(0).parse() {
            Ok(id) => id,
            Err(error) => return self.warn(error.to_string()),
        };
        let Some(expire) = self.expire(fields.get(2)) else { return };
        let tokens = self.config.users.remove(&id).map(|user| user.tokens).unwrap_or_default();
        let user = User {
            enable: fields.flag(1),
            expire,
            firstname: decode(fields.get(3)),
            lastname: decode(fields.get(4)),
            email: fields.get(5).to_owned(),
            comment: decode(fields.get(6)),
            keys: fields.get(7).to_owned(),
            tokens,
        };
        self.config.users.insert(id, user);
    }

    fn token(&mut self, fields: &Fields<'_>) {
        let id: Tokenid = match fields.get(0).parse() {
            Ok(id) => id,
            Err(error) => return self.warn(error.to_string()),
        };
        let Some(expire) = self.expire(fields.get(1)) else { return };
        let token = Token { expire, privsep: fields.flag(2), comment: decode(fields.get(3)) };
        if id.user().is_root() {
            // The superuser exists without a line, so its tokens do too.
            self.config.users.entry(Userid::root()).or_insert_with(|| User { enable: true, ..User::default() });
        }
        match self.config.users.get_mut(id.user()) {
            Some(user) => drop(user.tokens.insert(id.name().to_owned(), token)),
            None => self.warn(format!("token '{id}': no such user")),
        }
    }

    fn group(&mut self, fields: &Fields<'_>) {
        let name = fields.get(0);
        if !is_plain_id(name) {
            return self.warn(format!("'{name}' is no name of a group"));
        }
        let mut group = self.config.groups.remove(name).unwrap_or_default();
        for member in list(fields.get(1)) {
            match self.config.users.get_key_value(member) {
                Some((id, _)) => drop(group.members.insert(id.clone())),
                None if member == "root@pam" => drop(group.members.insert(Userid::root())),
                None => self.warn(format!("group '{name}': no such user '{member}'")),
            }
        }
        group.comment = decode(fields.get(2));
        self.config.groups.insert(name.to_owned(), group);
    }

    fn pool(&mut self, fields: &Fields<'_>) {
        let id = fields.get(0);
        if !is_pool_id(id) {
            return self.warn(format!("'{id}' is no name of a pool"));
        }
        self.config.pools.ensure(id).comment = decode(fields.get(1));
        for guest in list(fields.get(2)) {
            let added = match guest.parse() {
                Ok(number) => self.config.pools.add_guest(id, number, false).map_err(|error| error.to_string()),
                Err(_) => Err(format!("'{guest}' is no ID of a guest")),
            };
            if let Err(error) = added {
                self.warn(format!("pool '{id}': {error}"));
            }
        }
        for storage in list(fields.get(3)) {
            if !is_storage_id(storage) {
                self.warn(format!("pool '{id}': '{storage}' is no name of a storage"));
            } else if let Err(error) = self.config.pools.add_storage(id, storage) {
                self.warn(error.to_string());
            }
        }
    }

    fn role(&mut self, fields: &Fields<'_>) {
        let name = fields.get(0);
        if !is_plain_id(name) {
            return self.warn(format!("'{name}' is no name of a role"));
        }
        if privilege::built_in(name).is_some() {
            return self.warn(format!("role '{name}' is built in"));
        }
        let mut set = self.config.roles.get(name).copied().unwrap_or_default();
        for privilege in list(fields.get(1)) {
            match Privileges::named(privilege) {
                Some(one) => set |= one,
                None => self.warn(format!("role '{name}': no such privilege '{privilege}'")),
            }
        }
        self.config.roles.insert(name.to_owned(), set);
    }

    fn acl(&mut self, fields: &Fields<'_>) {
        let propagate = fields.flag(0);
        let Some(path) = path::normalize(fields.get(1)) else {
            return self.warn(format!("'{}' is no path", fields.get(1)));
        };
        let subjects: Vec<Subject> = list(fields.get(2)).filter_map(|text| self.subject(text)).collect();
        for role in list(fields.get(3)) {
            if self.config.role(role).is_none() {
                self.warn(format!("no such role '{role}'"));
                continue;
            }
            for subject in &subjects {
                self.config.acl.grant(&path, subject, role, propagate);
            }
        }
    }

    /// Users and groups that are not there are kept: they may come back. A token cannot: its secret is gone.
    fn subject(&mut self, text: &str) -> Option<Subject> {
        if let Some(group) = text.strip_prefix('@') {
            if !is_plain_id(group) {
                self.warn(format!("'{group}' is no name of a group"));
                return None;
            }
            if !self.config.groups.contains_key(group) {
                self.warn(format!("group '{group}' does not exist"));
            }
            return Some(Subject::Group(group.to_owned()));
        }
        if let Ok(user) = text.parse::<Userid>() {
            if !user.is_root() && !self.config.users.contains_key(&user) {
                self.warn(format!("no such user ('{user}')"));
            }
            return Some(Subject::User(user));
        }
        match text.parse::<Tokenid>() {
            Ok(token) if self.config.token(&token).is_some() => Some(Subject::Token(token)),
            Ok(token) => {
                self.warn(format!("no such token '{}' for user '{}'", token.name(), token.user()));
                None
            }
            Err(_) => {
                self.warn(format!("'{text}' is no user, group or token"));
                None
            }
        }
    }
}

/// Two or more of letters, digits and `-_.`, beginning with a letter and ending with a letter or digit.
fn is_storage_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(first), Some(last)) => {
            let middle = bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b));
            bytes.len() > 1 && first.is_ascii_alphabetic() && last.is_ascii_alphanumeric() && middle
        }
        _ => false,
    }
}
