//! What the product declares, held against the facts of the interface in `reference.txt`.
//!
//! A line there is a method (`VERB path flags | permission`), and below it its parameters (`name? type limits`).
//! Differences that are meant stand in `reference_exceptions.txt`, which may only shrink.
#![allow(clippy::expect_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use access::{Access, Check, GroupsParam};
use api::engine::{Endpoint, Flag, Target};
use schema::{Kind, Param, Spec, Text};

const REFERENCE: &str = include_str!("reference.txt");
const EXCEPTIONS: &str = include_str!("reference_exceptions.txt");

/// Largest values of Rust's own types, which are no limits of the interface.
const NATURAL: [f64; 3] = [u8::MAX as f64, u16::MAX as f64, u32::MAX as f64];

/// A parameter, by either side.
#[derive(Default)]
struct Facts {
    optional: bool,
    kind: String,
    range: (Option<f64>, Option<f64>),
    length: (Option<f64>, Option<f64>),
    format: Option<String>,
    pattern: bool,
    choice: Option<BTreeSet<String>>,
    count: Option<u32>,
    requires: Option<String>,
    default: Option<String>,
    default_key: bool,
    /// Name of a block on the reference's side.
    props: Option<String>,
    /// Keys of a property string on the product's side.
    spec: Option<&'static Spec>,
}

/// The parsed list.
#[derive(Default)]
struct Reference {
    /// By `VERB path`: flags and permission, parameters by name.
    methods: BTreeMap<String, (String, BTreeMap<String, Facts>)>,
    /// By block: keys, and aliases as they are written.
    blocks: BTreeMap<String, (BTreeMap<String, Facts>, BTreeSet<String>)>,
}

fn limits(text: &str) -> (Option<f64>, Option<f64>) {
    let (low, high) = text.split_once("..").unwrap_or_default();
    (low.parse().ok(), high.parse().ok())
}

impl Facts {
    /// Reads `name[N]? type limit…`.
    fn read(line: &str) -> (String, Self) {
        let mut words = line.split(' ');
        let mut facts = Self::default();
        let mut name = words.next().unwrap_or_default();
        if let Some(bare) = name.strip_suffix('?') {
            (name, facts.optional) = (bare, true);
        }
        if let Some((bare, count)) = name.split_once('[') {
            (name, facts.count) = (bare, count.trim_end_matches(']').parse().ok());
        }
        facts.kind = words.next().unwrap_or_default().to_owned();
        for word in words {
            match word.split_once(':') {
                Some(("len", value)) => facts.length = limits(value),
                Some(("format", value)) => facts.format = Some(value.to_owned()),
                Some(("props", value)) => facts.props = Some(value.to_owned()),
                Some(("requires", value)) => facts.requires = Some(value.to_owned()),
                Some(("enum", value)) => facts.choice = Some(value.split(',').map(str::to_owned).collect()),
                Some(("default", value)) => facts.default = Some(value.to_owned()),
                None if word == "pattern" => facts.pattern = true,
                None if word == "default-key" => facts.default_key = true,
                _ => facts.range = limits(word),
            }
        }
        (name.to_owned(), facts)
    }

    /// What the product declares.
    fn of(param: &Param) -> Self {
        let mut facts = Self {
            optional: param.may_be_absent(),
            requires: param.requires.map(str::to_owned),
            default: param.default.map(str::to_owned),
            default_key: param.default_key,
            ..Self::default()
        };
        facts.add(&param.kind);
        facts
    }

    fn add(&mut self, kind: &Kind) {
        kind.type_name().clone_into(&mut self.kind);
        match kind {
            Kind::Text(text) => self.add_text(text),
            Kind::Int(min, max) | Kind::Num(min, max) => self.range = (*min, *max),
            Kind::Choice(values) => self.choice = Some(values.iter().map(|value| (*value).to_owned()).collect()),
            Kind::List(item, text) => {
                self.add_text(text);
                if let (None, Kind::Text(Text { format: Some(format), .. })) = (&self.format, item) {
                    self.format = Some(format!("{format}-list"));
                }
            }
            Kind::Props(spec, text) => {
                self.add_text(text);
                self.spec = Some(spec);
            }
            Kind::Indexed(item, count) => {
                self.add(item);
                self.count = Some(*count);
            }
            Kind::Any | Kind::Bool | Kind::Array(_) | Kind::Flat(_) => {}
        }
    }

