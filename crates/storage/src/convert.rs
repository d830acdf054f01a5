//! The copy of an image by `qemu-img convert`: what is to be copied how, the command for it, and its running.

use std::ffi::OsString;
use std::time::Duration;

use host::run::Run;

use crate::config::StorageKind;
use crate::location::{Located, Location};
use crate::{Format, StorageConfig, StorageError};

/// How long a copy may take.
const WHOLE: Duration = Duration::from_secs(7 * 24 * 3600);

/// Formats that QEMU reads, by the endings that files in them have.
pub const FORMATS: [&str; 6] = ["raw", "qcow", "qcow2", "qed", "vmdk", "cloop"];

/// How zeroes are left out where the target reads as zeroes already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zeroed {
    /// It may hold anything.
    #[default]
    Unknown,
    /// By an option of the tool.
    Flag,
    /// By a filter before the target, which only QEMU as built by others has.
    Filter,
}

/// A copy of an image onto a volume that is there already and as large.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Convert {
    /// The source.
    pub source: Location,
    /// Its format, by name; found out by the tool if nothing is said, which is only safe for trusted files.
    pub source_format: Option<String>,
    /// Copy what this snapshot inside of it kept.
    pub snapshot: Option<String>,
    /// The source may be in use: its snapshots do not change.
    pub in_use: bool,
    /// Read past the host's cache.
    pub direct_read: bool,
    /// The target.
    pub target: Location,
    /// Its format.
    pub target_format: Format,
    /// Write past the host's cache.
    pub direct_write: bool,
    /// Whether it reads as zeroes.
    pub zeroed: Zeroed,
    /// Limit, KiB a second.
    pub limit: Option<u64>,
}

/// Whether volumes of a storage are copied past the host's cache.
#[must_use]
pub fn direct(config: &StorageConfig) -> bool {
    config.kind == StorageKind::Zfspool
}

/// A value in a list of options: commas are doubled.
fn escaped(value: &str) -> String {
    value.replace(',', ",,")
}

fn joined(options: &[(&str, String)]) -> String {
    options.iter().map(|(key, value)| format!("{key}={}", escaped(value))).collect::<Vec<_>>().join(",")
}

/// The options that open a location with a format, where its name alone is not enough.
fn image_options(location: &Location, format: Option<&str>) -> Option<String> {
    match location {
        Location::Path(_) | Location::Uri(_) => None,
        Location::Options(options) => Some(joined(options)),
        Location::Part { file, offset, size } => Some(joined(&[
            ("driver", format.unwrap_or("raw").to_owned()),
            ("file.driver", "raw".to_owned()),
            ("file.offset", offset.to_string()),
            ("file.size", size.to_string()),
            ("file.file.driver", "file".to_owned()),
            ("file.file.filename", file.display().to_string()),
        ])),
    }
}

fn name(location: &Location) -> OsString {
    match location {
        Location::Path(path) => path.clone().into(),
        Location::Uri(uri) => uri.into(),
        Location::Part { .. } | Location::Options(_) => OsString::new(),
    }
}

/// Arguments that make a tool of QEMU open an image: options, then what is opened.
#[must_use]
pub fn opening(location: &Location, format: Option<&str>) -> (Vec<OsString>, OsString) {
    match image_options(location, format) {
        Some(options) => (vec!["--image-opts".into()], options.into()),
        None => {
            let flags = format.into_iter().flat_map(|format| ["-f".into(), format.into()]).collect();
            (flags, name(location))
        }
    }
}

impl Convert {
    /// The plain copy of one volume onto another.
    #[must_use]
    pub fn new(source: Located, target: Located) -> Self {
        Self {
            source: source.location,
            source_format: Some(source.format.to_string()),
            snapshot: source.inner_snapshot,
            in_use: false,
            direct_read: false,
            target: target.location,
            target_format: target.format,
            direct_write: false,
            zeroed: Zeroed::Unknown,
            limit: None,
        }
    }

