//! What Ceph's own files and answers say: `ceph.conf` and the tree of OSDs. Source of the format:
//! docs.ceph.com, "Configuring Ceph", section "Configuration files".

use std::collections::BTreeMap;
use std::fmt::{self, Display, Write as _};

use serde_json::Value;

/// A `ceph.conf`: sections with keys and values. Keys are written with `_` where the file may have white space.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conf {
    /// By name; a section that comes twice is one.
    pub sections: BTreeMap<String, BTreeMap<String, String>>,
}

impl Conf {
    /// Reads the text of a file. Lines that say nothing are passed over, as Ceph does.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut conf = Self::default();
        let mut section: Option<String> = None;
        for line in whole_lines(text) {
            let line = line.trim();
            if let Some(name) = header(line) {
                conf.sections.entry(name.to_owned()).or_default();
                section = Some(name.to_owned());
                continue;
            }
            let (Some(section), Some((key, value))) = (&section, pair(line)) else { continue };
            conf.sections.entry(section.clone()).or_default().insert(key, value);
        }
        conf
    }
}

/// The lines of a text; one that ends in a backslash goes on with the next one.
fn whole_lines(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for line in text.lines() {
        let own = lines.last_mut().map(|last| {
            let goes_on = continues(line);
            last.push_str(if goes_on { &line[..line.len() - 1] } else { line });
            goes_on
        });
        if own == Some(false) {
            lines.push(String::new());
        }
    }
    lines
}

/// Whether a line ends in a backslash that no other backslash stands for.
fn continues(line: &str) -> bool {
    line.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

/// The name of the section that begins at this line.
fn header(line: &str) -> Option<&str> {
    let (name, rest) = line.strip_prefix('[')?.split_once(']')?;
    (!name.is_empty() && is_nothing(rest)).then_some(name)
}

/// Whether nothing but white space and a comment is left.
fn is_nothing(rest: &str) -> bool {
    rest.trim_start().is_empty() || rest.trim_start().starts_with(['#', ';'])
}

fn pair(line: &str) -> Option<(String, String)> {
    let (key, rest) = until(line, &['=', '#', ';']);
    let value = rest.strip_prefix('=')?.trim_start();
    let words: Vec<&str> = key.split_whitespace().collect();
    let key = words.join("_");
    if key.is_empty() {
        return None;
    }
    let value = quoted(value).unwrap_or_else(|| until(value, &['#', ';']).0.trim_end().to_owned());
    Some((key, value))
}

/// The text up to one of these characters where no backslash stands before it, without those backslashes, and the rest.
fn until<'a>(text: &'a str, ends: &[char]) -> (String, &'a str) {
    let mut found = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some((_, next)) => found.push(next),
                None => found.push('\\'),
            },
            c if ends.contains(&c) => return (found, &text[at..]),
            c => found.push(c),
        }
    }
    (found, "")
}

/// What stands in quotes, if the whole value does. Comments are none there.
fn quoted(value: &str) -> Option<String> {
    let quote = value.chars().next().filter(|c| ['"', '\''].contains(c))?;
    let (inner, rest) = until(&value[1..], &[quote]);
    rest.strip_prefix(quote).filter(|rest| is_nothing(rest))?;
    Some(inner)
}

/// A text that [`until`] reads back.
fn escaped(text: &str, also: &[char]) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if ['\\', '#', ';'].contains(&c) || also.contains(&c) {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

impl Display for Conf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        for (name, pairs) in &self.sections {
            writeln!(text, "[{name}]")?;
            for (key, value) in pairs {
                let key = escaped(key, &['=', '[']);
                let plain = value.trim() == value && !value.starts_with(['"', '\'']) && !value.is_empty();
                match plain {
                    true => writeln!(text, "\t{key} = {}", escaped(value, &[]))?,
                    false => writeln!(text, "\t{key} = \"{}\"", escaped(value, &['"']))?,
                }
            }
            text.push('\n');
        }
        f.write_str(&text)
    }
}

/// Whether an OSD is one of a host, by what `ceph osd tree --format json` tells.
#[must_use]
pub fn is_on_host(tree: &Value, host: &str, osd: u64) -> bool {
    let hosts = tree["nodes"].as_array().into_iter().flatten();
    let mut found = hosts.filter(|one| one["type"] == "host" && one["name"] == host);
    let holds = |one: &Value| one["children"].as_array().into_iter().flatten().any(|child| child.as_u64() == Some(osd));
    found.any(holds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, key: &str) -> Option<String> {
        Conf::parse(&format!("[global]\n{text}")).sections["global"].get(key).cloned()
    }

    #[test]
    fn values_end_at_comments_unless_they_are_in_quotes() {
        assert_eq!(read("mon host = a, b ; two of them", "mon_host").unwrap(), "a, b");
        assert_eq!(read("note = 'a # b' # c", "note").unwrap(), "a # b");
        assert_eq!(read("note = a\\#b", "note").unwrap(), "a#b");
        assert_eq!(read("note = \"a \\\" b\"", "note").unwrap(), "a \" b");
        assert_eq!(read("note = 'half", "note").unwrap(), "'half");
        assert_eq!(read("# note = x", "note"), None);
    }

    #[test]
    fn an_osd_is_where_the_tree_says() {
        let tree = serde_json::json!({"nodes": [{"type": "host", "name": "a", "children": [0, 2]}]});
        assert!(is_on_host(&tree, "a", 2) && !is_on_host(&tree, "a", 1) && !is_on_host(&tree, "b", 2));
        assert!(!is_on_host(&Value::Null, "a", 0));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            name in "[a-z][a-z.0-9 ]{0,8}", key in "[!-~]{1,12}", value in "[ -~\t]{0,20}",
        ) {
            let conf = Conf { sections: BTreeMap::from([(name, BTreeMap::from([(key, value)]))]) };
            prop_assert_eq!(Conf::parse(&conf.to_string()), conf);
        }

        #[test]
        fn any_text_is_read(text in "[\\[\\]=\\\\#;\"' a-z\n\t]{0,80}") {
            let once = Conf::parse(&text);
            prop_assert_eq!(Conf::parse(&once.to_string()), once);
        }
    }
}
