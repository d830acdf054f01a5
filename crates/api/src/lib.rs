//! Every method of the API: one row each, declared beside its handler; the folders mirror the URL tree.

pub mod access;
pub mod cluster;
pub mod engine;
pub(crate) mod events;
pub mod node;
pub mod nodes;
pub mod pleiad;
pub mod pools;
pub mod storage;
mod tables;
pub mod version;

pub use engine::{
    Answer, Body, Call, Caller, Duplex, Proof, Request, Router, Said, Talk, Verb, dispatch, dispatch_proved,
};
pub use node::Node;
pub use tables::router;
