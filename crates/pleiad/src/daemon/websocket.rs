//! Byte streams over web sockets: consoles.

use std::time::Duration;

use api::Duplex;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::BytesMut;
use futures_util::{SinkExt, StreamExt};
use http_body_util::{Either, Full};
use hyper::{
    HeaderMap, Response, StatusCode,
    header::{self, HeaderValue},
    upgrade::OnUpgrade,
};
use hyper_util::rt::TokioIo;
use schema::ApiError;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, handshake::derive_accept_key, protocol::Role, protocol::WebSocketConfig},
};

use super::respond::Reply;

/// Largest frame and message taken from a client, bytes.
const MAX_FRAME: usize = 128 << 10;
/// How much of the stream goes into one frame.
const CHUNK: usize = 16 << 10;
/// A client that answers no ping within this time is gone.
const PING_EVERY: Duration = Duration::from_secs(30);

/// Whether the client asks for a web socket.
pub(super) fn is_upgrade(headers: &HeaderMap) -> bool {
    headers.get(header::UPGRADE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Accepts the upgrade; the stream is carried in binary frames from then on.
///
/// # Errors
/// 400 when the client's handshake is incomplete or of another version.
pub(super) fn accept(headers: &HeaderMap, upgrade: OnUpgrade, stream: Box<dyn Duplex>) -> Result<Reply, ApiError> {
    let bad = |what: &str| ApiError::new(400, format!("web socket handshake failed: {what}"));
    if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version.as_bytes() != b"13") {
        return Err(bad("version 13 is wanted"));
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY).ok_or_else(|| bad("no key"))?;
    if STANDARD.decode(key.as_bytes()).map_or(0, |key| key.len()) != 16 {
        return Err(bad("bad key"));
    }
    let accepted = HeaderValue::from_str(&derive_accept_key(key.as_bytes())).map_err(|_| bad("bad key"))?;
    let mut reply = Response::new(Either::Left(Full::default()));
    *reply.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let answer = reply.headers_mut();
    answer.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    answer.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    answer.insert(header::SEC_WEBSOCKET_ACCEPT, accepted);
    if offers_binary(headers) {
        answer.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static("binary"));
    }
    tokio::spawn(async move {
        if let Ok(upgraded) = upgrade.await {
            let config = WebSocketConfig::default()
                .max_message_size(Some(MAX_FRAME))
                .max_frame_size(Some(MAX_FRAME))
                .read_buffer_size(CHUNK)
                .write_buffer_size(0);
            let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
            if let Err(error) = carry(socket, stream).await {
                tracing::debug!("web socket: {error}");
            }
        }
    });
    Ok(reply)
}

fn offers_binary(headers: &HeaderMap) -> bool {
    let offers = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).into_iter().filter_map(|value| value.to_str().ok());
    offers.flat_map(|value| value.split(',')).any(|name| name.trim() == "binary")
}

type Fault = Box<dyn std::error::Error + Send + Sync>;

async fn carry<S>(mut socket: WebSocketStream<S>, stream: Box<dyn Duplex>) -> Result<(), Fault>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let (mut from, mut to) = tokio::io::split(stream);
    let mut buffer = BytesMut::with_capacity(CHUNK);
    let mut ping = tokio::time::interval_at(tokio::time::Instant::now() + PING_EVERY, PING_EVERY);
    let mut heard = true;
    loop {
        tokio::select! {
            read = from.read_buf(&mut buffer) => {
                if read? == 0 {
                    break;
                }
                socket.send(Message::Binary(buffer.split().freeze())).await?;
                buffer.reserve(CHUNK);
            }
            message = socket.next() => {
                heard = true;
                match message {
                    Some(Ok(Message::Binary(bytes))) => to.write_all(&bytes).await?,
                    Some(Ok(Message::Text(text))) => to.write_all(text.as_bytes()).await?,
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => (),
                    Some(Ok(Message::Close(_))) | None => break,
                    Some(Err(error)) => return Err(error.into()),
                }
            }
            _ = ping.tick() => {
                if !std::mem::replace(&mut heard, false) {
                    break;
                }
                socket.send(Message::Ping(bytes::Bytes::new())).await?;
            }
        }
    }
    // The other side may be gone already.
    socket.close(None).await.ok();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::duplex;

    #[tokio::test]
    async fn bytes_cross_in_both_directions_and_the_end_closes_it() {
        let (near, far) = duplex(1 << 16);
        let (stream, mut guest) = duplex(1 << 16);
        let server = WebSocketStream::from_raw_socket(near, Role::Server, None).await;
        let mut client = WebSocketStream::from_raw_socket(far, Role::Client, None).await;
        let carried = tokio::spawn(carry(server, Box::new(stream)));
        client.send(Message::Binary(bytes::Bytes::from_static(b"typed"))).await.unwrap();
        let mut typed = [0; 5];
        guest.read_exact(&mut typed).await.unwrap();
        assert_eq!(&typed, b"typed");
        guest.write_all(b"shown").await.unwrap();
        assert_eq!(client.next().await.unwrap().unwrap().into_data().as_ref(), b"shown");
        drop(guest);
        assert!(matches!(client.next().await, Some(Ok(Message::Close(_)))));
        drop(client);
        carried.await.unwrap().unwrap();
    }
}
