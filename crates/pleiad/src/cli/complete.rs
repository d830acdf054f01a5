//! Shell completion, from the same tables as the commands themselves.

use std::process::ExitCode;

use api::Router;

use super::Found;
use super::{
    TOOLS, find,
    special::SPECIALS,
    table::{ALIASES, COMMANDS},
};

/// The script for bash: each word is completed by asking this program.
const BASH: &str = r#"_pleiad_complete() {
    local IFS=$'\n'
    COMPREPLY=($(pleiad completion words -- "${COMP_WORDS[@]:0:COMP_CWORD}" "${COMP_WORDS[COMP_CWORD]}" 2>/dev/null))
}
"#;

/// The same for zsh.
const ZSH: &str = r#"_pleiad_complete() {
    local -a found
    found=(${(f)"$(pleiad completion words -- "${(@)words[1,CURRENT]}" 2>/dev/null)"})
    if (( $#found )); then compadd -a found; else _files; fi
}
"#;

/// The same for fish.
const FISH: &str = r#"function __pleiad_complete
    set -l last (commandline -ct)
    test (count $last) -eq 0; and set last ''
    pleiad completion words -- (commandline -opc) $last 2>/dev/null
end
"#;

/// Prints a shell's script, or the words that fit.
pub(super) fn main(words: &[String]) -> ExitCode {
    match words.first().map(String::as_str) {
        Some("bash") if words.len() == 1 => {
            print!("{BASH}");
            println!("complete -o default -F _pleiad_complete {}", TOOLS.join(" "));
        }
        Some("zsh") if words.len() == 1 => {
            println!("#compdef {}", TOOLS.join(" "));
            print!("{ZSH}");
            println!("compdef _pleiad_complete {}", TOOLS.join(" "));
        }
        Some("fish") if words.len() == 1 => {
            print!("{FISH}");
            for tool in TOOLS {
                println!("complete -c {tool} -a '(__pleiad_complete)'");
            }
        }
        Some("words") => {
            let given: Vec<&str> = words[1..].iter().map(String::as_str).skip_while(|word| *word == "--").collect();
            if let Ok(router) = api::router() {
                fitting(&router, &given).iter().for_each(|word| println!("{word}"));
            }
        }
        _ => {
            eprintln!("usage: pleiad completion bash | zsh | fish");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// What the last of the words may become.
fn fitting(router: &Router, words: &[&str]) -> Vec<String> {
    let Some((tool, [given @ .., last])) = words.split_first() else { return Vec::new() };
    let tool = tool.rsplit('/').next().unwrap_or_default();
    let given: Vec<String> = given.iter().map(|word| (*word).to_owned()).collect();
    let mut candidates = match find(tool, &given) {
        Some(found) => options(router, &found),
        None if tool == "pvesh" => pvesh(router, &given, last),
        None => next_words(tool, &given),
    };
    candidates.retain(|word| word.starts_with(last));
    candidates.sort();
    candidates.dedup();
    candidates
}

fn next_words(tool: &str, given: &[String]) -> Vec<String> {
    let commands = COMMANDS.iter().map(|row| (row.tool, row.words));
    let specials = SPECIALS.iter().map(|row| (row.tool, row.words));
    let aliases = ALIASES.iter().map(|(tool, alias, _)| (*tool, *alias));
    let all = commands.chain(specials).chain(aliases).filter(|(of, _)| *of == tool);
    let next = all.filter_map(|(_, words)| {
        let words: Vec<&str> = words.split(' ').collect();
        words
            .starts_with(&given.iter().map(String::as_str).collect::<Vec<_>>())
            .then(|| words.get(given.len()).copied())?
    });
    next.map(str::to_owned).collect()
}

fn options(router: &Router, found: &Found) -> Vec<String> {
    match found {
        Found::Special(row, _) => row.options.iter().map(|(name, _)| format!("--{name}")).collect(),
        Found::Call(command, _) => {
            let rows = router.rows().iter();
            let row = rows.clone().find(|row| row.verb == command.verb && row.path == command.path);
            let grammar = row.map(|row| schema::cli::Grammar::of(row.spec, command.positional, &["node"]));
            grammar.map(|grammar| grammar.options.keys().map(|name| format!("--{name}")).collect()).unwrap_or_default()
        }
    }
}

fn pvesh(router: &Router, given: &[String], last: &str) -> Vec<String> {
    if given.is_empty() {
        return ["get", "set", "create", "delete", "ls", "usage"].map(str::to_owned).to_vec();
    }
    let parent = last.rsplit_once('/').map_or("", |(parent, _)| parent);
    router.listing(parent).into_iter().map(|entry| format!("{parent}/{}", entry.subdir)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_paths_are_completed() {
        let router = api::router().unwrap();
        assert_eq!(fitting(&router, &["qm", "stat"]), ["status"]);
        assert_eq!(fitting(&router, &["/usr/bin/pveum", "user", "tok"]), ["token"]);
        assert_eq!(fitting(&router, &["qm", "status", "--"]), ["--verbose"]);
        assert_eq!(fitting(&router, &["pvesh", "us"]), ["usage"]);
        assert!(fitting(&router, &["qm"]).is_empty());
    }
}
