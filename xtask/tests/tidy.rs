//! Keeps the rules of ARCHITECTURE.md that no compiler keeps.

#![allow(clippy::expect_used, reason = "a checkout that cannot be read is a failed test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The crates in the order in which they may use each other: each only those before it.
const ORDER: [&str; 14] = [
    "macros", "schema", "host", "access", "store", "task", "storage", "network", "stats", "guest", "api", "pleiad",
    "conform", "bench",
];

/// Libraries that only these crates may use.
const CONFINED: [(&str, &[&str]); 9] = [
    ("hyper", &["pleiad", "bench"]),
    ("hyper-util", &["pleiad", "bench"]),
    ("tokio-rustls", &["pleiad", "bench", "storage", "host"]),
    ("tokio-tungstenite", &["pleiad", "bench"]),
    ("rusqlite", &["store", "stats"]),
    ("nix", &["host"]),
    ("libc", &["host"]),
    ("syn", &["macros"]),
    ("comfy-table", &["pleiad"]),
];

/// Crates that know no async runtime, file, process or socket.
const PURE: [&str; 3] = ["macros", "schema", "access"];

const LONGEST_FILE: usize = 600;

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the checkout").to_path_buf()
}

/// Every file of the checkout that is ours: neither built nor of a tool.
fn files() -> Vec<PathBuf> {
    fn walk(dir: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let skipped = name.starts_with("target") || matches!(&*name, ".git" | ".dev" | "node_modules" | "dist");
            match path.symlink_metadata() {
                Ok(meta) if meta.is_dir() && !skipped => walk(&path, found),
                Ok(meta) if meta.is_file() => found.push(path),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    walk(&top(), &mut found);
    found.sort();
    found
}

fn below_top(path: &Path) -> String {
    path.strip_prefix(top()).unwrap_or(path).display().to_string()
}

/// Rust sources as (path below the top, text).
fn sources() -> Vec<(String, String)> {
    let rust = files().into_iter().filter(|path| path.extension().is_some_and(|e| e == "rs"));
    rust.map(|path| (below_top(&path), fs::read_to_string(&path).expect("a readable source"))).collect()
}

/// The names in `[dependencies]` (and with `dev` in `[dev-dependencies]`) of a Cargo.toml.
fn dependencies(manifest: &Path, dev: bool) -> Vec<String> {
    let text = fs::read_to_string(manifest).expect("a readable Cargo.toml");
    let mut inside = false;
    let mut names = Vec::new();
    for line in text.lines() {
        if line.starts_with('[') {
            inside = matches!(line, "[dependencies]" | "[workspace.dependencies]" | "[build-dependencies]")
                || (dev && line == "[dev-dependencies]");
        } else if inside && let Some((name, _)) = line.split_once('=') {
            let name = name.trim().trim_end_matches(".workspace");
            if !name.is_empty() && !name.starts_with('#') {
                names.push(name.to_owned());
            }
        }
    }
    names
}

fn crates() -> BTreeMap<String, PathBuf> {
    let folders = fs::read_dir(top().join("crates")).expect("crates/");
    let folders = folders.map(|entry| entry.expect("an entry").path()).filter(|path| path.join("Cargo.toml").is_file());
    folders.map(|path| (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), path)).collect()
}

fn report(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}

#[test]
fn a_crate_uses_only_those_above_it() {
    let mut broken = Vec::new();
    for (name, path) in crates() {
        let Some(place) = ORDER.iter().position(|c| *c == name) else {
            broken.push(format!("crate {name} has no place in the order: give it one here and in ARCHITECTURE.md"));
            continue;
        };
        for used in dependencies(&path.join("Cargo.toml"), true) {
            if ORDER.iter().position(|c| *c == used).is_some_and(|below| below >= place) {
                broken.push(format!("{name} uses {used}"));
            }
        }
    }
    report("a crate uses only those above it", &broken);
}

#[test]
fn libraries_stay_where_they_belong() {
    let mut broken = Vec::new();
    for (name, path) in crates() {
        for used in dependencies(&path.join("Cargo.toml"), false) {
            if CONFINED.iter().any(|(library, homes)| *library == used && !homes.contains(&&*name)) {
                broken.push(format!("{name} uses {used}"));
            }
            if PURE.contains(&&*name) && ["tokio", "host", "nix", "rusqlite"].contains(&&*used) {
                broken.push(format!("{name} is pure, but uses {used}"));
            }
        }
    }
    report("libraries stay in the crates that own them", &broken);
}

#[test]
fn only_host_starts_programs() {
    let allowed = |path: &str| {
        ["crates/host/", "crates/bench/", "xtask/"].iter().any(|home| path.starts_with(home)) || is_test(path)
    };
    let mut broken = Vec::new();
    for (path, text) in sources().iter().filter(|(path, _)| !allowed(path)) {
        for (number, line) in product_lines(text) {
            if ["process::Command", "Command::new(", "execv", "posix_spawn"].iter().any(|word| line.contains(word)) {
                broken.push(format!("{path}:{number}"));
            }
        }
    }
    report("only crate host starts programs", &broken);
}

#[test]
fn unsafe_stays_in_host_sys() {
    let mut broken = Vec::new();
    for (path, text) in sources().iter().filter(|(path, _)| !path.starts_with("crates/host/src/sys")) {
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_start();
            let code = line.split("//").next().unwrap_or_default();
            let used = ["unsafe {", "unsafe fn", "unsafe impl", "unsafe extern"].iter().any(|word| code.contains(word));
            // host's own lib.rs opens the one exception.
            let opened = code.contains("allow(unsafe_code") && path != "crates/host/src/lib.rs";
            if (used || opened) && !path.ends_with("tests/tidy.rs") {
                broken.push(format!("{path}:{}", number + 1));
            }
        }
    }
    report("unsafe code only in host::sys", &broken);
}

