//! Tickets: what a client holds after a login, the token against cross-site requests, and tickets for one console.
//!
//! `PVE:{user}:{time}::{signature}`, as PVE's clients know them; they treat the signature as opaque, so it is made with
//! Ed25519. The keys are one text (`priv/authkey.cfg`), so that a rotation is one write. Times are seconds since 1970.

use std::fmt;

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use thiserror::Error;

use crate::secret::NoRandom;
use crate::userid::{Authid, Userid};

/// How long a ticket is good for, in seconds.
pub const LIFETIME: u64 = 7200;
/// How far clocks of nodes may differ, in seconds.
pub const GRACE: u64 = 300;
/// After how many seconds a new key signs.
pub const ROTATION: u64 = 86400;
/// Console tickets are good for less than this many seconds.
pub const CONSOLE_LIFETIME: u64 = 40;
const CONSOLE_GRACE: u64 = 20;

/// Why a ticket is not good. All the same to the client.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TicketError {
    /// It has another shape.
    #[error("permission denied - invalid PVE ticket")]
    Malformed,
    /// It was not signed by us, or not for this.
    #[error("permission denied - invalid PVE ticket")]
    BadSignature,
    /// It is too old, or from the future.
    #[error("permission denied - invalid PVE ticket")]
    Expired,
}

/// The text is no set of keys.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("priv/authkey.cfg is damaged: remove it to have new keys made, which ends all sessions")]
pub struct BadKeys;

/// The key that signs, the public one before it, and the key of the tokens against cross-site requests.
pub struct Keys {
    pair: Ed25519KeyPair,
    /// The private key as PKCS #8, to be written.
    document: Vec<u8>,
    created: u64,
    previous: Option<Vec<u8>>,
    csrf: Vec<u8>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys {{ created: {} }}", self.created)
    }
}

impl Keys {
    /// New keys.
    ///
    /// # Errors
    /// If the system gives no random bytes.
    pub fn generate(now: u64) -> Result<Self, NoRandom> {
        let mut csrf = vec![0; 32];
        aws_lc_rs::rand::fill(&mut csrf).map_err(|_| NoRandom)?;
        Self::new_pair(now, None, csrf)
    }

    fn new_pair(created: u64, previous: Option<Vec<u8>>, csrf: Vec<u8>) -> Result<Self, NoRandom> {
        let pair = Ed25519KeyPair::generate().map_err(|_| NoRandom)?;
        let document = pair.to_pkcs8().map_err(|_| NoRandom)?.as_ref().to_vec();
        Ok(Self { pair, document, created, previous, csrf })
    }

    /// Reads what [`Keys::print`] wrote.
    ///
    /// # Errors
    /// If it is something else.
    pub fn parse(text: &str) -> Result<Self, BadKeys> {
        let field = |name: &str| {
            text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ').map(str::trim)).ok_or(BadKeys)
        };
        let bytes = |name: &str| field(name).and_then(|value| STANDARD.decode(value).map_err(|_| BadKeys));
        let document = bytes("key")?;
        let pair = Ed25519KeyPair::from_pkcs8(&document).map_err(|_| BadKeys)?;
        let created = field("created")?.parse().map_err(|_| BadKeys)?;
        Ok(Self { pair, document, created, previous: bytes("previous").ok(), csrf: bytes("csrf")? })
    }

    /// The text to be kept secret.
    pub fn print(&self) -> String {
        let previous = self.previous.as_ref().map(|key| format!("previous {}\n", STANDARD.encode(key)));
        format!(
            "created {}\nkey {}\n{}csrf {}\n",
            self.created,
            STANDARD.encode(&self.document),
            previous.unwrap_or_default(),
            STANDARD.encode(&self.csrf)
        )
    }

    /// Is it time for a new key? Also if the clock was set back behind the key's making.
    pub fn is_due(&self, now: u64) -> bool {
        now >= self.created + ROTATION || self.created > now + GRACE
    }

    /// The next keys: a new one signs, tickets of this one stay good until they end.
    ///
    /// # Errors
    /// If the system gives no random bytes.
    pub fn rotate(&self, now: u64) -> Result<Self, NoRandom> {
        Self::new_pair(now, Some(self.pair.public_key().as_ref().to_vec()), self.csrf.clone())
    }

    /// A ticket for a user.
    pub fn ticket(&self, user: &Userid, now: u64) -> String {
        self.signed(format!("PVE:{}:{now:08X}", escape(user.as_str())), "")
    }

