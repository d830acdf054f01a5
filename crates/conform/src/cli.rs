//! Command lines: `common-cli-options`.

use std::collections::BTreeMap;
use std::path::Path;

use schema::cli::{CliError, EXTRA_ARGS, Grammar, Takes};
use serde_json::{Map, Value, json};

use crate::Outcome;

/// Options that choose the form of the output and are no parameters.
const FORMATTER: [&str; 5] = ["output-format", "noborder", "noheader", "quiet", "human-readable"];

/// Answers the suite of this family; usage texts have a form of their own here and are left out.
pub(crate) fn case(suite: &str, dir: &Path, _name: &str, input: &Value) -> Option<Outcome> {
    if suite != "common-cli-options" || input["op"] != "parse" {
        return None;
    }
    Some(parse(dir, input))
}

fn parse(dir: &Path, input: &Value) -> Outcome {
    let words: Vec<String> = texts(&input["args"]);
    let positional = texts(&input["arg_param"]);
    let fixed = input["fixed_param"].as_object().cloned().unwrap_or_default();
    let properties = properties(dir, &input["schema"], &words);
    let mut grammar = Grammar { extra_args: positional.iter().any(|name| name == EXTRA_ARGS), ..Grammar::default() };
    for (name, property) in &properties {
        match property["alias"].as_str() {
            Some(target) => drop(grammar.aliases.insert(name.clone(), target.to_owned())),
            None => drop(grammar.options.insert(name.clone(), takes(property))),
        }
    }
    for name in positional.iter().filter(|name| *name != EXTRA_ARGS) {
        let optional = properties.get(name).is_some_and(|property| property["optional"] == 1);
        grammar.positional.push((name.clone(), optional));
        grammar.options.remove(name);
    }
    let formatted = input["formatter_options"] == true || input["formatter_options"] == 1;
    if formatted {
        FORMATTER
            .iter()
            .for_each(|name| grammar.add(name, if *name == "output-format" { Takes::Value } else { Takes::Flag }));
    }
    let mut values = grammar.parse(&words).map_err(|error: CliError| {
        // The reason that follows the first line is for people.
        error.to_string().lines().next().unwrap_or_default().to_owned()
    })?;
    let options: Map<String, Value> =
        if formatted { FORMATTER.iter().filter_map(|name| values.remove_entry(*name)).collect() } else { Map::new() };
    let mut result: Map<String, Value> = values.into_iter().collect();
    result.extend(fixed);
    if let (Some(resolve), false) = (input.get("resolve_type"), result.contains_key("type")) {
        let by = result.get(resolve["by"].as_str().unwrap_or_default()).and_then(Value::as_str).unwrap_or_default();
        if let Some(error) = resolve["errors"][by].as_str() {
            return Err(error.to_owned());
        }
        result.insert("type".to_owned(), resolve["values"][by].clone());
    }
    let mut output = json!({"result": result});
    if !options.is_empty() {
        output["format_options"] = options.into();
    }
    Ok(output)
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

fn takes(property: &Value) -> Takes {
    match property["type"].as_str() {
        Some("boolean") => Takes::Flag,
        Some("array") => Takes::Many,
        _ if property["format"].as_str().is_some_and(|format| format.ends_with("-list")) => Takes::Joined,
        _ => Takes::Value,
    }
}

/// All properties of a schema; of alternatives, those whose type the command line names.
fn properties(dir: &Path, schema: &Value, words: &[String]) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    if schema.get("$section_config_schema").is_some() {
        let env: Value = std::fs::read_to_string(dir.join("env.json"))
            .ok()
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let config = &env["section_config"];
        let parts = [&config["base"]["propertyList"]]
            .into_iter()
            .chain(config["plugins"].as_array().into_iter().flatten().map(|plugin| &plugin["properties"]));
        found.extend(parts.filter_map(Value::as_object).flat_map(Map::clone));
        found.insert("type".to_owned(), json!({"type": "string"}));
        return found;
    }
    found.extend(schema["properties"].as_object().cloned().unwrap_or_default());
    for part in schema["allOf"].as_array().into_iter().flatten() {
        found.extend(properties(dir, part, words));
    }
    if let Some(name) = schema["type-property"].as_str() {
        found.insert(name.to_owned(), schema["type-property-schema"].clone());
        let option = format!("--{name}");
        let at = words.iter().position(|word| *word == option);
        let wanted = at.and_then(|at| words.get(at + 1)).map(String::as_str);
        for part in schema["oneOf"].as_array().into_iter().flatten() {
            if wanted.is_none() || part["instance-type"].as_str() == wanted {
                found.extend(properties(dir, part, words));
            }
        }
    }
    found
}
