//! The text file that holds a guest's configuration.
//!
//! The grammar is that of Proxmox VE (`qm.conf(5)`, `pct.conf(5)`): `key: value` lines; `#` lines, which together are
//! the description; then sections for pending changes (`[PENDING]`, in containers `[pve:pending]`), for internal use
//! (`[special:NAME]`) and for snapshots (`[NAME]`). Containers may hold raw `lxc.KEY: VALUE` lines, whose order counts.
//!
//! This layer knows no option: values are text, unknown keys stay. What it writes is always in one order, so that a
//! change of one option changes one line.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use schema::Reply;

/// What a description line must not hold as it is; anything that is not ASCII is encoded too.
const ENCODED: &AsciiSet = &CONTROLS.add(b'%').add(b':');

/// The key under which a section's description is found.
const DESCRIPTION: &str = "description";

/// The key of a pending section that lists options to be removed.
const DELETE: &str = "delete";

/// The option that is a list of variables, kept as one raw line each in a file.
const ENVIRONMENT: &str = "env";

/// What those lines begin with.
const VARIABLE: &str = "lxc.environment.runtime";

/// The two flavours of the grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Virtual machines.
    Qemu,
    /// Containers.
    Lxc,
}

/// A guest's configuration file, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestFile {
    pub(crate) dialect: Dialect,
    /// The configuration in force.
    pub main: Section,
    /// Changes that wait for the next start.
    pub pending: Section,
    /// Sections for internal use, by what follows `special:`.
    pub special: BTreeMap<String, Section>,
    /// A full copy of the configuration per snapshot, by its name.
    pub snapshots: BTreeMap<String, Section>,
    /// What could not be read and will be gone when the file is written again, as messages.
    pub problems: Vec<String>,
}

/// Options of one section.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    values: BTreeMap<String, String>,
    /// Raw `lxc.*` settings of a container, in their order.
    pub raw: Vec<(String, String)>,
}

impl Section {
    /// An option's text; `description` ends with a line feed.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }

    /// Whether the option is there.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// Sets an option. An empty value removes it: the grammar cannot express one. Control characters, which would end
    /// the line, become spaces.
    pub fn set(&mut self, key: &str, value: &str) {
        let value = match key {
            DESCRIPTION => description(value),
            ENVIRONMENT => value.split('\0').map(one_line).collect::<Vec<_>>().join("\0"),
            _ => one_line(value),
        };
        match value.is_empty() {
            true => self.values.remove(key),
            false => self.values.insert(key.to_owned(), value),
        };
    }

    /// Adds a variable to the environment of a container's first program.
    fn add_variable(&mut self, variable: &str) {
        let all = match self.get(ENVIRONMENT) {
            Some(before) => format!("{before}\0{variable}"),
            None => variable.to_owned(),
        };
        self.set(ENVIRONMENT, &all);
    }

    /// Removes an option and returns what it was.
    pub fn remove(&mut self, key: &str) -> Option<String> {
        self.values.remove(key)
    }

    /// All options by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Whether nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.raw.is_empty()
    }

    fn print(&self, text: &mut String) {
        for line in self.get(DESCRIPTION).unwrap_or_default().lines() {
            let _ = writeln!(text, "#{}", utf8_percent_encode(line, ENCODED));
        }
        for (key, value) in self.iter().filter(|(key, _)| !matches!(*key, DESCRIPTION | ENVIRONMENT)) {
            let _ = writeln!(text, "{key}: {value}");
        }
        for variable in self.get(ENVIRONMENT).iter().flat_map(|list| list.split('\0')) {
            let _ = writeln!(text, "{VARIABLE}: {variable}");
        }
        for (key, value) in &self.raw {
            let _ = writeln!(text, "{key}: {value}");
        }
    }
}

impl<K: AsRef<str>, V: AsRef<str>> FromIterator<(K, V)> for Section {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut section = Self::default();
        for (key, value) in pairs {
            section.set(key.as_ref(), value.as_ref());
        }
        section
    }
}

/// Which section a line belongs to.
enum Place {
    Main,
    Pending,
    Special(String),
    Snapshot(String),
    Unknown,
}

