//! Containers on a real LXC, from a template of a few programs of this machine. Needs root.

#![allow(clippy::unwrap_used)] // Helpers of tests.

mod btrfs;
mod lxc_parts;

use std::time::Duration;

use guest::{
    lxc::{CloneWish, CtError, DestroyOptions, ShutdownOptions, Update},
    qemu::progress::Quiet,
    snapshot::SnapshotWish,
};
use host::run::Run;
use lxc_parts::{Host, can, ip, small_template};
use schema::Vmid;

#[tokio::test]
async fn life_of_a_container() {
    if !can() {
        return;
    }
    let host = Host::new(1).await;
    let vmid = host.vmid;
    small_template(&host.template("small.tar.zst")).await;
    let bridge = format!("plct{}", vmid.get() % 100_000);
    ip(&format!("link add {bridge} type bridge")).await;
    // Of the number in full: a bridge that a killed run left has another one.
    let network = format!("10.{}.{}", 64 + vmid.get() / 250 % 64, vmid.get() % 250);
    ip(&format!("addr add {network}.1/24 dev {bridge}")).await;
    ip(&format!("link set {bridge} up")).await;

    let net = format!("name=eth0,bridge={bridge},ip={network}.2/24,gw={network}.1");
    let options = [("net0", net.as_str()), ("rootfs", "local:0.2"), ("cpulimit", "0.5")];
    host.cts.create(&host.notes, host.create("small.tar.zst", &options)).await.unwrap();
    let ct = host.cts.get(vmid).unwrap();
    assert_eq!(ct.file.main.get("ostype"), Some("debian"));
    assert!(ct.file.main.get("net0").unwrap().contains("hwaddr=BC:24:11"));
    assert_eq!(ct.config.lock, None);

    host.cts.start(&host.notes, vmid, false).await.unwrap();
    assert!(matches!(host.cts.start(&host.notes, vmid, false).await, Err(CtError::Running(_))));
    host.exec("while ! cat /tmp/up; do sleep 0.01; done").await.unwrap();
    assert_eq!(host.exec("id -u; hostname; cat /etc/hostname").await.unwrap(), "0\nsmall\nsmall\n");
    assert!(host.exec("cat /etc/shadow").await.unwrap().starts_with("root:$5$"));
    host.exec(&format!("ping -c 5 -i 0.2 -W 5 {network}.1")).await.unwrap();
    host.exec("head -c 9000000 /dev/zero | tail -c 8000000 > /dev/null").await.unwrap();
    host.exec("head -c 200000000 /dev/zero | tail -c 190000000 > /dev/null").await.unwrap_err();

    // A change of the limit is felt at once; one that needs a start waits for it.
    let mut update = Update::default();
    update.set.set("memory", "512");
    update.set.set("tty", "1");
    host.cts.update(vmid, update).await.unwrap();
    host.exec("head -c 200000000 /dev/zero | tail -c 190000000 > /dev/null").await.unwrap();
    assert_eq!(host.cts.get(vmid).unwrap().file.pending.get("tty"), Some("1"));

    let links = host::proc::links().unwrap();
    let sample = host.cts.sample(vmid, &links).unwrap();
    assert!(sample.cpu_time > 0 && sample.mem > 0 && sample.net_in > 0 && sample.max_disk > 0, "{sample:?}");
    assert_eq!((sample.state, sample.max_mem), ("running", 512 << 20));
    host.cts.suspend(vmid).await.unwrap();
    assert_eq!(host.cts.sample(vmid, &links).unwrap().state, "paused");
    host.cts.resume(vmid).await.unwrap();

    // Another manager of the same place, as after a restart of the daemon, finds it running.
    let again = Host::cts(&host.paths, &host.store, &host.storages).await;
    assert!(again.running(vmid).is_some());

    let ask = ShutdownOptions { timeout: Some(30), ..ShutdownOptions::default() };
    host.cts.shutdown(&host.notes, vmid, ask).await.unwrap();
    assert!(host.cts.running(vmid).is_none());
    assert_eq!(host.cts.get(vmid).unwrap().file.main.get("tty"), Some("1"), "what waited is in force");

    host.cts.start(&host.notes, vmid, false).await.unwrap();
    let refused = host.cts.destroy(&host.notes, vmid, DestroyOptions::default()).await.unwrap_err();
    assert!(refused.to_string().contains("is running - destroy failed"), "{refused}");
    let live = host.cts.running(vmid).unwrap();
    host.cts.stop(&Quiet, vmid, false).await.unwrap();
    assert!(live.gone_within(Duration::ZERO).await);
    host.cts.destroy(&host.notes, vmid, DestroyOptions::default()).await.unwrap();
    host.nothing_left();
    ip(&format!("link del {bridge}")).await;
}

