//! Fetching files from URLs that users give.
//!
//! A node stands in networks that its users do not reach: a URL must not let them. Unless the caller may do so, names
//! and addresses that lead to the node itself, to its neighbours or to private networks are refused, in redirects too;
//! names are resolved once, so that what was checked is what is connected to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};
use tokio::io::AsyncWriteExt;

const CONNECT: Duration = Duration::from_secs(15);
/// How long a server may send nothing.
const SILENCE: Duration = Duration::from_secs(60);
const REDIRECTS: usize = 5;

/// Why nothing came.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The URL is none, or not of the web.
    #[error("unable to parse URL '{0}'; it must begin with http:// or https://")]
    Url(String),
    /// The address is not one of the public internet.
    #[error("refusing to connect to '{0}': it is not a public address; an administrator (Sys.Modify on /) may do this")]
    Private(String),
    /// The server could not be reached, or broke off.
    #[error("download failed: {0}")]
    Transfer(String),
    /// The server has an answer, but not the file.
    #[error("download failed: server answered {0}")]
    Status(String),
    /// More came than there may be.
    #[error("download failed: the file is larger than {0} bytes")]
    TooLarge(u64),
    /// It could not be written.
    #[error("unable to write '{path}' - {source}")]
    Write {
        /// The file.
        path: std::path::PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
}

/// What to fetch, and how carefully.
#[derive(Clone, Debug)]
pub struct Request {
    /// `http://` or `https://`.
    pub url: String,
    /// Whether the server must have a certificate that the host trusts.
    pub verify: bool,
    /// Whether addresses that are not public may be used.
    pub private: bool,
}

/// What a server tells of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Name, from `Content-Disposition` or the URL.
    pub filename: Option<String>,
    /// Bytes.
    pub size: Option<u64>,
    /// Type, as in `application/x-iso9660-image`.
    pub mimetype: Option<String>,
}

impl Request {
    /// Asks what there is.
    ///
    /// # Errors
    /// When the server cannot be reached, must not be, or has no such file.
    pub async fn metadata(&self) -> Result<Metadata, HttpError> {
        let (client, url) = self.client()?;
        let response = good(client.head(url).send().await)?;
        Ok(describe(response.url(), response.headers()))
    }

    /// Writes the file to `target`, which must not exist, and answers its size. `progress` gets bytes had so far and
    /// those expected, if the server tells. A file that failed is left for the caller to remove.
    ///
    /// # Errors
    /// As [`Self::metadata`], and when it is larger than `limit` or cannot be written.
    pub async fn download(
        &self,
        target: &Path,
        limit: u64,
        mut progress: impl FnMut(u64, Option<u64>),
    ) -> Result<u64, HttpError> {
        let write = |source| HttpError::Write { path: target.to_path_buf(), source };
        let (client, url) = self.client()?;
        let mut response = good(client.get(url).send().await)?;
        let expected = response.content_length();
        if expected.is_some_and(|size| size > limit) {
            return Err(HttpError::TooLarge(limit));
        }
        let file = tokio::fs::OpenOptions::new().write(true).create_new(true).open(target).await.map_err(write)?;
        let mut file = tokio::io::BufWriter::with_capacity(1 << 20, file);
        let mut had = 0u64;
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            had += chunk.len() as u64;
            if had > limit {
                return Err(HttpError::TooLarge(limit));
            }
            file.write_all(&chunk).await.map_err(write)?;
            progress(had, expected);
        }
        file.flush().await.map_err(write)?;
        file.into_inner().sync_all().await.map_err(write)?;
        Ok(had)
    }

    fn client(&self) -> Result<(Client, Url), HttpError> {
        let url = Url::parse(&self.url).map_err(|_| HttpError::Url(self.url.clone()))?;
        check(&url, self.private)?;
        Ok((client(self.verify, self.private)?, url))
    }
}

