//! A network for guests on a host that has none for them: a bridge with DHCP, name service and NAT.
//!
//! Nothing here belongs to the host's own network: bridges that somebody else made are left alone, packet filter rules
//! live in a table of our own, and the DHCP server listens on our bridge only. See `docs/network.md`.

pub mod dhcp;
pub mod leases;
mod nat;
pub mod plan;
pub mod subnet;
mod up;

pub use leases::Lease;
pub use up::{GuestNetwork, NetworkError, Outcome};
