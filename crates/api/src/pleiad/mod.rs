//! Everything below `/pleiad`: what PVE does not have.

pub mod events;
pub mod session;
pub mod sessions;
pub mod vm;