#[tokio::test]
async fn a_failed_creation_leaves_nothing() {
    if !can() {
        return;
    }
    let host = Host::new(2).await;
    // The text of another file: refused before anything is made.
    std::fs::write(host.template("text.tar.zst"), "no archive").unwrap();
    let refused = host.cts.create(&host.notes, host.create("text.tar.zst", &[])).await.unwrap_err();
    assert!(refused.to_string().contains("is not an archive"), "{refused}");
    host.nothing_left();
    // It begins like an archive, and ends in the middle.
    small_template(&host.template("whole.tar.zst")).await;
    let whole = std::fs::read(host.template("whole.tar.zst")).unwrap();
    std::fs::write(host.template("half.tar.zst"), &whole[..whole.len() / 2]).unwrap();
    for rootfs in ["local:0.2", "local:0"] {
        let create = host.create("half.tar.zst", &[("rootfs", rootfs)]);
        let failed = host.cts.create(&host.notes, create).await.unwrap_err();
        assert!(failed.to_string().contains("unpacking the archive failed"), "{failed}");
        host.notes.take_back(&host.cts).await;
        host.nothing_left();
    }
    let loops = Run::new("losetup").args(["-n", "-O", "BACK-FILE"]).output().await.unwrap().text();
    assert!(!loops.contains(&*host.directory.path().to_string_lossy()), "{loops}");
}

#[tokio::test]
async fn a_directory_serves_as_root_file_system() {
    if !can() {
        return;
    }
    let host = Host::new(3).await;
    small_template(&host.template("small.tar.zst")).await;
    let create = host.create("small.tar.zst", &[("rootfs", "local:0"), ("protection", "1")]);
    host.cts.create(&host.notes, create).await.unwrap();
    host.cts.start(&host.notes, host.vmid, false).await.unwrap();
    assert!(host.cts.running(host.vmid).is_some(), "{:?}", host.notes.lines);
    let force = DestroyOptions { force: true, unreferenced: true };
    assert!(matches!(host.cts.destroy(&host.notes, host.vmid, force).await, Err(CtError::Protected(_))));
    let update = Update { delete: vec!["protection".into()], ..Update::default() };
    host.cts.update(host.vmid, update).await.unwrap();
    host.cts.destroy(&host.notes, host.vmid, force).await.unwrap();
    host.nothing_left();
}

