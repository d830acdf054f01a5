//! The machine: the only crate that starts programs, reads `/proc`, or touches files, links and sockets of the host.
//!
//! Each module is one edge of the system with typed errors; what to do with it is decided elsewhere.

pub mod clock;
pub mod crypt;
pub mod file;
pub mod kvm;
pub mod net;
pub mod pam;
pub mod paths;
pub mod proc;
pub mod process;
pub mod qmp;
pub mod run;
pub mod sys;
pub mod tap;
pub mod ticks;
pub mod user;
