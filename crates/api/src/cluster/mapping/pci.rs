//! `/cluster/mapping/pci`: PCI devices.

use access::{Access, Check};
use guest::mapping::PciEntry;
use host::pci::Sysfs;
use schema::{ApiError, Array, Flat, NonEmpty, Params, Props};
use serde_json::{Map, Value};

use super::{Edit, List, New, One};
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Lists the mappings of PCI devices that the caller may see.
    GET "/cluster/mapping/pci" => list, name = "index",
        Access::Described("mappings on which the caller has Mapping.Audit, Mapping.Use or Mapping.Modify"), Target::Any;
    /// Adds a mapping of PCI devices.
    POST "/cluster/mapping/pci" => create, name = "create", Access::perm("/mapping/pci", &["Mapping.Modify"]), Target::Any;
    /// Shows a mapping of PCI devices.
    GET "/cluster/mapping/pci/{id}" => read, name = "get",
        Access::or(&[
            Check::perm("/mapping/pci/{id}", &["Mapping.Use"]),
            Check::perm("/mapping/pci/{id}", &["Mapping.Modify"]),
            Check::perm("/mapping/pci/{id}", &["Mapping.Audit"]),
        ]), Target::Any;
    /// Changes a mapping of PCI devices.
    PUT "/cluster/mapping/pci/{id}" => update, name = "update",
        Access::perm("/mapping/pci/{id}", &["Mapping.Modify"]), Target::Any;
    /// Removes a mapping of PCI devices. Guests that name it keep the name.
    DELETE "/cluster/mapping/pci/{id}" => remove, name = "delete",
        Access::perm("/mapping/pci", &["Mapping.Modify"]), Target::Any;
}

/// Options that are on or off.
const FLAGS: [&str; 2] = ["live-migration-capable", "mdev"];

async fn list(call: Call, p: List) -> Result<Vec<Map<String, Value>>, ApiError> {
    let sysfs = Sysfs::of(&call.node.paths);
    super::list::<PciEntry>(&call, &p, &FLAGS, &["checks"], |mapping, entry| {
        entry.check(mapping.mdev, |id| guest::mapping::PciFacts::find(&sysfs, id))
    })
}

async fn read(call: Call, p: One) -> Result<Map<String, Value>, ApiError> {
    super::read::<PciEntry>(&call, &p.id, &FLAGS)
}

#[derive(Params)]
struct Create {
    /// Its name.
    new: Flat<New>,
    /// Whether a running guest can take the device along to another node.
    #[param(name = "live-migration-capable", default = "0")]
    live_migration_capable: Option<bool>,
    /// What it means, node by node.
    map: NonEmpty<Props<PciEntry>>,
    /// Whether the devices are divided into mediated ones.
    #[param(default = "0")]
    mdev: Option<bool>,
}

async fn create(call: Call, p: Create) -> Result<(), ApiError> {
    let flags = vec![("live-migration-capable", p.live_migration_capable), ("mdev", p.mdev)];
    super::create(&call, p.new.0, p.map.0, flags).await
}

#[derive(Params)]
struct Update {
    /// What changes besides.
    edit: Flat<Edit>,
    /// Whether a running guest can take the device along to another node.
    #[param(name = "live-migration-capable", default = "0")]
    live_migration_capable: Option<bool>,
    /// What it means, node by node; replaces what it meant.
    map: Array<Props<PciEntry>>,
    /// Whether the devices are divided into mediated ones.
    #[param(default = "0")]
    mdev: Option<bool>,
}

async fn update(call: Call, p: Update) -> Result<(), ApiError> {
    let flags = vec![("live-migration-capable", p.live_migration_capable), ("mdev", p.mdev)];
    super::update(&call, p.edit.0, p.map.0, flags).await
}

async fn remove(call: Call, p: One) -> Result<(), ApiError> {
    super::remove::<PciEntry>(&call, &p.id).await
}