#[tokio::test]
async fn volumes_and_directories_are_mounted_inside() {
    if !can() {
        return;
    }
    let host = Host::new(6).await;
    let vmid = host.vmid;
    small_template(&host.template("small.tar.zst")).await;
    let shared = host.directory.path().join("shared");
    std::fs::create_dir(&shared).unwrap();
    std::fs::write(shared.join("file"), "of the host\n").unwrap();
    let bind = format!("{},mp=/mnt/host,ro=1", shared.display());
    let options = [
        ("rootfs", "local:0"),
        ("mp0", "local:0.05,mp=/var/data,mountoptions=noexec"),
        ("mp1", "local:0,mp=/srv/plain"),
        ("mp2", bind.as_str()),
    ];
    host.cts.create(&host.notes, host.create("small.tar.zst", &options)).await.unwrap();
    let config = host.cts.get(vmid).unwrap();
    assert!(config.file.main.get("mp0").unwrap().contains("size="), "{}", config.file.print());

    for round in 0..2 {
        host.cts.start(&host.notes, vmid, false).await.unwrap();
        let script = "cat /mnt/host/file; echo kept >> /var/data/x; echo kept >> /srv/plain/x; cat /var/data/x";
        let expected = format!("of the host\n{}", "kept\n".repeat(round + 1));
        assert_eq!(host.exec(script).await.unwrap(), expected);
        host.exec("echo x > /mnt/host/new").await.unwrap_err();
        host.exec("cp /bin/cat /var/data/cat && /var/data/cat /dev/null").await.unwrap_err();
        // What is mounted goes when the container stops, not while somebody uses it.
        let update = Update { delete: vec!["mp0".into()], ..Update::default() };
        host.cts.update(vmid, update).await.unwrap();
        assert!(host.cts.get(vmid).unwrap().file.main.contains("mp0"));
        let update = Update { revert: vec!["mp0".into()], ..Update::default() };
        host.cts.update(vmid, update).await.unwrap();
        host.cts.stop(&Quiet, vmid, false).await.unwrap();
    }
    host.cts.resize(&host.notes, vmid, "mp0", 16 << 20, true).await.unwrap();

    let update = Update { delete: vec!["mp0".into(), "mp2".into()], ..Update::default() };
    host.cts.update(vmid, update).await.unwrap();
    let file = host.cts.get(vmid).unwrap().file.print();
    assert!(file.contains("unused0: local:") && !file.contains("mp0") && !file.contains("mp2"), "{file}");
    let mut update = Update::default();
    update.set.set("mp3", "nowhere:1,mp=/x");
    host.cts.update(vmid, update).await.unwrap_err();
    let update = Update { delete: vec!["unused0".into()], ..Update::default() };
    host.cts.update(vmid, update).await.unwrap();
    let mut update = Update::default();
    update.set.set("mp4", "local:0.05,mp=/late");
    host.cts.update(vmid, update).await.unwrap();
    host.cts.start(&host.notes, vmid, false).await.unwrap();
    host.exec("echo x > /late/x && test ! -e /var/data/x").await.unwrap();
    host.cts.destroy(&host.notes, vmid, DestroyOptions { force: true, unreferenced: true }).await.unwrap();
    host.nothing_left();
    assert!(shared.join("file").exists());
}

#[tokio::test]
async fn a_copy_of_a_container_starts_beside_its_original() {
    if !can() {
        return;
    }
    let host = Host::new(4).await;
    small_template(&host.template("small.tar.zst")).await;
    for (root, next) in [("local:0", 1_u32), ("local:0.1", 2)] {
        let create = host.create("small.tar.zst", &[("rootfs", root), ("hostname", "old")]);
        host.cts.create(&host.notes, create).await.unwrap();
        let newid = Vmid::new(host.vmid.get() + 1000 * next).unwrap();
        let wish = CloneWish {
            newid,
            full: None,
            hostname: Some("new".into()),
            description: None,
            storage: None,
            snapname: None,
            limit: None,
        };
        host.cts.start(&host.notes, host.vmid, false).await.unwrap();
        let refused = host.cts.clone_ct(&host.notes, host.vmid, wish.clone()).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("stop it first"), "{refused}");
        host.cts.stop(&Quiet, host.vmid, false).await.unwrap();
        host.cts.clone_ct(&host.notes, host.vmid, wish.clone()).await.unwrap();
        host.cts.make_template(&host.notes, host.vmid).await.unwrap();
        assert!(matches!(host.cts.start(&host.notes, host.vmid, false).await, Err(CtError::Template)));
        let linked = CloneWish { newid: Vmid::new(newid.get() + 500).unwrap(), ..wish };
        let refused = host.cts.clone_ct(&host.notes, host.vmid, linked).await.unwrap_err().to_string();
        assert!(refused.contains("Linked clone feature for"), "{refused}");
        host.cts.start(&host.notes, newid, false).await.unwrap();
        assert_eq!(host.cts.get(newid).unwrap().config.hostname.as_deref(), Some("new"));
        let force = DestroyOptions { force: true, unreferenced: true };
        for vmid in [host.vmid, newid] {
            host.cts.destroy(&host.notes, vmid, force).await.unwrap();
        }
        host.nothing_left();
    }
}

