//! Names of volumes that are devices: `vm-100-disk-0`, `base-100-disk-0`, and behind a template's name where a linked
//! clone depends on it, `base-100-disk-0/vm-101-disk-0`. File systems of containers are `subvol-` and `basevol-`.

use schema::Vmid;

use crate::{Content, Format, StorageError, Volume};

/// Which of these names a type of storage has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shape {
    /// Clones tell what they depend on.
    pub linked: bool,
    /// Containers have file systems of their own.
    pub directories: bool,
    /// A name that ends in `.qcow2` is of that format.
    pub qcow2: bool,
}

/// What the name of a volume tells.
///
/// # Errors
/// When no volume can have it. A name that passes has no slash but the one before which its base stands.
pub fn parse(volname: &str, shape: Shape) -> Result<Volume, StorageError> {
    let wrong = || StorageError::Name(format!("unable to parse volume name '{volname}'"));
    let (base, name) = match volname.split_once('/') {
        Some((base, name)) if shape.linked => (Some(base), name),
        Some(_) => return Err(wrong()),
        None => (None, volname),
    };
    let own = part(name, shape).ok_or_else(wrong)?;
    let base = match base {
        Some(base) => {
            let part = part(base, shape).filter(|part| part.is_base && part.directory == own.directory);
            Some((base.to_owned(), part.ok_or_else(wrong)?.owner))
        }
        None => None,
    };
    let format = match (own.directory, shape.qcow2 && name.ends_with(".qcow2")) {
        (true, _) => Format::Subvol,
        (false, true) => Format::Qcow2,
        (false, false) => Format::Raw,
    };
    Ok(Volume {
        content: Content::Images,
        name: name.to_owned(),
        owner: Some(own.owner),
        base,
        is_base: own.is_base,
        format: format.to_string(),
    })
}

struct Part {
    owner: Vmid,
    is_base: bool,
    directory: bool,
}

fn part(name: &str, shape: Shape) -> Option<Part> {
    const KINDS: [(&str, bool, bool); 4] =
        [("vm-", false, false), ("base-", true, false), ("subvol-", false, true), ("basevol-", true, true)];
    let (rest, is_base, directory) = KINDS
        .iter()
        .filter(|(_, _, directory)| shape.directories || !directory)
        .find_map(|(start, is_base, directory)| name.strip_prefix(start).map(|rest| (rest, *is_base, *directory)))?;
    let (owner, rest) = rest.split_once('-')?;
    let plain = rest.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    let good = plain && !rest.is_empty() && rest != "." && rest != "..";
    let owner = owner.parse().ok().filter(|_| good)?;
    Some(Part { owner, is_base, directory })
}

/// The name of a volume as a template, or of a template as a volume again.
#[must_use]
pub fn renamed(name: &str, to_base: bool) -> Option<String> {
    let kinds = [("vm-", "base-"), ("subvol-", "basevol-")];
    kinds.iter().find_map(|(plain, base)| {
        let (from, to) = if to_base { (plain, base) } else { (base, plain) };
        name.strip_prefix(from).map(|rest| format!("{to}{rest}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: Shape = Shape { linked: true, directories: true, qcow2: false };

    #[test]
    fn names_tell_owner_kind_and_base() {
        let linked = parse("base-100-disk-0/vm-101-disk-0", ALL).unwrap();
        assert_eq!(linked.base, Some(("base-100-disk-0".into(), Vmid::new(100).unwrap())));
        assert_eq!((linked.owner.map(Vmid::get), linked.is_base), (Some(101), false));
        let directory = parse("basevol-200-disk-0", ALL).unwrap();
        assert_eq!((directory.format.as_str(), directory.is_base), ("subvol", true));
        let chain = Shape { qcow2: true, ..Shape::default() };
        assert_eq!(parse("vm-100-disk-0.qcow2", chain).unwrap().format, "qcow2");
        assert_eq!(renamed("base-100-a", false).as_deref(), Some("vm-100-a"));
        for wrong in [
            "vm-99-a",
            "vm-100-",
            "vm-100-..",
            "vm-100-a/vm-101-a",
            "base-100-a/subvol-101-a",
            "sda",
            "a/b/c",
            "vm-100-a b",
        ] {
            assert!(parse(wrong, ALL).is_err(), "{wrong}");
        }
        assert!(parse("base-100-a/vm-101-a", Shape::default()).is_err());
        assert!(parse("subvol-100-a", Shape::default()).is_err());
    }

    proptest! {
        #[test]
        fn no_name_leads_to_another_device(name in "(vm|base|subvol)-1[0-9]{2}-[a-z./ @-]{0,10}") {
            if let Ok(volume) = parse(&name, ALL) {
                prop_assert!(!volume.name.contains(['/', ' ', '@']) && volume.name != "..");
            }
        }
    }
}
