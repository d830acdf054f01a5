//! What a guest tells of its memory through its balloon (virtio's statistics queue, QEMU's property `guest-stats`).
//!
//! It is the guest's word: nothing here may matter to anybody but that guest.

use std::time::Duration;

use host::qmp::Qmp;
use serde_json::{Map, Value, json};

use super::running::QUICK;

/// The device, as the command line names it.
const DEVICE: &str = "/machine/peripheral/balloon0";

/// How often the guest tells.
pub(crate) const PERIOD: Duration = Duration::from_secs(10);

/// What a guest told last.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GuestMemory {
    /// Memory that it can use, bytes.
    pub total: u64,
    /// Memory that it does not use, bytes.
    pub free: u64,
    /// All of it by the names of `ballooninfo`.
    info: Map<String, Value>,
}

/// Names of QEMU beside those of `ballooninfo`.
const NAMES: [(&str, &str); 6] = [
    ("stat-total-memory", "total_mem"),
    ("stat-free-memory", "free_mem"),
    ("stat-swap-in", "mem_swapped_in"),
    ("stat-swap-out", "mem_swapped_out"),
    ("stat-major-faults", "major_page_faults"),
    ("stat-minor-faults", "minor_page_faults"),
];

impl GuestMemory {
    /// Reads `guest-stats`; nothing before a guest with a driver has told anything.
    fn parse(answer: &Value) -> Option<Self> {
        let stats = &answer["stats"];
        // What a guest does not tell is the largest number there is.
        let known = |name: &str| stats[name].as_u64().filter(|value| *value < 1 << 60);
        let (total, free) = (known("stat-total-memory")?, known("stat-free-memory")?);
        if answer["last-update"].as_u64().unwrap_or(0) == 0 || total == 0 || free > total {
            return None;
        }
        let members = NAMES.iter().filter_map(|(theirs, ours)| Some(((*ours).to_owned(), known(theirs)?.into())));
        let mut info: Map<String, Value> = members.collect();
        info.insert("last_update".into(), answer["last-update"].clone());
        Some(Self { total, free, info })
    }

    /// Memory that the guest uses, bytes.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.total - self.free
    }

    /// Adds what is known to QEMU's answer about the balloon.
    pub(crate) fn extend(&self, ballooninfo: &mut Map<String, Value>) {
        ballooninfo.extend(self.info.clone());
    }
}

/// Has the guest tell; false if it has no balloon.
pub(crate) async fn begin(qmp: &Qmp) -> bool {
    let wish = json!({ "path": DEVICE, "property": "guest-stats-polling-interval", "value": PERIOD.as_secs() });
    qmp.call("qom-set", wish, QUICK).await.is_ok()
}

/// What the guest told last.
pub(crate) async fn ask(qmp: &Qmp) -> Option<GuestMemory> {
    let answer = qmp.call("qom-get", json!({ "path": DEVICE, "property": "guest-stats" }), QUICK).await.ok()?;
    GuestMemory::parse(&answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_guest_tells() {
        let stats = json!({
            "stat-total-memory": 1000, "stat-free-memory": 400, "stat-swap-in": 0,
            "stat-disk-caches": u64::MAX, "stat-swap-out": u64::MAX,
        });
        let memory = GuestMemory::parse(&json!({ "stats": stats, "last-update": 7 })).unwrap();
        assert_eq!(memory.used(), 600);
        let mut info = Map::new();
        memory.extend(&mut info);
        insta::assert_snapshot!(Value::Object(info), @r#"{"total_mem":1000,"free_mem":400,"mem_swapped_in":0,"last_update":7}"#);
    }

    #[test]
    fn a_guest_that_tells_nothing_or_nonsense() {
        let parse = |total: u64, free: u64, update: u64| {
            let stats = json!({ "stat-total-memory": total, "stat-free-memory": free });
            GuestMemory::parse(&json!({ "stats": stats, "last-update": update }))
        };
        assert_eq!(parse(u64::MAX, u64::MAX, 0), None);
        assert_eq!(parse(1000, 400, 0), None);
        assert_eq!(parse(400, 1000, 7), None);
        assert_eq!(parse(0, 0, 7), None);
        assert_eq!(GuestMemory::parse(&json!("no")), None);
    }
}
