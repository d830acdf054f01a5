//! `/access/password`.

use access::secret::Secret;
use access::{Access, Authid, Check, Userid, domains};
use host::crypt;
use schema::{ApiError, Params};

use super::edit::{self, no_such_user, protect_root};
use super::login::{Attempt, authenticate, now, refused};
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Sets the password of a user. Everyone but root@pam must confirm it with his own. The user's sessions end, but for
    /// the one that asks.
    PUT "/access/password" => change, name = "change_password",
        Access::or(&[Check::UseridSelf, Check::And(&[Check::UseridRealm, Check::userid_group(&["User.Modify"])])]),
        Target::Any, [NoToken];
}

#[derive(Params)]
struct Change {
    userid: Userid,
    /// The new password.
    #[param(min_len = 8, max_len = 64)]
    password: String,
    /// The caller's own password.
    #[param(name = "confirmation-password", min_len = 5, max_len = 64)]
    confirmation: Option<String>,
}

/// The hash of a new password, if the user's realm keeps passwords here.
pub(super) async fn hash(user: &Userid, password: &str) -> Result<Secret, ApiError> {
    match user.realm() {
        domains::PVE => {}
        domains::PAM => {
            return Err(ApiError::param(
                "password",
                "passwords of realm 'pam' are the host's: change them with passwd there",
            ));
        }
        other => return Err(ApiError::param("password", format!("realm '{other}' keeps its passwords elsewhere"))),
    }
    let password = Secret::new(password);
    // crypt(3) is slow on purpose: not on a thread that serves others.
    let hashed = tokio::task::spawn_blocking(move || crypt::hash_sha256(password.reveal())).await;
    let failed = |error: &dyn std::fmt::Display| ApiError::internal(format!("unable to hash the password - {error}"));
    Ok(Secret::new(hashed.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?))
}

async fn change(call: Call, p: Change) -> Result<(), ApiError> {
    protect_root(&call, &p.userid)?;
    if !call.users().users.contains_key(&p.userid) {
        return Err(no_such_user(&p.userid));
    }
    confirm(&call, p.confirmation.as_deref()).await?;
    let hash = hash(&p.userid, &p.password).await?;
    let own = call.user()? == &Authid::User(p.userid.clone());
    let kept = call.proof.ticket.clone().filter(|_| own);
    edit::accounts(&call.node, |accounts| {
        if !accounts.users.users.contains_key(&p.userid) {
            return Err(no_such_user(&p.userid));
        }
        accounts.shadow.set(p.userid.name(), hash.clone());
        accounts.ends.end(&p.userid, now(), kept.clone());
        Ok(())
    })
    .await
}

/// Whoever found a terminal unlocked must not be able to lock its owner out.
async fn confirm(call: &Call, password: Option<&str>) -> Result<(), ApiError> {
    let Authid::User(user) = call.user()? else {
        return Err(ApiError::new(403, "API tokens cannot change passwords"));
    };
    if user.is_root() {
        return Ok(());
    }
    let missing = || ApiError::param("confirmation-password", "changing a password needs your own current one");
    let password = Secret::new(password.ok_or_else(missing)?);
    let attempt = Attempt { user, password: &password, peer: call.peer };
    authenticate(&call.node, attempt).await.map_err(|reason| refused(&call.node, call.peer, user.as_str(), &reason))
}
