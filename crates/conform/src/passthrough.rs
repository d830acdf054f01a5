//! Suite `qemu-pci-reservation`: which devices of the host a VM gets.

use std::{collections::BTreeMap, fs, path::Path};

use guest::{
    mapping::{Mappings, PciEntry, PciFacts},
    qemu::{
        config::VmConfig,
        passthrough::{Devices, choose, wishes},
    },
};
use serde_json::{Map, Value, json};

use crate::Outcome;

/// Answers a case of the suite.
pub(crate) fn case(suite: &str, dir: &Path, _: &str, input: &Value) -> Option<Outcome> {
    (suite == "qemu-pci-reservation").then(|| reserve(dir, input))
}

fn reserve(dir: &Path, input: &Value) -> Outcome {
    let text = fs::read_to_string(dir.join("env.json")).map_err(|error| error.to_string())?;
    let env: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let node = env["nodename"].as_str().unwrap_or_default().parse()?;
    let options =
        input.as_object().into_iter().flatten().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)));
    let config = schema::config::read::<VmConfig>(options).0.ok_or("no configuration")?;
    let devices = devices(&env);
    let settled = wishes(&config, &mappings(&env), &node, &devices).and_then(|wishes| choose(wishes, &devices.taken));
    let settled = settled.map_err(|error| error.to_string())?;
    let shown = settled.into_iter().map(|(index, wish)| {
        let ids = wish.alternatives.iter().flatten().map(|id| json!({ "id": id })).collect::<Vec<_>>();
        let mut one = Map::from_iter([("ids".to_owned(), Value::from(ids))]);
        one.extend(wish.mdev.map(|mdev| ("mdev".to_owned(), Value::from(mdev))));
        (format!("hostpci{index}"), Value::from(one))
    });
    Ok(json!({ "result": shown.collect::<Map<_, _>>() }))
}

/// The devices of a suite's environment.
pub(crate) fn devices(env: &Value) -> Devices {
    let facts =
        if env["pci_device_info"].is_object() { &env["pci_device_info"] } else { &env["host"]["pci_device_info"] };
    let known = env["pci_devices"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let pci = known.map(|id| {
        let number = |key: &str| facts[id][key].as_str().unwrap_or("0x0000").trim_start_matches("0x").to_owned();
        let found = PciFacts {
            id: format!("{}:{}", number("vendor"), number("device")),
            subsystem_id: None,
            iommu_group: facts[id]["iommugroup"].as_i64(),
            mdev: facts[id]["mdev"] == 1,
        };
        (id.to_owned(), found)
    });
    let taken = env["already_reserved"].as_array().into_iter().flatten().filter_map(Value::as_str);
    Devices { pci: pci.collect(), usb: Vec::new(), taken: taken.map(|id| (id.to_owned(), 1)).collect() }
}

/// The mappings of a suite's environment, by way of the file that they would stand in.
pub(crate) fn mappings(env: &Value) -> Mappings<PciEntry> {
    let one = |(id, mapping): (&String, &Value)| {
        let entries = mapping["map"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let entries: String = entries.map(|entry| format!("\tmap {entry}\n")).collect();
        let flags = ["mdev", "live-migration-capable"].into_iter().filter(|key| mapping[key] == 1);
        let flags: String = flags.map(|key| format!("\t{key} 1\n")).collect();
        format!("{id}\n{entries}{flags}\n")
    };
    let by_id: BTreeMap<&String, &Value> = env["pci_mappings"].as_object().into_iter().flatten().collect();
    Mappings::parse(&by_id.into_iter().map(one).collect::<String>())
}
