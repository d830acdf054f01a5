//! Consoles of virtual machines.

use access::Access;
use schema::{ApiError, Choice, NodeName, Params, Vmid};
use tokio::net::UnixStream;

use super::{
    GuestSocket, Opened, OpenedVnc, Opening, connect, guest_path, terminal::Backend, terminal_stream, unreachable,
};
use crate::endpoints;
use crate::engine::{Call, Socket, Target};

const ACCESS: Access = Access::perm("/vms/{vmid}", &["VM.Console"]);

endpoints! {
    /// Opens the screen of a virtual machine for VNC over a web socket.
    POST "/nodes/{node}/qemu/{vmid}/vncproxy" => vncproxy, name = "vncproxy", ACCESS, Target::Node;
    /// Opens a serial port of a virtual machine as a terminal.
    POST "/nodes/{node}/qemu/{vmid}/termproxy" => termproxy, name = "termproxy", ACCESS, Target::Node;
    /// Connects a web socket with an opened console.
    GET "/nodes/{node}/qemu/{vmid}/vncwebsocket" => vncwebsocket, name = "vncwebsocket", ACCESS, Target::Node;
    /// Shows the command line, word by word, that starting the virtual machine now would run.
    GET "/nodes/{node}/qemu/{vmid}/showcmd" => showcmd, name = "vm_showcmd",
        Access::perm("/vms/{vmid}", &["VM.Audit"]), Target::Node, [Extension];
}

#[derive(Params)]
struct Vnc {
    node: NodeName,
    vmid: Vmid,
    /// Whether to make a password for the VNC server.
    #[param(name = "generate-password", default = "0")]
    generate_password: bool,
    /// Prepare for a web socket.
    websocket: Option<bool>,
}

/// Length of a VNC password: the protocol knows no more.
const PASSWORD: usize = 8;

async fn vncproxy(call: Call, p: Vnc) -> Result<OpenedVnc, ApiError> {
    let failed = |error: &dyn std::fmt::Display| ApiError::internal(error.to_string());
    call.node.vms.require_running(p.vmid).map_err(|error| failed(&error))?;
    let vm = call.node.vms.get(p.vmid).map_err(|error| failed(&error))?;
    let serial = vm.file.main.get("vga").is_some_and(|vga| vga.trim_start_matches("type=").starts_with("serial"));
    if serial {
        return Err(ApiError::internal(format!("the display of VM {} is a serial port: use termproxy", p.vmid)));
    }
    let random = host::crypt::random(PASSWORD).map_err(|error| failed(&error))?;
    // Codes 0x21 to 0x60: 64 characters, so that each byte gives one of them evenly.
    let password: String = random.into_iter().map(|byte| char::from(0x21 + (byte & 63))).collect();
    call.node.vms.set_vnc_password(p.vmid, &password).await.map_err(|error| failed(&error))?;
    let socket = call.node.vms.vnc_socket(p.vmid);
    let opening = Opening { kind: "vncproxy", id: p.vmid.to_string(), path: guest_path(p.vmid) };
    let mut console = opening
        .open(&call, |_| {
            Box::pin(async move {
                let stream = UnixStream::connect(&socket).await;
                Ok(Box::new(stream.map_err(|error| unreachable("the screen", &error))?) as _)
            })
        })
        .await?;
    let wanted = p.generate_password || p.websocket == Some(true);
    console.ticket = format!("{password}:{}", console.ticket);
    let cert = call.node.store.tree().text("pve-root-ca.pem").unwrap_or_default().to_owned();
    Ok(OpenedVnc { console, cert, password: wanted.then_some(password) })
}

/// A serial port.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
enum Serial {
    #[choice("serial0")]
    Serial0,
    #[choice("serial1")]
    Serial1,
    #[choice("serial2")]
    Serial2,
    #[choice("serial3")]
    Serial3,
}

#[derive(Params)]
struct Term {
    node: NodeName,
    vmid: Vmid,
    /// Which serial port; the display's, or the first one, when not given.
    serial: Option<Serial>,
}

async fn termproxy(call: Call, p: Term) -> Result<Opened, ApiError> {
    let failed = |error: &dyn std::fmt::Display| ApiError::internal(error.to_string());
    let vm = call.node.vms.get(p.vmid).map_err(|error| failed(&error))?;
    let is_socket = |port: &u32| vm.file.main.get(&format!("serial{port}")) == Some("socket");
    let by_display = (0..4).find(|port| {
        let vga = vm.file.main.get("vga").unwrap_or_default();
        vga.trim_start_matches("type=").split(',').next() == Some(format!("serial{port}").as_str())
    });
    let port = match p.serial {
        Some(serial) => Some(serial as u32).filter(is_socket),
        None => by_display.or_else(|| (0..4).find(is_socket)),
    };
    let port = port.ok_or_else(|| {
        ApiError::internal(format!("unable to find a serial interface on VM {} (set 'serial0: socket')", p.vmid))
    })?;
    call.node.vms.require_running(p.vmid).map_err(|error| failed(&error))?;
    let socket = call.node.vms.serial_socket(p.vmid, port);
    let opening = Opening { kind: "vncproxy", id: p.vmid.to_string(), path: guest_path(p.vmid) };
    let connect = |shown| -> super::Connect {
        Box::pin(async move {
            let stream = UnixStream::connect(&socket).await.map_err(|error| unreachable("the serial port", &error))?;
            Ok(terminal_stream(Backend::Serial(stream), shown))
        })
    };
    opening.open(&call, connect).await
}

async fn vncwebsocket(call: Call, p: GuestSocket) -> Result<Socket, ApiError> {
    connect(&call, &guest_path(p.vmid), p.port, &p.vncticket).await
}

#[derive(Params)]
struct Which {
    node: NodeName,
    vmid: Vmid,
    /// As it was at this snapshot.
    #[param(format = "pve-configid", max_len = 40)]
    snapshot: Option<String>,
}

async fn showcmd(call: Call, p: Which) -> Result<Vec<String>, ApiError> {
    call.node.vms.showcmd(p.vmid, p.snapshot.as_deref()).await.map_err(|error| ApiError::internal(error.to_string()))
}
