//! The API engine: one table of methods, and what is made from it.

pub mod answer;
pub mod call;
pub mod dispatch;
pub mod endpoint;
pub mod openapi;
pub mod router;
pub mod summary;

#[cfg(test)]
mod tests;

pub use answer::{
    Answer, Body, Conversation, Download, Duplex, IntoAnswer, OrDownload, Part, Raw, Said, Socket, Talk, WithTicket,
};
pub use call::Call;
pub use dispatch::{Caller, Proof, Request, dispatch, dispatch_proved};
pub use endpoint::{Endpoint, Flag, Subdir, Target, Verb, drive, params_of, returns_of};
pub use router::{Found, Router};
