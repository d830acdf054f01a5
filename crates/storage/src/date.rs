//! Days and civil time, for the names and the pruning of backups.

/// A moment as clocks on the wall show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    /// Year.
    pub(crate) year: i64,
    /// 1 to 12.
    pub(crate) month: i64,
    /// 1 to 31.
    pub(crate) day: i64,
    /// Seconds of the day.
    pub(crate) second: i64,
}

/// Days since 1970-01-01 of a date of the Gregorian calendar, by counting from March so that leap days come last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

impl Civil {
    /// The civil time of seconds since 1970, both in the same time zone.
    pub(crate) fn of(seconds: i64) -> Self {
        let days = seconds.div_euclid(86_400) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let month = (shifted + 2) % 12 + 1;
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        Self { year, month, day: of_year - (153 * shifted + 2) / 5 + 1, second: seconds.rem_euclid(86_400) }
    }

    /// Seconds since 1970, in the same time zone.
    pub(crate) fn seconds(self) -> i64 {
        self.days() * 86_400 + self.second
    }

    /// Whether such a day exists.
    pub(crate) fn is_real(self) -> bool {
        Self::of(self.seconds()) == self
    }

    /// Days since 1970.
    pub(crate) fn days(self) -> i64 {
        days(self.year, self.month, self.day)
    }

    /// The number of the week; weeks begin on Mondays.
    pub(crate) fn week(self) -> i64 {
        // The first of January 1970 was a Thursday.
        (self.days() + 3).div_euclid(7)
    }
}

/// The day of a moment (seconds since 1970) as `2026-11-23`, in UTC.
#[must_use]
pub fn day_of(seconds: i64) -> String {
    let Civil { year, month, day, .. } = Civil::of(seconds);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_moments() {
        let civil = Civil::of(1_585_604_370);
        assert_eq!(civil, Civil { year: 2020, month: 3, day: 30, second: 21 * 3600 + 39 * 60 + 30 });
        assert_eq!(Civil::of(1_606_997_901).week() + 1, Civil::of(1_607_343_501).week());
        assert!(!Civil { year: 2021, month: 2, day: 29, second: 0 }.is_real());
    }

    proptest! {
        #[test]
        fn there_and_back(seconds in -100_000_000_000i64..100_000_000_000) {
            prop_assert_eq!(Civil::of(seconds).seconds(), seconds);
        }
    }
}
