//! A terminal on a byte stream: first the ticket, then frames in and bytes out.

use std::{
    future::poll_fn,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use host::pty::Terminal;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf},
    net::UnixStream,
};

use super::frames::{Frame, Frames};

/// A client gets this long to show its ticket.
const TICKET_TIME: Duration = Duration::from_secs(10);
/// Longest line with user and ticket.
const TICKET_LINE: usize = 1024;
/// What is typed faster than the guest reads is kept up to here; then the client is not read from.
const TYPED_AHEAD: usize = 256 << 10;

/// What is behind a terminal.
pub(super) enum Backend {
    /// A serial port of a virtual machine.
    Serial(UnixStream),
    /// A program.
    Program(Terminal),
}

impl Backend {
    fn resize(&self, columns: u16, rows: u16) {
        if let Self::Program(terminal) = self {
            // The program may have ended; reading tells.
            terminal.resize(columns, rows).ok();
        }
    }

    fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Serial(stream) => Pin::new(stream).poll_read(cx, buffer),
            Self::Program(terminal) => Pin::new(terminal).poll_read(cx, buffer),
        }
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self {
            Self::Serial(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::Program(terminal) => Pin::new(terminal).poll_write(cx, bytes),
        }
    }
}

/// Serves one client until either side ends. `good` decides about the user and ticket that it shows first.
///
/// # Errors
/// When the ticket is not good, the client does not speak the protocol, or a side breaks.
pub(super) async fn serve(
    mut client: DuplexStream,
    mut backend: Backend,
    good: impl Fn(&str, &str) -> bool,
) -> io::Result<()> {
    let mut frames = Frames::default();
    let shown = tokio::time::timeout(TICKET_TIME, greeting(&mut client, &mut frames)).await;
    let line = shown.map_err(|_| io::Error::other("no ticket was shown in time"))??;
    if !line.split_once(':').is_some_and(|(user, ticket)| good(user, ticket)) {
        return Err(io::Error::other("the ticket of the console is not good"));
    }
    client.write_all(b"OK").await?;
    let (mut from, mut to) = tokio::io::split(client);
    let mut typed = Vec::new();
    let (mut incoming, mut outgoing) = ([0; 4096], [0; 16 << 10]);
    loop {
        while let Some(frame) = frames.next().map_err(io::Error::other)? {
            match frame {
                Frame::Input(bytes) => typed.extend(bytes),
                Frame::Resize(columns, rows) => backend.resize(columns, rows),
                Frame::KeepAlive => (),
            }
        }
        tokio::select! {
            read = from.read(&mut incoming), if typed.len() < TYPED_AHEAD => match read? {
                0 => return Ok(()),
                count => frames.push(&incoming[..count]),
            },
            event = poll_fn(|cx| backend_event(&mut backend, cx, &typed, &mut outgoing)) => match event? {
                Event::Shown(0) => return Ok(()),
                Event::Shown(count) => to.write_all(&outgoing[..count]).await?,
                Event::Taken(count) => drop(typed.drain(..count)),
            },
        }
    }
}

/// The first line; what follows it goes to the frames.
async fn greeting(client: &mut DuplexStream, frames: &mut Frames) -> io::Result<String> {
    let mut line = Vec::new();
    let mut piece = [0; 512];
    loop {
        let count = client.read(&mut piece).await?;
        line.extend_from_slice(&piece[..count]);
        if let Some(end) = line.iter().position(|byte| *byte == b'\n') {
            frames.push(&line[end + 1..]);
            line.truncate(end);
            return String::from_utf8(line).map_err(io::Error::other);
        }
        if count == 0 || line.len() > TICKET_LINE {
            return Err(io::Error::other("no ticket was shown"));
        }
    }
}

enum Event {
    /// So many bytes are to be shown; none: the end.
    Shown(usize),
    /// So many typed bytes were taken.
    Taken(usize),
}

/// Output counts before input: a guest that prints without end must not be stopped by typing.
fn backend_event(
    backend: &mut Backend,
    cx: &mut Context<'_>,
    typed: &[u8],
    outgoing: &mut [u8],
) -> Poll<io::Result<Event>> {
    let mut buffer = ReadBuf::new(outgoing);
    if let Poll::Ready(read) = backend.poll_read(cx, &mut buffer) {
        return Poll::Ready(read.map(|()| Event::Shown(buffer.filled().len())));
    }
    if typed.is_empty() {
        return Poll::Pending;
    }
    backend.poll_write(cx, typed).map(|written| written.map(Event::Taken))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(script: &str) -> Backend {
        let argv = ["sh", "-c", script].map(str::to_owned);
        Backend::Program(Terminal::spawn(&argv, 80, 24).unwrap())
    }

    #[tokio::test]
    async fn a_program_is_typed_to_and_shown() {
        let (mut near, far) = tokio::io::duplex(1 << 16);
        let backend = program("read line; stty size; echo got $line");
        let served = tokio::spawn(serve(far, backend, |user, ticket| (user, ticket) == ("jo@pve", "PVEVNC:1")));
        near.write_all(b"jo@pve:PVEVNC:1\n1:100:40:0:3:hi\n").await.unwrap();
        let mut text = String::new();
        near.read_to_string(&mut text).await.unwrap();
        assert!(text.starts_with("OK") && text.contains("40 100") && text.contains("got hi"), "{text:?}");
        served.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_wrong_ticket_shows_nothing() {
        let (mut near, far) = tokio::io::duplex(1 << 16);
        let served = tokio::spawn(serve(far, program("echo secret"), |_, _| false));
        near.write_all(b"jo@pve:PVEVNC:1\n").await.unwrap();
        let mut text = String::new();
        near.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "");
        assert!(served.await.unwrap().is_err());
    }
}