impl GuestFile {
    /// An empty configuration.
    #[must_use]
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            main: Section::default(),
            pending: Section::default(),
            special: BTreeMap::new(),
            snapshots: BTreeMap::new(),
            problems: Vec::new(),
        }
    }

    /// Reads a file. What cannot be read is left out and told in [`GuestFile::problems`].
    #[must_use]
    pub fn parse(dialect: Dialect, text: &str) -> Self {
        let mut file = Self::new(dialect);
        let mut place = Place::Main;
        let mut comment = String::new();
        for line in text.lines() {
            // The description keeps its spaces at line ends: they mean something in Markdown.
            if let Some(text) = line.strip_prefix('#') {
                comment.push_str(&percent_decode_str(text).decode_utf8_lossy());
                comment.push('\n');
                continue;
            }
            let line = line.trim_end();
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                file.describe(&place, &mut comment);
                place = file.enter(name);
            } else if !line.is_empty() && !file.option(&place, line) {
                file.problems.push(format!("unable to parse config: {line}"));
            }
        }
        file.describe(&place, &mut comment);
        file
    }

    /// Writes it: main section, pending changes, special sections, snapshots; keys sorted, description first.
    #[must_use]
    pub fn print(&self) -> String {
        let mut text = String::new();
        self.main.print(&mut text);
        let mut section = |header: &str, section: &Section| {
            let _ = write!(text, "\n[{header}]\n");
            section.print(&mut text);
        };
        if !self.pending.is_empty() {
            section(self.pending_header(), &self.pending);
        }
        for (name, special) in self.special.iter().filter(|(_, special)| !special.is_empty()) {
            section(&format!("special:{name}"), special);
        }
        for (name, snapshot) in &self.snapshots {
            section(name, snapshot);
        }
        text
    }

    fn pending_header(&self) -> &'static str {
        match self.dialect {
            Dialect::Qemu => "PENDING",
            Dialect::Lxc => "pve:pending",
        }
    }

    /// Starts the section with this header, empty: of two with one name the last counts.
    fn enter(&mut self, name: &str) -> Place {
        let place = self.place(name);
        let known = match &place {
            Place::Main => false,
            Place::Pending => !std::mem::take(&mut self.pending).is_empty(),
            Place::Special(name) => self.special.insert(name.clone(), Section::default()).is_some(),
            Place::Snapshot(name) => self.snapshots.insert(name.clone(), Section::default()).is_some(),
            Place::Unknown => {
                self.problems.push(format!("skipping unknown section: '{name}'"));
                false
            }
        };
        if known {
            self.problems.push(format!("duplicate section: {name}"));
        }
        place
    }

    fn place(&self, name: &str) -> Place {
        if name.eq_ignore_ascii_case(self.pending_header()) {
            return Place::Pending;
        }
        match name.strip_prefix("special:") {
            Some(special @ ("cloudinit" | "fleecing")) if self.dialect == Dialect::Qemu => {
                Place::Special(special.to_owned())
            }
            _ if is_snapshot_name(name) => Place::Snapshot(name.to_owned()),
            _ => Place::Unknown,
        }
    }

    fn section(&mut self, place: &Place) -> Option<&mut Section> {
        match place {
            Place::Main => Some(&mut self.main),
            Place::Pending => Some(&mut self.pending),
            Place::Special(name) => self.special.get_mut(name),
            Place::Snapshot(name) => self.snapshots.get_mut(name),
            Place::Unknown => None,
        }
    }

    fn describe(&mut self, place: &Place, comment: &mut String) {
        let text = std::mem::take(comment);
        if let Some(section) = self.section(place)
            && !text.is_empty()
        {
            section.set(DESCRIPTION, &text);
        }
    }

    /// Reads `key: value` (or a raw line); false if it is neither.
    fn option(&mut self, place: &Place, line: &str) -> bool {
        let raw = self.dialect == Dialect::Lxc && line.starts_with("lxc.");
        let Some(section) = self.section(place) else { return true };
        if raw {
            let Some(end) = line.find([':', '=']) else { return false };
            let key = line[..end].trim_end();
            if key == VARIABLE {
                section.add_variable(line[end + 1..].trim());
                return true;
            }
            section.raw.push((key.to_owned(), line[end + 1..].trim().to_owned()));
            return is_raw_key(key);
        }
        match line.split_once(':') {
            // `boot: ` with nothing but a space is how PVE says "from nothing"; the line's end has been trimmed here.
            Some(("boot", "")) => {
                section.values.insert("boot".to_owned(), String::new());
                true
            }
            Some((key, value)) if is_key(key) && value.chars().any(is_visible) => {
                let value = value.trim();
                match key {
                    DESCRIPTION => section.set(key, &percent_decode_str(value).decode_utf8_lossy()),
                    _ => section.set(key, value),
                }
                true
            }
            _ => false,
        }
    }
}

