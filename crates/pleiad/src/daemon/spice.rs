//! The daemon's end of SPICE connections: the proxy asks for one (CONNECT) with the ticket that its client showed.

use http_body_util::{Either, Full};
use hyper::{Request, Response, body::Incoming};
use hyper_util::rt::TokioIo;

use super::respond::{self, Reply};
use super::{request::Format, server::Service};

/// Buffer of either direction.
const BUFFER: usize = 64 << 10;

impl Service {
    /// Connects the caller with the machine that the asked host, a ticket, stands for.
    pub(super) async fn tunnel(&self, mut request: Request<Incoming>) -> Reply {
        let authority = request.uri().authority().cloned();
        let (host, port) = authority.as_ref().map_or(("", 0), |name| (name.host(), name.port_u16().unwrap_or(0)));
        let mut machine = match api::nodes::console::spice_tunnel(&self.node, host, port).await {
            Ok(machine) => machine,
            Err(error) => return respond::failure(Format::Json, &error),
        };
        let upgrade = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            if let Ok(client) = upgrade.await {
                let mut client = TokioIo::new(client);
                // Either side may go at any time.
                tokio::io::copy_bidirectional_with_sizes(&mut client, &mut machine, BUFFER, BUFFER).await.ok();
            }
        });
        Response::new(Either::Left(Full::default()))
    }
}
