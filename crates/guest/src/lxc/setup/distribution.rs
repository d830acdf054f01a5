//! Which distribution a tree holds, and which version of it.

use host::rootfs::Root;

use crate::lxc::config::OsType;

/// A version that no release has yet: rolling distributions and those in the making.
const ROLLING: Version = Version(u32::MAX, 0);

/// Main and second number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32);

/// The distribution in a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Distribution {
    /// One whose files we write.
    Known {
        /// Its family.
        ostype: OsType,
        /// Its version; a large number for testing and rolling ones.
        version: Version,
    },
    /// One that this version cannot write files for.
    Other(String),
    /// Nothing that is known.
    Unknown,
}

/// Files that only one distribution has, for trees without `os-release`.
const MARKS: [(&str, &str); 12] = [
    ("etc/debian_version", "debian"),
    ("etc/devuan_version", "devuan"),
    ("etc/SuSE-brand", "opensuse"),
    ("etc/SuSE-release", "opensuse"),
    ("etc/fedora-release", "fedora"),
    ("etc/centos-release", "centos"),
    ("etc/redhat-release", "centos"),
    ("etc/arch-release", "archlinux"),
    ("etc/alpine-release", "alpine"),
    ("etc/gentoo-release", "gentoo"),
    ("nix/store", "nixos"),
    ("etc/openEuler-release", "openEuler"),
];

impl Distribution {
    /// Finds out which distribution a tree holds.
    #[must_use]
    pub fn detect(root: &Root) -> Self {
        let release = ["etc/os-release", "usr/lib/os-release"].iter().find_map(|path| root.read(path).ok());
        let release = release.unwrap_or_default();
        let name = os_release(&release, "ID").or_else(|| marked(root));
        let Some(name) = name else { return Self::Unknown };
        match family(&name) {
            Some(ostype) => Self::Known { ostype, version: version(root, ostype, &release).unwrap_or(ROLLING) },
            None => Self::Other(name),
        }
    }

    /// The value of `ostype` for it.
    #[must_use]
    pub fn ostype(&self) -> OsType {
        match self {
            Self::Known { ostype, .. } => *ostype,
            Self::Other(_) | Self::Unknown => OsType::Unmanaged,
        }
    }
}

fn marked(root: &Root) -> Option<String> {
    if root.read("etc/lsb-release").is_ok_and(|text| text.contains("DISTRIB_ID=Ubuntu")) {
        return Some("ubuntu".into());
    }
    MARKS.iter().find(|(path, _)| root.exists(path)).map(|(_, name)| (*name).to_owned())
}

/// The family of a distribution, by the name that it gives itself in os-release(5).
fn family(name: &str) -> Option<OsType> {
    Some(match name {
        "arch" => OsType::Archlinux,
        // Its files are those of version 10.
        "openEuler" | "openeuler" => OsType::Centos,
        "rocky" | "almalinux" => OsType::Centos,
        "sles" => OsType::Opensuse,
        name if name.starts_with("opensuse-") => OsType::Opensuse,
        name => name.parse().ok().filter(|ostype| *ostype != OsType::Unmanaged)?,
    })
}

/// Its version, if it names one.
fn version(root: &Root, ostype: OsType, release: &str) -> Option<Version> {
    let read = |path: &str| root.read(path).unwrap_or_default();
    let release_id = || os_release(release, "VERSION_ID").unwrap_or_default();
    match ostype {
        // `trixie/sid` on testing: newer than any number.
        OsType::Debian => first_number(&read("etc/debian_version")),
        OsType::Devuan => Some(Version(devuan(read("etc/devuan_version").trim()), 0)),
        OsType::Ubuntu => first_number(&release_id())
            .or_else(|| os_release(&read("etc/lsb-release"), "DISTRIB_RELEASE").and_then(|text| first_number(&text))),
        OsType::Centos => ["etc/redhat-release", "etc/centos-release", "etc/openEuler-release"]
            .iter()
            .find_map(|path| first_number(&read(path)))
            .or_else(|| first_number(&release_id())),
        OsType::Fedora => first_number(&read("etc/fedora-release")).or_else(|| first_number(&release_id())),
        OsType::Opensuse => first_number(&release_id()),
        OsType::Alpine => first_number(&read("etc/alpine-release")).or_else(|| first_number(&release_id())),
        OsType::Archlinux | OsType::Gentoo | OsType::Nixos | OsType::Unmanaged => None,
    }
}

/// Devuan's releases have names where Debian's have numbers.
fn devuan(name: &str) -> u32 {
    match name {
        "jessie" => 8,
        "ascii" => 9,
        "beowulf" => 10,
        "chimaera" => 11,
        _ => 12,
    }
}

/// The first number in a text, with the one that follows it after a point.
fn first_number(text: &str) -> Option<Version> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let digits = |text: &str| text.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok());
    let (main, rest) = (digits(&text[start..])?, text[start..].trim_start_matches(|c: char| c.is_ascii_digit()));
    let second = rest.strip_prefix('.').and_then(digits).unwrap_or(0);
    Some(Version(main, second))
}

fn os_release(text: &str, key: &str) -> Option<String> {
    let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    line.map(|value| value.trim().trim_matches(['"', '\'']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Distribution {
        let directory = tempfile::tempdir().unwrap();
        let root = Root::open(directory.path(), None).unwrap();
        for (path, text) in files {
            root.write(path, text, 0o644).unwrap();
        }
        Distribution::detect(&root)
    }

    fn known(ostype: OsType, main: u32, second: u32) -> Distribution {
        Distribution::Known { ostype, version: Version(main, second) }
    }

    #[test]
    fn distributions_are_told_apart() {
        assert_eq!(tree(&[("etc/debian_version", "12.5\n")]), known(OsType::Debian, 12, 5));
        assert_eq!(tree(&[("etc/debian_version", "forky/sid\n")]).ostype(), OsType::Debian);
        let ubuntu = "NAME=\"Ubuntu\"\nVERSION_ID=\"24.04\"\nID=ubuntu\nID_LIKE=debian\n";
        assert_eq!(
            tree(&[("etc/os-release", ubuntu), ("etc/debian_version", "trixie/sid\n")]),
            known(OsType::Ubuntu, 24, 4)
        );
        let rocky = "ID=\"rocky\"\nVERSION_ID=\"9.4\"\n";
        assert_eq!(
            tree(&[("usr/lib/os-release", rocky), ("etc/redhat-release", "Rocky Linux release 9.4 (Blue Onyx)\n")]),
            known(OsType::Centos, 9, 4)
        );
        assert_eq!(
            tree(&[("etc/os-release", "ID=opensuse-tumbleweed\nVERSION_ID=\"20260101\"\n")]).ostype(),
            OsType::Opensuse
        );
        assert_eq!(tree(&[("etc/alpine-release", "3.22.0\n")]), known(OsType::Alpine, 3, 22));
        let euler = "ID=\"openEuler\"\nVERSION_ID=\"24.03\"\n";
        assert_eq!(
            tree(&[("etc/os-release", euler), ("etc/openEuler-release", "openEuler release 24.03 (LTS)\n")]),
            known(OsType::Centos, 24, 3)
        );
        assert_eq!(tree(&[("etc/os-release", "ID=arch\n")]).ostype(), OsType::Archlinux);
        assert_eq!(tree(&[("etc/os-release", "ID=void\n")]), Distribution::Other("void".into()));
        assert_eq!(tree(&[("etc/os-release", "ID=unmanaged\n")]), Distribution::Other("unmanaged".into()));
        assert_eq!(tree(&[]), Distribution::Unknown);
    }
}
