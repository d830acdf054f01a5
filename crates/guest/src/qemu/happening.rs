//! What VMs do by themselves, in words: the events of QEMU that an administrator wants to know of, and their ends.

use host::qmp::Event;
use host::run::RunError;
use serde_json::Value;

/// Longest words of a guest or of QEMU that are passed on, in characters.
const LONGEST: usize = 300;

/// How much somebody should care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It is kept as the VM's last event, and no more.
    Note,
    /// It belongs into the log.
    Info,
    /// Somebody should look.
    Warning,
}

/// Something that happened to a VM without anybody's task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// What it was: `io-error`, `panic`, `reset`, `watchdog`, `memory-failure`, `balloon`, `suspend`, `wakeup`,
    /// `silent`, `answers`, or `ended`.
    pub event: &'static str,
    /// When, seconds since 1970.
    pub time: i64,
    /// The same in words.
    pub text: String,
    /// The drive, where it is about one.
    pub device: Option<String>,
    /// Why, as a word for programs: `enospc`, `guest-shutdown`, `host-qmp-quit`, `signal`, …
    pub reason: Option<String>,
    /// How much somebody should care.
    pub weight: Weight,
}

impl Happening {
    pub(crate) fn new(event: &'static str, weight: Weight, time: i64, text: impl Into<String>) -> Self {
        Self { event, time, text: text.into(), device: None, reason: None, weight }
    }

    fn because(mut self, reason: &Value) -> Self {
        self.reason = reason.as_str().map(clean);
        self
    }
}

/// What an event of QEMU (its reference manual, "QMP events") means; nothing for those that are no news by themselves.
pub(crate) fn of_event(event: &Event, time: i64) -> Option<Happening> {
    use Weight::{Info, Note, Warning};
    let data = &event.data;
    let new = |name, weight, text: String| Some(Happening::new(name, weight, time, text));
    match event.name.as_str() {
        "RESET" if data["guest"] == true => {
            new("reset", Info, "the guest rebooted".into()).map(|one| one.because(&data["reason"]))
        }
        "RESET" => new("reset", Note, "it was reset".into()).map(|one| one.because(&data["reason"])),
        "GUEST_PANICKED" => {
            let after = match data["action"].as_str() {
                Some("pause") => "it is paused as it is",
                Some("poweroff") => "it ends",
                _ => "it goes on",
            };
            let kind = data["info"]["type"].as_str().map(|kind| format!(" ({})", clean(kind))).unwrap_or_default();
            new("panic", Warning, format!("the system in the guest crashed{kind}; {after}"))
                .map(|one| one.because(&data["action"]))
        }
        "GUEST_CRASHLOADED" => new("panic", Warning, "the system in the guest crashed and saves its memory".into()),
        "BLOCK_IO_ERROR" => Some(io_error(data, time)),
        "WATCHDOG" => {
            let action = clean(data["action"].as_str().unwrap_or("none"));
            new("watchdog", Warning, format!("its watchdog ran out; action: {action}"))
                .map(|one| one.because(&data["action"]))
        }
        "MEMORY_FAILURE" => new("memory-failure", Warning, "the host's memory under the guest is damaged".into())
            .map(|one| one.because(&data["action"])),
        "BALLOON_CHANGE" => {
            let mib = data["actual"].as_u64().unwrap_or(0) >> 20;
            new("balloon", Note, format!("the balloon leaves the guest {mib} MiB"))
        }
        "SUSPEND" | "SUSPEND_DISK" => new("suspend", Note, "the guest went to sleep".into()),
        "WAKEUP" => new("wakeup", Note, "the guest woke up".into()),
        _ => None,
    }
}

fn io_error(data: &Value, time: i64) -> Happening {
    let drive = drive(data);
    let full = data["nospace"] == true;
    let doing = if data["operation"] == "read" { "reading" } else { "writing" };
    let why = match (full, data["reason"].as_str()) {
        (true, _) => "no space left on its storage".to_owned(),
        (false, Some(words)) => clean(words),
        (false, None) => "input/output error".to_owned(),
    };
    let after = match (data["action"].as_str(), full) {
        (Some("stop"), true) => "; the VM is paused: make room and resume it",
        (Some("stop"), false) => "; the VM is paused",
        (Some("report"), _) => "; the guest was told",
        _ => "",
    };
    let place = drive.as_deref().unwrap_or("a drive");
    let mut happening =
        Happening::new("io-error", Weight::Warning, time, format!("{doing} on {place} failed: {why}{after}"));
    happening.reason = Some(if full { "enospc".to_owned() } else { why });
    happening.device = drive;
    happening
}

/// The drive that an I/O error is about, by the option's name: from the device's path, else from a block node's name.
fn drive(data: &Value) -> Option<String> {
    let text = |key: &str| data[key].as_str().filter(|text| !text.is_empty());
    let in_path = |path: &str| {
        let known = |part: &&str| super::cmdline::DriveId::parse(part).is_some();
        path.split('/').find(known).map(str::to_owned)
    };
    let of_node = |name: &str| {
        let bare = name.trim_start_matches("drive-");
        bare.split('-').next().filter(|part| super::cmdline::DriveId::parse(part).is_some()).map(str::to_owned)
    };
    text("qom-path").and_then(in_path).or_else(|| text("device").and_then(of_node)).or_else(|| {
        let name = text("node-name")?;
        of_node(name).or_else(|| Some(clean(name)))
    })
}

/// How a process ended, where we were its parent.
pub(crate) type Exit = Result<(), RunError>;

