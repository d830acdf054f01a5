//! The schema of Pleiad's interface: one description of a parameter serves API, command line, property strings and
//! configuration files. Pure: no I/O, no clock.

// The derives write `::schema::…`, which must also resolve in this crate.
extern crate self as schema;

pub mod args;
pub mod cli;
pub mod config;
pub mod error;
pub mod format;
pub mod kind;
pub mod params;
pub mod pattern;
pub mod property;
pub mod render;
pub mod reply;
pub mod section;
pub mod size;
pub mod types;
pub mod words;

pub use args::{Args, Mode};
pub use error::{ApiError, Errors};
pub use kind::{Alias, KeyAlias, Kind, Param, Rules, Spec, Text, not_in_choice};
pub use macros::{Choice, Params, Reply};
pub use params::{AnyValue, Array, Flat, FromArgs, Indexed, NoParams, NonEmpty, Params, Props, Scalar};
pub use reply::{Reply, ReplyField, ReplyMember, Returns};
pub use types::{ConfigId, NodeName, PoolId, StorageId, Vmid};

/// SHA-1 of a text in hex, as PVE's `digest` parameters carry it.
pub fn digest(text: &str) -> String {
    digest_bytes(text.as_bytes())
}

/// SHA-1 of bytes in hex.
pub fn digest_bytes(bytes: &[u8]) -> String {
    use sha1::{Digest, Sha1};
    Sha1::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
