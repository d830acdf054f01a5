//! A whole node as its users see it: real processes, real sockets, TLS.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::expect_used)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};

const PLEIAD: &str = env!("CARGO_BIN_EXE_pleiad");

/// A running `pleiad up`; ends with its standard input.
struct Node {
    root: tempfile::TempDir,
    process: Child,
    address: SocketAddr,
    tls: Arc<ClientConfig>,
    login: Value,
}

struct Answer {
    status: u16,
    phrase: String,
    headers: String,
    body: Value,
}

impl Node {
    fn start() -> Option<Self> {
        if !Path::new("/proc/self/status").exists() || unprivileged() {
            eprintln!("skipped: a node needs root's rights");
            return None;
        }
        let root = tempfile::Builder::new().prefix("pl").tempdir_in("/tmp").unwrap();
        // Closed to everybody else: whoever gives up root's rights must have what it needs by then.
        std::fs::set_permissions(root.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
        let login = root.path().join("login.json");
        let mut process = Command::new(PLEIAD)
            .args(["up", "--listen", "127.0.0.1:0", "--node", "n1", "--no-network", "--end-with-stdin", "--root"])
            .arg(root.path())
            .arg("--first-login")
            .arg(&login)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).expect("the node did not become ready");
        assert_eq!(ready["node"], "n1");
        assert_eq!(std::fs::metadata(&login).unwrap().permissions().mode() & 0o777, 0o600);
        let login = serde_json::from_str(&std::fs::read_to_string(&login).unwrap()).unwrap();
        let address = ready["url"].as_str().unwrap().trim_start_matches("https://").parse().unwrap();
        let tls = tls(Path::new(ready["ca"].as_str().unwrap()));
        Some(Self { root, process, address, tls, login })
    }

    fn connect(&self) -> StreamOwned<ClientConnection, TcpStream> {
        let name = ServerName::try_from("127.0.0.1").unwrap();
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        StreamOwned::new(ClientConnection::new(self.tls.clone(), name).unwrap(), stream)
    }

    fn ask(&self, verb: &str, path: &str, headers: &str, body: &str) -> Answer {
        exchange(&mut self.connect(), verb, path, headers, body)
    }

    fn token(&self) -> String {
        format!("Authorization: PVEAPIToken={}\r\n", self.login["token"].as_str().unwrap())
    }

    fn child(&self, role: &str) -> Option<i32> {
        let list = format!("/proc/{0}/task/{0}/children", self.process.id());
        let children = std::fs::read_to_string(list).ok()?;
        children.split_whitespace().filter_map(|pid| pid.parse().ok()).find(|pid: &i32| {
            let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            line.split(|byte| *byte == 0).nth(1) == Some(role.as_bytes())
        })
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        self.process.wait().ok();
    }
}

fn unprivileged() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    !status.lines().any(|line| line.starts_with("Uid:\t0\t0"))
}

fn tls(ca: &Path) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(ca).unwrap() {
        roots.add(certificate.unwrap()).unwrap();
    }
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap();
    Arc::new(config.with_root_certificates(roots).with_no_client_auth())
}

