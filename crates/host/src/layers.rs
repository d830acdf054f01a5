//! Unpacking the layers of an OCI image (image-spec, `layer.md`) on top of each other.
//!
//! Each layer is a tar archive that lies somewhere in the image's file. tar(1) unpacks it behind the walls of
//! [`crate::archive`]. What a layer takes away from those below it (`.wh.NAME`, `.wh..wh..opq`) is found in tar's own
//! list of it, so that no second reading of the format could differ, and is removed by [`Root`], which no link leads out.

use std::{
    fs::File,
    io::{self, Read},
    os::unix::fs::FileExt as _,
    sync::Arc,
    time::Duration,
};

use crate::{
    archive::{self, ArchiveError, Compression, EXTRACT, Target},
    mount::Inside,
    rootfs::Root,
};

/// One layer may take so long at most.
const DEADLINE: Duration = Duration::from_secs(2 * 3600);
/// Most names that a layer may take away.
const REMOVALS: usize = 1 << 20;

/// Where a layer lies in the image's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layer {
    /// First byte.
    pub offset: u64,
    /// Bytes.
    pub size: u64,
}

/// A part of a file, read by position: the file's own position is not used.
pub struct Part {
    file: Arc<File>,
    at: u64,
    end: u64,
}

impl Part {
    /// So many bytes from `offset` on.
    #[must_use]
    pub fn new(file: Arc<File>, offset: u64, size: u64) -> Self {
        Self { file, at: offset, end: offset.saturating_add(size) }
    }
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(left);
        let count = self.file.read_at(&mut buffer[..wanted], self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

/// Unpacks `layers`, the lowest first.
///
/// # Errors
/// When a layer is no archive, or tar fails on it; what was written by then remains.
pub fn apply(
    inside: &Inside,
    file: &Arc<File>,
    layers: &[Layer],
    target: &Target<'_>,
    mut line: impl FnMut(&str),
) -> Result<(), ArchiveError> {
    archive::confine(inside, target)?;
    let map = target.map;
    for (number, layer) in layers.iter().enumerate() {
        let wrong = |reason: String| ArchiveError::Layer(number + 1, reason);
        let part = || Part::new(file.clone(), layer.offset, layer.size);
        let Some(compression) = recognise(part()).map_err(|err| wrong(err.to_string()))? else { continue };
        // The lowest has nothing below it that could be in the way.
        if number > 0 {
            let root = Root::open(target.path, map).map_err(|err| wrong(err.to_string()))?;
            let mut removals = Removals::default();
            let source = archive::feed(part()).map_err(|err| wrong(err.to_string()))?;
            let list = archive::tar(map).args(["--list", "--file", "-", "--quoting-style=escape"]);
            let list = list.args(compression.option()).stdin_fd(source).deadline(DEADLINE);
            inside.run_lines(list, |name| removals.note(&root, name)).map_err(|err| wrong(err.to_string()))?;
            removals.carry_out(&root).map_err(wrong)?;
        }
        let source = archive::feed(part()).map_err(|err| wrong(err.to_string()))?;
        let program = archive::tar(map).args(EXTRACT).args(["--no-anchored", "--wildcards", "--exclude=.wh.*"]);
        let program = program.args(compression.option()).arg("--directory").arg(target.path);
        let run = archive::extract(inside, program.stdin_fd(source).deadline(DEADLINE), target, &mut line);
        run.map_err(|err| match err {
            ArchiveError::Unpack(err) => wrong(err.to_string()),
            other => other,
        })?;
    }
    Ok(())
}

/// How a layer is compressed; nothing when it has no members.
fn recognise(mut part: Part) -> io::Result<Option<Compression>> {
    let mut head = Vec::new();
    part.by_ref().take(512).read_to_end(&mut head)?;
    if head.iter().all(|byte| *byte == 0) {
        return Ok(None);
    }
    let wrong = || io::Error::new(io::ErrorKind::InvalidData, "it is no tar archive");
    Compression::recognise(&head).map(Some).ok_or_else(wrong)
}

/// What must go before a layer is unpacked.
#[derive(Debug, Default, PartialEq, Eq)]
struct Removals {
    /// Files, links and trees.
    names: Vec<String>,
    /// Directories whose content goes.
    emptied: Vec<String>,
}

impl Removals {
    /// Looks at a name of the layer, as tar lists it.
    fn note(&mut self, root: &Root, listed: &str) {
        let Some(name) = unescape(listed) else { return };
        let (directory, last) = match name.trim_end_matches('/').rsplit_once('/') {
            Some((directory, last)) => (directory, last),
            None => ("", name.trim_end_matches('/')),
        };
        if self.names.len() + self.emptied.len() > REMOVALS {
            return;
        }
        match last.strip_prefix(".wh.") {
            Some(".wh..opq") => self.emptied.push(directory.to_owned()),
            // Others that begin so are notes of file systems to themselves.
            Some(gone) if !gone.is_empty() && !gone.starts_with(".wh.") => {
                self.names.push(format!("{directory}/{gone}"));
            }
            Some(_) => {}
            // A file in place of a directory: tar would not remove a full one.
            None if !name.ends_with('/') && root.is_own_directory(&name) => self.names.push(name),
            None => {}
        }
    }

    fn carry_out(&self, root: &Root) -> Result<(), String> {
        if self.names.len() + self.emptied.len() > REMOVALS {
            return Err(format!("it takes away more than {REMOVALS} files"));
        }
        let failed = |name: &str, err: io::Error| format!("cannot remove '{name}': {err}");
        for directory in self.emptied.iter().filter(|directory| root.is_directory(directory)) {
            for name in root.list(directory).map_err(|err| failed(directory, err))? {
                let name = format!("{directory}/{name}");
                root.remove_tree(&name).map_err(|err| failed(&name, err))?;
            }
        }
        for name in &self.names {
            match root.remove_tree(name) {
                // Names with `..` in them are not unpacked either.
                Err(err) if err.kind() == io::ErrorKind::InvalidInput => {}
                other => other.map_err(|err| failed(name, err))?,
            }
        }
        Ok(())
    }
}

/// Undoes tar's quoting of names. Nothing for one that is not UTF-8: no whiteout has such a name.
fn unescape(listed: &str) -> Option<String> {
    let (bytes, mut out, mut at) = (listed.as_bytes(), Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        if *byte != b'\\' {
            out.push(*byte);
            continue;
        }
        let code = bytes.get(at)?;
        let plain = b"abfnrtv\\".iter().zip(b"\x07\x08\x0c\n\r\t\x0b\\").find(|(letter, _)| *letter == code);
        match plain {
            Some((_, meant)) => {
                out.push(*meant);
                at += 1;
            }
            None => {
                let digits = std::str::from_utf8(bytes.get(at..at + 3)?).ok()?;
                out.push(u8::from_str_radix(digits, 8).ok()?);
                at += 3;
            }
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whiteouts_and_files_in_place_of_directories_are_found() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(directory.path().join("etc/full")).unwrap();
        std::os::unix::fs::symlink("etc", directory.path().join("link")).unwrap();
        let root = Root::open(directory.path(), None).unwrap();
        let mut removals = Removals::default();
        for name in [
            "./etc/",
            "etc/.wh.gone",
            "./var/.wh..wh..opq",
            "etc/full",
            "link",
            ".wh.",
            "a/.wh..wh.plnk",
            "x\\303\\244y",
        ] {
            removals.note(&root, name);
        }
        assert_eq!(removals.names, ["etc/gone", "etc/full"]);
        assert_eq!(removals.emptied, ["./var"]);
    }

    #[test]
    fn removals_follow_no_link_out() {
        let directory = tempfile::tempdir().unwrap();
        let (inner, outer) = (directory.path().join("root"), directory.path().join("outer"));
        std::fs::create_dir_all(inner.join("keep")).unwrap();
        std::fs::create_dir_all(outer.join("deep")).unwrap();
        std::os::unix::fs::symlink(&outer, inner.join("out")).unwrap();
        std::os::unix::fs::symlink(&outer, inner.join("keep/out")).unwrap();
        let root = Root::open(&inner, None).unwrap();
        let names = ["out/deep", "../outer/deep", "keep/../../outer/deep", "keep", "out"].map(str::to_owned).to_vec();
        Removals { names, emptied: vec!["out".into(), "../outer".into()] }.carry_out(&root).unwrap();
        assert!(outer.join("deep").exists());
        assert_eq!(std::fs::read_dir(&inner).unwrap().count(), 0);
    }

    #[test]
    fn names_are_unquoted() {
        assert_eq!(unescape("a\\nb\\\\c\\040\\303\\244").as_deref(), Some("a\nb\\c ä"));
        assert_eq!(unescape("\\377"), None);
        assert_eq!(unescape("x\\"), None);
    }
}