#[test]
fn files_stay_short_and_the_exceptions_only_shrink() {
    let list = fs::read_to_string(top().join("xtask/tests/long_files")).expect("the list of exceptions");
    let exceptions: BTreeMap<&str, usize> = list
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(' ').and_then(|(lines, path)| Some((path, lines.parse().ok()?))))
        .collect();
    let mut broken = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, text) in sources() {
        let lines = text.lines().count();
        match exceptions.get(&*path) {
            Some(limit) if lines > *limit => broken.push(format!("{path} has {lines} lines and may have {limit}")),
            Some(_) if lines <= LONGEST_FILE => broken.push(format!("{path} is short now: take it off the list")),
            None if lines > LONGEST_FILE => broken.push(format!("{path} has {lines} lines: split it")),
            _ => {}
        }
        seen.insert(path);
    }
    broken.extend(exceptions.keys().filter(|path| !seen.contains(**path)).map(|path| format!("{path} is gone")));
    report("no file is longer than 600 lines", &broken);
}

#[test]
fn nothing_names_the_machine_it_was_written_on() {
    let here = top();
    // A checkout directly below the root directory has a parent that is in every path.
    let parent = here.parent().filter(|parent| parent.components().count() > 1).unwrap_or(&here);
    let paths = [here.display().to_string(), format!("{}/", parent.display())];
    let ordinary = ["/home/", "/root/", "/tmp/", "/srv/", "/opt/", "/usr/src/", "/mnt/", "/var/"];
    let mut broken = Vec::new();
    for path in files() {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for (number, line) in text.lines().enumerate() {
            if paths.iter().any(|p| !ordinary.contains(&&**p) && line.contains(p.as_str())) {
                broken.push(format!("{}:{}", below_top(&path), number + 1));
            }
        }
    }
    report("no path of the machine it was written on", &broken);
}

/// The names in the first column of the tables in docs/dependencies.md.
fn rows() -> BTreeSet<String> {
    let table = fs::read_to_string(top().join("docs/dependencies.md")).expect("docs/dependencies.md");
    let cells = table.lines().filter_map(|line| line.strip_prefix('|')?.split('|').next());
    cells.flat_map(|cell| cell.split(',')).map(|name| name.trim().trim_matches('`').to_owned()).collect()
}

#[test]
fn every_dependency_says_why() {
    let rows = rows();
    let mut used: BTreeSet<String> = dependencies(&top().join("Cargo.toml"), false).into_iter().collect();
    used.extend(crates().values().flat_map(|path| dependencies(&path.join("Cargo.toml"), true)));
    let broken: Vec<String> =
        used.into_iter().filter(|name| !ORDER.contains(&&**name) && !rows.contains(name)).collect();
    report("every dependency has a row in docs/dependencies.md", &broken);
}

/// The names in `dependencies` and `devDependencies` of `web/package.json`, one a line there.
fn packages() -> Vec<String> {
    let text = fs::read_to_string(top().join("web/package.json")).expect("web/package.json");
    let mut inside = false;
    let mut names = Vec::new();
    for line in text.lines().map(str::trim) {
        match line {
            "\"dependencies\": {" | "\"devDependencies\": {" => inside = true,
            "}" | "}," => inside = false,
            _ if inside => names.extend(line.split('"').nth(1).map(str::to_owned)),
            _ => {}
        }
    }
    names
}

