//! The shell of the node itself.

use access::Access;
use host::pty::Terminal;
use schema::{ApiError, Choice, NodeName, Params};

use super::{Opened, Opening, connect, terminal::Backend, terminal_stream};
use crate::endpoints;
use crate::engine::{Call, Socket, Target};

const ACCESS: Access = Access::perm("/nodes/{node}", &["Sys.Console"]);

endpoints! {
    /// Opens a shell on the node: root's for root@pam, a login prompt for others.
    POST "/nodes/{node}/termproxy" => termproxy, name = "termproxy", ACCESS, Target::Node;
    /// Connects a web socket with an opened shell.
    GET "/nodes/{node}/vncwebsocket" => vncwebsocket, name = "vncwebsocket", ACCESS, Target::Node;
}

/// What runs in the shell.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    #[choice("ceph_install")]
    CephInstall,
    #[choice("login")]
    Login,
    #[choice("upgrade")]
    Upgrade,
}

#[derive(Params)]
struct Shell {
    node: NodeName,
    /// What runs in it.
    #[param(default = "login")]
    cmd: Command,
    /// Arguments of that command.
    #[param(name = "cmd-opts", requires = "cmd", default = "")]
    cmd_opts: String,
}

async fn termproxy(call: Call, p: Shell) -> Result<Opened, ApiError> {
    if p.cmd != Command::Login {
        return Err(ApiError::param("cmd", "this command is not supported by this version yet"));
    }
    if !p.cmd_opts.is_empty() {
        return Err(ApiError::param("cmd-opts", "the login takes no arguments"));
    }
    let argv: &[&str] = if call.is_root() { &["/bin/login", "-f", "root"] } else { &["/bin/login"] };
    let argv: Vec<String> = argv.iter().map(|word| (*word).to_owned()).collect();
    let opening = Opening { kind: "vncshell", id: String::new(), path: path(&call) };
    let connect = |shown| -> super::Connect {
        Box::pin(async move {
            let terminal = Terminal::spawn(&argv, 80, 24).map_err(|error| ApiError::internal(error.to_string()))?;
            Ok(terminal_stream(Backend::Program(terminal), shown))
        })
    };
    opening.open(&call, connect).await
}

/// Access control's place of this node.
fn path(call: &Call) -> String {
    format!("/nodes/{}", call.node.name)
}

#[derive(Params)]
struct NodeSocket {
    node: NodeName,
    /// The port that opening the shell answered with.
    #[param(min = 5900, max = 5999)]
    port: u16,
    /// The ticket that opening the shell answered with.
    #[param(max_len = 512)]
    vncticket: String,
}

async fn vncwebsocket(call: Call, p: NodeSocket) -> Result<Socket, ApiError> {
    connect(&call, &path(&call), p.port, &p.vncticket).await
}
