use super::*;
use crate::config_file::{Dialect, GuestFile};

fn host(cgroups: Mode) -> Host {
    Host {
        lxc: 5,
        own_environment: false,
        cgroups,
        apparmor: false,
        swap: true,
        processes: Some(16_384),
        includes: BTreeSet::new(),
        directory: "/var/lib/lxc".into(),
        seccomp: "2\ndenylist\n[all]\n".into(),
    }
}

fn make(text: &str, host: &Host) -> Result<Plan, String> {
    let file = GuestFile::parse(Dialect::Lxc, text);
    let null = Device { block: false, major: 1, minor: 3 };
    let disk = Device { block: true, major: 8, minor: 1 };
    let found = Found { cpus: Some("0,1".into()), devices: [(0, null), (1, disk)].into() };
    plan(100, &CtConfig::read(&file.main), &file.main.raw, host, &found, |_| Some(1500))
}

/// The lines of a plan that hold any of these.
fn lines(plan: &Plan, parts: &[&str]) -> String {
    let wanted = |line: &&str| parts.iter().any(|part| line.contains(part));
    plan.config.lines().filter(wanted).collect::<Vec<_>>().join("\n")
}

const USUAL: &str = "arch: amd64\ncores: 2\ncpulimit: 1.5\ncpuunits: 200\nhostname: web\nmemory: 1024\n\
    net0: name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:01,ip=dhcp,type=veth\nostype: debian\n\
    rootfs: local:100/vm-100-disk-0.raw,size=4G\nswap: 512\nunprivileged: 1\n";

