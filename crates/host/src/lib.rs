//! The machine: the only crate that starts programs, reads `/proc`, or touches files, links and sockets of the host.
//!
//! Each module is one edge of the system with typed errors; what to do with it is decided elsewhere.

pub mod clock;
pub mod file;
pub mod paths;
pub mod proc;
pub mod process;
pub mod run;
pub mod ticks;
