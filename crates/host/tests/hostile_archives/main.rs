//! Archives and images that try to get out, to get more, or to break what reads them. Needs root and LXC.
#![allow(clippy::unwrap_used)] // Helpers of tests.

mod kinds;
mod tape;

use std::{
    collections::BTreeMap,
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
};

use host::{
    archive::{self, ArchiveError, Target},
    layers::{self, Layer},
    lxc::{FIRST_ID, ID_COUNT},
    mount::in_private_namespace,
    run::Run,
};
use kinds::{End, KINDS, bomb_of};
use tape::{Kind, Member, Tape};

/// Whether it can be tried here; says why not.
fn can() -> bool {
    let lxc = Path::new("/usr/bin/lxc-usernsexec").exists();
    let root = std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
    if !(lxc && root) {
        println!("skipped: needs root and LXC");
    }
    lxc && root
}

/// What is there after an archive was unpacked.
pub(crate) struct Found {
    pub(crate) map: Option<u32>,
    /// By name: owner, kind, mode.
    files: BTreeMap<String, String>,
    /// The extended attributes of the file `attr`.
    pub(crate) attributes: String,
}

impl Found {
    pub(crate) fn about(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(String::as_str)
    }
}

/// A folder with one that anybody may write to in it, `open`.
struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        host::subid::reserve(Path::new("/etc")).unwrap();
        let place = Self { directory: tempfile::tempdir().unwrap() };
        std::fs::create_dir_all(place.open()).unwrap();
        std::fs::write(place.open().join("precious"), "precious").unwrap();
        // The user id alone would not stop an archive.
        let all = |mode| <std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(mode);
        for (path, mode) in [("open/precious", 0o666), ("open", 0o777), (".", 0o777)] {
            std::fs::set_permissions(place.directory.path().join(path), all(mode)).unwrap();
        }
        place
    }

    fn open(&self) -> PathBuf {
        self.directory.path().join("open")
    }

    /// Unpacks an archive into a file system of its own of 48 MiB.
    async fn unpack(&self, bytes: &[u8], map: Option<u32>) -> (Result<(), ArchiveError>, Found) {
        let [image, target, path] = ["disk", "target", "archive"].map(|name| self.directory.path().join(name));
        std::fs::write(&path, bytes).unwrap();
        let _ = std::fs::remove_file(&image);
        File::create(&image).unwrap().set_len(48 << 20).unwrap();
        host::mount::make_ext4(&image, map.unwrap_or(0)).await.unwrap();
        std::fs::create_dir_all(&target).unwrap();
        let done = in_private_namespace(move |inside| {
            inside.image(&image, &target, &[]).unwrap();
            let place = Target { path: &target, points: &[], map, reserve: 0 };
            let result = archive::unpack(inside, &path, &place, |_| {});
            let format = "%P\\001%U:%G %y %m\\002";
            let list = Run::new("find").arg(&target).args(["-mindepth", "1", "-printf", format]);
            let text = String::from_utf8_lossy(&inside.run(list).unwrap().stdout).into_owned();
            let entry =
                |entry: &str| entry.split_once('\u{1}').map(|(name, about)| (name.to_owned(), about.to_owned()));
            let files = text.split('\u{2}').filter_map(entry).collect();
            let attributes = Run::new("getfattr").args(["-d", "-m", "-", "-e", "hex"]).arg(target.join("attr"));
            let attributes = inside.run(attributes).map(|output| output.text()).unwrap_or_default();
            (result, Found { map, files, attributes })
        });
        done.await.unwrap()
    }

    fn nothing_outside(&self, name: &str) {
        let open: Vec<_> = std::fs::read_dir(self.open()).unwrap().flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(open, ["precious"], "{name}");
        assert_eq!(std::fs::read_to_string(self.open().join("precious")).unwrap(), "precious", "{name}");
        assert!(!self.directory.path().join("dotdot").exists(), "{name}");
    }
}

