//! Web sockets: byte streams of consoles in binary frames, conversations in text frames.

use std::time::Duration;

use api::{Duplex, Said, Talk};
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
    tungstenite::{
        Message, Utf8Bytes,
        handshake::derive_accept_key,
        protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode},
    },
};

use super::respond::Reply;

/// Largest frame and message taken from a client, bytes.
const MAX_FRAME: usize = 128 << 10;
/// How much of the stream goes into one frame.
const CHUNK: usize = 16 << 10;
/// Largest message taken from a client in a conversation, bytes.
const MAX_SAID: usize = 4 << 10;
/// A client of a conversation that takes nothing for so long is gone.
const SEND_TIME: Duration = Duration::from_secs(30);
/// A client that answers no ping within this time is gone.
const PING_EVERY: Duration = Duration::from_secs(30);

/// Whether the client asks for a web socket.
pub(super) fn is_upgrade(headers: &HeaderMap) -> bool {
    headers.get(header::UPGRADE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// What a web socket is for.
pub(super) enum Purpose {
    /// A byte stream, carried in binary frames.
    Stream(Box<dyn Duplex>),
    /// A conversation, carried in text frames.
    Talk(Box<dyn Talk>),
}

/// Refuses pages of other sites: browsers send the cookie to us whoever opens a web socket, and say who did.
///
/// # Errors
/// 403 when the origin is not the host that was asked.
pub(super) fn check_origin(headers: &HeaderMap) -> Result<(), ApiError> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let own = text(header::HOST).zip(origin.to_str().ok()).is_some_and(|(host, origin)| is_own(origin, host));
    let refused = || ApiError::new(403, "web socket refused: the page that asks for it is of another site (Origin)");
    own.then_some(()).ok_or_else(refused)
}

fn is_own(origin: &str, host: &str) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else { return false };
    let usual = match scheme {
        "https" | "wss" => ":443",
        "http" | "ws" => ":80",
        _ => return false,
    };
    let bare = |authority: &str| authority.strip_suffix(usual).unwrap_or(authority).to_ascii_lowercase();
    bare(authority) == bare(host)
}

/// Accepts the upgrade; the purpose is served from then on.
///
/// # Errors
/// 400 when the client's handshake is incomplete or of another version, 403 when another site's page asks for a
/// conversation.
pub(super) fn accept(headers: &HeaderMap, upgrade: OnUpgrade, purpose: Purpose) -> Result<Reply, ApiError> {
    if let Purpose::Talk(_) = &purpose {
        check_origin(headers)?;
    }
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
            let config = match &purpose {
                Purpose::Stream(_) => config,
                Purpose::Talk(_) => config.max_message_size(Some(MAX_SAID)).write_buffer_size(CHUNK),
            };
            let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
            let ended = match purpose {
                Purpose::Stream(stream) => carry(socket, stream).await,
                Purpose::Talk(talk) => converse(socket, talk).await,
            };
            if let Err(error) = ended {
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

async fn converse<S>(mut socket: WebSocketStream<S>, mut talk: Box<dyn Talk>) -> Result<(), Fault>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let mut ping = tokio::time::interval_at(tokio::time::Instant::now() + PING_EVERY, PING_EVERY);
    let mut heard = true;
    loop {
        tokio::select! {
            said = talk.next() => match said {
                Said::Texts(texts) => tokio::time::timeout(SEND_TIME, tell(&mut socket, texts)).await??,
                Said::Close(code, reason) => {
                    let frame = CloseFrame { code: CloseCode::from(code), reason: reason.into() };
                    tokio::time::timeout(SEND_TIME, socket.close(Some(frame))).await.ok();
                    return Ok(());
                }
            },
            message = socket.next() => {
                heard = true;
                match message {
                    Some(Ok(Message::Text(text))) => talk.hear(&text),
                    Some(Ok(Message::Close(_))) | None => return Ok(()),
                    Some(Ok(_)) => (),
                    Some(Err(error)) => return Err(error.into()),
                }
            }
            _ = ping.tick() => {
                if !std::mem::replace(&mut heard, false) {
                    return Ok(());
                }
                tokio::time::timeout(SEND_TIME, socket.send(Message::Ping(bytes::Bytes::new()))).await??;
            }
        }
    }
}

/// Sends many messages in few writes.
async fn tell<S>(socket: &mut WebSocketStream<S>, texts: Vec<bytes::Bytes>) -> Result<(), Fault>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    for text in texts {
        socket.feed(Message::Text(Utf8Bytes::try_from(text)?)).await?;
    }
    Ok(socket.flush().await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::duplex;

    #[test]
    fn only_our_own_pages_may_open_conversations() {
        let check = |origin: &str, host: &str| {
            let headers = [(header::ORIGIN, origin), (header::HOST, host)];
            let headers = headers.map(|(name, value)| (name, HeaderValue::from_str(value).unwrap()));
            check_origin(&HeaderMap::from_iter(headers)).map_err(|error| error.status)
        };
        assert_eq!(check("https://node.example:8006", "node.example:8006"), Ok(()));
        assert_eq!(check("https://Node.example", "node.example:443"), Ok(()));
        assert_eq!(check("https://[::1]:8006", "[::1]:8006"), Ok(()));
        for origin in ["https://evil.example", "https://node.example", "https://node.example:8006.evil", "null", ""] {
            assert_eq!(check(origin, "node.example:8006"), Err(403), "{origin}");
        }
        assert!(check_origin(&HeaderMap::new()).is_ok(), "programs send none");
    }

    /// Says something, then waits; what it hears it says next, in capitals.
    struct Echo(Vec<bytes::Bytes>, tokio::sync::Notify);

    impl Talk for Echo {
        fn next(&mut self) -> store::BoxFuture<'_, Said> {
            Box::pin(async {
                while self.0.is_empty() {
                    self.1.notified().await;
                }
                let said = std::mem::take(&mut self.0);
                if said.iter().any(|text| &text[..] == b"END") {
                    Said::Close(4000, "enough")
                } else {
                    Said::Texts(said)
                }
            })
        }
        fn hear(&mut self, text: &str) {
            self.0.push(text.to_uppercase().into());
            self.1.notify_one();
        }
    }

    #[tokio::test]
    async fn a_conversation_is_carried_in_text_frames_until_one_side_ends_it() {
        let (near, far) = duplex(1 << 16);
        let server = WebSocketStream::from_raw_socket(near, Role::Server, None).await;
        let mut client = WebSocketStream::from_raw_socket(far, Role::Client, None).await;
        let first = vec![bytes::Bytes::from_static(b"one"), bytes::Bytes::from_static(b"two")];
        let talked = tokio::spawn(converse(server, Box::new(Echo(first, tokio::sync::Notify::new()))));
        for text in ["one", "two"] {
            assert_eq!(client.next().await.unwrap().unwrap(), Message::text(text));
        }
        client.send(Message::text("three")).await.unwrap();
        assert_eq!(client.next().await.unwrap().unwrap(), Message::text("THREE"));
        client.send(Message::text("end")).await.unwrap();
        let Some(Ok(Message::Close(Some(frame)))) = client.next().await else { panic!("no close frame") };
        assert_eq!((u16::from(frame.code), frame.reason.as_str()), (4000, "enough"));
        drop(client);
        talked.await.unwrap().unwrap();
    }

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