    /// Whose ticket this is.
    ///
    /// # Errors
    /// If it is not ours or not good any more.
    pub fn verify(&self, ticket: &str, now: u64) -> Result<Userid, TicketError> {
        let (text, signature) = split(ticket)?;
        let (user, time) =
            text.strip_prefix("PVE:").and_then(|rest| rest.rsplit_once(':')).ok_or(TicketError::Malformed)?;
        let issued = hex_time(time)?;
        let user: Userid = unescape(user).parse().map_err(|_| TicketError::Malformed)?;
        if self.is_by(self.pair.public_key().as_ref(), text, &signature) {
            // Nothing was signed by this key before it was made.
            if issued + GRACE < self.created {
                return Err(TicketError::Expired);
            }
        } else {
            let previous = self.previous.as_ref().ok_or(TicketError::BadSignature)?;
            if !self.is_by(previous, text, &signature) {
                return Err(TicketError::BadSignature);
            }
            // Nothing was signed by the previous key after this one was made.
            if issued > self.created + GRACE {
                return Err(TicketError::Expired);
            }
        }
        fresh(issued, now, LIFETIME, GRACE)?;
        Ok(user)
    }

    /// The token against cross-site requests that belongs to a user's ticket.
    pub fn csrf_token(&self, user: &Userid, now: u64) -> String {
        let time = format!("{now:08X}");
        let tag = hmac::sign(&self.secret(), format!("{time}:{user}").as_bytes());
        format!("{time}:{}", STANDARD_NO_PAD.encode(tag))
    }

    /// Is this a token of that user, and still good?
    pub fn verify_csrf(&self, token: &str, user: &Userid, now: u64) -> bool {
        let Some((time, tag)) = token.split_once(':') else { return false };
        let (Ok(issued), Ok(tag)) = (hex_time(time), STANDARD_NO_PAD.decode(tag)) else { return false };
        let genuine = hmac::verify(&self.secret(), format!("{time}:{user}").as_bytes(), &tag).is_ok();
        genuine && fresh(issued, now, LIFETIME, GRACE).is_ok()
    }

    /// The key of short proofs; each use signs texts that no other use signs.
    pub(crate) fn secret(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &self.csrf)
    }

    /// A ticket for one console: of that user or token, on that path of access control (`/vms/100`, `/nodes/n`), and if
    /// given on that port.
    pub fn console_ticket(&self, who: &Authid, path: &str, port: Option<u16>, now: u64) -> String {
        self.signed(format!("PVEVNC:{now:08X}"), &console_data(who, path, port))
    }

    /// Checks a console ticket; one with a password of 8 characters and a colon before it is good, too.
    ///
    /// # Errors
    /// If it was made for something else, or is not good any more.
    pub fn verify_console(
        &self,
        ticket: &str,
        who: &Authid,
        path: &str,
        port: Option<u16>,
        now: u64,
    ) -> Result<(), TicketError> {
        let bare = match ticket.char_indices().nth(8) {
            Some((at, ':')) if ticket[at + 1..].starts_with("PVEVNC:") => &ticket[at + 1..],
            _ => ticket,
        };
        let (text, signature) = split(bare)?;
        let issued = hex_time(text.strip_prefix("PVEVNC:").ok_or(TicketError::Malformed)?)?;
        let signed = format!("{text}{}", console_data(who, path, port));
        if !self.is_by(self.pair.public_key().as_ref(), &signed, &signature) {
            return Err(TicketError::BadSignature);
        }
        fresh(issued, now, CONSOLE_LIFETIME, CONSOLE_GRACE)
    }

    fn signed(&self, text: String, secret_data: &str) -> String {
        let signature = self.pair.sign(format!("{text}{secret_data}").as_bytes());
        format!("{text}::{}", STANDARD.encode(signature))
    }

    fn is_by(&self, public: &[u8], text: &str, signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, public).verify(text.as_bytes(), signature).is_ok()
    }
}

fn console_data(who: &Authid, path: &str, port: Option<u16>) -> String {
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    format!(":{who}:{path}{port}")
}

/// A ticket's text and signature.
fn split(ticket: &str) -> Result<(&str, Vec<u8>), TicketError> {
    let (text, signature) = ticket.rsplit_once("::").ok_or(TicketError::Malformed)?;
    Ok((text, STANDARD.decode(signature).map_err(|_| TicketError::Malformed)?))
}

fn hex_time(text: &str) -> Result<u64, TicketError> {
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(TicketError::Malformed);
    }
    u64::from_str_radix(text, 16).map_err(|_| TicketError::Malformed)
}

fn fresh(issued: u64, now: u64, lifetime: u64, grace: u64) -> Result<(), TicketError> {
    if issued < now + grace && now < issued + lifetime { Ok(()) } else { Err(TicketError::Expired) }
}

/// When a ticket of [`Keys::ticket`] was issued. Says nothing about whether it is good.
pub fn issued(ticket: &str) -> Option<u64> {
    let (text, _signature) = ticket.rsplit_once("::")?;
    hex_time(text.rsplit_once(':')?.1).ok()
}

/// A user's name has no `:`, but the form of a ticket allows for it.
fn escape(text: &str) -> String {
    text.replace('%', "%25").replace(':', "%3A")
}