/// `[a-z][a-z_-]*[0-9]*`
fn is_key(key: &str) -> bool {
    let name = key.trim_end_matches(|digit: char| digit.is_ascii_digit());
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-'))
}

fn is_raw_key(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-' | b'.'))
}

/// Whether text may name a snapshot's section.
fn is_snapshot_name(name: &str) -> bool {
    name.len() > 1
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Whether something of a line is left for it.
fn is_visible(c: char) -> bool {
    !c.is_control() && !c.is_whitespace()
}

fn one_line(value: &str) -> String {
    // Nearly all are one line as they are, and files are read often.
    match value.contains(char::is_control) {
        true => value.replace(char::is_control, " ").trim().to_owned(),
        false => value.trim().to_owned(),
    }
}

/// Lines without a trailing empty one, each ended by a line feed.
fn description(value: &str) -> String {
    let lines = value.trim_end_matches(['\n', '\r']);
    if lines.is_empty() {
        return String::new();
    }
    // All returns before a line's end: what is left would be one more line end the next time.
    lines.split('\n').map(|line| format!("{}\n", line.trim_end_matches('\r'))).collect()
}

/// Options that wait to be removed: name, and whether their data goes too even where it would be kept (`force`).
pub type Deletions = BTreeMap<String, bool>;

/// Reads the value of a pending section's `delete`: names separated by white space, `,` or `;`, `!` before one means
/// force.
#[must_use]
pub fn parse_deletions(text: &str) -> Deletions {
    let names = text.split([',', ';', ' ', '\t', '\n', '\r', '\0']).filter(|name| !name.is_empty());
    names.map(|name| name.strip_prefix('!').map_or((name.to_owned(), false), |name| (name.to_owned(), true))).collect()
}

/// Writes what [`parse_deletions`] reads.
#[must_use]
pub fn print_deletions(deletions: &Deletions) -> String {
    let entries = deletions.iter().map(|(name, force)| if *force { format!("!{name}") } else { name.clone() });
    entries.collect::<Vec<_>>().join(",")
}

/// An option with what waits for the next start.
#[derive(Reply, Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The option.
    pub key: String,
    /// Its value in force.
    pub value: Option<String>,
    /// The value it will have.
    pub pending: Option<String>,
    /// 1: it will be removed; 2: with its data.
    pub delete: Option<u64>,
}

/// Pending changes of a file.
impl GuestFile {
    /// All options by name, with what waits for the next start.
    #[must_use]
    pub fn options(&self) -> Vec<Pending> {
        let deletions = self.deletions();
        let changes = self.pending.iter().map(|(key, _)| key).filter(|key| *key != DELETE);
        let keys: BTreeSet<&str> = self.main.iter().map(|(key, _)| key).chain(changes).collect();
        let option = |key: &str| Pending {
            key: key.to_owned(),
            value: self.main.get(key).map(str::to_owned),
            pending: self.pending.get(key).map(str::to_owned),
            delete: deletions.get(key).map(|force| 1 + u64::from(*force)),
        };
        keys.into_iter().map(option).collect()
    }

    /// The options as they will be at the next start.
    #[must_use]
    pub fn at_next_start(&self) -> Section {
        let mut section = self.main.clone();
        for key in self.deletions().into_keys() {
            section.remove(&key);
        }
        for (key, value) in self.pending.iter().filter(|(key, _)| *key != DELETE) {
            section.set(key, value);
        }
        section
    }