fn exchange(stream: &mut (impl Read + Write), verb: &str, path: &str, headers: &str, body: &str) -> Answer {
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    write!(stream, "{verb} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}{length}\r\n{body}").unwrap();
    stream.flush().unwrap();
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut parts = line.trim_end().splitn(3, ' ').skip(1);
    let status = parts.next().unwrap().parse().unwrap();
    let phrase = parts.next().unwrap_or_default().to_owned();
    let mut headers = String::new();
    while !headers.ends_with("\r\n\r\n") && reader.read_line(&mut headers).unwrap() > 2 {}
    let length = headers.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
    let mut body = vec![0; length.trim().parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    Answer { status, phrase, headers, body: serde_json::from_slice(&body).unwrap_or(Value::Null) }
}

#[test]
fn a_node_answers_over_tls_to_those_it_knows() {
    let Some(node) = Node::start() else { return };
    // Twice over one connection.
    let mut stream = node.connect();
    for _ in 0..2 {
        let answer = exchange(&mut stream, "GET", "/api2/json/version", &node.token(), "");
        assert_eq!(answer.status, 200, "{}", answer.phrase);
        assert!(answer.body["data"]["version"].is_string(), "{}", answer.body);
    }
    // Nobody, and somebody who claims to be inside.
    let since = Instant::now();
    let answer = node.ask("GET", "/api2/json/version", "X-Pleiad-Peer: 127.0.0.1\r\n", "");
    assert_eq!((answer.status, answer.phrase.as_str()), (401, "No ticket"));
    assert!(since.elapsed() >= Duration::from_secs(3), "a refusal comes late");
    // Errors are in the reason phrase.
    let answer = node.ask("GET", "/api2/json/nodes/n1/nothing", &node.token(), "");
    assert_eq!(answer.status, 501);
    assert!(answer.phrase.starts_with("Method 'GET /nodes/n1/nothing' not implemented"), "{}", answer.phrase);
    let answer = node.ask("POST", "/api2/extjs/access/groups", &node.token(), "nonsense=1");
    assert_eq!((answer.status, &answer.body["success"], &answer.body["status"]), (200, &0.into(), &400.into()));
    assert!(answer.body["errors"]["nonsense"].is_string(), "{}", answer.body);
}

#[test]
fn the_first_login_works_and_needs_its_csrf_token() {
    let Some(node) = Node::start() else { return };
    let form = format!("username=root@pam&password={}", node.login["password"].as_str().unwrap());
    let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
    let answer = node.ask("POST", "/api2/json/access/ticket", kind, &form);
    assert_eq!(answer.status, 200, "{}", answer.phrase);
    let ticket = answer.body["data"]["ticket"].as_str().unwrap().to_owned();
    let csrf = answer.body["data"]["CSRFPreventionToken"].as_str().unwrap().to_owned();
    let cookie = format!("Cookie: PVEAuthCookie={}\r\n", ticket.replace('=', "%3D"));
    assert_eq!(node.ask("GET", "/api2/json/version", &cookie, "").status, 200);
    let answer = node.ask("POST", "/api2/json/access/groups", &format!("{cookie}{kind}"), "groupid=g");
    assert_eq!((answer.status, answer.phrase.as_str()), (401, "Permission denied - invalid csrf token"));
    let headers = format!("{cookie}{kind}CSRFPreventionToken: {csrf}\r\n");
    assert_eq!(node.ask("POST", "/api2/json/access/groups", &headers, "groupid=g").status, 200);
    // The same method by the command line, as root on this machine.
    let made = Command::new(PLEIAD)
        .args(["pvesh", "get", "/access/groups", "--output-format", "json"])
        .env("PLEIAD_ROOT", node.root.path())
        .output()
        .unwrap();
    let list: Value = serde_json::from_slice(&made.stdout).unwrap();
    assert_eq!(list[0]["groupid"], "g");
}

#[test]
fn an_upload_arrives_through_the_proxy() {
    let Some(node) = Node::start() else { return };
    let field = |name: &str, more: &str, value: &str| {
        format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n")
    };
    let file = field("filename", "; filename=\"tiny.iso\"", "image");
    let body = format!("{}{file}--xyz--\r\n", field("content", "", "iso"));
    let headers = format!("{}Content-Type: multipart/form-data; boundary=xyz\r\n", node.token());
    let answer = node.ask("POST", "/api2/json/nodes/n1/storage/local/upload", &headers, &body);
    assert_eq!(answer.status, 200, "{}", answer.phrase);
    let upid = answer.body["data"].as_str().unwrap().to_owned();
    let status = format!("/api2/json/nodes/n1/tasks/{upid}/status");
    let limit = Instant::now() + Duration::from_secs(30);
    let exit = loop {
        let answer = node.ask("GET", &status, &node.token(), "");
        if answer.body["data"]["status"] == "stopped" {
            break answer.body["data"]["exitstatus"].clone();
        }
        assert!(Instant::now() < limit, "the upload does not end");
    };
    assert_eq!(exit, "OK");
    let stored = node.root.path().join("var/lib/vz/template/iso/tiny.iso");
    assert_eq!(std::fs::read_to_string(stored).unwrap(), "image");
}

#[test]
fn plain_http_is_sent_to_where_tls_is() {
    let Some(node) = Node::start() else { return };
    let mut stream = TcpStream::connect(node.address).unwrap();
    let answer = exchange(&mut stream, "GET", "/api2/json/version?x=1", "", "");
    assert_eq!(answer.status, 301);
    assert!(answer.headers.contains("location: https://localhost/api2/json/version?x=1"), "{}", answer.headers);
    let mut stream = TcpStream::connect(node.address).unwrap();
    assert_eq!(exchange(&mut stream, "POST", "/api2/json/access/ticket", "", "").status, 308);
    let page = node.ask("GET", "/", "", "");
    assert_eq!(page.status, 200);
    assert!(page.headers.contains("content-security-policy: default-src 'none'"), "{}", page.headers);
}

#[test]
fn a_killed_daemon_comes_back_and_nobody_hangs_meanwhile() {
    let Some(node) = Node::start() else { return };
    let old = node.child("daemon").expect("a daemon");
    let killed = Command::new("kill").args(["-9", &old.to_string()]).status().unwrap();
    assert!(killed.success());
    let limit = Instant::now() + Duration::from_secs(30);
    loop {
        let since = Instant::now();
        let answer = node.ask("GET", "/api2/json/version", &node.token(), "");
        assert!(since.elapsed() < Duration::from_secs(10), "an answer comes at once");
        if answer.status == 200 {
            break;
        }
        assert_eq!(answer.status, 503, "{}", answer.phrase);
        assert!(Instant::now() < limit, "the daemon did not come back");
        std::thread::yield_now();
    }
    assert_ne!(node.child("daemon"), Some(old));
}

#[test]
fn the_helper_for_pam_refuses_what_is_wrong() {
    let ask = |input: &str| {
        let mut helper = Command::new(PLEIAD)
            .arg("internal-pam-check")
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        helper.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = helper.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, reason) = ask(r#"{"user":"root","password":"certainly-wrong","rhost":"192.0.2.1"}"#);
    assert_eq!(code, Some(10), "{reason}");
    let (code, reason) = ask(r#"{"user":"no-such-user-here","password":"x","rhost":null}"#);
    assert_eq!(code, Some(10), "{reason}");
    let (code, reason) = ask("nonsense");
    assert_eq!(code, Some(1), "{reason}");
}
