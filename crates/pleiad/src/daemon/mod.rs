//! The privileged role: everything that happens, happens here, behind a Unix socket.

mod auth;
mod certificate;
mod compress;
mod first_login;
mod request;
mod respond;
mod server;
mod spice;
mod upload;
mod websocket;

use std::{
    fs,
    io::ErrorKind,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use api::Node;
use host::{file::FileLock, paths::Paths, role, user};
use tokio::net::UnixListener;

use crate::{lifeline, options::Options, proxy};

/// Options of this role that take a value.
pub(crate) const OPTIONS: &[&str] = &["root", "node", "user", "first-login", "bridge", "bridge-cidr", "spice-port"];
/// The flag that leaves guests without a network made by us.
pub(crate) const NO_NETWORK: &str = "no-network";
/// The authority's certificate, for clients on this machine, below the root.
pub(crate) const CA_FILE: &str = "etc/pleiad/pve-root-ca.pem";

/// Runs the daemon until it is told to stop. Guests are not touched by its end.
pub(crate) fn main(args: &[String]) -> ExitCode {
    crate::finish("daemon", run(args))
}

fn run(args: &[String]) -> Result<(), String> {
    host::role::independent();
    let options = Options::parse(args, OPTIONS, &[NO_NETWORK, lifeline::FLAG])?;
    let paths = Paths::new(options.or("root", "/")).map_err(|error| error.to_string())?;
    let runtime = crate::runtime(2)?;
    let served = runtime.block_on(serve(&options, paths));
    // Work that blocks a thread (a file being hashed, say) does not keep the process alive.
    runtime.shutdown_background();
    served
}

async fn serve(options: &Options, paths: Paths) -> Result<(), String> {
    let stop = lifeline::until_stopped(options.has(lifeline::FLAG))?;
    let _only = lock(&paths)?;
    upload::clean(paths.root());
    let name = options.get("node").map_or_else(host::proc::hostname, str::to_owned);
    let settings = api::node::Settings {
        name: name.parse().map_err(|error| format!("'{name}' cannot be the name of a node: {error}"))?,
        paths: paths.clone(),
        bridge: options.get("bridge").map(str::to_owned),
        bridge_cidr: options.get("bridge-cidr").map(str::to_owned),
        network: !options.has(NO_NETWORK),
        spice_port: options.get("spice-port").map(proxy::port_of).transpose()?,
    };
    let node = Node::open(settings).await?;
    certificate::ensure(&node).await?;
    if let Some(file) = options.get("first-login") {
        first_login::ensure(&node, Path::new(file)).await?;
    }
    let listener = listen(&paths, options.or("user", proxy::DEFAULT_USER))?;
    role::announce(&serde_json::json!({"ready": "daemon", "node": name}).to_string());
    Arc::new(server::Service::new(node.clone())).serve(listener, stop).await;
    node.close().await;
    Ok(())
}

/// One daemon a root: two would undo each other's tasks.
fn lock(paths: &Paths) -> Result<FileLock, String> {
    host::file::create_dir(&paths.run_dir(), 0o755).map_err(|error| error.to_string())?;
    let lock = FileLock::try_acquire(&paths.daemon_lock()).map_err(|error| error.to_string())?;
    lock.ok_or_else(|| format!("another daemon runs below '{}' already", paths.root().display()))
}

/// The socket, for root and for the proxy's group.
fn listen(paths: &Paths, proxy_user: &str) -> Result<UnixListener, String> {
    let path: PathBuf = paths.daemon_socket();
    let failed = |error: std::io::Error| format!("unable to listen on '{}': {error}", path.display());
    // Ours is the lock, so a socket that lies there belongs to a daemon that is gone.
    match fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
        _ => (),
    }
    // Made under another name: nobody can connect before the rights are as they shall be.
    let fresh = path.with_extension("new");
    fs::remove_file(&fresh).ok();
    let listener = UnixListener::bind(&fresh).map_err(failed)?;
    fs::set_permissions(&fresh, fs::Permissions::from_mode(0o660)).map_err(failed)?;
    if user::is_root() {
        user::give_to_group(&fresh, proxy::account(proxy_user)?.gid).map_err(failed)?;
    }
    fs::rename(&fresh, &path).map_err(failed)?;
    Ok(listener)
}
