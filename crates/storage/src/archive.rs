//! Names of backup archives: `vzdump-qemu-100-2025_01_31-12_00_00.vma.zst`.

use std::path::Path;

use schema::Vmid;

use crate::date::Civil;

/// What the name of a backup archive tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    /// File name.
    pub filename: String,
    /// `tar` or `vma`.
    pub format: &'static str,
    /// How it is compressed, if it is: `gz`, `lzo`, `zst`, `bz2`.
    pub compression: Option<&'static str>,
    /// The program that unpacks it, with arguments.
    pub decompressor: Option<&'static [&'static str]>,
    /// Kind of guest: `qemu`, `lxc`, `openvz`.
    pub guest: Option<&'static str>,
    /// What only standard names tell.
    pub standard: Option<Standard>,
}

/// What only standard names tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standard {
    /// The guest.
    pub vmid: Vmid,
    /// Seconds since 1970 by the host's clock on the wall.
    pub wall: i64,
    /// File name of the log.
    pub log: String,
    /// File name of the notes.
    pub notes: String,
}

const GUESTS: [&str; 3] = ["lxc", "openvz", "qemu"];

type Packing = (&'static str, &'static str, Option<&'static str>, Option<&'static [&'static str]>);

/// Ending, format, compression, unpacking program. Longer endings first.
const PACKINGS: [Packing; 11] = [
    (".tar.gz", "tar", Some("gz"), Some(&["tar", "-z"])),
    (".tar.lzo", "tar", Some("lzo"), Some(&["tar", "--lzop"])),
    (".tar.zst", "tar", Some("zst"), Some(&["tar", "--zstd"])),
    (".tar.bz2", "tar", Some("bz2"), Some(&["tar", "--bzip2"])),
    (".vma.gz", "vma", Some("gz"), Some(&["zcat"])),
    (".vma.lzo", "vma", Some("lzo"), Some(&["lzop", "-d", "-c"])),
    (".vma.zst", "vma", Some("zst"), Some(&["zstd", "-q", "-d", "-c"])),
    (".vma.bz2", "vma", Some("bz2"), Some(&["bzcat", "-q"])),
    (".tgz", "tar", Some("gz"), Some(&["tar", "-z"])),
    (".tar", "tar", None, None),
    (".vma", "vma", None, None),
];

/// What a path or volume name tells.
///
/// # Errors
/// When it is not the name of a backup archive.
pub fn info(archive: &str) -> Result<Archive, String> {
    let wrong = || format!("ERROR: couldn't determine archive info from '{archive}'");
    let filename = Path::new(archive).file_name().and_then(|name| name.to_str()).ok_or_else(wrong)?;
    let packing = PACKINGS.iter().find(|packing| filename.ends_with(packing.0)).ok_or_else(wrong)?;
    let (ending, format, compression, decompressor) = *packing;
    let stem = &filename[..filename.len() - ending.len()];
    let (guest, rest) = GUESTS
        .into_iter()
        .find_map(|guest| Some((guest, stem.strip_prefix("vzdump-")?.strip_prefix(guest)?.strip_prefix('-')?)))
        .filter(|(_, rest)| !rest.is_empty())
        .ok_or_else(wrong)?;
    let standard = standard(rest).map(|(vmid, wall)| Standard {
        vmid,
        wall,
        log: format!("{stem}.log"),
        notes: format!("{filename}.notes"),
    });
    Ok(Archive { filename: filename.to_owned(), format, compression, decompressor, guest: Some(guest), standard })
}

/// `100-2025_01_31-12_00_00`
fn standard(text: &str) -> Option<(Vmid, i64)> {
    let (vmid, moment) = text.split_once('-')?;
    let (date, time) = moment.split_once('-')?;
    let numbers = |text: &str, widths: [usize; 3]| -> Option<[i64; 3]> {
        let parts: Vec<&str> = text.split('_').collect();
        let fits = parts.len() == 3 && parts.iter().zip(widths).all(|(part, width)| part.len() == width);
        let digits = parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
        if !fits || !digits {
            return None;
        }
        Some([parts[0].parse().ok()?, parts[1].parse().ok()?, parts[2].parse().ok()?])
    };
    let [year, month, day] = numbers(date, [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, [2, 2, 2])?;
    let civil = Civil { year, month, day, second: hour * 3600 + minute * 60 + second };
    let real = hour < 24 && minute < 60 && second < 60 && (1..=12).contains(&month) && civil.is_real();
    real.then_some((vmid.parse().ok()?, civil.seconds()))
}

/// File name of the log that belongs to an archive.
pub(crate) fn log_name(filename: &str) -> Option<String> {
    info(filename).ok()?.standard.map(|standard| standard.log)
}

impl Archive {
    /// Seconds since 1970, by the time zone of this machine.
    pub(crate) fn time_by_clock(&self) -> Option<i64> {
        let wall = self.standard.as_ref()?.wall;
        Some(wall - host::clock::offset(Path::new("/etc"), wall))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standard_name_tells_everything() {
        let archive = info("/x/vzdump-qemu-16110-2020_03_30-21_39_30.tgz").unwrap();
        let standard = archive.standard.unwrap();
        assert_eq!((standard.vmid.get(), standard.wall), (16110, 1_585_604_370));
        assert_eq!(standard.log, "vzdump-qemu-16110-2020_03_30-21_39_30.log");
        assert_eq!((archive.format, archive.compression), ("tar", Some("gz")));
    }

    #[test]
    fn other_names_tell_less_or_nothing() {
        assert_eq!(info("vzdump-lxc-mine.tar").unwrap().standard, None);
        assert_eq!(info("vzdump-lxc-100-2020_02_30-21_39_30.tar").unwrap().standard, None);
        assert!(info("vzdump-1234-renamed.tar.zst").is_err());
        assert!(info("vzdump-openvz-16110-2020_03_30-21_12_40.tgz.lzo").is_err());
    }
}
