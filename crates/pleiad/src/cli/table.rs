//! Which command stands for which method. Options, types and descriptions come from the method's own row.

use api::Verb::{self, Delete, Get, Post, Put};

/// How the result of a command is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Show {
    /// Not at all: the command succeeded. A task's log is followed.
    Quiet,
    /// As the output options say.
    Formatted,
    /// `key: value` lines.
    Lines,
    /// The table of virtual machines.
    Vms,
    /// The table of containers.
    Containers,
    /// The tree of snapshots.
    Snapshots,
    /// Current and pending values.
    Pending,
    /// The table of storages.
    Storages,
    /// The table of volumes.
    Volumes,
    /// `successfully created 'VOLUME'`.
    Created,
    /// The text itself.
    Text,
}

/// A command that is one call of the API.
#[derive(Clone, Copy, Debug)]
pub(super) struct Command {
    /// The tool it belongs to.
    pub(super) tool: &'static str,
    /// Its words.
    pub(super) words: &'static str,
    /// Verb of its method.
    pub(super) verb: Verb,
    /// Path of its method.
    pub(super) path: &'static str,
    /// Parameters taken by position.
    pub(super) positional: &'static [&'static str],
    /// Parameters that are preset, besides the node.
    pub(super) fixed: &'static [(&'static str, &'static str)],
    /// How its result is shown.
    pub(super) show: Show,
}

const fn row(
    tool: &'static str,
    words: &'static str,
    (verb, path): (Verb, &'static str),
    positional: &'static [&'static str],
    show: Show,
) -> Command {
    Command { tool, words, verb, path, positional, fixed: &[], show }
}

impl Command {
    const fn fixed(self, fixed: &'static [(&'static str, &'static str)]) -> Self {
        Self { fixed, ..self }
    }
}

use Show::{Containers, Created, Formatted, Lines, Pending, Quiet, Snapshots, Storages, Text, Vms, Volumes};

