//! The control connection to a running QEMU (QMP: JSON objects, one a line).
//!
//! One connection serves all callers: commands carry numbers, so a slow one does not hold up the next, and every one
//! has a deadline, so a VM that hangs holds up nobody but its own callers. What the VM does by itself arrives as
//! [`Event`]s; the channel of events ends when the connection does.

use std::{
    collections::HashMap,
    io,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    net::{
        UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{broadcast, mpsc, oneshot},
    time::{Instant, sleep, timeout_at},
};

/// How often a socket that is not there yet is tried again.
const RETRY: Duration = Duration::from_millis(2);

/// Events kept for a listener that is late.
const EVENT_BACKLOG: usize = 256;

/// Commands that may wait for QEMU to read them.
const COMMAND_BACKLOG: usize = 64;

/// Why a command was not carried out. The texts end sentences such as `VM 100 qmp command 'x' failed - …`.
#[derive(Debug, thiserror::Error)]
pub enum QmpError {
    /// Nobody listens on the socket (any more).
    #[error("unable to connect to QMP socket '{path}': {source}")]
    Connect {
        /// The socket.
        path: String,
        /// What the system answered.
        source: io::Error,
    },
    /// QEMU closed the connection: mostly, it ended.
    #[error("qmp command '{command}' failed - connection closed")]
    Closed {
        /// What was asked.
        command: String,
    },
    /// No answer within the deadline. QEMU may still carry the command out.
    #[error("qmp command '{command}' failed - got timeout")]
    Timeout {
        /// What was asked.
        command: String,
    },
    /// QEMU refused it.
    #[error("qmp command '{command}' failed - {message}")]
    Refused {
        /// What was asked.
        command: String,
        /// QEMU's own words.
        message: String,
    },
}

/// Something that happened in a VM.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// `SHUTDOWN`, `RESET`, `STOP`, `RESUME`, …
    pub name: String,
    /// Details, by event.
    pub data: Value,
}

type Waiting = Mutex<HashMap<u64, oneshot::Sender<Result<Value, String>>>>;

/// A connection; clones share it. It ends when the last clone is dropped.
#[derive(Clone)]
pub struct Qmp {
    shared: Arc<Shared>,
}

struct Shared {
    commands: mpsc::Sender<String>,
    waiting: Arc<Waiting>,
    number: AtomicU64,
    /// Weak, so that listeners see the end when the reader is gone.
    events: broadcast::WeakSender<Event>,
    reader: tokio::task::AbortHandle,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

impl Qmp {
    /// Connects to the socket of a QEMU that may just be starting, and returns the connection with a receiver that
    /// sees every event from the first one on.
    ///
    /// # Errors
    /// When nothing has greeted us on the socket within `limit`.
    pub async fn connect(path: &Path, limit: Duration) -> Result<(Self, broadcast::Receiver<Event>), QmpError> {
        let until = Instant::now() + limit;
        let failed = |source| QmpError::Connect { path: path.display().to_string(), source };
        let stream = reach(path, until).await.map_err(failed)?;
        let (reading, writing) = stream.into_split();
        let mut lines = BufReader::new(reading).lines();
        let late = || io::Error::new(io::ErrorKind::TimedOut, "no greeting");
        timeout_at(until, lines.next_line()).await.map_err(|_| failed(late()))?.map_err(failed)?;

        let (events, receiver) = broadcast::channel(EVENT_BACKLOG);
        let (commands, queue) = mpsc::channel(COMMAND_BACKLOG);
        let waiting = Arc::new(Waiting::default());
        let weak = events.downgrade();
        let reader = tokio::spawn(read(lines, waiting.clone(), events)).abort_handle();
        tokio::spawn(write(writing, queue));
        let shared = Shared { commands, waiting, number: AtomicU64::new(0), events: weak, reader };
        let qmp = Self { shared: Arc::new(shared) };
        let remaining = until.saturating_duration_since(Instant::now());
        qmp.call("qmp_capabilities", json!({}), remaining).await?;
        Ok((qmp, receiver))
    }

