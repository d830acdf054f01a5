//! What becomes of the configuration in a backup when it is restored: a pure function of its text.

use std::collections::BTreeMap;

use super::{cmdline::DriveId, config::VmConfig};

/// Options that are about the guest that the backup was made of, not about the one that comes out of it.
const DROPPED: [&str; 4] = ["lock", "parent", "snapstate", "snaptime"];

/// Begin of the lines that say which image in the backup a drive is.
const MAP: &str = "#qmdump#";

/// Begin of the lines of files that backups keep beside the configuration.
const FOREIGN: [&str; 2] = ["#vzdump#", "#qmdump#"];

/// The configuration with its drives on new volumes, by name of the drive. Other lines stay as they are, in their order;
/// unused volumes go, and drives that backups leave out become comments. `renew` gives new identities to a guest that
/// shall exist beside the original: network cards, SMBIOS and generation.
#[must_use]
pub fn rewrite(text: &str, volumes: &BTreeMap<String, String>, renew: Option<&mut dyn Identities>) -> String {
    let mut renew = renew;
    let mut out = String::new();
    for line in text.lines() {
        // What follows are snapshots, whose volumes are not in the backup.
        if line.starts_with('[') {
            break;
        }
        if FOREIGN.iter().any(|start| line.starts_with(start)) || line.starts_with(MAP) {
            continue;
        }
        let Some((key, value)) = line.split_once(':').map(|(key, value)| (key.trim(), value.trim())) else {
            push(&mut out, line);
            continue;
        };
        if line.starts_with('#') {
            push(&mut out, line);
        } else if let Some(line) = option(key, value, volumes, &mut renew) {
            push(&mut out, &line);
        }
    }
    out
}

fn push(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

/// What makes a guest one of its own.
pub trait Identities {
    /// A hardware address.
    fn mac(&mut self) -> String;
    /// An ID for SMBIOS and generation.
    fn uuid(&mut self) -> String;
}

fn option(
    key: &str,
    value: &str,
    volumes: &BTreeMap<String, String>,
    renew: &mut Option<&mut dyn Identities>,
) -> Option<String> {
    if DROPPED.contains(&key) || key.starts_with("unused") {
        return None;
    }
    if let Some(renew) = renew.as_deref_mut()
        && let Some(value) = renewed(key, value, renew)
    {
        return Some(format!("{key}: {value}"));
    }
    if DriveId::parse(key).is_none() {
        return Some(format!("{key}: {value}"));
    }
    // A disk that backups leave out stays readable for whoever wonders where it is.
    if !backed_up(value) {
        return Some(format!("#{key}: {value}"));
    }
    // What is not in the backup else, a CD for example, is where it was.
    let value = volumes.get(key).map_or_else(|| value.to_owned(), |volume| replaced(value, volume));
    Some(format!("{key}: {value}"))
}

/// Whether backups have the content of a drive.
fn backed_up(value: &str) -> bool {
    !value.split(',').any(|part| matches!(part, "backup=0" | "backup=no" | "backup=off"))
}

fn renewed(key: &str, value: &str, renew: &mut dyn Identities) -> Option<String> {
    let index = key.strip_prefix("net").and_then(|index| index.parse::<u32>().ok());
    match key {
        "vmgenid" if value != "0" => Some(renew.uuid()),
        "smbios1" => {
            let rest = value.split(',').filter(|part| !part.starts_with("uuid="));
            let uuid = format!("uuid={}", renew.uuid());
            Some(rest.map(str::to_owned).chain([uuid]).collect::<Vec<_>>().join(","))
        }
        _ if index.is_some() => {
            let (config, _) = schema::config::read::<VmConfig>([(key, value)]);
            let mut net = config?.net.get(&index?)?.0.clone();
            net.macaddr = Some(renew.mac());
            Some(schema::property::print(&net))
        }
        _ => None,
    }
}

/// A drive's value with another volume in it, whose format may be another one.
fn replaced(value: &str, volume: &str) -> String {
    let mut parts = value.split(',');
    let mut out: Vec<String> = Vec::new();
    let mut named = false;
    if let Some(first) = parts.next() {
        named = first.contains('=') && !first.starts_with("file=") && !first.starts_with("volume=");
        out.push(if named { first.to_owned() } else { volume.to_owned() });
    }
    for part in parts.filter(|part| !part.starts_with("format=")) {
        let is_file = part.starts_with("file=") || part.starts_with("volume=");
        out.push(if named && is_file { format!("file={volume}") } else { part.to_owned() });
    }
    out.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counted(u32);

    impl Identities for Counted {
        fn mac(&mut self) -> String {
            self.0 += 1;
            format!("BC:24:11:00:00:0{}", self.0)
        }
        fn uuid(&mut self) -> String {
            self.0 += 1;
            format!("00000000-0000-0000-0000-00000000000{}", self.0)
        }
    }

    const TEXT: &str = "# notes: kept\nscsi0: old:100/vm-100-disk-0.qcow2,size=4G\nscsi1: size=1G,file=old:vm-100-disk-1,format=raw\n\
        scsi2: old:vm-100-disk-2,backup=0,size=1G\nide2: none,media=cdrom\nlock: backup\nunused0: old:vm-100-disk-7\nnet0: virtio=AA:00:00:00:00:01,bridge=vmbr0\n\
        vmgenid: 1111\nsmbios1: uuid=2222,serial=a\n#qmdump#map:scsi0:drive-scsi0:old:qcow2:\n\n[snap]\nmemory: 1\n";

    fn volumes() -> BTreeMap<String, String> {
        [("scsi0", "new:7/vm-7-disk-0.raw"), ("scsi1", "new:7/vm-7-disk-1.raw")]
            .map(|(drive, volume)| (drive.to_owned(), volume.to_owned()))
            .into()
    }

    #[test]
    fn drives_get_their_new_volumes_and_the_rest_stays() {
        insta::assert_snapshot!(rewrite(TEXT, &volumes(), None), @r"
        # notes: kept
        scsi0: new:7/vm-7-disk-0.raw,size=4G
        scsi1: size=1G,file=new:7/vm-7-disk-1.raw
        #scsi2: old:vm-100-disk-2,backup=0,size=1G
        ide2: none,media=cdrom
        net0: virtio=AA:00:00:00:00:01,bridge=vmbr0
        vmgenid: 1111
        smbios1: uuid=2222,serial=a

        ");
    }

    #[test]
    fn a_guest_beside_the_original_is_another_one() {
        let text = rewrite(TEXT, &volumes(), Some(&mut Counted(0)));
        assert!(text.contains("net0: virtio=BC:24:11:00:00:01,bridge=vmbr0"), "{text}");
        assert!(text.contains("vmgenid: 00000000-0000-0000-0000-000000000002"), "{text}");
        assert!(text.contains("smbios1: serial=a,uuid=00000000-0000-0000-0000-000000000003"), "{text}");
    }
}
