//! Packages of the distribution, as dpkg and apt know them. Only looked at: nothing is fetched, nothing installed.

use std::collections::HashMap;
use std::time::Duration;

use crate::run::{Run, RunError};

/// How long the tools may take.
const LOOK: Duration = Duration::from_secs(120);

/// A package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// The version that is installed; empty if none is.
    pub installed: String,
    /// The version that could be installed.
    pub candidate: String,
    /// Architecture.
    pub architecture: String,
    /// Where the candidate comes from: `Debian`.
    pub origin: String,
    /// Section: `admin`.
    pub section: String,
    /// Priority: `optional`.
    pub priority: String,
    /// First line of the description.
    pub title: String,
    /// The whole description.
    pub description: String,
}

/// The packages of which apt's lists know a newer version.
///
/// # Errors
/// When apt fails.
pub async fn upgradable() -> Result<Vec<Package>, RunError> {
    let run = Run::new("apt-get").args(["--simulate", "--quiet", "-o", "Debug::NoLocking=true", "dist-upgrade"]);
    let mut packages = parse_simulation(&run.deadline(LOOK).output().await?.text());
    if packages.is_empty() {
        return Ok(packages);
    }
    let names = packages.iter().map(|package| format!("{}={}", package.name, package.candidate));
    let run = Run::new("apt-cache").args(["--quiet", "show", "--no-all-versions"]).args(names);
    let known = records(&run.deadline(LOOK).output().await?.text());
    for package in &mut packages {
        if let Some(record) = known.get(&package.name) {
            package.describe(record);
        }
    }
    Ok(packages)
}

/// How packages of these names are installed; those that are unknown to dpkg are left out.
///
/// # Errors
/// When dpkg fails.
pub async fn installed(names: &[&str]) -> Result<Vec<Package>, RunError> {
    const FORMAT: &str = "Package: ${Package}\nVersion: ${Version}\nArchitecture: ${Architecture}\nSection: ${Section}\nPriority: ${Priority}\n\
         Status: ${db:Status-Status}\nDescription: ${Description}\n\n";
    let run = Run::new("dpkg-query").args(["--show", &format!("--showformat={FORMAT}")]).args(names);
    let text = match run.deadline(LOOK).output().await {
        Ok(output) => output.text(),
        // Some are unknown; with one name each, the known ones are still found.
        Err(error) if error.code() == Some(1) => {
            let mut text = String::new();
            for name in names {
                let run = Run::new("dpkg-query").args(["--show", &format!("--showformat={FORMAT}"), name]);
                text += &run.deadline(LOOK).output().await.map(|output| output.text()).unwrap_or_default();
            }
            text
        }
        Err(error) => return Err(error),
    };
    let mut found: Vec<Package> =
        records(&text).into_iter().filter_map(|(name, record)| of_record(name, &record)).collect();
    found.sort_by_key(|package| names.iter().position(|name| *name == package.name));
    Ok(found)
}

fn of_record(name: String, record: &HashMap<String, String>) -> Option<Package> {
    let field = |key: &str| record.get(key).cloned().unwrap_or_default();
    if field("Status") != "installed" {
        return None;
    }
    let mut package = Package {
        name,
        installed: field("Version"),
        candidate: field("Version"),
        architecture: field("Architecture"),
        ..Package::default()
    };
    package.describe(record);
    Some(package)
}

impl Package {
    fn describe(&mut self, record: &HashMap<String, String>) {
        let field = |key: &str| record.get(key).cloned().unwrap_or_default();
        let text =
            Some(field("Description")).filter(|text| !text.is_empty()).unwrap_or_else(|| field("Description-en"));
        let (title, rest) = text.split_once('\n').unwrap_or((&text, ""));
        (self.title, self.description) = (title.to_owned(), rest.to_owned());
        (self.section, self.priority) = (field("Section"), field("Priority"));
    }
}

/// Reads `Inst NAME [OLD] (NEW ORIGIN:… [ARCH])` lines.
fn parse_simulation(text: &str) -> Vec<Package> {
    text.lines().filter_map(simulated).collect()
}

fn simulated(line: &str) -> Option<Package> {
    let rest = line.strip_prefix("Inst ")?;
    let (name, rest) = rest.split_once(' ')?;
    let (old, rest) = match rest.strip_prefix('[') {
        Some(rest) => rest.split_once("] ")?,
        None => ("", rest),
    };
    let inside = rest.strip_prefix('(')?.split_once(')')?.0;
    let (new, from) = inside.split_once(' ')?;
    let architecture = from.rsplit_once('[')?.1.trim_end_matches(']');
    Some(Package {
        name: name.to_owned(),
        installed: old.to_owned(),
        candidate: new.to_owned(),
        architecture: architecture.to_owned(),
        origin: from.split(':').next().unwrap_or_default().to_owned(),
        ..Package::default()
    })
}

/// Reads records of `Key: value` with continued lines, by package. Of several of one name the first counts.
fn records(text: &str) -> HashMap<String, HashMap<String, String>> {
    let mut records = HashMap::new();
    for block in text.split("\n\n") {
        let mut record: HashMap<String, String> = HashMap::new();
        let mut key = String::new();
        for line in block.lines() {
            match line.strip_prefix([' ', '\t']) {
                Some(more) => {
                    if let Some(value) = record.get_mut(&key) {
                        value.push('\n');
                        value.push_str(if more == "." { "" } else { more });
                    }
                }
                None => {
                    if let Some((name, value)) = line.split_once(':') {
                        name.clone_into(&mut key);
                        record.insert(key.clone(), value.trim().to_owned());
                    }
                }
            }
        }
        if let Some(name) = record.get("Package").cloned() {
            records.entry(name).or_insert(record);
        }
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_simulation_would_install() {
        let text = "Reading lists...\nInst bash [5.2.15-2+b8] (5.2.15-2+b13 Debian:12.15/oldstable [amd64])\n\
                    Inst libx [1.10.1-3] (1.10.1-3+deb12u1 Debian:12.15/oldstable, Debian-Security:12/x [amd64]) []\n\
                    Inst linux-image-6.1 (6.1.2-1 Debian:12.15/oldstable [amd64])\nConf bash (5.2 Debian [amd64])\n";
        let found = parse_simulation(text);
        assert_eq!(found.len(), 3);
        let bash = &found[0];
        assert_eq!((bash.installed.as_str(), bash.candidate.as_str()), ("5.2.15-2+b8", "5.2.15-2+b13"));
        assert_eq!((bash.origin.as_str(), bash.architecture.as_str()), ("Debian", "amd64"));
        assert_eq!((found[2].installed.as_str(), found[2].name.as_str()), ("", "linux-image-6.1"));
    }

    #[test]
    fn descriptions_have_a_title() {
        let known =
            records("Package: a\nSection: admin\nDescription: short\n more\n .\n end\n\nPackage: a\nSection: x\n");
        let mut package = Package::default();
        package.describe(&known["a"]);
        assert_eq!((package.title.as_str(), package.description.as_str()), ("short", "more\n\nend"));
        assert_eq!(package.section, "admin");
    }

    #[tokio::test]
    async fn this_machine_knows_its_packages() {
        let found = installed(&["no-such-package", "dpkg", "bash"]).await.unwrap();
        let names: Vec<&str> = found.iter().map(|package| package.name.as_str()).collect();
        assert_eq!(names, ["dpkg", "bash"]);
    }
}
