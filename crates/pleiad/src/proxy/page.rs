//! The web root: one page, until the web interface takes its place.

use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    Method, Response, StatusCode,
    header::{self, HeaderName, HeaderValue},
};

const PAGE: &str = include_str!("page.html");

/// Nothing but this page itself: no script, no frame, no form, no foreign source.
const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
];

/// Answers for everything outside the API.
pub(super) fn answer(method: &Method, path: &str) -> Response<Full<Bytes>> {
    let (status, text) = match (method, path) {
        (&Method::GET | &Method::HEAD, "/") => (StatusCode::OK, PAGE),
        (&Method::GET | &Method::HEAD, _) => (StatusCode::NOT_FOUND, "no such page\n"),
        _ => (StatusCode::NOT_IMPLEMENTED, "no such method\n"),
    };
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *response.status_mut() = status;
    response.headers_mut().extend(HEADERS);
    response
}