    /// The arguments of `qemu-img`.
    #[must_use]
    pub fn args(&self) -> Vec<OsString> {
        let mut args: Vec<OsString> = ["convert", "-p", "-n"].map(OsString::from).into();
        let mut flag = |words: &[&str]| args.extend(words.iter().map(OsString::from));
        if let Some(snapshot) = &self.snapshot {
            flag(&["-l", &format!("snapshot.name={snapshot}")]);
        }
        if self.in_use {
            flag(&["-U"]);
        }
        if self.direct_write {
            flag(&["-t", "none"]);
        }
        if self.direct_read {
            flag(&["-T", "none"]);
        }
        if let Some(limit) = self.limit {
            flag(&["-r", &format!("{limit}K")]);
        }
        if self.zeroed == Zeroed::Flag {
            flag(&["--target-is-zero"]);
        }
        let (flags, source) = opening(&self.source, self.source_format.as_deref());
        args.extend(flags);
        let target = match image_options(&self.target, None) {
            Some(options) => {
                args.push("--target-image-opts".into());
                options.into()
            }
            None => {
                args.extend(["-O".into(), self.target_format.as_str().into()]);
                let mut target = OsString::from(if self.zeroed == Zeroed::Filter { "zeroinit:" } else { "" });
                target.push(name(&self.target));
                target
            }
        };
        args.extend([source, target]);
        args
    }

    /// Does it. `total` is the size of the image, bytes, for `progress`; dropping the future ends the program.
    ///
    /// # Errors
    /// When the source is no image of its format or the target is full; the target is incomplete then.
    pub async fn run(&self, total: u64, mut progress: impl FnMut(Step<'_>)) -> Result<(), StorageError> {
        let run = Run::new("qemu-img").args(self.args()).deadline(WHOLE);
        Ok(run.lines(|line| step(line, total).into_iter().for_each(&mut progress)).await?)
    }
}

/// What a copy tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// How many bytes are done, and of how many.
    Bytes(u64, u64),
    /// Words for people.
    Said(&'a str),
}

/// A line that `qemu-img` printed; `(12.34/100%)` is how far it is.
fn step(line: &str, total: u64) -> Option<Step<'_>> {
    let line = line.trim();
    let percent = line.strip_prefix('(').and_then(|rest| rest.strip_suffix("/100%)"));
    match percent.map(str::parse::<f64>) {
        // Two digits after the point are all that it tells.
        Some(Ok(percent)) => Some(Step::Bytes((total as f64 * (percent / 100.0).clamp(0.0, 1.0)) as u64, total)),
        _ => (!line.is_empty()).then_some(Step::Said(line)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(plan: &Convert) -> String {
        plan.args().iter().map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_copy_says_what_it_needs_to() {
        let place =
            |path: &str, format| Located { location: Location::Path(path.into()), format, inner_snapshot: None };
        let plain = Convert::new(place("/a", Format::Raw), place("/b", Format::Qcow2));
        assert_eq!(words(&plain), "convert -p -n -f raw -O qcow2 /a /b");
        let member = Location::Part { file: "/x,y.ova".into(), offset: 1024, size: 512 };
        let rich = Convert {
            source: member,
            source_format: Some("vmdk".into()),
            limit: Some(10),
            zeroed: Zeroed::Flag,
            ..plain.clone()
        };
        assert_eq!(
            words(&rich),
            "convert -p -n -r 10K --target-is-zero --image-opts -O qcow2 \
             driver=vmdk,file.driver=raw,file.offset=1024,file.size=512,file.file.driver=file,file.file.filename=/x,,y.ova /b"
        );
        let kept = Convert { snapshot: Some("s".into()), in_use: true, ..plain };
        assert_eq!(words(&kept), "convert -p -n -l snapshot.name=s -U -f raw -O qcow2 /a /b");
    }

    #[test]
    fn what_the_tool_prints_is_understood() {
        assert_eq!(step("    (12.50/100%)", 800), Some(Step::Bytes(100, 800)));
        assert_eq!(step("odd", 0), Some(Step::Said("odd")));
        assert_eq!((step("", 0), step("(x/100%)", 0)), (None, Some(Step::Said("(x/100%)"))));
    }
}
