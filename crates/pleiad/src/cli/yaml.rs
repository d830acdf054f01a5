//! JSON values as YAML, in block style.

use serde_json::Value;

/// The document, with its first line.
pub(super) fn print(value: &Value) -> String {
    let mut text = "---".to_owned();
    node(value, 0, &mut text);
    text
}

/// Writes a value after what leads to it (`---`, `key:` or `-`).
fn node(value: &Value, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(members) if members.is_empty() => text.push_str(" {}\n"),
        Value::Array(items) if items.is_empty() => text.push_str(" []\n"),
        Value::Object(members) => {
            text.push('\n');
            for (key, value) in members {
                text.push_str(&format!("{indent}{}:", scalar(key)));
                node(value, depth + 1, text);
            }
        }
        Value::Array(items) => {
            text.push('\n');
            for item in items {
                text.push_str(&format!("{indent}-"));
                node(item, depth + 1, text);
            }
        }
        Value::String(string) => text.push_str(&format!(" {}\n", scalar(string))),
        Value::Null => text.push_str(" ~\n"),
        other => text.push_str(&format!(" {other}\n")),
    }
}

/// A text, quoted where it would be read as something else.
fn scalar(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_alphanumeric() || "-_./@!+ ".contains(c))
        && text.starts_with(|c: char| c.is_alphabetic() || c == '/' || c == '_')
        && !text.ends_with(' ')
        && !["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(&text.to_ascii_lowercase().as_str());
    // A JSON string is a YAML string.
    if plain { text.to_owned() } else { Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn structure_is_shown_by_indentation() {
        let value = json!({"a": 1, "b": ["x", {"c": "yes"}], "d": {}, "e": null, "f": "1"});
        assert_eq!(print(&value), "---\na: 1\nb:\n  - x\n  -\n    c: \"yes\"\nd: {}\ne: ~\nf: \"1\"\n");
        assert_eq!(print(&json!("plain text")), "--- plain text\n");
    }
}