fn client(verify: bool, private: bool) -> Result<Client, HttpError> {
    let policy = Policy::custom(move |attempt| match check(attempt.url(), private) {
        _ if attempt.previous().len() > REDIRECTS => attempt.error("too many redirects"),
        Ok(()) => attempt.follow(),
        Err(error) => attempt.error(error),
    });
    // A proxy from the environment would connect for us, unchecked.
    Client::builder()
        .no_proxy()
        .redirect(policy)
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .tls_danger_accept_invalid_certs(!verify)
        .dns_resolver(Arc::new(Resolver { private }))
        .user_agent(concat!("pleiad/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(failed)
}

/// Several requests to the same servers, with headers, for protocols on top of HTTP. Addresses are checked as those of
/// a [`Request`].
#[derive(Clone, Debug)]
pub struct Session {
    client: Client,
    private: bool,
}

/// An answer whose body was not read yet.
pub struct Answer(Response);

impl Session {
    /// No connection is made yet. `private`: whether addresses that are not public may be used.
    ///
    /// # Errors
    /// When the library cannot be set up.
    pub fn new(private: bool) -> Result<Self, HttpError> {
        Ok(Self { client: client(true, private)?, private })
    }

    /// Asks for a URL, with `query` added to it. Any answer is one, errors of the server too.
    ///
    /// # Errors
    /// When the server cannot be reached or must not be.
    pub async fn get(&self, url: &str, query: &[(&str, &str)], headers: &[(&str, &str)]) -> Result<Answer, HttpError> {
        let mut parsed = Url::parse(url).map_err(|_| HttpError::Url(url.to_owned()))?;
        if !query.is_empty() {
            parsed.query_pairs_mut().extend_pairs(query);
        }
        check(&parsed, self.private)?;
        let request =
            headers.iter().fold(self.client.get(parsed), |request, (name, value)| request.header(*name, *value));
        Ok(Answer(request.send().await.map_err(failed)?))
    }
}

impl Answer {
    /// The status, such as 200.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.0.status().as_u16()
    }

    /// The status in words.
    #[must_use]
    pub fn status_text(&self) -> String {
        self.0.status().to_string()
    }

    /// A header, if it is there and text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers().get(name)?.to_str().ok()
    }

    /// The next part of the body, nothing at its end.
    ///
    /// # Errors
    /// When the server breaks off.
    pub async fn chunk(&mut self) -> Result<Option<Vec<u8>>, HttpError> {
        Ok(self.0.chunk().await.map_err(failed)?.map(|chunk| chunk.to_vec()))
    }

    /// The whole body.
    ///
    /// # Errors
    /// When the server breaks off, or it is longer than `limit` bytes.
    pub async fn body(mut self, limit: u64) -> Result<Vec<u8>, HttpError> {
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            body.extend_from_slice(&chunk);
            if body.len() as u64 > limit {
                return Err(HttpError::TooLarge(limit));
            }
        }
        Ok(body)
    }
}

fn good(answer: Result<Response, reqwest::Error>) -> Result<Response, HttpError> {
    let response = answer.map_err(failed)?;
    if response.status().is_success() { Ok(response) } else { Err(HttpError::Status(response.status().to_string())) }
}

/// The innermost reason: what the outer layers say is only that there was an error.
fn failed(error: reqwest::Error) -> HttpError {
    let mut reason: &dyn std::error::Error = &error;
    while let Some(inner) = reason.source() {
        reason = inner;
        if let Some(HttpError::Private(host)) = reason.downcast_ref::<HttpError>() {
            return HttpError::Private(host.clone());
        }
    }
    HttpError::Transfer(reason.to_string())
}

/// A URL of the web whose host, if it is an address, may be connected to. Names are checked when they are resolved.
fn check(url: &Url, private: bool) -> Result<(), HttpError> {
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
        return Err(HttpError::Url(url.to_string()));
    }
    let host = url.host_str().ok_or_else(|| HttpError::Url(url.to_string()))?;
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    match address {
        Ok(address) if !private && !is_public(address) => Err(HttpError::Private(host.to_owned())),
        _ => Ok(()),
    }
}

struct Resolver {
    private: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let allowed: Vec<SocketAddr> = found.into_iter().filter(|a| private || is_public(a.ip())).collect();
            if allowed.is_empty() {
                return Err(Box::new(HttpError::Private(name.as_str().to_owned())) as Box<_>);
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the public internet.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match embedded(address) {
            Some(inner) => is_public_v4(inner),
            // Only 2000::/3 is given out; documentation lies in it.
            None => address.segments()[0] & 0xe000 == 0x2000 && !address.segments().starts_with(&[0x2001, 0xdb8]),
        },
    }
}

