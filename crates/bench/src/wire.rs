//! A small HTTP/1.1 client: one kept-alive connection over TLS, as little work a request as possible, so that a
//! measurement on the same two cores is of the server.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Makes connections to one server, trusting one authority.
#[derive(Clone)]
pub(crate) struct Client {
    address: SocketAddr,
    tls: TlsConnector,
    /// Header lines that every request carries, each ended by CR LF.
    headers: String,
}

/// An open connection.
pub(crate) struct Connection {
    stream: TlsStream<TcpStream>,
    buffer: Vec<u8>,
}

/// A web socket; only listens.
pub(crate) struct Socket(Connection);

impl Socket {
    /// The next text; what else comes is passed over.
    pub(crate) async fn text(&mut self) -> io::Result<Vec<u8>> {
        loop {
            let (opcode, content) = self.frame().await?;
            if opcode == 1 {
                return Ok(content);
            }
        }
    }

    /// The next frame: RFC 6455, 5.2; a server's is whole here and has no mask.
    async fn frame(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let head = self.take(2).await?;
        let length = match head[1] & 0x7f {
            126 => self.take(2).await?.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
            127 => self.take(8).await?.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
            short => usize::from(short),
        };
        Ok((head[0] & 0xf, self.take(length).await?))
    }

    async fn take(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.0.buffer.len() < length {
            self.0.fill().await?;
        }
        Ok(self.0.buffer.drain(..length).collect())
    }
}

/// An answer: where its body lies in the buffer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

fn bad(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

impl Client {
    /// Where the server listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// `authority`: PEM file of the certificate authority; `headers`: lines without their ends.
    pub(crate) fn new(address: SocketAddr, authority: &Path, headers: &[String]) -> io::Result<Self> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_file_iter(authority).map_err(|e| bad(e.to_string()))? {
            roots
                .add(certificate.map_err(|e| bad(e.to_string()))?)
                .map_err(|e| bad(format!("{}: {e}", authority.display())))?;
        }
        let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let headers = headers.iter().map(|line| format!("{line}\r\n")).collect();
        Ok(Self { address, tls: TlsConnector::from(Arc::new(config)), headers })
    }

    /// A new connection.
    pub(crate) async fn connect(&self) -> io::Result<Connection> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let stream = self.tls.connect(ServerName::from(self.address.ip()), stream).await?;
        Ok(Connection { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// The bytes of a request; a body is sent as a form.
    pub(crate) fn request(&self, verb: &str, path: &str, form: Option<&str>) -> Vec<u8> {
        let body = form.map_or_else(String::new, |form| {
            format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n", form.len())
        });
        let head = format!("{verb} /api2/json{path} HTTP/1.1\r\nHost: {}\r\n{}{body}\r\n", self.address, self.headers);
        [head.as_bytes(), form.unwrap_or_default().as_bytes()].concat()
    }
}

impl Client {
    /// The bytes of a request that makes the connection a web socket.
    pub(crate) fn upgrade(&self, path: &str) -> Vec<u8> {
        // The key only shows that the server knows what a web socket is.
        let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                       Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n";
        let head = format!("GET /api2/json{path} HTTP/1.1\r\nHost: {}\r\n", self.address);
        format!("{head}{}{upgrade}\r\n", self.headers).into_bytes()
    }
}

impl Connection {
    /// Makes it a web socket.
    pub(crate) async fn upgrade(mut self, request: &[u8]) -> io::Result<Socket> {
        self.stream.write_all(request).await?;
        self.stream.flush().await?;
        self.buffer.clear();
        let head = loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            self.fill().await?;
        };
        if !self.buffer.starts_with(b"HTTP/1.1 101") {
            return Err(bad(String::from_utf8_lossy(&self.buffer).lines().next().unwrap_or_default()));
        }
        self.buffer.drain(..head);
        Ok(Socket(self))
    }

    /// Sends a request and reads its answer.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.stream.write_all(request).await?;
        self.stream.flush().await?;
        self.buffer.clear();
        let head = loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            self.fill().await?;
        };
        let text = std::str::from_utf8(&self.buffer[..head]).map_err(|_| bad("the header is not text"))?;
        let status = text.get(9..12).and_then(|digits| digits.parse().ok()).ok_or_else(|| bad("no status line"))?;
        let length = text
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse::<usize>().ok())
            .ok_or_else(|| bad("an answer without Content-Length"))?;
        while self.buffer.len() < head + length {
            self.fill().await?;
        }
        Ok(Answer { status, body: self.buffer[head..head + length].to_vec() })
    }

    async fn fill(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the connection")),
            _ => Ok(()),
        }
    }
}
