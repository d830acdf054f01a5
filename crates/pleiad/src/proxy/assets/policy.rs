//! What a browser may do with our answers.

use hyper::header::{self, HeaderName, HeaderValue};

/// For everything that is not the interface's page: nothing may be loaded from it, and nothing runs.
pub(super) const NOTHING: HeaderValue =
    HeaderValue::from_static("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

/// For every answer.
pub(super) const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=(), \
             display-capture=(), browsing-topics=(), clipboard-read=(self), clipboard-write=(self), fullscreen=(self)",
        ),
    ),
];

/// For the interface's page: its own scripts, style sheets and connections (`'self'` covers the web sockets of the
/// same host and port), and no others.
///
/// Some of its libraries make `style` elements while it runs; those carry the nonce. Attributes named `style` in
/// markup stay forbidden; what scripts set on an element's style is not concerned. Text becomes markup or script only
/// through the interface's own gate, the policy named `default` of trusted types.
pub(super) fn page(nonce: &str) -> Option<HeaderValue> {
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; style-src-attr 'none'; \
         img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; \
         trusted-types default"
    );
    HeaderValue::from_str(&policy).ok()
}

/// The media type of a file by its name's ending.
pub(super) fn media_type(path: &str) -> HeaderValue {
    let ending = path.rsplit('.').next().unwrap_or_default();
    HeaderValue::from_static(match ending {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    })
}