    /// Options that wait to be removed.
    #[must_use]
    pub fn deletions(&self) -> Deletions {
        self.pending.get(DELETE).map(parse_deletions).unwrap_or_default()
    }

    /// Sets the list of options that wait to be removed.
    pub fn set_deletions(&mut self, deletions: &Deletions) {
        self.pending.set(DELETE, &print_deletions(deletions));
    }

    /// Notes that an option shall get a value; forgets that it should be removed.
    pub fn set_pending(&mut self, key: &str, value: &str) {
        self.pending.set(key, value);
        self.cancel_deletion(key);
    }

    /// Notes that an option shall be removed; forgets a value that it should get.
    pub fn delete_pending(&mut self, key: &str, force: bool) {
        self.pending.remove(key);
        let mut deletions = self.deletions();
        let entry = deletions.entry(key.to_owned()).or_insert(false);
        *entry |= force;
        self.set_deletions(&deletions);
    }

    /// Drops what was noted for an option.
    pub fn revert_pending(&mut self, key: &str) {
        self.pending.remove(key);
        self.cancel_deletion(key);
    }

    /// Forgets that an option should be removed.
    pub fn cancel_deletion(&mut self, key: &str) {
        let mut deletions = self.deletions();
        if deletions.remove(key).is_some() {
            self.set_deletions(&deletions);
        }
    }

