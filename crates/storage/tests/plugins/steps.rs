//! What is expected of volumes, whatever the type of their storage.

use std::time::Instant;

use storage::location::Location;
use storage::{Content, CopyWish, Format, Pace, SnapshotChange, VolumeId};

use super::place::{Place, run, vmid};

const SIZE: u64 = 8 << 20;

fn size(format: Format) -> u64 {
    if format == Format::Subvol { 0 } else { SIZE }
}

async fn made(place: &Place, id: u32, format: Format) -> VolumeId {
    place.storages.allocate(&place.storage, vmid(id), Some(format), size(format), None).await.unwrap()
}

/// Made, listed, written, grown, given away, freed.
pub(crate) async fn life(place: &Place, format: Format) {
    let storages = &place.storages;
    let first = made(place, 100, format).await;
    let second = made(place, 100, format).await;
    assert_ne!(first, second);
    let again = storages.volume(&first).unwrap().name;
    let taken = storages.allocate(&place.storage, vmid(100), Some(format), size(format), Some(&again)).await;
    assert_eq!(taken.unwrap_err().to_string(), format!("volume '{first}' already exists"));
    place.write(&first, "one").await;
    place.write(&second, "two").await;
    assert_eq!((place.read(&first).await, place.read(&second).await), ("one".into(), "two".into()));
    let content = if format == Format::Subvol { Content::Rootdir } else { Content::Images };
    let listed = storages.list(&place.storage, Some(Content::Images), Some(vmid(100))).await.unwrap();
    let names: Vec<&str> = listed.iter().map(|entry| entry.volid.as_str()).collect();
    assert_eq!(names, [first.to_string(), second.to_string()], "{content}");
    assert!(listed.iter().all(|entry| entry.format == format.as_str()));
    if format != Format::Subvol {
        assert_eq!(storages.info(&first).await.unwrap().size, SIZE);
        storages.resize(&first, 2 * SIZE).await.unwrap();
        assert_eq!(storages.info(&first).await.unwrap().size, 2 * SIZE);
        assert!(storages.resize(&first, SIZE).await.unwrap_err().to_string().contains("shrinking"));
        let name = storages.next_name(&place.storage, vmid(101), format).await.unwrap();
        let given = storages.rename(&first, vmid(101), &name).await.unwrap();
        assert_eq!(given, storages.renamed(&first, vmid(101), &name).unwrap());
        assert_eq!(place.read(&given).await, "one");
        assert!(storages.resolve(&first).await.is_err());
        storages.free(&given).await.unwrap();
    }
    for volume in [&first, &second] {
        storages.free(volume).await.unwrap();
        storages.free(volume).await.unwrap();
        assert_eq!(
            storages.resolve(volume).await.unwrap_err().to_string(),
            format!("volume '{volume}' does not exist")
        );
    }
    nothing_left(place).await;
}

/// Kept, changed, taken back; the kept state can be read.
pub(crate) async fn snapshots(place: &Place, format: Format) {
    let storages = &place.storages;
    let id = made(place, 100, format).await;
    let change = async |name: &str, change| storages.snapshot(&id, name, change).await;
    if !storages.has_snapshots(&id).unwrap() {
        assert!(change("a1", SnapshotChange::Create).await.is_err());
        return storages.free(&id).await.unwrap();
    }
    place.write(&id, "old").await;
    change("a1", SnapshotChange::Create).await.unwrap();
    assert!(change("a1", SnapshotChange::Create).await.unwrap_err().to_string().contains("already"));
    place.write(&id, "newer").await;
    change("b2", SnapshotChange::Create).await.unwrap();
    place.write(&id, "newest").await;
    let mut names = storages.snapshots(&id).await.unwrap();
    names.sort();
    assert_eq!(names, ["a1", "b2"]);
    if !storages.snapshots_inside(&id).unwrap() {
        let kept = storages.located(&id, Some("a1")).await.unwrap();
        let Location::Path(path) = kept.location else { panic!("no path") };
        assert_eq!(place.text(&path, kept.format).await, "old");
    }
    let listed = storages.list(&place.storage, Some(Content::Images), None).await.unwrap();
    assert_eq!(listed.len(), 1, "snapshots are no volumes: {listed:?}");
    change("b2", SnapshotChange::Apply).await.unwrap();
    assert_eq!(place.read(&id).await, "newer");
    change("b2", SnapshotChange::Delete).await.unwrap();
    change("b2", SnapshotChange::Delete).await.unwrap();
    assert!(change("b2", SnapshotChange::Apply).await.is_err());
    change("a1", SnapshotChange::Apply).await.unwrap();
    assert_eq!(place.read(&id).await, "old");
    place.write(&id, "after").await;
    assert_eq!(place.read(&id).await, "after");
    storages.free(&id).await.unwrap();
    nothing_left(place).await;
}

