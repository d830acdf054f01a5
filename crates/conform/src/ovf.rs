//! Suite of appliances.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::Outcome;

/// Answers a case of the suite.
pub(crate) fn case(suite: &str, dir: &Path, name: &str, input: &Value) -> Option<Outcome> {
    (suite == "storage-ovf").then(|| import(dir, name, input))
}

/// The description is put beside the disks, as it lies in earnest.
fn import(dir: &Path, name: &str, input: &Value) -> Outcome {
    let text = |error: std::io::Error| error.to_string();
    let case = dir.join("cases").join(name);
    let source = case.join(input["ovf"].as_str().unwrap_or("input.ovf"));
    let disks = case.join(input["disks_next_to_ovf"].as_str().unwrap_or("../../shared"));
    let target = disks.join(format!("{}.ovf", name.replace('/', "-")));
    std::fs::copy(&source, &target).map_err(text)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(text)?;
    let found = runtime.block_on(storage::appliance::read(&target));
    let _ = std::fs::remove_file(&target);
    let (appliance, disks) = found.map_err(|error| error.to_string())?;
    let disks: Vec<Value> = disks
        .iter()
        .map(|disk| json!({ "disk_address": disk.drive, "backing_file": disk.file, "virtual_size": disk.size }))
        .collect();
    let cards = appliance.cards.iter().enumerate();
    let net: Map<String, Value> = cards.map(|(at, model)| (format!("net{at}"), json!({ "model": model }))).collect();
    Ok(json!({ "disks": disks, "net": net, "qm": appliance.options }))
}
