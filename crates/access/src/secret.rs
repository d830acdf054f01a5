//! Secrets: values that never print themselves and are compared in constant time; and the files that keep them.

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;

use crate::userid::{Tokenid, Userid, is_realm};

/// A text that must not show up anywhere by accident.
#[derive(Clone, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
    /// The text, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Secret {
    /// Takes the same time wherever the texts differ.
    fn eq(&self, other: &Self) -> bool {
        verify_slices_are_equal(self.0.as_bytes(), other.0.as_bytes()).is_ok()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// A new secret for an API token: a random UUID.
///
/// # Errors
/// If the system gives no random bytes.
pub fn new_token_secret() -> Result<Secret, NoRandom> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| NoRandom)?;
    // Version 4, variant 1 of RFC 9562.
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
    Ok(Secret(parts.join("-")))
}

/// The system gave no random bytes.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
#[error("the system gave no random bytes")]
pub struct NoRandom;

/// `priv/token.cfg`: the secrets of API tokens, a line each: `user@realm!token secret`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenSecrets(BTreeMap<Tokenid, Secret>);

impl TokenSecrets {
    /// Reads the file; lines that are none are left out.
    pub fn parse(text: &str) -> Self {
        let line = |line: &str| {
            let (id, secret) = line.trim().split_once(char::is_whitespace)?;
            Some((id.parse().ok()?, Secret::new(secret.trim())))
        };
        Self(text.lines().filter_map(line).collect())
    }
    /// The file's text, sorted.
    pub fn print(&self) -> String {
        self.0.iter().map(|(id, secret)| format!("{id} {}\n", secret.0)).collect()
    }
    /// Is this the token's secret?
    pub fn verify(&self, token: &Tokenid, secret: &Secret) -> bool {
        self.0.get(token.as_str()).is_some_and(|known| known == secret)
    }
    /// Sets the secret of a token.
    pub fn set(&mut self, token: &Tokenid, secret: Secret) {
        self.0.insert(token.clone(), secret);
    }
    /// Drops the secret of a token.
    pub fn remove(&mut self, token: &Tokenid) {
        self.0.remove(token.as_str());
    }
    /// Drops the secrets of all tokens of a user.
    pub fn remove_user(&mut self, user: &Userid) {
        self.0.retain(|token, _| token.user() != user);
    }
}

/// `priv/shadow.cfg`: the password hashes of realm `pve`, a line each: `name:hash:`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shadow(BTreeMap<String, Secret>);

impl Shadow {
    /// Reads the file; lines that are none are left out.
    pub fn parse(text: &str) -> Self {
        let line = |line: &str| {
            let mut fields = line.trim().split(':');
            let (name, hash) = (fields.next()?, fields.next()?);
            let valid = !name.is_empty() && !name.contains(char::is_whitespace) && !hash.is_empty();
            valid.then(|| (name.to_owned(), Secret::new(hash)))
        };
        Self(text.lines().filter_map(line).collect())
    }
    /// The file's text, sorted.
    pub fn print(&self) -> String {
        self.0.iter().map(|(name, hash)| format!("{name}:{}:\n", hash.0)).collect()
    }
    /// The hash of a user, by its name without the realm.
    pub fn hash(&self, name: &str) -> Option<&Secret> {
        self.0.get(name)
    }
    /// Sets the hash of a user.
    pub fn set(&mut self, name: &str, hash: Secret) {
        self.0.insert(name.to_owned(), hash);
    }
    /// Drops the hash of a user.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }
}

/// Splits the value of an `Authorization` header for an API token: `PVEAPIToken=user@realm!token=secret`; after the
/// word and after the ID a space does as well.
pub fn split_api_token(header: &str) -> Option<(Tokenid, Secret)> {
    let rest = header.trim().strip_prefix("PVEAPIToken")?.strip_prefix(['=', ' '])?;
    // A secret has neither sign, and the token's own name has neither.
    let (id, secret) = rest.trim().rsplit_once(['=', ' '])?;
    let id: Tokenid = id.parse().ok()?;
    (is_realm(id.name()) && !secret.is_empty()).then(|| (id, Secret::new(secret)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_print() {
        assert_eq!(format!("{:?}", TokenSecrets::parse("jo@pve!ci abc\n")), r#"TokenSecrets({"jo@pve!ci": Secret})"#);
        assert_eq!(format!("{:?}", Shadow::parse("jo:$5$x$y:\n")), r#"Shadow({"jo": Secret})"#);
    }

    #[test]
    fn token_secrets_are_random_uuids() {
        let (one, other) = (new_token_secret().unwrap(), new_token_secret().unwrap());
        assert!(one != other);
        let shape: String = one.reveal().chars().map(|c| if c.is_ascii_hexdigit() { 'x' } else { c }).collect();
        assert_eq!(shape, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
        assert_eq!(one.reveal().as_bytes()[14], b'4');
    }

    #[test]
    fn files_come_back_as_they_were() {
        let tokens = "a@pve!xy 1-2-3\nb@pam!zz 4-5-6\n";
        assert_eq!(TokenSecrets::parse(tokens).print(), tokens);
        let shadow = "ann:$5$a$b:\njo:$6$c$d:\n";
        assert_eq!(Shadow::parse(shadow).print(), shadow);
        assert_eq!(Shadow::parse("\nx\n:hash:\n").print(), "");
    }

    #[test]
    fn a_token_is_verified_by_its_own_secret() {
        let secrets = TokenSecrets::parse("a@pve!xy 1-2-3\nb@pam!zz 4-5-6\n");
        let token: Tokenid = "a@pve!xy".parse().unwrap();
        assert!(secrets.verify(&token, &Secret::new("1-2-3")));
        assert!(!secrets.verify(&token, &Secret::new("4-5-6")));
        assert!(!secrets.verify(&"a@pve!no".parse().unwrap(), &Secret::new("1-2-3")));
    }

    #[test]
    fn the_header_of_an_api_token_splits() {
        for header in ["PVEAPIToken=jo@pve!ci=1-2", "PVEAPIToken jo@pve!ci=1-2", "PVEAPIToken=jo@pve!ci 1-2"] {
            let (id, secret) = split_api_token(header).unwrap();
            assert_eq!((id.as_str(), secret.reveal()), ("jo@pve!ci", "1-2"), "{header}");
        }
        for header in
            ["PVEAPIToken=jo@pve=1-2", "PVEAPIToken=jo@pve!ci", "PVEAPIToken", "Basic x", "PVEAPIToken=jo@pve!ci="]
        {
            assert!(split_api_token(header).is_none(), "{header}");
        }
    }
}
