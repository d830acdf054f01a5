//! `/pleiad/sessions`: ending all sessions of a user at once, wherever they were opened.

use access::{Access, Authid, Check, Userid};
use schema::{ApiError, Params};

use crate::access::edit::{self, no_such_user, protect_root};
use crate::access::login::now;
use crate::cluster::log::Line;
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Ends the caller's sessions everywhere: tickets that were issued until now are refused, open event streams are
    /// closed. API tokens are no sessions and stay good.
    DELETE "/pleiad/sessions" => end_own, name = "end_own_sessions", Access::User, Target::Any, [NoToken, Extension];
    /// Ends the sessions of a user, as whoever may change his password can.
    DELETE "/pleiad/sessions/{userid}" => end_of, name = "end_sessions",
        Access::or(&[Check::UseridSelf, Check::And(&[Check::UseridRealm, Check::userid_group(&["User.Modify"])])]),
        Target::Any, [NoToken, Extension];
}

#[derive(Params)]
struct Own {
    /// The session that asks goes on.
    #[param(name = "keep-this", default = "0")]
    keep_this: Option<bool>,
}

#[derive(Params)]
struct Of {
    /// Whose.
    userid: Userid,
}

async fn end_own(call: Call, p: Own) -> Result<(), ApiError> {
    let Authid::User(user) = call.user()?.clone() else {
        return Err(ApiError::new(403, "API tokens have no sessions"));
    };
    let kept = call.proof.ticket.clone().filter(|_| p.keep_this == Some(true));
    end(&call, &user, kept).await
}

async fn end_of(call: Call, p: Of) -> Result<(), ApiError> {
    protect_root(&call, &p.userid)?;
    if !call.users().users.contains_key(&p.userid) {
        return Err(no_such_user(&p.userid));
    }
    end(&call, &p.userid, None).await?;
    // The log tells the caller's part by itself.
    let line = format!("the sessions of user '{}' were ended by {}", p.userid, call.user()?);
    call.node.log(Line::info(p.userid.as_str(), line));
    Ok(())
}

async fn end(call: &Call, user: &Userid, kept: Option<String>) -> Result<(), ApiError> {
    edit::accounts(&call.node, |accounts| {
        accounts.ends.end(user, now(), kept.clone());
        Ok(())
    })
    .await
}
