//! Names of tasks, what the ends of their logs say, and when jobs are due.

use std::path::Path;

use serde_json::{Value, json};
use task::{Calendar, Upid, outcome_of_log};

use crate::Outcome;

pub(crate) fn case(suite: &str, _dir: &Path, _name: &str, input: &Value) -> Option<Outcome> {
    match suite {
        "common-upid" => upid(input),
        "common-calendar-event" => Some(calendar(input)),
        _ => None,
    }
}

fn upid(input: &Value) -> Option<Outcome> {
    match input["op"].as_str()? {
        "decode" => Some(decode(&input["upid"])),
        "encode" => Some(encode(&input["task"])),
        "status" => {
            Some(Ok(json!({ "result": outcome_of_log(input["log"].as_str().unwrap_or_default()).to_string() })))
        }
        _ => None,
    }
}

fn decode(upid: &Value) -> Outcome {
    let upid: Upid = upid.as_str().unwrap_or_default().parse().map_err(|error: task::BadUpid| error.to_string())?;
    Ok(json!({ "result": {
        "node": upid.node.to_string(), "pid": upid.pid, "pstart": upid.pstart, "starttime": upid.starttime,
        "type": upid.kind, "id": upid.id, "user": upid.user,
    } }))
}

fn encode(task: &Value) -> Outcome {
    let text = |name: &str| task[name].as_str().unwrap_or_default().to_owned();
    let number = |name: &str| task[name].as_u64().or_else(|| task[name].as_str()?.parse().ok()).unwrap_or_default();
    let upid = Upid {
        node: text("node").parse()?,
        pid: u32::try_from(number("pid")).map_err(|error| error.to_string())?,
        pstart: number("pstart"),
        starttime: number("starttime"),
        kind: text("type"),
        id: text("id"),
        user: text("user"),
    };
    Ok(json!({ "result": upid.to_string() }))
}

fn calendar(input: &Value) -> Outcome {
    let event = input["event"].as_str().unwrap_or_default().parse::<Calendar>().map_err(|error| error.to_string())?;
    if input["op"] == "parse" {
        return Ok(json!({ "result": "valid" }));
    }
    let zone = Path::new("/usr/share/zoneinfo").join(input["TZ"].as_str().unwrap_or("UTC"));
    let last = input["last"].as_i64().unwrap_or_default();
    let next = event.next(last, |time| host::clock::zone_offset(&zone, time).unwrap_or(0));
    Ok(json!({ "result": next }))
}
