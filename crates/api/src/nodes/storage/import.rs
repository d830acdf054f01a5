//! `/nodes/{node}/storage/{storage}/import-metadata`: what a VM made of an appliance would be.

use access::Access;
use schema::{ApiError, NodeName, Params, Reply, StorageId};
use serde_json::{Map, Value, json};
use storage::{VolumeId, access::may_use};

use crate::endpoints;
use crate::engine::{Call, Target};
use crate::storage::error;

endpoints! {
    /// Shows what a VM made of an appliance would be: its options, its disks, its network cards. The caller must be
    /// allowed to use the appliance.
    GET "/nodes/{node}/storage/{storage}/import-metadata" => metadata, name = "get_import_metadata",
        Access::Described("Datastore.Audit or Datastore.AllocateSpace on the storage of the appliance"), Target::Node;
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Of {
    /// The node.
    node: NodeName,
    /// The storage.
    storage: StorageId,
    /// The appliance: its volume ID, or the part of it after the storage.
    volume: String,
}

/// What one should know before.
#[derive(Reply, Debug)]
struct Warning {
    /// What it is about.
    r#type: String,
    /// The option that it concerns.
    key: Option<String>,
    /// That option's value.
    value: Option<String>,
}

/// A VM as an appliance describes it.
#[derive(Reply, Debug)]
struct Metadata {
    /// What it is: `vm`.
    r#type: String,
    /// Kind of the source: `ova`.
    source: String,
    /// Options for making the VM.
    #[reply(name = "create-args")]
    create_args: Map<String, Value>,
    /// By drive: volume ID and size in bytes; 1 where there is nothing to copy.
    disks: Map<String, Value>,
    /// By network card: its model.
    net: Map<String, Value>,
    /// What one should know before.
    warnings: Vec<Warning>,
}

async fn metadata(call: Call, p: Of) -> Result<Metadata, ApiError> {
    let text = if p.volume.contains(':') { p.volume.clone() } else { format!("{}:{}", p.storage, p.volume) };
    let id: VolumeId = text.parse().map_err(|why: String| ApiError::param("volume", why))?;
    if id.storage != p.storage {
        return Err(ApiError::param("volume", format!("is not on storage '{}'", p.storage)));
    }
    let storages = &call.node.storages;
    let known = storages.volume(&id).map_err(error)?;
    if !may_use(&id.storage, &known, None, |path, privilege| call.may(path, &[privilege])) {
        return Err(ApiError::forbidden(&format!("/storage/{}", id.storage), &["Datastore.Audit"]));
    }
    let (appliance, disks) = storages.appliance(&id).await.map_err(error)?;
    let archive = known.format == "ova";
    let volume = |file: &str| if archive { format!("{id}/{file}") } else { format!("{}:import/{file}", id.storage) };
    let mut drives: Map<String, Value> = disks
        .iter()
        .map(|disk| (disk.drive.clone(), json!({ "volid": volume(&disk.file), "size": disk.size })))
        .collect();
    let mut warnings = Vec::new();
    if appliance.options.get("bios").is_some_and(|bios| bios == "ovmf") {
        drives.insert("efidisk0".to_owned(), 1.into());
        let (key, value) = (Some("bios".to_owned()), Some("ovmf".to_owned()));
        warnings.push(Warning { r#type: "efi-state-lost".to_owned(), key, value });
    }
    let cards = appliance.cards.iter().enumerate();
    let typed = |(key, value): (&&str, &String)| {
        let value = value.parse::<u64>().map_or_else(|_| Value::from(value.clone()), Value::from);
        ((*key).to_owned(), value)
    };
    Ok(Metadata {
        r#type: "vm".to_owned(),
        source: if archive { "ova" } else { "ovf" }.to_owned(),
        create_args: appliance.options.iter().map(typed).collect(),
        disks: drives,
        net: cards.map(|(at, model)| (format!("net{at}"), json!({ "model": model }))).collect(),
        warnings,
    })
}