    fn add_text(&mut self, text: &Text) {
        self.format = text.format.map(str::to_owned);
        self.pattern = text.pattern.is_some();
        self.length = (text.min_len.map(|n| n as f64), text.max_len.map(|n| n as f64));
    }
}

impl Reference {
    fn read(text: &str) -> Self {
        let mut reference = Self::default();
        let mut block = None;
        let mut method = String::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(name) = line.strip_prefix("props ") {
                block = Some(name.to_owned());
            } else if let (Some(entry), Some(name)) = (line.strip_prefix("  "), &block) {
                let (keys, aliases) = reference.blocks.entry(name.clone()).or_default();
                if entry.contains(" = ") || entry.contains(" => ") {
                    aliases.insert(entry.to_owned());
                } else {
                    keys.extend([Facts::read(entry)]);
                }
            } else if let Some(entry) = line.strip_prefix("  ") {
                let (_, params) = reference.methods.entry(method.clone()).or_default();
                params.extend([Facts::read(entry)]);
            } else {
                let (head, permission) = line.split_once(" | ").expect("a method line has a permission");
                let mut words = head.splitn(3, ' ');
                method = format!("{} {}", words.next().unwrap_or_default(), words.next().unwrap_or_default());
                let about = format!("{} | {permission}", words.next().unwrap_or_default());
                reference.methods.insert(method.clone(), (about, BTreeMap::new()));
                block = None;
            }
        }
        reference
    }

    fn compare_method(&self, row: &Endpoint, found: &mut Vec<String>) {
        let method = format!("{} {}", row.verb.as_str(), row.path);
        let Some((about, params)) = self.methods.get(&method) else {
            if !row.has(Flag::Extension) {
                found.push(format!("{method}: not a method of the interface, and not flagged as extension"));
            }
            return;
        };
        let mut ours = Vec::new();
        if row.target == Target::Node {
            ours.push("on:node");
        }
        if row.has(Flag::NoToken) {
            ours.push("no-token");
        }
        let ours = format!("{} | {}", ours.join(" "), access(&row.access));
        if ours != *about {
            found.push(format!("{method}: is '{ours}', should be '{about}'"));
        }
        let ours: BTreeMap<&str, Facts> = row.spec.flat().iter().map(|p| (p.name, Facts::of(p))).collect();
        self.compare_sets(&method, &ours, params, found);
    }

    fn compare_sets(
        &self,
        place: &str,
        ours: &BTreeMap<&str, Facts>,
        theirs: &BTreeMap<String, Facts>,
        found: &mut Vec<String>,
    ) {
        for (name, facts) in theirs {
            match ours.get(&**name) {
                Some(our) => self.compare_parameter(&format!("{place} {name}"), our, facts, found),
                None => found.push(format!("{place} {name}: missing")),
            }
        }
        for name in ours.keys().filter(|name| !theirs.contains_key(**name)) {
            found.push(format!("{place} {name}: not in the interface"));
        }
    }

    fn compare_parameter(&self, place: &str, ours: &Facts, theirs: &Facts, found: &mut Vec<String>) {
        let mut differs = |what: &str, ours: String, theirs: String| {
            if ours != theirs {
                found.push(format!("{place}: {what} is {ours}, should be {theirs}"));
            }
        };
        differs("type", ours.kind.clone(), theirs.kind.clone());
        differs("optional", ours.optional.to_string(), theirs.optional.to_string());
        differs("default-key", ours.default_key.to_string(), theirs.default_key.to_string());
        differs("count", format!("{:?}", ours.count), format!("{:?}", theirs.count));
        differs("requires", format!("{:?}", ours.requires), format!("{:?}", theirs.requires));
        differs("enumeration", format!("{:?}", ours.choice), format!("{:?}", theirs.choice));
        differs("length", format!("{:?}", ours.length), format!("{:?}", theirs.length));
        let low = ours.range.0.filter(|low| !(*low == 0.0 && theirs.range.0.is_none()));
        let high = ours.range.1.filter(|high| !(NATURAL.contains(high) && theirs.range.1.is_none()));
        differs("range", format!("{:?}", (low, high)), format!("{:?}", theirs.range));
        if ours.default.is_some() && theirs.default.is_some() {
            differs("default", format!("{:?}", ours.default), format!("{:?}", theirs.default));
        }
        if ours.kind == "string" && ours.choice.is_none() && ours.spec.is_none() {
            // A registered format may be known under another name where the product checks by pattern.
            let checked = ours.format.is_some() || ours.pattern;
            let to_check = theirs.format.is_some() || theirs.pattern;
            differs("checked by format or pattern", checked.to_string(), to_check.to_string());
            if ours.format.is_some() && theirs.format.is_some() {
                differs("format", format!("{:?}", ours.format), format!("{:?}", theirs.format));
            }
        }
        match (ours.spec, &theirs.props) {
            (None, Some(block)) => found.push(format!("{place}: no property string, should be one of {block}")),
            (Some(spec), Some(block)) => self.compare_block(place, spec, block, found),
            (Some(_), None) if theirs.format.is_none() => found.push(format!("{place}: should be no property string")),
            _ => {}
        }
    }

    fn compare_block(&self, place: &str, spec: &Spec, block: &str, found: &mut Vec<String>) {
        let (keys, aliases) = &self.blocks[block];
        let place = format!("{place}:");
        let ours: BTreeMap<&str, Facts> = spec.flat().iter().map(|p| (p.name, Facts::of(p))).collect();
        self.compare_sets(&place, &ours, keys, found);
        let mut known = BTreeSet::new();
        other_names(spec, &mut known);
        for alias in aliases.symmetric_difference(&known) {
            let whose = if known.contains(alias) { "not in the interface" } else { "missing" };
            found.push(format!("{place} alias {alias}: {whose}"));
        }
    }
}

