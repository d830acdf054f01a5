//! The one error that leaves the API.

use std::collections::BTreeMap;
use std::fmt;

/// Error texts by parameter name.
pub type Errors = BTreeMap<String, String>;

/// An error as clients see it: HTTP status, message, and what is wrong with which parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// HTTP status code.
    pub status: u16,
    /// The message; its first line is the reason phrase.
    pub message: String,
    /// Errors by parameter.
    pub errors: Errors,
}

impl ApiError {
    /// An error with any status.
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), errors: Errors::new() }
    }
    /// 400 with errors by parameter.
    pub fn parameters(errors: Errors) -> Self {
        Self { status: 400, message: "Parameter verification failed.".to_owned(), errors }
    }
    /// 400 for one parameter.
    pub fn param(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self::parameters(Errors::from([(name.into(), message.into())]))
    }
    /// 401 with the reason.
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(401, message)
    }
    /// 403 naming path and privileges.
    pub fn forbidden(path: &str, privileges: &[&str]) -> Self {
        Self::new(403, format!("Permission check failed ({path}, {})", privileges.join("|")))
    }
    /// 500 with the reason.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(500, message)
    }
    /// 501: this version does not have the method.
    pub fn not_implemented(verb: &str, path: &str) -> Self {
        Self::new(501, format!("Method '{verb} {path}' not implemented"))
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message.trim_end())?;
        for (name, text) in &self.errors {
            write!(f, "\n{name}: {text}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ApiError {}