#[tokio::test]
async fn a_root_file_system_grows() {
    if !can() {
        return;
    }
    let host = Host::new(5).await;
    small_template(&host.template("small.tar.zst")).await;
    let create = host.create("small.tar.zst", &[("rootfs", "local:0.1")]);
    host.cts.create(&host.notes, create).await.unwrap();
    let before = host.cts.get(host.vmid).unwrap().config.rootfs.clone().unwrap();
    host.cts.resize(&host.notes, host.vmid, "rootfs", 64 << 20, true).await.unwrap();
    let after = host.cts.get(host.vmid).unwrap().config.rootfs.clone().unwrap();
    assert_ne!(before.size, after.size);
    let shrunk = host.cts.resize(&host.notes, host.vmid, "rootfs", 1 << 20, false).await.unwrap_err().to_string();
    assert!(shrunk.contains("shrink"), "{shrunk}");
    host.cts.start(&host.notes, host.vmid, false).await.unwrap();
    let running = host.cts.running(host.vmid).unwrap().running();
    let (one, other) = ::host::lxc::root_usage(&running).unwrap();
    let total = one.max(other);
    assert!(total > 130 << 20, "{total}");
    let refused = host.cts.resize(&host.notes, host.vmid, "rootfs", 1 << 20, true).await;
    match refused {
        Ok(()) => assert!(::host::ext4::may_grow_mounted()),
        Err(refused) => assert!(refused.to_string().contains("stop the container first"), "{refused}"),
    }
    let force = DestroyOptions { force: true, unreferenced: true };
    host.cts.destroy(&host.notes, host.vmid, force).await.unwrap();
    host.nothing_left();
}

/// Its file system says that it is in use, as it was when the state was kept; nothing waits for that.
#[tokio::test(flavor = "multi_thread")]
async fn a_state_kept_while_it_runs_starts_again_at_once() {
    let Some(place) = btrfs::Btrfs::new().await.filter(|_| can()) else {
        println!("skipped: no BTRFS on this machine");
        return;
    };
    let host = Host::new(7).await;
    let vmid = host.vmid;
    let text = format!("btrfs: keeps\n\tpath {}\n\tcontent rootdir\n", place.mounted().display());
    let tree = host.store.tree();
    let text = format!("{}\n{text}", tree.text("storage.cfg").unwrap_or_default());
    host.store.commit(store::Txn::new().put("storage.cfg", text)).await.unwrap();
    small_template(&host.template("small.tar.zst")).await;
    host.cts.create(&host.notes, host.create("small.tar.zst", &[("rootfs", "keeps:0.1")])).await.unwrap();
    host.cts.start(&host.notes, vmid, false).await.unwrap();
    host.exec("while ! cat /tmp/up; do sleep 0.01; done; echo kept > /root/file").await.unwrap();
    let wish = SnapshotWish { name: "first".into(), description: None, ram: false };
    host.cts.snapshot(&host.notes, vmid, wish).await.unwrap();
    host.exec("echo changed > /root/file").await.unwrap();

    host.cts.rollback(&host.notes, vmid, "first", false).await.unwrap();
    // The shortest wait that the kernel knows is 11 seconds, twice.
    let started = tokio::time::timeout(Duration::from_secs(10), host.cts.start(&host.notes, vmid, false)).await;
    started.expect("it starts at once").unwrap();
    assert_eq!(host.exec("cat /root/file").await.unwrap(), "kept\n");
    host.cts.stop(&Quiet, vmid, false).await.unwrap();
    host.cts.delete_snapshot(&host.notes, vmid, "first", false).await.unwrap();
    host.cts.destroy(&host.notes, vmid, DestroyOptions::default()).await.unwrap();
}