#[test]
fn unprivileged_on_v2() {
    insta::assert_snapshot!(make(USUAL, &host(Mode::Unified)).unwrap().config, @r"
    lxc.cgroup.relative = 0
    lxc.cgroup.dir.monitor = lxc.monitor/100
    lxc.cgroup.dir.container = lxc/100
    lxc.cgroup.dir.container.inner = ns
    lxc.arch = amd64
    lxc.include = /usr/share/lxc/config/common.conf
    lxc.include = /usr/share/lxc/config/userns.conf
    lxc.seccomp.profile = /var/lib/lxc/100/rules.seccomp
    lxc.mount.auto = sys:mixed
    lxc.monitor.unshare = 1
    lxc.idmap = u 0 100000 65536
    lxc.idmap = g 0 100000 65536
    lxc.tty.max = 2
    lxc.environment = TERM=linux
    lxc.uts.name = web
    lxc.cgroup2.memory.max = 1073741824
    lxc.cgroup2.memory.high = 1065353216
    lxc.cgroup2.memory.swap.max = 536870912
    lxc.cgroup2.cpu.max = 150000 100000
    lxc.cgroup2.pids.max = 16384
    lxc.cgroup2.cpu.weight = 200
    lxc.rootfs.path = /var/lib/lxc/100/rootfs
    lxc.net.0.type = veth
    lxc.net.0.veth.pair = veth100i0
    lxc.net.0.hwaddr = BC:24:11:00:00:01
    lxc.net.0.name = eth0
    lxc.net.0.mtu = 1500
    lxc.net.0.link = vmbr0
    lxc.cgroup2.cpuset.cpus = 0,1
    ");
}

#[test]
fn limits_on_v1() {
    let plan = make(USUAL, &host(Mode::Legacy)).unwrap();
    let lines: Vec<&str> = plan.config.lines().filter(|line| line.contains("lxc.cgroup")).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    lxc.cgroup.relative = 0
    lxc.cgroup.dir.monitor = lxc.monitor/100
    lxc.cgroup.dir.container = lxc/100
    lxc.cgroup.dir.container.inner = ns
    lxc.cgroup.memory.limit_in_bytes = 1073741824
    lxc.cgroup.memory.memsw.limit_in_bytes = 1610612736
    lxc.cgroup.cpu.cfs_period_us = 100000
    lxc.cgroup.cpu.cfs_quota_us = 150000
    lxc.cgroup.pids.max = 16384
    lxc.cgroup.cpu.shares = 2048
    lxc.cgroup.cpuset.cpus = 0,1
    ");
    assert!(!plan.config.contains("cgroup2"));
    let plan = make(USUAL, &Host { swap: false, ..host(Mode::Legacy) }).unwrap();
    assert!(!plan.config.contains("memsw") && plan.warnings[0].contains("swapaccount=1"), "{:?}", plan.warnings);
}

#[test]
fn privileged_with_apparmor_and_its_own_includes() {
    let mut host = host(Mode::Unified);
    host.apparmor = true;
    host.includes = ["debian.common.conf".to_owned()].into();
    let text = "ostype: debian\nfeatures: nesting=1,fuse=1\nentrypoint: /bin/app --x\nconsole: 0\ntty: 0\n";
    let plan = make(text, &host).unwrap();
    assert_eq!(plan.map, None);
    assert!(!plan.seccomp.contains("keyctl") && plan.seccomp.contains("kexec_file_load"), "{}", plan.seccomp);
    insta::assert_snapshot!(plan.config, @r"
    lxc.cgroup.relative = 0
    lxc.cgroup.dir.monitor = lxc.monitor/100
    lxc.cgroup.dir.container = lxc/100
    lxc.cgroup.dir.container.inner = ns
    lxc.arch = amd64
    lxc.include = /usr/share/lxc/config/debian.common.conf
    lxc.seccomp.profile = /var/lib/lxc/100/rules.seccomp
    lxc.apparmor.profile = generated
    lxc.apparmor.raw = allow mqueue,
    lxc.apparmor.allow_nesting = 1
    lxc.apparmor.raw = allow userns,
    lxc.apparmor.raw = mount fstype=fuse,
    lxc.mount.entry = /dev/fuse dev/fuse none bind,create=file 0 0
    lxc.mount.entry = shm dev/shm tmpfs rw,nosuid,nodev,create=dir 0 0
    lxc.monitor.unshare = 1
    lxc.console.path = none
    lxc.cgroup2.devices.deny = c 5:1 rwm
    lxc.tty.max = 0
    lxc.environment = TERM=linux
    lxc.uts.name = CT100
    lxc.cgroup2.memory.max = 536870912
    lxc.cgroup2.memory.high = 532676608
    lxc.cgroup2.memory.swap.max = 0
    lxc.cgroup2.pids.max = 16384
    lxc.rootfs.path = /var/lib/lxc/100/rootfs
    lxc.init.cmd = /bin/app --x
    lxc.cgroup2.cpuset.cpus = 0,1
    ");
}

#[test]
fn system_calls_of_unprivileged_containers() {
    let rules = make(USUAL, &host(Mode::Unified)).unwrap().seccomp;
    assert!(
        rules.starts_with(
            "2\ndenylist\n[all]\nkexec_file_load errno 1\nswapon errno 1\nswapoff errno 1\nkeyctl errno 38\n"
        ),
        "{rules}"
    );
    let rules = make(&format!("{USUAL}features: keyctl=1\n"), &host(Mode::Unified)).unwrap().seccomp;
    assert!(!rules.contains("keyctl") && rules.contains("SCMP_CMP_EQ"), "{rules}");
}

#[test]
fn what_cannot_be_is_refused() {
    let text = format!("{USUAL}net1: name=eth1,bridge=vmbr0,mtu=9000\n");
    assert!(make(&text, &host(Mode::Unified)).unwrap_err().contains("larger than bridge MTU 1500"));
    let text = format!("{USUAL}lxc.idmap: u 0 1 2\nlxc.idmap: u 1 9 9\n");
    assert!(make(&text, &host(Mode::Unified)).unwrap_err().contains("invalid map entry"));
}

#[test]
fn raw_settings_follow_in_order_but_not_all() {
    let text =
        format!("{USUAL}lxc.mount.entry: a\nlxc.rootfs.path: /\nlxc.mount.entry: b\nlxc.cgroup2.cpuset.cpus: 7\n");
    let plan = make(&text, &host(Mode::Unified)).unwrap();
    let tail: Vec<&str> = plan.config.lines().rev().take(3).collect();
    assert_eq!(tail, ["lxc.cgroup2.cpuset.cpus = 7", "lxc.mount.entry = b", "lxc.mount.entry = a"]);
    assert_eq!(plan.warnings.len(), 1, "{:?}", plan.warnings);
}

#[test]
fn devices_get_rules_and_a_place() {
    let text = format!(
        "{USUAL}dev0: /dev/null,uid=7,gid=44,mode=0640\ndev1: path=/dev/disk/my disk,deny-write=1\n\
         lxc.idmap: u 0 100000 10\nlxc.idmap: g 0 100000 65536\n"
    );
    let plan = make(&text, &host(Mode::Unified)).unwrap();
    insta::assert_snapshot!(lines(&plan, &["devices", "idmap"]), @r"
    lxc.cgroup2.devices.allow = a
    lxc.cgroup2.devices.allow = c 1:3 rw
    lxc.mount.entry = /var/lib/lxc/100/devices/dev/null dev/null none bind,create=file 0 0
    lxc.cgroup2.devices.allow = b 8:1 r
    lxc.cgroup2.devices.deny = b 8:1 w
    lxc.mount.entry = /var/lib/lxc/100/devices/dev/disk/my\040disk dev/disk/my\040disk none bind,create=file 0 0
    lxc.idmap = u 0 100000 10
    lxc.idmap = g 0 100000 65536
    ");
    let nodes: Vec<_> = plan.devices.iter().map(|node| (node.uid, node.gid, node.mode)).collect();
    assert_eq!(nodes, [(100_007, 100_044, 0o640), (100_000, 100_000, 0o660)]);

    let privileged = make("dev0: /dev/null\n", &host(Mode::Legacy)).unwrap();
    insta::assert_snapshot!(lines(&privileged, &["devices"]), @r"
    lxc.cgroup.devices.allow = c 1:3 rw
    lxc.mount.entry = /var/lib/lxc/100/devices/dev/null dev/null none bind,create=file 0 0
    ");
    assert_eq!((privileged.devices[0].uid, privileged.map), (0, None));
    for (wrong, why) in [
        ("dev0: /dev/null,uid=10\nlxc.idmap: u 0 100000 10\nlxc.idmap: g 0 100000 10\n", "uid 10 is not among"),
        ("dev0: /dev/null\ndev1: /dev/null\n", "gets '/dev/null' already"),
        ("dev7: /dev/absent\n", "dev7: Device /dev/absent does not exist"),
    ] {
        let refused = make(wrong, &host(Mode::Unified)).unwrap_err();
        assert!(refused.contains(why), "{refused}");
    }
}

#[test]
fn a_map_of_its_own_goes_to_lxc_as_it_is() {
    let map = "lxc.idmap: u 0 200000 1000\nlxc.idmap: g 0 200000 1000\nlxc.idmap: u 1000 1000 1\n";
    let plan = make(&format!("{USUAL}{map}"), &host(Mode::Unified)).unwrap();
    assert_eq!((plan.map, plan.ids.len()), (Some(200_000), 3));
    insta::assert_snapshot!(lines(&plan, &["idmap", "userns"]), @r"
    lxc.include = /usr/share/lxc/config/userns.conf
    lxc.idmap = u 0 200000 1000
    lxc.idmap = g 0 200000 1000
    lxc.idmap = u 1000 1000 1
    ");
    // Also without the option, which then only means that fewer system calls are forbidden.
    let plan = make(map, &host(Mode::Unified)).unwrap();
    assert!(plan.config.contains("userns.conf") && !plan.seccomp.contains("keyctl"));
    let two = "lxc.idmap: u 0 1000 10\nlxc.idmap: g 0 2000 10\n";
    assert!(make(two, &host(Mode::Unified)).unwrap_err().contains("user 1000 and group 2000"));
    assert!(make("lxc.idmap: u 1 1000 10\n", &host(Mode::Unified)).unwrap_err().contains("needs its root"));
}

#[test]
fn features_become_rules_of_apparmor() {
    let mut host = host(Mode::Unified);
    host.apparmor = true;
    let text = format!("{USUAL}features: mount=nfs;cifs,force_rw_sys=1,mknod=1\n");
    let plan = make(&text, &host).unwrap();
    insta::assert_snapshot!(lines(&plan, &["apparmor", "mount.auto"]), @r"
    lxc.apparmor.profile = generated
    lxc.apparmor.raw = allow mqueue,
    lxc.apparmor.raw = deny mount -> /proc/,
    lxc.apparmor.raw = deny mount -> /sys/,
    lxc.apparmor.raw = mount fstype=nfs,
    lxc.apparmor.raw = mount fstype=cifs,
    ");
    assert!(plan.warnings[0].contains("mknod"), "{:?}", plan.warnings);
    let own = make(&format!("{text}lxc.apparmor.profile: unconfined\n"), &host).unwrap();
    assert_eq!(lines(&own, &["apparmor"]), "lxc.apparmor.profile = unconfined");
}

#[test]
fn variables_for_the_first_program() {
    let text = "entrypoint: /app run\nlxc.environment.runtime: A=b c\nlxc.environment.runtime: EMPTY=\n";
    let mut host = host(Mode::Unified);
    let plan = make(text, &host).unwrap();
    insta::assert_snapshot!(lines(&plan, &["environment", "init", "shm"]), @r"
    lxc.mount.entry = shm dev/shm tmpfs rw,nosuid,nodev,create=dir 0 0
    lxc.environment = TERM=linux
    lxc.init.cmd = /app run
    lxc.environment = A=b c
    lxc.environment = EMPTY=
    ");
    host.own_environment = true;
    assert!(make(text, &host).unwrap().config.contains("lxc.environment.runtime = A=b c\n"));
}

#[test]
fn interfaces_that_the_host_manages_or_hangs_up_with_care() {
    let text = "net0: name=eth0,bridge=vmbr0,host-managed=1,ip=192.0.2.5/24,gw=192.0.2.1,ip6=auto,mtu=1400\n\
        net1: name=eth1,bridge=vmbr0,tag=5\nnet2: name=eth2,bridge=vmbr0,rate=2\nnet3: name=eth3\n";
    let plan = make(text, &host(Mode::Unified)).unwrap();
    insta::assert_snapshot!(lines(&plan, &["lxc.net"]), @r"
    lxc.net.0.type = veth
    lxc.net.0.veth.pair = veth100i0
    lxc.net.0.name = eth0
    lxc.net.0.mtu = 1400
    lxc.net.0.link = vmbr0
    lxc.net.0.ipv4.address = 192.0.2.5/24
    lxc.net.0.ipv4.gateway = 192.0.2.1
    lxc.net.0.flags = up
    lxc.net.1.type = veth
    lxc.net.1.veth.pair = veth100i1
    lxc.net.1.name = eth1
    lxc.net.1.mtu = 1500
    lxc.net.2.type = veth
    lxc.net.2.veth.pair = veth100i2
    lxc.net.2.name = eth2
    lxc.net.2.mtu = 1500
    lxc.net.3.type = veth
    lxc.net.3.veth.pair = veth100i3
    lxc.net.3.name = eth3
    ");
    let refused = make("net0: name=eth0,host-managed=1,ip=dhcp\n", &host(Mode::Unified)).unwrap_err();
    assert!(refused.contains("needs a client inside"), "{refused}");
}

#[test]
fn cores_are_spread() {
    let used = [(0, 2), (1, 0), (2, 1)].into();
    assert_eq!(choose_cpus(&[0, 1, 2, 3], 2, &used).as_deref(), Some("1,3"));
    assert_eq!(choose_cpus(&[0, 1], 2, &used), None);
}
