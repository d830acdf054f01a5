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

/// The host's id for an id inside; nothing when the map has none for it. Without a map they are the same.
#[must_use]
pub fn to_host(map: &[Entry], kind: Kind, id: u64) -> Option<u32> {
    if map.is_empty() {
        return u32::try_from(id).ok();
    }
    let entry =
        map.iter().find(|entry| entry.kind == kind && (entry.inside..entry.inside + entry.count).contains(&id))?;
    u32::try_from(entry.host + (id - entry.inside)).ok()
}

/// Whether the host gave the ids of a map to root (subuid(5)), on which LXC insists: then nobody else has them.
///
/// # Errors
/// As a message with the line to add.
pub fn check_given(map: &[Entry], subuid: &str, subgid: &str) -> Result<(), String> {
    for entry in map {
        let (text, name) = if entry.kind == Kind::User { (subuid, "subuid") } else { (subgid, "subgid") };
        if !covered(text, entry.host, entry.host + entry.count) {
            return Err(format!(
                "lxc.idmap '{entry}': the ids {}-{} are not given to root: add a line 'root:{}:{}' to /etc/{name}",
                entry.host,
                entry.host + entry.count.max(1) - 1,
                entry.host,
                entry.count
            ));
        }
    }
    Ok(())
}

/// Whether root's lines cover a range, if need be several of them together.
fn covered(text: &str, first: u64, end: u64) -> bool {
    let range = |line: &str| {
        let mut fields = line.trim().split(':');
        let user = fields.next().filter(|user| matches!(*user, "root" | "0"));
        let (start, count) = (fields.next()?.parse::<u64>().ok()?, fields.next()?.parse::<u64>().ok()?);
        user.map(|_| (start, start + count))
    };
    let mut ranges: Vec<(u64, u64)> = text.lines().filter_map(range).collect();
    ranges.sort_unstable();
    let mut reached = first;
    for (start, stop) in ranges {
        if start <= reached && stop > reached {
            reached = stop;
        }
    }
    reached >= end
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

    #[test]
    fn ids_on_the_host() {
        let map = of(&raw(&["u 0 100000 1000", "u 1000 1000 1", "g 0 200000 10"]), true).unwrap();
        assert_eq!(to_host(&map, Kind::User, 999), Some(100_999));
        assert_eq!(to_host(&map, Kind::User, 1000), Some(1000));
        assert_eq!(to_host(&map, Kind::User, 1001), None);
        assert_eq!(to_host(&map, Kind::Group, 9), Some(200_009));
        assert_eq!(to_host(&[], Kind::Group, 44), Some(44));
    }

    #[test]
    fn ids_that_the_host_gave_to_nobody_are_told() {
        let map = of(&raw(&["u 0 100000 65536", "u 70000 1000 1"]), true).unwrap();
        let given = "www:5000:10\nroot:100000:1000\n0:101000:65000\n";
        let refused = check_given(&map, given, "").unwrap_err();
        assert!(refused.ends_with("add a line 'root:1000:1' to /etc/subuid"), "{refused}");
        assert_eq!(check_given(&map, &format!("{given}root:1000:1"), ""), Ok(()));
        assert!(check_given(&usual(), "root:100000:65535", "root:100000:65536").is_err());
    }
}
