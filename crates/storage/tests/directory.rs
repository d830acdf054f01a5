//! Storages that are directories, on a real file system.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use host::paths::Paths;
use schema::{StorageId, Vmid};
use storage::location::Location;
use storage::upload::{self, Checksum, UploadedFile};
use storage::{Content, CopyWish, Format, Pace, Storages, VolumeId};
use store::{SqliteStore, Txn};

struct Place {
    storages: Storages,
    local: StorageId,
    root: PathBuf,
    _dir: tempfile::TempDir,
}

async fn place(config: &str) -> Place {
    let dir = tempfile::tempdir().unwrap();
    let store = SqliteStore::temporary().unwrap();
    let paths = Arc::new(Paths::new(dir.path()).unwrap());
    let config = config.replace("ROOT", &dir.path().to_string_lossy());
    let store: Arc<dyn store::Store> = Arc::new(store);
    store.commit(Txn::new().put("storage.cfg", config)).await.unwrap();
    let root = paths.local_storage();
    let storages = Storages::new(paths, store, "n1".parse().unwrap());
    storages.start().await;
    Place { storages, local: "local".parse().unwrap(), root, _dir: dir }
}

fn vmid(id: u32) -> Vmid {
    Vmid::new(id).unwrap()
}

fn id(text: &str) -> VolumeId {
    text.parse().unwrap()
}

fn has_qemu_img() -> bool {
    let there = Path::new("/usr/bin/qemu-img").exists();
    if !there {
        eprintln!("skipped: qemu-img is not installed");
    }
    there
}

#[tokio::test]
async fn volumes_are_made_listed_grown_and_freed() {
    if !has_qemu_img() {
        return;
    }
    let place = place("").await;
    let (storages, local) = (&place.storages, &place.local);
    let raw = storages.allocate(local, vmid(100), None, 4 << 20, None).await.unwrap();
    let qcow2 = storages.allocate(local, vmid(100), Some(Format::Qcow2), 8 << 20, None).await.unwrap();
    let subvol = storages.allocate(local, vmid(101), Some(Format::Subvol), 0, None).await.unwrap();
    assert_eq!(raw.to_string(), "local:100/vm-100-disk-0.raw");
    assert_eq!(qcow2.to_string(), "local:100/vm-100-disk-1.qcow2");
    assert_eq!(subvol.to_string(), "local:101/subvol-101-disk-0.subvol");
    storages.resize(&qcow2, 16 << 20).await.unwrap();
    assert!(storages.resize(&qcow2, 1 << 20).await.unwrap_err().to_string().contains("shrinking"));
    assert_eq!(storages.info(&qcow2).await.unwrap().size, 16 << 20);
    let listed = storages.list(local, Some(Content::Images), Some(vmid(100))).await.unwrap();
    let sizes: Vec<u64> = listed.iter().map(|entry| entry.size).collect();
    assert_eq!(sizes, [4 << 20, 16 << 20]);
    for volume in [&raw, &qcow2, &subvol] {
        storages.free(volume).await.unwrap();
        storages.free(volume).await.unwrap();
    }
    assert_eq!(storages.list(local, None, None).await.unwrap(), []);
    assert_eq!(std::fs::read_dir(place.root.join("images")).unwrap().count(), 0);
}

#[tokio::test]
async fn many_at_once_get_different_names() {
    let place = place("").await;
    let makers = (0..20).map(|_| {
        let (storages, local) = (place.storages.clone(), place.local.clone());
        tokio::spawn(
            async move { storages.allocate(&local, vmid(100), None, 1 << 20, None).await.unwrap().to_string() },
        )
    });
    let mut names = std::collections::BTreeSet::new();
    for maker in makers.collect::<Vec<_>>() {
        names.insert(maker.await.unwrap());
    }
    assert_eq!(names.len(), 20);
}

