//! Answers in gzip for clients that take it.
//!
//! Not everything: an answer that holds a secret beside something that a stranger can choose would tell the secret by
//! its length, TLS or not (the attack called BREACH). Secrets are given out by POST; the paths below are those that may
//! tell one by GET. Files are sent as they lie there: they are streams, and mostly compressed already.

use std::io::Write;

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http_body_util::{BodyExt, Either, Full};
use hyper::{
    HeaderMap,
    body::Body as _,
    header::{self, HeaderValue},
};

use super::respond::Reply;

/// Smaller ones fit into a packet or two anyway.
const LEAST: u64 = 1024;

/// From this size on it is work for a thread that may be busy for a while.
const LONG: usize = 256 << 10;

/// Paths whose answers may hold secrets.
const SECRET: [&str; 2] = ["/access/ticket", "/pleiad/session"];

/// How hard to try: JSON shrinks to a tenth at once, and hardly further.
const LEVEL: Compression = Compression::new(3);

/// Whether the client takes gzip, and the answer to this path may be compressed.
pub(super) fn wanted(headers: &HeaderMap, path: &str) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    accepted.into_iter().any(accepts) && !SECRET.contains(&path)
}

/// Reads `gzip, deflate;q=0.5, *;q=0` (RFC 9110, 12.5.3).
fn accepts(list: &str) -> bool {
    list.split(',').any(|choice| {
        let (name, parameters) = choice.split_once(';').unwrap_or((choice, ""));
        let refused =
            parameters.split(';').filter_map(|p| p.trim().strip_prefix("q=")?.parse::<f32>().ok()).any(|q| q <= 0.0);
        matches!(name.trim(), "gzip" | "x-gzip" | "*") && !refused
    })
}

/// The same answer, smaller, if it is one that becomes smaller.
pub(super) async fn gzip(reply: Reply) -> Reply {
    let (mut head, body) = reply.into_parts();
    let body = match body {
        Either::Left(body) if body.size_hint().exact().is_some_and(|size| size >= LEAST) => body,
        other => return Reply::from_parts(head, other),
    };
    let Ok(whole) = body.collect().await;
    let whole = whole.to_bytes();
    head.headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let small = compressed(whole.clone()).await;
    let body = match small {
        Some(small) => {
            head.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            small
        }
        None => whole,
    };
    Reply::from_parts(head, Either::Left(Full::new(body)))
}

/// Compressed bytes; none if that went wrong.
async fn compressed(bytes: Bytes) -> Option<Bytes> {
    if bytes.len() < LONG {
        return squeeze(&bytes);
    }
    tokio::task::spawn_blocking(move || squeeze(&bytes)).await.ok().flatten()
}

fn squeeze(bytes: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), LEVEL);
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::daemon::respond::json_reply;

    #[test]
    fn what_clients_say_they_take() {
        for (list, taken) in [
            ("gzip, deflate, br", true),
            ("br;q=1.0, gzip;q=0.8", true),
            ("*", true),
            ("gzip;q=0", false),
            ("gzip; q=0.0, deflate", false),
            ("identity", false),
            ("", false),
        ] {
            assert_eq!(accepts(list), taken, "{list}");
        }
        let mut headers = HeaderMap::new();
        assert!(!wanted(&headers, "/version"));
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        assert!(wanted(&headers, "/cluster/resources"));
        assert!(!wanted(&headers, "/access/ticket"));
    }

    async fn bytes(reply: Reply) -> Vec<u8> {
        match reply.into_body() {
            Either::Left(body) => body.collect().await.unwrap().to_bytes().to_vec(),
            Either::Right(_) => panic!("not a stream"),
        }
    }

    #[tokio::test]
    async fn long_answers_become_short_and_short_ones_stay() {
        let text = "{\"vmid\":100,\"name\":\"web\"},".repeat(20_000);
        for text in [&text[..2000], &text] {
            let reply = gzip(json_reply(Bytes::from(text.to_owned()))).await;
            assert_eq!(reply.headers()["content-encoding"], "gzip");
            assert_eq!(reply.headers()["vary"], "accept-encoding");
            let small = bytes(reply).await;
            assert!(small.len() * 8 < text.len(), "{} of {}", small.len(), text.len());
            let mut back = String::new();
            flate2::read::GzDecoder::new(&small[..]).read_to_string(&mut back).unwrap();
            assert_eq!(back, text);
        }
        let reply = gzip(json_reply(Bytes::from_static(b"{}"))).await;
        assert!(!reply.headers().contains_key("content-encoding"));
        assert_eq!(bytes(reply).await, b"{}");
    }
}
