//! Runs programs: the only place of the product that does.
//!
//! A program gets an argument vector (never a shell), a clean environment, a deadline and a process group of its own.
//! The whole group is killed when the deadline passes or the caller loses interest (drops the future), so nothing
//! that we started is left behind by accident. What shall outlive us says so: [`Run::detached`].

use std::{
    ffi::{OsStr, OsString},
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::{Child, Command},
    sync::oneshot,
    time::Instant,
};

/// Where programs are looked for: a daemon must not depend on its caller's environment.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A program that needs longer than this must say so with [`Run::deadline`].
const DEFAULT_DEADLINE: Duration = Duration::from_secs(30);

/// How much of what a program printed is kept in an error.
const TAIL_LINES: usize = 6;

/// How much of a program's output is kept in memory, bytes; the rest is read and dropped.
const OUTPUT_LIMIT: usize = 64 << 20;

/// Why a program did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// It could not be started at all.
    #[error("unable to start '{program}': {source}{}", hint(.source))]
    Start {
        /// The program's name.
        program: String,
        /// What the system answered.
        source: std::io::Error,
    },
    /// It ended with an error.
    #[error("command '{program}' failed: {status}{}", shown(.stderr))]
    Failed {
        /// The program's name.
        program: String,
        /// `exit code 1`, `got signal 9`
        status: String,
        /// Its exit code; none when a signal ended it.
        code: Option<i32>,
        /// The last lines it printed as errors.
        stderr: String,
    },
    /// It was still running at its deadline and has been killed.
    #[error("command '{program}' failed: got timeout after {seconds} s{}", shown(.stderr))]
    Timeout {
        /// The program's name.
        program: String,
        /// The deadline it had, seconds.
        seconds: u64,
        /// The last lines it printed as errors.
        stderr: String,
    },
    /// Its input or output broke.
    #[error("command '{program}': input/output failed: {source}")]
    Io {
        /// The program's name.
        program: String,
        /// What the system answered.
        source: std::io::Error,
    },
}

impl RunError {
    /// The exit code, where the program ended by itself.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        match self {
            Self::Failed { code, .. } => *code,
            _ => None,
        }
    }
}

fn hint(source: &std::io::Error) -> &'static str {
    match source.kind() {
        std::io::ErrorKind::NotFound => " (is its package installed?)",
        _ => "",
    }
}

fn shown(stderr: &str) -> String {
    if stderr.is_empty() { String::new() } else { format!(": {stderr}") }
}

/// What a program printed before it ended successfully.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// Its standard output, at most 64 MiB.
    pub stdout: Vec<u8>,
    /// Its standard error.
    pub stderr: Vec<u8>,
}

