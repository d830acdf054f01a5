//! Which family of functions answers which suite.

use std::path::Path;

use serde_json::Value;

use crate::Outcome;

/// Asks each family; `None` when none of them knows the suite or the operation.
pub(crate) fn answer(suite: &str, dir: &Path, name: &str, input: &Value) -> Option<Outcome> {
    let _ = (suite, dir, name, input);
    None
}
