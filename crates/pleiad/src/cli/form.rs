//! The forms of output that users choose: text with tables, JSON, YAML.

use std::collections::BTreeSet;

use comfy_table::{ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle, presets};
use schema::cli::{Grammar, Takes};
use serde_json::{Map, Value};

use super::{client::plain, human, yaml};

/// How a result is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Format {
    /// For people.
    #[default]
    Text,
    /// JSON in one line.
    Json,
    /// JSON, indented.
    JsonPretty,
    /// YAML.
    Yaml,
}

/// Options for output.
#[derive(Clone, Debug, Default)]
pub(super) struct Output {
    /// The form.
    pub(super) format: Format,
    noborder: bool,
    noheader: bool,
    quiet: bool,
    /// Figures with units, in text.
    human: bool,
}

const OPTIONS: [(&str, Takes); 5] = [
    ("output-format", Takes::Value),
    ("noborder", Takes::Flag),
    ("noheader", Takes::Flag),
    ("quiet", Takes::Flag),
    ("human-readable", Takes::Flag),
];

/// Adds the options for output to a grammar.
pub(super) fn add_options(grammar: &mut Grammar) {
    for (name, takes) in OPTIONS {
        grammar.options.entry(name.to_owned()).or_insert(takes);
    }
}

impl Output {
    /// Takes the options for output out of the parameters.
    ///
    /// # Errors
    /// A form that does not exist.
    pub(super) fn take(args: &mut Map<String, Value>) -> Result<Self, String> {
        let asked = args.contains_key("human-readable");
        let mut flag = |name: &str| args.remove(name).is_some_and(|value| value == "1");
        let human = flag("human-readable") || !asked;
        let (noborder, noheader, quiet) = (flag("noborder"), flag("noheader"), flag("quiet"));
        let format = match args.remove("output-format").map(|value| plain(&value)).as_deref() {
            None | Some("text") => Format::Text,
            Some("json") => Format::Json,
            Some("json-pretty") => Format::JsonPretty,
            Some("yaml") => Format::Yaml,
            Some(other) => {
                return Err(format!(
                    "400 Parameter verification failed.\noutput-format: value '{other}' does not have a value in the \
                     enumeration 'text, json, json-pretty, yaml'"
                ));
            }
        };
        Ok(Self { format, noborder, noheader, quiet, human })
    }
}

/// A result in the wanted form, ending with a newline; nothing for no result.
pub(super) fn render(value: &Value, output: &Output) -> String {
    if output.quiet || (value.is_null() && output.format == Format::Text) {
        return String::new();
    }
    let ended = |text: String| if text.ends_with('\n') { text } else { text + "\n" };
    match output.format {
        Format::Json => ended(value.to_string()),
        Format::JsonPretty => ended(serde_json::to_string_pretty(value).unwrap_or_default()),
        Format::Yaml => ended(yaml::print(value)),
        Format::Text => match value {
            Value::Array(items) if items.iter().all(Value::is_object) => rows(items, output),
            Value::Array(items) => items.iter().map(|item| ended(plain(item))).collect(),
            Value::Object(members) => members_table(members, output),
            scalar => ended(plain(scalar)),
        },
    }
}

fn cell(value: Option<&Value>) -> String {
    value.map(plain).unwrap_or_default()
}

/// A member as its table shows it.
fn shown(key: &str, value: Option<&Value>, output: &Output) -> String {
    let human = value.filter(|_| output.human).and_then(|value| human::shown(key, value));
    human.unwrap_or_else(|| cell(value))
}

fn rows(items: &[Value], output: &Output) -> String {
    let keys: BTreeSet<&String> = items.iter().filter_map(Value::as_object).flat_map(Map::keys).collect();
    let Some(first) = keys.first().copied() else { return String::new() };
    let mut items: Vec<&Value> = items.iter().collect();
    items.sort_by(|a, b| match (a[first].as_f64(), b[first].as_f64()) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => cell(a.get(first)).cmp(&cell(b.get(first))),
    });
    let lines = items.iter().map(|item| keys.iter().map(|key| shown(key, item.get(*key), output)).collect()).collect();
    table(keys.into_iter().cloned().collect(), lines, output)
}

