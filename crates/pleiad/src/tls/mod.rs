//! TLS: the node's own authority and certificate, and the server's side of a connection.

pub(crate) mod authority;
pub(crate) mod server;
