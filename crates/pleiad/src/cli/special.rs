//! Commands that are more than one call, or none.

use std::{thread::sleep, time::Duration, time::Instant};

use api::Verb;
use host::{
    console::{attach, become_program},
    lxc::{Console, Lxc},
};
use schema::cli::{EXTRA_ARGS, Grammar, Takes};
use serde_json::{Map, Value, json};

use super::{
    Failure, Session,
    client::{encode, plain},
    follow::{follow, is_task},
    lists,
    run::{THIS_NODE, wrong},
};

type Args = Map<String, Value>;

/// A command with code of its own.
pub(super) struct Special {
    /// The tool it belongs to.
    pub(super) tool: &'static str,
    /// Its words.
    pub(super) words: &'static str,
    /// Parameters taken by position.
    pub(super) positional: &'static [&'static str],
    /// Its options.
    pub(super) options: &'static [(&'static str, Takes)],
    /// What it is for.
    pub(super) doc: &'static str,
    run: fn(&mut Session, &Args) -> Result<(), Failure>,
}

const fn row(
    (tool, words): (&'static str, &'static str),
    positional: &'static [&'static str],
    options: &'static [(&'static str, Takes)],
    doc: &'static str,
    run: fn(&mut Session, &Args) -> Result<(), Failure>,
) -> Special {
    Special { tool, words, positional, options, doc, run }
}

const OWNERS: &[(&str, Takes)] = &[("group", Takes::Value), ("perms", Takes::Value), ("user", Takes::Value)];
const VERBOSE: &[(&str, Takes)] = &[("verbose", Takes::Flag)];

/// All of them.
pub(super) const SPECIALS: &[Special] = &[
    row(("qm", "status"), &["vmid"], VERBOSE, "Shows whether a virtual machine runs.", |s, a| s.status("qemu", a)),
    row(("pct", "status"), &["vmid"], VERBOSE, "Shows whether a container runs.", |s, a| s.status("lxc", a)),
    row(("qm", "unlock"), &["vmid"], &[], "Removes the lock of a virtual machine.", |s, a| s.unlock("qemu", a)),
    row(("pct", "unlock"), &["vmid"], &[], "Removes the lock of a container.", |s, a| s.unlock("lxc", a)),
    row(
        ("qm", "wait"),
        &["vmid"],
        &[("timeout", Takes::Value)],
        "Waits until a virtual machine is stopped.",
        Session::wait,
    ),
    row(("qm", "monitor"), &["vmid"], &[], "Runs commands of QEMU's monitor, line by line.", Session::monitor),
    row(
        ("qm", "log"),
        &["vmid"],
        &[("age", Takes::Value), ("limit", Takes::Value)],
        "Shows what QEMU printed since the last start, or (age 1 to 3) since an earlier one.",
        Session::qemu_log,
    ),
    row(
        ("qm", "guest exec"),
        &["vmid", EXTRA_ARGS],
        &[("pass-stdin", Takes::Flag), ("synchronous", Takes::Flag), ("timeout", Takes::Value)],
        "Runs a program in the guest by its agent, and shows what it wrote.",
        Session::guest_exec,
    ),
    row(
        ("qm", "vncproxy"),
        &["vmid"],
        &[],
        "Connects standard input and output with the screen (VNC); the password comes from LC_PVE_TICKET.",
        Session::vncproxy,
    ),
    row(
        ("qm", "terminal"),
        &["vmid"],
        &[("iface", Takes::Value), ("escape", Takes::Value)],
        "Opens a serial console of a virtual machine.",
        Session::terminal,
    ),
    row(
        ("pct", "console"),
        &["vmid"],
        &[("escape", Takes::Value)],
        "Opens a console of a container.",
        Session::console,
    ),
    row(
        ("pct", "enter"),
        &["vmid"],
        &[("keep-env", Takes::Flag)],
        "Opens a shell inside a container.",
        Session::inside,
    ),
    row(
        ("pct", "exec"),
        &["vmid", EXTRA_ARGS],
        &[("keep-env", Takes::Flag)],
        "Runs a command inside a container.",
        Session::inside,
    ),
    row(
        ("pct", "push"),
        &["vmid", "file", "destination"],
        OWNERS,
        "Copies a file of the host into a running container.",
        Session::push,
    ),
    row(
        ("pct", "pull"),
        &["vmid", "path", "destination"],
        OWNERS,
        "Copies a file of a running container to the host.",
        Session::pull,
    ),
    row(("pct", "df"), &["vmid"], &[], "Shows how full the file systems of a container are.", Session::df),
    row(
        ("pct", "fsck"),
        &["vmid"],
        &[("device", Takes::Value), ("force", Takes::Flag)],
        "Checks the file system of a volume of a container that does not run.",
        |s, a| s.care(a, "fsck"),
    ),
    row(
        ("pct", "fstrim"),
        &["vmid"],
        &[("ignore-mountpoints", Takes::Flag)],
        "Tells the storages which blocks of a container's file systems are free.",
        |s, a| s.care(a, "fstrim"),
    ),
    row(
        ("pct", "mount"),
        &["vmid"],
        &[],
        "Mounts the file systems of a container that does not run on the host, for repairs; locks it.",
        Session::mount,
    ),
    row(("pct", "unmount"), &["vmid"], &[], "Takes them back from the host.", Session::unmount),
    row(("pct", "cpusets"), &[], &[], "Shows the processors that running containers may use.", |s, _| s.cpusets()),
    row(("pvesm", "path"), &["volume"], &[], "Prints the path of a volume.", Session::volume_path),
    row(("pvesm", "free"), &["volume"], &[("delay", Takes::Value)], "Deletes a volume.", Session::free),
    row(
        ("pveam", "available"),
        &[],
        &[("section", Takes::Value)],
        "Lists the templates that can be built or fetched.",
        Session::available,
    ),
    row(("pveam", "list"), &["storage"], &[], "Lists the templates on a storage.", Session::templates),
    row(("pveam", "remove"), &["template_path"], &[], "Removes a template.", Session::remove_template),
];

