//! LVM as its programs tell it (`--reportformat json`, see lvmreport(7)) and change it.

use std::ffi::OsStr;
use std::time::Duration;

use host::run::{Output, Run, RunError};
use serde_json::Value;

use crate::{StorageConfig, StorageError};

/// How long LVM may take to tell something: a lost disk makes it wait.
const LOOK: Duration = Duration::from_secs(20);
/// How long it may take for a change.
const CHANGE: Duration = Duration::from_secs(120);

/// A volume group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Bytes free.
    pub free: u64,
}

/// A disk of a volume group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// The group; empty where it has none yet.
    pub group: String,
    /// The disk or partition.
    pub device: String,
    /// Bytes.
    pub size: u64,
    /// Bytes free.
    pub free: u64,
}

/// A logical volume.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Logical {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// The pool that it takes its blocks from.
    pub pool: Option<String>,
    /// What kind of thing it is: the first of its attributes, see lvs(8).
    pub kind: char,
    /// Part of a pool or thin volume that is filled, percent.
    pub filled: f64,
    /// Bytes for metadata; pools only.
    pub metadata_size: u64,
    /// Part of these that is filled, percent.
    pub metadata_filled: f64,
    /// When it was made, seconds since 1970.
    pub ctime: i64,
    /// Its tags.
    pub tags: Vec<String>,
}

impl Logical {
    /// Whether it is a pool of thin volumes.
    #[must_use]
    pub fn is_thin_pool(&self) -> bool {
        self.kind == 't'
    }
}

fn rows(output: &str, key: &str) -> Vec<Value> {
    let told: Value = serde_json::from_str(output).unwrap_or_default();
    let reports = told["report"].as_array().into_iter().flatten();
    reports.flat_map(|report| report[key].as_array().cloned().unwrap_or_default()).collect()
}

fn text(row: &Value, key: &str) -> String {
    row[key].as_str().unwrap_or_default().trim().to_owned()
}

fn number(row: &Value, key: &str) -> u64 {
    text(row, key).trim_end_matches('B').parse().unwrap_or(0)
}

/// Reads what `vgs` prints.
#[must_use]
pub fn parse_groups(output: &str) -> Vec<Group> {
    let group =
        |row: &Value| Group { name: text(row, "vg_name"), size: number(row, "vg_size"), free: number(row, "vg_free") };
    rows(output, "vg").iter().map(group).filter(|group| !group.name.is_empty()).collect()
}

/// Reads what `lvs` prints.
#[must_use]
pub fn parse_volumes(output: &str) -> Vec<Logical> {
    let volume = |row: &Value| Logical {
        name: text(row, "lv_name"),
        size: number(row, "lv_size"),
        pool: Some(text(row, "pool_lv")).filter(|pool| !pool.is_empty()),
        kind: text(row, "lv_attr").chars().next().unwrap_or('-'),
        filled: text(row, "data_percent").parse().unwrap_or(0.0),
        metadata_size: number(row, "lv_metadata_size"),
        metadata_filled: text(row, "metadata_percent").parse().unwrap_or(0.0),
        ctime: text(row, "lv_time").parse().unwrap_or(0),
        tags: text(row, "lv_tags").split(',').filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
    };
    rows(output, "lv").iter().map(volume).filter(|volume| !volume.name.is_empty()).collect()
}

async fn report(program: &str, columns: &str, group: Option<&str>) -> Result<Output, RunError> {
    // Numbers in bytes without a unit, times in seconds since 1970.
    let run = Run::new(program).args(["--reportformat", "json", "--units", "b", "--nosuffix", "-o", columns]);
    let run = run.args(["--config", "report/time_format=\"%s\""]);
    run.args(group).deadline(LOOK).output().await
}

/// All volume groups.
///
/// # Errors
/// When LVM is not installed or fails.
pub async fn groups() -> Result<Vec<Group>, RunError> {
    Ok(parse_groups(&report("vgs", "vg_name,vg_size,vg_free", None).await?.text()))
}

/// The disks of all volume groups.
///
/// # Errors
/// When LVM is not installed or fails.
pub async fn members() -> Result<Vec<Member>, RunError> {
    let told = report("pvs", "vg_name,pv_name,pv_size,pv_free", None).await?.text();
    let member = |row: &Value| Member {
        group: text(row, "vg_name"),
        device: text(row, "pv_name"),
        size: number(row, "pv_size"),
        free: number(row, "pv_free"),
    };
    Ok(rows(&told, "pv").iter().map(member).collect())
}

/// The logical volumes of a group.
///
/// # Errors
/// When there is no such group, or LVM fails.
pub async fn volumes(group: &str) -> Result<Vec<Logical>, RunError> {
    let columns = "lv_name,lv_size,lv_attr,pool_lv,data_percent,lv_metadata_size,metadata_percent,lv_time,lv_tags";
    Ok(parse_volumes(&report("lvs", columns, Some(group)).await?.text()))
}

/// Changes something.
pub(crate) async fn change<S: AsRef<OsStr>>(
    program: &str,
    args: impl IntoIterator<Item = S>,
) -> Result<(), StorageError> {
    Run::new(program).args(args).deadline(CHANGE).output().await?;
    Ok(())
}

/// The volume group of a storage.
pub(in crate::plugin) fn group(config: &StorageConfig) -> Result<&str, StorageError> {
    let name = config.fixed.vgname.as_deref();
    name.ok_or_else(|| StorageError::Invalid(format!("storage '{}' has no volume group; add 'vgname'", config.id)))
}

/// Why a storage cannot be used.
pub(in crate::plugin) fn inactive(config: &StorageConfig, reason: String) -> StorageError {
    StorageError::Inactive { storage: config.id.clone(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_understood() {
        let text = r#"{"report":[{"vg":[{"vg_name":"v","vg_size":"1069547520","vg_free":"536870912"}]}],"log":[]}"#;
        assert_eq!(parse_groups(text), [Group { name: "v".into(), size: 1_069_547_520, free: 536_870_912 }]);
        let text = r#"{"report":[{"lv":[
            {"lv_name":"pool","lv_size":"402653184","lv_attr":"twi-aotz--","pool_lv":"","data_percent":"12.50","lv_time":"1700000000","lv_tags":""},
            {"lv_name":"vm-100-disk-0","lv_size":"8388608","lv_attr":"Vwi-a-tz--","pool_lv":"pool","data_percent":"0.00","lv_time":"1700000001","lv_tags":"a,pve-vm-100"}]}]}"#;
        let volumes = parse_volumes(text);
        assert!(volumes[0].is_thin_pool() && volumes[0].pool.is_none() && volumes[0].filled > 12.0);
        assert_eq!((volumes[1].pool.as_deref(), volumes[1].ctime, volumes[1].kind), (Some("pool"), 1_700_000_001, 'V'));
        assert_eq!(volumes[1].tags, ["a", "pve-vm-100"]);
        assert!(parse_groups("nonsense").is_empty() && parse_volumes("{}").is_empty());
    }
}
