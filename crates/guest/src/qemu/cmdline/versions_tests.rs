//! Command lines of pinned machine versions never change: these expected texts are only ever added to.

use super::{
    super::tests::{facts, planned},
    *,
};
use crate::qemu::cmdline::HostFacts;

/// A guest that has a bit of everything whose looks ever changed.
pub(crate) const RICH: &str = "ostype: l26\nmemory: 512\nsockets: 1\ncores: 4\nvcpus: 2\nhotplug: cpu\nbios: ovmf\nvga: qxl\n\
    efidisk0: local:efi.raw,efitype=4m\nscsihw: virtio-scsi-single\nscsi0: local:a.qcow2,serial=S1,cache=writethrough\n\
    scsi14: local:b.qcow2\nide2: none,media=cdrom\nrng0: /dev/urandom\naudio0: device=AC97\nusb0: spice,usb3=1\n\
    net0: virtio=BC:24:11:00:00:01,bridge=vmbr1,queues=2\nagent: 1\n";

/// The same for Windows.
const WINDOWS: &str = "ostype: win11\ncpu: host\nvga: qxl2\nmemory: 512\nnet0: virtio=BC:24:11:00:00:01,bridge=vmbr1\n";

fn host() -> HostFacts {
    HostFacts { qemu: Version::new(11, 0), qemu_text: "11.0.0".into(), patched: true, kvm: true, ..facts() }
}

/// The options that say what the guest sees, one a line, with those of the host left out.
fn guest_side(machine: &str, config: &str) -> Vec<String> {
    let line = planned(&format!("machine: {machine}\n{config}"), &host()).unwrap();
    let shown = ["-device", "-cpu", "-global", "-machine", "-smp"];
    let lines = line.options.into_iter().filter(|(option, _)| shown.contains(&option.as_str()));
    lines.map(|(option, value)| format!("{option} {}", value.unwrap_or_default())).collect()
}

/// What a version has that the one before had not, and the other way round.
fn changes(board: &str, config: &str, versions: &[&str]) -> String {
    let mut out = String::new();
    let mut before: Vec<String> = Vec::new();
    for version in versions {
        let now = guest_side(&format!("{board}-{version}"), config);
        out += &format!("== {version}\n");
        let plain = |line: &String| !line.starts_with("-machine");
        for line in before.iter().filter(|line| plain(line) && !now.contains(line)) {
            out += &format!("- {line}\n");
        }
        for line in now.iter().filter(|line| !before.contains(line)) {
            out += &format!("+ {line}\n");
        }
        before = now;
    }
    out
}

const VERSIONS: &[&str] = &[
    "4.1+pve2",
    "4.2",
    "6.1",
    "6.2",
    "7.1",
    "9.2",
    "9.2+pve1",
    "10.0",
    "10.0+pve1",
    "10.1",
    "10.2",
    "11.0",
    "11.0+pve1",
    "11.0+pve2",
];

#[test]
fn a_linux_guest_on_i440fx_across_versions() {
    insta::assert_snapshot!(changes("pc-i440fx", RICH, VERSIONS));
}

#[test]
fn a_linux_guest_on_q35_across_versions() {
    insta::assert_snapshot!(changes("pc-q35", RICH, VERSIONS));
}

#[test]
fn a_windows_guest_across_versions() {
    insta::assert_snapshot!(changes(
        "pc-q35",
        WINDOWS,
        &["3.1", "4.0", "4.1", "6.2", "7.1", "9.2+pve1", "10.0+pve1", "11.0", "11.0+pve2"]
    ));
}

#[test]
fn an_early_guest() {
    insta::assert_snapshot!(changes(
        "pc-i440fx",
        "ostype: w2k8\nnet0: e1000=BC:24:11:00:00:01,bridge=vmbr1\n",
        &["2.1", "2.3", "2.4"]
    ));
}

#[test]
fn the_record_is_in_order_and_complete() {
    assert!(RECORD.is_sorted_by_key(|(_, since, _)| *since), "each change stands where its version is");
    for (change, since, what) in RECORD {
        assert_eq!(change.since(), *since);
        assert!(!what.is_empty());
        assert!(since.revision <= since.newest().revision, "{what}: revision {since} is not counted");
    }
}
