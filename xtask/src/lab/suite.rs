//! Suites: folders below `tests/lab` with a program `run`, carried into a node with the package installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::agent::{Agent, Job, show};
use super::node::{Hardware, Node};
use super::{Lab, folder};
use crate::programs::{Outcome, Program, target_dir, top};

/// How long a suite may take.
const LIMIT: Duration = Duration::from_secs(1800);

/// How long a smaller step may take.
const STEP: Duration = Duration::from_secs(300);

/// How long a person may work in a shell: a year.
const FOREVER: Duration = Duration::from_secs(31_536_000);

/// Where suites and the package lie in a node.
const INSIDE: &str = "/var/tmp/lab";

fn suites() -> PathBuf {
    top().join("tests/lab")
}

/// The names of all suites.
pub(crate) fn all() -> Vec<String> {
    let entries = fs::read_dir(suites()).into_iter().flatten().flatten();
    let suites = entries.filter(|entry| entry.path().join("run").is_file());
    let mut names: Vec<String> = suites.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// How many nodes a suite wants: the number in its file `nodes`, otherwise one.
pub(crate) fn nodes(name: &str) -> Result<u8, String> {
    let folder = suites().join(name);
    if !all().iter().any(|suite| suite == name) {
        return Err(format!("no suite '{name}' in tests/lab; there are: {}", all().join(", ")));
    }
    match fs::read_to_string(folder.join("nodes")) {
        Ok(text) => text.trim().parse().map_err(|_| format!("tests/lab/{name}/nodes must be a number")),
        Err(_) => Ok(1),
    }
}

/// What a suite wants its nodes to have beside what all have: the lines of its file `hardware`, each an option of QEMU,
/// or words for the kernel behind `kernel`.
pub(crate) fn hardware(name: &str) -> Result<Hardware, String> {
    let file = suites().join(name).join("hardware");
    let text = match fs::read_to_string(&file) {
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => String::new(),
        text => text.map_err(|err| format!("{}: {err}", file.display()))?,
    };
    let mut hardware = Hardware::default();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        match line.split_once(' ') {
            Some(("kernel", words)) => hardware.kernel.push(words.to_owned()),
            Some((option, value)) => hardware.options.extend([option.to_owned(), value.to_owned()]),
            None => return Err(format!("{}: '{line}' is no option with its value", file.display())),
        }
    }
    Ok(hardware)
}

/// The package of the development build. Not compressed, and without debug information: it is unpacked by an emulated
/// processor.
pub(crate) fn package() -> Result<PathBuf, String> {
    crate::web::build()?;
    Program::cargo(&["build", "--quiet", "--package", "pleiad"]).run()?;
    let out = top().join(folder()).join("deb");
    fs::create_dir_all(&out).map_err(|err| format!("{}: {err}", out.display()))?;
    let stripped = out.join("pleiad");
    Program::new("strip")
        .args(&["--strip-debug".to_owned(), "-o".to_owned(), stripped.display().to_string()])
        .args(&[target_dir().join("debug/pleiad").display().to_string()])
        .run()?;
    crate::deb::pack(&stripped, &out, &["-Znone"])
}

/// Installs a package (that of the development build, if none is given) in all nodes.
pub(crate) fn install(lab: &Lab, deb: Option<&Path>) -> Outcome {
    let nodes: Vec<Node> = lab.nodes();
    if nodes.is_empty() {
        return Err("the lab is not up: './dev lab up' starts it".to_owned());
    }
    let deb = match deb {
        Some(deb) => deb.to_owned(),
        None => package()?,
    };
    nodes.iter().try_for_each(|node| install_in(node, &deb))
}

fn install_in(node: &Node, deb: &Path) -> Outcome {
    let mut agent = node.agent()?;
    let started = std::time::Instant::now();
    let name = deb.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let parent = deb.parent().unwrap_or(Path::new("."));
    let sum = Program::new("sha256sum").args(&[deb.display().to_string()]).output()?;
    let sum = sum.split_whitespace().next().unwrap_or_default().to_owned();
    let stamp = format!("{INSIDE}/installed");
    let same = format!("test \"$(cat {stamp} 2>&1)\" = {sum} && dpkg-query -W pleiad");
    if agent.run(&Job::new(&["sh", "-c", &same]), None, STEP, |_, _| ())? == 0 {
        return Ok(());
    }
    carry(&mut agent, parent, &name, "")?;
    let script = format!(
        "rm -f {stamp}; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --reinstall --allow-downgrades \
         {INSIDE}/{name} && ln -sf {name} {INSIDE}/pleiad.deb && echo {sum} >{stamp}"
    );
    let mut words = Vec::new();
    let code = agent.run(&Job::new(&["sh", "-c", &script]), None, STEP, |_, text| words.extend_from_slice(text))?;
    if code != 0 {
        return Err(format!("lab{}: the package does not install: {}", node.number, String::from_utf8_lossy(&words)));
    }
    eprintln!("  lab{}: package installed in {:.1} s", node.number, started.elapsed().as_secs_f64());
    Ok(())
}

