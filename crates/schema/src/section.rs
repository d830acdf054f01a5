//! Section files: `storage.cfg`, `domains.cfg`, `jobs.cfg` and their like.
//!
//! ```text
//! # a comment
//! dir: local
//!     path /var/lib/vz
//!     content iso,vztmpl,backup
//! ```
//!
//! A section is a head line `type: id` and indented `key value` lines up to the next blank line. The document keeps
//! what it does not understand (comments, unknown keys, unknown section types, lines that fit no rule) and the order of
//! everything, and writes itself in one fixed layout: a tab before each key, one space after it, a blank line after
//! each section. Reading what was written gives an equal document.

use std::fmt;

/// A section file as a document: sections in their order, with the comments between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    sections: Vec<Section>,
    /// Comment lines after the last section.
    tail: Vec<String>,
}

/// One `type: id` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    kind: String,
    id: String,
    /// Comment lines before the head line.
    lead: Vec<String>,
    lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    /// `key value`; a key alone is a flag that is on.
    Pair(String, Option<String>),
    /// A comment inside a section, or a line there that fits no rule.
    Other(String),
}

impl File {
    /// Reads a file. Nothing is an error here: a line outside any section that is no head line is kept like a comment.
    pub fn parse(text: &str) -> Self {
        let mut file = Self::default();
        let mut inside = false;
        for line in text.lines() {
            let trimmed = line.trim();
            if trimmed.is_empty() {
                inside = false;
            } else if trimmed.starts_with('#') {
                file.keep(inside, trimmed);
            } else if let Some((kind, id)) = head(line) {
                let lead = std::mem::take(&mut file.tail);
                file.sections.push(Section { kind: kind.into(), id: id.into(), lead, lines: Vec::new() });
                inside = true;
            } else if let Some(section) = file.sections.last_mut().filter(|_| inside && line.starts_with([' ', '\t'])) {
                section.lines.push(pair(trimmed));
            } else {
                file.keep(inside, line.trim_end());
            }
        }
        file
    }

    fn keep(&mut self, inside: bool, line: &str) {
        match self.sections.last_mut().filter(|_| inside) {
            Some(section) => section.lines.push(Line::Other(line.into())),
            None => self.tail.push(line.into()),
        }
    }

    /// The sections in file order.
    pub fn sections(&self) -> impl Iterator<Item = &Section> {
        self.sections.iter()
    }

    /// The section of this ID, whatever its type; the first one if the file repeats it.
    pub fn get(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut Section> {
        self.sections.iter_mut().find(|section| section.id == id)
    }

    /// Appends a section.
    pub fn push(&mut self, section: Section) {
        self.sections.push(section);
    }

    /// Puts a section before all others.
    pub fn push_front(&mut self, section: Section) {
        self.sections.insert(0, section);
    }

    /// Takes every section of this ID out, with the comments before it; tells whether there was one.
    pub fn remove(&mut self, id: &str) -> bool {
        let before = self.sections.len();
        self.sections.retain(|section| section.id != id);
        self.sections.len() != before
    }
}

impl Section {
    /// An empty section.
    pub fn new(kind: impl Into<String>, id: impl Into<String>) -> Self {
        Self { kind: kind.into(), id: id.into(), lead: Vec::new(), lines: Vec::new() }
    }

    /// The type: what stands before the colon.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The ID.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Keys and values in file order. A key without value is a flag that is on: its value is `1`.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.lines.iter().filter_map(|line| match line {
            Line::Pair(key, value) => Some((key.as_str(), value.as_deref().unwrap_or("1"))),
            Line::Other(_) => None,
        })
    }

    /// The value of a key, the last one if it is repeated.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.pairs().filter(|(name, _)| *name == key).last().map(|(_, value)| value)
    }

    /// All values of a key that may be repeated.
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs().filter(move |(name, _)| *name == key).map(|(_, value)| value)
    }

    /// Sets a key: where it stands already, else at the end. Line breaks in the value become spaces.
    pub fn set(&mut self, key: &str, value: &str) {
        let clean = value.split(['\n', '\r']).map(str::trim).collect::<Vec<_>>().join(" ");
        let line = Line::Pair(key.into(), Some(clean.trim().to_owned()).filter(|value| !value.is_empty()));
        let mut places = (0..self.lines.len()).filter(|at| self.is(*at, key));
        match places.next() {
            Some(first) => {
                self.lines[first] = line;
                let mut at = 0;
                let is_repeat = |line: &Line| matches!(line, Line::Pair(name, _) if name == key);
                self.lines.retain(|line| {
                    at += 1;
                    at - 1 <= first || !is_repeat(line)
                });
            }
            None => self.lines.push(line),
        }
    }

    /// Sets all values of a key that may be repeated: where it stands first, else at the end.
    pub fn set_all(&mut self, key: &str, values: impl Iterator<Item = String>) {
        let place = (0..self.lines.len()).find(|at| self.is(*at, key)).unwrap_or(self.lines.len());
        self.unset(key);
        let clean = |value: String| Line::Pair(key.into(), Some(value.replace(['\n', '\r'], " ")));
        self.lines.splice(place..place, values.map(clean));
    }

    /// Takes a key out; tells whether it was there.
    pub fn unset(&mut self, key: &str) -> bool {
        let before = self.lines.len();
        self.lines.retain(|line| !matches!(line, Line::Pair(name, _) if name == key));
        self.lines.len() != before
    }

    fn is(&self, at: usize, key: &str) -> bool {
        matches!(&self.lines[at], Line::Pair(name, _) if name == key)
    }
}

