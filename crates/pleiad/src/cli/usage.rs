//! Help: what commands there are, and what each takes.

use api::engine::Endpoint;
use schema::{Kind, Param, cli::EXTRA_ARGS};

use super::{
    Failure, Session,
    special::{SPECIALS, Special},
    table::{COMMANDS, Command},
};

/// The usage of a command that is one call.
pub(super) fn of_command(command: &Command, row: &Endpoint) -> String {
    let hidden = |name: &str| name == "node" || command.fixed.iter().any(|(fixed, _)| *fixed == name);
    let params: Vec<&Param> = row.spec.flat().into_iter().filter(|param| !hidden(param.name)).collect();
    let prefix = format!("{} {}", command.tool, command.words);
    of(&prefix, &params, command.positional)
}

/// The usage of parameters: those by position first, then the needed ones, then the others.
pub(super) fn of(prefix: &str, params: &[&Param], positional: &[&str]) -> String {
    let find = |name: &str| params.iter().find(|param| param.name == name).copied();
    let mut line = format!("USAGE: {prefix}");
    let mut details = String::new();
    for name in positional {
        let optional = find(name).is_none_or(Param::may_be_absent);
        line += &if optional { format!(" [<{name}>]") } else { format!(" <{name}>") };
        if let Some(param) = find(name) {
            details += &detail(&format!("<{name}>"), param);
        }
    }
    let mut options: Vec<&&Param> = params.iter().filter(|param| !positional.contains(&param.name)).collect();
    options.sort_by_key(|param| param.name);
    for param in options.iter().filter(|param| !param.may_be_absent()) {
        line += &format!(" --{} <{}>", param.name, kind(&param.kind));
    }
    if !options.is_empty() {
        line += " [OPTIONS]";
    }
    for param in options {
        details += &detail(&format!("--{}", key(param)), param);
    }
    format!("{line}\n{details}")
}

/// The usage of a command with code of its own.
pub(super) fn of_special(special: &Special) -> String {
    let positional: String = special
        .positional
        .iter()
        .map(|name| if *name == EXTRA_ARGS { " -- COMMAND [ARGUMENTS]".to_owned() } else { format!(" <{name}>") })
        .collect();
    let options: String = special.options.iter().map(|(name, _)| format!(" [--{name}]")).collect();
    format!("USAGE: {} {}{positional}{options}\n\t     {}\n", special.tool, special.words, special.doc)
}

fn key(param: &Param) -> String {
    match param.kind {
        Kind::Indexed(..) => format!("{}[n]", param.name),
        _ => param.name.to_owned(),
    }
}

fn detail(name: &str, param: &Param) -> String {
    let taken = param.typetext.map_or_else(|| typetext(&param.kind), str::to_owned);
    let default = param.default.map(|value| format!("   (default={value})")).unwrap_or_default();
    let doc = param.doc.trim();
    let doc = if doc.is_empty() { String::new() } else { format!("\t     {}\n", doc.replace('\n', "\n\t     ")) };
    format!("  {name:<10} {taken}{default}\n{doc}\n")
}

fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::Int(..) => "integer",
        Kind::Num(..) => "number",
        Kind::Bool => "boolean",
        Kind::Array(_) => "array",
        _ => "string",
    }
}

fn typetext(taken: &Kind) -> String {
    let limits = |min: Option<f64>, max: Option<f64>| match (min, max) {
        (None, None) => String::new(),
        (Some(min), None) => format!(" ({min} - N)"),
        (None, Some(max)) => format!(" (-N - {max})"),
        (Some(min), Some(max)) => format!(" ({min} - {max})"),
    };
    match taken {
        Kind::Int(min, max) | Kind::Num(min, max) => format!("<{}>{}", kind(taken), limits(*min, *max)),
        Kind::Choice(values) => format!("<{}>", values.join(" | ")),
        Kind::Indexed(inner, _) => typetext(inner),
        Kind::Props(spec, _) => {
            let keys = spec.flat().into_iter().map(|param| {
                let pair = format!("{}=<{}>", param.name, kind(&param.kind));
                if param.may_be_absent() { format!("[,{pair}]") } else { format!(",{pair}") }
            });
            keys.collect::<String>().trim_start_matches(',').to_owned()
        }
        other => format!("<{}>", kind(other)),
    }
}

impl Session {
    /// All commands of the tool that this version has, a line each.
    pub(super) fn overview(&self) -> String {
        let calls = COMMANDS.iter().filter(|row| row.tool == self.tool).filter_map(|row| {
            self.endpoint(row).ok()?;
            let positional: String = row.positional.iter().map(|name| format!(" <{name}>")).collect();
            Some(format!("       {} {}{positional} [OPTIONS]", row.tool, row.words))
        });
        let specials = SPECIALS.iter().filter(|row| row.tool == self.tool).map(|row| {
            let usage = of_special(row);
            format!("       {}", usage.lines().next().unwrap_or_default().trim_start_matches("USAGE: "))
        });
        let mut lines: Vec<String> = calls.chain(specials).collect();
        lines.sort();
        format!("USAGE: {} <COMMAND> [ARGS] [OPTIONS]\n\n{}\n", self.tool, lines.join("\n"))
    }

    pub(super) fn help(&mut self, words: &[String]) -> Result<(), Failure> {
        let mut words = words.to_vec();
        words.retain(|word| !word.starts_with('-'));
        if words.is_empty() {
            print!("{}", self.overview());
            return Ok(());
        }
        words.push("--help".to_owned());
        self.run(&words)
    }
}