    /// Sends a command and waits for its answer.
    ///
    /// # Errors
    /// When QEMU refuses, does not answer within `limit`, or ends.
    pub async fn call(&self, command: &str, arguments: Value, limit: Duration) -> Result<Value, QmpError> {
        let command = || command.to_owned();
        let until = Instant::now() + limit;
        let number = self.shared.number.fetch_add(1, Ordering::Relaxed);
        let (sender, answer) = oneshot::channel();
        let entry = Entry::new(&self.shared.waiting, number, sender);
        let line = json!({ "execute": command(), "arguments": arguments, "id": number }).to_string() + "\n";
        let exchange = async {
            self.shared.commands.send(line).await.map_err(|_| QmpError::Closed { command: command() })?;
            answer.await.map_err(|_| QmpError::Closed { command: command() })
        };
        let answer = timeout_at(until, exchange).await.map_err(|_| QmpError::Timeout { command: command() })?;
        drop(entry);
        answer?.map_err(|message| QmpError::Refused { command: command(), message })
    }

    /// Events from now on; nothing if the connection has ended.
    #[must_use]
    pub fn events(&self) -> Option<broadcast::Receiver<Event>> {
        self.shared.events.upgrade().map(|events| events.subscribe())
    }

    /// Whether QEMU has closed the connection.
    #[must_use]
    pub fn closed(&self) -> bool {
        self.shared.reader.is_finished()
    }
}

/// One waiting caller; forgets itself when the caller gives up.
struct Entry<'a> {
    waiting: &'a Waiting,
    number: u64,
}

impl<'a> Entry<'a> {
    fn new(waiting: &'a Waiting, number: u64, sender: oneshot::Sender<Result<Value, String>>) -> Self {
        lock(waiting).insert(number, sender);
        Self { waiting, number }
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        lock(self.waiting).remove(&self.number);
    }
}

fn lock(waiting: &Waiting) -> std::sync::MutexGuard<'_, HashMap<u64, oneshot::Sender<Result<Value, String>>>> {
    // No code panics while holding it.
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn reach(path: &Path, until: Instant) -> io::Result<UnixStream> {
    loop {
        match UnixStream::connect(path).await {
            Ok(stream) => return Ok(stream),
            Err(err) if Instant::now() + RETRY > until => return Err(err),
            Err(_) => sleep(RETRY).await,
        }
    }
}

async fn write(mut stream: OwnedWriteHalf, mut queue: mpsc::Receiver<String>) {
    while let Some(line) = queue.recv().await {
        if stream.write_all(line.as_bytes()).await.is_err() {
            // The reader sees the same end and tells everybody.
            return;
        }
    }
}

async fn read(mut lines: Lines<BufReader<OwnedReadHalf>>, waiting: Arc<Waiting>, events: broadcast::Sender<Event>) {
    while let Ok(Some(line)) = lines.next_line().await {
        match parse(&line) {
            // Fails only if nobody listens.
            Some(Message::Event(event)) => drop(events.send(event)),
            Some(Message::Answer(number, answer)) => {
                if let Some(sender) = lock(&waiting).remove(&number) {
                    // Fails only if the caller gave up.
                    let _ = sender.send(answer);
                }
            }
            None => tracing::warn!("QMP sent a line that is no message"),
        }
    }
    lock(&waiting).clear();
}

/// What QEMU says in a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// Something happened.
    Event(Event),
    /// The answer to the command of this number, or why there is none.
    Answer(u64, Result<Value, String>),
}

/// Reads a line; nothing if it is neither an event nor an answer.
#[must_use]
pub fn parse(line: &str) -> Option<Message> {
    let mut message: Value = serde_json::from_str(line).ok()?;
    let object = message.as_object_mut()?;
    let mut take = |key: &str| object.get_mut(key).map(Value::take).unwrap_or_default();
    if let Value::String(name) = take("event") {
        return Some(Message::Event(Event { name, data: take("data") }));
    }
    let number = take("id").as_u64()?;
    let answer = match take("error").get("desc").and_then(Value::as_str) {
        Some(text) => Err(text.to_owned()),
        None => Ok(take("return")),
    };
    Some(Message::Answer(number, answer))
}

