//! `/nodes/{node}/dns` and `hosts`: how a node finds names.

use std::path::Path;

use access::Access;
use schema::{ApiError, Reply};

use super::list::OfNode;
use crate::endpoints;
use crate::engine::{Call, Target};

endpoints! {
    /// Shows search domain and name servers of a node.
    GET "/nodes/{node}/dns" => dns, name = "dns", Access::perm("/nodes/{node}", &["Sys.Audit"]), Target::Node;
    /// Shows the hosts file of a node.
    GET "/nodes/{node}/hosts" => hosts, name = "get_etc_hosts", Access::perm("/", &["Sys.Audit"]), Target::Node;
}

/// How a node finds names.
#[derive(Reply, Clone, Debug, Default, PartialEq, Eq)]
struct Dns {
    /// Domain that is added to short names.
    search: Option<String>,
    /// First name server.
    dns1: Option<String>,
    /// Second name server.
    dns2: Option<String>,
    /// Third name server.
    dns3: Option<String>,
}

/// A hosts file.
#[derive(Reply, Clone, Debug)]
struct Hosts {
    /// Its text.
    data: String,
    /// SHA-1 of the text.
    digest: String,
}

/// Reads resolv.conf(5); the last `search` or `domain` line counts.
fn parse(text: &str) -> Dns {
    let mut dns = Dns::default();
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        match (words.next(), words.next()) {
            (Some("search" | "domain"), Some(domain)) => dns.search = Some(domain.to_owned()),
            (Some("nameserver"), Some(server)) => {
                let free = [&mut dns.dns1, &mut dns.dns2, &mut dns.dns3].into_iter().find(|place| place.is_none());
                if let Some(place) = free {
                    *place = Some(server.to_owned());
                }
            }
            _ => {}
        }
    }
    dns
}

fn read(path: &str) -> Result<String, ApiError> {
    const LIMIT: u64 = 1 << 20;
    host::file::read_text_limited(Path::new(path), LIMIT).map_err(|error| ApiError::internal(error.to_string()))
}

async fn dns(_: Call, _: OfNode) -> Result<Dns, ApiError> {
    Ok(parse(&read("/etc/resolv.conf")?))
}

async fn hosts(_: Call, _: OfNode) -> Result<Hosts, ApiError> {
    let data = read("/etc/hosts")?;
    Ok(Hosts { digest: schema::digest(&data), data })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_most_three_servers_are_shown() {
        let text = "# x\nsearch a.example b.example\nnameserver 10.0.0.1\nnameserver ::1\nnameserver 3.3.3.3\nnameserver 4.4.4.4\n";
        let dns = parse(text);
        assert_eq!(dns.search.as_deref(), Some("a.example"));
        assert_eq!((dns.dns2.as_deref(), dns.dns3.as_deref()), (Some("::1"), Some("3.3.3.3")));
        assert_eq!(parse(""), Dns::default());
    }
}
