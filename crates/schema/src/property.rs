//! Property strings: `virtio=AA:BB:CC:DD:EE:FF,bridge=vmbr0,firewall=1`.

use std::cell::Cell;

use crate::args::{Args, Mode};
use crate::error::Errors;
use crate::kind::Spec;
use crate::params::Params;

thread_local! {
    static MODE: Cell<Mode> = const { Cell::new(Mode::Stored) };
}

/// Runs `read` so that nested property strings are read in the given mode. Only the reader of arguments uses it: a
/// scalar's `read` has no room for a mode.
pub(crate) fn with_mode<T>(mode: Mode, read: impl FnOnce() -> T) -> T {
    let before = MODE.replace(mode);
    let result = read();
    MODE.set(before);
    result
}

/// Splits the text into pairs; a part without `=` belongs to the default key.
///
/// # Errors
/// The text of what is wrong, as PVE's clients know it.
pub fn split<'a>(spec: &Spec, text: &'a str) -> Result<Vec<(&'a str, &'a str)>, String> {
    let default_key = spec.default_key();
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for part in text.split(',').filter(|part| !part.trim().is_empty()) {
        let (key, value) = match part.split_once('=') {
            Some((key, value)) => (key.trim(), value),
            None => match default_key {
                Some(key) if !pairs.iter().any(|(seen, _)| *seen == key) => (key, part),
                Some(key) => return Err(format!("value without key, but key '{key}' already defined")),
                None => return Err("value without key, but schema does not define a default key".to_owned()),
            },
        };
        if pairs.iter().any(|(seen, _)| *seen == key) {
            return Err(format!("duplicate key in comma-separated list property: {key}"));
        }
        pairs.push((key, value));
    }
    Ok(pairs)
}

/// Reads a property string. Booleans may be words; unknown keys are errors.
///
/// # Errors
/// The text of what is wrong, `key: reason` lines joined.
pub fn parse<P: Params>(text: &str) -> Result<P, String> {
    parse_by(&P::SPEC, text, P::take)
}

/// As [`parse`], by any table and with a function that takes the values that the table names.
///
/// # Errors
/// As [`parse`].
pub fn parse_by<T>(spec: &Spec, text: &str, take: impl FnOnce(&mut Args) -> Option<T>) -> Result<T, String> {
    let outer = MODE.get();
    let mut args = Args::new(if outer == Mode::Stored { Mode::Stored } else { Mode::Cli });
    args.lenient = true;
    for (key, value) in split(spec, text)? {
        args.set(key, value);
    }
    let parsed = args.read_by(spec, take);
    for key in std::mem::take(&mut args.values).into_keys() {
        args.fail(&key, "property is not defined in schema and the schema does not allow additional properties");
    }
    match parsed {
        Some(parsed) if args.errors.is_empty() => Ok(parsed),
        _ => Err(format!("invalid format - format error\n{}", join(&args.errors))),
    }
}

fn join(errors: &Errors) -> String {
    let lines: Vec<String> = errors.iter().map(|(key, text)| format!("{key}: {text}")).collect();
    lines.join("\n")
}

/// Writes a property string: the default key's value first and without its key, the rest in order of declaration.
pub fn print<P: Params>(value: &P) -> String {
    let mut pairs = Vec::new();
    value.put(&mut pairs);
    let default_key = P::SPEC.default_key();
    let mut parts: Vec<String> = Vec::with_capacity(pairs.len());
    for alias in P::SPEC.key_aliases {
        let named = pairs.iter().position(|(key, value)| key == alias.key_to && value == alias.key);
        let valued = pairs.iter().position(|(key, _)| key == alias.value_to);
        if let (Some(named), Some(valued)) = (named, valued) {
            parts.push(format!("{}={}", alias.key, pairs[valued].1));
            let mut index = 0;
            pairs.retain(|_| {
                index += 1;
                index - 1 != named && index - 1 != valued
            });
            break;
        }
    }
    let first = pairs.iter().position(|(key, _)| Some(key.as_str()) == default_key);
    if let Some(first) = first {
        let (key, value) = pairs.remove(first);
        // A value with `=` in it would read back as a key.
        parts.push(if value.contains('=') { format!("{key}={value}") } else { value });
    }
    parts.extend(pairs.into_iter().map(|(key, value)| format!("{key}={value}")));
    parts.join(",")
}
