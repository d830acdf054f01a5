//! Which mirror of a distribution's archive this machine uses, from its own apt configuration.

use std::path::Path;

use super::System;
use crate::StorageError;

/// Where the packages `ubuntu-archive-keyring` (Debian) and `ubuntu-keyring` (Ubuntu) have Ubuntu's keys.
const UBUNTU_KEYS: &str = "/usr/share/keyrings/ubuntu-archive-keyring.gpg";

/// Code names and class names under which hosts have Debian's archive.
const SUITES: [&str; 9] =
    ["bullseye", "bookworm", "trixie", "forky", "sid", "oldstable", "stable", "testing", "unstable"];
/// The same for Ubuntu's.
const UBUNTU_SUITES: [&str; 4] = ["jammy", "noble", "questing", "devel"];

/// Where packages come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirror {
    /// The archive.
    pub archive: String,
    /// Its security updates.
    pub security: String,
    /// Options of both, such as `trusted=yes`, as in one-line source entries.
    pub options: String,
    /// Parts of both.
    pub components: &'static str,
}

/// A source of packages.
struct Source {
    uri: String,
    suites: Vec<String>,
    main: bool,
    trusted: bool,
}

impl Mirror {
    /// The distribution's own server.
    fn usual(system: System) -> Self {
        let (archive, security, components) = match (system, std::env::consts::ARCH) {
            (System::Debian, _) => ("http://deb.debian.org/debian", "http://deb.debian.org/debian-security", "main"),
            (System::Ubuntu, "x86_64") => {
                ("http://archive.ubuntu.com/ubuntu", "http://security.ubuntu.com/ubuntu", "main universe")
            }
            (System::Ubuntu, _) => {
                ("http://ports.ubuntu.com/ubuntu-ports", "http://ports.ubuntu.com/ubuntu-ports", "main universe")
            }
        };
        // apt knows Debian's keys without being told.
        let options = if system == System::Ubuntu { format!("[signed-by={UBUNTU_KEYS}] ") } else { String::new() };
        Self { archive: archive.to_owned(), security: security.to_owned(), options, components }
    }

    /// Refuses before anything is fetched that nobody could check.
    ///
    /// # Errors
    /// When the distribution's keys are not on this machine.
    pub fn check_keys(&self) -> Result<(), StorageError> {
        match self.options.contains(UBUNTU_KEYS) && !Path::new(UBUNTU_KEYS).exists() {
            true => Err(StorageError::Invalid(format!(
                "the keys of Ubuntu's archive are not in '{UBUNTU_KEYS}': install the package ubuntu-archive-keyring"
            ))),
            false => Ok(()),
        }
    }

    /// Reads the apt configuration below `etc`, normally `/etc/apt`; what it does not say is the distribution's own
    /// server.
    #[must_use]
    pub fn of_host(etc: &Path, system: System) -> Self {
        let mut texts = vec![(false, read(&etc.join("sources.list")))];
        let parts = std::fs::read_dir(etc.join("sources.list.d")).into_iter().flatten().flatten();
        let mut parts: Vec<_> = parts.map(|entry| entry.path()).collect();
        parts.sort();
        for path in parts {
            match path.extension().and_then(|ending| ending.to_str()) {
                Some("sources") => texts.push((true, read(&path))),
                Some("list") => texts.push((false, read(&path))),
                _ => {}
            }
        }
        let sources = texts.iter().flat_map(|(stanzas, text)| if *stanzas { deb822(text) } else { one_line(text) });
        Self::choose(&sources.collect::<Vec<_>>(), system)
    }

    fn choose(sources: &[Source], system: System) -> Self {
        let known = if system == System::Debian { &SUITES[..] } else { &UBUNTU_SUITES[..] };
        let archive = |suite: &str| known.contains(&suite);
        let security = |suite: &str| {
            let name = suite.strip_suffix("-security").or_else(|| suite.strip_suffix("/updates"));
            name.is_some_and(archive)
        };
        let find = |wanted: &dyn Fn(&str) -> bool| {
            sources.iter().find(|source| source.main && source.suites.iter().any(|suite| wanted(suite)))
        };
        let (found, usual) = (find(&archive), Self::usual(system));
        let trusted = found.is_some_and(|source| source.trusted);
        Self {
            archive: found.map_or(usual.archive, |source| source.uri.clone()),
            security: find(&security).map_or(usual.security, |source| source.uri.clone()),
            options: if trusted { "[trusted=yes] ".to_owned() } else { usual.options },
            components: usual.components,
        }
    }