fn text(args: &Args, name: &str) -> String {
    args.get(name).map(plain).unwrap_or_default()
}

impl Session {
    pub(super) fn special(&mut self, special: &'static Special, words: &[String]) -> Result<(), Failure> {
        let positional = special.positional.iter().filter(|name| **name != EXTRA_ARGS);
        let grammar = Grammar {
            options: special.options.iter().map(|(name, takes)| ((*name).to_owned(), *takes)).collect(),
            positional: positional.map(|name| ((*name).to_owned(), false)).collect(),
            extra_args: special.positional.contains(&EXTRA_ARGS),
            ..Grammar::default()
        };
        let usage = || super::usage::of_special(special);
        let own = words.split(|word| word == "--").next().unwrap_or_default();
        if own.iter().any(|word| word == "--help" || word == "-h") {
            println!("{}", usage());
            return Ok(());
        }
        let args: Args = grammar.parse(words).map_err(|error| wrong(&error, usage()))?.into_iter().collect();
        if let Some(vmid) = args.get("vmid").map(plain)
            && let Err(error) = vmid.parse::<schema::Vmid>()
        {
            return Err(schema::ApiError::param(
                "vmid",
                format!("type check ('integer') failed - got '{vmid}' ({error})"),
            )
            .into());
        }
        (special.run)(self, &args)
    }

    fn current(&mut self, kind: &str, args: &Args) -> Result<Value, Failure> {
        let path = format!("/nodes/{THIS_NODE}/{kind}/{}/status/current", encode(&text(args, "vmid")));
        self.ask(Verb::Get, &path, &json!({}))
    }

    fn status(&mut self, kind: &str, args: &Args) -> Result<(), Failure> {
        let current = self.current(kind, args)?;
        if args.get("verbose").is_some_and(|value| value == "1") {
            print!("{}", lists::lines(current.as_object().unwrap_or(&Map::new())));
        } else {
            println!("status: {}", plain(&current["status"]));
        }
        Ok(())
    }

    fn unlock(&mut self, kind: &str, args: &Args) -> Result<(), Failure> {
        let path = format!("/nodes/{THIS_NODE}/{kind}/{}/config", encode(&text(args, "vmid")));
        let change = match kind {
            "qemu" => json!({"delete": "lock", "skiplock": 1}),
            _ => json!({"delete": "lock"}),
        };
        self.ask(Verb::Put, &path, &change).map(drop)
    }

    fn wait(&mut self, args: &Args) -> Result<(), Failure> {
        let limit = args
            .get("timeout")
            .map(plain)
            .map(|text| text.parse().map_err(|_| format!("'{text}' is no time in seconds")));
        let limit = limit.transpose()?.map(Duration::from_secs);
        let since = Instant::now();
        while self.current("qemu", args)?["status"] != "stopped" {
            if limit.is_some_and(|limit| since.elapsed() > limit) {
                return Err("VM is still running - wait aborted: got timeout".to_owned().into());
            }
            sleep(Duration::from_millis(500));
        }
        Ok(())
    }

    fn terminal(&mut self, args: &Args) -> Result<(), Failure> {
        let vmid: u32 = text(args, "vmid").parse().unwrap_or_default();
        let path = format!("/nodes/{THIS_NODE}/qemu/{vmid}/config");
        let config = self.ask(Verb::Get, &path, &json!({}))?;
        let wanted = args.get("iface").map(plain);
        let ports = (0..4).filter(|port| config[format!("serial{port}")] == "socket");
        let port = ports.into_iter().find(|port| wanted.as_ref().is_none_or(|name| *name == format!("serial{port}")));
        let port = port.ok_or_else(|| match wanted {
            Some(name) => format!("'{name}' is not a serial port of VM {vmid} (set it to 'socket')"),
            None => format!("unable to find a serial interface on VM {vmid} (set 'serial0: socket')"),
        })?;
        if self.current("qemu", args)?["status"] != "running" {
            return Err(format!("VM {vmid} not running").into());
        }
        eprintln!("starting serial terminal on interface serial{port} (press Ctrl+O to exit)");
        Ok(attach(&self.paths.serial_socket(vmid, port), escape(args, "^o")?)?)
    }

