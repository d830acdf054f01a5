//! Tables of parameters that are known at run time only: `common-json-schema`, `common-api-parameter`. Alternatives by
//! type (`oneOf`) are left out: the product's parameters have none.

use std::path::Path;

use schema::{Alias, Args, FromArgs, Kind, Mode, Param, Spec, Text, property};
use serde_json::{Map, Value, json};

use crate::Outcome;

pub(crate) fn case(suite: &str, _dir: &Path, _name: &str, input: &Value) -> Option<Outcome> {
    match (suite, input["op"].as_str()) {
        ("common-api-parameter", _) => Some(one(input)),
        ("common-json-schema", Some("parse-property-string")) => {
            let spec = spec(&input["format"])?;
            let text = input["value"].as_str().unwrap_or_default();
            Some(property::parse_by(spec, text, |args| take(args, spec)).map(|values| json!({ "result": values })))
        }
        ("common-json-schema", Some("check-properties")) => Some(check(spec(&input["schema"])?, &input["value"])),
        ("common-json-schema", Some("check")) => Some(check(whole(&input["schema"])?, &input["value"])),
        _ => None,
    }
}

/// One parameter of a call.
fn one(input: &Value) -> Outcome {
    let properties = json!({ "value": input["schema"] });
    let spec = spec(&properties).ok_or("a kind of parameter that is not there")?;
    let result = check(spec, &json!({ "value": input["value"] }))?;
    Ok(json!({ "result": result["result"]["value"] }))
}

fn check(spec: &'static Spec, value: &Value) -> Outcome {
    let mut args = Args::from_json(Mode::Api, value.clone());
    let values = args.read_by(spec, |args| take(args, spec));
    match values.filter(|_| args.errors.is_empty()) {
        Some(values) => Ok(json!({ "result": values })),
        None => Err(args.errors.iter().map(|(key, text)| format!("{key}: {text}")).collect::<Vec<_>>().join("\n")),
    }
}

/// Takes each value as its Rust type would be taken, and keeps its text.
fn take(args: &mut Args, spec: &Spec) -> Option<Map<String, Value>> {
    let mut values = Map::new();
    for param in spec.params {
        let value = match param.kind {
            Kind::Flat(inner) => {
                values.extend(take(args, inner)?);
                continue;
            }
            Kind::Array(item) => taken_array(args, param, *item)?,
            _ if param.optional => <Option<String> as FromArgs>::take(args, param)?.map(Value::from),
            _ => Some(<String as FromArgs>::take(args, param)?.into()),
        };
        values.extend(value.map(|value| (param.name.to_owned(), value)));
    }
    Some(values)
}

fn taken_array(args: &mut Args, param: &Param, item: Kind) -> Option<Option<Value>> {
    let Some(Value::Array(items)) = args.values.remove(param.name) else { return Some(None) };
    let item = Param { kind: item, ..*param };
    let mut taken = Vec::with_capacity(items.len());
    for value in items {
        args.set(item.name, value);
        taken.push(Value::from(<String as FromArgs>::take(args, &item)?));
    }
    Some(Some(taken.into()))
}

/// A whole schema; the parts of `allOf` are nested option sets.
fn whole(schema: &Value) -> Option<&'static Spec> {
    if schema.get("oneOf").is_some() {
        return None;
    }
    let own = spec(schema.get("properties").unwrap_or(&Value::Null))?;
    let mut params = own.params.to_vec();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        params.push(Param { kind: Kind::Flat(whole(part)?), ..Param::of(true) });
    }
    Some(leak(Spec { params: Vec::leak(params), ..*own }))
}

fn spec(properties: &Value) -> Option<&'static Spec> {
    let (mut params, mut aliases) = (Vec::new(), Vec::new());
    for (name, property) in properties.as_object().into_iter().flatten() {
        match property.get("alias") {
            Some(target) => aliases.push(Alias { alias: word(name), name: word(target.as_str()?) }),
            None => params.push(param(name, property)?),
        }
    }
    Some(leak(Spec { doc: "", params: Vec::leak(params), aliases: Vec::leak(aliases), key_aliases: &[] }))
}

fn param(name: &str, property: &Value) -> Option<Param> {
    // What belongs to one type only is an alternative too.
    if property.get("instance-types").is_some() || property.get("keyAlias").is_some() {
        return None;
    }
    Some(Param {
        name: word(name),
        kind: kind(property)?,
        default_key: property["default_key"] == 1,
        requires: property["requires"].as_str().map(word),
        ..Param::of(property["optional"] == 1)
    })
}

fn kind(property: &Value) -> Option<Kind> {
    let (min, max) = (property["minimum"].as_f64(), property["maximum"].as_f64());
    let length = |name: &str| property[name].as_u64().map(|length| length as usize);
    let format = property["format"].as_str().map(word);
    let text = Text {
        format,
        pattern: property["pattern"].as_str().map(word),
        min_len: length("minLength"),
        max_len: length("maxLength"),
    };
    Some(match property["type"].as_str().unwrap_or("string") {
        "boolean" => Kind::Bool,
        "integer" => Kind::Int(min, max),
        "number" => Kind::Num(min, max),
        "array" => Kind::Array(leak(kind(&property["items"])?)),
        _ => match (property["enum"].as_array(), format.and_then(|format| format.strip_suffix("-list"))) {
            (Some(words), _) => {
                Kind::Choice(Vec::leak(words.iter().filter_map(Value::as_str).map(word).collect::<Vec<_>>()))
            }
            (None, Some(item)) => Kind::List(leak(Kind::Text(Text::format(item))), Text { format: None, ..text }),
            (None, None) => Kind::Text(text),
        },
    })
}

/// The product's tables are constants; this program lives as long as one suite.
fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn word(text: &str) -> &'static str {
    String::leak(text.to_owned())
}
