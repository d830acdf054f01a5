//! `pvesh`: any method by its path.

use api::{Verb, engine::Found};
use schema::cli::{Grammar, Takes};
use serde_json::{Map, Value};

use super::{
    Failure, Session,
    client::{encode, plain},
    form::{self, Output},
    run::wrong,
    usage,
};

const USAGE: &str = "\
USAGE: pvesh <COMMAND> <api_path> [OPTIONS] [FORMAT_OPTIONS]

       pvesh get <api_path> [OPTIONS]
       pvesh create <api_path> [OPTIONS]
       pvesh set <api_path> [OPTIONS]
       pvesh delete <api_path> [OPTIONS]
       pvesh ls <api_path>
       pvesh usage <api_path> [--command <get | set | create | delete>]

       FORMAT_OPTIONS: --output-format <text | json | json-pretty | yaml> --noborder --noheader --quiet
";

/// The verb of a command, and its name in listings.
const VERBS: [(&str, Verb, char); 4] =
    [("get", Verb::Get, 'r'), ("set", Verb::Put, 'w'), ("create", Verb::Post, 'c'), ("delete", Verb::Delete, 'd')];

impl Session {
    pub(super) fn pvesh(&mut self, words: &[String]) -> Result<(), Failure> {
        let usage = |message: &str| Failure::Usage(message.to_owned(), USAGE.to_owned());
        let (command, words) = match words.split_first() {
            None => return Err(usage("400 not enough arguments")),
            Some((first, _)) if matches!(first.as_str(), "help" | "--help" | "-h") => {
                print!("{USAGE}");
                return Ok(());
            }
            Some((command, words)) => (command.as_str(), words),
        };
        // The path may stand behind the options.
        let at = words.iter().position(|word| word.starts_with('/')).or(if words.is_empty() { None } else { Some(0) });
        let Some(at) = at else { return Err(usage("400 not enough arguments")) };
        let path = format!("/{}", words[at].trim_matches('/'));
        let options: Vec<String> = words.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, w)| w.clone()).collect();
        match (command, VERBS.iter().find(|(name, ..)| *name == command)) {
            (_, Some((_, verb, _))) => self.method(*verb, &path, &options),
            ("ls", _) => self.listing(&path, &options),
            ("usage", _) => self.usage(&path, &options),
            _ => Err(usage(&format!("ERROR: unknown command 'pvesh {command}'"))),
        }
    }

    fn method(&mut self, verb: Verb, path: &str, words: &[String]) -> Result<(), Failure> {
        let mut grammar = Grammar::default();
        let mut text = String::new();
        if let Found::Method(row, parameters) = self.router.find(verb, path) {
            let fixed: Vec<&str> = parameters.iter().map(|(name, _)| *name).collect();
            grammar = Grammar::of(row.spec, &[], &fixed);
            let params: Vec<_> = row.spec.flat().into_iter().filter(|param| !fixed.contains(&param.name)).collect();
            text = usage::of(&format!("pvesh {} {path}", name_of(verb)), &params, &[]);
        }
        form::add_options(&mut grammar);
        grammar.add("noproxy", Takes::Flag);
        let given = grammar.parse(words).map_err(|error| wrong(&error, text))?;
        let mut args: Map<String, Value> = given.into_iter().collect();
        args.remove("noproxy");
        let output = Output::take(&mut args)?;
        let answer = self.client.call(verb, &encoded(path), &args)?;
        self.show(&answer, &output)
    }

    fn listing(&mut self, path: &str, words: &[String]) -> Result<(), Failure> {
        let mut grammar = Grammar::default();
        form::add_options(&mut grammar);
        grammar.parse(words).map_err(|error| wrong(&error, USAGE.to_owned()))?;
        let answer = self.client.call(Verb::Get, &encoded(path), &Map::new())?;
        for name in self.children(path, &answer) {
            let child = format!("{}/{name}", path.trim_end_matches('/'));
            let below = self.router.rows().iter().any(|row| next_parameter(row.path, &child).is_some());
            let folder = if below || !self.router.listing(&child).is_empty() { 'D' } else { '-' };
            let can = |verb| matches!(self.router.find(verb, &child), Found::Method(..));
            let listed = matches!(self.router.find(Verb::Get, &child), Found::Listing(_));
            let modes = VERBS.iter().map(
                |(_, verb, mode)| {
                    if can(*verb) || (*verb == Verb::Get && listed) { *mode } else { '-' }
                },
            );
            println!("{folder}{}        {name}", modes.collect::<String>());
        }
        Ok(())
    }

    /// What lies below a path: its fixed entries, or the objects of its list, by the member that the next path
    /// parameter is named like.
    fn children(&self, path: &str, answer: &Value) -> Vec<String> {
        let mut names: Vec<String> = self.router.listing(path).into_iter().map(|entry| entry.subdir).collect();
        let below = self.router.rows().iter().filter_map(|row| {
            let rest = next_parameter(row.path, path)?;
            Some(rest.to_owned())
        });
        let parameters: std::collections::BTreeSet<String> = below.collect();
        for item in answer.as_array().into_iter().flatten() {
            names.extend(parameters.iter().filter_map(|name| item.get(name)).map(plain));
        }
        names.sort();
        names.dedup();
        names
    }

    fn usage(&mut self, path: &str, words: &[String]) -> Result<(), Failure> {
        let mut grammar = Grammar::default();
        for (name, takes) in [("verbose", Takes::Flag), ("returns", Takes::Flag), ("command", Takes::Value)] {
            grammar.add(name, takes);
        }
        let args = grammar.parse(words).map_err(|error| wrong(&error, USAGE.to_owned()))?;
        let wanted = args.get("command").map(plain);
        let mut known = false;
        for (name, verb, _) in VERBS.iter().filter(|(name, ..)| wanted.as_ref().is_none_or(|wanted| wanted == name)) {
            let Found::Method(row, parameters) = self.router.find(*verb, path) else { continue };
            known = true;
            let in_path = |name: &str| parameters.iter().any(|(parameter, _)| *parameter == name);
            let params: Vec<_> = row.spec.flat().into_iter().filter(|param| !in_path(param.name)).collect();
            let text = usage::of(&format!("pvesh {name} {path}"), &params, &[]);
            let verbose = args.get("verbose").is_some_and(|value| value == "1");
            let text = if verbose { text } else { text.lines().next().unwrap_or_default().to_owned() + "\n" };
            print!("{text}{}", if verbose { format!("\t     {}\n\n", row.description()) } else { String::new() });
        }
        if known { Ok(()) } else { Err(format!("no such resource '{path}'").into()) }
    }
}

