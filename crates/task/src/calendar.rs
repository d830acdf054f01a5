//! Calendar events: `[days] [[hours:]minutes] [UTC]`, as schedules of jobs are written.
//!
//! Days are `mon`, `mon..fri` or lists of these; hours and minutes are `*`, `5`, `5..10`, `*/15`, `5/15` or lists of these.
//! Without hours, every hour is meant; without a time, midnight.

/// Names of the days in the order of [`Calendar::days`].
const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

const MINUTE: i64 = 60;
const MINUTES_OF_DAY: i64 = 24 * 60;

/// When something is due, to the minute. Each set is a mask of bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    days: u64,
    hours: u64,
    minutes: u64,
    utc: bool,
}

/// Why a text is no calendar event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Something that is neither days nor a time.
    #[error("unable to parse calendar event - unused parts")]
    Unused,
    /// Nothing at all.
    #[error("unable to parse calendar event - event is empty")]
    Empty,
    /// A part that means nothing.
    #[error("unable to parse calendar event '{0}'")]
    Part(String),
    /// An hour or minute that does not exist.
    #[error("{what} '{value}' out of range")]
    Range {
        /// What it is: `value`, `repetition`, `range start`, `range end`.
        what: &'static str,
        /// The number.
        value: String,
    },
}

impl std::str::FromStr for Calendar {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let mut parts: Vec<&str> = text.split_whitespace().collect();
        let utc = parts.pop_if(|last| *last == "UTC").is_some();
        let mut parts = parts.into_iter().peekable();
        if parts.peek().is_none() {
            return Err(CalendarError::Empty);
        }
        let days = match parts.next_if(|part| part.starts_with(|c: char| c.is_ascii_alphabetic())) {
            Some(days) => union(days, day_range)?,
            None => 0x7f,
        };
        let (hours, minutes) = match parts.next() {
            None => (1, 1),
            Some(time) => match time.split_once(':') {
                Some((hours, minutes)) => {
                    (union(hours, |part| span(part, 24))?, union(minutes, |part| span(part, 60))?)
                }
                None => (mask(0..24), union(time, |part| span(part, 60))?),
            },
        };
        if parts.next().is_some() {
            return Err(CalendarError::Unused);
        }
        Ok(Self { days, hours, minutes, utc })
    }
}

/// All of a list's parts together.
fn union(list: &str, part: impl Fn(&str) -> Result<u64, CalendarError>) -> Result<u64, CalendarError> {
    list.split(',').try_fold(0, |all, one| Ok(all | part(one)?))
}

fn mask(numbers: impl IntoIterator<Item = u32>) -> u64 {
    numbers.into_iter().fold(0, |mask, number| mask | 1 << number)
}

fn day_range(text: &str) -> Result<u64, CalendarError> {
    let bad = || CalendarError::Part(text.to_owned());
    let number = |name: &str| {
        let name = name.to_ascii_lowercase();
        (0_u32..).zip(DAYS).find(|(_, day)| *day == name || day[..3] == *name).map(|(number, _)| number).ok_or_else(bad)
    };
    let Some((first, last)) = text.split_once("..") else {
        return Ok(mask([number(text)?]));
    };
    let (first, last) = (number(first)?, number(last)?);
    // A week may end with its sunday as well as begin with it.
    let last = if last == 0 { 7 } else { last };
    if first > last {
        return Err(bad());
    }
    Ok(mask((first..=last).map(|day| day % 7)))
}

