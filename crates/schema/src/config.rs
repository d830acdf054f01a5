//! Typed views of key/value files.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::args::{Args, Mode};
use crate::error::Errors;
use crate::params::Params;

/// What a typed view could not take.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Leftover {
    /// Keys that the table does not know.
    pub unknown: BTreeMap<String, String>,
    /// Keys with values that do not fit.
    pub errors: Errors,
}

/// Reads a typed view of stored pairs. What does not fit is set aside, never refused: a file must stay readable
/// whatever somebody wrote into it.
pub fn read<'a, P: Params>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> (Option<P>, Leftover) {
    let mut args = Args::new(Mode::Stored);
    for (key, value) in pairs {
        args.set(key, value);
    }
    let parsed = args.read::<P>();
    let unknown = args
        .values
        .into_iter()
        .filter_map(|(key, value)| match value {
            Value::String(text) => Some((key, text)),
            _ => None,
        })
        .collect();
    (parsed, Leftover { unknown, errors: args.errors })
}

/// The pairs of a typed view, in order of declaration.
pub fn pairs<P: Params>(value: &P) -> Vec<(String, String)> {
    let mut out = Vec::new();
    value.put(&mut out);
    out
}
