//! `/access/ticket` and `/access/vncticket`: logging in, and checking tickets for other services.

use access::cap::cap;
use access::expr::need;
use access::secret::Secret;
use access::{Access, Authid, Userid, path};
use schema::{ApiError, NoParams, Params, Reply};
use serde_json::{Map, Value};

use super::edit::parts;
use super::login::{Attempt, authenticate, holder, keys, new_ticket, now, refused};
use crate::cluster::log::Line;
use crate::endpoints;
use crate::engine::{Call, Target, WithTicket};

endpoints! {
    /// Answers nothing: login pages ask it.
    GET "/access/ticket" => probe, name = "get_ticket", Access::World, Target::Any;
    /// Logs in, or renews a ticket when it is given as password.
    POST "/access/ticket" => login, name = "create_ticket", Access::World, Target::Any, [NoToken];
    /// Checks a console ticket and the privileges of who holds it.
    POST "/access/vncticket" => check_console, name = "verify_vnc_ticket", Access::World, Target::Any;
}

async fn probe(_: Call, _: NoParams) -> Result<(), ApiError> {
    Ok(())
}

#[derive(Params)]
struct Login {
    /// Name of the user, with its realm unless that is given on its own.
    #[param(max_len = 64)]
    username: String,
    /// The password, or a ticket that is still good: of the user, or of root@pam.
    password: String,
    /// The realm.
    #[param(max_len = 32, format = "pve-realm")]
    realm: Option<String>,
    /// Value of a second factor.
    #[param(later)]
    otp: Option<String>,
    /// Ticket that asks for a second factor.
    #[param(name = "tfa-challenge", later)]
    tfa_challenge: Option<String>,
    /// Check only: privileges are needed on this path.
    #[param(max_len = 64, requires = "privs")]
    path: Option<String>,
    /// Check only: these privileges are needed on the path.
    #[param(max_len = 64, format = "pve-priv-list", requires = "path")]
    privs: Option<String>,
    /// Has no effect any more.
    #[param(name = "new-format", default = "1")]
    new_format: bool,
}

/// Who came in, and with what.
#[derive(Reply, Debug)]
struct Session {
    /// Name and realm.
    username: String,
    /// The ticket.
    ticket: Option<String>,
    /// Token that changes need, in the header of that name.
    #[reply(name = "CSRFPreventionToken")]
    csrf: Option<String>,
    /// What a user interface may offer: privileges by area.
    cap: Map<String, Value>,
}

async fn login(call: Call, p: Login) -> Result<WithTicket<Session>, ApiError> {
    let name = match &p.realm {
        Some(realm) => format!("{}@{realm}", p.username),
        None => p.username.clone(),
    };
    let fail = |reason: &str| refused(&call.node, call.peer, &name, reason);
    let user: Userid = name.parse().map_err(|_| fail("no such user"))?;
    let keys = keys(&call.node).await?;
    let keys = keys.as_ref().as_ref().map_err(|bad| ApiError::internal(bad.to_string()))?;
    let who = Authid::User(user.clone());
    let by_ticket = holder(&call.node, keys, &p.password).is_some_and(|holder| holder == user || holder.is_root());
    if by_ticket {
        call.users().check_active(&who, now()).map_err(|reason| fail(&reason.to_string()))?;
    } else {
        let password = Secret::new(p.password);
        let attempt = Attempt { user: &user, password: &password, peer: call.peer };
        authenticate(&call.node, attempt).await.map_err(|reason| fail(&reason))?;
    }
    let config = call.node.users();
    let areas = cap(&config, &who).into_iter().map(|(area, held)| (area.to_owned(), flags(held))).collect();
    if let (Some(path), Some(privs)) = (&p.path, &p.privs) {
        let privs: Vec<&str> = parts(Some(privs)).collect();
        let path = path::normalize(path).ok_or_else(|| fail("invalid path"))?;
        need(&config, &who, &path, &privs, false).map_err(|denied| fail(&denied.to_string()))?;
        let data = Session { username: name, ticket: None, csrf: None, cap: areas };
        return Ok(WithTicket { data, ticket: None });
    }
    tracing::info!("successful auth for user '{user}'");
    if !by_ticket {
        call.node.log(Line::info(user.as_str(), format!("successful auth for user '{user}'")));
    }
    let ticket = new_ticket(&call.node, keys, &user);
    let csrf = keys.csrf_token(&user, now());
    let data = Session { username: name, ticket: Some(ticket.clone()), csrf: Some(csrf), cap: areas };
    Ok(WithTicket { data, ticket: Some(ticket) })
}

pub(crate) fn flags(held: access::Privileges) -> Value {
    held.names().map(|name| (name.to_owned(), 1.into())).collect::<Map<_, _>>().into()
}

#[derive(Params)]
struct Console {
    /// User or token that the ticket was made for.
    #[param(max_len = 64)]
    authid: String,
    /// The ticket.
    vncticket: String,
    /// Path of access control that it was made for.
    #[param(max_len = 64)]
    path: String,
    /// Privileges that the holder needs on the path.
    #[param(max_len = 64, format = "pve-priv-list")]
    privs: String,
    /// Port that the ticket was made for.
    #[param(typetext = "<port>")]
    port: Option<u16>,
}

async fn check_console(call: Call, p: Console) -> Result<(), ApiError> {
    let fail = |reason: &str| refused(&call.node, call.peer, &p.authid, reason);
    let who: Authid = p.authid.parse().map_err(|_| fail("no such user"))?;
    let keys = keys(&call.node).await?;
    let keys = keys.as_ref().as_ref().map_err(|bad| ApiError::internal(bad.to_string()))?;
    // Only as it was signed: another spelling of the path is another path.
    let path = path::normalize(&p.path).filter(|path| *path == p.path).ok_or_else(|| fail("invalid path"))?;
    keys.verify_console(&p.vncticket, &who, &path, p.port, now()).map_err(|_| fail("invalid console ticket"))?;
    let config = call.users();
    config.check_active(&who, now()).map_err(|reason| fail(&reason.to_string()))?;
    let privs: Vec<&str> = parts(Some(&p.privs)).collect();
    if privs.is_empty() {
        return Err(ApiError::param("privs", "at least one privilege is needed"));
    }
    need(config, &who, &path, &privs, false).map_err(|denied| fail(&denied.to_string()))
}