/// Made a template and back, with linked clones that go their own ways.
pub(crate) async fn templates(place: &Place, format: Format) {
    let storages = &place.storages;
    let id = made(place, 100, format).await;
    if !storages.can_link(&id).unwrap() {
        return storages.free(&id).await.unwrap();
    }
    place.write(&id, "base").await;
    let base = storages.make_base(&id).await.unwrap();
    assert_eq!(base, storages.base_name(&id).unwrap());
    let clone_format = storages.link_format(&base).unwrap();
    let name = storages.next_name(&place.storage, vmid(101), clone_format).await.unwrap();
    let clone = storages.link(&base, vmid(101), &name).await.unwrap();
    assert_eq!(clone, storages.link_name(&base, vmid(101), &name).unwrap());
    assert_eq!(place.read(&clone).await, "base");
    place.write(&clone, "clone").await;
    assert_eq!((place.read(&base).await, place.read(&clone).await), ("base".into(), "clone".into()));
    if storages.check_unlinked(&base).await.is_err() {
        assert!(storages.free(&base).await.unwrap_err().to_string().contains("still in use by linked cloned volume"));
    }
    storages.free(&clone).await.unwrap();
    assert_eq!(storages.unmake_base(&base).await.unwrap(), id);
    place.write(&id, "again").await;
    assert_eq!(place.read(&id).await, "again");
    storages.free(&id).await.unwrap();
    nothing_left(place).await;
}

async fn copied(place: &Place, source: &VolumeId, snapshot: Option<&str>, format: Format) -> VolumeId {
    let storages = &place.storages;
    let name = storages.next_name(&place.storage, vmid(102), format).await.unwrap();
    let wish = CopyWish {
        source,
        snapshot,
        target: &place.storage,
        vmid: vmid(102),
        format,
        name: &name,
        pace: Pace::default(),
    };
    storages.copy_volume(wish, |_| {}).await.unwrap()
}

/// Copied whole, also from a snapshot, and to other formats.
pub(crate) async fn copies(place: &Place, format: Format) {
    let storages = &place.storages;
    let id = made(place, 100, format).await;
    place.write(&id, "kept").await;
    let able = storages.has_snapshots(&id).unwrap();
    if able {
        storages.snapshot(&id, "a1", SnapshotChange::Create).await.unwrap();
        place.write(&id, "now").await;
    }
    let now = place.read(&id).await;
    for wanted in place.formats().into_iter().filter(|wanted| (*wanted == Format::Subvol) == (format == Format::Subvol))
    {
        let copy = copied(place, &id, None, wanted).await;
        assert_eq!(place.read(&copy).await, now, "{format} to {wanted}");
        place.write(&copy, "own").await;
        assert_eq!(place.read(&id).await, now);
        storages.free(&copy).await.unwrap();
        if able {
            let copy = copied(place, &id, Some("a1"), wanted).await;
            assert_eq!(place.read(&copy).await, "kept", "snapshot of {format} to {wanted}");
            storages.free(&copy).await.unwrap();
        }
    }
    storages.free(&id).await.unwrap();
    nothing_left(place).await;
}

