//! How a task ended, as its log's last line, the index and the API tell it.

use std::fmt;

/// How a task ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All well.
    Ok,
    /// Done, with that many warnings.
    Warnings(u64),
    /// Failed, for this reason.
    Error(String),
    /// Its log has no proper end.
    Unexpected,
}

/// The class by which lists are filtered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// `OK`.
    Ok,
    /// `WARNINGS: n`.
    Warning,
    /// An error text.
    Error,
    /// `unexpected status`, or none.
    Unknown,
}

impl Outcome {
    /// Reads an `exitstatus`.
    #[must_use]
    pub fn of_status(status: &str) -> Self {
        let warnings = status.strip_prefix("WARNINGS: ").and_then(|count| count.parse().ok());
        match (status, warnings) {
            ("OK", _) => Self::Ok,
            (_, Some(count)) => Self::Warnings(count),
            ("unexpected status", _) => Self::Unexpected,
            (text, _) => Self::Error(text.to_owned()),
        }
    }

    /// Its class.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Ok => Class::Ok,
            Self::Warnings(_) => Class::Warning,
            Self::Error(_) => Class::Error,
            Self::Unexpected => Class::Unknown,
        }
    }

    /// Last line of the log.
    pub(crate) fn last_line(&self) -> String {
        match self {
            Self::Ok => "TASK OK".to_owned(),
            Self::Warnings(count) => format!("TASK WARNINGS: {count}"),
            Self::Error(text) => format!("TASK ERROR: {text}"),
            Self::Unexpected => "TASK ERROR: unexpected status".to_owned(),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ok => f.write_str("OK"),
            Self::Warnings(count) => write!(f, "WARNINGS: {count}"),
            Self::Error(text) => f.write_str(text),
            Self::Unexpected => f.write_str("unexpected status"),
        }
    }
}

/// How a task ended by the end of its log, as `exitstatus` tells it.
#[must_use]
pub fn outcome_of_log(end: &str) -> Outcome {
    if end.is_empty() {
        return Outcome::Error("unable to read tail (got 0 bytes)".to_owned());
    }
    let last = end.strip_suffix('\n').unwrap_or(end).rsplit('\n').next().unwrap_or_default();
    if last.is_empty() {
        return Outcome::Error("unable to extract last line".to_owned());
    }
    let warnings = last.strip_prefix("TASK WARNINGS: ").and_then(|count| count.parse().ok());
    match (last, warnings, last.strip_prefix("TASK ERROR: ")) {
        ("TASK OK", _, _) => Outcome::Ok,
        (_, Some(count), _) => Outcome::Warnings(count),
        (_, _, Some(text)) if !text.is_empty() => Outcome::Error(text.to_owned()),
        _ => Outcome::Unexpected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_log_without_an_end_is_not_taken_for_success() {
        for log in ["half a line", "TASK OK\nmore", "TASK OKAY\n", "xTASK OK\n", "TASK ERROR: \n", "TASK WARNINGS: x\n"]
        {
            assert_eq!(outcome_of_log(log), Outcome::Unexpected, "{log}");
        }
        assert_eq!(outcome_of_log("TASK OK\n\n").class(), Class::Error);
    }

    proptest! {
        #[test]
        fn what_the_last_line_says_is_read_back(text in "[ -~]{1,40}", count: u64) {
            for outcome in [Outcome::Ok, Outcome::Warnings(count), Outcome::of_status(&text)] {
                prop_assert_eq!(outcome_of_log(&format!("line\n{}\n", outcome.last_line())), outcome.clone());
                prop_assert_eq!(Outcome::of_status(&outcome.to_string()), outcome);
            }
        }
    }
}
