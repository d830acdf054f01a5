//! Guests: virtual machines and containers. Configuration, command line and life of both.
//!
//! Each noun has three kinds of file: pure configuration, pure plan, and thin effects (one workflow a file).

pub mod boot;
pub mod bulk;
pub mod config_file;
pub mod datacenter;
pub mod hook;
pub mod lxc;
pub mod mapping;
pub mod qemu;
pub mod snapshot;
pub mod tags;
