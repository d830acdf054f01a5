//! `/nodes/{node}/lxc/{vmid}/{config,pending,interfaces}`.

use access::Access;
use guest::{
    config_file::Pending,
    lxc::{Update, config::CtConfig},
};
use schema::{ApiError, Flat, NodeName, Params, Reply, Vmid};
use serde_json::{Map, Value};

use super::{OfCt, permission, refused};
use crate::endpoints;
use crate::engine::{Call, Target};
use crate::nodes::guest_config::typed;
use crate::nodes::pool::Place;
use crate::nodes::tags;

/// Whoever may change something may call; what he changes is checked option by option.
const ANY_CONFIG: &[&str] =
    &["VM.Config.Disk", "VM.Config.CPU", "VM.Config.Memory", "VM.Config.Network", "VM.Config.Options"];

endpoints! {
    /// Shows a container's configuration, with pending changes in it unless `current` is set.
    GET "/nodes/{node}/lxc/{vmid}/config" => read, name = "vm_config",
        Access::perm("/vms/{vmid}", &["VM.Audit"]), Target::Node;
    /// Changes a container's configuration.
    PUT "/nodes/{node}/lxc/{vmid}/config" => change, name = "update_vm",
        Access::any("/vms/{vmid}", ANY_CONFIG), Target::Node;
    /// Lists a container's options with the changes that wait for its next start.
    GET "/nodes/{node}/lxc/{vmid}/pending" => pending, name = "vm_pending",
        Access::perm("/vms/{vmid}", &["VM.Audit"]), Target::Node;
    /// Lists the interfaces of a running container with their addresses.
    GET "/nodes/{node}/lxc/{vmid}/interfaces" => interfaces, name = "ip",
        Access::perm("/vms/{vmid}", &["VM.Audit"]), Target::Node;
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Read {
    /// Name of the node.
    node: NodeName,
    /// ID of the container.
    vmid: Vmid,
    /// Show what is in force, without pending changes.
    #[param(default = "0")]
    current: Option<bool>,
    /// Show the configuration that a snapshot kept.
    #[param(format = "pve-configid", max_len = 40)]
    snapshot: Option<String>,
}

async fn read(call: Call, p: Read) -> Result<Map<String, Value>, ApiError> {
    let ct = call.node.cts.get(p.vmid).map_err(refused)?;
    let section = match &p.snapshot {
        Some(name) => {
            let snapshot = ct.file.snapshots.get(name);
            snapshot.cloned().ok_or_else(|| ApiError::internal(format!("snapshot '{name}' does not exist")))?
        }
        None if p.current == Some(true) => ct.file.main.clone(),
        None => ct.file.at_next_start(),
    };
    let mut shown: Map<String, Value> =
        section.iter().map(|(key, value)| (key.to_owned(), typed::<CtConfig>(key, value))).collect();
    if !section.raw.is_empty() {
        let lines = section.raw.iter().map(|(key, value)| serde_json::json!([key, value]));
        shown.insert("lxc".to_owned(), lines.collect());
    }
    shown.insert("digest".to_owned(), ct.digest.clone().into());
    Ok(shown)
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct Change {
    /// Name of the node.
    node: NodeName,
    /// ID of the container.
    vmid: Vmid,
    /// Options to remove.
    #[param(format = "pve-configid-list")]
    delete: Option<String>,
    /// SHA-1 of the configuration that the caller has seen; the change is refused if it is another one now.
    #[param(max_len = 40)]
    digest: Option<String>,
    /// Pending changes to drop.
    #[param(format = "pve-configid-list")]
    revert: Option<String>,
    /// Options to set.
    config: Flat<CtConfig>,
}

async fn change(call: Call, p: Change) -> Result<(), ApiError> {
    let names = |list: &Option<String>| -> Vec<String> {
        schema::kind::split_list(list.as_deref().unwrap_or_default()).map(str::to_owned).collect()
    };
    let (mut set, delete, revert) = (schema::config::pairs(&p.config.0), names(&p.delete), names(&p.revert));
    if set.is_empty() && delete.is_empty() && revert.is_empty() {
        return Err(ApiError::internal("no options specified"));
    }
    for (list, keys) in [("delete", &delete), ("revert", &revert)] {
        if let Some(unknown) = keys.iter().find(|key| CtConfig::SPEC.find(key).is_none()) {
            return Err(ApiError::param(list, format!("unknown option '{unknown}'")));
        }
    }
    let ct = call.node.cts.get(p.vmid).map_err(refused)?;
    let touched: Vec<String> = delete.iter().chain(&revert).cloned().collect();
    permission::check(&call, &Place::of(p.vmid), &set, &touched, ct.config.is_unprivileged())?;
    tags::settle(&call, p.vmid, &mut set, &delete)?;
    let update = Update { set: set.into_iter().collect(), delete, revert, digest: p.digest };
    call.node.cts.update(p.vmid, update).await.map_err(refused)
}

async fn pending(call: Call, p: OfCt) -> Result<Vec<Pending>, ApiError> {
    call.node.cts.pending(p.vmid).map_err(refused)
}

/// An address.
#[derive(Reply, Clone, Debug, PartialEq)]
struct Address {
    /// It.
    #[reply(name = "ip-address")]
    address: String,
    /// `inet` or `inet6`.
    #[reply(name = "ip-address-type")]
    kind: String,
    /// Length of its network's prefix.
    prefix: u64,
}

/// An interface inside.
#[derive(Reply, Clone, Debug, PartialEq)]
struct Interface {
    /// Its name.
    name: String,
    /// Its MAC address.
    hwaddr: String,
    /// The same.
    #[reply(name = "hardware-address")]
    hardware_address: String,
    /// First IPv4 address with prefix length.
    inet: Option<String>,
    /// First IPv6 address with prefix length.
    inet6: Option<String>,
    /// All addresses.
    #[reply(name = "ip-addresses")]
    addresses: Vec<Address>,
}

async fn interfaces(call: Call, p: OfCt) -> Result<Vec<Interface>, ApiError> {
    let seen = call.node.cts.addresses(p.vmid).await.map_err(refused)?;
    Ok(seen.as_array().into_iter().flatten().map(interface).collect())
}

/// An interface as `ip -json address` tells it.
fn interface(seen: &Value) -> Interface {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = seen["addr_info"].as_array().into_iter().flatten();
    let addresses: Vec<Address> = all
        .map(|entry| Address {
            address: text(&entry["local"]),
            kind: text(&entry["family"]),
            prefix: entry["prefixlen"].as_u64().unwrap_or(0),
        })
        .collect();
    let first = |kind: &str| {
        let found = addresses.iter().find(|address| address.kind == kind);
        found.map(|address| format!("{}/{}", address.address, address.prefix))
    };
    let mac = text(&seen["address"]);
    Interface {
        name: text(&seen["ifname"]),
        hardware_address: mac.clone(),
        hwaddr: mac,
        inet: first("inet"),
        inet6: first("inet6"),
        addresses,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_an_interface() {
        let seen = serde_json::json!({"ifname": "eth0", "address": "bc:24:11:00:00:01", "addr_info": [
            {"family": "inet", "local": "10.0.0.2", "prefixlen": 24},
            {"family": "inet6", "local": "fe80::1", "prefixlen": 64}]});
        let shown = interface(&seen);
        assert_eq!((shown.inet.as_deref(), shown.inet6.as_deref()), (Some("10.0.0.2/24"), Some("fe80::1/64")));
        assert_eq!((shown.name.as_str(), shown.addresses.len()), ("eth0", 2));
    }
}
