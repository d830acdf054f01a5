//! One command: from its words to a call, from the answer to what is shown.

use std::io::{Write, stderr, stdout};

use api::engine::Endpoint;
use schema::cli::{CliError, Grammar, Takes};
use serde_json::{Map, Value, json};

use super::{
    Failure, Session,
    client::{encode, plain},
    follow::{follow, is_task},
    form::{self, Format, Output},
    lists,
    table::{Command, Show},
    usage,
};

/// The node, as the daemon's own socket understands it: the one that is asked.
pub(super) const THIS_NODE: &str = "localhost";

impl Session {
    /// The grammar of a command, with the options for output where it has a choice.
    pub(super) fn grammar(&self, command: &Command, row: &Endpoint) -> Grammar {
        let mut fixed: Vec<&str> = command.fixed.iter().map(|(name, _)| *name).collect();
        fixed.push("node");
        let mut grammar = Grammar::of(row.spec, command.positional, &fixed);
        if command.show == Show::Formatted {
            form::add_options(&mut grammar);
        }
        if row.path.ends_with("/showcmd") {
            grammar.add("pretty", Takes::Flag);
        }
        grammar
    }

    pub(super) fn call(&mut self, command: &'static Command, words: &[String]) -> Result<(), Failure> {
        let row = self.endpoint(command)?;
        let grammar = self.grammar(command, row);
        let usage = || usage::of_command(command, row);
        if words.iter().any(|word| word == "--help" || word == "-h") {
            println!("{}", usage());
            return Ok(());
        }
        let given = grammar.parse(words).map_err(|error| wrong(&error, usage()))?;
        let mut args: Map<String, Value> = given.into_iter().collect();
        let output = Output::take(&mut args)?;
        let pretty = row.path.ends_with("/showcmd") && args.remove("pretty").is_some_and(|value| value == "1");
        args.extend(command.fixed.iter().map(|(name, value)| ((*name).to_owned(), json!(value))));
        read_secrets(command, row, &mut args)?;
        let answer = self.invoke(row, args).map_err(|failure| with_usage(failure, usage))?;
        if let Some(upid) = is_task(&answer) {
            return Ok(follow(&mut self.client, upid, &mut stdout())?);
        }
        let text = match command.show {
            Show::Text if pretty => lists::pretty_command(&lists::render(Show::Text, &answer)),
            Show::Formatted => form::render(&answer, &output),
            show => lists::render(show, &answer),
        };
        stdout().write_all(text.as_bytes())?;
        Ok(())
    }

    /// Calls a method with these parameters, those of its path among them.
    pub(super) fn invoke(&mut self, row: &Endpoint, mut args: Map<String, Value>) -> Result<Value, Failure> {
        let mut path = row.path.to_owned();
        for name in row.path_parameters() {
            let value = match args.remove(name) {
                Some(value) => plain(&value),
                None if name == "node" => THIS_NODE.to_owned(),
                None => return Err(format!("400 not enough arguments\n{name}: is missing").into()),
            };
            path = path.replace(&format!("{{{name}}}"), &encode(&value));
        }
        Ok(self.client.call(row.verb, &path, &args)?)
    }

    /// Calls a method by verb and path, whose parameters are in place already.
    pub(super) fn ask(&mut self, verb: api::Verb, path: &str, args: &Value) -> Result<Value, Failure> {
        let none = Map::new();
        Ok(self.client.call(verb, path, args.as_object().unwrap_or(&none))?)
    }

    /// Shows a result as the output options say; a task's log is shown while it runs.
    pub(super) fn show(&mut self, answer: &Value, output: &Output) -> Result<(), Failure> {
        if let Some(upid) = is_task(answer) {
            // Formats for programs keep standard output for themselves.
            match output.format {
                Format::Text => follow(&mut self.client, upid, &mut stdout())?,
                _ => follow(&mut self.client, upid, &mut stderr())?,
            }
        }
        stdout().write_all(form::render(answer, output).as_bytes())?;
        Ok(())
    }
}

/// A wrong command line, as PVE's tools report it.
pub(super) fn wrong(error: &CliError, usage: String) -> Failure {
    let text = error.to_string();
    let (first, detail) = text.split_once('\n').unwrap_or((&text, ""));
    let detail = if detail.is_empty() { String::new() } else { format!("{detail}\n") };
    Failure::Usage(format!("{detail}{first}"), usage)
}

/// Parameter errors are shown with the usage.
fn with_usage(failure: Failure, usage: impl FnOnce() -> String) -> Failure {
    match failure {
        Failure::Api(error) if error.status == 400 && !error.errors.is_empty() => {
            Failure::Usage(super::shown(&error), usage())
        }
        other => other,
    }
}

/// What becomes of a file's text before it is a parameter.
type Form = fn(String) -> String;

/// Parameters whose value is the name of a file with the value, and how it is brought into form.
const FILES: &[(&str, &str, Form)] = &[
    ("qm", "sshkeys", |text| encode(&text)),
    ("pct", "ssh-public-keys", |text| text),
    ("pvesm", "encryption-key", |text| text),
    ("pvesm", "master-pubkey", |text| text),
    ("pvesm", "keyring", |text| text),
];

/// Parameters that are asked for when the option is given without a value, or always where they are needed.
fn read_secrets(command: &Command, row: &Endpoint, args: &mut Map<String, Value>) -> Result<(), Failure> {
    for (tool, name, form) in FILES {
        if *tool == command.tool
            && let Some(file) = args.get(*name).map(plain)
        {
            let text = std::fs::read_to_string(&file).map_err(|error| format!("unable to read '{file}': {error}"))?;
            args.insert((*name).to_owned(), form(text).into());
        }
    }
    let wanted = row.spec.find("password").is_some_and(|param| !param.may_be_absent());
    if wanted && !args.contains_key("password") {
        let password = host::console::read_password("Enter new password: ")?;
        if command.words == "passwd" && host::console::read_password("Retype new password: ")? != password {
            return Err("passwords do not match".to_owned().into());
        }
        args.insert("password".to_owned(), password.into());
    }
    Ok(())
}
