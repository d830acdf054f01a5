//! Files inside of a container that tell the system its name, its network and its administrator.
//!
//! Written at creation and before each start, only into the tree that [`Root`] confines us to. A file `x` with a file
//! `.pve-ignore.x` beside it is left alone. Where an administrator may add lines too, ours stand between two marker
//! lines; the markers are those of Proxmox VE, so that containers can move.

mod address;
mod debian;
mod distribution;
mod gentoo;
mod interfaces;
mod networkd;
mod redhat;
mod section;
mod suse;
mod systemd;

use std::net::IpAddr;

use host::{rootfs::Root, ssh_keys::HostKey};

use super::config::{CtConfig, NetDevice, OsType};
pub use distribution::{Distribution, Version};
pub use section::{BEGIN, END};

/// What the set-up must know of the host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// DNS servers of the host, for containers that name none.
    pub nameservers: Vec<String>,
    /// DNS search list of the host, for containers that name none.
    pub search: String,
    /// Time zone of the host, such as `Europe/Vienna`.
    pub timezone: Option<String>,
    /// The UUID for connections that have none yet; random ones if not given.
    pub uuid: Option<String>,
}

/// What is written once, when a container is created.
#[derive(Clone, Default)]
pub struct First {
    /// Hash of root's password, as crypt(3) makes it.
    pub password_hash: Option<String>,
    /// SSH keys that may log in as root, one a line.
    pub ssh_keys: Option<String>,
    /// Days since 1970, for the date of the password.
    pub days: u64,
    /// Anything random: spreads the times of cron jobs.
    pub random: u64,
    /// Keys by which its SSH server is known, for a system that makes none itself.
    pub host_keys: Vec<HostKey>,
}

/// Writes the files; `first` when the container is new. Returns what should be said to the user.
///
/// # Errors
/// When a file cannot be written.
pub fn set_up(root: &Root, config: &CtConfig, facts: &Facts, first: Option<&First>) -> Result<Vec<String>, String> {
    if config.ostype == Some(OsType::Unmanaged) {
        // What the host manages it does whole: an address is of little use without names.
        if config.net.values().any(|net| net.host_managed == Some(true)) {
            let tree = Tree { root, config, facts, ostype: OsType::Unmanaged, version: Version(0, 0) };
            tree.host_name().and_then(|()| tree.resolver()).map_err(|err| err.to_string())?;
        }
        return Ok(Vec::new());
    }
    match Distribution::detect(root) {
        Distribution::Known { ostype, version } => {
            let tree = Tree { root, config, facts, ostype, version };
            let work = || {
                if let Some(first) = first {
                    tree.first(first)?;
                }
                tree.each_start()
            };
            work().map(|()| Vec::new()).map_err(|err: std::io::Error| err.to_string())
        }
        Distribution::Other(name) => Ok(vec![format!(
            "this version does not write network, name and password into '{name}' systems: do it inside (pct enter)"
        )]),
        Distribution::Unknown => Ok(vec!["unknown operating system inside: its files are left as they are".into()]),
    }
}

/// Writes the network's configuration alone, into a container that runs.
///
/// # Errors
/// When a file cannot be written.
pub fn network(root: &Root, config: &CtConfig, facts: &Facts) -> Result<(), String> {
    match Distribution::detect(root) {
        Distribution::Known { ostype, version } if config.ostype != Some(OsType::Unmanaged) => {
            Tree { root, config, facts, ostype, version }.network().map_err(|err| err.to_string())
        }
        _ => Ok(()),
    }
}

/// Whether a new container needs keys for its SSH server: those of its template, if it has some, are known to others too.
#[must_use]
pub fn wants_host_keys(root: &Root, config: &CtConfig) -> bool {
    config.ostype != Some(OsType::Unmanaged)
        && matches!(Distribution::detect(root), Distribution::Known { .. })
        && root.is_directory(SSH)
        // The templates that are built here make them at their first start.
        && !root.exists("etc/systemd/system/ssh.service.d/host-keys.conf")
}

