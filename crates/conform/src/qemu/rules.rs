//! Suites about small rules: `balloon`, `cpu-models-api`.

use std::collections::BTreeMap;

use guest::qemu::{
    autoballoon::{Guest, balance},
    cpu_models::{self, ModelChange, NewModel},
};
use schema::{ApiError, Args, Mode, Params};
use serde_json::{Map, Value, json};

use crate::Outcome;

pub(super) fn balloon(input: &Value) -> Outcome {
    let number = |value: &Value| value.as_i64().unwrap_or(0);
    let guest = |(vmid, guest): (&String, &Value)| {
        let guest = Guest {
            balloon: number(&guest["balloon"]),
            least: number(&guest["balloon_min"]),
            most: number(&guest["maxmem"]),
            free: number(&guest["freemem"]),
            shares: guest["shares"].as_i64().unwrap_or(1000),
            fixed: guest["lock"] == "migrate",
        };
        Some((vmid.parse::<u32>().ok()?, guest))
    };
    let mut guests: BTreeMap<u32, Guest> =
        input["guests"].as_object().into_iter().flatten().filter_map(guest).collect();
    let (goal, step) = (number(&input["goal"]), number(&input["max_change"]));
    if let Some(first) = input["after_goal"].as_i64() {
        settle(&mut guests, first, step);
    }
    let sizes = match input["op"].as_str() {
        Some("step") => balance(&guests, goal, step),
        _ => settle(&mut guests, goal, step),
    };
    let result = sizes.into_iter().map(|(vmid, size)| (vmid.to_string(), size.into()));
    Ok(json!({ "result": result.collect::<Map<_, _>>() }))
}

/// Goes on until nothing changes; answers the sizes of those that changed.
fn settle(guests: &mut BTreeMap<u32, Guest>, mut goal: i64, step: i64) -> BTreeMap<u32, i64> {
    let mut changed = BTreeMap::new();
    // A step is at least what is negligible, so that this ends long before.
    for _ in 0..10_000 {
        let sizes = balance(guests, goal, step);
        if sizes.is_empty() {
            break;
        }
        for (vmid, size) in sizes {
            let Some(guest) = guests.get_mut(&vmid) else { continue };
            let change = size - guest.balloon;
            guest.balloon = size;
            guest.free = (guest.free + change).max(0);
            goal -= change;
            changed.insert(vmid, size);
        }
    }
    changed
}

pub(super) fn cpu_model(input: &Value) -> Outcome {
    let params = input["params"].clone();
    let accepted = Ok(json!({ "result": "accepted" }));
    match input["method"].as_str() {
        Some("POST") => {
            let model: NewModel = read(params)?;
            if input["stage"] == "handler" {
                cpu_models::create("", &model.cputype, &model.pairs()).map_err(|error| error.to_string())?;
            }
            accepted
        }
        Some("PUT") => {
            let change: ModelChange = read(params)?;
            if input["stage"] == "handler" {
                let text = "cpu-model: known\n\treported-model qemu64\n";
                let changed = cpu_models::update(text, &change.cputype, &change.pairs(), &change.delete);
                changed.map_err(|error| error.to_string())?;
            }
            accepted
        }
        Some("DELETE") => {
            let name = params["cputype"].as_str().unwrap_or_default();
            cpu_models::remove("", name).map_err(|error| error.to_string())?;
            accepted
        }
        _ => {
            let name = params["cputype"].as_str().unwrap_or_default();
            cpu_models::bare(name).map_err(|error| error.to_string())?;
            accepted
        }
    }
}

fn read<P: Params>(params: Value) -> Result<P, String> {
    Args::from_json(Mode::Api, params).parse().map_err(|error: ApiError| {
        let errors = error.errors.iter().map(|(key, text)| format!("{key}: {text}"));
        std::iter::once(error.message.clone()).chain(errors).collect::<Vec<_>>().join("\n")
    })
}