/// All commands, by tool and words.
pub(super) const COMMANDS: &[Command] = &[
    row("pct", "clone", (Post, "/nodes/{node}/lxc/{vmid}/clone"), &["vmid", "newid"], Quiet),
    row("pct", "config", (Get, "/nodes/{node}/lxc/{vmid}/config"), &["vmid"], Lines),
    row("pct", "create", (Post, "/nodes/{node}/lxc"), &["vmid", "ostemplate"], Quiet),
    row("pct", "delsnapshot", (Delete, "/nodes/{node}/lxc/{vmid}/snapshot/{snapname}"), &["vmid", "snapname"], Quiet),
    row("pct", "destroy", (Delete, "/nodes/{node}/lxc/{vmid}"), &["vmid"], Quiet),
    row("pct", "list", (Get, "/nodes/{node}/lxc"), &[], Containers),
    row("pct", "listsnapshot", (Get, "/nodes/{node}/lxc/{vmid}/snapshot"), &["vmid"], Snapshots),
    row("pct", "migrate", (Post, "/nodes/{node}/lxc/{vmid}/migrate"), &["vmid", "target"], Quiet),
    row(
        "pct",
        "move-volume",
        (Post, "/nodes/{node}/lxc/{vmid}/move_volume"),
        &["vmid", "volume", "storage", "target-vmid", "target-volume"],
        Quiet,
    ),
    row("pct", "pending", (Get, "/nodes/{node}/lxc/{vmid}/pending"), &["vmid"], Pending),
    row("pct", "reboot", (Post, "/nodes/{node}/lxc/{vmid}/status/reboot"), &["vmid"], Quiet),
    row("pct", "rescan", (Post, "/pleiad/nodes/{node}/rescan-volumes"), &[], Quiet),
    row("pct", "resize", (Put, "/nodes/{node}/lxc/{vmid}/resize"), &["vmid", "disk", "size"], Quiet),
    row("pct", "restore", (Post, "/nodes/{node}/lxc"), &["vmid", "ostemplate"], Quiet).fixed(&[("restore", "1")]),
    row("pct", "resume", (Post, "/nodes/{node}/lxc/{vmid}/status/resume"), &["vmid"], Quiet),
    row(
        "pct",
        "rollback",
        (Post, "/nodes/{node}/lxc/{vmid}/snapshot/{snapname}/rollback"),
        &["vmid", "snapname"],
        Quiet,
    ),
    row("pct", "set", (Put, "/nodes/{node}/lxc/{vmid}/config"), &["vmid"], Quiet),
    row("pct", "shutdown", (Post, "/nodes/{node}/lxc/{vmid}/status/shutdown"), &["vmid"], Quiet),
    row("pct", "snapshot", (Post, "/nodes/{node}/lxc/{vmid}/snapshot"), &["vmid", "snapname"], Quiet),
    row("pct", "start", (Post, "/nodes/{node}/lxc/{vmid}/status/start"), &["vmid"], Quiet),
    row("pct", "stop", (Post, "/nodes/{node}/lxc/{vmid}/status/stop"), &["vmid"], Quiet),
    row("pct", "suspend", (Post, "/nodes/{node}/lxc/{vmid}/status/suspend"), &["vmid"], Quiet),
    row("pct", "template", (Post, "/nodes/{node}/lxc/{vmid}/template"), &["vmid"], Quiet),
    row("pct", "update-image", (Post, "/pleiad/nodes/{node}/lxc/{vmid}/update-image"), &["vmid", "ostemplate"], Quiet),
    row("pveam", "download", (Post, "/nodes/{node}/aplinfo"), &["storage", "template"], Quiet),
    row("pvesm", "add", (Post, "/storage"), &["type", "storage"], Quiet),
    row(
        "pvesm",
        "alloc",
        (Post, "/nodes/{node}/storage/{storage}/content"),
        &["storage", "vmid", "filename", "size"],
        Created,
    ),
    row("pvesm", "list", (Get, "/nodes/{node}/storage/{storage}/content"), &["storage"], Volumes),
    row("pvesm", "remove", (Delete, "/storage/{storage}"), &["storage"], Quiet),
    row("pvesm", "scan cifs", (Get, "/nodes/{node}/scan/cifs"), &["server"], Formatted),
    row("pvesm", "scan iscsi", (Get, "/nodes/{node}/scan/iscsi"), &["portal"], Formatted),
    row("pvesm", "scan lvm", (Get, "/nodes/{node}/scan/lvm"), &[], Formatted),
    row("pvesm", "scan lvmthin", (Get, "/nodes/{node}/scan/lvmthin"), &["vg"], Formatted),
    row("pvesm", "scan nfs", (Get, "/nodes/{node}/scan/nfs"), &["server"], Formatted),
    row("pvesm", "scan zfs", (Get, "/nodes/{node}/scan/zfs"), &[], Formatted),
    row("pvesm", "set", (Put, "/storage/{storage}"), &["storage"], Quiet),
    row("pvesm", "status", (Get, "/nodes/{node}/storage"), &[], Storages),
    row("pveum", "acl delete", (Put, "/access/acl"), &["path"], Quiet).fixed(&[("delete", "1")]),
    row("pveum", "acl list", (Get, "/access/acl"), &[], Formatted),
    row("pveum", "acl modify", (Put, "/access/acl"), &["path"], Quiet).fixed(&[("delete", "0")]),
    row("pveum", "group add", (Post, "/access/groups"), &["groupid"], Quiet),
    row("pveum", "group delete", (Delete, "/access/groups/{groupid}"), &["groupid"], Quiet),
    row("pveum", "group list", (Get, "/access/groups"), &[], Formatted),
    row("pveum", "group modify", (Put, "/access/groups/{groupid}"), &["groupid"], Quiet),
    row("pveum", "passwd", (Put, "/access/password"), &["userid"], Quiet),
    row("pveum", "pool add", (Post, "/pools"), &["poolid"], Quiet),
    row("pveum", "pool delete", (Delete, "/pools"), &["poolid"], Quiet),
    row("pveum", "pool list", (Get, "/pools"), &[], Formatted),
    row("pveum", "pool modify", (Put, "/pools"), &["poolid"], Quiet),
    row("pveum", "realm add", (Post, "/access/domains"), &["realm"], Quiet),
    row("pveum", "realm delete", (Delete, "/access/domains/{realm}"), &["realm"], Quiet),
    row("pveum", "realm list", (Get, "/access/domains"), &[], Formatted),
    row("pveum", "realm modify", (Put, "/access/domains/{realm}"), &["realm"], Quiet),
    row("pveum", "realm sync", (Post, "/access/domains/{realm}/sync"), &["realm"], Quiet),
    row("pveum", "role add", (Post, "/access/roles"), &["roleid"], Quiet),
    row("pveum", "role delete", (Delete, "/access/roles/{roleid}"), &["roleid"], Quiet),
    row("pveum", "role list", (Get, "/access/roles"), &[], Formatted),
    row("pveum", "role modify", (Put, "/access/roles/{roleid}"), &["roleid"], Quiet),
    row("pveum", "ticket", (Post, "/access/ticket"), &["username"], Text),
    row("pveum", "user add", (Post, "/access/users"), &["userid"], Quiet),
    row("pveum", "user delete", (Delete, "/access/users/{userid}"), &["userid"], Quiet),
    row("pveum", "user list", (Get, "/access/users"), &[], Formatted),
    row("pveum", "user modify", (Put, "/access/users/{userid}"), &["userid"], Quiet),
    row("pveum", "user permissions", (Get, "/access/permissions"), &["userid"], Formatted),
    row("pveum", "user tfa unlock", (Put, "/access/users/{userid}/unlock-tfa"), &["userid"], Quiet),
    row("pveum", "user token add", (Post, "/access/users/{userid}/token/{tokenid}"), &["userid", "tokenid"], Formatted),
    row(
        "pveum",
        "user token delete",
        (Delete, "/access/users/{userid}/token/{tokenid}"),
        &["userid", "tokenid"],
        Quiet,
    ),
    row("pveum", "user token list", (Get, "/access/users/{userid}/token"), &["userid"], Formatted),
    row(
        "pveum",
        "user token modify",
        (Put, "/access/users/{userid}/token/{tokenid}"),
        &["userid", "tokenid"],
        Formatted,
    ),
    row("qm", "clone", (Post, "/nodes/{node}/qemu/{vmid}/clone"), &["vmid", "newid"], Quiet),
    row("qm", "cloudinit dump", (Get, "/nodes/{node}/qemu/{vmid}/cloudinit/dump"), &["vmid", "type"], Text),
    row("qm", "cloudinit pending", (Get, "/nodes/{node}/qemu/{vmid}/cloudinit"), &["vmid"], Pending),
    row("qm", "cloudinit update", (Put, "/nodes/{node}/qemu/{vmid}/cloudinit"), &["vmid"], Quiet),
    row("qm", "config", (Get, "/nodes/{node}/qemu/{vmid}/config"), &["vmid"], Lines),
    row("qm", "create", (Post, "/nodes/{node}/qemu"), &["vmid"], Quiet),
    row("qm", "delsnapshot", (Delete, "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}"), &["vmid", "snapname"], Quiet),
    row("qm", "destroy", (Delete, "/nodes/{node}/qemu/{vmid}"), &["vmid"], Quiet),
    row(
        "qm",
        "disk import",
        (Post, "/pleiad/nodes/{node}/qemu/{vmid}/import-disk"),
        &["vmid", "source", "storage"],
        Quiet,
    ),
    row("qm", "disk move", (Post, "/nodes/{node}/qemu/{vmid}/move_disk"), &["vmid", "disk", "storage"], Quiet),
    row("qm", "disk rescan", (Post, "/pleiad/nodes/{node}/rescan"), &[], Quiet),
    row("qm", "import", (Post, "/pleiad/nodes/{node}/qemu/{vmid}/import-appliance"), &["vmid", "source"], Quiet),
    row(
        "qm",
        "importovf",
        (Post, "/pleiad/nodes/{node}/qemu/{vmid}/import-appliance"),
        &["vmid", "source", "storage"],
        Quiet,
    ),
    row("qm", "disk resize", (Put, "/nodes/{node}/qemu/{vmid}/resize"), &["vmid", "disk", "size"], Quiet),
    row("qm", "disk unlink", (Put, "/nodes/{node}/qemu/{vmid}/unlink"), &["vmid"], Quiet),
    row("qm", "guest cmd", (Post, "/nodes/{node}/qemu/{vmid}/agent"), &["vmid", "command"], Formatted),
    row("qm", "guest exec-status", (Get, "/nodes/{node}/qemu/{vmid}/agent/exec-status"), &["vmid", "pid"], Formatted),
    row(
        "qm",
        "guest passwd",
        (Post, "/nodes/{node}/qemu/{vmid}/agent/set-user-password"),
        &["vmid", "username"],
        Quiet,
    ),
    row("qm", "list", (Get, "/nodes/{node}/qemu"), &[], Vms),
    row("qm", "listsnapshot", (Get, "/nodes/{node}/qemu/{vmid}/snapshot"), &["vmid"], Snapshots),
    row("qm", "migrate", (Post, "/nodes/{node}/qemu/{vmid}/migrate"), &["vmid", "target"], Quiet),
    row("qm", "pending", (Get, "/nodes/{node}/qemu/{vmid}/pending"), &["vmid"], Pending),
    row("qm", "reboot", (Post, "/nodes/{node}/qemu/{vmid}/status/reboot"), &["vmid"], Quiet),
    row("qm", "reset", (Post, "/nodes/{node}/qemu/{vmid}/status/reset"), &["vmid"], Quiet),
    row("qm", "resume", (Post, "/nodes/{node}/qemu/{vmid}/status/resume"), &["vmid"], Quiet),
    row(
        "qm",
        "rollback",
        (Post, "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/rollback"),
        &["vmid", "snapname"],
        Quiet,
    ),
    row("qm", "sendkey", (Put, "/nodes/{node}/qemu/{vmid}/sendkey"), &["vmid", "key"], Quiet),
    row("qm", "set", (Put, "/nodes/{node}/qemu/{vmid}/config"), &["vmid"], Quiet),
    row("qm", "showcmd", (Get, "/nodes/{node}/qemu/{vmid}/showcmd"), &["vmid"], Text),
    row("qm", "shutdown", (Post, "/nodes/{node}/qemu/{vmid}/status/shutdown"), &["vmid"], Quiet),
    row("qm", "snapshot", (Post, "/nodes/{node}/qemu/{vmid}/snapshot"), &["vmid", "snapname"], Quiet),
    row("qm", "start", (Post, "/nodes/{node}/qemu/{vmid}/status/start"), &["vmid"], Quiet),
    row("qm", "stop", (Post, "/nodes/{node}/qemu/{vmid}/status/stop"), &["vmid"], Quiet),
    row("qm", "suspend", (Post, "/nodes/{node}/qemu/{vmid}/status/suspend"), &["vmid"], Quiet),
    row("qm", "template", (Post, "/nodes/{node}/qemu/{vmid}/template"), &["vmid"], Quiet),
];

