//! Programs on a terminal of their own: consoles of guests.

use std::{
    io,
    os::fd::OwnedFd,
    pin::Pin,
    process::Stdio,
    task::{Context, Poll, ready},
};

use nix::pty::{OpenptyResult, Winsize, openpty};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf, unix::AsyncFd},
    process::Child,
};

use crate::run::{Run, RunError};

/// A running program and the terminal that it sits at. What is read is what it prints, what is written is what it
/// gets as typed. Dropping it hangs the terminal up and kills the program.
pub struct Terminal {
    master: AsyncFd<OwnedFd>,
    child: Child,
}

impl Terminal {
    /// Starts a program on a new terminal of the given size (characters).
    ///
    /// # Errors
    /// When there is no terminal left or the program cannot be started.
    pub fn spawn(argv: &[String], columns: u16, rows: u16) -> Result<Self, RunError> {
        let name = argv.first().cloned().unwrap_or_default();
        let io = |source: io::Error| RunError::Io { program: name.clone(), source };
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        let OpenptyResult { master, slave } = openpty(&size, None).map_err(|err| io(err.into()))?;
        nix::fcntl::fcntl(&master, nix::fcntl::FcntlArg::F_SETFD(nix::fcntl::FdFlag::FD_CLOEXEC))
            .and_then(|_| nix::fcntl::fcntl(&master, nix::fcntl::FcntlArg::F_SETFL(nix::fcntl::OFlag::O_NONBLOCK)))
            .map_err(|err| io(err.into()))?;
        // setsid(1) makes the terminal the controlling one: only then does the program hear of a new size.
        let mut command =
            Run::new("setsid").args(["--ctty", "--wait", "--"]).args(argv).env("TERM", "xterm-256color").command();
        let copy = || slave.try_clone().map(Stdio::from).map_err(io);
        command.stdin(copy()?).stdout(copy()?).stderr(copy()?).kill_on_drop(true);
        let child = command.spawn().map_err(|source| RunError::Start { program: name.clone(), source })?;
        let master = crate::sys::watched(master).map_err(io)?;
        Ok(Self { master, child })
    }

    /// Tells the program that the terminal has another size now (characters).
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn resize(&self, columns: u16, rows: u16) -> io::Result<()> {
        let size = rustix::termios::Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        Ok(rustix::termios::tcsetwinsize(self.master.get_ref(), size)?)
    }

    /// Waits for the program's end; its exit code, or none when a signal ended it.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub async fn wait(&mut self) -> io::Result<Option<i32>> {
        self.child.wait().await.map(|status| status.code())
    }
}

impl AsyncRead for Terminal {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            let mut guard = ready!(this.master.poll_read_ready(cx))?;
            let free = buffer.initialize_unfilled();
            match guard.try_io(|master| nix::unistd::read(master, free).map_err(io::Error::from)) {
                Ok(Ok(count)) => {
                    buffer.advance(count);
                    return Poll::Ready(Ok(()));
                }
                // The last program closed the other side: that is how a terminal ends.
                Ok(Err(err)) if err.raw_os_error() == Some(nix::libc::EIO) => return Poll::Ready(Ok(())),
                Ok(Err(err)) => return Poll::Ready(Err(err)),
                Err(_would_block) => {}
            }
        }
    }
}

impl AsyncWrite for Terminal {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        loop {
            let mut guard = ready!(this.master.poll_write_ready(cx))?;
            match guard.try_io(|master| nix::unistd::write(master, bytes).map_err(io::Error::from)) {
                Ok(written) => return Poll::Ready(written),
                Err(_would_block) => {}
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    fn argv(script: &str) -> Vec<String> {
        ["sh", "-c", script].map(str::to_owned).to_vec()
    }

    #[tokio::test]
    async fn a_terminal_has_a_size_and_echoes() {
        let script = "stty size; read line; echo \"got $line\"; exit 3";
        let mut terminal = Terminal::spawn(&argv(script), 100, 40).unwrap();
        terminal.write_all(b"hello\n").await.unwrap();
        let mut text = String::new();
        terminal.read_to_string(&mut text).await.unwrap();
        assert!(text.contains("40 100") && text.contains("got hello"), "{text:?}");
        assert_eq!(terminal.wait().await.unwrap(), Some(3));
    }

    #[tokio::test]
    async fn a_new_size_is_announced() {
        let script = "trap 'stty size; exit 0' WINCH; echo ready; while :; do sleep 0.05; done";
        let mut terminal = Terminal::spawn(&argv(script), 80, 24).unwrap();
        let mut seen = Vec::new();
        while !String::from_utf8_lossy(&seen).contains("ready") {
            terminal.read_buf(&mut seen).await.unwrap();
        }
        terminal.resize(132, 50).unwrap();
        let mut text = String::new();
        terminal.read_to_string(&mut text).await.unwrap();
        assert!(text.contains("50 132"), "{text:?}");
    }
}
