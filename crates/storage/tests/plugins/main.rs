//! What every type of storage must do alike, on real media: the same steps for each type that this machine can have.
//! Types that need another machine run the same program there, told by `PLEIAD_TEST_STORAGES` (see `place`).

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod place;
mod steps;

use place::Place;
use storage::Format;

/// Runs all steps on a storage for each of these formats.
async fn all(place: Place, formats: &[Format]) {
    for format in formats {
        eprintln!("{}: {format}", place.storage);
        steps::life(&place, *format).await;
        steps::snapshots(&place, *format).await;
        steps::templates(&place, *format).await;
        steps::copies(&place, *format).await;
        steps::cut_off(&place, *format).await;
        steps::nothing_left(&place).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dir() {
    all(Place::dir().await, &[Format::Raw, Format::Qcow2, Format::Subvol]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn btrfs() {
    let Some(place) = Place::btrfs().await else { return };
    all(place, &[Format::Raw, Format::Subvol]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn btrfs_without_room_says_so_and_keeps_nothing() {
    let Some(place) = Place::btrfs().await else { return };
    steps::full(&place).await;
    steps::nothing_left(&place).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn btrfs_clones_a_container_in_a_moment() {
    let Some(place) = Place::btrfs().await else { return };
    steps::quick(&place).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn btrfs_needs_a_btrfs() {
    let dir = tempfile::tempdir_in("/dev/shm").unwrap();
    let place = Place::new("btrfs: mem\n\tpath ROOT/x\n", "mem", dir, None).await;
    let refused = place.storages.allocate(&place.storage, place::vmid(100), None, 1 << 20, None).await;
    assert!(refused.unwrap_err().to_string().contains("does not lie on a BTRFS"));
}

/// Where the machine has what other types need: `TYPE=section of storage.cfg` with `\n` and `\t` written out.
#[tokio::test(flavor = "multi_thread")]
async fn others() {
    let Ok(wanted) = std::env::var("PLEIAD_TEST_STORAGES") else {
        eprintln!("skipped: PLEIAD_TEST_STORAGES names no storages");
        return;
    };
    for section in wanted.split(';').filter(|section| !section.is_empty()) {
        let place = Place::given(&section.replace("\\n", "\n").replace("\\t", "\t")).await;
        let formats = place.formats();
        all(place, &formats).await;
    }
}
