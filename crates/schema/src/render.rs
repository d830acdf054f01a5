//! Figures as command lines show them to people.

/// Bytes with a binary unit and `precision` decimals (2 is the custom): `1.00 KiB`.
pub fn bytes(value: f64, precision: usize) -> String {
    let mut value = value;
    let mut unit = "B";
    for next in ["KiB", "MiB", "GiB", "TiB", "PiB"] {
        if value.abs() < 1024.0 {
            break;
        }
        value /= 1024.0;
        unit = next;
    }
    format!("{value:.precision$} {unit}")
}

/// A length of time in seconds, to the nearest second, as weeks, days, hours, minutes and seconds: `2w 21h 22m 24s`.
pub fn duration(seconds: f64) -> String {
    let mut rest = seconds.round().max(0.0) as u64;
    let mut parts = Vec::new();
    for (length, unit) in [(604_800, 'w'), (86_400, 'd'), (3_600, 'h'), (60, 'm'), (1, 's')] {
        if rest >= length {
            parts.push(format!("{}{unit}", rest / length));
            rest %= length;
        }
    }
    if parts.is_empty() { "0s".to_owned() } else { parts.join(" ") }
}

/// A fraction of 1 as percentage with `precision` decimals (2 is the custom): `41.20%`.
pub fn fraction_as_percentage(fraction: f64, precision: usize) -> String {
    format!("{:.precision$}%", fraction * 100.0)
}

/// Seconds since 1970 as `2021-02-08 09:33:51` in a zone `offset` seconds east of UTC.
pub fn timestamp(epoch: i64, offset: i64) -> String {
    let local = epoch.saturating_add(offset);
    let (year, month, day) = date(local.div_euclid(86_400));
    let second = local.rem_euclid(86_400);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

/// The date of a day counted from 1970-01-01, in the proleptic Gregorian calendar.
fn date(days: i64) -> (i64, i64, i64) {
    // Years are counted from March, so that a leap day ends one; an era is 400 years, always 146,097 days.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_take_the_unit_that_keeps_them_short() {
        assert_eq!(bytes(0.0, 2), "0.00 B");
        assert_eq!(bytes(1024.0, 2), "1.00 KiB");
        assert_eq!(bytes(1.5 * (1u64 << 30) as f64, 1), "1.5 GiB");
        assert_eq!(bytes(2.0f64.powi(70), 0), "1048576 PiB");
    }

    #[test]
    fn durations_leave_out_empty_units() {
        assert_eq!(duration(0.3), "0s");
        assert_eq!(duration(59.64), "1m");
        assert_eq!(duration(1_286_544.0), "2w 21h 22m 24s");
    }

    #[test]
    fn timestamps_follow_the_calendar() {
        assert_eq!(timestamp(1_612_776_831, 0), "2021-02-08 09:33:51");
        assert_eq!(timestamp(951_782_400, 3600), "2000-02-29 01:00:00");
        assert_eq!(timestamp(-1, 0), "1969-12-31 23:59:59");
    }

    #[test]
    fn percentages_have_two_decimals_by_custom() {
        assert_eq!(fraction_as_percentage(0.412, 2), "41.20%");
    }
}
