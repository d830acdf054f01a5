//! Who: users `name@realm`, their API tokens `name@realm!token`, and either of them.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

use schema::kind::{Kind, Text};
use schema::{Reply, Returns, Scalar};
use thiserror::Error;

/// A text that names nobody.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("value '{0}' does not look like a valid {1}")]
pub struct BadId(pub String, pub &'static str);

/// Longest `name@realm`, in bytes.
pub const USERID_MAX: usize = 64;
/// Longest realm, in bytes.
pub const REALM_MAX: usize = 32;

/// May this be the name of a realm (or of a token: the grammar is the same)? A letter, then at least one of
/// letters, digits and `.-_`.
pub fn is_realm(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic()) && text.len() > 1 && bytes.all(is_id_byte)
}

/// May this be the name of a group or a role: letters, digits and `.-_`?
pub fn is_plain_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_id_byte)
}

fn is_id_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._-".contains(&byte)
}

fn is_user_name(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(|c| c.is_whitespace() || c == ':' || c == '/')
}

/// A user: `name@realm`, 3 to 64 bytes. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Userid {
    text: Arc<str>,
    at: usize,
}

impl Userid {
    /// The superuser, `root@pam`.
    pub fn root() -> Self {
        Self { text: Arc::from("root@pam"), at: 4 }
    }
    /// Is this the superuser?
    pub fn is_root(&self) -> bool {
        &*self.text == "root@pam"
    }
    /// Name within the realm.
    pub fn name(&self) -> &str {
        &self.text[..self.at]
    }
    /// The realm.
    pub fn realm(&self) -> &str {
        &self.text[self.at + 1..]
    }
    /// `name@realm`.
    pub fn as_str(&self) -> &str {
        &self.text
    }
    /// The token of this user with that name.
    ///
    /// # Errors
    /// If the name is none for a token.
    pub fn token(&self, token: &str) -> Result<Tokenid, BadId> {
        if !is_realm(token) {
            return Err(BadId(format!("{self}!{token}"), "token ID"));
        }
        Ok(Tokenid { text: format!("{self}!{token}").into(), user: self.clone() })
    }
}

impl FromStr for Userid {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = || BadId(text.to_owned(), "user name");
        let at = text.rfind('@').ok_or_else(bad)?;
        let (name, realm) = (&text[..at], &text[at + 1..]);
        let fits = (3..=USERID_MAX).contains(&text.len()) && realm.len() <= REALM_MAX;
        if !(fits && is_user_name(name) && is_realm(realm)) {
            return Err(bad());
        }
        Ok(Self { text: text.into(), at })
    }
}

/// An API token: `name@realm!token`. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tokenid {
    text: Arc<str>,
    user: Userid,
}

impl Tokenid {
    /// Whose token it is.
    pub fn user(&self) -> &Userid {
        &self.user
    }
    /// Its name, without the user.
    pub fn name(&self) -> &str {
        &self.text[self.user.text.len() + 1..]
    }
    /// `name@realm!token`.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for Tokenid {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = || BadId(text.to_owned(), "token ID");
        let (user, token) = text.rsplit_once('!').ok_or_else(bad)?;
        let user: Userid = user.parse().map_err(|_| bad())?;
        if !is_realm(token) {
            return Err(bad());
        }
        Ok(Self { text: text.into(), user })
    }
}

/// Who makes a call: a user, or a token acting for one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Authid {
    /// A user, by ticket.
    User(Userid),
    /// An API token.
    Token(Tokenid),
}

impl Authid {
    /// The superuser, `root@pam`.
    pub fn root() -> Self {
        Self::User(Userid::root())
    }
    /// Is this the superuser itself? Its tokens are not.
    pub fn is_root(&self) -> bool {
        matches!(self, Self::User(user) if user.is_root())
    }
    /// The user, or the token's owner.
    pub fn user(&self) -> &Userid {
        match self {
            Self::User(user) => user,
            Self::Token(token) => token.user(),
        }
    }
    /// The token, if it is one.
    pub fn token(&self) -> Option<&Tokenid> {
        match self {
            Self::User(_) => None,
            Self::Token(token) => Some(token),
        }
    }
    /// `name@realm` or `name@realm!token`.
    pub fn as_str(&self) -> &str {
        match self {
            Self::User(user) => user.as_str(),
            Self::Token(token) => token.as_str(),
        }
    }
}

