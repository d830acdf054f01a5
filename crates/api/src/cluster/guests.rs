//! What lists show of a guest's configuration, whichever node it is on.

use std::sync::Arc;

use guest::config_file::{Dialect, GuestFile, Section};
use schema::size::parse_disk_size;
use store::guests::{Guest, GuestKind};

/// The part of a guest's configuration that lists show.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Summary {
    /// Its name, if it has one.
    pub(crate) name: Option<String>,
    /// Its tags as configured.
    pub(crate) tags: Option<String>,
    /// What it is locked for.
    pub(crate) lock: Option<String>,
    /// It is a template.
    pub(crate) template: bool,
    /// Processors it may use; none when there is no limit but the host's.
    pub(crate) max_cpu: Option<f64>,
    /// Memory it may use, bytes.
    pub(crate) max_mem: u64,
    /// Size of the disk it starts from, bytes.
    pub(crate) max_disk: u64,
}

impl Summary {
    /// The summary of a guest; read once for each version of its configuration.
    pub(crate) fn of(guest: &Guest) -> Arc<Self> {
        let kind = guest.kind;
        guest.entry.view(move |text| Self::parse(kind, text))
    }

    fn parse(kind: GuestKind, text: &str) -> Self {
        let main = match kind {
            GuestKind::Qemu => GuestFile::parse(Dialect::Qemu, text).main,
            GuestKind::Lxc => GuestFile::parse(Dialect::Lxc, text).main,
        };
        let some = |key: &str| main.get(key).filter(|value| !value.is_empty()).map(str::to_owned);
        let number = |key: &str| main.get(key)?.parse::<f64>().ok().filter(|number| *number > 0.0);
        let (name, max_cpu, disk) = match kind {
            GuestKind::Qemu => {
                let all = number("sockets").unwrap_or(1.0) * number("cores").unwrap_or(1.0);
                ("name", Some(number("vcpus").unwrap_or(all)), boot_disk(&main))
            }
            GuestKind::Lxc => ("hostname", number("cpulimit").or_else(|| number("cores")), main.get("rootfs")),
        };
        // The value is a property string for VMs: `2048` or `current=2048`.
        let memory = main.get("memory").map(|memory| memory.trim_start_matches("current="));
        let memory = memory.and_then(|memory| memory.parse::<u64>().ok()).unwrap_or(512);
        Self {
            name: some(name),
            tags: some("tags"),
            lock: some("lock"),
            template: main.get("template") == Some("1"),
            max_cpu,
            max_mem: memory.saturating_mul(1 << 20),
            max_disk: disk.and_then(size).unwrap_or(0),
        }
    }

    /// Its name, made up if it has none.
    pub(crate) fn name(&self, guest: &Guest) -> String {
        self.name.clone().unwrap_or_else(|| match guest.kind {
            GuestKind::Qemu => format!("VM {}", guest.vmid),
            GuestKind::Lxc => format!("CT{}", guest.vmid),
        })
    }
}

/// The `size` of a disk's property string, bytes.
fn size(disk: &str) -> Option<u64> {
    parse_disk_size(disk.split(',').find_map(|part| part.strip_prefix("size="))?)
}

/// The first disk in the order of starting that is no CD-ROM.
fn boot_disk(main: &Section) -> Option<&str> {
    let order = main.get("boot").and_then(|boot| boot.strip_prefix("order=")).unwrap_or_default();
    let mut disks = order.split(';').chain(main.get("bootdisk")).filter_map(|key| main.get(key));
    disks.find(|disk| !disk.contains("media=cdrom") && size(disk).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vm_shows_its_boot_disk_and_processors() {
        let text = "name: web\ncores: 2\nsockets: 2\nmemory: 2048\ntags: a;b\nide2: none,media=cdrom\n\
            scsi0: local:100/vm-100-disk-0.qcow2,size=32G\nboot: order=ide2;scsi0\n\n[snap]\nname: old\n";
        let summary = Summary::parse(GuestKind::Qemu, text);
        let expected = Summary {
            name: Some("web".into()),
            tags: Some("a;b".into()),
            lock: None,
            template: false,
            max_cpu: Some(4.0),
            max_mem: 2 << 30,
            max_disk: 32 << 30,
        };
        assert_eq!(summary, expected);
    }

    #[test]
    fn a_container_shows_its_root_disk_and_limits() {
        let text =
            "hostname: db\ncores: 4\ncpulimit: 1.5\nmemory: 256\nrootfs: local:101/d.raw,size=8G\nlock: backup\n";
        let summary = Summary::parse(GuestKind::Lxc, text);
        assert_eq!((summary.max_cpu, summary.max_disk), (Some(1.5), 8 << 30));
        assert_eq!((summary.name.as_deref(), summary.lock.as_deref()), (Some("db"), Some("backup")));
    }

    #[test]
    fn nothing_configured_means_the_defaults() {
        assert_eq!(Summary::parse(GuestKind::Qemu, "").max_mem, 512 << 20);
        assert_eq!(Summary::parse(GuestKind::Qemu, "").max_cpu, Some(1.0));
        assert_eq!(Summary::parse(GuestKind::Lxc, "").max_cpu, None);
    }
}
