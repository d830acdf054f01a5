//! The web interface: its packages, its build, its own checks. Each step runs only when what it reads has changed.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use crate::programs::{Outcome, Program, target_dir, top};

/// What the build reads, below `web/`.
const INPUTS: [&str; 8] = [
    "index.html",
    "package-lock.json",
    "vite.config.ts",
    "lingui.config.ts",
    "tsconfig.json",
    "public",
    "src",
    "tools",
];

fn web() -> PathBuf {
    top().join("web")
}

fn npm(args: &[&str]) -> Program {
    // A home's own settings may name folders of other tools; what counts is in web/.npmrc.
    Program::new("npm").args(&["--prefix", "web"]).args(args)
}

/// Installs what `package-lock.json` names, when that differs from what is installed.
pub(crate) fn install() -> Outcome {
    let lock = web().join("package-lock.json");
    // It lies among the packages: who removes them removes it as well.
    let stamp = web().join("node_modules/.installed-lock.json");
    let wanted = fs::read(&lock).map_err(|e| format!("{}: {e}", lock.display()))?;
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    // Not `npm ci`: it refuses a lock without the binaries for other systems that a registry did not have. What the lock
    // names is installed by its checksum all the same, and the lock stays as it is.
    npm(&["install", "--no-save", "--no-audit", "--no-fund"]).run()?;
    fs::write(&stamp, wanted).map_err(|e| format!("{}: {e}", stamp.display()))
}

/// Builds `web/dist`, which the binary includes.
pub(crate) fn build() -> Outcome {
    install()?;
    let stamp = top().join(".dev/web-built");
    let inputs = fingerprint().map_err(|e| format!("web: {e}"))?;
    let there = web().join("dist/index.html").is_file();
    if there && fs::read_to_string(&stamp).is_ok_and(|built| built == inputs) {
        return Ok(());
    }
    npm(&["run", "--silent", "build", "--", "--logLevel", "warn"]).run()?;
    fs::create_dir_all(top().join(".dev")).and_then(|()| fs::write(&stamp, inputs)).map_err(|e| format!("{e}"))
}

/// Types and lint of the interface.
pub(crate) fn lint() -> Outcome {
    install()?;
    npm(&["run", "--silent", "check"]).run()?;
    npm(&["run", "--silent", "lint"]).run()
}

/// The unit tests of the interface.
pub(crate) fn unit() -> Outcome {
    install()?;
    npm(&["run", "--silent", "test"]).run()
}

/// The interface in a browser against a node with guests; options go to Playwright.
pub(crate) fn browser(options: &[String]) -> Outcome {
    build()?;
    Program::cargo(&["build", "--package", "pleiad"]).run()?;
    Program::new(top().join(".dev/venv/bin/python"))
        .args(&["-B", "web/e2e/run.py"])
        .args(options)
        .env("PLEIAD_BINARY", target_dir().join("debug/pleiad"))
        .run()
}

/// `./dev web`: the development server; or one of the interface's own verbs.
pub(crate) fn develop(words: &[String]) -> Outcome {
    let (verb, rest) = words.split_first().map_or(("", words), |(verb, rest)| (verb.as_str(), rest));
    match verb {
        "" => {
            install()?;
            eprintln!("A node answers the API: start one with ./dev run, or name one in PLEIAD_URL");
            npm(&["run", "--silent", "dev"]).exec()
        }
        "build" => build(),
        "api" => types(),
        "test" => browser(rest),
        _ => Err(format!("unknown word '{verb}': none for the development server, or build, api, test")),
    }
}

/// The types of the API that the interface was written against are those that the binary has.
pub(crate) fn types_are_current() -> Outcome {
    let file = web().join("src/api/schema.d.ts");
    let before = fs::read(&file).unwrap_or_default();
    types()?;
    if fs::read(&file).is_ok_and(|now| now == before) {
        return Ok(());
    }
    Err("web/src/api/schema.d.ts was behind the API and is written anew: commit it with what it describes".to_owned())
}

/// Writes the types of the API anew from what the binary says of itself.
fn types() -> Outcome {
    install()?;
    Program::cargo(&["build", "--package", "pleiad"]).run()?;
    let description = Program::new(target_dir().join("debug/pleiad")).args(&["openapi"]).output()?;
    npm(&["run", "--silent", "api"]).input(description.as_bytes())
}

/// A number that changes with names or contents of what the build reads.
fn fingerprint() -> io::Result<String> {
    let mut files = Vec::new();
    for input in INPUTS {
        walk(&web().join(input), &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.hash(&mut hasher);
        fs::read(&file)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}\n", hasher.finish()))
}

fn walk(path: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            walk(&entry?.path(), found)?;
        }
    } else if path.is_file() {
        found.push(path.to_path_buf());
    }
    Ok(())
}
