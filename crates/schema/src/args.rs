//! Arguments on their way from the border into typed values.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::Bound;

use serde_json::Value;

use crate::error::{ApiError, Errors};
use crate::kind::{Alias, KeyAlias, Kind, Param, Spec, Text, index_of};
use crate::params::Params;

/// How strictly to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Parameters of a call: unknown keys and options without effect are errors, booleans are 0 and 1.
    Api,
    /// A command line: as a call, but booleans may be words.
    Cli,
    /// A file of our own or of PVE: whatever is not understood is set aside, not refused.
    Stored,
}

/// Arguments by name, and what was found wrong with them so far.
#[derive(Clone, Debug)]
pub struct Args {
    /// Values not yet taken.
    pub values: BTreeMap<String, Value>,
    /// What is wrong, by parameter.
    pub errors: Errors,
    /// How strictly to read.
    pub mode: Mode,
    /// Whether booleans may be words here (always so inside a property string).
    pub lenient: bool,
}

impl Args {
    /// No arguments.
    pub fn new(mode: Mode) -> Self {
        Self { values: BTreeMap::new(), errors: Errors::new(), mode, lenient: mode != Mode::Api }
    }

    /// Arguments of a call from a JSON object; anything else counts as none.
    pub fn from_json(mode: Mode, value: Value) -> Self {
        let mut args = Self::new(mode);
        if let Value::Object(object) = value {
            args.values.extend(object);
        }
        args
    }

    /// Adds a pair from a query, a form or a command line; a repeated key makes a list.
    pub fn push(&mut self, key: &str, value: &str) {
        match self.values.get_mut(key) {
            Some(Value::Array(list)) => list.push(value.into()),
            Some(old) => {
                let first = old.take();
                *old = Value::Array(vec![first, value.into()]);
            }
            None => {
                self.values.insert(key.to_owned(), value.into());
            }
        }
    }

