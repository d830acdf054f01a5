//! The proxy for SPICE viewers: takes `CONNECT` with a ticket in place of the host, has the daemon check it, ends the
//! viewer's TLS, and carries bytes. It connects nobody with anything else.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

use super::daemon::Daemon;

/// Connections at a time; a viewer has about eight.
const MAX_CONNECTIONS: usize = 1024;
/// How long a client may take until it has said what it wants, and again for its handshake.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest request, and longest head of the daemon's answer, bytes.
const LONGEST: usize = 4096;
/// Buffer of either direction.
const BUFFER: usize = 64 << 10;

/// What every connection needs.
pub(super) struct Spice {
    tls: TlsAcceptor,
    daemon: Daemon,
    places: Arc<Semaphore>,
}

impl Spice {
    pub(super) fn new(tls: TlsAcceptor, daemon: Daemon) -> Self {
        Self { tls, daemon, places: Arc::new(Semaphore::new(MAX_CONNECTIONS)) }
    }

    /// Serves until `stop` changes; connections end with the process.
    pub(super) async fn serve(
        self: Arc<Self>,
        listener: std::net::TcpListener,
        mut stop: watch::Receiver<bool>,
    ) -> Result<(), String> {
        let listener = TcpListener::from_std(listener).map_err(|error| error.to_string())?;
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = stop.changed() => return Ok(()),
            };
            match accepted {
                Ok((stream, peer)) => self.admit(stream, peer),
                Err(error) => {
                    // Out of descriptors, usually: others finish meanwhile.
                    tracing::warn!("unable to accept a SPICE connection: {error}");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    fn admit(self: &Arc<Self>, stream: TcpStream, peer: SocketAddr) {
        let Ok(place) = self.places.clone().try_acquire_owned() else {
            tracing::warn!("SPICE connection of {peer} refused: {MAX_CONNECTIONS} are open already");
            return;
        };
        let this = self.clone();
        tokio::spawn(async move {
            if let Err(error) = this.connection(stream).await {
                tracing::debug!("SPICE connection of {peer}: {error}");
            }
            drop(place);
        });
    }

    async fn connection(&self, mut client: TcpStream) -> io::Result<()> {
        client.set_nodelay(true)?;
        let head = timeout(PATIENCE, head(&mut client)).await??;
        let Some(target) = target(&head) else {
            return client.write_all(b"HTTP/1.0 405 only CONNECT with a ticket\r\nConnection: close\r\n\r\n").await;
        };
        let mut daemon = match self.daemon.connect().await {
            Ok(daemon) => daemon,
            Err(error) => {
                client.write_all(b"HTTP/1.0 503 the daemon is not running\r\nConnection: close\r\n\r\n").await?;
                return Err(error);
            }
        };
        daemon.write_all(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n").as_bytes()).await?;
        let answer = timeout(PATIENCE, self::head(&mut daemon)).await??;
        if answer.split(' ').nth(1) != Some("200") {
            return client.write_all(b"HTTP/1.0 403 the ticket is not good\r\nConnection: close\r\n\r\n").await;
        }
        client.write_all(b"HTTP/1.0 200 connected\r\n\r\n").await?;
        let mut client = timeout(PATIENCE, self.tls.accept(client)).await??;
        tokio::io::copy_bidirectional_with_sizes(&mut client, &mut daemon, BUFFER, BUFFER).await.map(drop)
    }
}

/// A head up to its empty line, and not a byte beyond it: what follows belongs to somebody else.
async fn head(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        if bytes.len() == LONGEST {
            return Err(io::Error::other("the head is too long"));
        }
        bytes.push(stream.read_u8().await?);
    }
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// The `host:port` that a request is for; nothing if it is no CONNECT or the host is no host.
fn target(head: &str) -> Option<&str> {
    let mut words = head.lines().next()?.split(' ');
    let (Some("CONNECT"), Some(target), Some("HTTP/1.0" | "HTTP/1.1"), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return None;
    };
    let (host, port) = target.rsplit_once(':')?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    (!host.is_empty() && host.bytes().all(plain) && port.parse::<u16>().is_ok()).then_some(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_connect_to_a_plain_name_is_understood() {
        let of = |line: &str| target(&format!("{line}\r\nHost: x\r\n\r\n")).map(str::to_owned);
        assert_eq!(of("CONNECT pleiadspice-1-a.b:61000 HTTP/1.0"), Some("pleiadspice-1-a.b:61000".into()));
        for line in [
            "GET / HTTP/1.1",
            "CONNECT a HTTP/1.1",
            "CONNECT a:b HTTP/1.1",
            "CONNECT a:70000 HTTP/1.1",
            "CONNECT a@b:1 HTTP/1.1",
            "CONNECT a\u{e4}:1 HTTP/1.1",
            "CONNECT a:1 HTTP/2",
            "CONNECT a:1",
            "CONNECT :1 HTTP/1.1",
            "",
        ] {
            assert_eq!(of(line), None, "{line}");
        }
    }

    #[tokio::test]
    async fn a_head_ends_at_its_empty_line_or_is_too_long() {
        let mut bytes: &[u8] = b"a\r\nb\r\n\r\nrest";
        assert_eq!(head(&mut bytes).await.unwrap(), "a\r\nb\r\n\r\n");
        assert_eq!(bytes, b"rest");
        assert!(head(&mut [b'x'; LONGEST + 10].as_slice()).await.is_err());
        assert!(head(&mut b"short".as_slice()).await.is_err());
    }
}
