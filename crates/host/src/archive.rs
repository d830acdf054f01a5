//! Unpacking archives that we do not trust into a root file system.
//!
//! Three walls, each enough for itself against an archive with `..`, absolute names, links that lead out or device
//! nodes: tar(1) does not follow them; it runs as the container's mapped root, who owns nothing of the host; and all
//! it can see but the target is mounted read-only.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _},
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    time::Duration,
};

use nix::{fcntl::OFlag, unistd::pipe2};

use crate::{
    mount::{Inside, MountError},
    run::{Run, RunError},
};

/// Unpacking may take so long at most.
const DEADLINE: Duration = Duration::from_secs(6 * 3600);

/// How archives are unpacked: owners and modes as they are, of extended attributes those that containers may have,
/// nothing below `/dev`.
pub(crate) const EXTRACT: [&str; 12] = [
    "--extract",
    "--file",
    "-",
    "--preserve-permissions",
    "--numeric-owner",
    "--xattrs",
    "--xattrs-include=user.*",
    "--xattrs-include=security.capability",
    "--warning=no-timestamp",
    "--anchored",
    "--exclude=./dev/*",
    "--exclude=dev/*",
];

/// Why an archive was not unpacked.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// It cannot be read.
    #[error("cannot read archive '{name}': {source}")]
    Read {
        /// Its path.
        name: String,
        /// What the system answered.
        source: io::Error,
    },
    /// It is something else.
    #[error("'{0}' is not an archive: expected a tar file, plain or compressed with zstd, gzip, xz or bzip2")]
    Unknown(String),
    /// The place could not be closed off.
    #[error(transparent)]
    Mount(#[from] MountError),
    /// A part of an image is wrong.
    #[error("layer {0} of the image: {1}")]
    Layer(usize, String),
    /// tar failed.
    #[error("unpacking the archive failed: {0}")]
    Unpack(RunError),
    /// It would fill a file system that others need, too.
    #[error("unpacking the archive needs more room than there is: {0} MiB must stay free for others")]
    Full(u64),
    /// It has no end.
    #[error("the archive ends without its end mark: it was cut off, fetch or make it again")]
    Incomplete,
}

/// How an archive is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// zstd(1)
    Zstd,
    /// gzip(1)
    Gzip,
    /// xz(1)
    Xz,
    /// bzip2(1)
    Bzip2,
}

impl Compression {
    /// Recognises an archive by its first 512 bytes; nothing if it is none.
    #[must_use]
    pub fn recognise(head: &[u8]) -> Option<Self> {
        let magics: [(&[u8], Self); 4] = [
            (&[0x28, 0xb5, 0x2f, 0xfd], Self::Zstd),
            (&[0x1f, 0x8b], Self::Gzip),
            (&[0xfd, b'7', b'z', b'X', b'Z', 0], Self::Xz),
            (b"BZh", Self::Bzip2),
        ];
        let packed = magics.into_iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, kind)| kind);
        packed.or_else(|| (head.get(257..262) == Some(b"ustar")).then_some(Self::None))
    }

    /// The option of tar(1) for it.
    pub(crate) fn option(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Zstd => Some("--zstd"),
            Self::Gzip => Some("--gzip"),
            Self::Xz => Some("--xz"),
            Self::Bzip2 => Some("--bzip2"),
        }
    }
}

/// Looks at a file and tells how it is compressed.
///
/// # Errors
/// When it cannot be read or is no archive.
pub fn check(archive: &Path) -> Result<Compression, ArchiveError> {
    open(archive).map(|(_, compression)| compression)
}

fn open(archive: &Path) -> Result<(File, Compression), ArchiveError> {
    let name = || archive.file_name().unwrap_or(archive.as_os_str()).to_string_lossy().into_owned();
    let failed = |source| ArchiveError::Read { name: name(), source };
    let mut file = File::open(archive).map_err(failed)?;
    let mut head = Vec::new();
    (&mut file).take(512).read_to_end(&mut head).map_err(failed)?;
    file.rewind().map_err(failed)?;
    let compression = Compression::recognise(&head).ok_or_else(|| ArchiveError::Unknown(name()))?;
    Ok((file, compression))
}

/// Where an archive is unpacked, and as whom.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The directory.
    pub path: &'a Path,
    /// What is mounted below it: it takes what belongs there.
    pub points: &'a [PathBuf],
    /// First host id of the 65536 that the archive's ids are mapped to; without it they are taken as they are.
    pub map: Option<u32>,
    /// Bytes that must stay free in the directory's file system; see [`reserve`].
    pub reserve: u64,
}

/// How much of a file system that others use, too, an archive may not fill: a twentieth, but no more than 1 GiB.
/// Nothing of one that cannot be asked.
#[must_use]
pub fn reserve(path: &Path) -> u64 {
    crate::mount::filesystem(path).map_or(0, |(size, _)| (size / 20).min(1 << 30))
}

