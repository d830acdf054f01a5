//! The grammar of command lines: words in, parameters by name out.
//!
//! `--name value`, `--name=value`, `-name value`; booleans may stand alone; names may be shortened while they stay
//! unambiguous; options and positional words mix freely until `--`. Pure: what the parameters mean is not known here.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::kind::{Kind, Spec};

/// How an option takes its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A boolean: the next word is its value unless that is an option itself; alone it means 1.
    Flag,
    /// One value: the next word, whatever it looks like. Given again, the last one counts.
    Value,
    /// One value a time, collected as a list.
    Many,
    /// One value a time, joined by commas.
    Joined,
}

/// What a command line may hold.
#[derive(Clone, Debug, Default)]
pub struct Grammar {
    /// Options by name.
    pub options: BTreeMap<String, Takes>,
    /// Other names of options.
    pub aliases: BTreeMap<String, String>,
    /// Parameters taken from positional words, in order, and whether they may be left out.
    pub positional: Vec<(String, bool)>,
    /// Whether the words left over are the parameter [`EXTRA_ARGS`].
    pub extra_args: bool,
}

/// The parameter that takes all remaining words.
pub const EXTRA_ARGS: &str = "extra-args";

/// Why a command line was not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CliError {
    /// A word that looks like an option is none.
    #[error("400 unable to parse option\nunknown option: {0}")]
    Unknown(String),
    /// A shortened name that several options begin with.
    #[error("400 unable to parse option\noption {0} is ambiguous ({1})")]
    Ambiguous(String, String),
    /// An option at the end that wants a value.
    #[error("400 unable to parse option\noption {0} requires an argument")]
    NoValue(String),
    /// Positional words are missing.
    #[error("400 not enough arguments")]
    NotEnough,
    /// Too many positional words.
    #[error("400 too many arguments")]
    TooMany,
}

impl Grammar {
    /// The grammar of a method's parameters. `positional` lists those taken by position; `fixed` ones are preset and
    /// cannot be given.
    #[must_use]
    pub fn of(spec: &Spec, positional: &[&str], fixed: &[&str]) -> Self {
        let mut grammar = Self { extra_args: positional.contains(&EXTRA_ARGS), ..Self::default() };
        for param in spec.flat() {
            if fixed.contains(&param.name) || param.name == EXTRA_ARGS {
                continue;
            }
            match param.kind {
                Kind::Indexed(inner, count) => {
                    let names = (0..count).map(|index| format!("{}{index}", param.name));
                    grammar.options.extend(names.map(|name| (name, takes(inner))));
                }
                ref kind => {
                    grammar.options.insert(param.name.to_owned(), takes(kind));
                }
            }
        }
        for name in positional.iter().filter(|name| **name != EXTRA_ARGS) {
            let optional = spec.find(name).is_none_or(crate::Param::may_be_absent);
            grammar.positional.push(((*name).to_owned(), optional));
            grammar.options.remove(*name);
        }
        let known = |name: &str| grammar.options.contains_key(name);
        let aliases = spec.aliases.iter().filter(|alias| known(alias.name));
        grammar.aliases = aliases.map(|alias| (alias.alias.to_owned(), alias.name.to_owned())).collect();
        grammar
    }

    /// Adds an option that is no parameter, such as those that choose the form of the output.
    pub fn add(&mut self, name: &str, takes: Takes) {
        self.options.insert(name.to_owned(), takes);
    }

    /// Reads the words of a command line.
    ///
    /// # Errors
    /// Words that do not fit the grammar. Values are not looked at.
    pub fn parse<S: AsRef<str>>(&self, words: &[S]) -> Result<BTreeMap<String, Value>, CliError> {
        let mut found = Found { grammar: self, values: BTreeMap::new(), free: Vec::new() };
        let mut words = words.iter().map(AsRef::as_ref).peekable();
        while let Some(word) = words.next() {
            if word == "--" {
                found.free.extend(words.by_ref().map(str::to_owned));
            } else if let Some(option) = as_option(word) {
                found.option(option, &mut words)?;
            } else {
                found.free.push(word.to_owned());
            }
        }
        found.finish()
    }

