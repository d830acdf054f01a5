//! Connections from the network: TLS, or a redirect for those who forgot it.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    Method, Request, Response, StatusCode,
    body::Incoming,
    header::{HOST, HeaderValue, LOCATION},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
};
use tokio_rustls::TlsAcceptor;

use super::{
    assets,
    daemon::Daemon,
    relay::{Answer, Upstream},
};
use crate::http;

/// Connections at a time: each costs some tens of KiB.
const MAX_CONNECTIONS: usize = 2048;
/// A client gets this long to say its first byte and to finish the TLS handshake.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// Running requests get this long when the proxy is told to stop.
const DRAIN_TIME: Duration = Duration::from_secs(5);
/// First byte of every TLS connection: a handshake record.
const TLS_HANDSHAKE: u8 = 0x16;

/// What every connection needs.
pub(super) struct Front {
    tls: TlsAcceptor,
    daemon: Daemon,
    places: Arc<Semaphore>,
}

impl Front {
    pub(super) fn new(tls: TlsAcceptor, daemon: Daemon) -> Self {
        Self { tls, daemon, places: Arc::new(Semaphore::new(MAX_CONNECTIONS)) }
    }
}

/// Serves until `stop` changes, then lets running requests finish.
pub(super) async fn serve(
    front: Arc<Front>,
    listener: std::net::TcpListener,
    mut stop: watch::Receiver<bool>,
) -> Result<(), String> {
    let listener = TcpListener::from_std(listener).map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    tracing::info!("listening on {address}");
    host::role::announce(&serde_json::json!({"ready": "proxy", "listen": address.to_string()}).to_string());
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => admit(&front, stream, peer, &stop),
                Err(error) => {
                    // Out of descriptors, usually: others finish meanwhile.
                    tracing::warn!("unable to accept a connection: {error}");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            _ = stop.changed() => break,
        }
    }
    drop(listener);
    let all = u32::try_from(MAX_CONNECTIONS).unwrap_or(u32::MAX);
    tokio::time::timeout(DRAIN_TIME, front.places.acquire_many(all)).await.ok();
    Ok(())
}

fn admit(front: &Arc<Front>, stream: TcpStream, peer: SocketAddr, stop: &watch::Receiver<bool>) {
    let Ok(place) = front.places.clone().try_acquire_owned() else {
        tracing::warn!("connection of {peer} refused: {MAX_CONNECTIONS} are open already");
        return;
    };
    let (front, stop) = (front.clone(), stop.clone());
    tokio::spawn(async move {
        if let Err(error) = connection(&front, stream, peer, stop).await {
            tracing::debug!("connection of {peer}: {error}");
        }
        drop(place);
    });
}

async fn connection(
    front: &Front,
    stream: TcpStream,
    peer: SocketAddr,
    stop: watch::Receiver<bool>,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    stream.set_nodelay(true)?;
    let mut first = [0];
    let seen = tokio::time::timeout(HANDSHAKE_TIME, stream.peek(&mut first)).await??;
    if seen == 0 {
        return Ok(());
    }
    if first[0] != TLS_HANDSHAKE {
        let local = stream.local_addr()?;
        let redirect =
            service_fn(move |request| async move { Ok::<_, std::convert::Infallible>(redirect(&request, local)) });
        http::server().keep_alive(false).serve_connection(TokioIo::new(stream), redirect).await?;
        return Ok(());
    }
    let stream = tokio::time::timeout(HANDSHAKE_TIME, front.tls.accept(stream)).await??;
    relayed(front, stream, peer, stop).await
}

async fn relayed(
    front: &Front,
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    peer: SocketAddr,
    mut stop: watch::Receiver<bool>,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let upstream = Arc::new(Upstream::new(front.daemon.clone(), peer.ip().to_canonical())?);
    let service = service_fn(move |request: Request<Incoming>| {
        let upstream = upstream.clone();
        async move { Ok::<_, std::convert::Infallible>(answer(&upstream, request).await) }
    });
    let mut connection = std::pin::pin!(http::server().serve_connection(TokioIo::new(stream), service).with_upgrades());
    tokio::select! {
        ended = connection.as_mut() => return Ok(ended?),
        _ = stop.changed() => connection.as_mut().graceful_shutdown(),
    }
    Ok(connection.await?)
}

async fn answer(upstream: &Upstream, request: Request<Incoming>) -> Answer {
    let path = request.uri().path();
    match path.strip_prefix(http::API) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => upstream.relay(request).await,
        _ => assets::answer(&request).map(http_body_util::Either::Left),
    }
}

/// Sends a client that speaks plain HTTP to where TLS is.
fn redirect(request: &Request<Incoming>, local: SocketAddr) -> Response<Full<Bytes>> {
    let host = request.headers().get(HOST).and_then(|value| value.to_str().ok());
    let host = host.map_or_else(|| local.to_string(), str::to_owned);
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let mut response = Response::new(Full::default());
    // Only where the method stays the same by itself is the older code safe.
    let plain = matches!(*request.method(), Method::GET | Method::HEAD);
    *response.status_mut() = if plain { StatusCode::MOVED_PERMANENTLY } else { StatusCode::PERMANENT_REDIRECT };
    match HeaderValue::from_str(&format!("https://{host}{path}")) {
        Ok(location) => {
            response.headers_mut().insert(LOCATION, location);
        }
        Err(_) => *response.status_mut() = StatusCode::BAD_REQUEST,
    }
    response
}
