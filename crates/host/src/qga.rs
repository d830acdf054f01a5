//! The guest agent of a VM (`qemu-ga` inside of it), by the socket that QEMU offers: JSON objects, one a line.
//!
//! What answers is the guest, which may be slow, hung, hostile, or not have the program at all. So each call is a
//! connection of its own with deadlines, agrees on a mark with the agent first (`guest-sync-delimited`: whatever lies
//! in the channel from earlier calls is before that mark), and reads a bounded number of bytes. A command is sent only
//! when the agent has answered the mark, so none waits in the channel for an agent that starts much later.

use std::{
    io,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::UnixStream,
    time::timeout,
};

/// How long the agent may take to show that it is there.
const PRESENCE: Duration = Duration::from_secs(3);

/// How long a refusal may take where success is told by nothing.
const REFUSAL: Duration = Duration::from_secs(1);

/// Most bytes of an answer: the largest file chunk that can be asked for (16 MiB), in base64, and what is around it.
const MOST: usize = 24 << 20;

/// Begins a message that follows rubbish.
const MARK: u8 = 0xff;

/// Why the agent did not do something.
#[derive(Debug, thiserror::Error)]
pub enum QgaError {
    /// Nobody answers in the guest.
    #[error("QEMU guest agent is not running")]
    Silent,
    /// The socket is not there, or the guest ended.
    #[error("QEMU guest agent is not running: {0}")]
    Connection(#[from] io::Error),
    /// It was asked and did not answer in time. It may still do it.
    #[error("guest agent command '{0}' failed - got timeout")]
    Timeout(String),
    /// It refused, in its own words.
    #[error("Agent error: {0}")]
    Refused(String),
    /// It said something else than an answer.
    #[error("the guest agent answered what cannot be read")]
    Garbled,
}

/// Asks the agent behind the socket at `path` and waits for its answer, at most `limit` once it has shown that it is
/// there. Only one caller at a time may talk to an agent; others would wait until QEMU takes them.
///
/// # Errors
/// When it is not there, refuses, or is too slow.
pub async fn call(path: &Path, command: &str, arguments: Value, limit: Duration) -> Result<Value, QgaError> {
    let mut channel = Channel::open(path).await?;
    channel.send(command, arguments).await?;
    match timeout(limit, channel.answer()).await {
        Ok(answer) => answer,
        Err(_) => Err(QgaError::Timeout(command.to_owned())),
    }
}

/// Gives the agent a command that it answers only when it refuses: those that end or suspend the guest.
///
/// # Errors
/// When it is not there, or refuses soon.
pub async fn order(path: &Path, command: &str, arguments: Value) -> Result<(), QgaError> {
    let mut channel = Channel::open(path).await?;
    channel.send(command, arguments).await?;
    match timeout(REFUSAL, channel.answer()).await {
        Ok(Err(QgaError::Refused(why))) => Err(QgaError::Refused(why)),
        // The guest ends, and with it the connection, or nothing comes: it does it.
        Ok(_) | Err(_) => Ok(()),
    }
}

struct Channel {
    stream: BufReader<UnixStream>,
}

impl Channel {
    /// Connects, and waits for a sign of the agent.
    async fn open(path: &Path) -> Result<Self, QgaError> {
        let opening = async {
            let mut channel = Self { stream: BufReader::new(UnixStream::connect(path).await?) };
            channel.synchronise().await?;
            Ok(channel)
        };
        timeout(PRESENCE, opening).await.unwrap_or(Err(QgaError::Silent))
    }

    async fn synchronise(&mut self) -> Result<(), QgaError> {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        // Numbers of an earlier daemon may still be answered.
        let unique = NUMBER.fetch_add(1, Ordering::Relaxed) << 24 | u64::from(std::process::id() & 0xff_ffff);
        self.stream.write_all(&[MARK]).await?;
        self.send("guest-sync-delimited", json!({ "id": unique })).await?;
        loop {
            skip_to_mark(&mut self.stream).await?;
            if self.answer().await.is_ok_and(|number| number == unique) {
                return Ok(());
            }
        }
    }

    async fn send(&mut self, command: &str, arguments: Value) -> Result<(), QgaError> {
        let line = json!({ "execute": command, "arguments": arguments }).to_string() + "\n";
        Ok(self.stream.write_all(line.as_bytes()).await?)
    }

    async fn answer(&mut self) -> Result<Value, QgaError> {
        parse(&line(&mut self.stream).await?)
    }
}

/// Reads a line that a guest sent for an answer.
///
/// # Errors
/// The guest's refusal, or that it is no answer.
pub fn parse(line: &[u8]) -> Result<Value, QgaError> {
    let mut answer: Value = serde_json::from_slice(line).map_err(|_| QgaError::Garbled)?;
    if let Some(error) = answer.get("error") {
        let words = error["desc"].as_str().unwrap_or("no reason given");
        return Err(QgaError::Refused(words.chars().filter(|c| !c.is_control()).take(1000).collect()));
    }
    answer.get_mut("return").map(Value::take).ok_or(QgaError::Garbled)
}

/// Drops all up to the next mark. The time for it is bounded by the caller.
async fn skip_to_mark(stream: &mut (impl AsyncBufRead + Unpin)) -> Result<(), QgaError> {
    loop {
        let bytes = stream.fill_buf().await?;
        if bytes.is_empty() {
            return Err(closed());
        }
        let (found, used) = match bytes.iter().position(|byte| *byte == MARK) {
            Some(at) => (true, at + 1),
            None => (false, bytes.len()),
        };
        stream.consume(used);
        if found {
            return Ok(());
        }
    }
}

async fn line(stream: &mut (impl AsyncBufRead + Unpin)) -> Result<Vec<u8>, QgaError> {
    let mut line = Vec::new();
    loop {
        let bytes = stream.fill_buf().await?;
        if bytes.is_empty() {
            return Err(closed());
        }
        let (end, used) = match bytes.iter().position(|byte| *byte == b'\n') {
            Some(at) => (true, at + 1),
            None => (false, bytes.len()),
        };
        if line.len() + used > MOST {
            return Err(QgaError::Garbled);
        }
        line.extend_from_slice(&bytes[..used]);
        stream.consume(used);
        // A mark may stand alone in a line.
        if end && line.iter().any(|byte| !byte.is_ascii_whitespace() && *byte != MARK) {
            line.retain(|byte| *byte != MARK);
            return Ok(line);
        }
    }
}

fn closed() -> QgaError {
    QgaError::Connection(io::ErrorKind::UnexpectedEof.into())
}

#[cfg(test)]
mod tests {
    use tokio::net::UnixListener;

