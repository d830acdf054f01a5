//! The DHCP and name server of a guest network: dnsmasq(8) as a process of its own that outlives the daemon.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use host::{process::Process, run::Run, scope::Scope};

use crate::{subnet::Subnet, up::NetworkError};

/// How long a server may take to end before it is killed.
const PATIENCE: Duration = Duration::from_secs(3);

/// The files of one server.
#[derive(Debug, Clone)]
pub struct Files {
    /// Its configuration.
    pub config: PathBuf,
    /// Addresses it gave away; survives restarts of the machine.
    pub leases: PathBuf,
    /// Its process id.
    pub pid: PathBuf,
    /// What it printed.
    pub log: PathBuf,
}

/// The configuration: listens on the bridge only, hands out the upper half of the subnet.
#[must_use]
pub fn config(bridge: &str, subnet: &Subnet, mtu: u32, files: &Files) -> String {
    let (first, last) = subnet.dhcp_range();
    let mask = subnet.address().netmask();
    let (gateway, leases, pid) = (subnet.gateway, files.leases.display(), files.pid.display());
    // The loopback interface would otherwise be served too. The server is the only authority here, so it need not
    // probe addresses first, which would make every guest wait for three seconds.
    format!(
        "# Written by pleiad; changes are lost.\n\
         keep-in-foreground\n\
         log-facility=-\n\
         quiet-dhcp\n\
         interface={bridge}\n\
         except-interface=lo\n\
         bind-interfaces\n\
         dhcp-range={first},{last},{mask},12h\n\
         dhcp-option=option:router,{gateway}\n\
         dhcp-option=option:dns-server,{gateway}\n\
         dhcp-option=option:mtu,{mtu}\n\
         dhcp-authoritative\n\
         no-ping\n\
         no-hosts\n\
         dhcp-leasefile={leases}\n\
         pid-file={pid}\n"
    )
}

/// The server that runs with these files, if one does.
#[must_use]
pub fn find(files: &Files) -> Option<Process> {
    let pid = std::fs::read_to_string(&files.pid).ok()?.trim().parse().ok()?;
    let process = Process::find(pid)?;
    // Its id may have been given to another program after a crash.
    let ours = |argument: &String| Path::new(argument.trim_start_matches("--conf-file=")) == files.config;
    process.cmdline()?.iter().any(ours).then_some(process)
}

/// Whether a server runs with exactly this configuration.
#[must_use]
pub fn is_current(files: &Files, config: &str) -> bool {
    std::fs::read_to_string(&files.config).is_ok_and(|text| text == config) && find(files).is_some()
}

/// Starts the server, in place of one with another configuration, and waits until it serves.
///
/// # Errors
/// When the program is missing, refuses its configuration or another server holds the port.
pub async fn start(files: &Files, config: &str) -> Result<(), NetworkError> {
    stop(files).await?;
    host::file::write_atomic(&files.config, config.as_bytes(), 0o644)?;
    let argument = format!("--conf-file={}", files.config.display());
    let before = std::fs::metadata(&files.log).map_or(0, |log| log.len());
    let mut server = program(files).await.arg(argument).detached(&files.log).map_err(host::net::NetError::from)?;
    // It writes its process id after all sockets are bound; it ends at once when it cannot serve.
    let written = async {
        while find(files).is_none() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        () = written => Ok(()),
        _ = server.wait() => {
            let log = std::fs::read(&files.log).unwrap_or_default();
            let said = log.get(usize::try_from(before).unwrap_or(0)..).unwrap_or_default();
            Err(NetworkError::Dhcp(String::from_utf8_lossy(said).trim().to_owned()))
        }
        () = tokio::time::sleep(Duration::from_secs(10)) => {
            Err(NetworkError::Dhcp(format!("it did not start within 10 s; see {}", files.log.display())))
        }
    }
}

/// The server, in a scope named after its configuration: other roots may have a bridge of the same name elsewhere.
async fn program(files: &Files) -> Run {
    let place = files.config.with_extension("").display().to_string();
    let place: String = place.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let name = format!("pleiad-dhcp{place}");
    Scope { name: &name, slice: "system.slice", description: "Addresses for guests", properties: &[] }
        .program("dnsmasq")
        .await
}

/// Ends the server, if one runs.
///
/// # Errors
/// When it cannot be ended.
pub async fn stop(files: &Files) -> Result<(), NetworkError> {
    if let Some(process) = find(files) {
        process.end(PATIENCE).await.map_err(|error| NetworkError::Dhcp(error.to_string()))?;
    }
    // Gone already if the server removed it itself.
    let _ = std::fs::remove_file(&files.pid);
    Ok(())
}
