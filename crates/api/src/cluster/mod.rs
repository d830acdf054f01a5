//! Everything below `/cluster`.

pub mod backup_info;
pub(crate) mod guests;
pub mod log;
pub(crate) mod log_file;
pub mod mapping;
pub mod nextid;
pub mod options;
mod options_types;
pub mod qemu;
pub mod replication;
pub mod resources;
pub mod status;
pub mod tasks;
pub(crate) mod view;
