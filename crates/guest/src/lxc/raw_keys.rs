//! LXC's own settings that a container's file may hold as they are.

/// Those that end with a dot stand for all below.
const ALLOWED: &[&str] = &[
    "apparmor.",
    "selinux.context",
    "include",
    "arch",
    "uts.name",
    "signal.halt",
    "signal.reboot",
    "signal.stop",
    "init.cmd",
    "init.cwd",
    "init.uid",
    "init.gid",
    "init.groups",
    "pty.max",
    "console.logfile",
    "console.path",
    "tty.max",
    "devtty.dir",
    "hook.",
    "autodev",
    "kmsg",
    "mount.fstab",
    "mount.entry",
    "mount.auto",
    "rootfs.mount",
    "cap.drop",
    "cap.keep",
    "seccomp.profile",
    "seccomp.notify.proxy",
    "seccomp.notify.cookie",
    "idmap",
    "log.level",
    "log.file",
    "start.auto",
    "start.delay",
    "start.order",
    "group",
    "environment",
    "environment.",
    "sysctl.fs.mqueue",
    "sysctl.kernel.",
    "cgroup2.",
    "cgroup.",
    "prlimit.",
    "net.",
];

/// Whether a container's file may hold this setting.
pub(super) fn is_allowed(key: &str) -> bool {
    let name = key.strip_prefix("lxc.").unwrap_or(key);
    let known = |allowed: &&str| allowed.strip_suffix('.').map_or(*allowed == name, |_| name.starts_with(*allowed));
    ALLOWED.iter().any(known)
}

/// What is said of one that it may not hold.
pub(super) fn ignored(key: &str) -> String {
    format!("ignoring '{key}': this setting may not be given in a container's configuration")
}
