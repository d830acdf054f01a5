//! Everything below `/nodes`.
pub mod aplinfo;
pub mod console;
pub mod dns;
pub mod list;
pub mod lxc;
pub mod network;
pub(crate) mod pool;
pub mod qemu;
pub mod rrd;
pub(crate) mod snapshots;
pub mod status;
pub mod storage;
pub mod tasks;
pub mod time;
