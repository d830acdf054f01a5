//! The table as OpenAPI 3.1.

use schema::{Kind, Param, ReplyField, Returns, Spec, Text};
use serde_json::{Map, Value, json};

use super::endpoint::{Endpoint, Flag, Verb};
use super::router::Router;
use super::summary;

/// The whole document. `server` is the address below which `/api2/json` lies.
pub fn document(router: &Router, version: &str, server: &str) -> Value {
    let mut paths = Map::new();
    for row in router.rows() {
        let path = paths.entry(row.path.to_owned()).or_insert_with(|| json!({}));
        path[row.verb.as_str().to_lowercase()] = operation(row);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Pleiad",
            "version": version,
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
            "description": "Compatible with the API of Proxmox VE 9. Every answer is an object with the member `data`; \
                errors carry `message` and `errors`, which names each wrong parameter.",
        },
        "servers": [{"url": format!("{server}/api2/json")}],
        "security": [{"ticket": []}, {"token": []}],
        "components": {
            "securitySchemes": {
                "ticket": {"type": "apiKey", "in": "cookie", "name": "PVEAuthCookie"},
                "token": {"type": "apiKey", "in": "header", "name": "Authorization"},
            },
            "schemas": {"Error": {
                "type": "object",
                "properties": {
                    "data": {"type": "null"},
                    "message": {"type": "string"},
                    "errors": {"type": "object", "additionalProperties": {"type": "string"}},
                },
            }},
        },
        "paths": paths,
    })
}

fn operation(row: &Endpoint) -> Value {
    let in_path: Vec<&str> = row.path_parameters().collect();
    let (path, rest): (Vec<&Param>, Vec<&Param>) =
        row.spec.flat().into_iter().partition(|param| in_path.contains(&param.name));
    let mut parameters: Vec<Value> = path.iter().map(|param| parameter(param, "path")).collect();
    let mut operation = json!({
        "operationId": operation_id(row),
        "description": row.description(),
        "responses": {
            "200": {
                "description": "The data.",
                "content": {"application/json": {"schema": {
                    "type": "object", "required": ["data"], "properties": {"data": returns(&row.returns)},
                }}},
            },
            "default": {
                "description": "What went wrong.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
            },
        },
        "x-pleiad": summary::of(row),
    });
    if matches!(row.verb, Verb::Get | Verb::Delete) {
        parameters.extend(rest.iter().map(|param| parameter(param, "query")));
    } else if !rest.is_empty() {
        operation["requestBody"] = body(row, &rest);
    }
    operation["parameters"] = Value::Array(parameters);
    operation
}

fn operation_id(row: &Endpoint) -> String {
    let path: String = row.path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("{}{path}", row.verb.as_str().to_lowercase())
}

fn body(row: &Endpoint, params: &[&Param]) -> Value {
    let schema = object(params);
    let mut content = json!({"application/json": {"schema": schema}});
    content["application/x-www-form-urlencoded"] = content["application/json"].clone();
    if row.has(Flag::Upload) {
        content = json!({"multipart/form-data": {"schema": schema}});
    }
    json!({"required": params.iter().any(|param| !param.may_be_absent()), "content": content})
}

fn parameter(param: &Param, place: &str) -> Value {
    json!({
        "name": key(param), "in": place, "required": place == "path" || !param.may_be_absent(),
        "description": param.doc, "schema": schema_of(param),
    })
}

fn object(params: &[&Param]) -> Value {
    let mut fixed = Map::new();
    let mut patterns = Map::new();
    for param in params {
        match param.kind {
            Kind::Indexed(..) => patterns.insert(format!("^{}[0-9]+$", param.name), schema_of(param)),
            _ => fixed.insert(param.name.to_owned(), schema_of(param)),
        };
    }
    let required: Vec<&str> = params.iter().filter(|p| !p.may_be_absent()).map(|p| p.name).collect();
    let mut out = json!({"type": "object", "properties": fixed, "required": required, "additionalProperties": false});
    if !patterns.is_empty() {
        out["patternProperties"] = Value::Object(patterns);
    }
    out
}

/// The name as documentation writes it: `net[n]` for indexed keys.
pub fn key(param: &Param) -> String {
    match param.kind {
        Kind::Indexed(..) => format!("{}[n]", param.name),
        _ => param.name.to_owned(),
    }
}

