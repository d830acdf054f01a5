//! Pleiad: one binary in several roles. See `ARCHITECTURE.md` for which role has which rights.

use std::process::ExitCode;

mod http;
mod lifeline;
mod options;
mod proxy;
mod tls;

const USAGE: &str = "\
usage: pleiad ROLE [OPTIONS]

  up       a whole node in the foreground: daemon and proxy
  daemon   the privileged part: API, tasks, guests
  proxy    the unprivileged part: TLS and web sockets
  version  the version of this program
";

fn main() -> ExitCode {
    let mut words = std::env::args_os().map(|word| word.to_string_lossy().into_owned());
    let _called = words.next();
    let words: Vec<String> = words.collect();
    let (role, rest) = words.split_first().map_or(("", &[][..]), |(role, rest)| (role.as_str(), rest));
    if role == host::pam::HELPER {
        return host::pam::helper();
    }
    match role {
        "proxy" => role_log(|| proxy::main(rest)),
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
