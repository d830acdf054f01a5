use super::*;
use crate::config_file::{Dialect, GuestFile};

fn tree(files: &[(&str, &str)]) -> (tempfile::TempDir, Root) {
    let directory = tempfile::tempdir().unwrap();
    let root = Root::open(directory.path(), None).unwrap();
    for (path, text) in files {
        root.write(path, text, 0o644).unwrap();
    }
    (directory, root)
}

fn config(text: &str) -> CtConfig {
    CtConfig::read(&GuestFile::parse(Dialect::Lxc, text).main)
}

fn facts() -> Facts {
    Facts { nameservers: vec!["192.0.2.1".into()], search: "example.net".into(), timezone: Some("Etc/UTC".into()) }
}

const NET: &str = "hostname: web\nnet0: name=eth0,bridge=b,ip=192.0.2.9/24,gw=192.0.2.1,ip6=auto\n";

#[test]
fn name_and_network_of_debian() {
    let (_directory, root) = tree(&[
        ("etc/debian_version", "12.5\n"),
        ("etc/hosts", "127.0.0.1 localhost\n"),
        ("etc/network/interfaces", "source /etc/network/interfaces.d/*\nauto eth0\niface eth0 inet dhcp\n\tmetric 5\n"),
    ]);
    for _ in 0..2 {
        assert!(set_up(&root, &config(NET), &facts(), None).unwrap().is_empty());
        assert_eq!(root.read("etc/hostname").unwrap(), "web\n");
        let hosts = "127.0.0.1 localhost\n# --- BEGIN PVE ---\n::1 localhost.localnet localhost\n\
            192.0.2.9 web.example.net web\n# --- END PVE ---\n";
        assert_eq!(root.read("etc/hosts").unwrap(), hosts);
        let interfaces = "source /etc/network/interfaces.d/*\n\nauto eth0\niface eth0 inet static\n\
            \taddress 192.0.2.9/24\n\tgateway 192.0.2.1\n\tmetric 5\n\niface eth0 inet6 auto\n\n";
        assert_eq!(root.read("etc/network/interfaces").unwrap(), interfaces);
        assert!(root.read("etc/resolv.conf").unwrap().contains("nameserver 192.0.2.1\n"));
    }
}

#[test]
fn first_time_things() {
    let (_directory, root) = tree(&[
        ("etc/debian_version", "13.0\n"),
        ("etc/shadow", "root:*:1:0:99999:7:::\nx:!:1::::::\n"),
        ("etc/machine-id", "0123\n"),
        ("usr/lib/systemd/systemd", ""),
    ]);
    let first =
        First { password_hash: Some("$6$h".into()), ssh_keys: Some("ssh-ed25519 A".into()), days: 9, random: 1 };
    set_up(&root, &config("hostname: web\n"), &facts(), Some(&first)).unwrap();
    assert_eq!(root.read("etc/shadow").unwrap(), "root:$6$h:9:0:99999:7:::\nx:!:1::::::\n");
    assert_eq!(root.read("etc/machine-id").unwrap(), "uninitialized\n");
    assert!(root.read("root/.ssh/authorized_keys").unwrap().contains("\nssh-ed25519 A\n"));
    assert!(root.exists("etc/systemd/system-preset/00-pve.preset"));
}

#[test]
fn what_must_not_be_touched_is_not() {
    let (_directory, root) = tree(&[("etc/debian_version", "12\n"), ("etc/.pve-ignore.hostname", "")]);
    set_up(&root, &config(NET), &facts(), None).unwrap();
    assert!(!root.exists("etc/hostname"));

    let (_directory, root) = tree(&[("etc/debian_version", "12\n")]);
    set_up(&root, &config(&format!("{NET}ostype: unmanaged\n")), &facts(), None).unwrap();
    assert_eq!(root.list("etc").unwrap(), ["debian_version"]);

    let (_directory, root) = tree(&[("etc/os-release", "ID=alpine\n")]);
    assert_eq!(Distribution::detect(&root).ostype(), OsType::Alpine);
    assert_eq!(set_up(&root, &config(NET), &facts(), None).unwrap().len(), 1);
    assert_eq!(root.list("etc").unwrap(), ["os-release"]);
}
