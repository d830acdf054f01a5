//! Everything below `/pleiad`: what PVE does not have.

pub mod events;
pub mod session;
pub mod sessions;
pub mod user_data;
pub mod vm;
