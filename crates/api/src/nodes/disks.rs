//! `/nodes/{node}/disks`: disks of a node. Only looked at.

use access::{Access, Check};
use host::disks::Disk;
use schema::{ApiError, Choice, NodeName, Params, Reply};

use super::list::OfNode;
use crate::endpoints;
use crate::engine::{Call, Subdir, Target};

endpoints! {
    /// Lists what can be asked for about disks.
    GET "/nodes/{node}/disks" => index, name = "index", Access::User, Target::Node;
    /// Lists the disks of a node.
    GET "/nodes/{node}/disks/list" => list, name = "list",
        Access::or(&[Check::perm("/", &["Sys.Audit"]), Check::perm("/nodes/{node}", &["Sys.Audit"])]), Target::Node;
}

async fn index(call: Call, _: OfNode) -> Result<Vec<Subdir>, ApiError> {
    Ok(call.listing())
}

/// What a disk is wanted for.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// Anything: nothing is on it.
    Unused,
    /// Journals of others.
    #[choice("journal_disks")]
    JournalDisks,
}

#[derive(Params)]
#[allow(dead_code)] // the dispatcher chose the node; health is not asked for anyway
struct List {
    /// Name of the node.
    node: NodeName,
    /// List partitions too.
    #[param(name = "include-partitions", default = "0")]
    include_partitions: Option<bool>,
    /// Do not ask disks for their health.
    #[param(default = "0")]
    skipsmart: Option<bool>,
    /// Only those that can be used so.
    r#type: Option<Wanted>,
}

/// A disk or partition.
#[derive(Reply, Clone, Debug)]
struct Listed {
    /// Its device.
    devpath: String,
    /// `hdd`, `ssd`, `nvme`, `usb` or `partition`.
    r#type: &'static str,
    /// Bytes.
    size: u64,
    /// Name of its kind.
    model: Option<String>,
    /// Who made it.
    vendor: Option<String>,
    /// Its number.
    serial: Option<String>,
    /// Its world-wide name.
    wwn: Option<String>,
    /// What is on it; nothing when it is free.
    used: Option<String>,
    /// Whether its partition table is a GPT.
    gpt: bool,
    /// Whether something on it is mounted.
    mounted: bool,
    /// The disk of a partition.
    parent: Option<String>,
    /// What it says of its health: it was not asked.
    health: &'static str,
    /// Which OSD of Ceph is on it: -1, none.
    osdid: i64,
}

fn kind(disk: &Disk) -> &'static str {
    match disk.transport.as_deref() {
        _ if disk.parent.is_some() => "partition",
        Some("nvme") => "nvme",
        Some("usb") => "usb",
        _ if disk.rotational => "hdd",
        _ => "ssd",
    }
}

/// What is on a disk, in the words of lists.
fn used(disk: &Disk) -> Option<String> {
    match disk.content.as_deref() {
        Some("LVM2_member") => Some("LVM".to_owned()),
        Some("zfs_member") => Some("ZFS".to_owned()),
        Some(content) => Some(content.to_owned()),
        None if disk.partitioned => Some("partitions".to_owned()),
        None if disk.mounted => Some("mounted".to_owned()),
        None => None,
    }
}

fn row(disk: Disk) -> Listed {
    Listed {
        r#type: kind(&disk),
        used: used(&disk),
        gpt: disk.table.as_deref() == Some("gpt"),
        devpath: disk.path,
        size: disk.size,
        model: disk.model,
        vendor: disk.vendor,
        serial: disk.serial,
        wwn: disk.wwn,
        mounted: disk.mounted,
        parent: disk.parent,
        health: "UNKNOWN",
        osdid: -1,
    }
}

async fn list(_: Call, p: List) -> Result<Vec<Listed>, ApiError> {
    let disks = host::disks::list().await.map_err(|error| ApiError::internal(error.to_string()))?;
    let parts = p.include_partitions == Some(true);
    let free = |disk: &Disk| p.r#type.is_none() || used(disk).is_none();
    Ok(disks.into_iter().filter(|disk| (parts || disk.parent.is_none()) && free(disk)).map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_free_when_nothing_is_on_it() {
        let disk = Disk { rotational: true, ..Disk::default() };
        assert_eq!((kind(&disk), used(&disk)), ("hdd", None));
        assert_eq!(used(&Disk { partitioned: true, ..disk.clone() }).as_deref(), Some("partitions"));
        assert_eq!(used(&Disk { content: Some("LVM2_member".into()), ..disk.clone() }).as_deref(), Some("LVM"));
        assert_eq!(kind(&Disk { transport: Some("nvme".into()), rotational: false, ..disk }), "nvme");
    }
}