impl Output {
    /// Standard output as text; what is not UTF-8 becomes a replacement character.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

enum Input {
    Null,
    Bytes(Vec<u8>),
    File(PathBuf),
    Open(OwnedFd),
}

/// One program to run.
#[must_use = "a program runs only with output(), lines() or detached()"]
pub struct Run {
    program: OsString,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    directory: Option<PathBuf>,
    input: Input,
    stdout_file: Option<PathBuf>,
    deadline: Duration,
}

impl Run {
    /// A program by name (looked for in the system's places) or path.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            args: Vec::new(),
            env: Vec::new(),
            directory: None,
            input: Input::Null,
            stdout_file: None,
            deadline: DEFAULT_DEADLINE,
        }
    }

    /// Adds one argument.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Sets a variable of its otherwise clean environment (`PATH`, `LC_ALL=C`).
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Sets the working directory; `/` when not set.
    pub fn directory(mut self, path: impl AsRef<Path>) -> Self {
        self.directory = Some(path.as_ref().to_owned());
        self
    }

    /// Feeds it these bytes. Secrets go this way, never by argument.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = Input::Bytes(bytes.into());
        self
    }

    /// Feeds it a file.
    pub fn stdin_file(mut self, path: impl AsRef<Path>) -> Self {
        self.input = Input::File(path.as_ref().to_owned());
        self
    }

    /// Feeds it what an open file or the reading end of a pipe has.
    pub fn stdin_fd(mut self, fd: OwnedFd) -> Self {
        self.input = Input::Open(fd);
        self
    }

    /// Writes its standard output to a new file instead of keeping it; an existing file is truncated.
    pub fn stdout_file(mut self, path: impl AsRef<Path>) -> Self {
        self.stdout_file = Some(path.as_ref().to_owned());
        self
    }

    /// How long it may run; 30 seconds when not set.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Runs it to its end and returns what it printed.
    ///
    /// # Errors
    /// When it cannot be started, ends with an error or overruns its deadline.
    pub async fn output(self) -> Result<Output, RunError> {
        let (ended, output) = self.told().await;
        ended.map(|()| output)
    }

    /// Runs it to its end and returns what it printed, also when that was not a good one: for programs whose exit code
    /// is part of what they tell.
    pub async fn told(self) -> (Result<(), RunError>, Output) {
        match self.whole().await {
            Ok(told) => told,
            Err(error) => (Err(error), Output::default()),
        }
    }

    async fn whole(self) -> Result<(Result<(), RunError>, Output), RunError> {
        let mut running = self.start()?;
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let ended = {
            let stdout = running.child.stdout.take();
            let stderr = running.child.stderr.take();
            let work = async {
                let (fed, read, errors, status) = tokio::join!(
                    feed(running.child.stdin.take(), std::mem::take(&mut running.feed)),
                    drain(stdout, &mut out),
                    drain(stderr, &mut err),
                    running.child.wait()
                );
                fed.and(read).and(errors)?;
                status
            };
            tokio::time::timeout_at(running.deadline, work).await
        };
        let ended = running.finish(ended, &err);
        Ok((ended, Output { stdout: out, stderr: err }))
    }

    /// Runs it to its end and hands over each line that it prints (output and errors alike) as it comes. A carriage
    /// return ends a line too, as progress displays use it.
    ///
    /// # Errors
    /// As [`Run::output`].
    pub async fn lines(self, mut line: impl FnMut(&str)) -> Result<(), RunError> {
        let mut running = self.start()?;
        let mut tail = Vec::new();
        let ended = {
            let mut stdout = Lines::new(running.child.stdout.take());
            let mut stderr = Lines::new(running.child.stderr.take());
            let (feeding, input) = (running.child.stdin.take(), std::mem::take(&mut running.feed));
            let reading = async {
                while !(stdout.ended() && stderr.ended()) {
                    tokio::select! {
                        text = stdout.next(), if !stdout.ended() => if let Some(text) = text? { line(&text) },
                        text = stderr.next(), if !stderr.ended() => if let Some(text) = text? {
                            line(&text);
                            tail.extend_from_slice(text.as_bytes());
                            tail.push(b'\n');
                        },
                    }
                }
                Ok(())
            };
            let work = async {
                let (fed, read, status) = tokio::join!(feed(feeding, input), reading, running.child.wait());
                fed.and(read)?;
                status
            };
            tokio::time::timeout_at(running.deadline, work).await
        };
        running.finish(ended, &tail)
    }

    /// Starts it as a process that outlives us; both its outputs are appended to `log`. No deadline applies.
    ///
    /// # Errors
    /// When the log cannot be opened or the program not be started.
    pub fn detached(self, log: &Path) -> Result<Detached, RunError> {
        let program = self.name();
        let io = |source| RunError::Io { program: program.clone(), source };
        let file = std::fs::OpenOptions::new().create(true).append(true).open(log).map_err(io)?;
        let mut command = self.bare();
        crate::sys::in_own_session(&mut command);
        command.stdout(file.try_clone().map_err(io)?).stderr(file).stdin(Stdio::null());
        let child = command.spawn().map_err(|source| RunError::Start { program: program.clone(), source })?;
        Ok(Detached { program, child })
    }

    fn name(&self) -> String {
        self.program.to_string_lossy().into_owned()
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = self.bare();
        command.process_group(0);
        command
    }

    // The one place that the lint is for.
    #[allow(clippy::disallowed_methods)]
    fn bare(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.args)
            .env_clear()
            .env("PATH", PATH)
            .env("LC_ALL", "C")
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .current_dir(self.directory.as_deref().unwrap_or(Path::new("/")));
        command
    }

    fn start(self) -> Result<Running, RunError> {
        let program = self.name();
        let io = |source| RunError::Io { program: program.clone(), source };
        let mut command = self.command();
        command.stderr(Stdio::piped());
        match &self.stdout_file {
            Some(path) => command.stdout(std::fs::File::create(path).map_err(io)?),
            None => command.stdout(Stdio::piped()),
        };
        let feed = match self.input {
            Input::Null => {
                command.stdin(Stdio::null());
                Vec::new()
            }
            Input::File(path) => {
                command.stdin(std::fs::File::open(path).map_err(io)?);
                Vec::new()
            }
            Input::Open(fd) => {
                command.stdin(fd);
                Vec::new()
            }
            Input::Bytes(bytes) => {
                command.stdin(Stdio::piped());
                bytes
            }
        };
        let child = command.spawn().map_err(|source| RunError::Start { program: program.clone(), source })?;
        let group = child.id().and_then(|pid| i32::try_from(pid).ok()).map(Pid::from_raw);
        let (deadline, limit) = (Instant::now() + self.deadline, self.deadline);
        Ok(Running { program, child, group, feed, deadline, limit })
    }
}

