//! The texts that configurations become.

use proptest::prelude::*;
use saphyr_parser::{Event, Parser};

use super::{
    image::Layout,
    network::{interfaces, version_1},
    seed::{context, drive_meta},
    *,
};
use crate::{
    config_file::{Dialect, GuestFile},
    qemu::file,
};

const KEY: &str = "ssh-ed25519%20AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f%20me";

fn host() -> Resolver {
    Resolver { nameservers: vec!["192.0.2.1".into()], search: vec!["host.example".into()] }
}

fn settings(text: &str) -> Settings {
    let file = GuestFile::parse(Dialect::Qemu, text);
    assert_eq!(file::problems(&file), Vec::<String>::new());
    Settings::new(100, &file::view(&file.main), &host())
}

fn full() -> Settings {
    settings(&format!(
        "name: web1\nciuser: anna\ncipassword: $5$salt$hash\nsshkeys: {KEY}\nsearchdomain: example.org lan\n\
         nameserver: 192.0.2.53 2001:db8::53\nnet0: virtio=BC:24:11:00:00:01,bridge=vmbr0\n\
         net1: virtio=BC:24:11:00:00:02,bridge=vmbr0\nnet2: virtio=BC:24:11:00:00:03\n\
         ipconfig0: ip=192.0.2.10/24,gw=192.0.2.254,ip6=2001:db8::10/64,gw6=fe80::1\nipconfig1: ip=dhcp,ip6=auto\n"
    ))
}

fn user(settings: &Settings) -> String {
    String::from_utf8(Seed::new(settings, Custom::default()).user).unwrap()
}