#[tokio::test]
async fn a_failed_allocation_leaves_nothing() {
    let place = place("dir: small\n\tpath ROOT/small\n\tpreallocation falloc\n").await;
    let small: StorageId = "small".parse().unwrap();
    let error = place.storages.allocate(&small, vmid(100), None, 1 << 50, None).await.unwrap_err();
    assert!(error.to_string().starts_with("storage 'small' is full - no space left"), "{error}");
    let images = place.storages.config(&small).unwrap().directory(Content::Images).unwrap();
    assert_eq!(std::fs::read_dir(images).unwrap().count(), 0);
    let again = place.storages.allocate(&place.local, vmid(100), None, 1 << 20, Some("vm-100-x.raw")).await.unwrap();
    let taken = place.storages.allocate(&place.local, vmid(100), None, 1 << 20, Some("vm-100-x.raw")).await;
    assert_eq!(taken.unwrap_err().to_string(), format!("volume '{again}' already exists"));
    assert!(place.storages.info(&again).await.is_ok());
}

#[tokio::test]
async fn what_a_storage_is_not_for_is_refused() {
    let place = place("dir: isos\n\tpath ROOT/isos\n\tcontent iso\n\ndir: off\n\tpath ROOT/off\n\tdisable 1\n\nrbd: far\n\tpool x\n\ndir: other\n\tpath ROOT/o\n\tnodes n2\n").await;
    let allocate = async |storage: &str, format, size| {
        let storage: StorageId = storage.parse().unwrap();
        place.storages.allocate(&storage, vmid(100), format, size, None).await.unwrap_err().to_string()
    };
    assert_eq!(allocate("isos", None, 1 << 20).await, "storage 'isos' does not support 'images' content");
    assert_eq!(allocate("off", None, 1 << 20).await, "storage 'off' is disabled");
    assert!(allocate("far", None, 1 << 20).await.contains("is of type 'rbd', which this version does not support"));
    assert_eq!(allocate("other", None, 1 << 20).await, "storage 'other' is not available on node 'n1'");
    assert_eq!(allocate("none", None, 1 << 20).await, "storage 'none' does not exist");
    assert!(allocate("local", Some(Format::Subvol), 1 << 20).await.contains("cannot limit the size of directories"));
    assert!(allocate("local", Some(Format::Vmdk), 1 << 20).await.contains("does not support format 'vmdk'"));
    assert!(allocate("local", None, 0).await.contains("cannot have size 0"));
}

#[tokio::test]
async fn no_link_leads_out_of_a_storage() {
    let place = place("").await;
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.iso"), "secret").unwrap();
    symlink(outside.path().join("secret.iso"), place.root.join("template/iso/link.iso")).unwrap();
    symlink(outside.path(), place.root.join("images/100")).unwrap();
    let storages = &place.storages;
    let error = storages.resolve(&id("local:iso/link.iso")).await.unwrap_err().to_string();
    assert!(error.contains("is a link that leads out of storage 'local'"), "{error}");
    assert!(storages.allocate(&place.local, vmid(100), None, 1 << 20, None).await.is_err());
    assert!(storages.free(&id("local:100/secret.raw")).await.is_err());
    // The link itself lies inside, so it can be removed; its target stays.
    storages.free(&id("local:iso/link.iso")).await.unwrap();
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 1);
    assert!(storages.path(&id("local:iso/../../../etc/x.iso")).is_err());
}

