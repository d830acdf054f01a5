//! Command lines, timed as whole processes, and the store's own measurement.
#![allow(clippy::disallowed_methods, reason = "times processes from start to end; `host::run` adds its own work")]

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::node::binary;
use crate::report;

/// How often a command is run; the middle counts.
const RUNS: usize = 11;

/// Runs one of the command lines by its own name against the node below `root`.
pub(crate) fn command(root: &Path, name: &str, args: &[&str]) -> io::Result<Command> {
    let link = root.join(name);
    if !link.exists() {
        std::os::unix::fs::symlink(binary()?, &link)?;
    }
    let mut command = Command::new(link);
    command.args(args).env("PLEIAD_ROOT", root).stdin(Stdio::null());
    Ok(command)
}

/// The middle of the wall times of some runs; the first is not counted.
pub(crate) fn wall_time(root: &Path, name: &str, args: &[&str]) -> io::Result<Duration> {
    let mut took = Vec::new();
    for _ in 0..=RUNS {
        let started = Instant::now();
        let output = command(root, name, args)?.output()?;
        took.push(started.elapsed());
        if !output.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
    }
    Ok(report::median(took.split_off(1)))
}

/// Runs an example of a crate, whose lines are figures already.
pub(crate) fn example(name: &str) {
    let example = binary().map(|path| path.with_file_name("examples").join(name));
    let ran = example.and_then(|path| Command::new(path).stdin(Stdio::null()).output());
    match ran {
        Ok(output) if output.status.success() => print!("{}", String::from_utf8_lossy(&output.stdout)),
        Ok(output) => report::skipped(name, String::from_utf8_lossy(&output.stderr)),
        Err(error) => report::skipped(name, error),
    }
}

/// Runs a program to its end; its time.
pub(crate) fn time(command: &mut Command) -> io::Result<Duration> {
    let started = Instant::now();
    let output = command.stdin(Stdio::null()).output()?;
    let took = started.elapsed();
    if output.status.success() {
        Ok(took)
    } else {
        Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
    }
}
