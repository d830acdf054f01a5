//! Who is calling: credentials in a request's headers, checked against the configuration tree.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use access::{
    Authid, Tokenid, Userid,
    secret::{Secret, TokenSecrets, split_api_token},
    ticket::{BadKeys, Keys, LIFETIME, issued},
};
use api::Caller;
use hyper::{HeaderMap, Method, header};
use percent_encoding::percent_decode_str;
use schema::ApiError;
use store::{Tree, views::Views};

/// Where the keys that sign tickets are.
pub(super) use api::access::login::KEYS;
/// Name of the cookie that holds a ticket.
const COOKIE: &str = "PVEAuthCookie";
/// Name of the header with the token against cross-site requests.
const CSRF: &str = "csrfpreventiontoken";
/// Tickets whose signature is known to be good, at most.
const KNOWN_TICKETS: usize = 512;

/// What a request came with.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Credentials {
    /// Nothing.
    None,
    /// A ticket, from the cookie or the header.
    Ticket(String),
    /// An API token and its secret.
    Token(Tokenid, Secret),
    /// Something that is neither.
    Unreadable,
}

impl Credentials {
    /// Looks for them; an API token counts before a ticket.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        if let Some(value) = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) {
            if value.trim_start().starts_with("PVEAPIToken") {
                return split_api_token(value).map_or(Self::Unreadable, |(id, secret)| Self::Token(id, secret));
            }
            if let Some(ticket) = value.trim().strip_prefix(COOKIE).and_then(|rest| rest.strip_prefix('=')) {
                return Self::ticket(ticket);
            }
        }
        let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == COOKIE).map_or(Self::None, |(_, value)| Self::ticket(value))
    }

    fn ticket(encoded: &str) -> Self {
        match percent_decode_str(encoded).decode_utf8() {
            Ok(ticket) => Self::Ticket(ticket.into_owned()),
            Err(_) => Self::Unreadable,
        }
    }
}

/// Why nobody was let in: what the client is told, and what the log is told.
#[derive(Debug)]
pub(super) struct Refusal {
    /// For the client: the same for all reasons of one kind.
    pub(super) error: ApiError,
    /// For the log.
    pub(super) reason: String,
}

impl Refusal {
    fn new(message: &str, reason: impl ToString) -> Self {
        Self { error: ApiError::unauthorized(message), reason: reason.to_string() }
    }
}

struct Known {
    user: Userid,
    keys: u64,
    until: u64,
}

/// Checks credentials. Remembers good tickets, so that a signature is verified once and not with every request; users,
/// their state and tokens are looked up each time.
#[derive(Default)]
pub(super) struct Gate {
    known: Mutex<HashMap<String, Known>>,
}

impl Gate {
    /// Who that is, at the time `now` (seconds since 1970).
    ///
    /// # Errors
    /// 401 when the credentials are not good.
    pub(super) fn identify(&self, tree: &Tree, credentials: Credentials, now: u64) -> Result<Caller, Refusal> {
        let users = api::access::edit::current(tree);
        match credentials {
            Credentials::None => Ok(Caller::Anonymous),
            Credentials::Unreadable => Err(Refusal::new("Authentication failed!", "credentials cannot be read")),
            Credentials::Token(id, secret) => {
                let refused = |reason: String| Refusal::new("Authentication failed!", reason);
                let id = Authid::Token(id);
                users.check_active(&id, now).map_err(|why| refused(why.to_string()))?;
                let secrets = Views::get(tree, "priv/token.cfg", TokenSecrets::parse);
                match &id {
                    Authid::Token(token) if secrets.verify(token, &secret) => Ok(Caller::Token(id)),
                    _ => Err(refused(format!("invalid token value! ({id})"))),
                }
            }
            Credentials::Ticket(ticket) => {
                let refused = |reason: String| Refusal::new("permission denied - invalid PVE ticket", reason);
                let user = self.ticket(tree, ticket, now).map_err(refused)?;
                let id = Authid::User(user);
                users.check_active(&id, now).map_err(|why| refused(why.to_string()))?;
                Ok(Caller::Login(id))
            }
        }
    }

    fn ticket(&self, tree: &Tree, ticket: String, now: u64) -> Result<Userid, String> {
        let issued = issued(&ticket).ok_or("a ticket without time")?;
        let ends = api::access::edit::ends(tree);
        let user = self.signed(tree, &ticket, issued, now)?;
        if ends.refuses(&user, issued, &ticket) {
            return Err(format!("the session of '{user}' was ended"));
        }
        Ok(user)
    }

    /// Whose ticket this is, by its signature.
    fn signed(&self, tree: &Tree, ticket: &str, issued: u64, now: u64) -> Result<Userid, String> {
        let version = tree.get(KEYS).map_or(0, |entry| entry.version);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(ticket)
            && found.keys == version
            && now < found.until
        {
            return Ok(found.user.clone());
        }
        let keys = keys(tree);
        let keys = keys.as_ref().as_ref().map_err(ToString::to_string)?;
        let user = keys.verify(ticket, now).map_err(|why| why.to_string())?;
        if known.len() >= KNOWN_TICKETS {
            known.clear();
        }
        known.insert(ticket.to_owned(), Known { user: user.clone(), keys: version, until: issued + LIFETIME });
        Ok(user)
    }
}

/// The keys that sign tickets.
pub(super) fn keys(tree: &Tree) -> Arc<Result<Keys, BadKeys>> {
    Views::get(tree, KEYS, Keys::parse)
}

