//! What a VM's configuration file means as a whole.

use schema::Params as _;

use super::{
    cmdline::{DriveId, all_drives},
    config::VmConfig,
};
use crate::config_file::{GuestFile, Section};

/// Keys that only files have, not the API.
const FILE_KEYS: &[&str] = &[
    "parent",
    "meta",
    "snaptime",
    "snapstate",
    "vmstate",
    "runningmachine",
    "runningcpu",
    "running-nets-host-mtu",
    "delete",
];

/// Options that are not supported yet, but whose absence the guest does not notice.
const HARMLESS: &[&str] = &["migrate_downtime", "migrate_speed"];

/// An option of a file that this version cannot honour.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("option '{0}' is not supported by this version yet")]
pub struct Unsupported(pub String);

/// The typed view of a section. What does not fit is left out.
#[must_use]
pub fn view(section: &Section) -> VmConfig {
    let (config, _) = schema::config::read::<VmConfig>(section.iter());
    // Every option may be left out, so that there always is a view.
    config.unwrap_or_else(|| unreachable!("a VM option became mandatory"))
}

/// All that is wrong with a file: what cannot be parsed, then values that do not fit.
#[must_use]
pub fn problems(file: &GuestFile) -> Vec<String> {
    let mut problems = file.problems.clone();
    let sections = [&file.main, &file.pending].into_iter().chain(file.snapshots.values());
    for section in sections {
        let pairs = section.iter().filter(|(key, _)| !FILE_KEYS.contains(key));
        let (_, leftover) = schema::config::read::<VmConfig>(pairs);
        let unknown = leftover.unknown.keys().map(|key| format!("unknown option '{key}'"));
        let wrong = leftover.errors.iter().map(|(key, why)| format!("unable to parse value of '{key}' - {why}"));
        problems.extend(unknown.chain(wrong));
    }
    problems
}

/// Takes out what has no meaning: values that do not fit, which are told among the problems, and keys where they do not
/// belong. What is taken out is gone when the file is written again, as on Proxmox VE; only drives stay whatever is wrong
/// with them, since a volume would be forgotten with its drive. Options that are not known stay, too.
pub fn settle(file: &mut GuestFile) {
    // Sections of snapshots have one, while they are made or removed.
    file.main.remove("snapstate");
    file.main.remove("delete");
    for section in file.snapshots.values_mut() {
        section.remove("delete");
    }
    let GuestFile { main, pending, snapshots, problems, .. } = file;
    for section in [main, pending].into_iter().chain(snapshots.values_mut()) {
        rename_cdrom(section);
        let pairs = section.iter().filter(|(key, _)| !FILE_KEYS.contains(key));
        let (_, leftover) = schema::config::read::<VmConfig>(pairs);
        for (key, why) in leftover.errors {
            if DriveId::parse(&key).is_none() && section.remove(&key).is_some() {
                problems.push(format!("unable to parse value of '{key}' - {why}"));
            }
        }
    }
}

/// Old files have the one CD-ROM drive that there was once under a name of its own.
fn rename_cdrom(section: &mut Section) {
    let Some(cdrom) = section.remove("cdrom").filter(|_| !section.contains("ide2")) else { return };
    let media = if cdrom.contains("media=") { "" } else { ",media=cdrom" };
    section.set("ide2", &format!("{cdrom}{media}"));
}

/// Checks that this version can show the guest all the hardware that its configuration names.
///
/// # Errors
/// The first option that it cannot honour.
pub fn unsupported(section: &Section) -> Result<(), Unsupported> {
    let later = section
        .iter()
        .find(|(key, _)| VmConfig::SPEC.find(key).is_some_and(|param| param.later && !HARMLESS.contains(&param.name)));
    match later {
        Some((key, _)) => Err(Unsupported(key.to_owned())),
        None => Ok(()),
    }
}

/// The volumes and paths of all drives that have one.
#[must_use]
pub fn volumes(config: &VmConfig) -> Vec<(DriveId, String)> {
    let drives = all_drives(config).into_iter().map(|drive| (drive.id, drive.options.file.clone()));
    let efi = config.efidisk0.as_ref().map(|disk| (super::cmdline::EFI_DISK, disk.file.clone()));
    drives.chain(efi).filter(|(_, file)| file != "none").collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config_file::Dialect;

    #[test]
    fn the_only_cdrom_drive_of_old_gets_its_place() {
        let mut file =
            GuestFile::parse(Dialect::Qemu, "cdrom: a:iso/x.iso\n\n[s1]\ncdrom: none,media=cdrom\nide2: none\n");
        settle(&mut file);
        assert_eq!(file.print(), "ide2: a:iso/x.iso,media=cdrom\n\n[s1]\nide2: none\n");
    }

    #[test]
    fn what_has_no_meaning_is_gone_after_the_next_change() {
        let text = "memory: 512\nnew_one: 1\nnuma: maybe\nscsi0: a:b,ssd=maybe\nsnapstate: prepare\n\n[PENDING]\ncores: x\n\
                    delete: net0\n\n[s1]\ndelete: net0\nmemory: 512\nnuma: verily\nsnapstate: delete\nsnaptime: 1\n";
        let mut file = GuestFile::parse(Dialect::Qemu, text);
        settle(&mut file);
        insta::assert_snapshot!(file.print(), @r"
        memory: 512
        new_one: 1
        scsi0: a:b,ssd=maybe

        [PENDING]
        delete: net0

        [s1]
        memory: 512
        snapstate: delete
        snaptime: 1
        ");
        assert_eq!(file.problems.len(), 3, "{:?}", file.problems);
        assert!(file.problems[0].starts_with("unable to parse value of 'numa'"), "{:?}", file.problems);
    }
}
