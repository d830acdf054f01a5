//! Runs programs inside a node, over a virtio-serial port of its own: neither the console nor the network is needed.
//!
//! The other end is `tests/lab/image/files/usr/local/sbin/lab-agent`, which describes the frames.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

/// Longest payload of a frame, bytes.
const CHUNK: usize = 32 << 10;

/// What to run inside.
pub(crate) struct Job<'a> {
    /// Program and arguments.
    pub(crate) argv: &'a [&'a str],
    /// Its working folder.
    pub(crate) folder: &'a str,
    /// Rows, columns and kind of the terminal that it shall have; none: it gets pipes.
    pub(crate) terminal: Option<(String, String, String)>,
}

impl<'a> Job<'a> {
    /// A program with pipes, in the root folder.
    pub(crate) fn new(argv: &'a [&'a str]) -> Self {
        Self { argv, folder: "/", terminal: None }
    }

    fn frame(&self) -> Vec<u8> {
        let none = (String::from("0"), String::from("0"), String::new());
        let (rows, columns, kind) = self.terminal.as_ref().unwrap_or(&none);
        let head = [if self.terminal.is_some() { "1" } else { "0" }, rows, columns, kind, self.folder];
        head.iter().chain(self.argv).copied().collect::<Vec<_>>().join("\0").into_bytes()
    }
}

/// Which of a program's outputs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    Standard,
    Errors,
}

/// The connection to one node. One program at a time; what runs there is killed when this is dropped.
pub(crate) struct Agent {
    stream: UnixStream,
}

impl Agent {
    /// Connects, and waits until the node has booted far enough to answer.
    pub(crate) fn connect(socket: &Path, limit: Duration, alive: impl Fn() -> bool) -> Result<Self, String> {
        let until = Instant::now() + limit;
        let stream = loop {
            match UnixStream::connect(socket) {
                Ok(stream) => break stream,
                Err(_) if Instant::now() < until && alive() => std::thread::sleep(Duration::from_millis(50)),
                Err(err) => return Err(format!("{}: {err}", socket.display())),
            }
        };
        let mut agent = Self { stream };
        agent.begin_anew(until).map_err(|err| match err.kind() {
            io::ErrorKind::WouldBlock => format!("the node does not answer within {} s", limit.as_secs()),
            _ => format!("the node has ended: {err}"),
        })?;
        Ok(agent)
    }

    /// Whatever was said before on this port is over. Padding completes a frame that was cut off; an answer with our
    /// own number tells what belongs to us.
    fn begin_anew(&mut self, until: Instant) -> io::Result<()> {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let nonce = format!("{}.{}", std::process::id(), now.as_nanos()).into_bytes();
        self.stream.write_all(&vec![0; CHUNK + 16])?;
        self.send(b'N', &nonce)?;
        let mut answer = vec![b'N'];
        answer.extend(length(&nonce));
        answer.extend(&nonce);
        let mut seen = Vec::new();
        while !seen.ends_with(&answer) {
            // Byte by byte, as nothing behind the answer may be taken; it is short.
            let mut byte = [0];
            self.read_exact(&mut byte, until)?;
            seen.push(byte[0]);
        }
        Ok(())
    }

    fn send(&mut self, kind: u8, payload: &[u8]) -> io::Result<()> {
        send(&mut self.stream, kind, payload)
    }

    fn read_exact(&mut self, into: &mut [u8], until: Instant) -> io::Result<()> {
        let left = until.saturating_duration_since(Instant::now());
        // A timeout of zero would mean none.
        self.stream.set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
        self.stream.read_exact(into)
    }

    /// Runs a program to its end with this input, and returns its exit code (128 and the number for a signal).
    pub(crate) fn run(
        &mut self,
        job: &Job<'_>,
        input: Option<Box<dyn Read + Send>>,
        limit: Duration,
        mut said: impl FnMut(Output, &[u8]),
    ) -> Result<u8, String> {
        let program = job.argv.first().copied().unwrap_or_default();
        let until = Instant::now() + limit;
        let failed = |err: io::Error| match err.kind() {
            io::ErrorKind::WouldBlock => format!("{program} did not end within {} s", limit.as_secs()),
            _ => format!("the node ended while {program} ran: {err}"),
        };
        self.send(b'R', &job.frame()).map_err(failed)?;
        let writer = self.stream.try_clone().map_err(failed)?;
        // Not joined: it may wait for a keyboard. A program that does not care for its input ends it, too.
        std::thread::spawn(move || feed(writer, input));
        loop {
            let mut head = [0; 5];
            self.read_exact(&mut head, until).map_err(failed)?;
            let mut payload = vec![0; u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize];
            self.read_exact(&mut payload, until).map_err(failed)?;
            match head[0] {
                b'O' => said(Output::Standard, &payload),
                b'E' => said(Output::Errors, &payload),
                b'X' => return String::from_utf8_lossy(&payload).parse().map_err(|err| format!("exit code: {err}")),
                other => return Err(format!("the node sent a frame of kind {other}")),
            }
        }
    }

    /// Standard output of a program that must succeed.
    pub(crate) fn output(&mut self, argv: &[&str], limit: Duration) -> Result<String, String> {
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let code = self.run(&Job::new(argv), None, limit, |which, text| match which {
            Output::Standard => output.extend_from_slice(text),
            Output::Errors => errors.extend_from_slice(text),
        })?;
        let text = String::from_utf8_lossy(&output).into_owned();
        match code {
            0 => Ok(text),
            code => {
                Err(format!("{}: exit code {code}: {text}{}", argv.join(" "), String::from_utf8_lossy(&errors).trim()))
            }
        }
    }
}

/// Shows what a program inside says as if it ran here.
pub(crate) fn show(which: Output, text: &[u8]) {
    // A reader that went away is no reason to stop what runs inside.
    let _ = match which {
        Output::Standard => io::stdout().write_all(text).and_then(|()| io::stdout().flush()),
        Output::Errors => io::stderr().write_all(text),
    };
}

fn feed(mut stream: UnixStream, input: Option<Box<dyn Read + Send>>) {
    let mut chunk = vec![0; CHUNK];
    if let Some(mut input) = input {
        while let Ok(count) = input.read(&mut chunk)
            && count > 0
        {
            if send(&mut stream, b'I', &chunk[..count]).is_err() {
                return;
            }
        }
    }
    // The reader of answers tells when the connection is gone.
    let _ = send(&mut stream, b'I', b"");
}

fn send(stream: &mut UnixStream, kind: u8, payload: &[u8]) -> io::Result<()> {
    let mut frame = vec![kind];
    frame.extend(length(payload));
    frame.extend(payload);
    stream.write_all(&frame)
}

fn length(payload: &[u8]) -> [u8; 4] {
    // Payloads are chunks and command lines.
    u32::try_from(payload.len()).unwrap_or(u32::MAX).to_be_bytes()
}
