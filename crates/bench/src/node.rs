//! A node of its own below a temporary root, as `pleiad up` makes it.
#![allow(clippy::disallowed_methods, reason = "the node is a child that ends with the benchmark")]

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use host::process::Process;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::wire::{Client, Connection};

/// Name of the node.
pub(crate) const NAME: &str = "bench";

/// A running node; it is stopped by [`Node::stop`], and killed when dropped.
pub(crate) struct Node {
    child: Child,
    pub(crate) client: Client,
    connection: Connection,
    pub(crate) root: PathBuf,
}

/// Where the binary lies: beside this one.
pub(crate) fn binary() -> io::Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name("pleiad"))
}

impl Node {
    /// Starts a node below `root` and waits until it says that it is ready.
    pub(crate) async fn start(root: &Path) -> io::Result<Self> {
        let first_login = root.join("first-login.json");
        let log = std::fs::File::create(root.join("up.log"))?;
        let mut child = Command::new(binary()?)
            .arg("up")
            .args(["--listen", "127.0.0.1:0", "--node", NAME, "--no-network"])
            .arg("--root")
            .arg(root)
            .arg("--first-login")
            .arg(&first_login)
            .stdout(std::process::Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let stdout = child.stdout.take().ok_or_else(|| io::Error::other("no standard output"))?;
        let mut lines = BufReader::new(stdout).lines();
        let ready = tokio::time::timeout(Duration::from_secs(60), lines.next_line())
            .await
            .map_err(|_| io::Error::other("`pleiad up` was not ready within a minute"))??
            .ok_or_else(|| io::Error::other(std::fs::read_to_string(root.join("up.log")).unwrap_or_default()))?;
        let ready: Value = serde_json::from_str(&ready)?;
        let login: Value = serde_json::from_str(&std::fs::read_to_string(&first_login)?)?;
        let text = |value: &Value, name: &str| {
            value[name].as_str().map(str::to_owned).ok_or_else(|| io::Error::other(format!("no '{name}' in {value}")))
        };
        let url = text(&ready, "url")?;
        let address: SocketAddr = url
            .trim_start_matches("https://")
            .trim_end_matches('/')
            .parse()
            .map_err(|e| io::Error::other(format!("{url}: {e}")))?;
        let token = format!("Authorization: PVEAPIToken={}", text(&login, "token")?);
        let client = Client::new(address, Path::new(&text(&ready, "ca")?), &[token])?;
        let connection = client.connect().await?;
        Ok(Self { child, client, connection, root: root.to_path_buf() })
    }

    /// Calls the API; the answer's data.
    pub(crate) async fn call(&mut self, verb: &str, path: &str, form: &[(&str, &str)]) -> io::Result<Value> {
        let encode =
            |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        let form: Vec<String> = form.iter().map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect();
        let form = form.join("&");
        let request = match verb {
            "GET" | "DELETE" if form.is_empty() => self.client.request(verb, path, None),
            "GET" | "DELETE" => self.client.request(verb, &format!("{path}?{form}"), None),
            _ => self.client.request(verb, path, Some(&form)),
        };
        let answer = self.connection.exchange(&request).await?;
        let mut body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if answer.status != 200 {
            return Err(io::Error::other(format!("{verb} {path}: {} {body}", answer.status)));
        }
        Ok(body["data"].take())
    }

    /// Calls a method that answers with a task, and waits for its end.
    pub(crate) async fn task(&mut self, verb: &str, path: &str, form: &[(&str, &str)]) -> io::Result<()> {
        let upid = self.call(verb, path, form).await?;
        let upid = upid.as_str().ok_or_else(|| io::Error::other(format!("{verb} {path} answered no task: {upid}")))?;
        let status =
            format!("/nodes/{NAME}/tasks/{}/status", upid.replace(':', "%3A").replace('@', "%40").replace('!', "%21"));
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(300) {
            let now = self.call("GET", &status, &[]).await?;
            if now["status"] == "stopped" {
                let end = now["exitstatus"].as_str().unwrap_or_default();
                return if end == "OK" || end.starts_with("WARNINGS") { Ok(()) } else { Err(io::Error::other(end)) };
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Err(io::Error::other(format!("{upid} did not end within five minutes")))
    }

    /// The process ID of `pleiad up`.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Ends it in order.
    pub(crate) async fn stop(mut self) -> io::Result<()> {
        if let Some(process) = self.pid().and_then(Process::find) {
            process.terminate()?;
        }
        tokio::time::timeout(Duration::from_secs(30), self.child.wait()).await.map_err(io::Error::other)??;
        Ok(())
    }
}
