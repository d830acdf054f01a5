//! What a method hands back to the HTTP layer or the command line.

use std::path::PathBuf;

use bytes::Bytes;
use schema::{Reply, Returns};
use serde_json::Value;
use store::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite};

/// A two-way byte stream, to be carried over a web socket.
pub trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// What one side of a conversation says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Messages, each a text of JSON in UTF-8.
    Texts(Vec<Bytes>),
    /// That it ends, with a close code of web sockets (RFC 6455, 7.4) and why.
    Close(u16, &'static str),
}

/// A conversation in text messages, to be carried over a web socket.
pub trait Talk: Send {
    /// Waits for what we say next. Nothing is lost when the future is dropped.
    fn next(&mut self) -> BoxFuture<'_, Said>;
    /// Takes what the client says.
    fn hear(&mut self, text: &str);
}

/// The body of an answer.
pub enum Body {
    /// Data to be wrapped as `{"data": …}`.
    Json(Value),
    /// The same, already serialised: for answers that are asked for thousands of times between two changes.
    Raw(Bytes),
    /// A file to be downloaded under that name.
    File {
        /// Where it is.
        path: PathBuf,
        /// What to call it.
        name: String,
        /// Its media type.
        mime: &'static str,
    },
    /// A byte stream: the connection becomes a web socket of binary frames.
    Stream(Box<dyn Duplex>),
    /// A conversation: the connection becomes a web socket of text frames.
    Talk(Box<dyn Talk>),
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Json(value) => write!(f, "Json({value})"),
            Self::Raw(bytes) => write!(f, "Raw({} bytes)", bytes.len()),
            Self::File { path, .. } => write!(f, "File({})", path.display()),
            Self::Stream(_) => f.write_str("Stream"),
            Self::Talk(_) => f.write_str("Talk"),
        }
    }
}

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    /// The data.
    pub body: Body,
    /// Number of entries there are in all, where the data is a part of a list.
    pub total: Option<u64>,
    /// Cookie to be set: the ticket after a login.
    pub ticket_cookie: Option<String>,
}

impl Answer {
    /// Plain data.
    pub fn json(value: Value) -> Self {
        Self { body: Body::Json(value), total: None, ticket_cookie: None }
    }

    /// The data as JSON value, for callers inside this process.
    pub fn into_value(self) -> Value {
        match self.body {
            Body::Json(value) => value,
            Body::Raw(bytes) => serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            Body::File { path, .. } => Value::String(path.display().to_string()),
            Body::Stream(_) | Body::Talk(_) => Value::Null,
        }
    }
}

/// What handlers may return.
pub trait IntoAnswer: Send {
    /// The shape of the data.
    const RETURNS: Returns;
    /// The answer.
    fn into_answer(self) -> Answer;
}

impl<T: Reply> IntoAnswer for T {
    const RETURNS: Returns = T::RETURNS;
    fn into_answer(self) -> Answer {
        Answer::json(self.value())
    }
}

/// Serialised data, ready to be sent; `T` tells its shape.
pub struct Raw<T>(pub Bytes, pub std::marker::PhantomData<fn() -> T>);

impl<T> Raw<T> {
    /// Wraps serialised data.
    pub const fn new(bytes: Bytes) -> Self {
        Self(bytes, std::marker::PhantomData)
    }
}

impl<T: Reply> IntoAnswer for Raw<T> {
    const RETURNS: Returns = T::RETURNS;
    fn into_answer(self) -> Answer {
        Answer { body: Body::Raw(self.0), total: None, ticket_cookie: None }
    }
}

/// A part of a list, with the number of entries in the whole.
pub struct Part<T> {
    /// The part.
    pub items: Vec<T>,
    /// Entries in the whole.
    pub total: u64,
}

impl<T: Reply> IntoAnswer for Part<T> {
    const RETURNS: Returns = <Vec<T> as Reply>::RETURNS;
    fn into_answer(self) -> Answer {
        Answer { total: Some(self.total), ..Answer::json(self.items.value()) }
    }
}

/// Data together with the ticket that the browser shall keep as a cookie.
pub struct WithTicket<T> {
    /// The data.
    pub data: T,
    /// The ticket, if one was made.
    pub ticket: Option<String>,
}

impl<T: Reply> IntoAnswer for WithTicket<T> {
    const RETURNS: Returns = T::RETURNS;
    fn into_answer(self) -> Answer {
        Answer { ticket_cookie: self.ticket, ..Answer::json(self.data.value()) }
    }
}

/// A file to be downloaded.
pub struct Download {
    /// Where it is.
    pub path: PathBuf,
    /// What to call it.
    pub name: String,
    /// Its media type.
    pub mime: &'static str,
}

/// Either data or a file, where a parameter decides.
pub enum OrDownload<T> {
    /// Data.
    Data(T),
    /// A file.
    File(Download),
}

impl<T: IntoAnswer> IntoAnswer for OrDownload<T> {
    const RETURNS: Returns = T::RETURNS;
    fn into_answer(self) -> Answer {
        match self {
            Self::Data(data) => data.into_answer(),
            Self::File(Download { path, name, mime }) => {
                Answer { body: Body::File { path, name, mime }, total: None, ticket_cookie: None }
            }
        }
    }
}

/// A byte stream that becomes a web socket.
pub struct Socket(pub Box<dyn Duplex>);

impl IntoAnswer for Socket {
    const RETURNS: Returns = Returns::Null;
    fn into_answer(self) -> Answer {
        Answer { body: Body::Stream(self.0), total: None, ticket_cookie: None }
    }
}

/// A conversation that becomes a web socket.
pub struct Conversation(pub Box<dyn Talk>);

impl IntoAnswer for Conversation {
    const RETURNS: Returns = Returns::Null;
    fn into_answer(self) -> Answer {
        Answer { body: Body::Talk(self.0), total: None, ticket_cookie: None }
    }
}
