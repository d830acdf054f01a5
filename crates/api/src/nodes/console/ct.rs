//! Consoles of containers.

use access::Access;
use host::pty::Terminal;
use schema::{ApiError, NodeName, Params, Vmid};

use super::{GuestSocket, Opened, Opening, connect, guest_path, terminal::Backend, terminal_stream};
use crate::endpoints;
use crate::engine::{Call, Socket, Target};

const ACCESS: Access = Access::perm("/vms/{vmid}", &["VM.Console"]);

endpoints! {
    /// Opens a terminal of a container.
    POST "/nodes/{node}/lxc/{vmid}/termproxy" => termproxy, name = "termproxy", ACCESS, Target::Node;
    /// Connects a web socket with an opened terminal.
    GET "/nodes/{node}/lxc/{vmid}/vncwebsocket" => vncwebsocket, name = "vncwebsocket", ACCESS, Target::Node;
}

#[derive(Params)]
struct Term {
    node: NodeName,
    vmid: Vmid,
}

async fn termproxy(call: Call, p: Term) -> Result<Opened, ApiError> {
    let failed = |error: &dyn std::fmt::Display| ApiError::internal(error.to_string());
    call.node.cts.require_running(p.vmid).map_err(|error| failed(&error))?;
    let argv = call.node.cts.console_argv(p.vmid, None).map_err(|error| failed(&error))?;
    let opening = Opening { kind: "vncproxy", id: p.vmid.to_string(), path: guest_path(p.vmid) };
    let connect = |shown| -> super::Connect {
        Box::pin(async move {
            let terminal = Terminal::spawn(&argv, 80, 24).map_err(|error| ApiError::internal(error.to_string()))?;
            Ok(terminal_stream(Backend::Program(terminal), shown))
        })
    };
    opening.open(&call, connect).await
}

async fn vncwebsocket(call: Call, p: GuestSocket) -> Result<Socket, ApiError> {
    connect(&call, &guest_path(p.vmid), p.port, &p.vncticket).await
}
