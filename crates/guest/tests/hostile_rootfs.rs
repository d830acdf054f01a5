//! Root file systems whose links lead to the host, through all that is done with them. Needs root and LXC.

#![allow(clippy::unwrap_used)] // Helpers of tests.

mod lxc_parts;

use std::{
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
};

use guest::{
    lxc::{DestroyOptions, Update},
    qemu::progress::Quiet,
};
use lxc_parts::{Host, can, template_with};

/// Paths inside that are links to the folder outside, or to a file in it: `path>file`.
const LINKS: &[&[&str]] = &[
    &["etc"],
    &["etc/hostname>hostname", "etc/hosts>hosts", "etc/resolv.conf>resolv.conf", "etc/shadow>shadow"],
    &["etc/network", "etc/ssh", "etc/systemd", "root/.ssh", "etc/localtime>localtime", "etc/timezone>timezone"],
    &["root", "var", "srv", "mnt"],
    &["proc", "usr"],
    &["sys"],
    &["dev"],
    &["run", "tmp", "var"],
];

/// A folder that anybody may write to, with files that set-up would like to write.
struct Victim(std::path::PathBuf);

impl Victim {
    const FILES: [&str; 7] =
        ["hostname", "hosts", "resolv.conf", "shadow", "interfaces", "localtime", "authorized_keys"];

    fn new(path: std::path::PathBuf) -> Self {
        std::fs::create_dir(&path).unwrap();
        for name in Self::FILES {
            std::fs::write(path.join(name), name).unwrap();
            std::fs::set_permissions(path.join(name), std::fs::Permissions::from_mode(0o666)).unwrap();
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o777)).unwrap();
        Self(path)
    }

    fn untouched(&self, when: &str) {
        let mut names: Vec<_> = std::fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        let mut expected = Self::FILES;
        names.sort();
        expected.sort_unstable();
        assert_eq!(names, expected, "{when}");
        for name in Self::FILES {
            assert_eq!(std::fs::read_to_string(self.0.join(name)).unwrap(), name, "{when}");
            let mode = std::fs::metadata(self.0.join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o7777, 0o666, "{when}: {name}");
        }
    }
}

fn links(tree: &Path, paths: &[&str], target: &str) {
    for entry in paths {
        let (path, file) =
            entry.split_once('>').map_or((*entry, String::new()), |(path, file)| (path, format!("/{file}")));
        let path = tree.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        if path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
            std::fs::remove_dir_all(&path).unwrap();
        } else if path.symlink_metadata().is_ok() {
            std::fs::remove_file(&path).unwrap();
        }
        symlink(format!("{target}{file}"), path).unwrap();
    }
}

#[tokio::test]
async fn links_of_a_root_file_system_lead_nowhere() {
    if !can() {
        return;
    }
    let host = Host::new(71).await;
    let outside = tempfile::tempdir().unwrap();
    std::fs::set_permissions(outside.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let victim = Victim::new(outside.path().join("victim"));
    let absolute = victim.0.display().to_string();
    let targets = [absolute.clone(), format!("{}{absolute}", "../".repeat(12).trim_end_matches('/'))];
    for (number, paths) in LINKS.iter().enumerate() {
        for unprivileged in ["1", "0"] {
            let target = &targets[(number + usize::from(unprivileged == "1")) % 2];
            let what = format!("{paths:?} -> {target}, unprivileged {unprivileged}");
            template_with(&host.template("hostile.tar.zst"), &[], |tree| links(tree, paths, target)).await;
            through_its_life(&host, &victim, unprivileged, &what).await;
        }
    }
}

/// Other users of the host reach nothing below: programs in there may run as their owner, and nodes stand for devices.
fn closed(directory: &Path) {
    let mode = std::fs::metadata(directory).unwrap().permissions().mode();
    assert_eq!(mode & 0o007, 0, "{}: {mode:o}", directory.display());
}

/// Everything that is done with a container's files; what fails may fail, but only inside.
async fn through_its_life(host: &Host, victim: &Victim, unprivileged: &str, what: &str) {
    let options = [
        ("rootfs", "local:0"),
        ("unprivileged", unprivileged),
        ("mp0", "local:0,mp=/srv/inner"),
        ("nameserver", "192.0.2.1"),
        ("timezone", "Europe/Athens"),
    ];
    let mut create = host.create("hostile.tar.zst", &options);
    create.ssh_keys =
        Some("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvbyBiYXIgYmF6IHF1eCBmb28gYmFyIGJheiBxdXg= me".into());
    let created = host.cts.create(&host.notes, create).await;
    victim.untouched(&format!("created: {what}"));
    if created.is_err() {
        host.notes.take_back(&host.cts).await;
        host.nothing_left();
        return;
    }
    host.notes.records.lock().unwrap().clear();
    for round in ["first", "second"] {
        let started = host.cts.start(&host.notes, host.vmid, false).await;
        victim.untouched(&format!("{round} start: {what}: {started:?}"));
        if started.is_ok() {
            let mut update = Update::default();
            update.set.set("hostname", &format!("other{round}"));
            update.set.set("nameserver", "192.0.2.2");
            host.cts.update(host.vmid, update).await.unwrap();
            victim.untouched(&format!("{round} change: {what}"));
            let _ = host.cts.stop(&Quiet, host.vmid, false).await;
        }
    }
    if host.cts.mount(host.vmid).await.is_ok() {
        closed(&host.paths.lxc_container_dir(host.vmid));
        host.cts.unmount(host.vmid).await.unwrap();
    }
    closed(&host.paths.local_storage().join("images").join(host.vmid.to_string()));
    let _ = host.cts.filled(host.vmid).await;
    victim.untouched(&format!("looked into: {what}"));
    let force = DestroyOptions { force: true, unreferenced: true };
    host.cts.destroy(&host.notes, host.vmid, force).await.unwrap();
    victim.untouched(&format!("destroyed: {what}"));
    host.nothing_left();
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap();
    assert!(!mounts.contains(&*victim.0.to_string_lossy()), "{what}");
}
