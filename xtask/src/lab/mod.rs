//! `./dev lab` and `./dev test-lab`: suites inside virtual machines with a whole Debian, its kernel and systemd.
//!
//! A lab is a folder with a folder for each node. `./dev lab up` leaves one running; `./dev test-lab` makes one for each
//! suite, which ends with it.

mod agent;
mod image;
mod node;
mod suite;

use std::fs;
use std::path::{Path, PathBuf};

use node::{Hardware, Lan, Node};

use crate::programs::{Outcome, Program, top};

const USAGE: &str = "./dev lab up [--nodes N | --for SUITE] | run [--as-is] SUITE [WORD...] | shell [N] | exec N PROGRAM... | fault N FAULT | \
                     install [DEB] | status | down";

/// Most nodes in a lab: the image has addresses for so many, and memory is 2 GiB a node.
const MOST: u8 = 3;

/// The nodes of one lab.
pub(crate) struct Lab {
    folder: PathBuf,
}

impl Lab {
    /// The one that stays up. Relative to the checkout: a socket's path must be short.
    fn kept() -> Self {
        Self { folder: folder().join("up") }
    }

    fn nodes(&self) -> Vec<Node> {
        let there = |n: &u8| self.folder.join(format!("n{n}")).is_dir();
        (1..=MOST).filter(there).map(|n| Node::new(&self.folder, n)).collect()
    }

    fn node(&self, number: u8) -> Result<Node, String> {
        let node = self.nodes().into_iter().find(|node| node.number == number && node.process().is_some());
        node.ok_or_else(|| format!("node {number} is not up: './dev lab up' starts it"))
    }

    /// Boots so many nodes.
    fn up(&self, count: u8, bound: bool, more: &Hardware) -> Outcome {
        if self.nodes().iter().any(|node| node.process().is_some()) {
            return Err("the lab is up already: './dev lab down' ends it".to_owned());
        }
        fs::remove_dir_all(&self.folder).ok();
        let image = image::get(&folder())?;
        let started = std::time::Instant::now();
        let lan = Lan::new(bound);
        let nodes: Vec<Node> = (1..=count).map(|n| Node::new(&self.folder, n)).collect();
        let booted = nodes.iter().try_for_each(|node| node.start(&image, &lan, more)).and_then(|()| {
            nodes.iter().try_for_each(|node| {
                let mut agent = node.agent()?;
                node.booted(&mut agent)
            })
        });
        if let Err(err) = booted {
            let console = nodes.first().map(|node| tail(&node.console(), 20)).unwrap_or_default();
            self.down()?;
            return Err(format!("{err}\n{console}"));
        }
        eprintln!("  {count} node(s) booted in {:.1} s", started.elapsed().as_secs_f64());
        Ok(())
    }

    /// Switches all nodes off and forgets them.
    fn down(&self) -> Outcome {
        let stopped: Vec<String> = self.nodes().iter().filter_map(|node| node.stop().err()).collect();
        if !stopped.is_empty() {
            return Err(stopped.join("\n"));
        }
        match fs::remove_dir_all(&self.folder) {
            Err(err) if err.kind() != std::io::ErrorKind::NotFound => Err(format!("{}: {err}", self.folder.display())),
            _ => Ok(()),
        }
    }
}

/// Everything of labs, below the checkout.
fn folder() -> PathBuf {
    PathBuf::from(".dev/lab")
}

/// `./dev lab VERB`; the exit code is that of what ran inside.
pub(crate) fn verb(words: &[String]) -> Result<u8, String> {
    enter()?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let lab = Lab::kept();
    let number = |word: &str| word.parse::<u8>().map_err(|_| format!("'{word}' is no number of a node"));
    match words[..] {
        ["up"] => lab.up(1, false, &Hardware::default()).map(|()| 0),
        ["up", "--for", name] => lab.up(suite::nodes(name)?, false, &suite::hardware(name)?).map(|()| 0),
        ["up", "--nodes", count] => match number(count)? {
            count @ 1..=MOST => lab.up(count, false, &Hardware::default()).map(|()| 0),
            _ => Err(format!("a lab has 1 to {MOST} nodes")),
        },
        ["down"] => lab.down().map(|()| 0),
        ["status"] => {
            for node in lab.nodes() {
                let state = node.process().map_or("off".to_owned(), |pid| format!("process {pid}"));
                println!("lab{} {state} https://127.0.0.1:{}", node.number, node.api_port().unwrap_or_default());
            }
            Ok(0)
        }
        ["install", ref deb @ ..] => suite::install(&lab, deb.first().map(Path::new)).map(|()| 0),
        ["run", "--as-is", name, ref words @ ..] => suite::run_installed(&lab, name, words),
        ["run", name, ref words @ ..] => suite::run(&lab, name, words),
        ["shell"] => suite::shell(&lab.node(1)?),
        ["shell", n] => suite::shell(&lab.node(number(n)?)?),
        ["exec", n, ref argv @ ..] if !argv.is_empty() => suite::exec(&lab.node(number(n)?)?, argv),
        ["fault", n, fault] => Node::new(&lab.folder, number(n)?).harm(fault).map(|()| 0),
        _ => Err(format!("usage: {USAGE}")),
    }
}

/// `./dev test-lab [SUITE...]`: each suite (all, if none is named) in a lab of its own, which ends with it.
pub(crate) fn test(names: &[String]) -> Outcome {
    enter()?;
    if !possible() {
        eprintln!("QEMU, mmdebstrap, mke2fs or setpriv is missing: the lab is not run");
        return Ok(());
    }
    let all = suite::all();
    let names = if names.is_empty() { &all } else { names };
    let deb = suite::package()?;
    let mut failed = Vec::new();
    for name in names {
        let lab = Lab { folder: folder().join(format!("test-{}", std::process::id())) };
        let count = suite::nodes(name)?;
        let ended = lab.up(count, true, &suite::hardware(name)?).and_then(|()| suite::install(&lab, Some(&deb)));
        let ended = ended.and_then(|()| suite::run_installed(&lab, name, &[]));
        lab.down()?;
        match ended {
            Ok(0) => {}
            Ok(code) => failed.push(format!("{name} (exit code {code})")),
            Err(err) => failed.push(format!("{name} ({err})")),
        }
    }
    println!("{} passed, {} failed", names.len() - failed.len(), failed.len());
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

/// Paths of the lab are relative to the checkout; labs of a test that was killed are swept up.
fn enter() -> Outcome {
    std::env::set_current_dir(top()).map_err(|err| format!("{}: {err}", top().display()))?;
    fs::create_dir_all(folder()).map_err(|err| format!("{}: {err}", folder().display()))?;
    for entry in fs::read_dir(folder()).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let pid = name.strip_prefix("test-").or_else(|| name.strip_prefix("image-new-"));
        if pid.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
            fs::remove_dir_all(entry.path()).ok();
        }
    }
    Ok(())
}

/// The last lines of a file.
fn tail(path: &Path, count: usize) -> String {
    let text = fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// True where labs can run.
pub(crate) fn possible() -> bool {
    ["qemu-system-x86_64", "mmdebstrap", "mke2fs", "setpriv"]
        .iter()
        .all(|program| Program::new(program).args(&["--version"]).starts())
}
