//! Everything that says yes or no about the code: lint, tests, conformance.

use std::fs;
use std::path::PathBuf;

use crate::lab;
use crate::programs::{Outcome, Program, target_dir, top};
use crate::web;

/// The newest Rust (1.x) that the code was linted with. A newer one may warn of what nobody could have heeded yet: on a
/// machine that just installed it, warnings are shown, and fail nothing.
const LINTED_WITH: u32 = 99;

/// All checks; with filters only the Rust tests whose names match.
pub(crate) fn test(filters: &[String]) -> Outcome {
    if !filters.is_empty() {
        return Program::cargo(&["test", "--workspace", "--quiet"]).args(filters).run();
    }
    // First: what is tested includes it.
    web::build()?;
    lint(&[])?;
    Program::cargo(&["test", "--workspace", "--no-fail-fast"]).run()?;
    web::types_are_current()?;
    web::unit()?;
    conformance(&[])?;
    e2e(&[])?;
    web::browser(&[])?;
    // Last, as it takes minutes: what fails elsewhere need not fail here.
    lab::test(&["foundation".to_owned()])
}

/// Formatting, clippy, documentation and dependency policy, each with warnings as errors (see [`LINTED_WITH`]).
pub(crate) fn lint(options: &[String]) -> Outcome {
    let strict = rust_minor()? <= LINTED_WITH;
    if !strict {
        eprintln!("this Rust is newer than 1.{LINTED_WITH}: its new warnings fail nothing");
    }
    let warnings = if strict { "-Dwarnings" } else { "-Wwarnings" };
    Program::cargo(&["fmt", "--all", "--check"]).run().map_err(|e| format!("{e}: './dev fmt' repairs it"))?;
    Program::cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", warnings]).run()?;
    Program::cargo(&["doc", "--quiet", "--workspace", "--no-deps", "--document-private-items"])
        .env("RUSTDOCFLAGS", warnings)
        .run()?;
    web::lint()?;
    dependency_policy(options.iter().any(|o| o == "--deny") || std::env::var_os("CI").is_some())
}

/// The `x` of the compiler's version `1.x.y`.
fn rust_minor() -> Result<u32, String> {
    let version = Program::new("rustc").args(&["--version"]).output()?;
    let minor = version.strip_prefix("rustc 1.").and_then(|rest| rest.split('.').next());
    minor.and_then(|minor| minor.parse().ok()).ok_or_else(|| format!("rustc told no version: {version}"))
}

/// `cargo deny` by the rules of deny.toml.
///
/// It takes minutes to build, so it is used where it is installed, and built in CI and when asked for.
/// The list of advisories is fetched from the network: a machine that cannot reach it checks the rest.
fn dependency_policy(install: bool) -> Outcome {
    if !Program::cargo(&["deny", "--version"]).succeeds() {
        if !install {
            eprintln!("cargo-deny is not installed: dependency policy not checked ('./dev lint --deny' installs it)");
            return Ok(());
        }
        Program::cargo(&["install", "--locked", "--quiet", "cargo-deny"]).run()?;
    }
    Program::cargo(&["deny", "--workspace", "check", "bans", "licenses", "sources"]).run()?;
    if Program::cargo(&["deny", "fetch"]).succeeds() {
        return Program::cargo(&["deny", "--workspace", "check", "advisories"]).run();
    }
    eprintln!("the list of advisories cannot be fetched here: advisories not checked");
    Ok(())
}

/// The end-to-end tests: real clients against a real node, with real guests.
pub(crate) fn e2e(options: &[String]) -> Outcome {
    Program::cargo(&["build", "--package", "pleiad"]).run()?;
    Program::new(top().join(".dev/venv/bin/python"))
        .args(&["-m", "pytest", "-p", "no:cacheprovider", "tests/e2e"])
        .args(options)
        .env("PLEIAD_BINARY", target_dir().join("debug/pleiad"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .run()
}

/// Runs the suites named, or those of `tests/conformance-suites`, where a folder of suites lies beside the checkout.
pub(crate) fn conformance(suites: &[String]) -> Outcome {
    let Some(dir) = conformance_dir() else {
        eprintln!("no conformance suites beside this checkout: not run");
        return Ok(());
    };
    let listed = fs::read_to_string(top().join("tests/conformance-suites")).unwrap_or_default();
    let listed: Vec<(&str, &str)> = listed
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(char::is_whitespace).map(|(name, min)| (name, min.trim())))
        .collect();
    Program::cargo(&["build", "--quiet", "--package", "conform"]).run()?;
    let runner = target_dir().join("debug/conform");
    let judge = |names: &[&str], min: Option<&str>| {
        let mut program = Program::new("python3").args(&["-B"]);
        program = program.args(&[dir.join("judge.py").display().to_string(), "--runner".to_owned()]);
        program = program.args(&[runner.display().to_string()]).args(names).args(&["--failures", "3"]);
        match min {
            Some(min) => program.args(&["--min", min]).run(),
            // Inner conventions of PVE that are left out here, each with its reason.
            None => program
                .args(&["--waive".to_owned(), top().join("tests/conformance-waivers.json").display().to_string()])
                .run(),
        }
    };
    if !suites.is_empty() {
        return judge(&suites.iter().map(String::as_str).collect::<Vec<_>>(), None);
    }
    let mut failed = Vec::new();
    for (name, min) in listed {
        if judge(&[name], Some(min)).is_err() {
            failed.push(name);
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("conformance is below its mark in: {}", failed.join(", "))) }
}

/// The folder of suites: `PLEIAD_CONFORMANCE`, or `../shared/conformance`.
fn conformance_dir() -> Option<PathBuf> {
    let dir = std::env::var_os("PLEIAD_CONFORMANCE")
        .map_or_else(|| top().join("../shared/conformance"), |dir| top().join(dir));
    dir.join("judge.py").is_file().then_some(dir)
}