    use super::*;
    use crate::run::Run;

    const SOON: Duration = Duration::from_secs(5);

    /// A guest with an odd agent: `reply` makes the bytes that follow a command.
    fn agent(path: &Path, reply: impl Fn(&Value) -> Vec<u8> + Send + 'static) -> tokio::task::JoinHandle<()> {
        let listener = UnixListener::bind(path).unwrap();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let mut stream = BufReader::new(stream);
                while let Ok(line) = line(&mut stream).await {
                    let command: Value = serde_json::from_slice(&line).unwrap();
                    let mut bytes = match command["execute"].as_str() {
                        Some("guest-sync-delimited") => {
                            let mark = format!("{}\n", json!({ "return": command["arguments"]["id"] }));
                            // What an earlier caller did not wait for comes first.
                            [b"{\"return\": \"old\"}\n".as_slice(), &[MARK], mark.as_bytes()].concat()
                        }
                        _ => Vec::new(),
                    };
                    bytes.extend(reply(&command));
                    if stream.write_all(&bytes).await.is_err() {
                        break;
                    }
                }
            }
        })
    }

    fn is(command: &Value, name: &str) -> bool {
        command["execute"] == name
    }

    #[tokio::test]
    async fn old_answers_are_passed_over_and_a_hung_command_ends() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("qga");
        let guest = agent(&path, |command| {
            if is(command, "guest-ping") {
                return b"{\"return\": {}}\n".to_vec();
            }
            if is(command, "guest-wrong") {
                return b"{\"error\": {\"class\": \"x\", \"desc\": \"not \\u001b today\"}}\n".to_vec();
            }
            Vec::new()
        });
        let hung = call(&path, "guest-hang", json!({}), Duration::from_millis(50)).await.unwrap_err();
        assert_eq!(hung.to_string(), "guest agent command 'guest-hang' failed - got timeout");
        assert_eq!(call(&path, "guest-ping", json!({}), SOON).await.unwrap(), json!({}));
        let refused = call(&path, "guest-wrong", json!({}), SOON).await.unwrap_err();
        assert_eq!(refused.to_string(), "Agent error: not  today");
        assert!(matches!(order(&path, "guest-wrong", json!({})).await, Err(QgaError::Refused(_))));
        order(&path, "guest-shutdown", json!({})).await.unwrap();
        guest.abort();
    }

    #[tokio::test]
    async fn a_guest_without_the_agent_is_found_out_in_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("qga");
        let nobody = call(&path, "guest-ping", json!({}), SOON).await.unwrap_err();
        assert!(nobody.to_string().starts_with("QEMU guest agent is not running"), "{nobody}");
        // QEMU listens, and nothing in the guest does.
        let _listener = UnixListener::bind(&path).unwrap();
        let silent = call(&path, "guest-ping", json!({}), SOON).await.unwrap_err();
        assert!(matches!(silent, QgaError::Silent), "{silent}");
    }

    #[tokio::test]
    async fn an_endless_answer_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("qga");
        let guest = agent(&path, |command| if is(command, "guest-ping") { vec![b'x'; MOST + 1] } else { Vec::new() });
        let garbled = call(&path, "guest-ping", json!({}), Duration::from_secs(30)).await.unwrap_err();
        assert!(matches!(garbled, QgaError::Garbled), "{garbled}");
        guest.abort();
    }

    #[tokio::test]
    async fn the_real_agent_is_understood() {
        let program = Path::new("/usr/sbin/qemu-ga");
        if !program.exists() {
            println!("skipped: package 'qemu-guest-agent' is not installed");
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("qga");
        // It serves this very host: nothing that changes anything may be asked of it.
        let denied =
            "guest-shutdown,guest-exec,guest-file-open,guest-suspend-disk,guest-suspend-ram,guest-suspend-hybrid";
        let mut agent = Run::new(program)
            .args(["--method", "unix-listen", "-b", denied, "-t"])
            .arg(folder.path())
            .arg("--path")
            .arg(&path)
            .detached(&folder.path().join("log"))
            .unwrap();
        let ready = async {
            while !path.exists() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            () = ready => {}
            ended = agent.wait() => panic!("{ended:?}: {:?}", std::fs::read_to_string(folder.path().join("log"))),
        }
        assert_eq!(call(&path, "guest-ping", json!({}), SOON).await.unwrap(), json!({}));
        let system = call(&path, "guest-get-osinfo", json!({}), SOON).await.unwrap();
        assert!(system["kernel-release"].is_string(), "{system}");
        let refused = call(&path, "guest-shutdown", json!({}), SOON).await.unwrap_err();
        assert!(matches!(refused, QgaError::Refused(_)), "{refused}");
        assert!(order(&path, "guest-shutdown", json!({ "mode": "powerdown" })).await.is_err());
        let process = crate::process::Process::find(agent.pid().unwrap()).unwrap();
        process.kill().unwrap();
        let _ = agent.wait().await;
    }
}