#[tokio::test]
async fn archives_stay_in_their_place_and_within_their_ids() {
    if !can() {
        return;
    }
    let place = Place::new();
    let open = place.open().display().to_string();
    let mut wrong = Vec::new();
    for (name, end, make, check) in KINDS {
        for map in [Some(FIRST_ID), None] {
            let (result, found) = place.unpack(&make(&open), map).await;
            place.nothing_outside(name);
            let refused = *end == End::Refused || (*end == End::RefusedMapped && map.is_some());
            if result.is_err() != refused {
                wrong.push(format!("{name} ({map:?}): {result:?}, {:?}", found.files));
            }
            if map.is_some() {
                mapped(name, &found);
            }
            check(&found);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// All belongs to the container, and nothing stands for a device.
fn mapped(name: &str, found: &Found) {
    for (file, about) in &found.files {
        let (owners, rest) = about.split_once(' ').unwrap();
        let own = |id: &str| id.parse::<u32>().is_ok_and(|id| (FIRST_ID..FIRST_ID + ID_COUNT).contains(&id));
        // What mkfs makes is the host's.
        assert!(owners.split(':').all(own) || file == "lost+found", "{name}: {file}: {about}");
        assert!(!rest.starts_with(['b', 'c']), "{name}: {file}: {about}");
    }
}

#[tokio::test]
async fn a_shared_file_system_keeps_its_reserve() {
    if !can() {
        return;
    }
    let place = Place::new();
    let [target, path] = ["target", "archive"].map(|name| place.directory.path().join(name));
    std::fs::create_dir(&target).unwrap();
    // 4 TiB of zeros in 128 MiB would take a while to write; these are 16 GiB.
    std::fs::write(&path, bomb_of(128 << 10)).unwrap();
    let (size, used) = host::mount::filesystem(&target).unwrap();
    let reserve = (size - used) - (256 << 20);
    let inner = target.clone();
    let done = in_private_namespace(move |inside| {
        let place = Target { path: &inner, points: &[], map: None, reserve };
        archive::unpack(inside, &path, &place, |_| {})
    });
    let refused = done.await.unwrap().unwrap_err();
    assert!(matches!(refused, ArchiveError::Full(_)), "{refused}");
    assert!(refused.to_string().contains("must stay free for others"), "{refused}");
}

#[tokio::test]
async fn layers_of_an_image_cannot_reach_what_is_outside() {
    if !can() {
        return;
    }
    let place = Place::new();
    let open = place.open().display().to_string();
    let lower = || {
        let tape = Tape::default().link("out", &open).link("up", "../open").link("disk", "/dev/vda").directory("keep");
        tape.link("precious", &format!("{open}/precious")).whole()
    };
    let gone = ["out/.wh.precious", "up/.wh.precious", "out/.wh..wh..opq", "up/.wh..wh..opq", "../open/.wh.precious"];
    let gone = gone.into_iter().fold(Tape::default(), Tape::file);
    let gone = gone.file(&format!("{open}/.wh..wh..opq")).file("a/../../open/.wh.precious").file("new").whole();
    let writes = Tape::default().file("out/file").file("up/file").file("precious").file("new").whole();
    let kinds = Tape::default().add(Kind::Directory, b"out", b"", &Member::default()).file("out/x").file("new").whole();
    for map in [Some(FIRST_ID), None] {
        for (name, upper) in [("whiteouts", &gone), ("writes", &writes), ("a directory for a link", &kinds)] {
            let target = place.directory.path().join("tree");
            std::fs::create_dir(&target).unwrap();
            std::os::unix::fs::chown(&target, map, map).unwrap();
            let (all, path) = ([lower(), upper.clone()], place.directory.path().join("layers"));
            std::fs::write(&path, all.concat()).unwrap();
            let size = all.each_ref().map(|part| part.len() as u64);
            let parts = [Layer { offset: 0, size: size[0] }, Layer { offset: size[0], size: size[1] }];
            let (file, inner) = (Arc::new(File::open(&path).unwrap()), target.clone());
            let done = in_private_namespace(move |inside| {
                let place = Target { path: &inner, points: &[], map, reserve: 0 };
                layers::apply(inside, &file, &parts, &place, |_| {})
            });
            // Some members are left out with an error; what counts is what is outside.
            let _ = done.await.unwrap();
            place.nothing_outside(name);
            assert!(target.join("keep").exists() && target.join("new").exists(), "{name}");
            std::fs::remove_dir_all(&target).unwrap();
        }
    }
}