fn unescape(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000;

    fn jo() -> Userid {
        "jo%x@pve".parse().unwrap()
    }

    #[test]
    fn a_ticket_has_the_known_shape_and_names_its_user() {
        let keys = Keys::generate(NOW).unwrap();
        let ticket = keys.ticket(&jo(), NOW);
        assert!(ticket.starts_with("PVE:jo%25x@pve:6B49D200::"), "{ticket}");
        assert_eq!(keys.verify(&ticket, NOW), Ok(jo()));
    }

    #[test]
    fn a_ticket_ends_after_two_hours_and_does_not_come_from_the_future() {
        let keys = Keys::generate(NOW).unwrap();
        let ticket = keys.ticket(&jo(), NOW);
        assert!(keys.verify(&ticket, NOW + LIFETIME - 1).is_ok());
        assert_eq!(keys.verify(&ticket, NOW + LIFETIME), Err(TicketError::Expired));
        assert!(keys.verify(&ticket, NOW - GRACE + 1).is_ok());
        assert_eq!(keys.verify(&ticket, NOW - GRACE), Err(TicketError::Expired));
    }

    #[test]
    fn changing_a_ticket_breaks_it() {
        let keys = Keys::generate(NOW).unwrap();
        let ticket = keys.ticket(&jo(), NOW);
        assert_eq!(keys.verify(&ticket.replace("jo", "ann"), NOW), Err(TicketError::BadSignature));
        let foreign = Keys::generate(NOW).unwrap().ticket(&jo(), NOW);
        assert_eq!(keys.verify(&foreign, NOW), Err(TicketError::BadSignature));
        for text in
            ["", "PVE", "PVE:jo@pve", "PVE:jo@pve:6B49D200", "PVE:jo@pve:6B49D200::", "::", "PVE:x:y::z", "\u{e4}:::"]
        {
            assert!(keys.verify(text, NOW).is_err(), "{text}");
        }
    }

    #[test]
    fn tickets_outlive_a_rotation_but_not_two() {
        let old = Keys::generate(NOW - ROTATION).unwrap();
        assert!(old.is_due(NOW) && !old.is_due(NOW - 1));
        let ticket = old.ticket(&jo(), NOW);
        let new = old.rotate(NOW).unwrap();
        assert_eq!(new.verify(&ticket, NOW + 60), Ok(jo()));
        assert_eq!(new.verify(&old.ticket(&jo(), NOW + GRACE + 1), NOW + GRACE + 2), Err(TicketError::Expired));
        assert_eq!(new.rotate(NOW).unwrap().verify(&ticket, NOW), Err(TicketError::BadSignature));
        let token = old.csrf_token(&jo(), NOW);
        assert!(new.verify_csrf(&token, &jo(), NOW + 60));
    }

    #[test]
    fn keys_are_read_back() {
        let keys = Keys::generate(NOW - ROTATION).unwrap().rotate(NOW).unwrap();
        let again = Keys::parse(&keys.print()).unwrap();
        assert_eq!(again.print(), keys.print());
        assert_eq!(again.verify(&keys.ticket(&jo(), NOW), NOW), Ok(jo()));
        assert!(Keys::parse("").is_err());
        assert!(!format!("{keys:?}").contains("key"));
    }

    #[test]
    fn csrf_tokens_belong_to_one_user_and_time() {
        let keys = Keys::generate(NOW).unwrap();
        let token = keys.csrf_token(&jo(), NOW);
        assert!(token.starts_with("6B49D200:") && token.len() == 9 + 43, "{token}");
        assert!(keys.verify_csrf(&token, &jo(), NOW + 10));
        assert!(!keys.verify_csrf(&token, &Userid::root(), NOW));
        assert!(!keys.verify_csrf(&token, &jo(), NOW + LIFETIME));
        assert!(!keys.verify_csrf("6B49D200:", &jo(), NOW));
    }

    #[test]
    fn console_tickets_are_bound_to_user_path_and_port() {
        let keys = Keys::generate(NOW).unwrap();
        let who = Authid::from(jo());
        let ticket = keys.console_ticket(&who, "/vms/100", Some(5900), NOW);
        assert!(ticket.starts_with("PVEVNC:6B49D200::"));
        assert_eq!(keys.verify_console(&ticket, &who, "/vms/100", Some(5900), NOW), Ok(()));
        assert_eq!(keys.verify_console(&format!("abcd!:*x:{ticket}"), &who, "/vms/100", Some(5900), NOW), Ok(()));
        for (who, path, port) in
            [(&Authid::root(), "/vms/100", Some(5900)), (&who, "/vms/101", Some(5900)), (&who, "/vms/100", None)]
        {
            assert_eq!(keys.verify_console(&ticket, who, path, port, NOW), Err(TicketError::BadSignature));
        }
        assert_eq!(keys.verify_console(&ticket, &who, "/vms/100", Some(5900), NOW + 40), Err(TicketError::Expired));
        assert!(keys.verify(&ticket, NOW).is_err(), "it is no login");
        assert!(keys.verify_console(&keys.ticket(&jo(), NOW), &who, "/vms/100", None, NOW).is_err());
    }
}
