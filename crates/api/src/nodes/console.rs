//! Consoles: screens of virtual machines by VNC, their serial ports, terminals of containers and of the node.
//!
//! A first call opens a console and answers with a port and a ticket; a web socket with both is then connected to it.
//! The port is a number in a table of ours, not one of the host: nothing listens on it.

mod ct;
mod frames;
mod shell;
mod spice;
mod terminal;
mod vm;

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use access::Authid;
use schema::{ApiError, Params, Reply, Vmid};
use task::{TaskError, TaskSpec};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::oneshot,
};

use crate::access::login;
use crate::engine::{Call, Duplex, Socket};

pub use ct::ENDPOINTS as CT_ENDPOINTS;
pub use shell::ENDPOINTS as SHELL_ENDPOINTS;
pub use spice::{ENDPOINTS as SPICE_ENDPOINTS, tunnel as spice_tunnel};
pub use vm::ENDPOINTS as VM_ENDPOINTS;

/// Numbers of consoles.
const PORTS: std::ops::RangeInclusive<u16> = 5900..=5999;
/// A client gets this long to connect.
const CONNECT_TIME: Duration = Duration::from_secs(10);

/// Makes the stream of a console when its client has come.
type Connect = Pin<Box<dyn Future<Output = Result<Box<dyn Duplex>, ApiError>> + Send>>;

/// An opened console that waits for its client.
struct Waiting {
    who: Authid,
    path: String,
    connect: Connect,
    /// Tells the task that somebody came; what it answers with lives as long as the connection.
    came: oneshot::Sender<oneshot::Receiver<()>>,
}

/// Opened consoles of a node.
#[derive(Default)]
pub struct Consoles(Mutex<HashMap<u16, Option<Waiting>>>);

impl Consoles {
    fn table(&self) -> std::sync::MutexGuard<'_, HashMap<u16, Option<Waiting>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a free number.
    fn reserve(&self) -> Result<u16, ApiError> {
        let mut table = self.table();
        let port = PORTS.clone().find(|port| !table.contains_key(port));
        let port = port.ok_or_else(|| ApiError::internal("too many consoles are open: close one and try again"))?;
        table.insert(port, None);
        Ok(port)
    }

    fn release(&self, port: u16) {
        self.table().remove(&port);
    }

    /// Takes the console that waits under this number for that caller and path.
    fn take(&self, port: u16, who: &Authid, path: &str) -> Option<Waiting> {
        let mut table = self.table();
        let slot = table.get_mut(&port)?;
        if slot.as_ref().is_some_and(|waiting| waiting.who == *who && waiting.path == path) {
            slot.take()
        } else {
            None
        }
    }
}

/// What opening a console answers with.
#[derive(Reply, Clone, Debug, PartialEq, Eq)]
struct Opened {
    /// Who opened it.
    user: String,
    /// To be shown by whoever connects.
    ticket: String,
    /// To be named by whoever connects.
    port: i64,
    /// The task that serves it.
    upid: String,
}

/// The same for VNC.
#[derive(Reply, Clone, Debug, PartialEq, Eq)]
struct OpenedVnc {
    #[reply(flat)]
    console: Opened,
    /// Certificate of the authority that signed this node's.
    cert: String,
    /// The password that the VNC server wants.
    password: Option<String>,
}

/// A console about to be opened.
struct Opening {
    /// Kind of its task.
    kind: &'static str,
    /// ID of its task.
    id: String,
    /// Its place in access control.
    path: String,
}

impl Opening {
    /// Opens it: from now on, for ten seconds, a client may come. `connect` gets what a client must show.
    async fn open(self, call: &Call, connect: impl FnOnce(Shown) -> Connect) -> Result<Opened, ApiError> {
        let who = call.user()?.clone();
        let port = call.node.consoles.reserve()?;
        let made = self.under(call, port, &who, connect).await;
        if made.is_err() {
            call.node.consoles.release(port);
        }
        made
    }

