//! A whole node in the foreground: daemon and proxy as children, restarted when they die, ended when we end. Guests are
//! children of neither and stay.

mod keeper;

use std::{
    ffi::OsString,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::Path,
    process::ExitCode,
};

use host::{paths::Paths, role};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::{daemon, lifeline, options::Options, proxy};
use keeper::Keeper;

/// Runs until told to stop.
pub(crate) fn main(args: &[String]) -> ExitCode {
    crate::finish("up", run(args))
}

fn run(args: &[String]) -> Result<(), String> {
    let valued: Vec<&str> = daemon::OPTIONS.iter().chain(["listen"].iter()).copied().collect();
    let options = Options::parse(args, &valued, &[daemon::NO_NETWORK, lifeline::FLAG])?;
    let paths = Paths::new(options.or("root", "/")).map_err(|error| error.to_string())?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(supervise(&options, &paths))
}

async fn supervise(options: &Options, paths: &Paths) -> Result<(), String> {
    let mut stop = lifeline::until_stopped(options.has(lifeline::FLAG))?;
    let mut daemon =
        Keeper::new(arguments("daemon", options, paths, &[daemon::OPTIONS, &[daemon::NO_NETWORK]].concat()));
    let ready = tokio::select! {
        started = daemon.start() => started?,
        _ = stop.changed() => return Ok(()),
    };
    let node = member(&ready, "node");
    let listen = options.or("listen", proxy::DEFAULT_LISTEN).to_owned();
    let mut proxy = Keeper::new(arguments("proxy", options, paths, &["user", "spice-port"]));
    proxy.listen(&listen);
    let ready = tokio::select! {
        started = proxy.start() => started?,
        _ = stop.changed() => return Ok(()),
    };
    let address = member(&ready, "listen");
    // A port that the system chose stays the same when the proxy is restarted.
    proxy.listen(&address);
    let ca = paths.join(daemon::CA_FILE);
    role::announce(&json!({"url": url(&address), "ca": ca, "node": node}).to_string());
    let (end_proxy, proxy_ends) = watch::channel(false);
    let (end_daemon, daemon_ends) = watch::channel(false);
    let (proxy, daemon) = (tokio::spawn(proxy.run(proxy_ends)), tokio::spawn(daemon.run(daemon_ends)));
    stop.changed().await.ok();
    // The proxy first: nobody is to be told that the daemon is away.
    end_proxy.send_replace(true);
    proxy.await.map_err(|error| error.to_string())?;
    end_daemon.send_replace(true);
    daemon.await.map_err(|error| error.to_string())
}

fn arguments(role: &str, options: &Options, paths: &Paths, passed: &[&str]) -> Vec<OsString> {
    let passed: Vec<&str> = passed.iter().copied().filter(|name| *name != "root").collect();
    let mut args: Vec<OsString> = vec![role.into(), "--root".into(), paths.root().into()];
    args.push(format!("--{}", lifeline::FLAG).into());
    args.extend(options.pass_on(&passed).into_iter().map(|arg| absolute(&arg).into()));
    args
}

/// Roles start in the root folder, but a file name on our command line counts from where we were started.
fn absolute(arg: &str) -> String {
    match arg.strip_prefix("--first-login=") {
        Some(file) => match std::path::absolute(Path::new(file)) {
            Ok(path) => format!("--first-login={}", path.display()),
            Err(_) => arg.to_owned(),
        },
        None => arg.to_owned(),
    }
}

fn member(line: &str, name: &str) -> String {
    let value: Value = serde_json::from_str(line).unwrap_or_default();
    value[name].as_str().unwrap_or_default().to_owned()
}

/// Where a client on this machine reaches the proxy.
fn url(address: &str) -> String {
    match address.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_unspecified() => {
            format!("https://{}", SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port()))
        }
        _ => format!("https://{address}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_can_be_used_from_this_machine() {
        assert_eq!(url("127.0.0.1:40000"), "https://127.0.0.1:40000");
        assert_eq!(url("[::]:8006"), "https://127.0.0.1:8006");
        assert_eq!(url("[::1]:8006"), "https://[::1]:8006");
    }
}
