//! The ID of a task: `UPID:{node}:{pid}:{pstart}:{starttime}:{kind}:{id}:{user}:`, numbers in upper case hex.

use std::fmt;
use std::str::FromStr;

use schema::NodeName;

/// Longest UPID that is also a file name.
const MAX_BYTES: usize = 240;

/// ID of a task. It tells who does what where since when; one text names one task for ever.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Upid {
    /// Node on which the task runs.
    pub node: NodeName,
    /// Process that runs it: of our tasks, the daemon.
    pub pid: u32,
    /// Hundredths of a second from the start of the machine to that of the task; differs for all tasks of one process.
    pub pstart: u64,
    /// Start of the task, seconds since 1970.
    pub starttime: u64,
    /// What it does: `qmstart`, `vzcreate`, …
    pub kind: String,
    /// With what: a guest ID, a storage, or nothing.
    pub id: String,
    /// User or token on whose behalf.
    pub user: String,
}

/// Why a text is no UPID.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unable to parse worker upid '{0}'")]
pub struct BadUpid(pub String);

impl Upid {
    /// The user without the name of a token.
    #[must_use]
    pub fn user_only(&self) -> &str {
        self.user.split_once('!').map_or(self.user.as_str(), |(user, _)| user)
    }

    /// The name of the token, if one was used.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.user.split_once('!').map(|(_, token)| token)
    }

    /// Whether the task is somebody's own: a token owns what it started itself, a user also what their tokens started.
    #[must_use]
    pub fn belongs_to(&self, authid: &str) -> bool {
        self.user == authid || self.user_only() == authid
    }

    /// The same with an ID that can stand in a UPID: without separators, and shortened to the room that the rest leaves.
    /// Names of files have 255 bytes, and end up in IDs.
    pub(crate) fn fitted(mut self) -> Self {
        let stands_in_names = |c: char| !(c == ':' || c == '/' || c.is_whitespace() || c.is_control());
        self.id = self.id.chars().map(|c| if stands_in_names(c) { c } else { '_' }).collect();
        while self.to_string().len() > MAX_BYTES && self.id.pop().is_some() {}
        self
    }

    /// Directory of the log: last digit of the start time, so that no directory grows too large.
    pub(crate) fn hash_dir(&self) -> String {
        format!("{:X}", self.starttime & 0xf)
    }
}

impl fmt::Display for Upid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { node, pid, pstart, starttime, kind, id, user } = self;
        write!(f, "UPID:{node}:{pid:08X}:{pstart:08X}:{starttime:08X}:{kind}:{id}:{user}:")
    }
}

impl schema::Reply for Upid {
    const RETURNS: schema::Returns = schema::Returns::Text;

    fn value(self) -> serde_json::Value {
        self.to_string().into()
    }
}

impl FromStr for Upid {
    type Err = BadUpid;

    fn from_str(text: &str) -> Result<Self, BadUpid> {
        read(text).ok_or_else(|| BadUpid(text.chars().take(MAX_BYTES).collect()))
    }
}

fn read(text: &str) -> Option<Upid> {
    if text.len() > MAX_BYTES || text.contains('/') || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return None;
    }
    let mut parts = text.strip_prefix("UPID:")?.strip_suffix(':')?.split(':');
    let mut next = || parts.next();
    let upid = Upid {
        node: next()?.parse().ok()?,
        pid: u32::try_from(hex(next()?, 8, 8)?).ok()?,
        pstart: hex(next()?, 8, 9)?,
        starttime: hex(next()?, 8, 8)?,
        kind: next().filter(|kind| !kind.is_empty())?.to_owned(),
        id: next()?.to_owned(),
        user: next().filter(|user| !user.is_empty())?.to_owned(),
    };
    next().is_none().then_some(upid)
}

fn hex(text: &str, min: usize, max: usize) -> Option<u64> {
    let plain = (min..=max).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
    if plain { u64::from_str_radix(text, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_upid() -> impl Strategy<Value = Upid> {
        (
            "[a-z][a-z0-9-]{0,8}[a-z0-9]",
            any::<u32>(),
            0u64..1 << 36,
            any::<u32>(),
            "[a-z]{1,12}",
            "[a-z0-9@.]{0,12}",
            "[a-z]{1,8}@pam(![a-z]{2,8})?",
        )
            .prop_map(|(node, pid, pstart, starttime, kind, id, user)| Upid {
                node: node.parse().unwrap(),
                pid,
                pstart,
                starttime: starttime.into(),
                kind,
                id,
                user,
            })
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read(upid in any_upid()) {
            prop_assert_eq!(upid.to_string().parse::<Upid>().unwrap(), upid);
        }

        #[test]
        fn any_id_is_brought_into_form(upid in any_upid(), id in "\\PC{0,300}") {
            let fitted = Upid { id, ..upid }.fitted();
            prop_assert_eq!(fitted.to_string().parse::<Upid>().unwrap(), fitted);
        }

        #[test]
        fn what_is_read_is_one_plain_file_name(text in "(UPID:a:)?[0-9A-F:/a. \n]{0,60}") {
            if let Ok(upid) = text.parse::<Upid>() {
                prop_assert!(!upid.to_string().contains(['/', ' ', '\n']));
            }
        }
    }

    #[test]
    fn broken_ones_are_refused() {
        for text in [
            "",
            "UPID:a:0000C346:165A0CE4:68D7279C:t::u@pam",
            "UPID:a:000C346:165A0CE4:68D7279C:t::u@pam:",
            "UPID:a:0000C346:165A0CE4:68D7279C:::u@pam:",
            "UPID:a:0000C346:165A0CE4:68D7279C:t:::",
            "UPID:a:0000C346:165A0CE4:68D7279C:t::u@pam:x:",
            "UPID:a:0000C346:165A0CE4:68D7279C:t:../x:u@pam:",
            "UPID:..:0000C346:165A0CE4:68D7279C:t::u@pam:",
            "UPID:a:+000C346:165A0CE4:68D7279C:t::u@pam:",
        ] {
            assert!(text.parse::<Upid>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_user_owns_what_their_tokens_do_but_not_the_other_way_round() {
        let by_token: Upid = "UPID:a:0000C346:165A0CE4:68D7279C:t::u@pam!x:".parse().unwrap();
        assert!(by_token.belongs_to("u@pam") && by_token.belongs_to("u@pam!x") && !by_token.belongs_to("u@pam!y"));
        assert_eq!((by_token.user_only(), by_token.token()), ("u@pam", Some("x")));
        let by_user: Upid = "UPID:a:0000C346:165A0CE4:68D7279C:t::u@pam:".parse().unwrap();
        assert!(by_user.belongs_to("u@pam") && !by_user.belongs_to("u@pam!x"));
    }
}
