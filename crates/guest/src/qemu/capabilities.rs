//! What QEMU on this host offers.

use host::run::Run;

use super::{error::VmError, facts::QEMU, vms::Vms};

impl Vms {
    /// The versioned machine types for virtual machines: name, `i440fx` or `q35`, version; newest first.
    ///
    /// # Errors
    /// When QEMU does not run.
    pub async fn machines(&self) -> Result<Vec<(String, &'static str, String)>, VmError> {
        Ok(parse(&Run::new(QEMU).args(["-machine", "help"]).output().await?.text()))
    }
}

/// Reads what `-machine help` prints.
fn parse(text: &str) -> Vec<(String, &'static str, String)> {
    let kinds = [("pc-i440fx-", "i440fx"), ("pc-q35-", "q35")];
    let line = |line: &str| {
        let name = line.split_whitespace().next()?;
        let (start, kind) = kinds.into_iter().find(|(start, _)| name.starts_with(start))?;
        Some((name.to_owned(), kind, name[start.len()..].to_owned()))
    };
    let mut machines: Vec<_> = text.lines().filter_map(line).collect();
    let number = |version: &str| -> Vec<u32> { version.split('.').filter_map(|part| part.parse().ok()).collect() };
    machines.sort_by_cached_key(|(_, kind, version)| (std::cmp::Reverse(number(version)), *kind));
    machines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers() {
        let text = "Supported machines are:\nmicrovm              microvm (i386)\npc                   Standard PC (alias of pc-i440fx-10.0)\n\
                    pc-i440fx-9.2        Standard PC\npc-i440fx-10.0       Standard PC (default)\npc-q35-10.0          Standard PC\n";
        let found = parse(text);
        let names: Vec<&str> = found.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names, ["pc-i440fx-10.0", "pc-q35-10.0", "pc-i440fx-9.2"]);
        assert_eq!((found[1].1, found[1].2.as_str()), ("q35", "10.0"));
    }
}
