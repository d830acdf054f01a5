//! Maps between ids inside of a container and on the host (`lxc.idmap: u 0 100000 65536`).

use std::fmt;

/// Which ids an entry maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Users.
    User,
    /// Groups.
    Group,
}

/// One range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Of users or of groups.
    pub kind: Kind,
    /// First id inside.
    pub inside: u64,
    /// First id on the host.
    pub host: u64,
    /// How many.
    pub count: u64,
}

impl Entry {
    /// Reads `u 0 100000 65536`.
    ///
    /// # Errors
    /// When it is something else.
    pub fn parse(text: &str) -> Result<Self, String> {
        let invalid = || format!("failed to parse idmap entry '{text}'");
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        let [kind, inside, host, count] = fields[..] else { return Err(invalid()) };
        let kind = match kind {
            "u" => Kind::User,
            "g" => Kind::Group,
            _ => return Err(invalid()),
        };
        let number = |text: &str| text.parse::<u32>().map(u64::from).map_err(|_| invalid());
        Ok(Self { kind, inside: number(inside)?, host: number(host)?, count: number(count)? })
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.kind == Kind::User { 'u' } else { 'g' };
        write!(f, "{kind} {} {} {}", self.inside, self.host, self.count)
    }
}

/// The map of an unprivileged container that has none of its own.
#[must_use]
pub fn usual() -> Vec<Entry> {
    let entry =
        |kind| Entry { kind, inside: 0, host: u64::from(host::lxc::FIRST_ID), count: u64::from(host::lxc::ID_COUNT) };
    vec![entry(Kind::User), entry(Kind::Group)]
}

/// The map in a container's raw settings; the usual one when there is none and it is unprivileged.
///
/// # Errors
/// When an entry cannot be read, or two entries map one id (inside or on the host).
pub fn of(raw: &[(String, String)], unprivileged: bool) -> Result<Vec<Entry>, String> {
    let own = raw.iter().filter(|(key, _)| key == "lxc.idmap");
    let own: Vec<Entry> = own.map(|(_, value)| Entry::parse(value)).collect::<Result<_, _>>()?;
    if own.is_empty() {
        return Ok(if unprivileged { usual() } else { Vec::new() });
    }
    check(&own)?;
    Ok(own)
}

/// The host's id of a container's root, by its map.
#[must_use]
pub fn root_of(map: &[Entry]) -> Option<u32> {
    let root = map.iter().find(|entry| entry.kind == Kind::User && entry.inside == 0)?;
    u32::try_from(root.host).ok()
}

fn check(map: &[Entry]) -> Result<(), String> {
    for (kind, name) in [(Kind::User, "uid"), (Kind::Group, "gid")] {
        let mut entries: Vec<&Entry> = map.iter().filter(|entry| entry.kind == kind).collect();
        disjoint(&mut entries, "container", name, |entry| entry.inside)?;
        disjoint(&mut entries, "host", name, |entry| entry.host)?;
    }
    Ok(())
}

/// In order of their starts, each range must begin after all before it ended.
fn disjoint(entries: &mut [&Entry], side: &str, name: &str, start: impl Fn(&Entry) -> u64) -> Result<(), String> {
    entries.sort_by_key(|entry| start(entry));
    let mut longest: Option<&Entry> = None;
    for entry in entries {
        if let Some(before) = longest
            && start(entry) < start(before) + before.count
        {
            let id = start(entry);
            return Err(format!("invalid map entry '{entry}': {side} {name} {id} is also mapped by entry '{before}'"));
        }
        if longest.is_none_or(|before| start(before) + before.count < start(entry) + entry.count) {
            longest = Some(entry);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(entries: &[&str]) -> Vec<(String, String)> {
        entries.iter().map(|entry| ("lxc.idmap".to_owned(), (*entry).to_owned())).collect()
    }

    #[test]
    fn clashes_name_both_entries() {
        let inside = of(&raw(&["u 0 100000 100", "u 50 300000 1"]), true).unwrap_err();
        assert_eq!(
            inside,
            "invalid map entry 'u 50 300000 1': container uid 50 is also mapped by entry 'u 0 100000 100'"
        );
        let host = of(&raw(&["g 0 1000 10", "g 10 1005 2"]), true).unwrap_err();
        assert!(host.contains("host gid 1005 is also mapped by entry 'g 0 1000 10'"), "{host}");
        assert!(of(&raw(&["u 0 x 1"]), true).is_err());
    }

    #[test]
    fn users_and_groups_are_apart() {
        assert_eq!(of(&raw(&["u 0 1000 10", "g 0 1000 10"]), true).unwrap().len(), 2);
        assert_eq!(of(&[], true).unwrap(), usual());
        assert_eq!(of(&[], false).unwrap(), []);
        assert_eq!(root_of(&usual()), Some(100_000));
    }
}
