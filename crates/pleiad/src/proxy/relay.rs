//! One client's way to the daemon.
//!
//! Each client connection has one connection of its own to the daemon, opened at its first request and kept: no answer
//! can reach another client, whatever happens to the framing, and no lock is shared.

use std::net::IpAddr;

use bytes::Bytes;
use http_body_util::{BodyExt, Either, Full};
use hyper::{
    HeaderMap, Request, Response, StatusCode,
    body::{Body, Incoming},
    client::conn::http1::{self, SendRequest},
    header::{self, HeaderName, HeaderValue},
};
use hyper_util::rt::TokioIo;
use tokio::sync::Mutex;

use super::daemon::Daemon;
use crate::http;

/// The body of an answer: one of our own, or the daemon's.
pub(super) type AnswerBody = Either<Full<Bytes>, Incoming>;
/// An answer.
pub(super) type Answer = Response<AnswerBody>;

/// Answers up to this size are taken over whole: head and body then leave in one TLS record.
const WHOLE: u64 = 64 << 10;
/// Buffer of a web socket's either direction.
const SOCKET_BUFFER: usize = 16 << 10;

/// Fields that concern one connection only, and are not passed on.
const HOP_BY_HOP: [HeaderName; 6] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    header::TE,
    header::TRAILER,
    header::UPGRADE,
    HeaderName::from_static("proxy-connection"),
];

/// The daemon, as one client connection sees it.
pub(super) struct Upstream {
    daemon: Daemon,
    peer: HeaderValue,
    sender: Mutex<Option<SendRequest<Incoming>>>,
}

impl Upstream {
    pub(super) fn new(daemon: Daemon, peer: IpAddr) -> Result<Self, header::InvalidHeaderValue> {
        Ok(Self { daemon, peer: HeaderValue::from_str(&peer.to_string())?, sender: Mutex::new(None) })
    }

    /// Hands a request to the daemon and its answer back.
    pub(super) async fn relay(&self, mut request: Request<Incoming>) -> Answer {
        let upgrading = is_upgrade(request.headers());
        let client = upgrading.then(|| hyper::upgrade::on(&mut request));
        self.prepare(request.headers_mut(), upgrading);
        let mut response = match self.send(request).await {
            Ok(response) => response,
            Err(error) => return away(&error),
        };
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            if let Some(client) = client {
                let daemon = hyper::upgrade::on(&mut response);
                tokio::spawn(join(client, daemon));
            }
            return response.map(Either::Right);
        }
        for name in HOP_BY_HOP {
            response.headers_mut().remove(name);
        }
        whole(response).await
    }

    fn prepare(&self, headers: &mut HeaderMap, upgrading: bool) {
        let upgrade = headers.get(header::UPGRADE).cloned();
        for name in HOP_BY_HOP {
            headers.remove(name);
        }
        if let (true, Some(upgrade)) = (upgrading, upgrade) {
            headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
            headers.insert(header::UPGRADE, upgrade);
        }
        // Replaces whatever came under that name from outside.
        headers.insert(http::PEER, self.peer.clone());
    }

    async fn send(&self, mut request: Request<Incoming>) -> Result<Response<Incoming>, String> {
        let mut sender = self.sender.lock().await;
        // A kept connection may have been closed by a daemon that was restarted: what was not sent is sent again.
        for _ in 0..2 {
            let mut live = self.live(sender.take()).await?;
            match live.try_send_request(request).await {
                Ok(response) => {
                    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
                        *sender = Some(live);
                    }
                    return Ok(response);
                }
                Err(mut error) => match error.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(format!("the daemon ended while it answered: {}", error.into_error())),
                },
            }
        }
        Err("the daemon closes its connections".into())
    }

    async fn live(&self, kept: Option<SendRequest<Incoming>>) -> Result<SendRequest<Incoming>, String> {
        if let Some(mut kept) = kept
            && kept.ready().await.is_ok()
        {
            return Ok(kept);
        }
        self.connect().await
    }

    async fn connect(&self) -> Result<SendRequest<Incoming>, String> {
        let stream = self.daemon.connect().await;
        let stream = stream.map_err(|error| format!("the daemon is not running: {error}"))?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
        // Ends with the daemon, or when the sender is dropped; a request under way learns of errors itself.
        tokio::spawn(async move { connection.with_upgrades().await.ok() });
        Ok(sender)
    }
}

fn is_upgrade(headers: &HeaderMap) -> bool {
    headers.get(header::UPGRADE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

async fn whole(response: Response<Incoming>) -> Answer {
    if response.body().size_hint().exact().is_none_or(|size| size > WHOLE) {
        return response.map(Either::Right);
    }
    let (head, body) = response.into_parts();
    match body.collect().await {
        Ok(body) => Response::from_parts(head, Either::Left(Full::new(body.to_bytes()))),
        Err(error) => away(&format!("the daemon ended while it answered: {error}")),
    }
}

async fn join(client: hyper::upgrade::OnUpgrade, daemon: hyper::upgrade::OnUpgrade) {
    let (Ok(client), Ok(daemon)) = tokio::join!(client, daemon) else { return };
    let (mut client, mut daemon) = (TokioIo::new(client), TokioIo::new(daemon));
    tokio::io::copy_bidirectional_with_sizes(&mut client, &mut daemon, SOCKET_BUFFER, SOCKET_BUFFER).await.ok();
}

/// The answer when the daemon cannot be asked.
fn away(why: &str) -> Answer {
    tracing::warn!("{why}");
    let body = serde_json::json!({"data": null, "message": format!("{why}\n")}).to_string();
    let mut response = Response::new(Either::Left(Full::new(Bytes::from(body))));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    http::set_phrase(&mut response, why);
    let headers = response.headers_mut();
    headers.extend(http::API_HEADERS);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}
