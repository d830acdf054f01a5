//! What disks say of their health, as smartctl(8) prints it: tables of ATA disks, plain text or JSON of others.

use serde_json::Value;

/// What a disk says of its health.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Smart {
    /// `PASSED`, `OK`, `FAILED!`, `UNKNOWN`.
    pub health: String,
    /// What it counts; ATA only.
    pub attributes: Option<Vec<Attribute>>,
    /// What it says otherwise.
    pub text: Option<String>,
    /// How much of its life is left, percent.
    pub wearout: Option<i64>,
}

/// Something that a disk counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its number, three characters wide.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Kinds of it, a letter each.
    pub flags: String,
    /// Its value in a scale of the maker's, mostly from 100 or 200 down.
    pub value: i64,
    /// The least that it ever was.
    pub worst: i64,
    /// Below that the disk calls it bad.
    pub threshold: i64,
    /// When that was: `-`, never.
    pub fail: String,
    /// What was counted, with the maker's remarks.
    pub raw: String,
}

const UNKNOWN: &str = "UNKNOWN";

/// Reads what `smartctl` printed for `-H` or `-H -A`.
#[must_use]
pub fn parse(output: &str) -> Smart {
    match serde_json::from_str::<Value>(output) {
        Ok(told) if told.is_object() => of_json(&told),
        _ => of_text(output),
    }
}

/// Words before which the result stands.
const RESULTS: [&str; 2] = ["SMART overall-health self-assessment test result:", "SMART Health Status:"];

fn of_text(output: &str) -> Smart {
    let mut smart = Smart { health: UNKNOWN.to_owned(), ..Smart::default() };
    let mut rest = String::new();
    let (mut begun, mut table) = (false, false);
    for line in output.lines() {
        if let Some(result) = RESULTS.iter().find_map(|words| line.strip_prefix(words)) {
            smart.health = result.trim().to_owned();
            begun = true;
        } else if line.starts_with("ID# ATTRIBUTE_NAME") {
            table = true;
            smart.attributes = Some(Vec::new());
        } else if table {
            match attribute(line) {
                Some(found) => smart.attributes.get_or_insert_default().push(found),
                None => table = false,
            }
        } else if begun {
            rest += line;
            rest.push('\n');
        }
    }
    if let Some(attributes) = &smart.attributes {
        smart.wearout = worn(attributes);
    } else if begun && !rest.trim().is_empty() {
        smart.wearout = used_up(&rest).map(|used| 100 - used);
        smart.text = Some(rest);
    }
    smart
}

fn attribute(line: &str) -> Option<Attribute> {
    let id = line.get(..3).filter(|id| id.trim().parse::<u8>().is_ok())?;
    let mut rest = line.get(3..)?;
    let mut word = || {
        let text = rest.trim_start();
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        let (word, after) = text.split_at(end);
        rest = after;
        (!word.is_empty()).then(|| word.to_owned())
    };
    let (name, flags) = (word()?, word()?);
    let numbers = [word()?, word()?, word()?].map(|number| number.parse().unwrap_or(0));
    let fail = word()?;
    let [value, worst, threshold] = numbers;
    Some(Attribute { id: id.to_owned(), name, flags, value, worst, threshold, fail, raw: rest.trim().to_owned() })
}

/// Names under which makers of ATA disks tell how much of a disk's life is left, the plainest first.
const LIFE_LEFT: [&str; 12] = [
    "Media_Wearout_Indicator",
    "SSD_Life_Left",
    "Wear_Leveling_Count",
    "Perc_Write/Erase_Ct_BC",
    "Perc_Rated_Life_Remain",
    "Remaining_Lifetime_Perc",
    "Percent_Lifetime_Remain",
    "Percent_Lifetime_Used",
    "Lifetime_Left",
    "PCT_Life_Remaining",
    "Lifetime_Remaining",
    "Percent_Life_Remaining",
];