/// A login must prove with every change that it was meant: browsers send cookies by themselves.
///
/// # Errors
/// 401 when a ticket is used for a change without the token that was issued with it.
pub(super) fn check_csrf(
    tree: &Tree,
    method: &Method,
    headers: &HeaderMap,
    user: &Userid,
    now: u64,
) -> Result<(), Refusal> {
    if method == Method::GET {
        return Ok(());
    }
    let token = headers.get(CSRF).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let keys = keys(tree);
    let good = keys.as_ref().as_ref().is_ok_and(|keys| keys.verify_csrf(token, user, now));
    if good {
        Ok(())
    } else {
        Err(Refusal::new("Permission denied - invalid csrf token", format!("csrf token of {user}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::HeaderValue;
    use store::Txn;

    const NOW: u64 = 1_800_000_000;

    struct World {
        tree: Arc<Tree>,
        keys: Keys,
        gate: Gate,
    }

    fn world(users: &str) -> World {
        let keys = Keys::generate(NOW - 1000).unwrap();
        let txn = Txn::new().put("user.cfg", users).put("priv/token.cfg", "jo@pve!ci 1-2-3\n").put(KEYS, keys.print());
        World { tree: tree(txn), keys, gate: Gate::default() }
    }

    fn tree(txn: Txn) -> std::sync::Arc<Tree> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = store::SqliteStore::temporary().unwrap();
            store::Store::commit(&store, txn).await.unwrap();
            store::Store::tree(&store)
        })
    }

    const USERS: &str = "user:jo@pve:1:0::::::\ntoken:jo@pve!ci:0:1::\n";

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn credentials_are_found_where_clients_put_them() {
        let ticket = Credentials::Ticket("PVE:jo@pve:1::a+b".into());
        for value in ["PVEAuthCookie=PVE:jo@pve:1::a+b", "x=1; PVEAuthCookie=PVE%3Ajo%40pve%3A1%3A%3Aa%2Bb; y"] {
            assert_eq!(Credentials::of(&headers(header::COOKIE, value)), ticket);
        }
        assert_eq!(Credentials::of(&headers(header::AUTHORIZATION, "PVEAuthCookie=PVE:jo@pve:1::a+b")), ticket);
        let token = Credentials::Token("jo@pve!ci".parse().unwrap(), Secret::new("1-2-3"));
        for value in ["PVEAPIToken=jo@pve!ci=1-2-3", "PVEAPIToken jo@pve!ci=1-2-3"] {
            assert_eq!(Credentials::of(&headers(header::AUTHORIZATION, value)), token);
        }
        assert_eq!(Credentials::of(&headers(header::AUTHORIZATION, "PVEAPIToken=jo")), Credentials::Unreadable);
        assert_eq!(Credentials::of(&headers(header::COOKIE, "other=1")), Credentials::None);
        assert_eq!(Credentials::of(&HeaderMap::new()), Credentials::None);
    }

    #[test]
    fn a_ticket_is_good_until_it_ends_also_when_it_is_known() {
        let world = world(USERS);
        let ticket = world.keys.ticket(&"jo@pve".parse().unwrap(), NOW);
        let identify = |now| world.gate.identify(&world.tree, Credentials::Ticket(ticket.clone()), now);
        for now in [NOW, NOW + LIFETIME - 1] {
            assert!(matches!(identify(now), Ok(Caller::Login(id)) if id.to_string() == "jo@pve"));
        }
        let refusal = identify(NOW + LIFETIME).unwrap_err();
        assert_eq!(
            (refusal.error.status, refusal.error.message.as_str()),
            (401, "permission denied - invalid PVE ticket")
        );
    }

    #[test]
    fn a_known_ticket_of_a_disabled_user_is_refused() {
        let mut world = world(USERS);
        let ticket = world.keys.ticket(&"jo@pve".parse().unwrap(), NOW);
        assert!(world.gate.identify(&world.tree, Credentials::Ticket(ticket.clone()), NOW).is_ok());
        let disabled = USERS.replace("user:jo@pve:1", "user:jo@pve:0");
        world.tree = tree(Txn::new().put("user.cfg", disabled).put(KEYS, world.keys.print()));
        assert!(world.gate.identify(&world.tree, Credentials::Ticket(ticket), NOW).is_err());
    }

    #[test]
    fn a_token_needs_its_secret() {
        let world = world(USERS);
        let identify = |id: &str, secret: &str| {
            world.gate.identify(&world.tree, Credentials::Token(id.parse().unwrap(), Secret::new(secret)), NOW)
        };
        assert!(matches!(identify("jo@pve!ci", "1-2-3"), Ok(Caller::Token(_))));
        for (id, secret) in [("jo@pve!ci", "1-2-4"), ("jo@pve!other", "1-2-3"), ("ann@pve!ci", "1-2-3")] {
            assert_eq!(identify(id, secret).unwrap_err().error.status, 401);
        }
    }

    #[test]
    fn a_login_needs_its_csrf_token_for_changes() {
        let world = world(USERS);
        let user: Userid = "jo@pve".parse().unwrap();
        let token = world.keys.csrf_token(&user, NOW);
        let name = header::HeaderName::from_static(CSRF);
        let check = |method, headers: &HeaderMap| check_csrf(&world.tree, &method, headers, &user, NOW);
        assert!(check(Method::GET, &HeaderMap::new()).is_ok());
        assert!(check(Method::POST, &HeaderMap::new()).is_err());
        assert!(check(Method::DELETE, &headers(name.clone(), &token)).is_ok());
        let other = world.keys.csrf_token(&"ann@pve".parse().unwrap(), NOW);
        assert!(check(Method::PUT, &headers(name, &other)).is_err());
    }
}