fn name_of(verb: Verb) -> &'static str {
    VERBS.iter().find(|(_, of, _)| *of == verb).map_or("get", |(name, ..)| name)
}

/// Each part of a path, encoded; a path on a command line is plain text.
fn encoded(path: &str) -> String {
    path.split('/').map(encode).collect::<Vec<_>>().join("/")
}

/// If a template continues a path with a parameter, the parameter's name.
fn next_parameter<'t>(template: &'t str, path: &str) -> Option<&'t str> {
    let mut parts = template.split('/').filter(|part| !part.is_empty());
    for given in path.split('/').filter(|part| !part.is_empty()) {
        let part = parts.next()?;
        if part != given && !part.starts_with('{') {
            return None;
        }
    }
    parts.next()?.strip_prefix('{')?.strip_suffix('}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameter_below_a_path_is_found() {
        assert_eq!(next_parameter("/nodes/{node}/qemu/{vmid}/config", "/nodes/a/qemu"), Some("vmid"));
        assert_eq!(next_parameter("/nodes/{node}/qemu", "/nodes"), Some("node"));
        assert_eq!(next_parameter("/nodes/{node}/qemu", "/nodes/a"), None);
        assert_eq!(next_parameter("/access/users", "/nodes"), None);
        assert_eq!(encoded("/access/users/a@b"), "/access/users/a%40b");
    }
}
