//! `/nodes/{node}/disks`: disks of a node.

pub mod change;
pub mod made;

use std::path::Path;

use access::{Access, Check};
use schema::{ApiError, Choice, NodeName, Params, Reply};
use serde_json::Value;
use storage::disks::{Attribute, Disk, Smart};

use super::list::OfNode;
use crate::endpoints;
use crate::engine::{Call, Subdir, Target};

endpoints! {
    /// Lists what can be asked for about disks.
    GET "/nodes/{node}/disks" => index, name = "index", Access::User, Target::Node;
    /// Lists the disks of a node.
    GET "/nodes/{node}/disks/list" => list, name = "list",
        Access::or(&[Check::perm("/", &["Sys.Audit"]), Check::perm("/nodes/{node}", &["Sys.Audit"])]), Target::Node;
    /// Tells what a disk says of its health.
    GET "/nodes/{node}/disks/smart" => smart, name = "smart", Access::perm("/", &["Sys.Audit"]), Target::Node;
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
    /// `hdd`, `ssd`, `nvme`, `usb`, `unknown` or `partition`.
    r#type: &'static str,
    /// Bytes.
    size: u64,
    /// Turns a minute; 0 where nothing turns, -1 where it is not told.
    rpm: i64,
    /// Name of its kind.
    model: String,
    /// Who made it.
    vendor: String,
    /// Its number.
    serial: String,
    /// Its world-wide name.
    wwn: String,
    /// A name that stays with it.
    by_id_link: Option<String>,
    /// What is on it; nothing when it is free.
    used: Option<String>,
    /// Whether its partition table is a GPT.
    gpt: bool,
    /// Whether it or something on it is mounted.
    mounted: bool,
    /// The disk of a partition.
    parent: Option<String>,
    /// What it says of its health; `UNKNOWN` when it was not asked.
    health: String,
    /// How much of its life is left, percent; `N/A` when it does not say.
    wearout: Value,
    /// Which OSD of Ceph is on it: -1, none.
    osdid: i64,
    /// The OSDs of Ceph on it.
    #[reply(name = "osdid-list")]
    osdids: Option<Vec<i64>>,
}

fn row(disk: Disk, smart: Option<Smart>) -> Listed {
    let osds: Vec<i64> = disk.usage.osds.iter().filter_map(|osd| osd.id.parse().ok()).collect();
    let smart = smart.unwrap_or_default();
    Listed {
        r#type: disk.kind.as_str(),
        mounted: disk.usage.mounted || disk.usage.used.as_deref() == Some("mounted"),
        used: disk.usage.used,
        gpt: disk.gpt,
        devpath: disk.path,
        size: disk.size,
        rpm: disk.rpm,
        model: disk.model,
        vendor: disk.vendor,
        serial: disk.serial,
        wwn: disk.wwn,
        by_id_link: disk.by_id,
        parent: disk.parent,
        health: Some(smart.health).filter(|health| !health.is_empty()).unwrap_or_else(|| "UNKNOWN".to_owned()),
        wearout: smart.wearout.map_or_else(|| "N/A".into(), Value::from),
        osdid: osds.first().copied().unwrap_or(-1),
        osdids: (!osds.is_empty()).then_some(osds),
    }
}

/// All disks with their partitions.
async fn inventory() -> Result<Vec<Disk>, ApiError> {
    let facts = host::disks::facts().await;
    Ok(storage::disks::inventory(
        &facts.map_err(|error| ApiError::internal(format!("unable to list disks - {error}")))?,
    ))
}

async fn list(_: Call, p: List) -> Result<Vec<Listed>, ApiError> {
    let parts = p.include_partitions == Some(true);
    let fits = |disk: &Disk| match p.r#type {
        None => true,
        Some(Wanted::Unused) => disk.usage.used.is_none(),
        Some(Wanted::JournalDisks) => {
            disk.usage.used.is_none() || (disk.gpt && disk.usage.used.as_deref() == Some("LVM"))
        }
    };
    let wanted = inventory().await?.into_iter().filter(|disk| (parts || disk.parent.is_none()) && fits(disk));
    // Side by side: a disk may take seconds to answer.
    let asked: Vec<_> = wanted
        .map(|disk| {
            let ask = disk.parent.is_none() && p.skipsmart != Some(true);
            tokio::spawn(async move {
                let told = if ask { Some(health(&disk).await) } else { None };
                row(disk, told)
            })
        })
        .collect();
    let mut listed = Vec::new();
    for one in asked {
        listed.extend(one.await.ok());
    }
    Ok(listed)
}

async fn health(disk: &Disk) -> Smart {
    storage::disks::parse_smart(&host::disks::smart(Path::new(&disk.path), disk.kind.wears()).await)
}

#[derive(Params)]
#[allow(dead_code)] // as above
struct OfDisk {
    /// Name of the node.
    node: NodeName,
    /// The disk's device.
    #[param(pattern = r"^/dev/[a-zA-Z0-9\/]+$")]
    disk: String,
    /// Only whether it is well.
    healthonly: Option<bool>,
}

/// What a disk counts.
#[derive(Reply, Debug)]
struct Counted {
    /// Number, three characters wide.
    id: String,
    /// Name.
    name: String,
    /// Kinds, a letter each.
    flags: String,
    /// Value in the maker's scale.
    value: i64,
    /// The same.
    normalized: i64,
    /// The least that it ever was.
    worst: i64,
    /// Below that the disk calls it bad.
    threshold: i64,
    /// When that was.
    fail: String,
    /// What was counted.
    raw: String,
}

/// What a disk says of its health.
#[derive(Reply, Debug)]
struct Health {
    /// In one word.
    health: String,
    /// `ata`: attributes; `text`: text.
    r#type: Option<&'static str>,
    /// What it counts.
    attributes: Option<Vec<Counted>>,
    /// What it says.
    text: Option<String>,
    /// How much of its life is left, percent.
    wearout: Option<i64>,
}

async fn smart(_: Call, p: OfDisk) -> Result<Health, ApiError> {
    let disk = find("disk", &p.disk).await?;
    let all = p.healthonly != Some(true);
    let told = storage::disks::parse_smart(&host::disks::smart(Path::new(&disk.path), all).await);
    let counted = |one: Attribute| Counted {
        normalized: one.value,
        id: one.id,
        name: one.name,
        flags: one.flags,
        value: one.value,
        worst: one.worst,
        threshold: one.threshold,
        fail: one.fail,
        raw: one.raw,
    };
    let kind = if told.attributes.is_some() { "ata" } else { "text" };
    Ok(Health {
        health: told.health,
        r#type: all.then_some(kind),
        attributes: told.attributes.map(|all| all.into_iter().map(counted).collect()),
        text: told.text,
        wearout: told.wearout,
    })
}

/// A disk or partition of this node, by its device or a link to that.
async fn find(parameter: &str, path: &str) -> Result<Disk, ApiError> {
    let real = tokio::fs::canonicalize(path).await.unwrap_or_else(|_| path.into());
    let found = inventory().await?.into_iter().find(|disk| Path::new(&disk.path) == real);
    found.ok_or_else(|| ApiError::param(parameter, format!("'{path}' is no disk of this node")))
}
