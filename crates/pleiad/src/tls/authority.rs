//! A certificate authority of the installation's own, and the certificate of this node signed by it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};

/// How long the authority is valid.
const AUTHORITY_DAYS: u64 = 3650;
/// How long a node's certificate is valid: some clients refuse more than 825 days.
const NODE_DAYS: u64 = 730;
/// A clock that is a little late shall not refuse a fresh certificate.
const BACKDATED: Duration = Duration::from_secs(24 * 3600);
/// A certificate is replaced when it would end within this time.
const RENEWED_BEFORE: Duration = Duration::from_secs(30 * 24 * 3600);

/// A certificate with its private key, both PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The certificate.
    pub(crate) certificate: String,
    /// The key (PKCS #8).
    pub(crate) key: String,
}

/// Makes a new authority; `id` tells installations apart.
///
/// # Errors
/// When the system gives no random bytes.
pub(crate) fn new_authority(id: &str, now: SystemTime) -> Result<Identity, rcgen::Error> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    // Strict verifiers refuse an authority that does not say what its key is for.
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name.push(DnType::CommonName, "Pleiad Certificate Authority");
    params.distinguished_name.push(DnType::OrganizationalUnitName, id);
    params.distinguished_name.push(DnType::OrganizationName, "Pleiad");
    valid(&mut params, now, AUTHORITY_DAYS);
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?.pem();
    Ok(Identity { certificate, key: key.serialize_pem() })
}

/// Makes a certificate for a node; `names` are host names and IP addresses in text form.
///
/// # Errors
/// When the authority cannot be read or a name is no name.
pub(crate) fn new_node(
    authority: &Identity,
    node: &str,
    names: &[String],
    now: SystemTime,
) -> Result<Identity, rcgen::Error> {
    let issuer = Issuer::from_ca_cert_pem(&authority.certificate, KeyPair::from_pem(&authority.key)?)?;
    let mut params = CertificateParams::new(names.to_vec())?;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyAgreement];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.distinguished_name.push(DnType::CommonName, node);
    params.distinguished_name.push(DnType::OrganizationName, "Pleiad");
    valid(&mut params, now, NODE_DAYS);
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, &issuer)?.pem();
    Ok(Identity { certificate, key: key.serialize_pem() })
}

/// Whether a node's certificate can be kept: readable, for all these names, and valid for some time to come.
pub(crate) fn still_good(certificate: &str, names: &[String], now: SystemTime) -> bool {
    let Ok((_, pem)) = x509_parser::pem::parse_x509_pem(certificate.as_bytes()) else { return false };
    let Ok(parsed) = pem.parse_x509() else { return false };
    let end = parsed.validity().not_after.timestamp();
    let wanted = now.duration_since(UNIX_EPOCH).unwrap_or_default() + RENEWED_BEFORE;
    u64::try_from(end).is_ok_and(|end| end > wanted.as_secs()) && covers(&parsed, names)
}

fn covers(certificate: &x509_parser::certificate::X509Certificate<'_>, names: &[String]) -> bool {
    use x509_parser::extensions::GeneralName;
    let Ok(Some(extension)) = certificate.subject_alternative_name() else { return false };
    let held: Vec<String> = extension
        .value
        .general_names
        .iter()
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some((*name).to_owned()),
            GeneralName::IPAddress(bytes) => match bytes.len() {
                4 => <[u8; 4]>::try_from(*bytes).ok().map(|ip| std::net::Ipv4Addr::from(ip).to_string()),
                _ => <[u8; 16]>::try_from(*bytes).ok().map(|ip| std::net::Ipv6Addr::from(ip).to_string()),
            },
            _ => None,
        })
        .collect();
    names.iter().all(|name| held.contains(name))
}

fn valid(params: &mut CertificateParams, now: SystemTime, days: u64) {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let start = date_time_ymd(1970, 1, 1) + since.saturating_sub(BACKDATED);
    params.not_before = start;
    params.not_after = start + Duration::from_secs(days * 24 * 3600);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<String> {
        ["n1", "localhost", "127.0.0.1", "::1"].map(String::from).to_vec()
    }

    #[test]
    fn a_node_certificate_says_what_strict_clients_ask_for() {
        let now = SystemTime::now();
        let authority = new_authority("test", now).unwrap();
        let node = new_node(&authority, "n1", &names(), now).unwrap();
        let (_, pem) = x509_parser::pem::parse_x509_pem(authority.certificate.as_bytes()).unwrap();
        let ca = pem.parse_x509().unwrap();
        assert!(ca.is_ca() && ca.basic_constraints().unwrap().unwrap().critical);
        assert!(ca.key_usage().unwrap().unwrap().value.key_cert_sign());
        let (_, pem) = x509_parser::pem::parse_x509_pem(node.certificate.as_bytes()).unwrap();
        let leaf = pem.parse_x509().unwrap();
        assert!(leaf.key_usage().unwrap().unwrap().value.digital_signature());
        assert!(leaf.extended_key_usage().unwrap().unwrap().value.server_auth);
        assert!(leaf.verify_signature(Some(ca.public_key())).is_ok());
        assert!(!leaf.is_ca());
    }

    #[test]
    fn a_certificate_is_renewed_in_time_and_when_names_change() {
        let now = SystemTime::now();
        let authority = new_authority("test", now).unwrap();
        let node = new_node(&authority, "n1", &names(), now).unwrap();
        assert!(still_good(&node.certificate, &names(), now));
        assert!(!still_good(&node.certificate, &["other".to_owned()], now));
        assert!(!still_good(&node.certificate, &names(), now + Duration::from_secs(705 * 24 * 3600)));
        assert!(!still_good("-----BEGIN CERTIFICATE-----", &names(), now));
    }
}