#[test]
fn user_data_of_a_full_configuration() {
    insta::assert_snapshot!(user(&full()), @r"
    #cloud-config
    hostname: web1
    manage_etc_hosts: true
    fqdn: web1.example.org
    user: anna
    password: $5$salt$hash
    ssh_authorized_keys:
      - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f me
    chpasswd:
      expire: False
    users:
      - default
    package_upgrade: true
    ");
}

#[test]
fn user_data_of_an_empty_configuration_and_of_root() {
    insta::assert_snapshot!(user(&settings("")), @r"
    #cloud-config
    hostname: VM100
    manage_etc_hosts: true
    chpasswd:
      expire: False
    users:
      - default
    package_upgrade: true
    ");
    insta::assert_snapshot!(user(&settings("name: a.b.example\nciuser: root\nciupgrade: 0\n")), @r"
    #cloud-config
    hostname: a
    manage_etc_hosts: true
    fqdn: a.b.example
    user: root
    disable_root: False
    chpasswd:
      expire: False
    ");
}

#[test]
fn network_of_nocloud() {
    insta::assert_snapshot!(version_1(&full()), @r#"
    version: 1
    config:
      - type: physical
        name: eth0
        mac_address: "bc:24:11:00:00:01"
        subnets:
          - type: static
            address: "192.0.2.10"
            netmask: "255.255.255.0"
            gateway: "192.0.2.254"
          - type: static6
            address: "2001:db8::10/64"
            gateway: "fe80::1"
      - type: physical
        name: eth1
        mac_address: "bc:24:11:00:00:02"
        subnets:
          - type: dhcp4
          - type: ipv6_slaac
      - type: nameserver
        address:
          - "192.0.2.53"
          - "2001:db8::53"
        search:
          - "example.org"
          - "lan"
    "#);
}

#[test]
fn network_as_interfaces() {
    let dns = "nameserver: 192.0.2.53\n";
    insta::assert_snapshot!(interfaces(&settings(&format!(
        "{dns}net0: e1000=BC:24:11:00:00:01\nipconfig0: ip=192.0.2.10/20,gw=192.0.2.1,ip6=2001:db8::10/64\n\
         net3: virtio=BC:24:11:00:00:03\nipconfig3: ip6=dhcp\n"
    ))), @r"
    auto lo
    iface lo inet loopback

    auto eth0
    iface eth0 inet static
            hwaddress ether bc:24:11:00:00:01
            dns-nameservers 192.0.2.53
            dns-search host.example
            address 192.0.2.10
            netmask 255.255.240.0
            gateway 192.0.2.1
    iface eth0 inet6 static
            hwaddress ether bc:24:11:00:00:01
            dns-nameservers 192.0.2.53
            dns-search host.example
            address 2001:db8::10
            netmask 64

    auto eth3
    iface eth3 inet6 dhcp
            hwaddress ether bc:24:11:00:00:03
            dns-nameservers 192.0.2.53
            dns-search host.example
    ");
}

#[test]
fn context_of_opennebula() {
    let settings = settings(
        "citype: opennebula\nname: it\nciuser: o'neill\nnet0: virtio=BC:24:11:00:00:01\n\
         ipconfig0: ip=192.0.2.10/24,gw=192.0.2.1,ip6=auto\n",
    );
    let mut seed = Seed::new(&settings, Custom::default());
    seed.user = b"x".to_vec();
    insta::assert_snapshot!(context(&settings, &seed), @r"
    DSMODE='local'
    SET_HOSTNAME='it'
    USERNAME='o'\''neill'
    DNS='192.0.2.1'
    SEARCH_DOMAIN='host.example'
    ETH0_MAC='bc:24:11:00:00:01'
    ETH0_IP='192.0.2.10'
    ETH0_MASK='255.255.255.0'
    ETH0_GATEWAY='192.0.2.1'
    ETH0_IP6_METHOD='auto'
    USER_DATA_ENCODING='base64'
    USER_DATA='eA=='
    ");
}

#[test]
fn windows_gets_a_config_drive_with_the_password_itself() {
    let windows = settings("ostype: win11\nname: pc\nciuser: Admin\ncipassword: geheim\n");
    assert_eq!(windows.kind, CiType::Configdrive2);
    assert!(!user(&windows).contains("geheim"));
    insta::assert_snapshot!(drive_meta(&windows, "id"), @r#"
    {
      "uuid": "id",
      "network_config": {
        "content_path": "/content/0000"
      },
      "hostname": "pc",
      "meta": {
        "admin_username": "Admin",
        "admin_pass": "geheim"
      },
      "public_keys": {}
    }
    "#);
    let hashed = settings("ostype: win11\ncipassword: $5$salt$hash\n");
    assert!(!drive_meta(&hashed, "id").contains("$5$"));
}

#[test]
fn another_text_is_another_instance() {
    let meta = |text: &str| Seed::new(&settings(text), Custom::default()).meta;
    assert_eq!(meta("name: a\n"), meta("name: a\ncores: 4\n"));
    assert_ne!(meta("name: a\n"), meta("name: b\n"));
    assert_ne!(meta("name: a\n"), meta("name: a\nnameserver: 192.0.2.9\n"));
    let own = Custom { user: Some(b"#cloud-config\n".to_vec()), ..Custom::default() };
    let seed = Seed::new(&settings("name: a\n"), own);
    assert_eq!(seed.user, b"#cloud-config\n");
    let network = version_1(&settings("name: a\n"));
    let id = schema::digest(&format!("#cloud-config\n{network}"));
    assert_eq!(seed.meta, format!("instance-id: {id}\n").into_bytes());
}

#[test]
fn files_lie_where_each_kind_of_guest_looks() {
    let paths = |text: &str, vendor: &[u8]| {
        let settings = settings(text);
        let own = Custom { vendor: Some(vendor.to_vec()), ..Custom::default() };
        let layout = Layout::new(&settings, Seed::new(&settings, own));
        let last = String::from_utf8(layout.files.last().unwrap().1.clone()).unwrap();
        (layout.label, layout.files.iter().map(|(path, _)| *path).collect::<Vec<_>>().join(" "), last)
    };
    let (label, files, vendor) = paths("", b"x");
    assert_eq!((label, vendor.as_str()), ("cidata", "x"));
    assert_eq!(files, "user-data network-config meta-data vendor-data");
    let (label, files, vendor) = paths("citype: configdrive2\n", b"#cloud-config\n");
    assert_eq!((label, vendor.as_str()), ("config-2", "{\"cloud-init\":\"#cloud-config\\n\"}\n"));
    let content = "openstack/latest/user_data openstack/content/0000";
    assert_eq!(files, format!("{content} openstack/latest/meta_data.json openstack/latest/vendor_data.json"));
    assert_eq!(paths("citype: opennebula\n", b"").1, "context.sh");
}

#[test]
fn hashes_are_told_from_passwords() {
    for hash in ["$5$salt$hash", "$6$rounds=5000$salt$hash", "$1$a$b", "$2y$10$abc"] {
        assert!(is_hashed(hash), "{hash}");
    }
    for password in ["", "x", "$5$", "$5$salt", "$5$salt$", "$9$salt$hash", "a$5$salt$hash", "$6$$hash"] {
        assert!(!is_hashed(password), "{password}");
    }
}

#[test]
fn wrong_values_are_refused() {
    assert!(check_value("searchdomain", "example.org lan").is_ok());
    assert!(check_value("searchdomain", "a\nb_c").is_err());
    assert!(check_value("ciuser", "anna").is_ok());
    assert!(check_value("ciuser", "a:b").is_err());
    assert!(check_value("sshkeys", KEY).is_ok());
    assert!(check_value("sshkeys", "x").is_err());
}

/// Keys and texts of a document, flat.
fn scalars(document: &str) -> Vec<String> {
    let events = Parser::new_from_str(document).map(|event| event.unwrap().0);
    let texts = events.filter_map(|event| match event {
        Event::Scalar(text, ..) => Some(text.into_owned()),
        _ => None,
    });
    texts.collect()
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[-:#'\"\n\r\t{}\\[\\]&*!|>%@`, a-z$]{0,20}", Just("a\nruncmd: [id]".to_owned())]
}

proptest! {
    /// Whatever the values are, the document has the same keys, and the values come back.
    #[test]
    fn no_value_changes_the_document(
        name in hostile(), user in hostile(), password in hostile(), keys in prop::collection::vec(hostile(), 1..3), domain in hostile(),
    ) {
        let mut settings = full();
        settings.hostname.clone_from(&name);
        settings.user = Some(user.clone());
        settings.password = Some(password.clone());
        settings.keys.clone_from(&keys);
        settings.dns.search = vec![domain.clone()];
        prop_assume!(user != "root");
        let mut expected = vec!["hostname", &name, "manage_etc_hosts", "true", "fqdn", "web1.example.org", "user", &user,
            "password", &password, "ssh_authorized_keys"];
        expected.extend(keys.iter().map(String::as_str));
        expected.extend(["chpasswd", "expire", "False", "users", "default", "package_upgrade", "true"]);
        prop_assert_eq!(scalars(&super::tests::user(&settings)), expected);
        let network = scalars(&version_1(&settings));
        prop_assert_eq!(network.last(), Some(&domain));
        prop_assert_eq!(network.len(), scalars(&version_1(&full())).len() - 1);
        let meta: serde_json::Value = serde_json::from_str(&drive_meta(&settings, "id")).unwrap();
        prop_assert_eq!(meta["uuid"].as_str(), Some("id"));
        // In a shell's single quotes nothing means anything; each quote in a value closes and opens them.
        let script = context(&settings, &Seed::new(&settings, Custom::default()));
        let quotes = script.replace(r"'\''", "").matches('\'').count();
        prop_assert_eq!(quotes, 2 * script_assignments(&settings));
    }

    /// What a file says by hand goes through the table of options, which lets no line break into a word.
    #[test]
    fn no_value_of_a_file_adds_a_line_to_interfaces(domain in hostile(), server in hostile()) {
        let mut file = GuestFile::parse(Dialect::Qemu, "net0: virtio\nipconfig0: ip=dhcp\n");
        file.main.set("searchdomain", &domain);
        file.main.set("nameserver", &server);
        let text = interfaces(&Settings::new(100, &file::view(&file.main), &Resolver::default()));
        let known = ["auto", "iface", "dns-nameservers", "dns-search", ""];
        for line in text.lines() {
            let first = line.split_whitespace().next().unwrap_or_default();
            prop_assert!(known.contains(&first), "{}", line);
        }
    }
}

/// How many variables the context of the full configuration sets.
fn script_assignments(settings: &Settings) -> usize {
    // DSMODE, name, user, password, keys, servers, domains; five and two of the second card's; encoding and data.
    let cards = 1 + 3 + 3 + 1 + 1 + 1;
    assert_eq!(settings.cards.len(), 2);
    7 + cards + 2
}
