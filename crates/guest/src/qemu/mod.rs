//! Virtual machines on QEMU.

pub mod cmdline;
pub mod config;
pub mod file;
