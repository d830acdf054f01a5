//! host
pub mod process;
pub mod run;
