//! `/nodes/{node}/certificates`: by what a node proves who it is.

use access::Access;
use schema::{ApiError, Reply};
use sha2::{Digest as _, Sha256};
use x509_parser::{pem::Pem, prelude::*, public_key::PublicKey};

use super::list::OfNode;
use crate::endpoints;
use crate::engine::{Call, Subdir, Target};

endpoints! {
    /// Lists what can be asked for about certificates.
    GET "/nodes/{node}/certificates" => index, name = "index", Access::User, Target::Any;
    /// Shows the certificates of the installation and of a node.
    GET "/nodes/{node}/certificates/info" => info, name = "info", Access::User, Target::Node;
}

async fn index(call: Call, _: OfNode) -> Result<Vec<Subdir>, ApiError> {
    Ok(call.listing())
}

/// A certificate.
#[derive(Reply, Clone, Debug)]
struct Certificate {
    /// Its file.
    filename: String,
    /// SHA-256 of it.
    fingerprint: String,
    /// Who signed it.
    issuer: String,
    /// Whose it is.
    subject: String,
    /// Seconds since 1970 from which it is valid.
    notbefore: i64,
    /// Seconds since 1970 until which it is valid.
    notafter: i64,
    /// The certificate.
    pem: String,
    /// Kind of its key.
    #[reply(name = "public-key-type")]
    key_type: String,
    /// Length of its key.
    #[reply(name = "public-key-bits")]
    key_bits: u64,
    /// Names and addresses that it stands for.
    san: Vec<String>,
}

async fn info(call: Call, _: OfNode) -> Result<Vec<Certificate>, ApiError> {
    let tree = call.node.store.tree();
    let own = format!("nodes/{}/pve-ssl.pem", call.node.name);
    let files = [("pve-root-ca.pem", "pve-root-ca.pem"), ("pve-ssl.pem", own.as_str())];
    let found = files.into_iter().filter_map(|(name, key)| Some((name, tree.text(key)?)));
    found.map(|(name, text)| read(name, text).map_err(ApiError::internal)).collect()
}

/// What a certificate says.
fn read(filename: &str, text: &str) -> Result<Certificate, String> {
    let wrong = |why: String| format!("unable to read certificate '{filename}' - {why}");
    let pem = Pem::iter_from_buffer(text.as_bytes()).next().ok_or_else(|| wrong("it holds none".to_owned()))?;
    let pem = pem.map_err(|why| wrong(why.to_string()))?;
    let certificate = pem.parse_x509().map_err(|why| wrong(why.to_string()))?;
    let (key_type, key_bits) = match certificate.public_key().parsed() {
        Ok(PublicKey::RSA(key)) => ("rsaEncryption", key.key_size()),
        Ok(PublicKey::EC(point)) => ("id-ecPublicKey", point.key_size()),
        _ => ("unknown", 0),
    };
    let names = certificate.subject_alternative_name().ok().flatten();
    let names = names.iter().flat_map(|names| &names.value.general_names);
    Ok(Certificate {
        filename: filename.to_owned(),
        fingerprint: Sha256::digest(&pem.contents)
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect::<Vec<_>>()
            .join(":"),
        issuer: slashed(certificate.issuer()),
        subject: slashed(certificate.subject()),
        notbefore: certificate.validity().not_before.timestamp(),
        notafter: certificate.validity().not_after.timestamp(),
        pem: text.to_owned(),
        key_type: key_type.to_owned(),
        key_bits: u64::try_from(key_bits).unwrap_or(0),
        san: names.filter_map(name).collect(),
    })
}

/// `/OU=…/O=…/CN=…`
fn slashed(name: &X509Name<'_>) -> String {
    name.to_string().split(", ").map(|part| format!("/{part}")).collect()
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes).ok().map(|ip| std::net::IpAddr::from(ip).to_string()),
            _ => <[u8; 16]>::try_from(*bytes).ok().map(|ip| std::net::IpAddr::from(ip).to_string()),
        },
        _ => None,
    }
}
