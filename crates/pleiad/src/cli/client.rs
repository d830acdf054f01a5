//! Calls of the daemon over its socket: blocking, no runtime, one connection.

use std::{
    io::{BufRead, BufReader, Write},
    os::unix::net::UnixStream,
    path::PathBuf,
};

use api::Verb;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use schema::{ApiError, Errors};
use serde_json::{Map, Value};

/// Characters that stay as they are in paths and queries.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A daemon.
pub(super) struct Client {
    socket: PathBuf,
    connection: Option<BufReader<UnixStream>>,
}

impl Client {
    /// Does not connect yet.
    pub(super) fn new(socket: PathBuf) -> Self {
        Self { socket, connection: None }
    }

    /// Calls a method and gives the data of its answer. `path` is the part after the format, encoded.
    ///
    /// # Errors
    /// What the method says, or that the daemon cannot be asked.
    pub(super) fn call(&mut self, verb: Verb, path: &str, args: &Map<String, Value>) -> Result<Value, ApiError> {
        let (query, body) = match verb {
            Verb::Get | Verb::Delete => (query(args), String::new()),
            Verb::Post | Verb::Put => (String::new(), Value::Object(args.clone()).to_string()),
        };
        let head = format!(
            "{} /api2/json{path}{query} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            verb.as_str(),
            body.len()
        );
        let (status, text) = self.exchange(&format!("{head}{body}")).map_err(|error| self.away(&error))?;
        let mut answer: Value = serde_json::from_slice(&text)
            .map_err(|error| ApiError::internal(format!("the daemon's answer cannot be read: {error}")))?;
        if (200..300).contains(&status) {
            return Ok(answer["data"].take());
        }
        let message = answer["message"].as_str().unwrap_or_default().trim_end().to_owned();
        let errors = answer["errors"].as_object().map(|errors| {
            let text = |value: &Value| value.as_str().unwrap_or_default().trim_end().to_owned();
            errors.iter().map(|(name, value)| (name.clone(), text(value))).collect::<Errors>()
        });
        Err(ApiError { status, message, errors: errors.unwrap_or_default() })
    }

    fn away(&self, error: &std::io::Error) -> ApiError {
        let hint = match error.kind() {
            std::io::ErrorKind::PermissionDenied => "please run as root",
            _ => "is 'pleiad daemon' running? (PLEIAD_ROOT names its root, if that is not /)",
        };
        ApiError::internal(format!("unable to reach the daemon at '{}': {error}; {hint}", self.socket.display()))
    }

    fn exchange(&mut self, request: &str) -> std::io::Result<(u16, Vec<u8>)> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => BufReader::with_capacity(64 << 10, UnixStream::connect(&self.socket)?),
        };
        connection.get_mut().write_all(request.as_bytes())?;
        let answer = read(&mut connection)?;
        self.connection = Some(connection);
        Ok(answer)
    }
}

fn query(args: &Map<String, Value>) -> String {
    let mut pairs = Vec::new();
    for (name, value) in args {
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        pairs.extend(values.iter().map(|value| format!("{}={}", encode(name), encode(&plain(value)))));
    }
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// A scalar as text.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A text as part of a path or query.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

fn read(from: &mut impl BufRead) -> std::io::Result<(u16, Vec<u8>)> {
    let bad = |what: &str| std::io::Error::new(std::io::ErrorKind::InvalidData, what.to_owned());
    let mut line = String::new();
    if from.read_line(&mut line)? == 0 {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(|| bad("no status line"))?;
    let mut length = 0;
    loop {
        line.clear();
        from.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().map_err(|_| bad("no length"))?;
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    Ok((status, body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_answer_is_read_by_its_length() {
        let mut text: &[u8] = b"HTTP/1.1 400 Parameter verification failed.\r\nContent-Length: 2\r\nx: y\r\n\r\n{}rest";
        assert_eq!(read(&mut text).unwrap(), (400, b"{}".to_vec()));
        assert_eq!(text, b"rest");
        assert!(read(&mut &b""[..]).is_err());
        assert!(read(&mut &b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}"[..]).is_err());
    }

    #[test]
    fn lists_are_repeated_in_queries() {
        let args = json!({"a": ["x y", "z"], "b": 1});
        assert_eq!(query(args.as_object().unwrap()), "?a=x%20y&a=z&b=1");
        assert_eq!(query(&Map::new()), "");
    }
}