/// `type: id`, from the first column.
fn head(line: &str) -> Option<(&str, &str)> {
    if line.starts_with([' ', '\t']) {
        return None;
    }
    let (kind, id) = line.split_once(':')?;
    let id = id.trim();
    let word = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
    (word(kind) && word(id)).then_some((kind, id))
}

fn pair(line: &str) -> Line {
    match line.split_once(char::is_whitespace) {
        Some((key, value)) => Line::Pair(key.into(), Some(value.trim().into())),
        None => Line::Pair(line.into(), None),
    }
}

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for section in &self.sections {
            writeln!(f, "{section}")?;
        }
        self.tail.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lead.iter().try_for_each(|line| writeln!(f, "{line}"))?;
        writeln!(f, "{}: {}", self.kind, self.id)?;
        self.lines.iter().try_for_each(|line| match line {
            Line::Pair(key, Some(value)) => writeln!(f, "\t{key} {value}"),
            Line::Pair(key, None) => writeln!(f, "\t{key}"),
            Line::Other(text) if text.starts_with('#') => writeln!(f, "\t{text}"),
            Line::Other(text) => writeln!(f, "{text}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STORAGE: &str = "\
# made by hand
dir: local
\tpath /var/lib/vz
\tcontent iso,vztmpl,backup

lvmthin: local-lvm
\tthinpool data
\t# thin
\tvgname pve
\tunheard-of  yes and   more
\tdisable

# the end
";

    #[test]
    fn keeps_comments_order_and_unknown_keys() {
        let file = File::parse(STORAGE);
        assert_eq!(file.to_string(), STORAGE.replace("of  yes", "of yes"));
        let thin = file.get("local-lvm").unwrap();
        assert_eq!((thin.kind(), thin.get("disable"), thin.get("vgname")), ("lvmthin", Some("1"), Some("pve")));
        assert_eq!(thin.get("unheard-of"), Some("yes and   more"));
    }

    #[test]
    fn changes_stay_where_the_key_stood() {
        let mut file = File::parse(STORAGE);
        let local = file.get_mut("local").unwrap();
        local.set("path", "/srv\nx");
        local.set("shared", "1");
        assert!(local.unset("content"));
        assert!(!local.unset("content"));
        assert!(file.remove("local-lvm"));
        assert_eq!(file.to_string(), "# made by hand\ndir: local\n\tpath /srv x\n\tshared 1\n\n# the end\n");
    }

    #[test]
    fn repeated_keys_are_a_list_until_set() {
        let mut file = File::parse("two: t3\n  a x=1\n  b 1\n  a x=2\n");
        let section = file.get_mut("t3").unwrap();
        assert_eq!(section.all("a").collect::<Vec<_>>(), ["x=1", "x=2"]);
        assert_eq!(section.get("a"), Some("x=2"));
        section.set_all("a", ["x=4", "x=5"].map(str::to_owned).into_iter());
        assert_eq!(section.pairs().collect::<Vec<_>>(), [("a", "x=4"), ("a", "x=5"), ("b", "1")]);
        section.set("a", "x=3");
        assert_eq!(section.pairs().collect::<Vec<_>>(), [("a", "x=3"), ("b", "1")]);
    }

    #[test]
    fn a_line_outside_a_section_is_kept_but_means_nothing() {
        let file = File::parse("\tpath /x\n\ndir: a\n\tpath /a\n\n\tpath /b\n");
        assert_eq!(file.get("a").unwrap().get("path"), Some("/a"));
        assert_eq!(File::parse(&file.to_string()), file);
    }

    proptest! {
        #[test]
        fn what_was_written_reads_back_equal(text in "([a-z#]{1,3}:? ?[a-z]{0,3}\n|\t[a-z#]{1,2} ?[a-z ]{0,4}\n|\n|\\PC{0,12}\n){0,12}") {
            let file = File::parse(&text);
            let written = file.to_string();
            prop_assert_eq!(&File::parse(&written), &file);
            prop_assert_eq!(File::parse(&written).to_string(), written);
        }
    }
}
