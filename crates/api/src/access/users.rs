//! `/access/users`.

use access::config::{Token, User};
use access::expr::GroupsParam;
use access::secret::Secret;
use access::{Access, Check, UserConfig, Userid};
use schema::{ApiError, Params, Reply};
use serde_json::{Map, Value};

use super::edit::{self, no_such_user, parts, protect_root, some};
use super::login::now;
use super::password;
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Lists the users that the caller may see: all that he may change or audit, and himself.
    GET "/access/users" => list, name = "index",
        Access::Described("users on whose groups the caller has User.Modify or Sys.Audit, and himself"), Target::Any;
    /// Creates a user.
    POST "/access/users" => create, name = "create_user",
        Access::and(&[Check::UseridRealm, Check::UseridGroup { privs: &["User.Modify"], groups: GroupsParam::Create }]),
        Target::Any;
    /// Shows a user.
    GET "/access/users/{userid}" => read, name = "read_user",
        Access::Check(Check::userid_group(&["User.Modify", "Sys.Audit"])), Target::Any;
    /// Changes a user.
    PUT "/access/users/{userid}" => update, name = "update_user",
        Access::Check(Check::UseridGroup { privs: &["User.Modify"], groups: GroupsParam::Update }), Target::Any;
    /// Removes a user with its tokens, group memberships, password and access control entries.
    DELETE "/access/users/{userid}" => remove, name = "delete_user",
        Access::and(&[Check::UseridRealm, Check::userid_group(&["User.Modify"])]), Target::Any;
}

/// What is known of a user, as lists show it.
#[derive(Reply, Debug)]
struct Shown {
    /// May the user log in?
    enable: bool,
    /// End of the account in seconds since 1970, 0 for never.
    expire: u64,
    /// First name.
    firstname: Option<String>,
    /// Last name.
    lastname: Option<String>,
    /// Mail address.
    email: Option<String>,
    /// Remark.
    comment: Option<String>,
    /// Keys of a second factor, in the legacy form.
    keys: Option<String>,
}

impl Shown {
    fn of(user: &User) -> Self {
        Self {
            enable: user.enable,
            expire: user.expire,
            firstname: some(&user.firstname),
            lastname: some(&user.lastname),
            email: some(&user.email),
            comment: some(&user.comment),
            keys: some(&user.keys),
        }
    }
}

/// A user in a list.
#[derive(Reply, Debug)]
struct Listed {
    /// Name and realm.
    userid: String,
    /// The account.
    #[reply(flat)]
    user: Shown,
    /// Groups, separated by commas; with `full` only.
    groups: Option<String>,
    /// API tokens; with `full` only.
    tokens: Option<Vec<ListedToken>>,
    /// How the realm authenticates.
    #[reply(name = "realm-type")]
    realm_type: Option<String>,
}

/// An API token in a list.
#[derive(Reply, Debug)]
pub(super) struct ListedToken {
    /// Name after the `!`.
    tokenid: String,
    /// The token.
    #[reply(flat)]
    token: TokenInfo,
}

/// What is known of an API token.
#[derive(Reply, Debug)]
pub(super) struct TokenInfo {
    /// End of the token in seconds since 1970, 0 for never.
    expire: u64,
    /// Does it need rights of its own?
    privsep: bool,
    /// Remark.
    comment: Option<String>,
}

impl TokenInfo {
    pub(super) fn of(token: &Token) -> Self {
        Self { expire: token.expire, privsep: token.privsep, comment: some(&token.comment) }
    }
}

pub(super) fn listed_tokens(user: &User) -> Vec<ListedToken> {
    let listed = |(name, token): (&String, &Token)| ListedToken { tokenid: name.clone(), token: TokenInfo::of(token) };
    user.tokens.iter().map(listed).collect()
}

#[derive(Params)]
struct List {
    /// Only users that are enabled, or only those that are not.
    enabled: Option<bool>,
    /// Show groups and tokens, too.
    #[param(default = "0")]
    full: bool,
}

async fn list(call: Call, p: List) -> Result<Vec<Listed>, ApiError> {
    const PRIVILEGES: &[&str] = &["User.Modify", "Sys.Audit"];
    let config = call.users();
    let all = call.may_any("/access/groups", PRIVILEGES);
    let own = call.user()?.as_str().to_owned();
    let open: Vec<_> = (config.groups.iter())
        .filter(|(name, _)| call.may_any(&format!("/access/groups/{name}"), PRIVILEGES))
        .map(|(_, group)| group)
        .collect();
    let shown = |id: &Userid| all || id.as_str() == own || open.iter().any(|group| group.members.contains(id));
    let realms = super::domains::view(&call.node);
    let listed = config.users.iter().filter(|(id, user)| shown(id) && p.enabled.is_none_or(|on| on == user.enable));
    Ok(listed
        .map(|(id, user)| Listed {
            userid: id.to_string(),
            user: Shown::of(user),
            groups: p.full.then(|| config.groups_of(id).collect::<Vec<_>>().join(",")),
            tokens: p.full.then(|| listed_tokens(user)),
            realm_type: realms.get(id.realm()).map(|realm| realm.kind),
        })
        .collect())
}

#[derive(Params)]
pub(super) struct One {
    pub(super) userid: Userid,
}

/// A user with everything.
#[derive(Reply, Debug)]
struct Whole {
    /// The account.
    #[reply(flat)]
    user: Shown,
    /// Groups.
    groups: Option<Vec<String>>,
    /// API tokens by name.
    tokens: Option<Map<String, Value>>,
}