    /// The full name of an option that may be shortened or be an alias.
    fn resolve(&self, given: &str) -> Result<&str, CliError> {
        let exact = |name: &str| {
            let known = self.options.get_key_value(name).map(|(name, _)| name.as_str());
            known.or_else(|| self.aliases.get(name).map(String::as_str))
        };
        if let Some(name) = exact(given) {
            return Ok(name);
        }
        let lower = given.to_lowercase();
        let names = self.options.keys().chain(self.aliases.keys());
        let fitting: Vec<&String> = names.filter(|name| name.to_lowercase().starts_with(&lower)).collect();
        if let Some(same) = fitting.iter().find(|name| name.to_lowercase() == lower) {
            return exact(same).ok_or_else(|| CliError::Unknown(given.to_owned()));
        }
        match fitting.as_slice() {
            [only] => exact(only).ok_or_else(|| CliError::Unknown(given.to_owned())),
            [] => Err(CliError::Unknown(given.to_owned())),
            several => {
                let names: Vec<&str> = several.iter().map(|name| name.as_str()).collect();
                Err(CliError::Ambiguous(given.to_owned(), names.join(", ")))
            }
        }
    }
}

fn takes(kind: &Kind) -> Takes {
    match kind {
        Kind::Bool => Takes::Flag,
        Kind::Array(_) => Takes::Many,
        Kind::List(..) => Takes::Joined,
        _ => Takes::Value,
    }
}

/// The option in a word: without its dashes, of which there are one or two. A single dash is a plain word.
fn as_option(word: &str) -> Option<&str> {
    let option = word.strip_prefix("--").or_else(|| word.strip_prefix('-'))?;
    (!option.is_empty()).then_some(option)
}

struct Found<'a> {
    grammar: &'a Grammar,
    values: BTreeMap<String, Value>,
    free: Vec<String>,
}

impl Found<'_> {
    fn option<'w>(
        &mut self,
        option: &str,
        words: &mut std::iter::Peekable<impl Iterator<Item = &'w str>>,
    ) -> Result<(), CliError> {
        let (given, attached) = match option.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (option, None),
        };
        let name = self.grammar.resolve(given)?;
        let takes = self.grammar.options.get(name).copied().unwrap_or(Takes::Value);
        let value = match (attached, takes) {
            (Some(value), _) => value,
            (None, Takes::Flag) => words.next_if(|word| *word != "--" && as_option(word).is_none()).unwrap_or("1"),
            (None, _) => words.next().ok_or_else(|| CliError::NoValue(name.to_owned()))?,
        };
        self.put(name, takes, value);
        Ok(())
    }

    fn put(&mut self, name: &str, takes: Takes, value: &str) {
        let old = self.values.remove(name);
        let value = match (takes, old) {
            (Takes::Flag, _) => flag(value).into(),
            (Takes::Many, Some(Value::Array(mut list))) => {
                list.push(value.into());
                Value::Array(list)
            }
            (Takes::Many, _) => Value::Array(vec![value.into()]),
            (Takes::Joined, Some(Value::String(list))) => format!("{list},{value}").into(),
            _ => value.into(),
        };
        self.values.insert(name.to_owned(), value);
    }

    fn finish(mut self) -> Result<BTreeMap<String, Value>, CliError> {
        let mut free = std::mem::take(&mut self.free).into_iter();
        for (name, optional) in &self.grammar.positional {
            match free.next() {
                Some(word) => {
                    self.values.insert(name.clone(), word.into());
                }
                // A later option may have given it by name.
                None if *optional || self.values.contains_key(name) => (),
                None => return Err(CliError::NotEnough),
            }
        }
        let rest: Vec<Value> = free.map(Value::from).collect();
        if self.grammar.extra_args {
            self.values.insert(EXTRA_ARGS.to_owned(), rest.into());
        } else if !rest.is_empty() {
            return Err(CliError::TooMany);
        }
        Ok(self.values)
    }
}

