//! `/pleiad/session`: what a page in a browser needs to go on with the session of its cookie, which no script can read.

use access::Authid;
use access::cap::cap;
use schema::{ApiError, NoParams, Reply};
use serde_json::{Map, Value};

use crate::access::login::{keys, new_ticket, now};
use crate::access::ticket::flags;
use crate::endpoints;
use crate::engine::{Call, Target, WithTicket};
use access::Access;

endpoints! {
    /// Tells who the session of a ticket belongs to, and renews the ticket.
    GET "/pleiad/session" => show, name = "get_session", Access::User, Target::Any, [NoToken, Extension];
    /// Ends the session of this browser: takes its cookie away.
    DELETE "/pleiad/session" => end, name = "end_session", Access::User, Target::Any, [NoToken, Extension];
}

/// A session as a page needs to know it.
#[derive(Reply, Debug)]
struct Session {
    /// Name and realm.
    username: String,
    /// Token that changes need, in the header of that name.
    #[reply(name = "CSRFPreventionToken")]
    csrf: String,
    /// What a user interface may offer: privileges by area.
    cap: Map<String, Value>,
}

async fn show(call: Call, _: NoParams) -> Result<WithTicket<Session>, ApiError> {
    let who = call.user()?.clone();
    let Authid::User(user) = &who else {
        return Err(ApiError::new(400, "an API token has no session"));
    };
    let keys = keys(&call.node).await?;
    let keys = keys.as_ref().as_ref().map_err(|bad| ApiError::internal(bad.to_string()))?;
    let areas = cap(call.users(), &who).into_iter().map(|(area, held)| (area.to_owned(), flags(held))).collect();
    let data = Session { username: user.to_string(), csrf: keys.csrf_token(user, now()), cap: areas };
    Ok(WithTicket { data, ticket: Some(new_ticket(&call.node, keys, user)) })
}

async fn end(_: Call, _: NoParams) -> Result<WithTicket<()>, ApiError> {
    Ok(WithTicket { data: (), ticket: Some(String::new()) })
}