#[cfg(test)]
mod tests {
    use tokio::net::UnixListener;

    use super::*;

    const SOON: Duration = Duration::from_secs(5);

    /// A pretended QEMU: greets, then answers by `reply` (which may stay silent).
    async fn qemu(path: std::path::PathBuf, reply: impl Fn(&str, u64) -> Vec<Value> + Send + 'static) {
        let listener = UnixListener::bind(path).unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let (reading, mut writing) = stream.into_split();
        writing.write_all(b"{\"QMP\": {}}\n").await.unwrap();
        let mut lines = BufReader::new(reading).lines();
        while let Some(line) = lines.next_line().await.unwrap() {
            let message: Value = serde_json::from_str(&line).unwrap();
            let (command, id) = (message["execute"].as_str().unwrap(), message["id"].as_u64().unwrap());
            if command == "quit" {
                return;
            }
            for answer in reply(command, id) {
                writing.write_all(format!("{answer}\n").as_bytes()).await.unwrap();
            }
        }
    }

    fn answers(command: &str, id: u64) -> Vec<Value> {
        match command {
            "hang" => vec![],
            "wrong" => vec![json!({ "id": id, "error": { "class": "GenericError", "desc": "no such thing" } })],
            "stop" => vec![json!({ "event": "STOP", "data": { "x": 1 } }), json!({ "id": id, "return": {} })],
            _ => vec![json!({ "id": id, "return": { "did": command } })],
        }
    }

    #[tokio::test]
    async fn callers_share_one_connection_and_a_hung_command_blocks_only_itself() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("qmp");
        let server = tokio::spawn(qemu(path.clone(), answers));
        let (qmp, mut events) = Qmp::connect(&path, SOON).await.unwrap();
        let hung = qmp.call("hang", json!({}), Duration::from_millis(50));
        let quick = qmp.call("query-status", json!({}), SOON);
        let (hung, quick) = tokio::join!(hung, quick);
        assert_eq!(hung.unwrap_err().to_string(), "qmp command 'hang' failed - got timeout");
        assert_eq!(quick.unwrap(), json!({ "did": "query-status" }));
        assert!(lock(&qmp.shared.waiting).is_empty());

        let refused = qmp.call("wrong", json!({}), SOON).await.unwrap_err();
        assert_eq!(refused.to_string(), "qmp command 'wrong' failed - no such thing");
        qmp.call("stop", json!({}), SOON).await.unwrap();
        assert_eq!(events.recv().await.unwrap(), Event { name: "STOP".into(), data: json!({ "x": 1 }) });

        let ended = qmp.call("quit", json!({}), SOON).await.unwrap_err();
        assert!(matches!(ended, QmpError::Closed { .. }), "{ended}");
        assert!(matches!(events.recv().await, Err(broadcast::error::RecvError::Closed)));
        server.await.unwrap();
        assert!(qmp.events().is_none());
    }

    #[test]
    fn lines_that_are_no_messages_are_passed_over() {
        for line in ["", "1", "[]", "null", "{}", "{\"id\":\"x\"}", "{\"event\":1}", "{\"error\":{\"desc\":\"x\"}}"] {
            assert_eq!(parse(line), None, "{line}");
        }
        assert_eq!(parse("{\"id\":7}"), Some(Message::Answer(7, Ok(Value::Null))));
        assert_eq!(parse("{\"id\":7,\"error\":3}"), Some(Message::Answer(7, Ok(Value::Null))));
    }

    #[tokio::test]
    async fn nobody_there_is_an_error_after_the_limit() {
        let directory = tempfile::tempdir().unwrap();
        let missing = Qmp::connect(&directory.path().join("qmp"), Duration::from_millis(20)).await;
        assert!(matches!(missing, Err(QmpError::Connect { .. })));
    }
}
