//! `/nodes/{node}/config`: what is written down about a node.

use access::Access;
use guest::config_file::{Dialect, GuestFile};
use schema::{ApiError, Choice, Indexed, NodeName, Params, Props};
use serde_json::{Map, Value};
use store::Entry;

use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Shows what is written down about a node.
    GET "/nodes/{node}/config" => read, name = "get_config", Access::perm("/", &["Sys.Audit"]), Target::Node;
    /// Changes what is written down about a node.
    PUT "/nodes/{node}/config" => change, name = "set_options", Access::perm("/", &["Sys.Modify"]), Target::Node;
}

/// One option.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names of the options
enum Property {
    Acme,
    Acmedomain0,
    Acmedomain1,
    Acmedomain2,
    Acmedomain3,
    Acmedomain4,
    Acmedomain5,
    BallooningTarget,
    Description,
    Location,
    StartallOnbootDelay,
    Wakeonlan,
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node
struct Read {
    /// Name of the node.
    node: NodeName,
    /// Show only this option.
    #[param(default = "all")]
    property: Option<Property>,
}

/// Certificates by ACME.
#[derive(Params, Clone, Debug, PartialEq)]
struct Acme {
    /// Account to use.
    #[param(format = "pve-configid", default = "default")]
    account: Option<String>,
    /// Domains of the certificate.
    #[param(format = "pve-acme-domain-list")]
    domains: Option<String>,
}

/// A domain with a challenge of its own.
#[derive(Params, Clone, Debug, PartialEq)]
struct AcmeDomain {
    /// Another domain that answers for it.
    #[param(format = "pve-acme-alias")]
    alias: Option<String>,
    /// The domain.
    #[param(default_key, format = "pve-acme-domain")]
    domain: String,
    /// How it is proved.
    #[param(format = "pve-configid", default = "standalone")]
    plugin: Option<String>,
}

/// Where a node stands.
#[derive(Params, Clone, Debug, PartialEq)]
struct Location {
    /// Degrees north.
    #[param(min = -90, max = 90)]
    latitude: f64,
    /// Degrees east.
    #[param(min = -180, max = 180)]
    longitude: f64,
    /// What the place is called.
    #[param(max_len = 128)]
    name: Option<String>,
}

/// How a node is woken.
#[derive(Params, Clone, Debug, PartialEq)]
struct WakeOnLan {
    /// Interface to send from.
    #[param(name = "bind-interface", format = "pve-iface")]
    bind_interface: Option<String>,
    /// Address to send to.
    #[param(name = "broadcast-address", format = "ipv4", default = "255.255.255.255")]
    broadcast_address: Option<String>,
    /// Hardware address of the node.
    #[param(default_key, format = "mac-addr")]
    mac: String,
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node; some options are refused when given
struct Change {
    /// Name of the node.
    node: NodeName,
    /// Certificates by ACME.
    #[param(later)]
    acme: Option<Props<Acme>>,
    /// Domains with challenges of their own.
    #[param(later, count = 6)]
    acmedomain: Indexed<Props<AcmeDomain>>,
    /// Share of memory in use up to which guests' balloons are let out, percent.
    #[param(name = "ballooning-target", min = 0, max = 100, default = "80")]
    ballooning_target: Option<u64>,
    /// Options to remove.
    #[param(format = "pve-configid-list")]
    delete: Option<String>,
    /// Notes.
    #[param(max_len = 65536)]
    description: Option<String>,
    /// SHA-1 of the configuration that the caller has seen.
    #[param(max_len = 40)]
    digest: Option<String>,
    /// Where the node stands.
    #[param(format = "pve-node-location")]
    location: Option<Props<Location>>,
    /// Seconds to wait before guests are started with the host.
    #[param(name = "startall-onboot-delay", min = 0, max = 300, default = "0")]
    startall_onboot_delay: Option<u64>,
    /// How the node is woken.
    #[param(later)]
    wakeonlan: Option<Props<WakeOnLan>>,
}

/// Where it is kept.
fn key(call: &Call) -> String {
    config_key(&call.node.name)
}

fn config_key(node: &NodeName) -> String {
    format!("nodes/{node}/config")
}

/// The share of a node's memory that should be in use, percent, if it is configured.
pub(crate) fn ballooning_target(tree: &store::Tree, node: &NodeName) -> Option<u64> {
    let file = GuestFile::parse(Dialect::Qemu, tree.text(&config_key(node))?);
    file.main.get("ballooning-target")?.parse().ok().filter(|percent| *percent <= 100)
}

/// How long guests that start with the host wait, seconds.
pub(crate) fn onboot_delay(tree: &store::Tree, node: &NodeName) -> u64 {
    let text = tree.text(&config_key(node)).unwrap_or_default();
    let file = GuestFile::parse(Dialect::Qemu, text);
    file.main.get("startall-onboot-delay").and_then(|seconds| seconds.parse().ok()).unwrap_or(0)
}

async fn read(call: Call, p: Read) -> Result<Map<String, Value>, ApiError> {
    let tree = call.node.store.tree();
    let text = tree.text(&key(&call)).unwrap_or_default();
    let file = GuestFile::parse(Dialect::Qemu, text);
    let wanted = |key: &str| p.property.is_none_or(|property| property.as_str() == key);
    let shown = file.main.iter().filter(|(key, _)| wanted(key));
    let mut shown: Map<String, Value> = shown
        .map(|(key, value)| {
            let number =
                matches!(key, "ballooning-target" | "startall-onboot-delay").then(|| value.parse::<i64>().ok());
            (key.to_owned(), number.flatten().map_or_else(|| Value::from(value), Value::from))
        })
        .collect();
    shown.insert("digest".to_owned(), schema::digest(text).into());
    Ok(shown)
}

async fn change(call: Call, p: Change) -> Result<(), ApiError> {
    let deleted: Vec<&str> = schema::kind::split_list(p.delete.as_deref().unwrap_or_default()).collect();
    if let Some(unknown) = deleted.iter().find(|name| !Property::known(name)) {
        return Err(ApiError::param("delete", format!("unknown option '{unknown}'")));
    }
    let key = key(&call);
    let edited = store::edit(&*call.node.store, &key, |entry: Option<&Entry>| {
        let text = entry.map_or("", |entry| &*entry.text);
        if p.digest.as_deref().is_some_and(|digest| digest != schema::digest(text)) {
            return Err(Refused::Digest);
        }
        let mut file = GuestFile::parse(Dialect::Qemu, text);
        for name in &deleted {
            file.main.remove(name);
        }
        if let Some(description) = &p.description {
            file.main.set("description", description);
        }
        if let Some(percent) = p.ballooning_target {
            file.main.set("ballooning-target", &percent.to_string());
        }
        if let Some(location) = &p.location {
            file.main.set("location", &schema::property::print(&location.0));
        }
        let numbers = [("ballooning-target", p.ballooning_target), ("startall-onboot-delay", p.startall_onboot_delay)];
        for (name, number) in numbers {
            if let Some(number) = number {
                file.main.set(name, &number.to_string());
            }
        }
        Ok(Some(file.print()))
    });
    edited.await.map(|_| ()).map_err(|refused| ApiError::internal(refused.to_string()))
}

impl Property {
    fn known(name: &str) -> bool {
        matches!(<Self as schema::Scalar>::KIND, schema::Kind::Choice(names) if names.contains(&name))
    }
}

/// Why notes were not changed.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("detected modified configuration - file changed by other user? Try again.")]
    Digest,
    #[error(transparent)]
    Store(#[from] store::StoreError),
}
