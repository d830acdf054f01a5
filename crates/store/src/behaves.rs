//! What every store does, whatever it is kept in.
#![cfg(test)]

use std::sync::Arc;
use std::time::Duration;

use schema::{NodeName, Vmid};

use crate::guests::{GuestKind, find_guest, guest_key, list_guests, next_free};
use crate::{ChangeKind, SqliteStore, Store, StoreError, Txn, WatchEvent, edit, edit_both};

const LONG: Duration = Duration::from_secs(30);

#[tokio::test]
async fn sqlite_in_memory_behaves() {
    behaves(Arc::new(SqliteStore::temporary().unwrap())).await;
}

#[tokio::test]
async fn sqlite_in_a_file_behaves() {
    let dir = tempfile::tempdir().unwrap();
    behaves(Arc::new(SqliteStore::open(dir.path().join("store.db")).await.unwrap())).await;
}

async fn behaves(store: Arc<dyn Store>) {
    versions_guard_changes(&*store).await;
    transactions_are_whole(&*store).await;
    guests_are_unique(&*store).await;
    watchers_hear_in_order(&*store).await;
    slow_watchers_are_told(&*store).await;
    concurrent_edits_lose_nothing(store.clone()).await;
    two_keys_change_together(store.clone()).await;
    locks_queue_fairly(store).await;
}

async fn versions_guard_changes(store: &dyn Store) {
    let first = store.commit(Txn::new().expect_absent("a.cfg").put("a.cfg", "1")).await.unwrap();
    let before = store.tree();
    assert_eq!((before.revision(), before.get("a.cfg").unwrap().version), (first, first));
    let second = store.commit(Txn::new().expect_version("a.cfg", first).put("a.cfg", "2")).await.unwrap();
    assert!(second > first);
    assert_eq!((before.text("a.cfg"), store.tree().text("a.cfg")), (Some("1"), Some("2")));

    let stale = store.commit(Txn::new().expect_version("a.cfg", first).put("a.cfg", "3")).await.unwrap_err();
    assert!(matches!(&stale, StoreError::Conflict { key, expected, found: Some(found) }
        if key == "a.cfg" && *expected == first && *found == second));
    assert!(stale.to_string().starts_with("detected modified configuration - file changed by other user? Try again."));
    let there = store.commit(Txn::new().expect_absent("a.cfg").put("a.cfg", "3")).await;
    assert!(matches!(there, Err(StoreError::Exists { .. })));
    let missing = store.commit(Txn::new().expect_present("b.cfg").put("a.cfg", "3")).await;
    assert!(matches!(missing, Err(StoreError::Missing { .. })));
    assert_eq!((store.tree().text("a.cfg"), store.tree().revision()), (Some("2"), second));
}

async fn transactions_are_whole(store: &dyn Store) {
    store.commit(Txn::new().put("w/1", "x").put("w/2", "y")).await.unwrap();
    let before = store.tree().revision();
    for bad in [
        Txn::new().put("w/3", "z").put("../w", "z"),
        Txn::new().put("w/3", "z").put("w/1/below", "z"),
        Txn::new().put("w/3", "z").put("w", "z"),
        Txn::new().delete("w/1").rename("w/none", "w/3"),
        Txn::new().delete("w/1").rename("w/2", "a.cfg"),
        Txn::new().put("w/3", "z").put("w/4", "x".repeat(crate::MAX_TEXT_BYTES + 1)),
    ] {
        assert!(store.commit(bad.clone()).await.is_err(), "{bad:?}");
        assert_eq!(store.tree().revision(), before);
    }
    store.commit(Txn::new().rename("w/2", "w/3").delete("w/1").delete("w/none")).await.unwrap();
    let tree = store.tree();
    let keys: Vec<_> = tree.prefix("w/").map(|(key, entry)| (key, &*entry.text)).collect();
    assert_eq!(keys, [("w/3", "y")]);
    assert_eq!(store.commit(Txn::new().delete("w/none")).await.unwrap(), tree.revision());
}

async fn guests_are_unique(store: &dyn Store) {
    let [a, b]: [NodeName; 2] = ["a", "b"].map(|name| name.parse().unwrap());
    let id = Vmid::new(100).unwrap();
    store.commit(Txn::new().put(guest_key(&a, GuestKind::Qemu, id), "name: x\n")).await.unwrap();
    for (node, kind) in [(&a, GuestKind::Lxc), (&b, GuestKind::Qemu), (&b, GuestKind::Lxc)] {
        let error = store.commit(Txn::new().put(guest_key(node, kind, id), "")).await.unwrap_err();
        assert_eq!(error.to_string(), "VM 100 already exists on node 'a'");
    }
    let moved = Txn::new().rename(guest_key(&a, GuestKind::Qemu, id), guest_key(&b, GuestKind::Qemu, id));
    store.commit(moved).await.unwrap();
    let tree = store.tree();
    assert_eq!(find_guest(&tree, id), Some((b.clone(), GuestKind::Qemu)));
    assert_eq!(
        list_guests(&tree).map(|guest| (guest.vmid, &*guest.entry.text)).collect::<Vec<_>>(),
        [(id, "name: x\n")]
    );
    assert_eq!(next_free(&tree, id, Vmid::new(200).unwrap()), Vmid::new(101));
    assert_eq!(next_free(&tree, id, id), None);
    for key in ["nodes/a/lxc/99.conf", "nodes/a/lxc/100", "nodes/a/qemu-server/x.conf", "nodes/a.b/lxc/100.conf"] {
        assert!(matches!(store.commit(Txn::new().put(key, "")).await, Err(StoreError::BadKey { .. })), "{key}");
    }
    store.commit(Txn::new().delete(guest_key(&b, GuestKind::Qemu, id))).await.unwrap();
    assert_eq!(find_guest(&store.tree(), id), None);
    store.commit(Txn::new().put(guest_key(&a, GuestKind::Lxc, id), "")).await.unwrap();
    store.commit(Txn::new().delete(guest_key(&a, GuestKind::Lxc, id))).await.unwrap();
}

