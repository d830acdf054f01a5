//! Each kind of archive that tries something, and what must become of it.

use crate::{
    Found,
    tape::{Kind, Member, Tape, bomb},
};

/// How unpacking ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum End {
    /// All of it is there.
    Whole,
    /// An error tells that it is not.
    Refused,
    /// An error where ids are mapped, all of it where they are not.
    RefusedMapped,
}

/// One kind: its name, how unpacking ends, the archive for a folder outside, and what is looked at further.
pub(crate) type Row = (&'static str, End, fn(&str) -> Vec<u8>, fn(&Found));

pub(crate) const KINDS: &[Row] = &[
    ("names with .. in them", End::Refused, dot_dot, nothing_more),
    ("absolute names", End::Whole, absolute, nothing_more),
    ("a file through a link that leads out", End::Refused, through_link, nothing_more),
    ("a file through a relative link that leads out", End::Refused, through_relative, nothing_more),
    ("a file through a chain of links", End::Refused, through_chain, nothing_more),
    ("a link made in steps below others", End::Refused, step_by_step, nothing_more),
    ("a directory that becomes a link", End::Refused, directory_to_link, nothing_more),
    ("a hard link to a file outside, then its content", End::Refused, hard_link, nothing_more),
    ("a hard link to a link that leads out", End::Refused, hard_link_to_link, nothing_more),
    ("nodes of devices", End::RefusedMapped, devices, nothing_more),
    ("nodes of devices in dev", End::Whole, devices_in_dev, |found| assert!(found.about("dev/mem").is_none())),
    ("a pipe in place of a file", End::Whole, pipe, nothing_more),
    ("files of others that run as their owner", End::RefusedMapped, owners, |found| {
        let about = found.about("setuid").unwrap();
        assert!(about.starts_with(&format!("{0}:{0} ", found.map.unwrap_or(0))), "{about}");
    }),
    ("extended attributes", End::Whole, attributes, attributes_are_filtered),
    ("names with line ends and control characters", End::Whole, names, |found| {
        assert!(found.about("line\nend").is_some() && found.about("-C").is_some());
    }),
    (
        "a name of 300 bytes",
        End::Refused,
        |_| Tape::default().file(&"n".repeat(300)).file("good").whole(),
        nothing_more,
    ),
    ("a path of 6000 bytes", End::Refused, long_path, nothing_more),
    ("kinds that replace each other", End::Refused, kinds, nothing_more),
    ("more than there is room for", End::Refused, |_| bomb_of(2048), nothing_more),
    ("a hole of 1 TiB", End::Whole, hole, |found| assert!(found.about("hole").is_some())),
    ("a size beyond all bounds", End::Refused, |_| sized("9223372036854775807"), nothing_more),
    ("a negative size", End::Refused, |_| sized("-1"), nothing_more),
    ("a name within a record that leads out", End::Refused, path_in_record, nothing_more),
    ("cut off within a header", End::Refused, |_| cut_to(512 + 512 + 300), nothing_more),
    ("cut off within a file", End::Refused, |_| cut_to(512 + 3), nothing_more),
    ("cut off between two members", End::Refused, |_| cut_to(1024), nothing_more),
    ("cut off, and then compressed", End::Refused, |_| bomb(&cut_to(1024), 0), nothing_more),
];

fn nothing_more(_: &Found) {}

fn dot_dot(_: &str) -> Vec<u8> {
    Tape::default().file("../dotdot").file("a/../../dotdot").file("good").whole()
}

fn absolute(open: &str) -> Vec<u8> {
    Tape::default().file(&format!("{open}/absolute")).file("good").whole()
}

fn through_link(open: &str) -> Vec<u8> {
    Tape::default().link("out", open).file("out/link").file("good").whole()
}

fn through_relative(_: &str) -> Vec<u8> {
    Tape::default().link("up", "../open").file("up/relative").file("good").whole()
}

fn through_chain(open: &str) -> Vec<u8> {
    Tape::default().link("a", "b").link("b", "c").link("c", open).file("a/chain").file("good").whole()
}

fn step_by_step(_: &str) -> Vec<u8> {
    Tape::default().link("a", ".").link("a/b", "..").file("b/open/chain").file("good").whole()
}

fn directory_to_link(open: &str) -> Vec<u8> {
    Tape::default().directory("d").link("d", open).file("d/swap").file("good").whole()
}

fn hard_link(open: &str) -> Vec<u8> {
    Tape::default().hard("mine", &format!("{open}/precious")).file("mine").file("good").whole()
}

fn hard_link_to_link(open: &str) -> Vec<u8> {
    Tape::default().link("l", &format!("{open}/precious")).hard("m", "l").hard("m/x", "l/x").file("m").whole()
}

fn node(tape: Tape, kind: Kind, name: &str, device: (u32, u32)) -> Tape {
    tape.add(kind, name.as_bytes(), b"", &Member { mode: 0o666, device, ..Member::default() })
}

fn devices(_: &str) -> Vec<u8> {
    let tape = node(Tape::default(), Kind::Block, "disk", (254, 0));
    node(tape, Kind::Char, "mem", (1, 1)).file("good").whole()
}

fn devices_in_dev(_: &str) -> Vec<u8> {
    let tape = node(Tape::default().directory("./dev"), Kind::Char, "./dev/mem", (1, 1));
    node(tape, Kind::Char, "dev/mem", (1, 1)).file("good").whole()
}

fn pipe(_: &str) -> Vec<u8> {
    node(Tape::default().directory("etc"), Kind::Pipe, "etc/hosts", (0, 0)).file("etc/hosts").whole()
}

fn owners(_: &str) -> Vec<u8> {
    let setuid = Member { mode: 0o6755, ..Member::default() };
    let theirs = Member { owner: (70_000, u32::MAX - 1), ..Member::default() };
    let tape = Tape::default().add(Kind::File, b"setuid", b"x", &setuid);
    tape.add(Kind::File, b"theirs", b"x", &theirs).file("good").whole()
}

fn attributes(_: &str) -> Vec<u8> {
    // Version 2 with CAP_SYS_ADMIN (linux/capability.h).
    let capability = [1, 0, 0, 2, 0, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let pax: [(&str, &[u8]); 5] = [
        ("SCHILY.xattr.security.capability", &capability),
        ("SCHILY.xattr.security.selinux", b"x"),
        ("SCHILY.xattr.trusted.overlay.opaque", b"y"),
        ("SCHILY.xattr.security.ima", b"z"),
        ("SCHILY.xattr.user.fine", b"z"),
    ];
    Tape::default().add(Kind::File, b"attr", b"x", &Member { mode: 0o755, pax: &pax, ..Member::default() }).whole()
}

fn attributes_are_filtered(found: &Found) {
    let text = &found.attributes;
    assert!(text.contains("user.fine"), "{text}");
    for other in ["trusted.", "selinux", "ima"] {
        assert!(!text.contains(other), "{text}");
    }
    // Version 3 with the id of the container's root (100000 is 0x000186a0): no power in other name spaces.
    let capability = text.lines().find_map(|line| line.strip_prefix("security.capability=0x"));
    if found.map.is_some() {
        let bound = |hex: &str| hex.starts_with("01000003") && hex.ends_with("a0860100");
        assert!(capability.is_none_or(bound), "{text}");
    }
}

fn names(_: &str) -> Vec<u8> {
    let other = Tape::default().add(Kind::File, b"\xe4\xff", b"x", &Member::default());
    other.file("line\nend").file("tab\t\x1b[31m\x07").file("--checkpoint-action=exec=touch x").file("-C").whole()
}

fn long_path(_: &str) -> Vec<u8> {
    Tape::default().file(&vec!["d".repeat(200); 30].join("/")).file("good").whole()
}

fn kinds(_: &str) -> Vec<u8> {
    Tape::default().file("x").directory("x").file("x/y").directory("z").file("z/full").file("z").whole()
}

/// A file of so many times 128 KiB.
pub(crate) fn bomb_of(blocks: u32) -> Vec<u8> {
    let size = Some(u64::from(blocks) << 17);
    let head = Tape::default().add(Kind::File, b"zeros", b"", &Member { size, ..Member::default() });
    bomb(&head.cut(), blocks + 1)
}

fn hole(_: &str) -> Vec<u8> {
    // One map entry: nothing at the end of 1 TiB (format of GNU tar, 1.0).
    let pax: [(&str, &[u8]); 4] = [
        ("GNU.sparse.major", b"1"),
        ("GNU.sparse.minor", b"0"),
        ("GNU.sparse.name", b"hole"),
        ("GNU.sparse.realsize", b"1099511627776"),
    ];
    let mut map = b"1\n1099511627776\n0\n".to_vec();
    map.resize(512, 0);
    Tape::default().add(Kind::File, b"GNUSparseFile.0/hole", &map, &Member { pax: &pax, ..Member::default() }).whole()
}

fn sized(size: &str) -> Vec<u8> {
    let pax: [(&str, &[u8]); 1] = [("size", size.as_bytes())];
    Tape::default().add(Kind::File, b"huge", b"x", &Member { pax: &pax, ..Member::default() }).file("good").whole()
}

fn path_in_record(open: &str) -> Vec<u8> {
    let name = format!("../../../../../../../../{open}/record");
    let pax: [(&str, &[u8]); 1] = [("path", name.as_bytes())];
    Tape::default().add(Kind::File, b"x", b"x", &Member { pax: &pax, ..Member::default() }).file("good").whole()
}

fn cut_to(size: usize) -> Vec<u8> {
    let mut whole = Tape::default().file("one").file("two").whole();
    whole.truncate(size);
    whole
}
