//! `/cluster/mapping/usb`: USB devices.

use access::{Access, Check};
use guest::mapping::{Change, UsbEntry};
use host::pci::Sysfs;
use schema::{ApiError, NonEmpty, Params, Props};
use serde_json::{Map, Value};

use super::{List, One};
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Lists the mappings of USB devices that the caller may see.
    GET "/cluster/mapping/usb" => list, name = "index",
        Access::Described("mappings on which the caller has Mapping.Audit, Mapping.Use or Mapping.Modify"), Target::Any;
    /// Adds a mapping of USB devices.
    POST "/cluster/mapping/usb" => create, name = "create", Access::perm("/mapping/usb", &["Mapping.Modify"]), Target::Any;
    /// Shows a mapping of USB devices.
    GET "/cluster/mapping/usb/{id}" => read, name = "get",
        Access::or(&[
            Check::perm("/mapping/usb/{id}", &["Mapping.Audit"]),
            Check::perm("/mapping/usb/{id}", &["Mapping.Use"]),
            Check::perm("/mapping/usb/{id}", &["Mapping.Modify"]),
        ]), Target::Any;
    /// Changes a mapping of USB devices.
    PUT "/cluster/mapping/usb/{id}" => update, name = "update",
        Access::perm("/mapping/usb/{id}", &["Mapping.Modify"]), Target::Any;
    /// Removes a mapping of USB devices. Guests that name it keep the name.
    DELETE "/cluster/mapping/usb/{id}" => remove, name = "delete",
        Access::perm("/mapping/usb", &["Mapping.Modify"]), Target::Any;
}

async fn list(call: Call, p: List) -> Result<Vec<Map<String, Value>>, ApiError> {
    let plugged = guest::mapping::plugged(&Sysfs::of(&call.node.paths));
    super::list::<UsbEntry>(&call, &p, &[], &["checks", "error"], |_, entry| entry.check(&plugged))
}

async fn read(call: Call, p: One) -> Result<Map<String, Value>, ApiError> {
    super::read::<UsbEntry>(&call, &p.id, &[])
}

#[derive(Params)]
struct Create {
    /// Notes.
    #[param(max_len = 4096)]
    description: Option<String>,
    /// Name of the mapping.
    #[param(format = "pve-configid")]
    id: String,
    /// What it means, node by node.
    map: NonEmpty<Props<UsbEntry>>,
}

async fn create(call: Call, p: Create) -> Result<(), ApiError> {
    let flags = Vec::new();
    let map = p.map.0.into_iter().map(|Props(entry)| entry).collect();
    super::create(&call, &p.id, Change { map, description: p.description, flags }).await
}

#[derive(Params)]
struct Update {
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
    /// What it means, node by node; replaces what it meant.
    map: NonEmpty<Props<UsbEntry>>,
}

async fn update(call: Call, p: Update) -> Result<(), ApiError> {
    let flags = Vec::new();
    let map = p.map.0.into_iter().map(|Props(entry)| entry).collect();
    let change = Change { map, description: p.description, flags };
    super::update(&call, &p.id, change, &p.delete, p.digest.as_deref()).await
}

async fn remove(call: Call, p: One) -> Result<(), ApiError> {
    super::remove::<UsbEntry>(&call, &p.id).await
}
