//! What `pct` has of its own: files in and out of containers, processors, and the file systems from outside.

use std::{
    fs::{File, OpenOptions},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use api::Verb;
use host::{
    cgroup::Cgroups,
    lxc::{Lxc, online_cpus},
    process::Process,
    rootfs::Root,
};
use serde_json::{Map, Value, json};

use super::{
    Failure, Session,
    client::{encode, plain},
    human::shown,
    run::THIS_NODE,
};

type Args = Map<String, Value>;

fn text(args: &Args, name: &str) -> String {
    args.get(name).map(plain).unwrap_or_default()
}

fn extension(args: &Args, what: &str) -> String {
    format!("/pleiad/nodes/{THIS_NODE}/lxc/{}/{what}", encode(&text(args, "vmid")))
}

/// Permission bits as they are typed: octal, with or without a leading zero, or hexadecimal after `0x`.
fn bits(args: &Args) -> Result<Option<u32>, String> {
    let Some(given) = args.get("perms").map(plain) else { return Ok(None) };
    let parsed = match given.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => u32::from_str_radix(&given, 8),
    };
    match parsed {
        Ok(bits) if bits <= 0o7777 => Ok(Some(bits)),
        _ => Err(format!("--perms: '{given}' are no permission bits: write them in octal, such as 0644")),
    }
}

/// The ID of a user or group by number, or by its name in a file such as `/etc/passwd`.
fn id(given: &str, table: &str) -> Result<u32, String> {
    if let Ok(id) = given.parse() {
        return Ok(id);
    }
    let of_line = |line: &str| {
        let mut fields = line.split(':');
        (fields.next() == Some(given)).then(|| fields.nth(1)?.parse().ok()).flatten()
    };
    table.lines().find_map(of_line).ok_or_else(|| format!("'{given}' is not known there: give its number"))
}

/// The user and group that a file shall belong to, by the tables of whoever gets it; root where nothing is said.
fn owners(args: &Args, read: impl Fn(&str) -> String) -> Result<(u32, u32), String> {
    let of = |name: &str, path: &str| {
        args.get(name)
            .map(plain)
            .map(|given| id(&given, &read(path)).map_err(|why| format!("--{name}: {why}")))
            .transpose()
    };
    Ok((of("user", "/etc/passwd")?.unwrap_or(0), of("group", "/etc/group")?.unwrap_or(0)))
}

