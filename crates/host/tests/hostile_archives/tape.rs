//! A writer of tar archives that checks nothing (pax format, POSIX.1-2001).

/// What a member is, with its letter in the header.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    File = b'0' as isize,
    Hard = b'1' as isize,
    Link = b'2' as isize,
    Char = b'3' as isize,
    Block = b'4' as isize,
    Directory = b'5' as isize,
    Pipe = b'6' as isize,
}

/// An archive that grows.
#[derive(Default)]
pub(crate) struct Tape(Vec<u8>);

/// A member before it is written.
pub(crate) struct Member<'a> {
    pub(crate) mode: u32,
    pub(crate) owner: (u32, u32),
    pub(crate) device: (u32, u32),
    pub(crate) link: &'a str,
    /// What the header says; the size of the data where it says nothing.
    pub(crate) size: Option<u64>,
    /// Records before it.
    pub(crate) pax: &'a [(&'a str, &'a [u8])],
}

impl Default for Member<'_> {
    fn default() -> Self {
        Self { mode: 0o644, owner: (0, 0), device: (0, 0), link: "", size: None, pax: &[] }
    }
}

impl Tape {
    pub(crate) fn file(self, name: &str) -> Self {
        self.add(Kind::File, name.as_bytes(), b"hostile", &Member::default())
    }

    pub(crate) fn directory(self, name: &str) -> Self {
        self.add(Kind::Directory, name.as_bytes(), b"", &Member { mode: 0o755, ..Member::default() })
    }

    pub(crate) fn link(self, name: &str, link: &str) -> Self {
        self.add(Kind::Link, name.as_bytes(), b"", &Member { link, ..Member::default() })
    }

    pub(crate) fn hard(self, name: &str, link: &str) -> Self {
        self.add(Kind::Hard, name.as_bytes(), b"", &Member { link, ..Member::default() })
    }

    /// Writes a member; a name or target that is too long for the header goes into a record.
    pub(crate) fn add(mut self, kind: Kind, name: &[u8], data: &[u8], member: &Member<'_>) -> Self {
        let mut records: Vec<u8> = member.pax.iter().flat_map(|(key, value)| record(key, value)).collect();
        if name.len() > 100 {
            records.extend(record("path", name));
        }
        if member.link.len() > 100 {
            records.extend(record("linkpath", member.link.as_bytes()));
        }
        if !records.is_empty() {
            self.0.extend(header(b'x', b"records", records.len() as u64, &Member::default()));
            self.data(&records);
        }
        self.0.extend(header(kind as u8, name, member.size.unwrap_or(data.len() as u64), member));
        self.data(data);
        self
    }

    fn data(&mut self, data: &[u8]) {
        self.0.extend(data);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
    }

    /// What is written so far, without an end.
    pub(crate) fn cut(self) -> Vec<u8> {
        self.0
    }

    /// The archive with its end.
    pub(crate) fn whole(mut self) -> Vec<u8> {
        self.0.resize(self.0.len() + 1024, 0);
        self.0
    }
}

fn record(key: &str, value: &[u8]) -> Vec<u8> {
    // Its length counts its own digits.
    let rest = key.len() + value.len() + 3;
    let mut length = rest;
    while length != rest + length.to_string().len() {
        length = rest + length.to_string().len();
    }
    [format!("{length} {key}=").as_bytes(), value, b"\n"].concat()
}

fn header(kind: u8, name: &[u8], size: u64, member: &Member<'_>) -> [u8; 512] {
    let mut block = [0; 512];
    let mut put = |at: usize, room: usize, bytes: &[u8]| {
        let bytes = &bytes[..bytes.len().min(room)];
        block[at..at + bytes.len()].copy_from_slice(bytes);
    };
    put(0, 100, name);
    put(100, 8, format!("{:07o}", member.mode).as_bytes());
    number(&mut put, (108, 8), u64::from(member.owner.0));
    number(&mut put, (116, 8), u64::from(member.owner.1));
    number(&mut put, (124, 12), size);
    put(136, 12, b"00000000000");
    put(148, 8, b"        ");
    put(156, 1, &[kind]);
    put(157, 100, member.link.as_bytes());
    put(257, 8, b"ustar\x0000");
    put(329, 8, format!("{:07o}", member.device.0).as_bytes());
    put(337, 8, format!("{:07o}", member.device.1).as_bytes());
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// Octal where it fits, otherwise binary with the first bit set.
fn number(put: &mut impl FnMut(usize, usize, &[u8]), (at, room): (usize, usize), value: u64) {
    let text = format!("{value:0width$o}", width = room - 1);
    if text.len() < room {
        return put(at, room, text.as_bytes());
    }
    put(at, 1, &[0x80]);
    put(at + room - 8, 8, &value.to_be_bytes());
    if room == 8 {
        put(at, 1, &[0x80]);
    }
}

/// A zstd frame (RFC 8878) with `head` as it is and then so many times 128 KiB of zeros, four bytes each.
pub(crate) fn bomb(head: &[u8], blocks: u32) -> Vec<u8> {
    let block = |last: u32, kind: u32, size: u32| (last | kind << 1 | size << 3).to_le_bytes()[..3].to_vec();
    // No size, no sum; a window of 128 KiB.
    let mut out = vec![0x28, 0xb5, 0x2f, 0xfd, 0, 7 << 3];
    out.extend(block(0, 0, head.len() as u32));
    out.extend(head);
    for number in 1..=blocks {
        out.extend(block(u32::from(number == blocks), 1, 128 << 10));
        out.push(0);
    }
    out
}