#[tokio::test]
async fn an_upload_is_checked_and_then_appears_at_once() {
    let place = place("").await;
    let storages = &place.storages;
    let bring = async |name: &str, content: Content, bytes: &[u8], sum: Option<&str>| {
        let path = storages.temporary(&place.local, content).await.unwrap();
        std::fs::write(&path, bytes).unwrap();
        let file = UploadedFile { path: path.clone(), size: bytes.len() as u64 };
        let checksum = sum.map(|sum| Checksum { algorithm: upload::Algorithm::Sha256, expected: sum.into() });
        let done = upload::finish(storages, file, (&place.local, content, name), checksum, |_| {}).await;
        assert!(!path.exists());
        done.map(|id| id.to_string()).map_err(|error| error.to_string())
    };
    assert_eq!(bring("../a b.iso", Content::Iso, b"x", None).await, Ok("local:iso/a_b.iso".into()));
    assert!(bring("c.iso", Content::Iso, b"x", Some("00")).await.unwrap_err().starts_with("checksum mismatch"));
    assert_eq!(bring("c.tar.zst", Content::Vztmpl, b"no", None).await, Err("'c.tar.zst' is not a zstd archive".into()));
    assert_eq!(bring("c.exe", Content::Iso, b"x", None).await, Err("filename: wrong file extension".into()));
    assert_eq!(std::fs::read_dir(place.root.join("template/iso")).unwrap().count(), 1);
    assert_eq!(std::fs::read_dir(place.root.join("template/cache")).unwrap().count(), 0);
}

#[tokio::test]
async fn an_image_is_copied_with_its_content() {
    if !has_qemu_img() {
        return;
    }
    let place = place("").await;
    let source = place.root.join("import/a.raw");
    std::fs::write(&source, vec![7u8; 1 << 20]).unwrap();
    let image = Location::Path(source);
    let copy = |from: &'static str, format| {
        place.storages.copy_image((&image, from), &place.local, vmid(100), (format, None), Pace::default(), |_| {})
    };
    let raw = copy("raw", Format::Raw).await.unwrap();
    assert_eq!(std::fs::read(place.storages.path(&raw).unwrap()).unwrap(), vec![7u8; 1 << 20]);
    let qcow2 = copy("raw", Format::Qcow2).await.unwrap();
    assert_eq!(place.storages.info(&qcow2).await.unwrap().size, 1 << 20);
    assert!(copy("qcow2", Format::Raw).await.is_err());
    assert_eq!(place.storages.list(&place.local, Some(Content::Images), None).await.unwrap().len(), 2);
}

#[tokio::test]
async fn backups_have_notes_and_protection() {
    let place = place("").await;
    let name = "vzdump-lxc-101-2024_01_31-12_00_00.tar.zst";
    std::fs::write(place.root.join("dump").join(name), "x").unwrap();
    let volume = id(&format!("local:backup/{name}"));
    place.storages.set_attributes(&volume, Some("first\nsecond".into()), Some(true)).await.unwrap();
    let listed = place.storages.list(&place.local, Some(Content::Backup), Some(vmid(101))).await.unwrap();
    assert_eq!(listed[0].notes.as_deref(), Some("first"));
    assert_eq!((listed[0].protected, listed[0].subtype.as_deref()), (Some(true), Some("lxc")));
    let refused = place.storages.free(&volume).await.unwrap_err().to_string();
    assert_eq!(refused, format!("can't remove protected archive '{name}'"));
    place.storages.set_attributes(&volume, None, Some(false)).await.unwrap();
    place.storages.free(&volume).await.unwrap();
    assert_eq!(std::fs::read_dir(place.root.join("dump")).unwrap().count(), 0);
}

#[tokio::test]
async fn the_state_tells_room_and_what_is_wrong() {
    let place =
        place("dir: away\n\tpath ROOT/away\n\tis_mountpoint yes\n\ndir: off\n\tpath ROOT/off\n\tdisable\n").await;
    let statuses = place.storages.statuses().await;
    let names: Vec<(&str, bool, bool)> =
        statuses.iter().map(|(id, status)| (id.as_str(), status.active, status.enabled)).collect();
    assert_eq!(names, [("away", false, true), ("local", true, true), ("off", false, false)]);
    let local = &statuses[1].1;
    assert!(local.total > 0 && local.total == local.used + local.avail);
    assert!(statuses[0].1.reason.is_some());
}

#[tokio::test]
async fn leftovers_of_a_killed_daemon_go_away_at_start() {
    let place = place("").await;
    let temporary = place.storages.temporary(&place.local, Content::Iso).await.unwrap();
    std::fs::write(&temporary, "half").unwrap();
    assert_eq!(place.storages.list(&place.local, None, None).await.unwrap(), []);
    place.storages.start().await;
    assert!(!temporary.exists());
}

