//! The terminal that a command line was started at.

use std::{
    io::{self, IsTerminal, Read, Write},
    os::{fd::AsFd, unix::net::UnixStream, unix::process::CommandExt},
    path::Path,
};

use nix::{
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::termios::{LocalFlags, SetArg, Termios, cfmakeraw, tcgetattr, tcsetattr},
};

/// Puts the terminal's settings back when dropped.
struct Restore(Termios);

impl Restore {
    /// Changes the settings of the terminal at standard input, if there is one.
    fn after(change: impl FnOnce(&mut Termios)) -> io::Result<Option<Self>> {
        let stdin = io::stdin();
        if !stdin.is_terminal() {
            return Ok(None);
        }
        let before = tcgetattr(&stdin)?;
        let mut settings = before.clone();
        change(&mut settings);
        tcsetattr(&stdin, SetArg::TCSAFLUSH, &settings)?;
        Ok(Some(Self(before)))
    }
}

impl Drop for Restore {
    fn drop(&mut self) {
        // The terminal may be gone.
        tcsetattr(io::stdin(), SetArg::TCSAFLUSH, &self.0).ok();
    }
}

/// Asks for a secret without showing what is typed. Without a terminal, reads a line.
///
/// # Errors
/// When nothing can be read.
pub fn read_password(prompt: &str) -> io::Result<String> {
    let hidden = Restore::after(|settings| settings.local_flags.remove(LocalFlags::ECHO))?;
    if hidden.is_some() {
        eprint!("{prompt}");
        io::stderr().flush()?;
    }
    let mut line = String::new();
    let read = io::stdin().read_line(&mut line)?;
    if hidden.is_some() {
        eprintln!();
    }
    if read == 0 {
        Err(io::ErrorKind::UnexpectedEof.into())
    } else {
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    }
}

/// Connects the terminal with a socket until either ends or the byte `escape` is typed.
///
/// # Errors
/// When the socket cannot be reached or breaks.
pub fn attach(socket: &Path, escape: Option<u8>) -> io::Result<()> {
    let mut stream = UnixStream::connect(socket)?;
    let _raw = Restore::after(cfmakeraw)?;
    let (mut stdin, mut stdout) = (io::stdin(), io::stdout());
    let mut typing = true;
    let mut buffer = [0; 4096];
    loop {
        let (typed, shown) = {
            let mut waited = vec![PollFd::new(stream.as_fd(), PollFlags::POLLIN)];
            if typing {
                waited.push(PollFd::new(stdin.as_fd(), PollFlags::POLLIN));
            }
            poll(&mut waited, PollTimeout::NONE)?;
            let ready = |at: usize| waited.get(at).and_then(PollFd::any).unwrap_or_default();
            (ready(1), ready(0))
        };
        if shown {
            let count = stream.read(&mut buffer)?;
            if count == 0 {
                return Ok(());
            }
            stdout.write_all(&buffer[..count])?;
            stdout.flush()?;
        }
        if typed {
            let count = stdin.read(&mut buffer)?;
            let keys = &buffer[..count];
            let end = escape.and_then(|escape| keys.iter().position(|key| *key == escape));
            stream.write_all(&keys[..end.unwrap_or(count)])?;
            if end.is_some() {
                return Ok(());
            }
            // The end of a pipe is no wish to leave: what it caused is still to be shown.
            typing = count > 0;
        }
    }
}

/// Connects standard input and output with a socket, byte for byte, until either side ends.
///
/// # Errors
/// When the socket cannot be reached or breaks.
pub fn bridge(socket: &Path) -> io::Result<()> {
    let mut stream = UnixStream::connect(socket)?;
    let mut typed = stream.try_clone()?;
    std::thread::spawn(move || {
        // Its end, however it came, ends the other direction, too.
        io::copy(&mut io::stdin(), &mut typed).ok();
        typed.shutdown(std::net::Shutdown::Both).ok();
    });
    let mut stdout = io::stdout();
    let mut buffer = [0; 16 << 10];
    loop {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            count => {
                stdout.write_all(&buffer[..count])?;
                stdout.flush()?;
            }
        }
    }
}

/// Becomes another program, at the same terminal and with the same environment. Returns only when that fails.
#[allow(clippy::disallowed_methods)]
#[must_use]
pub fn become_program(argv: &[String]) -> io::Error {
    match argv.split_first() {
        Some((program, args)) => std::process::Command::new(program).args(args).exec(),
        None => io::ErrorKind::InvalidInput.into(),
    }
}
