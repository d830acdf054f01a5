//! `/storage`: what `storage.cfg` says.

use std::sync::Arc;

use access::Access;
use schema::section::File;
use schema::{ApiError, Flat, Kind, Param, Params, Reply, StorageId};
use serde_json::{Map, Value};
use storage::config::{self, Fixed, Options, StorageKind, edit};
use storage::{StorageConfig, StorageError, Storages, plugin};

use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Lists the configured storages.
    GET "/storage" => list, name = "index",
        Access::Described("storages on which the caller has Datastore.Audit or Datastore.AllocateSpace"), Target::Any;
    /// Adds a storage.
    POST "/storage" => create, name = "create", Access::perm("/storage", &["Datastore.Allocate"]), Target::Any;
    /// Shows the configuration of a storage.
    GET "/storage/{storage}" => read, name = "read",
        Access::perm("/storage/{storage}", &["Datastore.Allocate"]), Target::Any;
    /// Changes the configuration of a storage.
    PUT "/storage/{storage}" => update, name = "update", Access::perm("/storage", &["Datastore.Allocate"]), Target::Any;
    /// Takes a storage out of the configuration. What lies in it stays there.
    DELETE "/storage/{storage}" => remove, name = "delete",
        Access::perm("/storage", &["Datastore.Allocate"]), Target::Any;
}

/// The error as clients see it.
pub(crate) fn error(error: StorageError) -> ApiError {
    match error {
        StorageError::Parameter { name, message } => ApiError::param(name, message),
        other => ApiError::internal(other.to_string()),
    }
}

/// Whether the caller may see that a storage is there.
pub(crate) fn may_see(call: &Call, storage: &StorageId) -> bool {
    call.may_any(&format!("/storage/{storage}"), &["Datastore.Audit", "Datastore.AllocateSpace"])
}

#[derive(Params)]
struct List {
    /// Only storages of this type.
    r#type: Option<StorageKind>,
}

