//! `/cluster/mapping`: names for devices and directories that mean the fitting one on each node.

pub mod dir;
pub mod pci;
pub mod usb;

use access::Access;
use guest::mapping::{self, Change, Entry, Mapping, MappingError};
use schema::{ApiError, NodeName, Params, Props};
use serde_json::{Map, Value, json};

use crate::endpoints;
use crate::engine::{Call, Subdir, Target};

endpoints! {
    /// Lists the kinds of mappings.
    GET "/cluster/mapping" => index, name = "index", Access::User, Target::Any;
}

async fn index(call: Call, _: schema::NoParams) -> Result<Vec<Subdir>, ApiError> {
    Ok(call.listing())
}

/// Rights that show a mapping.
const SEE: [&str; 3] = ["Mapping.Audit", "Mapping.Use", "Mapping.Modify"];

#[derive(Params)]
struct List {
    /// Hold the mappings against what this node has.
    #[param(name = "check-node")]
    check_node: Option<NodeName>,
}

#[derive(Params)]
struct One {
    /// Name of the mapping.
    #[param(format = "pve-configid")]
    id: String,
}

/// What a new mapping is called.
#[derive(Params)]
struct New {
    /// Notes.
    #[param(max_len = 4096)]
    description: Option<String>,
    /// Name of the mapping.
    #[param(format = "pve-configid")]
    id: String,
}

/// What changes besides what a mapping means.
#[derive(Params)]
struct Edit {
    /// Options to take out.
    #[param(format = "pve-configid-list", max_len = 4096)]
    delete: Vec<String>,
    /// Notes.
    #[param(max_len = 4096)]
    description: Option<String>,
    /// SHA-1 of the file that the change is based on; another one is refused.
    #[param(max_len = 64)]
    digest: Option<String>,
    /// Name of the mapping.
    #[param(format = "pve-configid")]
    id: String,
}

/// Options that are on or off, by name.
type Flags = Vec<(&'static str, Option<bool>)>;

/// The error as clients see it.
fn error(error: MappingError) -> ApiError {
    match error {
        MappingError::Parameter { name, message } => ApiError::param(name, message),
        other => ApiError::internal(other.to_string()),
    }
}

/// A mapping as it stands in the file.
fn shown<E: Entry>(mapping: &Mapping<E>, flags: &[&'static str]) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert("id".into(), mapping.id.clone().into());
    map.insert("type".into(), E::KIND.name().into());
    map.insert("map".into(), mapping.lines.clone().into());
    map.extend(mapping.description.clone().map(|text| ("description".to_owned(), text.into())));
    for flag in flags {
        if mapping.flag(flag) {
            map.insert((*flag).to_owned(), 1.into());
        }
    }
    map
}

/// What is wrong with a mapping on a node.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    severity: &'static str,
    message: String,
}

/// Holds a mapping against a node.
fn findings<E: Entry>(mapping: &Mapping<E>, node: &NodeName, check: impl Fn(&E) -> Result<(), String>) -> Vec<Finding> {
    let mut entries = mapping.on(node).peekable();
    if entries.peek().is_none() {
        return vec![Finding { severity: "warning", message: format!("No mapping for node {node}.") }];
    }
    let wrong = entries.filter_map(|entry| check(entry).err());
    wrong.map(|why| Finding { severity: "error", message: format!("Invalid configuration: {why}") }).collect()
}

/// The mappings that the caller may see; `check` tells what does not fit this node.
fn list<E: Entry>(
    call: &Call,
    p: &List,
    flags: &[&'static str],
    keys: &[&str],
    check: impl Fn(&Mapping<E>, &E) -> Result<(), String>,
) -> Result<Vec<Map<String, Value>>, ApiError> {
    if let Some(node) = p.check_node.as_ref().filter(|node| **node != call.node.name) {
        return Err(ApiError::param("check-node", format!("no such cluster node '{node}'")));
    }
    let mappings = mapping::of::<E>(&call.node.store.tree());
    let visible = mappings.by_id.values().filter(|mapping| call.may_any(&path::<E>(&mapping.id), &SEE));
    let row = |mapping: &Mapping<E>| {
        let mut row = shown(mapping, flags);
        row.insert("digest".into(), mappings.digest.clone().into());
        if p.check_node.is_some() {
            let found = findings(mapping, &call.node.name, |entry| check(mapping, entry));
            let found = found.into_iter().map(|one| json!({ "severity": one.severity, "message": one.message }));
            let found: Vec<Value> = found.collect();
            row.extend(keys.iter().map(|key| ((*key).to_owned(), found.clone().into())));
        }
        row
    };
    Ok(visible.map(row).collect())
}

/// Where rights on a mapping are given.
fn path<E: Entry>(id: &str) -> String {
    format!("/mapping/{}/{id}", E::KIND.name())
}

fn read<E: Entry>(call: &Call, id: &str, flags: &[&'static str]) -> Result<Map<String, Value>, ApiError> {
    let mappings = mapping::of::<E>(&call.node.store.tree());
    let mut map = shown(mappings.get(id).map_err(error)?, flags);
    map.insert("digest".into(), mappings.digest.clone().into());
    Ok(map)
}

async fn edit<E: Entry>(call: &Call, change: impl Fn(&str) -> Result<String, MappingError>) -> Result<(), ApiError> {
    let edited = store::edit(&*call.node.store, E::KIND.key(), |entry| {
        change(entry.map_or("", |entry| &*entry.text)).map(|text| Some(text).filter(|text| !text.trim().is_empty()))
    });
    edited.await.map(drop).map_err(error)
}

fn change<E>(map: Vec<Props<E>>, description: Option<String>, flags: Flags) -> Change<E> {
    Change { map: map.into_iter().map(|Props(entry)| entry).collect(), description, flags }
}

async fn create<E: Entry>(call: &Call, new: New, map: Vec<Props<E>>, flags: Flags) -> Result<(), ApiError> {
    let change = change(map, new.description, flags);
    edit::<E>(call, |text| mapping::create(text, &new.id, &change)).await
}

async fn update<E: Entry>(call: &Call, to: Edit, map: Vec<Props<E>>, flags: Flags) -> Result<(), ApiError> {
    let change = change(map, to.description, flags);
    edit::<E>(call, |text| mapping::update(text, &to.id, &change, &to.delete, to.digest.as_deref())).await
}

async fn remove<E: Entry>(call: &Call, id: &str) -> Result<(), ApiError> {
    edit::<E>(call, |text| Ok(mapping::remove::<E>(text, id))).await
}
