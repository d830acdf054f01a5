use super::*;
use crate::config_file::{Dialect, GuestFile};

fn host(cgroups: Mode) -> Host {
    Host {
        lxc: 5,
        cgroups,
        apparmor: false,
        includes: BTreeSet::new(),
        directory: "/var/lib/lxc".into(),
        seccomp: "2\ndenylist\n[all]\n".into(),
    }
}

fn make(text: &str, host: &Host) -> Result<Plan, String> {
    let file = GuestFile::parse(Dialect::Lxc, text);
    plan(100, &CtConfig::read(&file.main), &file.main.raw, host, Some("0,1"), |_| Some(1500))
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
    lxc.cgroup.cpu.shares = 2048
    lxc.cgroup.cpuset.cpus = 0,1
    ");
    assert!(!plan.config.contains("cgroup2"));
}

#[test]
fn privileged_with_apparmor_and_its_own_includes() {
    let mut host = host(Mode::Unified);
    host.apparmor = true;
    host.includes = ["debian.common.conf".to_owned()].into();
    let text = "ostype: debian\nfeatures: nesting=1,fuse=1\nentrypoint: /bin/app --x\nconsole: 0\ntty: 0\n";
    let plan = make(text, &host).unwrap();
    assert_eq!((plan.seccomp, plan.map), (None, None));
    insta::assert_snapshot!(plan.config, @r"
    lxc.cgroup.relative = 0
    lxc.cgroup.dir.monitor = lxc.monitor/100
    lxc.cgroup.dir.container = lxc/100
    lxc.cgroup.dir.container.inner = ns
    lxc.arch = amd64
    lxc.include = /usr/share/lxc/config/debian.common.conf
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
    lxc.rootfs.path = /var/lib/lxc/100/rootfs
    lxc.init.cmd = /bin/app --x
    lxc.cgroup2.cpuset.cpus = 0,1
    ");
}

#[test]
fn system_calls_of_unprivileged_containers() {
    let rules = make(USUAL, &host(Mode::Unified)).unwrap().seccomp.unwrap();
    assert!(rules.starts_with("2\ndenylist\n[all]\nkeyctl errno 38\n"), "{rules}");
    let rules = make(&format!("{USUAL}features: keyctl=1\n"), &host(Mode::Unified)).unwrap().seccomp.unwrap();
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
fn cores_are_spread() {
    let used = [(0, 2), (1, 0), (2, 1)].into();
    assert_eq!(choose_cpus(&[0, 1, 2, 3], 2, &used).as_deref(), Some("1,3"));
    assert_eq!(choose_cpus(&[0, 1], 2, &used), None);
}
