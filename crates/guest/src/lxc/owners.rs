//! Which owner a file of a mount point has inside (`idmap=u:0:1000:1;g:0:1000:1`, `idmap=passthrough`).
//!
//! An entry is kind, first id inside, first id on the disk, and how many. `passthrough`: on the disk all ids are those
//! inside. Ids inside that no entry names are on the disk what they are without the option, as far as no entry has taken
//! that id.

use host::idmapped::Range;

use super::idmap::{Entry, Kind};

/// All ids that there are, less the last, which means none.
const ALL: u64 = (1 << 32) - 1;

/// The most lines that a map may have (user_namespaces(7)).
const LINES: usize = 340;

/// The owners that files of a mount point appear with; nothing where they appear as they are. `map` is that of the
/// container, empty where ids are not mapped.
///
/// # Errors
/// As a message, when entries clash or name ids that the container does not have.
pub(super) fn of(text: &str, map: &[Entry]) -> Result<Vec<Range>, String> {
    let whole = |kind| Entry { kind, inside: 0, host: 0, count: ALL };
    let unmapped = [whole(Kind::User), whole(Kind::Group)];
    let map = if map.is_empty() { &unmapped[..] } else { map };
    let mut ranges = Vec::new();
    if text == "passthrough" {
        let as_inside = |entry: &Entry| range(entry.kind, entry.inside, entry.host, entry.count);
        ranges.extend(map.iter().map(as_inside));
        // A map that changes nothing is one that the kernel refuses.
        return Ok(if ranges.iter().all(|range| range.disk == range.host) { Vec::new() } else { ranges });
    }
    let wishes = text.split(';').map(parse).collect::<Result<Vec<_>, _>>()?;
    for kind in [Kind::User, Kind::Group] {
        let wishes: Vec<Wish> = wishes.iter().copied().filter(|wish| wish.kind == kind).collect();
        clash(&wishes)?;
        for wish in &wishes {
            named(wish, map, &mut ranges)?;
        }
        for entry in map.iter().filter(|entry| entry.kind == kind) {
            rest(entry, &wishes, &mut ranges);
        }
    }
    if ranges.iter().filter(|range| range.group).count().max(ranges.iter().filter(|range| !range.group).count()) > LINES
    {
        return Err(format!("idmap: more than {LINES} ranges of ids"));
    }
    Ok(ranges)
}

/// The id on the disk of the container's root, for a new volume: that whose files appear as `root` of the host.
pub(super) fn disk_root(ranges: &[Range], root: Option<u32>) -> Option<u32> {
    let host = u64::from(root.unwrap_or(0));
    let range = ranges.iter().find(|range| !range.group && (range.host..range.host + range.count).contains(&host));
    range.map_or(root, |range| u32::try_from(range.disk + (host - range.host)).ok())
}

#[derive(Debug, Clone, Copy)]
struct Wish {
    kind: Kind,
    inside: u64,
    disk: u64,
    count: u64,
}

fn parse(text: &str) -> Result<Wish, String> {
    let wrong = || format!("idmap: '{text}' is not TYPE:CONTAINER:DISK:COUNT such as u:0:1000:1");
    let fields: Vec<&str> = text.split(':').collect();
    let [kind, inside, disk, count] = fields[..] else { return Err(wrong()) };
    let kind = if kind == "u" { Kind::User } else { Kind::Group };
    let number = |text: &str| text.parse::<u32>().map(u64::from).map_err(|_| wrong());
    Ok(Wish { kind, inside: number(inside)?, disk: number(disk)?, count: number(count)? })
}

fn range(kind: Kind, disk: u64, host: u64, count: u64) -> Range {
    Range { group: kind == Kind::Group, disk, host, count }
}

fn clash(wishes: &[Wish]) -> Result<(), String> {
    for (index, one) in wishes.iter().enumerate() {
        for other in &wishes[..index] {
            let meet = |a: u64, b: u64| a < b + other.count && b < a + one.count;
            if meet(one.inside, other.inside) || meet(one.disk, other.disk) {
                return Err(format!(
                    "idmap: the entries for ids {} and {} inside overlap, there or on the disk",
                    other.inside, one.inside
                ));
            }
        }
    }
    Ok(())
}

