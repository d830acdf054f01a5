//! Certificates of this node: made at the first start, kept in the configuration tree, handed to the proxy by file.

use std::{fs, net::IpAddr, path::Path, time::SystemTime};

use api::Node;
use store::{Tree, Txn};

use super::CA_FILE;
use crate::{
    proxy::CERTIFICATE_FILE,
    tls::authority::{self, Identity},
};

const AUTHORITY: &str = "pve-root-ca.pem";
const AUTHORITY_KEY: &str = "priv/pve-root-ca.key";

/// Makes what is missing, renews what would end soon, and writes the files that the proxy and clients read.
///
/// # Errors
/// When certificates cannot be made, or store or disk refuse.
pub(super) async fn ensure(node: &Node) -> Result<(), String> {
    let tree = node.store.tree();
    let now = SystemTime::now();
    let (certificate, key) = (format!("nodes/{}/pve-ssl.pem", node.name), format!("nodes/{}/pve-ssl.key", node.name));
    let names = names(node).await;
    let mut txn = Txn::new();
    let root = match identity(&tree, AUTHORITY, AUTHORITY_KEY) {
        Some(root) => root,
        None => {
            let id: String = host::crypt::random(8)
                .map_err(|error| error.to_string())?
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            let root = authority::new_authority(&id, now).map_err(|error| error.to_string())?;
            txn = txn
                .expect_absent(AUTHORITY_KEY)
                .put(AUTHORITY, root.certificate.clone())
                .put(AUTHORITY_KEY, root.key.clone());
            root
        }
    };
    let own = match identity(&tree, &certificate, &key) {
        Some(own) if txn.is_empty() && authority::still_good(&own.certificate, &names, now) => own,
        _ => {
            let own = authority::new_node(&root, node.name.as_str(), &names, now);
            let own = own.map_err(|error| format!("unable to make the node's certificate: {error}"))?;
            txn = txn.put(certificate, own.certificate.clone()).put(key, own.key.clone());
            own
        }
    };
    if !txn.is_empty() {
        node.store.commit(txn).await.map_err(|error| error.to_string())?;
    }
    let for_proxy = format!("{}{}", own.certificate, own.key);
    write(&node.paths.tls_dir().join(CERTIFICATE_FILE), &for_proxy, 0o600)?;
    write(&node.paths.join(CA_FILE), &root.certificate, 0o644)
}

fn identity(tree: &Tree, certificate: &str, key: &str) -> Option<Identity> {
    Some(Identity { certificate: tree.text(certificate)?.to_owned(), key: tree.text(key)?.to_owned() })
}

/// All names and addresses by which clients may know this node.
async fn names(node: &Node) -> Vec<String> {
    let mut names = vec![node.name.to_string(), "localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    // Without `ip` the node can still be reached by its name.
    let links = host::net::links().await.unwrap_or_default();
    let addresses = links.iter().flat_map(|link| &link.addresses).map(|address| address.ip);
    names.extend(addresses.filter(|ip| !is_link_local(*ip)).map(|ip| ip.to_string()));
    names.sort();
    names.dedup();
    names
}

/// Addresses that mean nothing on another link, and change with every container.
fn is_link_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}

fn write(path: &Path, text: &str, mode: u32) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    host::file::write_atomic(path, text.as_bytes(), mode).map_err(|error| error.to_string())
}
