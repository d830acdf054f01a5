//! Names of tasks: `UPID:node:pid:pstart:starttime:type:id:user:`, numbers in upper-case hex.

use std::fmt;
use std::str::FromStr;

use schema::{Kind, Reply, Returns, Scalar, Text};

/// A task's name, in PVE's form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Upid {
    /// Node that runs it.
    pub node: String,
    /// Process: that of the daemon.
    pub pid: u32,
    /// Start time of the process in clock ticks since boot, plus the number of tasks it began before: unlike PVE's
    /// workers, our tasks share one process, and two of them must not share a name.
    pub pstart: u64,
    /// When it began, seconds since 1970.
    pub starttime: i64,
    /// What it does: `qmstart`.
    pub kind: String,
    /// What it does it to: `100`; may be empty.
    pub id: String,
    /// Who asked for it: a user or a token.
    pub user: String,
}

/// The text is not the name of a task.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unable to parse worker upid '{0}'")]
pub struct BadUpid(pub String);

impl Upid {
    /// The last hex digit of the start time: the name of the folder that holds its log.
    pub fn shard(&self) -> String {
        format!("{:X}", self.starttime & 0xf)
    }
}

impl fmt::Display for Upid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { node, pid, pstart, starttime, kind, id, user } = self;
        write!(f, "UPID:{node}:{pid:08X}:{pstart:08X}:{starttime:08X}:{kind}:{id}:{user}:")
    }
}

fn hex(text: &str, lengths: std::ops::RangeInclusive<usize>) -> Option<u64> {
    let plain = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
    if plain { u64::from_str_radix(text, 16).ok() } else { None }
}

/// No part may break the name apart, or a path: user names may hold much, but neither of these.
fn is_part(text: &str) -> bool {
    !text.contains(|c: char| c == ':' || c == '/' || c.is_whitespace() || c.is_control())
}

impl FromStr for Upid {
    type Err = BadUpid;
    fn from_str(text: &str) -> Result<Self, BadUpid> {
        let parse = || {
            let parts: Vec<&str> = text.split(':').collect();
            let ["UPID", node, pid, pstart, starttime, kind, id, user, ""] = parts.as_slice() else { return None };
            let fits = schema::format::is_label(node)
                && !kind.is_empty()
                && !user.is_empty()
                && [kind, id, user].iter().all(|part| is_part(part))
                && text.len() <= 255;
            fits.then_some(Self {
                node: (*node).to_owned(),
                pid: u32::try_from(hex(pid, 8..=8)?).ok()?,
                pstart: hex(pstart, 8..=9)?,
                starttime: i64::try_from(hex(starttime, 8..=8)?).ok()?,
                kind: (*kind).to_owned(),
                id: (*id).to_owned(),
                user: (*user).to_owned(),
            })
        };
        parse().ok_or_else(|| BadUpid(text.to_owned()))
    }
}

impl Scalar for Upid {
    const KIND: Kind = Kind::Text(Text::FREE);
    fn read(text: &str) -> Result<Self, String> {
        text.parse().map_err(|bad: BadUpid| bad.to_string())
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Reply for Upid {
    const RETURNS: Returns = Returns::Text;
    fn value(self) -> serde_json::Value {
        self.to_string().into()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_printed_reads_back(pid in any::<u32>(), pstart in 0u64..0xf_ffff_ffff, starttime in 0i64..0xffff_ffff, kind in "[a-z]{1,12}", id in "[0-9a-z.-]{0,10}", user in "[a-z0-9!.-]{1,12}@[a-z]{2,6}") {
            let upid = Upid { node: "n1".into(), pid, pstart, starttime, kind, id, user };
            prop_assert_eq!(upid.to_string().parse::<Upid>().unwrap(), upid);
        }

        #[test]
        fn no_text_makes_the_parser_panic_or_leave_the_folder(text in "\\PC{0,80}") {
            if let Ok(upid) = text.parse::<Upid>() {
                prop_assert!(!upid.to_string().contains('/'));
            }
        }
    }

    #[test]
    fn parts_cannot_climb() {
        assert!("UPID:n1:00000001:00000002:00000003:a:../../x:root@pam:".parse::<Upid>().is_err());
        assert!("UPID:..:00000001:00000002:00000003:a::root@pam:".parse::<Upid>().is_err());
    }
}
