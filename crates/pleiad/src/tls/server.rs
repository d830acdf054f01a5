//! The server's side of TLS.

use std::sync::Arc;

use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
        server::ServerSessionMemoryCache,
    },
};

/// Sessions that clients may resume without a full handshake.
const SESSIONS: usize = 1024;

/// Accepts TLS 1.2 and 1.3 with this certificate chain and key, in one PEM text.
///
/// Only HTTP/1.1 is offered: HTTP/2 has no reason phrase, and clients read errors there.
///
/// # Errors
/// When the text holds no certificate or no key, or they do not belong together.
pub(crate) fn acceptor(pem: &[u8]) -> Result<TlsAcceptor, String> {
    let bad = |error: &dyn std::fmt::Display| format!("the TLS certificate cannot be used: {error}");
    let chain: Vec<_> = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(|error| bad(&error))?;
    let key = PrivateKeyDer::from_pem_slice(pem).map_err(|error| bad(&error))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| bad(&error))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| bad(&error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.session_storage = ServerSessionMemoryCache::new(SESSIONS);
    // One resumption ticket a handshake instead of two: clients here keep their connections.
    config.send_tls13_tickets = 1;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
