//! The wall clock and the time zone of the machine. Pure code gets times as arguments instead.

use std::{
    fs, io,
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

/// Seconds since 1970 in UTC.
#[must_use]
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// The name of the machine's time zone, such as `Europe/Berlin`; `UTC` where none is configured.
///
/// `etc` is the directory of `timezone` and `localtime`, normally `/etc`.
#[must_use]
pub fn timezone(etc: &Path) -> String {
    if let Ok(name) = fs::read_to_string(etc.join("timezone")) {
        let name = name.trim();
        if !name.is_empty() {
            return name.to_owned();
        }
    }
    let target = fs::read_link(etc.join("localtime")).unwrap_or_default();
    let target = target.to_string_lossy().into_owned();
    target.split_once("zoneinfo/").map_or_else(|| "UTC".to_owned(), |(_, name)| name.to_owned())
}

/// Seconds that local time is ahead of UTC at `epoch`, by the zone file `etc/localtime`; zero without one.
#[must_use]
pub fn offset(etc: &Path, epoch: i64) -> i64 {
    zone_offset(&etc.join("localtime"), epoch).unwrap_or(0)
}

/// Seconds that local time is ahead of UTC at `epoch`, by a zone file.
///
/// # Errors
/// When the file cannot be read, or is none.
pub fn zone_offset(zone: &Path, epoch: i64) -> io::Result<i64> {
    parse_zone(&fs::read(zone)?, epoch)
}

/// Finds the offset of a moment in a zone file (RFC 8536, version 1 data block or the 64-bit one after it).
fn parse_zone(file: &[u8], epoch: i64) -> io::Result<i64> {
    let short = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let count = |at: usize| -> io::Result<usize> {
        let bytes = file.get(at..at + 4).and_then(|b| b.try_into().ok()).ok_or_else(short)?;
        Ok(u32::from_be_bytes(bytes) as usize)
    };
    if file.get(..4) != Some(b"TZif") {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "not a time zone file"));
    }
    let size = |at: usize, width: usize| -> io::Result<usize> {
        let (ut, std, leap, times, types, chars) =
            (count(at + 20)?, count(at + 24)?, count(at + 28)?, count(at + 32)?, count(at + 36)?, count(at + 40)?);
        Ok(times * (width + 1) + types * 6 + chars + leap * (width + 4) + std + ut)
    };
    // The second block has 64-bit times; every zone file of this century has one.
    let (header, width) = match file.get(4) {
        Some(b'2'..=b'9') => (44 + size(0, 4)?, 8),
        _ => (0, 4),
    };
    let (times, data) = (count(header + 32)?, header + 44);
    let time = |index: usize| -> io::Result<i64> {
        let bytes = file.get(data + index * width..data + (index + 1) * width).ok_or_else(short)?;
        let negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
        Ok(bytes.iter().fold(if negative { -1 } else { 0 }, |value: i64, byte| (value << 8) | i64::from(*byte)))
    };
    let mut kind = 0;
    for index in 0..times {
        if time(index)? > epoch {
            break;
        }
        kind = usize::from(*file.get(data + times * width + index).ok_or_else(short)?);
    }
    let record = data + times * (width + 1) + kind * 6;
    let bytes = file.get(record..record + 4).and_then(|b| b.try_into().ok()).ok_or_else(short)?;
    Ok(i64::from(i32::from_be_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn summer_time_is_known() {
        let zone = Path::new("/usr/share/zoneinfo/Europe/Berlin");
        let Ok(zone) = fs::read(zone) else {
            println!("skipped: no zone files (package tzdata) here");
            return;
        };
        assert_eq!(parse_zone(&zone, 1_612_776_831).unwrap(), 3600);
        assert_eq!(parse_zone(&zone, 1_626_000_000).unwrap(), 7200);
    }

    #[test]
    fn without_configuration_it_is_utc() {
        let etc = tempfile::tempdir().unwrap();
        assert_eq!((timezone(etc.path()).as_str(), offset(etc.path(), 0)), ("UTC", 0));
        std::os::unix::fs::symlink("/usr/share/zoneinfo/Asia/Tokyo", etc.path().join("localtime")).unwrap();
        assert_eq!(timezone(etc.path()), "Asia/Tokyo");
        fs::write(etc.path().join("timezone"), "Europe/Vienna\n").unwrap();
        assert_eq!(timezone(etc.path()), "Europe/Vienna");
    }

    proptest! {
        #[test]
        fn damaged_zone_files_are_refused(mut bytes: Vec<u8>) {
            bytes.splice(0..0, *b"TZif2");
            let _ = parse_zone(&bytes, 0);
        }
    }
}