/// What is left by the maker's own scale, which counts from 100 down whatever the name says.
fn worn(attributes: &[Attribute]) -> Option<i64> {
    let of = |name: &&str| attributes.iter().find(|attribute| attribute.name == *name);
    LIFE_LEFT.iter().find_map(of).map(|attribute| attribute.value)
}

/// How much of its life a SAS or NVMe disk says is used up, percent.
fn used_up(text: &str) -> Option<i64> {
    let words = ["Percentage used endurance indicator:", "Percentage Used:"];
    let found = text.lines().find_map(|line| words.iter().find_map(|words| line.trim().strip_prefix(words)))?;
    found.trim().trim_end_matches('%').parse().ok()
}

fn of_json(told: &Value) -> Smart {
    let passed = told["smart_status"]["passed"].as_bool();
    let scsi = told["device"]["protocol"] == "SCSI";
    let health = match passed {
        Some(true) if scsi => "OK",
        Some(true) => "PASSED",
        Some(false) => "FAILED!",
        None => UNKNOWN,
    };
    let log = &told["nvme_smart_health_information_log"];
    let used = log["percentage_used"].as_i64().or(told["scsi_percentage_used_endurance_indicator"].as_i64());
    let table = told["ata_smart_attributes"]["table"].as_array();
    let attributes = table.map(|rows| rows.iter().map(row).collect::<Vec<_>>());
    let wearout = used.map(|used| 100 - used).or_else(|| worn(attributes.as_deref().unwrap_or_default()));
    let lines = told["smartctl"]["output"].as_array();
    let lines = lines.map(|lines| lines.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"));
    let text = lines.map(|lines| of_text(&lines)).and_then(|smart| smart.text);
    let text = text.or_else(|| (attributes.is_none() && log.is_object()).then(|| as_lines(log)));
    Smart { health: health.to_owned(), attributes, text, wearout }
}

fn row(row: &Value) -> Attribute {
    let number = |key: &str| row[key].as_i64().unwrap_or(0);
    let text = |value: &Value| value.as_str().unwrap_or_default().trim().to_owned();
    Attribute {
        id: format!("{:>3}", number("id")),
        name: text(&row["name"]),
        flags: text(&row["flags"]["string"]),
        value: number("value"),
        worst: number("worst"),
        threshold: number("thresh"),
        fail: Some(text(&row["when_failed"])).filter(|when| !when.is_empty()).unwrap_or_else(|| "-".to_owned()),
        raw: text(&row["raw"]["string"]),
    }
}

fn as_lines(log: &Value) -> String {
    let pairs = log.as_object().into_iter().flatten();
    pairs.map(|(key, value)| format!("{}: {value}\n", key.replace('_', " "))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read() {
        let text = "SMART overall-health self-assessment test result: PASSED\n\nID# ATTRIBUTE_NAME FLAGS VALUE\n  \
                    5 Reallocated_Sector_Ct   PO--CK   100   099   010    -    0\n\
                    233 Media_Wearout_Indicator -O--CK  097   097   000    -    12 (a b)\n\nmore\n";
        let smart = parse(text);
        let rows = smart.attributes.unwrap();
        assert_eq!((smart.health.as_str(), smart.wearout, rows.len()), ("PASSED", Some(97), 2));
        assert_eq!((rows[0].id.as_str(), rows[0].worst, rows[1].raw.as_str()), ("  5", 99, "12 (a b)"));
    }

    #[test]
    fn other_disks_say_what_they_like() {
        let smart = parse("SMART Health Status: OK\n\nPercentage used endurance indicator: 3%\n");
        assert_eq!((smart.health.as_str(), smart.wearout), ("OK", Some(97)));
        assert_eq!(smart.text.as_deref(), Some("\nPercentage used endurance indicator: 3%\n"));
        let nvme = r#"{"smart_status":{"passed":true},"nvme_smart_health_information_log":{"percentage_used":31}}"#;
        assert_eq!((parse(nvme).health.as_str(), parse(nvme).wearout), ("PASSED", Some(69)));
        assert_eq!(parse("").health, UNKNOWN);
    }
}
