//! Is this the user's password? And: the keys that sign what a login gets.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use access::secret::{NoRandom, Secret, Shadow};
use access::ticket::{self, BadKeys, Keys};
use access::{Authid, Userid, domains};
use host::{crypt, pam};
use schema::ApiError;
use store::{StoreError, Txn, views::Views};

use super::edit::SHADOW;
use crate::cluster::log::Line;
use crate::node::Node;

/// Where the keys that sign tickets are.
pub const KEYS: &str = "priv/authkey.cfg";
/// A line `root:{hash}:`: the password that root@pam may log in with, besides the host's own, from the first start on.
pub const FIRST_LOGIN: &str = "priv/first-login.cfg";

/// A ticket for a user, good from now on even if his sessions were ended in this very second.
pub(crate) fn new_ticket(node: &Node, keys: &Keys, user: &Userid) -> String {
    keys.ticket(user, super::edit::ends(&node.store.tree()).issue_time(user, now()))
}

/// Whose ticket this is, if it is good and its session was not ended.
pub(super) fn holder(node: &Node, keys: &Keys, ticket: &str) -> Option<Userid> {
    let user = keys.verify(ticket, now()).ok()?;
    let ended = ticket::issued(ticket)
        .is_none_or(|issued| super::edit::ends(&node.store.tree()).refuses(&user, issued, ticket));
    (!ended).then_some(user)
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    u64::try_from(host::clock::now()).unwrap_or_default()
}

/// Who tries to come in, and from where.
#[derive(Debug)]
pub struct Attempt<'a> {
    /// As whom.
    pub user: &'a Userid,
    /// With what.
    pub password: &'a Secret,
    /// From where.
    pub peer: Option<IpAddr>,
}

/// Checks a user's password.
///
/// # Errors
/// With the reason, which is for the log; clients get the same answer whatever it is.
pub async fn authenticate(node: &Node, attempt: Attempt<'_>) -> Result<(), String> {
    let user = attempt.user;
    node.users().check_active(&Authid::User(user.clone()), now()).map_err(|refused| refused.to_string())?;
    let realm = super::domains::view(node).get(user.realm());
    match realm.as_ref().map(|realm| realm.kind.as_str()) {
        Some(domains::PVE) => by_hash(node, SHADOW, user.name(), attempt.password).await,
        Some(domains::PAM) => {
            if user.is_root() && by_hash(node, FIRST_LOGIN, user.name(), attempt.password).await.is_ok() {
                return Ok(());
            }
            let login = pam::Login {
                user: user.name().to_owned(),
                password: attempt.password.reveal().to_owned(),
                rhost: attempt.peer.map(|peer| peer.to_string()),
            };
            pam::authenticate(Path::new(pam::THIS_PROGRAM), &login).await.map_err(|error| error.to_string())
        }
        Some(other) => Err(format!("realms of type '{other}' are not supported by this version yet")),
        None => Err(format!("domain '{}' does not exist", user.realm())),
    }
}

async fn by_hash(node: &Node, key: &str, name: &str, password: &Secret) -> Result<(), String> {
    let tree = node.store.tree();
    let hash = Shadow::parse(tree.text(key).unwrap_or_default()).hash(name).cloned().ok_or("no password is set")?;
    let password = password.clone();
    // crypt(3) is slow on purpose: not on a thread that serves others.
    let verified = tokio::task::spawn_blocking(move || crypt::verify(password.reveal(), hash.reveal())).await;
    if verified.unwrap_or_default() { Ok(()) } else { Err("invalid credentials".to_owned()) }
}

/// Logs a failed login, in the form that watchers of logs know, and makes the answer to it.
pub(super) fn refused(node: &Node, peer: Option<IpAddr>, user: &str, reason: &str) -> ApiError {
    let from = peer.map_or_else(|| "local".to_owned(), |peer| peer.to_string());
    // What the client sent must not look like another line or field.
    let user: String = user.chars().map(|c| if c.is_control() || c.is_whitespace() { '?' } else { c }).collect();
    let line = format!("authentication failure; rhost={from} user={user} msg={reason}");
    tracing::warn!("{line}");
    node.log(Line::warning(&user, line));
    ApiError::unauthorized("authentication failure")
}

/// The keys that sign tickets now; made when there are none, renewed when they are due.
///
/// # Errors
/// When they are damaged or cannot be written.
pub async fn keys(node: &Node) -> Result<Arc<Result<Keys, BadKeys>>, ApiError> {
    let internal = |error: NoRandom| ApiError::internal(error.to_string());
    loop {
        let tree = node.store.tree();
        let now = now();
        let entry = tree.get(KEYS);
        let next = match entry {
            None => Keys::generate(now).map_err(internal)?,
            Some(_) => {
                let current = Views::get(&tree, KEYS, Keys::parse);
                match current.as_ref() {
                    Ok(keys) if keys.is_due(now) => keys.rotate(now).map_err(internal)?,
                    Ok(_) => return Ok(current),
                    Err(bad) => return Err(ApiError::internal(bad.to_string())),
                }
            }
        };
        let txn = Txn::new().expect_unchanged(KEYS, entry).put(KEYS, next.print());
        match node.store.commit(txn).await {
            Ok(_) | Err(StoreError::Conflict { .. } | StoreError::Exists { .. }) => {}
            Err(error) => return Err(ApiError::internal(error.to_string())),
        }
    }
}
