//! What the options of containers do, seen from inside of real ones. Needs root and LXC.

#![allow(clippy::unwrap_used)] // Helpers of tests.

mod lxc_parts;

use std::{os::unix::fs::MetadataExt as _, path::Path};

use guest::{
    lxc::{DestroyOptions, Update},
    qemu::progress::Quiet,
};
use host::run::Run;
use lxc_parts::{Host, can, ip, small_template};
use store::Txn;

const FORCE: DestroyOptions = DestroyOptions { force: true, unreferenced: false };

fn set(options: &[(&str, &str)]) -> Update {
    Update { set: options.iter().copied().collect(), ..Update::default() }
}

#[tokio::test]
async fn devices_variables_and_owners_of_an_unprivileged_container() {
    if !can() {
        return;
    }
    let host = Host::new(7).await;
    let vmid = host.vmid;
    small_template(&host.template("small.tar.zst")).await;
    let shared = host.directory.path().join("shared");
    std::fs::create_dir(&shared).unwrap();
    std::fs::write(shared.join("file"), "").unwrap();
    std::os::unix::fs::chown(&shared, Some(1000), Some(1000)).unwrap();
    std::os::unix::fs::chown(shared.join("file"), Some(1000), Some(1000)).unwrap();
    let bind = format!("{},mp=/mnt,idmap=u:0:1000:1;g:0:1000:1", shared.display());
    let options = [
        ("rootfs", "local:0"),
        ("dev0", "/dev/zero,uid=7,gid=8,mode=0640"),
        ("dev1", "/dev/full,deny-write=1"),
        ("env", "COLOUR=deep blue\0EMPTY="),
        ("mp0", bind.as_str()),
        ("mp1", "local:0.05,mp=/var/own,idmap=passthrough"),
        ("mp2", "local:0,mp=/tmp,keepattrs=1"),
        ("features", "nesting=1"),
    ];
    host.cts.create(&host.notes, host.create("small.tar.zst", &options)).await.unwrap();
    let text = host.cts.get(vmid).unwrap().file.print();
    assert!(text.contains("lxc.environment.runtime: COLOUR=deep blue\nlxc.environment.runtime: EMPTY=\n"), "{text}");

    host.cts.start(&host.notes, vmid, false).await.unwrap();
    assert_eq!(host.exec("stat -c '%u %g %a %t:%T' /dev/zero /dev/full").await.unwrap(), "7 8 640 1:5\n0 0 660 1:7\n");
    host.exec("head -c 10 /dev/full > /dev/null").await.unwrap();
    host.exec("echo x > /dev/full").await.unwrap_err();
    let environment = host.exec("cat /proc/1/environ").await.unwrap();
    assert!(environment.split('\0').any(|variable| variable == "COLOUR=deep blue"), "{environment}");
    assert_eq!(host.exec("stat -c '%u %g' /mnt /mnt/file /var/own").await.unwrap(), "0 0\n0 0\n0 0\n");
    host.exec("echo x > /mnt/new; echo x > /var/own/new").await.unwrap();
    let new = shared.join("new").metadata().unwrap();
    assert_eq!((new.uid(), new.gid()), (1000, 1000), "on the disk it is that user's");
    assert_eq!(host.exec("stat -c %a /tmp").await.unwrap(), "1777\n", "as the archive has it");

    // A new device appears at once, and goes with the next start; what is not there is refused.
    host.cts.update(vmid, set(&[("dev2", "/dev/random,uid=3,mode=0604")])).await.unwrap();
    assert_eq!(host.exec("stat -c '%u %g %a %t:%T' /dev/random").await.unwrap(), "3 0 604 1:8\n");
    host.exec("head -c 3 /dev/random > /dev/null").await.unwrap();
    host.cts.update(vmid, Update { delete: vec!["dev2".into()], ..Update::default() }).await.unwrap();
    assert!(host.cts.get(vmid).unwrap().file.deletions().contains_key("dev2"));
    let refused = host.cts.update(vmid, set(&[("dev3", "/dev/absent")])).await.unwrap_err();
    assert_eq!(refused.to_string(), "dev3: Device /dev/absent does not exist");
    let refused = host.cts.update(vmid, set(&[("features", "mknod=1")])).await.unwrap_err();
    assert!(refused.to_string().contains("mknod in unprivileged"), "{refused}");
    let home = host.paths.lxc_container_dir(vmid);
    assert_eq!(std::fs::read_dir(home.join("devices")).unwrap().count(), 0, "only its own namespace has them");
    host.cts.destroy(&host.notes, vmid, FORCE).await.unwrap();
    host.nothing_left();
}

