//! Lists of a tool's commands, held against the tables: `NAME`, `NAME : absent: WHY`, or `NAME : ours`.

use super::{COMMANDS, Found, find, special::SPECIALS, table::ALIASES};

fn exists(tool: &str, words: &str) -> bool {
    let router = api::router().unwrap();
    let given: Vec<String> = words.split(' ').map(str::to_owned).collect();
    match find(tool, &given) {
        Some(Found::Special(_, used)) => used == given.len(),
        Some(Found::Call(command, used)) => {
            let has = |row: &&&api::engine::Endpoint| row.verb == command.verb && row.path == command.path;
            used == given.len() && router.rows().iter().find(has).is_some()
        }
        None => false,
    }
}

/// Every command of the list is here, or absent for the reason that it says; and every command that is here is listed.
pub(super) fn check(tool: &str, list: &str) {
    let lines = list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let listed: Vec<(&str, &str)> = lines.map(|line| line.split_once(" : ").unwrap_or((line, ""))).collect();
    let wrong: Vec<_> = listed.iter().filter(|(name, note)| exists(tool, name) == note.starts_with("absent")).collect();
    assert!(wrong.is_empty(), "commands of {tool} that differ from their list: {wrong:?}");
    let own = COMMANDS.iter().filter(|row| row.tool == tool).map(|row| row.words);
    let special = SPECIALS.iter().filter(|row| row.tool == tool).map(|row| row.words);
    let aliases = ALIASES.iter().filter(|(other, ..)| *other == tool).map(|(_, alias, _)| *alias);
    let unlisted: Vec<_> =
        own.chain(special).chain(aliases).filter(|words| !listed.iter().any(|(name, _)| name == words)).collect();
    assert!(unlisted.is_empty(), "commands of {tool} that are in no list: {unlisted:?}");
}