fn schema_of(param: &Param) -> Value {
    let mut out = kind(&param.kind);
    out["description"] = param.doc.into();
    if let Some(default) = param.default {
        out["default"] = typed(&param.kind, default);
    }
    if param.later {
        out["x-unsupported"] = true.into();
    }
    out
}

fn typed(kind: &Kind, text: &str) -> Value {
    match kind {
        Kind::Int(..) | Kind::Num(..) | Kind::Bool => text.parse::<f64>().map_or_else(
            |_| text.into(),
            |number| if number.fract() == 0.0 { json!(number as i64) } else { json!(number) },
        ),
        _ => text.into(),
    }
}

/// JSON Schema of a kind. Property strings carry the schema of their keys in `x-properties`.
pub fn kind(kind_: &Kind) -> Value {
    match kind_ {
        Kind::Any => json!({}),
        Kind::Text(text) => string(text),
        Kind::Int(min, max) => range("integer", *min, *max),
        Kind::Num(min, max) => range("number", *min, *max),
        // On the wire booleans are 0 and 1, and JSON's own are taken too.
        Kind::Bool => json!({"type": ["integer", "boolean"], "enum": [0, 1, true, false]}),
        Kind::Choice(values) => json!({"type": "string", "enum": values}),
        Kind::List(item, text) => {
            let mut out = string(text);
            out["x-items"] = kind(item);
            out
        }
        Kind::Array(item) => json!({"type": "array", "items": kind(item)}),
        Kind::Props(spec, text) => {
            let mut out = string(text);
            out["x-properties"] = properties(spec);
            out
        }
        Kind::Indexed(item, count) => {
            let mut out = kind(item);
            out["x-count"] = (*count).into();
            out
        }
        Kind::Flat(spec) => object(&spec.flat()),
    }
}

fn properties(spec: &Spec) -> Value {
    let entries = spec.flat().into_iter().map(|param| {
        let mut out = schema_of(param);
        if param.default_key {
            out["x-default-key"] = true.into();
        }
        if !param.may_be_absent() {
            out["x-required"] = true.into();
        }
        (key(param), out)
    });
    Value::Object(entries.collect())
}

fn string(text: &Text) -> Value {
    let mut out = json!({"type": "string"});
    if let Some(format) = text.format {
        out["format"] = format.into();
    }
    if let Some(pattern) = text.pattern {
        out["pattern"] = format!("^(?:{pattern})$").into();
    }
    if let Some(length) = text.min_len {
        out["minLength"] = length.into();
    }
    if let Some(length) = text.max_len {
        out["maxLength"] = length.into();
    }
    out
}

fn range(name: &str, min: Option<f64>, max: Option<f64>) -> Value {
    let mut out = json!({"type": name});
    let number = |value: f64| if value.fract() == 0.0 { json!(value as i64) } else { json!(value) };
    if let Some(min) = min {
        out["minimum"] = number(min);
    }
    if let Some(max) = max {
        out["maximum"] = number(max);
    }
    out
}

fn returns(shape: &Returns) -> Value {
    match shape {
        Returns::Null => json!({"type": "null"}),
        Returns::Text => json!({"type": "string"}),
        Returns::Int => json!({"type": "integer"}),
        Returns::Num => json!({"type": "number"}),
        Returns::Bool => json!({"type": "integer", "enum": [0, 1]}),
        Returns::Any => json!({}),
        Returns::Map => json!({"type": "object"}),
        Returns::Array(item) => json!({"type": "array", "items": returns(item)}),
        Returns::Object(fields) => {
            let mut members = Map::new();
            let mut required = Vec::new();
            collect(fields, &mut members, &mut required);
            json!({"type": "object", "properties": members, "required": required})
        }
    }
}

fn collect(fields: &[ReplyField], members: &mut Map<String, Value>, required: &mut Vec<Value>) {
    for field in fields {
        if let (true, Returns::Object(inner)) = (field.flat, field.ty) {
            collect(inner, members, required);
            continue;
        }
        if field.flat {
            continue;
        }
        let mut shape = returns(&field.ty);
        shape["description"] = field.doc.into();
        members.insert(field.name.to_owned(), shape);
        if !field.optional {
            required.push(field.name.into());
        }
    }
}