    async fn under(
        self,
        call: &Call,
        port: u16,
        who: &Authid,
        connect: impl FnOnce(Shown) -> Connect,
    ) -> Result<Opened, ApiError> {
        let keys = login::keys(&call.node).await?;
        let keys = keys.as_ref().as_ref().map_err(|error| ApiError::internal(error.to_string()))?;
        let ticket = keys.console_ticket(who, &self.path, Some(port), now());
        let (came, comes) = oneshot::channel();
        let connect = connect(Shown { user: who.to_string(), ticket: ticket.clone() });
        let waiting = Waiting { who: who.clone(), path: self.path, connect, came };
        call.node.consoles.table().insert(port, Some(waiting));
        let node = call.node.clone();
        let spec = TaskSpec { kind: self.kind, id: self.id, user: who.to_string() };
        let upid = call.node.tasks.spawn(spec, move |task| async move {
            let served = tokio::select! {
                served = serve(comes) => served,
                () = task.cancelled() => Ok(()),
            };
            node.consoles.release(port);
            served
        });
        let upid = upid.await.map_err(|error| ApiError::internal(error.to_string()))?;
        Ok(Opened { user: who.to_string(), ticket, port: i64::from(port), upid: upid.to_string() })
    }
}

/// The task's life: waits for a client, then for its going.
async fn serve(comes: oneshot::Receiver<oneshot::Receiver<()>>) -> Result<(), TaskError> {
    let none = || TaskError::new("connection timed out");
    let gone = tokio::time::timeout(CONNECT_TIME, comes).await.map_err(|_| none())?.map_err(|_| none())?;
    // Nothing is ever sent: the other end is dropped with the connection.
    gone.await.ok();
    Ok(())
}

/// What the client of a terminal must show first.
#[derive(Clone)]
struct Shown {
    user: String,
    ticket: String,
}

impl Shown {
    fn is(&self, user: &str, ticket: &str) -> bool {
        user == self.user && ticket == self.ticket
    }
}

/// Connects a web socket with the console that waits for it.
async fn connect(call: &Call, path: &str, port: u16, ticket: &str) -> Result<Socket, ApiError> {
    let who = call.user()?;
    let keys = login::keys(&call.node).await?;
    let good = match keys.as_ref() {
        Ok(keys) => keys.verify_console(ticket, who, path, Some(port), now()).is_ok(),
        Err(_) => false,
    };
    if !good {
        return Err(ApiError::unauthorized("permission denied - invalid PVEVNC ticket"));
    }
    let waiting = call.node.consoles.take(port, who, path);
    let waiting =
        waiting.ok_or_else(|| ApiError::internal(format!("no console waits on port {port}: open one first")))?;
    let stream = waiting.connect.await?;
    let (here, gone) = oneshot::channel();
    // The task may have ended a moment ago; the connection serves all the same.
    waiting.came.send(gone).ok();
    Ok(Socket(Box::new(Kept { stream, _here: here })))
}

/// A stream whose end is noticed by its task.
struct Kept {
    stream: Box<dyn Duplex>,
    _here: oneshot::Sender<()>,
}

impl AsyncRead for Kept {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Kept {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A terminal as the stream of a console: a task of its own translates between frames and bytes.
fn terminal_stream(backend: terminal::Backend, shown: Shown) -> Box<dyn Duplex> {
    let (near, far) = tokio::io::duplex(32 << 10);
    tokio::spawn(async move {
        if let Err(error) = terminal::serve(far, backend, |user, ticket| shown.is(user, ticket)).await {
            tracing::debug!("terminal: {error}");
        }
    });
    Box::new(near)
}

fn now() -> u64 {
    u64::try_from(host::clock::now()).unwrap_or_default()
}

fn unreachable(what: &str, error: &std::io::Error) -> ApiError {
    ApiError::internal(format!("unable to connect to {what}: {error}"))
}

/// Access control's place of a guest.
fn guest_path(vmid: Vmid) -> String {
    format!("/vms/{vmid}")
}

#[derive(Params)]
struct GuestSocket {
    node: schema::NodeName,
    vmid: Vmid,
    /// The port that opening the console answered with.
    #[param(min = 5900, max = 5999)]
    port: u16,
    /// The ticket that opening the console answered with.
    #[param(max_len = 512)]
    vncticket: String,
}