/// Other words for commands: tool, words, words of the command.
pub(super) const ALIASES: &[(&str, &str, &str)] = &[
    ("pct", "move_volume", "move-volume"),
    ("pveum", "acldel", "acl delete"),
    ("pveum", "aclmod", "acl modify"),
    ("pveum", "groupadd", "group add"),
    ("pveum", "groupdel", "group delete"),
    ("pveum", "groupmod", "group modify"),
    ("pveum", "roleadd", "role add"),
    ("pveum", "roledel", "role delete"),
    ("pveum", "rolemod", "role modify"),
    ("pveum", "user token remove", "user token delete"),
    ("pveum", "useradd", "user add"),
    ("pveum", "userdel", "user delete"),
    ("pveum", "usermod", "user modify"),
    ("qm", "agent", "guest cmd"),
    ("qm", "importdisk", "disk import"),
    ("qm", "move-disk", "disk move"),
    ("qm", "move_disk", "disk move"),
    ("pvesm", "cifsscan", "scan cifs"),
    ("pvesm", "iscsiscan", "scan iscsi"),
    ("pvesm", "lvmscan", "scan lvm"),
    ("pvesm", "lvmthinscan", "scan lvmthin"),
    ("pvesm", "nfsscan", "scan nfs"),
    ("pvesm", "zfsscan", "scan zfs"),
    ("qm", "rescan", "disk rescan"),
    ("qm", "resize", "disk resize"),
    ("qm", "unlink", "disk unlink"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alias_leads_to_a_command() {
        for (tool, alias, words) in ALIASES {
            assert!(COMMANDS.iter().any(|row| row.tool == *tool && row.words == *words), "{tool} {alias}");
        }
    }

    #[test]
    fn every_row_of_the_api_has_the_parameters_that_its_command_takes_by_position() {
        let router = api::router().unwrap();
        for command in COMMANDS {
            let Some(row) = router.rows().iter().find(|row| row.verb == command.verb && row.path == command.path)
            else {
                continue;
            };
            for name in command.positional.iter().chain(command.fixed.iter().map(|(name, _)| name)) {
                assert!(row.spec.find(name).is_some(), "{} {}: {name}", command.tool, command.words);
            }
        }
    }
}