#[tokio::test]
async fn a_container_inside_needs_nesting() {
    if !can() {
        return;
    }
    let host = Host::new(8).await;
    small_template(&host.template("small.tar.zst")).await;
    host.cts.create(&host.notes, host.create("small.tar.zst", &[("rootfs", "local:0")])).await.unwrap();
    // What every container engine does: a process tree with a /proc of its own.
    let inner = "unshare --user --map-root-user --pid --mount --fork sh -c 'mount -t proc proc /proc && echo $$'";
    host.cts.start(&host.notes, host.vmid, false).await.unwrap();
    host.exec(inner).await.unwrap_err();
    host.cts.stop(&Quiet, host.vmid, false).await.unwrap();
    host.cts.update(host.vmid, set(&[("features", "nesting=1")])).await.unwrap();
    host.cts.start(&host.notes, host.vmid, false).await.unwrap();
    assert_eq!(host.exec(inner).await.unwrap(), "1\n");
    host.cts.destroy(&host.notes, host.vmid, FORCE).await.unwrap();
    host.nothing_left();
}

/// Starts a container whose first interface has a limit; without it where the kernel cannot limit. Tells which.
async fn start_limited(host: &Host, limited: &str) -> bool {
    let vmid = host.vmid;
    match host.cts.start(&host.notes, vmid, false).await {
        Ok(()) => true,
        // Then nothing may go on without its limit.
        Err(err) if err.to_string().contains("unable to limit the rate") => {
            println!("rates are not tried: {err}");
            assert!(host.cts.running(vmid).is_none());
            assert!(!Path::new(&format!("/sys/class/net/veth{vmid}i0")).exists());
            host.cts.update(vmid, set(&[("net0", &limited.replace("rate=1,", ""))])).await.unwrap();
            host.cts.start(&host.notes, vmid, false).await.unwrap();
            false
        }
        Err(err) => panic!("{err}"),
    }
}

/// The first interface has its address, frame size, bridge and (where the kernel can) limits; the second no cable.
async fn check_interfaces(host: &Host, bridge: &str, limits: bool) {
    let vmid = host.vmid;
    let shown = host.exec("ip -o address show dev eth0").await.unwrap();
    assert!(shown.contains("198.51.100.2/24"), "{shown}");
    assert!(host.exec("ip -o link show dev eth0").await.unwrap().contains("mtu 1300"));
    let end = format!("veth{vmid}i0");
    let queues = Run::new("tc").args(["qdisc", "show", "dev", &end]).output().await.unwrap().text();
    assert_eq!(queues.contains("tbf") && queues.contains("ingress"), limits, "both directions: {queues}");
    assert!(Path::new(&format!("/sys/class/net/{bridge}/brif/{end}")).exists());
    let other = std::fs::read_to_string(format!("/sys/class/net/veth{vmid}i1/flags")).unwrap();
    let flags = u32::from_str_radix(other.trim().trim_start_matches("0x"), 16).unwrap();
    assert_eq!(flags & 1, 0, "its cable is not plugged in");
}

async fn trunks_need_a_bridge_that_knows_vlans(host: &Host, bridge: &str) {
    let vmid = host.vmid;
    let end = format!("veth{vmid}i0");
    // A trunk is nothing for a bridge that does not know VLANs: the start says so, and nothing runs.
    host.cts.stop(&Quiet, vmid, false).await.unwrap();
    let trunk = format!("name=eth0,bridge={bridge},trunks=5;6");
    host.cts.update(vmid, set(&[("net0", &trunk)])).await.unwrap();
    let refused = host.cts.start(&host.notes, vmid, false).await.unwrap_err();
    assert!(refused.to_string().contains("not VLAN aware"), "{refused}");
    assert!(host.cts.running(vmid).is_none());
    let aware = ["link", "set", bridge, "type", "bridge", "vlan_filtering", "1"];
    match Run::new("ip").args(aware).output().await {
        Ok(_) => {
            host.cts.start(&host.notes, vmid, false).await.unwrap();
            let vlans = Run::new("bridge").args(["vlan", "show", "dev", &end]).output().await.unwrap().text();
            assert!(vlans.contains(" 5") && vlans.contains(" 6"), "{vlans}");
        }
        Err(err) => println!("VLANs are not tried: {err}"),
    }
}