/// Work that is dropped at any moment leaves a volume or none; the next start finds nothing that is half.
pub(crate) async fn cut_off(place: &Place, format: Format) {
    let storages = &place.storages;
    for step in 0..12_u32 {
        let moment = std::time::Duration::from_millis(u64::from(step * 2));
        let make = storages.allocate(&place.storage, vmid(100), Some(format), size(format), None);
        let _ = tokio::time::timeout(moment, make).await;
    }
    storages.start().await;
    for entry in storages.list(&place.storage, Some(Content::Images), None).await.unwrap() {
        let id: VolumeId = entry.volid.parse().unwrap();
        assert_eq!(entry.size, size(format));
        place.write(&id, "whole").await;
        storages.free(&id).await.unwrap();
    }
    let id = made(place, 100, format).await;
    if storages.has_snapshots(&id).unwrap() && !storages.snapshots_inside(&id).unwrap() {
        place.write(&id, "old").await;
        storages.snapshot(&id, "a1", SnapshotChange::Create).await.unwrap();
        place.write(&id, "new").await;
        for step in 0..12_u32 {
            let moment = std::time::Duration::from_millis(u64::from(step * 2));
            let _ = tokio::time::timeout(moment, storages.snapshot(&id, "a1", SnapshotChange::Apply)).await;
            assert!(["old", "new"].contains(&place.read(&id).await.as_str()));
        }
        storages.start().await;
        storages.snapshot(&id, "a1", SnapshotChange::Apply).await.unwrap();
        assert_eq!(place.read(&id).await, "old");
    }
    storages.free(&id).await.unwrap();
}

/// Every volume was freed, and nothing else is left.
pub(crate) async fn nothing_left(place: &Place) {
    assert_eq!(place.storages.list(&place.storage, None, None).await.unwrap(), []);
    assert_eq!(place.left(), Vec::<std::path::PathBuf>::new());
}

/// A medium without room.
pub(crate) async fn full(place: &Place) {
    let id = made(place, 100, Format::Subvol).await;
    let path = place.path(&id).await;
    let config = place.storages.config(&place.storage).unwrap();
    let mut config = (*config).clone();
    config.options.preallocation = Some(storage::config::Preallocation::Falloc);
    let plugin = storage::plugin::of(&config).unwrap();
    let big = storage::plugin::NewVolume {
        vmid: vmid(101),
        name: "vm-101-disk-0.raw".into(),
        format: Format::Raw,
        size: 4 << 30,
    };
    let error = plugin.allocate(&config, &big).await.unwrap_err();
    assert!(error.is_full(), "{error}");
    assert!(path.is_dir());
    place.storages.free(&id).await.unwrap();
}

/// A clone of a container's directory with many files costs no more than a moment.
pub(crate) async fn quick(place: &Place) {
    let id = made(place, 100, Format::Subvol).await;
    let path = place.path(&id).await;
    for number in 0..2000 {
        std::fs::write(path.join(format!("f{number}")), vec![7; 4096]).unwrap();
    }
    std::fs::write(path.join("file"), "many").unwrap();
    place.storages.snapshot(&id, "warm", SnapshotChange::Create).await.unwrap();
    let begun = Instant::now();
    let copy = copied(place, &id, None, Format::Subvol).await;
    let took = begun.elapsed();
    eprintln!("clone of a directory with 2001 files: {took:?}");
    assert!(took.as_millis() < 1000, "{took:?}");
    assert_eq!(place.read(&copy).await, "many");
    // Programs in containers make subvolumes, too.
    let inner = place.path(&copy).await.join("inner");
    assert!(run("btrfs", &["subvolume", "create", inner.to_str().unwrap()]).await);
    place.storages.free(&copy).await.unwrap();
    place.storages.free(&id).await.unwrap();
    nothing_left(place).await;
}