impl Session {
    /// The first process of a running container, and the files as that sees them.
    fn files(&mut self, args: &Args) -> Result<(Process, Root), Failure> {
        let vmid = text(args, "vmid");
        let path = format!("/nodes/{THIS_NODE}/lxc/{}/status/current", encode(&vmid));
        let current = self.ask(Verb::Get, &path, &json!({}))?;
        let pid = current["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok());
        let found = pid.and_then(Process::find).ok_or_else(|| Failure::from(format!("CT {vmid} not running")))?;
        let root = Root::open(Path::new(&format!("/proc/{}/root", found.pid)), None)?;
        if found.alive() { Ok((found, root)) } else { Err(format!("CT {vmid} not running").into()) }
    }

    /// Copies a file of the host into a running container.
    pub(super) fn push(&mut self, args: &Args) -> Result<(), Failure> {
        let (init, root) = self.files(args)?;
        let (file, destination) = (text(args, "file"), text(args, "destination"));
        let failed = |why: std::io::Error| Failure::from(format!("failed to push '{file}' to '{destination}': {why}"));
        let mut source = File::open(&file).map_err(failed)?;
        let seen = source.metadata().map_err(failed)?;
        if !seen.is_file() {
            return Err(failed(std::io::Error::other("it is not a regular file")));
        }
        let (user, group) = owners(args, |path| root.read(path).unwrap_or_default())?;
        let outside = |kind: &str, id: u32| -> Result<u32, Failure> {
            let host = init.outside(kind, id).map_err(failed)?;
            host.ok_or_else(|| format!("the container has no {kind} {id}").into())
        };
        let owner = (outside("uid", user)?, outside("gid", group)?);
        let mode = bits(args)?.unwrap_or(seen.mode() & 0o777);
        root.put(&destination, &mut source, owner, mode).map(drop).map_err(failed)
    }

    /// Copies a file of a running container to the host.
    pub(super) fn pull(&mut self, args: &Args) -> Result<(), Failure> {
        let (_, root) = self.files(args)?;
        let (path, destination) = (text(args, "path"), PathBuf::from(text(args, "destination")));
        let shown = destination.display().to_string();
        let failed = |why: std::io::Error| Failure::from(format!("failed to pull '{path}' to '{shown}': {why}"));
        let mut source = root.open_file(&path).map_err(failed)?;
        let (user, group) = owners(args, |path| std::fs::read_to_string(path).unwrap_or_default())?;
        let mode = bits(args)?;
        let mut options = OpenOptions::new();
        // Nobody else reads it before it has its owner.
        let mut target =
            options.write(true).create(true).truncate(true).mode(0o600).open(&destination).map_err(failed)?;
        if target.metadata().map_err(failed)?.is_file() {
            std::os::unix::fs::fchown(&target, Some(user), Some(group)).map_err(failed)?;
            let mode = std::fs::Permissions::from_mode(mode.unwrap_or(0o644));
            target.set_permissions(mode).map_err(failed)?;
        }
        std::io::copy(&mut source, &mut target).map(drop).map_err(failed)
    }

    /// How full a container's file systems are.
    pub(super) fn df(&mut self, args: &Args) -> Result<(), Failure> {
        let rows = self.ask(Verb::Get, &extension(args, "df"), &json!({}))?;
        print!("{}", table(rows.as_array().map(Vec::as_slice).unwrap_or_default()));
        Ok(())
    }

    /// Checks a file system, or trims all: a task whose log is shown.
    pub(super) fn care(&mut self, args: &Args, what: &str) -> Result<(), Failure> {
        let mut options = args.clone();
        options.remove("vmid");
        let answer = self.ask(Verb::Post, &extension(args, what), &Value::Object(options))?;
        let upid = super::follow::is_task(&answer).unwrap_or_default().to_owned();
        Ok(super::follow::follow(&mut self.client, &upid, &mut std::io::stdout())?)
    }

    /// Mounts a container's file systems on the host.
    pub(super) fn mount(&mut self, args: &Args) -> Result<(), Failure> {
        let place = self.ask(Verb::Post, &extension(args, "mount"), &json!({}))?;
        println!("mounted CT {} in '{}'", text(args, "vmid"), plain(&place));
        Ok(())
    }

    /// Takes them back.
    pub(super) fn unmount(&mut self, args: &Args) -> Result<(), Failure> {
        self.ask(Verb::Delete, &extension(args, "mount"), &json!({})).map(drop)
    }

    /// The processors that running containers were given.
    pub(super) fn cpusets(&mut self) -> Result<(), Failure> {
        let rows = self.ask(Verb::Get, &format!("/nodes/{THIS_NODE}/lxc"), &json!({}))?;
        let running = rows.as_array().into_iter().flatten().filter(|row| row["status"] == "running");
        let mut ids: Vec<u32> = running.filter_map(|row| plain(&row["vmid"]).parse().ok()).collect();
        ids.sort_unstable();
        let cgroups = Cgroups::detect()?;
        for vmid in ids {
            let given = cgroups.group(&Lxc::groups(vmid).0).cpus();
            let given = if given.is_empty() { online_cpus() } else { given };
            let words: Vec<String> = given.iter().map(u32::to_string).collect();
            println!("{vmid:>10}: {}", words.join(" "));
        }
        Ok(())
    }
}

fn table(rows: &[Value]) -> String {
    let number = |value: &Value| value.as_u64().unwrap_or_default();
    let line = |[mp, volume, bytes, used, avail, share, path]: [&str; 7]| {
        format!("{mp:<7} {volume:<40} {bytes:>12} {used:>12} {avail:>12} {share:>5} {path}\n")
    };
    let head = line(["MP", "Volume", "Size", "Used", "Avail", "Use%", "Path"]);
    let row = |row: &Value| {
        let (total, used) = (number(&row["size"]), number(&row["used"]));
        let share = format!("{}%", used.saturating_mul(100).checked_div(total).unwrap_or(0));
        let text = |name: &str| plain(&row[name]);
        let bytes = |name: &str| shown(name, &row[name]).unwrap_or_default();
        let (total, used, avail) = (bytes("size"), bytes("used"), bytes("avail"));
        line([&text("mp"), &text("volume"), &total, &used, &avail, &share, &text("path")])
    };
    std::iter::once(head).chain(rows.iter().map(row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::listed;

    #[test]
    fn commands_are_those_of_the_interface() {
        listed::check("pct", include_str!("pct_commands.txt"));
    }

    #[test]
    fn bits_are_octal() {
        let of = |text: &str| bits(json!({"perms": text}).as_object().unwrap());
        assert_eq!((of("0640"), of("755"), of("0x1ff")), (Ok(Some(0o640)), Ok(Some(0o755)), Ok(Some(0o777))));
        assert!(of("9").is_err() && of("77777").is_err() && of("u+w").is_err());
    }

    #[test]
    fn owners_are_numbers_or_names_of_the_receiver() {
        let passwd = "root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/:/bin/false\n";
        assert_eq!((id("33", ""), id("www-data", passwd)), (Ok(33), Ok(33)));
        assert!(id("nobody", passwd).is_err());
    }
}
