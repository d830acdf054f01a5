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
    Facts {
        nameservers: vec!["192.0.2.1".into()],
        search: "example.net".into(),
        timezone: Some("Etc/UTC".into()),
        uuid: None,
    }
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
    let first = First {
        password_hash: Some("$6$h".into()),
        ssh_keys: Some("ssh-ed25519 A".into()),
        days: 9,
        random: 1,
        ..First::default()
    };
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

    let (_directory, root) = tree(&[("etc/os-release", "ID=void\n")]);
    assert_eq!(Distribution::detect(&root).ostype(), OsType::Unmanaged);
    assert_eq!(set_up(&root, &config(NET), &facts(), None).unwrap().len(), 1);
    assert_eq!(root.list("etc").unwrap(), ["os-release"]);
}

/// What a set-up writes there, the second time as the first.
fn written(files: &[(&str, &str)], paths: &[&str]) -> String {
    let (_directory, root) = tree(files);
    let facts = Facts { uuid: Some("6f3cb07a-9f3c-4f0e-8d0c-0d5f0f3a9c11".into()), ..facts() };
    for _ in 0..2 {
        assert!(set_up(&root, &config(NET), &facts, Some(&First::default())).unwrap().is_empty());
    }
    paths.iter().map(|path| format!("== {path}\n{}", root.read(path).unwrap())).collect()
}