/// The end of a VM: `cause` is the reason in QEMU's last word (`SHUTDOWN`), `words` the last lines of its log.
pub(crate) fn end(cause: Option<&str>, exit: Option<&Exit>, words: &str, time: i64) -> Happening {
    let told = |weight, reason: &str, text: String| {
        let mut one = Happening::new("ended", weight, time, text);
        one.reason = Some(reason.to_owned());
        one
    };
    let by_cause = cause.and_then(|cause| {
        let text = match cause {
            "guest-shutdown" => "the guest powered off",
            "guest-reset" => "the guest rebooted, and its configuration wants it to end then",
            "guest-panic" => "the system in the guest crashed",
            "host-qmp-quit" => "it was stopped",
            "host-signal" => "QEMU was asked to end by a signal",
            "host-ui" => "its window was closed",
            _ => return None,
        };
        let weight = if cause == "guest-panic" { Weight::Warning } else { Weight::Info };
        Some(told(weight, cause, text.to_owned()))
    });
    let words = if words.is_empty() { String::new() } else { format!("; its last words: {}", clean(words)) };
    match (by_cause, exit) {
        (Some(known), _) => known,
        (None, Some(Err(RunError::Failed { status, code: None, .. }))) => {
            told(Weight::Warning, "signal", format!("QEMU was killed ({status}){words}"))
        }
        (None, Some(Err(RunError::Failed { status, .. }))) => {
            told(Weight::Warning, "crash", format!("QEMU failed ({status}){words}"))
        }
        (None, Some(Ok(()))) => told(Weight::Info, "exit", "QEMU ended by itself".to_owned()),
        (None, _) => told(Weight::Warning, "unknown", format!("QEMU is gone, nobody knows why{words}")),
    }
}

/// One line of printable characters, not too long.
fn clean(text: &str) -> String {
    let printable = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    printable.take(LONGEST).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(name: &str, data: Value) -> Option<Happening> {
        of_event(&Event { name: name.to_owned(), data }, 7)
    }

    #[test]
    fn a_full_storage_is_said_with_the_drive() {
        let full = json!({
            "device": "", "node-name": "drive-scsi0", "qom-path": "/machine/peripheral/scsi0/virtio-backend",
            "operation": "write", "action": "stop", "nospace": true, "reason": "No space left on device",
        });
        let full = told("BLOCK_IO_ERROR", full).unwrap();
        assert_eq!(
            full.text,
            "writing on scsi0 failed: no space left on its storage; the VM is paused: make room and resume it"
        );
        assert_eq!((full.device.as_deref(), full.reason.as_deref()), (Some("scsi0"), Some("enospc")));
        let broken = json!({ "device": "drive-ide2", "operation": "read", "action": "report", "reason": "Input/output\u{1b} error" });
        let broken = told("BLOCK_IO_ERROR", broken).unwrap();
        assert_eq!(broken.text, "reading on ide2 failed: Input/output  error; the guest was told");
        let odd = told("BLOCK_IO_ERROR", json!({ "node-name": "#block12" })).unwrap();
        assert_eq!(odd.text, "writing on #block12 failed: input/output error");
    }

    #[test]
    fn events_have_words() {
        let text = |name: &str, data| told(name, data).map(|one| (one.weight, one.text));
        let crashed = text("GUEST_PANICKED", json!({ "action": "pause", "info": { "type": "hyper-v" } })).unwrap();
        assert_eq!(
            crashed,
            (Weight::Warning, "the system in the guest crashed (hyper-v); it is paused as it is".into())
        );
        assert_eq!(text("RESET", json!({ "guest": true })).unwrap().0, Weight::Info);
        assert_eq!(text("RESET", json!({ "guest": false })).unwrap().0, Weight::Note);
        assert_eq!(text("WATCHDOG", json!({ "action": "reset" })).unwrap().1, "its watchdog ran out; action: reset");
        assert_eq!(
            text("BALLOON_CHANGE", json!({ "actual": 512 << 20 })).unwrap().1,
            "the balloon leaves the guest 512 MiB"
        );
        assert_eq!(text("RTC_CHANGE", json!({ "offset": 1 })), None);
        assert_eq!(
            text("BLOCK_IO_ERROR", json!("nonsense")).unwrap().1,
            "writing on a drive failed: input/output error"
        );
    }

    #[test]
    fn an_end_has_a_reason() {
        let failed = |status: &str, code| {
            Err(RunError::Failed { program: "qemu".into(), status: status.into(), code, stderr: String::new() })
        };
        let killed = failed("got signal 9", None);
        let text = |cause, exit: Option<&Exit>, words| {
            let one = end(cause, exit, words, 7);
            format!("{:?} {}: {}", one.weight, one.reason.unwrap_or_default(), one.text)
        };
        assert_eq!(text(Some("guest-shutdown"), Some(&Ok(())), "x"), "Info guest-shutdown: the guest powered off");
        assert_eq!(
            text(None, Some(&killed), "bad\nthings"),
            "Warning signal: QEMU was killed (got signal 9); its last words: bad things"
        );
        assert_eq!(text(None, Some(&failed("exit code 1", Some(1))), ""), "Warning crash: QEMU failed (exit code 1)");
        assert_eq!(text(None, Some(&Ok(())), ""), "Info exit: QEMU ended by itself");
        assert_eq!(text(Some("subsystem-reset"), None, ""), "Warning unknown: QEMU is gone, nobody knows why");
    }
}
