//! Changes to who may do what: `user.cfg` and the files of secrets beside it, in one transaction.

use std::sync::Arc;

use access::secret::{Shadow, TokenSecrets};
use access::sessions::Ends;
use access::{UserConfig, Userid};
use schema::ApiError;
use store::{Entry, StoreError, Tree, Txn, views::Views};

use crate::engine::Call;
use crate::node::Node;

/// Key of users, groups, pools, roles and access control entries.
pub const USERS: &str = "user.cfg";
/// Key of the secrets of API tokens.
pub const TOKENS: &str = "priv/token.cfg";
/// Key of the password hashes of realm `pve`.
pub const SHADOW: &str = "priv/shadow.cfg";
/// Key of the ends of sessions.
pub const SESSIONS: &str = "priv/sessions.cfg";

/// Users, groups, pools, roles and access control entries of a tree; parsed once a version and shared.
///
/// This is who has which rights: whatever decides about them asks here.
#[must_use]
pub fn current(tree: &Tree) -> Arc<UserConfig> {
    Views::get(tree, USERS, |text| {
        let (users, warnings) = UserConfig::parse(text);
        for warning in warnings {
            // Whoever edited the file by hand must learn that a right is not there.
            tracing::warn!("{warning}");
        }
        users
    })
}

/// When the sessions of whom were ended.
#[must_use]
pub fn ends(tree: &Tree) -> Arc<Ends> {
    Views::get(tree, SESSIONS, Ends::parse)
}

/// How often another writer may be faster before we give up.
const ATTEMPTS: usize = 32;

/// What a change may touch.
#[derive(Debug)]
pub struct Accounts {
    /// `user.cfg`.
    pub users: UserConfig,
    /// Secrets of API tokens.
    pub tokens: TokenSecrets,
    /// Password hashes of realm `pve`.
    pub shadow: Shadow,
    /// Ends of sessions.
    pub ends: Ends,
}

/// One of the files: as it was read, and what it would be printed as unchanged.
struct Read<'a> {
    key: &'static str,
    entry: Option<&'a Entry>,
    before: String,
}

impl<'a> Read<'a> {
    fn new(tree: &'a Tree, key: &'static str) -> Self {
        Self { key, entry: tree.get(key), before: String::new() }
    }
    fn text(&self) -> &str {
        self.entry.map_or("", |entry| &entry.text)
    }
    /// Guards the file, and writes it if it is another one now.
    fn put(self, txn: Txn, after: String) -> Txn {
        let txn = txn.expect_unchanged(self.key, self.entry);
        if after == self.before { txn } else { txn.put(self.key, after) }
    }
}

/// Changes accounts. `change` may run more than once, always on what is newest; it must have no effect of its own. If
/// it fails, nothing is written.
///
/// # Errors
/// Those of `change` and of the store.
pub async fn accounts<T>(
    node: &Node,
    mut change: impl FnMut(&mut Accounts) -> Result<T, ApiError>,
) -> Result<T, ApiError> {
    for _ in 0..ATTEMPTS {
        let tree: Arc<Tree> = node.store.tree();
        let [mut users, mut tokens, mut shadow, mut ends] =
            [USERS, TOKENS, SHADOW, SESSIONS].map(|key| Read::new(&tree, key));
        let mut accounts = Accounts {
            users: UserConfig::parse(users.text()).0,
            tokens: TokenSecrets::parse(tokens.text()),
            shadow: Shadow::parse(shadow.text()),
            ends: Ends::parse(ends.text()),
        };
        users.before = accounts.users.print();
        tokens.before = accounts.tokens.print();
        shadow.before = accounts.shadow.print();
        ends.before = accounts.ends.print();
        let result = change(&mut accounts)?;
        let txn = users.put(Txn::new(), accounts.users.print());
        let txn = tokens.put(txn, accounts.tokens.print());
        let txn = shadow.put(txn, accounts.shadow.print());
        let txn = ends.put(txn, accounts.ends.print());
        match node.store.commit(txn).await {
            Ok(_) => return Ok(result),
            Err(StoreError::Conflict { .. } | StoreError::Exists { .. }) => {}
            Err(error) => return Err(ApiError::internal(error.to_string())),
        }
    }
    Err(ApiError::internal("can't lock file 'user.cfg' - got timeout (others keep changing it)"))
}

/// Changes `user.cfg` alone, with the same promises as [`accounts`].
///
/// # Errors
/// Those of `change` and of the store.
pub async fn users<T>(
    node: &Node,
    mut change: impl FnMut(&mut UserConfig) -> Result<T, ApiError>,
) -> Result<T, ApiError> {
    accounts(node, |accounts| change(&mut accounts.users)).await
}

/// The superuser's account is changed by the superuser alone: whoever may change users is not root by that.
///
/// # Errors
/// 403 for anybody else.
pub fn protect_root(call: &Call, target: &Userid) -> Result<(), ApiError> {
    if target.is_root() && !call.is_root() {
        return Err(ApiError::new(403, "Permission check failed (user != root@pam)"));
    }
    Ok(())
}

/// The error for a user that is not there.
pub fn no_such_user(user: &Userid) -> ApiError {
    ApiError::internal(format!("no such user ('{user}')"))
}

/// An empty text as absence, for answers.
pub fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// The parts of a list parameter.
pub fn parts(list: Option<&str>) -> impl Iterator<Item = &str> {
    list.into_iter().flat_map(schema::kind::split_list)
}