/// The words for booleans become 0 and 1; anything else is left to the check of the parameter.
fn flag(value: &str) -> &str {
    match value.to_ascii_lowercase().as_str() {
        "1" | "on" | "yes" | "true" | "" => "1",
        "0" | "off" | "no" | "false" => "0",
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn grammar() -> Grammar {
        let options = [("flag", Takes::Flag), ("str", Takes::Value), ("arr", Takes::Many), ("ids", Takes::Joined)];
        Grammar {
            options: options.into_iter().map(|(name, takes)| (name.to_owned(), takes)).collect(),
            aliases: BTreeMap::from([("text".to_owned(), "str".to_owned())]),
            positional: vec![("vmid".to_owned(), false), ("name".to_owned(), true)],
            extra_args: false,
        }
    }

    fn parse(line: &str) -> Result<Value, CliError> {
        let words: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
        Ok(serde_json::to_value(grammar().parse(&words)?).unwrap())
    }

    #[test]
    fn options_and_words_mix() {
        assert_eq!(parse("100 --str a --flag").unwrap(), json!({"vmid": "100", "str": "a", "flag": "1"}));
        assert_eq!(parse("--flag --str=a=b 100").unwrap(), json!({"vmid": "100", "str": "a=b", "flag": "1"}));
        assert_eq!(parse("-str a 100 web").unwrap(), json!({"vmid": "100", "name": "web", "str": "a"}));
        assert_eq!(parse("--flag no 100").unwrap(), json!({"vmid": "100", "flag": "0"}));
        assert_eq!(parse("--fl=on 100").unwrap(), json!({"vmid": "100", "flag": "1"}));
        assert_eq!(parse("--text x 100").unwrap(), json!({"vmid": "100", "str": "x"}));
        assert_eq!(parse("--str --flag 100").unwrap(), json!({"vmid": "100", "str": "--flag"}));
        assert_eq!(parse("--flag -- -5").unwrap(), json!({"vmid": "-5", "flag": "1"}));
    }

    #[test]
    fn repeated_options_make_lists() {
        assert_eq!(parse("1 --arr a --arr b").unwrap(), json!({"vmid": "1", "arr": ["a", "b"]}));
        assert_eq!(parse("1 --ids a --ids b,c").unwrap(), json!({"vmid": "1", "ids": "a,b,c"}));
        assert_eq!(parse("1 --str a --str b").unwrap(), json!({"vmid": "1", "str": "b"}));
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(parse("--flag").unwrap_err(), CliError::NotEnough);
        assert_eq!(parse("1 2 3").unwrap_err(), CliError::TooMany);
        assert_eq!(parse("1 --nope").unwrap_err(), CliError::Unknown("nope".to_owned()));
        assert_eq!(parse("1 --str").unwrap_err(), CliError::NoValue("str".to_owned()));
        assert!(parse("1 --nope").unwrap_err().to_string().starts_with("400 unable to parse option"));
    }

    #[test]
    fn remaining_words_are_a_parameter_of_their_own() {
        let grammar = Grammar { extra_args: true, positional: vec![("vmid".into(), false)], ..grammar() };
        let values = grammar.parse(&["100", "--flag", "--", "ls", "-l"]).unwrap();
        assert_eq!(
            serde_json::to_value(values).unwrap(),
            json!({"vmid": "100", "flag": "1", "extra-args": ["ls", "-l"]})
        );
    }

    proptest! {
        #[test]
        fn no_command_line_panics(words in proptest::collection::vec("[-=a-z ]{0,6}", 0..6)) {
            let _ = grammar().parse(&words);
        }

        #[test]
        fn a_value_arrives_as_it_was_written(value in any::<String>()) {
            let values = grammar().parse(&["1", "--str", &value]).unwrap();
            prop_assert_eq!(values["str"].as_str(), Some(value.as_str()));
            let values = grammar().parse(&["1".to_owned(), format!("--str={value}")]).unwrap();
            prop_assert_eq!(values["str"].as_str(), Some(value.as_str()));
            let values = grammar().parse(&["--", &value]).unwrap();
            prop_assert_eq!(values["vmid"].as_str(), Some(value.as_str()));
        }
    }
}
