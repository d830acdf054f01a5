//! Which ids the host gave to root for containers (subuid(5), subgid(5)).

use std::{io, path::Path};

use crate::lxc::{FIRST_ID, ID_COUNT};

/// Reserves the ids of unprivileged containers for root in `/etc/subuid` and `/etc/subgid`: LXC insists on that, so
/// that they are given to nobody else.
///
/// # Errors
/// When the files cannot be written.
pub fn reserve(etc: &Path) -> io::Result<()> {
    for name in ["subuid", "subgid"] {
        let path = etc.join(name);
        let text = match std::fs::read_to_string(&path) {
            Err(err) if err.kind() == io::ErrorKind::NotFound => String::new(),
            other => other?,
        };
        if !reserved(&text) {
            use std::io::Write as _;
            let start = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
            let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
            file.write_all(format!("{start}root:{FIRST_ID}:{ID_COUNT}\n").as_bytes())?;
        }
    }
    Ok(())
}

/// Hands the texts of subuid(5) and subgid(5) to a check.
///
/// # Errors
/// What the check says, or that the files cannot be read.
pub fn check(etc: &Path, check: impl FnOnce(&str, &str) -> Result<(), String>) -> Result<(), String> {
    let read = |name: &str| {
        let path = etc.join(name);
        std::fs::read_to_string(&path).map_err(|err| format!("{}: {err}", path.display()))
    };
    check(&read("subuid")?, &read("subgid")?)
}

/// Whether a line of subuid(5) gives root the ids already.
fn reserved(text: &str) -> bool {
    let covers = |line: &str| {
        let mut fields = line.split(':');
        let user = fields.next()?;
        let (first, count) = (fields.next()?.parse::<u64>().ok()?, fields.next()?.parse::<u64>().ok()?);
        let (wanted, end) = (u64::from(FIRST_ID), u64::from(FIRST_ID) + u64::from(ID_COUNT));
        Some((user == "root" || user == "0") && first <= wanted && first + count >= end)
    };
    text.lines().any(|line| covers(line).unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_reserved_once() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("subuid"), "me:200000:65536").unwrap();
        reserve(directory.path()).unwrap();
        reserve(directory.path()).unwrap();
        let read = |name| std::fs::read_to_string(directory.path().join(name)).unwrap();
        assert_eq!(read("subuid"), "me:200000:65536\nroot:100000:65536\n");
        assert_eq!(read("subgid"), "root:100000:65536\n");
        assert!(reserved("root:90000:100000\n") && !reserved("root:100000:1000\n"));
    }
}
