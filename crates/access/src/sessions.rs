//! Ends of sessions: tickets are good by themselves until they are old, so what ended before is written down.
//!
//! A line a user (`priv/sessions.cfg`): `{user} {time} [fingerprint]`. Tickets that were issued up to that time (seconds
//! since 1970) are refused, but for the one with the fingerprint: that of the session which ended the others.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use aws_lc_rs::digest;

use crate::ticket::{GRACE, LIFETIME};
use crate::userid::Userid;

/// So far ahead of the clock an end may lie, in seconds, when somebody ends sessions over and over.
const AHEAD: u64 = 60;

#[derive(Clone, Debug, PartialEq, Eq)]
struct End {
    until: u64,
    kept: Option<String>,
}

/// When the sessions of whom were ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends(BTreeMap<Userid, End>);

/// A text that stands for a ticket and does not tell it.
pub fn fingerprint(ticket: &str) -> String {
    let mut text = String::with_capacity(64);
    for byte in digest::digest(&digest::SHA256, ticket.as_bytes()).as_ref() {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

impl Ends {
    /// Reads the file; lines that are none are left out.
    pub fn parse(text: &str) -> Self {
        let line = |line: &str| {
            let mut fields = line.split_whitespace();
            let user = fields.next()?.parse().ok()?;
            let until = fields.next()?.parse().ok()?;
            Some((user, End { until, kept: fields.next().map(str::to_owned) }))
        };
        Self(text.lines().filter_map(line).collect())
    }

    /// The file's text, sorted.
    pub fn print(&self) -> String {
        let line = |(user, end): (&Userid, &End)| match &end.kept {
            Some(kept) => format!("{user} {} {kept}\n", end.until),
            None => format!("{user} {}\n", end.until),
        };
        self.0.iter().map(line).collect()
    }

    /// Ends the sessions of a user at a time, but for the one with that fingerprint. Ends that no ticket is old enough
    /// for any more are dropped.
    pub fn end(&mut self, user: &Userid, now: u64, kept: Option<String>) {
        // A ticket that was issued since the last end bears the second after it, which may not have begun yet.
        let until = self.0.get(user).map_or(now, |end| now.max((end.until + 1).min(now + AHEAD)));
        self.0.retain(|_, end| end.until + LIFETIME + GRACE > now);
        self.0.insert(user.clone(), End { until, kept });
    }

    /// Whether a user's ticket of that time was ended.
    pub fn refuses(&self, user: &Userid, issued: u64, ticket: &str) -> bool {
        let Some(end) = self.0.get(user).filter(|end| issued <= end.until) else { return false };
        end.kept.as_deref().is_none_or(|kept| kept != fingerprint(ticket))
    }

    /// The time that a ticket issued now shall bear: later than the last end, even within the same second.
    pub fn issue_time(&self, user: &Userid, now: u64) -> u64 {
        self.0.get(user).map_or(now, |end| now.max(end.until + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jo() -> Userid {
        "jo@pve".parse().unwrap()
    }

    #[test]
    fn tickets_up_to_the_end_are_refused_and_later_ones_are_not() {
        let mut ends = Ends::default();
        ends.end(&jo(), 1000, None);
        assert!(ends.refuses(&jo(), 999, "t") && ends.refuses(&jo(), 1000, "t"));
        assert!(!ends.refuses(&jo(), ends.issue_time(&jo(), 1000), "t"), "a login in the same second is a new session");
        assert!(!ends.refuses(&Userid::root(), 999, "t"));
        assert_eq!(ends.issue_time(&jo(), 2000), 2000);
        let again = ends.issue_time(&jo(), 1000);
        ends.end(&jo(), 1000, None);
        assert!(ends.refuses(&jo(), again, "t"), "and can be ended in the same second, too");
    }

    #[test]
    fn the_session_that_ended_the_others_may_stay() {
        let mut ends = Ends::default();
        ends.end(&jo(), 1000, Some(fingerprint("mine")));
        assert!(!ends.refuses(&jo(), 900, "mine") && ends.refuses(&jo(), 900, "other"));
        ends.end(&jo(), 1100, None);
        assert!(ends.refuses(&jo(), 900, "mine"));
    }

    #[test]
    fn ends_are_read_back_and_dropped_when_no_ticket_is_so_old() {
        let mut ends = Ends::default();
        ends.end(&jo(), 1000, Some(fingerprint("mine")));
        ends.end(&Userid::root(), 1001, None);
        assert_eq!(Ends::parse(&ends.print()), ends);
        assert!(!ends.print().contains("mine"));
        ends.end(&Userid::root(), 1000 + LIFETIME + GRACE, None);
        assert_eq!(ends.print(), format!("root@pam {}\n", 1000 + LIFETIME + GRACE));
        assert_eq!(Ends::parse("\nx\njo@pve abc\n"), Ends::default());
    }
}
