//! Which family of functions answers which suite.

use std::path::Path;

use serde_json::Value;

use crate::{Outcome, access, cli, common, convert, lxc, qemu, schemas, storage, upid};

/// Asks each family; `None` when none of them knows the suite or the operation.
pub(crate) fn answer(suite: &str, dir: &Path, name: &str, input: &Value) -> Option<Outcome> {
    let families = [
        access::case,
        cli::case,
        common::case,
        convert::case,
        lxc::case,
        qemu::case,
        schemas::case,
        storage::case,
        upid::case,
    ];
    families.iter().find_map(|case| case(suite, dir, name, input))
}
