//! The live event stream: what changes on the node, told to every open page at once instead of being asked for.
//!
//! ```text
//! store ─┐                                  ┌─ stream (cursor, what its caller may see) ─ web socket
//! tasks ─┼─ sources ──► hub: numbered history ─ stream …
//! guests ┤                                  └─ stream …
//! figures┘
//! ```
//!
//! An event is rendered once and numbered. A stream is no more than a number: how far its client has been told. So slow
//! clients hold nobody up and cost no memory; one that falls out of the history is disconnected and loads anew. Rows of
//! resources replace their earlier ones in the history, so whoever was away is told the newest one only.

pub(crate) mod event;
mod follow;
pub(crate) mod history;
mod hub;
mod places;
mod sources;
mod stream;
#[cfg(test)]
mod tests;

pub(crate) use hub::{Full, Hub};
pub(crate) use sources::run;
pub(crate) use stream::{Resume, Stream};
