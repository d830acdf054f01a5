//! Small text rules: renderings, sizes, shell words, kernel versions, MAC prefixes.

use std::path::Path;

use schema::{render, size, words};
use serde_json::{Value, json};

use crate::Outcome;

/// The zone that `common-format` assumes: one hour east of UTC.
const ZONE: i64 = 3600;

pub(crate) fn case(suite: &str, _dir: &Path, _name: &str, input: &Value) -> Option<Outcome> {
    match suite {
        "common-format" => format(input),
        "common-convert-size" => Some(convert(input)),
        "common-kernel-version" => kernel(input),
        "common-shell-words" => shell(input),
        "mac-prefix" => Some(Ok(json!({ "result": accepts("mac-prefix", &text(&input["mac_prefix"])) }))),
        _ => None,
    }
}

/// A scalar as text; nothing becomes the empty text.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn accepts(format: &str, value: &str) -> bool {
    schema::format::check(format, value).is_ok()
}

fn format(input: &Value) -> Option<Outcome> {
    if input["op"] == "verify-configid" {
        return Some(Ok(json!({ "result": accepts("pve-configid", &text(&input["value"])) })));
    }
    let number = text(&input["value"]).parse::<f64>().unwrap_or(0.0);
    let precision = input["precision"].as_u64().map_or(2, |digits| digits as usize);
    let rendered = match input["renderer"].as_str()? {
        "bytes" => render::bytes(number, precision),
        "duration" => render::duration(number),
        "fraction_as_percentage" => render::fraction_as_percentage(number, precision),
        "timestamp_gmt" => render::timestamp(number as i64, 0),
        "timestamp" => render::timestamp(number as i64, ZONE),
        _ => return None,
    };
    Some(Ok(json!({ "result": rendered })))
}

fn convert(input: &Value) -> Outcome {
    let rounding = if input["round_down"] == true { size::Rounding::Down } else { size::Rounding::Up };
    let (value, from, to) = (text(&input["value"]), text(&input["from"]), text(&input["to"]));
    let converted = size::convert(&value, &from, &to, rounding).map_err(|error| error.to_string())?;
    Ok(json!({ "result": converted }))
}

fn kernel(input: &Value) -> Option<Outcome> {
    let Some(version) = host::proc::parse_version(input["proc_version"].as_str()?) else {
        return Some(Err("unable to parse the kernel's version".to_owned()));
    };
    let parts = json!({
        "major": version.major,
        "minor": version.minor,
        "patch": version.patch,
        "extra": version.extra,
        "release": version.release,
    });
    Some(Ok(json!({ "result": parts })))
}

fn shell(input: &Value) -> Option<Outcome> {
    let value = &input["value"];
    let list = || value.as_array().map(|words| words.iter().map(text).collect::<Vec<_>>());
    let result = match input["op"].as_str()? {
        "quote" => json!(words::quote(&text(value))),
        // A text is a command line already.
        "join" => list().map_or_else(|| value.clone(), |words| json!(words::join(words))),
        "split" => json!(words::split(&text(value)).unwrap_or_default()),
        "join-then-split" => json!(words::split(&words::join(list()?)).unwrap_or_default()),
        _ => return None,
    };
    Some(Ok(json!({ "result": result })))
}