/// Carries a file or folder of `parent` into the node, below [`INSIDE`] and there in `place`.
fn carry(agent: &mut Agent, parent: &Path, name: &str, place: &str) -> Outcome {
    let tar = Program::new("tar").args(&["--create", "--owner=0", "--group=0", "--directory"]);
    let tar = tar.args(&[parent.display().to_string(), "--exclude=__pycache__".to_owned(), name.to_owned()]).piped()?;
    let target = format!("{INSIDE}/{place}");
    let script = format!("mkdir -p {target} && exec tar --extract --directory {target}");
    let mut words = Vec::new();
    let input: Box<dyn std::io::Read + Send> = Box::new(tar);
    match agent.run(&Job::new(&["sh", "-c", &script]), Some(input), STEP, |_, text| words.extend_from_slice(text))? {
        0 => Ok(()),
        code => Err(format!("{name} cannot be carried in: exit code {code}: {}", String::from_utf8_lossy(&words))),
    }
}

/// Runs a suite with the package of the present sources; its exit code.
pub(crate) fn run(lab: &Lab, name: &str, words: &[&str]) -> Result<u8, String> {
    let (wanted, there) = (nodes(name)?, lab.nodes().len());
    if usize::from(wanted) > there {
        return Err(format!("suite '{name}' needs {wanted} nodes and {there} are up: './dev lab up --nodes {wanted}'"));
    }
    install(lab, None)?;
    run_installed(lab, name, words)
}

/// Runs a suite on the first node; its exit code. When it fails, the node's own words follow.
pub(crate) fn run_installed(lab: &Lab, name: &str, words: &[&str]) -> Result<u8, String> {
    let node = lab.node(1)?;
    let mut agent = node.agent()?;
    agent.output(&["rm", "-rf", &format!("{INSIDE}/suites")], STEP)?;
    for part in [name, "labkit.py", "guests.py"] {
        carry(&mut agent, &suites(), part, "suites")?;
    }
    carry_tests(&mut agent, name)?;
    let started = std::time::Instant::now();
    let place = format!("{INSIDE}/suites/{name}");
    let argv: Vec<&str> = ["./run"].iter().chain(words).copied().collect();
    let code = agent.run(&Job { argv: &argv, folder: &place, terminal: None }, None, LIMIT, show);
    eprintln!("  suite {name}: {:.1} s", started.elapsed().as_secs_f64());
    if !matches!(code, Ok(0)) && node.process().is_some() {
        drop(agent);
        let journal = "journalctl --no-pager -o short-monotonic -n 80";
        if let Ok(text) = node.agent().and_then(|mut agent| agent.output(&["sh", "-c", journal], STEP)) {
            eprintln!("--- the journal of lab{}\n{text}---", node.number);
        }
    }
    code
}

/// Carries the test programs into a node that a suite names in its file `tests`: a line each with crate, test and, if
/// need be, features.
fn carry_tests(agent: &mut Agent, suite: &str) -> Outcome {
    let Ok(wanted) = fs::read_to_string(suites().join(suite).join("tests")) else { return Ok(()) };
    let folder = target_dir().join("lab-tests");
    fs::create_dir_all(&folder).map_err(|err| format!("{}: {err}", folder.display()))?;
    for line in wanted.lines().filter(|line| !line.trim().is_empty()) {
        let mut words = line.split_whitespace();
        let (package, test) = words.next().zip(words.next()).ok_or("a line of 'tests' is CRATE TEST [FEATURES]")?;
        let built = ["test", "--quiet", "--package", package, "--test", test, "--no-run", "--message-format=json"];
        let features = ["--features", words.next().unwrap_or_default()];
        let told = Program::cargo(&[&built[..], &features].concat()).output()?;
        let name = format!("\"name\":\"{test}\"");
        let artifact = told.lines().rfind(|line| line.contains(&name) && line.contains("\"executable\":\""));
        let path = artifact.and_then(|line| line.split("\"executable\":\"").nth(1)?.split('"').next());
        let path = path.ok_or_else(|| format!("cargo told no program for test '{test}' of '{package}'"))?;
        let stripped = folder.join(test).display().to_string();
        Program::new("strip").args(&["-o", &stripped, path]).run()?;
        carry(agent, &folder, test, &format!("suites/{suite}"))?;
    }
    Ok(())
}

/// Runs a program in a node.
pub(crate) fn exec(node: &Node, argv: &[&str]) -> Result<u8, String> {
    node.agent()?.run(&Job { argv, folder: "/root", terminal: None }, None, FOREVER, show)
}

/// A shell in a node on this terminal.
pub(crate) fn shell(node: &Node) -> Result<u8, String> {
    let stty = |words: &[&str]| Program::new("stty").args(words).on_terminal();
    let saved = stty(&["-g"])?.trim().to_owned();
    if saved.is_empty() {
        return Err("standard input is no terminal: use './dev lab exec'".to_owned());
    }
    let size = stty(&["size"])?;
    let (rows, columns) = size.trim().split_once(' ').unwrap_or(("24", "80"));
    let kind = std::env::var("TERM").unwrap_or_default();
    let terminal = Some((rows.to_owned(), columns.to_owned(), kind));
    let mut agent = node.agent()?;
    stty(&["raw", "-echo"])?;
    let job = Job { argv: &["bash", "-l"], folder: "/root", terminal };
    let code = agent.run(&job, Some(Box::new(std::io::stdin())), FOREVER, show);
    stty(&[&saved])?;
    code
}
