//! `./dev bench`: what the product takes, beside what the bare machine takes. Not shipped.
//!
//! Everything runs on this machine, against nodes below temporary folders, by the loopback address only; each
//! measurement is bounded in count and time.

mod commands;
mod container;
mod events;
mod guests;
mod load;
mod many;
mod memory;
mod mirror;
mod node;
mod report;
mod vm;
mod web;
mod wire;

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use node::{NAME, Node};

/// The groups of measurements, in the order in which they run.
const GROUPS: [&str; 8] = ["store", "memory", "http", "events", "web", "cli", "vm", "ct"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    let names: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = names.iter().find(|name| !GROUPS.contains(&name.as_str())) {
        eprintln!("unknown group '{unknown}': {}", GROUPS.join(", "));
        return std::process::ExitCode::FAILURE;
    }
    let wanted = |group: &str| names.is_empty() || names.iter().any(|name| name == group);
    if wanted("store") {
        commands::example("store_ops");
    }
    if wanted("vm") {
        commands::example("plan_ops");
    }
    if wanted("web") {
        web::sizes();
    }
    // The network side of a node is another user, who needs a way to its socket.
    let everybody = std::fs::Permissions::from_mode(0o755);
    let outcome = match tempfile::Builder::new().prefix("pleiad-bench-").permissions(everybody).tempdir() {
        Ok(root) => measure(root.path(), &wanted).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            std::process::ExitCode::FAILURE
        }
    }
}

/// Everything that needs a node: without guests, with 200, with 1,000.
async fn measure(root: &std::path::Path, wanted: &dyn Fn(&str) -> bool) -> io::Result<()> {
    let mut node = Node::start(root).await?;
    if wanted("memory") {
        memory("idle", &node).await;
    }
    if wanted("vm") {
        let outcome = vm::measure(&mut node).await;
        skip_on_error("vm_start", outcome);
        let outcome = mirror::measure(&mut node).await;
        skip_on_error("mirror", outcome);
    }
    if wanted("ct") {
        let outcome = container::measure(&mut node).await;
        skip_on_error("ct", outcome);
    }
    node.stop().await?;
    for (from, number) in [(0, 200), (200, 1000)] {
        guests::seed(root, from, number).await?;
        let mut node = Node::start(root).await?;
        if wanted("http") {
            http(&node, number).await?;
        }
        if wanted("cli") && number == 200 {
            command_lines(&node);
        }
        if wanted("events") && number == 1000 {
            for streams in [1, 16] {
                let outcome = events::measure(&mut node, streams).await;
                skip_on_error("event_latency", outcome);
            }
        }
        if wanted("web") && number == 1000 {
            skip_on_error("web_first_paint", web::paint(&node, number));
            skip_on_error("web_10000", web::scale(&node));
        }
        if wanted("memory") {
            memory(&format!("{number}_guests"), &node).await;
        }
        node.stop().await?;
    }
    Ok(())
}

fn skip_on_error(metric: &str, outcome: io::Result<()>) {
    if let Err(error) = outcome {
        report::skipped(metric, error);
    }
}

/// Memory after the collector has gone round.
async fn memory(name: &str, node: &Node) {
    tokio::time::sleep(Duration::from_secs(12)).await;
    let (mib, processes) = node.pid().map(memory::proportional).unwrap_or_default();
    report::figure(&format!("pss_{name}"), mib, "MiB");
    report::figure(&format!("processes_{name}"), processes as f64, "processes");
}

async fn http(node: &Node, number: u32) -> io::Result<()> {
    let config = format!("/nodes/{NAME}/qemu/{}/config", guests::FIRST);
    let resources = format!("resources_{number}");
    let mut requests = vec![(&*resources, "/cluster/resources")];
    if number == 200 {
        requests.splice(0..0, [("version", "/version"), ("config", &*config)]);
    }
    for (name, path) in requests {
        for connections in [1, 16] {
            let metric = format!("http_{name}_c{connections}");
            match load::get(&node.client, path, connections).await {
                Ok(load) => {
                    report::figure(&format!("{metric}_rate"), load.per_second, "1/s");
                    report::millis(&format!("{metric}_p50"), load.p50);
                    report::millis(&format!("{metric}_p99"), load.p99);
                }
                Err(error) => report::skipped(&metric, error),
            }
        }
    }
    Ok(())
}

fn command_lines(node: &Node) {
    match commands::wall_time(&node.root, "qm", &["list"]) {
        Ok(time) => report::millis("qm_list_200", time),
        Err(error) => report::skipped("qm_list_200", error),
    }
}
