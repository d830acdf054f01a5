//! The one place in this crate that starts programs: each is shown before it runs.
#![allow(
    clippy::disallowed_methods,
    reason = "developer tool: `host::run` is the product's, and needs an async runtime"
)]

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
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

    /// True when it can be started at all.
    pub(crate) fn starts(mut self) -> bool {
        self.command.output().is_ok()
    }

    /// Standard output of a run that succeeded.
    pub(crate) fn output(mut self) -> Result<String, String> {
        let output = self.command.output().map_err(|e| format!("{}: {e}", self.shown))?;
        if !output.status.success() {
            return Err(format!("{}: {}", self.shown, String::from_utf8_lossy(&output.stderr).trim()));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs to the end with a text on standard input.
    pub(crate) fn input(mut self, text: &[u8]) -> Outcome {
        let failed = |e: std::io::Error, shown: &str| format!("{shown}: {e}");
        let mut child = self.command.stdin(Stdio::piped()).spawn().map_err(|e| failed(e, &self.shown))?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(text).map_err(|e| failed(e, &self.shown))?;
        }
        let status = child.wait().map_err(|e| failed(e, &self.shown))?;
        if status.success() { Ok(()) } else { Err(format!("{} ended with {status}", self.shown)) }
    }

    /// Standard output as it comes, of a program that runs beside us.
    pub(crate) fn piped(mut self) -> Result<std::process::ChildStdout, String> {
        let child = self.command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        child.map_err(|e| format!("{}: {e}", self.shown))?.stdout.ok_or_else(|| format!("{}: no output", self.shown))
    }

    /// Standard output of a program that works on our own terminal.
    pub(crate) fn on_terminal(mut self) -> Result<String, String> {
        let output = self.command.stdin(Stdio::inherit()).output().map_err(|e| format!("{}: {e}", self.shown))?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Starts it in the background with its words in a file. In a process group of its own, so that no Ctrl-C
    /// reaches it.
    pub(crate) fn background(mut self, log: &Path) -> Result<std::process::Child, String> {
        let open = || std::fs::OpenOptions::new().create(true).append(true).open(log);
        let failed = |e: std::io::Error| format!("{}: {e}", self.shown);
        let (output, errors) = (open().map_err(failed)?, open().map_err(failed)?);
        let command = self.command.stdin(Stdio::null()).stdout(output).stderr(errors).process_group(0);
        command.spawn().map_err(|e| format!("{}: {e}", self.shown))
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
