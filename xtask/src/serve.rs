//! `./dev run`: a node in the foreground, below a folder of its own.

use std::fs;
use std::os::unix::fs::symlink;

use crate::programs::{Outcome, Program, target_dir, top};
use crate::web;

/// Names under which the one binary is the command line of one noun.
pub(crate) const COMMANDS: [&str; 6] = ["qm", "pct", "pvesm", "pveum", "pvesh", "pveam"];

/// Builds the binary and becomes `pleiad up`.
///
/// The development profile: it shares every built dependency (optimised there) with `./dev test`, so that a change
/// is running after one compilation of what changed.
pub(crate) fn run(options: &[String]) -> Outcome {
    web::build()?;
    Program::cargo(&["build", "--package", "pleiad"]).run()?;
    let pleiad = target_dir().join("debug/pleiad");
    let root = option(options, "--root").map_or_else(|| top().join(".dev/root"), |dir| top().join(dir));
    let first_login = option(options, "--first-login").map_or_else(|| root.join("first-login.json"), |f| top().join(f));
    let bin = top().join(".dev/bin");
    fs::create_dir_all(&root).map_err(|e| format!("{}: {e}", root.display()))?;
    fs::create_dir_all(&bin).map_err(|e| format!("{}: {e}", bin.display()))?;
    for name in COMMANDS.iter().chain(&["pleiad"]) {
        let link = bin.join(name);
        // A link left by an earlier run may lead to another target folder.
        fs::remove_file(&link).ok();
        symlink(&pleiad, &link).map_err(|e| format!("{}: {e}", link.display()))?;
    }
    eprintln!("First login (password and API token): {}", first_login.display());
    eprintln!("Command lines, in another shell:");
    eprintln!("  export PATH={}:$PATH PLEIAD_ROOT={}", bin.display(), root.display());
    let mut args = vec!["up".to_owned()];
    for (name, value) in [
        ("--root", root.display().to_string()),
        ("--first-login", first_login.display().to_string()),
        ("--listen", "127.0.0.1:8006".to_owned()),
    ] {
        if option(options, name).is_none() {
            args.extend([name.to_owned(), value]);
        }
    }
    args.extend(options.iter().cloned());
    Program::new(pleiad).args(&args).exec()
}

/// The value of `--name VALUE` or `--name=VALUE`.
fn option<'a>(options: &'a [String], name: &str) -> Option<&'a str> {
    options.iter().enumerate().find_map(|(i, arg)| match arg.strip_prefix(name)? {
        "" => options.get(i + 1).map(String::as_str),
        rest => rest.strip_prefix('='),
    })
}

#[cfg(test)]
mod tests {
    use super::option;

    #[test]
    fn an_option_may_be_given_in_both_ways() {
        let args: Vec<String> = ["--root", "/a", "--listen=[::]:1"].map(String::from).into();
        assert_eq!(option(&args, "--root"), Some("/a"));
        assert_eq!(option(&args, "--listen"), Some("[::]:1"));
        assert_eq!(option(&args, "--node"), None);
    }
}
