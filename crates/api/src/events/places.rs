//! Which part of the API shows what a key of the configuration tree holds.

use store::guests::GuestKind;

use super::event::Sight;

/// The path to load again when a key has changed, and who is told; none for keys that no view shows.
pub(crate) fn of_key(key: &str) -> Option<(String, Sight)> {
    let everybody = |path: &str| Some((path.to_owned(), Sight::Everybody));
    match key {
        "storage.cfg" => return everybody("/storage"),
        "datacenter.cfg" => return everybody("/cluster/options"),
        "jobs.cfg" | "vzdump.cron" => return everybody("/cluster/backup"),
        "user.cfg" | "domains.cfg" | "priv/token.cfg" | "priv/shadow.cfg" | "priv/tfa.cfg" => {
            return everybody("/access");
        }
        "firewall/cluster.fw" => return auditors("/cluster/firewall", "/"),
        _ => {}
    }
    let (node, below) = key.strip_prefix("nodes/")?.split_once('/')?;
    for kind in [GuestKind::Qemu, GuestKind::Lxc] {
        let file = below.strip_prefix(kind.directory()).and_then(|rest| rest.strip_prefix('/'));
        if let Some(vmid) = file.and_then(|file| file.strip_suffix(".conf")) {
            let sight = Sight::Any(format!("/vms/{vmid}"), &["VM.Audit"]);
            return Some((format!("/nodes/{node}/{kind}/{vmid}"), sight));
        }
    }
    let path = format!("/nodes/{node}");
    auditors(&path, &path)
}

fn auditors(path: &str, on: &str) -> Option<(String, Sight)> {
    Some((path.to_owned(), Sight::Any(on.to_owned(), &["Sys.Audit"])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(key: &str) -> Option<String> {
        of_key(key).map(|(path, _)| path)
    }

    #[test]
    fn keys_stand_for_the_views_that_show_them() {
        assert_eq!(path("nodes/n1/qemu-server/100.conf").as_deref(), Some("/nodes/n1/qemu/100"));
        assert_eq!(path("nodes/n1/lxc/101.conf").as_deref(), Some("/nodes/n1/lxc/101"));
        assert_eq!(path("nodes/n1/pve-ssl.pem").as_deref(), Some("/nodes/n1"));
        assert_eq!(path("storage.cfg").as_deref(), Some("/storage"));
        assert_eq!(path("priv/token.cfg").as_deref(), Some("/access"));
        assert_eq!(path("priv/authkey.cfg"), None);
        assert_eq!(path("pve-root-ca.pem"), None);
    }

    #[test]
    fn a_guest_is_told_of_to_those_who_may_see_it() {
        let (_, sight) = of_key("nodes/n1/qemu-server/100.conf").unwrap();
        assert_eq!(sight, Sight::Any("/vms/100".into(), &["VM.Audit"]));
    }
}