/// The IPv4 address that an IPv6 address stands for: mapped, translated (64:ff9b::/96) or 6to4 (2002::/16).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = address.segments();
    let join = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match segments {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(join(high, low)),
        [0x2002, high, low, ..] => Some(join(high, low)),
        _ => address.to_ipv4_mapped(),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (18..20).contains(&b))
        || (a, b, c) == (192, 0, 0);
    !special
}

fn describe(url: &Url, headers: &HeaderMap) -> Metadata {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let named = text(CONTENT_DISPOSITION).and_then(disposition);
    let last = url.path_segments().and_then(|mut parts| parts.next_back()).filter(|last| !last.is_empty());
    let length = headers.get(reqwest::header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    Metadata {
        filename: named.or_else(|| last.map(str::to_owned)),
        size: length.and_then(|text| text.parse().ok()),
        mimetype: text(CONTENT_TYPE).map(|kind| kind.split(';').next().unwrap_or_default().trim().to_owned()),
    }
}

/// `attachment; filename="a.iso"`
fn disposition(text: &str) -> Option<String> {
    let (_, name) = text.split_once("filename=")?;
    let name = name.trim_start();
    let name = match name.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => name.split([';', ' ']).next()?,
    };
    Some(name.to_owned()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;

    #[test]
    fn only_the_public_internet_is_public() {
        let public = |text: &str| is_public(text.parse().unwrap());
        for address in ["1.1.1.1", "172.32.0.1", "2606:4700::1111", "::ffff:1.1.1.1"] {
            assert!(public(address), "{address}");
        }
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "ff02::1",
        ] {
            assert!(!public(address), "{address}");
        }
    }

    /// A server that gives one answer to each of its connections.
    async fn server(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        format!("http://{address}/dir/a.iso?x=1")
    }

    fn request(url: &str, private: bool) -> Request {
        Request { url: url.to_owned(), verify: true, private }
    }

    #[tokio::test]
    async fn a_file_is_fetched_with_its_progress() {
        let url = server("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-type: text/plain; charset=x\r\nconnection: close\r\n\r\nhello").await;
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("a");
        let mut seen = Vec::new();
        let size = request(&url, true).download(&target, 10, |had, all| seen.push((had, all))).await.unwrap();
        assert_eq!((size, seen.last()), (5, Some(&(5, Some(5)))));
        assert_eq!(std::fs::read(&target).unwrap(), b"hello");
        assert!(matches!(request(&url, true).download(&target, 4, |_, _| {}).await, Err(HttpError::TooLarge(4))));
        let told = request(&url, true).metadata().await.unwrap();
        let wanted = Metadata { filename: Some("a.iso".into()), size: Some(5), mimetype: Some("text/plain".into()) };
        assert_eq!(told, wanted);
    }

    #[tokio::test]
    async fn private_addresses_are_refused_by_address_name_and_redirect() {
        let url = server("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
        assert!(matches!(request(&url, false).metadata().await, Err(HttpError::Private(_))));
        let named = url.replace("127.0.0.1", "localhost");
        assert!(matches!(request(&named, false).metadata().await, Err(HttpError::Private(_))));
        assert!(matches!(request("file:///etc/passwd", true).metadata().await, Err(HttpError::Url(_))));
        let away = server("HTTP/1.1 302 Found\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\n\r\n").await;
        assert!(request(&away, true).metadata().await.is_err());
    }

    #[tokio::test]
    async fn an_error_of_the_server_is_told() {
        let url = server("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await;
        let error = request(&url, true).metadata().await.unwrap_err().to_string();
        assert_eq!(error, "download failed: server answered 404 Not Found");
    }

    #[test]
    fn names_come_from_the_header_or_the_url() {
        assert_eq!(disposition("attachment; filename=\"a b.iso\"; x").as_deref(), Some("a b.iso"));
        assert_eq!(disposition("attachment; filename=a.iso").as_deref(), Some("a.iso"));
        assert_eq!(disposition("inline"), None);
    }
}
