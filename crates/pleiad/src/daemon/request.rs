//! From an HTTP request to arguments: path and format, query, and body.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::{HeaderMap, Method, body::Incoming, header};
use percent_encoding::percent_decode;
use schema::{ApiError, Args, Mode};

use crate::http;

/// Largest body that is not an upload, bytes.
const MAX_BODY: usize = 512 << 10;
/// A client gets this long to send such a body.
const BODY_TIME: Duration = Duration::from_secs(60);

/// The form in which an answer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// `{"data":…}` with the status of HTTP.
    Json,
    /// Status 200 always, the real one inside.
    Extjs,
}

/// Splits `/api2/{format}{path}`.
///
/// # Errors
/// 501 for a format that does not exist.
pub(super) fn split_path(path: &str) -> Result<(Format, &str), ApiError> {
    let below = path.strip_prefix(http::API).and_then(|rest| rest.strip_prefix('/'));
    let (format, rest) = below.map_or(("", ""), |below| match below.find('/') {
        Some(at) => below.split_at(at),
        None => (below, "/"),
    });
    let format = match format {
        "json" => Format::Json,
        "extjs" => Format::Extjs,
        _ => return Err(ApiError::new(501, "no formatter for uri, use /api2/json or /api2/extjs")),
    };
    Ok((format, rest))
}

/// Adds the pairs of a query or a form; `_dc` is what browsers add against caches.
///
/// # Errors
/// 400 when a name or value is not UTF-8.
pub(super) fn add_pairs(args: &mut Args, text: &[u8]) -> Result<(), ApiError> {
    for pair in text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        let name = decode(&pair[..at])?;
        if name != "_dc" {
            args.push(&name, &decode(pair.get(at + 1..).unwrap_or_default())?);
        }
    }
    Ok(())
}

fn decode(raw: &[u8]) -> Result<String, ApiError> {
    let spaced: Vec<u8> = raw.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let bytes: Vec<u8> = percent_decode(&spaced).collect();
    String::from_utf8(bytes).map_err(|_| ApiError::new(400, "parameters are not valid UTF-8"))
}

/// All arguments of a request that is no upload: those of the body, with those of the query over them.
///
/// # Errors
/// 400 for what cannot be read, 501 for a body that is too large or out of place.
pub(super) async fn arguments(
    method: &Method,
    headers: &HeaderMap,
    query: Option<&str>,
    body: Incoming,
) -> Result<Args, ApiError> {
    check_framing(method, headers)?;
    let body = read(body).await?;
    let mut args = parse_body(headers, &body)?;
    let mut over = Args::new(Mode::Api);
    add_pairs(&mut over, query.unwrap_or_default().as_bytes())?;
    args.values.extend(over.values);
    Ok(args)
}

/// Refuses bodies without a length, and bodies where none belongs.
pub(super) fn check_framing(method: &Method, headers: &HeaderMap) -> Result<(), ApiError> {
    if headers.contains_key(header::TRANSFER_ENCODING) {
        return Err(ApiError::new(501, "chunked transfer encoding not supported, send a Content-Length"));
    }
    let length = headers.get(header::CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0");
    if length && matches!(*method, Method::GET | Method::DELETE) {
        return Err(ApiError::new(501, format!("body not allowed with method {method}")));
    }
    Ok(())
}

async fn read(body: Incoming) -> Result<Bytes, ApiError> {
    if hyper::body::Body::is_end_stream(&body) {
        return Ok(Bytes::new());
    }
    let read = tokio::time::timeout(BODY_TIME, Limited::new(body, MAX_BODY).collect()).await;
    match read {
        Ok(Ok(whole)) => Ok(whole.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(ApiError::new(501, "for data too large")),
        Ok(Err(error)) => Err(ApiError::new(400, format!("unable to read the request: {error}"))),
        Err(_) => Err(ApiError::new(400, "unable to read the request: got timeout")),
    }
}

fn parse_body(headers: &HeaderMap, body: &[u8]) -> Result<Args, ApiError> {
    let mut args = Args::new(Mode::Api);
    if body.is_empty() {
        return Ok(args);
    }
    match media_type(headers).as_str() {
        "application/json" => {
            let value: serde_json::Value = serde_json::from_slice(body)
                .map_err(|error| ApiError::new(400, format!("the JSON body cannot be read: {error}")))?;
            match value {
                serde_json::Value::Object(members) => args.values.extend(members),
                serde_json::Value::Null => (),
                _ => return Err(ApiError::new(400, "the JSON body must be an object")),
            }
        }
        "application/x-www-form-urlencoded" | "" => add_pairs(&mut args, body)?,
        other => return Err(ApiError::new(501, format!("upload 'Content-Type: {other}' not implemented"))),
    }
    Ok(args)
}

/// The media type of the body, lower case and without parameters.
pub(super) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn form(text: &str) -> serde_json::Value {
        let mut args = Args::new(Mode::Api);
        add_pairs(&mut args, text.as_bytes()).unwrap();
        serde_json::to_value(args.values).unwrap()
    }

    #[test]
    fn forms_are_decoded() {
        assert_eq!(form("a=b+c%2B%C3%A4&_dc=17&x=&flag"), json!({"a": "b c+\u{e4}", "x": "", "flag": ""}));
        assert_eq!(form("a=1&b=2&a=3"), json!({"a": ["1", "3"], "b": "2"}));
        assert_eq!(form("&&"), json!({}));
    }

    #[test]
    fn the_path_names_a_format() {
        assert_eq!(split_path("/api2/json/version").unwrap(), (Format::Json, "/version"));
        assert_eq!(split_path("/api2/extjs").unwrap(), (Format::Extjs, "/"));
        for path in ["/api2", "/api2/", "/api2/png/x", "/api2json/x"] {
            assert_eq!(split_path(path).unwrap_err().status, 501, "{path}");
        }
    }

    #[test]
    fn bodies_are_read_by_their_type() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, "application/json; charset=utf-8".parse().unwrap());
        let args = parse_body(&headers, br#"{"a":1,"b":true}"#).unwrap();
        assert_eq!(serde_json::to_value(args.values).unwrap(), json!({"a": 1, "b": true}));
        assert_eq!(parse_body(&headers, b"[1]").unwrap_err().status, 400);
        assert_eq!(parse_body(&headers, b"{").unwrap_err().status, 400);
        headers.insert(header::CONTENT_TYPE, "text/html".parse().unwrap());
        assert_eq!(parse_body(&headers, b"x").unwrap_err().status, 501);
    }

    #[test]
    fn a_body_without_length_or_place_is_refused() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_LENGTH, "0".parse().unwrap());
        assert!(check_framing(&Method::GET, &headers).is_ok());
        headers.insert(header::CONTENT_LENGTH, "5".parse().unwrap());
        assert_eq!(check_framing(&Method::DELETE, &headers).unwrap_err().status, 501);
        assert!(check_framing(&Method::POST, &headers).is_ok());
        headers.insert(header::TRANSFER_ENCODING, "chunked".parse().unwrap());
        assert_eq!(check_framing(&Method::POST, &headers).unwrap_err().status, 501);
    }

    proptest! {
        #[test]
        fn no_form_panics(text in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = add_pairs(&mut Args::new(Mode::Api), &text);
        }

        #[test]
        fn what_is_encoded_is_decoded(value in any::<String>()) {
            let encoded = percent_encoding::utf8_percent_encode(&value, percent_encoding::NON_ALPHANUMERIC).to_string();
            prop_assert_eq!(form(&format!("k={encoded}")), json!({"k": value}));
        }
    }
}