    /// The `sources.list` of a release.
    #[must_use]
    pub fn list(&self, suite: &str) -> String {
        let Self { archive, security, options, components } = self;
        format!(
            "deb {options}{archive} {suite} {components}\ndeb {options}{archive} {suite}-updates {components}\n\
             deb {options}{security} {suite}-security {components}\n"
        )
    }
}

fn read(path: &Path) -> String {
    host::file::read_text_limited(path, 1 << 20).unwrap_or_default()
}

fn is_web(uri: &str) -> bool {
    let fits = uri.starts_with("http://") || uri.starts_with("https://");
    fits && !uri.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// `deb [trusted=yes] http://host/debian trixie main contrib`
fn one_line(text: &str) -> Vec<Source> {
    let entry = |line: &str| {
        let rest = line.trim().strip_prefix("deb ")?.trim_start();
        let (options, rest) = match rest.strip_prefix('[') {
            Some(rest) => rest.split_once(']')?,
            None => ("", rest),
        };
        let mut words = rest.split_whitespace();
        let (uri, suite) = (words.next()?.to_owned(), words.next()?.to_owned());
        let main = words.any(|word| word == "main");
        is_web(&uri).then_some(Source { uri, suites: vec![suite], main, trusted: options.contains("trusted=yes") })
    };
    text.lines().filter_map(entry).collect()
}

/// Stanzas of `Types`, `URIs`, `Suites`, `Components`.
fn deb822(text: &str) -> Vec<Source> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let stanzas = lines.split(|line| line.trim().is_empty());
    let entry = |stanza: &[&str]| {
        let field = |name: &str| {
            let found = stanza.iter().filter_map(|line| line.split_once(':'));
            let found = found.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim());
            found.into_iter().next_back().unwrap_or_default().to_owned()
        };
        let uri = field("URIs").split_whitespace().find(|uri| is_web(uri))?.to_owned();
        let wanted = field("Types").split_whitespace().any(|kind| kind == "deb") && field("Enabled") != "no";
        wanted.then(|| Source {
            uri,
            suites: field("Suites").split_whitespace().map(str::to_owned).collect(),
            main: field("Components").split_whitespace().any(|word| word == "main"),
            trusted: field("Trusted") == "yes",
        })
    };
    stanzas.filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_own_mirror_is_taken() {
        let etc = tempfile::tempdir().unwrap();
        std::fs::create_dir(etc.path().join("sources.list.d")).unwrap();
        std::fs::write(etc.path().join("sources.list.d/a.list"), "deb http://other.example/x nodistro main\n").unwrap();
        let stanzas = "Types: deb\n# why\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\n\nTypes: deb\nURIs: http://mirror.example/security\nSuites: bookworm-security\nComponents: main\n";
        std::fs::write(etc.path().join("sources.list.d/debian.sources"), stanzas).unwrap();
        let mirror = Mirror::of_host(etc.path(), System::Debian);
        assert_eq!(
            mirror.list("trixie"),
            "deb http://mirror.example/debian trixie main\ndeb http://mirror.example/debian trixie-updates main\ndeb http://mirror.example/security trixie-security main\n"
        );
    }

    #[test]
    fn one_line_entries_with_options_and_nothing_at_all() {
        let etc = tempfile::tempdir().unwrap();
        assert_eq!(Mirror::of_host(etc.path(), System::Debian), Mirror::usual(System::Debian));
        let list = "# x\ndeb [arch=amd64 trusted=yes] http://m.example/debian stable main\ndeb-src http://n.example/debian stable main\n";
        std::fs::write(etc.path().join("sources.list"), list).unwrap();
        let mirror = Mirror::of_host(etc.path(), System::Debian);
        assert_eq!((mirror.archive.as_str(), mirror.options.as_str()), ("http://m.example/debian", "[trusted=yes] "));
        assert_eq!(mirror.security, Mirror::usual(System::Debian).security);
        let ubuntu = Mirror::of_host(etc.path(), System::Ubuntu);
        assert_eq!(ubuntu, Mirror::usual(System::Ubuntu), "that host has nothing of it");
        assert!(ubuntu.list("noble").contains("noble-security main universe\n"));
    }
}