async fn watchers_hear_in_order(store: &dyn Store) {
    let mut watch = store.watch("watched/");
    let revision = store.commit(Txn::new().put("watched/1", "").put("unseen", "").put("watched/2", "")).await.unwrap();
    store.commit(Txn::new().rename("watched/1", "watched/3")).await.unwrap();
    let mut heard = Vec::new();
    for _ in 0..4 {
        let Some(WatchEvent::Changed(change)) = watch.next().await else { panic!("no change") };
        assert!(store.tree().revision() >= change.revision);
        heard.push((change.revision - revision, change.key.to_string(), change.kind));
    }
    let expected =
        [(0, "1", ChangeKind::Put), (0, "2", ChangeKind::Put), (1, "1", ChangeKind::Delete), (1, "3", ChangeKind::Put)];
    assert_eq!(heard, expected.map(|(after, name, kind)| (after, format!("watched/{name}"), kind)));
}

async fn slow_watchers_are_told(store: &dyn Store) {
    let mut watch = store.watch("slow");
    futures_join(store, 3000).await;
    assert_eq!(watch.next().await, Some(WatchEvent::Lagged));
    store.commit(Txn::new().put("slow", "last")).await.unwrap();
    assert!(matches!(watch.next().await, Some(WatchEvent::Changed(change)) if &*change.key == "slow"));
}

/// That many commits, all waiting at once.
async fn futures_join(store: &dyn Store, count: usize) {
    let waiting: Vec<_> = (0..count).map(|n| store.commit(Txn::new().put("slow", n.to_string()))).collect();
    for commit in waiting {
        commit.await.unwrap();
    }
    assert_eq!(store.tree().text("slow"), Some((count - 1).to_string().as_str()));
}

async fn concurrent_edits_lose_nothing(store: Arc<dyn Store>) {
    let editors: Vec<_> = (0..8)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move {
                edit(&*store, "edited", |entry| {
                    Ok::<_, StoreError>(Some(format!("{}{n}", entry.map_or("", |entry| &entry.text))))
                })
                .await
            })
        })
        .collect();
    for editor in editors {
        editor.await.unwrap().unwrap();
    }
    let tree = store.tree();
    let mut digits: Vec<_> = tree.text("edited").unwrap().chars().collect();
    digits.sort_unstable();
    assert_eq!(digits.iter().collect::<String>(), "01234567");
}

async fn two_keys_change_together(store: Arc<dyn Store>) {
    store.commit(Txn::new().put("left", "64").put("right", "0")).await.unwrap();
    let givers = (0..8).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            let number = |key| store.tree().text(key).unwrap().parse::<u32>().unwrap();
            let give = || Ok::<_, StoreError>([(number("left") - 1).to_string(), (number("right") + 1).to_string()]);
            edit_both(&*store, ["left", "right"], give).await
        })
    });
    for giver in givers.collect::<Vec<_>>() {
        giver.await.unwrap().unwrap();
    }
    assert_eq!((store.tree().text("left"), store.tree().text("right")), (Some("56"), Some("8")));
    // An error of the change is no reason to try again, and nothing is written.
    let missing = || StoreError::Missing { key: "left".into() };
    let refused = edit_both(&*store, ["left", "right"], || Err(missing()));
    assert!(refused.await.is_err() && store.tree().text("left") == Some("56"));
}

async fn locks_queue_fairly(store: Arc<dyn Store>) {
    let held = store.lock("vm-100", "root@pam", LONG, LONG).await.unwrap();
    assert_eq!(held.name(), "vm-100");
    let error = store.lock("vm-100", "other", LONG, Duration::from_millis(10)).await.unwrap_err().to_string();
    assert_eq!(error, "can't lock file 'vm-100' - got timeout (held by root@pam for 0 s)");
    let (sender, mut order) = tokio::sync::mpsc::unbounded_channel();
    for n in 0..3_usize {
        let (store, sender) = (store.clone(), sender.clone());
        tokio::spawn({
            let store = store.clone();
            async move {
                let lock = store.lock("vm-100", &n.to_string(), LONG, LONG).await.unwrap();
                sender.send(n).unwrap();
                drop(lock);
            }
        });
        while store.locks()[0].waiting <= n {
            tokio::task::yield_now().await;
        }
    }
    let info = &store.locks()[0];
    assert_eq!((info.owner.as_str(), info.waiting), ("root@pam", 3));
    let free = store.lock("vm-101", "x", LONG, Duration::ZERO).await.unwrap();
    drop((held, free));
    for n in 0..3 {
        assert_eq!(order.recv().await, Some(n));
    }
    while !store.locks().is_empty() {
        tokio::task::yield_now().await;
    }
}