/// The aliases of a property string, as the list writes them.
fn other_names(spec: &Spec, known: &mut BTreeSet<String>) {
    known.extend(spec.aliases.iter().map(|a| format!("{} = {}", a.alias, a.name)));
    known.extend(spec.key_aliases.iter().map(|a| format!("{} => {} {}", a.key, a.key_to, a.value_to)));
    for param in spec.params {
        if let Kind::Flat(inner) = param.kind {
            other_names(inner, known);
        }
    }
}

/// A permission as the list writes it.
fn access(access: &Access) -> String {
    match access {
        Access::World => "world".to_owned(),
        Access::User | Access::Described(_) => "all".to_owned(),
        Access::RootOnly => "root".to_owned(),
        Access::Check(one) => check(one),
    }
}

fn check(one: &Check) -> String {
    let nested = |name: &str, all: &[Check]| {
        all.iter().fold(name.to_owned(), |mut text, one| {
            let _ = write!(text, " ({})", check(one));
            text
        })
    };
    match one {
        Check::Perm(perm) => {
            let mut privs = perm.privs().to_vec();
            privs.sort_unstable();
            let kind = if perm.is_any() { "perm-any" } else { "perm" };
            let param = perm.required_param().map_or_else(String::new, |name| format!(" require_param:{name}"));
            format!("{kind} {} {}{param}", perm.path(), privs.join(" "))
        }
        Check::And(all) => nested("and", all),
        Check::Or(all) => nested("or", all),
        Check::UseridSelf => "userid-param self".to_owned(),
        Check::UseridRealm => "userid-param Realm.AllocateUser".to_owned(),
        Check::UseridGroup { privs, groups } => {
            let groups = match groups {
                GroupsParam::No => "",
                GroupsParam::Create => " groups_param create",
                GroupsParam::Update => " groups_param update",
            };
            format!("userid-group {}{groups}", privs.join("+"))
        }
        Check::PermModify { path } => format!("perm-modify {path}"),
    }
}

#[test]
fn what_is_declared_is_the_interface() {
    let router = api::router().expect("a table without contradictions");
    let reference = Reference::read(REFERENCE);
    let mut found = Vec::new();
    for row in router.rows() {
        reference.compare_method(row, &mut found);
    }
    let meant: BTreeSet<&str> = EXCEPTIONS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    let new: Vec<&&str> = found.difference(&meant).collect();
    let settled: Vec<&&str> = meant.difference(&found).collect();
    assert!(
        new.is_empty() && settled.is_empty(),
        "{} differences from reference.txt:\n{}\n{} exceptions that are none any more, take them off the list:\n{}",
        new.len(),
        new.iter().map(|line| format!("  {line}\n")).collect::<String>(),
        settled.len(),
        settled.iter().map(|line| format!("  {line}\n")).collect::<String>(),
    );
}
