//! What the configuration says since the CD was made.
//!
//! Options for cloud-init change at once, but the guest hears of them only when the CD is made again. Until then
//! section `[special:cloudinit]` holds, as PVE writes it, the values that the CD has (`key: value`), and under `added` the
//! options that it has not.

use std::collections::BTreeSet;

use super::drive_of;
use crate::{
    config_file::{GuestFile, Pending, Section},
    qemu::status::masked,
};

/// The section's name behind `special:`.
pub(crate) const SECTION: &str = "cloudinit";

/// The key of options that the CD does not have.
const ADDED: &str = "added";

/// Options that only cloud-init reads.
const OPTIONS: &[&str] =
    &["cicustom", "cipassword", "citype", "ciupgrade", "ciuser", "nameserver", "searchdomain", "sshkeys"];

/// Whether an option is for cloud-init alone.
fn is_key(key: &str) -> bool {
    OPTIONS.contains(&key) || is_numbered(key, "ipconfig")
}

/// Whether what cloud-init is told depends on an option.
fn is_told(key: &str) -> bool {
    is_key(key) || key == "name" || is_numbered(key, "net")
}

fn is_numbered(key: &str, name: &str) -> bool {
    key.strip_prefix(name).is_some_and(|index| index.parse::<u32>().is_ok())
}

fn added(section: &Section) -> BTreeSet<String> {
    let names = section.get(ADDED).unwrap_or_default().split(',').filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// Notes what changed in the main section since `before`, against what the CD has.
pub(crate) fn note(before: &Section, file: &mut GuestFile) {
    if drive_of(&file.main).is_none() {
        file.special.remove(SECTION);
        return;
    }
    let keys: BTreeSet<&str> =
        before.iter().chain(file.main.iter()).map(|(key, _)| key).filter(|k| is_told(k)).collect();
    let changed: Vec<&str> = keys.into_iter().filter(|key| before.get(key) != file.main.get(key)).collect();
    if changed.is_empty() {
        return;
    }
    let mut section = file.special.remove(SECTION).unwrap_or_default();
    let mut added = added(&section);
    for key in changed {
        let on_cd = match section.remove(key) {
            Some(value) => Some(value),
            None if added.remove(key) => None,
            None => before.get(key).map(str::to_owned),
        };
        match (on_cd, file.main.get(key)) {
            (Some(value), now) if now != Some(&value) => section.set(key, &value),
            (None, Some(_)) => drop(added.insert(key.to_owned())),
            _ => {}
        }
    }
    section.set(ADDED, &added.into_iter().collect::<Vec<_>>().join(","));
    if !section.is_empty() {
        file.special.insert(SECTION.to_owned(), section);
    }
}

/// The options that cloud-init is told, as the CD has them, with what it will have beside that.
pub(crate) fn pending(file: &GuestFile) -> Vec<Pending> {
    let nothing = Section::default();
    let section = file.special.get(SECTION).unwrap_or(&nothing);
    let added = added(section);
    let keys: BTreeSet<&str> =
        section.iter().chain(file.main.iter()).map(|(key, _)| key).filter(|key| is_told(key)).collect();
    let show = |key: &str| {
        let now = file.main.get(key);
        let old = section.get(key).or(now.filter(|_| !added.contains(key)));
        Pending {
            key: key.to_owned(),
            value: old.map(|value| masked(key, value)),
            pending: now.filter(|_| now != old).map(|value| masked(key, value)),
            delete: now.is_none().then_some(1),
        }
    };
    keys.into_iter().map(show).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config_file::Dialect;

    fn file(text: &str) -> GuestFile {
        GuestFile::parse(Dialect::Qemu, &format!("ide2: local:100/vm-100-cloudinit.qcow2,media=cdrom\n{text}"))
    }

    fn change(file: &mut GuestFile, key: &str, value: &str) {
        let before = file.main.clone();
        file.main.set(key, value);
        note(&before, file);
    }

    #[test]
    fn what_the_cd_has_is_kept_until_it_has_something_else() {
        let mut file = file("name: a\nipconfig0: ip=dhcp\ncores: 1\n");
        change(&mut file, "name", "b");
        change(&mut file, "name", "c");
        change(&mut file, "ciuser", "me");
        change(&mut file, "ipconfig0", "");
        change(&mut file, "cores", "2");
        insta::assert_snapshot!(file.print(), @r"
        ciuser: me
        cores: 2
        ide2: local:100/vm-100-cloudinit.qcow2,media=cdrom
        name: c

        [special:cloudinit]
        added: ciuser
        ipconfig0: ip=dhcp
        name: a
        ");
        change(&mut file, "name", "a");
        change(&mut file, "ciuser", "");
        change(&mut file, "ipconfig0", "ip=dhcp");
        assert!(file.special.is_empty());
    }

    #[test]
    fn the_list_tells_old_new_and_gone() {
        let mut file = file("name: a\nipconfig0: ip=dhcp\ncipassword: $5$a$b\n");
        change(&mut file, "cipassword", "$5$c$d");
        change(&mut file, "ipconfig0", "");
        change(&mut file, "ciuser", "me");
        let row = |key: &str, value: Option<&str>, pending: Option<&str>, delete| Pending {
            key: key.into(),
            value: value.map(Into::into),
            pending: pending.map(Into::into),
            delete,
        };
        let hidden = Some("**********");
        let expected = [
            row("cipassword", hidden, hidden, None),
            row("ciuser", None, Some("me"), None),
            row("ipconfig0", Some("ip=dhcp"), None, Some(1)),
            row("name", Some("a"), None, None),
        ];
        assert_eq!(pending(&file), expected);
    }

    #[test]
    fn nothing_is_noted_without_a_cd() {
        let mut file = GuestFile::parse(Dialect::Qemu, "name: a\n\n[special:cloudinit]\nname: b\n");
        change(&mut file, "name", "c");
        assert!(file.special.is_empty());
    }

    proptest! {
        /// However the options change, what the list calls old is what the CD has, and taking all of it back leaves nothing.
        #[test]
        fn the_cd_is_never_forgotten(changes in prop::collection::vec(("name|ciuser|net0|ipconfig3", "[ab]?"), 0..12)) {
            let mut file = file("name: a\nnet0: b\n");
            let on_cd = file.main.clone();
            for (key, value) in &changes {
                change(&mut file, key, value);
            }
            for row in pending(&file) {
                prop_assert_eq!(row.value.as_deref(), on_cd.get(&row.key));
                let now = file.main.get(&row.key).map(str::to_owned);
                prop_assert_eq!(row.pending.or(row.value.filter(|_| row.delete.is_none())), now);
            }
            for key in ["name", "ciuser", "net0", "ipconfig3"] {
                change(&mut file, key, on_cd.get(key).unwrap_or_default());
            }
            prop_assert!(file.special.is_empty());
        }
    }
}
