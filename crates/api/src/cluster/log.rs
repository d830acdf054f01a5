//! `/cluster/log`: what was done, by whom: tasks, logins, changes of the configuration.

use access::{Access, Authid};
use schema::{ApiError, Args, Params, Reply};
use serde::{Deserialize, Serialize};

use crate::endpoints;
use crate::engine::{Call, Endpoint, Target, Verb};
use crate::events::event::Sight;
use crate::node::Node;

endpoints! {
    /// Shows the log of the cluster, newest lines first: the caller's own, and all for users with Sys.Syslog.
    GET "/cluster/log" => list, name = "log", Access::User, Target::Any;
}

/// Severity of syslog: information.
const INFO: u8 = 6;
/// Severity of syslog: warning.
const WARNING: u8 = 4;
/// Who writes the lines, as PVE calls it.
const TAG: &str = "pvedaemon";
/// Longest message, in characters; what is longer is cut.
const LONGEST: usize = 1000;
/// Longest value of an option in a message, in characters.
const LONGEST_VALUE: usize = 100;

/// A line to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Severity, as syslog numbers them.
    pub pri: u8,
    /// User or token that it is about; empty for nobody.
    pub user: String,
    /// What happened.
    pub msg: String,
}

impl Line {
    /// Something that is in order.
    pub fn info(user: &str, msg: String) -> Self {
        Self { pri: INFO, user: user.to_owned(), msg }
    }

    /// Something that may need a look.
    pub fn warning(user: &str, msg: String) -> Self {
        Self { pri: WARNING, user: user.to_owned(), msg }
    }
}

/// A line of the log.
#[derive(Reply, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its number on its node.
    pub uid: u64,
    /// When, seconds since 1970.
    pub time: u64,
    /// Severity, as syslog numbers them: 6 information, 4 warning, 3 error.
    pub pri: u64,
    /// The program that wrote it.
    pub tag: String,
    /// Its process.
    pub pid: u32,
    /// The node.
    pub node: String,
    /// User or token that it is about.
    pub user: String,
    /// What happened.
    pub msg: String,
    /// Unique in the cluster.
    pub id: String,
}

impl Row {
    /// Whether it tells of a login that failed, which anybody can bring about.
    pub(super) fn is_refusal(&self) -> bool {
        self.pri == u64::from(WARNING)
    }
}

/// Who may see a line.
fn sight(row: &Row) -> Sight {
    let paths = vec!["/".to_owned(), format!("/nodes/{}", row.node)];
    Sight::Own { owner: row.user.clone(), paths, privilege: "Sys.Syslog" }
}

impl Node {
    /// Writes a line to the log of the cluster, and shows it to those who listen. Must hold no secret.
    pub fn log(&self, line: Line) {
        let row = self.cluster_log.add(|uid| Row {
            uid,
            time: u64::try_from(host::clock::now()).unwrap_or_default(),
            pri: line.pri.into(),
            tag: TAG.to_owned(),
            pid: std::process::id(),
            node: self.name.to_string(),
            user: line.user,
            msg: tidy(&line.msg),
            id: format!("{uid}:{}", self.name),
        });
        self.events.log(&row.clone().value(), sight(&row));
    }
}

/// One line, however much came from outside.
fn tidy(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect()
}

#[derive(Params, Clone, Debug)]
struct List {
    /// Most lines to answer.
    #[param(min = 1)]
    max: Option<u64>,
}

async fn list(call: Call, p: List) -> Result<Vec<Row>, ApiError> {
    let who = call.user()?;
    let most = p.max.map_or(usize::MAX, |max| usize::try_from(max).unwrap_or(usize::MAX));
    Ok(call.node.cluster_log.newest(most, |row| sight(row).allows(call.users(), who)))
}

/// The line about a change that a method made, made before the method takes the arguments.
pub(crate) fn change(row: &Endpoint, args: &Args, who: &Authid) -> Line {
    let path = filled(row, args);
    let is_path = |name: &str| row.path_parameters().any(|own| own == name) || name == "digest";
    let given = || args.values.iter().filter(|(name, _)| !is_path(name));
    let guest = [("/nodes/{node}/qemu/{vmid}/config", "VM"), ("/nodes/{node}/lxc/{vmid}/config", "CT")];
    let guest = guest.into_iter().find(|(path, _)| *path == row.path);
    let msg = match (guest, args.text("vmid")) {
        (Some((_, label)), Some(vmid)) => {
            let options: Vec<String> = given().map(|(name, value)| format!("-{name} {}", shown(name, value))).collect();
            format!("update {label} {vmid}: {}", options.join(" "))
        }
        _ => {
            let verb = match row.verb {
                Verb::Get => "read",
                Verb::Post => "create",
                Verb::Put => "update",
                Verb::Delete => "delete",
            };
            // Names only: values can be secrets.
            let names: Vec<&str> = given().map(|(name, _)| name.as_str()).collect();
            if names.is_empty() { format!("{verb} {path}") } else { format!("{verb} {path}: {}", names.join(", ")) }
        }
    };
    Line::info(&who.to_string(), msg)
}

/// The row's path with the arguments in their places.
fn filled(row: &Endpoint, args: &Args) -> String {
    let segment = |segment: &str| {
        let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        name.and_then(|name| args.text(name)).unwrap_or_else(|| segment.to_owned())
    };
    row.path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// An option's value as the log shows it.
fn shown(name: &str, value: &serde_json::Value) -> String {
    if ["password", "key", "secret"].iter().any(|secret| name.contains(secret)) {
        return "***".to_owned();
    }
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.chars().take(LONGEST_VALUE).collect()
}

#[cfg(test)]
#[path = "log_tests.rs"]
mod tests;
