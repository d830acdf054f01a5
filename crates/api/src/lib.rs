//! Every method of the API: one row each, declared beside its handler; the folders mirror the URL tree.

pub mod access;
pub mod cluster;
pub mod engine;
pub mod node;
pub mod nodes;
pub mod pools;
pub mod storage;
mod tables;
pub mod version;

pub use engine::{Answer, Body, Call, Caller, Duplex, Request, Router, Verb, dispatch};
pub use node::Node;
pub use tables::router;
