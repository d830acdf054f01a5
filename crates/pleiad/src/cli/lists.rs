//! Results that PVE's tools show in a form of their own.

use std::fmt::Write;

use serde_json::{Map, Value};

use super::{client::plain, table::Show};

const MIB: f64 = 1_048_576.0;
const GIB: f64 = 1_073_741_824.0;

/// A result as its command shows it, ending with a newline; nothing for no result.
pub(super) fn render(show: Show, value: &Value) -> String {
    let mut rows: Vec<&Value> = value.as_array().map(|items| items.iter().collect()).unwrap_or_default();
    match show {
        Show::Quiet | Show::Formatted => String::new(),
        Show::Lines => lines(value.as_object().unwrap_or(&Map::new())),
        Show::Vms => {
            rows.sort_by_key(|row| row["vmid"].as_u64());
            vms(&rows)
        }
        Show::Containers => {
            rows.sort_by_key(|row| plain(&row["vmid"]).parse::<u64>().ok());
            containers(&rows)
        }
        Show::Snapshots => snapshots(&rows, None, 0),
        Show::Pending => rows.into_iter().map(pending).collect(),
        Show::Storages => storages(&rows),
        Show::Volumes => volumes(&rows),
        Show::Created => format!("successfully created '{}'\n", plain(value)),
        Show::Text => text(value),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Array(words) => {
            let words: Vec<String> = words.iter().map(|word| schema::words::quote(&plain(word))).collect();
            format!("{}\n", words.join(" "))
        }
        Value::Object(members) => format!("{}\n", members.get("ticket").map(plain).unwrap_or_default()),
        other => format!("{}\n", plain(other).trim_end_matches('\n')),
    }
}

/// A command line with each option on a line of its own.
pub(super) fn pretty_command(line: &str) -> String {
    format!("{}\n", line.trim_end().replace(" -", " \\\n  -").replace(" '-", " \\\n  '-"))
}

/// `key: value`, sorted; notes in one line.
pub(super) fn lines(members: &Map<String, Value>) -> String {
    let mut pairs: Vec<(&String, String)> = members
        .iter()
        .filter(|(key, _)| *key != "digest")
        .map(|(key, value)| (key, if key == "description" { one_line(&plain(value)) } else { plain(value) }))
        .collect();
    pairs.sort();
    pairs.into_iter().map(|(key, value)| format!("{key}: {value}\n")).collect()
}

fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' | ':' | '\0'..='\x1f' | '\x7f' => drop(write!(out, "%{:02X}", u32::from(c))),
            other => out.push(other),
        }
    }
    out
}

fn number(value: &Value) -> f64 {
    value.as_f64().or_else(|| plain(value).parse().ok()).unwrap_or_default()
}

fn vms(rows: &[&Value]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let line = |vmid: &str, name: &str, status: &str, memory: &str, disk: &str, pid: &str| {
        format!("{vmid:>10} {name:<20} {status:<10} {memory:<10} {disk:>12} {pid:<10}\n")
    };
    let mut out = line("VMID", "NAME", "STATUS", "MEM(MB)", "BOOTDISK(GB)", "PID");
    for row in rows {
        let memory = format!("{:.0}", number(&row["maxmem"]) / MIB);
        let disk = format!("{:.2}", number(&row["maxdisk"]) / GIB);
        let pid = if row["pid"].is_null() { "0".to_owned() } else { plain(&row["pid"]) };
        out += &line(&plain(&row["vmid"]), &plain(&row["name"]), &plain(&row["status"]), &memory, &disk, &pid);
    }
    out
}

fn containers(rows: &[&Value]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let line =
        |vmid: &str, status: &str, lock: &str, name: &str| format!("{vmid:<10} {status:<10} {lock:<12} {name:<20}\n");
    let rows = rows
        .iter()
        .map(|row| line(&plain(&row["vmid"]), &plain(&row["status"]), &plain(&row["lock"]), &plain(&row["name"])));
    std::iter::once(line("VMID", "Status", "Lock", "Name")).chain(rows).collect()
}

fn snapshots(rows: &[&Value], parent: Option<&str>, depth: usize) -> String {
    let known = |name: &str| rows.iter().any(|row| row["name"] == name);
    let mut out = String::new();
    for row in rows {
        let own_parent = row["parent"].as_str().filter(|name| known(name));
        let name = row["name"].as_str().unwrap_or_default();
        if own_parent != parent || depth > rows.len() {
            continue;
        }
        let time = row["snaptime"].as_i64().map(date).unwrap_or_default();
        let notes = plain(&row["description"]);
        let head = format!("{}`-> {name}", "  ".repeat(depth));
        out += format!("{head:<28} {time:<23} {}", notes.lines().next().unwrap_or_default()).trim_end();
        out.push('\n');
        out += &snapshots(rows, Some(name), depth + 1);
    }
    out
}