    /// Drops pending entries that would not change anything; tells whether there were any.
    pub fn clean_pending(&mut self) -> bool {
        let before = self.pending.clone();
        let (main, pending) = (&self.main, &mut self.pending);
        pending.values.retain(|key, value| key == DELETE || main.get(key) != Some(value.as_str()));
        let mut deletions = self.deletions();
        deletions.retain(|key, _| self.main.contains(key));
        if self.pending.contains(DELETE) {
            self.set_deletions(&deletions);
        }
        before != self.pending
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sections_are_read_and_written_in_one_order() {
        let text = "memory: 512\n#caf%C3%A9 %3A 5%25\ncores:  2 \n\n[snap1]\n#before\ncores: 1\n\n[special:cloudinit]\nname: a\n\
                    [pending]\ndelete: !net0,cpu\nbios: ovmf\nstray line\n[:3]\nname: baz\n";
        let file = GuestFile::parse(Dialect::Qemu, text);
        assert_eq!(file.main.get("description"), Some("café : 5%\n"));
        assert_eq!(file.main.get("cores"), Some("2"));
        assert_eq!(file.snapshots["snap1"].get("description"), Some("before\n"));
        assert_eq!(file.problems, ["unable to parse config: stray line", "skipping unknown section: ':3'"]);
        insta::assert_snapshot!(file.print(), @r"
        #caf%C3%A9 %3A 5%25
        cores: 2
        memory: 512

        [PENDING]
        bios: ovmf
        delete: !net0,cpu

        [special:cloudinit]
        name: a

        [snap1]
        #before
        cores: 1
        ");
    }

    #[test]
    fn variables_of_containers_are_lines_of_their_own() {
        let text = "memory: 512\nlxc.environment.runtime: A=1, 2\nlxc.environment.runtime: B=\nlxc.init.uid: 5\n";
        let mut file = GuestFile::parse(Dialect::Lxc, text);
        assert_eq!(file.main.get("env"), Some("A=1, 2\0B="));
        assert_eq!(file.print(), text);
        file.main.set("env", "C=x\ny\0D=1");
        let lines = "lxc.environment.runtime: C=x y\nlxc.environment.runtime: D=1\n";
        assert_eq!(file.print(), format!("memory: 512\n{lines}lxc.init.uid: 5\n"));
    }

    #[test]
    fn raw_lines_of_containers_keep_their_order() {
        let text = "memory: 512\nlxc.mount.entry: b\nlxc.mount.entry = a\n[pve:pending]\nswap: 0\n";
        let file = GuestFile::parse(Dialect::Lxc, text);
        assert_eq!(file.main.raw, [("lxc.mount.entry".into(), "b".into()), ("lxc.mount.entry".into(), "a".into())]);
        assert_eq!(file.pending.get("swap"), Some("0"));
        assert_eq!(file.print(), "memory: 512\nlxc.mount.entry: b\nlxc.mount.entry: a\n\n[pve:pending]\nswap: 0\n");
    }

    #[test]
    fn of_two_sections_with_one_name_the_last_counts() {
        let file = GuestFile::parse(Dialect::Qemu, "[s1]\ncores: 1\nname: a\n[s1]\ncores: 2\n");
        assert_eq!(file.print(), "\n[s1]\ncores: 2\n");
        assert_eq!(file.problems, ["duplicate section: s1"]);
    }

    #[test]
    fn pending_changes_replace_each_other() {
        let mut file = GuestFile::parse(Dialect::Qemu, "cores: 1\nmemory: 512\nnet0: virtio\n");
        file.set_pending("cores", "2");
        file.delete_pending("cores", false);
        file.delete_pending("net0", true);
        assert_eq!(file.pending.get("cores"), None);
        assert_eq!(file.pending.get("delete"), Some("cores,!net0"));
        file.set_pending("cores", "1");
        file.revert_pending("net0");
        file.delete_pending("absent", false);
        assert!(file.clean_pending());
        assert!(file.pending.is_empty());
        assert!(!file.clean_pending());
    }

    #[test]
    fn a_value_cannot_smuggle_a_line() {
        let mut file = GuestFile::new(Dialect::Qemu);
        file.main.set("name", "a\nargs: -evil");
        file.main.set("description", "#x\n[y]\nargs: -evil\n\n");
        assert_eq!(file.print(), "##x\n#[y]\n#args%3A -evil\nname: a args: -evil\n");
    }

    #[test]
    fn inputs_that_were_written_otherwise_than_they_were_read() {
        for text in ["r:\u{10}", "r: \u{10}a\u{1}\n", "#\u{10}\nr: a\u{7f} \n", "#%08\r\r\r\n#.%00\n"] {
            for dialect in [Dialect::Qemu, Dialect::Lxc] {
                let written = GuestFile::parse(dialect, text).print();
                assert_eq!(GuestFile::parse(dialect, &written).print(), written, "{text:?}");
            }
        }
        assert_eq!(GuestFile::parse(Dialect::Qemu, "r:\u{10}").problems, ["unable to parse config: r:\u{10}"]);
    }

    fn section() -> impl Strategy<Value = Section> {
        let values = prop::collection::vec(("[a-z][a-z_-]{0,5}[0-9]{0,2}", "[ -~é\n]{0,12}"), 0..6);
        (values, prop::option::of("[ -~é\n%:]{0,20}")).prop_map(|(values, text)| {
            let mut section: Section = values.into_iter().collect();
            section.set("description", &text.unwrap_or_default());
            section
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            main in section(), pending in section(), cloudinit in section(),
            snapshots in prop::collection::btree_map("[A-Za-z][A-Za-z0-9_-]{1,6}", section(), 0..3),
        ) {
            let mut file = GuestFile::new(Dialect::Qemu);
            (file.main, file.pending) = (main, pending);
            file.snapshots = snapshots.into_iter().filter(|(name, _)| !name.eq_ignore_ascii_case("pending")).collect();
            if !cloudinit.is_empty() {
                file.special.insert("cloudinit".into(), cloudinit);
            }
            prop_assert_eq!(GuestFile::parse(Dialect::Qemu, &file.print()), file);
        }

        #[test]
        fn reading_never_fails_and_settles(text in "([ -~]{0,20}\n|\\[[a-zP:]{0,9}\\]\n|[a-z]{1,3}: [ -~]{0,9}\n|#[ -~]{0,9}\n){0,12}") {
            let once = GuestFile::parse(Dialect::Lxc, &text).print();
            let file = GuestFile::parse(Dialect::Lxc, &once);
            prop_assert_eq!(file.print(), once);
            prop_assert!(file.problems.is_empty());
        }
    }
}
