//! Command lines: `qm`, `pct`, `pvesm`, `pveum`, `pveam` and `pvesh`, as thin clients of the daemon's socket.
//!
//! Which command is which method is said in [`table`]; options, their types and descriptions come from the method's
//! own row, so that API and command line cannot disagree.

mod client;
mod complete;
mod follow;
mod form;
mod human;
#[cfg(test)]
mod listed;
mod lists;
mod pct;
mod pvesh;
mod qm;
mod run;
mod special;
mod table;
mod usage;
mod yaml;

use std::process::ExitCode;

use api::{Router, engine::Endpoint};
use schema::ApiError;

use client::Client;
use table::{ALIASES, COMMANDS, Command};

/// Names under which this binary is a command line.
pub(crate) const TOOLS: &[&str] = &["qm", "pct", "pvesm", "pveum", "pveam", "pvesh"];
/// The environment variable that names the root.
const ROOT: &str = "PLEIAD_ROOT";
/// What PVE's tools end with when something failed.
const FAILED: u8 = 255;

/// A tool at work.
struct Session {
    tool: &'static str,
    router: Router,
    paths: host::paths::Paths,
    client: Client,
}

/// Why a command did not succeed.
enum Failure {
    /// The command line was wrong: the usage is shown, too.
    Usage(String, String),
    /// The API said no.
    Api(ApiError),
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self::Api(ApiError::internal(message))
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Api(ApiError::internal(error.to_string()))
    }
}

/// Runs a tool.
pub(crate) fn main(tool: &'static str, words: &[String]) -> ExitCode {
    match session(tool).and_then(|mut session| session.run(words)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(message, usage)) => {
            eprintln!("{message}\n{usage}");
            ExitCode::from(FAILED)
        }
        Err(Failure::Api(error)) => {
            eprintln!("{}", shown(&error));
            ExitCode::from(FAILED)
        }
    }
}

/// Prints the completion script of a shell, or what completes a word.
pub(crate) fn completion(words: &[String]) -> ExitCode {
    complete::main(words)
}

fn session(tool: &'static str) -> Result<Session, Failure> {
    let root = std::env::var_os(ROOT).unwrap_or_else(|| "/".into());
    let paths = host::paths::Paths::new(root).map_err(|error| error.to_string())?;
    let client = Client::new(paths.daemon_socket());
    Ok(Session { tool, router: api::router()?, paths, client })
}

/// An error as PVE's tools print it: parameter errors with their status, others as they are.
fn shown(error: &ApiError) -> String {
    if error.errors.is_empty() { error.message.trim_end().to_owned() } else { format!("{} {error}", error.status) }
}

/// What the first words of a command line stand for.
enum Found {
    Call(&'static Command, usize),
    Special(&'static special::Special, usize),
}

impl Session {
    fn run(&mut self, words: &[String]) -> Result<(), Failure> {
        if self.tool == "pvesh" {
            return self.pvesh(words);
        }
        if matches!(words.first().map(String::as_str), None | Some("help" | "--help" | "-h")) {
            return self.help(words.get(1..).unwrap_or_default());
        }
        match find(self.tool, words) {
            Some(Found::Call(command, used)) => self.call(command, &words[used..]),
            Some(Found::Special(command, used)) => self.special(command, &words[used..]),
            None => {
                let message = format!("ERROR: unknown command '{} {}'", self.tool, words.join(" "));
                Err(Failure::Usage(message, self.overview()))
            }
        }
    }

    /// The row of the method that a command stands for.
    fn endpoint(&self, command: &Command) -> Result<&'static Endpoint, Failure> {
        let rows = self.router.rows().iter();
        let mut fitting = rows.filter(|row| row.verb == command.verb && row.path == command.path);
        fitting
            .next()
            .copied()
            .ok_or_else(|| format!("'{} {}' is not part of this version", command.tool, command.words).into())
    }
}

/// Finds a command by the longest fitting words, directly or by another name.
fn find(tool: &str, words: &[String]) -> Option<Found> {
    (1..=words.len().min(3)).rev().find_map(|used| {
        let given = words[..used].join(" ");
        let alias = ALIASES.iter().find(|(of, alias, _)| *of == tool && *alias == given);
        let given = alias.map_or(given.as_str(), |(_, _, words)| words);
        let special = special::SPECIALS.iter().find(|row| row.tool == tool && row.words == given);
        let call = || COMMANDS.iter().find(|row| row.tool == tool && row.words == given);
        special.map(|row| Found::Special(row, used)).or_else(|| call().map(|row| Found::Call(row, used)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn commands_are_found_by_their_words() {
        let found = |tool: &str, line: &str| match find(tool, &words(line)) {
            Some(Found::Call(row, used)) => Some((row.words, used)),
            Some(Found::Special(row, used)) => Some((row.words, used)),
            None => None,
        };
        assert_eq!(found("qm", "start 100"), Some(("start", 1)));
        assert_eq!(found("qm", "disk resize 100 scsi0 +1G"), Some(("disk resize", 2)));
        assert_eq!(found("qm", "resize 100 scsi0 +1G"), Some(("disk resize", 1)));
        assert_eq!(found("pveum", "user token add jo@pve x"), Some(("user token add", 3)));
        assert_eq!(found("pveum", "useradd jo@pve"), Some(("user add", 1)));
        assert_eq!(found("pct", "exec 100 -- ls"), Some(("exec", 1)));
        assert_eq!(found("qm", "exec 100"), None);
    }

    #[test]
    fn parameter_errors_are_shown_with_their_status() {
        assert_eq!(shown(&ApiError::param("vmid", "bad")), "400 Parameter verification failed.\nvmid: bad");
        assert_eq!(shown(&ApiError::internal("no such vm\n")), "no such vm");
    }
}
