//! Appliances in one file (OVA): a tar archive of a description and disks, which are read where they lie.

use std::io::{Read, Seek, SeekFrom};

/// Bytes of a block of the archive.
const BLOCK: u64 = 512;
/// Most members that are looked at.
const MEMBERS: usize = 1000;
/// Longest name or attributes in blocks of their own, bytes.
const LONG: u64 = 64 << 10;

/// A file in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Where its content begins, bytes.
    pub offset: u64,
    /// How long it is, bytes.
    pub size: u64,
}

/// The regular files of a tar archive (ustar, with the long names of GNU and POSIX), without a look at their content.
///
/// # Errors
/// When it is no such archive, or is cut off.
pub fn members(archive: &mut (impl Read + Seek)) -> Result<Vec<Member>, String> {
    let io = |error: std::io::Error| format!("the archive cannot be read: {error}");
    let end = archive.seek(SeekFrom::End(0)).map_err(io)?;
    let (mut at, mut found, mut given) = (0_u64, Vec::new(), Given::default());
    while at + BLOCK <= end {
        let mut header = [0; BLOCK as usize];
        archive.seek(SeekFrom::Start(at)).map_err(io)?;
        archive.read_exact(&mut header).map_err(io)?;
        if header.iter().all(|byte| *byte == 0) {
            break;
        }
        check(&header)?;
        let declared = number(&header[124..136]).ok_or("the archive has a member without a size")?;
        let kind = header[156];
        let plain = matches!(kind, b'0' | 0 | b'7');
        let size = if plain { given.size.unwrap_or(declared) } else { declared };
        let offset = at + BLOCK;
        let next = size.checked_next_multiple_of(BLOCK).and_then(|length| offset.checked_add(length));
        let next = next.filter(|_| offset + size.min(end) <= end && size <= end);
        let next = next.ok_or("the archive is cut off in the middle of a member")?;
        match kind {
            b'L' | b'x' | b'g' => {
                let mut text = vec![0; usize::try_from(size.min(LONG)).unwrap_or(0)];
                archive.read_exact(&mut text).map_err(io)?;
                given.read(kind, &text);
            }
            _ if plain => {
                let name = given.name.take().unwrap_or_else(|| short_name(&header));
                found.push(Member { name: name.trim_start_matches("./").to_owned(), offset, size });
                given = Given::default();
            }
            _ => given = Given::default(),
        }
        if found.len() > MEMBERS {
            return Err(format!("the archive has more than {MEMBERS} members"));
        }
        at = next;
    }
    Ok(found)
}

/// What blocks before a member's own say of it.
#[derive(Default)]
struct Given {
    name: Option<String>,
    size: Option<u64>,
}

impl Given {
    fn read(&mut self, kind: u8, text: &[u8]) {
        let text = String::from_utf8_lossy(text);
        match kind {
            b'L' => self.name = Some(text.trim_end_matches('\0').to_owned()),
            // `LENGTH KEY=VALUE\n`; what holds for all members is neither name nor size.
            b'x' => {
                let pairs = text.lines().filter_map(|line| line.split_once(' ')?.1.split_once('='));
                for (key, value) in pairs {
                    match key {
                        "path" => self.name = Some(value.to_owned()),
                        "size" => self.size = value.parse().ok(),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

/// The sum of a header's bytes tells whether it is one.
fn check(header: &[u8; BLOCK as usize]) -> Result<(), String> {
    let sum: u64 =
        header.iter().enumerate().map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u64::from(*byte) }).sum();
    if number(&header[148..156]) == Some(sum) { Ok(()) } else { Err("the file is no tar archive".to_owned()) }
}

/// A number in octal digits, or in GNU's way in plain bytes after a first one of 128.
fn number(field: &[u8]) -> Option<u64> {
    if let Some((128, rest)) = field.split_first() {
        return rest.iter().try_fold(0_u64, |sum, byte| sum.checked_mul(256)?.checked_add(u64::from(*byte)));
    }
    let text = std::str::from_utf8(field).ok()?.trim_matches(['\0', ' ']);
    u64::from_str_radix(text, 8).ok()
}

fn short_name(header: &[u8; BLOCK as usize]) -> String {
    let text = |field: &[u8]| {
        let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
        String::from_utf8_lossy(&field[..end]).into_owned()
    };
    let (name, before) = (text(&header[..100]), text(&header[345..500]));
    let ustar = &header[257..263] == b"ustar\0";
    if ustar && !before.is_empty() { format!("{before}/{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use proptest::prelude::*;

    fn header(name: &str, size: &str, kind: u8) -> Vec<u8> {
        let mut block = vec![0; 512];
        block[..name.len()].copy_from_slice(name.as_bytes());
        block[124..124 + size.len()].copy_from_slice(size.as_bytes());
        block[156] = kind;
        block[257..263].copy_from_slice(b"ustar\0");
        block[148..156].copy_from_slice(b"        ");
        let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
        block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        block
    }

    fn padded(text: &str) -> Vec<u8> {
        let mut bytes = text.as_bytes().to_vec();
        bytes.resize(text.len().next_multiple_of(512), 0);
        bytes
    }

    #[test]
    fn members_are_found_where_they_lie() {
        let long = "b".repeat(150) + ".vmdk";
        let archive = [
            header("./a.ovf", "5", b'0'),
            padded("hello"),
            header("link", "0", b'2'),
            header("long", &format!("{:o}", long.len()), b'L'),
            padded(&long),
            header("bbb", "1", 0),
            padded("x"),
            header("pax", "26", b'x'),
            padded("14 path=c.raw\n9 size=2\n"),
            header("short", "0", b'0'),
            padded("yy"),
            vec![0; 1024],
        ]
        .concat();
        let found = members(&mut Cursor::new(&archive)).unwrap();
        let shown: Vec<_> = found.iter().map(|member| (member.name.as_str(), member.offset, member.size)).collect();
        assert_eq!(shown, [("a.ovf", 512, 5), (long.as_str(), 3072, 1), ("c.raw", 5120, 2)]);
    }

    #[test]
    fn what_is_damaged_is_refused() {
        assert!(members(&mut Cursor::new(vec![7; 1024])).is_err());
        assert!(members(&mut Cursor::new(header("a", "77777777777", b'0'))).unwrap_err().contains("cut off"));
        let mut endless = header("a", "", b'0');
        endless[124..136].copy_from_slice(&[128, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255]);
        assert!(members(&mut Cursor::new(endless)).is_err());
        assert_eq!(members(&mut Cursor::new(Vec::new())), Ok(vec![]));
    }

    proptest! {
        #[test]
        fn no_archive_is_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..2000), kind in any::<u8>(), size in "[0-9 ]{0,11}") {
            let _ = members(&mut Cursor::new(&bytes));
            let archive = [header("x", &size, kind), bytes].concat();
            let length = archive.len() as u64;
            for member in members(&mut Cursor::new(&archive)).unwrap_or_default() {
                prop_assert!(member.offset + member.size <= length);
            }
        }
    }
}
