//! SPICE: what a viewer needs to show the screen of a virtual machine, and the way there.
//!
//! ```text
//!   viewer ──CONNECT ticket:61000──► proxy (port 3128) ──CONNECT──► daemon ──► QEMU's socket
//!   viewer ◄════════TLS════════════► proxy ◄──────────the bytes──────────────► QEMU
//! ```
//!
//! QEMU listens on a Unix socket only. Encryption is between viewer and proxy, with the node's certificate.

use access::Access;
use access::spice::SpiceTarget;
use schema::{ApiError, NodeName, Params, Reply, Vmid};
use tokio::net::UnixStream;
use x509_parser::pem::Pem;

use super::{now, unreachable};
use crate::access::login;
use crate::endpoints;
use crate::engine::{Call, Duplex, Target};
use crate::node::Node;
use crate::nodes::qemu::refused;

endpoints! {
    /// Opens the screen of a virtual machine for a SPICE viewer; answers what the viewer's file must hold.
    POST "/nodes/{node}/qemu/{vmid}/spiceproxy" => spiceproxy, name = "spiceproxy",
        Access::perm("/vms/{vmid}", &["VM.Console"]), Target::Node;
}

/// The port that viewers name. All machines have the same: it is the ticket that tells them apart.
const PORT: u16 = 61000;
/// Random bytes of a password; as hexadecimal digits it is within the 60 characters that the protocol allows.
const PASSWORD: usize = 20;

#[derive(Params)]
struct Spice {
    /// Name of the node.
    node: NodeName,
    /// Address of the proxy as the viewer reaches it; the node's name when not given.
    #[param(format = "address")]
    proxy: Option<String>,
    /// ID of the VM.
    vmid: Vmid,
}

/// The lines of a viewer's file.
#[derive(Reply, Clone, Debug)]
struct Viewer {
    /// Always `spice`.
    #[reply(name = "type")]
    kind: &'static str,
    /// What the window is called.
    title: String,
    /// The host that the proxy is asked for: a ticket, good for thirty seconds.
    host: String,
    /// The port that goes with it.
    #[reply(name = "tls-port")]
    tls_port: u64,
    /// The proxy.
    proxy: String,
    /// Whose certificate the viewer will see.
    #[reply(name = "host-subject")]
    host_subject: String,
    /// Certificate of the authority that signed it, its lines joined by `\n`.
    ca: String,
    /// What the machine's display asks for; good for thirty seconds.
    password: String,
    /// Whether the viewer removes its file.
    #[reply(name = "delete-this-file")]
    delete_this_file: u64,
    /// Keys that stand for the three that log in.
    #[reply(name = "secure-attention")]
    secure_attention: &'static str,
    /// Keys that switch to the whole screen and back.
    #[reply(name = "toggle-fullscreen")]
    toggle_fullscreen: &'static str,
    /// Keys that let the pointer go.
    #[reply(name = "release-cursor")]
    release_cursor: &'static str,
}

async fn spiceproxy(call: Call, p: Spice) -> Result<Viewer, ApiError> {
    let node = &call.node;
    let vm = node.vms.get(p.vmid).map_err(refused)?;
    node.vms.require_running(p.vmid).map_err(refused)?;
    let port = node.spice_port.ok_or_else(|| {
        ApiError::internal("no SPICE proxy runs on this node: start its daemon and proxy with --spice-port 3128")
    })?;
    let random = host::crypt::random(PASSWORD).map_err(|error| ApiError::internal(error.to_string()))?;
    let password: String = random.into_iter().map(|byte| format!("{byte:02x}")).collect();
    node.vms.open_spice(p.vmid, &password).await.map_err(refused)?;
    let keys = login::keys(node).await?;
    let keys = keys.as_ref().as_ref().map_err(|error| ApiError::internal(error.to_string()))?;
    let target = SpiceTarget { vmid: p.vmid.get(), port: PORT, node: node.name.to_string() };
    let tree = node.store.tree();
    let certificate = tree.text(&format!("nodes/{}/pve-ssl.pem", node.name)).unwrap_or_default();
    let address = p.proxy.unwrap_or_else(|| p.node.to_string());
    let address = if address.contains(':') { format!("[{address}]") } else { address };
    Ok(Viewer {
        kind: "spice",
        title: format!("VM {} - {}", p.vmid, vm.name(p.vmid)),
        host: keys.spice_ticket(&target, now()),
        tls_port: PORT.into(),
        proxy: format!("http://{address}:{port}"),
        host_subject: subject(certificate).map_err(ApiError::internal)?,
        ca: tree.text("pve-root-ca.pem").unwrap_or_default().replace('\n', "\\n"),
        password,
        delete_this_file: 1,
        secure_attention: "Ctrl+Alt+Ins",
        toggle_fullscreen: "Shift+F11",
        release_cursor: "Ctrl+Alt+R",
    })
}

/// `CN=…,O=…`, in the certificate's own order: viewers compare the names one after the other.
fn subject(certificate: &str) -> Result<String, String> {
    let wrong = |why: String| format!("unable to read the node's certificate - {why}");
    let pem = Pem::iter_from_buffer(certificate.as_bytes()).next().ok_or_else(|| wrong("there is none".to_owned()))?;
    let pem = pem.map_err(|why| wrong(why.to_string()))?;
    let parsed = pem.parse_x509().map_err(|why| wrong(why.to_string()))?;
    Ok(parsed.subject().to_string().replace(", ", ","))
}

/// The way to the machine that a ticket is for.
///
/// # Errors
/// 403 when the ticket is not good, 500 when the machine does not run any more.
pub async fn tunnel(node: &Node, host: &str, port: u16) -> Result<Box<dyn Duplex>, ApiError> {
    let keys = login::keys(node).await?;
    let keys = keys.as_ref().as_ref().map_err(|error| ApiError::internal(error.to_string()))?;
    let refusal = || ApiError::new(403, "permission denied - invalid SPICE ticket");
    let target = keys.verify_spice(host, now()).map_err(|_| refusal())?;
    if target.port != port || target.node != node.name.as_str().to_ascii_lowercase() {
        return Err(refusal());
    }
    let vmid = Vmid::new(target.vmid).ok_or_else(refusal)?;
    let socket = node.vms.require_running(vmid).ok().and_then(|_| node.vms.spice_socket(vmid));
    let socket = socket.ok_or_else(|| ApiError::internal(format!("VM {vmid} not running")))?;
    let stream = UnixStream::connect(socket).await.map_err(|error| unreachable("the screen", &error))?;
    Ok(Box::new(stream))
}
