//! What systemd knows, where it rules.

use crate::run::{Run, RunError};

/// Whether systemd is what the machine was started with.
#[must_use]
pub fn rules() -> bool {
    std::path::Path::new("/run/systemd/system").is_dir()
}

/// What becomes of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It starts again.
    Reboot,
    /// It is switched off.
    PowerOff,
}

/// Ends what the machine does, in order.
///
/// # Errors
/// When systemd refuses.
pub async fn end(how: End) -> Result<(), RunError> {
    let command = match how {
        End::Reboot => "reboot",
        End::PowerOff => "poweroff",
    };
    Run::new("systemctl").args(["--no-wall", command]).output().await.map(drop)
}

/// A unit and how it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unit {
    /// Its name, with ending.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// `active`, `inactive`, `failed`, …
    pub active: String,
    /// `running`, `dead`, …
    pub state: String,
    /// `enabled`, `disabled`, `static`, `not-found`, …
    pub file: String,
}

/// How units are, in the order of their names.
///
/// # Errors
/// When systemd does not answer.
pub async fn units(names: &[&str]) -> Result<Vec<Unit>, RunError> {
    let run = Run::new("systemctl").arg("show").args(names);
    let run = run.arg("--property=Id,Description,ActiveState,SubState,UnitFileState,LoadState");
    Ok(parse(&run.output().await?.text()))
}

/// Reads blocks of `key=value`, divided by empty lines.
fn parse(text: &str) -> Vec<Unit> {
    let block = |block: &str| {
        let field = |key: &str| {
            let line = block.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            line.unwrap_or_default().to_owned()
        };
        let missing = field("LoadState") == "not-found";
        Unit {
            name: field("Id"),
            description: field("Description"),
            active: field("ActiveState"),
            state: field("SubState"),
            file: if missing { "not-found".to_owned() } else { field("UnitFileState") },
        }
    };
    text.split("\n\n").filter(|text| !text.trim().is_empty()).map(block).collect()
}

/// A look into the journal.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// Only what this unit said.
    pub unit: Option<String>,
    /// From then on: seconds since 1970 as `@7`, or a date.
    pub since: Option<String>,
    /// Until then.
    pub until: Option<String>,
    /// Only the last so many.
    pub last: Option<u64>,
    /// After this place.
    pub after: Option<String>,
    /// Only these urgencies: `0..4`.
    pub priority: Option<String>,
    /// Only what the kernel said.
    pub kernel: bool,
}

/// Lines of the journal, oldest first, and the place after them where there is one.
///
/// # Errors
/// When `journalctl` fails or is not there.
pub async fn journal(look: &Look) -> Result<(Vec<String>, Option<String>), RunError> {
    let mut args =
        vec!["--no-pager".to_owned(), "--quiet".to_owned(), "--output=short".to_owned(), "--show-cursor".to_owned()];
    let options = [
        ("unit", &look.unit),
        ("since", &look.since),
        ("until", &look.until),
        ("after-cursor", &look.after),
        ("priority", &look.priority),
    ];
    args.extend(options.into_iter().filter_map(|(name, value)| Some(format!("--{name}={}", value.as_ref()?))));
    args.extend(look.last.map(|last| format!("--lines={last}")));
    args.extend(look.kernel.then(|| "--dmesg".to_owned()));
    let output = Run::new("journalctl").args(args).output().await?.text();
    let mut lines: Vec<String> = output.lines().map(str::to_owned).collect();
    let cursor = lines.last().and_then(|line| line.strip_prefix("-- cursor: ")).map(str::to_owned);
    if cursor.is_some() {
        lines.pop();
    }
    Ok((lines, cursor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_one_by_one() {
        let text = "Id=cron.service\nDescription=Regular jobs\nLoadState=loaded\nActiveState=active\nSubState=running\n\
                    UnitFileState=enabled\n\nId=x.service\nDescription=x.service\nLoadState=not-found\nActiveState=inactive\n\
                    SubState=dead\nUnitFileState=\n";
        let units = parse(text);
        assert_eq!(
            (units[0].name.as_str(), units[0].state.as_str(), units[0].file.as_str()),
            ("cron.service", "running", "enabled")
        );
        assert_eq!(units[1].file, "not-found");
    }
}
