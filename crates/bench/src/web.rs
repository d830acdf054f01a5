//! The web interface: what its first load weighs, and how soon it is useful in Chromium.
#![allow(clippy::disallowed_methods, reason = "the browser is driven by a program of its own")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::guests;
use crate::node::{Node, binary};
use crate::report;

/// Length of `-B9q0XOLJ.js` and its like.
const HASH: usize = 12;
/// Parts below this are summed up. Bytes.
const WORTH_A_LINE: u64 = 5000;

fn web() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web")
}

/// Bytes of a file as it travels: its compressed form, or itself where that is not worth it.
fn weight(file: &Path) -> u64 {
    let compressed = PathBuf::from(format!("{}.gz", file.display()));
    fs::metadata(compressed).or_else(|_| fs::metadata(file)).map_or(0, |meta| meta.len())
}

/// What the page itself names is the first load; every other script is loaded when it is needed.
pub(crate) fn sizes() {
    let dist = web().join("dist");
    let Ok(page) = fs::read_to_string(dist.join("index.html")) else {
        report::skipped("web_first_load_kb_gzip", "web/dist is not built: './dev web build'");
        return;
    };
    let Ok(entries) = fs::read_dir(dist.join("assets")) else { return };
    let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|ending| ending == "js" || ending == "css")).collect();
    files.sort();
    let name = |file: &Path| file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (first, lazy): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| page.contains(&name(file)));
    // Styles are small beside the scripts that need them.
    let lazy = lazy.into_iter().filter(|file| file.extension().is_some_and(|ending| ending == "js"));
    let all: u64 = first.iter().map(|file| weight(file)).sum();
    report::figure("web_first_load_kb_gzip", all as f64 / 1000.0, "kB");
    let mut parts: BTreeMap<String, u64> = BTreeMap::new();
    for file in lazy {
        // `ConsolePage-B9q0XOLJ.js`: the hash is no part of the metric's name.
        let full = name(&file);
        let short = full.get(..full.len().saturating_sub(HASH)).unwrap_or(&full);
        *parts.entry(short.to_owned()).or_default() += weight(&file);
    }
    let small: u64 = parts.values().filter(|bytes| **bytes < WORTH_A_LINE).sum();
    for (part, bytes) in parts.iter().filter(|(_, bytes)| **bytes >= WORTH_A_LINE) {
        report::figure(&format!("web_chunk_{part}_kb_gzip"), *bytes as f64 / 1000.0, "kB");
    }
    report::figure("web_chunks_small_kb_gzip", small as f64 / 1000.0, "kB");
}

/// Time to the first useful paint, and from a change by the command line to the page.
pub(crate) fn paint(node: &Node, number: u32) -> io::Result<()> {
    let more = [
        ("PLEIAD_BINARY", binary()?.into_os_string()),
        ("PLEIAD_ROOT", node.root.clone().into_os_string()),
        ("PLEIAD_VMID", guests::FIRST.to_string().into()),
        ("PLEIAD_SUFFIX", format!("_{number}").into()),
    ];
    in_browser("e2e/paint.mjs", node, &more)
}

/// How tables, tree and search fare with 10,000 guests, whose rows the script makes up.
pub(crate) fn scale(node: &Node) -> io::Result<()> {
    in_browser("e2e/scale.mjs", node, &[])
}

/// Runs a script that drives the browser and prints figures.
fn in_browser(script: &str, node: &Node, more: &[(&str, OsString)]) -> io::Result<()> {
    let done = Command::new("node")
        .arg(web().join(script))
        .env("PLEIAD_URL", format!("https://{}", node.client.address()))
        .env("PLEIAD_LOGIN", node.root.join("first-login.json"))
        .envs(more.iter().map(|(name, value)| (name, value)))
        .output()?;
    print!("{}", String::from_utf8_lossy(&done.stdout));
    if done.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&done.stderr).into_owned();
    Err(io::Error::other(errors.lines().find(|line| line.contains("Error")).unwrap_or(&errors).to_owned()))
}