impl FromStr for Authid {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        // A realm has no `!`, so a text is a user or a token, never both.
        match text.parse() {
            Ok(user) => Ok(Self::User(user)),
            Err(bad) => text.parse().map(Self::Token).map_err(|_| bad),
        }
    }
}

impl From<Userid> for Authid {
    fn from(user: Userid) -> Self {
        Self::User(user)
    }
}

impl From<Tokenid> for Authid {
    fn from(token: Tokenid) -> Self {
        Self::Token(token)
    }
}

macro_rules! text_traits {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Debug::fmt(self.as_str(), f) }
        }
    )*};
}
text_traits!(Userid, Tokenid, Authid);

impl Scalar for Userid {
    const KIND: Kind = Kind::Text(Text { max_len: Some(USERID_MAX), ..Text::format("pve-userid") });
    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|bad: BadId| bad.to_string())
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

/// `name@realm` or `name@realm!token`, as a parameter's pattern.
const AUTHID_PATTERN: &str = r"[^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+(?:![A-Za-z][A-Za-z0-9.\-_]+)?";

impl Scalar for Authid {
    const KIND: Kind = Kind::Text(Text { pattern: Some(AUTHID_PATTERN), ..Text::FREE });
    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|bad: BadId| bad.to_string())
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

/// Full IDs, for lists of tokens.
impl Scalar for Tokenid {
    const KIND: Kind = Kind::Text(Text { pattern: Some(AUTHID_PATTERN), ..Text::FREE });
    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|bad: BadId| bad.to_string())
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

macro_rules! text_reply {
    ($($name:ident),*) => {$(
        impl Reply for $name {
            const RETURNS: Returns = Returns::Text;
            fn value(self) -> serde_json::Value { self.as_str().into() }
        }
    )*};
}
text_reply!(Userid, Tokenid, Authid);

macro_rules! map_key {
    ($($name:ident),*) => {$(
        // Same hash and order as the text, so that maps can be asked with a text.
        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) { self.as_str().hash(state) }
        }
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str { self.as_str() }
        }
    )*};
}
map_key!(Userid, Tokenid);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_userid_splits_at_the_last_at_sign() {
        let user: Userid = "jo@example.org@pve".parse().unwrap();
        assert_eq!((user.name(), user.realm()), ("jo@example.org", "pve"));
    }

    #[test]
    fn tokens_and_users_are_told_apart() {
        let token: Authid = "jo@pve!ci".parse().unwrap();
        assert_eq!(token.token().map(|t| (t.user().as_str(), t.name())), Some(("jo@pve", "ci")));
        let user: Authid = "jo!x@pve".parse().unwrap();
        assert!(user.token().is_none());
    }

    #[test]
    fn nobody_is_named_by() {
        for text in
            ["", "root", "@pam", "root@", "root@p", "a b@pve", "a/b@pve", "a:b@pve", "a@1x", "a@pve!", "a@pve!x", "!x@"]
        {
            assert!(text.parse::<Authid>().is_err(), "{text}");
        }
        assert!(format!("{}@pve", "x".repeat(61)).parse::<Userid>().is_err(), "65 bytes");
        assert!(format!("x@{}", "r".repeat(33)).parse::<Userid>().is_err(), "realm of 33 bytes");
    }

    #[test]
    fn only_root_itself_is_root() {
        assert!("root@pam".parse::<Authid>().unwrap().is_root());
        assert!(!"root@pam!ci".parse::<Authid>().unwrap().is_root());
        assert!(!"root@pve".parse::<Authid>().unwrap().is_root());
    }
}
