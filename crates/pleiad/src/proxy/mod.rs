//! The role that faces the network: TLS and web sockets without any rights. It never runs a handler and never decides
//! who somebody is; it relays to the daemon, which does both.

mod assets;
mod daemon;
mod listener;
mod relay;
mod spice;

use std::{net::TcpListener, path::Path, process::ExitCode, sync::Arc};

use host::{paths::Paths, user};
use tokio_rustls::TlsAcceptor;

use self::daemon::Daemon;
use crate::{lifeline, options::Options, tls::server::acceptor};

/// The address when none is given: all addresses of both families.
pub(crate) const DEFAULT_LISTEN: &str = "[::]:8006";
/// Whose rights the proxy keeps.
pub(crate) const DEFAULT_USER: &str = "www-data";
/// Certificate chain and key, written by the daemon, read by us before root's rights are given up.
pub(crate) const CERTIFICATE_FILE: &str = "proxy.pem";

/// Runs the proxy until it is told to stop.
pub(crate) fn main(args: &[String]) -> ExitCode {
    crate::finish("proxy", run(args))
}

fn run(args: &[String]) -> Result<(), String> {
    let options = Options::parse(args, &["root", "listen", "user", "spice-port"], &[lifeline::FLAG])?;
    let paths = Paths::new(options.or("root", "/")).map_err(|error| error.to_string())?;
    let listener = bind(options.or("listen", DEFAULT_LISTEN))?;
    let viewers = options.get("spice-port").map(bind).transpose()?;
    let tls = certificate(&paths)?;
    let daemon = Daemon::reach(paths.daemon_socket());
    give_up_rights(options.or("user", DEFAULT_USER))?;
    let runtime = crate::runtime(2)?;
    runtime.block_on(async move {
        let stop = lifeline::until_stopped(options.has(lifeline::FLAG))?;
        if let Some(viewers) = viewers {
            let spice = Arc::new(spice::Spice::new(tls.clone(), daemon.clone()));
            tokio::spawn(spice.serve(viewers, stop.clone()));
        }
        let front = Arc::new(listener::Front::new(tls, daemon));
        listener::serve(front, listener, stop).await
    })
}

/// The account that the proxy runs as: the wanted one, or one that exists everywhere.
pub(crate) fn account(wanted: &str) -> Result<user::Account, String> {
    if let Some(account) = user::find(wanted) {
        return Ok(account);
    }
    tracing::warn!("there is no user '{wanted}'; the proxy runs as 'nobody' (--user names another)");
    user::find("nobody").ok_or_else(|| format!("neither '{wanted}' nor 'nobody' is a user of this system"))
}

fn bind(address: &str) -> Result<TcpListener, String> {
    let wanted = match address.strip_prefix('*').unwrap_or(address) {
        port if port.starts_with(':') => format!("[::]{port}"),
        port if port.bytes().all(|byte| byte.is_ascii_digit()) => format!("[::]:{port}"),
        full => full.to_owned(),
    };
    let listener = TcpListener::bind(&wanted).or_else(|error| match wanted.strip_prefix("[::]") {
        // A kernel without IPv6.
        Some(port) => TcpListener::bind(format!("0.0.0.0{port}")),
        None => Err(error),
    });
    let listener = listener.map_err(|error| format!("unable to listen on '{address}': {error}"))?;
    listener.set_nonblocking(true).map_err(|error| error.to_string())?;
    Ok(listener)
}

/// The port of an address that [`bind`] understands.
///
/// # Errors
/// When it names none.
pub(crate) fn port_of(address: &str) -> Result<u16, String> {
    let port = address.rsplit(':').next().unwrap_or_default();
    port.parse().map_err(|_| format!("'{address}' names no port"))
}

fn certificate(paths: &Paths) -> Result<TlsAcceptor, String> {
    let file = paths.tls_dir().join(CERTIFICATE_FILE);
    acceptor(&read_secret(&file)?)
}

fn read_secret(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| {
        format!("{}: {error} (the daemon writes it at its start: start 'pleiad daemon' first)", file.display())
    })
}

fn give_up_rights(name: &str) -> Result<(), String> {
    if !user::is_root() {
        return Ok(());
    }
    let account = account(name)?;
    user::become_account(&account).map_err(|error| format!("unable to become user '{}': {error}", account.name))
}