/// Cuts a wish where the map of the container is not of one piece.
fn named(wish: &Wish, map: &[Entry], ranges: &mut Vec<Range>) -> Result<(), String> {
    let mut done = 0;
    while done < wish.count {
        let id = wish.inside + done;
        let of = |entry: &&Entry| entry.kind == wish.kind && (entry.inside..entry.inside + entry.count).contains(&id);
        let lost = || format!("idmap: the container has no id {id}");
        let entry = map.iter().find(of).ok_or_else(lost)?;
        let count = (entry.inside + entry.count - id).min(wish.count - done);
        ranges.push(range(wish.kind, wish.disk + done, entry.host + (id - entry.inside), count));
        done += count;
    }
    Ok(())
}

/// The ids of an entry of the container's map that no wish has taken, inside or on the disk.
fn rest(entry: &Entry, wishes: &[Wish], ranges: &mut Vec<Range>) {
    // By the host's numbers, which are those on the disk without a wish.
    let inside = wishes.iter().filter_map(|wish| {
        let start = wish.inside.max(entry.inside);
        let end = (wish.inside + wish.count).min(entry.inside + entry.count);
        (start < end).then(|| (entry.host + (start - entry.inside), entry.host + (end - entry.inside)))
    });
    let disk = wishes.iter().map(|wish| (wish.disk, wish.disk + wish.count));
    let mut taken: Vec<(u64, u64)> = inside.chain(disk).collect();
    taken.sort_unstable();
    let (mut at, end) = (entry.host, entry.host + entry.count);
    for (start, stop) in taken {
        if start.min(end) > at {
            ranges.push(range(entry.kind, at, at, start.min(end) - at));
        }
        at = at.max(stop);
    }
    if at < end {
        ranges.push(range(entry.kind, at, at, end - at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lxc::idmap;

    fn shown(text: &str, map: &[Entry]) -> Result<Vec<String>, String> {
        let line = |range: &Range| {
            format!("{} {} {} {}", if range.group { 'g' } else { 'u' }, range.disk, range.host, range.count)
        };
        Ok(of(text, map)?.iter().map(line).collect())
    }

    #[test]
    fn one_id_is_another_on_the_disk_and_the_rest_stays() {
        let lines = shown("u:1000:500:1;g:0:0:1", &idmap::usual()).unwrap();
        assert_eq!(
            lines,
            [
                "u 500 101000 1",
                "u 100000 100000 1000",
                "u 101001 101001 64535",
                "g 0 100000 1",
                "g 100001 100001 65535"
            ]
        );
        // What an entry took on the disk is nobody else's.
        assert_eq!(
            shown("u:0:1000:1", &[]).unwrap(),
            ["u 1000 0 1", "u 1 1 999", "u 1001 1001 4294966294", "g 0 0 4294967295"]
        );
    }

    #[test]
    fn ids_as_inside() {
        assert_eq!(shown("passthrough", &idmap::usual()).unwrap(), ["u 0 100000 65536", "g 0 100000 65536"]);
        assert!(shown("passthrough", &[]).unwrap().is_empty());
        let ranges = of("passthrough", &idmap::usual()).unwrap();
        assert_eq!(disk_root(&ranges, Some(100_000)), Some(0));
        assert_eq!(disk_root(&[], Some(100_000)), Some(100_000));
    }

    #[test]
    fn entries_that_clash_or_lead_nowhere() {
        assert!(shown("u:0:5:10;u:9:50:1", &[]).unwrap_err().contains("overlap"));
        assert!(shown("u:0:5:10;u:20:14:1", &[]).unwrap_err().contains("overlap"));
        assert!(shown("u:70000:5:1", &idmap::usual()).unwrap_err().contains("no id 70000"));
        assert!(shown("u:0:5:99999999999", &[]).is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_two_ids_meet(inside in 0u64..70, disk in 0u64..200, count in 1u64..40, start in 0u64..150) {
            let map = [Entry { kind: Kind::User, inside: 0, host: start, count: 64 },
                Entry { kind: Kind::User, inside: 64, host: 300, count: 64 }];
            let ranges = of(&format!("u:{inside}:{disk}:{count}"), &map).unwrap();
            for side in [|range: &Range| range.disk, |range: &Range| range.host] {
                let mut all: Vec<(u64, u64)> = ranges.iter().map(|range| (side(range), range.count)).collect();
                all.sort_unstable();
                proptest::prop_assert!(all.windows(2).all(|two| two[0].0 + two[0].1 <= two[1].0), "{:?}", ranges);
            }
        }
    }
}