/// A server that gives one answer to each of its connections.
async fn server(body: Vec<u8>) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(&[head.as_bytes(), &body].concat()).await;
        }
    });
    format!("http://{address}/a.iso")
}

#[tokio::test]
async fn a_download_is_checked_and_never_overwrites() {
    let place = place("").await;
    let url = server(b"abc".to_vec()).await;
    let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let fetch = async |name: &str, sum: Option<&str>, private: bool| {
        let download = storage::download::Download {
            request: host::http::Request { url: url.clone(), verify: true, private },
            content: Content::Iso,
            filename: name.to_owned(),
            checksum: sum.map(|sum| Checksum { algorithm: upload::Algorithm::Sha256, expected: sum.into() }),
            compression: None,
        };
        let done = download.run(&place.storages, &place.local, |_, _| {}, |_| {}).await;
        done.map(|id| id.to_string()).map_err(|error| error.to_string())
    };
    assert_eq!(fetch("a.iso", Some(sum), true).await, Ok("local:iso/a.iso".into()));
    assert_eq!(fetch("a.iso", Some(sum), true).await, Ok("local:iso/a.iso".into()));
    assert!(fetch("a.iso", None, true).await.unwrap_err().starts_with("refusing to override existing file"));
    assert!(fetch("b.iso", Some("00"), true).await.unwrap_err().starts_with("checksum mismatch"));
    assert!(fetch("b.iso", None, false).await.unwrap_err().starts_with("refusing to connect to '127.0.0.1'"));
    assert_eq!(std::fs::read_dir(place.root.join("template/iso")).unwrap().count(), 1);
}

#[tokio::test]
async fn a_template_volume_is_what_linked_clones_stand_on() {
    if !has_qemu_img() {
        return;
    }
    let place = place("").await;
    let (storages, local) = (&place.storages, &place.local);
    let disk = storages.allocate(local, vmid(100), Some(Format::Qcow2), 4 << 20, None).await.unwrap();
    assert_eq!(storages.base_name(&disk).unwrap(), id("local:100/base-100-disk-0.qcow2"));
    let refused = storages.link(&disk, vmid(101), "vm-101-disk-0.qcow2").await.unwrap_err().to_string();
    assert!(refused.contains("Linked clone feature is not available"), "{refused}");
    let base = storages.make_base(&disk).await.unwrap();
    assert_eq!(base, id("local:100/base-100-disk-0.qcow2"));
    assert!(storages.make_base(&base).await.is_err());
    assert!(storages.info(&disk).await.is_err(), "the old name is gone");

    let clone = storages.link(&base, vmid(101), "vm-101-disk-0.qcow2").await.unwrap();
    assert_eq!(clone, id("local:100/base-100-disk-0.qcow2/101/vm-101-disk-0.qcow2"));
    assert_eq!(storages.info(&clone).await.unwrap().size, 4 << 20);
    assert!(storages.link(&base, vmid(101), "vm-101-disk-0.qcow2").await.is_err(), "the name is taken");
    let listed = storages.list(local, Some(Content::Images), Some(vmid(101))).await.unwrap();
    assert_eq!(listed[0].volid, clone.to_string());
    let refused = storages.free(&base).await.unwrap_err().to_string();
    assert!(refused.contains("still in use by linked clone"), "{refused}");
    assert!(storages.unmake_base(&base).await.is_err());

    // A clone can be a template itself, and copied as a whole.
    let second = storages.make_base(&clone).await.unwrap();
    assert_eq!(second, id("local:100/base-100-disk-0.qcow2/101/base-101-disk-0.qcow2"));
    let third = storages.link(&second, vmid(102), "vm-102-disk-0.qcow2").await.unwrap();
    let name = storages.next_name(local, vmid(103), Format::Raw).await.unwrap();
    let wish = |source, name| CopyWish {
        source,
        snapshot: None,
        target: local,
        vmid: vmid(103),
        format: Format::Raw,
        name,
        pace: Pace::default(),
    };
    let whole = storages.copy_volume(wish(&third, &name), |_| ()).await.unwrap();
    assert_eq!(whole, id("local:103/vm-103-disk-0.raw"));
    assert_eq!(storages.info(&whole).await.unwrap().parent, None);
    // What calls itself free-standing and is not may name any file of the host.
    let posing = storages.resolve(&third).await.unwrap().with_file_name("vm-102-disk-1.qcow2");
    std::fs::copy(storages.resolve(&third).await.unwrap(), posing).unwrap();
    let posing = id("local:102/vm-102-disk-1.qcow2");
    let refused = storages.copy_volume(wish(&posing, "vm-103-disk-1.raw"), |_| ());
    assert!(refused.await.unwrap_err().to_string().contains("wrong information about parent"));

    // A linked clone that gets another owner still finds its base.
    let name = storages.next_name(local, vmid(104), Format::Qcow2).await.unwrap();
    let given = storages.rename(&third, vmid(104), &name).await.unwrap();
    assert_eq!(given, id("local:101/base-101-disk-0.qcow2/104/vm-104-disk-0.qcow2"));
    assert_eq!(given, storages.renamed(&third, vmid(104), &name).unwrap());
    assert_eq!(storages.info(&given).await.unwrap().size, 4 << 20);
    assert!(storages.rename(&second, vmid(104), "vm-104-disk-1.qcow2").await.is_err(), "a base stays");
    assert!(storages.rename(&given, vmid(103), "vm-103-disk-0.raw").await.is_err(), "the name is taken");
    let third = storages.rename(&given, vmid(102), "vm-102-disk-0.qcow2").await.unwrap();

    for volume in [&posing, &third, &second, &whole] {
        storages.free(volume).await.unwrap();
    }
    storages.unmake_base(&base).await.unwrap();
    storages.unmake_base(&base).await.unwrap();
    storages.free(&disk).await.unwrap();
    assert_eq!(storages.list(local, None, None).await.unwrap(), []);
}