async fn read(call: Call, p: One) -> Result<Whole, ApiError> {
    let config = call.users();
    let user = config.users.get(&p.userid).ok_or_else(|| no_such_user(&p.userid))?;
    let groups: Vec<String> = config.groups_of(&p.userid).map(str::to_owned).collect();
    let tokens: Map<String, Value> =
        user.tokens.iter().map(|(name, token)| (name.clone(), TokenInfo::of(token).value())).collect();
    Ok(Whole {
        user: Shown::of(user),
        groups: (!groups.is_empty()).then_some(groups),
        tokens: (!tokens.is_empty()).then_some(tokens),
    })
}

/// The account as parameters; what is absent stays.
#[derive(Params)]
struct Account {
    /// May the user log in?
    enable: Option<bool>,
    /// End of the account in seconds since 1970, 0 for never.
    expire: Option<u64>,
    /// First name.
    #[param(max_len = 1024)]
    firstname: Option<String>,
    /// Last name.
    #[param(max_len = 1024)]
    lastname: Option<String>,
    /// Mail address.
    #[param(max_len = 254, format = "email-opt")]
    email: Option<String>,
    /// Remark.
    #[param(max_len = 2048)]
    comment: Option<String>,
    /// Keys of a second factor, in the legacy form.
    #[param(pattern = "[0-9a-zA-Z!=]{0,4096}")]
    keys: Option<String>,
    /// Groups that the user shall be in.
    #[param(format = "pve-groupid-list")]
    groups: Option<String>,
}

impl Account {
    fn apply(&self, user: &mut User) {
        let set = |field: &mut String, value: &Option<String>| {
            if let Some(value) = value {
                field.clone_from(value);
            }
        };
        user.enable = self.enable.unwrap_or(user.enable);
        user.expire = self.expire.unwrap_or(user.expire);
        set(&mut user.firstname, &self.firstname);
        set(&mut user.lastname, &self.lastname);
        set(&mut user.email, &self.email);
        set(&mut user.comment, &self.comment);
        set(&mut user.keys, &self.keys);
    }

    /// Puts the user into the groups; those it is in are left first, unless they are to be kept.
    fn join(&self, config: &mut UserConfig, id: &Userid, keep: bool) -> Result<(), ApiError> {
        let Some(groups) = &self.groups else { return Ok(()) };
        if !keep {
            for group in config.groups.values_mut() {
                group.members.remove(id);
            }
        }
        for name in parts(Some(groups)) {
            let group = config.groups.get_mut(name).ok_or_else(|| super::groups::missing(name))?;
            group.members.insert(id.clone());
        }
        Ok(())
    }
}

#[derive(Params)]
struct Create {
    userid: Userid,
    /// First password, for realms that keep them here.
    #[param(min_len = 8, max_len = 64)]
    password: Option<String>,
    /// The account.
    account: schema::Flat<Account>,
}

async fn create(call: Call, p: Create) -> Result<(), ApiError> {
    let realms = super::domains::view(&call.node);
    if realms.get(p.userid.realm()).is_none() {
        return Err(ApiError::internal(format!("domain '{}' does not exist", p.userid.realm())));
    }
    let hash = match &p.password {
        Some(password) => Some(password::hash(&p.userid, password).await?),
        None => None,
    };
    edit::accounts(&call.node, |accounts| {
        if accounts.users.users.contains_key(&p.userid) {
            return Err(ApiError::internal(format!("create user failed: user '{}' already exists", p.userid)));
        }
        let mut user = User { enable: true, ..User::default() };
        p.account.apply(&mut user);
        accounts.users.users.insert(p.userid.clone(), user);
        p.account.join(&mut accounts.users, &p.userid, true)?;
        set_hash(accounts, &p.userid, hash.clone());
        Ok(())
    })
    .await
}

/// A user made anew has no password that one of the same name had before.
fn set_hash(accounts: &mut edit::Accounts, user: &Userid, hash: Option<Secret>) {
    if user.realm() == access::domains::PVE {
        match hash {
            Some(hash) => accounts.shadow.set(user.name(), hash),
            None => accounts.shadow.remove(user.name()),
        }
    }
}

#[derive(Params)]
struct Update {
    userid: Userid,
    /// Keep the groups that the user is in.
    #[param(requires = "groups")]
    append: Option<bool>,
    /// The account.
    account: schema::Flat<Account>,
}

async fn update(call: Call, p: Update) -> Result<(), ApiError> {
    protect_root(&call, &p.userid)?;
    edit::users(&call.node, |config| {
        let user = config.users.get_mut(&p.userid).ok_or_else(|| no_such_user(&p.userid))?;
        p.account.apply(user);
        p.account.join(config, &p.userid, p.append.unwrap_or_default())
    })
    .await
}

async fn remove(call: Call, p: One) -> Result<(), ApiError> {
    if p.userid.is_root() {
        return Err(ApiError::param("userid", "root@pam cannot be removed: it is always there"));
    }
    edit::accounts(&call.node, |accounts| {
        accounts.users.remove_user(&p.userid).ok_or_else(|| no_such_user(&p.userid))?;
        accounts.tokens.remove_user(&p.userid);
        // Whoever gets the name next gets no session with it.
        accounts.ends.end(&p.userid, now(), None);
        set_hash(accounts, &p.userid, None);
        Ok(())
    })
    .await
}
