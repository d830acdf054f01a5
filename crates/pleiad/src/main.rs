//! Pleiad: one binary in several roles. See `ARCHITECTURE.md` for which role has which rights.

use std::process::ExitCode;

mod cli;
mod daemon;
mod http;
mod lifeline;
mod network;
mod options;
mod proxy;
mod tls;
mod up;

const USAGE: &str = "\
usage: pleiad ROLE [OPTIONS]

  up       a whole node in the foreground: daemon and proxy
  daemon   the privileged part: API, tasks, guests
  proxy    the unprivileged part: TLS and web sockets

  network  down: removes bridge, DHCP and NAT for guests that a node made

  qm, pct, pvesm, pveum, pveam, pvesh    the command lines; they may also be called by these names

  openapi     prints the description of the API
  completion  prints a completion script: bash, zsh or fish
  version     prints the version of this program
";

fn main() -> ExitCode {
    let mut words = std::env::args_os().map(|word| word.to_string_lossy().into_owned());
    let called = words.next().unwrap_or_default();
    let called = called.rsplit('/').next().unwrap_or_default();
    let tool = |name: &str| cli::TOOLS.iter().copied().find(|tool| *tool == name);
    let words: Vec<String> = words.collect();
    if let Some(tool) = tool(called) {
        host::sys::end_with_closed_pipes();
        return cli::main(tool, &words);
    }
    let (role, rest) = words.split_first().map_or(("", &[][..]), |(role, rest)| (role.as_str(), rest));
    if role == host::pam::HELPER {
        return host::pam::helper();
    }
    if !["up", "daemon", "proxy"].contains(&role) {
        host::sys::end_with_closed_pipes();
    }
    if let Some(tool) = tool(role) {
        return cli::main(tool, rest);
    }
    match role {
        "up" => role_log(|| up::main(rest)),
        "daemon" => role_log(|| daemon::main(rest)),
        "proxy" => role_log(|| proxy::main(rest)),
        "network" => network::main(rest),
        "openapi" => openapi(),
        "completion" => cli::completion(rest),
        "version" | "--version" => {
            println!("pleiad {}", env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        _ => {
            eprint!("{USAGE}");
            ExitCode::FAILURE
        }
    }
}

/// Prints the description of the API: the same that a running daemon serves.
fn openapi() -> ExitCode {
    let document = |router| api::engine::openapi::document(&router, env!("CARGO_PKG_VERSION"), "");
    finish("openapi", api::router().map(|router| println!("{:#}", document(router))))
}

/// Runs a role with its log on standard error; `PLEIAD_LOG` chooses what is logged (`debug`, `api=trace`, …).
fn role_log(role: impl FnOnce() -> ExitCode) -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("PLEIAD_LOG");
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
    role()
}

/// The runtime of a role.
pub(crate) fn runtime(workers: usize) -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .thread_stack_size(1 << 20)
        .enable_all()
        .build()
        .map_err(|error| format!("unable to start: {error}"))
}

/// Turns a role's end into an exit code, with its error on standard error.
pub(crate) fn finish(role: &str, result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pleiad {role}: {error}");
            ExitCode::FAILURE
        }
    }
}
