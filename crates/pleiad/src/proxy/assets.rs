//! The web interface: files built into the binary, and the one page that every link of it answers with.
//!
//! What is answered is decided here without input or output; the randomness of a page is handed in.

mod encoding;
mod policy;
#[cfg(test)]
mod tests;

use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    header::{self, HeaderName, HeaderValue},
};

use self::encoding::Coding;

/// One file, with what it is when compressed where that was made.
struct Asset {
    /// Below the web root, without a slash in front.
    path: &'static str,
    /// Changes with the content.
    tag: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

/// The files of `web/dist`, sorted by path; empty when the binary was built without them.
static BUILT: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The page that starts the interface.
const INDEX: &str = "index.html";
/// Stands in the page where the random value of the answer belongs.
const NONCE_MARK: &str = "__CSP_NONCE__";
/// Names below it contain a hash of the content: what was fetched once never changes.
const HASHED: &str = "assets/";
/// What `/` says when there is no interface.
const UNBUILT: &str = include_str!("assets/unbuilt.html");
/// Bytes of randomness in a page's nonce.
const NONCE_BYTES: usize = 16;

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// The body of an answer.
type Body = Full<Bytes>;

/// Answers for everything outside the API.
pub(super) fn answer<B>(request: &Request<B>) -> Response<Body> {
    let nonce = match host::crypt::random(NONCE_BYTES) {
        Ok(random) => base64::Engine::encode(&base64::engine::general_purpose::STANDARD, random),
        Err(error) => {
            tracing::error!("no random bytes: {error}");
            return message(StatusCode::INTERNAL_SERVER_ERROR, "the system gives no random bytes\n");
        }
    };
    decide(BUILT, request.method(), request.uri().path(), request.headers(), &nonce)
}

/// The answer of a web root that holds `assets`.
fn decide(assets: &[Asset], method: &Method, path: &str, headers: &HeaderMap, nonce: &str) -> Response<Body> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        let mut refused = message(StatusCode::METHOD_NOT_ALLOWED, "pages are only read\n");
        refused.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refused;
    }
    let path = path.trim_start_matches('/');
    match find(assets, path) {
        Some(asset) if path != INDEX => file(asset, headers),
        None if is_file_name(path) => message(StatusCode::NOT_FOUND, "no such file\n"),
        _ => match find(assets, INDEX) {
            Some(index) => page(index.plain, nonce),
            None => unbuilt(path),
        },
    }
}

fn find<'a>(assets: &'a [Asset], path: &str) -> Option<&'a Asset> {
    assets.binary_search_by(|asset| asset.path.cmp(path)).ok().and_then(|place| assets.get(place))
}

/// True for what can only be meant as a file: `assets/…`, and names like `favicon.ico` at the top. Everything else is
/// a place in the interface, whatever dots a name in it has.
fn is_file_name(path: &str) -> bool {
    path.starts_with(HASHED) || (!path.contains('/') && path.contains('.'))
}

/// The interface's page with the random value of this answer in it.
///
/// It carries no entity tag: an answer "not modified" would come with a new value for an old page.
fn page(text: &'static [u8], nonce: &str) -> Response<Body> {
    let text = String::from_utf8_lossy(text).replace(NONCE_MARK, nonce);
    let mut response = document(Bytes::from(text), policy::page(nonce));
    response.headers_mut().insert(header::CACHE_CONTROL, ASK_AGAIN);
    response
}

fn unbuilt(path: &str) -> Response<Body> {
    if path.is_empty() {
        return document(Bytes::from_static(UNBUILT.as_bytes()), Some(policy::NOTHING));
    }
    message(StatusCode::NOT_FOUND, "no such page: this binary was built without its web interface\n")
}

fn document(text: Bytes, policy: Option<HeaderValue>) -> Response<Body> {
    let Some(policy) = policy else {
        return message(StatusCode::INTERNAL_SERVER_ERROR, "a page without its policy is not sent\n");
    };
    let mut response = Response::new(Full::new(text));
    set(&mut response, [(header::CONTENT_TYPE, policy::media_type(INDEX)), (header::CONTENT_SECURITY_POLICY, policy)]);
    response.headers_mut().extend(policy::HEADERS);
    response
}

/// A file in the best form that the client takes, or the news that it has it already.
fn file(asset: &Asset, headers: &HeaderMap) -> Response<Body> {
    let coding = encoding::choose(headers, asset.brotli.is_some(), asset.gzip.is_some());
    let (content, ending) = match coding {
        Coding::Brotli => (asset.brotli.unwrap_or(asset.plain), "-br"),
        Coding::Gzip => (asset.gzip.unwrap_or(asset.plain), "-gz"),
        Coding::Identity => (asset.plain, ""),
    };
    let tag = format!("\"{}{ending}\"", asset.tag);
    let known = has(headers, &tag);
    let mut response = Response::new(Full::new(Bytes::from_static(if known { b"" } else { content })));
    let keep = if asset.path.starts_with(HASHED) { FOR_EVER } else { ASK_AGAIN };
    set(&mut response, [(header::CACHE_CONTROL, keep), (header::VARY, HeaderValue::from_static("accept-encoding"))]);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        set(&mut response, [(header::ETAG, tag)]);
    }
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    let rules =
        [(header::CONTENT_TYPE, policy::media_type(asset.path)), (header::CONTENT_SECURITY_POLICY, policy::NOTHING)];
    set(&mut response, rules);
    if let Some(name) = coding.name() {
        set(&mut response, [(header::CONTENT_ENCODING, name)]);
    }
    response.headers_mut().extend(policy::HEADERS);
    response
}

/// Whether the client says that it has what the tag names (RFC 9110, 13.1.2: weak comparison).
fn has(headers: &HeaderMap, tag: &str) -> bool {
    let listed = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut listed = listed.flat_map(|value| value.split(',')).map(str::trim);
    listed.any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

fn message(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *response.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    set(
        &mut response,
        [
            (header::CONTENT_TYPE, plain),
            (header::CONTENT_SECURITY_POLICY, policy::NOTHING),
            (header::CACHE_CONTROL, ASK_AGAIN),
        ],
    );
    response.headers_mut().extend(policy::HEADERS);
    response
}

fn set<const N: usize>(response: &mut Response<Body>, fields: [(HeaderName, HeaderValue); N]) {
    response.headers_mut().extend(fields);
}