/// Seconds since 1970 as date and time (UTC).
fn date(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(86400), seconds.rem_euclid(86400));
    // Days since 1 March of year 0, in which a leap day is the last day of a cycle.
    let shifted = days + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (dom, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = era * 400 + year + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{dom:02} {:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60)
}

fn pending(row: &Value) -> String {
    let (key, mut out) = (plain(&row["key"]), String::new());
    if !row["value"].is_null() {
        out += &format!("cur {key}: {}\n", one_line(&plain(&row["value"])));
    }
    if !row["pending"].is_null() {
        out += &format!("new {key}: {}\n", one_line(&plain(&row["pending"])));
    }
    match number(&row["delete"]) as u8 {
        0 => (),
        1 => out += &format!("del {key}\n"),
        _ => out += &format!("del {key} (force)\n"),
    }
    out
}

fn storages(rows: &[&Value]) -> String {
    let mut rows: Vec<&&Value> = rows.iter().collect();
    rows.sort_by_key(|row| plain(&row["storage"]));
    let width = rows.iter().map(|row| plain(&row["storage"]).len()).max().unwrap_or_default().max(10);
    let line = |cells: [&str; 7]| {
        let [name, kind, status, total, used, free, share] = cells;
        format!("{name:<width$} {kind:>10} {status:>10} {total:>15} {used:>15} {free:>15} {share:>8}\n")
    };
    let mut out = line(["Name", "Type", "Status", "Total (KiB)", "Used (KiB)", "Available (KiB)", "%"]);
    for row in rows {
        let set = |key: &str| number(&row[key]) != 0.0;
        let status = if set("active") { "active" } else { "inactive" };
        let status = if row["enabled"].is_null() || set("enabled") { status } else { "disabled" };
        let kib = |key: &str| format!("{:.0}", number(&row[key]) / 1024.0);
        let total = number(&row["total"]);
        let share =
            if total > 0.0 { format!("{:.2}%", number(&row["used"]) * 100.0 / total) } else { "N/A".to_owned() };
        let (name, kind) = (plain(&row["storage"]), plain(&row["type"]));
        out += &line([&name, &kind, status, &kib("total"), &kib("used"), &kib("avail"), &share]);
    }
    out
}

fn volumes(rows: &[&Value]) -> String {
    let mut rows: Vec<&&Value> = rows.iter().collect();
    rows.sort_by_key(|row| plain(&row["volid"]));
    let width = rows.iter().map(|row| plain(&row["volid"]).len()).max().unwrap_or_default().max(5);
    let line = |volid: &str, format: &str, kind: &str, size: &str, vmid: &str| {
        format!("{}\n", format!("{volid:<width$} {format:<7} {kind:<9} {size:>15} {vmid}").trim_end())
    };
    let shown = rows.iter().map(|row| {
        let field = |key: &str| plain(&row[key]);
        line(&field("volid"), &field("format"), &field("content"), &field("size"), &field("vmid"))
    });
    std::iter::once(line("Volid", "Format", "Type", "Size", "VMID")).chain(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;
    use serde_json::json;

    #[test]
    fn virtual_machines() {
        let value = json!([
            {"vmid": 101, "name": "web", "status": "running", "maxmem": 536_870_912_u64, "maxdisk": 34_359_738_368_u64, "pid": 77},
            {"vmid": 100, "status": "stopped", "maxmem": 1_073_741_824_u64, "maxdisk": 0},
        ]);
        assert_snapshot!(render(Show::Vms, &value), @r"
              VMID NAME                 STATUS     MEM(MB)    BOOTDISK(GB) PID       
               100                      stopped    1024               0.00 0         
               101 web                  running    512               32.00 77        
        ");
        assert_eq!(render(Show::Vms, &json!([])), "");
    }

    #[test]
    fn configurations() {
        let value = json!({"name": "a", "cores": 2, "description": "x: 1\ny", "digest": "d"});
        assert_eq!(render(Show::Lines, &value), "cores: 2\ndescription: x%3A 1%0Ay\nname: a\n");
    }

    #[test]
    fn snapshots_form_a_tree() {
        let value = json!([
            {"name": "current", "parent": "b", "description": "You are here!"},
            {"name": "a", "snaptime": 0, "description": "first"},
            {"name": "b", "snaptime": 951_782_400, "parent": "a"},
        ]);
        assert_snapshot!(render(Show::Snapshots, &value), @r"
        `-> a                        1970-01-01 00:00:00     first
          `-> b                      2000-02-29 00:00:00
            `-> current                                      You are here!
        ");
    }

    #[test]
    fn pending_changes() {
        let value = json!([{"key": "cores", "value": 1, "pending": 2}, {"key": "net0", "value": "x", "delete": 1}]);
        assert_eq!(render(Show::Pending, &value), "cur cores: 1\nnew cores: 2\ncur net0: x\ndel net0\n");
    }
}