async fn list(call: Call, p: List) -> Result<Vec<Map<String, Value>>, ApiError> {
    let configs = call.node.storages.configs();
    let wanted = configs.iter().filter(|config| p.r#type.is_none_or(|kind| kind == config.kind));
    Ok(wanted.filter(|config| may_see(&call, &config.id)).map(|config| shown(&call.node.storages, config)).collect())
}

#[derive(Params)]
struct One {
    /// Name of the storage.
    storage: StorageId,
}

async fn read(call: Call, p: One) -> Result<Map<String, Value>, ApiError> {
    let config = call.node.storages.config(&p.storage).map_err(error)?;
    Ok(shown(&call.node.storages, &config))
}

/// The section as it stands in the file, numbers as numbers; `local` as it is even where the file does not say.
fn shown(storages: &Storages, config: &StorageConfig) -> Map<String, Value> {
    let text = text_of(storages);
    let mut map = Map::new();
    map.insert("storage".into(), config.id.to_string().into());
    map.insert("type".into(), config.kind.to_string().into());
    let file = File::parse(&text);
    let section = file.get(config.id.as_str()).filter(|section| section.kind() == config.kind.as_str());
    match section {
        Some(section) => section.pairs().for_each(|(key, value)| {
            map.insert(key.into(), typed(key, value));
        }),
        None => schema::config::pairs(&config.options).iter().for_each(|(key, value)| {
            map.insert(key.clone(), typed(key, value));
        }),
    }
    map.insert("content".into(), config.content_list().into());
    if let Some(path) = &config.path {
        map.insert("path".into(), path.display().to_string().into());
    }
    map.insert("digest".into(), schema::digest(&text).into());
    map
}

fn text_of(storages: &Storages) -> String {
    storages.store().tree().text(config::KEY).unwrap_or_default().to_owned()
}

fn typed(key: &str, value: &str) -> Value {
    let known: Option<&Param> = Options::SPEC.find(key);
    match known.map(|param| param.kind) {
        Some(Kind::Bool) => u8::from(schema::kind::parse_bool(value, true).unwrap_or(false)).into(),
        Some(Kind::Int(..)) => value.parse::<i64>().map_or_else(|_| value.into(), Value::from),
        _ => value.into(),
    }
}

#[derive(Params)]
struct Create {
    /// Name of the storage.
    storage: StorageId,
    /// Its type.
    r#type: StorageKind,
    fixed: Flat<Fixed>,
    options: Flat<Options>,
}

/// What was made or changed.
#[derive(Reply, Debug)]
struct Done {
    /// Name of the storage.
    storage: String,
    /// Its type.
    r#type: String,
}

async fn create(call: Call, p: Create) -> Result<Done, ApiError> {
    let storages = &call.node.storages;
    let (local, id) = (storages.paths().local_storage(), &p.storage);
    let (options, password) = without_password(p.options.0, p.r#type)?;
    let add = |text: &str| edit::create(text, id, p.r#type, &p.fixed.0, &options, &local);
    storages.edit(None, add).await.map_err(error)?;
    if let Err(reason) = storages.set_secret(id, password.as_deref()).await {
        forget(storages, id).await;
        return Err(error(reason));
    }
    storages.changed(id);
    if let Err(reason) = activate(storages, id).await {
        // Nobody could have used it yet; that it cannot be used is the answer.
        forget(storages, id).await;
        return Err(error(reason));
    }
    Ok(Done { storage: id.to_string(), r#type: p.r#type.to_string() })
}

/// Options without the password, which no configuration file has, and the password.
fn without_password(mut options: Options, kind: StorageKind) -> Result<(Options, Option<String>), ApiError> {
    let password = options.foreign.0.password.take();
    let known = plugin::find(kind).is_some_and(|plugin| plugin.options().optional.contains(&"password"));
    if password.is_some() && !known {
        let message = format!("unexpected property 'password' for storage type '{kind}'");
        return Err(ApiError::param("password", message));
    }
    Ok((options, password))
}

/// Takes a storage out that was not wanted in the end.
async fn forget(storages: &Storages, id: &StorageId) {
    let removed = storages.edit(None, |text| edit::remove(text, id)).await;
    if let Err(again) = removed.and(storages.set_secret(id, None).await) {
        tracing::warn!(storage = %id, "{again}");
    }
}

/// Makes a storage usable if it is to be used here at all.
async fn activate(storages: &Storages, id: &StorageId) -> Result<(), StorageError> {
    let config: Arc<StorageConfig> = storages.config(id)?;
    if !config.enabled() || !config.on_node(storages.node()) {
        return Ok(());
    }
    plugin::of(&config)?.activate(&config).await
}

#[derive(Params)]
struct Update {
    /// Name of the storage.
    storage: StorageId,
    /// Options to take out.
    #[param(format = "pve-configid-list", max_len = 4096)]
    delete: Vec<String>,
    /// SHA-1 of the configuration that the change is based on; another one is refused.
    #[param(max_len = 64)]
    digest: Option<String>,
    options: Flat<Options>,
}

async fn update(call: Call, p: Update) -> Result<Done, ApiError> {
    let storages = &call.node.storages;
    let local = storages.paths().local_storage();
    let kind = storages.config(&p.storage).map_err(error)?.kind;
    let (options, password) = without_password(p.options.0, kind)?;
    let change = |text: &str| edit::update(text, &p.storage, &options, &p.delete, &local);
    storages.edit(p.digest.as_deref(), change).await.map_err(error)?;
    if password.is_some() || p.delete.iter().any(|key| key == "password") {
        storages.set_secret(&p.storage, password.as_deref()).await.map_err(error)?;
    }
    storages.changed(&p.storage);
    let config = storages.config(&p.storage).map_err(error)?;
    Ok(Done { storage: p.storage.to_string(), r#type: config.kind.to_string() })
}

async fn remove(call: Call, p: One) -> Result<(), ApiError> {
    let storages = &call.node.storages;
    storages.edit(None, |text| edit::remove(text, &p.storage)).await.map_err(error)?;
    storages.set_secret(&p.storage, None).await.map_err(error)?;
    storages.changed(&p.storage);
    Ok(())
}