fn span(text: &str, count: u32) -> Result<u64, CalendarError> {
    let bad = || CalendarError::Part(text.to_owned());
    let number = |what: &'static str, digits: &str| {
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(bad());
        }
        let value = digits.parse().ok().filter(|value: &u32| *value < count);
        value.ok_or_else(|| CalendarError::Range { what, value: digits.to_owned() })
    };
    if let Some((start, step)) = text.split_once('/') {
        let start = if start == "*" || start.is_empty() { 0 } else { number("value", start)? };
        return match number("repetition", step)? {
            0 => Err(bad()),
            step => Ok(mask((start..count).step_by(step as usize))),
        };
    }
    if let Some((start, end)) = text.split_once("..") {
        let (start, last) = (number("range start", start)?, number("range end", end)?);
        if last < start {
            return Err(CalendarError::Range { what: "range end", value: end.to_owned() });
        }
        return Ok(mask(start..=last));
    }
    if text == "*" { Ok(mask(0..count)) } else { Ok(mask([number("value", text)?])) }
}

impl Calendar {
    /// The first time after `last` at which it is due, both in seconds since 1970. `offset` tells how many seconds local
    /// time is ahead of UTC at such a time; an event that says UTC does not ask.
    #[must_use]
    pub fn next(&self, last: i64, offset: impl Fn(i64) -> i64) -> Option<i64> {
        let offset = |time| if self.utc { 0 } else { offset(time) };
        let ahead = offset(last);
        let first = last.checked_add(ahead)?.div_euclid(MINUTE) + 1;
        // Nine days, because a change of the clock may take away the one time of a week.
        let local = (first..first + 9 * MINUTES_OF_DAY).filter(|minute| self.is_due(*minute));
        local.map(|minute| minute * MINUTE).map(|time| time - offset(time - ahead)).find(|time| *time > last)
    }

    /// Whether it is due in that minute of local time, counted from 1970.
    fn is_due(&self, minute: i64) -> bool {
        // 1970 began on a thursday.
        let day = (minute.div_euclid(MINUTES_OF_DAY) + 4).rem_euclid(7);
        let of_day = minute.rem_euclid(MINUTES_OF_DAY);
        let has = |mask: u64, bit: i64| mask >> bit & 1 == 1;
        has(self.days, day) && has(self.hours, of_day / 60) && has(self.minutes, of_day % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn next(event: &str, last: i64) -> Option<i64> {
        event.parse::<Calendar>().unwrap().next(last, |_| 0)
    }

    #[test]
    fn the_next_time_is_found() {
        // 1970-01-01 00:00:00 UTC, a thursday, is 0.
        assert_eq!(next("*", 0), Some(60));
        assert_eq!(next("fri", 0), Some(86_400));
        assert_eq!(next("thu", 0), Some(7 * 86_400));
        assert_eq!(next("mon..fri 2:30", 0), Some(9_000));
        assert_eq!(next("sat,sun */6:15", 0), Some(2 * 86_400 + 900));
        assert_eq!(next("22/2:0", 22 * 3600), Some(86_400 + 22 * 3600));
    }

    #[test]
    fn local_time_counts_unless_the_event_says_utc() {
        let summer = |time: i64| if time >= 100_000 { 7200 } else { 3600 };
        let local: Calendar = "3:00".parse().unwrap();
        assert_eq!(local.next(0, summer), Some(2 * 3600));
        assert_eq!(local.next(90_000, summer), Some(86_400 + 2 * 3600));
        assert_eq!(local.next(100_000, summer), Some(2 * 86_400 + 3600));
        let utc: Calendar = "3:00 UTC".parse().unwrap();
        assert_eq!(utc.next(0, summer), Some(3 * 3600));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "", "UTC", "mon 0 0", "60", "24:0", "*/61", "*/0", "5..3", "fri..mon", "x", "1:2:3", "1,", "-1", "mon,",
            "+1",
        ] {
            assert!(text.parse::<Calendar>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_next_is_later(text in "[a-z0-9*/.,: ]{0,12}|(mon|sat..sun)? ?[0-9*/]{1,4}:[0-9*/]{1,4}", last in 0i64..1 << 40) {
            if let Ok(event) = text.parse::<Calendar>() {
                prop_assert!(event.next(last, |_| 3600).unwrap() > last);
            }
        }
    }
}