/// Where SSH servers have their keys.
const SSH: &str = "etc/ssh";

/// Lets the system of a copied container make an identity of its own at its next start.
///
/// # Errors
/// When a file cannot be written.
pub fn new_identity(root: &Root, config: &CtConfig, facts: &Facts) -> Result<(), String> {
    if config.ostype == Some(OsType::Unmanaged) {
        return Ok(());
    }
    systemd::new_identity(&Tree { root, config, facts, ostype: OsType::Unmanaged, version: Version(0, 0) })
        .map_err(|err| err.to_string())
}

/// One container's tree while it is set up.
struct Tree<'a> {
    root: &'a Root,
    config: &'a CtConfig,
    facts: &'a Facts,
    ostype: OsType,
    version: Version,
}

impl Tree<'_> {
    fn ignored(&self, path: &str) -> bool {
        let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
        self.root.exists(&format!("{directory}/.pve-ignore.{name}"))
    }

    fn write(&self, path: &str, text: &str) -> std::io::Result<()> {
        self.write_mode(path, text, 0o644)
    }

    fn write_mode(&self, path: &str, text: &str, mode: u32) -> std::io::Result<()> {
        if self.ignored(path) || self.root.read_if_there(path).ok().flatten().as_deref() == Some(text) {
            return Ok(());
        }
        self.root.write(path, text, mode)
    }

    fn new_uuid(&self) -> std::io::Result<String> {
        self.facts.uuid.clone().map_or_else(host::crypt::random_uuid, Ok)
    }

    /// A file's text; empty when there is none that we may read.
    fn read(&self, path: &str) -> String {
        self.root.read(path).unwrap_or_default()
    }

    fn each_start(&self) -> std::io::Result<()> {
        self.host_name()?;
        self.resolver()?;
        self.timezone()?;
        self.terminals()?;
        self.network()?;
        // Old systems check no file system then: it is not theirs to check.
        self.write("fastboot", "")
    }

    /// A login on each of the container's terminals.
    fn terminals(&self) -> std::io::Result<()> {
        let count = self.config.tty.unwrap_or(2);
        match self.ostype {
            OsType::Alpine => debian::busybox_terminals(self, count)?,
            _ if self.root.is_file("etc/inittab") => debian::terminals(self, count)?,
            OsType::Nixos | OsType::Gentoo => {}
            OsType::Centos if self.version.0 < 7 => redhat::upstart(self, count)?,
            OsType::Ubuntu if self.version < Version(16, 10) && self.root.is_directory("etc/init") => {
                debian::upstart(self, count)?;
                // 15.04 and later bring both.
                systemd::terminals(self, count)?;
            }
            _ => systemd::terminals(self, count)?,
        }
        self.secure_terminals()
    }

    fn network(&self) -> std::io::Result<()> {
        match (self.ostype, self.version) {
            (OsType::Ubuntu, version) if version >= Version(17, 10) => networkd::network(self),
            (OsType::Debian | OsType::Devuan | OsType::Ubuntu | OsType::Alpine, _) => debian::network(self),
            (OsType::Centos, version) if version.0 >= 10 => redhat::connections(self),
            (OsType::Centos, _) => redhat::scripts(self).and_then(|()| redhat::host_name(self)),
            (OsType::Fedora, version) if version.0 < 25 || version.0 < 28 && redhat::has_scripts(self) => {
                redhat::scripts(self)
            }
            (OsType::Fedora | OsType::Archlinux | OsType::Nixos, _) => networkd::network(self),
            (OsType::Opensuse, _) => {
                suse::network(self)?;
                let daemon = self.root.exists("usr/lib/systemd/systemd-networkd");
                if daemon { networkd::network(self) } else { Ok(()) }
            }
            (OsType::Gentoo, _) => gentoo::network(self).and_then(|()| gentoo::host_name(self)),
            (OsType::Unmanaged, _) => Ok(()),
        }
    }

    fn first(&self, first: &First) -> std::io::Result<()> {
        if let Some(hash) = &first.password_hash {
            self.password(hash, first.days)?;
        }
        if let Some(keys) = &first.ssh_keys {
            self.authorized_keys(keys)?;
        }
        self.template()?;
        systemd::first_boot(self)?;
        systemd::new_identity(self)?;
        for key in &first.host_keys {
            self.write_mode(&format!("{SSH}/{}", key.name), &key.private, 0o600)?;
            self.write(&format!("{SSH}/{}.pub", key.name), &key.public)?;
        }
        self.cron(first.random)
    }

    /// What templates bring that stands in the way.
    fn template(&self) -> std::io::Result<()> {
        match self.ostype {
            OsType::Ubuntu if self.version >= Version(17, 10) => {
                // It would set up the first interface besides us.
                self.root.remove("etc/netplan/10-lxc.yaml")?;
                systemd::enable_networkd(self)
            }
            OsType::Centos if self.version.0 >= 8 => redhat::locale(self),
            _ => Ok(()),
        }
    }

    /// Terminals where root may log in, for systems that keep a list of them: LXC has its own names.
    fn secure_terminals(&self) -> std::io::Result<()> {
        let path = "etc/securetty";
        if !self.root.is_file(path) {
            return Ok(());
        }
        let mut text = self.read(path);
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        for name in ["console", "tty1", "tty2", "tty3", "tty4"].map(|name| format!("lxc/{name}")) {
            if !text.lines().any(|line| line == name) {
                text.push_str(&format!("{name}\n"));
            }
        }
        self.write(path, &text)
    }

    /// The interfaces that the system inside sets up; others are the host's business.
    fn nets(&self) -> impl Iterator<Item = &NetDevice> {
        self.config.net.values().map(|net| &net.0).filter(|net| net.host_managed != Some(true))
    }

    /// Domains in which names are searched.
    fn search(&self) -> Vec<&str> {
        let list = self.config.searchdomain.as_deref().unwrap_or(&self.facts.search);
        list.split([' ', ',', ';', '\t']).filter(|domain| !domain.is_empty()).collect()
    }

    fn host_name(&self) -> std::io::Result<()> {
        let name = self.config.hostname.as_deref().unwrap_or("localhost");
        let short = name.split('.').next().unwrap_or(name);
        self.write("etc/hostname", &format!("{short}\n"))?;
        if name.contains('.') {
            return self.hosts(&[name.to_owned(), short.to_owned()]);
        }
        // A name without a domain is one in each that is searched.
        let mut names: Vec<String> = self.search().iter().map(|domain| format!("{short}.{domain}")).collect();
        names.push(short.to_owned());
        self.hosts(&names)
    }

    /// Has the container know its own names.
    fn hosts(&self, own_names: &[String]) -> std::io::Result<()> {
        let text = self.read("etc/hosts");
        let own = section::without(&text);
        let names = |address: &str| own.lines().any(|line| line.split_ascii_whitespace().next() == Some(address));
        let mut lines = String::new();
        for address in ["127.0.0.1", "::1"] {
            if !names(address) {
                lines.push_str(&format!("{address} localhost.localnet localhost\n"));
            }
        }
        let line = match (self.primary_address(), own_names) {
            (Some(address), names) => format!("{address} {}\n", names.join(" ")),
            (None, [.., short]) if short == "localhost" => "127.0.1.1 localhost\n".to_owned(),
            (None, names) => format!("127.0.1.1 {}\n", names.join(" ")),
        };
        lines.push_str(&line);
        self.write("etc/hosts", &section::replace(&text, &lines))
    }

    /// The fixed address of the first interface, IPv4 before IPv6.
    fn primary_address(&self) -> Option<IpAddr> {
        let address = |text: &Option<String>| text.as_deref()?.split('/').next()?.parse().ok();
        let net = self.config.net.get(&0)?;
        address(&net.ip).or_else(|| address(&net.ip6))
    }

    /// The search list, separated by blanks.
    fn search_list(&self) -> String {
        self.search().join(" ")
    }

    fn name_servers(&self) -> Vec<String> {
        let own = self.config.nameserver.as_deref().map(|list| {
            list.split([',', ';', ' ']).filter(|server| !server.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        });
        own.unwrap_or_else(|| self.facts.nameservers.clone())
    }

    fn resolver(&self) -> std::io::Result<()> {
        let mut lines = String::new();
        if !self.search().is_empty() {
            lines.push_str(&format!("search {}\n", self.search_list()));
        }
        for server in self.name_servers() {
            lines.push_str(&format!("nameserver {server}\n"));
        }
        let text = self.read("etc/resolv.conf");
        let text = match text.contains(BEGIN) {
            true => section::replace(&text, &lines),
            false => section::replace("", &lines),
        };
        self.write("etc/resolv.conf", &text)
    }

    fn timezone(&self) -> std::io::Result<()> {
        let Some(zone) = self.config.timezone.as_deref() else { return Ok(()) };
        let zone = if zone == "host" { self.facts.timezone.as_deref() } else { Some(zone) };
        let Some(zone) = zone.filter(|zone| self.root.is_file(&format!("usr/share/zoneinfo/{zone}"))) else {
            return Ok(());
        };
        let target = format!("/usr/share/zoneinfo/{zone}");
        if self.ignored("etc/localtime") {
            return Ok(());
        }
        // Debian's kin note the name of the zone too; where they disagree an update goes back to it.
        if self.root.is_file("etc/timezone") {
            self.write("etc/timezone", &format!("{zone}\n"))?;
        }
        // Distributions write it from the directory that it is in, too.
        let same = [target.clone(), format!("..{target}")].map(std::path::PathBuf::from);
        if self.root.link("etc/localtime").is_ok_and(|now| same.contains(&now)) {
            return Ok(());
        }
        self.root.symlink(&target, "etc/localtime")
    }

    fn password(&self, hash: &str, days: u64) -> std::io::Result<()> {
        let text = self.read("etc/shadow");
        let line = |line: &str| match line.strip_prefix("root:") {
            Some(rest) => {
                let rest = rest.splitn(3, ':').nth(2).unwrap_or("0:99999:7:::");
                format!("root:{hash}:{days}:{rest}\n")
            }
            None => format!("{line}\n"),
        };
        if text.is_empty() || self.ignored("etc/shadow") {
            return Ok(());
        }
        self.root.write("etc/shadow", &text.lines().map(line).collect::<String>(), 0o640)
    }

    fn authorized_keys(&self, keys: &str) -> std::io::Result<()> {
        let passwd = self.read("etc/passwd");
        let entry = passwd.lines().find_map(|line| line.strip_prefix("root:"));
        let home = entry.and_then(|entry| entry.split(':').nth(4)).unwrap_or("/root");
        let directory = format!("{}/.ssh", home.trim_end_matches('/'));
        let path = format!("{directory}/authorized_keys");
        if self.ignored(&path) {
            return Ok(());
        }
        if !self.root.exists(&directory) {
            self.root.make_directories(&directory)?;
            self.root.set_mode(&directory, 0o700)?;
        }
        let keys = format!("{}\n", keys.trim_end());
        self.root.write(&path, &section::replace(&self.read(&path), &keys), 0o600)
    }

    /// Gives the usual daily jobs minutes of their own, so that containers do not all begin at once.
    fn cron(&self, random: u64) -> std::io::Result<()> {
        let text = self.read("etc/crontab");
        if text.is_empty() {
            return Ok(());
        }
        let mut state = random;
        let mut line = |line: &str| {
            let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            if digits == 0 || !line.contains("run-parts --report /etc/cron.") {
                return format!("{line}\n");
            }
            // A step of a linear congruential generator is random enough for this.
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            format!("{}{}\n", (state >> 33) % 59, &line[digits..])
        };
        let text: String = text.lines().map(&mut line).collect();
        self.write("etc/crontab", &text)
    }
}

#[cfg(test)]
#[path = "../setup_tests.rs"]
mod tests;
