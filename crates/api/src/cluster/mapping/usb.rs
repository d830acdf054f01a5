//! `/cluster/mapping/usb`: USB devices.

use access::{Access, Check};
use guest::mapping::UsbEntry;
use host::pci::Sysfs;
use schema::{ApiError, Flat, NonEmpty, Params, Props};
use serde_json::{Map, Value};

use super::{Edit, List, New, One};
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
    /// Its name.
    new: Flat<New>,
    /// What it means, node by node.
    map: NonEmpty<Props<UsbEntry>>,
}

async fn create(call: Call, p: Create) -> Result<(), ApiError> {
    super::create(&call, p.new.0, p.map.0, Vec::new()).await
}

#[derive(Params)]
struct Update {
    /// What changes besides.
    edit: Flat<Edit>,
    /// What it means, node by node; replaces what it meant.
    map: NonEmpty<Props<UsbEntry>>,
}

async fn update(call: Call, p: Update) -> Result<(), ApiError> {
    super::update(&call, p.edit.0, p.map.0, Vec::new()).await
}

async fn remove(call: Call, p: One) -> Result<(), ApiError> {
    super::remove::<UsbEntry>(&call, &p.id).await
}
