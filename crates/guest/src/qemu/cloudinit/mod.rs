//! What cloud-init in a guest is told: who it is, who may log in, how its cards are set up.
//!
//! `Settings` is what a configuration says, `seed` the files made of it, `image` where they lie on the CD that the
//! guest sees. All of that is pure; `life` writes the CD. `changes` keeps what the configuration says since the CD
//! was made.
//!
//! Formats: NoCloud, ConfigDrive version 2 and OpenNebula as cloud-init documents its data sources; users, keys and
//! host name as its `#cloud-config`.

mod changes;
mod check;
mod drive;
mod image;
mod inline;
mod keys;
mod life;
mod network;
mod seed;
mod yaml;

use self::network::{Card, address};
pub(crate) use self::{
    changes::{SECTION, note},
    drive::{check_single, drive_of, is_volume, wished},
    life::hash_password,
};
pub use self::{
    drive::Kind,
    inline::UserData,
    life::check_options,
    network::Resolver,
    seed::{Custom, Part, Seed},
};
use super::config::{CiType, OsType, VmConfig};

/// Size of the volume with the CD, bytes.
pub(crate) const VOLUME_SIZE: u64 = 4 << 20;

/// Most bytes of one own file, and of all of them.
const SNIPPET_LIMIT: u64 = 1 << 20;
const SNIPPETS_LIMIT: usize = 3 << 20;

/// What a configuration tells the guest.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Settings {
    kind: CiType,
    windows: bool,
    hostname: String,
    fqdn: Option<String>,
    user: Option<String>,
    password: Option<String>,
    keys: Vec<String>,
    upgrade: bool,
    cards: Vec<Card>,
    dns: Resolver,
}

impl Settings {
    /// What the configuration of this VM says; DNS servers and domains that it leaves out are those of the host.
    pub(crate) fn new(vmid: u32, config: &VmConfig, host: &Resolver) -> Self {
        let windows = config.ostype.is_some_and(is_windows);
        let name = config.name.clone().unwrap_or_else(|| format!("VM{vmid}"));
        let dns = dns(config, host);
        let (hostname, fqdn) = match name.split_once('.') {
            Some((hostname, _)) => (hostname.to_owned(), Some(name.clone())),
            // Only a domain that was given for this guest: its name need not be known in the host's.
            None => {
                (name.clone(), config.searchdomain.as_ref().and(dns.search.first()).map(|at| format!("{name}.{at}")))
            }
        };
        let cards = config.ipconfig.iter().filter_map(|(index, ip)| {
            let net = config.net.get(index)?;
            Some(Card {
                index: *index,
                mac: net.macaddr.as_ref().map(|mac| mac.to_ascii_lowercase()),
                v4: address(ip.ip.as_deref(), ip.gw.as_deref()),
                v6: address(ip.ip6.as_deref(), ip.gw6.as_deref()),
            })
        });
        Self {
            kind: config.citype.unwrap_or(if windows { CiType::Configdrive2 } else { CiType::Nocloud }),
            windows,
            hostname,
            fqdn,
            user: config.ciuser.clone(),
            password: config.cipassword.clone(),
            keys: config.sshkeys.as_deref().map(keys::lines).unwrap_or_default(),
            upgrade: config.ciupgrade != Some(false),
            cards: cards.collect(),
            dns,
        }
    }
}

/// Whether guests of this kind are Windows.
pub(crate) fn is_windows(kind: OsType) -> bool {
    use OsType::{W2k, W2k3, W2k8, Win7, Win8, Win10, Win11, Wvista, Wxp};
    matches!(kind, Wxp | W2k | W2k3 | W2k8 | Wvista | Win7 | Win8 | Win10 | Win11)
}

fn dns(config: &VmConfig, host: &Resolver) -> Resolver {
    let words = |text: &str| -> Vec<String> {
        let split = text.split(|c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';'));
        split.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    Resolver {
        nameservers: config.nameserver.as_deref().map_or_else(|| host.nameservers.clone(), words),
        search: config.searchdomain.as_deref().map_or_else(|| host.search.clone(), words),
    }
}

/// Whether a password is hashed already, in one of the ways of crypt(3) that cloud-init passes on as they are.
pub(crate) fn is_hashed(password: &str) -> bool {
    let mut parts = password.split('$');
    parts.next() == Some("")
        && parts.next().is_some_and(|method| matches!(method, "1" | "5" | "6" | "2a" | "2y"))
        && parts.clone().count() >= 2
        && parts.all(|part| !part.is_empty())
}

/// Checks values that the table of options cannot: keys and domains.
///
/// # Errors
/// The option, and what is wrong with it.
pub(crate) fn check_value(key: &str, value: &str) -> Result<(), String> {
    match key {
        "sshkeys" => keys::check(value),
        "searchdomain" => {
            let mut domains = value.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
            let wrong = domains.find(|domain| !domain.is_empty() && schema::format::check("dns-name", domain).is_err());
            wrong.map_or(Ok(()), |domain| Err(format!("'{}' is no domain name", domain.escape_default())))
        }
        "ciuser" if value.contains(char::is_control) || value.contains([':', '/']) => {
            Err("a user's name has no ':', '/' or control characters in it".to_owned())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
