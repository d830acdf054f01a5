//! Time since the machine was started, in the unit in which the kernel tells start times of processes.

/// Hundredths of a second since the machine was started, as field 22 of `/proc/{pid}/stat` counts.
///
/// # Errors
/// When `/proc/uptime` cannot be read.
pub fn since_boot() -> std::io::Result<u64> {
    let text = std::fs::read_to_string("/proc/uptime")?;
    parse_uptime(&text).ok_or_else(|| std::io::Error::other(format!("/proc/uptime holds no time: {text:?}")))
}

fn parse_uptime(text: &str) -> Option<u64> {
    let (seconds, hundredths) = text.split_whitespace().next()?.split_once('.')?;
    Some(seconds.parse::<u64>().ok()? * 100 + hundredths.parse::<u64>().ok()?.min(99))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uptime_is_read_in_hundredths() {
        assert_eq!(parse_uptime("1234.05 99.10\n"), Some(123_405));
        assert_eq!(parse_uptime("garbage"), None);
    }

    #[test]
    fn uptime_never_runs_backwards() {
        let first = since_boot().unwrap();
        assert!(since_boot().unwrap() >= first);
    }
}
