//! `/cluster/mapping/dir`: directories, for virtiofs.

use std::collections::HashMap;

use access::{Access, Check};
use guest::mapping::{self, DirEntry};
use schema::{ApiError, Array, Flat, NonEmpty, Params, Props};
use serde_json::{Map, Value};
use tokio::task::JoinSet;

use super::{Edit, List, New, One};
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Lists the mappings of directories that the caller may see.
    GET "/cluster/mapping/dir" => list, name = "index",
        Access::Described("mappings on which the caller has Mapping.Audit, Mapping.Use or Mapping.Modify"), Target::Any;
    /// Adds a mapping of directories.
    POST "/cluster/mapping/dir" => create, name = "create", Access::perm("/mapping/dir", &["Mapping.Modify"]), Target::Any;
    /// Shows a mapping of directories.
    GET "/cluster/mapping/dir/{id}" => read, name = "get",
        Access::or(&[
            Check::perm("/mapping/dir/{id}", &["Mapping.Use"]),
            Check::perm("/mapping/dir/{id}", &["Mapping.Modify"]),
            Check::perm("/mapping/dir/{id}", &["Mapping.Audit"]),
        ]), Target::Any;
    /// Changes a mapping of directories.
    PUT "/cluster/mapping/dir/{id}" => update, name = "update",
        Access::perm("/mapping/dir/{id}", &["Mapping.Modify"]), Target::Any;
    /// Removes a mapping of directories. Guests that name it keep the name.
    DELETE "/cluster/mapping/dir/{id}" => remove, name = "delete",
        Access::perm("/mapping/dir", &["Mapping.Modify"]), Target::Any;
}

async fn list(call: Call, p: List) -> Result<Vec<Map<String, Value>>, ApiError> {
    let found = if p.check_node.is_some() { look(&call).await } else { HashMap::new() };
    super::list::<DirEntry>(&call, &p, &[], &["checks"], |_, entry| found.get(&entry.path).cloned().unwrap_or(Ok(())))
}

/// What is wrong with each directory that is mapped on this node. They are looked at together: some may hang.
async fn look(call: &Call) -> HashMap<String, Result<(), String>> {
    let mappings = mapping::of::<DirEntry>(&call.node.store.tree());
    let here = mappings.by_id.values().flat_map(|mapping| mapping.on(&call.node.name));
    let looks: JoinSet<_> = here.cloned().map(|entry| async move { (entry.check().await, entry.path) }).collect();
    looks.join_all().await.into_iter().map(|(checked, path)| (path, checked)).collect()
}

async fn read(call: Call, p: One) -> Result<Map<String, Value>, ApiError> {
    super::read::<DirEntry>(&call, &p.id, &[])
}

#[derive(Params)]
struct Create {
    /// Its name.
    new: Flat<New>,
    /// What it means, node by node.
    map: NonEmpty<Props<DirEntry>>,
}

async fn create(call: Call, p: Create) -> Result<(), ApiError> {
    super::create(&call, p.new.0, p.map.0, Vec::new()).await
}

#[derive(Params)]
struct Update {
    /// What changes besides.
    edit: Flat<Edit>,
    /// What it means, node by node; replaces what it meant.
    map: Array<Props<DirEntry>>,
}

async fn update(call: Call, p: Update) -> Result<(), ApiError> {
    super::update(&call, p.edit.0, p.map.0, Vec::new()).await
}

async fn remove(call: Call, p: One) -> Result<(), ApiError> {
    super::remove::<DirEntry>(&call, &p.id).await
}
