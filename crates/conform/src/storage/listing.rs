//! Lists of a directory storage: the files of a case are made below a scratch root, then listed by the product.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use host::paths::Paths;
use host::run::Run;
use schema::NodeName;
use serde_json::Value;
use storage::{Content, Storages};
use store::guests::{GuestKind, guest_key};
use store::{SqliteStore, Store, Txn};

use super::{environment, result, vmid};
use crate::Outcome;

pub(super) fn case(dir: &Path, input: &Value) -> Option<Outcome> {
    let environment = environment(dir)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().ok()?;
    let root = std::env::temp_dir().join(format!("conform-{}", std::process::id()));
    let listed = runtime.block_on(list(&environment, input, &root));
    let _ = fs::remove_dir_all(&root);
    match listed {
        Ok(entries) => Some(result(entries)),
        Err(error) => Some(Err(error)),
    }
}

async fn list(environment: &Value, input: &Value, root: &Path) -> Result<Vec<Value>, String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let paths = Arc::new(Paths::new(root).map_err(|error| text(&error))?);
    let top = paths.local_storage();
    fs::create_dir_all(&top).map_err(|error| text(&error))?;
    for file in input["files"].as_array().into_iter().flatten() {
        make(file, &top).await?;
    }
    let node: NodeName = "x42".parse()?;
    let store = SqliteStore::temporary().map_err(|error| text(&error))?;
    let mut txn = Txn::new();
    for (id, guest) in environment["guests"].as_object().into_iter().flatten() {
        let kind = if guest["type"] == "lxc" { GuestKind::Lxc } else { GuestKind::Qemu };
        txn = txn.put(guest_key(&node, kind, id.parse()?), "");
    }
    store.commit(txn).await.map_err(|error| text(&error))?;
    let storages = Storages::new(paths, Arc::new(store), node);
    let mut entries = Vec::new();
    for content in environment["content_types"].as_array().into_iter().flatten() {
        let content: Content = content.as_str().unwrap_or_default().parse()?;
        let found = storages.list(&"local".parse()?, Some(content), vmid(&input["vmid"])).await;
        entries.extend(found.map_err(|error| text(&error))?.into_iter().map(schema::Reply::value));
    }
    let mut shown: Vec<Value> = entries;
    shown.iter_mut().for_each(|entry| fake(entry, &environment["faked_stat"]));
    Ok(shown)
}

async fn make(file: &Value, top: &Path) -> Result<(), String> {
    let given = file["path"].as_str().unwrap_or_default();
    let path: PathBuf = top.join(given.trim_start_matches("/STORAGE").trim_start_matches('/'));
    let how = file["create"].as_str().unwrap_or_default();
    if how == "dir" || given.ends_with('/') {
        return fs::create_dir_all(&path).map_err(|error| error.to_string());
    }
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|error| error.to_string())?;
    }
    let Some(format) = how.strip_prefix("qemu-img -f ") else {
        return fs::write(&path, "x").map_err(|error| error.to_string());
    };
    let mut run = Run::new("qemu-img").args(["create", "-q", "-f", format]);
    if let Some(backing) = file["backing_file"].as_str() {
        run = run.args(["-u", "-b", backing, "-F", "raw"]);
    }
    run.arg(&path).arg("128K").output().await.map(|_| ()).map_err(|error| error.to_string())
}

/// What the case's own figures replace: those of files made just now. Directories have none; times that come from
/// names are kept.
fn fake(entry: &mut Value, stat: &Value) {
    if entry["content"] == "images" || entry["content"] == "rootdir" {
        entry["parent"] = entry["parent"].take();
    }
    for (own, faked) in [("size", "size"), ("used", "used"), ("ctime", "ctime")] {
        let from_name = own == "ctime" && entry["content"] == "backup";
        let directory = own != "ctime" && entry["format"] == "subvol";
        if entry.get(own).is_some() && !from_name && !directory {
            entry[own] = stat[faked].clone();
        }
    }
}