fn members_table(members: &Map<String, Value>, output: &Output) -> String {
    let mut lines: Vec<Vec<String>> =
        members.iter().map(|(key, value)| vec![key.clone(), shown(key, Some(value), output)]).collect();
    lines.sort();
    table(vec!["key".to_owned(), "value".to_owned()], lines, output)
}

/// Lines as PVE's tools draw them.
const LINES: TableStyle = TableStyle::new()
    .top_border(LineStyle::new('┌', '─', '┬', '┐'))
    .header_lines(ContentLineStyle::new('│', '│', '│'))
    .header_separator(LineStyle::new('╞', '═', '╪', '╡'))
    .content_lines(ContentLineStyle::new('│', '│', '│'))
    .row_separator(LineStyle::new('├', '─', '┼', '┤'))
    .bottom_border(LineStyle::new('└', '─', '┴', '┘'));

fn table(header: Vec<String>, lines: Vec<Vec<String>>, output: &Output) -> String {
    let mut table = Table::new();
    let utf8 =
        ["LC_ALL", "LC_CTYPE", "LANG"].iter().filter_map(|name| std::env::var(name).ok()).find(|v| !v.is_empty());
    let utf8 = utf8.is_some_and(|value| value.to_ascii_lowercase().replace('-', "").contains("utf8"));
    table.load_style(match (output.noborder, utf8) {
        (true, _) => presets::NOTHING,
        (false, true) => LINES,
        (false, false) => presets::ASCII_FULL,
    });
    table.set_content_arrangement(ContentArrangement::Disabled);
    if !output.noheader {
        table.set_header(header);
    }
    table.add_rows(lines);
    let mut text: String = table.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    if text == "\n" {
        text.clear();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn output(words: Value) -> Result<Output, String> {
        Output::take(&mut words.as_object().unwrap().clone())
    }

    #[test]
    fn rows_become_a_table_of_all_keys() {
        let output = output(json!({"noborder": "1"})).unwrap();
        let value = json!([{"b": 1, "a": "y"}, {"a": "x", "c": null}]);
        assert_eq!(render(&value, &output), " a  b  c\n x\n y  1\n");
        assert_eq!(render(&json!([]), &output), "");
        assert_eq!(render(&json!("text"), &output), "text\n");
        assert_eq!(render(&Value::Null, &output), "");
    }

    #[test]
    fn figures_have_units_unless_nobody_wants_them() {
        let value = json!([{"vmid": 100, "maxmem": 536_870_912}]);
        let text = |words| render(&value, &output(words).unwrap());
        assert_eq!(text(json!({"noborder": "1", "noheader": "1"})), " 512.00 MiB  100\n");
        assert_eq!(text(json!({"noborder": "1", "noheader": "1", "human-readable": "0"})), " 536870912  100\n");
        let json = output(json!({"output-format": "json", "human-readable": "1"})).unwrap();
        assert!(render(&value, &json).contains("536870912"));
    }

    #[test]
    fn programs_get_json() {
        let json = output(json!({"output-format": "json"})).unwrap();
        assert_eq!(render(&json!({"a": [1]}), &json), "{\"a\":[1]}\n");
        assert_eq!(render(&Value::Null, &json), "null\n");
        let pretty = output(json!({"output-format": "json-pretty"})).unwrap();
        assert_eq!(render(&json!({"a": 1}), &pretty), "{\n  \"a\": 1\n}\n");
        assert!(output(json!({"output-format": "xml"})).is_err());
        let quiet = output(json!({"quiet": "1"})).unwrap();
        assert_eq!(render(&json!("x"), &quiet), "");
    }
}