#[tokio::test]
async fn a_privileged_container_with_a_root_that_nobody_writes() {
    if !can() {
        return;
    }
    let host = Host::new(9).await;
    let vmid = host.vmid;
    small_template(&host.template("small.tar.zst")).await;
    let bridge = format!("plcf{}", vmid.get() % 100_000);
    ip(&format!("link add {bridge} type bridge")).await;
    ip(&format!("link set {bridge} up")).await;
    let limited = format!("name=eth0,bridge={bridge},rate=1,host-managed=1,ip=198.51.100.2/24,mtu=1300");
    let down = format!("name=eth1,bridge={bridge},link_down=1");
    let options = [
        ("unprivileged", "0"),
        ("rootfs", "local:0.2,ro=1,mountoptions=noatime;nosuid"),
        ("mp0", "local:0.05,mp=/var,quota=1"),
        ("dev0", "/dev/full,deny-write=1"),
        ("net0", limited.as_str()),
        ("net1", down.as_str()),
    ];
    host.cts.create(&host.notes, host.create("small.tar.zst", &options)).await.unwrap();
    let limits = start_limited(&host, &limited).await;
    let mounts = host.exec("cat /proc/self/mountinfo").await.unwrap();
    let of = |path: &str| mounts.lines().find(|line| line.split(' ').nth(4) == Some(path)).unwrap().to_owned();
    assert!(of("/").contains(" ro,nosuid,noatime "), "{}", of("/"));
    assert!(of("/var").contains("usrjquota=aquota.user"), "{}", of("/var"));
    host.exec("echo x > /etc/new").await.unwrap_err();
    assert_eq!(host.exec("cat /etc/hostname").await.unwrap(), "small\n", "it was written before");
    host.exec("head -c 10 /dev/full > /dev/null").await.unwrap();
    host.exec("echo x > /dev/full").await.unwrap_err();

    // What no container may open by itself.
    host.exec("test ! -e /dev/kmsg").await.unwrap();
    host.cts.update(vmid, set(&[("dev1", "/dev/kmsg")])).await.unwrap();
    host.exec("test -c /dev/kmsg && exec 3< /dev/kmsg").await.unwrap();

    check_interfaces(&host, &bridge, limits).await;
    trunks_need_a_bridge_that_knows_vlans(&host, &bridge).await;
    host.cts.destroy(&host.notes, vmid, FORCE).await.unwrap();
    ip(&format!("link del {bridge}")).await;
    host.nothing_left();
}

#[tokio::test]
async fn a_map_of_its_own_needs_ids_of_the_host() {
    if !can() {
        return;
    }
    let host = Host::new(5).await;
    let vmid = host.vmid;
    small_template(&host.template("small.tar.zst")).await;
    host.cts.create(&host.notes, host.create("small.tar.zst", &[("rootfs", "local:0")])).await.unwrap();
    let key = format!("nodes/n1/lxc/{vmid}.conf");
    let text = host.cts.get(vmid).unwrap().file.print();
    let map = "lxc.idmap: u 0 100000 1000\nlxc.idmap: g 0 100000 1000\n";
    let foreign = format!("{text}{map}lxc.idmap: u 5000 77777 1\n");
    host.store.commit(Txn::new().put(key.clone(), foreign)).await.unwrap();
    let refused = host.cts.start(&host.notes, vmid, false).await.unwrap_err().to_string();
    assert!(refused.contains("add a line 'root:77777:1' to /etc/subuid"), "{refused}");
    host.store.commit(Txn::new().put(key, format!("{text}{map}"))).await.unwrap();
    host.cts.start(&host.notes, vmid, false).await.unwrap();
    assert_eq!(host.exec("stat -c %u /sbin/init").await.unwrap(), "0\n");
    let pid = host.cts.running(vmid).unwrap().running().init.pid;
    let map = std::fs::read_to_string(format!("/proc/{pid}/uid_map")).unwrap();
    assert_eq!(map.split_whitespace().collect::<Vec<_>>(), ["0", "100000", "1000"]);
    host.cts.destroy(&host.notes, vmid, FORCE).await.unwrap();
    host.nothing_left();
}