/// A process that outlives us. Dropping this does not end it.
pub struct Detached {
    program: String,
    child: Child,
}

impl Detached {
    /// Its process id; none after it was waited for.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Lets the runtime collect it when it ends one day, and tells how that was; nobody has to listen.
    pub fn collected(mut self) -> oneshot::Receiver<Result<(), RunError>> {
        let (sender, end) = oneshot::channel();
        tokio::spawn(async move {
            // It fails when nobody listens.
            let _ = sender.send(self.wait().await);
        });
        end
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// When it ends with an error. What it printed is in its log.
    pub async fn wait(&mut self) -> Result<(), RunError> {
        let status = self.child.wait().await;
        let status = status.map_err(|source| RunError::Io { program: self.program.clone(), source })?;
        judge(&self.program, status, &[])
    }
}

/// The last lines that a detached program printed; nothing when its log cannot be read.
#[must_use]
pub fn last_words(log: &Path) -> String {
    tail(&std::fs::read(log).unwrap_or_default())
}

/// A started program; its group dies with this value.
struct Running {
    program: String,
    child: Child,
    group: Option<Pid>,
    feed: Vec<u8>,
    deadline: Instant,
    limit: Duration,
}

type Ended = Result<std::io::Result<ExitStatus>, tokio::time::error::Elapsed>;

impl Running {
    fn finish(mut self, ended: Ended, stderr: &[u8]) -> Result<(), RunError> {
        let program = self.program.clone();
        match ended {
            Err(_) => Err(RunError::Timeout { program, seconds: self.limit.as_secs(), stderr: tail(stderr) }),
            Ok(Err(source)) => Err(RunError::Io { program, source }),
            Ok(Ok(status)) => {
                // The group id is free for others now: it must not be killed any more.
                self.group = None;
                judge(&program, status, stderr)
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(group) = self.group {
            // Fails only if the group is gone already. The runtime reaps the leader.
            let _ = killpg(group, Signal::SIGKILL);
        }
    }
}

fn judge(program: &str, status: ExitStatus, stderr: &[u8]) -> Result<(), RunError> {
    use std::os::unix::process::ExitStatusExt as _;
    if status.success() {
        return Ok(());
    }
    let shown = match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("got signal {signal}"),
        (None, None) => "unknown end".to_owned(),
    };
    Err(RunError::Failed { program: program.to_owned(), status: shown, code: status.code(), stderr: tail(stderr) })
}

/// The last lines that are not empty, joined for one message.
fn tail(printed: &[u8]) -> String {
    let text = String::from_utf8_lossy(printed);
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}

async fn feed(stdin: Option<tokio::process::ChildStdin>, bytes: Vec<u8>) -> std::io::Result<()> {
    let Some(mut stdin) = stdin else { return Ok(()) };
    let written = async {
        stdin.write_all(&bytes).await?;
        stdin.shutdown().await
    };
    match written.await {
        // It did not care to read everything; its exit code tells whether that was an error.
        Err(err) if err.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

async fn drain(source: Option<impl tokio::io::AsyncRead + Unpin>, into: &mut Vec<u8>) -> std::io::Result<()> {
    let Some(mut source) = source else { return Ok(()) };
    let mut chunk = vec![0; 16 << 10];
    loop {
        let count = source.read(&mut chunk).await?;
        if count == 0 {
            return Ok(());
        }
        let room = OUTPUT_LIMIT.saturating_sub(into.len()).min(count);
        into.extend_from_slice(&chunk[..room]);
    }
}

/// Lines of a stream, ended by a line feed or a carriage return.
struct Lines<R> {
    source: Option<BufReader<R>>,
    partial: Vec<u8>,
}

impl<R: tokio::io::AsyncRead + Unpin> Lines<R> {
    fn new(source: Option<R>) -> Self {
        Self { source: source.map(BufReader::new), partial: Vec::new() }
    }

    fn ended(&self) -> bool {
        self.source.is_none()
    }

    /// The next line that is not empty; nothing at the end. Safe to be cancelled: a half line is kept.
    async fn next(&mut self) -> std::io::Result<Option<String>> {
        while let Some(source) = &mut self.source {
            let chunk = source.fill_buf().await?;
            if chunk.is_empty() {
                self.source = None;
                break;
            }
            let end = chunk.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            self.partial.extend_from_slice(&chunk[..end.unwrap_or(chunk.len())]);
            let used = end.map_or(chunk.len(), |end| end + 1);
            source.consume(used);
            if end.is_some() && !self.partial.is_empty() {
                break;
            }
        }
        let line = std::mem::take(&mut self.partial);
        Ok((!line.is_empty()).then(|| String::from_utf8_lossy(&line).into_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn output_and_input() {
        let output = Run::new("cat").stdin("hello").output().await.unwrap();
        assert_eq!(output.text(), "hello");
    }

    #[tokio::test]
    async fn the_environment_is_clean() {
        let output = Run::new("env").env("A", "1").output().await.unwrap();
        assert_eq!(output.text(), format!("A=1\nLC_ALL=C\nPATH={PATH}\n"));
    }

    #[tokio::test]
    async fn a_failure_tells_program_code_and_last_words() {
        let failed = Run::new("sh").args(["-c", "echo no such luck >&2; exit 3"]).output().await.unwrap_err();
        assert_eq!(failed.to_string(), "command 'sh' failed: exit code 3: no such luck");
        assert_eq!(failed.code(), Some(3));
        let missing = Run::new("no-such-program").output().await.unwrap_err();
        assert!(missing.to_string().contains("unable to start 'no-such-program'"), "{missing}");
    }

    #[tokio::test]
    async fn the_deadline_kills_the_whole_group() {
        let directory = tempfile::tempdir().unwrap();
        let fifo = directory.path().join("fifo");
        nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).unwrap();
        // The grandchild holds the pipe's writing end: reading ends only when it is dead too.
        let script = format!("sleep 100 > {} & wait", fifo.display());
        let reader = tokio::task::spawn_blocking(move || std::fs::read(fifo));
        let limit = Duration::from_millis(300);
        let late = Run::new("sh").args(["-c", &script]).deadline(limit).output().await.unwrap_err();
        assert!(matches!(late, RunError::Timeout { .. }), "{late}");
        assert!(reader.await.unwrap().unwrap().is_empty());
    }

    #[tokio::test]
    async fn lines_come_from_both_streams() {
        let mut lines = Vec::new();
        let script = "printf 'a\\rb\\n'; printf 'c\\n' >&2; printf d";
        Run::new("sh").args(["-c", script]).lines(|line| lines.push(line.to_owned())).await.unwrap();
        lines.sort();
        assert_eq!(lines, ["a", "b", "c", "d"]);
    }

    #[tokio::test]
    async fn a_detached_program_has_a_session_of_its_own() {
        // Else the kernel would end it, if it was stopped, together with us.
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("log");
        let mut process = Run::new("sh").args(["-c", "cut -d' ' -f1,5,6 /proc/$$/stat"]).detached(&log).unwrap();
        process.wait().await.unwrap();
        let text = std::fs::read_to_string(log).unwrap();
        let ids: Vec<&str> = text.split_whitespace().collect();
        assert!(ids.len() == 3 && ids[0] == ids[1] && ids[0] == ids[2], "{text}");
    }

    #[tokio::test]
    async fn detached_output_goes_to_its_log() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("log");
        let mut process = Run::new("sh").args(["-c", "echo one; echo two >&2"]).detached(&log).unwrap();
        process.wait().await.unwrap();
        assert_eq!(std::fs::read_to_string(log).unwrap(), "one\ntwo\n");
    }
}
