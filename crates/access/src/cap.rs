//! The map `cap` of a login's answer: what a client's interface may offer.

use std::collections::BTreeMap;

use crate::config::UserConfig;
use crate::eval::{known_paths, rights};
use crate::path;
use crate::privilege::Privileges;
use crate::userid::Authid;

/// Privileges by area. They only say that there is some path where the privilege is held.
pub type Cap = BTreeMap<&'static str, Privileges>;

fn area(name: &str) -> Option<(&'static str, Privileges)> {
    let with = |prefixes: &'static [&str], more: Privileges| {
        Privileges::matching(|name| prefixes.iter().any(|prefix| name.starts_with(prefix))) | more
    };
    const MODIFY: Privileges = Privileges::of(&["Permissions.Modify"]);
    const DATACENTER: Privileges = Privileges::of(&["Sys.Audit", "Sys.Modify"]);
    Some(match name {
        "vms" => ("vms", with(&["VM."], MODIFY)),
        "access" => ("access", with(&["User.", "Group."], MODIFY)),
        "storage" => ("storage", with(&["Datastore."], MODIFY)),
        "nodes" => ("nodes", with(&["Sys."], MODIFY)),
        "sdn" => ("sdn", with(&["SDN."], MODIFY)),
        "mapping" => ("mapping", with(&["Mapping."], MODIFY)),
        "" => ("dc", with(&["SDN."], DATACENTER)),
        _ => return None,
    })
}

/// What the interface may offer to `who`.
pub fn cap(config: &UserConfig, who: &Authid) -> Cap {
    let areas = ["vms", "access", "storage", "nodes", "sdn", "mapping", ""];
    let mut cap: Cap = areas.into_iter().filter_map(area).map(|(name, _)| (name, Privileges::NONE)).collect();
    let mut add = |(name, limit): (&'static str, Privileges), held: Privileges| {
        *cap.entry(name).or_default() |= held & limit;
    };
    let mut paths = known_paths(config);
    paths.push("/mapping".to_owned());
    for path in &paths {
        let held = rights(config, who, path).here;
        let top = path::segments(path).next().unwrap_or_default();
        if top == "pool" {
            add(("vms", Privileges::matching(|name| name.starts_with("VM."))), held);
            add(("storage", Privileges::matching(|name| name.starts_with("Datastore."))), held);
        } else if let Some(area) = area(top) {
            add(area, held);
        }
    }
    cap
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_area_shows_its_own_privileges() {
        let text = "user:jo@pve:1:\npool:p::::\nacl:1:/pool/p:jo@pve:PVEVMUser,PVEDatastoreUser:\nacl:1:/vms/100:jo@pve:PVETemplateUser:\nacl:1:/:jo@pve:PVEAuditor:\n";
        let config = UserConfig::parse(text).0;
        let cap: Vec<String> =
            cap(&config, &"jo@pve".parse().unwrap()).into_iter().map(|(area, set)| format!("{area} {set}")).collect();
        insta::assert_snapshot!(cap.join("\n"), @r"
        access 
        dc SDN.Audit,Sys.Audit
        mapping Mapping.Audit
        nodes Sys.Audit
        sdn SDN.Audit
        storage Datastore.AllocateSpace,Datastore.Audit
        vms VM.Audit,VM.Backup,VM.Clone,VM.Config.CDROM,VM.Config.Cloudinit,VM.Console,VM.GuestAgent.Audit,VM.GuestAgent.FileRead,VM.GuestAgent.FileSystemMgmt,VM.GuestAgent.FileWrite,VM.PowerMgmt
        ");
    }
}
