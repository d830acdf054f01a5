//! `/access/users/{userid}/token`: API tokens. Their secrets are shown once, when they are made.

use access::config::Token;
use access::secret::{Secret, new_token_secret};
use access::{Access, Check, Tokenid, UserConfig, Userid};
use schema::{ApiError, Params, Reply};

use super::edit::{self, no_such_user, parts, protect_root};
use super::users::{ListedToken, One, TokenInfo, listed_tokens};
use crate::endpoints;
use crate::engine::{Call, Target};

/// The user himself, or who may change him.
const OWNER: Access = Access::or(&[Check::UseridSelf, Check::userid_group(&["User.Modify"])]);

endpoints! {
    /// Lists the API tokens of a user.
    GET "/access/users/{userid}/token" => list, name = "token_index", OWNER, Target::Any;
    /// Shows an API token.
    GET "/access/users/{userid}/token/{tokenid}" => read, name = "read_token", OWNER, Target::Any;
    /// Makes an API token. Its secret is in this answer and nowhere else.
    POST "/access/users/{userid}/token/{tokenid}" => create, name = "generate_token", OWNER, Target::Any;
    /// Changes an API token, or gives it a new secret.
    PUT "/access/users/{userid}/token/{tokenid}" => update, name = "update_token_info", OWNER, Target::Any;
    /// Removes an API token with its access control entries.
    DELETE "/access/users/{userid}/token/{tokenid}" => remove, name = "remove_token", OWNER, Target::Any;
}

async fn list(call: Call, p: One) -> Result<Vec<ListedToken>, ApiError> {
    let user = call.users().users.get(&p.userid).ok_or_else(|| no_such_user(&p.userid))?;
    Ok(listed_tokens(user))
}

#[derive(Params)]
struct Which {
    userid: Userid,
    /// Name of the token.
    #[param(pattern = r"[A-Za-z][A-Za-z0-9.\-_]+")]
    tokenid: String,
}

impl Which {
    fn id(&self) -> Result<Tokenid, ApiError> {
        self.userid.token(&self.tokenid).map_err(|bad| ApiError::param("tokenid", bad.to_string()))
    }
    fn missing(&self) -> ApiError {
        ApiError::internal(format!("no such token '{}' for user '{}'", self.tokenid, self.userid))
    }
    fn find<'a>(&self, config: &'a UserConfig) -> Result<&'a Token, ApiError> {
        let user = config.users.get(&self.userid).ok_or_else(|| no_such_user(&self.userid))?;
        user.tokens.get(&self.tokenid).ok_or_else(|| self.missing())
    }
    fn find_mut<'a>(&self, config: &'a mut UserConfig) -> Result<&'a mut Token, ApiError> {
        let user = config.users.get_mut(&self.userid).ok_or_else(|| no_such_user(&self.userid))?;
        user.tokens.get_mut(&self.tokenid).ok_or_else(|| self.missing())
    }
}

async fn read(call: Call, p: Which) -> Result<TokenInfo, ApiError> {
    p.find(call.users()).map(TokenInfo::of)
}

#[derive(Params)]
struct Settings {
    /// End of the token in seconds since 1970, 0 for never. A new token ends with its user if not told otherwise.
    expire: Option<u64>,
    /// Does the token need rights of its own, or has it all those of its user? A new one needs them.
    privsep: Option<bool>,
    /// Remark.
    comment: Option<String>,
}

impl Settings {
    fn apply(&self, token: &mut Token) {
        token.expire = self.expire.unwrap_or(token.expire);
        token.privsep = self.privsep.unwrap_or(token.privsep);
        if let Some(comment) = &self.comment {
            token.comment.clone_from(comment);
        }
    }
}

#[derive(Params)]
struct Create {
    /// Which token.
    which: schema::Flat<Which>,
    /// How it shall be.
    settings: schema::Flat<Settings>,
}

/// A new token.
#[derive(Reply, Debug)]
struct Created {
    /// User and token.
    #[reply(name = "full-tokenid")]
    full_tokenid: String,
    /// The token.
    info: TokenInfo,
    /// Its secret.
    value: String,
}

fn fresh_secret() -> Result<Secret, ApiError> {
    new_token_secret().map_err(|error| ApiError::internal(error.to_string()))
}

async fn create(call: Call, p: Create) -> Result<Created, ApiError> {
    let which = &p.which.0;
    protect_root(&call, &which.userid)?;
    let (id, secret) = (which.id()?, fresh_secret()?);
    edit::accounts(&call.node, |accounts| {
        let users = &mut accounts.users.users;
        let user = users.get_mut(&which.userid).ok_or_else(|| no_such_user(&which.userid))?;
        if user.tokens.contains_key(&which.tokenid) {
            return Err(ApiError::param("tokenid", "Token already exists."));
        }
        let mut token = Token { expire: user.expire, privsep: true, comment: String::new() };
        p.settings.apply(&mut token);
        let info = TokenInfo::of(&token);
        user.tokens.insert(which.tokenid.clone(), token);
        accounts.tokens.set(&id, secret.clone());
        Ok(Created { full_tokenid: id.to_string(), info, value: secret.reveal().to_owned() })
    })
    .await
}

#[derive(Params)]
struct Update {
    /// Which token.
    which: schema::Flat<Which>,
    /// How it shall be.
    settings: schema::Flat<Settings>,
    /// Settings to be removed: `comment`.
    #[param(format = "pve-configid-list")]
    delete: Option<String>,
    /// Give it a new secret; the one before is worth nothing then.
    #[param(default = "0")]
    regenerate: bool,
}

/// A changed token.
#[derive(Reply, Debug)]
struct Updated {
    /// The token.
    #[reply(flat)]
    info: TokenInfo,
    /// User and token, with a new secret.
    #[reply(name = "full-tokenid")]
    full_tokenid: Option<String>,
    /// The new secret.
    value: Option<String>,
}

async fn update(call: Call, p: Update) -> Result<Updated, ApiError> {
    let which = &p.which.0;
    protect_root(&call, &which.userid)?;
    if let Some(other) = parts(p.delete.as_deref()).find(|name| *name != "comment") {
        return Err(ApiError::param("delete", format!("setting '{other}' cannot be removed, only 'comment' can")));
    }
    let removes_comment = parts(p.delete.as_deref()).next().is_some();
    if removes_comment && p.settings.comment.is_some() {
        return Err(ApiError::param("delete", "comment cannot be set and removed at once"));
    }
    let id = which.id()?;
    let secret = if p.regenerate { Some(fresh_secret()?) } else { None };
    edit::accounts(&call.node, |accounts| {
        let token = which.find_mut(&mut accounts.users)?;
        p.settings.apply(token);
        if removes_comment {
            token.comment.clear();
        }
        let info = TokenInfo::of(token);
        if let Some(secret) = &secret {
            accounts.tokens.set(&id, secret.clone());
        }
        let value = secret.as_ref().map(|secret| secret.reveal().to_owned());
        Ok(Updated { info, full_tokenid: value.as_ref().map(|_| id.to_string()), value })
    })
    .await
}

async fn remove(call: Call, p: Which) -> Result<(), ApiError> {
    protect_root(&call, &p.userid)?;
    let id = p.id()?;
    edit::accounts(&call.node, |accounts| {
        p.find(&accounts.users)?;
        accounts.users.remove_token(&id);
        accounts.tokens.remove(&id);
        Ok(())
    })
    .await
}
