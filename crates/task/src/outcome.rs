//! How a task ended, as clients of PVE read it.

use std::fmt;

/// How a task ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It did what it should.
    Ok,
    /// It did, with that many warnings in its log.
    Warnings(u32),
    /// It failed; the reason in one line.
    Error(String),
    /// Nobody saw its end.
    Unknown,
}

impl Outcome {
    /// From the `exitstatus` text.
    pub fn parse(text: &str) -> Self {
        match text.trim() {
            "OK" => Self::Ok,
            "unexpected status" | "" => Self::Unknown,
            text => match text.strip_prefix("WARNINGS: ").and_then(|count| count.parse().ok()) {
                Some(count) => Self::Warnings(count),
                None => Self::Error(text.to_owned()),
            },
        }
    }

    /// From the last line of a task's log; a log that just stops belongs to a task whose end nobody saw.
    pub fn of_log(log: &str) -> Self {
        let last = log.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("");
        match last.strip_prefix("TASK ") {
            Some("OK") => Self::Ok,
            Some(rest) => match (rest.strip_prefix("WARNINGS: "), rest.strip_prefix("ERROR: ")) {
                (Some(count), _) => count.trim().parse().map_or(Self::Unknown, Self::Warnings),
                (None, Some(text)) => Self::Error(text.to_owned()),
                (None, None) => Self::Unknown,
            },
            None => Self::Unknown,
        }
    }

    /// The last line of the log.
    pub fn log_line(&self) -> String {
        match self {
            Self::Ok => "TASK OK".to_owned(),
            Self::Warnings(count) => format!("TASK WARNINGS: {count}"),
            Self::Error(text) => format!("TASK ERROR: {text}"),
            Self::Unknown => "TASK ERROR: unexpected status".to_owned(),
        }
    }

    /// Class that lists are filtered by: `ok`, `warning`, `error`, `unknown`.
    pub const fn class(&self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warnings(_) => "warning",
            Self::Error(_) => "error",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it did what it should, if need be with warnings.
    pub const fn is_success(&self) -> bool {
        matches!(self, Self::Ok | Self::Warnings(_))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ok => f.write_str("OK"),
            Self::Warnings(count) => write!(f, "WARNINGS: {count}"),
            Self::Error(text) => f.write_str(text),
            Self::Unknown => f.write_str("unexpected status"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_of_a_log_tells_the_outcome() {
        assert_eq!(Outcome::of_log("a\nTASK OK\n"), Outcome::Ok);
        assert_eq!(Outcome::of_log("a\nTASK WARNINGS: 42\n"), Outcome::Warnings(42));
        assert_eq!(Outcome::of_log("TASK ERROR: no space\n\n"), Outcome::Error("no space".into()));
        assert_eq!(Outcome::of_log("a\nb\n"), Outcome::Unknown);
        assert_eq!(Outcome::of_log(""), Outcome::Unknown);
    }

    #[test]
    fn status_texts_read_back() {
        for outcome in [Outcome::Ok, Outcome::Warnings(3), Outcome::Error("x: y".into()), Outcome::Unknown] {
            assert_eq!(Outcome::parse(&outcome.to_string()), outcome);
        }
    }
}