/// Unpacks `archive`, inside of a private namespace. Devices below `./dev` are left out: a container gets its own. `line`
/// takes what tar has to say.
///
/// # Errors
/// When it is no archive or not a whole one, when it needs more room than there is, or tar fails on any member (it goes
/// on with the others). What was written by then remains.
pub fn unpack(
    inside: &Inside,
    archive: &Path,
    target: &Target<'_>,
    mut line: impl FnMut(&str),
) -> Result<(), ArchiveError> {
    let (file, compression) = open(archive)?;
    confine(inside, target)?;
    let source = feed(file).map_err(|source| ArchiveError::Read { name: archive.display().to_string(), source })?;
    // It takes an archive for whole that ends between two members. With this it says how it ends.
    let program = tar(target.map).args(EXTRACT).arg("--block-number").args(compression.option());
    let program = program.arg("--directory").arg(target.path).stdin_fd(source).deadline(DEADLINE);
    let mut cut = false;
    let extracted = extract(inside, program, target, |text| match text.strip_prefix("block ") {
        Some(rest) if rest.ends_with(": ** End of File **") => cut = true,
        Some(rest) if rest.ends_with(": ** Block of NULs **") => {}
        _ => line(text),
    });
    extracted?;
    if cut { Err(ArchiveError::Incomplete) } else { Ok(()) }
}

/// Runs tar(1) for as long as it leaves others their room.
pub(crate) fn extract(
    inside: &Inside,
    program: Run,
    target: &Target<'_>,
    line: impl FnMut(&str),
) -> Result<(), ArchiveError> {
    let mut full = false;
    let ended = inside.run_lines_while(program, line, || {
        let (size, used) = crate::mount::filesystem(target.path).unwrap_or((u64::MAX, 0));
        full = size.saturating_sub(used) < target.reserve;
        !full
    });
    if full { Err(ArchiveError::Full(target.reserve >> 20)) } else { ended.map_err(ArchiveError::Unpack) }
}

/// Makes all read-only in this namespace but the target and what is mounted below it.
pub(crate) fn confine(inside: &Inside, target: &Target<'_>) -> Result<(), ArchiveError> {
    let Target { path: target, points, map, .. } = *target;
    // The target must be a mount of its own to stay writable. Without points in it: those are mounts already, which a
    // bind mount would leave behind.
    if points.is_empty() {
        inside.bind(target, target, false)?;
    }
    let mut writable = vec![target];
    writable.extend(points.iter().map(PathBuf::as_path));
    if map.is_some() {
        // newuidmap(1) writes to /proc.
        writable.push(Path::new("/proc"));
    }
    Ok(inside.only_writable(&writable)?)
}

/// tar(1), as the root of a container whose ids begin at `map` on the host.
pub(crate) fn tar(map: Option<u32>) -> Run {
    match map {
        Some(first) => {
            let (users, groups) = (format!("u:0:{first}:65536"), format!("g:0:{first}:65536"));
            Run::new("lxc-usernsexec").args(["-m", &users, "-m", &groups, "--", "tar"])
        }
        None => Run::new("tar"),
    }
}

/// A pipe with the file's bytes. Its writer is a thread of ours: if we are killed, the reader sees the archive end
/// in the middle and gives up, instead of filling a directory that nobody wants any more.
pub(crate) fn feed(mut file: impl io::Read + Send + 'static) -> io::Result<OwnedFd> {
    let (reader, writer) = pipe2(OFlag::O_CLOEXEC)?;
    // The usual 64 KiB would have the two wait for each other; a refusal only costs speed.
    let _ = nix::fcntl::fcntl(&writer, nix::fcntl::FcntlArg::F_SETPIPE_SZ(1 << 20));
    std::thread::Builder::new().name("archive".into()).spawn(move || {
        // An early end of tar breaks the pipe; its exit code tells why.
        let _ = io::copy(&mut file, &mut File::from(writer));
    })?;
    Ok(reader)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_are_recognised_by_content() {
        assert_eq!(Compression::recognise(&[0x28, 0xb5, 0x2f, 0xfd, 0]), Some(Compression::Zstd));
        assert_eq!(Compression::recognise(b"BZh9"), Some(Compression::Bzip2));
        assert_eq!(Compression::recognise(b"hello"), None);
        let mut tar = vec![0; 512];
        tar[257..262].copy_from_slice(b"ustar");
        assert_eq!(Compression::recognise(&tar), Some(Compression::None));
    }

    #[test]
    fn something_else_is_refused_by_name() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.tar.zst");
        std::fs::write(&path, "not an archive").unwrap();
        let message = check(&path).unwrap_err().to_string();
        assert!(message.starts_with("'x.tar.zst' is not an archive"), "{message}");
    }
}
