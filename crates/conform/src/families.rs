//! Which family of functions answers which suite.

use std::path::Path;

use serde_json::Value;

use crate::{Outcome, access, cli, common, convert, lxc, ovf, passthrough, qemu, schemas, snapshot, storage, upid};

/// A family's answer to a case, if the suite is its own.
type Family = fn(&str, &Path, &str, &Value) -> Option<Outcome>;

/// All families.
const FAMILIES: &[Family] = &[
    access::case,
    cli::case,
    common::case,
    convert::case,
    lxc::case,
    ovf::case,
    passthrough::case,
    qemu::case,
    schemas::case,
    |suite, _, _, input| snapshot::case(suite, input),
    storage::case,
    upid::case,
];

/// Asks each family; `None` when none of them knows the suite or the operation.
pub(crate) fn answer(suite: &str, dir: &Path, name: &str, input: &Value) -> Option<Outcome> {
    FAMILIES.iter().find_map(|case| case(suite, dir, name, input))
}