#[tokio::test]
async fn a_directory_is_copied_with_owners_links_and_nothing_else() {
    let place = place("").await;
    let (storages, local) = (&place.storages, &place.local);
    let source = storages.allocate(local, vmid(100), Some(Format::Subvol), 0, None).await.unwrap();
    let from = storages.resolve(&source).await.unwrap();
    std::fs::write(from.join("a"), "x").unwrap();
    std::fs::hard_link(from.join("a"), from.join("b")).unwrap();
    symlink("/etc/passwd", from.join("link")).unwrap();
    std::os::unix::fs::chown(&from, Some(100_000), Some(100_000)).unwrap();
    let wish = |format, name| CopyWish {
        source: &source,
        snapshot: None,
        target: local,
        vmid: vmid(101),
        format,
        name,
        pace: Pace::default(),
    };
    let copy = storages.copy_volume(wish(Format::Subvol, "subvol-101-disk-0.subvol"), |_| ()).await.unwrap();
    let to = storages.resolve(&copy).await.unwrap();
    use std::os::unix::fs::MetadataExt as _;
    assert_eq!(std::fs::metadata(&to).unwrap().uid(), 100_000);
    assert_eq!(std::fs::metadata(to.join("a")).unwrap().ino(), std::fs::metadata(to.join("b")).unwrap().ino());
    assert_ne!(std::fs::metadata(to.join("a")).unwrap().ino(), std::fs::metadata(from.join("a")).unwrap().ino());
    assert_eq!(std::fs::read_link(to.join("link")).unwrap(), Path::new("/etc/passwd"));
    assert!(storages.copy_volume(wish(Format::Raw, "vm-101-disk-1.raw"), |_| ()).await.is_err());
    assert_eq!(storages.make_base(&source).await.unwrap(), source, "directories keep their names");
}
