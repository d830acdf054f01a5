//! Which form of a file a client takes (RFC 9110, 12.5.3).

use hyper::{
    HeaderMap,
    header::{self, HeaderValue},
};

/// A form that files are kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Brotli,
    Gzip,
    Identity,
}

impl Coding {
    /// As `Content-Encoding` names it.
    pub(super) fn name(self) -> Option<HeaderValue> {
        match self {
            Self::Brotli => Some(HeaderValue::from_static("br")),
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Identity => None,
        }
    }

    fn is(self, name: &str) -> bool {
        let names: &[&str] = match self {
            Self::Brotli => &["br"],
            Self::Gzip => &["gzip", "x-gzip"],
            Self::Identity => &["identity"],
        };
        names.iter().any(|own| own.eq_ignore_ascii_case(name))
    }
}

/// The form that the client likes best of those that there are; the smaller one when it likes two alike.
///
/// A client that wants none of them gets the plain file: better than nothing, and what the standard advises.
pub(super) fn choose(headers: &HeaderMap, brotli: bool, gzip: bool) -> Coding {
    let wishes = wishes(headers);
    let there = [(Coding::Brotli, brotli), (Coding::Gzip, gzip), (Coding::Identity, true)];
    let mut best = (Coding::Identity, 0);
    for (coding, _) in there.into_iter().filter(|(_, there)| *there) {
        let weight = weight(&wishes, coding);
        if weight > best.1 {
            best = (coding, weight);
        }
    }
    best.0
}

/// The names listed, each with its weight in thousandths.
fn wishes(headers: &HeaderMap) -> Vec<(String, u32)> {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).filter_map(wish).collect()
}

/// One wish: `name` or `name;q=0.5`.
fn wish(text: &str) -> Option<(String, u32)> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    Some((name.to_owned(), weight.map_or(1000, thousandths)))
}

/// A weight between 0 and 1 with up to three digits; what is none of that counts as "not wanted".
fn thousandths(text: &str) -> u32 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > 3 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    match whole {
        "1" => 1000,
        "0" => format!("{part:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

fn weight(wishes: &[(String, u32)], coding: Coding) -> u32 {
    let named = wishes.iter().find(|(name, _)| coding.is(name));
    let any = || wishes.iter().find(|(name, _)| name == "*");
    match named.or_else(any) {
        Some((_, weight)) => *weight,
        // Not named at all: the plain file is always welcome, though less than what was asked for.
        None => u32::from(coding == Coding::Identity),
    }
}
