//! `/cluster/mapping/pci`: PCI devices.

use access::{Access, Check};
use guest::mapping::{Change, PciEntry};
use host::pci::Sysfs;
use schema::{ApiError, Array, NonEmpty, Params, Props};
use serde_json::{Map, Value};

use super::{List, One};
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
    /// Notes.
    #[param(max_len = 4096)]
    description: Option<String>,
    /// Name of the mapping.
    #[param(format = "pve-configid")]
    id: String,
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
    let map = p.map.0.into_iter().map(|Props(entry)| entry).collect();
    let change = Change { map, description: p.description, flags };
    super::update(&call, &p.id, change, &p.delete, p.digest.as_deref()).await
}

async fn remove(call: Call, p: One) -> Result<(), ApiError> {
    super::remove::<PciEntry>(&call, &p.id).await
}
