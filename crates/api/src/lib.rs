//! Every method of the API: one row each, declared beside its handler; the folders mirror the URL tree.

pub mod engine;
pub mod node;
mod tables;

pub use engine::{Answer, Body, Call, Caller, Duplex, Request, Router, Verb, dispatch};
pub use node::Node;
pub use tables::router;
