//! `/cluster/status`: which nodes there are.

use std::net::{IpAddr, Ipv4Addr};

use access::Access;
use schema::{ApiError, NoParams, Reply};

use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Lists the nodes. A node that is in no cluster is alone in the list.
    GET "/cluster/status" => status, name = "get_status", Access::perm("/", &["Sys.Audit"]), Target::Any;
}

/// A node of the cluster.
#[derive(Reply, Clone, Debug)]
struct Member {
    /// `node/n1`.
    id: String,
    /// `node`; a cluster would have an entry of its own.
    r#type: &'static str,
    /// Its name.
    name: String,
    /// Its number in the cluster; 0 outside of one.
    nodeid: u64,
    /// Its address towards others, if it has one.
    ip: Option<String>,
    /// Whether the answer comes from it.
    local: bool,
    /// Whether it can be reached.
    online: bool,
    /// Support level; empty.
    level: &'static str,
}

async fn status(call: Call, _: NoParams) -> Result<Vec<Member>, ApiError> {
    let name = call.node.name.to_string();
    let member = Member {
        id: format!("node/{name}"),
        r#type: "node",
        name,
        nodeid: 0,
        ip: address().await.map(|ip| ip.to_string()),
        local: true,
        online: true,
        level: "",
    };
    Ok(vec![member])
}

/// The address on the link of the default route, or the first that is not a loopback address.
async fn address() -> Option<IpAddr> {
    let links = host::net::links().await.ok()?;
    let routes = host::net::routes().ok()?;
    let default = routes.iter().find(|route| route.destination.ip == IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let out = default.and_then(|route| links.iter().find(|link| link.name == route.link));
    let others = links.iter().filter(|link| !link.loopback);
    out.into_iter().chain(others).find_map(|link| link.addresses.first()).map(|address| address.ip)
}
