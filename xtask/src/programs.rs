//! The one place in this crate that starts programs: each is shown before it runs.
#![allow(
    clippy::disallowed_methods,
    reason = "developer tool: `host::run` is the product's, and needs an async runtime"
)]

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// What went wrong, for a person to read.
pub(crate) type Outcome = Result<(), String>;

/// A program with its arguments.
pub(crate) struct Program {
    command: Command,
    shown: String,
}

impl Program {
    /// A program by name or path, run in the top folder of the checkout.
    pub(crate) fn new(program: impl AsRef<Path>) -> Self {
        let program = program.as_ref();
        let mut command = Command::new(program);
        command.current_dir(top());
        Self { command, shown: program.display().to_string() }
    }

    /// Cargo with arguments.
    pub(crate) fn cargo(args: &[&str]) -> Self {
        Self::new(std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)).args(args)
    }

    /// Adds arguments.
    pub(crate) fn args<S: AsRef<str>>(mut self, args: &[S]) -> Self {
        for arg in args {
            self.command.arg(arg.as_ref());
            self.shown = format!("{} {}", self.shown, arg.as_ref());
        }
        self
    }

    /// Sets one variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<Path>) -> Self {
        self.command.env(name, value.as_ref());
        self
    }

    /// Runs to the end; an exit code other than 0 is an error.
    pub(crate) fn run(mut self) -> Outcome {
        let started = Instant::now();
        eprintln!("+ {}", self.shown);
        let status = self.command.status().map_err(|e| format!("{}: {e}", self.shown))?;
        eprintln!("  {:.1} s", started.elapsed().as_secs_f64());
        if status.success() { Ok(()) } else { Err(format!("{} ended with {status}", self.shown)) }
    }

    /// True when the program ran and said yes; its output is dropped.
    pub(crate) fn succeeds(mut self) -> bool {
        self.command.output().is_ok_and(|output| output.status.success())
    }

    /// Standard output of a run that succeeded.
    pub(crate) fn output(mut self) -> Result<String, String> {
        let output = self.command.output().map_err(|e| format!("{}: {e}", self.shown))?;
        if !output.status.success() {
            return Err(format!("{}: {}", self.shown, String::from_utf8_lossy(&output.stderr).trim()));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Becomes the program; comes back only when it could not be started.
    pub(crate) fn exec(mut self) -> Outcome {
        Err(format!("{}: {}", self.shown, self.command.exec()))
    }
}

/// The top folder of the checkout.
pub(crate) fn top() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where cargo puts what it builds.
pub(crate) fn target_dir() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => top().join(dir),
        None => top().join("target"),
    }
}