#[test]
fn files_of_network_manager() {
    insta::assert_snapshot!(
        written(&[("etc/os-release", "ID=rocky\nVERSION_ID=\"10.0\"\n")],
            &["etc/NetworkManager/system-connections/eth0.nmconnection", "etc/locale.conf"]), @r#"
    == etc/NetworkManager/system-connections/eth0.nmconnection
    [connection]
    id=eth0
    uuid=6f3cb07a-9f3c-4f0e-8d0c-0d5f0f3a9c11
    type=ethernet
    interface-name=eth0
    [ipv4]
    method=manual
    address1=192.0.2.9/24,192.0.2.1
    dns=192.0.2.1
    dns-search=example.net
    [ipv6]
    method=auto
    dns-search=example.net
    == etc/locale.conf
    LANG=C.utf8
    "#);
}

#[test]
fn files_of_network_scripts() {
    insta::assert_snapshot!(
        written(&[("etc/redhat-release", "CentOS Linux release 7.9\n"), ("etc/sysconfig/network", "GATEWAYDEV=x\n")],
            &["etc/sysconfig/network-scripts/ifcfg-eth0", "etc/sysconfig/network"]), @r#"
    == etc/sysconfig/network-scripts/ifcfg-eth0
    DEVICE=eth0
    ONBOOT=yes
    UUID=6f3cb07a-9f3c-4f0e-8d0c-0d5f0f3a9c11
    BOOTPROTO=none
    IPADDR=192.0.2.9
    NETMASK=255.255.255.0
    GATEWAY=192.0.2.1
    IPV6INIT=yes
    IPV6_AUTOCONF=yes
    DNS1=192.0.2.1
    DOMAIN=example.net
    == etc/sysconfig/network
    NETWORKING=yes
    NETWORKING_IPV6=yes
    GATEWAYDEV=x
    HOSTNAME=web
    "#);
}

#[test]
fn files_of_suse() {
    insta::assert_snapshot!(
        written(&[("etc/os-release", "ID=opensuse-leap\nVERSION_ID=\"15.6\"\n")],
            &["etc/sysconfig/network/ifcfg-eth0", "etc/sysconfig/network/ifroute-eth0"]), @r#"
    == etc/sysconfig/network/ifcfg-eth0
    STARTMODE=onboot
    BOOTPROTO=static
    IPADDR=192.0.2.9/24
    == etc/sysconfig/network/ifroute-eth0
    # --- BEGIN PVE ---
    default 192.0.2.1 0.0.0.0 eth0
    # --- END PVE ---
    "#);
}

#[test]
fn files_of_ubuntu() {
    insta::assert_snapshot!(
        written(&[("etc/os-release", "ID=ubuntu\nVERSION_ID=\"24.04\"\n"), ("etc/netplan/10-lxc.yaml", "x")],
            &["etc/systemd/network/eth0.network"]), @r#"
    == etc/systemd/network/eth0.network
    [Match]
    Name = eth0

    [Network]
    Description = Interface eth0 autoconfigured by PVE
    Address = 192.0.2.9/24
    Gateway = 192.0.2.1
    DHCP = no
    IPv6AcceptRA = true
    "#);
}

#[test]
fn files_of_gentoo() {
    insta::assert_snapshot!(
        written(&[("etc/os-release", "ID=gentoo\n")], &["etc/conf.d/net", "etc/conf.d/hostname"]), @r#"
    == etc/conf.d/net
    # --- BEGIN PVE ---
    config_eth0="192.0.2.9/24"
    routes_eth0="default via 192.0.2.1"
    # --- END PVE ---
    == etc/conf.d/hostname
    hostname="web"
    "#);
}

#[test]
fn files_of_alpine() {
    insta::assert_snapshot!(
        written(&[("etc/alpine-release", "3.22.0\n"), ("etc/inittab", "::sysinit:/sbin/openrc sysinit\ntty1::respawn:/sbin/getty 38400 tty1\n#ttyS0::respawn:x\n")],
            &["etc/network/interfaces", "etc/inittab"]), @r#"
    == etc/network/interfaces
    auto lo
    iface lo inet loopback
    iface lo inet6 loopback

    auto eth0
    iface eth0 inet static
    	address 192.0.2.9/24
    	gateway 192.0.2.1

    iface eth0 inet6 manual

    == etc/inittab
    ::sysinit:/sbin/openrc sysinit
    #ttyS0::respawn:x
    tty1::respawn:/sbin/getty 38400 tty1
    tty2::respawn:/sbin/getty 38400 tty2
    "#);
}

#[test]
fn a_link_that_leads_out_is_replaced_by_the_file() {
    let (directory, root) = tree(&[("inner/etc/debian_version", "9.0\n"), ("secret", "outside")]);
    std::os::unix::fs::symlink("../../secret", directory.path().join("inner/etc/hosts")).unwrap();
    let inner = Root::open(&directory.path().join("inner"), None).unwrap();
    for _ in 0..2 {
        set_up(&inner, &config("net0: name=eth0\n"), &facts(), Some(&First::default())).unwrap();
        let hosts = "# --- BEGIN PVE ---\n127.0.0.1 localhost.localnet localhost\n\
            ::1 localhost.localnet localhost\n127.0.1.1 localhost\n# --- END PVE ---\n";
        assert_eq!(inner.read("etc/hosts").unwrap(), hosts);
    }
    assert_eq!(root.read("secret").unwrap(), "outside");
}

#[test]
fn interfaces_of_the_host_are_not_for_the_system_inside() {
    let (_directory, root) = tree(&[("etc/os-release", "ID=arch\n")]);
    let nets = "hostname: web\nnet0: name=eth0,host-managed=1,ip=192.0.2.9/24\nnet1: name=eth1,ip=dhcp\n";
    set_up(&root, &config(nets), &facts(), None).unwrap();
    assert_eq!(root.list("etc/systemd/network").unwrap(), ["eth1.network"]);
    assert!(root.read("etc/hosts").unwrap().contains("192.0.2.9 web.example.net web\n"));
}

#[test]
fn jobs_of_upstart_for_old_systems() {
    let (_directory, root) = tree(&[("etc/redhat-release", "CentOS release 6.10 (Final)\n")]);
    set_up(&root, &config("hostname: web\n"), &facts(), None).unwrap();
    let logins = root.read("etc/init/start-ttys.conf").unwrap();
    assert!(logins.contains("TTY=/dev/tty2 ") && !logins.contains("tty3"), "{logins}");
    assert!(root.is_file("etc/init/tty.conf") && root.is_file("etc/init/power-status-changed.conf"));
}

#[test]
fn keys_of_the_ssh_server_are_its_own() {
    let key = |name: &str| HostKey { name: name.into(), private: "new\n".into(), public: "pub\n".into() };
    let first = First { host_keys: vec![key("ssh_host_rsa_key")], ..First::default() };
    let files = [("etc/debian_version", "12.5\n"), ("etc/ssh/ssh_host_rsa_key", "of the template\n")];
    let (directory, root) = tree(&files);
    assert!(wants_host_keys(&root, &config("")) && !wants_host_keys(&root, &config("ostype: unmanaged\n")));
    set_up(&root, &config(""), &facts(), Some(&first)).unwrap();
    assert_eq!(root.read("etc/ssh/ssh_host_rsa_key").unwrap(), "new\n");
    assert_eq!(root.read("etc/ssh/ssh_host_rsa_key.pub").unwrap(), "pub\n");
    std::fs::remove_dir_all(directory.path().join("etc/ssh")).unwrap();
    assert!(!wants_host_keys(&root, &config("")), "there is no server");
}

#[test]
fn network_of_ubuntu_is_networkds() {
    let unit = "usr/lib/systemd/system/systemd-networkd.service";
    let release = "ID=ubuntu\nVERSION_ID=\"24.04\"\n";
    let (_directory, root) =
        tree(&[("etc/os-release", release), ("etc/netplan/10-lxc.yaml", "network:\n"), (unit, "")]);
    set_up(&root, &config(NET), &facts(), Some(&First::default())).unwrap();
    assert!(!root.exists("etc/netplan/10-lxc.yaml") && root.exists("etc/systemd/network/eth0.network"));
    let link = root.link("etc/systemd/system/multi-user.target.wants/systemd-networkd.service").unwrap();
    assert_eq!(link, std::path::Path::new("/").join(unit));
}

#[test]
fn fedora_keeps_the_network_scripts_that_it_uses() {
    let release = ("etc/fedora-release", "Fedora release 26 (Twenty Six)\n");
    let script = ("etc/sysconfig/network-scripts/ifcfg-eth0", "DEVICE=eth0\n");
    for (files, scripts) in [(vec![release], false), (vec![release, script], true)] {
        let (_directory, root) = tree(&files);
        set_up(&root, &config(NET), &facts(), None).unwrap();
        assert_eq!(root.exists("etc/systemd/network/eth0.network"), !scripts);
    }
}

#[test]
fn terminals_of_old_ubuntu_are_jobs() {
    let (_directory, root) =
        tree(&[("etc/lsb-release", "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=14.04\n"), ("etc/init/tty4.conf", "x\n")]);
    set_up(&root, &config("tty: 2\n"), &facts(), None).unwrap();
    assert!(root.read("etc/init/tty2.conf").unwrap().contains("getty -8 38400 tty2"));
    assert!(!root.exists("etc/init/tty3.conf") && !root.exists("etc/init/tty4.conf"));
}

#[test]
fn a_name_in_all_domains_and_at_the_first_interface() {
    let (_directory, root) = tree(&[("etc/debian_version", "13.1\n"), ("etc/timezone", "Etc/UTC\n")]);
    root.write("usr/share/zoneinfo/Asia/Tokyo", "TZif", 0o644).unwrap();
    let names = "hostname: web\nsearchdomain: a.example, b.example\ntimezone: Asia/Tokyo\n";
    let hosts = |nets: &str| {
        set_up(&root, &config(&format!("{names}{nets}")), &facts(), None).unwrap();
        root.read("etc/hosts").unwrap().lines().nth(3).unwrap().to_owned()
    };
    assert_eq!(hosts("net0: name=eth0,ip=192.0.2.9/24,ip6=auto\n"), "192.0.2.9 web.a.example web.b.example web");
    assert_eq!(hosts("net0: name=eth0,ip=dhcp,ip6=2001:db8::9/64\n"), "2001:db8::9 web.a.example web.b.example web");
    let second = "net0: name=eth0,ip=dhcp\nnet1: name=eth1,ip=192.0.2.9/24\n";
    assert_eq!(hosts(second), "127.0.1.1 web.a.example web.b.example web");
    assert!(root.read("etc/resolv.conf").unwrap().contains("\nsearch a.example b.example\n"));
    assert_eq!(root.read("etc/timezone").unwrap(), "Asia/Tokyo\n");
    assert_eq!(root.link("etc/localtime").unwrap(), std::path::Path::new("/usr/share/zoneinfo/Asia/Tokyo"));
    set_up(&root, &config("net0: name=eth0,ip=192.0.2.9/24\n"), &facts(), None).unwrap();
    assert_eq!(root.read("etc/hostname").unwrap(), "localhost\n");
    assert!(root.read("etc/hosts").unwrap().contains("\n192.0.2.9 localhost.example.net localhost\n"));
}