#[test]
fn every_package_of_the_interface_says_why() {
    let rows = rows();
    let broken: Vec<String> = packages().into_iter().filter(|name| !rows.contains(name)).collect();
    assert!(packages().iter().any(|name| name == "react"), "web/package.json is not written one name a line");
    report("every package of web/package.json has a row in docs/dependencies.md", &broken);
}

#[test]
fn files_of_the_interface_stay_short() {
    let made = "web/src/api/schema.d.ts";
    let mut broken = Vec::new();
    for path in files() {
        let name = below_top(&path);
        let ours = name.starts_with("web/src/") || name.starts_with("web/e2e/") || name.starts_with("web/tools/");
        let code = path.extension().is_some_and(|e| ["ts", "tsx", "css", "mjs", "py"].iter().any(|code| e == *code));
        if ours && code && name != made {
            let lines = fs::read_to_string(&path).expect("a readable source").lines().count();
            if lines > LONGEST_FILE {
                broken.push(format!("{name} has {lines} lines: split it"));
            }
        }
    }
    report("no file of the interface is longer than 600 lines", &broken);
}

#[test]
fn locked_packages_name_no_registry() {
    let lock = fs::read_to_string(top().join("web/package-lock.json")).expect("web/package-lock.json");
    let named = lock.lines().filter(|line| line.trim_start().starts_with("\"resolved\":")).map(str::to_owned);
    report("web/package-lock.json names no addresses (web/.npmrc sees to that)", &named.collect::<Vec<_>>());
}

#[test]
fn licences_of_the_interface_go_with_ours() {
    // CC-BY-4.0: a table of browsers that the build reads. The rest may be part of a work under AGPL-3.0-or-later.
    let allowed = [
        "(MIT OR CC0-1.0)",
        "0BSD",
        "AGPL-3.0-or-later",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "BlueOak-1.0.0",
        "CC-BY-4.0",
        "ISC",
        "MIT",
        "MPL-2.0",
        "Python-2.0",
        "Unlicense",
    ];
    let lock = fs::read_to_string(top().join("web/package-lock.json")).expect("web/package-lock.json");
    let named = lock.lines().filter_map(|line| line.trim().strip_prefix("\"license\": \"")?.split('"').next());
    let other: Vec<String> = named.filter(|name| !allowed.contains(name)).map(str::to_owned).collect();
    report("licences in web/package-lock.json", &other);
}

#[test]
fn no_drawer_for_everything() {
    let drawer = |path: &str| {
        path.split('/')
            .any(|part| matches!(part.trim_end_matches(".rs"), "utils" | "util" | "common" | "helpers" | "misc"))
    };
    let broken: Vec<String> = sources().into_iter().map(|(path, _)| path).filter(|path| drawer(path)).collect();
    // The suites named common-* have their file there.
    let broken: Vec<String> = broken.into_iter().filter(|path| path != "crates/conform/src/common.rs").collect();
    report("a file is named for what is in it", &broken);
}

#[test]
fn the_book_has_every_page_and_every_link_leads_somewhere() {
    let summary = fs::read_to_string(top().join("docs/SUMMARY.md")).expect("docs/SUMMARY.md");
    let mut broken = Vec::new();
    for path in files().iter().filter(|path| path.extension().is_some_and(|e| e == "md")) {
        let name = below_top(path);
        if let Some(page) = name.strip_prefix("docs/")
            && page != "SUMMARY.md"
            && !summary.contains(&format!("({page})"))
        {
            broken.push(format!("{name} is not in docs/SUMMARY.md"));
        }
        let text = fs::read_to_string(path).expect("a readable page");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            let outside = target.contains("://") || target.starts_with("mailto:") || file.is_empty();
            if !outside && !path.with_file_name("").join(file).exists() {
                broken.push(format!("{name} links to {target}, which is not there"));
            }
        }
    }
    report("pages and links", &broken);
}

fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("tests.rs") || path.contains("/examples/") || path.contains("/fuzz/")
}

/// Lines before the file's test module, with their numbers; comments left out.
fn product_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(number, line)| (number + 1, line));
    lines.take_while(|(_, line)| line.trim() != "#[cfg(test)]").filter(|(_, line)| !line.trim_start().starts_with("//"))
}
