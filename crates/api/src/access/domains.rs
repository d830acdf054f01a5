//! `/access/domains`: realms. Only `pam` and `pve` can exist yet, so none can be created or removed.

use std::sync::Arc;

use access::Access;
use access::domains::{Domains, Realm};
use schema::{ApiError, Params, Reply};
use store::views::Views;

use super::directory::Directory;
use super::edit::parts;
use crate::endpoints;
use crate::engine::{Call, Target};
use crate::node::Node;

/// Key of the realms.
const DOMAINS: &str = "domains.cfg";

endpoints! {
    /// Lists the realms that one may log in with.
    GET "/access/domains" => list, name = "index", Access::World, Target::Any;
    /// Shows a realm.
    GET "/access/domains/{realm}" => read, name = "read",
        Access::any("/access/realm", &["Realm.Allocate", "Sys.Audit"]), Target::Any;
    /// Changes a realm.
    PUT "/access/domains/{realm}" => update, name = "update",
        Access::perm("/access/realm", &["Realm.Allocate"]), Target::Any;
}

/// The realms as of now.
pub(super) fn view(node: &Node) -> Arc<Domains> {
    Views::get(&node.store.tree(), DOMAINS, Domains::parse)
}

fn missing(realm: &str) -> ApiError {
    ApiError::internal(format!("domain '{realm}' does not exist"))
}

/// A realm in a list.
#[derive(Reply, Debug)]
struct Listed {
    /// Its name.
    realm: String,
    /// How it authenticates.
    r#type: String,
    /// Remark.
    comment: Option<String>,
    /// Is it the one to be offered first?
    default: Option<bool>,
    /// Second factor that everyone of the realm needs.
    tfa: Option<String>,
}

async fn list(call: Call, _: schema::NoParams) -> Result<Vec<Listed>, ApiError> {
    let listed = |realm: Realm| Listed {
        realm: realm.realm,
        r#type: realm.kind,
        comment: realm.comment,
        default: realm.default.then_some(true),
        // Clients look for its type only.
        tfa: realm.tfa.and_then(|tfa| Some(tfa.split(',').find_map(|part| part.strip_prefix("type="))?.to_owned())),
    };
    Ok(view(&call.node).list().into_iter().map(listed).collect())
}

#[derive(Params)]
struct One {
    /// Name of the realm.
    #[param(max_len = 32, format = "pve-realm")]
    realm: String,
}

/// A realm.
#[derive(Reply, Debug)]
struct Shown {
    /// How it authenticates.
    r#type: String,
    /// Remark.
    comment: Option<String>,
    /// Is it the one to be offered first?
    default: Option<bool>,
    /// Digest of all realms, for changes.
    digest: String,
}

async fn read(call: Call, p: One) -> Result<Shown, ApiError> {
    let tree = call.node.store.tree();
    let realm = view(&call.node).get(&p.realm).ok_or_else(|| missing(&p.realm))?;
    Ok(Shown {
        r#type: realm.kind,
        comment: realm.comment,
        default: realm.default.then_some(true),
        digest: schema::digest(tree.text(DOMAINS).unwrap_or_default()),
    })
}

#[derive(Params)]
struct Update {
    /// Name of the realm.
    #[param(max_len = 32, format = "pve-realm")]
    realm: String,
    /// Remark.
    #[param(max_len = 4096)]
    comment: Option<String>,
    /// Shall it be the one to be offered first?
    default: Option<bool>,
    /// Settings to be removed: `comment`, `default`.
    #[param(max_len = 4096, format = "pve-configid-list")]
    delete: Option<String>,
    /// Change only what has this digest.
    #[param(max_len = 64)]
    digest: Option<String>,
    /// Settings of directories.
    directory: schema::Flat<Directory>,
}

async fn update(call: Call, p: Update) -> Result<(), ApiError> {
    for name in parts(p.delete.as_deref()) {
        let given = (name == "comment" && p.comment.is_some()) || (name == "default" && p.default.is_some());
        if given {
            return Err(ApiError::param("delete", format!("'{name}' cannot be set and removed at once")));
        }
        if !["comment", "default"].contains(&name) {
            return Err(ApiError::param("delete", format!("realm '{}' has no setting '{name}'", p.realm)));
        }
    }
    let removes = |name: &str| parts(p.delete.as_deref()).any(|given| given == name);
    store::edit(call.node.store.as_ref(), DOMAINS, |entry| {
        let text = entry.map_or("", |entry| &entry.text);
        if p.digest.as_ref().is_some_and(|digest| *digest != schema::digest(text)) {
            let message = "detected modified configuration - file changed by other user? Try again.";
            return Err(Failed(ApiError::internal(message)));
        }
        let mut domains = Domains::parse(text);
        if domains.get(&p.realm).is_none() {
            return Err(Failed(missing(&p.realm)));
        }
        if p.comment.is_some() || removes("comment") {
            domains.set_comment(&p.realm, p.comment.as_deref());
        }
        if let Some(default) = p.default.or(removes("default").then_some(false)) {
            domains.set_default(&p.realm, default);
        }
        Ok(Some(domains.print()))
    })
    .await
    .map(drop)
    .map_err(|Failed(error)| error)
}

/// The API's error, made from the store's.
struct Failed(ApiError);

impl From<store::StoreError> for Failed {
    fn from(error: store::StoreError) -> Self {
        Self(ApiError::internal(error.to_string()))
    }
}
