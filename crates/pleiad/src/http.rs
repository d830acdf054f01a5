//! What both sides of our HTTP share: limits, header names, reason phrases.

use std::time::Duration;

use hyper::{
    Response,
    ext::ReasonPhrase,
    header::{HeaderName, HeaderValue},
};
use hyper_util::rt::TokioTimer;

/// Below this path lies the API.
pub(crate) const API: &str = "/api2";

/// The header by which the proxy tells the daemon who is at the other end; never accepted from outside.
pub(crate) const PEER: HeaderName = HeaderName::from_static("x-pleiad-peer");

/// Most header fields of a request, and most bytes of its head, as PVE's clients are used to.
const MAX_HEADERS: usize = 64;
/// Buffer for a request's head, and for what is read of its body at once.
const READ_BUFFER: usize = 16 << 10;
/// A client gets this long to send a request's head, and an idle connection is closed after it.
const HEAD_TIME: Duration = Duration::from_secs(60);
/// Longest reason phrase: some clients read the status line into a small buffer.
const PHRASE_LIMIT: usize = 512;

/// The settings of every HTTP server of ours.
pub(crate) fn server() -> hyper::server::conn::http1::Builder {
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_headers(MAX_HEADERS).max_buf_size(READ_BUFFER);
    builder
}

/// The first line of a message as reason phrase: printable ASCII only, so that it cannot break the status line.
pub(crate) fn phrase(message: &str) -> Option<ReasonPhrase> {
    let line = message.trim_start().lines().next()?.trim_end();
    let text: String = line.chars().filter(|c| matches!(c, ' '..='~')).take(PHRASE_LIMIT).collect();
    if text.is_empty() { None } else { ReasonPhrase::try_from(text).ok() }
}

/// Sets the reason phrase of a response from the first line of a message.
pub(crate) fn set_phrase<B>(response: &mut Response<B>, message: &str) {
    if let Some(phrase) = phrase(message) {
        response.extensions_mut().insert(phrase);
    }
}

/// Headers of every answer of the API: nothing of it is to be kept or guessed at.
pub(crate) const API_HEADERS: [(HeaderName, HeaderValue); 4] = [
    (hyper::header::CACHE_CONTROL, HeaderValue::from_static("max-age=0")),
    (hyper::header::PRAGMA, HeaderValue::from_static("no-cache")),
    (hyper::header::SERVER, HeaderValue::from_static("pve-api-daemon/3.0")),
    (hyper::header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_line_becomes_the_phrase() {
        let text = |message: &str| phrase(message).map(|p| String::from_utf8_lossy(p.as_bytes()).into_owned());
        assert_eq!(text("no such vm\nmore").as_deref(), Some("no such vm"));
        assert_eq!(text("b\u{e4}d \r\nX-Evil: 1").as_deref(), Some("bd"));
        assert_eq!(text("\n"), None);
    }

    proptest! {
        #[test]
        fn no_message_breaks_the_status_line(message in any::<String>()) {
            if let Some(phrase) = phrase(&message) {
                prop_assert!(phrase.as_bytes().iter().all(|byte| matches!(byte, b' '..=b'~')));
                prop_assert!(phrase.as_bytes().len() <= PHRASE_LIMIT);
            }
        }
    }
}