    /// Sets a value, replacing what was there.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.values.insert(key.to_owned(), value.into());
    }

    /// The value as plain text, if there is one.
    pub fn text(&self, key: &str) -> Option<String> {
        self.values.get(key).and_then(|value| plain(value.clone()).ok())
    }

    /// Notes an error; the first one of a parameter stays.
    pub fn fail(&mut self, key: &str, message: impl Display) {
        self.errors.entry(key.to_owned()).or_insert_with(|| message.to_string());
    }

    /// Takes one value out, checked against the parameter's kind and in plain form.
    pub(crate) fn take_text(&mut self, param: &Param) -> Option<Result<String, ()>> {
        let value = self.values.remove(param.name)?;
        Some(self.checked(param.name, value, param))
    }

    pub(crate) fn checked(&mut self, key: &str, value: Value, param: &Param) -> Result<String, ()> {
        let checked = one_text(value, &param.kind).and_then(|text| {
            let plain = param.kind.check(&text, self.lenient)?;
            // Most texts are in plain form already: they are passed on, not copied.
            let other = (plain != text).then(|| plain.into_owned());
            Ok(other.unwrap_or(text))
        });
        // Clients such as Ansible's send every switch that they know: one that is off asks for nothing.
        let off = matches!(param.kind, Kind::Bool) && checked.as_deref() == Ok("0");
        if param.later && !off && self.mode != Mode::Stored {
            self.fail(key, format!("option '{key}' is not supported by this version yet"));
            return Err(());
        }
        checked.map_err(|why| self.fail(key, why))
    }

    /// Brings other names of parameters into their plain form, those of nested option sets too.
    fn resolve(&mut self, spec: &Spec) {
        self.resolve_aliases(spec.aliases, spec.key_aliases);
        for param in spec.params {
            if let Kind::Flat(inner) = param.kind {
                self.resolve(inner);
            }
        }
    }

    fn resolve_aliases(&mut self, aliases: &[Alias], key_aliases: &[KeyAlias]) {
        for Alias { alias, name } in aliases {
            if let Some(value) = self.values.remove(*alias) {
                if self.values.contains_key(*name) {
                    self.fail(alias, format!("cannot set both '{alias}' and '{name}'"));
                } else {
                    self.values.insert((*name).to_owned(), value);
                }
            }
        }
        for KeyAlias { key, key_to, value_to } in key_aliases {
            if let Some(value) = self.values.remove(*key) {
                if self.values.contains_key(*key_to) {
                    self.fail(key, format!("cannot set both '{key}' and '{key_to}'"));
                    continue;
                }
                self.values.insert((*key_to).to_owned(), (*key).into());
                self.values.insert((*value_to).to_owned(), value);
            }
        }
    }

    /// The keys of indexed values that are there, with their index.
    pub(crate) fn indexed<'a>(&'a self, name: &'a str, count: u32) -> impl Iterator<Item = (u32, &'a String)> {
        let from = (Bound::Included(name), Bound::Unbounded);
        let keys = self.values.range::<str, _>(from).map(|(key, _)| key).take_while(move |key| key.starts_with(name));
        keys.filter_map(move |key| Some((index_of(name, key, count)?, key)))
    }

    /// The first key that is there of a parameter.
    fn given(&self, param: &Param) -> Option<String> {
        match param.kind {
            Kind::Indexed(_, count) => self.indexed(param.name, count).next().map(|(_, key)| key.clone()),
            _ => self.values.contains_key(param.name).then(|| param.name.to_owned()),
        }
    }

    fn check_requires(&mut self, spec: &Spec) {
        for param in spec.params {
            if let Kind::Flat(inner) = param.kind {
                self.check_requires(inner);
            } else if let Some(required) = param.requires.filter(|required| !self.values.contains_key(*required))
                && let Some(key) = self.given(param)
            {
                self.fail(required, format!("missing property required by '{key}'"));
            }
        }
    }

    /// Reads a whole parameter set. In the strict modes what is left over is an error.
    pub fn read<P: Params>(&mut self) -> Option<P> {
        self.read_by(&P::SPEC, P::take)
    }

    /// As [`Self::read`], by any table and with a function that takes the values that the table names.
    pub fn read_by<T>(&mut self, spec: &Spec, take: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.resolve(spec);
        self.check_requires(spec);
        let parsed = take(self);
        if self.mode != Mode::Stored {
            for key in std::mem::take(&mut self.values).into_keys() {
                self.fail(
                    &key,
                    "property is not defined in schema and the schema does not allow additional properties",
                );
            }
        }
        parsed
    }

    /// Reads the parameters of a call; all errors are reported at once.
    pub fn parse<P: Params>(mut self) -> Result<P, ApiError> {
        let parsed = self.read::<P>();
        match parsed {
            Some(parsed) if self.errors.is_empty() => Ok(parsed),
            _ => Err(ApiError::parameters(self.errors)),
        }
    }
}

/// The text of a value for a parameter of that kind: the items of an array become a list, where lists are taken.
fn one_text(value: Value, kind: &Kind) -> Result<String, String> {
    let joined = |items: Vec<Value>, separator: &str| {
        items.into_iter().map(plain).collect::<Result<Vec<_>, _>>().map(|parts| parts.join(separator))
    };
    match (value, kind) {
        (Value::Array(items), Kind::List(..)) => joined(items, ","),
        // A list that is kept as its text, as tags are.
        (Value::Array(items), Kind::Text(Text { format: Some(format), .. })) if format.ends_with("-list") => {
            joined(items, ";")
        }
        (Value::Array(_), kind) => Err(format!("type check ('{}') failed - got an array", kind.type_name())),
        (value, _) => plain(value),
    }
}

/// A JSON scalar as the text that it would be in a form.
pub(crate) fn plain(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(u8::from(flag).to_string()),
        Value::Null => Err("type check failed - got null".to_owned()),
        Value::Array(_) => Err("type check failed - got an array".to_owned()),
        Value::Object(_) => Err("type check failed - got an object".to_owned()),
    }
}
