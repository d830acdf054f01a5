//! The texts that cloud-init reads.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use host::net::netmask;
use serde_json::{Map, Value, json};

use super::{
    Settings, is_hashed,
    network::{Address, interfaces, version_1},
    yaml::scalar,
};
use crate::qemu::config::CiType;

/// Own files that take the place of generated ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Custom {
    /// User data.
    pub user: Option<Vec<u8>>,
    /// Network configuration.
    pub network: Option<Vec<u8>>,
    /// Meta data.
    pub meta: Option<Vec<u8>>,
    /// Vendor data.
    pub vendor: Option<Vec<u8>>,
}

/// The parts that can be looked at.
#[derive(schema::Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// User data.
    User,
    /// Network configuration.
    Network,
    /// Meta data.
    Meta,
}

/// All that cloud-init is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed {
    /// `#cloud-config`, or whatever an own file is.
    pub user: Vec<u8>,
    /// Network configuration.
    pub network: Vec<u8>,
    /// Who the instance is.
    pub meta: Vec<u8>,
    /// As user data, from whoever runs the cloud.
    pub vendor: Vec<u8>,
}

impl Seed {
    /// Makes it of a configuration and own files.
    pub(crate) fn new(settings: &Settings, custom: Custom) -> Self {
        let user = custom.user.unwrap_or_else(|| user_data(settings).into_bytes());
        let network = custom.network.unwrap_or_else(|| match settings.kind {
            CiType::Nocloud => version_1(settings).into_bytes(),
            CiType::Configdrive2 | CiType::Opennebula => interfaces(settings).into_bytes(),
        });
        // Another identity makes cloud-init set the guest up once more; so it is another one whenever that is needed.
        let instance = schema::digest_bytes(&[user.as_slice(), &network].concat());
        let meta = custom.meta.unwrap_or_else(|| match settings.kind {
            CiType::Configdrive2 => drive_meta(settings, &instance).into_bytes(),
            CiType::Nocloud | CiType::Opennebula => format!("instance-id: {instance}\n").into_bytes(),
        });
        Self { user, network, meta, vendor: custom.vendor.unwrap_or_default() }
    }

    /// One part, to look at.
    #[must_use]
    pub fn part(&self, part: Part) -> &[u8] {
        match part {
            Part::User => &self.user,
            Part::Network => &self.network,
            Part::Meta => &self.meta,
        }
    }
}

fn user_data(settings: &Settings) -> String {
    let mut out = format!("#cloud-config\nhostname: {}\nmanage_etc_hosts: true\n", scalar(&settings.hostname));
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    if let Some(fqdn) = &settings.fqdn {
        line(format!("fqdn: {}", scalar(fqdn)));
    }
    let root = settings.user.as_deref() == Some("root");
    if let Some(user) = &settings.user {
        line(format!("user: {}", scalar(user)));
    }
    if root {
        line("disable_root: False".to_owned());
    }
    // Windows is told by the meta data: it needs the password itself.
    if let Some(password) = settings.password.as_ref().filter(|_| !settings.windows) {
        line(format!("password: {}", scalar(password)));
    }
    if !settings.keys.is_empty() {
        line("ssh_authorized_keys:".to_owned());
        settings.keys.iter().for_each(|key| line(format!("  - {}", scalar(key))));
    }
    line("chpasswd:\n  expire: False".to_owned());
    if !root {
        line("users:\n  - default".to_owned());
    }
    if settings.upgrade {
        line("package_upgrade: true".to_owned());
    }
    out
}

/// `meta_data.json` of a config drive. Windows' cloudbase-init reads name, password and keys from it.
pub(super) fn drive_meta(settings: &Settings, instance: &str) -> String {
    let mut meta = Map::new();
    meta.insert("uuid".into(), instance.into());
    meta.insert("network_config".into(), json!({ "content_path": "/content/0000" }));
    if settings.windows {
        meta.insert("hostname".into(), settings.hostname.clone().into());
        let mut inner = Map::new();
        if let Some(user) = &settings.user {
            inner.insert("admin_username".into(), user.clone().into());
        }
        // A hash is from a time when this was no Windows, and would be taken for the password itself.
        if let Some(password) = settings.password.as_ref().filter(|password| !is_hashed(password)) {
            inner.insert("admin_pass".into(), password.clone().into());
        }
        meta.insert("meta".into(), Value::Object(inner));
        let keys = settings.keys.iter().enumerate().map(|(n, key)| (format!("key-{n}"), Value::from(key.as_str())));
        meta.insert("public_keys".into(), Value::Object(keys.collect()));
    }
    format!("{:#}\n", Value::Object(meta))
}

/// `context.sh` of OpenNebula: assignments for a shell.
pub(super) fn context(settings: &Settings, seed: &Seed) -> String {
    let mut out = String::new();
    let mut set = |name: &str, value: &str| {
        let _ = writeln!(out, "{name}='{}'", value.replace('\'', r"'\''"));
    };
    set("DSMODE", "local");
    set("SET_HOSTNAME", settings.fqdn.as_ref().unwrap_or(&settings.hostname));
    if let Some(user) = &settings.user {
        set("USERNAME", user);
    }
    if let Some(password) = &settings.password {
        set("CRYPTED_PASSWORD_BASE64", &BASE64.encode(password));
    }
    if !settings.keys.is_empty() {
        set("SSH_PUBLIC_KEY", &settings.keys.join("\n"));
    }
    for (name, values) in [("DNS", &settings.dns.nameservers), ("SEARCH_DOMAIN", &settings.dns.search)] {
        if !values.is_empty() {
            set(name, &values.join(" "));
        }
    }
    for card in &settings.cards {
        let mut eth = |name: &str, value: &str| set(&format!("ETH{}_{name}", card.index), value);
        if let Some(mac) = &card.mac {
            eth("MAC", mac);
        }
        match &card.v4 {
            Some(Address::Static { address, prefix, gateway }) => {
                eth("IP", &address.to_string());
                eth("MASK", &netmask(*prefix).to_string());
                gateway.iter().for_each(|gateway| eth("GATEWAY", &gateway.to_string()));
            }
            Some(_) => eth("METHOD", "dhcp"),
            None => {}
        }
        match &card.v6 {
            Some(Address::Static { address, prefix, gateway }) => {
                eth("IP6", &address.to_string());
                eth("IP6_PREFIX_LENGTH", &prefix.to_string());
                gateway.iter().for_each(|gateway| eth("GATEWAY6", &gateway.to_string()));
            }
            Some(Address::Dhcp) => eth("IP6_METHOD", "dhcp"),
            Some(Address::Auto) => eth("IP6_METHOD", "auto"),
            None => {}
        }
    }
    set("USER_DATA_ENCODING", "base64");
    set("USER_DATA", &BASE64.encode(&seed.user));
    out
}
