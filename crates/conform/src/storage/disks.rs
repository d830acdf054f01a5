//! Disks of a node, out of what the system's programs would print.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use host::disks::{Device, Facts, Part};
use serde_json::{Map, Value, json};
use storage::disks::{Disk, Smart, inventory, parse_smart};

use crate::Outcome;

pub(super) fn case(dir: &Path, name: &str) -> Option<Outcome> {
    let input = fs::read_to_string(dir.join("cases").join(name).join("input.json")).ok()?;
    let input: Value = serde_json::from_str(&input).ok()?;
    let facts = facts(&input);
    let shown = |facts: &Facts| -> Map<String, Value> {
        let disks = inventory(facts).into_iter().filter(|disk| disk.parent.is_none());
        disks.map(|disk| (disk.name.clone(), entry(&input, &disk))).collect()
    };
    let mut single = Map::new();
    let mut smart = Map::new();
    for device in &facts.devices {
        single.extend(shown(&Facts { devices: vec![device.clone()], ..facts.clone() }));
        let told = host(&input, &format!("{}_smart", device.name));
        if !told.is_empty() {
            smart.insert(device.name.clone(), health(parse_smart(&told)));
        }
    }
    Some(Ok(json!({"disks": shown(&facts), "single": single, "smart": smart})))
}

fn host(input: &Value, key: &str) -> String {
    input["host"][key].as_str().unwrap_or_default().to_owned()
}

fn facts(input: &Value) -> Facts {
    let sys: BTreeMap<&str, &str> = input["sys_block"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(path, text)| Some((path.as_str(), text.as_str()?.trim())))
        .collect();
    let number = |path: String| sys.get(path.as_str()).and_then(|text| text.parse().ok()).unwrap_or(0);
    let text = |path: String| sys.get(path.as_str()).map(|text| (*text).to_owned());
    let parts = host(input, "partlist");
    let device = |name: &str| Device {
        name: name.to_owned(),
        sectors: number(format!("{name}/size")),
        rotational: text(format!("{name}/queue/rotational")).map(|word| word == "1"),
        vendor: text(format!("{name}/device/vendor")),
        model: text(format!("{name}/device/model")),
        udev: host(input, &format!("{name}_udevadm")),
        parts: parts
            .lines()
            .filter(|part| sys.contains_key(format!("{name}/{part}/size").as_str()))
            .map(|part| Part { name: part.to_owned(), sectors: number(format!("{name}/{part}/size")), held: true })
            .collect(),
    };
    Facts {
        devices: host(input, "disklist").lines().map(device).collect(),
        listed: serde_json::from_str(&host(input, "lsblk")).unwrap_or_default(),
        physical_volumes: host(input, "pvs"),
        ceph_volumes: host(input, "lvs"),
        zfs_members: host(input, "zpool"),
        mounts: host(input, "mounts"),
    }
}

fn entry(input: &Value, disk: &Disk) -> Value {
    let wears = disk.kind.wears();
    let told = host(input, &format!("{}_{}", disk.name, if wears { "smart" } else { "health" }));
    let told = parse_smart(&told);
    let osds = &disk.usage.osds;
    let mut entry = json!({
        "devpath": disk.path,
        "size": disk.size,
        "gpt": u8::from(disk.gpt),
        "rpm": disk.rpm,
        "model": disk.model,
        "vendor": disk.vendor,
        "serial": disk.serial,
        "wwn": disk.wwn,
        "type": disk.kind.as_str(),
        "health": told.health,
        "wearout": told.wearout.map_or_else(|| "N/A".into(), Value::from),
        "osdid": osds.first().map_or_else(|| (-1).into(), |osd| Value::from(osd.id.as_str())),
        "osdid-list": (!osds.is_empty()).then(|| osds.iter().map(|osd| osd.id.as_str()).collect::<Vec<_>>()),
    });
    let usage = &disk.usage;
    let counts = [("journals", usage.journals), ("db", usage.db), ("wal", usage.wal)];
    let counts = counts.into_iter().filter(|(_, count)| *count > 0).map(|(key, count)| (key, Value::from(count)));
    let first = osds.first().map(|osd| {
        [("bluestore", Value::from(u8::from(osd.bluestore))), ("osdencrypted", Value::from(u8::from(osd.encrypted)))]
    });
    let more = [
        disk.by_id.as_deref().map(|link| ("by_id_link", Value::from(link))),
        usage.used.as_deref().map(|used| ("used", Value::from(used))),
        usage.mounted.then(|| ("mounted", Value::from(1))),
    ];
    for (key, value) in counts.chain(first.into_iter().flatten()).chain(more.into_iter().flatten()) {
        entry[key] = value;
    }
    entry
}

fn health(smart: Smart) -> Value {
    let kind = if smart.attributes.is_some() { "ata" } else { "text" };
    let mut told = json!({"health": smart.health, "type": kind});
    if let Some(attributes) = smart.attributes {
        let rows = attributes.iter().map(|one| {
            json!({"id": one.id, "name": one.name, "flags": one.flags, "value": one.value, "normalized": one.value,
                   "worst": one.worst, "threshold": one.threshold, "fail": one.fail, "raw": one.raw})
        });
        told["attributes"] = rows.collect();
    } else if let Some(text) = smart.text {
        told["text"] = text.into();
        told["wearout"] = smart.wearout.into();
    }
    told
}
