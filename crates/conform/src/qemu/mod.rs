//! Suites about virtual machines: `qemu-parse-config`, `guest-pending`, `qemu-cfg2cmd` and their like.

mod cmdline;
mod rules;

use std::{fs, path::Path};

use guest::{
    config_file::{Dialect, GuestFile, parse_deletions, print_deletions},
    qemu::{Vm, file, restore},
};
use serde_json::{Map, Value, json};

use crate::Outcome;

const VMID: u32 = 8006;

/// Answers a case of these suites.
pub(crate) fn case(suite: &str, dir: &Path, name: &str, input: &Value) -> Option<Outcome> {
    match suite {
        "qemu-parse-config" => Some(parse_config(&dir.join("cases").join(name))),
        "guest-pending" => pending(input),
        "qemu-cfg2cmd" => cmdline::case(dir, &dir.join("cases").join(name), input),
        "qemu-restore-config" => Some(restored(&dir.join("cases").join(name), input)),
        "cpu-models-api" => Some(rules::cpu_model(input)),
        "balloon" => Some(rules::balloon(input)),
        _ => None,
    }
}

fn restored(case: &Path, input: &Value) -> Outcome {
    let text = fs::read_to_string(case.join("input.conf")).map_err(|err| err.to_string())?;
    let volumes = input["volume_map"].as_object().into_iter().flatten();
    let volumes = volumes.filter_map(|(drive, volume)| Some((drive.clone(), volume.as_str()?.to_owned()))).collect();
    Ok(json!({ "written": restore::rewrite(&text, &volumes, None) }))
}

fn parse_config(case: &Path) -> Outcome {
    let text = fs::read_to_string(case.join("input.conf")).map_err(|err| err.to_string())?;
    let parsed = GuestFile::parse(Dialect::Qemu, &text);
    let written = json!({ "written": Vm::parse(&text).file.print() });
    let strict = match file::problems(&parsed).first() {
        Some(problem) => json!({ "error": format!("vm {VMID} - {problem}") }),
        None => written.clone(),
    };
    Ok(json!({ "non-strict": written, "strict": strict }))
}

fn pending(input: &Value) -> Option<Outcome> {
    let params = &input["params"];
    let key = || params[1].as_str().unwrap_or_default();
    let result = match input["op"].as_str()? {
        "parse_pending_delete" => {
            let parsed = parse_deletions(params[0].as_str().unwrap_or_default());
            json!({ "result": parsed.into_iter().map(|(key, force)| (key, json!({ "force": force }))).collect::<Map<_, _>>() })
        }
        "print_pending_delete" => {
            let entries = params[0].as_object()?.iter();
            let deletions =
                entries.map(|(key, entry)| (key.clone(), entry["force"] != 0 && entry["force"] != Value::Null));
            json!({ "result": print_deletions(&deletions.collect()) })
        }
        "add_to_pending_delete" => {
            let mut file = guest_file(&params[0]);
            file.delete_pending(key(), params[2] == 1 || params[2] == "1");
            json!({ "result": value(&file) })
        }
        "remove_from_pending_delete" => {
            let mut file = guest_file(&params[0]);
            file.cancel_deletion(key());
            json!({ "result": value(&file) })
        }
        "cleanup_pending" => {
            let mut file = guest_file(&params[0]);
            file.clean_pending();
            json!({ "config_after": value(&file) })
        }
        _ => return None,
    };
    Some(Ok(result))
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn guest_file(config: &Value) -> GuestFile {
    let mut file = GuestFile::new(Dialect::Qemu);
    for (key, entry) in config.as_object().into_iter().flatten() {
        match entry.as_object() {
            Some(pending) => file.pending = pending.iter().map(|(key, entry)| (key, text(entry))).collect(),
            None => file.main.set(key, &text(entry)),
        }
    }
    file
}

fn value(file: &GuestFile) -> Value {
    let section = |section: &guest::config_file::Section| {
        section.iter().map(|(key, text)| (key.to_owned(), text.into())).collect::<Map<_, _>>()
    };
    let mut config = section(&file.main);
    config.insert("pending".into(), section(&file.pending).into());
    config.into()
}
