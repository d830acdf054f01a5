//! Feeds the product's own functions with the cases of a conformance suite: `conform SUITE --dir DIR` answers each
//! case with one line of JSON. Not shipped.

use std::fs;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value, json};

mod access;
mod cli;
mod common;
mod convert;
mod families;
mod lxc;
mod ovf;
mod passthrough;
mod qemu;
mod schemas;
mod snapshot;
mod storage;
mod upid;

/// A case's outcome: what the product answered, or the message with which it refused.
pub(crate) type Outcome = Result<Value, String>;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [suite, flag, dir] = args.as_slice() else {
        eprintln!("usage: conform SUITE --dir DIR");
        return ExitCode::from(2);
    };
    if flag != "--dir" {
        eprintln!("usage: conform SUITE --dir DIR");
        return ExitCode::from(2);
    }
    match run(suite, Path::new(dir)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("conform {suite}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(suite: &str, dir: &Path) -> io::Result<()> {
    std::panic::set_hook(Box::new(|_| {}));
    for (name, input) in cases(dir)? {
        let answer = catch_unwind(AssertUnwindSafe(|| families::answer(suite, dir, &name, &input)));
        let line = match answer {
            Ok(Some(Ok(output))) => json!({"case": name, "output": output}),
            Ok(Some(Err(error))) => json!({"case": name, "error": error}),
            Ok(None) => json!({"case": name, "unsupported": "no function of the product answers this yet"}),
            Err(_) => json!({"case": name, "unsupported": "the product's function panicked"}),
        };
        let mut out = io::stdout().lock();
        writeln!(out, "{line}")?;
        out.flush()?;
    }
    Ok(())
}

/// The cases of a suite: lines of one file, or a folder each.
fn cases(dir: &Path) -> io::Result<Vec<(String, Value)>> {
    let lines = dir.join("cases.jsonl");
    if lines.exists() {
        let text = fs::read_to_string(lines)?;
        return Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).filter_map(named).collect());
    }
    let mut found = Vec::new();
    collect(&dir.join("cases"), &dir.join("cases"), &mut found)?;
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found)
}

fn named(line: Value) -> Option<(String, Value)> {
    Some((line.get("case")?.as_str()?.to_owned(), line.get("input").cloned().unwrap_or(Value::Null)))
}

/// A folder is a case when it holds files; its name is the path below `cases/`.
fn collect(top: &Path, dir: &Path, found: &mut Vec<(String, Value)>) -> io::Result<()> {
    let entries: Vec<PathBuf> = fs::read_dir(dir)?.filter_map(|entry| entry.ok().map(|e| e.path())).collect();
    if dir != top && entries.iter().any(|path| path.is_file()) {
        let name = dir.strip_prefix(top).unwrap_or(dir).display().to_string();
        let case = fs::read_to_string(dir.join("case.json")).ok();
        let input = case.and_then(|text| serde_json::from_str::<Value>(&text).ok());
        let input = input.map_or(Value::Null, |case| case.get("input").cloned().unwrap_or(case));
        found.push((name, input));
        return Ok(());
    }
    entries.iter().filter(|path| path.is_dir()).try_for_each(|path| collect(top, path, found))
}