    fn running_container(&mut self, args: &Args) -> Result<(u32, Lxc), Failure> {
        let vmid: u32 = text(args, "vmid").parse().unwrap_or_default();
        if self.current("lxc", args)?["status"] != "running" {
            return Err(format!("CT {vmid} not running").into());
        }
        Ok((vmid, Lxc::new(self.paths.lxc_dir())))
    }

    fn console(&mut self, args: &Args) -> Result<(), Failure> {
        let (vmid, lxc) = self.running_container(args)?;
        let config = self.ask(Verb::Get, &format!("/nodes/{THIS_NODE}/lxc/{vmid}/config"), &json!({}))?;
        let mode = match config["cmode"].as_str() {
            Some("shell") => Console::Shell,
            Some("console") => Console::Console,
            _ => Console::Tty,
        };
        Err(become_program(&lxc.console_argv(vmid, mode, true)).into())
    }

    fn inside(&mut self, args: &Args) -> Result<(), Failure> {
        let (vmid, lxc) = self.running_container(args)?;
        let words: Vec<String> =
            args.get(EXTRA_ARGS).and_then(Value::as_array).into_iter().flatten().map(plain).collect();
        if args.contains_key(EXTRA_ARGS) && words.is_empty() {
            return Err("missing command".to_owned().into());
        }
        let keep = args.get("keep-env").is_none_or(|value| value != "0");
        Err(become_program(&lxc.exec_argv(vmid, keep, &words)).into())
    }

    fn volume_path(&mut self, args: &Args) -> Result<(), Failure> {
        let answer = self.ask(Verb::Get, &volume(&text(args, "volume"))?, &json!({}))?;
        println!("{}", plain(&answer["path"]));
        Ok(())
    }

    fn free(&mut self, args: &Args) -> Result<(), Failure> {
        let mut options = args.clone();
        options.remove("volume");
        self.remove_volume(&text(args, "volume"), &Value::Object(options))
    }

    fn remove_template(&mut self, args: &Args) -> Result<(), Failure> {
        self.remove_volume(&text(args, "template_path"), &json!({}))
    }

    fn remove_volume(&mut self, id: &str, options: &Value) -> Result<(), Failure> {
        let answer = self.ask(Verb::Delete, &volume(id)?, options)?;
        match is_task(&answer) {
            Some(upid) => Ok(follow(&mut self.client, upid, &mut std::io::stdout())?),
            None => {
                println!("Removed volume '{id}'");
                Ok(())
            }
        }
    }

    fn available(&mut self, args: &Args) -> Result<(), Failure> {
        let answer = self.ask(Verb::Get, &format!("/nodes/{THIS_NODE}/aplinfo"), &json!({}))?;
        let wanted = args.get("section").map(plain);
        for row in answer.as_array().into_iter().flatten() {
            let (section, template) = (plain(&row["section"]), plain(&row["template"]));
            if wanted.as_ref().is_none_or(|wanted| *wanted == section) {
                println!("{section:<15} {template}");
            }
        }
        Ok(())
    }

    fn templates(&mut self, args: &Args) -> Result<(), Failure> {
        let path = format!("/nodes/{THIS_NODE}/storage/{}/content", encode(&text(args, "storage")));
        let answer = self.ask(Verb::Get, &path, &json!({"content": "vztmpl"}))?;
        println!("{:<60} SIZE", "NAME");
        for row in answer.as_array().into_iter().flatten() {
            let size = row["size"].as_f64().unwrap_or_default() / 1_048_576.0;
            println!("{:<60} {size:.2}MB", plain(&row["volid"]));
        }
        Ok(())
    }
}

/// The path of a volume's own resource.
fn volume(id: &str) -> Result<String, Failure> {
    let Some((storage, _)) = id.split_once(':') else {
        return Err(format!("unable to parse volume ID '{id}': it is STORAGE:NAME").into());
    };
    Ok(format!("/nodes/{THIS_NODE}/storage/{}/content/{}", encode(storage), encode(id)))
}

/// The key that leaves a console, written `^o`; `none` for no such key.
fn escape(args: &Args, default: &str) -> Result<Option<u8>, String> {
    let given = args.get("escape").map_or_else(|| default.to_owned(), plain);
    match given.as_bytes() {
        b"none" => Ok(None),
        [b'^', key] if key.is_ascii_alphabetic() => Ok(Some(key.to_ascii_uppercase() - b'@')),
        _ => Err(format!("'{given}' is no escape sequence: write ^ and a letter, or none")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_keys_are_control_characters() {
        let parse = |text: &str| escape(json!({"escape": text}).as_object().unwrap(), "^o");
        assert_eq!(parse("^o"), Ok(Some(0x0f)));
        assert_eq!(parse("^A"), Ok(Some(1)));
        assert_eq!(parse("none"), Ok(None));
        assert!(parse("x").is_err());
    }

    #[test]
    fn a_volume_has_one_resource() {
        assert_eq!(
            volume("local:iso/a b.iso").ok().unwrap(),
            "/nodes/localhost/storage/local/content/local%3Aiso%2Fa%20b.iso"
        );
        assert!(volume("nothing").is_err());
    }
}
